"""What is written or read goes into the history of lines, whenever it has rested."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Slot

from emnist_desktop.settings import HISTORY, Settings
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.task import Task, failure_text
from trainer.ink.strokes import Ink
from trainer.writing.history import LineHistory
from trainer.writing.sheet_text import Strokes

_TOPIC = "line history"
_REST_MILLISECONDS = 1500


class _State(NamedTuple):
    """A sheet or a picture as it goes into the history; two are equal if nothing has changed."""

    entry_id: str
    strokes: Strokes
    text: str


class HistoryKeeper(QObject):
    """Keeps one sheet or picture after another in a history, if the user wants it.

    What cannot be written is said, and tried again with the next change or at the end.

    Parameters
    ----------
    history : LineHistory
    settings : Settings
        Say whether a history is kept.
    banner : Banner
        Shows errors.
    """

    def __init__(
        self, history: LineHistory, settings: Settings, banner: Banner, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._history, self._settings, self._banner = history, settings, banner
        self._newest: _State | None = None
        self._kept: _State | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self.keep)
        self._keeping = Task(self, self._on_kept, self._on_failed)

    def take(self, entry_id: str, ink: Ink, text: str) -> None:
        """Keep a state of an entry when it has rested; another entry before it is kept now."""
        if self._newest is not None and self._newest.entry_id != entry_id:
            self.keep()
        self._newest = _State(entry_id, ink.strokes, text)
        self._rest.start()

    @Slot()
    def keep(self) -> None:
        """Keep the newest state now, if it has changed and is not empty."""
        state, history = self._newest, self._history
        if state is None or state == self._kept or not state.strokes:
            return
        if self._settings.get(HISTORY) != "no":
            self._kept = state
            self._keeping.start(
                lambda _: history.put(Ink(state.strokes), state.text, state.entry_id)
            )

    def shutdown(self) -> None:
        """Begin to keep what has not rested yet; the window waits for its jobs."""
        self.keep()

    @Slot()
    def _on_kept(self) -> None:
        self._banner.withdraw(_TOPIC)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self._kept = None
        sentence, _, hint = failure_text(error).partition("\n")
        self._banner.show_notice(sentence, hint, topic=_TOPIC)
