"""A report as one self-contained HTML page; colours of its SVG are the page's CSS variables."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from trainer.evaluation.report.axes import Limits, round_limits, ticks
from trainer.evaluation.report.text import coverage_at, groups_text
from trainer.files.pages import render_page

_SET_ASIDE = 0.1

_CELL = 14
_EDGE = 26
_MOST_CLASSES = 100
"""Above it cells would be too small, and the page would have megabytes."""

_FAINTEST = 0.08
"""Opacity of a cell with a single error."""

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 420, 300, 46, 40, 12
_LONGEST_NAME = 3
"""Characters of a class's name beside the matrix; longer ones are cut."""


def report_html(figures: dict[str, Any]) -> str:
    """Return the page of a report; texts from models and datasets are escaped.

    Parameters
    ----------
    figures : dict
        As `trainer.evaluation.report.report.Report` has them.
    """
    return render_page(
        "evaluation.html",
        **figures,
        title=f"{figures['model']} on {figures['data']}",
        look_alikes=groups_text(figures),
        without_tenth=coverage_at(figures, _SET_ASIDE),
        matrix_drawing=_confusion_svg(figures["confusion"], figures["characters"]),
        reliability_drawing=_reliability_svg(figures["reliability"]),
        coverage_drawing=_coverage_svg(figures["coverage"]),
        footer=_footer(figures),
    )


def _footer(figures: dict[str, Any]) -> list[str]:
    parts = [f"Made on {figures['made']}"] if "made" in figures else []
    if figures.get("parameters"):
        parts.append(f"{figures['parameters']:,} parameters")
    if "size_bytes" in figures:
        parts.append(f"{figures['size_bytes'] / 1e6:,.1f} MB")
    if "microseconds_per_image" in figures:
        parts.append(f"{figures['microseconds_per_image']:,.0f} µs per image")
    return parts


def _confusion_svg(counts: Sequence[Sequence[int]], characters: Sequence[str]) -> str:
    """Return the confusion matrix, each row in shares of its true class; empty if too large."""
    n = len(characters)
    if n > _MOST_CLASSES:
        return ""
    size = _EDGE + n * _CELL
    parts = [
        f'<svg class="matrix" viewBox="0 0 {size + 2} {size + 2}" role="img" '
        'aria-label="Confusion matrix: rows true, columns predicted">',
        f'<rect class="frame" x="{_EDGE}" y="{_EDGE}" width="{n * _CELL}" height="{n * _CELL}"/>',
    ]
    for index, character in enumerate(characters):
        middle = _EDGE + (index + 0.5) * _CELL
        is_long = len(character) > _LONGEST_NAME
        text = escape(f"{character[: _LONGEST_NAME - 1]}…" if is_long else character)
        parts.append(f'<text x="{middle}" y="{_EDGE - 6}" class="middle">{text}</text>')
        parts.append(f'<text x="{_EDGE - 6}" y="{middle + 3.5}" class="end">{text}</text>')
    for true, row in enumerate(counts):
        total = sum(row)
        parts += [
            _cell(true, predicted, count, total, characters)
            for predicted, count in enumerate(row)
            if count
        ]
    return "".join([*parts, "</svg>"])


def _cell(true: int, predicted: int, count: int, total: int, characters: Sequence[str]) -> str:
    share = count / total
    is_right = true == predicted
    opacity = share if is_right else _FAINTEST + (1 - _FAINTEST) * share**0.5
    name, other = escape(characters[true]), escape(characters[predicted])
    words = f"{name} read right" if is_right else f"true {name}, predicted {other}"
    x, y = _EDGE + predicted * _CELL, _EDGE + true * _CELL
    return (
        f'<rect class="{"right" if is_right else "wrong"}" x="{x}" y="{y}" '
        f'width="{_CELL}" height="{_CELL}" fill-opacity="{opacity:.2f}">'
        f"<title>{words}: {count:,} of {total:,} ({share:.1%})</title></rect>"
    )


def _reliability_svg(bins: Sequence[dict[str, Any]]) -> str:
    axes = _Axes((0.0, 1.0), (0.0, 1.0))
    parts = [
        axes.begin("Reliability diagram"),
        axes.line([(0, 0), (1, 1)], "ideal"),
    ]
    for found in bins:
        if not found["samples"]:
            continue
        left, right = axes.x(found["low"]) + 1, axes.x(found["high"]) - 1
        top = axes.y(found["accuracy"])
        words = (
            f"{found['samples']:,} answers with a confidence of {found['low']:.0%} to "
            f"{found['high']:.0%}: mean {found['confidence']:.1%}, right {found['accuracy']:.1%}"
        )
        parts.append(
            f'<rect class="bar" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
            f'height="{axes.y(0) - top:.1f}"><title>{words}</title></rect>'
        )
    return "".join([*parts, axes.end("confidence", "share that is right")])


def _coverage_svg(curve: Sequence[dict[str, Any]]) -> str:
    """Return the accuracy of the rest against the share that is set aside."""
    values = [kept["accuracy"] for kept in curve]
    axes = _Axes((0.0, curve[-1]["set_aside"]), round_limits(min(values), max(values)))
    line = axes.line([(kept["set_aside"], kept["accuracy"]) for kept in curve], "curve")
    return (
        axes.begin("Accuracy when the least sure are set aside")
        + line
        + axes.end("least sure set aside", "accuracy of the rest")
    )


class _Axes:
    def __init__(self, x: Limits, y: Limits) -> None:
        self._x, self._y = x, y

    def x(self, value: float) -> float:
        low, high = self._x
        return _LEFT + (value - low) / (high - low) * (_WIDTH - _LEFT - _TOP)

    def y(self, value: float) -> float:
        low, high = self._y
        return _HEIGHT - _BOTTOM - (value - low) / (high - low) * (_HEIGHT - _BOTTOM - _TOP)

    def begin(self, title: str) -> str:
        parts = [
            f'<svg class="plot" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}">'
        ]
        for value, name in ticks(*self._x):
            at = f"{self.x(value):.1f}"
            parts += [
                f'<line class="grid" x1="{at}" x2="{at}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"/>',
                f'<text class="middle" x="{at}" y="{_HEIGHT - 24}">{name}</text>',
            ]
        for value, name in ticks(*self._y):
            at = f"{self.y(value):.1f}"
            parts += [
                f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _TOP}" y1="{at}" y2="{at}"/>',
                f'<text class="end" x="{_LEFT - 5}" y="{self.y(value) + 4:.1f}">{name}</text>',
            ]
        return "".join(parts)

    def line(self, points: Sequence[tuple[float, float]], kind: str) -> str:
        positions = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        return f'<polyline class="{kind}" points="{positions}"/>'

    def end(self, x_title: str, y_title: str) -> str:
        middle = (_HEIGHT - _BOTTOM + _TOP) / 2
        return (
            f'<text class="middle" x="{(_WIDTH + _LEFT) / 2}" y="{_HEIGHT - 6}">{x_title}, %</text>'
            f'<text class="middle" transform="translate(11 {middle}) rotate(-90)">'
            f"{y_title}, %</text></svg>"
        )
