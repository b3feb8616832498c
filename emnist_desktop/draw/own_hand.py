"""What the recogniser knows of the user's hand, in step with the user's samples."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from emnist_desktop.draw.recognizer_source import Opener
from emnist_desktop.ui.task import Context, Task
from trainer.datasets.my_samples import MySamples
from trainer.errors import HandError
from trainer.hand.hand import Hand, OwnSample
from trainer.hand.hand_file import read_hand, write_hand
from trainer.recognition.recognizer import Recognizer

logger = logging.getLogger(__name__)


class OwnHand(QObject):
    """Learns and forgets beside the window, with a recogniser of its own.

    A classic model answers too slowly to learn with it: then there is no hand.

    Parameters
    ----------
    samples : MySamples
    file : Path
        Keeps what was learned for the next start.

    Signals
    -------
    changed
        There is another hand, or none.
    """

    changed = Signal()

    def __init__(self, samples: MySamples, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._samples, self._file = samples, file
        self._opener: Opener | None = None
        self.hand: Hand | None = None
        self._task = Task(self, self._on_learned, self._on_failed)

    def use(self, recognizer: Recognizer | None, opener: Opener) -> None:
        """Learn for another recogniser; `opener` makes one that another thread may use."""
        is_usable = recognizer is not None and not recognizer.bundle.is_classic
        self._opener = opener if is_usable else None
        self._on_learned(None)
        self.update()

    @Slot()
    def update(self) -> None:
        """Learn and forget what has changed among the samples."""
        self._task.cancel()
        if self._opener is not None:
            job = partial(in_step, self._samples, self._file, self._opener, self.hand)
            self._task.start(job)

    @Slot(object)
    def _on_learned(self, hand: Hand | None) -> None:
        if hand is not None or self.hand is not None:
            self.hand = hand
            self.changed.emit()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        logger.warning("Own samples are not used: %s", error)
        self._on_learned(None)


def in_step(
    samples: MySamples, file: Path, opener: Opener, before: Hand | None, context: Context
) -> Hand | None:
    """Return a hand that has learned exactly the samples there are; None without any."""
    wanted = {each.id: OwnSample(each.id, each.character, each.ink) for each in samples.live()}
    if not wanted:
        file.unlink(missing_ok=True)
        return None
    recognizer = opener()
    context.check()
    hand = Hand.of(recognizer)
    if before is not None:
        hand.restore(before.state)
    else:
        with suppress(HandError):  # damaged, or of another recogniser: learned anew
            hand = read_hand(file, recognizer)
    known = {each.id: each.character for each in hand.state.samples}
    hand.forget(known.keys() - wanted.keys())
    new = [each for each in wanted.values() if known.get(each.id) != each.character]
    context.check()
    hand.learn_inks(new, recognizer)
    context.check()
    write_hand(file, hand)
    return hand
