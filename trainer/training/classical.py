"""The training of a classic model. Imports scikit-learn."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np

from trainer.errors import Message, RunError
from trainer.evaluation.summary import validation_figures
from trainer.files.paths import put_in_place
from trainer.files.records import write_json
from trainer.ink.render import Images
from trainer.models.classical import (
    ClassicalEstimator,
    FitStep,
    SupportVectorMachine,
    build_classical,
    shifted_copies,
)
from trainer.models.presets import preset
from trainer.processes.memory import available_memory, format_bytes
from trainer.recognition.bundle import CARD_NAME, CLASSIC_NAMES, checksum
from trainer.recognition.classical_model import flattened
from trainer.recognition.recognizer import Probabilities
from trainer.runs import events
from trainer.training.cards import new_card
from trainer.training.data import load_training_data
from trainer.training.run import TrainingRun
from trainer.training.validation import cross_entropy, validation_result

_IMAGES_AT_ONCE = 256
"""Images per batch; requests are handled between two."""

_TRAINING_SAMPLE = 1000
"""Samples on which the training accuracy is measured."""

_SHARE_OF_MEMORY = 0.8
"""A forest that would need a larger share of the free memory is warned of, or stopped."""


class ClassicalTraining(TrainingRun):
    """One run of a classic model; an interrupted one starts again."""

    _stage = 1
    _warned = False

    def run(self) -> None:
        """Train: see `TrainingRun.run`."""
        config = self._config
        self._preset = preset(config.preset)
        options = self._preset.option_values(config.preset_options)
        self._data = load_training_data(config)
        n_classes = len(self._data.alphabet)
        model = build_classical(config.preset, options, n_classes, config.seed)
        images, labels = self._data.images(), self._data.labels
        if "copies" in options:
            images, labels = shifted_copies(images, labels, options, config.seed)
        self._begin(
            self._data,
            n_train=len(labels),
            parameters=0,
            epochs=model.stages,
            batches=model.total,
            first_epoch=1,
            device="CPU",
            device_reason="Classic models compute on the processor.",
            reports_progress=self._preset.reports_progress,
        )
        generator = np.random.default_rng(config.seed)
        sample = generator.permutation(len(labels))[:_TRAINING_SAMPLE]
        self._began = self._stage_began = self._control.clock()
        measured = False
        for step in model.fit(flattened(images), labels):
            self._progress(step.done, step.total, model.unit)
            self._control.handle_requests(self._stage)
            ends = self._outgrows_memory(model, step)
            measured = step.measurable
            if measured:
                self._measure(model, images[sample], labels[sample])
            if (self._control.stopped or ends) and self._preset.reports_progress:
                break
        if not measured:
            self._measure(model, images[sample], labels[sample])
        self._finish(model)

    def _progress(self, done: int, total: int, unit: str) -> None:
        if not self._may_report(is_last=done >= total):
            return
        left = (self._control.clock() - self._began) / max(1, done) * (total - done)
        self._control.emit(events.Progress(self._stage, done, total, unit, left))

    def _outgrows_memory(self, model: ClassicalEstimator, step: FitStep) -> bool:
        """Warn of a model that will not fit into memory; true if the next step would not."""
        projected, free = model.projected_bytes(), available_memory()
        if not projected or step.done == step.total:
            return False
        built = projected * step.done / step.total
        limit = (free + built) * _SHARE_OF_MEMORY
        if projected > limit and not self._warned:
            self._warned = True
            self._control.emit(
                events.Warned(
                    Message(
                        "The model will take {needed} of memory; {free} are free.",
                        needed=format_bytes(projected),
                        free=format_bytes(free + built),
                    ),
                    "It is ended with fewer trees before memory runs out. Stop it to choose a "
                    "smaller depth, fewer trees, or fewer samples.",
                )
            )
        return built + projected / step.total > limit

    def _measure(self, model: ClassicalEstimator, images: Images, labels: Any) -> None:
        train = self._predict(model, images, report=False)
        truth = train[np.arange(len(labels)), labels]
        validation = self._data.validation
        probabilities = self._predict(model, validation.images, report=model.total == 1)
        result = validation_result(probabilities, validation)
        now = self._control.clock()
        self._finish_epoch(
            self._stage,
            result,
            loss=cross_entropy(truth),
            accuracy=float(np.mean(train.argmax(axis=1) == labels)),
            learning_rate=0.0,
            seconds=now - self._stage_began,
            best=True,
        )
        self._probabilities = probabilities
        self._stage, self._stage_began = self._stage + 1, now

    def _predict(self, model: ClassicalEstimator, images: Images, *, report: bool) -> Probabilities:
        """Predict images in batches; `report` progress if that is most of the work."""
        parts = []
        began = self._control.clock()
        for low in range(0, len(images), _IMAGES_AT_ONCE):
            block = images[low : low + _IMAGES_AT_ONCE]
            parts.append(model.probabilities(flattened(block)))
            self._control.handle_requests(self._stage)
            if report:
                done = low + len(block)
                left = (self._control.clock() - began) / done * (len(images) - done)
                self._control.emit(events.Progress(self._stage, done, len(images), "images", left))
        return np.concatenate(parts)

    def _finish(self, model: ClassicalEstimator) -> None:
        stage = self._stage - 1
        card = _write_bundle(
            self._folder.bundle,
            model,
            new_card(self._config, self._data, None, stage),
            validation_figures(self._probabilities, self._data.validation),
        )
        self._end(card, stage, stage)


def _write_bundle(
    folder: Path, model: ClassicalEstimator, card: dict[str, Any], figures: dict[str, Any]
) -> dict[str, Any]:
    writing = folder.with_name(f".{folder.name}.writing")
    shutil.rmtree(writing, ignore_errors=True)
    writing.mkdir(parents=True)
    free = shutil.disk_usage(writing).free
    if model.projected_bytes() > free:
        raise RunError(
            "The model needs {needed} on the disk; {free} are free.",
            "Free some space, or choose a smaller model.",
        ).format(needed=format_bytes(model.projected_bytes()), free=format_bytes(free))
    path = writing / CLASSIC_NAMES[model.form]
    model.save(path)
    card["model"] = {
        "form": model.form,
        "bytes": path.stat().st_size,
        "sha256": checksum(path),
    }
    if isinstance(model, SupportVectorMachine):
        card["model"]["support_vectors"] = model.support_vectors
    card["validation"] = figures
    write_json(writing / CARD_NAME, card, indent=2)
    put_in_place(writing, folder)
    return card
