"""Skeletons: common shapes of each character, as a few control points per stroke.

The smooth path through the control points is a linear map of them, computed once, so that each of
thousands of variations costs one matrix product.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.errors import DatasetError, Message
from trainer.files.paths import resources
from trainer.ink.alphabet import BYCLASS
from trainer.ink.strokes import starts_of

Control = npt.NDArray[np.float64]
"""Array of shape (n_control, 2), dtype=float64: x to the right, y down; 0 is the top of capitals,
50 of small letters, 100 the baseline, 150 the end of descenders."""

_SPACING = 3.0
"""Distance of the points along a path, in skeleton units."""

_POINT = re.compile(r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(!?)")
_HINT = (
    "A line holds a character, p, c or -, a weight, and strokes such as "
    "'0,100 40,0! 80,100 / 14,62 66,62'."
)


class Style(StrEnum):
    """Writing style of a shape: print, cursive, or either."""

    PRINT = "p"
    CURSIVE = "c"
    EITHER = "-"


@dataclass(frozen=True, eq=False)
class Skeleton:
    """One shape of one character.

    Attributes
    ----------
    character : str
    style : Style
    weight : float
        Relative frequency of the shape among those of its character.
    control : ndarray of shape (n_control, 2), dtype=float64
    control_start : ndarray of shape (n_strokes + 1,), dtype=int64
    sharp, soft : ndarrays of shape (n_points, n_control), dtype=float64
        ``sharp @ control`` is the path with corners, ``soft @ control`` without.
    point_start : ndarray of shape (n_strokes + 1,), dtype=int64
    """

    character: str
    style: Style
    weight: float
    control: Control
    control_start: npt.NDArray[np.int64]
    sharp: npt.NDArray[np.float64]
    soft: npt.NDArray[np.float64]
    point_start: npt.NDArray[np.int64]

    def path(self, control: Control, softness: float = 0.0) -> npt.NDArray[np.float64]:
        """Return the path through control points, which may be displaced.

        Parameters
        ----------
        control : ndarray of shape (n_control, 2), dtype=float64
        softness : float
            0 keeps corners, 1 rounds them.

        Returns
        -------
        ndarray of shape (n_points, 2), dtype=float64
        """
        path: npt.NDArray[np.float64] = self.sharp @ control
        if softness:
            path += softness * (self.soft @ control - path)
        return path


def load_skeletons(
    path: Path | None = None, characters: Iterable[str] = BYCLASS
) -> dict[str, tuple[Skeleton, ...]]:
    """Read the shapes of characters, by default the bundled ones.

    Parameters
    ----------
    path : Path, optional
    characters : iterable of str
        Of EMNIST ByClass; reading all of them takes an eighth of a second.

    Raises
    ------
    DatasetError
        If the file is missing, damaged, or lacks one of the characters.
    """
    path = path or resources() / "skeletons" / "latin.txt"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError("{path} cannot be read: {reason}.", "Install the program again.").format(
            path=path, reason=error
        ) from error
    shapes: dict[str, list[Skeleton]] = {character: [] for character in characters}
    others = set(BYCLASS).difference(shapes)
    for number, line in enumerate(text.splitlines(), start=1):
        if line and not line.startswith("#") and line[0] not in others:
            skeleton = _parse(line, Message("{path}, line {number}", path=path.name, number=number))
            shapes[skeleton.character].append(skeleton)
    missing = [character for character, skeletons in shapes.items() if not skeletons]
    if missing:
        raise DatasetError("{path} has no shape for {missing}.", _HINT).format(
            path=path.name, missing=" ".join(missing)
        )
    return {character: tuple(skeletons) for character, skeletons in shapes.items()}


def _parse(line: str, where: str) -> Skeleton:
    character, _, rest = line.partition(" ")
    style, _, rest = rest.strip().partition(" ")
    weight, _, strokes = rest.strip().partition(" ")
    try:
        if character not in BYCLASS:
            raise ValueError(
                Message("{character} is no character of EMNIST ByClass", character=repr(character))
            )
        skeleton = _skeleton(character, Style(style), float(weight), strokes.split("/"))
    except ValueError as error:
        raise DatasetError("Expected a shape in {place}. Received: {reason}.", _HINT).format(
            place=where, reason=error
        ) from error
    return skeleton


def _skeleton(character: str, style: Style, weight: float, strokes: list[str]) -> Skeleton:
    if not 0 < weight < np.inf:
        raise ValueError(Message("the weight {weight}", weight=weight))
    control, sharp, soft = [], [], []
    for stroke in strokes:
        points, corners = _points(stroke)
        steps = np.hypot(*np.diff(points, axis=0).T)
        if not steps.all():
            raise ValueError(
                Message("a point twice running in {stroke}", stroke=repr(stroke.strip()))
            )
        counts = np.maximum(1, np.rint(steps / _SPACING).astype(np.int64))
        control.append(points)
        sharp.append(_basis(steps, counts, corners))
        soft.append(_basis(steps, counts, np.zeros_like(corners)))
    return Skeleton(
        character,
        style,
        weight,
        np.concatenate(control),
        starts_of([len(points) for points in control]),
        _along_diagonal(sharp),
        _along_diagonal(soft),
        starts_of([len(basis) for basis in sharp]),
    )


def _points(stroke: str) -> tuple[Control, npt.NDArray[np.bool_]]:
    matches = [_POINT.fullmatch(word) for word in stroke.split()]
    points = [(float(m[1]), float(m[2])) for m in matches if m]
    if len(points) < max(2, len(matches)):
        raise ValueError(Message("the stroke {stroke}", stroke=repr(stroke.strip())))
    return np.array(points), np.array([bool(m[3]) for m in matches if m])


def _basis(
    steps: npt.NDArray[np.float64],
    counts: npt.NDArray[np.int64],
    corners: npt.NDArray[np.bool_],
) -> npt.NDArray[np.float64]:
    """Return the (sum(counts) + 1, n) map from a stroke's points to the path through them.

    `steps` (n - 1,) are the distances of the points, `counts` (n - 1,) the path's points per step.
    """
    n = len(corners)
    basis = np.zeros((int(counts.sum()) + 1, n))
    row_start = starts_of(counts.tolist())
    for first, last in _smooth_pieces(corners):
        rows = slice(row_start[first], row_start[last] + 1)
        # Centripetal parametrisation: the square root of the distances prevents overshooting.
        knots = np.concatenate([[0.0], np.cumsum(np.sqrt(steps[first:last]))])
        basis[rows] = 0.0
        basis[rows, first : last + 1] = _natural_spline(knots, counts[first:last])
    return basis


def _smooth_pieces(corners: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    inner = [index for index in np.flatnonzero(corners).tolist() if 0 < index < len(corners) - 1]
    return pairwise([0, *inner, len(corners) - 1])


def _natural_spline(
    knots: npt.NDArray[np.float64], counts: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return the (sum(counts) + 1, n_knots) linear map from values at the knots to their spline."""
    n, widths = len(knots), np.diff(knots)
    system, right = np.eye(n), np.zeros((n, n))
    for i in range(1, n - 1):
        before, after = widths[i - 1], widths[i]
        system[i, i - 1 : i + 2] = before, 2 * (before + after), after
        right[i, i - 1 : i + 2] = 6 / before, -6 / before - 6 / after, 6 / after
    curvature = np.linalg.solve(system, right)
    segment = np.append(np.repeat(np.arange(n - 1), counts), n - 2)
    part = np.append(np.concatenate([np.arange(c) / c for c in counts.tolist()]), 1.0)[:, None]
    rest = 1 - part
    values = np.eye(n)
    squared = (widths[segment] ** 2)[:, None] / 6
    spline: npt.NDArray[np.float64] = (
        rest * values[segment]
        + part * values[segment + 1]
        + squared * (rest**3 - rest) * curvature[segment]
        + squared * (part**3 - part) * curvature[segment + 1]
    )
    return spline


def _along_diagonal(blocks: list[npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
    whole = np.zeros((sum(len(b) for b in blocks), sum(b.shape[1] for b in blocks)))
    row = column = 0
    for block in blocks:
        whole[row : row + block.shape[0], column : column + block.shape[1]] = block
        row, column = row + block.shape[0], column + block.shape[1]
    return whole
