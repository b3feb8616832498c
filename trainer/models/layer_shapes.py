"""What layers give and cost: shapes, parameters and multiplications, without Keras."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.errors import ConfigError, Message
from trainer.models.layers import LAYER_KINDS, LayerSpec

Shape = tuple[int, ...]
"""Height, width and number of the maps, or the number of the values."""

MOST_PARAMETERS = 200_000_000
"""More do not fit into the memory of a usual computer, with gradients and optimiser."""

MOST_VALUES = 100_000_000
"""Of the output of a layer, for one image."""


@dataclass(frozen=True)
class LayerSize:
    """What a layer gives for one image, and what it costs.

    Attributes
    ----------
    shape : tuple of int
    parameters : int
        With those that are not trained: the averages of batch normalisation.
    multiplications : int
        By weights.
    """

    shape: Shape
    parameters: int = 0
    multiplications: int = 0


@dataclass(frozen=True)
class NetworkSizes:
    """The sizes of the layers of a network, as far as they fit together.

    Attributes
    ----------
    layers : tuple of LayerSize
    output : LayerSize or None
        Of the dense layer that gives the classes; None after a mistake.
    problem : ConfigError or None
        Why the layer after the last of `layers` does not fit.
    """

    layers: tuple[LayerSize, ...]
    output: LayerSize | None
    problem: ConfigError | None = None

    @property
    def parameters(self) -> int:
        """Parameters of all layers."""
        return sum(each.parameters for each in self._all)

    @property
    def multiplications(self) -> int:
        """Multiplications of all layers."""
        return sum(each.multiplications for each in self._all)

    @property
    def _all(self) -> Iterable[LayerSize]:
        return (*self.layers, *filter(None, [self.output]))


def network_sizes(
    layers: Sequence[LayerSpec], input_shape: Shape, n_classes: int, image_size: int = 0
) -> NetworkSizes:
    """Return the sizes of all layers up to the first that does not fit.

    Parameters
    ----------
    layers : sequence of LayerSpec
    input_shape : tuple of int
        Height, width and number of planes of the images.
    n_classes : int
    image_size : int
        Side to which images are first resized; 0 to leave them as they are.
    """
    shape = (image_size, image_size, *input_shape[2:]) if image_size else input_shape
    sizes: list[LayerSize] = []
    try:
        for each in layers:
            size = _SIZES[each.kind](shape, each.options)
            _check_limits(size)
            sizes.append(size)
            shape = size.shape
        output = _dense(shape, {"units": n_classes, "bias": True})
        _check_limits(output)
    except ConfigError as problem:
        return NetworkSizes(tuple(sizes), None, _of_layer(problem, len(sizes), layers))
    return NetworkSizes(tuple(sizes), output)


def checked_sizes(
    layers: Sequence[LayerSpec], input_shape: Shape, n_classes: int, image_size: int = 0
) -> NetworkSizes:
    """Return the sizes of all layers of a network: see `network_sizes`.

    Raises
    ------
    ConfigError
        If a layer does not fit, or there are more than fit into the memory of a computer.
    """
    sizes = network_sizes(layers, input_shape, n_classes, image_size)
    if sizes.problem is not None:
        raise sizes.problem
    if sizes.parameters > MOST_PARAMETERS:
        raise _too_many(sizes.parameters)
    return sizes


def _of_layer(problem: ConfigError, number: int, layers: Sequence[LayerSpec]) -> ConfigError:
    if number < len(layers):
        sentence = Message(
            "Layer {number} ({layer}): {problem}",
            number=number + 1,
            layer=LAYER_KINDS[layers[number].kind].title,
            problem=problem,
        )
    else:
        sentence = Message("The output: {problem}", problem=problem)
    return ConfigError(sentence, problem.hint, field="layers")


def _too_many(parameters: int) -> ConfigError:
    return ConfigError(
        "Expected at most {most} parameters. Received: {n}.",
        "Use fewer filters or neurons, or another pooling before the dense layer.",
        field="layers",
    ).format(most=f"{MOST_PARAMETERS:,}", n=f"{parameters:,}")


def _check_limits(size: LayerSize) -> None:
    if size.parameters > MOST_PARAMETERS:
        raise _too_many(size.parameters)
    if math.prod(size.shape) > MOST_VALUES:
        raise ConfigError(
            "Expected at most {most} values for each image. Received: {n}.",
            "Use fewer filters, or a smaller map.",
            field="layers",
        ).format(most=f"{MOST_VALUES:,}", n=f"{math.prod(size.shape):,}")


def _map(shape: Shape) -> tuple[int, int, int]:
    """Return height, width and number of the maps."""
    if len(shape) != 3:
        raise ConfigError(
            "It needs a map, and the layer before it gives {n} single values.",
            "Put it before the flattening or global pooling.",
            field="layers",
        ).format(n=f"{shape[0]:,}")
    height, width, depth = shape
    return height, width, depth


def _window(shape: Shape, options: Mapping[str, Any], what: str) -> tuple[int, int]:
    """Return height and width after a window has moved over a map."""
    height, width, _ = _map(shape)
    size, stride = options["size"], options["stride"] or options["size"]
    if options["padding"] == "same":
        return math.ceil(height / stride), math.ceil(width / stride)
    if size > min(height, width):
        raise ConfigError(
            "A {size}×{size} {what} does not fit into a map of {height}×{width}.",
            "Choose a smaller size, the edges “same”, or fewer layers that shrink the map.",
            field="layers",
        ).format(size=size, what=what, height=height, width=width)
    return (height - size) // stride + 1, (width - size) // stride + 1


def _convolution(shape: Shape, options: Mapping[str, Any]) -> LayerSize:
    height, width = _window(shape, options, Message("convolution"))
    weights, filters = options["size"] ** 2 * shape[2], options["filters"]
    return LayerSize(
        (height, width, filters),
        filters * (weights + options["bias"]),
        height * width * filters * weights,
    )


def _depthwise(shape: Shape, options: Mapping[str, Any]) -> LayerSize:
    height, width = _window(shape, options, Message("convolution"))
    weights, depth = options["size"] ** 2, shape[2]
    return LayerSize(
        (height, width, depth),
        depth * (weights + options["bias"]),
        height * width * depth * weights,
    )


def _separable(shape: Shape, options: Mapping[str, Any]) -> LayerSize:
    depthwise = _depthwise(shape, {**options, "bias": False})
    one = {**options, "size": 1, "stride": 1}
    return _sum(depthwise, _convolution(depthwise.shape, one))


def _residual(shape: Shape, options: Mapping[str, Any]) -> LayerSize:
    settings = {**options, "padding": "same", "bias": True}
    size = LayerSize(shape)
    for number in range(options["convolutions"]):
        stride = 1 if number else options["stride"]
        convolution = _convolution(size.shape, {**settings, "stride": stride})
        size = _sum(size, convolution, _batch_normalization(convolution.shape, {}))
    if projects(shape[2], options):
        shortcut = _convolution(shape, {**settings, "size": 1})
        normalized = _batch_normalization(shortcut.shape, {})
        size = _sum(LayerSize(size.shape), shortcut, normalized, size)
    return size


def projects(depth: int, options: Mapping[str, Any]) -> bool:
    """Return whether the shortcut of a residual block has a convolution of its own."""
    return bool(options["stride"] > 1 or options["filters"] != depth)


def _sum(*parts: LayerSize) -> LayerSize:
    """Return the sizes of layers one after the other."""
    parameters = sum(part.parameters for part in parts)
    return LayerSize(parts[-1].shape, parameters, sum(part.multiplications for part in parts))


def _pooling(shape: Shape, options: Mapping[str, Any]) -> LayerSize:
    return LayerSize((*_window(shape, options, Message("pooling")), shape[2]))


def _dense(shape: Shape, options: Mapping[str, Any]) -> LayerSize:
    if len(shape) > 1:
        raise ConfigError(
            "It needs single values, and the layer before it gives {n} maps of {height}×{width}.",
            "Put Flatten or Global average pooling before it.",
            field="layers",
        ).format(n=shape[2], height=shape[0], width=shape[1])
    units = options["units"]
    return LayerSize((units,), units * (shape[0] + options["bias"]), units * shape[0])


def _batch_normalization(shape: Shape, _options: Mapping[str, Any]) -> LayerSize:
    return LayerSize(shape, 4 * shape[-1], math.prod(shape))


def _zero_padding(shape: Shape, options: Mapping[str, Any]) -> LayerSize:
    height, width, depth = _map(shape)
    return LayerSize((height + 2 * options["size"], width + 2 * options["size"], depth))


def _same(shape: Shape, _options: Mapping[str, Any]) -> LayerSize:
    return LayerSize(shape)


_SIZES: Mapping[str, Callable[[Shape, Mapping[str, Any]], LayerSize]] = {
    "convolution": _convolution,
    "depthwise_convolution": _depthwise,
    "separable_convolution": _separable,
    "residual_block": _residual,
    "max_pooling": _pooling,
    "average_pooling": _pooling,
    "global_average_pooling": lambda shape, _: LayerSize((_map(shape)[2],)),
    "flatten": lambda shape, _: LayerSize((math.prod(shape),)),
    "dense": _dense,
    "dropout": _same,
    "batch_normalization": _batch_normalization,
    "activation": _same,
    "gaussian_noise": _same,
    "zero_padding": _zero_padding,
    "resizing": lambda shape, options: LayerSize((options["size"],) * 2 + _map(shape)[2:]),
}
