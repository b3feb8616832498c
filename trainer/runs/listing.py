"""The runs of a profile, as a list shows them: light, no Keras."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from trainer.bundle import CARD_NAME
from trainer.errors import RunError
from trainer.evaluation.metrics import accuracy_interval
from trainer.paths import replacing
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.liveness import noted_process, trainer_is_alive
from trainer.runs.tested import TESTED_NAME, Sighting, Tested, chosen_after, read_tested

LOG_NAME = "log.txt"
RECYCLED = ".recycled"
"""Where deleted runs lie, in the folder of the runs."""

_LABEL_NAME = "label.json"
_LONGEST_TITLE = 80
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
    title, note : str
        The user's; the title is the folder's name until it is changed.
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
    tested : Tested or None
        What its test found; None where nobody has asked.
    chosen_after : str
        Title of a run whose test was seen before this one was set up otherwise; empty if none.
    """

    root: Path
    title: str
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
    tested: Tested | None = None
    chosen_after: str = ""

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
    def has_epochs(self) -> bool:
        """Whether there is anything to draw or to tabulate."""
        return self.epochs_done > 0 and not self.is_imported

    @property
    def is_testable(self) -> bool:
        """Whether its test accuracy can be asked for, and nobody has."""
        is_own = self.has_bundle and not self.is_imported
        return is_own and not self.status.is_alive and self.tested is None

    @property
    def seed(self) -> int:
        """The start of all random numbers."""
        seed = self.config.get("seed", 0)
        return seed if isinstance(seed, int) else 0


def list_runs(runs: Path) -> list[RunSummary]:
    """Return the runs in a folder, the newest first; folders that are no runs are left out."""
    try:
        roots = [path for path in runs.iterdir() if not path.name.startswith(".")]
    except OSError:
        return []
    found = [summarize(root) for root in roots if _is_run(root)]
    seen = [*_sightings(found), *_recycled_sightings(runs)]
    marked = [
        replace(run, chosen_after=chosen_after(run.root, run.config, run.created, seen))
        for run in found
    ]
    return sorted(marked, key=lambda run: (run.created, run.root.name), reverse=True)


def _is_run(root: Path) -> bool:
    folder = RunFolder(root)
    return folder.config_file.is_file() or (folder.bundle / CARD_NAME).is_file()


def _sightings(runs: Iterable[RunSummary]) -> Iterator[Sighting]:
    for run in runs:
        if run.tested is not None:
            yield Sighting(run.root, run.title, run.config, run.tested)


def _recycled_sightings(runs: Path) -> Iterator[Sighting]:
    """Yield the tests of deleted runs: what was seen stays seen."""
    for file in (runs / RECYCLED).glob(f"*/{TESTED_NAME}"):
        root, tested = file.parent, read_tested(file.parent)
        if tested is not None:
            title = str(_record(root / _LABEL_NAME).get("title") or root.name.partition("-")[2])
            yield Sighting(root, title, _record(RunFolder(root).config_file), tested)


def summarize(root: Path) -> RunSummary:
    """Read what is known of a run; what cannot be read is left empty."""
    folder = RunFolder(root)
    if not folder.config_file.is_file():
        return _imported(folder)
    config = _record(folder.config_file)
    label = _record(root / _LABEL_NAME)
    started, epochs, last = _told(folder)
    best = max(epochs.values(), key=lambda e: e.validation_accuracy, default=None)
    accuracy = None if best is None else best.validation_accuracy
    interval = None
    if accuracy is not None and started is not None:
        interval = wilson(accuracy, started.n_validation)
    failed = last if isinstance(last, events.Failed) else None
    return RunSummary(
        root=root,
        title=str(label.get("title") or root.name),
        note=str(label.get("note") or ""),
        status=_status(folder, last),
        config=config,
        epochs_done=max(epochs, default=0),
        epochs=_whole(config.get("epochs")),
        accuracy=accuracy,
        interval=interval,
        best_epoch=0 if best is None else best.epoch,
        parameters=0 if started is None else started.parameters or 0,
        seconds=sum(epoch.seconds for epoch in epochs.values()),
        n_bytes=_size(root),
        created=_created(folder.config_file),
        message=failed.message if failed else "",
        hint=failed.hint if failed else "",
        has_bundle=(folder.bundle / CARD_NAME).is_file(),
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
    label, card = _record(folder.root / _LABEL_NAME), _record(folder.bundle / CARD_NAME)
    training, validation, network = (
        _part(card, name) for name in ("training", "validation", "network")
    )
    config = _part(training, "settings")
    accuracy, interval = validation.get("accuracy"), validation.get("interval")
    is_pair = isinstance(interval, list) and len(interval) == 2
    best = _whole(training.get("best_epoch"))
    return RunSummary(
        root=folder.root,
        title=str(label.get("title") or card.get("name") or folder.root.name),
        note=str(label.get("note") or ""),
        status=Status.IMPORTED,
        config=config,
        epochs_done=best,
        epochs=_whole(config.get("epochs")),
        accuracy=accuracy if isinstance(accuracy, float) else None,
        interval=(float(interval[0]), float(interval[1])) if is_pair and interval else None,
        best_epoch=best,
        parameters=_whole(network.get("parameters")),
        seconds=0.0,
        n_bytes=_size(folder.root),
        created=_created(folder.bundle / CARD_NAME),
        message="",
        hint="",
        has_bundle=True,
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
    return accuracy_interval(np.arange(n) < round(accuracy * n))


def set_label(root: Path, title: str, note: str) -> None:
    """Give a run a title and a note of the user's.

    Raises
    ------
    RunError
        If they cannot be written.
    """
    record = {"title": title.strip()[:_LONGEST_TITLE], "note": note}
    try:
        with replacing(root / _LABEL_NAME) as temporary:
            temporary.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        raise RunError(f"The name cannot be kept: {error.strerror or error}.") from error


def recycle(root: Path) -> Path:
    """Move a run to the recycle folder beside it; return where it lies.

    Raises
    ------
    RunError
        If its trainer is at work, or it cannot be moved.
    """
    process = noted_process(root)
    if process is not None and process.is_alive:
        raise RunError(f"{root.name} is being trained.", "Cancel it first.")
    target = root.parent / RECYCLED / f"{time.time_ns()}-{root.name}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(root, target)
    except OSError as error:
        raise RunError(
            f"{root.name} cannot be deleted: {error.strerror or error}.",
            "Close what uses it, then delete it again.",
        ) from error
    return target


def restore(recycled: Path, root: Path) -> None:
    """Put a deleted run back.

    Raises
    ------
    RunError
        If there is another in its place, or it is gone.
    """
    if root.exists() or not recycled.is_dir():
        raise RunError(f"{root.name} cannot be put back.", f"Look for it in {recycled.parent}.")
    shutil.move(recycled, root)


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


def _record(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _part(record: dict[str, Any], name: str) -> dict[str, Any]:
    part = record.get(name)
    return part if isinstance(part, dict) else {}


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


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
