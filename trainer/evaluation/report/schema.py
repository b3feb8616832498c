"""Whether a file holds a report: the form of its figures."""

from __future__ import annotations

from typing import Any

_SHARE, _COUNT, _TEXT = float, int, str
_OPTIONAL_SHARE = (float, type(None))
_OPTIONAL_COUNT = (int, type(None))
_AVERAGE = {"precision": _SHARE, "recall": _SHARE, "f1": _SHARE, "support": _COUNT}

_FORM: dict[str, Any] = {
    "model": _TEXT,
    "data": _TEXT,
    "samples": _COUNT,
    "writers": _OPTIONAL_COUNT,
    "classes": _COUNT,
    "accuracy": _SHARE,
    "interval": [_SHARE],
    "accuracy_unmasked": _SHARE,
    "top3": _SHARE,
    "correct": _COUNT,
    "incorrect": _COUNT,
    "forgiving": _SHARE,
    "forgiving_groups": [{"characters": [_TEXT], "errors": _COUNT}],
    "calibration_error": _SHARE,
    "characters": [_TEXT],
    "macro": _AVERAGE,
    "weighted": _AVERAGE,
    "per_class": [
        {**_AVERAGE, "character": _TEXT, "accuracy": _SHARE, "predicted": _COUNT, "correct": _COUNT}
    ],
    "confusion": [[_COUNT]],
    "most_confused": [
        {"true": _TEXT, "predicted": _TEXT, "count": _COUNT, "of": _COUNT, "share": _SHARE}
    ],
    "reliability": [
        {
            "low": _SHARE,
            "high": _SHARE,
            "samples": _COUNT,
            "confidence": _OPTIONAL_SHARE,
            "accuracy": _OPTIONAL_SHARE,
        }
    ],
    "coverage": [
        {"set_aside": _SHARE, "samples": _COUNT, "accuracy": _SHARE, "least_confidence": _SHARE}
    ],
}
_LARGEST_COUNT = 1 << 53
"""Larger whole numbers are none of ours, and arrays do not hold them."""


def is_sound(figures: dict[str, Any]) -> bool:
    """Tell whether figures have the form of a report, and fit together."""
    if not _has_form(figures, _FORM):
        return False
    characters = figures["characters"]
    n, names = len(characters), set(characters)
    confusion = figures["confusion"]
    return (
        n > 0
        and len(names) == n
        and len(figures["interval"]) == 2
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


def _has_form(value: Any, form: Any) -> bool:
    if isinstance(form, dict):
        return isinstance(value, dict) and all(
            name in value and _has_form(value[name], inner) for name, inner in form.items()
        )
    if isinstance(form, list):
        return isinstance(value, list) and all(_has_form(inner, form[0]) for inner in value)
    kinds = form if isinstance(form, tuple) else (form,)
    if value is None or isinstance(value, bool):
        return value is None and type(None) in kinds
    if isinstance(value, str):
        return str in kinds
    if isinstance(value, int):
        return (int in kinds or float in kinds) and 0 <= value < _LARGEST_COUNT
    return isinstance(value, float) and float in kinds and 0.0 <= value <= 1.0
