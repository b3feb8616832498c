"""What installed packages add by entry points: presets and importers (docs/extensions.md)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any, TypeVar

logger = logging.getLogger(__name__)

GROUP = "emnist_desktop."
"""Prefix of the groups of entry points."""

T = TypeVar("T")


def extensions(group: str, use: Callable[[str, Any], T]) -> dict[str, T]:
    """Load the entry points of a group, and use each; one that fails is left out and logged.

    Parameters
    ----------
    group : str
        "presets" or "importers".
    use : callable
        Called with the name of an entry point, and what it names.

    Returns
    -------
    dict
        What `use` returned, by name.
    """
    found: dict[str, T] = {}
    for entry in entry_points(group=GROUP + group):
        try:
            found[entry.name] = use(entry.name, entry.load())
        except Exception:  # a package that fails must not end the program
            logger.warning("%s of a package fails: %s", group, entry.value, exc_info=True)
    return found
