"""Which recogniser reads the drawing: bundled, from runs, or opened from a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from trainer.bundle import CARD_NAME, Bundle, load_bundle
from trainer.errors import BundleError
from trainer.paths import Profile, default_bundle
from trainer.recognizer import Recognizer
from trainer.serving import Served

Opener = Callable[[], Recognizer]
"""Makes a recogniser; raises `BundleError`."""


@dataclass(frozen=True, eq=False)
class Restored:
    """What became of an earlier choice.

    Attributes
    ----------
    recognizer : Recognizer or None
        None when not even the bundled one can be used.
    folder : str
        Of the recogniser in use; empty for the bundled one.
    problem : BundleError or None
        Why it is not the one that was asked for.
    """

    recognizer: Recognizer | None
    folder: str
    problem: BundleError | None


def open_recognizer(folder: Path) -> Recognizer:
    """Make the recogniser in a folder.

    A classic model answers from a child process: the window never imports scikit-learn.

    Raises
    ------
    BundleError
        If it is missing, damaged, or cannot be used here.
    """
    bundle = load_bundle(folder)
    return Recognizer(bundle, answers=Served(bundle) if bundle.is_classic else None)


class RecognizerChoice:
    """Finds and loads recognisers.

    Parameters
    ----------
    profile : Profile
    load : callable
        Makes a recogniser of a bundle's folder; raises `BundleError`.
    bundled : Path, optional
        Folder of the recogniser that travels with the program.
    """

    def __init__(
        self,
        profile: Profile,
        load: Callable[[Path], Recognizer] | None = None,
        bundled: Path | None = None,
    ) -> None:
        self._profile = profile
        self._load = load or open_recognizer
        self._bundled = bundled or default_bundle()

    def opener(self, folder: str) -> Opener:
        """Return what makes the recogniser in `folder`, in any thread; empty: the bundled one."""
        path = Path(folder) if folder else self._bundled
        load = self._load
        return lambda: load(path)

    def restore(self, folder: str) -> Restored:
        """Load the recogniser in `folder`; where that fails, the bundled one."""
        problem = None
        for candidate in (folder, "") if folder else ("",):
            try:
                return Restored(self.opener(candidate)(), candidate, problem)
            except BundleError as error:
                problem = error
        return Restored(None, "", problem)

    def from_runs(self) -> list[Path]:
        """Return the bundles that training runs have left, newest first."""
        found = self._profile.runs.glob(f"*/bundle/{CARD_NAME}")
        return [card.parent for card in sorted(found, reverse=True)]


def bundle_title(folder: str) -> str:
    """Return how the recogniser in a folder is named: by its run; empty for the bundled one."""
    if not folder:
        return ""
    path = Path(folder)
    return path.parent.name if path.name == "bundle" else path.name


def measured_accuracy(bundle: Bundle) -> tuple[float, int] | None:
    """Return the share of validation drawings read rightly and their number, if it is known."""
    validation = bundle.card.get("validation")
    if not isinstance(validation, dict):
        return None
    accuracy, samples = validation.get("accuracy"), validation.get("samples")
    if isinstance(accuracy, float) and isinstance(samples, int):
        return accuracy, samples
    return None


def data_terms(bundle: Bundle) -> list[str]:
    """Return where the data came from that the recogniser learned from, without repetition."""
    training = bundle.card.get("training")
    data = training.get("data") if isinstance(training, dict) else None
    entries = data if isinstance(data, list) else []
    terms = [entry.get("terms") for entry in entries if isinstance(entry, dict)]
    return list(dict.fromkeys(term for term in terms if isinstance(term, str) and term))
