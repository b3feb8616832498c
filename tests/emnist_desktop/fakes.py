"""A recogniser that answers what it is told, and drawings as a pen gives them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from trainer.errors import BundleError
from trainer.ink.alphabet import CharacterSet
from trainer.ink.render import Image, ink_to_image
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import Bundle
from trainer.recognition.recognizer import Candidate, Probabilities, Recognition, Recognizer

CARD = {"model": {"sha256": "fake"}}

SURE = (Candidate("C", 0.9, "C c"), Candidate("G", 0.06), Candidate("6", 0.03))
UNSURE = (Candidate("O", 0.5, "O o"), Candidate("0", 0.45), Candidate("Q", 0.02))


class FakeRecognizer(Recognizer):
    """Answers `candidates` for whatever is drawn, and remembers what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.bundle = Bundle(folder, folder.name, ("C", "G", "6"), (2.9,), 1.0, CARD)
        self.memory = None
        self.candidates = SURE
        self.asked: list[tuple[Ink, CharacterSet]] = []

    def recognize(
        self, ink: Ink, reading: CharacterSet = CharacterSet.ALL, top: int = 5
    ) -> Recognition:
        self.asked.append((ink, reading))
        return Recognition(() if ink.is_empty else self.candidates, ink_to_image(ink))

    def ink_probabilities(self, inks: Sequence[Ink]) -> Probabilities:
        return np.tile(np.array([0.9, 0.06, 0.04], dtype=np.float32), (len(inks), 1))

    def recognize_image(
        self, image: Image, reading: CharacterSet = CharacterSet.ALL, top: int = 5
    ) -> Recognition:
        return Recognition(self.candidates, image)


def load_fake(folder: Path) -> Recognizer:
    """Load what a folder stands for: a fake, or an error where there is none."""
    if not folder.is_dir():
        raise BundleError("There is no recogniser in {folder}.", "Repair it.").format(
            folder=folder.name
        )
    return FakeRecognizer(folder)


def draw(widget: QWidget, *points: tuple[int, int]) -> None:
    """Draw a stroke with the left button."""
    left = Qt.MouseButton.LeftButton
    places = [QPoint(*point) for point in points]
    none = Qt.KeyboardModifier.NoModifier
    QTest.mousePress(widget, left, none, places[0])
    for place in places[1:]:
        QTest.mouseMove(widget, place)
    QTest.mouseRelease(widget, left, none, places[-1])
