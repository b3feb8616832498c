"""Experiment trackers: the events of a run, sent to TensorBoard or MLflow.

One adapter for a run that is being trained and for one that is over.
"""

from __future__ import annotations

import dataclasses
import io
import json
import os
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage

from trainer.config.fields import TRACKERS
from trainer.config.training_config import TrainingConfig
from trainer.errors import RunError, TrainerError
from trainer.files.paths import Profile
from trainer.processes.launch import missing_hint
from trainer.runs import events
from trainer.runs.folder import RunFolder

TENSORBOARD, MLFLOW = TRACKERS[1:]

Picture = npt.NDArray[np.uint8]
"""Of shape (height, width, 3)."""

_CELL = 12
"""Pixels of a cell of the confusion matrix."""

_EXPERIMENT = "emnist-desktop"
_RUN_TAG = "emnist_desktop.run"
_LONGEST_SETTING = 6000
"""Characters; MLflow refuses longer ones."""


class Tracker(Protocol):
    """Where the figures of a run go."""

    def settings(self, values: Mapping[str, str | int | float | bool]) -> None:
        """Take the settings, once."""

    def scalars(self, step: int, values: Mapping[str, float]) -> None:
        """Take figures of an epoch."""

    def confusion(self, step: int, picture: Picture) -> None:
        """Take a confusion matrix as a picture."""

    def finish(self, report: str, folder: RunFolder) -> None:
        """Take the last words."""

    def close(self) -> None:
        """Write everything."""


class TensorBoardTracker:
    """Writes a file of events that TensorBoard reads.

    Parameters
    ----------
    folder : Path
        Its name is that of the run in TensorBoard.
    """

    def __init__(self, folder: Path) -> None:
        from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2
        from tensorboard.summary.writer.event_file_writer import EventFileWriter

        self._event, self._summary, self._tensor = event_pb2.Event, summary_pb2, tensor_pb2
        self._writer = EventFileWriter(str(folder))

    def settings(self, values: Mapping[str, str | int | float | bool]) -> None:
        """Write the settings as hyperparameters, and as a text."""
        from tensorboard.plugins.hparams.summary_v2 import hparams_pb

        self._write(0, hparams_pb(dict(values)))
        self._text("settings", "\n".join(f"    {name}: {value}" for name, value in values.items()))

    def scalars(self, step: int, values: Mapping[str, float]) -> None:
        """Write a value for each name."""
        entries = [self._summary.Summary.Value(tag=n, simple_value=v) for n, v in values.items()]
        self._write(step, self._summary.Summary(value=entries))

    def confusion(self, step: int, picture: Picture) -> None:
        """Write the picture."""
        height, width, _ = picture.shape
        image = self._summary.Summary.Image(
            height=height, width=width, colorspace=3, encoded_image_string=_png(picture)
        )
        value = self._summary.Summary.Value(tag="confusion matrix", image=image)
        self._write(step, self._summary.Summary(value=[value]))

    def finish(self, report: str, folder: RunFolder) -> None:
        """Write the last words as a text."""
        self._text("result", report)

    def close(self) -> None:
        """Flush and close the file."""
        self._writer.close()

    def _text(self, tag: str, text: str) -> None:
        plugin = self._summary.SummaryMetadata.PluginData(plugin_name="text")
        tensor = self._tensor.TensorProto(dtype=7, string_val=[text.encode()])
        value = self._summary.Summary.Value(
            tag=tag, tensor=tensor, metadata=self._summary.SummaryMetadata(plugin_data=plugin)
        )
        self._write(0, self._summary.Summary(value=[value]))

    def _write(self, step: int, summary: Any) -> None:
        self._writer.add_event(self._event(wall_time=time.time(), step=step, summary=summary))


class MlflowTracker:
    """Writes a run of MLflow; one that was begun before goes on.

    Parameters
    ----------
    name : str
        Of the run.
    address : str
        Of a tracking server or a database.
    """

    def __init__(self, name: str, address: str) -> None:
        from mlflow.tracking import MlflowClient

        self._client = MlflowClient(address)
        found = self._client.get_experiment_by_name(_EXPERIMENT)
        experiment = (
            self._client.create_experiment(_EXPERIMENT, _artifacts(address))
            if found is None
            else found.experiment_id
        )
        same = f"tags.`{_RUN_TAG}` = '{name.replace(chr(39), '')}'"
        runs = self._client.search_runs([experiment], same, max_results=1)
        run = runs[0] if runs else self._client.create_run(
            experiment, run_name=name, tags={_RUN_TAG: name.replace("'", "")}
        )  # fmt: skip
        self._run = run.info.run_id
        self._known = dict(run.data.params)
        self._is_finished = False

    def settings(self, values: Mapping[str, str | int | float | bool]) -> None:
        """Write the settings as parameters; those of a run that goes on stay."""
        for name, value in values.items():
            if name not in self._known:
                self._client.log_param(self._run, name, value)

    def scalars(self, step: int, values: Mapping[str, float]) -> None:
        """Write metrics."""
        for name, value in values.items():
            self._client.log_metric(self._run, name, value, step=step)

    def confusion(self, step: int, picture: Picture) -> None:
        """Save the picture as an artifact."""
        self._client.log_image(self._run, picture, artifact_file=f"confusion-{step:04d}.png")

    def finish(self, report: str, folder: RunFolder) -> None:
        """Save the report of the run as an artifact."""
        from trainer.exporting.report import write_report_page

        self._client.log_text(self._run, report, "result.txt")
        with tempfile.TemporaryDirectory() as temporary:
            page = Path(temporary) / "report.html"
            write_report_page(folder.root, page)
            self._client.log_artifact(self._run, str(page))
        self._is_finished = True

    def close(self) -> None:
        """End the run of MLflow."""
        self._client.set_terminated(self._run, "FINISHED" if self._is_finished else "KILLED")


class RunTracking:
    """Sends the events of a run to a tracker.

    Parameters
    ----------
    tracker : Tracker
    folder : RunFolder
    config : TrainingConfig
    """

    def __init__(self, tracker: Tracker, folder: RunFolder, config: TrainingConfig) -> None:
        self._tracker, self._folder = tracker, folder
        try:
            tracker.settings(flat_settings(config))
        except Exception:
            with suppress(Exception):
                tracker.close()
            raise

    def add(self, event: events.Event) -> None:
        """Send an event."""
        match event:
            case events.Epoch():
                self._tracker.scalars(event.epoch, _figures(event))
            case events.Finished():
                history = events.RunHistory.of(self._folder.events())
                matrix = history.matrices.get(event.best_epoch)
                if matrix is not None:
                    self._tracker.confusion(event.best_epoch, matrix_picture(matrix))
                report = (
                    f"Best epoch: {event.best_epoch}\n\n"
                    f"Validation accuracy: {event.validation_accuracy:.2%}\n"
                )
                self._tracker.finish(report, self._folder)

    def close(self) -> None:
        """Write everything, and end."""
        self._tracker.close()


def open_tracking(
    kind: str, folder: RunFolder, config: TrainingConfig, place: str = ""
) -> RunTracking:
    """Open a tracker, and tell it the settings; close it afterwards.

    Parameters
    ----------
    kind : str
        "tensorboard" or "mlflow".
    folder : RunFolder
    config : TrainingConfig
    place : str
        Folder of TensorBoard, in which the run gets one of its own (default: in that of the run);
        address of MLflow (default: `MLFLOW_TRACKING_URI`, else a database in the profile).

    Raises
    ------
    RunError
        If the package is not installed, or the tracker cannot be reached.
    """
    name = folder.root.absolute().name
    try:
        tracker: Tracker
        if kind == TENSORBOARD:
            tracker = TensorBoardTracker(Path(place) / name if place else folder.tensorboard)
        else:
            tracker = MlflowTracker(name, place or _mlflow_address())
        return RunTracking(tracker, folder, config)
    except ImportError as error:
        raise RunError(
            "{tracker} needs a package that is not installed: {package}.", missing_hint(kind)
        ).format(tracker=kind, package=error.name) from error
    except Exception as error:
        raise _unreached(kind, error) from error


def export_tracking(kind: str, folder: RunFolder, place: str = "") -> None:
    """Send a run that is over to a tracker.

    Raises
    ------
    RunError
        As `open_tracking`, if the tracker fails, and if no epoch is done.
    """
    history = events.RunHistory.of(folder.events())
    if not history.epochs:
        raise RunError("{root} has no history: no epoch is done.").format(root=folder.root.name)
    run = open_tracking(kind, folder, folder.config(), place)
    try:
        with closing(run):
            for _, epoch in sorted(history.epochs.items()):
                run.add(epoch)
            if history.last is not None:
                run.add(history.last)
    except TrainerError:
        raise
    except Exception as error:
        raise _unreached(kind, error) from error


def _unreached(kind: str, error: Exception) -> RunError:
    return RunError("{tracker} cannot be reached: {reason}.").format(tracker=kind, reason=error)


def flat_settings(config: TrainingConfig) -> dict[str, str | int | float | bool]:
    """Return the settings as plain values, those of an augmentation after its name and a dot."""
    result: dict[str, str | int | float | bool] = {}
    for name, value in dataclasses.asdict(config).items():
        if isinstance(value, Mapping):
            result |= {f"{name}.{key}": each for key, each in value.items()}
        elif isinstance(value, list | tuple):
            result[name] = json.dumps(value)[:_LONGEST_SETTING]
        else:
            result[name] = "none" if value is None else value
    return result


def matrix_picture(matrix: events.Counts) -> Picture:
    """Return a confusion matrix: rows true, darker for a larger share of the row."""
    counts = np.asarray(matrix, dtype=np.float64)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    low, high = np.array([255, 255, 255]), np.array([8, 48, 107])
    colors = np.rint(low + np.sqrt(shares)[..., None] * (high - low)).astype(np.uint8)
    enlarged: Picture = colors.repeat(_CELL, axis=0).repeat(_CELL, axis=1)
    return enlarged


def _png(picture: Picture) -> bytes:
    stream = io.BytesIO()
    PillowImage.fromarray(picture).save(stream, format="PNG")
    return stream.getvalue()


def _figures(event: events.Epoch) -> dict[str, float]:
    return {
        "loss/training": event.loss,
        "loss/validation": event.validation_loss,
        "accuracy/training": event.accuracy,
        "accuracy/validation": event.validation_accuracy,
        "accuracy/merged": event.merged_accuracy,
        "learning rate": event.learning_rate,
        "seconds": event.seconds,
    }


def _artifacts(address: str) -> str | None:
    """Return where pictures go: beside a database file, else where the server keeps them."""
    if not address.startswith("sqlite:///"):
        return None
    return (
        Path(address.removeprefix("sqlite:///")).absolute().parent / "mlflow-artifacts"
    ).as_uri()


def _mlflow_address() -> str:
    """Return where MLflow keeps runs that nothing else was said about."""
    given = os.environ.get("MLFLOW_TRACKING_URI", "")
    return given or f"sqlite:///{Profile.locate().root.absolute() / 'mlflow.db'}"
