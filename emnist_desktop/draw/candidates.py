"""What was recognised: the winner large, the ranked candidates with bars, and the image.

All three paint themselves and repaint only when what they show has changed, so that an answer
costs no layout.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import push_button
from emnist_desktop.ui.format import probability_text
from emnist_desktop.ui.images import direction_image, grey_image
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.style import RADIUS
from trainer.ink.render import IMAGE_SIZE, Image
from trainer.recognition.recognizer import Candidate

N_CANDIDATES = 5
_CLOSE_RATIO = 0.5
"""The runner-up is close when it is at least so probable as this share of the winner."""

_LEAST_DOUBT = 0.1
"""Below this probability a runner-up is not worth a word."""

_WINNER_HEIGHT, _LEAST_WINNER_HEIGHT = 140, 92
_LARGE_FONT, _MIDDLE_FONT = 0.8, 0.6
"""The winner's font as a share of its room: one character, more than one."""

_NOTE_HEIGHT = 32
_ROW_HEIGHT = 30
_NAME_WIDTH = 50.0
_SHARE_WIDTH = 66.0
_BAR_HEIGHT = 12.0
_FOCUS_WIDTH = 2.0
SMALLEST_SCALE, LARGEST_SCALE = 4, 7
"""Pixels of the window for each of the image's."""


def doubt(candidates: tuple[Candidate, ...]) -> tuple[str, str] | None:
    """Return the first two characters if their probabilities are close, else None."""
    if len(candidates) < 2:
        return None
    first, second = candidates[:2]
    close = second.probability >= _CLOSE_RATIO * first.probability
    if close and second.probability >= _LEAST_DOUBT:
        return (first.character, second.character)
    return None


class CopyButton(QAbstractButton):
    """Shows a candidate; it is taken by a click, Space or Enter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.candidate: Candidate | None = None
        self.setEnabled(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter do what Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paint_focus(self, painter: QPainter) -> None:
        """Draw the ring of the focus, or of the mouse."""
        if self.hasFocus() or (self.underMouse() and self.isEnabled()):
            color = self.palette().color(QPalette.ColorRole.Highlight)
            painter.setPen(QPen(color, _FOCUS_WIDTH if self.hasFocus() else 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)


class CandidateRow(CopyButton):
    """One candidate: its character, a bar as long as it is probable, the percentage."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("No candidate"))

    def show_candidate(self, candidate: Candidate | None) -> None:
        """Show a candidate, or nothing."""
        if candidate == self.candidate:
            return
        self.candidate = candidate
        self.setEnabled(candidate is not None)
        if candidate is None:
            self.setAccessibleName(self.tr("No candidate"))
        else:
            name = self.tr("{0}, {1}")
            share = probability_text(candidate.probability)
            self.setAccessibleName(name.format(candidate.title, share))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(260, _ROW_HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        area = QRectF(self.rect())
        bar = QRectF(_NAME_WIDTH, 0, area.width() - _NAME_WIDTH - _SHARE_WIDTH, _BAR_HEIGHT)
        bar.moveTop((area.height() - _BAR_HEIGHT) / 2)
        if self.candidate is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
            painter.drawRoundedRect(bar, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
            self._paint_candidate(painter, area, bar, self.candidate)
        self.paint_focus(painter)
        painter.end()

    def _paint_candidate(
        self, painter: QPainter, area: QRectF, bar: QRectF, candidate: Candidate
    ) -> None:
        palette = self.palette()
        filled = QRectF(bar)
        filled.setWidth(bar.width() * candidate.probability)
        # Narrower than high, a bar becomes a lens within the round end of its groove.
        if filled.width() < _BAR_HEIGHT:
            filled.adjust(
                0, (_BAR_HEIGHT - filled.width()) / 4, 0, (filled.width() - _BAR_HEIGHT) / 4
            )
        if filled.width() >= 1:
            radius = min(filled.width(), filled.height()) / 2
            painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(filled, radius, radius)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        font = QFont(self.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.15)
        painter.setFont(font)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area.adjusted(8, 0, 0, 0), middle, candidate.title)
        painter.setFont(self.font())
        painter.drawText(
            area.adjusted(0, 0, -8, 0),
            middle | Qt.AlignmentFlag.AlignRight,
            probability_text(candidate.probability),
        )


class WinnerView(CopyButton):
    """A card with the most probable character, and a word of doubt below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(_WINNER_HEIGHT)
        self.note = ""
        """The line below it."""
        self._is_doubtful = False

    @property
    def character(self) -> str:
        """The large text."""
        return "" if self.candidate is None else self.candidate.title

    def show_winner(self, winner: Candidate | None, note: str, *, doubtful: bool = False) -> None:
        """Show a character and a note."""
        if (winner, note, doubtful) == (self.candidate, self.note, self._is_doubtful):
            return
        self.candidate, self.note, self._is_doubtful = winner, note, doubtful
        self.setEnabled(winner is not None)
        self.setAccessibleName(f"{self.character}, {note}" if winner else note)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(260, _WINNER_HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, _LEAST_WINNER_HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        card = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(card, RADIUS, RADIUS)
        if self.candidate is not None:
            self._paint_character(painter, card.adjusted(0, 4, 0, -_NOTE_HEIGHT))
            note = QRectF(card.left(), card.bottom() - _NOTE_HEIGHT, card.width(), 24)
        else:
            note = card.adjusted(16, 8, -16, -8)
        font = QFont(self.font())
        font.setBold(self._is_doubtful)
        painter.setFont(font)
        role = QPalette.ColorRole.BrightText if self._is_doubtful else _QUIET
        painter.setPen(palette.color(QPalette.ColorGroup.Active, role))
        centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(note, centred, self.note)
        self.paint_focus(painter)
        painter.end()

    def _paint_character(self, painter: QPainter, room: QRectF) -> None:
        text = self.character
        font = QFont(self.font())
        font.setBold(True)
        share = _LARGE_FONT if len(text) == 1 else _MIDDLE_FONT
        font.setPixelSize(max(1, round(room.height() * share)))
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        # Centred by capitals, so that a "g" hangs below the line as it does on paper.
        metrics = QFontMetricsF(font)
        left = room.center().x() - metrics.horizontalAdvance(text) / 2
        painter.drawText(round(left), round(room.center().y() + metrics.capHeight() / 2), text)


_QUIET = QPalette.ColorRole.PlaceholderText


class ImageView(QAbstractButton):
    """The very 28×28 image that was classified, each pixel a crisp square.

    A click shows the direction of the pen in colours, if the network was shown it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("The image that the network saw, 28 by 28 pixels"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.toggled.connect(self._show)
        self.set_scale(SMALLEST_SCALE)
        self.image = QImage()
        self._shown: tuple[Image | None, Image | None] = (None, None)
        self._show()

    def set_scale(self, scale: int) -> None:
        """Show each pixel of the image as a square of `scale` pixels of the window."""
        scale = min(LARGEST_SCALE, max(SMALLEST_SCALE, scale))
        self.setFixedSize(scale * IMAGE_SIZE, scale * IMAGE_SIZE)

    def show_image(self, image: Image | None, planes: Image | None = None) -> None:
        """Show an image, or an empty frame.

        `planes`, of shape (28, 28, n_planes), have the direction of the pen.
        """
        self._shown = image, planes
        self._show()

    @Slot()
    def _show(self) -> None:
        image, planes = self._shown
        self.setEnabled(planes is not None)
        self.setToolTip(
            self.tr("What the network saw: 28×28 pixels, in EMNIST's format")
            if planes is None
            else self.tr(
                "What the network saw: 28×28 pixels, in EMNIST's format. "
                "Click to show the direction of the pen as colour, or not"
            )
        )
        if planes is not None and self.isChecked():
            shown = direction_image(planes)
        else:
            shown = QImage() if image is None or not image.any() else grey_image(image)
        if shown != self.image:
            self.image = shown
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.image.isNull():
            painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
            painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        else:
            painter.drawImage(self.rect(), self.image)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), _FOCUS_WIDTH))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()


class CandidatesView(QWidget):
    """The winner and the ranked rows, to be copied or to correct with.

    Signals
    -------
    clicked : str
        The character of a candidate.
    line_requested
        The drawing is to be read as a line.
    """

    clicked = Signal(str)
    line_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.winner = WinnerView()
        self.rows = tuple(CandidateRow() for _ in range(N_CANDIDATES))
        for button in (self.winner, *self.rows):
            button.clicked.connect(partial(self._on_clicked, button))
        self.as_line = push_button(
            self.tr("Looks like a word: read as a line"),
            self.tr("Take the drawing over to the sheet for lines; undo brings it back"),
        )
        self.as_line.clicked.connect(self.line_requested)
        self.as_line.hide()
        self.below_winner = vbox(self.as_line)
        self.setLayout(vbox(self.winner, self.below_winner, vbox(*self.rows, spacing=2), spacing=8))
        self.set_correcting(False)

    def show_candidates(
        self,
        candidates: tuple[Candidate, ...],
        empty_note: str,
        *,
        is_several: bool = False,
        corrected: str = "",
    ) -> None:
        """Show an answer, or what it was corrected to; without candidates, why there are none."""
        for index, row in enumerate(self.rows):
            row.show_candidate(candidates[index] if index < len(candidates) else None)
        self.as_line.setVisible(is_several)
        if not candidates:
            self.winner.show_winner(None, empty_note)
            return
        if corrected and corrected not in candidates[0].title:
            note = self.tr("read as {0}").format(candidates[0].title)
            self.winner.show_winner(replace(candidates[0], character=corrected, name=""), note)
            return
        close = doubt(candidates)
        if is_several:
            note = self.tr("more than one character?")
        elif close is None:
            note = probability_text(candidates[0].probability)
            if candidates[0].is_own:
                says = self.tr("{0} · your own samples say {1}")
                note = says.format(note, candidates[0].character)
        else:
            note = self.tr("not sure: {0} or {1}").format(*close)
        self.winner.show_winner(candidates[0], note, doubtful=is_several or close is not None)

    def set_correcting(self, is_correcting: bool) -> None:
        """Say what a click does: it corrects a character of a picture, or copies."""
        tip = self.tr("Click to correct the character") if is_correcting else ""
        self.winner.setToolTip(tip or self.tr("Click to copy (Ctrl+C)"))
        for row in self.rows:
            row.setToolTip(tip or self.tr("Click to copy"))

    def _on_clicked(self, button: CopyButton) -> None:
        if button.candidate is not None:
            self.clicked.emit(button.candidate.character)
