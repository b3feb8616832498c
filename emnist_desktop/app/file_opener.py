"""Files that the program is started with, or that are dropped beside the tabs that take them."""

from __future__ import annotations

import errno
import os
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from emnist_desktop.ui.compat import override
from emnist_desktop.ui.task import Task
from trainer.datasets.store import CARD_NAME as DATASET_CARD
from trainer.errors import InkError
from trainer.files.disk import DAMAGED_ZIP, open_regular
from trainer.files.paths import Profile
from trainer.ink.picture_file import PDF_SUFFIX, SUFFIXES, UNREAD_SUFFIXES
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import CARD_NAME as BUNDLE_CARD

if TYPE_CHECKING:
    from emnist_desktop.app.main_window import MainWindow

_TOPIC = "opened file"
_NETWORK_SUFFIXES = {".keras", ".tflite"}
"""An HDF5 file may be a network, too, and is mostly data."""


class FileKind(Enum):
    """What a file or folder is to the window."""

    PICTURE = auto()
    INK = auto()
    BUNDLE = auto()
    PACKED_BUNDLE = auto()
    NETWORK = auto()
    RUN = auto()
    DATASET = auto()
    DATA = auto()


@dataclass(frozen=True, eq=False)
class OpenedFile:
    """A file or folder, and what it is.

    Attributes
    ----------
    kind : FileKind
        DATASET and RUN are of the profile, DATA is anything that may be imported.
    path : Path
        The folder, if the file is the card of one.
    ink : Ink, optional
        What an ink holds.
    """

    kind: FileKind
    path: Path
    ink: Ink | None = None


def identify(path: Path, profile: Profile) -> OpenedFile:
    """Return what a file or folder is.

    Raises
    ------
    InkError
        If it is not there, or is a document without strokes.
    """
    if not path.exists():
        reason = os.strerror(errno.ENOENT)
        raise InkError("{path} cannot be read: {reason}.", "Check the path.").format(
            path=path, reason=reason
        )
    if path.name in (BUNDLE_CARD, DATASET_CARD, "config.json", "events.jsonl"):
        opened = _identify_folder(path.parent, profile)
        if opened.kind is not FileKind.DATA:
            return opened
    if path.is_dir():
        return _identify_folder(path, profile)
    return _identify_file(path)


def _identify_file(path: Path) -> OpenedFile:
    suffix = path.suffix.lower()
    if suffix in {*SUFFIXES, PDF_SUFFIX}:
        return OpenedFile(FileKind.PICTURE, path)
    if suffix in _NETWORK_SUFFIXES:
        return OpenedFile(FileKind.NETWORK, path)
    if _is_packed_bundle(path):
        return OpenedFile(FileKind.PACKED_BUNDLE, path)
    ink = _only_ink(path)
    if ink is not None:
        return OpenedFile(FileKind.INK, path, ink)
    is_picture = suffix in UNREAD_SUFFIXES  # which the Draw tab says
    return OpenedFile(FileKind.PICTURE if is_picture else FileKind.DATA, path)


def _identify_folder(folder: Path, profile: Profile) -> OpenedFile:
    from trainer.runs.folder import RunFolder

    run = RunFolder(folder)
    if run.config_file.is_file() and folder.parent.resolve() == profile.runs.resolve():
        return OpenedFile(FileKind.RUN, profile.runs / folder.name)
    for bundle in (folder, run.bundle):
        if (bundle / BUNDLE_CARD).is_file():
            return OpenedFile(FileKind.BUNDLE, bundle)
    is_own = folder.parent.resolve() == profile.datasets.resolve()
    is_dataset = is_own and (folder / DATASET_CARD).is_file()
    return OpenedFile(FileKind.DATASET if is_dataset else FileKind.DATA, folder)


def _is_packed_bundle(path: Path) -> bool:
    with suppress(*DAMAGED_ZIP):
        if path.suffix.lower() == ".zip" and path.is_file():
            with zipfile.ZipFile(path) as archive:
                return BUNDLE_CARD in archive.namelist()
    return False


def _only_ink(path: Path) -> Ink | None:
    """Return the ink of a file that holds one; None for several, and for another file."""
    from trainer.ink.documents import document_format, read_document

    if path.suffix.lower() == ".json":
        with suppress(OSError, InkError), open_regular(path) as stream:
            return Ink.from_json(stream.read())
    if path.is_file() and document_format(path):
        inks = read_document(path)
        return inks[0].ink if len(inks) == 1 else None
    return None


class FileOpener(QObject):
    """Shows each kind of file in the tab to which it belongs.

    Parameters
    ----------
    window : MainWindow
    profile : Profile
    """

    def __init__(self, window: MainWindow, profile: Profile) -> None:
        super().__init__(window)
        self._window = window
        self._profile = profile
        self._task = Task(self, self._on_identified, self._on_failed)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    @Slot(object)
    def open(self, paths: Sequence[Path]) -> None:
        """Show a file or folder; of several, the first."""
        if not paths:
            return
        if len(paths) > 1:
            text = self.tr("One file at a time: {0} is opened.").format(paths[0].name)
            self._window.statusBar().showMessage(text)
        self._task.start(lambda _: identify(paths[0], self._profile))

    @Slot(object)
    def _on_identified(self, opened: OpenedFile) -> None:
        window, path = self._window, opened.path
        window.banner.withdraw(_TOPIC)
        draw, datasets = window.draw_tab, window.datasets_tab
        training, models = window.training_tab, window.models_tab
        tab: QWidget
        show: Callable[[], object]
        match opened.kind:
            case FileKind.PICTURE:
                tab, show = draw, partial(draw.read_picture, path)
            case FileKind.INK:
                tab, show = draw, partial(draw.show_ink, opened.ink or Ink())
            case FileKind.BUNDLE:
                tab, show = draw, partial(draw.use_bundle, str(path))
            case FileKind.PACKED_BUNDLE:
                tab, show = training, partial(training.import_bundle, path)
            case FileKind.NETWORK:
                tab, show = models, partial(models.open_file, path)
            case FileKind.RUN:
                tab, show = training, partial(training.show_run, path)
            case FileKind.DATASET:
                tab, show = datasets, partial(datasets.open_dataset, path.name)
            case FileKind.DATA:
                tab, show = datasets, partial(datasets.import_path, path)
        window.tabs.setCurrentWidget(tab)
        show()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        sentence = self.tr("The file could not be opened: {0}").format(error)
        self._window.banner.show_error(error, sentence, topic=_TOPIC)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent | QDropEvent):
            files = [
                Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()
            ]
            if files:
                event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self.open(files)
            return bool(files)
        return super().eventFilter(watched, event)
