"""What a run is called until the user gives it a name."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from trainer.datasets.my_samples import NAME as MY_SAMPLES
from trainer.models.presets import PRESETS

Translate = Callable[[str], str]
"""Returns a text of the trainer in the user's language."""

MY_SAMPLES_WORDS = "my samples"
"""How the user's own samples stand behind the name of a dataset."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=-|$)")


def default_title(
    config: Mapping[str, Any],
    accuracy: float | None,
    day: str,
    translate: Translate = str,
) -> str:
    """Return preset, dataset, accuracy and day: "LeNet-5 · mnist · 98.7 % · 2026-11-28".

    Parameters
    ----------
    config : mapping
        What ``config.json`` holds, in whatever state it is; what it lacks is left out.
    accuracy : float or None
        The best on the validation data, 0 to 1.
    day : str
        As `day_of` returns it.
    translate : callable, optional
    """
    name = str(config.get("preset") or "")
    preset = translate(PRESETS[name].title) if name in PRESETS else name
    extra = config.get("extra")
    added = [Path(str(each)).name for each in extra] if isinstance(extra, list | tuple) else []
    data = [Path(str(config.get("data") or "")).name]
    data += [translate(MY_SAMPLES_WORDS) if each == MY_SAMPLES else each for each in added]
    share = "" if accuracy is None else f"{100 * accuracy:.1f} %"
    parts = (preset, " + ".join(filter(None, data)), share, day)
    return " · ".join(filter(None, parts))


def day_of(root: Path, created: float) -> str:
    """Return the day on which a run was set up: its folder's name says it, else its file's time.

    Parameters
    ----------
    root : Path
    created : float
        Seconds since 1970; 0 where it is not known.
    """
    found = _DAY.match(root.name)
    if found:
        return found.group()
    return time.strftime("%Y-%m-%d", time.localtime(created)) if created else ""
