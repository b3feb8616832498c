"""Pages of PDF files as pictures, drawn by PDFium in a child process with limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from trainer.errors import PictureError
from trainer.files.disk import open_regular
from trainer.files.paths import temporary_folder
from trainer.ink.picture_file import MAX_BYTES, Grey
from trainer.processes.launch import missing_hint
from trainer.processes.sandbox import limit_this_process, out_of_memory, read_sandboxed

_DOTS_PER_INCH: Final = 200.0
_POINTS_PER_INCH: Final = 72.0
_LONGEST: Final = 4000
"""Pixels of a page along a side at most; larger ones are drawn with fewer dots."""

_SECONDS: Final = 20.0
"""Of processor time for a page, besides those for the size of the file."""

_BEYOND: Final = 1 << 29
"""Bytes of memory that the imports, and the picture of a page, take."""

_HINT = "Save the page as PNG or JPEG."
_MAGIC: Final = b"%PDF-"
_WITHIN: Final = 1024
"""Readers allow so many bytes before the start."""


@dataclass(frozen=True, eq=False)
class PdfPage:
    """A page of a PDF.

    Attributes
    ----------
    picture : ndarray of shape (height, width), dtype=uint8
        Its brightness, at 200 dots per inch.
    number : int
        From 1.
    n_pages : int
    """

    picture: Grey
    number: int
    n_pages: int


def is_pdf(path: Path) -> bool:
    """Whether a file begins as a PDF; one that cannot be read does not."""
    try:
        with open_regular(path) as stream:
            return _MAGIC in stream.read(_WITHIN)
    except (OSError, ValueError):
        return False


def open_page(path: Path, number: int = 1, check: Callable[[], None] | None = None) -> PdfPage:
    """Draw a page.

    Parameters
    ----------
    path : Path
    number : int
        From 1.
    check : callable, optional
        Raises to cancel.

    Raises
    ------
    PictureError
        If the file is damaged, locked with a password or too large, if it has no such page, or if
        pypdfium2 is not installed.
    """
    with temporary_folder() as name:
        target = Path(name) / "page.npz"
        command = ["pdf-page", str(path), str(target), "--page", str(number)]
        read_sandboxed(command, path, PictureError, _HINT, check)
        with np.load(target, allow_pickle=False) as found:
            return PdfPage(found["picture"], number, int(found["n_pages"]))


def draw_page(path: Path, number: int, target: Path) -> None:
    """Draw a page into an ``.npz``, in a child process; see `open_page`."""
    try:
        import pypdfium2
        from pypdfium2.raw import FPDF_ERR_PASSWORD
    except ImportError as error:
        raise PictureError(
            "{path} is a PDF. Reading it needs a package that is not installed: {package}.",
            missing_hint("pdf"),
        ).format(path=path.name, package=error.name) from error
    try:
        if not is_pdf(path):
            raise PictureError("{path} is no PDF.", "Choose a PDF.").format(path=path.name)
        if path.stat().st_size > MAX_BYTES:
            raise PictureError("{path} is too large to be read.", _HINT).format(path=path.name)
        limit_this_process(path, _SECONDS, beyond=_BEYOND)
        document = pypdfium2.PdfDocument(path)
        n_pages = len(document)
        if not 1 <= number <= n_pages:
            raise PictureError(
                "{path} has {n_pages} pages. There is no page {number}.", "Choose another page."
            ).format(path=path.name, n_pages=n_pages, number=number)
        page = document[number - 1]
        scale = min(_DOTS_PER_INCH / _POINTS_PER_INCH, _LONGEST / max(page.get_size()))
        picture = page.render(scale=scale, grayscale=True).to_numpy()
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == FPDF_ERR_PASSWORD:
            raise PictureError(
                "{path} is locked with a password.", "Save it without one, or as PNG or JPEG."
            ).format(path=path.name) from error
        raise PictureError("{path} is damaged.", _HINT).format(path=path.name) from error
    except MemoryError as error:
        raise PictureError(out_of_memory(path), _HINT) from error
    except (OSError, ArithmeticError, ValueError) as error:
        raise PictureError("{path} cannot be read: {reason}.", _HINT).format(
            path=path.name, reason=getattr(error, "strerror", None) or error
        ) from error
    np.savez(target, picture=picture.reshape(picture.shape[:2]), n_pages=n_pages)
