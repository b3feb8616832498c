"""Saves the drawing as it grows: a crash or a power cut costs at most the last stroke."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from trainer.errors import InkError
from trainer.files.paths import replacing

if TYPE_CHECKING:
    from emnist_desktop.draw.canvas import Canvas

logger = logging.getLogger(__name__)

_DELAY_MILLISECONDS = 250
"""Strokes that follow one another sooner are written together."""


class DrawingAutosave(QObject):
    """Saves the drawing on a canvas to a file, until the window closes in order.

    Parameters
    ----------
    path : Path
    canvas : Canvas
    leaves_last : bool
        Whether an end in order leaves the drawing for `offer_last` of the next window.
    """

    def __init__(
        self,
        path: Path,
        canvas: Canvas,
        parent: QObject | None = None,
        *,
        leaves_last: bool = False,
    ) -> None:
        super().__init__(parent)
        self._path, self._kept = path, path.with_name(f"kept-{path.name}")
        self._last = path.with_name(f"last-{path.name}")
        self._leaves_last = leaves_last
        self._is_kept = False
        self._is_offered = False
        self._canvas = canvas
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MILLISECONDS)
        self._timer.timeout.connect(self._write)
        canvas.history_changed.connect(self._on_changed)

    def restore(self) -> bool:
        """Put the last drawing onto the canvas; return whether an end without order left it."""
        try:
            is_kept = self._kept.exists()
            if is_kept:
                self._kept.replace(self._path)
            is_there = self._canvas.restore(self._path.read_bytes())
        except FileNotFoundError:
            return False
        except (OSError, InkError) as error:
            logger.warning("The last drawing cannot be read: %s", error)
            return False
        if is_kept:
            self._canvas.forget_steps()
        return is_there and not is_kept

    def offer_last(self) -> None:
        """Let undo bring back what was drawn when the last window closed in order."""
        try:
            self._canvas.set_aside(self._last.read_bytes())
            self._is_offered = True
        except FileNotFoundError:
            return
        except (OSError, InkError) as error:
            logger.warning("The last drawing cannot be read: %s", error)

    def keep(self) -> None:
        """Save the drawing for the next window of this profile, however this one ends."""
        if not self._canvas.is_empty:
            self._write()
            self._is_kept = True

    def shutdown(self) -> None:
        """Remove the file, or put it aside if the drawing stays: the window closes in order."""
        try:
            if self._is_kept:
                self._path.replace(self._kept)
            elif self._leaves_last and not self._canvas.is_empty:
                self._write()
                self._path.replace(self._last)
            elif not self._is_offered:
                self._last.unlink(missing_ok=True)
            self._path.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("The autosaved drawing cannot be removed: %s", error)

    @Slot()
    def _on_changed(self) -> None:
        self._is_offered = False
        self._timer.start()

    @Slot()
    def _write(self) -> None:
        try:
            # Flushing may take long, and the system does it within seconds.
            with replacing(self._path, durable=False) as temporary:
                temporary.write_text(self._canvas.to_json(), encoding="utf-8")
        except OSError as error:
            logger.warning("The drawing is not saved: %s", error)
