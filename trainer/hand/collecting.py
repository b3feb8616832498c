"""Asking a person for characters, one after the other; may be stopped and resumed at any time."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated

from trainer.datasets.my_samples import MySamples, check_character
from trainer.errors import DatasetError
from trainer.files.records import Within, read_or, write_json
from trainer.hand.hand import Hand
from trainer.ink.strokes import Ink

FILE_NAME = "collecting.json"
"""Beside the samples."""

MOST_ROUNDS = 20
_FORMAT = 1


@dataclass(frozen=True)
class CollectingState:
    """What is asked for and how far it is.

    Attributes
    ----------
    characters : tuple of str
        Each once, in the order in which they are asked for.
    rounds : int
        How often all of them are asked for.
    ids : tuple of str
        The sample drawn at each request so far; empty where it was skipped.
    """

    characters: tuple[str, ...] = ()
    rounds: Annotated[int, Within(1, MOST_ROUNDS)] = 1
    ids: tuple[str, ...] = ()
    format: int = _FORMAT

    def __len__(self) -> int:
        return len(self.characters) * self.rounds

    @property
    def position(self) -> int:
        """Index of the request that is open."""
        return len(self.ids)

    @property
    def character(self) -> str:
        """The character that is asked for; empty at the end."""
        is_over = self.position >= len(self)
        return "" if is_over else self.characters[self.position % len(self.characters)]

    @property
    def last_round(self) -> frozenset[str]:
        """The samples of the last round that was completed beyond the first; else none."""
        n = len(self.characters)
        n_complete = self.position // n if n else 0
        if n_complete < 2:
            return frozenset()
        return frozenset(self.ids[(n_complete - 1) * n : n_complete * n]) - {""}


class Collecting:
    """Adds what is drawn to the samples; every step is on the disk before the next.

    A step that fails changes nothing. A kill in the middle of one may leave its sample, under its
    own character, with the request for it still open.

    Parameters
    ----------
    samples : MySamples
    """

    def __init__(self, samples: MySamples) -> None:
        self.samples = samples
        self._file = samples.file.with_name(FILE_NAME)
        self.state = read_or(CollectingState(), self._file, CollectingState)

    @property
    def can_resume(self) -> bool:
        """Whether there are requests left of the last time."""
        return bool(self.state.ids) and bool(self.state.character)

    def begin(self, characters: Iterable[str], rounds: int) -> None:
        """Ask for other characters; what was drawn before stays among the samples."""
        self._write(CollectingState(tuple(dict.fromkeys(characters)), rounds))

    def keep(self, ink: Ink) -> None:
        """Add a drawing to the samples as the character that is asked for.

        Raises
        ------
        DatasetError
            If it is empty, or cannot be written.
        """
        sample_id = self.samples.append(ink, self.state.character)
        try:
            self._answer(sample_id)
        except DatasetError:
            with suppress(DatasetError):
                self.samples.remove(sample_id)
            raise

    def skip(self) -> None:
        """Go on without a drawing."""
        self._answer("")

    def back(self) -> Ink:
        """Ask for the last character again; return what was drawn, which is a sample no more.

        Raises
        ------
        DatasetError
            If it cannot be written.
        """
        *before, last = self.state.ids
        drawn = next((each.ink for each in self.samples.live() if each.id == last), Ink())
        state = self.state
        self._write(replace(state, ids=tuple(before)))
        if last:
            try:
                self.samples.remove(last)
            except DatasetError:
                with suppress(DatasetError):
                    self._write(state)
                self.state = state
                raise
        return drawn

    def end(self) -> None:
        """Forget how far it is; the samples stay."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)
        self.state = CollectingState()

    def _answer(self, sample_id: str) -> None:
        self._write(replace(self.state, ids=(*self.state.ids, sample_id)))

    def _write(self, state: CollectingState) -> None:
        try:
            write_json(self._file, state)
        except OSError as error:
            raise DatasetError(
                "{path} cannot be written: {reason}.",
                "Free some space; the samples drawn so far are kept.",
            ).format(path=self._file.name, reason=error.strerror or error) from error
        self.state = state


def characters_in(text: str) -> tuple[str, ...]:
    """Return the characters that somebody has typed, each once, without spaces."""
    found = []
    for each in unicodedata.normalize("NFC", text):
        with suppress(DatasetError):
            found.append(check_character(each))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class MisreadSamples:
    """The samples of a hand that are misread by leave-one-out.

    Attributes
    ----------
    characters : tuple of str
        Theirs, the most often misread first.
    n_misread, n_samples : int
        How many are misread, and how many there are.
    """

    characters: tuple[str, ...] = ()
    n_misread: int = 0
    n_samples: int = 0


def misread_samples(hand: Hand) -> MisreadSamples:
    """Return what is misread of a hand's samples, each as if it had not been learned."""
    found = hand.left_out()
    samples = hand.state.samples
    is_wrong = (found.after.argmax(axis=1) != found.labels).tolist()
    wrong = Counter(each.character for each, is_ in zip(samples, is_wrong, strict=True) if is_)
    characters = tuple(character for character, _ in wrong.most_common())
    return MisreadSamples(characters, wrong.total(), len(samples))
