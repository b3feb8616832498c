"""The layers of a network as data: kinds, options and limits. Light: the window edits them.

Their shapes and sizes are computed in `trainer.models.layer_shapes`; Keras builds them in
`trainer.models.networks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trainer.errors import ConfigError, Message
from trainer.models.option import Option, OptionValue, option_values

MOST_LAYERS = 100
"""Of a network; the deepest preset has fewer."""


@dataclass(frozen=True)
class LayerKind:
    """A kind of layer.

    Attributes
    ----------
    name, title, help : str
    options : tuple of Option
    """

    name: str
    title: str
    help: str
    options: tuple[Option, ...] = ()

    @property
    def option_titles(self) -> tuple[str, ...]:
        """The titles of the options."""
        return tuple(option.title for option in self.options)


_ACTIVATIONS = ("relu", "tanh", "sigmoid", "elu", "gelu", "silu")
_FILTERS = Option("filters", "Filters", "int", 32, 1, 2048,
                  help="Maps that the layer gives; each filter looks for one pattern.")  # fmt: skip
_STRIDE = Option("stride", "Stride", "int", 1, 1, 8, unit="px",
                 help="Steps between two places that are looked at; 2 halves the map.")  # fmt: skip
_PADDING = Option("padding", "Edges", "choice", "same", choices=("same", "valid"),
                  help="same adds a margin of zeros, so that the map keeps its size; valid adds "
                       "none.")  # fmt: skip
_NO_PADDING = Option(_PADDING.name, _PADDING.title, "choice", "valid", choices=("valid", "same"),
                     help=_PADDING.help)  # fmt: skip
_ACTIVATION = Option("activation", "Activation", "choice", "relu", choices=("none", *_ACTIVATIONS),
                     help="Function of each output; none leaves it to a layer.")  # fmt: skip
_BIAS = Option("bias", "Bias", "bool", True,
               help="A number added to each output; batch normalisation has its own.")  # fmt: skip


def _size(default: int, text: str, most: int = 15) -> Option:
    return Option("size", "Size", "int", default, 1, most, unit="px", help=text)


_WINDOW = _size(3, "Side of the square that a filter sees.")
_POOLING = (
    _size(2, "Side of the square that becomes one value."),
    Option("stride", "Stride", "int", 0, 0, 15, unit="px",
           help="Steps between two squares; 0 for the size of a square."),
    _NO_PADDING,
)  # fmt: skip

_KINDS = (
    LayerKind("convolution", "Convolution", "Looks for patterns everywhere in the map.",
              (_FILTERS, _WINDOW, _STRIDE, _PADDING, _ACTIVATION, _BIAS)),
    LayerKind("depthwise_convolution", "Depthwise convolution",
              "Looks for patterns in each map by itself: far fewer multiplications.",
              (_WINDOW, _STRIDE, _PADDING, _ACTIVATION, _BIAS)),
    LayerKind("separable_convolution", "Separable convolution",
              "A depthwise convolution, whose maps are then mixed: a cheap convolution.",
              (_FILTERS, _WINDOW, _STRIDE, _PADDING, _ACTIVATION, _BIAS)),
    LayerKind("residual_block", "Residual block",
              "Convolutions with a shortcut around them: they learn what is to be added.",
              (_FILTERS, _WINDOW, _STRIDE,
               Option("convolutions", "Convolutions", "int", 2, 1, 4,
                      help="Each is followed by batch normalisation."))),
    LayerKind("max_pooling", "Maximum pooling", "Keeps the largest value of each square.",
              _POOLING),
    LayerKind("average_pooling", "Average pooling", "Keeps the mean of each square.", _POOLING),
    LayerKind("global_average_pooling", "Global average pooling",
              "Keeps the mean of each map: one number for each filter."),
    LayerKind("flatten", "Flatten", "Lines up all values of the maps for a dense layer."),
    LayerKind("dense", "Dense layer", "Each neuron sees all values.",
              (Option("units", "Neurons", "int", 128, 1, 8192,
                      help="More learn more, and cost more."), _ACTIVATION, _BIAS)),
    LayerKind("dropout", "Dropout", "Hides values at random while training.",
              (Option("rate", "Rate", "float", 0.5, 0.0, 0.9, help="Share that is hidden."),)),
    LayerKind("batch_normalization", "Batch normalisation",
              "Brings each map to mean 0 and deviation 1: larger networks train faster.",
              (Option("momentum", "Momentum", "float", 0.99, 0.5, 0.999,
                      help="How slowly the averages follow the batches."),)),
    LayerKind("activation", "Activation", "A function of each value.",
              (Option("function", "Function", "choice", "relu", choices=_ACTIVATIONS,
                      help="relu cuts off what is negative; tanh and sigmoid bend."),)),
    LayerKind("gaussian_noise", "Gaussian noise", "Adds noise while training.",
              (Option("deviation", "Deviation", "float", 0.1, 0.0, 1.0,
                      help="Standard deviation, as a share of full ink at the input."),)),
    LayerKind("zero_padding", "Margin of zeros", "Adds a margin around the maps.",
              (_size(2, "Width of the margin."),)),
    LayerKind("resizing", "Resizing", "Makes the maps larger or smaller, smoothly.",
              (_size(32, "Side of the new map.", 128),)),
)  # fmt: skip

LAYER_KINDS: Mapping[str, LayerKind] = {each.name: each for each in _KINDS}
"""All kinds by name, those used most first."""


@dataclass(frozen=True)
class LayerSpec:
    """One layer of a network.

    Attributes
    ----------
    kind : str
        A name in `LAYER_KINDS`.
    options : mapping of str to int, float, str or bool
        All of its options; what is not given has its default.

    Raises
    ------
    ConfigError
        If there is no such kind or option, or a value is outside its limits.
    """

    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in LAYER_KINDS:
            raise ConfigError(
                "There is no layer {kind}.", "There are: {kinds}.", field="layers"
            ).format(kind=repr(self.kind), kinds=", ".join(LAYER_KINDS))
        kind = LAYER_KINDS[self.kind]
        owner = Message("The layer {layer}", layer=self.kind)
        values: dict[str, OptionValue] = option_values(kind.options, self.options, owner, "layers")
        object.__setattr__(self, "options", values)


def layer(kind: str, **options: OptionValue) -> LayerSpec:
    """Return a layer: ``layer("dense", units=10)``."""
    return LayerSpec(kind, options)
