"""The layers of the presets, as data. Light: a network of one's own begins with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trainer.errors import ConfigError
from trainer.models.layers import LayerSpec, layer
from trainer.models.presets import OWN, PresetKind, preset

Layers = tuple[LayerSpec, ...]

_USUAL_DROPOUT = 0.4
"""Of the preset ``pen``, whose settings are the defaults of `TrainingConfig`."""


def preset_layers(name: str, dropout: float, options: Mapping[str, Any]) -> Layers:
    """Return the layers of a preset, between the input and the classes.

    Parameters
    ----------
    name : str
        Of a network that is a preset.
    dropout : float
        Rate of its dropout layers.
    options : mapping
        All options of the preset.
    """
    if name not in _LAYERS:
        return (*preset(name).layers, *final_dropout(dropout))
    return _LAYERS[name](dropout, options)


def layers_of_preset(name: str) -> Layers:
    """Return the layers of a preset with its usual settings.

    Raises
    ------
    ConfigError
        If it is a classic model, or there is none.
    """
    chosen = preset(name)
    if name == OWN:
        layers: Layers = chosen.defaults["layers"]
        return layers
    if chosen.kind is not PresetKind.NETWORK:
        raise ConfigError("Expected a network. Received: {name}.", field="layers").format(name=name)
    dropout = chosen.defaults.get("dropout", _USUAL_DROPOUT)
    return preset_layers(name, dropout, chosen.option_values({}))


def final_dropout(dropout: float) -> Layers:
    """Return the dropout before the classes that a network does not have itself."""
    return (layer("dropout", rate=dropout),) if dropout else ()


def _convolution(filters: int, size: int, **options: Any) -> LayerSpec:
    return layer("convolution", filters=filters, size=size, **options)


def _valid(filters: int, size: int, activation: str = "relu") -> LayerSpec:
    return _convolution(filters, size, padding="valid", activation=activation)


def _dense(units: int, activation: str = "relu") -> LayerSpec:
    return layer("dense", units=units, activation=activation)


def _pen(dropout: float, options: Mapping[str, Any]) -> Layers:
    """Our own network: seven 3×3 convolutions in the manner of VGG.

    After Simonyan and Zisserman 2015 (arXiv 1409.1556), with batch normalisation. The read-out is
    linear over the last 4×4 map: every ink is framed alike, so that a position has a meaning.
    """
    layers: list[LayerSpec] = []
    late: int = options["late_maps"]
    for width in (24, 64, late):  # 28×28, 14×14, 7×7
        layers += (*_pen_convolution(width), *_pen_convolution(width))
        layers.append(layer("max_pooling", padding="same"))
    layers += _pen_convolution(2 * late)  # 4×4
    return (*layers, layer("flatten"), layer("dropout", rate=dropout))


def _pen_convolution(width: int) -> Layers:
    convolution = _convolution(width, 3, activation="none", bias=False)
    return convolution, layer("batch_normalization", momentum=0.95), layer("activation")


def _mlp_tiny(_dropout: float, _options: Mapping[str, Any]) -> Layers:
    return layer("flatten"), _dense(10, "sigmoid")


def _mlp(depth: int) -> Callable[[float, Mapping[str, Any]], Layers]:
    def layers(dropout: float, options: Mapping[str, Any]) -> Layers:
        hidden = [_dense(options["units"], options["activation"])] * depth
        return (layer("flatten"), *hidden, *final_dropout(dropout))

    return layers


def _cnn_small(dropout: float, options: Mapping[str, Any]) -> Layers:
    pooling, dropped = layer("max_pooling", size=options["pool"]), layer("dropout", rate=dropout)
    return _valid(32, 5), pooling, dropped, layer("flatten"), _dense(128)


def _cnn_hex(dropout: float, _options: Mapping[str, Any]) -> Layers:
    return _valid(64, 3), _valid(32, 3), layer("flatten"), *final_dropout(dropout)


def _cnn_noise(depth: int) -> Callable[[float, Mapping[str, Any]], Layers]:
    """Return up to three convolutions with pooling, and a fourth without."""

    def layers(dropout: float, options: Mapping[str, Any]) -> Layers:
        result = [layer("gaussian_noise", deviation=options["noise"])]
        for number, width in enumerate((32, 64, 128, 128)[:depth], start=1):
            result += [_convolution(width, 3), layer("batch_normalization")]
            result += [layer("max_pooling")][: number <= 3]
            result.append(layer("dropout", rate=dropout))
        return (*result, layer("flatten"), _dense(128))

    return layers


def _vanilla_cnn(dropout: float, _options: Mapping[str, Any]) -> Layers:
    pooling = layer("max_pooling")
    maps = (_convolution(128, 5), pooling, _convolution(64, 3), pooling)
    return (*maps, layer("flatten"), _dense(128), layer("dropout", rate=dropout))


def _lenet5(dropout: float, _options: Mapping[str, Any]) -> Layers:
    """LeCun et al. 1998, on 28×28 with the margin of two pixels that the paper has."""
    pooling = layer("average_pooling")
    maps = (_valid(6, 5, "tanh"), pooling, _valid(16, 5, "tanh"), pooling)
    dense = (_dense(120, "tanh"), _dense(84, "tanh"))
    return (layer("zero_padding"), *maps, layer("flatten"), *dense, *final_dropout(dropout))


def _lenet5_v2(dropout: float, _options: Mapping[str, Any]) -> Layers:
    result: list[LayerSpec] = []
    for width, size in ((32, 5), (64, 3)):
        plain = _convolution(width, size, padding="valid", activation="none", bias=False)
        result += (_valid(width, size), plain, layer("batch_normalization"), layer("activation"))
        result += (layer("max_pooling"), layer("dropout", rate=dropout))
    result.append(layer("flatten"))
    for units in (256, 128, 84):
        result.append(layer("dense", units=units, activation="none", bias=False))
        result += (layer("batch_normalization"), layer("activation"))
    return (*result, layer("dropout", rate=dropout))


def _resnet34(dropout: float, _options: Mapping[str, Any]) -> Layers:
    """He et al. 2015 (arXiv 1512.03385): 34 layers with shortcuts, 512 features."""
    result = [_convolution(64, 7, stride=2, activation="none"), layer("batch_normalization")]
    result += [layer("activation"), layer("max_pooling", size=3, stride=2)]
    for stage, (width, blocks) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
        for block in range(blocks):
            stride = 2 if stage and not block else 1
            result.append(layer("residual_block", filters=width, stride=stride))
    return (*result, layer("global_average_pooling"), *final_dropout(dropout))


def _vgg5(dropout: float, _options: Mapping[str, Any]) -> Layers:
    """Kabir et al. 2020 (arXiv 2007.03347)."""
    normalized = (layer("batch_normalization"), layer("activation"))
    result: list[LayerSpec] = []
    for width, count in ((64, 2), (128, 2), (256, 3), (256, 3)):
        for _ in range(count):
            result += (_convolution(width, 3, activation="none"), *normalized)
        result.append(layer("max_pooling"))
    dropped = layer("dropout", rate=dropout)
    dense = layer("dense", units=512, activation="none")
    return (*result, layer("flatten"), dropped, dense, *normalized, dropped)


_LAYERS: Mapping[str, Callable[[float, Mapping[str, Any]], Layers]] = {
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
