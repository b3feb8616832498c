"""The texts of pictures in the history of lines, with the strokes that were traced."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from emnist_desktop.draw.line.line_canvas import MARGIN, X_HEIGHT
from emnist_desktop.draw.line.line_page import HISTORY_MILLISECONDS, HISTORY_TOPIC
from emnist_desktop.draw.picture_reader import RecognizedPicture
from emnist_desktop.settings import HISTORY, Settings
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.task import Task, failure_text
from trainer.ink.strokes import Ink, Stroke
from trainer.writing.history import LineHistory, new_id


class PictureHistory(QObject):
    """Keeps the picture that is shown, whenever its text has rested.

    Parameters
    ----------
    history : LineHistory
    settings : Settings
        Say whether a history is kept.
    banner : Banner
        Shows errors.
    """

    def __init__(
        self, history: LineHistory, settings: Settings, banner: Banner, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._history, self._settings, self._banner = history, settings, banner
        self._ink, self._text, self._entry_id = Ink(), "", ""
        self._is_kept = True
        self._rest = QTimer(self, singleShot=True, interval=HISTORY_MILLISECONDS)
        self._rest.timeout.connect(self.keep)
        self._keeping = Task(self, on_failure=self._on_failed)

    def begin(self, picture: RecognizedPicture, *, is_again: bool) -> None:
        """Take another picture, or the one before, which was read again.

        One that was not read as lines is not kept.
        """
        if not (is_again and self._entry_id):
            self.keep()
            self._entry_id = new_id()
        self._ink = _on_sheet(picture) if picture.x_height > 0 else Ink()
        self.take(picture.text)

    def take(self, text: str) -> None:
        """Take another text of the same picture."""
        self._text = text
        self._is_kept = False
        self._rest.start()

    @Slot()
    def keep(self) -> None:
        """Put the picture into the history now, if it has changed."""
        is_kept, self._is_kept = self._is_kept, True
        if is_kept or not self._text or self._ink.is_empty or self._settings.get(HISTORY) == "no":
            return
        put, entry = self._history.put, (self._ink, self._text, self._entry_id)
        self._keeping.start(lambda _: put(*entry))

    def shutdown(self) -> None:
        """Begin to keep what has not rested yet; the window waits for its jobs."""
        self.keep()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        sentence, _, hint = failure_text(error).partition("\n")
        self._banner.show_notice(sentence, hint, topic=HISTORY_TOPIC)


def _on_sheet(picture: RecognizedPicture) -> Ink:
    """Return the strokes in the size of those that are written, so that they can be written on."""
    points, _ = picture.ink.flat()
    corner = points.min(axis=0)
    factor = X_HEIGHT / picture.x_height
    return Ink(
        tuple(
            Stroke(((each.points - corner) * factor + MARGIN).astype(np.float32))
            for each in picture.ink.strokes
        )
    )
