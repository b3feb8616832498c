"""Samples of the starter set per second: generated and rendered, on one core."""

from __future__ import annotations

from time import perf_counter

from bench.table import Row
from trainer.datasets.synthetic.about import STARTER_SAMPLES
from trainer.datasets.synthetic.starter import make_starter

ROUNDS = 3
MAX_SECONDS = 20


def measure() -> list[Row]:
    making, rendering = [], []
    for seed in range(ROUNDS):
        began = perf_counter()
        splits = make_starter(seed=seed)
        made = perf_counter()
        for archive in splits.values():
            archive.render()
        making.append(STARTER_SAMPLES / (made - began))
        rendering.append(STARTER_SAMPLES / (perf_counter() - began))
    goal = f"≥ {STARTER_SAMPLES / MAX_SECONDS:,.0f}"
    return [
        Row("starter set, strokes alone", tuple(making), "samples/s", ""),
        Row("starter set, made and rendered", tuple(rendering), "samples/s", goal),
    ]
