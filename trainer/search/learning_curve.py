"""The sizes and the figures of a learning curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainer.errors import ConfigError
from trainer.search.experiment import finished_accuracies, mean_and_sd

_FIRST_SIZE = 100


def sizes_up_to(n: int) -> list[int]:
    """Return 100, 300, 1000, 3000, … below `n`, and `n` itself."""
    sizes, power = [], _FIRST_SIZE
    while power < n:
        sizes += [size for size in (power, 3 * power) if size < n]
        power *= 10
    return [*sizes, n]


def checked_sizes(sizes: Sequence[int], n: int) -> list[int]:
    """Return sizes in ascending order, each once.

    Raises
    ------
    ConfigError
        If one is less than 2, or more than `n`.
    """
    wrong = [size for size in sizes if not 2 <= size <= n]
    if wrong:
        raise ConfigError(
            "Expected sizes from 2 to {most}, what is left to train on. Received: {size}.",
            "Leave it out, or use more data.",
            field="sizes",
        ).format(most=f"{n:,}", size=f"{wrong[0]:,}")
    return sorted(set(sizes))


def curve_points(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return ``points``: of each size ``mean``, ``sd`` and number of its ``seeds``."""
    points = []
    for size in sorted({int(run["size"]) for run in runs}):
        accuracies = finished_accuracies([run for run in runs if run["size"] == size])
        points.append({"size": size, "seeds": len(accuracies), **mean_and_sd(accuracies)})
    return {"points": points}
