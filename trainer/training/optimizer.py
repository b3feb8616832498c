"""Keras around the training loop: the optimiser, predictions, and loading networks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from trainer.config.code import MOMENTUM, OPTIMIZER_CLASSES
from trainer.config.training_config import TrainingConfig
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.load import Data
from trainer.errors import RunError
from trainer.ink.render import PEN_WIDTH, Images
from trainer.light_keras import keras
from trainer.models.networks import build_network
from trainer.recognition.bundle import KERAS_NAME
from trainer.recognition.recognizer import Probabilities

TEACHER_PEN_FACTORS = (0.7, 1.0, 1.3)
"""Pen widths for a teacher, as factors of `PEN_WIDTH`."""

_IMAGES_AT_ONCE = 512


def make_optimizer(config: TrainingConfig, steps_per_epoch: int) -> Any:
    """Return the optimiser with its schedule.

    The cosine (Loshchilov and Hutter 2017, arXiv 1608.03983) ends at zero; a plateau begins
    constant and is lowered by the trainer. Where weights decay (AdamW: Loshchilov and Hutter
    2019, arXiv 1711.05101), biases and batch normalisation do not.
    """
    rate = _cosine(config, steps_per_epoch) if config.schedule == "cosine" else config.learning_rate
    settings: dict[str, Any] = {"learning_rate": rate}
    if config.weight_decay:
        settings["weight_decay"] = config.weight_decay
    if config.clip_norm:
        settings["global_clipnorm"] = config.clip_norm
    if config.optimizer == "sgd-momentum":
        settings["momentum"] = MOMENTUM
    optimizer = getattr(keras.optimizers, OPTIMIZER_CLASSES[config.optimizer])(**settings)
    if config.weight_decay:
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


def _cosine(config: TrainingConfig, steps_per_epoch: int) -> Any:
    warmup = int(config.warmup_epochs * steps_per_epoch)
    decay = max(1, config.epochs * steps_per_epoch - warmup)
    return (
        keras.optimizers.schedules.CosineDecay(
            0.0, decay, warmup_target=config.learning_rate, warmup_steps=warmup
        )
        if warmup
        else keras.optimizers.schedules.CosineDecay(config.learning_rate, decay)
    )


def network_for(config: TrainingConfig, n_classes: int, image_shape: tuple[int, int]) -> Any:
    """Build the network that the settings describe."""
    return build_network(
        config.preset,
        n_classes,
        config.dropout,
        image_shape=image_shape,
        image_size=config.image_size,
        l2=config.l2,
        options=config.preset_options,
    )


def probabilities_of(network: Any, images: Images) -> Probabilities:
    """Return the probabilities of a network whose outputs are logits."""
    parts = [
        keras.ops.convert_to_numpy(
            keras.ops.softmax(
                network.predict_on_batch(
                    images[low : low + _IMAGES_AT_ONCE, ..., None].astype(np.float32)
                )
            )
        )
        for low in range(0, len(images), _IMAGES_AT_ONCE)
    ]
    return np.concatenate(parts)


def load_network(folder: str, output_shape: tuple[int | None, ...]) -> Any:
    """Load the Keras model of a run's bundle.

    Raises
    ------
    RunError
        If it cannot be loaded, or its outputs are not of `output_shape`.
    """
    path = Path(folder).expanduser() / KERAS_NAME
    try:
        network = keras.saving.load_model(path, compile=False, safe_mode=True)
    except (OSError, ValueError, TypeError) as error:
        raise RunError(
            "{path} cannot be loaded: {reason}.", "Name the bundle folder of a finished run."
        ).format(path=path, reason=error) from error
    if tuple(network.output_shape) != tuple(output_shape):
        raise RunError(
            "The bundle in {folder} has other classes than the training data.",
            "Name a bundle that was trained on data of the same alphabet.",
        ).format(folder=folder)
    return network


def teacher_probabilities(teacher: Any, parts: Sequence[Data]) -> Probabilities:
    """Return a teacher's predictions for all samples; inks are averaged over several pen widths."""
    probabilities = []
    for part in parts:
        if isinstance(part, PenArchive):
            rendered = [part.render(PEN_WIDTH * factor).images for factor in TEACHER_PEN_FACTORS]
        else:
            rendered = [part.images]
        predictions = [probabilities_of(teacher, images) for images in rendered]
        probabilities.append(np.mean(predictions, axis=0))
    return np.concatenate(probabilities)
