"""What may be chosen for an import, and what a look at the data found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from trainer.ink.render import Images


class ImportChoice(StrEnum):
    """An answer, or leave to find it out."""

    AUTO = "auto"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class ImportOptions:
    """How a file is to be read.

    Attributes
    ----------
    labels : Path or None
        The file with the labels, where it is another one; None to look for it.
    transposed : ImportChoice
        Whether rows and columns of the images are swapped in the file.
    inverted : ImportChoice
        Whether ink is dark and paper light in the file.
    header : ImportChoice
        Whether a table begins with the names of its columns.
    classes : tuple of str or None
        Names for the classes, in their order; None for those found.
    resize : int or None
        Side of the square to bring the images to, their aspect kept; None for their own size.
    """

    labels: Path | None = None
    transposed: ImportChoice | str = ImportChoice.AUTO
    inverted: ImportChoice | str = ImportChoice.AUTO
    header: ImportChoice | str = ImportChoice.AUTO
    classes: tuple[str, ...] | None = None
    resize: int | None = None


@dataclass(frozen=True)
class Finding:
    """Something about the data that the user should know.

    Attributes
    ----------
    kind : str
        "transposed", "inverted", "mapping", "size", "pictures".
    sentence, hint : str
    fix : ImportOptions or None
        The options that mend it; None where there is nothing to mend.
    """

    kind: str
    sentence: str
    hint: str = ""
    fix: ImportOptions | None = None


@dataclass(frozen=True, eq=False)
class ImportPreview:
    """What an import would store.

    Attributes
    ----------
    format : str
        In words.
    name, title : str
        Suggestions.
    alphabet : tuple of str
    image_shape : tuple of int
        Height and width, as they would be stored.
    counts : mapping of str to int
        Samples of each split.
    images : ndarray of shape (n, height, width), dtype=uint8
        Up to 16 samples as they would be stored: 0 = paper, 255 = ink, upright.
    labels : tuple of str
        Their characters.
    warnings : tuple of Finding
    options : ImportOptions
        Those used, with nothing left to find out.
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
