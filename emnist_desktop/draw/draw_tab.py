"""The Draw tab: draw or open a picture, and see what it says."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from emnist_desktop.draw.banner import Banner
from emnist_desktop.draw.canvas import Canvas
from emnist_desktop.draw.choice import RecognizerChoice, bundle_title
from emnist_desktop.draw.clipboard import grey_from_image
from emnist_desktop.draw.picture_view import PictureView
from emnist_desktop.draw.reading import Grey, PictureReading, picture_work
from emnist_desktop.draw.side_panel import SidePanel
from emnist_desktop.draw.toolbar import Toolbar
from emnist_desktop.settings import BUNDLE, PEN_WIDTH, PICTURE_FOLDER, READING, Settings
from emnist_desktop.style import MARGIN, SPACING
from emnist_desktop.task import Task
from trainer.errors import TrainerError
from trainer.recognizer import Recognition, Recognizer

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif", ".tif", ".tiff")


class DrawTab(QWidget):
    """Canvas and side panel; the recogniser answers in the window's thread.

    Parameters
    ----------
    choice : RecognizerChoice
    settings : Settings

    Signals
    -------
    status_changed : str
        A short message for the status bar.
    """

    status_changed = Signal(str)

    def __init__(
        self, choice: RecognizerChoice, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._choice = choice
        self._settings = settings
        self._recognizer: Recognizer | None = None
        self._recognition: Recognition | None = None
        self._picture: Path | Grey | None = None
        self._task = Task(self)
        self.banner = Banner()
        self.canvas = Canvas()
        self.toolbar = Toolbar(self.canvas)
        self.picture_view = PictureView()
        self.panel = SidePanel()
        self.sheets = QStackedWidget()
        self.sheets.addWidget(self.canvas)
        self.sheets.addWidget(self.picture_view)
        self._lay_out()
        self.toolbar.set_pen_width(settings.get(PEN_WIDTH))
        self.panel.set_reading(settings.get(READING))
        self._connect()
        self.use_bundle(settings.get(BUNDLE))

    # What the window asks for

    @property
    def recognition(self) -> Recognition | None:
        """What was recognised last in the drawing."""
        return self._recognition

    @Slot(str)
    def use_bundle(self, folder: str) -> None:
        """Read with another recogniser from now on; empty for the bundled one."""
        loaded = self._choice.load(folder)
        if loaded.recognizer is None and self._recognizer is not None:
            self.banner.show_notice(loaded.notice)
            return
        self._recognizer = loaded.recognizer
        if loaded.notice:
            self.banner.show_notice(loaded.notice)
        else:
            self.banner.hide_notice()
        self._settings.set(BUNDLE, loaded.folder)
        if self._recognizer is None:
            title = self.tr("No recogniser")
        else:
            title = bundle_title(loaded.folder) or self.tr("Bundled recogniser")
        self.panel.show_recognizer(title, loaded.folder, self._choice.from_runs())
        self._read_again()

    @Slot()
    def choose_picture(self) -> None:
        """Ask for a picture and read it."""
        patterns = " ".join(f"*{suffix}" for suffix in PICTURE_SUFFIXES)
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Open picture"),
            self._settings.get(PICTURE_FOLDER),
            self.tr("Pictures ({0})").format(patterns),
        )
        if name:
            self._settings.set(PICTURE_FOLDER, str(Path(name).parent))
            self.read_picture(Path(name))

    @Slot()
    def choose_bundle(self) -> None:
        """Ask for the folder of a bundle and use it."""
        folder = QFileDialog.getExistingDirectory(self, self.tr("Open bundle"))
        if folder:
            self.use_bundle(folder)

    def read_picture(self, picture: Path | Grey) -> None:
        """Read the characters of a picture, beside the window."""
        if self._recognizer is None:
            self.banner.show_notice(self.tr("There is no recogniser to read the picture with."))
            return
        self._picture = picture
        self.status_changed.emit(self.tr("Reading the picture…"))
        self._task.start(picture_work(picture, self._recognizer.bundle, self.panel.reading))

    @Slot()
    def paste(self) -> None:
        """Read a picture from the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        urls = [url for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []
        if urls:
            self.read_picture(Path(urls[0].toLocalFile()))
        elif data.hasImage():
            self.read_picture(grey_from_image(QImage(data.imageData())))
        else:
            self.status_changed.emit(self.tr("There is no picture on the clipboard"))

    @Slot()
    def copy(self) -> None:
        """Copy the character, or the text of the picture, to the clipboard."""
        if self.sheets.currentWidget() is self.picture_view:
            self._copy_text(self.picture_view.text.text())
        elif self._recognition is not None and self._recognition.best is not None:
            self._copy_text(self._recognition.best.character)

    def close_tab(self) -> None:
        """End what is under way; the tab is not used after that."""
        self._task.close()

    # Recognition

    @Slot()
    def _on_drawing_changed(self) -> None:
        if self._recognizer is None:
            return
        self._recognition = self._recognizer.recognize(self.canvas.ink(), self.panel.reading)
        self.panel.candidates.show_recognition(self._recognition)
        self.panel.image.show_image(self._recognition.image)

    @Slot()
    def _on_reading_changed(self) -> None:
        self._settings.set(READING, self.panel.reading.value)
        self._read_again()

    def _read_again(self) -> None:
        if self.sheets.currentWidget() is self.picture_view and self._picture is not None:
            self.read_picture(self._picture)
        else:
            self._on_drawing_changed()

    @Slot(object)
    def _on_picture_read(self, reading: PictureReading) -> None:
        self.status_changed.emit("")
        self.banner.hide_notice()
        self.picture_view.show_reading(reading)
        self.sheets.setCurrentWidget(self.picture_view)
        self.toolbar.setEnabled(False)
        first = reading.recognitions[0] if len(reading.recognitions) == 1 else None
        self.panel.candidates.show_recognition(first)
        self.panel.image.show_image(first.image if first is not None else None)

    @Slot(object)
    def _on_picture_failed(self, error: Exception) -> None:
        self.status_changed.emit("")
        if isinstance(error, TrainerError):
            self.banner.show_notice(f"{error.message} {error.hint}".strip())
        else:
            self.banner.show_notice(self.tr("The picture could not be read: {0}").format(error))

    @Slot()
    def _on_picture_closed(self) -> None:
        self._picture = None
        self.toolbar.setEnabled(True)
        self.sheets.setCurrentWidget(self.canvas)
        self.canvas.setFocus()
        self._on_drawing_changed()

    @Slot(float)
    def _on_pen_width_changed(self, width: float) -> None:
        self._settings.set(PEN_WIDTH, width)

    @Slot(str)
    def _copy_text(self, text: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(text)
            self.status_changed.emit(self.tr("Copied: {0}").format(text))

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept one local file."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the picture that was dropped."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.read_picture(Path(files[0]))

    # Building

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(SPACING)
        left.addWidget(self.toolbar)
        left.addWidget(self.sheets, 1)
        below = QHBoxLayout()
        below.setSpacing(2 * SPACING)
        below.addLayout(left, 1)
        below.addWidget(self.panel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(SPACING)
        layout.addWidget(self.banner)
        layout.addLayout(below, 1)

    def _connect(self) -> None:
        self.canvas.drawing_changed.connect(self._on_drawing_changed)
        self.toolbar.picture_requested.connect(self.choose_picture)
        self.toolbar.pen_width_changed.connect(self._on_pen_width_changed)
        self.picture_view.closed.connect(self._on_picture_closed)
        self.panel.reading_changed.connect(self._on_reading_changed)
        self.panel.bundle_chosen.connect(self.use_bundle)
        self.panel.bundle_requested.connect(self.choose_bundle)
        self.panel.candidates.copy_requested.connect(self._copy_text)
        self._task.succeeded.connect(self._on_picture_read)
        self._task.failed.connect(self._on_picture_failed)
