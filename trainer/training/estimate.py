"""What a training would cost, before it is started: size, memory, time an epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trainer.config.training_config import TrainingConfig
from trainer.models.presets import PresetKind, preset
from trainer.training.memory import available_memory

_TRIAL_BATCHES = 2

_LIBRARY_BYTES = 900 * 2**20
"""Of TensorFlow itself, and of the workers that make batches."""

_CLASSIC_LIBRARY_BYTES = 200 * 2**20


@dataclass(frozen=True)
class Estimate:
    """What a training would cost.

    Attributes
    ----------
    parameters : int or None
        None for classic models.
    memory_bytes : int
        Roughly, of all its processes.
    available_bytes : int
        What can be had without swapping.
    seconds_per_epoch : float or None
        From a trial of two batches, without the validation; None for classic models, whose
        time the number of samples does not tell.
    batches_per_epoch : int
    samples, validation_samples, classes : int
    device, device_reason : str
    """

    parameters: int | None
    memory_bytes: int
    available_bytes: int
    seconds_per_epoch: float | None
    batches_per_epoch: int
    samples: int
    validation_samples: int
    classes: int
    device: str
    device_reason: str


def estimate(config: TrainingConfig) -> Estimate:
    """Load the data, build the model, and time two batches of a network.

    Raises
    ------
    TrainerError
        If the data or the settings are not usable.
    """
    if preset(config.preset).kind is PresetKind.CLASSICAL:
        return _classic(config)
    from trainer.training.learner import Learner

    learner = Learner(config)
    seconds = learner.seconds_per_batch(_TRIAL_BATCHES)
    data, network, n_batches = learner.data, learner.network, learner.schedule().n_batches
    return Estimate(
        parameters=int(network.count_params()),
        memory_bytes=_LIBRARY_BYTES + data.nbytes + _network_bytes(network, config.batch_size),
        available_bytes=available_memory(),
        seconds_per_epoch=seconds * n_batches,
        batches_per_epoch=n_batches,
        samples=len(data),
        validation_samples=len(data.validation),
        classes=len(data.alphabet),
        device=learner.device.name,
        device_reason=learner.device.reason,
    )


def _network_bytes(network: Any, batch_size: int) -> int:
    """Weights six times (gradients, two of the optimiser, average, best) and all activations."""
    features = 0
    for layer in network.layers:
        size = 1
        for side in layer.output.shape[1:]:
            size *= int(side or 1)
        features += size
    return 4 * (6 * int(network.count_params()) + 2 * batch_size * features)


def _classic(config: TrainingConfig) -> Estimate:
    from trainer.training.data import load_training_data

    data = load_training_data(config)
    height, width = data.image_shape
    copies = int(preset(config.preset).option_values(config.preset_options).get("copies", 0))
    samples = len(data) * (copies + 1)
    rows = samples * height * width * 4
    return Estimate(
        parameters=None,
        memory_bytes=_CLASSIC_LIBRARY_BYTES + data.nbytes + 2 * rows,
        available_bytes=available_memory(),
        seconds_per_epoch=None,
        batches_per_epoch=1,
        samples=samples,
        validation_samples=len(data.validation),
        classes=len(data.alphabet),
        device="CPU",
        device_reason="Classic models compute on the processor.",
    )
