"""The source of a network: a built Keras model as the lines that build it. Imports Keras.

The lines are read off the model, layer by layer, so that they cannot differ from what is trained.
An argument is written where it is not Keras' default.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trainer.light_keras import keras

_WIDTH = 100
"""Characters of a line."""

_GROUP_WIDTH = 82
"""Characters of several layers on one line; behind them is their shape."""

_POOLING = ("MaxPooling2D", "AveragePooling2D")
_OWN_LINE = (
    "Conv2D",
    "Depthwise",
    "Separable",
    "Dense",
    "Resizing",
    "ZeroPadding2D",
    "GaussianNoise",
    "GlobalAverage",
)
"""A line of layers begins with one of these; what follows is normalised, pooled or dropped out."""

_HIDDEN = ("name", "dtype", "trainable", "seed", "data_format", "kwargs")


@dataclass(frozen=True)
class _Block:
    """Layers with a shortcut around them.

    Attributes
    ----------
    layers : tuple of keras.Layer
        One of them a convolution.
    shortcut : tuple of keras.Layer
        Empty where it is the identity.
    after : tuple of keras.Layer
        The activation of the sum, if there is one.
    """

    layers: tuple[Any, ...]
    shortcut: tuple[Any, ...]
    after: tuple[Any, ...] = ()

    @property
    def width(self) -> int:
        """Filters of the last convolution."""
        return next(int(each.filters) for each in self.layers[::-1] if hasattr(each, "filters"))

    @property
    def stride(self) -> int:
        """Stride of the first convolution."""
        return next(int(each.strides[0]) for each in self.layers if hasattr(each, "filters"))


def model_source(model: Any) -> list[str]:
    """Return the lines that build a model as ``model``.

    Parameters
    ----------
    model : keras.Model
        A chain of layers, in which a part may have a shortcut that is added to its output.

    Returns
    -------
    list of str
        They use the names ``keras`` and ``layers``.
    """
    order = {layer.name: number for number, layer in enumerate(model.layers)}
    items = _with_activations(_items_until(model.outputs[0], model.inputs[0], order))
    size = repr(tuple(model.input_shape[1:]))
    penalty = _penalty(model)
    lines = [f"penalty = {penalty}  # on large weights", ""] if penalty else []
    if any(isinstance(item, _Block) for item in items):
        return [*lines, *_functional(items, size)]
    rows = [f"    keras.Input({size}),"]
    for group in _groups(items):
        shape = "×".join(str(n) for n in group[-1].output.shape[1:])
        row = ", ".join(map(layer_source, group))
        rows.append(
            f"    {row},  # {shape}" if len(row) + len(shape) < _WIDTH - 7 else f"    {row},"
        )
    return [*lines, "model = keras.Sequential([", *rows, "])"]


def layer_source(layer: Any, names: Mapping[str, str] | None = None) -> str:
    """Return the expression that makes a layer: ``layers.Conv2D(32, 5, activation="relu")``.

    Parameters
    ----------
    layer : keras.Layer
    names : mapping of str to str, optional
        Expressions to write for some arguments instead of their values.
    """
    kind, config, names = type(layer), layer.get_config(), names or {}
    parameters = inspect.signature(kind.__init__).parameters
    first = [
        name
        for name, parameter in parameters.items()
        if name in config and parameter.default is inspect.Parameter.empty
    ]
    if kind.__name__ in (*_POOLING, "ZeroPadding2D"):
        first = ["padding" if kind.__name__ == "ZeroPadding2D" else "pool_size"]
    usual = kind(**{name: config[name] for name in first}).get_config()
    arguments = [names.get(name) or _value(config[name]) for name in first]
    for name in parameters:
        if name in config and name not in (*first, *_HIDDEN):
            if name in names:
                arguments.append(f"{name}={names[name]}")
            elif config[name] != usual[name]:
                arguments.append(f"{name}={_value(config[name])}")
    if _computes_otherwise(layer):
        arguments.append(f'dtype="{layer.compute_dtype}"')
    return f"layers.{kind.__name__}({', '.join(arguments)})"


def _computes_otherwise(layer: Any) -> bool:
    policy = keras.config.dtype_policy()
    return bool(layer.dtype_policy.name != policy.name)


def _value(value: Any) -> str:
    """Return an argument as source; equal sides as one number."""
    match value:
        case [first, *others] | (first, *others) if all(each == first for each in others):
            return _value(first)
        case {"class_name": "L2"}:
            return "penalty"
        case str():
            return f'"{value}"'
        case float() if 0 < value < 0.01 and round(1 / value, 9) == round(1 / value):
            return f"1 / {round(1 / value)}"
        case float():
            return f"{value:.10g}"
    return repr(value)


def _penalty(model: Any) -> str:
    """Return the L2 penalty of the layers as source; empty without."""
    for layer in model.layers:
        for weights in ("kernel", "depthwise", "pointwise"):
            penalty = getattr(layer, f"{weights}_regularizer", None)
            if penalty is not None:
                return f"keras.regularizers.L2({float(penalty.l2):.6g})"
    return ""


def _items_until(tensor: Any, start: Any, order: Mapping[str, int]) -> list[Any]:
    """Return the layers and blocks from `start` to `tensor`, in the order of computation."""
    items: list[Any] = []
    while tensor is not start:
        layer = _layer_of(tensor)
        if isinstance(layer.input, list):
            branches = layer.input
            tensor = _meeting(branches, order)
            main, shortcut = (tuple(_items_until(end, tensor, order)) for end in branches)
            items.append(_Block(main, shortcut))
        else:
            items.append(layer)
            tensor = layer.input
    return items[::-1]


def _meeting(branches: Sequence[Any], order: Mapping[str, int]) -> Any:
    """Return the last tensor from which both of two tensors are computed."""
    early, late = branches
    while early is not late:
        if order[_layer_of(early).name] > order[_layer_of(late).name]:
            early, late = late, early
        source = _layer_of(late).input
        late = _meeting(source, order) if isinstance(source, list) else source
    return early


def _layer_of(tensor: Any) -> Any:
    return tensor._keras_history.operation  # noqa: SLF001 - Keras shows its graph nowhere else


def _with_activations(items: list[Any]) -> list[Any]:
    """Return items in which the activation after a block is a part of it."""
    result: list[Any] = []
    for item in items:
        before = result[-1] if result else None
        is_activation = isinstance(item, keras.layers.ReLU | keras.layers.Activation)
        if isinstance(before, _Block) and not before.after and is_activation:
            result[-1] = replace(before, after=(item,))
        else:
            result.append(item)
    return result


def _groups(items: list[Any]) -> list[list[Any]]:
    """Return layers by the lines on which they stand."""
    groups: list[list[Any]] = []
    for item in items:
        begins = type(item).__name__.startswith(_OWN_LINE) or not groups
        row = ", ".join(map(layer_source, [*(groups[-1] if groups else []), item]))
        if begins or len(row) > _GROUP_WIDTH:
            groups.append([])
        groups[-1].append(item)
    return groups


def _functional(items: list[Any], size: str) -> list[str]:
    """Return a model with blocks: a function for each kind of block, and its calls."""
    bodies: dict[tuple[str, ...], list[str]] = {}
    for block in filter(lambda item: isinstance(item, _Block), items):
        main, shortcut = _block_source(block)
        bodies[main] = max(bodies.get(main, []), shortcut, key=len)
    names = {main: f"residual_block{number or ''}" for number, main in enumerate(bodies)}
    lines = []
    for main, shortcut in bodies.items():
        lines += [
            f"def {names[main]}(x, width, stride):",
            '    """Layers with a shortcut around them: they learn what is to be added."""',
            "    shortcut = x",
            *[f"    {line}" for line in main[:-1]],
            *["    if stride > 1 or shortcut.shape[-1] != width:"][: len(shortcut)],
            *[f"        {line}" for line in shortcut],
            f"    {main[-1]}",
            "",
            "",
        ]
    lines.append(f"inputs = x = keras.Input({size})")
    calls = [(names[_block_source(i)[0]], i) if isinstance(i, _Block) else ("", i) for i in items]
    for name, group in itertools.groupby(calls, key=lambda call: call[0]):
        members = [item for _, item in group]
        if name and len(members) == 1:
            lines.append(f"x = {name}(x, {members[0].width}, {members[0].stride})")
        elif name:
            pairs = _counted([f"({block.width}, {block.stride})" for block in members])
            lines += ["for width, stride in (", *pairs, "):", f"    x = {name}(x, width, stride)"]
        else:
            lines += [f"x = {layer_source(layer)}(x)" for layer in members]
    return [*lines, "model = keras.Model(inputs, x)"]


def _block_source(block: _Block) -> tuple[tuple[str, ...], list[str]]:
    """Return the lines of a block for any width and stride: its layers, those of its shortcut."""

    def lines(chain: tuple[Any, ...], variable: str) -> list[str]:
        first = next((layer for layer in chain if hasattr(layer, "filters")), None)
        result = []
        for layer in chain:
            names = {"filters": "width"} if getattr(layer, "filters", 0) == block.width else {}
            names |= {"strides": "stride"} if layer is first else {}
            result.append(f"{variable} = {layer_source(layer, names)}({variable})")
        return result

    total = "layers.Add()([x, shortcut])"
    for layer in block.after:
        total = f"{layer_source(layer)}({total})"
    return (*lines(block.layers, "x"), f"return {total}"), lines(block.shortcut, "shortcut")


def _counted(pairs: list[str]) -> list[str]:
    """Return the lines of a list of pairs in source, repeated ones by their number."""
    lines = ["   "]
    for pair, group in itertools.groupby(pairs):
        n = len(list(group))
        term = f"{n} * [{pair}]" if n > 1 else f"[{pair}]"
        term = term if lines == ["   "] else f"+ {term}"
        if len(lines[-1]) + len(term) > _GROUP_WIDTH:
            lines.append("   ")
        lines[-1] += f" {term}"
    return lines
