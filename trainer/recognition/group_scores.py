"""What each group of pieces may be, by the recogniser, its place, the pen's way, the own hand.

The own samples of a person (`trainer.hand`) correct the recogniser's answer for a group as they do
for a character; the network of lines was trained without, so the change is added to its scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from trainer.ink.alphabet import BYCLASS
from trainer.ink.lines import TextLine, group_features
from trainer.ink.strokes import Ink
from trainer.recognition.language import CHARACTERS
from trainer.recognition.line_model import Floats, LineModel, by_class
from trainer.recognition.recognizer import Memory, Recognizer

CODE_PRIOR: Final = 0.5
"""How much of the commonness of characters is taken out of the scores of codes."""

GROUP_WEIGHT: Final = 0.5
"""Weight of the scores of groups by themselves, beside those by the way of the pen."""

OWN_WEIGHT: Final = 0.5
"""Weight of what the own samples change; with more, one writer more is read worse."""

_MOST_CHANGED: Final = 6.0
_TINY: Final = 1e-6

_MOST_KNOWN: Final = 4096
"""Groups of which the answers are kept, so that a growing line is read quickly."""

_Key = tuple[bytes, ...]


@dataclass(frozen=True, eq=False)
class GroupScores:
    """How well each character fits each group.

    Attributes
    ----------
    characters : str
        Of the columns: `CHARACTERS`, and those that a person has taught beyond them.
    values : ndarray of shape (n_groups, len(characters)), dtype=float32
    alone : ndarray of the same shape and dtype
        Without the own samples.
    """

    characters: str
    values: Floats
    alone: Floats

    def is_own(self, group: int, character: str) -> bool:
        """Whether the own samples made a character the likeliest one of a group."""
        best = self.values[group].argmax()
        return self.characters[best] == character and best != self.alone[group].argmax()


class GroupScorer:
    """Scores the groups of lines with one recogniser, and with its memory.

    Parameters
    ----------
    recognizer : Recognizer
        Of letters and digits.
    model : LineModel

    Raises
    ------
    BundleError
        If the recogniser knows other characters.
    """

    def __init__(self, recognizer: Recognizer, model: LineModel) -> None:
        self._recognizer, self._model = recognizer, model
        self._alphabet = recognizer.bundle.alphabet
        by_class(np.zeros((0, len(self._alphabet)), np.float32), self._alphabet)
        self._known: dict[_Key, Floats] = {}
        self._changed: dict[_Key, Floats] = {}
        self._changed_by: object = None

    def scores(self, line: TextLine, by_path: Floats, is_code: bool) -> GroupScores:
        """Score all groups of a line.

        Parameters
        ----------
        line : TextLine
        by_path : ndarray of shape (n_groups, len(CHARACTERS)), dtype=float32
            Log probabilities of the `PathReader`.
        is_code : bool
            Whether common characters are no likelier than others.
        """
        inks = [line.ink(group) for group in range(len(line.groups))]
        keys = [tuple(stroke.points.tobytes() for stroke in ink.strokes) for ink in inks]
        networks = self._networks(keys, inks)
        probabilities = by_class(networks, self._alphabet)
        scores = self._model.scores(probabilities, group_features(line))
        if is_code:
            scores = scores - np.float32(CODE_PRIOR) * self._model.prior
        scores = np.float32(GROUP_WEIGHT) * scores + by_path
        memory = self._recognizer.memory
        if memory is None:
            return GroupScores(CHARACTERS, scores, scores)
        adjusted = self._adjusted(keys, inks, networks, memory)
        return _with_own(scores, probabilities, adjusted, self._alphabet, memory.further)

    def _networks(self, keys: Sequence[_Key], inks: Sequence[Ink]) -> Floats:
        """Return what the recogniser says of inks; it is asked only once for each."""
        new = {key: ink for key, ink in zip(keys, inks, strict=True) if key not in self._known}
        if len(self._known) + len(new) > _MOST_KNOWN:
            self._known.clear()
            self._changed.clear()
            new = dict(zip(keys, inks, strict=True))
        found = self._recognizer.ink_probabilities(list(new.values()))
        self._known.update(zip(new, found, strict=True))
        return np.stack([self._known[key] for key in keys])

    def _adjusted(
        self, keys: Sequence[_Key], inks: Sequence[Ink], networks: Floats, memory: Memory
    ) -> Floats:
        """Return what the memory makes of it; it is asked only once, too, until it changes."""
        revision = memory.revision
        if revision is not self._changed_by:
            self._changed.clear()
            self._changed_by = revision
        new = {key: row for row, key in enumerate(keys) if key not in self._changed}
        if new:
            rows = list(new.values())
            found = memory.adjusted(networks[rows], [inks[row] for row in rows])
            self._changed.update(zip(new, found, strict=True))
        return np.stack([self._changed[key] for key in keys])


def _with_own(
    scores: Floats,
    probabilities: Floats,
    adjusted: Floats,
    alphabet: Sequence[str],
    further: Sequence[str],
) -> GroupScores:
    """Return scores with what the own samples change, and with columns for further characters."""
    n_classes = len(alphabet)
    own = by_class(adjusted[:, :n_classes], alphabet)
    known = own.sum(axis=1, keepdims=True)
    values = scores.copy()
    change = np.log(own / np.maximum(known, _TINY) + _TINY) - np.log(probabilities + _TINY)
    values[:, : len(BYCLASS)] += OWN_WEIGHT * np.clip(change, -_MOST_CHANGED, _MOST_CHANGED)
    places = [
        place for place, name in enumerate(further) if len(name) == 1 and name not in CHARACTERS
    ]
    taught = adjusted[:, n_classes:][:, places]
    odds = np.log(taught + _TINY) - np.log(known + _TINY)
    beyond = values.max(axis=1, keepdims=True) + odds
    nothing = np.full(taught.shape, -np.inf, dtype=np.float32)
    return GroupScores(
        CHARACTERS + "".join(further[place] for place in places),
        _joined(values, beyond),
        _joined(scores, nothing),
    )


def _joined(left: Floats, right: npt.NDArray[np.floating]) -> Floats:
    return np.concatenate([left, right], axis=1, dtype=np.float32)
