"""The mark of a profile: a disc in its colour, with the first letter of its name."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap

from emnist_desktop.ui.colors import class_colors, text_on
from emnist_desktop.ui.icons import ICON_SIZE
from trainer.files.profiles import COLORS, FIRST_NAME, NamedProfile

_SCREEN_SCALE = 2
_LETTER_SHARE = 0.6


def profile_color(name: str, palette: QPalette) -> QColor:
    """Return a colour of `COLORS` as the theme has it."""
    return class_colors(palette)[COLORS.index(name)]


def profile_icon(name: str, color: str, palette: QPalette) -> QIcon:
    """Return the mark of a profile; it does not follow the theme."""
    pixmap = QPixmap(ICON_SIZE * _SCREEN_SCALE, ICON_SIZE * _SCREEN_SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    area, ground = QRectF(pixmap.rect()), profile_color(color, palette)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawEllipse(area)
    font = painter.font()
    font.setPixelSize(round(_LETTER_SHARE * area.height()))
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(text_on(ground))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, name[:1].upper())
    painter.end()
    pixmap.setDevicePixelRatio(_SCREEN_SCALE)
    return QIcon(pixmap)


def shown_name(profile: NamedProfile) -> str:
    """Return the name of a profile; that of the first one in the user's language."""
    if profile.is_first and profile.name == FIRST_NAME:
        return QCoreApplication.translate("Profiles", "First profile")
    return profile.name
