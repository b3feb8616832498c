"""What the pages of the Models tab have in common."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from emnist_desktop.settings import Settings
from trainer.datasets.catalog import Catalog
from trainer.files.paths import Profile
from trainer.ink.strokes import Ink


@dataclass(frozen=True)
class ModelContext:
    """What a page speaks of: one model on one dataset.

    Attributes
    ----------
    model : Path
        A bundle's folder, or a ``.keras`` or ``.tflite`` file.
    title : str
        The model, as shown to the user.
    alphabet : str
        The characters of a file's classes; empty for a bundle, which knows them.
    data : str
        What ``--data`` takes; empty when no dataset is chosen.
    split : str
        Of the data; empty for the default.
    """

    model: Path
    title: str
    alphabet: str = ""
    data: str = ""
    split: str = ""

    def options(self) -> list[str]:
        """Return the options that tell a command of the trainer what it is about."""
        options = ["--model", str(self.model)]
        options += ["--alphabet", self.alphabet] if self.alphabet else []
        options += ["--data", self.data] if self.data else []
        return options + (["--split", self.split] if self.split else [])


class Page(QWidget):
    """One page of the Models tab.

    Parameters
    ----------
    profile : Profile
    settings : Settings
    catalog : Catalog

    Signals
    -------
    samples_asked : str, str, object, str
        Dataset, split, indices of samples (int64), title: the Datasets tab shall show them.
    form_asked : dict
        Settings of a training that the form shall take over.
    run_asked : object
        The `TrainingConfig` of a run to start.
    status_changed : str
        A word for the status bar.
    """

    samples_asked = Signal(str, str, object, str)
    form_asked = Signal(dict)
    run_asked = Signal(object)
    status_changed = Signal(str)

    def __init__(
        self,
        profile: Profile,
        settings: Settings,
        catalog: Catalog,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.profile = profile
        self.settings = settings
        self.catalog = catalog
        self.subject: ModelContext | None = None

    def show_subject(self, subject: ModelContext | None) -> None:
        """Speak of another model or dataset; nothing heavy begins here."""
        self.subject = subject

    def set_drawing(self, ink: Ink) -> None:
        """Hear that the drawing of the Draw tab has changed."""

    def close_page(self) -> None:
        """End what is under way, before the window goes."""
