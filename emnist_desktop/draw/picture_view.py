"""A picture with the characters that were found in it, boxed, and their text."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from emnist_desktop.draw.actions import DrawActions
from emnist_desktop.draw.canvas_frame import FramedSheet
from emnist_desktop.draw.picture_reader import RecognizedPicture
from emnist_desktop.draw.toolbar import action_button
from emnist_desktop.ui.colors import grey_image
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.layout import hbox, vbox

_BOX_MARGIN = 3.0


class BoxedPicture(FramedSheet):
    """Paints the picture as large as fits, and the boxes over it.

    Signals
    -------
    character_selected : int
        Index of the character whose box was clicked, or reached with the arrow keys.
    """

    character_selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(240, 160)
        self.setAccessibleName(self.tr("Picture with the characters found"))
        self.setToolTip(self.tr("Click a box, or use the arrow keys, to see its candidates"))
        self._image = QImage()
        self._picture: RecognizedPicture | None = None
        self.selected = 0
        """Index of the selected character in reading order."""

    def show_picture(self, picture: RecognizedPicture) -> None:
        """Show a picture that was read, its first character selected."""
        self._image = grey_image(picture.shown)
        self._picture = picture
        self.selected = 0
        self.update()

    def box_on_screen(self, index: int) -> QRectF:
        """Return where the box of a character is painted."""
        if self._picture is None:
            return QRectF()
        area = self._picture_area()
        factor = area.width() / self._picture.size[0]
        x, y, width, height = self._picture.boxes[index]
        box = QRectF(
            area.left() + x * factor, area.top() + y * factor, width * factor, height * factor
        )
        return box.adjusted(-_BOX_MARGIN, -_BOX_MARGIN, _BOX_MARGIN, _BOX_MARGIN)

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 460)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the character under the mouse."""
        for index in range(self._n_boxes()):
            if self.box_on_screen(index).contains(event.position()):
                self._select(index)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Select the next or the previous character."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if step and 0 <= self.selected + step < self._n_boxes():
            self._select(self.selected + step)
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.AlternateBase))
        if self._picture is not None and not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._picture_area(), self._image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for index, character in enumerate(self._picture.characters):
                self._paint_box(painter, index, character)
        self.paint_frame(painter)
        painter.end()

    def _paint_box(self, painter: QPainter, index: int, character: str) -> None:
        box = self.box_on_screen(index)
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        is_selected = index == self.selected
        painter.setPen(QPen(accent, 3.0 if is_selected else 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3, 3)
        font = QFont(self.font())
        font.setBold(True)
        metrics = QFontMetricsF(font)
        tag = QRectF(0, 0, metrics.horizontalAdvance(character) + 8, metrics.height())
        # Above the box, or inside it at the upper edge of the sheet.
        tag.moveTopLeft(QPointF(box.left(), max(1.0, box.top() - tag.height())))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawRoundedRect(tag, 3, 3)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.HighlightedText))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, character)

    def _picture_area(self) -> QRectF:
        room = self.size() - QSize(2, 2)
        size = self._image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        area = QRectF(0, 0, max(1, size.width()), max(1, size.height()))
        area.moveCenter(QRectF(self.rect()).center())
        return area

    def _n_boxes(self) -> int:
        return 0 if self._picture is None else len(self._picture.boxes)

    def _select(self, index: int) -> None:
        self.selected = index
        self.update()
        self.character_selected.emit(index)


class PictureView(QWidget):
    """The picture, its text to copy, and a way back to drawing."""

    def __init__(self, actions: DrawActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = BoxedPicture()
        self.text = QLineEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Text read from the picture"))
        self.text.setPlaceholderText(self.tr("No character was found in this picture"))
        above = hbox(action_button(actions.back), 1, action_button(actions.open_picture))
        below = hbox(QLabel(self.tr("Text")), (self.text, 1), action_button(actions.copy))
        self.setLayout(vbox(above, (self.picture, 1), below))

    def show_picture(self, picture: RecognizedPicture) -> None:
        """Show a picture that was read."""
        self.picture.show_picture(picture)
        self.text.setText(picture.text)
