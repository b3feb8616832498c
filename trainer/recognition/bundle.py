"""A recogniser on disk: a folder with ``bundle.json`` (the card) and ``model.tflite``.

Classical models are stored in ``model.skops`` or ``model.ubj`` instead. The card holds what is
needed to use the recogniser (alphabet, preprocessing, temperature) and to assess it (data, terms,
command, metrics).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from trainer.errors import BundleError
from trainer.files.records import RecordError, Within, decode, read_object
from trainer.ink.render import IMAGE_SIZE, PLANES, PREPROCESSING_VERSION

BUNDLE_FORMAT = 1
CARD_NAME = "bundle.json"
MODEL_NAME = "model.tflite"
KERAS_NAME = "model.keras"
"""The Keras network; only in bundles of runs, to continue training."""

WEIGHTS_NAME = "weights.npz"
"""The weights alone, in half precision; in the bundled recogniser, to continue training."""

CLASSIC_NAMES = {"skops": "model.skops", "xgboost": "model.ubj"}
"""The files of classical models, by form."""

_REPAIR = "Choose another recogniser, or install the program again."
_LARGEST_CARD = 1 << 20
_LARGEST_MODEL = 1 << 30
_LARGEST_CLASSIC = 1 << 34
"""Random forests of the course projects had 14 GB."""

_MAX_CLASSES = 10_000
_MAX_PEN_WIDTHS = 16
_Side = Annotated[int, Within(1, 1024)]


@dataclass(frozen=True)
class _CardModel:
    sha256: str
    form: str = ""


@dataclass(frozen=True)
class _Card:
    """The part of the card that recognition needs."""

    name: str
    alphabet: tuple[str, ...]
    pen_widths: tuple[Annotated[float, Within(0.1, 20)], ...]
    temperature: Annotated[float, Within(1e-3, 1e3)]
    model: _CardModel
    image_shape: tuple[_Side, _Side] = (IMAGE_SIZE, IMAGE_SIZE)
    planes: tuple[str, ...] = PLANES[:1]
    image_bias: tuple[Annotated[float, Within(-100, 100)], ...] = ()


@dataclass(frozen=True, eq=False)
class Bundle:
    """A recogniser on disk whose card and checksum are valid.

    Attributes
    ----------
    folder : Path
    name : str
        Display name.
    alphabet : tuple of str
        The character of each output of the network.
    pen_widths : tuple of float
        Widths in pixels at which an ink is rendered; the probabilities are averaged.
    temperature : float
        Divisor of the logits (Guo et al. 2017, arXiv 1706.04599); above 0.
    card : dict
        The whole of ``bundle.json``.
    image_shape : tuple of int
        Height and width of the images that the network takes.
    planes : tuple of str
        What the network is shown: the ink alone, or `PLANES` with the direction of the pen.
    image_bias : tuple of float
        Added to the logits of images without a direction, which were trained on with other
        frequencies of the classes than drawings; empty for nothing.
    form : str
        "skops" or "xgboost" for classic models, else a form of LiteRT.
    """

    folder: Path
    name: str
    alphabet: tuple[str, ...]
    pen_widths: tuple[float, ...]
    temperature: float
    card: dict[str, Any]
    image_shape: tuple[int, int] = (IMAGE_SIZE, IMAGE_SIZE)
    planes: tuple[str, ...] = PLANES[:1]
    image_bias: tuple[float, ...] = ()
    form: str = "float16"

    @property
    def is_classic(self) -> bool:
        """Whether it needs scikit-learn or xgboost, and therefore its own process."""
        return self.form in CLASSIC_NAMES

    @property
    def checksum(self) -> str:
        """SHA-256 of the model, as on the card."""
        return str(self.card["model"]["sha256"])

    @property
    def model_file(self) -> Path:
        """The LiteRT network, or the classical model."""
        return self.folder / CLASSIC_NAMES.get(self.form, MODEL_NAME)


def load_bundle(folder: Path) -> Bundle:
    """Read and check a bundle.

    Raises
    ------
    BundleError
        If it is missing, damaged, or made for another version of the program.
    """
    card = _read_card(folder)
    try:
        fields = decode(_Card, card)
    except RecordError as error:
        raise BundleError(
            "The card {folder}/{card_name} lacks or spoils a field. {reason}", _REPAIR
        ).format(folder=folder.name, card_name=CARD_NAME, reason=error) from error
    if not (
        0 < len(fields.alphabet) <= _MAX_CLASSES
        and all(fields.alphabet)
        and 0 < len(fields.pen_widths) <= _MAX_PEN_WIDTHS
        and fields.planes in (PLANES[:1], PLANES)
        and len(fields.image_bias) in (0, len(fields.alphabet))
    ):
        raise BundleError("The card {folder}/{card_name} has impossible values.", _REPAIR).format(
            folder=folder.name, card_name=CARD_NAME
        )
    bundle = Bundle(
        folder,
        fields.name,
        fields.alphabet,
        fields.pen_widths,
        fields.temperature,
        card,
        fields.image_shape,
        fields.planes,
        fields.image_bias,
        fields.model.form,
    )
    largest = _LARGEST_CLASSIC if bundle.is_classic else _LARGEST_MODEL
    _check_model(bundle.model_file, fields.model.sha256, largest)
    return bundle


def _check_versions(card: dict[str, Any], folder: Path) -> None:
    version, preprocessing = card.get("format"), card.get("preprocessing")
    if version != BUNDLE_FORMAT:
        raise BundleError(
            "Expected a bundle of format {format} in {folder}. Received: format {received}.",
            "It was made by another version of EMNIST Desktop; use that one, or train anew.",
        ).format(format=BUNDLE_FORMAT, folder=folder.name, received=version)
    if preprocessing != PREPROCESSING_VERSION:
        raise BundleError(
            "{folder} was trained on images of preprocessing {preprocessing}; this program makes "
            "{current}.",
            "It would misread drawings. Train it again with this version.",
        ).format(folder=folder.name, preprocessing=preprocessing, current=PREPROCESSING_VERSION)


def _read_card(folder: Path) -> dict[str, Any]:
    path = folder / CARD_NAME
    if folder.is_file():
        raise BundleError(
            "{folder} is a file; a recogniser is a folder with {card_name}.",
            "A network in a .keras, .h5 or .tflite file can be measured: "
            "python -m trainer evaluate --model FILE --alphabet digits --data NAME.",
        ).format(folder=folder.name, card_name=CARD_NAME)
    if not path.exists():
        raise BundleError(
            "There is no recogniser in {folder}.",
            "Check the path (it is a folder with {card_name}), or choose another recogniser.",
        ).format(folder=folder, card_name=CARD_NAME)
    try:
        card = read_object(path, _LARGEST_CARD)
    except RecordError as error:
        raise BundleError(error.message, _REPAIR) from error
    _check_versions(card, folder)
    return card


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, which may be larger than memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _check_model(path: Path, expected: str, largest: int) -> None:
    try:
        if path.stat().st_size > largest:
            raise BundleError("{path} is far too large.", _REPAIR).format(path=path.name)
        actual = checksum(path)
    except OSError as error:
        raise BundleError("The recogniser's {path} is missing: {reason}.", _REPAIR).format(
            path=path.name, reason=error
        ) from error
    if actual != expected:
        raise BundleError(
            "The recogniser's {path} is damaged: its checksum is not that of its card.", _REPAIR
        ).format(path=path.name)
