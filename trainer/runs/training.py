"""The training itself: fills a run's folder from its settings. Imports Keras.

One epoch is one pass over the schedule, one validation of the averaged weights that yields
loss, accuracy and the confusion matrix together, and one checkpoint. What happens in an epoch
depends on the settings and the epoch's number alone, so a run that was killed goes on from its
last checkpoint as if nothing had been.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from zipfile import BadZipFile

import keras
import numpy as np
import numpy.typing as npt

from trainer.alphabet import BYMERGE, projection
from trainer.config import TrainingConfig
from trainer.datasets.dataset import Dataset
from trainer.datasets.load import as_images
from trainer.datasets.pen import PenArchive
from trainer.errors import RunError
from trainer.models.networks import build_network
from trainer.paths import replacing
from trainer.recognizer import Probabilities
from trainer.runs import events
from trainer.runs.averaging import AveragedWeights
from trainer.runs.batches import BatchMaker, ImageSource, Indices, InkSource, Schedule, Source
from trainer.runs.data import load_training_data
from trainer.runs.fitting import answers_of, load_network, make_optimizer, probabilities_of
from trainer.runs.folder import ControlReader, Request, RunFolder

Report = Callable[[events.Event], None]

_STEPS_PER_AVERAGE = 10
"""Steps between two updates of the averaged weights: copying them costs about a millisecond."""

_SECONDS_PER_EVENT = 0.1
_SECONDS_PER_LOOK = 0.2
"""How often a paused run looks for a request."""


class CancelledError(Exception):
    """The run was cancelled on request."""


class Training:
    """One run, from its settings to its bundle.

    Parameters
    ----------
    folder : RunFolder
        Opened for this run (`RunFolder.open`).
    config : TrainingConfig
    report : callable
        Called with every event, after it is written to the folder.
    """

    def __init__(self, folder: RunFolder, config: TrainingConfig, report: Report) -> None:
        self._folder = folder
        self._config = config
        self._report = report
        self._control = ControlReader(folder)
        self._stop = False
        self._last_event = 0.0

    def run(self) -> None:
        """Train until the end, a stop or a cancel, and write the bundle.

        Raises
        ------
        CancelledError
            If the run was cancelled.
        TrainerError
            If the data or the settings are not usable, or the loss is no number.
        """
        config = self._config
        self._data = load_training_data(config)
        self._prepare_network()
        self._taught = (
            answers_of(load_network(config.teacher, self._reference.output_shape), self._data.train)
            if config.teacher
            else None
        )
        first_epoch = self._restore() + 1
        self._emit(
            events.Started(
                preset=config.preset,
                parameters=self._reference.count_params(),
                n_train=len(self._data.train),
                n_validation=len(self._data.validation),
                alphabet=self._data.train.alphabet,
                epochs=config.epochs,
                batches=self._schedule().n_batches,
                first_epoch=first_epoch,
                device=_device(),
            )
        )
        self._train(first_epoch)
        self._finish()

    def _prepare_network(self) -> None:
        config = self._config
        keras.utils.set_random_seed(config.seed)
        n_classes = len(self._data.train.alphabet)
        keras.config.set_dtype_policy("float32")
        self._reference = build_network(config.preset, n_classes, config.dropout)
        keras.config.set_dtype_policy(config.precision)
        self._network = build_network(config.preset, n_classes, config.dropout)
        keras.config.set_dtype_policy("float32")
        self._usable = np.ones(len(self._data.train), dtype=bool)
        steps = self._schedule().n_batches
        optimizer = make_optimizer(config, steps)
        self._network.compile(
            optimizer,
            keras.losses.CategoricalCrossentropy(
                from_logits=True, label_smoothing=config.label_smoothing
            ),
            metrics=["accuracy"],
            jit_compile=False if keras.backend.backend() == "tensorflow" else "auto",
        )
        optimizer.build(self._network.trainable_variables)
        if config.start_from:
            start = load_network(config.start_from, self._reference.output_shape)
            self._network.set_weights(start.get_weights())
        horizon = config.average_epochs * steps / _STEPS_PER_AVERAGE
        self._average = AveragedWeights(self._network.get_weights(), horizon)
        self._best = (-1.0, 0)

    def _targets(self, indices: Indices) -> Probabilities:
        labels = self._data.train.labels[indices]
        targets = np.eye(len(self._data.train.alphabet), dtype=np.float32)[labels]
        if self._taught is None:
            return targets
        share = np.float32(self._config.teacher_share)
        mixed: Probabilities = (1 - share) * targets + share * self._taught[indices]
        return mixed

    def _schedule(self) -> Schedule:
        config = self._config
        return Schedule(
            self._data.train.labels, self._usable, config.batch_size, config.balance, config.seed
        )

    def _train(self, first_epoch: int) -> None:
        config = self._config
        epoch = first_epoch
        while epoch <= config.epochs and not self._stop:
            until = config.screen_after if epoch <= config.screen_after else config.epochs
            with self._batch_maker(epoch) as maker:
                while epoch <= until and not self._stop:
                    self._epoch(maker, epoch)
                    if epoch == config.screen_after and not self._stop:
                        self._screen(epoch)
                    self._save(epoch)
                    epoch += 1

    def _batch_maker(self, epoch: int) -> BatchMaker:
        train = self._data.train
        schedule = self._schedule()
        if isinstance(train, PenArchive):
            workers = max(1, (os.cpu_count() or 2) // 2)
            source: Source = InkSource(train, self._config.augmentation)
            return BatchMaker(source, schedule, workers, epoch)
        return BatchMaker(ImageSource(train), schedule, 0, epoch)

    def _epoch(self, maker: BatchMaker, epoch: int) -> None:
        began = time.monotonic()
        batches = self._schedule().n_batches
        self._seed_layers(epoch)
        means = {"loss": 0.0, "accuracy": 0.0}
        for number, (images, indices) in enumerate(maker.epoch(epoch), start=1):
            targets = self._targets(indices)
            self._network.reset_metrics()
            logs = self._network.train_on_batch(
                images[..., None].astype(np.float32), targets, return_dict=True
            )
            for name in means:
                means[name] += (float(logs[name]) - means[name]) / number
            if not np.isfinite(means["loss"]):
                raise RunError(
                    f"The loss is no number any more (epoch {epoch}, batch {number}).",
                    "Try a lower --learning-rate; the last checkpoint is intact.",
                )
            if number % _STEPS_PER_AVERAGE == 0:
                self._average.update(self._network.get_weights())
            seconds = time.monotonic() - began
            self._batch_event(epoch, number, batches, means, seconds)
            self._obey(epoch)
        self._validate(epoch, means, began)

    def _seed_layers(self, epoch: int) -> None:
        """Begin the random numbers of dropout anew: a checkpoint does not hold their state."""
        for number, layer in enumerate(self._network.layers):
            generator = getattr(layer, "seed_generator", None)
            if generator is not None:
                low = (self._config.seed * 1009 + number) % 2**31
                generator.state.assign(np.array([low, epoch], dtype=generator.state.dtype))

    def _validate(self, epoch: int, logs: dict[str, float], began: float) -> None:
        self._average.finish_epoch(self._network.get_weights())
        self._reference.set_weights(self._average.weights)
        validation = self._data.validation
        probabilities = probabilities_of(self._reference, validation.images)
        truth = probabilities[np.arange(len(validation)), validation.labels]
        predicted = probabilities.argmax(axis=1)
        n = len(validation.alphabet)
        matrix = np.bincount(validation.labels * n + predicted, minlength=n * n).reshape(n, n)
        accuracy = float(np.mean(predicted == validation.labels))
        merged = _merged_accuracy(probabilities, validation)
        best = merged > self._best[0]
        if best:
            self._best = (merged, epoch)
            self._folder.checkpoints.mkdir(exist_ok=True)
            best_file = self._folder.checkpoints / "best.npz"
            with replacing(best_file) as temporary, temporary.open("wb") as stream:
                np.savez(stream, *self._average.weights)
        rate = self._network.optimizer.learning_rate
        self._emit(
            events.Epoch(
                epoch=epoch,
                loss=logs["loss"],
                accuracy=logs["accuracy"],
                validation_loss=float(-np.log(np.maximum(truth, 1e-12)).mean()),
                validation_accuracy=accuracy,
                merged_accuracy=merged,
                learning_rate=float(keras.ops.convert_to_numpy(rate)),
                seconds=time.monotonic() - began,
                best=best,
            )
        )
        self._emit(events.Confusion(epoch, tuple(tuple(row) for row in matrix.tolist())))

    def _screen(self, epoch: int) -> None:
        """Set aside what the averaged network does not believe, merged classes counted as one."""
        train = self._data.train
        self._reference.set_weights(self._average.weights)
        images = as_images(train)
        probabilities = probabilities_of(self._reference, images.images)
        merge = projection(train.alphabet, _merged_alphabet(train.alphabet))
        column = merge.matrix.argmax(axis=1)[train.labels]
        believed = merge.apply(probabilities)[np.arange(len(train)), column]
        self._usable = believed >= self._config.screen_below
        self._emit(events.Screened(epoch, int((~self._usable).sum()), len(train)))

    def _save(self, epoch: int) -> None:
        writing = self._folder.checkpoints / ".writing"
        writing.mkdir(parents=True, exist_ok=True)
        np.savez(writing / "weights.npz", *self._network.get_weights())
        np.savez(writing / "optimizer.npz", *self._optimizer_state())
        np.savez(writing / "average.npz", *self._average.weights)
        np.save(writing / "usable.npy", self._usable)
        state = {
            "epoch": epoch,
            "averaged": self._average.updates,
            "best": self._best,
            "fingerprint": self._data.train.fingerprint(),
            "stopped": self._stop,
        }
        (writing / "state.json").write_text(json.dumps(state), encoding="utf-8")
        self._folder.save_checkpoint(epoch, writing)
        self._emit(events.Checkpoint(epoch))

    def _optimizer_state(self) -> list[npt.NDArray[np.float32]]:
        return [keras.ops.convert_to_numpy(v) for v in self._network.optimizer.variables]

    def _restore(self) -> int:
        """Load the last checkpoint; return its epoch, 0 without one."""
        checkpoint = self._folder.last_checkpoint()
        if checkpoint is None:
            return 0
        try:
            state = json.loads((checkpoint / "state.json").read_text(encoding="utf-8"))
            usable = np.load(checkpoint / "usable.npy")
            average = _arrays(checkpoint / "average.npz")
            self._network.set_weights(_arrays(checkpoint / "weights.npz"))
            variables = self._network.optimizer.variables
            state_of_optimizer = _arrays(checkpoint / "optimizer.npz")
            for variable, value in zip(variables, state_of_optimizer, strict=True):
                variable.assign(value)
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise RunError(
                f"The checkpoint {checkpoint.name} cannot be read: {error}.",
                "Start the run again in another --run-dir.",
            ) from error
        if state["fingerprint"] != self._data.train.fingerprint():
            raise RunError(
                "The training data have changed since the run was started.",
                "Put the old data back, or start a new run.",
            )
        self._usable = usable
        self._average.restore(average, state["averaged"])
        self._best = (state["best"][0], state["best"][1])
        self._stop = state["stopped"]
        return int(state["epoch"])

    def _obey(self, epoch: int) -> None:
        for request in self._control.next_requests():
            self._take(request, epoch)

    def _take(self, request: Request, epoch: int) -> None:
        if request is Request.CANCEL:
            raise CancelledError
        if request is Request.STOP:
            self._stop = True
        if request is Request.PAUSE:
            self._emit(events.Paused(epoch))
            while True:
                time.sleep(_SECONDS_PER_LOOK)
                requests = self._control.next_requests()
                if requests:
                    break
            for later in requests:
                self._take(later, epoch)
            self._emit(events.Resumed(epoch))

    def _finish(self) -> None:
        from trainer.runs.export import export_bundle

        best_file = self._folder.checkpoints / "best.npz"
        if best_file.exists():
            self._reference.set_weights(_arrays(best_file))
        card = export_bundle(
            self._reference,
            self._folder.bundle,
            self._config,
            self._data.train,
            self._data.validation,
            self._best[1],
        )
        self._emit(
            events.Finished(
                epoch=self._best[1] if self._stop else self._config.epochs,
                best_epoch=self._best[1],
                validation_accuracy=card["validation"]["accuracy"],
                stopped=self._stop,
            )
        )

    def _batch_event(
        self, epoch: int, number: int, batches: int, logs: dict[str, float], seconds: float
    ) -> None:
        now = time.monotonic()
        if now - self._last_event < _SECONDS_PER_EVENT and number < batches:
            return
        self._last_event = now
        per_batch = seconds / number
        left = (batches - number) + (self._config.epochs - epoch) * batches
        self._emit(
            events.Batch(
                epoch=epoch,
                batch=number,
                batches=batches,
                loss=logs["loss"],
                accuracy=logs["accuracy"],
                images_per_second=self._config.batch_size / per_batch,
                seconds_left=left * per_batch,
            )
        )

    def _emit(self, event: events.Event) -> None:
        self._folder.append(event)
        self._report(event)


def _merged_alphabet(alphabet: tuple[str, ...]) -> tuple[str, ...]:
    return BYMERGE if len(alphabet) == 62 else alphabet


def _merged_accuracy(probabilities: npt.NDArray[np.float32], dataset: Dataset) -> float:
    merge = projection(dataset.alphabet, _merged_alphabet(dataset.alphabet))
    predicted = merge.apply(probabilities).argmax(axis=1)
    truth = merge.matrix.argmax(axis=1)[dataset.labels]
    return float(np.mean(predicted == truth))


def _device() -> str:
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
        return f"GPU ({len(gpus)})" if gpus else "CPU"
    return str(backend)


def _arrays(path: Path) -> list[npt.NDArray[np.float32]]:
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
        return [archive[name] for name in archive.files]
