"""A network and its data, ready for training steps. Imports Keras."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from trainer.augmentation.mixing import erased, mixed
from trainer.config.training_config import TrainingConfig
from trainer.errors import RunError
from trainer.light_keras import keras
from trainer.recognition.recognizer import Probabilities
from trainer.training.batches import BatchMaker, Indices, Inputs, Schedule
from trainer.training.data import load_training_data
from trainer.training.devices import choose_device
from trainer.training.optimizer import (
    load_network,
    make_optimizer,
    network_for,
    teacher_probabilities,
)
from trainer.training.step import Stepper, steps_per_call

_SETTLED = 3.0
"""Time constants after which an exponential average has forgotten 95 % of its beginning."""

_MIXING = 1
"""Tells the random numbers of the mixing from those of the batches."""


class Learner:
    """The data, network and optimiser that the settings describe.

    Attributes
    ----------
    device : Device
    data : TrainingData
    labels : ndarray of shape (n_samples,), dtype=int64
        Of the training samples.
    fingerprint : str
        Of the data.
    network : keras.Model
        The one that is trained.
    reference : keras.Model
        Its float32 copy with the weights that are validated.
    usable : ndarray of shape (n_samples,), dtype=bool
        False for samples that were set aside.
    stepper : Stepper

    Raises
    ------
    TrainerError
        If the data or the settings are not usable.
    """

    def __init__(self, config: TrainingConfig) -> None:
        self.config = config
        self.device = choose_device(config.device)
        self.data = load_training_data(config)
        self.fingerprint = self.data.fingerprint()
        self.labels = self.data.labels
        self.usable = np.ones(len(self.data), dtype=bool)
        self._build()
        self._teacher: Probabilities | None = None
        if config.teacher:
            teacher = load_network(config.teacher, self.reference.output_shape)
            self._teacher = teacher_probabilities(teacher, self.data.parts)

    def _build(self) -> None:
        config = self.config
        keras.utils.set_random_seed(config.seed)
        n_classes, shape = len(self.data.alphabet), self.data.source(config).input_shape
        keras.config.set_dtype_policy("float32")
        self.reference = network_for(config, n_classes, shape)
        strategy = self.device.strategy
        with strategy.scope() if strategy is not None else contextlib.nullcontext():
            keras.config.set_dtype_policy(config.precision)
            self.network = network_for(config, n_classes, shape)
            keras.config.set_dtype_policy("float32")
            optimizer = make_optimizer(config, self.schedule().n_batches)
            self.network.compile(
                optimizer,
                keras.losses.CategoricalCrossentropy(
                    from_logits=True, label_smoothing=config.label_smoothing
                ),
                metrics=["accuracy"],
                jit_compile=False if keras.backend.backend() == "tensorflow" else "auto",
            )
            optimizer.build(self.network.trainable_variables)
        if config.start_from:
            start = load_network(config.start_from, self.reference.output_shape)
            self._begin_with(start)
        self.stepper = Stepper(self.network, self.device, self._class_weights())

    def _begin_with(self, start: Any) -> None:
        try:
            self.network.set_weights(start.get_weights())
        except ValueError as error:
            raise RunError(
                "The recogniser in {start_from} is another network.",
                "Start from one of the preset {preset}, with the same options.",
            ).format(start_from=self.config.start_from, preset=self.config.preset) from error

    def _class_weights(self) -> Probabilities | None:
        """Return the weight of each class, whose mean over the samples is 1; None for none."""
        exponent = self.config.class_weights
        if not exponent:
            return None
        counts = np.bincount(self.labels, minlength=len(self.data.alphabet))
        weights = np.maximum(counts, 1.0) ** -exponent
        result: Probabilities = (weights * len(self.labels) / (counts * weights).sum()).astype(
            np.float32
        )
        return result

    @property
    def settling_batches(self) -> int:
        """Batches within which the statistics of batch normalisation settle; 0 without any.

        Those of a network that goes on from another are settled.
        """
        if self.config.start_from:
            return 0
        normal = keras.layers.BatchNormalization
        kinds = [each for each in self.reference.layers if isinstance(each, normal)]
        return max((round(_SETTLED / (1 - each.momentum)) for each in kinds), default=0)

    @property
    def steps_per_call(self) -> int:
        """Batches per call of the network."""
        setting = self.config.steps_per_call
        return steps_per_call(setting, self.reference.count_params(), self.device)

    def targets(self, indices: Indices) -> Probabilities:
        """Return the training targets, shape (n, n_classes)."""
        targets = np.eye(len(self.data.alphabet), dtype=np.float32)[self.labels[indices]]
        if self._teacher is None:
            return targets
        share = np.float32(self.config.teacher_share)
        mixed: Probabilities = (1 - share) * targets + share * self._teacher[indices]
        return mixed

    def batches(self, maker: BatchMaker, epoch: int) -> Iterator[tuple[Inputs, Probabilities]]:
        """Yield the inputs and targets of an epoch, mixed and erased as the settings ask."""
        config = self.config
        for number, (inputs, indices) in enumerate(maker.epoch(epoch)):
            targets = self.targets(indices)
            generator = np.random.default_rng([config.seed, epoch, number, _MIXING])
            if config.erasing:
                inputs = erased(inputs, config.erasing, generator)
            if config.mixing != "none":
                how = config.mixing, config.mixing_strength
                inputs, targets = mixed(*how, inputs, targets, generator)
            yield inputs, targets

    def schedule(self) -> Schedule:
        """Return the schedule of the batches."""
        config = self.config
        return Schedule(
            self.labels,
            self.usable,
            config.batch_size,
            config.balance,
            config.seed,
            self.data.extra_from,
            config.extra_share,
        )

    def batch_maker(self, epoch: int) -> BatchMaker:
        """Return the maker of the batches from an epoch on."""
        config, data = self.config, self.data
        varies = config.image_augmentation is not None and not config.image_augmentation.is_nothing
        varies = varies or config.paper_share > 0
        workers = max(1, (os.cpu_count() or 2) // 2) if data.has_inks or varies else 0
        return BatchMaker(data.source(config), self.schedule(), workers, epoch)

    def prepare(self) -> None:
        """Trace the training step while the workers make the first batch."""
        shape = self.data.source(self.config).input_shape
        self.stepper.prepare(shape, len(self.data.alphabet), self.steps_per_call)

    def seed_layers(self, epoch: int) -> None:
        """Seed dropout for an epoch: a checkpoint does not hold its random state."""
        for number, layer in enumerate(self.network.layers):
            generator = getattr(layer, "seed_generator", None)
            if generator is not None:
                low = (self.config.seed * 1009 + number) % 2**31
                generator.state.assign(np.array([low, epoch], dtype=generator.state.dtype))

    def seconds_per_batch(self, n: int) -> float:
        """Train on `n` batches and time them, without the first, which includes compilation."""
        with self.batch_maker(1) as maker:
            batches = list(islice(self.batches(maker, 1), n + 1))
        self.stepper.start_epoch()
        began = 0.0
        for number, (images, targets) in enumerate(batches):
            self.stepper.train_batches([images], [targets])
            self.stepper.means()
            if number == 0:
                began = time.monotonic()
        if len(batches) == 1:  # so few data: time it once more
            images, targets = batches[0]
            self.stepper.train_batches([images], [targets])
            self.stepper.means()
        return (time.monotonic() - began) / max(1, len(batches) - 1)
