"""The page to write lines on: a sheet, its text, and what can be done with both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from weakref import WeakKeyDictionary

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollBar, QSizePolicy, QWidget

from emnist_desktop.draw.line.correction_popup import CorrectionPopup
from emnist_desktop.draw.line.history_dialog import HistoryDialog
from emnist_desktop.draw.line.history_keeper import HistoryKeeper
from emnist_desktop.draw.line.line_canvas import LineCanvas
from emnist_desktop.draw.line.sheet_reading import SheetReading
from emnist_desktop.draw.line.text_field import TextField
from emnist_desktop.draw.recognizer_source import Opener
from emnist_desktop.settings import COPY_AS_WRITTEN, GUIDES, LINE_LANGUAGE, Settings
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.controls import check_box, combo_box, tool_button
from emnist_desktop.ui.layout import hbox, sheet, vbox
from emnist_desktop.ui.style import SPACING
from emnist_desktop.ui.task import failure_text
from trainer.datasets.my_samples import MySamples
from trainer.errors import DatasetError
from trainer.ink.strokes import Ink, Stroke
from trainer.recognition.language import TextLanguage
from trainer.recognition.recognizer import Candidate, Memory
from trainer.writing.gestures import Gesture, GestureKind
from trainer.writing.history import HistoryEntry, LineHistory, new_id
from trainer.writing.sheet_text import (
    SheetCharacter,
    SheetLine,
    SheetText,
    SheetWord,
    Strokes,
    joined,
    splits,
)

_TOPIC, _FULL_TOPIC = "line", "full"
_REST_MILLISECONDS = 400
"""A text that has rested so long is copied, if it is to be copied as it is written."""

Read = Callable[[Sequence[Ink]], list[tuple[Candidate, ...]]]
"""Reads single characters; no candidates where nothing can read."""


class LinePage(QWidget):
    """Writes, reads and corrects lines of text.

    Parameters
    ----------
    settings : Settings
    samples : MySamples
        Where corrected letters are kept, if the user wants it.
    history : LineHistory
        Keeps what was written, if the user wants it.
    banner : Banner
        Shows errors.
    read_letters : callable
        Reads single characters at once.

    Signals
    -------
    text_changed
        There is another text.
    copy_requested : str
        The text.
    status_changed : str
        A short message for the status bar.
    samples_changed
        Letters were kept as samples.
    """

    text_changed = Signal()
    copy_requested = Signal(str)
    status_changed = Signal(str)
    samples_changed = Signal()

    def __init__(
        self,
        settings: Settings,
        samples: MySamples,
        history: LineHistory,
        banner: Banner,
        read_letters: Read,
    ) -> None:
        super().__init__()
        self.history = history
        self.keeper = HistoryKeeper(history, settings, banner, self)
        self._entry_of: WeakKeyDictionary[Stroke, str] = WeakKeyDictionary()
        self._restored: tuple[Strokes, str] | None = None
        self._settings, self._samples, self._banner = settings, samples, banner
        self._read_letters = read_letters
        self._openers: Sequence[Opener] = ()
        self._lines: tuple[SheetLine, ...] = ()
        self._is_typing = False
        self._offered: tuple[SheetCharacter, ...] = ()
        self._kept: tuple[str, ...] = ()
        self.canvas = LineCanvas()
        self.field = TextField()
        self._reading = SheetReading(self)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self._copy_as_written)
        self._make_controls()
        self._lay_out()
        self._connect()

    @property
    def text(self) -> str:
        """What is written and typed."""
        return self.canvas.text.text

    def use(self, openers: Sequence[Opener]) -> None:
        """Read with the first of some recognisers that can read lines."""
        self._openers = openers
        language = TextLanguage(self.language.currentData())
        self._reading.use(openers, language)
        self._ask()

    def use_memory(self, memory: Memory | None) -> None:
        """Read with what was learned of a person with the first of the recognisers."""
        self._reading.use_memory(memory)
        self._ask()

    def take_over(self, ink: Ink) -> None:
        """Put an ink of another canvas onto the sheet, behind what is there."""
        self.canvas.add(ink)

    # History

    def _give_to_keeper(self) -> None:
        shown, ink = frozenset(self.canvas.text.strokes), self.canvas.ink()
        if self._restored is not None or not shown.issubset(ink.strokes):
            return  # the text is not of this sheet yet
        self.keeper.take(self.canvas.entry_id, ink, self.text)

    def _find_entry(self) -> None:
        """Find which entry the sheet is; a new one if no stroke is of another."""
        ink = self.canvas.ink()
        known = (self._entry_of[each] for each in ink.strokes if each in self._entry_of)
        self.canvas.entry_id = next(known, "") or self.canvas.entry_id or new_id()
        self._note_entry(ink, self.canvas.entry_id)

    def _note_entry(self, ink: Ink, entry_id: str) -> None:
        """Note whose strokes these are: undo and redo may bring those of another entry back."""
        self._entry_of.update(dict.fromkeys(ink.strokes, entry_id))

    @Slot()
    def show_history(self) -> None:
        """Show what was written before."""
        dialog = HistoryDialog(self.history, self)
        dialog.opened.connect(self.open_entry)
        dialog.open()

    @Slot(object)
    def open_entry(self, entry: HistoryEntry) -> None:
        """Write on with an entry of the history; undo brings the sheet of now back."""
        self._note_entry(entry.ink, entry.id)
        self._restored = (entry.ink.strokes, entry.text)
        self.canvas.set_ink(entry.ink)
        self.canvas.setFocus()

    def shutdown(self) -> None:
        """Give the keeper of the history, which ends next, what is not read yet, too."""
        self._give_to_keeper()

    # Reading

    @Slot()
    def _on_history_changed(self) -> None:
        canvas = self.canvas
        if canvas.ink().strokes == canvas.text.strokes and canvas.fixed != canvas.text.fixed:
            self._show(self._lines)
        self._is_typing = False
        if canvas.is_empty:
            canvas.entry_id = ""
        else:
            self._find_entry()
        self._ask()

    def _ask(self) -> None:
        """Read what is on the sheet; of an entry that was opened what was on it before."""
        ink = self.canvas.ink()
        if self._restored is not None:
            strokes, _ = self._restored
            if frozenset(strokes).issubset(ink.strokes):
                ink = Ink(strokes)
            else:
                self._restored = None
        self._reading.ask(ink, self.canvas.fixed)

    @Slot(object, object)
    def _on_read(self, ink: Ink, lines: tuple[SheetLine, ...]) -> None:
        self._banner.withdraw(_TOPIC)
        if ink.is_empty != self.canvas.is_empty:
            return
        self._show(lines, ink)
        if self._restored is not None and self._restored[0] == ink.strokes:
            _, wanted = self._restored
            self._restored = None
            if wanted != self.text:
                self._take(self.canvas.text.with_text(wanted), is_step=False)
            elif ink.strokes == self.canvas.ink().strokes:
                self._give_to_keeper()
            else:
                self._ask()

    def _show(self, lines: tuple[SheetLine, ...], ink: Ink | None = None) -> None:
        self._lines = lines
        strokes = (ink or self.canvas.ink()).strokes
        self.canvas.show_text(SheetText(strokes, lines, self.canvas.fixed))
        self._on_text_shown()

    def _on_text_shown(self) -> None:
        self.field.show_text(self.text)
        self._show_offer()
        self.copy_button.setEnabled(bool(self.text))
        self._rest.start()
        self._give_to_keeper()
        self.text_changed.emit()

    @Slot(object)
    def _on_reading_failed(self, error: Exception) -> None:
        sentence, _, hint = failure_text(error).partition("\n")
        self._banner.show_notice(sentence, hint, topic=_TOPIC)

    @Slot(bool)
    def _on_replaced(self, is_replaced: bool) -> None:
        self.note.setVisible(is_replaced)

    @Slot()
    def _on_filled(self) -> None:
        self._banner.show_notice(
            self.tr("The sheet is full."),
            self.tr("Copy the text, and clear the sheet for more."),
            topic=_FULL_TOPIC,
        )

    # Corrections

    @Slot(str)
    def _on_edited(self, text: str) -> None:
        is_step = not self._is_typing
        self._take(self.canvas.text.with_text(text), is_step=is_step)
        self._is_typing = True

    @Slot()
    def _on_edit_ended(self) -> None:
        self._is_typing = False

    def _take(
        self, sheet: SheetText, *, is_step: bool = True, gesture: Stroke | None = None
    ) -> None:
        """Show a corrected sheet, without a gesture, and offer the corrected letters as samples."""
        shown, drawn = self.canvas.text, self.canvas.ink().strokes
        before = {each for word in shown.words for each in word.characters}
        if shown.strokes != drawn:  # the ink is newer than the text
            known = frozenset(shown.strokes)
            kept = [s for s in sheet.strokes if s in drawn or s not in known]
            newer = [s for s in drawn if s not in known and s is not gesture]
            sheet = replace(sheet, strokes=(*kept, *newer))
        self._lines = sheet.read
        self.canvas.set_sheet(sheet, is_step=is_step)
        self._on_text_shown()
        new = [
            each
            for word in sheet.fixed
            for each in word.characters
            if each.is_corrected and each not in before
        ]
        self._offer((*(() if is_step else self._offered), *new))

    @Slot(object, object)
    def _on_gesture(self, gesture: Gesture, stroke: Stroke) -> None:
        sheet = gesture.changed(self.canvas.text)
        stays = gesture.kind is GestureKind.REPLACE
        self._take(sheet, gesture=None if stays else stroke)
        match gesture.kind:
            case GestureKind.STRIKE:
                said = self.tr("Struck out; Undo takes the stroke as ink")
            case GestureKind.REPLACE:
                said = self.tr("Written over; Undo takes both as ink")
            case GestureKind.MAKE_ROOM:
                said = self.tr("Room to write between; Undo takes the stroke as ink")
        self.status_changed.emit(said)

    @Slot(object, int, object)
    def _on_correction_requested(self, word: SheetWord, index: int, corner: QPoint) -> None:
        is_first = any(line.words[0] is word for line in self.canvas.text.lines)
        popup = CorrectionPopup(word, index, self, is_first=is_first)
        popup.space_requested.connect(self._on_space)
        popup.corrected.connect(self._on_corrected)
        popup.removal_requested.connect(self._on_removal)
        popup.word_removal_requested.connect(self._on_word_removal)
        popup.rewriting_requested.connect(self._on_rewriting)
        popup.split_requested.connect(self._on_split)
        popup.join_requested.connect(self._on_join)
        popup.show_at(corner)

    @Slot(object, object)
    def _on_corrected(self, old: SheetWord, new: SheetWord) -> None:
        self._take(self.canvas.text.with_words((old,), new))

    @Slot(object, int)
    def _on_removal(self, word: SheetWord, index: int) -> None:
        self._take(self.canvas.text.without(word, (index,)))

    @Slot(object)
    def _on_word_removal(self, word: SheetWord) -> None:
        self._take(self.canvas.text.without(word, range(len(word.characters))))

    @Slot(object, int)
    def _on_rewriting(self, word: SheetWord, index: int) -> None:
        self._on_removal(word, index)
        self.status_changed.emit(self.tr("Write the letter again in its place"))
        self.canvas.setFocus()

    @Slot(object, int)
    def _on_split(self, word: SheetWord, index: int) -> None:
        ways = splits(word.characters[index])
        if not ways:
            return
        read = self._read_letters([each.ink for way in ways for each in way])
        pairs = list(zip(ways, zip(read[::2], read[1::2], strict=True), strict=True))
        way, found = max(pairs, key=lambda pair: _likelihood(pair[1]))
        parts = zip(way, found, strict=True)
        new = [SheetCharacter(_best(each), half.parts, each) for half, each in parts]
        self._on_corrected(word, word.with_character(index, *new))

    @Slot(object, int)
    def _on_space(self, word: SheetWord, index: int) -> None:
        self._take(self.canvas.text.with_space(word, index))

    @Slot(object, int)
    def _on_join(self, word: SheetWord, index: int) -> None:
        whole = joined(*word.characters[index : index + 2])
        (found,) = self._read_letters([whole.ink])
        new = SheetCharacter(_best(found), whole.parts, found)
        shorter = (*word.characters[:index], *word.characters[index + 1 :])
        self._on_corrected(word, SheetWord(shorter, word.candidates).with_character(index, new))

    # Samples

    def _offer(self, characters: tuple[SheetCharacter, ...]) -> None:
        """Offer to keep corrected letters."""
        self._offered, self._kept = characters, ()
        self._show_offer()

    def _show_offer(self) -> None:
        """Show the offer for what is on the sheet as corrected: an undo may take it away."""
        if self._kept:
            return
        letters = " ".join(each.text for each in self._on_sheet(self._offered))
        self.offer.setText(self.tr("Keep as sample: {0}").format(letters))
        self.offer.setVisible(bool(letters))

    def _on_sheet(self, characters: tuple[SheetCharacter, ...]) -> list[SheetCharacter]:
        lines = [
            line for line in self.canvas.text.lines if all(word.has_its_ink for word in line.words)
        ]
        now = {each for line in lines for word in line.words for each in word.characters}
        return [each for each in characters if each in now]

    @Slot()
    def _on_offer_taken(self) -> None:
        if self._kept:
            self._try(lambda: self._samples.remove(*self._kept))
            self._offer(self._offered)
            return
        kept: list[str] = []
        for each in self._on_sheet(self._offered):
            if not self._try(partial(self._append, each, kept)):
                break
        self._kept = tuple(kept)
        if kept:
            self.offer.setText(self.tr("Kept. Take back"))

    def _append(self, character: SheetCharacter, kept: list[str]) -> None:
        kept.append(self._samples.append(character.ink, character.text))

    def _try(self, change: Callable[[], object]) -> bool:
        try:
            change()
        except DatasetError as error:
            self._banner.show_notice(error.message, error.hint, topic=_TOPIC)
            return False
        self.samples_changed.emit()
        return True

    # Settings

    @Slot()
    def _on_language_changed(self) -> None:
        self._settings.set(LINE_LANGUAGE, self.language.currentData())
        self.use(self._openers)

    @Slot(bool)
    def _on_guides_toggled(self, are_shown: bool) -> None:
        self._settings.set(GUIDES, "yes" if are_shown else "no")
        self.canvas.set_guides(are_shown=are_shown)

    @Slot()
    def _on_copy_clicked(self) -> None:
        self.copy_requested.emit(self.text)

    @Slot(bool)
    def _on_copying_toggled(self, is_copying: bool) -> None:
        self._settings.set(COPY_AS_WRITTEN, "yes" if is_copying else "no")
        self._copy_as_written()

    @Slot()
    def _copy_as_written(self) -> None:
        if self.copies.isChecked() and self.text:
            QGuiApplication.clipboard().setText(self.text)

    # View

    @Slot()
    def _on_view_changed(self) -> None:
        canvas = self.canvas
        for bar, whole, shown, start in (
            (self.across, canvas.extent[0], canvas.width(), canvas.origin.x()),
            (self.down, canvas.extent[1], canvas.height(), canvas.origin.y()),
        ):
            blocked = bar.blockSignals(True)
            bar.setRange(0, max(0, round(whole) - shown))
            bar.setPageStep(shown)
            bar.setSingleStep(40)
            bar.setValue(round(start))
            bar.blockSignals(blocked)
            bar.setVisible(bar.maximum() > 0)

    @Slot()
    def _on_scrolled(self) -> None:
        self.canvas.scroll_to(self.across.value(), self.down.value())

    # Building

    def _make_controls(self) -> None:
        chosen = self._settings.get
        self.language = combo_box(
            (
                (self.tr("Words, English and German"), TextLanguage.BOTH.value),
                (self.tr("Words, English"), TextLanguage.ENGLISH.value),
                (self.tr("Words, German"), TextLanguage.GERMAN.value),
                (self.tr("Codes and numbers"), TextLanguage.NONE.value),
            ),
            tip=self.tr("Which words are expected; of codes nothing is"),
            name=self.tr("Language of the lines"),
            width=20,
        )
        self.language.setCurrentIndex(max(0, self.language.findData(chosen(LINE_LANGUAGE))))
        self.guides = check_box(
            self.tr("Guide lines"),
            self.tr("Show the feet and the height of small letters"),
            checked=chosen(GUIDES) != "no",
        )
        self.copies = check_box(
            self.tr("Copy as I write"),
            self.tr("Put the text on the clipboard whenever it has changed"),
            checked=chosen(COPY_AS_WRITTEN) == "yes",
        )
        self.copy_button = tool_button(
            self.tr("Copy text"), self.tr("Copy the text alone; Ctrl+C copies it with its ink")
        )
        self.copy_button.setEnabled(False)
        self.line_button = tool_button(
            self.tr("New line"), self.tr("Go on in the next line (Enter on the sheet)")
        )
        self.history_button = tool_button(
            self.tr("History…"), self.tr("What was written before: search, open, export (Ctrl+H)")
        )
        self.history_button.setShortcut("Ctrl+H")
        self.offer = tool_button("", self.tr("The recogniser learns your hand of such samples"))
        self.offer.hide()
        self.note = QLabel(self.tr("The bundled recogniser reads lines."))
        self.note.setObjectName("caption")
        self.note.hide()
        self.canvas.set_guides(are_shown=self.guides.isChecked())

    def _lay_out(self) -> None:
        self.across = QScrollBar(Qt.Orientation.Horizontal)
        self.down = QScrollBar(Qt.Orientation.Vertical)
        area = QGridLayout()
        area.setSpacing(0)
        area.setContentsMargins(0, 0, 0, 0)
        area.addWidget(self.canvas, 0, 0)
        area.addWidget(self.down, 0, 1)
        area.addWidget(self.across, 1, 0)
        for button in (self.copy_button, self.line_button):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        buttons = vbox(self.copy_button, self.line_button, 1, spacing=SPACING // 2)
        text = hbox((self.field, 1), buttons)
        below = hbox(
            self.language, self.guides, self.copies, self.note, 1, self.offer, self.history_button
        )
        self.setLayout(vbox((sheet(area), 1), text, below))

    def _connect(self) -> None:
        self.canvas.history_changed.connect(self._on_history_changed)
        self.canvas.correction_requested.connect(self._on_correction_requested)
        self.canvas.removal_requested.connect(self._on_removal)
        self.canvas.view_changed.connect(self._on_view_changed)
        self.canvas.filled.connect(self._on_filled)
        self.canvas.gesture_made.connect(self._on_gesture)
        self._reading.read.connect(self._on_read)
        self._reading.failed.connect(self._on_reading_failed)
        self._reading.replaced.connect(self._on_replaced)
        self.field.edited.connect(self._on_edited)
        self.field.edit_ended.connect(self._on_edit_ended)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.line_button.clicked.connect(self.canvas.new_line)
        self.history_button.clicked.connect(self.show_history)
        self.offer.clicked.connect(self._on_offer_taken)
        self.language.currentIndexChanged.connect(self._on_language_changed)
        self.guides.toggled.connect(self._on_guides_toggled)
        self.copies.toggled.connect(self._on_copying_toggled)
        self.across.valueChanged.connect(self._on_scrolled)
        self.down.valueChanged.connect(self._on_scrolled)


def _best(candidates: tuple[Candidate, ...]) -> str:
    return candidates[0].character if candidates else "?"


def _likelihood(found: Sequence[tuple[Candidate, ...]]) -> float:
    one, other = (each[0].probability if each else 0.0 for each in found)
    return one * other
