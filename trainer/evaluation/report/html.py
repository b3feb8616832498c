"""A report as one page that needs nothing else: no network, no other file."""

from __future__ import annotations

from typing import Any

from trainer.evaluation.report.svg import confusion_svg, coverage_svg, reliability_svg
from trainer.evaluation.report.text import groups_text, kept_at
from trainer.files.pages import render_page

_SET_ASIDE = 0.1


def report_html(figures: dict[str, Any]) -> str:
    """Return a page for the figures of `trainer.evaluation.report.Report`.

    Every text that comes from a model or a dataset is escaped.
    """
    return render_page(
        "evaluation.html",
        **figures,
        title=f"{figures['model']} on {figures['data']}",
        look_alikes=groups_text(figures),
        without_tenth=kept_at(figures, _SET_ASIDE),
        matrix_drawing=confusion_svg(figures["confusion"], figures["characters"]),
        reliability_drawing=reliability_svg(figures["reliability"]),
        coverage_drawing=coverage_svg(figures["coverage"]),
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
