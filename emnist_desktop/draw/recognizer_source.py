"""Which recogniser reads the drawing: bundled, from runs, or opened from a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emnist_desktop.ui.format import title_text
from trainer.errors import BundleError
from trainer.files.paths import Profile, default_bundle
from trainer.files.records import decode_or, nested, object_or_empty
from trainer.processes.json_child import SECONDS_TO_END
from trainer.recognition.bundle import CARD_NAME, CLASSIC_NAMES, Bundle, load_bundle
from trainer.recognition.recognizer import Recognizer
from trainer.recognition.remote_recognizer import RemoteModel
from trainer.recognition.sandboxed_litert import KnownNetworks, check_bundle

Opener = Callable[[], Recognizer]
"""Makes a recogniser; raises `BundleError`."""


@dataclass(frozen=True, eq=False)
class RestoredRecognizer:
    """Result of restoring the saved recogniser.

    Attributes
    ----------
    recognizer : Recognizer or None
        None when not even the bundled one can be used.
    folder : str
        Of the recogniser in use; empty for the bundled one.
    problem : BundleError or None
        Why it is not the requested one.
    """

    recognizer: Recognizer | None
    folder: str
    problem: BundleError | None


class ServedRecognizer(Recognizer):
    """Reads with a classic model in a child process: the window never imports scikit-learn.

    Parameters
    ----------
    bundle : Bundle
    watch : callable, optional
        Called with the child as soon as it is there, before it has loaded its model.
    """

    def __init__(self, bundle: Bundle, watch: Watch | None = None) -> None:
        self._child = Child(bundle, watch)
        super().__init__(bundle, model=self._child)

    def kill(self) -> None:
        """End the child at once, without waiting."""
        self._child.kill()

    def close(self, seconds: float = SECONDS_TO_END) -> None:
        """End the child; waits for it."""
        self._child.close(seconds)


class Child(RemoteModel):
    """A child that can be ended while it loads."""

    def __init__(self, bundle: Bundle, watch: Watch | None) -> None:
        self._watch = watch
        super().__init__(bundle)

    def kill(self) -> None:
        """End it at once, from any thread: whoever waits for its answer gets an error."""
        self._process.kill()

    def _receive(self) -> dict[str, Any]:
        if self._watch is not None:
            watch, self._watch = self._watch, None
            watch(self)
        return super()._receive()


Watch = Callable[[Child], None]


def open_recognizer(
    folder: Path, watch: Watch | None = None, known: KnownNetworks | None = None
) -> Recognizer:
    """Make the recogniser in a folder; that of a classic model takes seconds.

    A network that is not known is tried in a child first: LiteRT dies of some broken ones.

    Raises
    ------
    BundleError
        If it is missing, damaged, or cannot be used here.
    """
    bundle = load_bundle(folder)
    if bundle.is_classic:
        return ServedRecognizer(bundle, watch)
    check_bundle(bundle, known)
    return Recognizer(bundle)


def release(recognizer: Recognizer | None) -> None:
    """End what a recogniser that nobody uses any more has started; may wait for it."""
    if isinstance(recognizer, ServedRecognizer):
        recognizer.close()


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
        self._load = load
        self._bundled = bundled or default_bundle()
        self._known = KnownNetworks(profile.reports / "known-networks.txt")

    @property
    def hand_file(self) -> Path:
        """Where the user's hand is kept."""
        return self._profile.hand_file

    @property
    def history_file(self) -> Path:
        """Where written lines are kept."""
        return self._profile.history_file

    def opener(self, folder: str, watch: Watch | None = None) -> Opener:
        """Return what makes the recogniser in `folder`, in any thread; empty: the bundled one."""
        path = Path(folder) if folder else self._bundled
        load, known = self._load, self._known
        return lambda: open_recognizer(path, watch, known) if load is None else load(path)

    def takes_long(self, folder: str) -> bool:
        """Whether the recogniser in `folder` should be opened beside the window's thread."""
        if not folder:
            return False
        card = object_or_empty(Path(folder) / CARD_NAME)
        try:
            return card["model"]["form"] in CLASSIC_NAMES or not self._known.knows(card)
        except (LookupError, TypeError):
            return False  # opening it says what is wrong

    def restore(self, folder: str) -> RestoredRecognizer:
        """Load the recogniser in `folder`; where that fails, the bundled one."""
        problem = None
        for candidate in (folder, "") if folder else ("",):
            try:
                return RestoredRecognizer(self.opener(candidate)(), candidate, problem)
            except BundleError as error:
                problem = error
        return RestoredRecognizer(None, "", problem)

    def from_runs(self) -> list[Path]:
        """Return the bundles that training runs have left, newest first."""
        found = self._profile.runs.glob(f"*/bundle/{CARD_NAME}")
        return [card.parent for card in sorted(found, reverse=True)]


def bundle_title(folder: str) -> str:
    """Return how the recogniser in a folder is named: as its run is; empty for the bundled one."""
    if not folder:
        return ""
    path = Path(folder)
    if path.name != "bundle":
        return path.name
    from trainer.runs.list_runs import folder_title

    return folder_title(path.parent, translate=title_text)


def measured_accuracy(bundle: Bundle) -> tuple[float, int] | None:
    """Return the share of validation drawings read rightly and their number, if it is known."""
    validation = nested(bundle.card, "validation")
    figures = [validation.get(name) for name in ("accuracy", "samples")]
    return decode_or(None, tuple[float, int], figures)


def data_terms(bundle: Bundle) -> list[str]:
    """Return where the data came from that the recogniser learned from, without repetition."""
    training = nested(bundle.card, "training")
    entries = decode_or([], list[dict[str, Any]], training.get("data"))
    terms = [decode_or("", str, entry.get("terms")) for entry in entries]
    return list(dict.fromkeys(filter(None, terms)))
