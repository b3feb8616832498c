"""What a run is called: by the user, else by its preset, dataset, accuracy and day."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from trainer.datasets.my_samples import NAME as MY_SAMPLES
from trainer.errors import RunError
from trainer.files.records import write_json
from trainer.models.presets import PRESETS
from trainer.runs.folder import RunFolder

LABEL_NAME = "label.json"
"""Holds the user's title and note of a run."""

_LONGEST_TITLE = 80

Translate = Callable[[str], str]
"""Returns a text of the trainer in the user's language."""

MY_SAMPLES_WORDS = "my samples"
"""How the user's own samples are called behind the name of a dataset."""

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
        Content of ``config.json``, however damaged; what it lacks is left out.
    accuracy : float or None
        The best on the validation data, 0 to 1.
    day : str
        As `day_of` returns it.
    translate : callable, optional
        Returns each part as the user's language has it: words, a share ("98.7 %"), a day.
    """
    name = str(config.get("preset") or "")
    preset = translate(PRESETS[name].title) if name in PRESETS else name
    share = "" if accuracy is None else translate(f"{100 * accuracy:.1f} %")
    parts = (preset, data_title(config, translate), share, translate(day) if day else "")
    return " · ".join(filter(None, parts))


def data_title(config: Mapping[str, Any], translate: Translate = str) -> str:
    """Return what a run learns from: "mnist + my samples"."""
    extra = config.get("extra")
    added = [Path(str(each)).name for each in extra] if isinstance(extra, list | tuple) else []
    data = [Path(str(config.get("data") or "")).name]
    data += [MY_SAMPLES_WORDS if each == MY_SAMPLES else each for each in added]
    return " + ".join(translate(each) for each in data if each)


def day_of(root: Path, created: float) -> str:
    """Return the day on which a run was set up, by its folder's name, else by a file's time.

    Parameters
    ----------
    root : Path
    created : float
        Seconds since 1970; 0 if unknown.
    """
    found = _DAY.match(root.name)
    if found:
        return found.group()
    return time.strftime("%Y-%m-%d", time.localtime(created)) if created else ""


def set_label(root: Path, title: str, note: str) -> None:
    """Save the user's title and note of a run.

    Raises
    ------
    RunError
        If they cannot be written, or the run is of a newer version.
    """
    RunFolder(root).check_version()
    record = {"title": title.strip()[:_LONGEST_TITLE], "note": note}
    try:
        write_json(root / LABEL_NAME, record)
    except OSError as error:
        raise RunError("The name cannot be kept: {reason}.").format(
            reason=error.strerror or error
        ) from error
