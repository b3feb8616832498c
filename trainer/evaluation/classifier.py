"""Classifiers of images: bundles, runs, Keras and LiteRT files, for the commands that measure them.

They run in the trainer's process: classic models and Keras files import scikit-learn and Keras.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from trainer.datasets.dataset import Labels
from trainer.datasets.samples import Data, as_inputs
from trainer.errors import BundleError, DatasetError, Message
from trainer.evaluation.input_range import InputRange
from trainer.files.paths import default_bundle
from trainer.files.records import decode_or, nested
from trainer.ink.alphabet import BYCLASS, BYMERGE, DIGITS, Projection, class_indices, projection
from trainer.ink.render import PLANES, Images, Planes
from trainer.processes.launch import has_package, missing_hint
from trainer.recognition.bundle import CARD_NAME, Bundle, load_bundle
from trainer.recognition.recognizer import Probabilities, Recognizer, resized
from trainer.recognition.sandboxed_litert import check_bundle

_BATCH = 512
"""Images per batch, so that any number fits into memory."""

_MOST_UNKNOWN = 20
"""Names that a sentence lists."""

_ALPHABETS: dict[str, tuple[str, ...]] = {
    "all": BYMERGE,
    "bymerge": BYMERGE,
    "balanced": BYMERGE,
    "cased": BYCLASS,
    "byclass": BYCLASS,
    "digits": tuple(DIGITS),
    "mnist": tuple(DIGITS),
    "letters": BYCLASS[10:36],
    "uppercase": BYCLASS[10:36],
    "lowercase": BYCLASS[36:],
}
MODEL_FILES = {".keras": "keras", ".h5": "keras", ".hdf5": "keras", ".tflite": "litert"}
"""Kinds of networks by the ends of their files' names."""

_STARTS = {b"PK": "keras", b"\x89HDF": "keras"}
_LITERT_MARK = b"TFL3"
"""From the fifth byte on."""

_CODE = Message("an object that can run code")
_FOREIGN = {
    ".onnx": Message("an ONNX network"),
    ".pb": Message("a graph of TensorFlow"),
    ".pt": Message("a PyTorch file, which can run code"),
    ".pth": Message("a PyTorch file, which can run code"),
    ".pkl": _CODE,
    ".pickle": _CODE,
    ".joblib": _CODE,
    ".safetensors": Message("weights without a network"),
    ".mlmodel": Message("a Core ML network"),
}
_CONVERT = (
    "Networks are read as .keras, .h5 or .tflite; save or convert it as one of these where it was "
    "made."
)


class Classifier(Protocol):
    """A model that is measured.

    Attributes
    ----------
    name : str
        As shown to the user.
    folder : Path
        The bundle's folder, or the model's file.
    alphabet : tuple of str
        The character of each class.
    image_shape : tuple of int
        Height and width of the images that it takes.
    kind : str
        "litert", "classic" or "keras".
    parameters : int or None
        Trained parameters; None where their number is unknown or there are none.
    size_bytes : int
        Of the model on disk.
    pen_widths : tuple of float
        Widths in pixels at which drawings are rendered; the probabilities are averaged.
    takes_direction : bool
        Whether it is shown the direction of the pen in drawings.
    input_range : InputRange or None
        What the network of a file is given for pixels; it may be set. None for a bundle.
    """

    name: str
    folder: Path
    alphabet: tuple[str, ...]
    image_shape: tuple[int, int]
    kind: str
    parameters: int | None
    size_bytes: int
    pen_widths: tuple[float, ...]
    takes_direction: bool
    input_range: InputRange | None

    def probabilities(self, images: Images) -> Probabilities:
        """Return probabilities of shape (n, n_classes).

        Parameters
        ----------
        images : ndarray of shape (n, height, width), dtype=uint8
            With the planes of drawings, (n, 28, 28, n_planes), if it takes the direction.
        """


class BundleClassifier:
    """The recogniser of a bundle."""

    input_range: InputRange | None = None

    def __init__(self, bundle: Bundle) -> None:
        self.recognizer = Recognizer(bundle)
        self.name, self.folder = bundle.name, bundle.folder
        self.alphabet, self.image_shape = bundle.alphabet, bundle.image_shape
        self.kind = "classic" if bundle.is_classic else "litert"
        self.parameters = decode_or(None, int, nested(bundle.card, "network").get("parameters"))
        self.size_bytes = bundle.model_file.stat().st_size
        self.pen_widths = bundle.pen_widths
        self.takes_direction = len(bundle.planes) > 1

    def probabilities(self, images: Images | Planes) -> Probabilities:
        """Return calibrated probabilities."""
        parts = [
            self.recognizer.probabilities(np.asarray(images[low : low + _BATCH]))
            for low in range(0, len(images), _BATCH)
        ]
        return np.concatenate(parts) if parts else self.recognizer.probabilities(images)


def open_classifier(
    path: Path | None = None, alphabet: str = "", input_range: InputRange | None = None
) -> Classifier:
    """Open a model to measure it.

    Parameters
    ----------
    path : Path, optional
        The folder of a bundle or of a run, or a ``.keras``, ``.h5`` or ``.tflite`` file; the
        bundled recogniser if it is None.
    alphabet : str
        The characters of a file's classes, in order: a name such as "all" or "digits", the
        characters themselves, or a text file with one per line. Bundles have their own.
    input_range : InputRange, optional
        What the network of a file expects of pixels; by default what its first layers or its
        quantisation suggest. `settle_input_range` finds it out with labelled samples.

    Raises
    ------
    BundleError
        If nothing is there, it cannot be loaded, or the alphabet is missing or does not fit.
    """
    if path is None:
        path = default_bundle()
    if path.name == CARD_NAME:
        path = path.parent
    if is_model_file(path):
        return _open_file(path, alphabet, input_range)
    if not (path / CARD_NAME).is_file() and (path / "bundle" / CARD_NAME).is_file():
        path = path / "bundle"
    if (path / "saved_model.pb").is_file():
        raise BundleError(
            "{path} is a SavedModel of TensorFlow, which is not read.", _CONVERT
        ).format(path=path.name)
    bundle = load_bundle(path)
    check_bundle(bundle)
    return BundleClassifier(bundle)


def is_model_file(path: Path) -> bool:
    """Return whether a path is that of a network alone, which does not say what it reads."""
    return path.name != CARD_NAME and (path.is_file() or path.suffix in MODEL_FILES)


def alphabet_from(text: str) -> tuple[str, ...]:
    """Return the characters that a text names, as of `open_classifier`.

    Raises
    ------
    BundleError
        If the text is empty, names a character twice, or its file cannot be read.
    """
    if not text:
        raise BundleError(
            "A model file does not say which characters its classes are.",
            "Name them, for example --alphabet digits, --alphabet all or --alphabet ABC.",
        )
    if text.lower() in _ALPHABETS:
        return _ALPHABETS[text.lower()]
    path = Path(text)
    if path.suffix and path.is_file():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise BundleError("The alphabet {path} cannot be read: {reason}.").format(
                path=path.name, reason=error
            ) from error
        characters = tuple(line.strip() for line in lines if line.strip())
    else:
        characters = tuple(text)
    if len(set(characters)) != len(characters):
        raise BundleError("An alphabet names each character once.", "Received: {text}.").format(
            text=text
        )
    return characters


@dataclass(frozen=True, eq=False)
class SharedAlphabet:
    """A dataset's labels and a projection of a model's classes in one alphabet.

    Attributes
    ----------
    characters : tuple of str
        The alphabet.
    truth : ndarray of shape (n,), dtype=int64
        The labels, as indices in `characters`.
    projection : Projection
        From the model's classes to `characters`.
    merges_case : bool
        Whether letters that are alike in both cases are one class, though the data have both.
    """

    characters: tuple[str, ...]
    truth: Labels
    projection: Projection
    merges_case: bool

    def apply(self, probabilities: Probabilities) -> Probabilities:
        """Return probabilities of shape (n, n_characters); rows sum to 1."""
        return self.projection.apply(probabilities)


def shared_alphabet(alphabet: Sequence[str], data: Data) -> SharedAlphabet:
    """Find the alphabet in which predictions and labels are compared.

    Where the data have all 62 characters, case is merged to 47 classes. Where they have fewer
    characters than the model, its predictions are masked to theirs.

    Parameters
    ----------
    alphabet : sequence of str
        The model's classes.
    data : Dataset or PenArchive

    Raises
    ------
    DatasetError
        If the model does not know some of the characters of the data.
    """
    present = [data.alphabet[label] for label in np.unique(data.labels).tolist()]
    targets = BYMERGE if len(data.alphabet) == len(BYCLASS) else tuple(data.alphabet)
    if set(present) <= set(DIGITS):
        targets = tuple(DIGITS)
    masked = projection(alphabet, targets)
    truth = class_indices(data.alphabet, masked.characters)[data.labels]
    if (truth < 0).any():
        unknown = sorted({data.alphabet[i] for i in np.unique(data.labels[truth < 0]).tolist()})
        if max(map(len, unknown)) > 1 and len(unknown) > _MOST_UNKNOWN:
            raise DatasetError(
                "The data have words and no characters, such as {some}.",
                "Measure lines of text with evaluate --lines.",
            ).format(some=", ".join(unknown[:_MOST_UNKNOWN]))
        more = " …" if len(unknown) > _MOST_UNKNOWN else ""
        raise DatasetError(
            "The recogniser does not know these characters of the data: {unknown}.",
            "Measure it on data of its own alphabet.",
        ).format(unknown=" ".join(unknown[:_MOST_UNKNOWN]) + more)
    is_merged = len(data.alphabet) == len(BYCLASS) and targets == BYMERGE
    return SharedAlphabet(masked.characters, truth, masked, is_merged)


def data_images(
    data: Data, classifier: Classifier, pen_width: float | None = None
) -> Images | Planes:
    """Return the images of a dataset in the size that a model takes.

    Drawings are rendered with a pen of `pen_width` pixels, by default the middle one of the
    model's, and with the direction of the pen if the model takes it.
    """
    widths = classifier.pen_widths
    n_planes = len(PLANES) if classifier.takes_direction else 1
    inputs = as_inputs(data, n_planes, pen_width or widths[len(widths) // 2])
    return resized(inputs, classifier.image_shape)


def check_keras(path: Path) -> None:
    """Raise `BundleError` for a Keras file if Keras is not installed."""
    if not has_package("keras"):
        raise BundleError(
            "{path} needs Keras, which is not installed.", missing_hint("train")
        ).format(path=path.name)


def _open_file(path: Path, alphabet: str, input_range: InputRange | None) -> Classifier:
    if not path.is_file():
        raise BundleError("There is no {path}.", "Check the path after --model.").format(path=path)
    kind = _kind_of(path)
    characters = alphabet_from(alphabet)
    if kind == "keras":
        check_keras(path)
        from trainer.evaluation.keras_classifier import KerasClassifier

        return KerasClassifier(path, characters, input_range)
    from trainer.evaluation.litert_classifier import LiteRtClassifier

    return LiteRtClassifier(path, characters, input_range)


def _kind_of(path: Path) -> str:
    """Return "keras" or "litert" by a file's content or name; raise `BundleError` for others."""
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
    except OSError as error:
        raise BundleError("{path} cannot be read: {reason}.").format(
            path=path.name, reason=error.strerror or error
        ) from error
    suffix = path.suffix.lower()
    if start[4:] == _LITERT_MARK:
        return "litert"
    for mark, kind in _STARTS.items():
        if start.startswith(mark) and suffix not in (*_FOREIGN, ".zip", ".npz"):
            return kind
    if suffix in MODEL_FILES:
        return MODEL_FILES[suffix]
    kind_of_file = _FOREIGN.get(suffix, Message("no network of a known kind"))
    raise BundleError("{path} is not opened: it is {kind}.", _CONVERT).format(
        path=path.name, kind=kind_of_file
    )
