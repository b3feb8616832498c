"""Reproduces a project: the runs of its steps, and their figures beside the source's."""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from trainer.config.training_config import TrainingConfig
from trainer.errors import TrainerError, joined
from trainer.evaluation.report.report import load_figures
from trainer.files.records import RecordError, decode, encode, read_object, write_json
from trainer.models.presets import PresetKind, preset
from trainer.reproduce import children
from trainer.reproduce.data import fold_dataset
from trainer.reproduce.plan import Measure, PlannedTraining, Project, ProjectStep, capped
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import RunSummary, summarize
from trainer.runs.test_result import record_plan
from trainer.training.estimate import memory_warning

Report = Callable[[float, int, str], None]
"""Called with the number of trainings that are done, their total, and the current one."""

TABLE_NAME = "table.json"
_DIGEST = 6


@dataclass(frozen=True)
class Row:
    """A figure of the source, and ours.

    Attributes
    ----------
    step, trial, title : str
    measure : str
        What both figures measure.
    theirs, ours : float or None
        Shares from 0 to 1; theirs is None if the source gives none, ours if the trial failed.
    interval : tuple of float or None
        The 95 % interval of ours.
    deviation : float or None
        Standard deviation of ours over the folds.
    chosen : bool
        Whether it is the test result of the trial that was chosen on the validation data.
    seconds, theirs_seconds : float or None
        Training time.
    epochs : int
        0 for classic models.
    samples : int
        Training samples.
    parameters : int
        0 for classic models.
    size_bytes, theirs_bytes : float or None
        Of the model on disk.
    runs : tuple of str
        Names of the runs' folders.
    note : str
        What differs from the source.
    error : str
        Why there is no figure; else empty.
    """

    step: str
    trial: str
    title: str
    measure: str
    theirs: float | None = None
    ours: float | None = None
    interval: tuple[float, float] | None = None
    deviation: float | None = None
    chosen: bool = False
    seconds: float | None = None
    theirs_seconds: float | None = None
    epochs: int = 0
    samples: int = 0
    parameters: int = 0
    size_bytes: float | None = None
    theirs_bytes: float | None = None
    runs: tuple[str, ...] = ()
    note: str = ""
    error: str = ""


@dataclass
class Reproduction:
    """Reproduces one project on one dataset.

    Parameters
    ----------
    project : Project
    data : Path
        As returned by `trainer.reproduce.data.prepare_data`.
    runs : Path
        Folder for the runs.
    report : Report
    seed : int
    steps : sequence of str
        Names of the steps; empty for all.
    max_epochs : int
        0 for as many as the source has.
    """

    project: Project
    data: Path
    runs: Path
    report: Report
    seed: int = 1
    steps: Sequence[str] = ()
    max_epochs: int = 0
    _n_done: int = field(default=0, init=False)
    _total: int = field(default=1, init=False)

    def rows(self) -> Iterator[Row]:
        """Yield each figure when it is known; the row of a failed step has an error."""
        steps = [each for each in self.project.steps if not self.steps or each.name in self.steps]
        self._total = sum(len(step.trials) * max(1, step.folds) for step in steps)
        for step in steps:
            yield from self._folds(step) if step.folds else self._trials(step)

    def _trials(self, step: ProjectStep) -> Iterator[Row]:
        candidates: list[tuple[float, PlannedTraining, Path]] = []
        for trial in step.trials:
            row, root = self._trial(step, trial)
            yield row
            if root is not None and step.choose:
                candidates.append((summarize(root).accuracy or 0.0, trial, root))
        if candidates:
            _, trial, root = max(candidates, key=lambda each: each[0])
            row = replace(self._row(step, trial), chosen=True, theirs=step.theirs, note=step.note)
            try:
                figures = self._evaluate(root)
            except TrainerError as error:
                yield replace(row, error=error.message)
            else:
                yield _with_test(_with_run(row, root, row.note), figures)

    def _trial(self, step: ProjectStep, trial: PlannedTraining) -> tuple[Row, Path | None]:
        """Train one trial; return its figure, and its folder unless it failed."""
        row = self._row(step, trial)
        if step.choose:
            note = "" if row.theirs is None else f"The source: {row.theirs:.2%} on the test data."
            row = replace(
                row, measure=Measure.VALIDATION, theirs=None, theirs_seconds=None, note=note
            )
        try:
            root, note = self._train(step, trial, self.data, "")
            row = _with_run(row, root, joined(row.note, note))
            if not step.choose and step.measure in (Measure.TEST, Measure.TEST_F1):
                row = _with_test(row, self._evaluate(root))
        except TrainerError as error:
            return replace(row, error=error.message), None
        return row, root

    def _folds(self, step: ProjectStep) -> Iterator[Row]:
        for trial in step.trials:
            row = self._row(step, trial)
            runs: list[tuple[RunSummary, Path]] = []
            notes = [row.note]
            try:
                for index in range(step.folds):
                    data = fold_dataset(self.data, index, step.folds, self.seed)
                    fold = f"fold{index + 1}of{step.folds}"
                    root, note = self._train(step, trial, data, fold)
                    runs.append((summarize(root), root))
                    notes.append(note)
            except TrainerError as error:
                yield replace(row, error=error.message)
                continue
            accuracies = [_last_accuracy(root) for _, root in runs]
            last = _with_run(row, runs[-1][1], joined(*dict.fromkeys(notes)))
            yield replace(
                last,
                ours=statistics.fmean(accuracies),
                interval=None,
                deviation=statistics.stdev(accuracies) if len(accuracies) > 1 else None,
                seconds=sum(run.seconds for run, _ in runs),
                runs=tuple(root.name for _, root in runs),
            )

    def _train(
        self, step: ProjectStep, trial: PlannedTraining, data: Path, fold: str
    ) -> tuple[Path, str]:
        """Return the folder of the run, and a note on what differs from the source."""
        config, differences = self._config(trial, data, in_folds=bool(fold))
        digest = hashlib.sha256(config.to_json().encode()).hexdigest()[:_DIGEST]
        words = (self.project.name, step.name, trial.name, fold, digest)
        root = self.runs / "-".join(filter(None, words))
        title = f"{step.title}: {trial.name}" + (f", {fold}" if fold else "")
        warning = memory_warning(config)
        self.report(self._n_done, self._total, f"{title}. {warning}" if warning else title)

        def report_share(share: float) -> None:
            self.report(self._n_done + min(share, 1.0), self._total, title)

        try:
            children.train(config, root, report_share)
        finally:
            if root.is_dir():
                record_plan(root, f"{self.project.name}, {self.max_epochs or 'all'} epochs")
            self._n_done += 1
            self.report(self._n_done, self._total, title)
        return root, " ".join(filter(None, (differences, *_warnings(root))))

    def _evaluate(self, root: Path) -> dict[str, Any]:
        return load_figures(children.measure(root, root, str(self.data)))

    def _config(
        self, trial: PlannedTraining, data: Path, *, in_folds: bool
    ) -> tuple[TrainingConfig, str]:
        """Return the settings of a trial, and a note on what differs from the source."""
        model = preset(trial.preset)
        settings: dict[str, Any] = dict(trial.settings)
        if self.max_epochs:
            settings = capped(trial, self.max_epochs)
        supported = {option.name for option in model.options}
        options = settings.get("preset_options", {})
        missing = sorted(set(options) - supported)
        settings["preset_options"] = {n: v for n, v in options.items() if n in supported}
        settings |= {"preset": trial.preset, "data": str(data), "seed": self.seed}
        if in_folds:
            settings["validation"] = str(data)
        settings.setdefault("validation_share", self.project.validation_share)
        config = TrainingConfig.from_record(settings)
        differences = f"Without {', '.join(missing)}." if missing else ""
        usual = trial.settings.get("epochs", model.defaults.get("epochs", 0))
        if model.kind is PresetKind.NETWORK and config.epochs < usual:
            differences = f"{differences} {config.epochs} epochs instead of {usual}.".strip()
        return config, differences

    def _row(self, step: ProjectStep, trial: PlannedTraining) -> Row:
        is_single = len(step.trials) == 1
        return Row(
            step=step.name,
            trial=trial.name,
            title=step.title if is_single else f"{step.title}: {trial.name}",
            measure=step.measure,
            theirs=trial.theirs,
            theirs_seconds=step.theirs_seconds,
            theirs_bytes=step.theirs_bytes,
            note=step.note,
        )


def _with_run(row: Row, root: Path, note: str) -> Row:
    run = summarize(root)
    started = [e for e in RunFolder(root).events() if isinstance(e, events.Started)]
    is_network = preset(str(run.config["preset"])).kind is PresetKind.NETWORK
    return replace(
        row,
        ours=run.accuracy,
        interval=run.interval,
        seconds=run.seconds,
        epochs=run.epochs_done if is_network else 0,
        samples=started[-1].n_train if started else 0,
        parameters=run.parameters,
        size_bytes=_model_bytes(root),
        runs=(root.name,),
        note=note,
    )


def _with_test(row: Row, figures: Mapping[str, Any]) -> Row:
    if row.measure == Measure.TEST_F1:
        return replace(row, ours=float(figures["weighted"]["f1"]), interval=None)
    low, high = figures["interval"]
    return replace(row, ours=float(figures["accuracy"]), interval=(low, high))


def _last_accuracy(root: Path) -> float:
    """Return the accuracy after the last epoch: the best would be chosen on the held-out fold."""
    epochs = [e for e in RunFolder(root).events() if isinstance(e, events.Epoch)]
    return epochs[-1].validation_accuracy if epochs else 0.0


def _model_bytes(root: Path) -> float | None:
    files = [path for path in RunFolder(root).bundle.glob("model.*") if path.suffix != ".keras"]
    return float(files[0].stat().st_size) if files else None


def _warnings(root: Path) -> list[str]:
    messages = [e.message for e in RunFolder(root).events() if isinstance(e, events.Warned)]
    return list(dict.fromkeys(messages))


def save_rows(path: Path, head: Mapping[str, Any], rows: Sequence[Row]) -> dict[str, Any]:
    """Write the table as JSON and return it."""
    record: dict[str, Any] = encode({**head, "rows": list(rows)})
    write_json(path, record, indent=2)
    return record


def load_rows(path: Path, steps: Set[str]) -> list[Row]:
    """Return the saved rows of these steps; none if the table cannot be read."""
    try:
        rows = decode(list[Row], read_object(path).get("rows"))
    except RecordError:
        return []
    return [row for row in rows if row.step in steps]
