"""The training of a network. Imports Keras.

An epoch is a pass over the schedule, a validation of the averaged weights and a checkpoint. It
depends on the settings and its number alone, so that a killed run resumes from its last checkpoint
with the same results.
"""

from __future__ import annotations

import numpy as np

from trainer.config.code import PLATEAU_EPOCHS, PLATEAU_FACTOR
from trainer.errors import Message, RunError
from trainer.files.paths import replacing
from trainer.ink.alphabet import CharacterSet, character_set_projection, class_indices
from trainer.light_keras import keras
from trainer.runs import events
from trainer.training.batches import BatchMaker
from trainer.training.checkpoints import Snapshot, arrays, load_snapshot, save_snapshot
from trainer.training.devices import device_memory
from trainer.training.learner import Learner
from trainer.training.optimizer import probabilities_of
from trainer.training.run import TrainingRun
from trainer.training.step import grouped
from trainer.training.validation import validation_result
from trainer.training.weight_average import AveragedWeights

_LEAST_USABLE = 0.5
"""If a smaller share has a likely label, it is the network that is wrong."""


class Training(TrainingRun):
    """One run of a network."""

    _best = (-1.0, 0)
    """The best merged accuracy and its epoch."""

    _lowered = 0
    _early = False
    _last_batch_event = (0, 0.0, 0.0)

    def run(self) -> None:
        """Train: see `TrainingRun.run`."""
        config = self._config
        learner = self._learner = Learner(config)
        steps = learner.schedule().n_batches
        weights = learner.network.get_weights()
        self._average = AveragedWeights(weights, config.average_epochs, steps)
        first_epoch = self._restore() + 1
        self._begin(
            learner.data,
            device_memory(learner.device),
            learner.settling_batches,
            parameters=learner.reference.count_params(),
            epochs=config.epochs,
            batches=steps,
            first_epoch=first_epoch,
            device=learner.device.name,
            device_reason=learner.device.reason,
        )
        self._train(first_epoch)
        self._finish()

    @property
    def _ends(self) -> bool:
        return self._control.stopped or self._early

    def _train(self, first_epoch: int) -> None:
        config = self._config
        epoch = first_epoch
        while epoch <= config.epochs and not self._ends:
            until = config.screen_after if epoch <= config.screen_after else config.epochs
            with self._learner.batch_maker(epoch) as maker:
                self._learner.prepare()
                while epoch <= until and not self._ends:
                    if not self._epoch(maker, epoch):
                        return
                    if epoch == config.screen_after and not self._ends:
                        self._screen(epoch)
                    self._save(epoch)
                    epoch += 1

    def _epoch(self, maker: BatchMaker, epoch: int) -> bool:
        """Train one epoch; return whether it counts: a stopped one may not."""
        began = self._control.clock()
        self._last_batch_event = (0, 0.0, 0.0)
        batches = self._learner.schedule().n_batches
        self._learner.seed_layers(epoch)
        self._learner.stepper.start_epoch()
        size = self._learner.steps_per_call
        done = 0
        for group in grouped(self._learner.batches(maker, epoch), size):
            images, targets = zip(*group, strict=True)
            self._learner.stepper.train_batches(list(images), list(targets))
            before, done = done, done + len(group)
            if self._average.is_due(before, done, batches):
                self._average.update(self._learner.network.get_weights())
            self._batch_event(epoch, done, batches, self._control.clock() - began)
            self._control.handle_requests(epoch)
            if self._control.stopped:
                break
        if done < batches and not self._counts_unfinished(epoch, done, batches):
            return False
        self._validate(epoch, self._means(epoch, done), began)
        return True

    def _counts_unfinished(self, epoch: int, done: int, batches: int) -> bool:
        """Return whether a stopped epoch counts: only if there is no earlier one."""
        if self._best[1]:
            return False
        self._control.emit(
            events.Warned(
                Message(
                    "Stopped in epoch {epoch}, after {done} of {batches} batches.",
                    epoch=epoch,
                    done=f"{done:,}",
                    batches=f"{batches:,}",
                ),
                "No epoch was finished, so what it had learnt by then is kept.",
            )
        )
        return True

    def _means(self, epoch: int, batch: int) -> tuple[float, float]:
        loss, accuracy = self._learner.stepper.means()
        if not np.isfinite(loss):
            raise RunError(
                "The loss is no number any more (epoch {epoch}, batch {batch}).",
                "Try a lower --learning-rate; the last checkpoint is intact.",
            ).format(epoch=epoch, batch=batch)
        return loss, accuracy

    def _recent(self, epoch: int, batch: int) -> tuple[float, float]:
        """Return loss and accuracy of the batches since the last event."""
        loss, accuracy = self._means(epoch, batch)
        before, loss_before, accuracy_before = self._last_batch_event
        self._last_batch_event = (batch, loss, accuracy)
        n = batch - before
        if n <= 0:
            return loss, accuracy
        return (
            (loss * batch - loss_before * before) / n,
            min(1.0, max(0.0, (accuracy * batch - accuracy_before * before) / n)),
        )

    def _validate(self, epoch: int, means: tuple[float, float], began: float) -> None:
        self._average.finish_epoch(self._learner.network.get_weights())
        self._learner.reference.set_weights(self._average.weights)
        validation = self._learner.data.validation
        inputs = self._learner.data.validation_inputs
        probabilities = probabilities_of(self._learner.reference, inputs)
        result = validation_result(probabilities, validation)
        best = result.merged_accuracy > self._best[0]
        if best:
            self._best = (result.merged_accuracy, epoch)
            self._folder.checkpoints.mkdir(exist_ok=True)
            best_file = self._folder.checkpoints / "best.npz"
            with replacing(best_file) as temporary, temporary.open("wb") as stream:
                np.savez(stream, *self._average.weights)
        rate = self._learner.network.optimizer.learning_rate
        self._finish_epoch(
            epoch,
            result,
            loss=means[0],
            accuracy=means[1],
            learning_rate=float(keras.ops.convert_to_numpy(rate)),
            seconds=self._control.clock() - began,
            best=best,
        )
        self._react_to_plateau(epoch)

    def _react_to_plateau(self, epoch: int) -> None:
        """Stop early, or lower the learning rate, if validation does not improve."""
        patience = self._config.early_stopping
        self._early = bool(patience) and epoch - self._best[1] >= patience
        waited = epoch - max(self._best[1], self._lowered)
        if self._config.schedule == "plateau" and waited >= PLATEAU_EPOCHS:
            optimizer = self._learner.network.optimizer
            rate = float(keras.ops.convert_to_numpy(optimizer.learning_rate))
            optimizer.learning_rate = rate * PLATEAU_FACTOR
            self._lowered = epoch

    def _screen(self, epoch: int) -> None:
        """Set aside samples whose label is unlikely to the averaged network, in merged classes."""
        alphabet = self._learner.data.alphabet
        self._learner.reference.set_weights(self._average.weights)
        blocks = self._learner.data.input_blocks(self._config)
        probabilities = np.concatenate(
            [probabilities_of(self._learner.reference, inputs) for inputs in blocks]
        )
        merge = character_set_projection(alphabet, CharacterSet.ALL)
        column = class_indices(alphabet, merge.characters)[self._learner.labels]
        likely = merge.apply(probabilities)[np.arange(len(self._learner.labels)), column]
        usable = likely >= self._config.screen_below
        if usable.mean() < _LEAST_USABLE:
            self._control.emit(
                events.Warned(
                    Message("Most samples would be set aside after epoch {epoch}.", epoch=epoch),
                    "None is: the network knows too little. Set them aside later.",
                )
            )
            return
        self._learner.usable = usable
        self._control.emit(
            events.Screened(epoch, int((~self._learner.usable).sum()), len(self._learner.labels))
        )

    def _save(self, epoch: int) -> None:
        snapshot = Snapshot(
            weights=self._learner.network.get_weights(),
            optimizer=[
                keras.ops.convert_to_numpy(v) for v in self._learner.network.optimizer.variables
            ],
            average=self._average.weights,
            usable=self._learner.usable,
            state={
                "epoch": epoch,
                "averaged": self._average.updates,
                "best": self._best,
                "lowered": self._lowered,
                "fingerprint": self._learner.fingerprint,
                "stopped": self._control.stopped,
                "early": self._early,
            },
        )
        save_snapshot(self._folder, epoch, snapshot)
        self._control.emit(events.Checkpoint(epoch))

    def _restore(self) -> int:
        """Load the last checkpoint; return its epoch, 0 without one."""
        snapshot = load_snapshot(self._folder)
        if snapshot is None:
            return 0
        state = snapshot.state
        if state["fingerprint"] != self._learner.fingerprint:
            raise RunError(
                "The training data have changed since the run was started.",
                "Put the old data back, or start a new run.",
            )
        self._learner.network.set_weights(snapshot.weights)
        variables = self._learner.network.optimizer.variables
        for variable, value in zip(variables, snapshot.optimizer, strict=True):
            variable.assign(value)
        self._learner.usable = snapshot.usable
        self._average.restore(snapshot.average, state["averaged"])
        self._best = (state["best"][0], state["best"][1])
        self._lowered = int(state.get("lowered", 0))
        self._control.stopped = bool(state["stopped"]) or self._folder.stop_file.exists()
        self._early = bool(state.get("early", False))
        return int(state["epoch"])

    def _finish(self) -> None:
        from trainer.training.export_bundle import export_bundle

        best_file = self._folder.checkpoints / "best.npz"
        if best_file.exists():
            self._learner.reference.set_weights(arrays(best_file))
        card = export_bundle(
            self._learner.reference,
            self._folder.bundle,
            self._config,
            self._learner.data,
            self._best[1],
        )
        last = self._best[1] if self._ends else self._config.epochs
        self._end(card, last, self._best[1], early=self._early)

    def _batch_event(self, epoch: int, number: int, batches: int, seconds: float) -> None:
        if not self._may_report(is_last=number >= batches):
            return
        loss, accuracy = self._recent(epoch, number)
        per_batch = seconds / number
        left = (batches - number) + (self._config.epochs - epoch) * batches
        self._control.emit(
            events.Batch(
                epoch=epoch,
                batch=number,
                batches=batches,
                loss=loss,
                accuracy=accuracy,
                images_per_second=self._config.batch_size / per_batch,
                seconds_left=left * per_batch,
            )
        )
