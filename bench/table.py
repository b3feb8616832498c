"""Rows of measurements, and their table."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

_MIN_VALUES = 100
"""With fewer values there is no meaningful 99th percentile."""


@dataclass(frozen=True)
class Row:
    """A figure: median and 99th percentile of the measured values, and the goal."""

    question: str
    values: tuple[float, ...]
    unit: str
    goal: str = ""

    def cells(self) -> tuple[str, ...]:
        median, high = np.quantile(self.values, (0.5, 0.99))
        tail = f"{high:.3g}" if len(self.values) >= _MIN_VALUES else "–"
        return (
            self.question,
            f"{_figure(median)} {self.unit}",
            tail,
            str(len(self.values)),
            self.goal,
        )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def print_table(rows: Sequence[Row]) -> None:
    print(f"\n{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| question | median | 99th percentile | n | goal |")
    print("|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row.cells()) + " |")


def seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began
