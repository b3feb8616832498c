"""The settings of the window: one frozen entry for each, stored in any `QSettings`."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QByteArray, QSettings

logger = logging.getLogger(__name__)

T = TypeVar("T", str, float, QByteArray)


class Theme(StrEnum):
    """Theme of the window; ``SYSTEM`` follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Language(StrEnum):
    """Language of the window; ``SYSTEM`` is the desktop's, where there is a translation."""

    SYSTEM = "system"
    ENGLISH = "en"
    GERMAN = "de"


@dataclass(frozen=True)
class SettingEntry(Generic[T]):
    """One setting: its key and its default."""

    key: str
    default: T


GEOMETRY = SettingEntry("window/geometry", QByteArray())
THEME = SettingEntry("window/theme", Theme.SYSTEM.value)
LANGUAGE = SettingEntry("window/language", Language.SYSTEM.value)
DEVICE = SettingEntry("training/device", "auto")
"""What new runs train on: "auto", "cpu" or "gpu"."""
PEN_WIDTH = SettingEntry("draw/pen_width", 14.0)
MIN_PEN_WIDTH, MAX_PEN_WIDTH = 2.0, 40.0
"""In pixels of the screen."""
LINE_PEN_WIDTH = SettingEntry("draw/line_pen_width", 4.0)
MODE = SettingEntry("draw/mode", "character")
"""What is written: a "character" or a "line"."""
LINE_LANGUAGE = SettingEntry("draw/line_language", "both")
GUIDES = SettingEntry("draw/guides", "yes")
"""Whether lines show where to write: "yes" or "no"."""
HISTORY = SettingEntry("draw/history", "yes")
"""Whether written lines are kept in the history: "yes" or "no"."""
COPY_AS_WRITTEN = SettingEntry("draw/copy_as_written", "no")
"""Whether the text of a line goes to the clipboard as it is written: "yes" or "no"."""
CHARACTER_SET = SettingEntry("draw/alphabet", "cased")
"""A `trainer.ink.alphabet.CharacterSet`, which is not imported: it loads numpy."""
BUNDLE = SettingEntry("draw/bundle", "")
"""Folder of the recogniser in use; empty for the bundled one."""
OWN_SAMPLES = SettingEntry("draw/own_samples", "yes")
"""Whether the user's own samples have a say: "yes" or "no"."""
COLLECT_PAUSE = SettingEntry("collect/pause", 0.8)
"""Seconds without the pen after which the next character is asked for; 0 for never."""
FILE_FOLDER = SettingEntry("window/file_folder", "")
"""Where the next dialog for a file starts; empty for the documents."""

FORMAT = 1
"""Of the settings; grows when an older program could misread them."""

_FORMAT_KEY = "format"


class Settings:
    """Reads and writes entries; a value of the wrong type counts as not set.

    Settings that a newer version of the program has written are left as they are: the window
    starts from the defaults, and what is changed is forgotten when it closes.

    Attributes
    ----------
    are_newer : bool
        Whether a newer version has written them.
    """

    def __init__(self, store: QSettings) -> None:
        self._store = store
        _free(Path(f"{store.fileName()}.lock"))
        self._unkept: dict[str, str | float | QByteArray] = {}
        found = store.value(_FORMAT_KEY, FORMAT)
        self.are_newer = isinstance(found, str | int) and _number(found, FORMAT) > FORMAT

    def get(self, entry: SettingEntry[T]) -> T:
        """Return the value of a setting, or its default."""
        value = self._unkept.get(entry.key) if self.are_newer else self._store.value(entry.key)
        wanted = type(entry.default)
        if wanted is float and isinstance(value, str | float):
            return wanted(_number(value, float(str(entry.default))))
        return value if isinstance(value, wanted) else entry.default

    def set(self, entry: SettingEntry[T], value: T) -> None:
        """Change a setting; it is on the disk after the next `save`."""
        if self.are_newer:
            self._unkept[entry.key] = value
        else:
            self._store.setValue(entry.key, value)

    def save(self) -> None:
        """Write everything to the disk."""
        if self.are_newer:
            return
        self._store.setValue(_FORMAT_KEY, FORMAT)
        self._store.sync()
        if self._store.status() != QSettings.Status.NoError:
            logger.warning("The settings cannot be kept in %s", self._store.fileName())

    def theme(self) -> Theme:
        """Return the theme that was chosen; an unknown one counts as not set."""
        name = self.get(THEME)
        return Theme(name) if name in set(Theme) else Theme.SYSTEM

    def language(self) -> Language:
        """Return the language that was chosen; an unknown one counts as not set."""
        name = self.get(LANGUAGE)
        return Language(name) if name in set(Language) else Language.SYSTEM


def _free(lock: Path) -> None:
    """Remove a lock that a killed window could not sign: Qt would wait half a minute for it."""
    try:
        if lock.stat().st_size == 0:
            lock.unlink()
    except OSError:
        return  # there is none


def _number(value: str | float, default: float) -> float:
    try:
        number = float(value)
    except ValueError:
        return default
    return number if math.isfinite(number) else default
