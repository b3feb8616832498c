"""How much memory a forest will take, before its first tree is grown."""

from __future__ import annotations

from trainer.config import TrainingConfig
from trainer.datasets.load import load_data
from trainer.models.presets import preset
from trainer.runs.memory import available_memory, in_words

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
    if "trees" not in options or free is None:
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
