"""Options and preview of an import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from trainer.ink.render import Images


class ImportChoice(StrEnum):
    """Yes, no, or automatic detection."""

    AUTO = "auto"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class ImportOptions:
    """How to read a file.

    Attributes
    ----------
    labels : Path or None
        The labels file, if it is a separate one; None to find it by name.
    transposed : ImportChoice
        Whether rows and columns of the images are swapped in the file.
    turn : int or None
        Degrees clockwise by which images are turned after that: 0, 90, 180 or 270. None to detect
        it if `transposed` is to be detected too, else 0.
    inverted : ImportChoice
        Whether ink is dark and paper light in the file.
    header : ImportChoice
        Whether a table starts with column names.
    classes : tuple of str or None
        Names of the classes, in order; None to detect them.
    resize : int or None
        Side of the square to fit the images into, preserving aspect; None for no resizing.
    split_shares : tuple of float
        Shares of training, validation and test, in %, by which samples without splits are split;
        empty to leave them together.
    """

    labels: Path | None = None
    transposed: ImportChoice | str = ImportChoice.AUTO
    turn: int | None = None
    inverted: ImportChoice | str = ImportChoice.AUTO
    header: ImportChoice | str = ImportChoice.AUTO
    classes: tuple[str, ...] | None = None
    resize: int | None = None
    split_shares: tuple[float, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A warning about the data.

    Attributes
    ----------
    kind : str
        "transposed", "unread", "inverted", "mapping", "scale", "size", "pictures".
    sentence, hint : str
    fix : ImportOptions or None
        The options that correct it; None if nothing needs correcting.
    """

    kind: str
    sentence: str
    hint: str = ""
    fix: ImportOptions | None = None


@dataclass(frozen=True, eq=False)
class ImportPreview:
    """The result of an import, before anything is stored.

    Attributes
    ----------
    format : str
        Display name of the format.
    name, title : str
        Suggestions.
    alphabet : tuple of str
    image_shape : tuple of int
        Height and width, as stored.
    counts : mapping of str to int
        Samples of each split.
    images : ndarray of shape (n, height, width), dtype=uint8
        Up to 16 samples, as stored: 0 = paper, 255 = ink, upright.
    labels : tuple of str
        Their characters.
    warnings : tuple of Finding
    options : ImportOptions
        The options used, all resolved.
    """

    format: str
    name: str
    title: str
    alphabet: tuple[str, ...]
    image_shape: tuple[int, int]
    counts: Mapping[str, int]
    images: Images
    labels: tuple[str, ...]
    warnings: tuple[Finding, ...]
    options: ImportOptions
