"""A recogniser on disk: a folder with ``bundle.json`` (the card) and ``model.tflite``.

Classic models lie in ``model.skops`` instead, or ``model.ubj``. The card says everything that
the recogniser needs to be used rightly (alphabet, preprocessing, temperature) and everything
that a reader needs to judge it (data, terms, command, figures).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.errors import BundleError
from trainer.ink.render import IMAGE_SIZE, PREPROCESSING_VERSION

BUNDLE_FORMAT = 1
CARD_NAME = "bundle.json"
MODEL_NAME = "model.tflite"
KERAS_NAME = "model.keras"
"""The network as Keras keeps it; only in bundles of runs, to train on."""

CLASSIC_NAMES = {"skops": "model.skops", "xgboost": "model.ubj"}
"""The files of classic models, by their form."""

_REPAIR = "Choose another recogniser, or install the program again."
_LARGEST_CARD = 1 << 20
_LARGEST_MODEL = 1 << 30
_LARGEST_CLASSIC = 1 << 34
"""Forests of the course projects had 14 GB."""

_DIGEST_CHUNK = 1 << 20
_MAX_CLASSES = 10_000
_LARGEST_SIDE = 1024


@dataclass(frozen=True, eq=False)
class Bundle:
    """What `load_bundle` found.

    Attributes
    ----------
    folder : Path
    name : str
        As shown to the user.
    alphabet : tuple of str
        The character of each output of the network.
    pen_widths : tuple of float
        Widths in pixels at which an ink is rendered; the probabilities are averaged.
    temperature : float
        The logits are divided by it (Guo et al. 2017, arXiv 1706.04599); above 0.
    card : dict
        The whole of ``bundle.json``.
    image_shape : tuple of int
        Height and width of the images that the network takes.
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
    form: str = "float16"

    @property
    def is_classic(self) -> bool:
        """Whether it needs scikit-learn or xgboost, and so a process of its own."""
        return self.form in CLASSIC_NAMES

    @property
    def model_file(self) -> Path:
        """The model: a network for LiteRT, or a classic one."""
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
        _check_versions(card, folder)
        alphabet = tuple(card["alphabet"])
        pen_widths = tuple(float(width) for width in card["pen_widths"])
        temperature = float(card["temperature"])
        name, expected = str(card["name"]), str(card["model"]["sha256"])
        form = str(card["model"].get("form", ""))
        height, width = (int(n) for n in card.get("image_shape", (IMAGE_SIZE, IMAGE_SIZE)))
        sound = (
            0 < len(alphabet) <= _MAX_CLASSES
            and all(isinstance(c, str) and c for c in alphabet)
            and 0 < len(pen_widths) <= 16
            and all(0.1 <= width <= 20 for width in pen_widths)
            and 1e-3 <= temperature <= 1e3
            and 1 <= height <= _LARGEST_SIDE
            and 1 <= width <= _LARGEST_SIDE
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BundleError(
            "The card {folder}/{card_name} lacks or spoils a field: {reason}.", _REPAIR
        ).format(folder=folder.name, card_name=CARD_NAME, reason=error) from error
    if not sound:
        raise BundleError("The card {folder}/{card_name} has impossible values.", _REPAIR).format(
            folder=folder.name, card_name=CARD_NAME
        )
    bundle = Bundle(folder, name, alphabet, pen_widths, temperature, card, (height, width), form)
    _check_model(
        bundle.model_file, expected, _LARGEST_CLASSIC if bundle.is_classic else _LARGEST_MODEL
    )
    return bundle


def _check_versions(card: dict[str, Any], folder: Path) -> None:
    version = card["format"]
    if version != BUNDLE_FORMAT:
        raise BundleError(
            "Expected a bundle of format {format} in {folder}. Received: format {received}.",
            "It was made by another version of EMNIST Desktop; use that one, or train anew.",
        ).format(format=BUNDLE_FORMAT, folder=folder.name, received=version)
    if card["preprocessing"] != PREPROCESSING_VERSION:
        raise BundleError(
            "{folder} was trained on images of preprocessing {preprocessing}; this "
            "program makes {current}.",
            "It would misread drawings. Train it again with this version.",
        ).format(
            folder=folder.name, preprocessing=card["preprocessing"], current=PREPROCESSING_VERSION
        )


def _read_card(folder: Path) -> dict[str, Any]:
    path = folder / CARD_NAME
    try:
        if path.stat().st_size > _LARGEST_CARD:
            raise BundleError("The card {folder}/{card_name} is far too large.", _REPAIR).format(
                folder=folder.name, card_name=CARD_NAME
            )
        card = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BundleError(
            "There is no recogniser in {folder}.",
            "Check the path (it is a folder with {card_name}), or choose another recogniser.",
        ).format(folder=folder, card_name=CARD_NAME) from error
    except (OSError, ValueError, RecursionError) as error:
        raise BundleError(
            "The card {folder}/{card_name} cannot be read: {reason}.", _REPAIR
        ).format(folder=folder.name, card_name=CARD_NAME, reason=error) from error
    if not isinstance(card, dict):
        raise BundleError("Expected a JSON object in {folder}/{card_name}.", _REPAIR).format(
            folder=folder.name, card_name=CARD_NAME
        )
    return card


def checksum(path: Path) -> str:
    """Return the sha256 of a file, which may be larger than memory."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_DIGEST_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


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
