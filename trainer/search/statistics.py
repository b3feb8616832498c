"""Figures of several runs: means, spreads."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any


def finished_accuracies(runs: Sequence[dict[str, Any]]) -> list[float]:
    """Return the validation accuracies of the runs that are finished."""
    return [float(run["accuracy"]) for run in runs if run["state"] == "finished"]


def spread_of(values: Sequence[float]) -> dict[str, float | None]:
    """Return ``mean`` and ``sd`` (of a sample, n - 1); None where there are too few."""
    return {
        "mean": statistics.fmean(values) if values else None,
        "sd": statistics.stdev(values) if len(values) > 1 else None,
    }


def percent(value: float | None) -> str:
    """Return a share for people."""
    return "–" if value is None else f"{value:.2%}"
