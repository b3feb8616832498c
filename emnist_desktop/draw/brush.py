"""Painting of strokes: smooth curves through the midpoints, as wide as the pressure."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from trainer.ink.strokes import Stroke

LIGHTEST_PRESSURE = 0.25
"""Share of the pen's width that the lightest touch of a tablet gives."""

Sample = Sequence[float]
"""x, y, pressure, …"""


def draw_stroke(painter: QPainter, stroke: Stroke, width: float, color: QColor) -> None:
    """Draw a whole stroke.

    A stroke of one width is one path; one with varying pressure is drawn piece by piece.
    """
    samples = _samples(stroke)
    if stroke.pressure is not None and float(stroke.pressure.min()) < 1.0:
        for end in range(1, len(samples) + 1):
            draw_piece(painter, samples[max(0, end - 3) : end], width, color, first=end == 2)
        draw_end(painter, samples, width, color)
        return
    path = QPainterPath(_point(samples[0]))
    for i in range(1, len(samples) - 1):
        path.quadTo(_point(samples[i]), _middle(samples[i], samples[i + 1]))
    # A path of no length would not be painted.
    path.lineTo(_point(samples[-1]) + QPointF(0.01 if len(samples) == 1 else 0.0, 0.0))
    painter.strokePath(path, _pen(width, 1.0, color))


def draw_piece(
    painter: QPainter,
    samples: Sequence[Sample],
    width: float,
    color: QColor,
    *,
    first: bool | None = None,
) -> QRect:
    """Draw what the newest sample adds to a stroke under way.

    The curve goes from the middle between the last but two and the last but one to the middle
    between that and the newest, so it runs half a step behind the pen.

    Returns
    -------
    QRect
        What must be repainted.
    """
    new = samples[-1]
    is_first = len(samples) == 2 if first is None else first
    if len(samples) == 1:
        start = middle = _point(new)
        path = QPainterPath(start)
        path.lineTo(start + QPointF(0.01, 0.0))
    else:
        bend = samples[-2]
        start = _point(bend) if is_first else _middle(samples[-3], bend)
        middle = _middle(bend, new)
        path = QPainterPath(start)
        path.quadTo(_point(bend), middle)
    painter.strokePath(path, _pen(width, new[2], color))
    return _around(path, width)


def draw_end(painter: QPainter, samples: Sequence[Sample], width: float, color: QColor) -> QRect:
    """Draw the last half step of a finished stroke, up to its last sample."""
    if len(samples) < 2:
        return QRect()
    path = QPainterPath(_middle(samples[-2], samples[-1]))
    path.lineTo(_point(samples[-1]))
    painter.strokePath(path, _pen(width, samples[-1][2], color))
    return _around(path, width)


def _samples(stroke: Stroke) -> list[list[float]]:
    pressure = [1.0] * len(stroke.points) if stroke.pressure is None else stroke.pressure.tolist()
    return [[*point, p] for point, p in zip(stroke.points.tolist(), pressure, strict=True)]


def _pen(width: float, pressure: float, color: QColor) -> QPen:
    share = LIGHTEST_PRESSURE + (1.0 - LIGHTEST_PRESSURE) * pressure
    return QPen(
        color,
        width * share,
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )


def _point(sample: Sample) -> QPointF:
    return QPointF(sample[0], sample[1])


def _middle(a: Sample, b: Sample) -> QPointF:
    return QPointF((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)


def _around(path: QPainterPath, width: float) -> QRect:
    margin = width / 2 + 2
    return path.controlPointRect().adjusted(-margin, -margin, margin, margin).toAlignedRect()
