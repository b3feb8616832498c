"""Tables as CSV whose texts no spreadsheet runs."""

from __future__ import annotations

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How spreadsheets begin what they compute instead of showing it."""

_SHORTEST = 2
"""Characters of a formula: a sign alone is shown as it is."""


def cell(value: object) -> object:
    """Return the value of a cell: an apostrophe keeps a text from being a formula.

    Numbers stay numbers; `text_of` takes the apostrophe away again.
    """
    if not isinstance(value, str) or len(value) < _SHORTEST or _is_number(value):
        return value
    is_formula = value.lstrip("'").startswith(_FORMULAS)
    return f"'{value}" if is_formula else value


def text_of(value: str) -> str:
    """Return what `cell` was given."""
    return value[1:] if value.startswith("'") and cell(value[1:]) == value else value


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return value == value.strip()
