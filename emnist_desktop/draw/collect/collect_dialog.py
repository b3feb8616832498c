"""Collecting samples: what to ask for, the requests, and what was learnt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from emnist_desktop.draw.collect.request_page import RequestPage
from emnist_desktop.draw.collect.result_page import ResultPage
from emnist_desktop.draw.collect.start_page import StartPage
from emnist_desktop.draw.recognizer_source import Opener
from emnist_desktop.settings import Settings
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import MARGIN
from emnist_desktop.ui.task import Context, Task
from trainer.datasets.my_samples import MySamples
from trainer.hand.collecting import Collecting, MisreadSamples, misread_samples
from trainer.hand.hand import Hand, OwnSample
from trainer.hand.learned import Learned, what_was_learned
from trainer.recognition.recognizer import Recognizer


@dataclass(frozen=True, eq=False)
class CollectingReader:
    """What reads while samples are collected.

    Attributes
    ----------
    recognizer : Recognizer or None
    title : str
        What the recogniser is called.
    hand : Hand or None
        What is known already: which characters are misread.
    opener : callable
        Makes a recogniser that another thread may use.
    """

    recognizer: Recognizer | None
    title: str
    hand: Hand | None
    opener: Opener


class CollectDialog(QDialog):
    """Asks for characters; can be closed and opened again at any time.

    Parameters
    ----------
    samples : MySamples
    reader : CollectingReader
    settings : Settings

    Signals
    -------
    samples_changed
        When it ends, or is closed.
    """

    samples_changed = Signal()

    def __init__(
        self,
        samples: MySamples,
        reader: CollectingReader,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Collect samples"))
        self.resize(640, 600)
        recognizer, hand = reader.recognizer, reader.hand
        if recognizer is not None and recognizer.bundle.is_classic:
            recognizer = None  # it answers too slowly
        self._can_learn = recognizer is not None
        self._opener = reader.opener
        self._task = Task(self, self._on_learned, self._on_failed)
        self.collecting = Collecting(samples)
        self.banner = Banner()
        misread = MisreadSamples() if hand is None else misread_samples(hand)
        self.start_page = StartPage(self.collecting, misread, reader.title, settings)
        self.request_page = RequestPage(self.collecting, recognizer, settings, self.banner)
        self.result_page = ResultPage()
        self.pages = QStackedWidget()
        for page in (self.start_page, self.request_page, self.result_page):
            self.pages.addWidget(page)
        self.setLayout(vbox(self.banner, (self.pages, 1), margins=MARGIN))
        self.start_page.begun.connect(self._on_begun)
        self.start_page.resumed.connect(self._show_requests)
        self.request_page.finished.connect(self._show_result)
        self.result_page.again.connect(self._show_start)

    @override
    def done(self, result: int) -> None:
        shut_down(self)
        self.samples_changed.emit()
        super().done(result)

    @Slot(tuple, int)
    def _on_begun(self, characters: tuple[str, ...], rounds: int) -> None:
        if self.request_page.act(partial(self.collecting.begin, characters, rounds)):
            self._show_requests()

    @Slot()
    def _show_requests(self) -> None:
        self.pages.setCurrentWidget(self.request_page)
        self.request_page.begin()

    @Slot()
    def _show_start(self) -> None:
        self.start_page.resume.hide()
        self.pages.setCurrentWidget(self.start_page)

    @Slot()
    def _show_result(self) -> None:
        state = self.collecting.state
        self.collecting.end()
        self.pages.setCurrentWidget(self.result_page)
        self.result_page.show_waiting(sum(map(bool, state.ids)))
        self.samples_changed.emit()
        if not self._can_learn:
            self.result_page.show_failure(self.tr("The recogniser in use learns no hand."))
            return
        live, opener, held = self.collecting.samples.live(), self._opener, state.last_round

        def work(context: Context) -> Learned:
            samples = [OwnSample(each.id, each.character, each.ink) for each in live]
            return what_was_learned(samples, held, opener(), context.check)

        self._task.start(work)

    @Slot(object)
    def _on_learned(self, learned: Learned) -> None:
        self.result_page.show_learned(learned)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.result_page.show_failure(str(error))
