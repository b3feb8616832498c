"""Form controls in one expression each: a number, a choice, a check box, a button."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableView,
    QToolButton,
    QWidget,
)

from emnist_desktop.ui.style import SPACING, centre_labels, indented

W = TypeVar("W", bound=QWidget)


def spin_box(
    low: int, high: int, value: int, *, tip: str, step: int = 1, zero: str = ""
) -> QSpinBox:
    """Return a box for a whole number; `zero` is shown for the lowest one."""
    box = indented(QSpinBox())
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setGroupSeparatorShown(True)
    box.setSpecialValueText(zero)
    box.setValue(value)
    return _named(box, "", tip)


def combo_box(
    items: Iterable[tuple[str, Any]] = (), *, tip: str = "", name: str = "", width: int = 14
) -> QComboBox:
    """Return a box with items, each a text and its data; it shrinks to `width` characters."""
    box = QComboBox()
    for text, data in items:
        box.addItem(text, data)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(width)
    return _named(box, name, tip)


def refill(box: QComboBox, items: Iterable[tuple[str, Any]], chosen: Any = None) -> None:
    """Replace the items without a signal, and choose one by its data: by default that of before.

    Where there is none with these data, the first is chosen.
    """
    wanted = box.currentData() if chosen is None else chosen
    with QSignalBlocker(box):
        box.clear()
        for text, data in items:
            box.addItem(text, data)
        box.setCurrentIndex(max(0, box.findData(wanted)))


def check_box(text: str, tip: str, *, checked: bool = False) -> QCheckBox:
    """Return a check box."""
    box = QCheckBox(text)
    box.setChecked(checked)
    return _named(box, "", tip)


def push_button(text: str = "", tip: str = "") -> QPushButton:
    """Return a button with a tool tip."""
    return _named(QPushButton(text), "", tip)


def tool_button(text: str, tip: str, *, checkable: bool = False) -> QToolButton:
    """Return a small button, which may stay down."""
    button = QToolButton()
    button.setText(text)
    button.setCheckable(checkable)
    return _named(button, "", tip)


def caption(text: str = "") -> QLabel:
    """Return a wrapped label in the style of captions."""
    label = QLabel(text)
    label.setObjectName("caption")
    label.setWordWrap(True)
    return label


def plain_label(text: str = "", *, selectable: bool = False) -> QLabel:
    """Return a wrapped label of plain text, which the mouse may select to copy."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def bold(label: QLabel) -> QLabel:
    """Make a label bold, and return it."""
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


class ProblemLabel(QLabel):
    """Says what is wrong with the value in editors, and frames them while it is."""

    def __init__(self, *editors: QWidget) -> None:
        super().__init__()
        self._editors = editors
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName("field-error")
        self.setStyleSheet("color: palette(bright-text);")
        self.hide()

    def show_problem(self, text: str) -> None:
        """Mark the editor, or take the mark away where nothing is wrong."""
        self.setText(text)
        self.setVisible(bool(text))
        for editor in self._editors:
            editor.setAccessibleDescription(text)
            editor.setStyleSheet("border: 2px solid palette(bright-text);" if text else "")


def centred_caption(text: str = "") -> QLabel:
    """Return a centred caption, for an empty area."""
    label = caption(text)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label


def form_rows(form: QFormLayout, *rows: tuple[str, QWidget]) -> QFormLayout:
    """Add editors with their titles to a form, and return it."""
    form.setContentsMargins(0, 0, 0, 0)
    form.setSpacing(SPACING)
    for title, editor in rows:
        form.addRow(title_of(editor, title), editor)
    return form


def caption_form(
    *fields: tuple[str, QWidget], width: int = 0, spacing: int = SPACING
) -> QFormLayout:
    """Return a form with small captions; `width` is the least of a caption, in pixels."""
    form = QFormLayout()
    form.setSpacing(spacing)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for text, field in fields:
        label = QLabel(text)
        label.setObjectName("caption")
        label.setMinimumWidth(width)
        label.setBuddy(field)
        form.addRow(label, field)
    centre_labels(form)
    return form


def title_of(editor: QWidget, title: str) -> QLabel:
    """Return the label of an editor; it becomes the editor's accessible name."""
    label = QLabel(title)
    label.setBuddy(editor)
    label.setToolTip(editor.toolTip())
    if title:
        editor.setAccessibleName(title)
    return label


def prepare_table(table: QTableView, name: str) -> None:
    """Let a table show whole rows that cannot be edited, without a grid or row numbers."""
    table.setAccessibleName(name)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)


def _named(widget: W, name: str, tip: str) -> W:
    widget.setToolTip(tip)
    if name:
        widget.setAccessibleName(name)
    return widget
