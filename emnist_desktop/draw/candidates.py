"""What was recognised: the winner large, the ranked candidates with bars, and the image."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from trainer.alphabet import display_name
from trainer.preprocess import IMAGE_SIZE, Image
from trainer.recognizer import Candidate, Recognition

N_CANDIDATES = 5
_CLOSE_RATIO = 0.5
"""The runner-up is close when it is at least so probable as this share of the winner."""

_LEAST_DOUBT = 0.1
"""Below this probability a runner-up is not worth a word."""

_ROW_HEIGHT = 34
_BAR_RADIUS = 4.0


def doubt(candidates: tuple[Candidate, ...]) -> tuple[str, str] | None:
    """Return the first two characters when they are close, else None."""
    if len(candidates) < 2:
        return None
    first, second = candidates[:2]
    close = second.probability >= _CLOSE_RATIO * first.probability
    if close and second.probability >= _LEAST_DOUBT:
        return (first.character, second.character)
    return None


class CandidateRow(QAbstractButton):
    """One candidate: its character, a bar as long as it is probable, the percentage."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(self.tr("Click to copy"))
        self._candidate: Candidate | None = None
        self.show_candidate(None)

    @property
    def candidate(self) -> Candidate | None:
        """What the row shows."""
        return self._candidate

    def show_candidate(self, candidate: Candidate | None) -> None:
        """Show a candidate, or nothing."""
        self._candidate = candidate
        self.setEnabled(candidate is not None)
        if candidate is None:
            self.setAccessibleName(self.tr("No candidate"))
        else:
            self.setAccessibleName(
                self.tr("{0}, {1} percent").format(
                    display_name(candidate.character), round(100 * candidate.probability)
                )
            )
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a row."""
        return QSize(260, _ROW_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.hasFocus() or (self.underMouse() and self.isEnabled()):
            painter.setPen(palette.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(area, _BAR_RADIUS, _BAR_RADIUS)
        bar = area.adjusted(52, 9, -58, -9)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
        painter.drawRoundedRect(bar, _BAR_RADIUS, _BAR_RADIUS)
        if self._candidate is None:
            return
        filled = QRectF(bar)
        filled.setWidth(max(2.0, bar.width() * self._candidate.probability))
        painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
        painter.drawRoundedRect(filled, _BAR_RADIUS, _BAR_RADIUS)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        font = QFont(self.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        painter.setFont(font)
        name = display_name(self._candidate.character)
        painter.drawText(area.adjusted(6, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(self.font())
        painter.drawText(
            area.adjusted(0, 0, -8, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            percentage(self._candidate.probability),
        )


class WinnerView(QWidget):
    """The most probable character, as large as fits, and a word of doubt below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(132)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._text = ""
        self._remark = ""

    @property
    def text(self) -> str:
        """The large text."""
        return self._text

    @property
    def remark(self) -> str:
        """The line below it."""
        return self._remark

    def show_text(self, text: str, remark: str) -> None:
        """Show a character and a remark."""
        self._text, self._remark = text, remark
        self.setAccessibleName(f"{text}. {remark}" if text else remark)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size."""
        return QSize(260, 132)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both texts."""
        painter = QPainter(self)
        font = QFont(self.font())
        font.setPixelSize(88 if len(self._text) == 1 else 64)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        above = self.rect().adjusted(0, 0, 0, -26)
        painter.drawText(above, Qt.AlignmentFlag.AlignCenter, self._text)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(
            self.rect().adjusted(0, self.height() - 26, 0, 0),
            Qt.AlignmentFlag.AlignCenter,
            self._remark,
        )


class ImageView(QWidget):
    """The very 28×28 image that was classified, each pixel a crisp square."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("The image that the network saw, 28 by 28 pixels"))
        self.setToolTip(self.tr("What the network saw: 28×28 pixels, in EMNIST's form"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._image = QImage()

    def show_image(self, image: Image | None) -> None:
        """Show an image, or black."""
        if image is None:
            self._image = QImage()
        else:
            height, width = image.shape
            grey = QImage.Format.Format_Grayscale8
            # The copy owns its pixels; the first only borrows them.
            self._image = QImage(image.tobytes(), width, height, width, grey).copy()
        self.update()

    @property
    def image(self) -> QImage:
        """What is shown."""
        return self._image

    def sizeHint(self) -> QSize:
        """Return four pixels of the screen for each of the image's."""
        return QSize(4 * IMAGE_SIZE, 4 * IMAGE_SIZE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pixels."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        if not self._image.isNull():
            painter.drawImage(self.rect(), self._image)


class CandidatesView(QWidget):
    """The winner and the ranked rows; asks to copy what is clicked.

    Signals
    -------
    copy_requested : str
        The character of a row that was clicked.
    """

    copy_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.winner = WinnerView()
        self.rows = tuple(CandidateRow() for _ in range(N_CANDIDATES))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.winner)
        for row in self.rows:
            row.clicked.connect(self._on_row_clicked)
            layout.addWidget(row)

    def show_recognition(self, recognition: Recognition | None) -> None:
        """Show an answer; None or an empty one clears the view."""
        candidates = () if recognition is None else recognition.candidates
        for place, row in enumerate(self.rows):
            row.show_candidate(candidates[place] if place < len(candidates) else None)
        if not candidates:
            self.winner.show_text("", self.tr("Nothing drawn yet"))
            return
        close = doubt(candidates)
        remark = (
            percentage(candidates[0].probability)
            if close is None
            else self.tr("not sure: {0} or {1}").format(*close)
        )
        self.winner.show_text(display_name(candidates[0].character), remark)

    @Slot()
    def _on_row_clicked(self) -> None:
        row = self.sender()
        if isinstance(row, CandidateRow) and row.candidate is not None:
            self.copy_requested.emit(row.candidate.character)


def percentage(share: float) -> str:
    """Return a share as whole per cent, never a rounded certainty."""
    if 0.995 <= share < 1.0:
        return "> 99 %"
    return f"{100 * share:.0f} %" if share >= 0.01 else "< 1 %"
