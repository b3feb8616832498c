"""The pictures of what tabs are for."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from emnist_desktop.settings import Theme
from emnist_desktop.ui.empty_state import (
    HEIGHT,
    WIDTH,
    AnswersPicture,
    Illustration,
    LearningPicture,
    SamplesPicture,
)
from emnist_desktop.ui.style import apply_theme


@pytest.mark.parametrize("kind", [SamplesPicture, LearningPicture, AnswersPicture])
def test_a_picture_has_the_colours_of_the_theme(
    qtbot: QtBot, qapp: QApplication, kind: type[Illustration]
) -> None:
    picture = kind()
    qtbot.addWidget(picture)
    light = picture.grab().toImage()
    assert (light.width(), light.height()) == (WIDTH, HEIGHT)
    assert _n_colors(light) > 10
    assert picture.grab().toImage() == light
    apply_theme(qapp, Theme.DARK)
    assert picture.grab().toImage() != light


def _n_colors(image: QImage) -> int:
    return len({image.pixel(x, y) for x in range(0, WIDTH, 2) for y in range(0, HEIGHT, 2)})
