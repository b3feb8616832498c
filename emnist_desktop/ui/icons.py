"""Icons: SVG drawings of one colour, tinted for the theme."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from trainer.files.paths import resources

ICON_SIZE = 18
"""Side of the icons on buttons and in menus, in pixels."""

_COLOR = b"currentColor"


def themed_icon(name: str, palette: QPalette) -> QIcon:
    """Return an icon of ``resources/icons`` in the colours of a palette.

    It does not follow the theme: make a new one when the palette changes.
    """
    drawing = _source(name)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    icon = QIcon()
    application = QGuiApplication.instance()
    finest = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 2
    scales = (1,) if finest <= 1 else (1, 2)
    for mode, state, color in (
        (QIcon.Mode.Normal, QIcon.State.Off, palette.color(QPalette.ColorRole.ButtonText)),
        (QIcon.Mode.Normal, QIcon.State.On, palette.color(QPalette.ColorRole.HighlightedText)),
        (QIcon.Mode.Disabled, QIcon.State.Off, disabled),
    ):
        renderer = _renderer(drawing, color)
        for scale in scales:
            pixmap = QPixmap(ICON_SIZE * scale, ICON_SIZE * scale)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer.render(painter, QRectF(pixmap.rect()))
            painter.end()
            pixmap.setDevicePixelRatio(scale)
            icon.addPixmap(pixmap, mode, state)
    return icon


def paint_icon(painter: QPainter, name: str, area: QRectF, color: QColor) -> None:
    """Paint one icon in one colour."""
    _renderer(_source(name), color).render(painter, area)


def application_icon() -> QIcon:
    """Return the icon of the program, in its own colours."""
    return QIcon(str(resources() / "icons" / "emnist-desktop.svg"))


def _source(name: str) -> bytes:
    return (resources() / "icons" / f"{name}.svg").read_bytes()


def _renderer(drawing: bytes, color: QColor) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(drawing.replace(_COLOR, color.name().encode())))
