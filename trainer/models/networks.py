"""Networks in plain Keras 3: they train on any backend. Import only where a run starts.

Every network takes images from 0 to 255 of the data's own size and gives logits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from trainer.errors import ConfigError
from trainer.ink.render import IMAGE_SIZE
from trainer.light_keras import keras
from trainer.models.presets import PresetKind, preset

layers = keras.layers


@dataclass(frozen=True)
class Design:
    """Dropout, L2 penalty and the preset's options: what the layers of a network are built with."""

    dropout: float
    l2: float
    options: Mapping[str, Any]

    @property
    def regularizer(self) -> Any:
        """The penalty; None for none."""
        return keras.regularizers.L2(self.l2) if self.l2 else None


def build_network(  # noqa: PLR0913 - all but three have defaults
    name: str,
    n_classes: int,
    dropout: float,
    *,
    image_shape: tuple[int, int] = (IMAGE_SIZE, IMAGE_SIZE),
    n_planes: int = 1,
    image_size: int = 0,
    l2: float = 0.0,
    options: Mapping[str, Any] | None = None,
) -> Any:
    """Build the network of a preset with fresh weights.

    Parameters
    ----------
    name : str
        Of the preset.
    n_classes : int
    dropout : float
        Rate of the preset's dropout layers.
    image_shape : tuple of int
        Height and width of the images.
    n_planes : int
        1, or more if the network is shown the direction of the pen, too.
    image_size : int
        Side to which the network first resizes them; 0 to leave them as they are.
    l2 : float
        Penalty on the weights of every convolution and dense layer.
    options : mapping, optional
        Those of the preset; defaults where one is missing.

    Returns
    -------
    keras.Model
        Input (n, height, width, n_planes), 0 to 255; output (n, n_classes), logits, float32.

    Raises
    ------
    ConfigError
        If there is no such network, or the images are too small for it.
    """
    chosen = preset(name)
    if chosen.kind is not PresetKind.NETWORK:
        raise ConfigError("Expected a network. Received: {name}.", field="preset").format(name=name)
    design = Design(dropout, l2, chosen.option_values(options or {}))
    inputs = keras.Input((*image_shape, n_planes), name="image")
    x = inputs
    if image_size and image_shape != (image_size, image_size):
        x = layers.Resizing(image_size, image_size, interpolation="bilinear")(x)
    x = layers.Rescaling(1 / 255)(x)
    try:
        x = _FEATURES[name](x, design)
    except ValueError as error:
        raise ConfigError(
            "The images of {height}×{width} pixels are too small for {name}.",
            "Set the image size to 28 or more.",
            field="image_size",
        ).format(height=image_shape[0], width=image_shape[1], name=name) from error
    penalty = design.regularizer if name in _PENALISED_OUTPUTS else None
    logits = layers.Dense(n_classes, dtype="float32", name="logits", kernel_regularizer=penalty)
    return keras.Model(inputs, logits(x), name=name)


def _pen(x: Any, design: Design) -> Any:
    """Build our own network: seven 3×3 convolutions in the manner of VGG.

    After Simonyan and Zisserman 2015 (arXiv 1409.1556), with batch normalisation. The read-out is
    linear over the last 4×4 map: every ink is framed alike, so that a position has a meaning.
    """
    for width in (24, 64, 128):  # 28×28, 14×14, 7×7
        x = _pen_convolution(x, width, design)
        x = _pen_convolution(x, width, design)
        x = layers.MaxPooling2D(padding="same")(x)
    x = _pen_convolution(x, 256, design)  # 4×4
    return layers.Dropout(design.dropout)(layers.Flatten()(x))


def _pen_convolution(x: Any, width: int, design: Design) -> Any:
    x = layers.Conv2D(
        width, 3, padding="same", use_bias=False, kernel_regularizer=design.regularizer
    )(x)
    return layers.Activation("relu")(layers.BatchNormalization(momentum=0.95)(x))


def _mlp_tiny(x: Any, design: Design) -> Any:
    return _dense(layers.Flatten()(x), 10, "sigmoid", design)


def _mlp(depth: int) -> Callable[[Any, Design], Any]:
    def features(x: Any, design: Design) -> Any:
        x = layers.Flatten()(x)
        for _ in range(depth):
            x = _dense(x, design.options["units"], design.options["activation"], design)
        return _dropped(x, design)

    return features


def _cnn_small(x: Any, design: Design) -> Any:
    x = layers.MaxPooling2D(design.options["pool"])(_convolution(x, 32, 5, design))
    x = layers.Flatten()(layers.Dropout(design.dropout)(x))
    return _dense(x, 128, "relu", design)


def _cnn_hex(x: Any, design: Design) -> Any:
    x = _convolution(_convolution(x, 64, 3, design), 32, 3, design)
    return _dropped(layers.Flatten()(x), design)


def _cnn_noise(depth: int) -> Callable[[Any, Design], Any]:
    """Return up to three convolutions with pooling, and a fourth without."""

    def features(x: Any, design: Design) -> Any:
        x = layers.GaussianNoise(design.options["noise"])(x)
        for number, width in enumerate((32, 64, 128, 128)[:depth], start=1):
            x = _convolution(x, width, 3, design, padding="same")
            x = layers.BatchNormalization()(x)
            if number <= 3:
                x = layers.MaxPooling2D()(x)
            x = layers.Dropout(design.dropout)(x)
        return _dense(layers.Flatten()(x), 128, "relu", design)

    return features


def _vanilla_cnn(x: Any, design: Design) -> Any:
    x = layers.MaxPooling2D()(_convolution(x, 128, 5, design, padding="same"))
    x = layers.MaxPooling2D()(_convolution(x, 64, 3, design, padding="same"))
    x = _dense(layers.Flatten()(x), 128, "relu", design)
    return layers.Dropout(design.dropout)(x)


def _lenet5(x: Any, design: Design) -> Any:
    """LeCun et al. 1998, on 28×28 with the margin of two pixels that the paper has."""
    x = layers.ZeroPadding2D(2)(x)
    for width in (6, 16):
        x = layers.AveragePooling2D(2)(_convolution(x, width, 5, design, activation="tanh"))
    x = _dense(layers.Flatten()(x), 120, "tanh", design)
    return _dropped(_dense(x, 84, "tanh", design), design)


def _lenet5_v2(x: Any, design: Design) -> Any:
    for width, size in ((32, 5), (64, 3)):
        x = _convolution(x, width, size, design)
        x = layers.Conv2D(width, size, use_bias=False, kernel_regularizer=design.regularizer)(x)
        x = layers.Activation("relu")(layers.BatchNormalization()(x))
        x = layers.Dropout(design.dropout)(layers.MaxPooling2D()(x))
    x = layers.Flatten()(x)
    for width in (256, 128, 84):
        x = layers.Dense(width, use_bias=False, kernel_regularizer=design.regularizer)(x)
        x = layers.Activation("relu")(layers.BatchNormalization()(x))
    return layers.Dropout(design.dropout)(x)


def _resnet34(x: Any, design: Design) -> Any:
    """He et al. 2015 (arXiv 1512.03385): 34 layers with shortcuts, 512 features."""
    x = _normalised(x, 64, 7, 2, design)
    x = layers.MaxPooling2D(3, strides=2)(layers.ReLU()(x))
    for stage, (width, blocks) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
        for block in range(blocks):
            x = _residual_block(x, width, 2 if stage and not block else 1, design)
    return _dropped(layers.GlobalAveragePooling2D()(x), design)


def _residual_block(x: Any, width: int, stride: int, design: Design) -> Any:
    shortcut = x
    x = _normalised(x, width, 3, stride, design)
    x = _normalised(layers.ReLU()(x), width, 3, 1, design)
    if stride > 1:
        shortcut = _normalised(shortcut, width, 1, stride, design)
    return layers.ReLU()(layers.Add()([x, shortcut]))


def _normalised(x: Any, width: int, size: int, stride: int, design: Design) -> Any:
    x = layers.Conv2D(
        width, size, strides=stride, padding="same", kernel_regularizer=design.regularizer
    )(x)
    return layers.BatchNormalization()(x)


def _vgg5(x: Any, design: Design) -> Any:
    """Build the VGG-5 of Kabir et al. 2020 (arXiv 2007.03347)."""
    for width, count in ((64, 2), (128, 2), (256, 3), (256, 3)):
        for _ in range(count):
            x = layers.Conv2D(width, 3, padding="same", kernel_regularizer=design.regularizer)(x)
            x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.MaxPooling2D()(x)
    x = layers.Dropout(design.dropout)(layers.Flatten()(x))
    x = layers.Dense(512, kernel_regularizer=design.regularizer)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    return layers.Dropout(design.dropout)(x)


def _convolution(
    x: Any,
    width: int,
    size: int,
    design: Design,
    *,
    padding: str = "valid",
    activation: str = "relu",
) -> Any:
    return layers.Conv2D(
        width,
        size,
        padding=padding,
        activation=activation,
        kernel_regularizer=design.regularizer,
    )(x)


def _dense(x: Any, width: int, activation: str, design: Design) -> Any:
    return layers.Dense(width, activation=activation, kernel_regularizer=design.regularizer)(x)


def _dropped(x: Any, design: Design) -> Any:
    """Add dropout that the source does not have, where the settings ask for it."""
    return layers.Dropout(design.dropout)(x) if design.dropout else x


_PENALISED_OUTPUTS = frozenset({"lenet5-v2", "lenet5-v2-32", "mlp-relu-2"})

_FEATURES: Mapping[str, Callable[[Any, Design], Any]] = {
    "pen": _pen,
    "mlp-tiny": _mlp_tiny,
    "mlp-relu": _mlp(1),
    "mlp-relu-2": _mlp(2),
    "cnn-small": _cnn_small,
    "cnn-hex": _cnn_hex,
    **{f"cnn-noise-{depth}": _cnn_noise(depth) for depth in (1, 2, 3, 4)},
    "vanilla-cnn": _vanilla_cnn,
    "lenet5": _lenet5,
    "lenet5-v2": _lenet5_v2,
    "lenet5-v2-32": _lenet5_v2,
    "resnet34": _resnet34,
    "vgg5": _vgg5,
}
