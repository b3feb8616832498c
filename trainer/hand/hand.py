"""A person's hand: what the own samples change in the answers, without a training."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from trainer.errors import HandError
from trainer.hand.correction import (
    Correction,
    Evidence,
    Floats,
    distances,
    fit,
    fit_more,
    kernel,
    label_shift,
    softmax,
    usual_shares,
)
from trainer.ink.alphabet import class_indices, merged
from trainer.ink.strokes import Ink
from trainer.recognition.recognizer import Probabilities, Recognizer

_LEAST_RAISED, _FARTHEST = 1.0, 3.0
"""A character beyond the alphabet is an answer where the samples raise its logit by so much, for a
drawing whose course is as near to one of them: 95 % of the drawings of validation writers are
nearer than 2.2 to one of three samples of their character, 75 % of others farther than 4.2."""

_MOST_AT_ONCE = 64
"""Up to so many samples everything is learned anew each time, which takes milliseconds."""


@dataclass(frozen=True, eq=False)
class OwnSample:
    """A drawing, or an image, and what it shows.

    Attributes
    ----------
    id : str
    character : str
    ink : Ink or None
        None for an image, and in a hand without drawings.
    """

    id: str
    character: str
    ink: Ink | None = None


@dataclass(frozen=True, eq=False)
class HandState:
    """Everything that is known at a moment; never changed.

    Attributes
    ----------
    samples : tuple of OwnSample
    evidence : Evidence
        Of the samples.
    further : tuple of str
        Their characters beyond the alphabet.
    correction : Correction
    """

    samples: tuple[OwnSample, ...]
    evidence: Evidence
    further: tuple[str, ...]
    correction: Correction

    @cached_property
    def further_rows(self) -> tuple[npt.NDArray[np.int64], ...]:
        """The samples of each character beyond the alphabet."""
        if not self.further:
            return ()
        names = np.array([sample.character for sample in self.samples])
        return tuple(np.flatnonzero(names == name) for name in self.further)

    @property
    def drawn(self) -> int:
        """Number of samples whose drawing is here."""
        return sum(sample.ink is not None for sample in self.samples)


@dataclass(frozen=True, eq=False)
class LeftOut:
    """The answers for each sample if it had not been learned.

    Attributes
    ----------
    characters : tuple of str
        Of the columns: the alphabet, merged as the network's answers are, and those beyond it.
    labels : ndarray of shape (n,), dtype=int64
    before, after : ndarray of shape (n, n_characters), dtype=float32
        Probabilities of the network alone, and with the other samples.
    """

    characters: tuple[str, ...]
    labels: npt.NDArray[np.int64]
    before: Probabilities
    after: Probabilities


class Hand:
    """Learns and forgets samples, and adjusts a recogniser's probabilities; see `Memory`.

    May be asked in one thread while it learns in another.

    Parameters
    ----------
    alphabet : tuple of str
        Of the recogniser.
    checksum : str
        SHA-256 of its model: what is learned belongs to it.
    """

    def __init__(self, alphabet: tuple[str, ...], checksum: str) -> None:
        self.alphabet, self.checksum = alphabet, checksum
        self._learning = threading.Lock()
        self._usual = usual_shares(alphabet)
        self._known: dict[str, int] = {}
        empty = np.zeros((0, len(alphabet)), dtype=np.float32)
        self._state = self._fitted((), Evidence.of(empty, ()))

    @classmethod
    def of(cls, recognizer: Recognizer) -> Hand:
        """Return an empty hand for a recogniser."""
        return cls(recognizer.bundle.alphabet, recognizer.bundle.checksum)

    @property
    def state(self) -> HandState:
        """What is known now."""
        return self._state

    @property
    def revision(self) -> object:
        """Another object after each change."""
        return self._state

    def is_new(self, ids: Sequence[str], data: str) -> npt.NDArray[np.bool_]:
        """Return which samples of data, by their ids, it has not learned.

        Raises
        ------
        HandError
            If it has learned all.
        """
        known = {sample.id for sample in self.state.samples}
        new = np.array([each not in known for each in ids], dtype=bool)
        if not new.any():
            raise HandError(
                "The hand has learned all samples of {data}.", "Name samples that it does not know."
            ).format(data=data)
        return new

    def restore(self, state: HandState) -> None:
        """Return to what was known before."""
        self._state = state

    @property
    def further(self) -> tuple[str, ...]:
        """The characters beyond the alphabet."""
        return self._state.further

    @property
    def counts(self) -> Counter[str]:
        """Number of samples of each character."""
        return Counter(sample.character for sample in self._state.samples)

    @property
    def trust(self) -> float:
        """From 0 to 1: how much the samples count; the most for any character."""
        return float(self._state.correction.trust.max(initial=0.0))

    def __len__(self) -> int:
        return len(self._state.samples)

    def learn(self, samples: Sequence[OwnSample], probabilities: Probabilities) -> None:
        """Learn samples; one of an id that is known replaces it.

        Parameters
        ----------
        samples : sequence of OwnSample
        probabilities : ndarray of shape (n, n_classes), dtype=float32
            What the network alone says of them.
        """
        samples = tuple(samples)
        if not samples:
            return
        with self._learning:
            new = Evidence.of(probabilities, [sample.ink for sample in samples])
            state = self._without({sample.id for sample in samples})
            is_quick = (
                len(samples) == 1
                and state is self._state
                and len(state.samples) >= _MOST_AT_ONCE
                and len(state.correction.weights) == len(state.samples)
            )
            known, evidence = (*state.samples, *samples), state.evidence.joined(new)
            self._state = self._fitted(known, evidence, state.correction if is_quick else None)

    def learn_inks(self, samples: Sequence[OwnSample], recognizer: Recognizer) -> None:
        """Learn drawings as a recogniser sees them."""
        inks = [sample.ink for sample in samples if sample.ink is not None]
        self.learn(samples, recognizer.ink_probabilities(inks))

    def forget(self, ids: Iterable[str]) -> None:
        """Forget samples: what is learned is as if they had never been."""
        with self._learning:
            state = self._without(set(ids))
            if state is not self._state:
                self._state = self._fitted(state.samples, state.evidence)

    def adjusted(self, probabilities: Probabilities, inks: Sequence[Ink | None]) -> Probabilities:
        """Return probabilities of shape (n, n_classes + n_further); see `Memory`."""
        state = self._state
        asked = Evidence.of(probabilities, inks)
        logits = asked.logits(len(state.further))
        correction = state.correction
        change = np.zeros_like(logits)
        if correction.trust.any():
            change = (kernel(asked, state.evidence) @ correction.weights) * correction.trust
            change[:, len(self.alphabet) :][self._far(state, asked)] = 0.0
        return softmax(self._corrected(logits, change))

    def left_out(self) -> LeftOut:
        """Answer for each sample as if it had not been learned, with the trust of now."""
        state = self._state
        characters, groups = self._groups(state.further)
        offset = state.evidence.logits(len(state.further))
        change = state.correction.left_out * state.correction.trust
        change[:, len(self.alphabet) :][self._far(state)] = 0.0
        corrected = self._corrected(offset.copy(), change)
        offset[:, len(self.alphabet) :] = -np.inf
        answers = self._answers(state.samples, state.further)
        return LeftOut(
            characters,
            groups[answers].argmax(axis=1),
            softmax(offset) @ groups,
            softmax(corrected) @ groups,
        )

    def _far(self, state: HandState, asked: Evidence | None = None) -> npt.NDArray[np.bool_]:
        """Return which drawings are unlike all samples of each character beyond the alphabet.

        Returns
        -------
        ndarray of shape (n, n_further), dtype=bool
            Of the samples themselves by default, each without itself.
        """
        seen = state.evidence if asked is None else asked
        far = np.zeros((len(seen), len(state.further)), dtype=bool)
        for index, mine in enumerate(state.further_rows):
            squared = distances(seen, state.evidence[mine])
            if asked is None:
                squared[mine, np.arange(len(mine))] = np.inf
            is_compared = seen.is_drawn & state.evidence.is_drawn[mine].any()
            far[:, index] = is_compared & (squared.min(axis=1, initial=np.inf) > _FARTHEST)
        return far

    def _corrected(self, logits: Floats, change: Floats) -> Floats:
        """Add a change to logits; an answer beyond the alphabet is none where it is not raised."""
        logits += change
        n_classes = len(self.alphabet)
        logits[:, n_classes:][change[:, n_classes:] < _LEAST_RAISED] = -np.inf
        return logits

    def _without(self, ids: set[str]) -> HandState:
        state = self._state
        keep = np.array([sample.id not in ids for sample in state.samples], dtype=bool)
        if keep.all():
            return state
        samples = tuple(sample for sample in state.samples if sample.id not in ids)
        return replace(state, samples=samples, evidence=state.evidence[keep])

    def _fitted(
        self,
        samples: tuple[OwnSample, ...],
        evidence: Evidence,
        before: Correction | None = None,
    ) -> HandState:
        further = self._beyond(samples)
        answers = self._answers(samples, further)
        n_answers = len(self.alphabet) + len(further)
        shift = label_shift(answers, self._usual, n_answers)
        groups = self._groups(further)[1]
        if before is None:
            correction = fit(evidence, answers, shift, groups)
        else:
            correction = fit_more(before, evidence, answers, shift, groups)
        return HandState(samples, evidence, further, correction)

    def _beyond(self, samples: Iterable[OwnSample]) -> tuple[str, ...]:
        names = dict.fromkeys(sample.character for sample in samples)
        return tuple(name for name in names if self._class_of(name) < 0)

    def _answers(
        self, samples: Sequence[OwnSample], further: tuple[str, ...]
    ) -> npt.NDArray[np.int64]:
        beyond = {name: index for index, name in enumerate(further, start=len(self.alphabet))}
        names = [sample.character for sample in samples]
        answers = [beyond[name] if name in beyond else self._class_of(name) for name in names]
        return np.array(answers, dtype=np.int64)

    def _class_of(self, character: str) -> int:
        """Return the class of a character; -1 beyond the alphabet."""
        if character not in self._known:
            self._known[character] = int(class_indices((character,), self.alphabet)[0])
        return self._known[character]

    def _groups(self, further: tuple[str, ...]) -> tuple[tuple[str, ...], Floats]:
        """Return the characters of the merged answers, and which answers belong to each."""
        names = [merged(name) for name in self.alphabet] + list(further)
        characters = tuple(dict.fromkeys(names))
        groups = np.array([[name == each for each in characters] for name in names])
        return characters, groups.astype(np.float32)
