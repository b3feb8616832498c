"""What killed programs left unfinished in a profile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from trainer.files.paths import TEMPORARY_NAME, Profile

_UNFINISHED_DATASETS = ".*.writing"
_UNFINISHED = (
    "runs/.importing-*",
    "runs/*/.*.writing",
    "runs/*/checkpoints/.writing",
    f"runs/*/{TEMPORARY_NAME}",
    ".*.tmp",
    "*/.*.tmp",
    "*/*/.*.tmp",
)

_QUIET_SECONDS = 3600
"""Time without a change after which nobody is at work on something any more."""


def leftovers(profile: Profile) -> Iterator[Path]:
    """Yield unfinished files and folders whose writer has ended.

    That is: the process that their name has is gone, or nothing has changed for an hour.
    """
    found = [profile.root.glob(pattern) for pattern in _UNFINISHED]
    for path in chain(profile.datasets.glob(_UNFINISHED_DATASETS), *found):
        with suppress(OSError):  # it is being finished, or removed
            if _is_abandoned(path):
                yield path


def _is_abandoned(path: Path) -> bool:
    import psutil  # not at the start of the window

    *_, owner, ending = path.name.split(".")
    if ending == "tmp" and owner.isdecimal() and not psutil.pid_exists(int(owner)):
        return True
    changed = max(each.stat().st_mtime for each in (path, *path.rglob("*")))
    return time.time() - changed > _QUIET_SECONDS
