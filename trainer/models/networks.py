"""Networks in plain Keras 3: they train on any backend. Import only where a run starts.

Every network takes images from 0 to 255 of the data's own size and gives logits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
from keras import layers

from trainer.errors import ConfigError
from trainer.ink.render import IMAGE_SIZE
from trainer.models.presets import PRESETS, PresetKind, preset
from trainer.models.resnet import resnet34_features


@dataclass(frozen=True)
class Design:
    """What a network is built with.

    Attributes
    ----------
    n_classes : int
    dropout : float
        Where the preset drops, so large a share.
    image_shape : tuple of int
        Height and width of the images.
    image_size : int
        Side to which the network first brings them; 0 to leave them.
    l2 : float
        Penalty on the weights of every convolution and dense layer.
    options : mapping
        Those of the preset.
    """

    n_classes: int
    dropout: float = 0.0
    image_shape: tuple[int, int] = (IMAGE_SIZE, IMAGE_SIZE)
    image_size: int = 0
    l2: float = 0.0
    options: Mapping[str, Any] = field(default_factory=dict)

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
    image_size: int = 0,
    l2: float = 0.0,
    options: Mapping[str, Any] | None = None,
) -> Any:
    """Build the network of a preset with fresh weights.

    Returns
    -------
    keras.Model
        Input (n, height, width, 1), 0 to 255; output (n, n_classes), logits, float32.

    Raises
    ------
    ConfigError
        If there is no such network, or the images are too small for it.
    """
    chosen = preset(name)
    if chosen.kind is not PresetKind.NETWORK:
        raise ConfigError("Expected a network. Received: {name}.", field="preset").format(name=name)
    values = chosen.option_values(options or {})
    design = Design(n_classes, dropout, image_shape, image_size, l2, values)
    inputs = keras.Input((*image_shape, 1), name="image")
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


def pen(x: Any, design: Design) -> Any:
    """Build our own recogniser: seven 3×3 convolutions in the manner of VGG.

    The style is that of Simonyan and Zisserman 2015 (arXiv 1409.1556) with batch
    normalisation; the read-out is linear over the last 4×4 map, since every ink stands in the
    same frame and so a place has a meaning.
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


def _mlp(x: Any, design: Design) -> Any:
    options = design.options
    x = _dense(layers.Flatten()(x), options["units"], options["activation"], design)
    return _dropped(x, design)


def _mlp_2(x: Any, design: Design) -> Any:
    options = design.options
    x = _dense(layers.Flatten()(x), options["units"], options["activation"], design)
    return _dropped(_dense(x, options["units"], options["activation"], design), design)


def _cnn_small(x: Any, design: Design) -> Any:
    x = layers.MaxPooling2D(design.options["pool"])(_convolution(x, 32, 5, design))
    x = layers.Flatten()(layers.Dropout(design.dropout)(x))
    return _dense(x, 128, "relu", design)


def _cnn_hex(x: Any, design: Design) -> Any:
    x = _convolution(_convolution(x, 64, 3, design), 32, 3, design)
    return _dropped(layers.Flatten()(x), design)


def _cnn_noise(depth: int) -> Callable[[Any, Design], Any]:
    """Up to three convolutions with pooling; the fourth has none."""

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
    return _dropped(resnet34_features(x, design.regularizer), design)


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
    """Drop features where the learner asks for it and the source does not."""
    return layers.Dropout(design.dropout)(x) if design.dropout else x


_PENALISED_OUTPUTS = frozenset({"lenet5-v2", "lenet5-v2-32", "mlp-relu-2"})

_FEATURES: Mapping[str, Callable[[Any, Design], Any]] = {
    "pen": pen,
    "mlp-tiny": _mlp_tiny,
    "mlp-relu": _mlp,
    "mlp-relu-2": _mlp_2,
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

NETWORKS = tuple(name for name, each in PRESETS.items() if each.kind is PresetKind.NETWORK)
"""The names that `build_network` takes."""
