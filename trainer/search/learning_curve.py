"""The sizes of a learning curve, and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainer.errors import ConfigError
from trainer.search.statistics import finished_accuracies, spread_of

_FIRST_SIZE = 100


def sizes_up_to(n: int) -> list[int]:
    """Return 100, 300, 1000, 3000, … below `n`, and `n` itself."""
    sizes, power = [], _FIRST_SIZE
    while power < n:
        sizes += [size for size in (power, 3 * power) if size < n]
        power *= 10
    return [*sizes, n]


def checked_sizes(given: Sequence[int], n: int) -> list[int]:
    """Return sizes in ascending order, each once.

    Raises
    ------
    ConfigError
        If one is less than 2, or more than there is.
    """
    wrong = [size for size in given if not 2 <= size <= n]
    if wrong:
        raise ConfigError(
            "Expected sizes from 2 to {most}, what is left to train on. Received: {size}.",
            "Leave it out, or use more data.",
            field="sizes",
        ).format(most=f"{n:,}", size=f"{wrong[0]:,}")
    return sorted(set(given))


def curve_points(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return ``points``: each size with ``mean`` and ``sd`` over its seeds, and how many."""
    points = []
    for size in sorted({int(run["size"]) for run in runs}):
        accuracies = finished_accuracies([run for run in runs if run["size"] == size])
        points.append({"size": size, "seeds": len(accuracies), **spread_of(accuracies)})
    return {"points": points}
