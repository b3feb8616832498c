"""The schema of a report's figures."""

from __future__ import annotations

from typing import Any, TypedDict

from trainer.files.records import Count, RecordError, Share, decode


class _Average(TypedDict):
    precision: Share
    recall: Share
    f1: Share
    support: Count


class _Class(_Average):
    character: str
    accuracy: Share
    predicted: Count
    correct: Count


class _Group(TypedDict):
    characters: list[str]
    errors: Count


class _Pair(TypedDict):
    true: str
    predicted: str
    count: Count
    of: Count
    share: Share


class _Bin(TypedDict):
    low: Share
    high: Share
    samples: Count
    confidence: Share | None
    accuracy: Share | None


class _Coverage(TypedDict):
    set_aside: Share
    samples: Count
    accuracy: Share
    least_confidence: Share


class _Figures(TypedDict):
    model: str
    data: str
    samples: Count
    writers: Count | None
    classes: Count
    accuracy: Share
    interval: tuple[Share, Share]
    accuracy_unmasked: Share
    top3: Share
    correct: Count
    incorrect: Count
    forgiving: Share
    forgiving_groups: list[_Group]
    calibration_error: Share
    characters: list[str]
    macro: _Average
    weighted: _Average
    per_class: list[_Class]
    confusion: list[list[Count]]
    most_confused: list[_Pair]
    reliability: list[_Bin]
    coverage: list[_Coverage]


def is_sound(figures: dict[str, Any]) -> bool:
    """Return whether figures match the schema and are consistent."""
    try:
        decode(_Figures, figures)
    except RecordError:
        return False
    characters = figures["characters"]
    n, names = len(characters), set(characters)
    confusion = figures["confusion"]
    return (
        n > 0
        and len(names) == n
        and [entry["character"] for entry in figures["per_class"]] == characters
        and [len(row) for row in confusion] == [n] * n
        and all({pair["true"], pair["predicted"]} <= names for pair in figures["most_confused"])
        and all(
            found["accuracy"] is not None and found["confidence"] is not None
            for found in figures["reliability"]
            if found["samples"]
        )
        and len(figures["coverage"]) > 1
    )
