"""How well characters fit groups of pieces by the way of the pen, and the cuts that are missing.

The score of a group is the likeliest way of the network (`trainer.recognition.path_model`) to write
a character, once, in the steps of the group. As groups that follow one another share no step, the
scores of a reading sum up to those of its likeliest way within these limits.

What the network reads by itself is always among the ways to cut a line: where no border of two
pieces lies between two of its characters, the piece is cut there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from trainer.ink.lines import TextLine, with_cuts
from trainer.ink.pen_path import PenPath, pen_path
from trainer.recognition.line_model import Floats
from trainer.recognition.path_model import (
    LOOKS_AT,
    STRIDE,
    PathModel,
    likeliest,
    span_scores,
)

Indices = npt.NDArray[np.int64]

_HOPELESS: Final = 4.0
"""Groups are left out whose likeliest way through the line is so much less likely than its best."""

_MOST_KNOWN: Final = 512
"""Words of which the answers are kept, so that a growing line is read quickly."""


class PathReader:
    """Reads words with one network.

    Parameters
    ----------
    model : PathModel
    """

    def __init__(self, model: PathModel) -> None:
        self._model = model
        self._known: dict[bytes, Floats] = {}

    def read(self, line: TextLine, words: Sequence[tuple[int, int]]) -> tuple[TextLine, Floats]:
        """Return a line with new cuts and without hopeless groups, and the scores of its groups.

        Parameters
        ----------
        line : TextLine
        words : sequence of (int, int)
            The first piece of each word and the one after its last: all pieces, in their order.

        Returns
        -------
        line : TextLine
        scores : ndarray of shape (n_groups, len(CHARACTERS)), dtype=float32
            Log probabilities.
        """
        n_pieces, offset, ends = 0, 0, [0]
        all_logs, cuts, spans, firsts = [], [], [], []
        for word in words:
            path = pen_path(line, *word)
            logs = self._log_probabilities(path)
            characters, _ = likeliest(logs)
            cut_after, owners, borders = _cut(path, characters, line)
            cuts += [(int(path.pieces[step]), int(path.points[step])) for step in cut_after]
            spans += [(n_pieces + a, n_pieces + b) for a, b in pairwise(borders)]
            firsts.append(np.searchsorted(owners[_looked_at(logs, path)], range(borders[-1])))
            firsts[-1] += offset
            all_logs.append(logs)
            n_pieces, offset = n_pieces + borders[-1], offset + len(logs)
            ends.append(n_pieces)
        line = with_cuts(line, cuts, spans)
        bounds = np.array([*np.concatenate(firsts), offset])
        scores = span_scores(np.concatenate(all_logs), bounds[line.groups])
        hopeful = _hopeful(line.groups, scores.max(axis=1), ends)
        return replace(line, groups=line.groups[hopeful]), scores[hopeful]

    def _log_probabilities(self, path: PenPath) -> Floats:
        key = path.features.tobytes()
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = self._model.log_probabilities(path.features)
        return self._known[key]


def _hopeful(groups: Indices, best: Floats, ends: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Return which groups are on a way through the line that is not hopeless.

    Parameters
    ----------
    groups : ndarray of shape (n_groups, 2)
    best : ndarray of shape (n_groups,)
        Their highest scores.
    ends : sequence of int
        The first piece of each word, and how many pieces there are.
    """
    of_word = np.searchsorted(ends, groups[:, 0], side="right")
    within = np.asarray(groups[:, 1] <= np.asarray(ends)[of_word])
    each = list(zip(*groups[within].T.tolist(), best[within].tolist(), strict=True))
    before = [-np.inf] * (ends[-1] + 1)
    behind = before.copy()
    before[0] = behind[-1] = 0.0
    for start, stop, score in sorted(each):
        before[stop] = max(before[stop], before[start] + score)
    for start, stop, score in sorted(each, reverse=True):
        behind[start] = max(behind[start], score + behind[stop])
    whole = np.array([before[start] + score + behind[stop] for start, stop, score in each])
    within[within] = whole >= before[-1] - _HOPELESS
    return within


def _looked_at(logs: Floats, path: PenPath) -> Indices:
    """Return the step whose piece each output belongs to."""
    return np.minimum(np.arange(len(logs)) * STRIDE + LOOKS_AT, len(path.pieces) - 1)


def _cut(
    path: PenPath, characters: Indices, line: TextLine
) -> tuple[list[int], Indices, list[int]]:
    """Return borders between characters that were read along a path.

    Returns
    -------
    cut_after : list of int
        Steps after which a piece is cut.
    owners : ndarray of shape (n_steps,), dtype=int64
        The piece of each step after that, counted from the first of the path.
    borders : list of int
        The first piece of each character, and how many pieces there are.
    """
    begins = np.diff(path.pieces, prepend=-1) != 0
    cut_after: list[int] = []
    steps: list[int] = []
    for here, there in pairwise((characters * STRIDE + LOOKS_AT).tolist()):
        middle = (here + there) / 2
        found = np.flatnonzero(begins[here + 1 : there + 1]) + here + 1
        if not len(found):
            inner = np.arange(here, min(there, len(begins) - 1))
            last = len(line.pieces[path.pieces[here]].points) - 1
            before = path.points[cut_after[-1]] if cut_after else 0
            is_same = bool(cut_after) and path.pieces[cut_after[-1]] == path.pieces[here]
            points = path.points[inner]
            inner = inner[(points > (before if is_same else 0)) & (points < last)]
            if not len(inner):
                continue
            cut_after.append(int(inner[np.abs(inner + 1 - middle).argmin()]))
            found = np.array([cut_after[-1] + 1])
            begins[found] = True
        steps.append(int(found[np.abs(found - middle).argmin()]))
    owners = np.cumsum(begins) - 1
    return cut_after, owners, [0, *owners[steps].tolist(), int(owners[-1]) + 1]
