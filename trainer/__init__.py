"""EMNIST Desktop without a window: ink, recognition, datasets, training, evaluation.

The names below are the front door. Each is imported when it is first asked for, so that
``import trainer`` costs nothing:

>>> from trainer import Ink, Recognizer, default_bundle, load_bundle
>>> recognizer = Recognizer(load_bundle(default_bundle()))
>>> recognizer.recognize(Ink.from_points([[(0, 0), (20, 0), (8, 40)]])).candidates[0].character
'7'

Training and evaluation are commands, ``python -m trainer --help``, and functions, which start
these in a child process, so that no ``__main__`` guard is needed::

    small, large = train("mlp-tiny", "mnist"), train("lenet5", "mnist", epochs=5)
    print(compare(small, large)["tests"][0]["sentence"])
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer.config.training_config import TrainingConfig
    from trainer.datasets.catalog import Catalog
    from trainer.datasets.load import load_data
    from trainer.errors import TrainerError
    from trainer.evaluation.classifier import open_classifier
    from trainer.explain.open import open_inspector
    from trainer.files.paths import Profile, default_bundle
    from trainer.ink.picture import find_characters
    from trainer.ink.picture_file import open_picture
    from trainer.ink.render import ink_to_image
    from trainer.ink.strokes import Ink
    from trainer.library import (
        Run,
        compare,
        evaluate,
        load_dataset,
        load_recognizer,
        recognize,
        train,
    )
    from trainer.recognition.bundle import load_bundle
    from trainer.recognition.recognizer import Candidate, Recognition, Recognizer
    from trainer.runs.folder import RunFolder
    from trainer.runs.list_runs import list_runs

_HOMES = {
    "Candidate": "recognition.recognizer",
    "Catalog": "datasets.catalog",
    "Ink": "ink.strokes",
    "Profile": "files.paths",
    "Recognition": "recognition.recognizer",
    "Recognizer": "recognition.recognizer",
    "Run": "library",
    "RunFolder": "runs.folder",
    "TrainerError": "errors",
    "TrainingConfig": "config.training_config",
    "compare": "library",
    "default_bundle": "files.paths",
    "evaluate": "library",
    "find_characters": "ink.picture",
    "ink_to_image": "ink.render",
    "list_runs": "runs.list_runs",
    "load_bundle": "recognition.bundle",
    "load_data": "datasets.load",
    "load_dataset": "library",
    "load_recognizer": "library",
    "open_classifier": "evaluation.classifier",
    "open_inspector": "explain.open",
    "open_picture": "ink.picture_file",
    "recognize": "library",
    "train": "library",
}

__all__ = [
    "Candidate",
    "Catalog",
    "Ink",
    "Profile",
    "Recognition",
    "Recognizer",
    "Run",
    "RunFolder",
    "TrainerError",
    "TrainingConfig",
    "compare",
    "default_bundle",
    "evaluate",
    "find_characters",
    "ink_to_image",
    "list_runs",
    "load_bundle",
    "load_data",
    "load_dataset",
    "load_recognizer",
    "open_classifier",
    "open_inspector",
    "open_picture",
    "recognize",
    "train",
]


def __getattr__(name: str) -> object:
    """Import a name of the front door when it is first asked for."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(name)
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
