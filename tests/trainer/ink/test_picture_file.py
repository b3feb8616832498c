from __future__ import annotations

import ast
import io
import os
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT
from trainer.errors import PictureError
from trainer.ink.picture_file import (
    MAX_BYTES,
    MAX_SIDE,
    Grey,
    open_picture,
    picture_from_bytes,
)

INK = np.zeros((40, 30), dtype=np.uint8)
INK[8:32, 12:18] = 255


def _opened(picture: Image.Image, form: str = "PNG") -> Grey:
    stream = io.BytesIO()
    picture.save(stream, form)
    return picture_from_bytes(stream.getvalue())


def _png(width: int, height: int) -> bytes:
    """A PNG that declares a size; its pixels would be needed only by who decodes it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b""))


def test_pictures_are_opened_in_one_place() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for package in ("trainer", "emnist_desktop")
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _opens_a_picture(node)
    }
    assert found == {"trainer/ink/picture_file.py"}


def _opens_a_picture(call: ast.Call) -> bool:
    text = ast.unparse(call.func)
    opened = ("Image.open", "QImageReader", "QMovie", "fromData", "loadFromData")
    if text in {"QImage", "QPixmap"} and len(call.args) == 1:  # of a file, but for these
        argument = ast.unparse(call.args[0])
        return not argument.startswith(("data.imageData()", "self.size()", "QSize("))
    return text.endswith(opened)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) (w) file\n", "PostScript"),
        (b"\xc5\xd0\xd3\xc6" + bytes(30), "PostScript"),
        (b"%PDF-1.7\n", "PDF"),
        (b"8BPS\0\1" + bytes(20), "Photoshop"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    ],
)
def test_only_formats_on_the_list_are_opened(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(content)
    with pytest.raises(PictureError, match=f"scan.png is in the format {kind}, which is not read"):
        open_picture(path)


@pytest.mark.parametrize("name", ["scan.raw", "IMG_1.CR3", "a.xcf", "page.svgz"])
def test_a_format_without_a_mark_is_named_by_the_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x12\x34" * 100)
    kind = path.suffix[1:].upper()
    sentence = f"{name} is in the format {kind}, which is not read."
    with pytest.raises(PictureError, match=re.escape(sentence)) as caught:
        open_picture(path)
    assert caught.value.hint == "Save it as PNG or JPEG."


def test_postscript_is_run_by_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = tmp_path / "ran"
    for name in ("gs", "gswin64c"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\ntouch {ran}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    page = tmp_path / "page.png"
    Image.new("L", (40, 40)).save(page, "EPS")
    with pytest.raises(PictureError):
        open_picture(page)
    assert not ran.exists()


@pytest.mark.parametrize(
    ("width", "height"), [(49_000_000, 1), (1, 49_000_000), (MAX_SIDE + 1, 9), (9_000, 9_000)]
)
def test_a_picture_is_measured_before_it_is_decoded(width: int, height: int) -> None:
    with pytest.raises(PictureError, match="million"):
        picture_from_bytes(_png(width, height))


def test_a_file_is_measured_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(PictureError, match="201 MB are read"):
        open_picture(path)


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes among the files")
@pytest.mark.timeout(20)
def test_devices_pipes_and_folders_are_no_pictures(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "endless.png").symlink_to("/dev/zero")
    (tmp_path / "folder.png").mkdir()
    for name in ("pipe.png", "endless.png", "folder.png"):
        with pytest.raises(PictureError, match="cannot be read: it is no file"):
            open_picture(tmp_path / name)


@pytest.mark.parametrize("form", ["PPM", "AVIF"])
def test_more_formats_are_opened(tmp_path: Path, form: str) -> None:
    Image.fromarray(INK).save(tmp_path / "ink", form)
    opened = open_picture(tmp_path / "ink")
    assert opened.shape == INK.shape
    assert np.abs(opened.astype(int) - INK).max() < 8


_WITHOUT_AVIF = """
import sys
sys.modules["PIL._avif"] = None
import importlib.util as util
found = util.find_spec
util.find_spec = lambda name: None if name == "PIL._avif" else found(name)
from trainer.errors import PictureError
from trainer.ink.picture_file import SUFFIXES, UNREAD_SUFFIXES, picture_from_bytes
print(".avif" in SUFFIXES, ".avif" in UNREAD_SUFFIXES)
try:
    picture_from_bytes(bytes(4) + b"ftypavif" + bytes(100), "some.avif")
except PictureError as error:
    print(error.message)
"""


def test_avif_is_said_where_its_decoder_is_left_out() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_AVIF], capture_output=True, text=True, cwd=ROOT, check=True
    )
    sentence = "some.avif is in the format AVIF, which is not read."
    assert done.stdout.splitlines() == ["False True", sentence]


@pytest.mark.parametrize("bits", [1, 8, 10, 12, 14, 16])
def test_bits_in_a_deeper_picture_are_scaled(bits: int) -> None:
    levels = (INK // 255).astype(np.uint16) * (2**bits - 1)
    assert np.array_equal(_opened(Image.fromarray(levels)), INK)


def test_levels_from_0_to_1_are_scaled() -> None:
    assert np.array_equal(_opened(Image.fromarray(INK // 255)), INK)
    grey = (np.arange(1200).reshape(40, 30) % 256).astype(np.uint8)
    for values in (grey / 255, grey / 127.5 - 1, grey.astype(np.float64)):
        levels = _opened(Image.fromarray(values.astype(np.float32)), "TIFF")
        assert np.abs(levels.astype(int) - grey).max() <= 1
    broken = np.where(INK > 0, np.nan, 1).astype(np.float32)
    assert np.array_equal(_opened(Image.fromarray(broken), "TIFF"), 255 - INK)


@pytest.mark.parametrize("level", [255, 200, 140])
def test_light_ink_on_transparency_is_seen(level: int) -> None:
    ink = Image.new("RGBA", (30, 40), (0, 0, 0, 0))
    ink.paste((level, level, level, 255), mask=Image.fromarray(INK))
    assert np.array_equal(_opened(ink), (INK // 255) * level)


def test_light_paper_with_transparent_corners_stays_light() -> None:
    page = Image.new("RGBA", (30, 40), (240, 240, 240, 255))
    page.paste((0, 0, 0, 0), (0, 0, 3, 3))
    assert int(_opened(page).min()) == 240
    sticker = Image.new("RGBA", (30, 40), (0, 0, 0, 0))
    sticker.paste((250, 250, 250, 255), (10, 10, 20, 20))
    sticker.paste((20, 20, 20, 255), (14, 12, 16, 18))
    assert int(_opened(sticker)[0, 0]) == 255
