"""The runs of a profile, as a list shows them: light, no Keras."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from trainer.config.training_config import FORMAT_KEY
from trainer.evaluation.metrics import wilson
from trainer.files.disk import modified, size_of
from trainer.files.paths import put_back
from trainer.files.records import decode_or, nested, object_or_empty
from trainer.ink.alphabet import merges_case
from trainer.models.presets import PRESETS, STAGES, PresetKind
from trainer.recognition.bundle import CARD_NAME
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.process import read_process_info, trainer_is_alive
from trainer.runs.test_result import (
    TEST_RESULT_NAME,
    TestRecord,
    TestResult,
    chosen_after,
    read_test_result,
)
from trainer.runs.titles import LABEL_NAME, Translate, data_title, day_of, default_title

LOG_NAME = "log.txt"
TRASH_NAME = ".recycled"
"""Folder of deleted runs, in the folder of the runs."""

_MOST_TITLE = 1_000
_MOST_NOTE = 100_000
"""Characters that are shown of a title and a note: laying out millions takes half a minute."""

_SKIPPED = ('{"event":"batch"', '{"event":"confusion"', '{"event":"resources"')
"""Starts of the many or long lines that a summary does not need."""


class Status(StrEnum):
    """Lifecycle state of a run."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    INTERRUPTED = "interrupted"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    CANCELLED = "cancelled"
    IMPORTED = "imported"
    """A bundle that was imported without the run that made it."""
    NEWER = "newer"
    """Made by a newer version of the program: it is listed and left unchanged."""

    @property
    def is_alive(self) -> bool:
        """Whether a trainer is at work on it or paused."""
        return self in (Status.RUNNING, Status.PAUSED)

    @property
    def is_resumable(self) -> bool:
        """Whether it can be started, or resumed from its last checkpoint."""
        return self in (Status.WAITING, Status.INTERRUPTED, Status.FAILED)


@dataclass(frozen=True)
class Growth:
    """What a classic model consists of: parts that are there, of so many planned, and their name.

    `planned` is 0 where the number is not known before the end.
    """

    done: int
    planned: int
    unit: str


@dataclass(frozen=True)
class RunSummary:
    """What a list shows of one run.

    Attributes
    ----------
    root : Path
    own_title, note : str
        Given by the user; the title of an imported bundle is its name. Empty where there is none.
    status : Status
    config : dict
        Content of `config.json`; empty if it cannot be read.
    epochs_done, epochs : int
    accuracy : float or None
        Of the epoch whose weights it keeps, on the validation data, 0 to 1, no class merged.
    interval : tuple of float or None
        Its 95 % interval (Wilson 1927).
    merged_accuracy : float or None
        The same with case merged, as its test result is; None where there is nothing to merge.
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
    test_result : TestResult or None
        None where the test split was not measured.
    chosen_after : str
        Title of a run whose test result was known before this one was set up with other settings;
        empty if none, and for imported bundles, whose settings have no date.
    support_vectors : int
        Of a support vector machine that is fitted; else 0.
    """

    root: Path
    own_title: str
    note: str
    status: Status
    n_bytes: int
    created: float
    has_bundle: bool
    config: dict[str, Any] = field(default_factory=dict)
    epochs_done: int = 0
    epochs: int = 0
    accuracy: float | None = None
    interval: tuple[float, float] | None = None
    merged_accuracy: float | None = None
    best_epoch: int = 0
    parameters: int = 0
    seconds: float = 0.0
    message: str = ""
    hint: str = ""
    test_result: TestResult | None = None
    chosen_after: str = ""
    support_vectors: int = 0

    @property
    def growth(self) -> Growth | None:
        """What a classic model consists of; None for a network."""
        return growth_of(self.config, self.epochs_done, self.support_vectors)

    @property
    def title(self) -> str:
        """The title in English."""
        return self.titled(str)

    def titled(self, translate: Translate) -> str:
        """Return the user's title, else one made of preset, dataset, accuracy and day."""
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

    def trained_on(self, translate: Translate = str) -> str:
        """Return the names of all data that it learns from: "mnist + my samples"."""
        return data_title(self.config, translate)

    @property
    def is_imported(self) -> bool:
        """Whether it is an imported bundle without its run."""
        return self.status is Status.IMPORTED

    @property
    def is_newer(self) -> bool:
        """Whether a newer version of the program has made it."""
        return self.status is Status.NEWER

    @property
    def has_epochs(self) -> bool:
        """Whether there are epochs to plot or tabulate."""
        return self.epochs_done > 0 and not self.is_imported

    @property
    def is_testable(self) -> bool:
        """Whether its test split can be measured and was not yet."""
        is_own = self.has_bundle and not (self.is_imported or self.is_newer)
        is_open = self.test_result is None or self.test_result.is_sample
        return is_own and not self.status.is_alive and is_open

    @property
    def seed(self) -> int:
        """The random seed."""
        return decode_or(0, int, self.config.get("seed"))


def growth_of(config: Mapping[str, Any], stage: int, support_vectors: int = 0) -> Growth | None:
    """Return what a classic model consists of after a stage of its fit; None for a network."""
    known = PRESETS.get(str(config.get("preset")))
    if known is None or known.kind is PresetKind.NETWORK:
        return None
    given = nested(config, "preset_options")
    counts = {
        each.name: decode_or(0, int, given.get(each.name, each.default))
        for each in known.options
        if each.kind == "int"
    }
    for unit in ("trees", "rounds"):
        if unit in counts:
            planned = counts[unit]
            stages = max(1, min(STAGES, planned))
            return Growth(round(planned * min(stage, stages) / stages), planned, unit)
    if "neighbors" in counts:
        return Growth(counts["neighbors"], counts["neighbors"], "neighbours")
    return Growth(support_vectors, 0, "support vectors")


def list_runs(runs: Path, translate: Translate = str) -> list[RunSummary]:
    """Return the runs in a folder, the newest first; folders that are no runs are left out.

    `chosen_after` of each names the other run as `RunSummary.titled` does with `translate`.
    """
    try:
        roots = [path for path in runs.iterdir() if not path.name.startswith(".")]
    except OSError:
        return []
    found = [summarize(root) for root in roots if _is_run(root)]
    tests = [
        TestRecord(run.root, run.titled(translate), run.config, run.test_result)
        for run in found
        if run.test_result is not None
    ]
    tests += _deleted_tests(runs, translate)
    marked = [
        run
        if run.is_imported or run.is_newer
        else replace(run, chosen_after=chosen_after(run.root, run.config, run.created, tests))
        for run in found
    ]
    return sorted(marked, key=lambda run: (run.created, run.root.name), reverse=True)


def _is_run(root: Path) -> bool:
    folder = RunFolder(root)
    return folder.config_file.is_file() or (folder.bundle / CARD_NAME).is_file()


def _deleted_tests(runs: Path, translate: Translate) -> Iterator[TestRecord]:
    """Yield the test results of deleted runs: they stay known."""
    for file in (runs / TRASH_NAME).glob(f"*/{TEST_RESULT_NAME}"):
        root, result = file.parent, read_test_result(file.parent)
        if result is not None:
            title = folder_title(root, root.name.partition("-")[2], translate)
            yield TestRecord(root, title, _config(RunFolder(root)), result)


def folder_title(root: Path, name: str = "", translate: Translate = str) -> str:
    """Return the title of a run, as `RunSummary.titled`, without reading its events.

    Parameters
    ----------
    root : Path
    name : str, optional
        Of its folder before it was deleted.
    translate : callable, optional
    """
    folder = RunFolder(root)
    own, config = _own_title(folder), _config(folder)
    if own or not config:
        return own or name or root.name
    accuracy = _kept_accuracy(folder)
    day = day_of(Path(name or root.name), modified(folder.config_file))
    return default_title(config, accuracy, day, translate)


def _kept_accuracy(folder: RunFolder) -> float | None:
    """Return the validation accuracy of the epoch whose weights a run keeps, from its table."""
    try:
        with folder.history_file.open(encoding="utf-8", newline="") as stream:
            rows = [row for row in csv.DictReader(stream) if row["best"] == str(True)]
        return float(rows[-1]["validation_accuracy"]) if rows else None
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return None


def _own_title(folder: RunFolder) -> str:
    """Return the user's title of a run, or the name of an imported bundle."""
    title = object_or_empty(folder.root / LABEL_NAME).get("title")
    if not (title or folder.config_file.is_file()):
        title = object_or_empty(folder.bundle / CARD_NAME).get("name")
    return str(title or "")[:_MOST_TITLE]


def summarize(root: Path) -> RunSummary:
    """Summarise a run; what cannot be read is left empty."""
    folder = RunFolder(root)
    if not folder.config_file.is_file():
        return _imported(folder)
    if folder.is_newer:
        return _newer(folder)
    config = _config(folder)
    history = events.RunHistory.of(brief_events(folder))
    started, epochs, last = history.started, history.epochs, history.last
    kept = history.kept
    accuracy = None if kept is None else kept.validation_accuracy
    interval = None if started is None else _interval(accuracy, started.n_validation)
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
        merged_accuracy=_merged_accuracy(kept, started),
        best_epoch=0 if kept is None else kept.epoch,
        parameters=0 if started is None else started.parameters or 0,
        seconds=history.seconds,
        message=failed.message if failed else "",
        hint=failed.hint if failed else "",
        test_result=read_test_result(root),
        support_vectors=_support_vectors(folder, config),
    )


def _merged_accuracy(kept: events.Epoch | None, started: events.Started | None) -> float | None:
    if kept is None or started is None or not merges_case(started.alphabet):
        return None
    return kept.merged_accuracy


def _interval(accuracy: float | None, n: int) -> tuple[float, float] | None:
    if accuracy is None:
        return None
    return wilson(accuracy, n) if n > 0 and 0 <= accuracy <= 1 else (0.0, 1.0)


def _support_vectors(folder: RunFolder, config: Mapping[str, Any]) -> int:
    if config.get("preset") != "svm-rbf":
        return 0
    model = nested(object_or_empty(folder.bundle / CARD_NAME), "model")
    return decode_or(0, int, model.get("support_vectors"))


def _imported(folder: RunFolder) -> RunSummary:
    card = object_or_empty(folder.bundle / CARD_NAME)
    training, validation, network = (
        nested(card, name) for name in ("training", "validation", "network")
    )
    config = nested(training, "settings")
    best = decode_or(0, int, training.get("best_epoch"))
    merged = decode_or(None, float, validation.get("accuracy"))
    accuracy = decode_or(merged, float, validation.get("accuracy_all_classes"))
    samples = decode_or(0, int, validation.get("samples"))
    return replace(
        _blank(folder, Status.IMPORTED),
        config=config,
        epochs_done=best,
        epochs=decode_or(0, int, config.get("epochs")),
        accuracy=accuracy,
        interval=_interval(accuracy, samples),
        merged_accuracy=None if accuracy == merged else merged,
        best_epoch=best,
        parameters=decode_or(0, int, network.get("parameters")),
        created=modified(folder.bundle / CARD_NAME),
    )


def _newer(folder: RunFolder) -> RunSummary:
    """Summarise a run of a newer version: only what cannot be misread."""
    return replace(
        _blank(folder, Status.NEWER),
        config=_config(folder),
        message="The run was made by a newer version of this program.",
        hint="Update EMNIST Desktop; the run is left as it is.",
    )


def _blank(folder: RunFolder, status: Status) -> RunSummary:
    return RunSummary(
        root=folder.root,
        own_title=_own_title(folder),
        note=str(object_or_empty(folder.root / LABEL_NAME).get("note") or "")[:_MOST_NOTE],
        status=status,
        n_bytes=size_of(folder.root),
        created=modified(folder.config_file),
        has_bundle=(folder.bundle / CARD_NAME).is_file(),
    )


def brief_events(folder: RunFolder) -> Iterator[events.Event]:
    """Yield the events of a run without batches, confusion matrices and resources."""
    with suppress(OSError), folder.events_file.open(encoding="utf-8", errors="replace") as stream:
        while line := stream.readline(events.MOST_CHARACTERS + 1):
            event = None if line.startswith(_SKIPPED) else events.from_line(line)
            if event is not None and not isinstance(event, events.Batch | events.Confusion):
                yield event


def _status(folder: RunFolder, last: events.Event | None) -> Status:
    process = read_process_info(folder.root)
    match last:
        case events.Finished():
            return Status.STOPPED if last.stopped else Status.FINISHED
        case events.Failed() | events.Cancelled() if not (process and process.is_alive):
            return Status.FAILED if isinstance(last, events.Failed) else Status.CANCELLED
    if trainer_is_alive(folder.root, folder.events_file):
        return Status.PAUSED if isinstance(last, events.Paused) else Status.RUNNING
    is_new = last is None and process is None
    return Status.WAITING if is_new else Status.INTERRUPTED


def _config(folder: RunFolder) -> dict[str, Any]:
    """Return a run's settings as they are on disk, without their version."""
    record = object_or_empty(folder.config_file)
    return {name: value for name, value in record.items() if name != FORMAT_KEY}
