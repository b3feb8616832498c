"""Trainings and measurements in child processes, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trainer.comparison.mcnemar import report_folder
from trainer.config.training_config import TrainingConfig
from trainer.datasets.store import TEST
from trainer.errors import DatasetError, Message, RunError
from trainer.evaluation.report.report import REPORT_NAME, load_report
from trainer.files.paths import replacing
from trainer.processes.trainer_process import TrainerProcess, ask_trainer
from trainer.runs import events
from trainer.runs.list_runs import LOG_NAME, Status, summarize

Listen = Callable[[float], None]
"""Told which part of a training is done, 0 to 1."""

_DONE = (Status.FINISHED, Status.STOPPED)


def train(config: TrainingConfig, root: Path, listen: Listen) -> None:
    """Fill a run's folder, or go on with it; nothing is done if it is finished.

    Raises
    ------
    RunError
        If the training fails or is cancelled.
    """
    if root.is_dir() and summarize(root).status in _DONE:
        return
    settings, log = root.with_name(f".{root.name}.json"), root.with_name(f".{root.name}.log")
    root.parent.mkdir(parents=True, exist_ok=True)
    with replacing(settings) as temporary:
        temporary.write_text(config.to_json(), encoding="utf-8")
    options = ("--config", str(settings), "--run-dir", str(root), "--resume", "--events")
    try:
        _follow(options, log, config.epochs, listen)
    finally:
        settings.unlink(missing_ok=True)
        if root.is_dir() and log.exists():
            log.replace(root / LOG_NAME)
        else:
            log.unlink(missing_ok=True)
    run = summarize(root)
    if run.status not in _DONE:
        raise RunError(
            run.message
            or Message(
                "The training in {run} has ended early: {status}.",
                run=root.name,
                status=run.status,
            ),
            run.hint or "Repeat the command: it goes on where it stopped.",
        )


def _follow(options: tuple[str, ...], log: Path, epochs: int, listen: Listen) -> None:
    with (
        log.open("wb") as errors,
        # A child whose events nobody reads any more ends by itself.
        TrainerProcess(("train", *options), stderr=errors) as child,
    ):
        for line in child.stdout or ():
            match events.from_line(line):
                case events.Batch() as event:
                    listen((event.epoch - 1 + event.batch / event.batches) / epochs)
                case events.Progress() as event:
                    listen(event.done / max(1, event.total))


def measure(root: Path, model: Path, data: str, split: str = TEST) -> Path:
    """Return the folder of the report on a model; measured anew only where the model is newer.

    Parameters
    ----------
    root : Path
        Where the report's folder comes: that of the run.
    model : Path
        What ``--model`` takes.
    data, split : str
        What ``--data`` and ``--split`` take.

    Raises
    ------
    RunError
        If it cannot be measured.
    """
    folder = report_folder(root, data, split)
    if _is_current(folder, model):
        return folder
    options = ["--model", str(model), "--data", data, "--out", str(folder)]
    options += ["--html", str(folder / "report.html"), *(("--split", split) if split else ())]
    ask_trainer(["evaluate", *options])
    return folder


def _is_current(folder: Path, model: Path) -> bool:
    """Tell whether there is a sound report that was made after the model."""
    try:
        load_report(folder)
        files = (model, *model.glob("bundle.json"), *model.glob("bundle/bundle.json"))
        made = (folder / REPORT_NAME).stat().st_mtime
        return made >= max(path.stat().st_mtime for path in files if path.is_file())
    except (DatasetError, OSError, ValueError):
        return False
