"""What else a word and its letters may be: a small window beside the word."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLineEdit, QToolButton, QWidget

from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import caption, tool_button
from emnist_desktop.ui.flow_layout import FlowLayout
from emnist_desktop.ui.format import probability_text
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.style import MARGIN, SPACING
from trainer.recognition.recognizer import Candidate
from trainer.writing.sheet_text import SheetCharacter, SheetWord

_WIDTH = 360
_MOST = 4
"""Alternatives of each kind."""


class CorrectionPopup(QFrame):
    """Alternatives of a word and of one of its letters; closes when one is chosen.

    Parameters
    ----------
    word : SheetWord
    index : int
        Of the letter.
    parent : QWidget, optional
    is_first : bool
        Whether no word stands before it in its line.

    Signals
    -------
    corrected : object, object
        A `SheetWord`, and what it is to be.
    removal_requested, rewriting_requested, split_requested, join_requested, space_requested :
    object, int
        A `SheetWord`, and the index of a letter: remove it; remove its ink to write it again;
        make two letters of it; make one of it and the next; put a space before it, or take the
        space away.
    word_removal_requested : object
        A `SheetWord`.
    """

    corrected = Signal(object, object)
    removal_requested = Signal(object, int)
    rewriting_requested = Signal(object, int)
    split_requested = Signal(object, int)
    join_requested = Signal(object, int)
    space_requested = Signal(object, int)
    word_removal_requested = Signal(object)

    def __init__(
        self, word: SheetWord, index: int, parent: QWidget | None = None, *, is_first: bool = True
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._is_first = is_first
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("popup")
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName(self.tr("Correct {0}").format(word.text))
        if word.characters[index].text.isspace():  # it is clicked for what follows
            index = min(index + 1, len(word.characters) - 1)
        self._word, self._index = word, index
        self.letters = self._make_letters()
        self.letter_buttons: list[QToolButton] = []
        self.word_buttons = self._make_word_buttons()
        self.edit = QLineEdit(word.text)
        self.edit.setAccessibleName(self.tr("The right word"))
        self.edit.setToolTip(self.tr("Type the word and press Enter"))
        self.edit.returnPressed.connect(self._on_retyped)
        self._lay_out()
        self._show_letter(index)

    def show_at(self, corner: QPoint) -> None:
        """Show it with its upper left corner there, or as near as the screen allows."""
        self._fit()
        screen = self.screen().availableGeometry()
        x = min(corner.x(), screen.right() - self.width())
        y = corner.y() if corner.y() + self.height() < screen.bottom() else corner.y() - 60
        if y != corner.y():
            y -= self.height()
        self.move(max(screen.left(), x), max(screen.top(), y))
        self.show()
        first = self.letter_buttons or self.word_buttons
        (first[0] if first else self.edit).setFocus(Qt.FocusReason.PopupFocusReason)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            focused, QToolButton
        ):
            focused.click()
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.focusNextChild()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    # Building

    def _make_letters(self) -> QButtonGroup:
        group = QButtonGroup(self)
        for index, each in enumerate(self._word.characters):
            if not each.text or each.text.isspace():
                continue
            button = tool_button(each.text, self.tr("Alternatives of this letter"), checkable=True)
            button.setChecked(index == self._index)
            group.addButton(button, index)
        group.idClicked.connect(self._show_letter)
        return group

    def _make_word_buttons(self) -> list[QToolButton]:
        texts = [c for c in self._word.candidates if c.character != self._word.text][:_MOST]
        return [self._alternative(each, self._word.retyped(each.character)) for each in texts]

    def _alternative(self, candidate: Candidate, word: SheetWord) -> QToolButton:
        share = probability_text(candidate.probability)
        button = tool_button(candidate.character, share)
        button.setAccessibleName(self.tr("{0}, {1}").format(candidate.character, share))
        button.clicked.connect(partial(self._finish, word))
        return button

    def _lay_out(self) -> None:
        self._letter_row = _flow()
        self.split = self._tool(
            self.tr("Split"), self.tr("Make two letters of it"), self.split_requested
        )
        self.join = self._tool(
            self.tr("Join"), self.tr("Make one letter of it and the next"), self.join_requested
        )
        self.space = self._tool("", "", self.space_requested)
        self.rewrite = self._tool(
            self.tr("Write again"),
            self.tr("Take the ink of the letter away and write it again"),
            self.rewriting_requested,
        )
        self.remove = self._tool(
            self.tr("Delete letter"),
            self.tr("Remove the letter and its ink"),
            self.removal_requested,
        )
        remove_word = tool_button(self.tr("Delete word"), self.tr("Remove the word and its ink"))
        remove_word.clicked.connect(self._on_word_removal)
        tools = _flow(self.split, self.join, self.space, self.rewrite, self.remove, remove_word)
        self._letter_caption = caption(self.tr("Instead of the letter"))
        self.reason = caption()
        buttons = _flow(*self.letters.buttons())
        letters = (buttons, self.reason, self._letter_caption, self._letter_row)
        words = (caption(self.tr("Instead of the word")), _flow(*self.word_buttons))
        self.setLayout(
            vbox(*letters, *(words if self.word_buttons else ()), self.edit, tools, margins=MARGIN)
        )

    def _tool(self, text: str, tip: str, signal: SignalInstance) -> QToolButton:
        button = tool_button(text, tip)
        button.clicked.connect(partial(self._on_tool, signal))
        return button

    @Slot(int)
    def _show_letter(self, index: int) -> None:
        self._index = index
        characters: Sequence[SheetCharacter] = self._word.characters
        each = characters[index]
        for button in self.letter_buttons:
            self._letter_row.removeWidget(button)
            button.deleteLater()
        others = [c for c in each.candidates if c.character != each.text][:_MOST]
        self.letter_buttons = [
            self._alternative(c, self._word.with_character(index, _named(each, c.character)))
            for c in others
        ]
        for button in self.letter_buttons:
            self._letter_row.addWidget(button)
        self.reason.setText(self._reason(each))
        self.reason.setVisible(bool(self.reason.text()))
        self._letter_caption.setVisible(bool(others))
        for button in (self.split, self.rewrite):
            button.setEnabled(bool(each.parts))
        following = characters[index + 1] if index + 1 < len(characters) else None
        self.join.setEnabled(bool(each.parts) and following is not None and bool(following.parts))
        self._show_space(index)
        if self.isVisible():
            self._fit()

    def _show_space(self, index: int) -> None:
        is_inside = index > 0 and not self._word.characters[index - 1].text.isspace()
        self.space.setText(self.tr("Space before") if is_inside else self.tr("No space before"))
        self.space.setToolTip(
            self.tr("Make two words: the second begins with the letter")
            if is_inside
            else self.tr("Make one word of it and the word before")
        )
        self.space.setEnabled(index > 0 or not self._is_first)

    def _reason(self, character: SheetCharacter) -> str:
        """Return for what reasons a character was read, as far as they can be told."""
        sizes = {
            "small": self.tr("Small: it reaches the height of an x only"),
            "tall": self.tr("Tall: it reaches above the height of an x"),
            "descends": self.tr("It reaches below the line"),
            "low": self.tr("Low, as a comma is"),
            "raised": self.tr("Raised, as an apostrophe is"),
        }
        reasons = [sizes[character.evidence]] if character.evidence in sizes else []
        best = character.candidates[0] if character.candidates else None
        if best is not None and best.is_own and best.character == character.text:
            reasons.append(self.tr("your own samples say {0}").format(best.character))
        return " · ".join(reasons)

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            self.resize(_WIDTH, layout.totalHeightForWidth(_WIDTH))

    def _finish(self, word: SheetWord) -> None:
        self.corrected.emit(self._word, word)
        self.close()

    @Slot()
    def _on_retyped(self) -> None:
        text = self.edit.text().strip()
        if text == self._word.text:
            self.close()
        elif text:
            self._finish(self._word.retyped(text))
        else:
            self._on_word_removal()

    @Slot()
    def _on_word_removal(self) -> None:
        self.word_removal_requested.emit(self._word)
        self.close()

    def _on_tool(self, signal: SignalInstance) -> None:
        signal.emit(self._word, self._index)
        self.close()


def _named(character: SheetCharacter, text: str) -> SheetCharacter:
    return SheetCharacter(text, character.parts, character.candidates)


def _flow(*buttons: QWidget) -> FlowLayout:
    layout = FlowLayout()
    layout.setSpacing(SPACING // 2)
    for button in buttons:
        layout.addWidget(button)
    return layout
