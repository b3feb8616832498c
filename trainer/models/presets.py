"""The models that can be trained, as plain records: name, source, defaults and options.

Light on purpose: the window lists them without Keras or scikit-learn. The networks are built in
`trainer.models.networks`, the classic models in `trainer.models.classical`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial
from typing import Any

from trainer.errors import ConfigError, Message
from trainer.files.extensions import extensions
from trainer.files.records import decode
from trainer.ink.alphabet import BALANCED
from trainer.ink.render import IMAGE_SIZE
from trainer.models.layer_shapes import checked_sizes
from trainer.models.layers import LayerSpec, layer
from trainer.models.option import Option, OptionValue, option_values


class PresetKind(StrEnum):
    """What a preset is made of."""

    NETWORK = "network"
    CLASSICAL = "classical"


@dataclass(frozen=True)
class Preset:
    """A named model with the settings of its source.

    Attributes
    ----------
    name : str
    title : str
    summary : str
        One sentence for a learner.
    source : str
        Who described it.
    kind : PresetKind
    input_shape : tuple of int
        Height, width, 1, as the source builds it; it adapts to the data.
    classes : int
        As the source builds it.
    parameters : int or None
        With that input and those classes; None for classic models.
    defaults : mapping of str to value
        Fields of `TrainingConfig` where they differ from its own defaults.
    options : tuple of Option
    reports_progress : bool
        Whether there are results before the end.
    layers : tuple of LayerSpec
        Of the network of an installed package; the others have theirs in `preset_layers`.
    """

    name: str
    title: str
    summary: str
    source: str
    kind: PresetKind
    input_shape: tuple[int, int, int]
    classes: int
    parameters: int | None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    reports_progress: bool = True
    layers: tuple[LayerSpec, ...] = ()

    def option_values(self, given: Mapping[str, Any]) -> dict[str, OptionValue]:
        """Return the values of all options: those given, checked, else their defaults.

        Raises
        ------
        ConfigError
            If there is no such option, or a value is not usable.
        """
        owner = Message("The preset {preset}", preset=self.name)
        return option_values(self.options, given, owner)


_PLAIN: dict[str, Any] = {
    "optimizer": "adam",
    "schedule": "constant",
    "learning_rate": 1e-3,
    "warmup_epochs": 0.0,
    "weight_decay": 0.0,
    "label_smoothing": 0.0,
    "average_epochs": 0.0,
    "balance": 0.0,
    "dropout": 0.0,
    "clip_norm": 0.0,
    "augmentation": None,
}
"""What the course projects have in common: Adam at a constant rate, and nothing else."""

_WORKFLOW = "Machine learning workflow with EMNIST (course project, HCMUT 2023)"
_DIGITS = "Recognizing handwritten digits (course project INF283, S. Eik de Lange)"
_NOISE = "EMNIST image classification (course project, A. Aranguren, Padua)"
_HEX = "Dense net, CNN and SVM on 17 characters of 20×20 pixels (course project)"
_THREE_NETS = "Vanilla CNN, LeNet-5 and ResNet on EMNIST Balanced (course project)"
_KABIR = "Kabir et al. 2020, SpinalNet (arXiv 2007.03347)"
_OURS = "EMNIST Desktop, after Simonyan and Zisserman 2015 (arXiv 1409.1556)"


def _preset(
    kind: PresetKind,
    name: str,
    title: str,
    summary: str,
    source: str,
    built: tuple[int, ...],
    *options: Option,
    **defaults: Any,
) -> Preset:
    """Return a preset; `built` is the side, the classes and, of a network, the parameters."""
    side, classes = built[:2]
    parameters = built[2] if kind is PresetKind.NETWORK else None
    reports, texts = defaults.pop("reports_progress", True), (name, title, summary, source)
    shape = (side, side, 1)
    return Preset(*texts, kind, shape, classes, parameters, defaults, options, reports)


_Make = Callable[..., Preset]
_classical: _Make = partial(_preset, PresetKind.CLASSICAL, **_PLAIN, epochs=1, limit=0)
_network: _Make = partial(_preset, PresetKind.NETWORK, **_PLAIN)


def _forest_options(trees: int, depth: int) -> tuple[Option, ...]:
    return (
        Option("trees", "Trees", "int", trees, 1, 2000,
               help="More trees vote better and cost more memory."),
        Option("max_depth", "Maximum depth", "int", depth, 1, 200, unit="levels",
               help="Questions that a tree asks one after the other, at most."),
        Option("max_samples", "Share per tree", "float", 1.0, 0.01, 1.0, is_share=True,
               help="Share of the training data that each tree draws, with replacement."),
        Option("criterion", "Impurity", "choice", "gini", choices=("gini", "entropy", "log_loss"),
               help="How a tree measures how mixed a group is."),
    )  # fmt: skip


SVM_GRIDS: Mapping[str, list[dict[str, list[Any]]]] = {
    "none": [{"C": [10.0], "gamma": ["scale"], "kernel": ["rbf"]}],
    "small": [{"C": [1.0, 10.0], "gamma": ["scale"], "kernel": ["rbf"]}],
    "full": [
        {"C": [1.0, 10.0], "gamma": ["scale", 0.01], "kernel": ["rbf"]},
        {"C": [1.0, 10.0], "gamma": ["scale"], "kernel": ["poly"]},
    ],
}
"""Settings that the option ``grid`` of a support vector machine tries."""

STAGES = 10
"""How often a growing model is validated."""

_SHIFT_OPTIONS = (
    Option("copies", "Shifted copies", "int", 2, 0, 10,
           help="How often each image is added again, shifted."),
    Option("shift", "Maximum shift", "int", 7, 0, 14, unit="px", help="To each side, at random."),
)  # fmt: skip

_CLASSICAL = (
    _classical(
        "knn", "k-nearest neighbours",
        "Looks up the most similar training images and lets them vote; nothing is learnt.",
        _WORKFLOW, (28, 47),
        Option("neighbors", "Neighbours", "int", 20, 1, 200,
               help="How many of the most similar images vote."),
        reports_progress=False,
    ),
    _classical(
        "random-forest", "Random forest", "250 trees that each ask about single pixels and vote.",
        _WORKFLOW, (28, 47), *_forest_options(250, 25),
    ),
    _classical(
        "random-forest-80", "Random forest, deep",
        "Trees that may ask 80 questions, measured by Gini impurity.",
        _NOISE, (28, 47), *_forest_options(100, 80),
    ),
    _classical(
        "random-forest-shifted", "Random forest on shifted images",
        "The forest again, on three times the images: shifted ones teach it to look everywhere.",
        _WORKFLOW, (28, 47), *_forest_options(250, 25), *_SHIFT_OPTIONS,
    ),
    _classical(
        "svm-rbf", "Support vector machine",
        "Separates two classes at a time by the widest margin; good with few samples, slow with "
        "many.",
        _HEX, (20, 17),
        Option("grid", "Grid", "choice", "full", choices=("none", "small", "full"),
               help="Values of C, gamma and the kernel that are tried by cross-validation."),
        Option("folds", "Folds", "int", 3, 2, 10,
               help="Parts of the data; each is predicted once by a model trained on the others."),
        reports_progress=False, limit=10_000,
    ),
    _classical(
        "xgboost", "Gradient boosted trees",
        "Each new tree corrects the errors of those before it; needs the package xgboost.",
        _DIGITS, (28, 10),
        Option("rounds", "Rounds", "int", 100, 1, 2000, help="Each adds one tree per class."),
        Option("max_depth", "Maximum depth", "int", 6, 1, 20, unit="levels",
               help="Questions that a tree asks one after the other, at most."),
        Option("eta", "Step size", "float", 0.3, 0.001, 1.0,
               help="How much of each error a tree corrects."),
    ),
)  # fmt: skip

_ACTIVATION = Option(
    "activation", "Activation", "choice", "relu", choices=("relu", "tanh", "sigmoid"),
    help="Activation function of the hidden neurons; the source compared these three.",
)  # fmt: skip
_UNITS = Option(
    "units", "Neurons", "int", 128, 4, 4096, help="Neurons in each hidden layer; more learn more."
)
_NOISE_LEVEL = Option(
    "noise", "Gaussian noise", "float", 0.1, 0.0, 1.0,
    help="Standard deviation of the noise added while training, as a share of full ink.",
)  # fmt: skip
_POOL = Option(
    "pool", "Pooling", "int", 2, 1, 8, unit="px",
    help="Side of the squares of which only the strongest response is kept; larger is coarser.",
)  # fmt: skip

_LATE_MAPS = Option(
    "late_maps", "Late maps", "int", 128, 16, 512,
    help="Maps of 7×7 pixels; of 4×4 there are twice as many. The bundled recogniser has 176.",
)  # fmt: skip

_NOISE_NETWORKS = (
    ("One convolution", 809_455),
    ("Two convolutions", 426_799),
    ("Three convolutions", 247_215),
    ("Four convolutions", 395_311),
)
_LENET = {"epochs": 100, "batch_size": 64}
_LENET_V2 = _LENET | {"dropout": 0.25, "l2": 5e-4}

OWN = "own"
"""The preset whose layers are a setting."""

_OWN_LAYERS = (
    layer("convolution", filters=32), layer("max_pooling"),
    layer("convolution", filters=64), layer("max_pooling"),
    layer("flatten"), layer("dense"), layer("dropout"),
)  # fmt: skip

_NETWORKS = (
    _network(
        "mlp-tiny", "Tiny dense network",
        "Ten neurons see all pixels: the smallest network that learns something.",
        _HEX, (20, 17, 4_197), epochs=5, batch_size=16,
    ),
    _network(
        "mlp-relu", "Dense network",
        "128 neurons see all pixels, and one for each class sees those.",
        _NOISE, (28, 47, 106_543), _ACTIVATION, _UNITS, epochs=20, batch_size=32,
    ),
    _network(
        "mlp-relu-2", "Dense network, two layers",
        "Two hidden layers, kept small by an L2 penalty on their weights.",
        _DIGITS, (28, 10, 118_282), _ACTIVATION, _UNITS, epochs=12, batch_size=100, l2=0.001,
    ),
    _network(
        "cnn-small", "Small convolutional network",
        "One layer of 32 filters finds strokes, a dense layer puts them together.",
        _DIGITS, (28, 10, 592_074), _POOL, epochs=6, batch_size=50, dropout=0.5,
    ),
    _network(
        "cnn-hex", "Convolutional network for hexadecimal",
        "Two convolutions without pooling, read out by one dense layer.",
        _HEX, (20, 17, 158_385), epochs=3, batch_size=16,
    ),
    *(
        _network(
            f"cnn-noise-{depth}",
            f"Convolutional network with noise, {depth} layer{'s' if depth > 1 else ''}",
            f"{number} with pooling, trained on noisy images so that it reads noisy ones.",
            _NOISE, (28, 47, parameters), _NOISE_LEVEL, epochs=20, batch_size=32, dropout=0.3,
        )
        for depth, (number, parameters) in enumerate(_NOISE_NETWORKS, 1)
    ),
    _network(
        "vanilla-cnn", "Vanilla CNN",
        "Two convolutions with pooling, a dense layer with dropout: the common first choice.",
        _THREE_NETS, (28, 47, 484_719), epochs=20, batch_size=512, dropout=0.5,
    ),
    _network(
        "lenet5", "LeNet-5", "The network that read cheques in 1998: small, and still good.",
        f"LeCun et al. 1998; {_THREE_NETS}", (28, 47, 64_851), **_LENET,
    ),
    _network(
        "lenet5-v2", "LeNet-5, modern",
        "LeNet-5 with twice the convolutions, batch normalisation, dropout and L2.",
        _THREE_NETS, (28, 47, 279_019), **_LENET_V2,
    ),
    _network(
        "lenet5-v2-32", "LeNet-5, modern, 32×32",
        "The same on images enlarged to 32×32, the size that LeNet-5 was made for.",
        _THREE_NETS, (32, 47, 393_707), **_LENET_V2, image_size=32,
    ),
    _network(
        "resnet34", "ResNet-34",
        "34 layers with shortcuts: made for photographs, more than characters need.",
        f"He et al. 2015 (arXiv 1512.03385); {_THREE_NETS}", (28, 47, 21_328_047),
        epochs=30, batch_size=64,
    ),
    _network(
        "vgg5", "VGG-5",
        "Ten 3×3 convolutions in four groups: among the best on EMNIST, if you have the time.",
        _KABIR, (28, 47, 3_669_999), epochs=20, batch_size=100, dropout=0.5,
    ),
    _preset(
        PresetKind.NETWORK, "pen", "EMNIST Desktop's own",
        "Seven convolutions, made for drawings: the network of the bundled recogniser.",
        _OURS, (28, 62, 828_950), _LATE_MAPS,
    ),
    _network(
        OWN, "My network", "Layers that you choose yourself, one after the other.",
        "you", (28, 47, 426_415), epochs=20, batch_size=64, layers=_OWN_LAYERS,
    ),
)  # fmt: skip


class _Presets(Mapping[str, Preset]):
    """All presets; those of installed packages are looked up when they are first needed."""

    @cached_property
    def _all(self) -> dict[str, Preset]:
        known = {each.name: each for each in (*_CLASSICAL, *_NETWORKS)}
        return {**extensions("presets", _extension_preset), **known}

    def __getitem__(self, name: str) -> Preset:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


def _extension_preset(name: str, make: Callable[[], Mapping[str, Any]]) -> Preset:
    """Return the preset of an installed package: see docs/extensions.md."""
    given = decode(_PresetRecord, make(), takes_unknown=False)
    shape = (IMAGE_SIZE, IMAGE_SIZE, 1)
    sizes = checked_sizes(given.layers, shape, len(BALANCED))
    texts = (name, given.title, given.summary, given.source, PresetKind.NETWORK, shape)
    settings = {**_PLAIN, "epochs": 20, "batch_size": 64, **given.settings}
    return Preset(*texts, len(BALANCED), sizes.parameters, settings, layers=given.layers)


@dataclass(frozen=True)
class _PresetRecord:
    title: str
    summary: str
    source: str
    layers: tuple[LayerSpec, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)


PRESETS: Mapping[str, Preset] = _Presets()
"""All presets by name: those of installed packages, then ours, the simplest first."""


def preset(name: str) -> Preset:
    """Return the preset of a name.

    Raises
    ------
    ConfigError
        If there is none; it names those like it.
    """
    if name in PRESETS:
        return PRESETS[name]
    like = difflib.get_close_matches(name.lower(), PRESETS, n=3, cutoff=0.5)
    raise ConfigError(
        "There is no preset {name}. Like it: {presets}."
        if like
        else "There is no preset {name}. There are: {presets}.",
        "List them with: python -m trainer presets.",
        field="preset",
    ).format(name=repr(name), presets=", ".join(like or PRESETS))
