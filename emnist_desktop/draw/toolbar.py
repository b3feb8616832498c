"""The row of tools above the canvas."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from emnist_desktop.draw.actions import DrawActions
from emnist_desktop.draw.canvas import Canvas, Tool
from emnist_desktop.settings import MAX_PEN_WIDTH, MIN_PEN_WIDTH
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.icons import ICON_SIZE
from emnist_desktop.ui.layout import hbox
from emnist_desktop.ui.style import SPACING

_ICON_ONLY = Qt.ToolButtonStyle.ToolButtonIconOnly
_WITH_TEXT = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_ICON_BUTTON_WIDTH = ICON_SIZE + 2 * SPACING
_WIDTH_STEP = 2


class Toolbar(QWidget):
    """Pen, eraser, width, undo, redo, clear and picture; drives a canvas.

    Signals
    -------
    pen_width_changed : float
        The user has chosen another width.
    """

    pen_width_changed = Signal(float)

    def __init__(self, canvas: Canvas, actions: DrawActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._actions = actions
        self._has_words = True
        self._whole_width = 0
        self.width_slider = QSlider(Qt.Orientation.Horizontal)
        self.width_slider.setRange(round(MIN_PEN_WIDTH), round(MAX_PEN_WIDTH))
        self.width_slider.setPageStep(2 * _WIDTH_STEP)
        self.width_slider.setFixedWidth(120)
        self.width_slider.setAccessibleName(self.tr("Pen width in pixels"))
        self.width_slider.setToolTip(self.tr("Pen width ([ and ])"))
        self._lay_out()
        self._connect()

    @property
    def whole_width(self) -> int:
        """The width that all words need, as far as it was measured; in pixels."""
        return self._whole_width

    def set_canvas(self, canvas: Canvas) -> None:
        """Drive another canvas, with the tool that is chosen."""
        self._canvas = canvas
        self._on_pen_toggled(self._actions.pen.isChecked())
        with QSignalBlocker(self.width_slider):
            self.width_slider.setValue(round(canvas.pen_width))

    def set_pen_width(self, width: float) -> None:
        """Show and use a width."""
        self.width_slider.setValue(round(min(MAX_PEN_WIDTH, max(MIN_PEN_WIDTH, width))))
        self._canvas.set_pen_width(width)

    @override
    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        words = (
            sum(button.sizeHint().width() - _ICON_BUTTON_WIDTH for button in self._worded)
            + self._caption.sizeHint().width()
        )
        return QSize(hint.width() - (words if self._has_words else 0), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words out where there is no room for them."""
        super().resizeEvent(event)
        if self._has_words:
            self._whole_width = super().minimumSizeHint().width()
        has_words = self.width() >= self._whole_width
        if has_words != self._has_words:
            self._has_words = has_words
            for button in self._worded:
                button.setToolButtonStyle(_WITH_TEXT if has_words else _ICON_ONLY)
            self._caption.setVisible(has_words)

    def _lay_out(self) -> None:
        pen, eraser, picture = self._worded = [
            action_button(action)
            for action in (self._actions.pen, self._actions.eraser, self._actions.open_picture)
        ]
        self._caption = QLabel(self.tr("Width"))
        layout = hbox(pen, eraser)
        self.setLayout(layout)
        layout.addSpacing(SPACING)
        layout.addWidget(self._caption)
        layout.addWidget(self.width_slider)
        layout.addStretch(1)
        layout.addWidget(action_button(self._actions.undo, icon_only=True))
        layout.addWidget(action_button(self._actions.redo, icon_only=True))
        layout.addWidget(action_button(self._actions.clear, icon_only=True))
        layout.addWidget(picture)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _connect(self) -> None:
        self._actions.pen.toggled.connect(self._on_pen_toggled)
        self._actions.thinner.triggered.connect(partial(self._widen, -_WIDTH_STEP))
        self._actions.thicker.triggered.connect(partial(self._widen, _WIDTH_STEP))
        for action in (self._actions.undo, self._actions.redo, self._actions.clear):
            action.triggered.connect(partial(self._on_triggered, action))
        self.width_slider.valueChanged.connect(self._on_width_changed)

    @Slot(bool)
    def _on_pen_toggled(self, is_pen: bool) -> None:
        self._canvas.set_tool(Tool.PEN if is_pen else Tool.ERASER)

    def _on_triggered(self, action: QAction) -> None:
        """Let the canvas of now undo, redo or clear."""
        canvas, actions = self._canvas, self._actions
        steps = {actions.undo: canvas.undo, actions.redo: canvas.redo, actions.clear: canvas.clear}
        steps[action]()

    def _widen(self, step: int) -> None:
        self.width_slider.setValue(self.width_slider.value() + step)

    @Slot(int)
    def _on_width_changed(self, width: int) -> None:
        self._canvas.set_pen_width(float(width))
        self.pen_width_changed.emit(float(width))


def action_button(action: QAction, *, icon_only: bool = False) -> QToolButton:
    """Return a button that does what an action does, and can be reached with Tab."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(action.text().replace("&", ""))
    button.setToolButtonStyle(_ICON_ONLY if icon_only else _WITH_TEXT)
    return button
