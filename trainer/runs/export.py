"""From a trained network to a bundle: LiteRT, calibration, card. Imports TensorFlow."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.alphabet import DIGITS, Reading, projection, reading_projection
from trainer.bundle import BUNDLE_FORMAT, CARD_NAME, KERAS_NAME, MODEL_NAME, load_bundle
from trainer.config import TrainingConfig
from trainer.datasets.dataset import Dataset
from trainer.datasets.load import Data
from trainer.datasets.pen import PenArchive
from trainer.errors import RunError
from trainer.evaluation import metrics
from trainer.preprocess import PEN_WIDTH, PREPROCESSING_VERSION, Images
from trainer.recognizer import Recognizer

REQUIRED_AGREEMENT = 0.999
"""Share of the validation images on which a smaller network must answer as the Keras model."""

FORMATS = ("dynamic-range", "float16", "float32")
"""Smallest first: the first that agrees is taken."""


def export_bundle(
    network: Any,
    folder: Path,
    config: TrainingConfig,
    train: Data,
    validation: Dataset,
    best_epoch: int,
) -> dict[str, Any]:
    """Write a bundle beside `folder` and put it in its place.

    Parameters
    ----------
    network : keras.Model
        Float32; input (n, 28, 28, 1) from 0 to 255, output logits (n, n_classes).
    folder : Path
        Replaced if it exists.
    config : TrainingConfig
    train, validation : Data, Dataset
    best_epoch : int

    Returns
    -------
    dict
        The card.

    Raises
    ------
    RunError
        If no LiteRT form agrees with the network.
    """
    writing = folder.with_name(f".{folder.name}.writing")
    shutil.rmtree(writing, ignore_errors=True)
    writing.mkdir(parents=True)
    logits = _keras_logits(network, validation.images)
    card: dict[str, Any] = {
        "format": BUNDLE_FORMAT,
        "name": f"{config.preset}, {train.name}",
        "alphabet": list(train.alphabet),
        "preprocessing": PREPROCESSING_VERSION,
        "pen_widths": [PEN_WIDTH],
        "temperature": metrics.fit_temperature(logits, validation.labels),
        "network": {"preset": config.preset, "parameters": int(network.count_params())},
        "training": _training_record(config, train, validation, best_epoch),
    }
    for form in FORMATS:
        content = _litert(network, form)
        (writing / MODEL_NAME).write_bytes(content)
        card["model"] = {
            "form": form,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        _write_card(writing, card)
        probabilities = Recognizer(load_bundle(writing)).probabilities(validation.images)
        agreement = float(np.mean(probabilities.argmax(axis=1) == logits.argmax(axis=1)))
        if agreement >= REQUIRED_AGREEMENT:
            break
    else:
        raise RunError(f"No LiteRT form agrees with the network (last: {agreement:.4f}).")
    card["model"]["agreement"] = agreement
    card["validation"] = validation_figures(probabilities, validation)
    _write_card(writing, card)
    network.save(writing / KERAS_NAME)
    if folder.exists():
        shutil.rmtree(folder)
    writing.replace(folder)
    return card


def validation_figures(probabilities: npt.NDArray[np.float32], dataset: Dataset) -> dict[str, Any]:
    """Return the figures of the card: merged where the alphabet has 62 classes.

    Parameters
    ----------
    probabilities : ndarray of shape (n, n_classes), dtype=float32
    dataset : Dataset
        Of the same alphabet.
    """
    shown = reading_projection(dataset.alphabet, Reading.ALL)
    truth = projection(dataset.alphabet, shown.characters).matrix.argmax(axis=1)[dataset.labels]
    merged = shown.apply(probabilities)
    correct = merged.argmax(axis=1) == truth
    figures: dict[str, Any] = {
        "samples": len(dataset),
        "writers": None if dataset.writers is None else len(np.unique(dataset.writers)),
        "classes": len(shown.characters),
        "accuracy": float(correct.mean()),
        "interval": metrics.accuracy_interval(correct, dataset.writers),
        "top3": metrics.top_k_accuracy(merged, truth, 3),
        "forgiving": metrics.forgiving_accuracy(merged, truth, shown.characters),
        "calibration_error": metrics.calibration_error(merged, truth),
        "accuracy_all_classes": metrics.accuracy(probabilities, dataset.labels),
    }
    digits = np.isin(np.array(dataset.alphabet)[dataset.labels], list(DIGITS))
    if digits.any() and len(shown.characters) > len(DIGITS):
        masked = reading_projection(dataset.alphabet, Reading.DIGITS)
        order = {character: index for index, character in enumerate(masked.characters)}
        labels = [order[dataset.alphabet[label]] for label in dataset.labels[digits].tolist()]
        figures["digits_alone"] = metrics.accuracy(
            masked.apply(probabilities[digits]), np.array(labels)
        )
    return figures


def _keras_logits(network: Any, images: Images) -> npt.NDArray[np.float32]:
    parts = [
        np.asarray(network.predict_on_batch(images[low : low + 512, ..., None].astype(np.float32)))
        for low in range(0, len(images), 512)
    ]
    return np.concatenate(parts)


def _litert(network: Any, form: str) -> bytes:
    import tensorflow as tf

    with contextlib.redirect_stdout(io.StringIO()):  # it talks; standard output is for events
        converter = tf.lite.TFLiteConverter.from_keras_model(network)
    if form != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if form == "float16":
        converter.target_spec.supported_types = [tf.float16]
    with contextlib.redirect_stdout(io.StringIO()):
        content: bytes = converter.convert()
    return content


def _training_record(
    config: TrainingConfig, train: Data, validation: Dataset, best_epoch: int
) -> dict[str, Any]:
    settings = json.loads(config.to_json())
    for name in ("data", "validation", "teacher", "start_from"):
        settings[name] = Path(settings[name]).name  # a card travels; the folders do not
    return {
        "command": "python -m trainer train --config config.json",
        "settings": settings,
        "best_epoch": best_epoch,
        "data": [
            {
                "name": data.name,
                "samples": len(data),
                "writers": None if data.writers is None else len(np.unique(data.writers)),
                "sha256": data.fingerprint(),
                "terms": data.terms,
                "use": use,
            }
            for data, use in ((train, "training"), (validation, "validation"))
        ],
        "inks": isinstance(train, PenArchive),
        "versions": _versions(),
    }


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for package in ("emnist-desktop", "keras", "tensorflow", "tensorflow-cpu", "numpy"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions


def _write_card(folder: Path, card: dict[str, Any]) -> None:
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (folder / CARD_NAME).write_text(text, encoding="utf-8")
