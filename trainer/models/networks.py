"""Networks in plain Keras 3: they train on any backend. Import only where a run starts.

Every network takes images from 0 to 255 of the data's own size and gives logits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trainer.errors import ConfigError
from trainer.ink.render import IMAGE_SIZE
from trainer.light_keras import keras
from trainer.models.layer_shapes import checked_sizes, projects
from trainer.models.layers import LayerSpec
from trainer.models.preset_layers import final_dropout, preset_layers
from trainer.models.presets import OWN, PresetKind, preset

layers = keras.layers


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
    own_layers: Sequence[LayerSpec] = (),
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
    own_layers : sequence of LayerSpec
        Those of the preset `OWN`.

    Returns
    -------
    keras.Model
        Input (n, height, width, n_planes), 0 to 255; output (n, n_classes), logits, float32.

    Raises
    ------
    ConfigError
        If there is no such network, its layers do not fit together, or the images are too small.
    """
    chosen = preset(name)
    if chosen.kind is not PresetKind.NETWORK:
        raise ConfigError("Expected a network. Received: {name}.", field="preset").format(name=name)
    if name == OWN:
        checked_sizes(own_layers, (*image_shape, n_planes), n_classes, image_size)
        chain = (*own_layers, *final_dropout(dropout))
    else:
        chain = preset_layers(name, dropout, chosen.option_values(options or {}))
    regularizer = keras.regularizers.L2(l2) if l2 else None
    inputs = keras.Input((*image_shape, n_planes), name="image")
    x = inputs
    if image_size and image_shape != (image_size, image_size):
        x = layers.Resizing(image_size, image_size, interpolation="bilinear")(x)
    x = layers.Rescaling(1 / 255)(x)
    try:
        for each in chain:
            x = _built(x, each, regularizer)
    except ValueError as error:
        raise ConfigError(
            "The images of {height}×{width} pixels are too small for {name}.",
            "Set the image size to 28 or more.",
            field="image_size",
        ).format(height=image_shape[0], width=image_shape[1], name=name) from error
    penalty = regularizer if name in _PENALISED_OUTPUTS else None
    logits = layers.Dense(n_classes, dtype="float32", name="logits", kernel_regularizer=penalty)
    return keras.Model(inputs, logits(x), name=name)


def _built(x: Any, each: LayerSpec, regularizer: Any) -> Any:
    """Apply a layer to the output of those before it."""
    if each.kind == "residual_block":
        return _residual_block(x, each.options, regularizer)
    settings: dict[str, Any] = {}
    for name, value in each.options.items():
        settings |= _argument(each.kind, name, value)
    if regularizer is not None and each.kind in _PENALISED:
        settings |= dict.fromkeys(_PENALISED[each.kind], regularizer)
    return getattr(layers, _CLASSES[each.kind])(**settings)(x)


def _argument(kind: str, name: str, value: Any) -> dict[str, Any]:
    """Return an option of a layer as Keras takes it."""
    if name == "stride":
        return {"strides": value or None}
    if name == "activation":
        return {} if value == "none" else {"activation": value}
    if kind == "resizing":
        return {"height": value, "width": value}
    return {_ARGUMENTS.get((kind, name)) or _ARGUMENTS.get(("", name), name): value}


def _residual_block(x: Any, options: Mapping[str, Any], regularizer: Any) -> Any:
    """Add the output of convolutions to their input (He et al. 2015, arXiv 1512.03385)."""
    shortcut, filters, stride = x, options["filters"], options["stride"]
    for number in range(options["convolutions"]):
        x = layers.Activation("relu")(x) if number else x
        x = _normalised(x, filters, options["size"], 1 if number else stride, regularizer)
    if projects(shortcut.shape[-1], options):
        shortcut = _normalised(shortcut, filters, 1, stride, regularizer)
    return layers.Activation("relu")(layers.Add()([x, shortcut]))


def _normalised(x: Any, filters: int, size: int, stride: int, regularizer: Any) -> Any:
    x = layers.Conv2D(
        filters, size, strides=stride, padding="same", kernel_regularizer=regularizer
    )(x)
    return layers.BatchNormalization()(x)


_CLASSES: Mapping[str, str] = {
    "convolution": "Conv2D",
    "depthwise_convolution": "DepthwiseConv2D",
    "separable_convolution": "SeparableConv2D",
    "max_pooling": "MaxPooling2D",
    "average_pooling": "AveragePooling2D",
    "global_average_pooling": "GlobalAveragePooling2D",
    "flatten": "Flatten",
    "dense": "Dense",
    "dropout": "Dropout",
    "batch_normalization": "BatchNormalization",
    "activation": "Activation",
    "gaussian_noise": "GaussianNoise",
    "zero_padding": "ZeroPadding2D",
    "resizing": "Resizing",
}
"""Classes of Keras; a residual block is several."""

_ARGUMENTS: Mapping[tuple[str, str], str] = {
    ("", "bias"): "use_bias",
    ("", "size"): "kernel_size",
    ("max_pooling", "size"): "pool_size",
    ("average_pooling", "size"): "pool_size",
    ("zero_padding", "size"): "padding",
    ("activation", "function"): "activation",
    ("gaussian_noise", "deviation"): "stddev",
}
"""What Keras calls an option of a kind of layer, or of all kinds."""

_PENALISED: Mapping[str, tuple[str, ...]] = {
    "convolution": ("kernel_regularizer",),
    "depthwise_convolution": ("depthwise_regularizer",),
    "separable_convolution": ("depthwise_regularizer", "pointwise_regularizer"),
    "dense": ("kernel_regularizer",),
}
"""Weights with a penalty."""

_PENALISED_OUTPUTS = frozenset({"lenet5-v2", "lenet5-v2-32", "mlp-relu-2"})
