"""The Draw tab: draw a character or open a picture, and see it recognised."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from emnist_desktop.draw.actions import DrawActions
from emnist_desktop.draw.canvas import Canvas, fitted, placed
from emnist_desktop.draw.label_bar import LabelBar
from emnist_desktop.draw.live_recognition import LiveRecognition
from emnist_desktop.draw.own_hand import OwnHand
from emnist_desktop.draw.picture_reader import (
    OpenedPicture,
    RecognizedPicture,
    Source,
    picture_in,
    recognize_picture,
)
from emnist_desktop.draw.picture_view import PictureView
from emnist_desktop.draw.recognizer_loader import RecognizerLoader
from emnist_desktop.draw.recognizer_source import (
    Opener,
    RecognizerChoice,
    bundle_title,
    measured_accuracy,
)
from emnist_desktop.draw.side_panel import SidePanel
from emnist_desktop.draw.toolbar import Toolbar, action_button
from emnist_desktop.settings import (
    BUNDLE,
    CHARACTER_SET,
    LINE_PEN_WIDTH,
    MODE,
    OWN_SAMPLES,
    PEN_WIDTH,
    Settings,
)
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.dialogs.file_dialog import ask_open
from emnist_desktop.ui.format import fill_in
from emnist_desktop.ui.layout import hbox, sheet, turn, vbox
from emnist_desktop.ui.projector import Projector
from emnist_desktop.ui.style import MARGIN, SPACING
from emnist_desktop.ui.task import Task
from trainer.datasets.my_samples import MySamples
from trainer.errors import BundleError, DatasetError, InkError
from trainer.ink.alphabet import CharacterSet
from trainer.ink.picture_file import PDF_SUFFIX, SUFFIXES
from trainer.ink.render import ink_to_image
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import CARD_NAME
from trainer.recognition.recognizer import Candidate, Memory, Recognition, Recognizer

if TYPE_CHECKING:
    from emnist_desktop.draw.line.line_page import LinePage
    from emnist_desktop.draw.line.picture_history import PictureHistory
    from trainer.writing.history import LineHistory

INK_FORMAT = "application/x-emnist-desktop-ink+json"
PICTURE_PATTERNS = " ".join(f"*{suffix}" for suffix in sorted({*SUFFIXES, PDF_SUFFIX}))

_CHARACTER, _LINE = "character", "line"
RECOGNIZER, _PICTURE = "recogniser", "picture"
"""What a notice may be about."""


class DrawTab(QWidget):
    """Canvas and side panel; the recogniser answers in the window's thread.

    Parameters
    ----------
    choice : RecognizerChoice
    settings : Settings
    samples : MySamples
        Where confirmed drawings are kept.
    model : str
        Folder of a recogniser for this time only; empty for the one that was chosen last.

    Signals
    -------
    status_changed : str
        A short message for the status bar.
    packed_bundle_chosen : object
        The file of a bundle that is to be imported.
    line_page_made
        The page for lines is there.
    """

    status_changed = Signal(str)
    packed_bundle_chosen = Signal(object)
    line_page_made = Signal()

    def __init__(
        self,
        choice: RecognizerChoice,
        settings: Settings,
        samples: MySamples,
        model: str = "",
    ) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._choice = choice
        self._settings = settings
        self._samples = samples
        self._line_page: LinePage | None = None
        self.recognizer: Recognizer | None = None
        self._folder = ""
        self.recognition: Recognition | None = None
        """What was recognised last in the drawing; None without a recogniser."""
        self._source: Source | None = None
        self._page = 1
        self._page_texts: dict[int, str] = {}
        self._requested: Source | None = None
        self._picture: RecognizedPicture | None = None
        self._is_current = True
        self._model = str(Path(model).absolute()) if model else ""
        self._opening = RecognizerLoader(choice, self)
        self._live = LiveRecognition(self)
        self.own_hand = OwnHand(samples, choice.hand_file, self)
        self._task = Task(self)
        self.banner = Banner()
        self.draw_actions = DrawActions(self)
        self.canvas = Canvas()
        self.toolbar = Toolbar(self.canvas, self.draw_actions)
        self.label_bar = LabelBar(self.canvas, self.draw_actions, self.banner, samples)
        self.picture_view = PictureView(self.draw_actions, self._read_box)
        self._kept: list[str] = []
        self.panel = SidePanel(choice.from_runs, self.draw_actions.own_samples)
        self.sheets = QStackedWidget()
        self.modes = QStackedWidget()
        self._lay_out()
        self.draw_actions.take_colors(self.palette())
        self.toolbar.set_pen_width(settings.get(PEN_WIDTH))
        self.panel.set_character_set(settings.get(CHARACTER_SET))
        self.draw_actions.own_samples.setChecked(settings.get(OWN_SAMPLES) != "no")
        self._connect()
        self._restore_recognizer()
        if settings.get(MODE) == _LINE:
            self.draw_actions.line_mode.setChecked(True)
        self._update_actions()

    # What the window asks for

    @property
    def line_page(self) -> LinePage:
        """The page to write lines on, made when it is needed first."""
        if self._line_page is None:
            from emnist_desktop.draw.line.line_page import LinePage

            parts = (self._settings, self._samples, self._history, self.banner)
            page = LinePage(*parts, self._read_letters)
            page.canvas.set_pen_width(self._settings.get(LINE_PEN_WIDTH))
            page.copy_requested.connect(self._copy_text)
            page.text_changed.connect(self._update_actions)
            page.canvas.history_changed.connect(self._update_actions)
            page.samples_changed.connect(self.label_bar.recount)
            page.status_changed.connect(self.status_changed)
            self.modes.addWidget(page)
            self._line_page = page
            page.use_memory(self._memory)
            self._use_for_lines()
            self.line_page_made.emit()
        return self._line_page

    @cached_property
    def _history(self) -> LineHistory:
        from trainer.writing.history import LineHistory

        return LineHistory(self._choice.history_file)

    @cached_property
    def _picture_history(self) -> PictureHistory:
        from emnist_desktop.draw.line.picture_history import PictureHistory

        return PictureHistory(self._history, self._settings, self.banner, self)

    @property
    def has_line_page(self) -> bool:
        """Whether lines were written since the start of the program."""
        return self._line_page is not None

    @property
    def writes_lines(self) -> bool:
        """Whether lines are written, and not characters."""
        return self.draw_actions.line_mode.isChecked()

    @property
    def sheet(self) -> Canvas:
        """The canvas that is drawn on."""
        return self.line_page.canvas if self.writes_lines else self.canvas

    @Slot(int)
    def set_pen_width(self, width: float) -> None:
        """Use another pen for characters."""
        self.canvas.set_pen_width(width)
        self._settings.set(PEN_WIDTH, float(width))
        if not self.writes_lines:
            self.toolbar.set_pen_width(width)

    @property
    def recognizer_title(self) -> str:
        """Name of the recogniser in use."""
        if self.recognizer is None:
            return self.tr("No recogniser")
        return bundle_title(self._folder) or self.tr("Bundled recogniser")

    def set_current(self, is_current: bool) -> None:
        """Tell whether this tab is the one in front, so that its shortcuts are heard."""
        self._is_current = is_current
        self._update_actions()

    @Slot(str)
    def use_bundle(self, folder: str) -> None:
        """Use another recogniser as soon as it is loaded; empty for the bundled one."""
        self._opening.open(folder)

    @Slot()
    def choose_picture(self) -> None:
        """Ask for a picture and read it."""
        kinds = self.tr("Pictures ({0})").format(PICTURE_PATTERNS)
        path = ask_open(self, self.tr("Open picture"), kinds)
        if path is not None:
            self.read_picture(path)

    @Slot()
    def choose_bundle(self) -> None:
        """Ask for a bundle: the card in its folder, which is used, or one file, to be imported."""
        kinds = self.tr("Recognisers ({0})").format(f"*.zip {CARD_NAME}")
        path = ask_open(self, self.tr("Open bundle"), kinds)
        if path is None:
            return
        if path.suffix.lower() == ".zip":
            self.packed_bundle_chosen.emit(path)
        else:
            self.use_bundle(str(path.parent))

    def read_picture(self, source: Source, page: int = 1) -> None:
        """Read the characters of a picture, or of a page of a PDF, beside the window."""
        if self.recognizer is None:
            sentence = self.tr("There is no recogniser to read the picture with.")
            hint = self.tr("Open a bundle, or install the program again.")
            self._on_opening_failed(BundleError(sentence, hint), is_replaced=False)
            return
        self._requested = source
        self.status_changed.emit(self.tr("Reading the picture…"))
        opener = partial(_with_memory, self._choice.opener(self._folder), self._memory)
        character_set = self.panel.character_set
        self._task.start(partial(recognize_picture, source, page, opener, character_set))

    @property
    def opened_picture(self) -> OpenedPicture | None:
        """The picture that is shown, or about to be shown again, for `show_again`."""
        if self._source is None:
            return None
        texts = dict(self._page_texts)
        if self.picture_view.is_edited:
            texts[self._page] = self.picture_view.text
        return OpenedPicture(self._source, self._page, texts, self._picture_history.entries)

    def show_again(self, picture: OpenedPicture) -> None:
        """Read the picture of another window, with its corrected pages."""
        self._source, self._page = picture.source, picture.page
        self._page_texts = dict(picture.texts)
        self._picture_history.entries = picture.entries
        self.read_picture(picture.source, picture.page)

    def show_ink(self, ink: Ink) -> None:
        """Put a drawing onto the canvas for characters; this can be undone."""
        self.draw_actions.character_mode.setChecked(True)
        self.show_canvas()
        self.canvas.set_ink(fitted(ink, self.canvas.size(), enlarges=True))

    @Slot()
    def collect(self) -> None:
        """Ask for characters to draw, one after the other."""
        from emnist_desktop.draw.collect.collect_dialog import CollectDialog, CollectingReader

        hand, opener = self.own_hand.hand, self._choice.opener(self._folder)
        reader = CollectingReader(self.recognizer, self.recognizer_title, hand, opener)
        dialog = CollectDialog(self._samples, reader, self._settings, self)
        dialog.samples_changed.connect(self.label_bar.recount)
        dialog.open()

    def projector(self) -> Projector:
        """Return a sheet for a full screen, with the answer."""
        from emnist_desktop.draw.projector import DrawProjector

        width, characters = self.canvas.pen_width, self.panel.character_set
        return DrawProjector(width, self.recognizer, characters, self)

    @Slot()
    def paste(self) -> None:
        """Put copied ink onto the sheet, or read a picture from the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        source = picture_in(data)
        if data.hasFormat(INK_FORMAT):
            self._paste_ink(bytes(data.data(INK_FORMAT).data()))
        elif source is not None:
            self.read_picture(source)
        else:
            self.status_changed.emit(self.tr("There is no picture or drawing on the clipboard"))

    def _paste_ink(self, text: bytes) -> None:
        """Put ink where it was copied from, or below the lines; this can be undone."""
        try:
            ink = Ink.from_json(text)
            if self._picture is not None:
                self.show_canvas()
            if self.writes_lines:
                self.line_page.canvas.insert(text)
            else:
                self.canvas.set_ink(placed(ink, self.canvas.size()))
        except InkError as error:
            self.banner.show_error(error, error.message, topic=_PICTURE)

    @Slot()
    def copy(self) -> None:
        """Copy what was read together with its ink; of a picture the text."""
        text = self._text_to_copy()
        data = QMimeData()
        if text:
            data.setText(text)
        if self._has_ink_to_copy:
            data.setData(INK_FORMAT, self.sheet.to_json().encode())
        QGuiApplication.clipboard().setMimeData(data)
        self._say_copied(text)

    @property
    def _can_copy(self) -> bool:
        return self._has_ink_to_copy or bool(self._text_to_copy())

    @property
    def _has_ink_to_copy(self) -> bool:
        return self._picture is None and not self.sheet.is_empty

    # Character or line

    @Slot()
    def _on_mode_switched(self) -> None:
        actions = self.draw_actions
        (actions.character_mode if self.writes_lines else actions.line_mode).setChecked(True)

    @Slot(bool)
    def _on_mode_toggled(self, writes_lines: bool) -> None:
        self._settings.set(MODE, _LINE if writes_lines else _CHARACTER)
        self.modes.setCurrentWidget(self.line_page if writes_lines else self._character_page)
        self.panel.setHidden(writes_lines and self._picture is None)
        self.toolbar.set_canvas(self.sheet)
        self._arrange_tools()
        self.sheet.setFocus()
        self._update_actions()

    @Slot()
    def read_as_line(self) -> None:
        """Take the drawing over to the sheet for lines; undo brings it back here."""
        ink = self.canvas.ink()
        self.draw_actions.line_mode.setChecked(True)
        self.line_page.take_over(ink)
        self.canvas.clear()

    def _use_for_lines(self) -> None:
        if self._line_page is not None:
            recognizer = self.recognizer
            is_usable = recognizer is not None and not recognizer.bundle.is_classic
            folders = (self._folder, "") if self._folder and is_usable else ("",)
            self._line_page.use([self._choice.opener(folder) for folder in folders])

    def _read_letters(self, inks: Sequence[Ink]) -> list[tuple[Candidate, ...]]:
        recognizer = self.recognizer
        if recognizer is None or recognizer.bundle.is_classic:
            return [() for _ in inks]
        return [r.candidates for r in recognizer.recognize_many(inks, CharacterSet.CASED)]

    # The recogniser

    def _restore_recognizer(self) -> None:
        restored = self._opening.restore(self._model or self._settings.get(BUNDLE))
        self._use_recognizer(restored.recognizer, restored.folder)
        if restored.problem is not None:
            self._on_opening_failed(restored.problem, restored.recognizer is not None)

    @Slot(object, str)
    def _on_recognizer_opened(self, recognizer: Recognizer, folder: str) -> None:
        self.banner.withdraw(RECOGNIZER)
        if not folder or folder != self._model:
            self._settings.set(BUNDLE, folder)
        self._use_recognizer(recognizer, folder)
        self.status_changed.emit(self.tr("{0} reads what you draw").format(self.recognizer_title))

    @Slot(str)
    def _on_opening_waiting(self, folder: str) -> None:
        sentence = self.tr("{0} is being loaded.").format(bundle_title(folder))
        hint = self.tr("Until it is ready, {0} reads.").format(self.recognizer_title)
        self.banner.show_word(sentence, hint, topic=RECOGNIZER)

    def _use_recognizer(self, recognizer: Recognizer | None, folder: str) -> None:
        self.recognizer, self._folder = recognizer, folder
        accuracy = ""
        measured = None if recognizer is None else measured_accuracy(recognizer.bundle)
        if measured is not None:
            accuracy = fill_in(self.tr("Validation accuracy {0:.1%} on {1:,} drawings"), *measured)
        self.panel.show_recognizer(self.recognizer_title, accuracy, folder)
        self.own_hand.use(recognizer, self._choice.opener(folder))
        self._use_for_lines()
        self._recognize_again()

    @property
    def _memory(self) -> Memory | None:
        """What the user's samples say, if they have a say."""
        return self.own_hand.hand if self.draw_actions.own_samples.isChecked() else None

    @Slot()
    def _on_hand_changed(self) -> None:
        self.panel.own_samples.setVisible(self.own_hand.hand is not None)
        self._update_actions()
        if self.recognizer is not None:
            self.recognizer.memory = self._memory
            self._recognize_again()
        if self._line_page is not None:
            self._line_page.use_memory(self._memory)

    @Slot(bool)
    def _on_own_samples_toggled(self, is_used: bool) -> None:
        self._settings.set(OWN_SAMPLES, "yes" if is_used else "no")
        self._on_hand_changed()

    @Slot(object, bool)
    def _on_opening_failed(self, error: BundleError, is_replaced: bool) -> None:
        if is_replaced and not self._model:
            self._settings.set(BUNDLE, "")  # so that it is reported once
        hint = self.tr("The bundled recogniser is used instead.") if is_replaced else error.hint
        action = self.tr("Open bundle…")
        self.banner.show_notice(error.message, hint, action=action, topic=RECOGNIZER)

    # Recognition

    @Slot()
    def _on_drawing_changed(self) -> None:
        ink = self.canvas.ink()
        if self.recognizer is not None and not self.canvas.is_dot:
            self._live.ask(self.recognizer, ink, self.panel.character_set)
            return
        self._show_pending(ink)
        self.panel.candidates.show_candidates((), self._empty_text())

    @Slot(object)
    def _show_pending(self, ink: Ink) -> None:
        """Show a drawing that is not recognised yet; the older candidates stay."""
        self.recognition = None
        self.panel.image.show_image(ink_to_image(ink))
        self._update_best(())

    @Slot(object)
    def _on_recognized(self, recognition: Recognition) -> None:
        if self._picture is None:
            self.recognition = recognition
            self.panel.candidates.show_candidates(
                recognition.candidates, self._empty_text(), is_several=recognition.is_several
            )
            self.panel.image.show_image(recognition.image, recognition.planes)
            self._update_best(recognition.candidates)

    def _update_best(self, candidates: tuple[Candidate, ...]) -> None:
        self.label_bar.show_best(candidates)
        self._update_actions()

    def _empty_text(self) -> str:
        """Return why there are no candidates."""
        if self.canvas.is_empty:
            return self.tr("Nothing drawn yet")
        if self.recognizer is None:
            return self.tr("No recogniser to read with")
        if self.canvas.is_dot:
            return self.tr("A dot: draw the character larger")
        return self.tr("This recogniser knows no character of this alphabet")

    @Slot()
    def _on_character_set_changed(self) -> None:
        self._settings.set(CHARACTER_SET, self.panel.character_set.value)
        self._recognize_again()

    def _recognize_again(self) -> None:
        if self._picture is None or self._source is None:
            self._on_drawing_changed()
        elif not self.picture_view.is_edited:
            self.read_picture(self._source, self._page)

    @Slot(object)
    def _on_picture_recognized(self, picture: RecognizedPicture) -> None:
        self.status_changed.emit("")
        self.banner.withdraw(_PICTURE)
        is_again = self._source is self._requested
        if not is_again:
            self._page_texts.clear()
        self._picture_history.begin(picture, is_again=is_again)
        self._source, self._picture = self._requested, picture
        self._page = picture.page
        self._kept = []
        self.picture_view.show_picture(picture, self._page_texts.get(picture.page))
        self.panel.candidates.set_correcting(True)
        self.sheets.setCurrentWidget(self.picture_view)
        self.panel.show()
        self.picture_view.picture.setFocus()
        self._update_actions()
        self._on_box_selected()

    @Slot(int)
    def _on_page_requested(self, page: int) -> None:
        if self._source is not None:
            if self.picture_view.is_edited:
                self._page_texts[self._page] = self.picture_view.text
            self.read_picture(self._source, page)

    @Slot()
    def _on_picture_text_changed(self) -> None:
        self._picture_history.change(self.picture_view.text)
        self._on_box_selected()

    @Slot()
    def _on_box_selected(self) -> None:
        box = self.picture_view.selected_box
        note = self.tr("This recogniser knows no character of this alphabet")
        self.panel.candidates.show_candidates(
            () if box is None else box.candidates,
            self.tr("No character was found") if box is None else note,
            corrected="" if box is None else self.picture_view.content.character_of(box),
        )
        self.panel.image.show_image(None if box is None else box.image)

    def _read_box(self, ink: Ink) -> tuple[Candidate, ...]:
        """Return the candidates for a part of the picture."""
        chosen = self.panel.character_set
        character_set = CharacterSet.CASED if chosen is CharacterSet.ALL else chosen
        recognizer = self.recognizer
        return () if recognizer is None else recognizer.recognize(ink, character_set).candidates

    @Slot(str)
    def _on_candidate_clicked(self, character: str) -> None:
        if self._picture is None:
            self._copy_text(character)
        else:
            self.picture_view.correct(character)

    @Slot(list)
    def _on_samples_requested(self, labelled: list[tuple[Ink, str]]) -> None:
        before = self._kept
        try:
            self._kept = self._samples.append_all(labelled)
            self._samples.remove(*before)  # of the same picture
        except DatasetError as error:
            self.banner.show_error(error, error.message, topic=_PICTURE)
            return
        self.picture_view.show_kept(len(self._kept))
        self.label_bar.recount()

    @Slot()
    def _on_samples_undone(self) -> None:
        try:
            self._samples.remove(*self._kept)
        except DatasetError as error:
            self.banner.show_error(error, error.message, topic=_PICTURE)
            return
        self._kept = []
        self.picture_view.show_kept(0)
        self.label_bar.recount()

    @Slot(object)
    def _on_picture_failed(self, error: Exception) -> None:
        self.status_changed.emit("")
        if self._picture is not None:
            self.picture_view.show_page(self._picture)
        sentence = self.tr("The picture could not be read: {0}").format(error)
        self.banner.show_error(error, sentence, topic=_PICTURE)

    @Slot()
    def show_canvas(self) -> None:
        """Close the picture and go back to the drawing."""
        self._task.cancel()
        self.status_changed.emit("")
        self._source = self._picture = None
        self.panel.candidates.set_correcting(False)
        self.sheets.setCurrentIndex(0)
        self.panel.setHidden(self.writes_lines)
        self.sheet.setFocus()
        self._update_actions()
        self._on_drawing_changed()

    @Slot(float)
    def _on_pen_width_changed(self, width: float) -> None:
        self._settings.set(LINE_PEN_WIDTH if self.writes_lines else PEN_WIDTH, width)

    @Slot(str)
    def _copy_text(self, text: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(text)
            self._say_copied(text)

    def _say_copied(self, text: str) -> None:
        said = self.tr("Copied: {0}").format(" ".join(text.split()))
        self.status_changed.emit(said if text else self.tr("The drawing is copied"))

    @Slot()
    def _update_actions(self) -> None:
        canvas, actions = self.sheet, self.draw_actions
        shows_picture = self._picture is not None
        drawing = self._is_current and not shows_picture
        possible = {
            actions.pen: drawing,
            actions.eraser: drawing,
            actions.thinner: drawing,
            actions.thicker: drawing,
            actions.undo: drawing and canvas.can_undo,
            actions.redo: drawing and canvas.can_redo,
            actions.clear: drawing and not canvas.is_empty,
            actions.character_mode: drawing,
            actions.line_mode: drawing,
            actions.switch_mode: drawing,
            actions.own_samples: self._is_current and self.own_hand.hand is not None,
            actions.keep: drawing and not self.writes_lines and self.label_bar.can_keep_best,
            actions.keep_other: drawing and not self.writes_lines and self.label_bar.can_keep,
            actions.back: self._is_current and shows_picture,
            actions.copy: self._is_current and self._can_copy,
        }
        actions.tell_why(shows_picture=shows_picture)
        for action in actions.all:
            action.setEnabled(possible.get(action, self._is_current))

    def _text_to_copy(self) -> str:
        if self._picture is not None:
            return self.picture_view.text
        if self.writes_lines:
            return self.line_page.text
        best = None if self.recognition is None else self.recognition.best
        return "" if best is None else best.character

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if picture_in(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the picture that was dropped."""
        source = picture_in(event.mimeData())
        if source is not None:
            event.acceptProposedAction()
            self.read_picture(source)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_tools()

    def _arrange_tools(self) -> None:
        """Put the switch beside the tools where there is room, else above them."""
        needed = self.toolbar.whole_width + self.mode_switch.sizeHint().width() + SPACING
        room = self.width() - 2 * MARGIN - self.panel.width() - 2 * SPACING
        turn(self._tools, is_wide=self.writes_lines or room >= needed)

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.draw_actions.take_colors(self.palette())
        super().changeEvent(event)

    def _lay_out(self) -> None:
        self._character_page = sheet(vbox((self.canvas, 1), self.label_bar))
        self.modes.addWidget(self._character_page)
        self.panel.candidates.below_winner.addWidget(self.label_bar.question_row)
        actions = self.draw_actions
        modes = map(action_button, (actions.character_mode, actions.line_mode))
        self.mode_switch = sheet(hbox(*modes, 1, spacing=0))
        self._tools = hbox(self.mode_switch, (self.toolbar, 1))
        drawing = sheet(vbox(self._tools, (self.modes, 1)))
        self.sheets.addWidget(drawing)
        self.sheets.addWidget(self.picture_view)
        below = hbox((self.sheets, 1), self.panel, spacing=2 * SPACING)
        self.setLayout(vbox(self.banner, (below, 1), margins=MARGIN))

    def _connect(self) -> None:
        self.canvas.drawing_changed.connect(self._on_drawing_changed)
        self._live.recognized.connect(self._on_recognized)
        self._live.postponed.connect(self._show_pending)
        self._live.failed.connect(self._on_opening_failed)
        self.canvas.history_changed.connect(self._update_actions)
        self.label_bar.asking_changed.connect(self._update_actions)
        self.toolbar.pen_width_changed.connect(self._on_pen_width_changed)
        self.draw_actions.line_mode.toggled.connect(self._on_mode_toggled)
        self.draw_actions.switch_mode.triggered.connect(self._on_mode_switched)
        self.draw_actions.open_picture.triggered.connect(self.choose_picture)
        self.draw_actions.open_bundle.triggered.connect(self.choose_bundle)
        self.draw_actions.copy.triggered.connect(self.copy)
        self.draw_actions.paste.triggered.connect(self.paste)
        self.draw_actions.back.triggered.connect(self.show_canvas)
        self.banner.action_requested.connect(self.choose_bundle)
        self.picture_view.box_selected.connect(self._on_box_selected)
        self.picture_view.text_changed.connect(self._update_actions)
        self.picture_view.text_changed.connect(self._on_picture_text_changed)
        self.picture_view.samples_requested.connect(self._on_samples_requested)
        self.picture_view.undo_requested.connect(self._on_samples_undone)
        self.picture_view.status_changed.connect(self.status_changed)
        self.picture_view.page_requested.connect(self._on_page_requested)
        self.panel.character_set_changed.connect(self._on_character_set_changed)
        self.panel.bundle_chosen.connect(self.use_bundle)
        self.panel.bundle_requested.connect(self.choose_bundle)
        self.panel.candidates.clicked.connect(self._on_candidate_clicked)
        self.panel.candidates.line_requested.connect(self.read_as_line)
        self._task.succeeded.connect(self._on_picture_recognized)
        self._task.failed.connect(self._on_picture_failed)
        self._opening.opened.connect(self._on_recognizer_opened)
        self._opening.failed.connect(self._on_opening_failed)
        self._opening.waiting.connect(self._on_opening_waiting)
        self.own_hand.changed.connect(self._on_hand_changed)
        self.label_bar.samples_changed.connect(self.own_hand.update)
        self.draw_actions.own_samples.toggled.connect(self._on_own_samples_toggled)


def _with_memory(opener: Opener, memory: Memory | None) -> Recognizer:
    recognizer = opener()
    recognizer.memory = memory
    return recognizer
