"""Keras around the training loop: the optimiser, predictions, and loading networks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from trainer.config.code import MOMENTUM, OPTIMIZER_CLASSES
from trainer.config.training_config import TrainingConfig
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.samples import Data, as_inputs
from trainer.errors import RunError
from trainer.ink.render import PEN_WIDTH, Images, Planes, with_planes
from trainer.light_keras import keras
from trainer.models.networks import build_network
from trainer.recognition.bundle import KERAS_NAME, WEIGHTS_NAME, load_bundle
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


def network_for(config: TrainingConfig, n_classes: int, input_shape: tuple[int, ...]) -> Any:
    """Build the network that the settings describe.

    Parameters
    ----------
    config : TrainingConfig
    n_classes : int
    input_shape : tuple of int
        Height and width, and the number of planes if there are several.
    """
    height, width, *planes = input_shape
    return build_network(
        config.preset,
        n_classes,
        config.dropout,
        image_shape=(height, width),
        n_planes=planes[0] if planes else 1,
        image_size=config.image_size,
        l2=config.l2,
        options=config.preset_options,
        own_layers=config.layers,
    )


def logits_of(network: Any, inputs: Images | Planes) -> Probabilities:
    """Return the outputs of a network for images, with or without other planes."""
    n_planes = network.input_shape[-1]
    parts = [
        np.asarray(
            network.predict_on_batch(
                with_planes(inputs[low : low + _IMAGES_AT_ONCE], n_planes).astype(np.float32)
            )
        )
        for low in range(0, len(inputs), _IMAGES_AT_ONCE)
    ]
    return np.concatenate(parts)


def probabilities_of(network: Any, inputs: Images | Planes) -> Probabilities:
    """Return the probabilities of a network whose outputs are logits."""
    probabilities: Probabilities = keras.ops.convert_to_numpy(
        keras.ops.softmax(logits_of(network, inputs))
    )
    return probabilities


def bundle_folder(folder: str) -> Path:
    """Return the folder of a bundle, which may be named by that of its run."""
    path = Path(folder).expanduser()
    return path / "bundle" if (path / "bundle" / KERAS_NAME).is_file() else path


def load_network(folder: str, output_shape: tuple[int | None, ...]) -> Any:
    """Load the Keras model of a run's bundle.

    Raises
    ------
    RunError
        If it cannot be loaded, or its outputs are not of `output_shape`.
    """
    path = bundle_folder(folder)
    if not any((path / name).is_file() for name in (KERAS_NAME, WEIGHTS_NAME)):
        raise RunError(
            "There is no network in {folder}.", "Name the bundle folder of a finished run."
        ).format(folder=folder)
    only_weights = (path / WEIGHTS_NAME).is_file() and not (path / KERAS_NAME).is_file()
    try:
        network = (
            _with_weights(path)
            if only_weights
            else keras.saving.load_model(path / KERAS_NAME, compile=False, safe_mode=True)
        )
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise RunError(
            "{path} cannot be loaded: {reason}.", "Name the bundle folder of a finished run."
        ).format(path=path / KERAS_NAME, reason=str(error).rstrip(".")) from error
    if tuple(network.output_shape) != tuple(output_shape):
        raise RunError(
            "The bundle in {folder} has other classes than the training data.",
            "Name a bundle that was trained on data of the same alphabet.",
        ).format(folder=folder)
    return network


def _with_weights(folder: Path) -> Any:
    """Build the network that a card describes, with the weights beside it."""
    bundle = load_bundle(folder)
    network = build_network(
        bundle.card["network"]["preset"],
        len(bundle.alphabet),
        dropout=0.0,
        image_shape=bundle.image_shape,
        n_planes=len(bundle.planes),
        options=bundle.card["training"]["settings"].get("preset_options"),
    )
    with np.load(folder / WEIGHTS_NAME, allow_pickle=False) as archive:
        network.set_weights([archive[name].astype(np.float32) for name in archive.files])
    return network


def teacher_probabilities(teacher: Any, parts: Sequence[Data]) -> Probabilities:
    """Return a teacher's predictions for all samples.

    Inks are shown with the direction of the pen if the teacher knows it, else averaged over
    several pen widths.
    """
    n_planes = teacher.input_shape[-1]
    probabilities = []
    for part in parts:
        several = isinstance(part, PenArchive) and n_planes == 1
        widths = [PEN_WIDTH * factor for factor in (TEACHER_PEN_FACTORS if several else (1.0,))]
        predictions = [
            probabilities_of(teacher, as_inputs(part, n_planes, width)) for width in widths
        ]
        probabilities.append(np.mean(predictions, axis=0))
    return np.concatenate(probabilities)
