"""The known models: the bundled one, those of runs, and the user's files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.ui.format import run_title
from trainer.errors import BundleError, Message
from trainer.files.paths import Profile, default_bundle
from trainer.files.records import RecordError, decode, decode_or, nested, parse
from trainer.ink.alphabet import merges_case
from trainer.recognition.bundle import load_bundle
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import list_runs


@dataclass(frozen=True)
class KnownModel:
    """One model.

    Attributes
    ----------
    path : Path
        A bundle's folder, or a ``.keras``, ``.h5`` or ``.tflite`` file.
    title : str
    alphabet : str
        The characters of a file's classes; empty for a bundle.
    accuracy : float or None
        On its validation data, where it is known.
    is_merged : bool
        Whether letters that are alike in both cases count as one class in it.
    preset : str
        What was trained; empty where it is not known.
    data : str
        What it was trained on, as ``--data`` takes it; empty where it is not known.
    problem : str
        Why it cannot be used; empty where it can.
    input_range : str
        What a file's network expects of pixels; empty to find it out.
    """

    path: Path
    title: str
    alphabet: str = ""
    accuracy: float | None = None
    preset: str = ""
    data: str = ""
    problem: str = ""
    input_range: str = ""
    is_merged: bool = False


@dataclass(frozen=True)
class UserFile:
    """A model that the user has added."""

    path: Path
    alphabet: str = ""
    input_range: str = ""


def find_models(profile: Profile, files: Iterable[UserFile]) -> list[KnownModel]:
    """Return the bundled model, the runs' newest first, and the user's files."""
    found = [_bundle(default_bundle())]
    for run in list_runs(profile.runs):
        if run.has_bundle:
            path, data = RunFolder(run.root).bundle, str(run.config.get("data", ""))
            found.append(KnownModel(path, run_title(run), "", run.accuracy, run.preset, data))
    return [*found, *(_file(own) for own in files)]


def files_from_json(text: str) -> list[UserFile]:
    """Read what `files_to_json` wrote; nonsense is left out."""
    try:
        entries = decode(list[list[str]], parse(text or "[]"))
        return [UserFile(Path(path), text, *rest) for path, text, *rest in entries]
    except (RecordError, TypeError, ValueError):
        return []


def files_to_json(files: Iterable[UserFile]) -> str:
    """Return the user's files as one line."""
    return json.dumps([[str(own.path), own.alphabet, own.input_range] for own in files])


def _file(own: UserFile) -> KnownModel:
    if own.path.is_dir():
        return _bundle(own.path)
    problem = "" if own.path.is_file() else Message("There is no {path}.", path=own.path)
    return KnownModel(
        own.path, own.path.name, own.alphabet, problem=problem, input_range=own.input_range
    )


def _bundle(folder: Path) -> KnownModel:
    try:
        bundle = load_bundle(folder)
    except BundleError as error:
        return KnownModel(folder, folder.name, problem=error.message)
    validation, network = (nested(bundle.card, name) for name in ("validation", "network"))
    accuracy = decode_or(None, float, validation.get("accuracy"))
    preset = decode_or("", str, network.get("preset"))
    return KnownModel(
        folder,
        trainer_text(bundle.name),
        accuracy=accuracy,
        preset=preset,
        is_merged=merges_case(bundle.alphabet),
    )
