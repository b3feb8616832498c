"""The fields that a search varies: a row each, with a range and its scale, or single values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum, auto
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.models.search.record import known_fields, variable_title
from emnist_desktop.ui.controls import ProblemLabel, combo_box, tool_button
from emnist_desktop.ui.format import local, locale, typed, ungrouped
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from trainer.errors import ConfigError
from trainer.models.presets import PRESETS, PresetKind
from trainer.search.space import OPTION, Dimension, Variable
from trainer.search.space_parser import parse_dimension

_USUAL = {
    "learning_rate": "1e-4..1e-2:log",
    "batch_size": "32, 64, 128, 256",
    "dropout": "0..0.6:0.1",
    "epochs": "5, 10, 20",
    "optimizer": "adam, adamw, sgd-momentum",
    "l2": "1e-6..1e-2:log",
    "weight_decay": "1e-4..0.1:log",
    "label_smoothing": "0, 0.05, 0.1",
    "limit": "1000, 3000, 10000",
    "option.neighbors": "1, 3, 5, 10, 20",
    "option.trees": "50, 100, 250",
    "option.max_depth": "5, 10, 20",
}
"""What is worth trying of a field."""


_DECIMAL = re.compile(r"\d+,\d+")
"""One number with a decimal comma; a list has a space or a semicolon, too."""


class RangeScale(StrEnum):
    """How a range is tried."""

    LINEAR = auto()
    LOG = auto()
    STEPS = auto()
    VALUES = auto()


class DimensionRow(QWidget):
    """One field and what is tried of it: from one number to another, or single values.

    Single values may be typed as the command takes them, ranges among them.

    Signals
    -------
    changed
        Another field, or other values.
    removed
        The row is not wanted any more.
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, known: dict[str, Variable], name: str) -> None:
        super().__init__()
        self._variables = known
        self.field = combo_box(
            [(variable_title(each), each.name) for each in known.values()],
            name=self.tr("Field to vary"),
            width=10,
        )
        self.field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scale = combo_box(
            [
                (self.tr("evenly"), RangeScale.LINEAR),
                (self.tr("logarithmic"), RangeScale.LOG),
                (self.tr("in steps of"), RangeScale.STEPS),
                (self.tr("single values"), RangeScale.VALUES),
            ],
            name=self.tr("Scale"),
            tip=self.tr("Logarithmic: as many values from 0.001 to 0.01 as from 0.01 to 0.1"),
            width=8,
        )
        self.scale.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.low, self.high, self.step, self.values = (QLineEdit() for _ in range(4))
        for edit, title in (
            (self.low, self.tr("From")),
            (self.high, self.tr("To")),
            (self.step, self.tr("Step")),
            (self.values, self.tr("Values to try")),
        ):
            edit.setAccessibleName(title)
            edit.textEdited.connect(self._on_edited)
        self.to = QLabel(self.tr("to"))
        self.remove = tool_button("✕", self.tr("Do not vary this field"))
        self.remove.setAutoRaise(True)
        self.remove.setAccessibleName(self.tr("Remove the field"))
        self.error = ProblemLabel(self.low, self.high, self.step, self.values)
        self._lay_out()
        self.field.setCurrentIndex(max(0, self.field.findData(name)))
        self._on_field_changed()
        self.field.currentIndexChanged.connect(self._on_field_changed)
        self.scale.currentIndexChanged.connect(self._on_scale_changed)
        self.remove.clicked.connect(self.removed)

    @property
    def text(self) -> str:
        """The row as ``--vary`` takes it."""
        return f"{self.field.currentData()}={self.spec}"

    @property
    def spec(self) -> str:
        """What is tried, as ``--vary`` takes it behind the field."""
        match self.scale.currentData():
            case RangeScale.VALUES:
                return self._listed()
            case RangeScale.LOG:
                end = ":log"
            case RangeScale.STEPS:
                end = f":{_plain(self.step.text())}"
            case _:
                end = ""
        return f"{_plain(self.low.text())}..{_plain(self.high.text())}{end}"

    def _listed(self) -> str:
        """Return single values as ``--vary`` takes them: semicolons allow decimal commas."""
        text = self.values.text().strip()
        is_float = self._variables[str(self.field.currentData())].kind == "float"
        is_one = is_float and locale().decimalPoint() == "," and _DECIMAL.fullmatch(text)
        if ".." in text or not (";" in text or is_one):
            return text
        return ", ".join(_plain(part) for part in text.split(";"))

    def set_spec(self, spec: str) -> None:
        """Show what is tried."""
        ends, _, scale = spec.partition(":")
        low, is_range, high = ends.partition("..")
        kind = RangeScale.VALUES if not is_range else RangeScale.LINEAR
        if is_range and scale:
            kind = RangeScale.LOG if scale == "log" else RangeScale.STEPS
        for edit, text in ((self.low, low), (self.high, high), (self.step, scale)):
            edit.setText(_local(text) if is_range and text != "log" else "")
        self.values.setText("" if is_range else spec)
        with QSignalBlocker(self.scale):
            self.scale.setCurrentIndex(self.scale.findData(kind))
        self._show_scale()

    def dimension(self) -> Dimension | None:
        """Return the dimension; None after showing why it cannot be parsed."""
        try:
            dimension = parse_dimension(self.text, self._variables)
        except ConfigError as error:
            is_typed = self.scale.currentData() == RangeScale.VALUES
            self.error.show_problem(error_text(error.message, error.hint if is_typed else ""))
            return None
        self.error.show_problem("")
        return dimension

    @Slot()
    def _on_field_changed(self) -> None:
        variable = self._variables[str(self.field.currentData())]
        self.set_spec(_usual_values(variable))
        limits = ""
        if variable.kind in ("int", "float"):
            limits = self.tr("\nFrom {0} to {1} {2}.").format(
                local(variable.low, "g"), local(variable.high, "g"), trainer_text(variable.unit)
            ).replace(" .", ".")  # fmt: skip
        self.field.setToolTip(trainer_text(variable.help) + limits)
        choices = ", ".join(variable.choices)
        self.values.setToolTip(
            self.tr("With commas between them: {0}").format(choices)
            if choices
            else self.tr(
                "With commas between them: 32, 64, 128; numbers with decimal commas with "
                "semicolons. A range may be typed, too: 0..0.5:0.1 or 1e-4..1e-2:log"
            )
        )
        self.error.show_problem("")
        self.changed.emit()

    @Slot()
    def _on_scale_changed(self) -> None:
        variable = self._variables[str(self.field.currentData())]
        if self.scale.currentData() != RangeScale.VALUES and not self.low.text():
            self.low.setText(local(variable.low, ".12g"))
            self.high.setText(local(variable.high, ".12g"))
        if self.scale.currentData() == RangeScale.STEPS and not self.step.text():
            step = (variable.high - variable.low) / 10
            with suppress(ValueError):
                step = (typed(self.high.text()) - typed(self.low.text())) / 10
            self.step.setText("1" if variable.kind == "int" else local(step, ".3g"))
        self._show_scale()
        self._on_edited()

    def _show_scale(self) -> None:
        """Show the edits that the scale needs."""
        variable = self._variables[str(self.field.currentData())]
        kind = self.scale.currentData()
        is_range = kind != RangeScale.VALUES
        self.scale.setVisible(variable.kind in ("int", "float"))
        for widget in (self.low, self.to, self.high):
            widget.setVisible(is_range)
        self.step.setVisible(kind == RangeScale.STEPS)
        self.values.setVisible(not is_range)

    @Slot()
    def _on_edited(self) -> None:
        self.dimension()
        self.changed.emit()

    def _lay_out(self) -> None:
        row = hbox(
            (self.field, 3),
            (self.low, 1),
            self.to,
            (self.high, 1),
            (self.values, 3),
            (self.scale, 2),
            (self.step, 1),
            self.remove,
            spacing=SPACING // 2,
        )
        self.setLayout(vbox(row, self.error, spacing=2))


def _plain(text: str) -> str:
    """Return a number of the window's language as programs write it; other text as it is."""
    text = ungrouped(text.strip())
    try:
        return f"{typed(text):.12g}"
    except ValueError:
        return text


def _local(text: str) -> str:
    """Return a number as the window's language writes it; other text as it is."""
    try:
        return local(float(text), ".12g")
    except ValueError:
        return text


class SearchSpaceForm(QWidget):
    """The rows, and a button for one more.

    Signals
    -------
    changed
        A row has changed.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._variables: dict[str, Variable] = {}
        self.lines: list[DimensionRow] = []
        self.add = QPushButton(self.tr("Vary another field"))
        self.add.clicked.connect(self._on_add_clicked)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACING // 2)
        self.setLayout(vbox(self._rows, (self.add, 0, Qt.AlignmentFlag.AlignLeft)))

    def set_base(self, base: Mapping[str, Any]) -> None:
        """Offer the fields of a model; rows that mean nothing to it are replaced."""
        known = known_fields(base)
        if known == self._variables:
            return
        self._variables = known
        kept = [(line.field.currentData(), line.spec) for line in self.lines]
        for line in list(self.lines):
            self._drop(line)
        for name, spec in kept:
            if name in self._variables:
                self._append(str(name)).set_spec(spec)
        if not self.lines:
            for name in _first_fields(str(base["preset"])):
                self._append(name)
        self.changed.emit()

    def dimensions(self) -> list[Dimension] | None:
        """Return what is varied; None if a row cannot be read, which is then marked."""
        found = [line.dimension() for line in self.lines]
        names = [line.field.currentData() for line in self.lines]
        for index, line in enumerate(self.lines):
            if names[index] in names[:index]:
                line.error.show_problem(self.tr("This field is varied above already."))
                found[index] = None
        dimensions = [each for each in found if each is not None]
        return dimensions if dimensions and len(dimensions) == len(found) else None

    @Slot()
    def _on_add_clicked(self) -> None:
        taken = {line.field.currentData() for line in self.lines}
        free = [name for name in (*_USUAL, *self._variables) if name in self._variables]
        name = next((name for name in free if name not in taken), free[0])
        self._append(name).field.setFocus()
        self.changed.emit()

    @Slot()
    def _on_line_removed(self) -> None:
        line = self.sender()
        if isinstance(line, DimensionRow):
            self._drop(line)
            self.add.setFocus()
            self.changed.emit()

    def _append(self, name: str) -> DimensionRow:
        line = DimensionRow(self._variables, name)
        line.changed.connect(self.changed)
        line.removed.connect(self._on_line_removed)
        self.lines.append(line)
        self._rows.addWidget(line)
        return line

    def _drop(self, line: DimensionRow) -> None:
        self.lines.remove(line)
        line.setParent(None)
        line.deleteLater()


def _first_fields(preset: str) -> tuple[str, ...]:
    """Return the fields of a model that are worth varying first."""
    if PRESETS[preset].kind is PresetKind.NETWORK:
        return ("learning_rate", "dropout")
    return tuple(OPTION + option.name for option in PRESETS[preset].options[:2])


def _usual_values(variable: Variable) -> str:
    if variable.name in _USUAL:
        return _USUAL[variable.name]
    if variable.kind == "choice":
        return ", ".join(variable.choices[:4])
    if variable.kind == "bool":
        return "false, true"
    return f"{variable.low:.12g}..{variable.high:.12g}"
