"""The animation of the README: characters are drawn and recognised, then a network is trained.

Used by `tools/screenshots.py`; every frame is a screenshot of the real window.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image as PillowImage
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from trainer.config.training_config import TrainingConfig

WIDTH = 800
COLORS = 96
DRAWING_MILLISECONDS, TRAINING_MILLISECONDS, LAST_MILLISECONDS = 60, 120, 2500
POINTS_A_FRAME = 6
LOOKS_A_SECOND = 4
LONGEST_TRAINING_SECONDS = 240
TRAINING_FRAMES = 45
CONFIG = TrainingConfig(data="starter", preset="cnn-small", epochs=8, limit=6000, seed=1)

Stroke = Sequence[tuple[int, int]]


class Film:
    """Frames of a window with their durations."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self.frames: list[PillowImage.Image] = []
        self.milliseconds: list[int] = []

    def take(self, milliseconds: int) -> None:
        self.frames.append(self.look())
        self.milliseconds.append(milliseconds)

    def look(self) -> PillowImage.Image:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._window.grab().save(buffer, "BMP")
        whole = PillowImage.open(io.BytesIO(buffer.data().data())).convert("RGB")
        height = whole.height * WIDTH // whole.width
        return whole.resize((WIDTH, height), PillowImage.Resampling.LANCZOS)

    def save(self, path: Path) -> None:
        """Write a GIF with one palette, so that unchanged areas are compressed well."""
        sample = PillowImage.new("RGB", (WIDTH, self.frames[0].height * 3))
        for row, index in enumerate((0, len(self.frames) // 3, len(self.frames) - 1)):
            sample.paste(self.frames[index], (0, row * self.frames[0].height))
        palette = sample.quantize(COLORS, dither=PillowImage.Dither.NONE)
        flat = [
            frame.quantize(palette=palette, dither=PillowImage.Dither.NONE) for frame in self.frames
        ]
        flat[0].save(
            path, save_all=True, append_images=flat[1:], duration=self.milliseconds, loop=0
        )


def draw_slowly(film: Film, canvas: QWidget, strokes: Sequence[Stroke]) -> None:
    for stroke in strokes:
        _send(canvas, QEvent.Type.MouseButtonPress, stroke[0])
        for number, point in enumerate(stroke[1:]):
            _send(canvas, QEvent.Type.MouseMove, point)
            if number % POINTS_A_FRAME == 0:
                QApplication.processEvents()
                film.take(DRAWING_MILLISECONDS)
        _send(canvas, QEvent.Type.MouseButtonRelease, stroke[-1])
        QApplication.processEvents()
        film.take(3 * DRAWING_MILLISECONDS)


def _send(canvas: QWidget, kind: QEvent.Type, position: tuple[int, int]) -> None:
    point = QPointF(*position)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, point, canvas.mapToGlobal(point), left, left, none)
    QApplication.sendEvent(canvas, event)


def spread(frames: list[PillowImage.Image], n: int) -> list[PillowImage.Image]:
    """Return at most `n` evenly spaced frames, including the first and the last."""
    if len(frames) <= n:
        return frames
    return [frames[round(index * (len(frames) - 1) / (n - 1))] for index in range(n)]
