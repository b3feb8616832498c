"""Ink: a drawing as strokes of points – vectors, never pixels.

Screen size, pen width and position on the canvas carry no meaning for the character, so an
`Ink` stores the points unchanged and leaves all geometry to `trainer.ink.render`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import InkError, Message
from trainer.files.records import RecordError, parse

Points = npt.NDArray[np.float32]
"""Array of shape (n_points, 2), dtype=float32: x to the right, y down, any unit."""

MAX_POINTS = 100_000
"""More than an hour of drawing yields; a longer ink is a damaged or malicious file."""

MAX_COORDINATE = 1e7
"""Larger coordinates are not plausible, and would overflow single precision when squared."""


@dataclass(frozen=True, eq=False)
class Stroke:
    """The points from pen down to pen up.

    Attributes
    ----------
    points : ndarray of shape (n_points, 2), dtype=float32
        x to the right, y down; n_points >= 1.
    pressure : ndarray of shape (n_points,), dtype=float32, or None
        From 0 (none) to 1 (full).
    time : ndarray of shape (n_points,), dtype=float32, or None
        Seconds since the first point of the ink.
    """

    points: Points
    pressure: npt.NDArray[np.float32] | None = None
    time: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False)
class Ink:
    """A drawing: strokes in drawing order."""

    strokes: tuple[Stroke, ...] = ()

    @classmethod
    def from_points(cls, strokes: Iterable[npt.ArrayLike]) -> Ink:
        """Create an ink from points alone.

        Parameters
        ----------
        strokes : iterable of array-likes of shape (n_points, 2)
            Strokes without points are dropped.

        Raises
        ------
        InkError
            If a stroke has another shape, a coordinate is not finite, or there are more than
            `MAX_POINTS` points.
        """
        made = []
        total = 0
        for number, points in enumerate(strokes, start=1):
            array = _numbers(points, Message("stroke {number}", number=number))
            if array.ndim and len(array) == 0:
                continue
            if array.ndim != 2 or array.shape[1] != 2:
                raise InkError(
                    "Expected stroke {number} as a list of [x, y] points. Received: "
                    "an array of shape {shape}.",
                    _FORMAT_HINT,
                ).format(number=number, shape=array.shape)
            total += len(array)
            _check_total(total)
            if not np.all(np.abs(array) <= MAX_COORDINATE):
                raise InkError(
                    "Expected finite coordinates within ±{largest}. Received: NaN or "
                    "a larger number in stroke {number}.",
                    "Check the program that wrote this ink.",
                ).format(largest=f"{MAX_COORDINATE:g}", number=number)
            made.append(Stroke(array))
        return cls(tuple(made))

    @classmethod
    def from_json(cls, text: str | bytes) -> Ink:
        """Read ``{"strokes": [[[x, y], …], …]}``; optional ``"pressure"`` and ``"time"``.

        Pressure and time are lists of lists, one number per point. Unknown keys are ignored.

        Raises
        ------
        InkError
            If the text is no JSON or no ink, or has more than `MAX_POINTS` points.
        """
        if len(text) > MAX_JSON_LENGTH:
            raise InkError(
                "Expected an ink of at most {most} characters. Received: {n_characters}.",
                "An ink holds one character; keep several as lines of a .jsonl file.",
            ).format(most=f"{MAX_JSON_LENGTH:,}", n_characters=f"{len(text):,}")
        try:
            record = parse(text)
        except RecordError as error:
            raise InkError(error.message, _FORMAT_HINT) from error
        return cls.from_record(record)

    @classmethod
    def from_record(cls, record: Any) -> Ink:
        """Read an ink from parsed JSON, as `to_record` returns it, or of Quick Draw.

        Quick Draw has ``{"drawing": [[[x, …], [y, …]], …]}``, with times as a third list or not.

        Raises
        ------
        InkError
            As `from_json`.
        """
        strokes = record.get("strokes") if isinstance(record, dict) else None
        if strokes is None and isinstance(record, dict) and "drawing" in record:
            return cls.from_points(_transposed(record["drawing"]))  # Quick Draw
        if not isinstance(strokes, list) or not all(isinstance(s, list) for s in strokes):
            raise InkError('Expected an object with a list "strokes".', _FORMAT_HINT)
        _check_total(sum(len(stroke) for stroke in strokes))
        bare = cls.from_points(strokes)
        kept = [index for index, stroke in enumerate(strokes) if stroke]
        pressure = _channel(record, "pressure", strokes)
        time = _channel(record, "time", strokes)
        return cls(
            tuple(
                Stroke(
                    stroke.points,
                    None if pressure is None else np.clip(pressure[index], 0.0, 1.0),
                    None if time is None else time[index],
                )
                for index, stroke in zip(kept, bare.strokes, strict=True)
            )
        )

    def to_record(self) -> dict[str, Any]:
        """Return the ink as a dictionary for `json.dumps`."""
        record: dict[str, Any] = {"strokes": [_rounded(stroke.points) for stroke in self.strokes]}
        if self.strokes and all(stroke.pressure is not None for stroke in self.strokes):
            record["pressure"] = [_rounded(stroke.pressure) for stroke in self.strokes]
        if self.strokes and all(stroke.time is not None for stroke in self.strokes):
            record["time"] = [_rounded(stroke.time) for stroke in self.strokes]
        return record

    def to_json(self) -> str:
        """Return the ink as one line of JSON that `from_json` reads."""
        return json.dumps(self.to_record(), separators=(",", ":"))

    @property
    def is_empty(self) -> bool:
        """Whether there are no strokes."""
        return not self.strokes

    @property
    def n_points(self) -> int:
        """The number of points of all strokes."""
        return sum(len(stroke.points) for stroke in self.strokes)

    def flat(self) -> tuple[Points, npt.NDArray[np.int64]]:
        """Return all points in one array, and the index at which each stroke starts.

        Returns
        -------
        points : ndarray of shape (n_points, 2), dtype=float32
        stroke_start : ndarray of shape (n_strokes + 1,), dtype=int64
            Stroke i is ``points[stroke_start[i]:stroke_start[i + 1]]``.
        """
        points = [stroke.points for stroke in self.strokes]
        starts = starts_of([len(each) for each in points])
        return np.concatenate([np.zeros((0, 2), dtype=np.float32), *points]), starts


MAX_JSON_LENGTH = 100 * MAX_POINTS

_FORMAT_HINT = 'An ink looks like {"strokes": [[[10, 12], [11, 15]], [[40, 8]]]}.'


def starts_of(lengths: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return where consecutive pieces of `lengths` start, and where the last ends."""
    starts: npt.NDArray[np.int64] = np.append(0, np.cumsum(lengths)).astype(np.int64)
    return starts


def _check_total(total: int) -> None:
    if total > MAX_POINTS:
        raise InkError(
            "Expected at most {most} points in one ink. Received: {n_points}.",
            "An ink holds one character; keep several as lines of a .jsonl file.",
        ).format(most=f"{MAX_POINTS:,}", n_points=f"{total:,}")


def _numbers(values: Any, what: str) -> npt.NDArray[np.float32]:
    try:
        array = np.asarray(values)
        if array.size and array.dtype.kind not in "iuf":
            raise ValueError(Message("values of type {dtype}", dtype=array.dtype))
        with np.errstate(over="ignore"):  # becomes infinite, which is rejected later
            return np.ascontiguousarray(array, dtype=np.float32)
    except (ValueError, TypeError, OverflowError) as error:
        raise InkError("Expected numbers in {what}. Received: {reason}.", _FORMAT_HINT).format(
            what=what, reason=error
        ) from error


def _transposed(drawing: Any) -> list[npt.NDArray[np.float32]]:
    """Return the strokes of Quick Draw, which list x and y apart, as points."""
    if not isinstance(drawing, list):
        raise InkError('Expected a list of strokes in "drawing".', _FORMAT_HINT)
    strokes = []
    for number, stroke in enumerate(drawing, start=1):
        where = Message("stroke {number}", number=number)
        axes = [_numbers(axis, where) for axis in stroke[:2]] if isinstance(stroke, list) else []
        if len(axes) < 2 or axes[0].ndim != 1 or axes[0].shape != axes[1].shape:
            raise InkError(
                "Expected as many x as y in stroke {number}.",
                "Quick Draw's strokes are like [[x, x], [y, y]].",
            ).format(number=number)
        strokes.append(np.stack(axes, axis=1))
    return strokes


def _channel(
    record: dict[str, Any], name: str, strokes: Sequence[list[Any]]
) -> list[npt.NDArray[np.float32]] | None:
    values = record.get(name)
    if values is None:
        return None
    if not isinstance(values, list) or len(values) != len(strokes):
        raise InkError('Expected one list in "{name}" for each stroke.', _FORMAT_HINT).format(
            name=name
        )
    arrays = [_numbers(value, f'"{name}"') for value in values]
    for array, stroke in zip(arrays, strokes, strict=True):
        if array.shape != (len(stroke),) or not np.all(np.isfinite(array)):
            raise InkError(
                'Expected one finite number in "{name}" for each point.', _FORMAT_HINT
            ).format(name=name)
    return arrays


def _rounded(values: npt.NDArray[np.float32] | None) -> Any:
    return [] if values is None else np.round(values.astype(np.float64), 3).tolist()
