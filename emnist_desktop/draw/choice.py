"""Which recogniser reads the drawing: bundled, from runs, or opened from a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from trainer.bundle import load_bundle
from trainer.errors import BundleError
from trainer.paths import Profile, default_bundle
from trainer.recognizer import Recognizer


@dataclass(frozen=True, eq=False)
class Loaded:
    """What loading led to.

    Attributes
    ----------
    recognizer : Recognizer or None
        None when not even the bundled one can be used.
    folder : str
        Of the recogniser in use; empty for the bundled one.
    notice : str
        What the user should know; empty when all went as asked.
    """

    recognizer: Recognizer | None
    folder: str
    notice: str


class RecognizerChoice:
    """Finds and loads recognisers.

    Parameters
    ----------
    profile : Profile
    load : callable
        Makes a recogniser of a bundle's folder; raises `BundleError`.
    """

    def __init__(
        self,
        profile: Profile,
        load: Callable[[Path], Recognizer] = lambda folder: Recognizer(load_bundle(folder)),
    ) -> None:
        self._profile = profile
        self._load = load

    def load(self, folder: str) -> Loaded:
        """Load the recogniser in `folder`, else the bundled one."""
        notice = ""
        if folder:
            try:
                return Loaded(self._load(Path(folder)), folder, "")
            except BundleError as error:
                notice = f"{error.message} The bundled recogniser is used instead."
        try:
            return Loaded(self._load(default_bundle()), "", notice)
        except BundleError as error:
            return Loaded(None, "", f"{error.message} {error.hint}".strip())

    def from_runs(self) -> list[Path]:
        """Return the bundles that training runs have left, newest first."""
        found = self._profile.runs.glob("*/bundle/bundle.json")
        return [card.parent for card in sorted(found, reverse=True)]


def bundle_title(folder: str) -> str:
    """Return how the recogniser in a folder is named: by its run; empty for the bundled one."""
    if not folder:
        return ""
    path = Path(folder)
    return path.parent.name if path.name == "bundle" else path.name
