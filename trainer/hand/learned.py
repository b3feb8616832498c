"""What a person's samples have changed: on themselves, and on some that were held out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainer.hand.hand import Hand, OwnSample
from trainer.ink.alphabet import merged
from trainer.recognition.recognizer import Recognizer

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Gain:
    """Which samples are read rightly without and with a hand.

    Attributes
    ----------
    before, after : ndarray of shape (n,), dtype=bool
    """

    before: Bools
    after: Bools

    def __len__(self) -> int:
        return len(self.before)


@dataclass(frozen=True, eq=False)
class Learned:
    """What was learned.

    Attributes
    ----------
    samples : tuple of OwnSample
    left_out : Gain
        Of each sample, if it had not been learned.
    held_out : Gain
        Of the samples that were held out while the others were learned; may be of none.
    """

    samples: tuple[OwnSample, ...]
    left_out: Gain
    held_out: Gain


def what_was_learned(
    samples: Sequence[OwnSample],
    held: AbstractSet[str],
    recognizer: Recognizer,
    check: Callable[[], None],
) -> Learned:
    """Learn samples, and measure what that changes; `held` are the ids of those held out.

    `check` may raise to cancel.
    """
    hand = Hand.of(recognizer)
    hand.learn_inks(samples, recognizer)
    check()
    found = hand.left_out()
    left_out = Gain(
        found.before.argmax(axis=1) == found.labels, found.after.argmax(axis=1) == found.labels
    )
    held_samples = [each for each in samples if each.id in held]
    if len(held_samples) in (0, len(samples)):
        nothing = np.zeros(0, dtype=bool)
        return Learned(tuple(samples), left_out, Gain(nothing, nothing))
    hand.forget(held)
    check()
    inks = [each.ink for each in held_samples]
    said = recognizer.ink_probabilities([ink for ink in inks if ink is not None])
    wanted = [merged(each.character) for each in held_samples]
    alphabet = hand.alphabet
    before = _answers(said, alphabet)
    after = _answers(hand.adjusted(said, inks), (*alphabet, *hand.further))
    return Learned(
        tuple(samples),
        left_out,
        Gain(np.array(before) == np.array(wanted), np.array(after) == np.array(wanted)),
    )


def _answers(probabilities: npt.NDArray[np.float32], characters: Sequence[str]) -> list[str]:
    names = [merged(name) for name in characters]
    columns = tuple(dict.fromkeys(names))
    groups = np.array([[name == each for each in columns] for name in names], dtype=np.float32)
    return [columns[index] for index in (probabilities @ groups).argmax(axis=1).tolist()]
