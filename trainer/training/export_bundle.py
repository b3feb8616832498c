"""Export a trained network as a bundle: LiteRT, calibration, card. Imports TensorFlow."""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from trainer.config.training_config import TrainingConfig
from trainer.errors import RunError
from trainer.evaluation import metrics
from trainer.evaluation.summary import validation_figures
from trainer.files.paths import put_in_place
from trainer.files.records import write_json
from trainer.ink.render import PLANES
from trainer.recognition.bundle import CARD_NAME, KERAS_NAME, MODEL_NAME, load_bundle
from trainer.recognition.recognizer import Recognizer
from trainer.training.cards import new_card
from trainer.training.data import TrainingData
from trainer.training.optimizer import logits_of

REQUIRED_AGREEMENT = 0.995
"""Share of the validation images on which the LiteRT network must agree with the Keras model.
Where they differ the network is undecided: its accuracy stays the same."""

FORMATS = ("dynamic-range", "float16", "float32")
"""Smallest first; the first that agrees is used."""


def export_bundle(
    network: Any,
    folder: Path,
    config: TrainingConfig,
    data: TrainingData,
    best_epoch: int,
) -> dict[str, Any]:
    """Write a bundle atomically.

    Parameters
    ----------
    network : keras.Model
        Float32; input (n, height, width, 1) from 0 to 255, output logits (n, n_classes).
    folder : Path
        Replaced if it exists.
    config : TrainingConfig
    data : TrainingData
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
    validation = data.validation
    logits = logits_of(network, data.validation_inputs)
    card = new_card(config, data, int(network.count_params()), best_epoch)
    if network.input_shape[-1] > 1:
        card["planes"] = list(PLANES)
    card["temperature"] = metrics.fit_temperature(logits, validation.labels)
    for form in FORMATS:
        content = _litert(network, form)
        (writing / MODEL_NAME).write_bytes(content)
        card["model"] = {
            "form": form,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        write_json(writing / CARD_NAME, card, indent=2)
        probabilities = Recognizer(load_bundle(writing)).probabilities(data.validation_inputs)
        agreement = float(np.mean(probabilities.argmax(axis=1) == logits.argmax(axis=1)))
        if agreement >= REQUIRED_AGREEMENT:
            break
    else:
        raise RunError("No LiteRT form agrees with the network (last: {agreement}).").format(
            agreement=f"{agreement:.4f}"
        )
    card["model"]["agreement"] = agreement
    card["validation"] = validation_figures(probabilities, validation)
    write_json(writing / CARD_NAME, card, indent=2)
    network.save(writing / KERAS_NAME)
    put_in_place(writing, folder)
    return card


def _litert(network: Any, form: str) -> bytes:
    import tensorflow as tf

    tf.get_logger().setLevel(logging.ERROR)  # in an executable it misses its source
    with contextlib.redirect_stdout(io.StringIO()):  # standard output is for events
        converter = tf.lite.TFLiteConverter.from_keras_model(network)
    if form != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if form == "float16":
        converter.target_spec.supported_types = [tf.float16]
    with contextlib.redirect_stdout(io.StringIO()):
        content: bytes = converter.convert()
    return content
