"""The main figures of a report, each on a card with a line of words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from emnist_desktop.ui.format import local, percent
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.style import SPACING
from trainer.evaluation.report.text import coverage_at, groups_text

_CARD_WIDTH = 175
"""The least, in pixels; as many cards stand beside one another as there is room for."""

_LARGER = 1.55
_SET_ASIDE = 0.1
_CERTAINTY = "95\N{NO-BREAK SPACE}%"
"""Of the interval."""

Metric = tuple[str, str, str]
"""Title, figure, words."""


def metrics_of(figures: dict[str, Any]) -> list[Metric]:
    """Return the main figures in the words of a person."""
    right = f"{local(figures['correct'])} / {local(figures['incorrect'])}"
    macro = figures["macro"]
    averages = tr("Every class counts the same. Precision {0}, recall {1}.")
    kept = coverage_at(figures, _SET_ASIDE)
    asked = tr("if it asked a person below a confidence of {0}.")
    return [
        (tr("Accuracy"), percent(figures["accuracy"]), interval_words(figures)),
        (tr("Right and wrong"), right, _of_samples(figures)),
        *_unmasked(figures),
        (
            tr("Among the first three"),
            percent(figures["top3"]),
            tr("The true class is one of the three likeliest answers."),
        ),
        (tr("Forgiving look-alikes"), percent(figures["forgiving"]), _forgiven(figures)),
        (
            tr("Macro F1"),
            percent(macro["f1"]),
            averages.format(percent(macro["precision"]), percent(macro["recall"])),
        ),
        (
            tr("Calibration error"),
            percent(figures["calibration_error"]),
            tr("How far its confidence is from the truth, on average."),
        ),
        (
            tr("Without the least sure 10 %"),
            percent(kept["accuracy"]),
            asked.format(percent(kept["least_confidence"])),
        ),
    ]


def _of_samples(figures: dict[str, Any]) -> str:
    """Return how many samples there are, of how many classes."""
    text = tr("of {0} samples of {1} classes")
    if figures.get("merged_from"):
        text = tr("of {0} samples of {1} classes: {2} characters with case merged")
    n_samples = local(figures["samples"])
    return text.format(n_samples, figures["classes"], figures.get("merged_from"))


def _unmasked(figures: dict[str, Any]) -> list[Metric]:
    """Return a card if the model knows characters that the data do not have."""
    if figures["accuracy_unmasked"] == figures["accuracy"]:
        return []
    return [
        (
            tr("Without a mask"),
            percent(figures["accuracy_unmasked"]),
            tr("when it may also answer characters that the data do not have."),
        )
    ]


def _forgiven(figures: dict[str, Any]) -> str:
    groups = groups_text(figures).replace("/", "/\N{WORD JOINER}")
    if not groups:
        return tr("The same as strictly: there are no look-alikes among these classes.")
    text = tr("Strictly {0}. Here {1} count as one: out of context nobody can tell.")
    return text.format(percent(figures["accuracy"]), groups)


def interval_words(figures: dict[str, Any]) -> str:
    """Return what the 95 % interval means."""
    low, high = (percent(share) for share in figures["interval"])
    if figures["writers"]:
        text = tr("With other writers probably {0} to {1} ({2} interval, {3} writers).")
        return text.format(low, high, _CERTAINTY, local(figures["writers"]))
    text = tr("With other samples probably {0} to {1} ({2} interval).")
    return text.format(low, high, _CERTAINTY)


class MetricCard(QFrame):
    """One figure."""

    def __init__(self, metric: Metric) -> None:
        super().__init__()
        title, figure, words = metric
        self.setObjectName("card")
        self.setStyleSheet("QFrame#card { background: palette(base); border-radius: 8px; }")
        self.setAccessibleName(f"{title}: {figure}. {words}")
        self.title, self.figure, self.words = QLabel(title), QLabel(figure), QLabel(words)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * _LARGER)
        font.setBold(True)
        self.figure.setFont(font)
        self.figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setObjectName("caption")
        labels = (self.title, self.figure, self.words)
        for label in labels:
            label.setWordWrap(label is not self.figure)
            label.setTextFormat(Qt.TextFormat.PlainText)
        margins = (SPACING + 2, SPACING, SPACING + 2, SPACING)
        self.setLayout(vbox(*labels, 1, spacing=1, margins=margins))


class MetricCards(QWidget):
    """The cards, in as many columns as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[MetricCard] = []
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACING)

    def show_metrics(self, metrics: Sequence[Metric]) -> None:
        """Show other figures."""
        for card in self.cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [MetricCard(metric) for metric in metrics]
        self._columns = 0
        self._arrange(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take another number of columns."""
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        columns = max(1, min(width // (_CARD_WIDTH + SPACING), len(self.cards)))
        if columns == self._columns or not self.cards:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, int(column < columns))
        self._columns = columns
        for number, card in enumerate(self.cards):
            self._grid.addWidget(card, number // columns, number % columns)


def tr(text: str) -> str:
    """Return a text in the language; lupdate collects what is given to a function of this name."""
    return QCoreApplication.translate("Report", text)
