"""What the pages of the Models tab have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from emnist_desktop.settings import Settings
from emnist_desktop.trainer_process.command import Command
from emnist_desktop.ui.format import split_text, title_text
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.lazy import LazyWidget
from trainer.files.paths import Profile
from trainer.ink.strokes import Ink

if TYPE_CHECKING:
    from trainer.datasets.catalog import Catalog

MakeCommand = Callable[[Profile, QWidget], Command]


@dataclass(frozen=True)
class PageServices:
    """What every page works with; `make_command` returns what runs the trainer for a parent."""

    profile: Profile
    settings: Settings
    catalog: Catalog
    make_command: MakeCommand = Command


@dataclass(frozen=True)
class ModelContext:
    """The subject of a page: one model on one dataset.

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
    input_range : str
        What a file's network expects of pixels, an `InputRange`; empty to find it out.
    """

    model: Path
    title: str
    alphabet: str = ""
    data: str = ""
    split: str = ""
    input_range: str = ""

    @property
    def data_title(self) -> str:
        """The dataset, as shown to the user; empty when none is chosen."""
        return title_text(Path(self.data).name)

    @property
    def samples_title(self) -> str:
        """The dataset and which split of it, as shown to the user."""
        from trainer.datasets.load import ALL

        split = "" if self.split == ALL else split_text(self.split)
        return " · ".join(filter(None, (self.data_title, split)))

    def options(self) -> list[str]:
        """Return the trainer's command-line options for this model and dataset."""
        options = ["--model", str(self.model)]
        options += ["--alphabet", self.alphabet] if self.alphabet else []
        options += [f"--input-range={self.input_range}"] if self.input_range else []
        options += ["--data", self.data] if self.data else []
        return options + (["--split", self.split] if self.split else [])


class Page(LazyWidget):
    """A page of the Models tab, or the tab itself; built when it is first shown.

    Signals
    -------
    samples_requested : str, str, object, str
        Dataset, split, indices of samples (int64), title: the Datasets tab shall show them.
    form_requested : dict
        Settings of a training that the form shall take over.
    run_requested : object
        The `TrainingConfig` of a run to start.
    status_changed : str
        A word for the status bar.
    """

    samples_requested = Signal(str, str, object, str)
    form_requested = Signal(dict)
    run_requested = Signal(object)
    status_changed = Signal(str)

    has_subject = True
    """Whether the page is about the model and dataset that are chosen beside it."""

    def __init__(self, services: PageServices) -> None:
        super().__init__()
        self.services = services
        self.profile = services.profile
        self.settings = services.settings
        self.catalog = services.catalog
        self.subject: ModelContext | None = None

    def show_subject(self, subject: ModelContext | None) -> None:
        """Set the model and dataset; nothing expensive begins before the page is shown."""
        self.subject = subject
        if self.is_watched:
            self.look()

    @property
    def is_watched(self) -> bool:
        """Whether the page is visible."""
        return self.is_built and self.isVisible() and not self.is_closed

    def set_drawing(self, ink: Ink) -> None:
        """Handle a new drawing of the Draw tab."""

    def relay(self, page: Page) -> None:
        """Forward the signals of another page."""
        page.samples_requested.connect(self.samples_requested)
        page.form_requested.connect(self.form_requested)
        page.run_requested.connect(self.run_requested)
        page.status_changed.connect(self.status_changed)


class TabbedPage(Page):
    """A page of several pages with the same subject, each in a tab."""

    def build(self) -> None:
        """Make the tabs; a subclass adds its pages."""
        self.parts: list[Page] = []
        self.tabs = QTabWidget()
        self.setLayout(vbox(self.tabs))

    def add_part(self, part: Page, title: str, tip: str) -> None:
        """Add a page in a tab."""
        self.parts.append(part)
        self.relay(part)
        part.show_subject(self.subject)
        self.tabs.setTabToolTip(self.tabs.addTab(part, title), tip)

    def show_subject(self, subject: ModelContext | None) -> None:
        """Set the model and dataset of all pages."""
        super().show_subject(subject)
        for part in self.parts if self.is_built else ():
            part.show_subject(subject)
