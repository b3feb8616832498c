"""The library: what a script or a notebook does in a line, through ``import trainer``.

Trainings and evaluations are commands of the trainer in child processes, so that none of this needs
a ``__main__`` guard, and a notebook does not hold TensorFlow.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.config.training_config import TrainingConfig
from trainer.datasets.catalog import Catalog
from trainer.datasets.dataset import Dataset
from trainer.datasets.download.progress import TransferProgress
from trainer.datasets.load import is_path, load_data
from trainer.datasets.samples import as_images
from trainer.datasets.store import TRAIN, DatasetWriter, name_from
from trainer.files.paths import Profile, default_bundle
from trainer.ink.alphabet import CharacterSet
from trainer.ink.strokes import Ink
from trainer.processes.trainer_process import ask_trainer
from trainer.recognition.bundle import CARD_NAME, load_bundle
from trainer.recognition.recognizer import Recognition, Recognizer
from trainer.reproduce.children import train as train_in_child
from trainer.runs.events import RunHistory
from trainer.runs.folder import RunFolder

ShowProgress = bool | Callable[[str, float], None] | None
"""Receives a title and a share from 0 to 1; True for a bar; None for one where it is seen."""


def load_recognizer(model: str | Path | None = None) -> Recognizer:
    """Load a recogniser.

    Parameters
    ----------
    model : str or Path, optional
        The folder of a run or of a bundle; the bundled recogniser by default.

    Raises
    ------
    BundleError
        If there is none, or it is damaged.
    """
    folder = default_bundle() if model is None else Path(model).expanduser()
    inside = RunFolder(folder).bundle
    return Recognizer(load_bundle(inside if (inside / CARD_NAME).is_file() else folder))


_bundled = cache(load_recognizer)


def recognize(
    drawn: Ink | npt.NDArray[np.uint8] | Iterable[npt.ArrayLike],
    recognizer: Recognizer | None = None,
    character_set: CharacterSet = CharacterSet.ALL,
    top: int = 5,
) -> Recognition:
    """Recognise one character.

    Parameters
    ----------
    drawn : Ink, ndarray of shape (28, 28), dtype=uint8, or iterable of array-likes
        An ink; an image, 0 = paper, 255 = ink; or strokes of shape (n_points, 2), y downwards.
    recognizer : Recognizer, optional
        The bundled one by default.
    character_set : CharacterSet
        The possible answers.
    top : int
        The most candidates.

    Raises
    ------
    InkError
        If the strokes have another shape.
    """
    reader = _bundled() if recognizer is None else recognizer
    if isinstance(drawn, np.ndarray) and drawn.dtype == np.uint8:
        return reader.recognize_image(drawn, character_set, top)
    ink = drawn if isinstance(drawn, Ink) else Ink.from_points(drawn)
    return reader.recognize(ink, character_set, top)


def load_dataset(name: str | Path, split: str = TRAIN, *, progress: ShowProgress = None) -> Dataset:
    """Load a dataset; one of the catalogue is fetched or made if it is not there yet.

    Parameters
    ----------
    name : str or Path
        Such as "mnist", "emnist-balanced" or "starter", or a file or folder.
    split : str
        "train", "test", or "all".
    progress : bool or callable, optional
        As of `train`.

    Returns
    -------
    Dataset
        Images of shape (n, height, width), dtype=uint8, are read when they are indexed;
        ``numpy.asarray(dataset.images)`` reads all.

    Raises
    ------
    DatasetError
        If there is no such dataset, or it cannot be obtained.
    """
    _obtain(str(name), _shown(progress))
    return as_images(load_data(str(name), split))


@dataclass(frozen=True)
class Run:
    """A training and what came of it.

    Attributes
    ----------
    root : Path
        Its folder; ``Run(path)`` opens an earlier one.
    """

    root: Path

    @property
    def config(self) -> TrainingConfig:
        """The settings."""
        return RunFolder(self.root).config()

    @property
    def history(self) -> dict[str, list[float]]:
        """A list of a value per epoch for each figure.

        The names are ``epoch``, ``loss``, ``accuracy``, ``validation_loss``,
        ``validation_accuracy``, ``merged_accuracy``, ``learning_rate``, ``seconds`` and ``best``.
        """
        epochs = RunHistory.of(RunFolder(self.root).events()).epochs
        rows = [dataclasses.asdict(epoch) for _, epoch in sorted(epochs.items())]
        return {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}

    @property
    def bundle(self) -> Path:
        """The folder of the recogniser that it made."""
        return RunFolder(self.root).bundle

    @property
    def recognizer(self) -> Recognizer:
        """The recogniser that it made, loaded anew."""
        return load_recognizer(self.root)

    def evaluate(self, data: str | Path = "", split: str = "") -> dict[str, Any]:
        """Return the figures of `evaluate`, by default on the test split of its own data."""
        return evaluate(self.root, data or self.config.data, split)


def train(
    preset: str,
    data: str | Path | Dataset,
    *,
    root: str | Path | None = None,
    progress: ShowProgress = None,
    **settings: Any,
) -> Run:
    """Train a model and wait for it.

    Parameters
    ----------
    preset : str
        Such as "lenet5"; ``python -m trainer presets`` lists them.
    data : str, Path or Dataset
        As of `load_dataset`; a dataset in memory is stored among the datasets of the profile.
    root : str or Path, optional
        The folder of the run: a new one in the profile by default. A run that is finished there is
        not trained again, and one that was interrupted goes on.
    progress : bool or callable, optional
        Whether there is a bar: by default in a terminal and in a notebook. A callable receives
        what is done and a share from 0 to 1.
    **settings
        Fields of `TrainingConfig`, such as ``epochs=5``.

    Raises
    ------
    ConfigError
        If a setting is unknown or out of its range.
    DatasetError
        If the data cannot be obtained.
    RunError
        If the training fails.
    """
    show = _shown(progress)
    name = _stored(data) if isinstance(data, Dataset) else str(data)
    config = TrainingConfig.from_record({"preset": preset, "data": name, **settings})
    _obtain(name, show)
    where = RunFolder.create(Profile.locate().runs, config).root if root is None else Path(root)
    where = where.expanduser()
    train_in_child(config, where, lambda share: show(preset, share))
    show(preset, 1.0)
    return Run(where)


def evaluate(
    model: str | Path | Run | None, data: str | Path, split: str = "", **options: Any
) -> dict[str, Any]:
    """Return the figures of a model on a dataset, as ``python -m trainer evaluate --json``.

    Parameters
    ----------
    model : str, Path, Run or None
        A run, a bundle, or a file of Keras or LiteRT; None for the bundled recogniser.
    data : str or Path
    split : str
        By default test where there is one, else all.
    **options
        Further options of the command: ``alphabet="digits"``.

    Returns
    -------
    dict
        ``accuracy`` from 0 to 1, its 95 % ``interval``, ``samples``, ``confusion``, and more.

    Raises
    ------
    RunError
        If it cannot be evaluated.
    """
    arguments = ["evaluate", "--data", str(data)]
    chosen = {"model": _path(model) if model is not None else "", "split": split, **options}
    for name, value in chosen.items():
        arguments += [f"--{name.replace('_', '-')}", str(value)] if value else []
    return ask_trainer(arguments)


def compare(*models: str | Path | Run, data: str | Path = "", split: str = "") -> dict[str, Any]:
    """Return a leaderboard of runs, and McNemar's tests between them.

    Parameters
    ----------
    *models : str, Path or Run
        Two or more.
    data : str or Path
        What all are evaluated on first; by default the predictions for their validation samples
        are compared.
    split : str

    Returns
    -------
    dict
        As ``python -m trainer compare --json``: ``leaderboard``, and in ``tests`` for each pair
        its p-value ``p`` and a ``sentence``.

    Raises
    ------
    RunError
        If they cannot be compared.
    """
    arguments = ["compare", *map(_path, models)]
    arguments += ["--data", str(data)] if data else []
    arguments += ["--split", split] if split else []
    return ask_trainer(arguments)


def _path(model: str | Path | Run) -> str:
    return str(model.root if isinstance(model, Run) else model)


def _obtain(name: str, show: Callable[[str, float], None]) -> None:
    """Fetch or make a dataset of the catalogue that is not there."""
    catalog = Catalog(Profile.locate())
    if Path(name).expanduser().exists() or is_path(name) or catalog.holds(name):
        return

    def report(done: TransferProgress) -> None:
        show(name, done.done / done.total if done.total else 0.0)

    if catalog.entry(name).can_be_obtained:
        catalog.obtain(name, report, lambda: None)
        show(name, 1.0)


def _stored(data: Dataset) -> str:
    """Store a dataset in the profile, unless it is there; return its name."""
    name = f"{name_from(data.name)[:40]}-{data.fingerprint()[:8]}"
    folder = Profile.locate().datasets / name
    if not folder.is_dir():
        with DatasetWriter(folder, title=data.name, alphabet=data.alphabet) as writer:
            writer.append(TRAIN, np.asarray(data.images), data.labels, data.writers)
    return name


def _shown(progress: ShowProgress) -> Callable[[str, float], None]:
    if callable(progress):
        return progress
    is_seen = sys.stdout.isatty() or "ipykernel" in sys.modules
    if (progress is None and not is_seen) or progress is False:
        return lambda *_: None
    return _bar


def _bar(title: str, share: float) -> None:
    """Print a bar over the one before, in a terminal as in a notebook."""
    filled = round(30 * min(1.0, share))
    end = "\n" if share >= 1 else ""
    bar = "█" * filled + "·" * (30 - filled)
    sys.stdout.write(f"\r{title}  {bar}  {share:4.0%}{end}")
    sys.stdout.flush()
