"""A picture with the characters that were found in it, boxed, and their text, to be corrected."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
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
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from emnist_desktop.draw.actions import DrawActions
from emnist_desktop.draw.canvas_frame import FramedSheet
from emnist_desktop.draw.picture_reader import RecognizedPicture
from emnist_desktop.draw.picture_text import (
    PictureText,
    ReadBox,
    Rect,
    halves,
    ink_within,
    union,
)
from emnist_desktop.draw.toolbar import action_button
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import spin_box, tool_button
from emnist_desktop.ui.images import grey_image
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from trainer.ink.render import ink_to_image
from trainer.ink.strokes import Ink
from trainer.recognition.recognizer import Candidate

_BOX_MARGIN = 1.0
_LEAST_DRAWN = 6.0
"""Pixels of the window that a box is drawn large at least."""

_TEXT_LINES = 3


class BoxedPicture(FramedSheet):
    """Paints the picture as large as fits, and the boxes over it.

    Signals
    -------
    box_selected : int
        Index of the box that was clicked, or reached with the arrow keys.
    box_drawn : tuple of float
        A rectangle that was drawn beside the boxes, in pixels of the picture.
    split_requested : float
        The x of a double click in the selected box, in pixels of the picture.
    character_typed : str
        For the selected box; empty: it is to be deleted.
    """

    box_selected = Signal(int)
    box_drawn = Signal(tuple)
    split_requested = Signal(float)
    character_typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(240, 160)
        self.setAccessibleName(self.tr("Picture with the characters found"))
        self.setToolTip(
            self.tr(
                "Click a box, or use the arrow keys, to see its candidates; type to correct it. "
                "Double-click a box to split it, draw one round ink that has none"
            )
        )
        self._image = QImage()
        self._size = (1, 1)
        self.content: PictureText | None = None
        self._rubber: QRectF | None = None
        self.selected = 0
        """Index of the selected box in reading order."""

    def show_picture(self, picture: RecognizedPicture, text: PictureText) -> None:
        """Show a picture that was read, its first character selected."""
        self._image = grey_image(picture.shown)
        self._size = picture.size
        self.content = text
        self.selected = 0
        self.update()

    def box_on_screen(self, index: int) -> QRectF:
        """Return where the box of a character is painted."""
        if self.content is None:
            return QRectF()
        area = self._picture_area()
        factor = area.width() / self._size[0]
        x, y, width, height = self.content.boxes[index].rect
        box = QRectF(
            area.left() + x * factor, area.top() + y * factor, width * factor, height * factor
        )
        return box.adjusted(-_BOX_MARGIN, -_BOX_MARGIN, _BOX_MARGIN, _BOX_MARGIN)

    def select(self, index: int) -> None:
        """Select a box."""
        self.selected = max(0, min(index, self._n_boxes() - 1))
        self.update()
        self.box_selected.emit(self.selected)

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 460)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the character under the mouse, or begin to draw a box."""
        index = self._index_at(event.position())
        if index is not None:
            self.select(index)
        elif event.button() == Qt.MouseButton.LeftButton and self.content is not None:
            self._rubber = QRectF(event.position(), event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the box."""
        if self._rubber is not None:
            self._rubber.setBottomRight(event.position())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell the box that was drawn."""
        if self._rubber is None:
            return
        drawn, self._rubber = self._rubber.normalized(), None
        self.update()
        if min(drawn.width(), drawn.height()) >= _LEAST_DRAWN:
            corner = self._on_picture(drawn.topLeft())
            opposite = self._on_picture(drawn.bottomRight())
            size = opposite - corner
            self.box_drawn.emit((corner.x(), corner.y(), size.x(), size.y()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask to split the box there."""
        if self._index_at(event.position()) == self.selected:
            self.split_requested.emit(self._on_picture(event.position()).x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Select another character, or correct the selected one."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        typed = event.text()
        if step and 0 <= self.selected + step < self._n_boxes():
            self.select(self.selected + step)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.character_typed.emit("")
        elif len(typed) == 1 and typed.isprintable() and not typed.isspace():
            self.character_typed.emit(typed)
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.AlternateBase))
        if self.content is not None and not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._picture_area(), self._image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for index, box in enumerate(self.content.boxes):
                self._paint_box(painter, index, self.content.character_of(box) or "·")
        if self._rubber is not None:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._rubber)
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

    def _on_picture(self, position: QPointF) -> QPointF:
        area = self._picture_area()
        return (position - area.topLeft()) * (self._size[0] / area.width())

    def _index_at(self, position: QPointF) -> int | None:
        """Return the smallest box there."""
        around = [i for i in range(self._n_boxes()) if self.box_on_screen(i).contains(position)]
        return min(around, key=lambda i: self.box_on_screen(i).width(), default=None)

    def _n_boxes(self) -> int:
        return 0 if self.content is None else len(self.content.boxes)


class PictureView(QWidget):
    """The picture, its text to correct and copy, and a way back to drawing.

    Parameters
    ----------
    actions : DrawActions
    recognize : callable
        Returns the candidates for an ink.

    Signals
    -------
    box_selected
        Another box is selected, or it has changed; see `selected_box`.
    text_changed
        The text was corrected.
    samples_requested : list of (Ink, str)
        The characters, to be kept as samples.
    undo_requested
        The samples are to be forgotten.
    page_requested : int
        Another page of the PDF.
    status_changed : str
    """

    box_selected = Signal()
    text_changed = Signal()
    samples_requested = Signal(list)
    undo_requested = Signal()
    page_requested = Signal(int)
    status_changed = Signal(str)

    def __init__(
        self,
        actions: DrawActions,
        recognize: Callable[[Ink], tuple[Candidate, ...]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._recognize = recognize
        self._ink = Ink()
        self.content = PictureText((), "", ())
        """The text and its boxes."""
        self.is_edited = False
        """Whether something was corrected, or kept, since the picture was read."""
        self.picture = BoxedPicture()
        self.edit = QPlainTextEdit()
        self.edit.setObjectName("sheet-text")
        self.edit.setAccessibleName(self.tr("Text read from the picture"))
        self.edit.setPlaceholderText(self.tr("No character was found in this picture"))
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(_TEXT_LINES * self.edit.fontMetrics().lineSpacing() + 2 * SPACING)
        self.split = tool_button(self.tr("Split"), self.tr("Make two boxes of the selected one"))
        self.join = tool_button(self.tr("Join"), self.tr("Join the selected box with the next"))
        self.delete = tool_button(self.tr("Delete"), self.tr("Delete the selected box (Del)"))
        self.keep = tool_button(
            self.tr("Keep as samples"),
            self.tr("Keep every character with its label in my samples"),
        )
        self.notice = QLabel()
        self.take_back = tool_button(self.tr("Undo"), self.tr("Forget these samples again"))
        self.page = spin_box(1, 1, 1, tip=self.tr("Page of the PDF"))
        self.page.setAccessibleName(self.tr("Page of the PDF"))
        self.page.setKeyboardTracking(False)
        open_button = action_button(actions.open_picture)
        above = hbox(action_button(actions.back), 1, self.page, open_button)
        tools = hbox(self.split, self.join, self.delete, 1, self.notice, self.take_back, self.keep)
        top = Qt.AlignmentFlag.AlignTop
        below = hbox((self.edit, 1), (action_button(actions.copy), 0, top))
        self.setLayout(vbox(above, (self.picture, 1), tools, below))
        self._connect()
        self.show_kept(0)

    @property
    def text(self) -> str:
        """The text, as it was corrected."""
        return self.content.text

    @property
    def selected_box(self) -> ReadBox | None:
        """The selected box; None where there is none."""
        boxes = self.content.boxes
        return boxes[self.picture.selected] if boxes else None

    def show_picture(self, picture: RecognizedPicture, text: str | None = None) -> None:
        """Show a picture that was read, and its text, if that was corrected before."""
        self.content = PictureText(picture.boxes, picture.text, picture.slots)
        self._ink = picture.ink
        self.picture.show_picture(picture, self.content)
        self.show_page(picture)
        self.is_edited = text is not None
        if text is not None:
            self.content.edit(text)
        self._show_text()
        self.show_kept(0)

    def show_page(self, picture: RecognizedPicture) -> None:
        """Show which page of how many a picture is."""
        with QSignalBlocker(self.page):
            self.page.setRange(1, picture.n_pages)
            self.page.setValue(picture.page)
        self.page.setPrefix(self.tr("Page "))
        self.page.setSuffix(self.tr(" of {0}").format(picture.n_pages))
        self.page.setVisible(picture.n_pages > 1)

    def show_kept(self, number: int) -> None:
        """Say how many characters were kept as samples; nothing for 0."""
        text = self.tr("1 sample kept") if number == 1 else self.tr("{0} samples kept")
        self.notice.setText(text.format(number) if number else "")
        self.take_back.setVisible(number > 0)
        self.is_edited = self.is_edited or number > 0

    @Slot(str)
    def correct(self, character: str) -> None:
        """Set the character of the selected box; delete the box if it is empty."""
        box = self.selected_box
        if box is None:
            return
        if not character:
            self._replace([box], [])
            return
        self.content.correct(box, character)
        self._show_changed()
        if self.picture.selected + 1 < len(self.content.boxes):
            self.picture.select(self.picture.selected + 1)

    @Slot()
    def _on_split_clicked(self) -> None:
        self._split(None)

    @Slot(float)
    def _split(self, at: float | None) -> None:
        box = self.selected_box
        if box is None or box.ink.is_empty:
            return
        parts = [self._read(rect) for rect in halves(box, at)]
        if all(not part.ink.is_empty for part in parts):
            self._replace([box], parts)

    @Slot()
    def _on_join_clicked(self) -> None:
        first = self.picture.selected
        boxes = self.content.boxes[first : first + 2]
        if len(boxes) == 2:
            self._replace(boxes, [self._read(union(boxes[0].rect, boxes[1].rect))])

    @Slot()
    def _on_delete_clicked(self) -> None:
        self.correct("")

    @Slot(tuple)
    def _on_box_drawn(self, rect: Rect) -> None:
        box = self._read(rect)
        if box.ink.is_empty:
            self.status_changed.emit(self.tr("There is no ink in this box"))
        else:
            self._replace([], [box])
            self.picture.select(self.content.boxes.index(box))

    @Slot()
    def _on_keep_clicked(self) -> None:
        labelled = [(box.ink, self.content.character_of(box)) for box in self.content.boxes]
        self.samples_requested.emit([each for each in labelled if each[1] and not each[0].is_empty])

    @Slot()
    def _on_text_edited(self) -> None:
        text = self.edit.toPlainText()
        if text != self.content.text:
            self.content.edit(text)
            self._show_changed()

    def _read(self, rect: Rect) -> ReadBox:
        ink = ink_within(self._ink, rect)
        candidates = () if ink.is_empty else self._recognize(ink)
        return ReadBox(rect, ink, ink_to_image(ink), candidates)

    def _replace(self, old: list[ReadBox], new: list[ReadBox]) -> None:
        self.content.replace(old, new)
        self.picture.select(self.picture.selected)
        self._show_changed()

    def _show_changed(self) -> None:
        self.is_edited = True
        self._show_text()
        self.picture.update()
        self.text_changed.emit()

    def _show_text(self) -> None:
        if self.edit.toPlainText() != self.content.text:
            self.edit.setPlainText(self.content.text)
        n_boxes = len(self.content.boxes)
        for button, least in ((self.split, 1), (self.join, 2), (self.delete, 1), (self.keep, 1)):
            button.setEnabled(n_boxes >= least)

    def _connect(self) -> None:
        self.page.valueChanged.connect(self.page_requested)
        self.picture.box_selected.connect(self.box_selected)
        self.picture.box_drawn.connect(self._on_box_drawn)
        self.picture.split_requested.connect(self._split)
        self.picture.character_typed.connect(self.correct)
        self.edit.textChanged.connect(self._on_text_edited)
        self.split.clicked.connect(self._on_split_clicked)
        self.join.clicked.connect(self._on_join_clicked)
        self.delete.clicked.connect(self._on_delete_clicked)
        self.keep.clicked.connect(self._on_keep_clicked)
        self.take_back.clicked.connect(self.undo_requested)
