"""Repeat a project: every step's runs, the figures beside the source's, all kept on the way."""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trainer.config.training_config import TrainingConfig
from trainer.errors import TrainerError, joined
from trainer.evaluation.report.report import load_figures
from trainer.files.records import RecordError, decode, encode, read_object, write_json
from trainer.models.presets import PresetKind, preset
from trainer.reproduce import children
from trainer.reproduce.data import fold
from trainer.reproduce.plan import Measure, PlannedTraining, Project, ProjectStep, capped
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import RunSummary, summarize
from trainer.runs.test_result import record_plan
from trainer.training.estimate import memory_warning

Report = Callable[[float, int, str], None]
"""Told how many steps are done, of how many, and what is being done."""

TABLE_NAME = "table.json"
_DIGEST = 6


@dataclass(frozen=True)
class Row:
    """A figure of the source, and ours.

    Attributes
    ----------
    step, trial, title : str
    measure : str
        What both figures are.
    theirs, ours : float or None
        Shares from 0 to 1; theirs is None where the source gives none, ours where it failed.
    interval : tuple of float or None
        The 95 % interval of ours.
    deviation : float or None
        Standard deviation of ours over the folds.
    chosen : bool
        Whether it is the trial that was chosen on the validation data, on the test data.
    seconds, theirs_seconds : float or None
        Of the training.
    epochs : int
        None for classic models: 0.
    samples : int
        To train on.
    parameters : int
        0 for classic models.
    size_bytes, theirs_bytes : float or None
        Of the model on disk.
    runs : tuple of str
        Their folders.
    note : str
        What is not as in the source.
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


@dataclass(frozen=True)
class Limits:
    """How much is done.

    Attributes
    ----------
    steps : tuple of str
        Names of the steps; empty for all.
    epochs : int
        At most so many; 0 for as many as the source has.
    """

    steps: tuple[str, ...] = ()
    epochs: int = 0


class Reproduction:
    """Repeats one project on one dataset.

    Parameters
    ----------
    project : Project
    data : Path
        What `trainer.reproduce.data.prepared` returned.
    runs : Path
        Where the folders of the runs come.
    seed : int
    limits : Limits
    report : callable
        See `Report`.
    """

    def __init__(
        self,
        project: Project,
        data: Path,
        runs: Path,
        *,
        seed: int,
        limits: Limits,
        report: Report,
    ) -> None:
        self._project = project
        self._data = data
        self._runs = runs
        self._seed = seed
        self._limits = limits
        self._report = report
        self._done = 0.0
        self._total = 1

    def rows(self) -> Iterator[Row]:
        """Yield each figure as it is found; a step that fails is told and passed over."""
        steps = self._chosen_steps()
        self._total = sum(len(step.trials) * max(1, step.folds) for step in steps)
        for step in steps:
            yield from self._folds(step) if step.folds else self._trials(step)

    def _chosen_steps(self) -> list[ProjectStep]:
        wanted = self._limits.steps
        return [step for step in self._project.steps if not wanted or step.name in wanted]

    def _trials(self, step: ProjectStep) -> Iterator[Row]:
        found: list[tuple[float, PlannedTraining, Path]] = []
        for trial in step.trials:
            row, root = self._trial(step, trial)
            yield row
            if root is not None and step.choose:
                found.append((summarize(root).accuracy or 0.0, trial, root))
        if found:
            _, trial, root = max(found, key=lambda each: each[0])
            yield self._tested(step, trial, root)

    def _trial(self, step: ProjectStep, trial: PlannedTraining) -> tuple[Row, Path | None]:
        """Train one trial; return its figure, and its folder if it is there."""
        row = self._row(step, trial)
        if step.choose:
            row = replace(row, measure=Measure.VALIDATION, theirs=None, theirs_seconds=None)
            row = replace(row, note=_theirs_note(trial))
        try:
            root, note = self._train(step, trial, self._data, "")
            row = _filled(row, root, joined(row.note, note))
            if not step.choose and step.measure in (Measure.TEST, Measure.TEST_F1):
                row = _with_test(row, self._measured(root))
        except TrainerError as error:
            return replace(row, error=error.message), None
        return row, root

    def _tested(self, step: ProjectStep, trial: PlannedTraining, root: Path) -> Row:
        row = self._row(step, trial)
        row = replace(row, chosen=True, theirs=step.theirs, note=step.note)
        try:
            figures = self._measured(root)
        except TrainerError as error:
            return replace(row, error=error.message)
        return _with_test(_filled(row, root, row.note), figures)

    def _folds(self, step: ProjectStep) -> Iterator[Row]:
        for trial in step.trials:
            row = self._row(step, trial)
            found: list[tuple[RunSummary, Path]] = []
            notes = [row.note]
            try:
                for number in range(step.folds):
                    data = fold(self._data, number, step.folds, self._seed)
                    part = f"fold{number + 1}of{step.folds}"
                    root, note = self._train(step, trial, data, part)
                    found.append((summarize(root), root))
                    notes.append(note)
            except TrainerError as error:
                yield replace(row, error=error.message)
                continue
            accuracies = [_last_accuracy(root) for _, root in found]
            last = _filled(row, found[-1][1], joined(*dict.fromkeys(notes)))
            yield replace(
                last,
                ours=statistics.fmean(accuracies),
                interval=None,
                deviation=statistics.stdev(accuracies) if len(accuracies) > 1 else None,
                seconds=sum(run.seconds for run, _ in found),
                runs=tuple(root.name for _, root in found),
            )

    def _train(
        self, step: ProjectStep, trial: PlannedTraining, data: Path, part: str
    ) -> tuple[Path, str]:
        config, without = self._config(trial, data, in_folds=bool(part))
        digest = hashlib.sha256(config.to_json().encode()).hexdigest()[:_DIGEST]
        words = (self._project.name, step.name, trial.name, part, digest)
        root = self._runs / "-".join(filter(None, words))
        title = f"{step.title}: {trial.name}" + (f", {part}" if part else "")
        warning = memory_warning(config)
        self._report(self._done, self._total, f"{title}. {warning}" if warning else title)

        def listen(share: float) -> None:
            self._report(self._done + min(share, 1.0), self._total, title)

        try:
            children.train(config, root, listen)
        finally:
            if root.is_dir():
                record_plan(root, f"{self._project.name}, {self._limits.epochs or 'all'} epochs")
            self._done += 1
            self._report(self._done, self._total, title)
        return root, " ".join(filter(None, (without, *_warnings(root))))

    def _measured(self, root: Path) -> dict[str, Any]:
        return load_figures(children.measure(root, root, str(self._data)))

    def _config(
        self, trial: PlannedTraining, data: Path, *, in_folds: bool
    ) -> tuple[TrainingConfig, str]:
        """Return the settings of a trial, and what of them the program cannot do."""
        chosen = preset(trial.preset)
        settings: dict[str, Any] = dict(trial.settings)
        if self._limits.epochs:
            settings = capped(trial, self._limits.epochs)
        known = {option.name for option in chosen.options}
        options = settings.get("preset_options", {})
        missing = sorted(set(options) - known)
        settings["preset_options"] = {n: v for n, v in options.items() if n in known}
        record = {
            "validation_share": self._project.validation_share,
            **settings,
            "preset": trial.preset,
            "data": str(data),
            "seed": self._seed,
        }
        if in_folds:
            record["validation"] = str(data)
        config = TrainingConfig.from_record(record)
        without = f"Without {', '.join(missing)}." if missing else ""
        usual = trial.settings.get("epochs", chosen.defaults.get("epochs", 0))
        if chosen.kind is PresetKind.NETWORK and config.epochs < usual:
            without = f"{without} {config.epochs} epochs instead of {usual}.".strip()
        return config, without

    def _row(self, step: ProjectStep, trial: PlannedTraining) -> Row:
        alone = len(step.trials) == 1
        return Row(
            step=step.name,
            trial=trial.name,
            title=step.title if alone else f"{step.title}: {trial.name}",
            measure=step.measure,
            theirs=trial.theirs,
            theirs_seconds=step.theirs_seconds,
            theirs_bytes=step.theirs_bytes,
            note=step.note,
        )


def _theirs_note(trial: PlannedTraining) -> str:
    return "" if trial.theirs is None else f"The source: {trial.theirs:.2%} on the test data."


def _filled(row: Row, root: Path, note: str) -> Row:
    """Return the row with what the run's folder tells."""
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
    """Return the accuracy after the last epoch: the best would be chosen on the held-out part."""
    found = [e for e in RunFolder(root).events() if isinstance(e, events.Epoch)]
    return found[-1].validation_accuracy if found else 0.0


def _model_bytes(root: Path) -> float | None:
    files = [path for path in RunFolder(root).bundle.glob("model.*") if path.suffix != ".keras"]
    return float(files[0].stat().st_size) if files else None


def _warnings(root: Path) -> list[str]:
    """Return what the run has warned of, such as memory, if it kept it from its end."""
    found = [e.message for e in RunFolder(root).events() if isinstance(e, events.Warned)]
    return list(dict.fromkeys(found))


def save_rows(path: Path, head: Mapping[str, Any], rows: Sequence[Row]) -> dict[str, Any]:
    """Write the table as JSON and return it."""
    record: dict[str, Any] = encode({**head, "rows": list(rows)})
    write_json(path, record, indent=2)
    return record


def earlier_rows(path: Path, steps: Set[str]) -> list[Row]:
    """Return what an earlier call has found of these steps; nothing if that cannot be read."""
    try:
        rows = decode(list[Row], read_object(path).get("rows"))
    except RecordError:
        return []
    return [row for row in rows if row.step in steps]
