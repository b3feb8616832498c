"""The row of tools above the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolButton,
    QWidget,
)

from emnist_desktop.draw.canvas import MAX_PEN_WIDTH, MIN_PEN_WIDTH, Canvas, Tool
from emnist_desktop.style import SPACING


class Toolbar(QWidget):
    """Pen, eraser, width, undo, redo, clear and picture; drives a canvas.

    Signals
    -------
    picture_requested
        The user wants to open a picture.
    pen_width_changed : float
        The user has chosen another width.
    """

    picture_requested = Signal()
    pen_width_changed = Signal(float)

    def __init__(self, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self.pen = self._button(self.tr("Pen"), self.tr("Draw"), "P", checkable=True)
        self.eraser = self._button(
            self.tr("Eraser"), self.tr("Erase parts of strokes"), "E", checkable=True
        )
        self.undo = self._button(self.tr("Undo"), self.tr("Take back the last step"), "Ctrl+Z")
        self.redo = self._button(self.tr("Redo"), self.tr("Take the step again"), "Ctrl+Shift+Z")
        self.clear = self._button(self.tr("Clear"), self.tr("Empty the canvas"), "Del")
        self.picture = self._button(
            self.tr("Open picture…"), self.tr("Read the characters in a picture"), "Ctrl+O"
        )
        self.width_slider = QSlider(Qt.Orientation.Horizontal)
        self.width_slider.setRange(round(MIN_PEN_WIDTH), round(MAX_PEN_WIDTH))
        self.width_slider.setPageStep(4)
        self.width_slider.setMaximumWidth(140)
        self.width_slider.setAccessibleName(self.tr("Pen width in pixels"))
        self.width_slider.setToolTip(self.tr("Pen width ([ and ])"))
        self._tools = QButtonGroup(self)
        self._tools.addButton(self.pen)
        self._tools.addButton(self.eraser)
        self.pen.setChecked(True)
        self._lay_out()
        self._connect()

    def set_pen_width(self, width: float) -> None:
        """Show and use a width."""
        self.width_slider.setValue(round(width))
        self._canvas.set_pen_width(width)

    @Slot()
    def make_thinner(self) -> None:
        """Take a thinner pen."""
        self.width_slider.setValue(self.width_slider.value() - 2)

    @Slot()
    def make_thicker(self) -> None:
        """Take a thicker pen."""
        self.width_slider.setValue(self.width_slider.value() + 2)

    @Slot()
    def choose_pen(self) -> None:
        """Draw from now on."""
        self.pen.setChecked(True)
        self._canvas.set_tool(Tool.PEN)

    @Slot()
    def choose_eraser(self) -> None:
        """Erase from now on."""
        self.eraser.setChecked(True)
        self._canvas.set_tool(Tool.ERASER)

    def _button(
        self, text: str, meaning: str, shortcut: str, *, checkable: bool = False
    ) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(f"{meaning} ({keys})")
        button.setAccessibleName(text)
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.pen)
        layout.addWidget(self.eraser)
        layout.addWidget(QLabel(self.tr("Width")))
        layout.addWidget(self.width_slider)
        layout.addStretch(1)
        for button in (self.undo, self.redo, self.clear, self.picture):
            layout.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _connect(self) -> None:
        self.pen.clicked.connect(self.choose_pen)
        self.eraser.clicked.connect(self.choose_eraser)
        self.undo.clicked.connect(self._canvas.undo)
        self.redo.clicked.connect(self._canvas.redo)
        self.clear.clicked.connect(self._canvas.clear)
        self.picture.clicked.connect(self.picture_requested)
        self.width_slider.valueChanged.connect(self._on_width_changed)
        self._canvas.history_changed.connect(self._on_history_changed)
        self._on_history_changed()

    @Slot(int)
    def _on_width_changed(self, width: int) -> None:
        self._canvas.set_pen_width(float(width))
        self.pen_width_changed.emit(float(width))

    @Slot()
    def _on_history_changed(self) -> None:
        self.undo.setEnabled(self._canvas.can_undo)
        self.redo.setEnabled(self._canvas.can_redo)
        self.clear.setEnabled(not self._canvas.is_empty)
