"""What runs and reports leave behind, and what the window remembers."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from emnist_desktop.models.known_models import files_from_json
from emnist_desktop.settings import BUNDLE, GEOMETRY, PEN_WIDTH, Settings
from tests.fuzz.mutations import mutated_archive
from tests.fuzz.target import Target
from trainer.config.training_config import TrainingConfig
from trainer.datasets.dataset import Dataset
from trainer.errors import RunError
from trainer.evaluation.report.predictions import PREDICTIONS_NAME, Predictions
from trainer.evaluation.report.report import REPORT_NAME, Report, load_report, make_report
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import list_runs
from trainer.runs.predictions import confusion_samples, save_predictions, save_samples
from trainer.runs.titles import set_label
from trainer.search.experiment_folder import read_record

_STARTED = events.Started("lenet5", 61_706, 100, 20, ("a", "b"), 2, 5, 1, "cpu")
_EPOCH = events.Epoch(1, 0.5, 0.8, 0.6, 0.75, 0.75, 1e-3, 2.5, best=True)


def _run(folder: Path) -> RunFolder:
    run = RunFolder(folder / "runs" / "some")
    run.root.mkdir(parents=True)
    run.config_file.write_text(TrainingConfig(data="x.npz").to_json())
    return run


def _config(folder: Path) -> Path:
    path = folder / "config.json"
    path.write_text(TrainingConfig(data="x.npz").to_json())
    return path


def _read_config(path: Path) -> object:
    return TrainingConfig.from_json(path.read_text(encoding="utf-8", errors="replace"))


def _events(folder: Path) -> Path:
    run = _run(folder)
    for event in (_STARTED, _EPOCH, dataclasses.replace(_EPOCH, epoch=2)):
        run.append(event)
    run.append(events.Confusion(1, ((1, 2), (3, 4))))
    run.append(events.Failed("m", "h"))
    return run.events_file


def _read_events(path: Path) -> object:
    return list(RunFolder(path.parent).events())


def _list_runs(path: Path) -> object:
    return list_runs(path.parent.parent)


def _run_config(folder: Path) -> Path:
    return RunFolder(_events(folder).parent).config_file


def _label(folder: Path) -> Path:
    root = _run(folder).root
    before = set(root.iterdir())
    set_label(root, "My run", "It was quick.")
    (label,) = set(root.iterdir()) - before
    return label


def _tested(folder: Path) -> Path:
    path = _run(folder).root / "test.json"
    path.write_text(
        '{"data": "mnist", "samples": 100, "accuracy": 0.9, "low": 0.8, "high": 0.95, '
        '"seen": 1e9, "model": "ab", "settings": "cd"}'
    )
    return path


def _process(folder: Path) -> Path:
    path = _run(folder).root / "process.json"
    path.write_text('{"pid": 999999999, "born": "1", "host": "x"}')
    return path


def _cell(folder: Path) -> Path:
    labels = np.array([0, 1, 1])
    images = np.zeros((3, 28, 28), dtype=np.uint8)
    save_samples(folder, "mnist", "test", np.arange(3), labels, images)
    save_predictions(folder, 1, labels)
    return folder / "predictions" / "samples.npz"


def _epoch_answers(folder: Path) -> Path:
    return _cell(folder).with_name("epoch-0001.npy")


def _read_cell(path: Path) -> object:
    try:
        return confusion_samples(path.parent.parent, 1, 1, 1)
    except LookupError as error:  # what its page shows
        raise RunError(str(error) or "damaged") from error


def _answers(folder: Path) -> Path:
    shares = np.full((6, 3), 1 / 3, dtype=np.float32)
    Predictions.of(shares, np.array([0, 1, 2, 0, 1, 2]), "abc").save(folder / PREDICTIONS_NAME)
    return folder / PREDICTIONS_NAME


def _report(folder: Path) -> Path:
    truth = np.array([0, 1, 2, 0, 1, 2])
    shares = np.random.default_rng(0).dirichlet(np.ones(3), 6).astype(np.float32)
    data = Dataset("some", tuple("abc"), np.zeros((6, 28, 28), dtype=np.uint8), truth)
    report = make_report("abc", shares, data)
    figures = {"model": "some", "data": "some", **report.figures}
    Report(figures, report.predictions).save(folder)
    return folder / REPORT_NAME


def _read_report(path: Path) -> object:
    return load_report(path.parent)


def _experiment(folder: Path) -> Path:
    path = folder / "record.json"
    path.write_text('{"kind": "searches", "trials": [], "updated": "2026-01-01"}')
    return path


def _read_experiment(path: Path) -> object:
    return read_record(path.parent)


def _settings(folder: Path) -> Path:
    from PySide6.QtCore import QByteArray, QSettings

    path = folder / "settings.ini"
    settings = Settings(QSettings(str(path), QSettings.Format.IniFormat))
    settings.set(PEN_WIDTH, 12.5)
    settings.set(BUNDLE, "/somewhere/else")
    settings.set(GEOMETRY, QByteArray(b"\x01\xd9\xd0\xcb\0\3"))
    settings.save()
    return path


def _read_settings(path: Path) -> object:
    from PySide6.QtCore import QSettings

    settings = Settings(QSettings(str(path), QSettings.Format.IniFormat))
    chosen = settings.theme(), settings.language()
    return chosen, settings.get(PEN_WIDTH), settings.get(BUNDLE), settings.get(GEOMETRY)


def _known_files(folder: Path) -> Path:
    path = folder / "files.json"
    path.write_text('[["/a/b.keras", "digits"], ["/c", ""]]')
    return path


def _read_known_files(path: Path) -> object:
    return files_from_json(path.read_text(encoding="utf-8", errors="replace"))


RUN_TARGETS = (
    Target("config", _config, _read_config),
    Target("events", _events, _read_events),
    Target("run-events", _events, _list_runs),
    Target("run-config", _run_config, _list_runs),
    Target("run-label", _label, _list_runs),
    Target("run-tested", _tested, _list_runs),
    Target("run-process", _process, _list_runs),
    Target("run-answers", _epoch_answers, _read_cell),
    Target("run-samples", _cell, _read_cell, mutate=mutated_archive),
    Target("report-answers", _answers, Predictions.load, mutate=mutated_archive),
    Target("report-figures", _report, _read_report),
    Target("experiment", _experiment, _read_experiment),
    Target("settings", _settings, _read_settings),
    Target("known-files", _known_files, _read_known_files),
)
