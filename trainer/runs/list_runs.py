"""The runs of a profile, as a list shows them: light, no Keras."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from trainer.config.training_config import FORMAT_KEY
from trainer.evaluation.metrics import accuracy_interval
from trainer.files.paths import put_back
from trainer.files.records import decode_or, nested, object_or_empty
from trainer.recognition.bundle import CARD_NAME
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.labels import LABEL_NAME
from trainer.runs.process import noted_process, trainer_is_alive
from trainer.runs.test_result import TESTED_NAME, TestRecord, TestResult, chosen_after, read_tested
from trainer.runs.titles import Translate, day_of, default_title

LOG_NAME = "log.txt"
RECYCLED = ".recycled"
"""Where deleted runs lie, in the folder of the runs."""

_MOST_SAMPLES = 100_000_000
"""More are a mistake in a file."""

_PASSED_OVER = ('{"event":"batch"', '{"event":"confusion"', '{"event":"resources"')
"""Beginnings of the many or long lines that a summary does not need."""


class Status(StrEnum):
    """How it is with a run."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    INTERRUPTED = "interrupted"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    CANCELLED = "cancelled"
    IMPORTED = "imported"
    """A bundle that came as one file, without the run that made it."""
    NEWER = "newer"
    """Made by a newer version of the program: it is shown, and left as it is."""

    @property
    def is_alive(self) -> bool:
        """Whether a trainer is at work on it, or waits to go on."""
        return self in (Status.RUNNING, Status.PAUSED)

    @property
    def is_resumable(self) -> bool:
        """Whether it can be started, or go on from its last checkpoint."""
        return self in (Status.WAITING, Status.INTERRUPTED, Status.FAILED)


@dataclass(frozen=True)
class RunSummary:
    """One run.

    Attributes
    ----------
    root : Path
    own_title, note : str
        The user's; a bundle without its run has its name. Empty where nobody gave one.
    status : Status
    config : dict
        What `config.json` holds; empty if it cannot be read.
    epochs_done, epochs : int
    accuracy : float or None
        The best on the validation data, 0 to 1.
    interval : tuple of float or None
        Its 95 % interval (Wilson 1927).
    best_epoch, parameters : int
    seconds : float
        Of training and validation, over all epochs that are done.
    n_bytes : int
        On the disk.
    created : float
        Seconds since 1970.
    message, hint : str
        Why it failed; else empty.
    has_bundle : bool
        Whether the Draw tab can use it.
    tested : TestResult or None
        What its test found; None where nobody has asked.
    chosen_after : str
        Title of a run whose test was seen before this one was set up otherwise; empty if none.
        Nobody knows when the settings of an imported bundle were chosen: it is not marked.
    """

    root: Path
    own_title: str
    note: str
    status: Status
    config: dict[str, Any]
    epochs_done: int
    epochs: int
    accuracy: float | None
    interval: tuple[float, float] | None
    best_epoch: int
    parameters: int
    seconds: float
    n_bytes: int
    created: float
    message: str
    hint: str
    has_bundle: bool
    tested: TestResult | None = None
    chosen_after: str = ""

    @property
    def title(self) -> str:
        """What the run is called, in English."""
        return self.titled(str)

    def titled(self, translate: Translate) -> str:
        """Return what the run is called: by the user, else by what was trained on what."""
        if self.own_title or not self.config:
            return self.own_title or self.root.name
        day = day_of(self.root, self.created)
        return default_title(self.config, self.accuracy, day, translate)

    @property
    def preset(self) -> str:
        """The preset's name."""
        return str(self.config.get("preset", ""))

    @property
    def dataset(self) -> str:
        """The training data's name."""
        return Path(str(self.config.get("data", ""))).name

    @property
    def is_imported(self) -> bool:
        """Whether it is a bundle that came without its run."""
        return self.status is Status.IMPORTED

    @property
    def is_newer(self) -> bool:
        """Whether a newer version of the program has made it."""
        return self.status is Status.NEWER

    @property
    def has_epochs(self) -> bool:
        """Whether there is anything to draw or to tabulate."""
        return self.epochs_done > 0 and not self.is_imported

    @property
    def is_testable(self) -> bool:
        """Whether its test accuracy can be asked for, and nobody has."""
        is_own = self.has_bundle and not (self.is_imported or self.is_newer)
        return is_own and not self.status.is_alive and self.tested is None

    @property
    def seed(self) -> int:
        """The start of all random numbers."""
        return decode_or(0, int, self.config.get("seed"))


def list_runs(runs: Path, translate: Translate = str) -> list[RunSummary]:
    """Return the runs in a folder, the newest first; folders that are no runs are left out.

    `chosen_after` of each names the other run as `RunSummary.titled` does with `translate`.
    """
    try:
        roots = [path for path in runs.iterdir() if not path.name.startswith(".")]
    except OSError:
        return []
    found = [summarize(root) for root in roots if _is_run(root)]
    seen = [*_sightings(found, translate), *_recycled_sightings(runs, translate)]
    marked = [
        run
        if run.is_imported or run.is_newer
        else replace(run, chosen_after=chosen_after(run.root, run.config, run.created, seen))
        for run in found
    ]
    return sorted(marked, key=lambda run: (run.created, run.root.name), reverse=True)


def _is_run(root: Path) -> bool:
    folder = RunFolder(root)
    return folder.config_file.is_file() or (folder.bundle / CARD_NAME).is_file()


def _sightings(runs: Iterable[RunSummary], translate: Translate) -> Iterator[TestRecord]:
    for run in runs:
        if run.tested is not None:
            yield TestRecord(run.root, run.titled(translate), run.config, run.tested)


def _recycled_sightings(runs: Path, translate: Translate) -> Iterator[TestRecord]:
    """Yield the tests of deleted runs: what was seen stays seen."""
    for file in (runs / RECYCLED).glob(f"*/{TESTED_NAME}"):
        root, tested = file.parent, read_tested(file.parent)
        if tested is not None:
            title = folder_title(root, root.name.partition("-")[2], translate)
            yield TestRecord(root, title, _settings(RunFolder(root)), tested)


def folder_title(root: Path, name: str = "", translate: Translate = str) -> str:
    """Return what a run is called, as `RunSummary.titled`, without reading its events.

    Parameters
    ----------
    root : Path
    name : str, optional
        Of its folder, where that has another one since it was deleted.
    translate : callable, optional
    """
    folder = RunFolder(root)
    own, config = _own_title(folder), _settings(folder)
    if own or not config:
        return own or name or root.name
    validation = nested(object_or_empty(folder.bundle / CARD_NAME), "validation")
    accuracy = decode_or(None, float, validation.get("accuracy"))
    day = day_of(Path(name or root.name), _created(folder.config_file))
    return default_title(config, accuracy, day, translate)


def _own_title(folder: RunFolder) -> str:
    """Return the user's title of a run, or the name of a bundle that came without its run."""
    title = object_or_empty(folder.root / LABEL_NAME).get("title")
    if not (title or folder.config_file.is_file()):
        title = object_or_empty(folder.bundle / CARD_NAME).get("name")
    return str(title or "")


def summarize(root: Path) -> RunSummary:
    """Read what is known of a run; what cannot be read is left empty."""
    folder = RunFolder(root)
    if not folder.config_file.is_file():
        return _imported(folder)
    if folder.is_newer:
        return _newer(folder)
    config = _settings(folder)
    started, epochs, last = _told(folder)
    best = max(epochs.values(), key=lambda e: e.validation_accuracy, default=None)
    accuracy = None if best is None else best.validation_accuracy
    interval = None
    if accuracy is not None and started is not None:
        interval = wilson(accuracy, started.n_validation)
    failed = last if isinstance(last, events.Failed) else None
    status = _status(folder, last)
    if not status.is_alive:
        put_back(folder.bundle)
    return replace(
        _blank(folder, status),
        config=config,
        epochs_done=max(epochs, default=0),
        epochs=decode_or(0, int, config.get("epochs")),
        accuracy=accuracy,
        interval=interval,
        best_epoch=0 if best is None else best.epoch,
        parameters=0 if started is None else started.parameters or 0,
        seconds=sum(epoch.seconds for epoch in epochs.values()),
        message=failed.message if failed else "",
        hint=failed.hint if failed else "",
        tested=read_tested(root),
    )


def _told(
    folder: RunFolder,
) -> tuple[events.Started | None, dict[int, events.Epoch], events.Event | None]:
    """Return the last start of a run, its epochs by their numbers, and its last event."""
    started: events.Started | None = None
    last: events.Event | None = None
    epochs: dict[int, events.Epoch] = {}
    for event in brief_events(folder):
        last = event
        match event:
            case events.Started():
                started = event
                epochs = {n: e for n, e in epochs.items() if n < event.first_epoch}
            case events.Epoch():
                epochs[event.epoch] = event
    return started, epochs, last


def _imported(folder: RunFolder) -> RunSummary:
    """Read what the card of a bundle says that came without its run."""
    card = object_or_empty(folder.bundle / CARD_NAME)
    training, validation, network = (
        nested(card, name) for name in ("training", "validation", "network")
    )
    config = nested(training, "settings")
    best = decode_or(0, int, training.get("best_epoch"))
    return replace(
        _blank(folder, Status.IMPORTED),
        config=config,
        epochs_done=best,
        epochs=decode_or(0, int, config.get("epochs")),
        accuracy=decode_or(None, float, validation.get("accuracy")),
        interval=decode_or(None, tuple[float, float], validation.get("interval")),
        best_epoch=best,
        parameters=decode_or(0, int, network.get("parameters")),
        created=_created(folder.bundle / CARD_NAME),
    )


def _newer(folder: RunFolder) -> RunSummary:
    """Say of a run of a newer version that it is there, and nothing that could be misread."""
    return replace(
        _blank(folder, Status.NEWER),
        config=_settings(folder),
        message="The run was made by a newer version of this program.",
        hint="Update EMNIST Desktop; the run is left as it is.",
    )


def _blank(folder: RunFolder, status: Status) -> RunSummary:
    return RunSummary(
        root=folder.root,
        own_title=_own_title(folder),
        note=_note(folder.root),
        status=status,
        config={},
        epochs_done=0,
        epochs=0,
        accuracy=None,
        interval=None,
        best_epoch=0,
        parameters=0,
        seconds=0.0,
        n_bytes=_size(folder.root),
        created=_created(folder.config_file),
        message="",
        hint="",
        has_bundle=(folder.bundle / CARD_NAME).is_file(),
    )


def brief_events(folder: RunFolder) -> Iterator[events.Event]:
    """Yield the events of a run but the many: batches, confusion matrices."""
    try:
        with folder.events_file.open(encoding="utf-8", errors="replace") as stream:
            for line in stream:
                event = None if line.startswith(_PASSED_OVER) else events.from_line(line)
                if event is not None and not isinstance(event, events.Batch | events.Confusion):
                    yield event
    except OSError:
        return


def wilson(accuracy: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of an accuracy on `n` samples."""
    if not 0 < n <= _MOST_SAMPLES or not 0 <= accuracy <= 1:
        return (0.0, 1.0)
    return accuracy_interval(np.arange(n) < round(accuracy * n))


def _status(folder: RunFolder, last: events.Event | None) -> Status:
    match last:
        case events.Finished():
            return Status.STOPPED if last.stopped else Status.FINISHED
        case events.Failed() | events.Cancelled() if not _is_restarted(folder):
            return Status.FAILED if isinstance(last, events.Failed) else Status.CANCELLED
    if trainer_is_alive(folder.root, folder.events_file):
        return Status.PAUSED if isinstance(last, events.Paused) else Status.RUNNING
    is_new = last is None and noted_process(folder.root) is None
    return Status.WAITING if is_new else Status.INTERRUPTED


def _is_restarted(folder: RunFolder) -> bool:
    process = noted_process(folder.root)
    return process is not None and process.is_alive


def _settings(folder: RunFolder) -> dict[str, Any]:
    """Return a run's settings as they are on the disk, without the number of their version."""
    record = object_or_empty(folder.config_file)
    return {name: value for name, value in record.items() if name != FORMAT_KEY}


def _note(root: Path) -> str:
    return str(object_or_empty(root / LABEL_NAME).get("note") or "")


def _size(root: Path) -> int:
    total = 0
    for path in root.rglob("*"):
        try:
            total += path.lstat().st_size
        except OSError:
            continue
    return total


def _created(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
