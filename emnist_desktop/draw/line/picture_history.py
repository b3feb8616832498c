"""The texts of pictures in the history of lines, with the strokes that were traced."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from emnist_desktop.draw.line.history_keeper import HistoryKeeper
from emnist_desktop.draw.line.line_canvas import MARGIN, X_HEIGHT
from emnist_desktop.draw.picture_reader import RecognizedPicture
from trainer.ink.strokes import Ink, Stroke
from trainer.writing.history import new_id


class PictureHistory(HistoryKeeper):
    """Keeps the picture that is shown, and its text as it is corrected."""

    _entry_id = ""
    _ink = Ink()
    entries: Mapping[int, str] = {}
    """Of the pages of the picture, by their numbers."""

    def begin(self, picture: RecognizedPicture, *, is_again: bool) -> None:
        """Take another picture, or the one before, which was read again; each page is an entry.

        One that was not read as lines is not kept.
        """
        before = self.entries if is_again else {}
        self._entry_id = before.get(picture.page) or new_id()
        self.entries = {**before, picture.page: self._entry_id}
        self._ink = _on_sheet(picture) if picture.x_height > 0 else Ink()
        self.change(picture.text)

    def change(self, text: str) -> None:
        """Take another text of the same picture."""
        self.take(self._entry_id, self._ink, text)


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
