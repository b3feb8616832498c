"""What a recogniser says to a sample, as a few lines with bars."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from trainer.recognition.recognizer import Candidate

_LINE = 22
_NAME_WIDTH = 34
_SHARE_WIDTH = 52
_BAR = 8


class AnswerList(QWidget):
    """Candidates, the most probable first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("What the recogniser says"))
        self._candidates: tuple[Candidate, ...] = ()
        self._right = ""

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """What is shown."""
        return self._candidates

    def show_candidates(self, candidates: tuple[Candidate, ...], right: str) -> None:
        """Show these; the one that is right in bold.

        Parameters
        ----------
        candidates : tuple of Candidate
        right : str
            The character of the sample's label.
        """
        self._candidates, self._right = candidates, right
        lines = [f"{c.title} {100 * c.probability:.0f} %" for c in candidates]
        self.setAccessibleDescription(", ".join(lines))
        self.setVisible(bool(candidates))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the lines."""
        return QSize(160, _LINE * len(self._candidates))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        middle = Qt.AlignmentFlag.AlignVCenter
        for number, candidate in enumerate(self._candidates):
            line = QRectF(0, number * _LINE, self.width(), _LINE)
            font = QFont(self.font())
            font.setBold(self._is_right(candidate))
            painter.setFont(font)
            painter.setPen(palette.windowText().color())
            painter.drawText(line, middle, candidate.title)
            share = f"{100 * candidate.probability:.0f} %"
            painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, share)
            bar = QRectF(_NAME_WIDTH, 0, self.width() - _NAME_WIDTH - _SHARE_WIDTH, _BAR)
            bar.moveTop(line.center().y() - _BAR / 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.alternateBase())
            painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
            bar.setWidth(bar.width() * candidate.probability)
            painter.setBrush(palette.highlight())
            painter.drawRoundedRect(bar, min(_BAR, bar.width()) / 2, _BAR / 2)
        painter.end()

    def _is_right(self, candidate: Candidate) -> bool:
        return self._right in (candidate.character, *candidate.title.split())
