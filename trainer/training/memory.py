"""How much memory the computer has left."""

from __future__ import annotations

from trainer.config.training_config import TrainingConfig
from trainer.datasets.load import load_data
from trainer.models.presets import preset


def available_memory() -> int:
    """Return the bytes that can be had without swapping."""
    import psutil

    return int(psutil.virtual_memory().available)


def in_words(n_bytes: float) -> str:
    """Return a size for people: "1.4 GB"."""
    for unit in ("bytes", "kB", "MB"):
        if n_bytes < 1000:
            return f"{n_bytes:.0f} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} GB"


_NODES_PER_SAMPLE = 0.4
"""Of a deep tree on characters: 14.23 GB for 250 trees on 338,400 samples of 47 classes."""

_NODE_BYTES = 64
_CLASS_BYTES = 8
"""A node of scikit-learn's trees, and the share of each class beside it."""

_SHARE_OF_MEMORY = 0.8


def forest_bytes(samples: int, classes: int, trees: int) -> float:
    """Return about how much memory the trees of a forest take."""
    return trees * samples * _NODES_PER_SAMPLE * (_NODE_BYTES + _CLASS_BYTES * classes)


def memory_warning(config: TrainingConfig) -> str:
    """Return a sentence if a forest will probably outgrow the memory; else an empty text.

    It is no refusal: the training itself ends with fewer trees before memory runs out.
    """
    options = preset(config.preset).option_values(config.preset_options)
    free = available_memory()
    if "trees" not in options:
        return ""
    data = load_data(config.data, "train")
    samples = min(len(data), config.limit or len(data)) * (1 + int(options.get("copies", 0)))
    needed = forest_bytes(samples, len(data.alphabet), int(options["trees"]))
    if needed <= free * _SHARE_OF_MEMORY:
        return ""
    return (
        f"The forest will take about {in_words(needed)} of memory, {in_words(free)} are free: "
        "it is ended with fewer trees before memory runs out."
    )
