"""What killed programs left unfinished in a profile, and in the system's temporary folder."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from trainer.files.paths import APPLICATION_NAME, TEMPORARY_NAME, Profile

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

_TEMPORARY = f"{APPLICATION_NAME}.*.tmp"
"""Of `trainer.files.paths.temporary_folder`."""

_QUIET_SECONDS = 3600
"""Time without a change after which nobody is at work on something any more."""


def leftovers(profile: Profile) -> Iterator[Path]:
    """Yield unfinished files and folders whose writer has ended.

    That is: the process that their name has is gone, or nothing has changed for an hour.
    """
    found = [profile.root.glob(pattern) for pattern in _UNFINISHED]
    found.append(profile.datasets.glob(_UNFINISHED_DATASETS))
    found.append(Path(tempfile.gettempdir()).glob(_TEMPORARY))
    for path in chain(*found):
        with suppress(OSError):  # it is being finished, removed, or another user's
            if os.access(path, os.W_OK) and _is_abandoned(path):
                yield path


def _is_abandoned(path: Path) -> bool:
    import psutil  # not at the start of the window

    *_, owner, ending = path.name.split(".")
    if ending == "tmp" and owner.isdecimal() and not psutil.pid_exists(int(owner)):
        return True
    changed = max(each.stat().st_mtime for each in (path, *path.rglob("*")))
    return time.time() - changed > _QUIET_SECONDS
