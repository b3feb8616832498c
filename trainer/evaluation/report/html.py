"""A report as one self-contained HTML page; colours of its SVG are the page's CSS variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trainer.evaluation.report.axes import Limits, round_limits, ticks
from trainer.evaluation.report.text import classes_text, coverage_at, groups_text, range_text
from trainer.files.pages import render_page

_SET_ASIDE = 0.1

_MOST_CLASSES = 100
"""Above it cells would be too small, and the page would have megabytes."""


@dataclass(frozen=True)
class _Axes:
    x_limits: Limits
    y_limits: Limits

    width, height, left, top = 420, 300, 46, 12
    right, bottom = width - top, height - 40

    def x(self, value: float) -> float:
        low, high = self.x_limits
        return self.left + (value - low) / (high - low) * (self.right - self.left)

    def y(self, value: float) -> float:
        low, high = self.y_limits
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)


def report_html(figures: dict[str, Any]) -> str:
    """Return the page of a report; texts from models and datasets are escaped.

    Parameters
    ----------
    figures : dict
        As `trainer.evaluation.report.report.Report` has them.
    """
    rest = [kept["accuracy"] for kept in figures["coverage"]]
    limits = round_limits(min(rest), max(rest))
    return render_page(
        "evaluation.html",
        **figures,
        title=f"{figures['model']} on {figures['data']}",
        of_classes=classes_text(figures),
        look_alikes=groups_text(figures),
        without_tenth=coverage_at(figures, _SET_ASIDE),
        has_matrix=len(figures["characters"]) <= _MOST_CLASSES,
        ticks=ticks,
        reliability_axes=_Axes((0.0, 1.0), (0.0, 1.0)),
        coverage_axes=_Axes((0.0, figures["coverage"][-1]["set_aside"]), limits),
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
    if taken := range_text(figures):
        parts.append(f"pixels given as {taken}")
    return parts
