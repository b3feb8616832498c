"""A trainer that learns nothing but talks as one: a program of its own, started by tests.

Its modes: ``run`` obeys like a trainer, ``deaf`` looks at no request, ``lingers`` says that it is
cancelled and does not go, ``dies`` is killed in its first epoch, ``garbage`` writes broken lines
too, ``refuses`` ends with an error before anything, ``fails`` ends a run with one.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from emnist_desktop.trainer_process.run_worker import Launch
from trainer.config.training_config import TrainingConfig
from trainer.datasets.store import open_dataset
from trainer.errors import DatasetError
from trainer.files.paths import PROFILE_VARIABLE, Profile
from trainer.ink.render import Images
from trainer.runs import events
from trainer.runs.folder import ControlReader, Request, RunFolder
from trainer.runs.predictions import save_predictions, save_samples
from trainer.runs.standby import redirect_output, wait_for_order

ALPHABET = ("A", "B", "5", "S")
BATCHES = 5
SECONDS_PER_BATCH = 0.03


def fake_launch(mode: str):
    """Return what starts this program instead of the trainer."""

    def launch(root: Path, profile: Profile) -> Launch:
        program = (sys.executable, "-m", "tests.emnist_desktop.fake_trainer")
        command = (*program, str(root), mode, str(RunFolder(root).control_size()))
        return Launch(command, {PROFILE_VARIABLE: str(profile.root)})

    return launch


def started(epochs: int, first_epoch: int = 1) -> events.Started:
    return events.Started("cnn-small", 1234, 100, 40, ALPHABET, epochs, BATCHES, first_epoch, "CPU")


def epoch_events(epoch: int) -> list[events.Event]:
    accuracy = 1 - 0.5 / epoch
    right = int(10 * accuracy)
    matrix = [[right if i == j else 0 for j in range(4)] for i in range(4)]
    for row in range(4):
        matrix[row][(row + 1) % 4] += 10 - right
    counts = tuple(tuple(row) for row in matrix)
    return [
        events.Epoch(
            epoch, 1 / epoch, accuracy, 1.1 / epoch, accuracy, accuracy, 1e-3, 0.5, best=True
        ),
        events.Confusion(epoch, counts),
        events.Checkpoint(epoch),
    ]


class FakeTrainer:
    """Goes through the epochs of the settings in a folder."""

    def __init__(self, root: Path, mode: str, requests_from: int | None = None) -> None:
        self.folder = RunFolder(root)
        self.mode = mode
        text = self.folder.config_file.read_text(encoding="utf-8")
        self.config = TrainingConfig.from_json(text)
        while mode == "slow" and not self.folder.control_size():
            time.sleep(SECONDS_PER_BATCH)  # as if the libraries were being loaded
        self.control = ControlReader(self.folder, requests_from)

    def run(self) -> int:
        if self.mode == "refuses":
            print("Expected data. Received: none.\nHint: Choose a dataset.", file=sys.stderr)
            return 1
        done = [e.epoch for e in self.folder.events() if isinstance(e, events.Checkpoint)]
        first = max(done, default=0) + 1
        self.folder.append(started(self.config.epochs, first))
        places = np.arange(40)
        save_samples(
            self.folder.root, self.config.data, "train", places, places % 4, self.images()[:40]
        )
        for epoch in range(first, self.config.epochs + 1):
            for batch in range(1, BATCHES + 1):
                end = self.batch(epoch, batch)
                if end is not None:
                    return end
            for event in epoch_events(epoch):
                self.folder.append(event)
            save_predictions(self.folder.root, epoch, np.arange(40) % 4)
        return self.finish(self.config.epochs, stopped=False)

    def images(self) -> Images:
        """Return those of the dataset, if there is one."""
        try:
            stored = open_dataset(self.folder.root.parents[1] / "datasets" / self.config.data)
        except DatasetError:
            return np.zeros((40, 28, 28), dtype=np.uint8)
        return stored.splits["train"].images

    def batch(self, epoch: int, number: int) -> int | None:
        time.sleep(SECONDS_PER_BATCH)
        self.folder.append(events.Batch(epoch, number, BATCHES, 1.0, 0.5, 1000.0, 2.0))
        if number == 1:
            self.folder.append(events.Resources(1_200_000_000, 0.87, 3_000_000_000, 4_000_000_000))
        if self.mode == "dies" and (epoch, number) == (2, 2):
            os.kill(os.getpid(), signal.SIGKILL)
        if self.mode == "fails" and epoch == 2:
            self.folder.append(events.Failed("The loss is no number.", "Lower the rate."))
            return 1
        if self.mode == "garbage":
            with self.folder.events_file.open("ab") as stream:
                stream.write(b'{"event":"batch","epoch":\n\xff\xfe\x00 no JSON\n[1,2]\n')
        return None if self.mode == "deaf" else self.obey(epoch)

    def obey(self, epoch: int) -> int | None:
        is_paused = False
        while True:
            for request in self.control.next_requests():
                if request is Request.CANCEL:
                    self.folder.append(events.Cancelled(epoch))
                    while self.mode == "lingers":
                        time.sleep(SECONDS_PER_BATCH)
                    return 3
                if request is Request.STOP:
                    return self.finish(max(epoch - 1, 1), stopped=True)
                if request is Request.PAUSE and not is_paused:
                    is_paused = True
                    self.folder.append(events.Paused(epoch))
                if request is Request.RESUME and is_paused:
                    is_paused = False
                    self.folder.append(events.Resumed(epoch))
            if not is_paused:
                return None
            time.sleep(SECONDS_PER_BATCH)

    def finish(self, epoch: int, *, stopped: bool) -> int:
        self.folder.bundle.mkdir(exist_ok=True)
        (self.folder.bundle / "bundle.json").write_text("{}", encoding="utf-8")
        self.folder.append(events.Finished(epoch, epoch, 0.9, stopped))
        return 0


def wait() -> int:
    """Be told what to train, as `python -m trainer train --wait` is."""
    order = wait_for_order(sys.stdin)
    if order is None:
        return 0
    assert order.log is not None
    redirect_output(order.log)
    print("was ready", flush=True)
    root = Path(order.arguments[order.arguments.index("--run-dir") + 1])
    return FakeTrainer(root, "run", int(order.arguments[-1])).run()


if __name__ == "__main__":
    if sys.argv[1:] == ["train", "--wait"]:
        sys.exit(wait())
    position = int(sys.argv[3]) if len(sys.argv) > 3 else None
    sys.exit(FakeTrainer(Path(sys.argv[1]), sys.argv[2], position).run())
