"""Names in the figures of matplotlib, which reads what is between dollar signs as TeX."""

from __future__ import annotations


def plain(name: str) -> str:
    """Return a name so that matplotlib draws it as it is."""
    return name.replace("$", r"\$")
