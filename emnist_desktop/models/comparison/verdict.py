"""Two runs against one another: a sentence, and the counts that it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.ui.colors import first_and_second
from emnist_desktop.ui.controls import plain_label
from emnist_desktop.ui.format import fill_in, local, unbroken
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.style import SPACING

_COUNTS = ("both_right", "only_first", "only_second", "both_wrong")
_LINK = """
QToolButton { background: transparent; color: palette(link); border-color: transparent;
    padding: 0 6px; min-height: 16px; }
QToolButton:hover { border-color: palette(dark); }
QToolButton:focus { border: 2px solid palette(highlight); padding: 0 5px; }
QToolButton:disabled { color: palette(text); }
"""
"""Of the counts: they are links, and must not take the room of buttons."""

_MARKS = ("", "●", "■", "")
"""The shapes that the two have in the plot."""


class Verdict(QWidget):
    """The result of McNemar's test of two runs.

    Signals
    -------
    count_clicked : str
        Which samples shall be shown: "both_right", "only_first", "only_second", "both_wrong".
    """

    count_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._test: Mapping[str, Any] | None = None
        self.sentence, self.caption = _wrapped(""), _wrapped("caption")
        self.accuracies = _wrapped("")
        self.counts = QWidget()
        self.counts.setStyleSheet(_LINK)
        self.amounts = {name: QToolButton() for name in _COUNTS}
        self._names = {name: _wrapped("") for name in _COUNTS}
        self._marks = {name: QLabel(mark) for name, mark in zip(_COUNTS, _MARKS, strict=True)}
        grid = QGridLayout(self.counts)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACING)
        grid.setVerticalSpacing(0)
        for row, name in enumerate(_COUNTS):
            self.amounts[name].setToolTip(self.tr("Show these samples in the Datasets tab"))
            self.amounts[name].setProperty("count", name)
            self.amounts[name].clicked.connect(self._on_amount_clicked)
            grid.addWidget(self._marks[name], row, 0)
            grid.addWidget(self._names[name], row, 1)
            grid.addWidget(self.amounts[name], row, 2, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(1, 1)
        self.setLayout(
            vbox(
                self.sentence,
                self.counts,
                self.accuracies,
                self.caption,
                1,
                margins=(0, 0, SPACING, 0),
            )
        )
        self._show_counts(visible=False)

    def show_text(self, sentence: str, caption: str = "") -> None:
        """Show a message without counts: what to do, or why there is no comparison."""
        self._test = None
        self.sentence.setText(sentence)
        self.caption.setText(caption)
        self._show_counts(visible=False)

    def show_test(self, test: Mapping[str, Any], about: str) -> None:
        """Show a test: a record as ``compare --json`` prints it; `about` names the samples."""
        self._test = test
        first, second = unbroken(str(test["first"])), unbroken(str(test["second"]))
        self.sentence.setText(unbroken(error_text(test["sentence"])))
        only = self.tr("only {0} right")
        texts = (
            self.tr("both right"),
            only.format(first),
            only.format(second),
            self.tr("both wrong"),
        )
        for name, text in zip(_COUNTS, texts, strict=True):
            self._names[name].setText(text)
            self.amounts[name].setText(local(test[name]))
            self.amounts[name].setEnabled(test[name] > 0)
            self.amounts[name].setAccessibleName(f"{text}: {local(test[name])}")
        self._color_marks()
        shares = (local(share, ".2%") for share in test["accuracies"])
        lines = self.tr("{2}: {0}\n{3}: {1}").format(*shares, first, second)
        self.accuracies.setText(unbroken(lines))
        self.caption.setText(
            fill_in(
                self.tr("{0} McNemar's test, {1}; p = {2:.3g}."),
                about,
                self._method(test["method"]),
                test["p_value"],
            )
        )
        self._show_counts(visible=True)

    def _method(self, name: str) -> str:
        """Return the form of the test in the user's language."""
        names = {
            "exact binomial": self.tr("exact binomial"),
            "chi-squared with continuity correction": self.tr(
                "chi-squared with continuity correction"
            ),
        }
        return names.get(name, name)

    @Slot()
    def _on_amount_clicked(self) -> None:
        self.count_clicked.emit(str(self.sender().property("count")))

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange and self._test is not None:
            self._color_marks()
        super().changeEvent(event)

    def _color_marks(self) -> None:
        colors = first_and_second(self.palette())
        for name, color in zip(("only_first", "only_second"), colors, strict=True):
            palette = self.palette()
            palette.setColor(QPalette.ColorRole.WindowText, color)
            self._marks[name].setPalette(palette)

    def _show_counts(self, *, visible: bool) -> None:
        self.counts.setVisible(visible)
        self.accuracies.setVisible(visible)


def _wrapped(name: str) -> QLabel:
    label = plain_label(selectable=True)
    label.setObjectName(name)
    return label
