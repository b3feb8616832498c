"""The cost of a training before its start: parameters, memory, time per epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from trainer.config.training_config import TrainingConfig
from trainer.datasets.load import load_data
from trainer.models.presets import PresetKind, preset
from trainer.processes.memory import available_memory, format_bytes

_TRIAL_BATCHES = 2

_LIBRARY_BYTES = 900 * 2**20
"""Of TensorFlow and the batch workers."""

_CLASSIC_LIBRARY_BYTES = 200 * 2**20

_NODES_PER_SAMPLE = 0.4
"""Of a deep tree on characters: 14.23 GB for 250 trees on 338,400 samples of 47 classes."""

_NODE_BYTES = 64
_CLASS_BYTES = 8
"""Of a node of scikit-learn's trees, and of each class share in it."""

_SHARE_OF_MEMORY = 0.8


@dataclass(frozen=True)
class Estimate:
    """The cost of a training.

    Attributes
    ----------
    parameters : int or None
        None for classic models.
    memory_bytes : int
        Estimate for all its processes.
    available_bytes : int
        Free memory.
    seconds_per_epoch : float or None
        From a trial of two batches, without validation; None for classic models, whose time cannot
        be estimated.
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
    """Return the bytes of six copies of the weights (gradients, optimiser, …) and activations."""
    shapes = (layer.output.shape[1:] for layer in network.layers)
    features = sum(math.prod(int(side or 1) for side in shape) for shape in shapes)
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


def forest_bytes(samples: int, classes: int, trees: int) -> float:
    """Return an estimate of the memory of a forest's trees."""
    return trees * samples * _NODES_PER_SAMPLE * (_NODE_BYTES + _CLASS_BYTES * classes)


def memory_warning(config: TrainingConfig) -> str:
    """Return a warning if a forest will probably exceed the free memory; else an empty text.

    The training itself stops with fewer trees before memory runs out.
    """
    options = preset(config.preset).option_values(config.preset_options)
    if "trees" not in options:
        return ""
    free = available_memory()
    data = load_data(config.data, "train")
    samples = min(len(data), config.limit or len(data)) * (1 + int(options.get("copies", 0)))
    needed = forest_bytes(samples, len(data.alphabet), int(options["trees"]))
    if needed <= free * _SHARE_OF_MEMORY:
        return ""
    return (
        f"The forest will take about {format_bytes(needed)} of memory, "
        f"{format_bytes(free)} are free: it is ended with fewer trees before memory runs out."
    )
