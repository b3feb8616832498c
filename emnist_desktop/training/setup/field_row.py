"""One setting in a form: its title, its editor, its unit, its reset, and what is wrong with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.ui.controls import ProblemLabel, combo_box, tool_button
from emnist_desktop.ui.format import local, typed, ungrouped
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from trainer.config.fields import Field
from trainer.models.option import Option

_TITLE_WIDTH = 140
_EDITOR_WIDTH = 190
_WIDEST_CHOICE = 380
S = TypeVar("S", Field, Option)

_FIRST = 100
"""A choice takes the room that there is, before it is left empty."""


class FieldRow(QWidget):
    """Edits one value; an error is shown below it.

    Parameters
    ----------
    spec : Field or Option
        The setting, its texts in the user's language; of kind "int", "float", "text", "choice" or
        "bool".
    default : object
    names : mapping, optional
        What choices are called that are not shown as they are.

    Signals
    -------
    changed
        The user has changed the value.
    """

    changed = Signal()

    def __init__(
        self, spec: Field | Option, default: Any, names: Mapping[str, str] | None = None
    ) -> None:
        super().__init__()
        self.spec = spec
        self._default, self._names = default, names or {}
        self._code = ""
        self._scale = 100 if spec.is_share else 1
        self._unit = "%" if spec.is_share else spec.unit
        self._zero = spec.zero if isinstance(spec, Field) else ""
        self.editor = self._make_editor()
        self.editor.setMinimumWidth(_EDITOR_WIDTH)
        is_choice = isinstance(self.editor, QComboBox)
        self.editor.setMaximumWidth(_WIDEST_CHOICE if is_choice else _EDITOR_WIDTH)
        self.editor.setAccessibleName(spec.title)
        self.reset = tool_button("↺", self.tr("Back to {0}").format(self._shown(default)))
        self.reset.setAutoRaise(True)
        self.reset.setAccessibleName(self.tr("Reset {0}").format(spec.title))
        self.reset.clicked.connect(self._on_reset_clicked)
        self.error = ProblemLabel(self.editor)
        self._lay_out()
        self.set_value(default)

    @property
    def text(self) -> str:
        """What stands in the editor."""
        match self.editor:
            case QComboBox():
                return self.editor.currentText()
            case QLineEdit():
                return self.editor.text().strip()
        return ""

    def value(self) -> Any:
        """Return the value; of a number that cannot be read the text as it stands."""
        match self.editor:
            case QCheckBox():
                return self.editor.isChecked()
            case QComboBox():
                return self.editor.currentData()
        if self._zero and self.text.casefold() == self._zero.casefold():
            return 0 if self.spec.kind == "int" else 0.0
        try:
            match self.spec.kind:
                case "int":
                    return int(ungrouped(self.text))
                case "float":
                    return typed(self.text) / self._scale
        except ValueError:
            pass
        return self.text

    def set_value(self, value: Any) -> None:
        """Show a value; what is not among the choices is added to them."""
        match self.editor:
            case QCheckBox():
                self.editor.setChecked(bool(value))
            case QComboBox():
                if self.editor.findData(value) < 0:
                    self.editor.addItem(str(value), value)
                self.editor.setCurrentIndex(self.editor.findData(value))
            case QLineEdit():
                self.editor.setText(self._shown(value))
        self._show_reset()

    def set_default(self, default: Any) -> None:
        """Take another default; a value that was the old one follows."""
        follows = self.value() == self._default
        self._default = default
        self.reset.setToolTip(self.tr("Back to {0}").format(self._shown(default)))
        if follows:
            self.set_value(default)
        self._show_reset()

    def problem(self) -> str:
        """Return what is wrong with the value; empty if nothing is."""
        if self.spec.kind not in ("int", "float"):
            return ""
        value, spec = self.value(), self.spec
        if not isinstance(value, int | float):
            what = self.tr("a whole number") if spec.kind == "int" else self.tr("a number")
            return self.tr("Expected {0}. Received: {1}.").format(what, value or self.tr("nothing"))
        if not spec.low <= value <= spec.high:
            sentence = self.tr("Expected {0} to {1}. Received: {2}.")
            return sentence.format(*(self._plain(v) for v in (spec.low, spec.high, value)))
        return ""

    def rule_out(self, reason: str) -> None:
        """Disable the editor and give the reason; an empty one enables it again."""
        self.editor.setEnabled(not reason)
        self.editor.setToolTip(reason or self._tip())
        self.editor.setAccessibleDescription(reason)

    def show_code(self, code: str) -> None:
        """Say in the tool tips what the setting is in a script; nothing if it is empty there."""
        if code == self._code:
            return
        before, self._code = self._tip(), code
        for widget in (*self._tipped, self.editor):
            if widget.toolTip() == before:  # a reason why it is ruled out stays
                widget.setToolTip(self._tip())

    def show_problem(self, text: str) -> None:
        """Mark the row, or take the mark away."""
        self.error.show_problem(error_text(text))

    @Slot()
    def _on_reset_clicked(self) -> None:
        self.set_value(self._default)
        self._on_editor_changed()

    @Slot()
    def _on_editor_changed(self) -> None:
        self.show_problem(self.problem())
        self._show_reset()
        self.changed.emit()

    def _make_editor(self) -> QWidget:
        if self.spec.kind == "bool":
            box = QCheckBox(self.spec.title)
            box.toggled.connect(self._on_editor_changed)
            return box
        if self.spec.kind == "choice":
            choice = combo_box(
                [(self._shown(value), value) for value in self.spec.choices], width=18
            )
            choice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            choice.currentIndexChanged.connect(self._on_editor_changed)
            return choice
        line = QLineEdit()
        line.textEdited.connect(self._on_editor_changed)
        return line

    def _lay_out(self) -> None:
        self.title = QLabel("" if self.spec.kind == "bool" else self.spec.title)
        self.title.setFixedWidth(_TITLE_WIDTH)
        self.title.setWordWrap(True)
        self.title.setBuddy(self.editor)
        unit = QLabel(self._unit)
        unit.setObjectName("caption")
        tip = self._tip()
        self._tipped = (self.title, unit)
        for widget in (*self._tipped, self.editor):
            widget.setToolTip(tip)
        editor = (self.editor, _FIRST if isinstance(self.editor, QComboBox) else 0)
        units = (unit,) if self._unit else ()
        below = hbox((self.error, 1), margins=(_TITLE_WIDTH + SPACING, 0, 0, 0))
        self.setLayout(vbox(hbox(self.title, editor, *units, self.reset, 1), below, spacing=2))

    def _tip(self) -> str:
        text = self.spec.help
        if self.spec.kind in ("int", "float"):
            limits = self._plain(self.spec.low), self._plain(self.spec.high)
            range_text = self.tr("From {0} to {1} {2}").format(*limits, self._unit)
            text = f"{text}\n{range_text.strip()}."
        if self._code:
            in_code = self.tr("In code: {0}").format(self._code)
            text = f"{text}\n{in_code}"
        return text

    def _plain(self, value: float) -> str:
        """Return a number as it can be typed."""
        if self.spec.kind == "float":
            return local(self._scale * value, ".10g")
        return str(value)

    def _show_reset(self) -> None:
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        has_default = self._default not in ("", None)
        self.reset.setVisible(has_default and self.value() != self._default)

    def _shown(self, value: Any) -> str:
        if isinstance(value, bool):
            return self.tr("on") if value else self.tr("off")
        if self._zero and value == 0:
            return self._zero
        if isinstance(value, int | float):
            return self._plain(value)
        text = str(value)
        return self._names.get(text, text)


def translated(setting: S, **changes: Any) -> S:
    """Return a setting with its texts in the user's language, and with some changes."""
    texts = ("title", "help", "unit", *(("zero",) if isinstance(setting, Field) else ()))
    changes |= {name: trainer_text(getattr(setting, name)) for name in texts}
    return dataclasses.replace(setting, **changes)
