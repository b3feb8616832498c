"""The only place that opens picture files: formats on a list, sizes limited before decoding.

Pillow also knows formats that are programs (PostScript, which it hands to Ghostscript), and
chooses by content, whatever the name of the file says.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage
from PIL import ImageOps

from trainer.errors import PictureError
from trainer.files.disk import open_regular

Grey = npt.NDArray[np.uint8]
"""Array of shape (height, width), dtype=uint8: the brightness of the picture."""

MAX_PIXELS = 50_000_000
MAX_SIDE = 20_000
"""Larger pictures are rejected before they are decoded."""

MAX_BYTES = 4 * MAX_PIXELS + 1_000_000
"""The largest picture without compression; larger files are not opened."""

HAS_AVIF = find_spec("PIL._avif") is not None
"""The executables leave its decoder out."""

SUFFIXES = frozenset(
    (
        ".png",
        ".jpg",
        ".jpeg",
        ".bmp",
        ".webp",
        ".gif",
        ".tif",
        ".tiff",
        ".pgm",
        ".ppm",
        ".pbm",
        ".pnm",
        *((".avif",) if HAS_AVIF else ()),
    )
)
"""Names of the files that may hold a picture that is read."""

PDF_SUFFIX = ".pdf"
"""Pages are drawn by `trainer.recognition.pdf_page`."""

_FORMATS = ("PNG", "JPEG", "BMP", "DIB", "WEBP", "GIF", "TIFF", "PPM", "AVIF")
"""Pillow's names."""

_HINT = "Pictures may be PNG, JPEG, BMP, WebP, GIF, TIFF or PGM."

_UNREAD = {
    b"%!": "PostScript",
    b"\xc5\xd0\xd3\xc6": "PostScript",
    b"%PDF": "PDF",
    b"8BPS": "Photoshop",
    b"<svg": "SVG",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"AT&TFORM": "DjVu",
    b"\0\0\x01\0": "ICO",
}
"""Starts of files that show something, and are not read."""

_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

UNREAD_SUFFIXES = frozenset(
    (
        *(".heic", ".heif", ".hif", ".pdf", ".ps", ".eps", ".svg", ".svgz", ".psd", ".xcf", ".jxl"),
        *(".jp2", ".djvu", ".ico", ".tga", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".raf"),
        *(".rw2", ".raw"),
        *(() if HAS_AVIF else (".avif",)),
    )
)
"""Names of files that show something, and are not read."""

_DAMAGED = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    SyntaxError,
    EOFError,
    RuntimeError,
    struct.error,
)
"""What Pillow raises for damaged files."""

_DEPTHS = (8, 10, 12, 14, 16)
"""Bits of a grey level: cameras and scanners keep 10 to 14 of them in 16."""

_HALF = 127


def open_picture(path: str | os.PathLike[str]) -> Grey:
    """Open a picture file.

    Transparent parts are white, or black behind light ink, and a camera's orientation is applied.

    Raises
    ------
    PictureError
        If it is missing, no file but a device or a pipe, no picture of a format on the list,
        damaged, or larger than `MAX_PIXELS`, `MAX_SIDE` or `MAX_BYTES`.
    """
    with _opened(Path(path)) as stream:
        return _decoded(stream, Path(path).name)


def picture_from_bytes(data: bytes, name: str = "The picture") -> Grey:
    """Decode a picture; as `open_picture`."""
    return _decoded(io.BytesIO(data), name)


def colors_of(source: Path | bytes) -> npt.NDArray[np.uint8]:
    """Return a picture of shape (height, width, 3), dtype=uint8; raises as `open_picture`."""
    opened = io.BytesIO(source) if isinstance(source, bytes) else _opened(source)
    with opened as stream, _picture(stream, "The picture") as picture:
        return np.asarray(picture.convert("RGB"))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        stream = open_regular(path, MAX_BYTES)
    except (OSError, ValueError) as error:
        raise PictureError("{path} cannot be read: {reason}.", "Check the path.").format(
            path=path.name, reason=getattr(error, "strerror", None) or error
        ) from error
    with stream:
        yield stream


def _decoded(stream: BinaryIO, name: str) -> Grey:
    with _picture(stream, name) as picture:
        return grey_of(ImageOps.exif_transpose(picture))


@contextmanager
def _picture(stream: BinaryIO, name: str) -> Iterator[PillowImage.Image]:
    """Open a picture and check its size; what decoding raises becomes a `PictureError`, too."""
    try:
        with PillowImage.open(stream, formats=_FORMATS) as picture:
            check_size(picture.width, picture.height, name)
            yield picture
    except (
        PillowImage.DecompressionBombError,
        PillowImage.DecompressionBombWarning,
        MemoryError,
    ) as error:
        raise PictureError("{name} is far too large to be read.", "Make it smaller.").format(
            name=name
        ) from error
    except _DAMAGED as error:
        raise _refused(stream, name) from error


def check_size(width: int, height: int, name: str = "The picture") -> None:
    """Raise a `PictureError` if a picture is too large, before its pixels are touched."""
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise PictureError(
            "{name} has {width}×{height} pixels; at most {most} million are read, and {side} "
            "along a side.",
            "Make it smaller first.",
        ).format(
            name=name,
            width=width,
            height=height,
            most=MAX_PIXELS // 1_000_000,
            side=f"{MAX_SIDE:,}",
        )


def _refused(stream: BinaryIO, name: str) -> PictureError:
    """Say what a file is that Pillow could not read."""
    stream.seek(0)
    start = stream.read(4096)
    found = next((kind for mark, kind in _UNREAD.items() if start.startswith(mark)), "")
    if start[4:8] == b"ftyp" and start[8:12] in _HEIF_BRANDS:
        found = "HEIC"
    elif start[4:12] == b"ftypavif" and not HAS_AVIF:
        found = "AVIF"
    elif b"<svg" in start:
        found = "SVG"
    suffix = PurePath(name).suffix.lower()
    if not found and suffix in UNREAD_SUFFIXES:  # raw pictures of cameras have no mark
        found = suffix.removeprefix(".").upper()
    if found:
        return PictureError(
            "{name} is in the format {format}, which is not read.", "Save it as PNG or JPEG."
        ).format(name=name, format=found)
    return PictureError("{name} is no picture, or is damaged.", _HINT).format(name=name)


def grey_of(picture: PillowImage.Image) -> Grey:
    """Return the brightness of an opened picture; transparent parts as `open_picture`."""
    if picture.mode.startswith("I") or picture.mode == "F":
        return _scaled(np.asarray(picture, dtype=np.float64))
    if "A" in picture.mode or "a" in picture.mode or "transparency" in picture.info:
        return _on_paper(picture.convert("RGBA"))
    grey = np.asarray(picture.convert("L"))
    return _scaled(grey.astype(np.float64)) if grey.max(initial=0) == 1 else grey


def _scaled(values: npt.NDArray[np.float64]) -> Grey:
    """Bring grey levels to 0 … 255: from -1 … 1 or 0 … 1, or from the bits that they need."""
    values = np.nan_to_num(values, posinf=0, neginf=0)
    low, high = float(values.min(initial=0)), float(values.max(initial=0))
    if -1 <= low < 0 and high <= 1:
        values = (values + 1) / 2
    full = 1 if high <= 1 else next((2**n - 1 for n in _DEPTHS if high < 2**n), high)
    return np.clip(values * (255.0 / full) + 0.5, 0, 255).astype(np.uint8)


def _on_paper(picture: PillowImage.Image) -> Grey:
    """Lay a transparent picture on white; on black if its ink is light, and would not be seen."""
    on_white = _laid_on("white", picture)
    is_light = on_white.min(initial=255) > _HALF
    is_clear = np.asarray(picture.getchannel("A")).mean() < _HALF
    return _laid_on("black", picture) if is_light and is_clear else on_white


def _laid_on(paper: str, picture: PillowImage.Image) -> Grey:
    sheet = PillowImage.new("RGBA", picture.size, paper)
    return np.asarray(PillowImage.alpha_composite(sheet, picture).convert("L"))
