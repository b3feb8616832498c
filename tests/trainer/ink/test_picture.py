from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from trainer.errors import PictureError
from trainer.ink.picture import find_characters, single_character
from trainer.ink.picture_file import Grey, open_picture, picture_from_bytes

GLYPHS = {
    "7": [[(0, 0), (60, 0), (20, 100)]],
    "L": [[(0, 0), (0, 100), (60, 100)]],
    "i": [[(0, 45), (0, 100)], [(0, 8), (1, 12)]],
    "T": [[(0, 0), (70, 0)], [(35, 0), (35, 100)]],
    "broken": [[(0, 0), (0, 44)], [(0, 58), (0, 100), (50, 100)]],
    "=": [[(0, 30), (60, 30)], [(0, 44), (60, 44)]],
}


def _page(*places: tuple[str, int, int], size: tuple[int, int] = (640, 400)) -> Image.Image:
    picture = Image.new("L", size, 245)
    draw = ImageDraw.Draw(picture)
    for name, x, y in places:
        for stroke in GLYPHS[name]:
            draw.line([(x + a, y + b) for a, b in stroke], fill=30, width=9, joint="curve")
    return picture


LINE = _page(("7", 40, 60), ("L", 160, 60), ("T", 280, 60))


def _array(picture: Image.Image) -> Grey:
    return np.asarray(picture.convert("L"))


def _noisy(grey: Grey, deviation: float) -> Grey:
    noise = np.random.default_rng(0).normal(0, deviation, grey.shape)
    return np.clip(grey + noise, 0, 255).astype(np.uint8)


def _shaded(grey: Grey, low: float = 0.45) -> Grey:
    return (grey * np.linspace(low, 1.0, grey.shape[1])).astype(np.uint8)


@pytest.mark.parametrize(
    "page",
    [
        _array(LINE),
        255 - _array(LINE),
        _shaded(_array(LINE)),
        255 - _shaded(_array(LINE)),
        _noisy(_array(LINE), 12),
        _noisy(_shaded(_array(LINE)), 8),
        _array(LINE.resize((2560, 1600))),
        _array(LINE.resize((320, 200))),
        (_array(LINE) * 0.3 + 150).astype(np.uint8),
    ],
    ids=["plain", "dark", "shaded", "shaded-dark", "noisy", "photo", "large", "small", "faint"],
)
def test_three_characters_are_found_whatever_the_page(page: Grey) -> None:
    found = find_characters(page)
    assert len(found) == 3
    assert [character.box[0] for character in found] == sorted(c.box[0] for c in found)
    clean = find_characters(_array(LINE))
    for character, expected in zip(found, clean, strict=True):
        assert character.image.shape == (28, 28)
        overlap = np.minimum(character.image, expected.image).sum() / expected.image.sum()
        assert overlap > 0.8


def test_boxes_are_in_pixels_of_the_picture() -> None:
    large = _array(LINE.resize((2560, 1600)))
    x, y, width, height = find_characters(large)[1].box
    assert (x, y) == (pytest.approx(4 * 156, abs=10), pytest.approx(4 * 60, abs=10))
    assert (width, height) == (pytest.approx(4 * 66, abs=16), pytest.approx(4 * 105, abs=16))


def test_lines_are_read_one_after_the_other_even_when_they_slant() -> None:
    places = [(name, 40 + 100 * i, 30 + 12 * i) for i, name in enumerate(["7", "L", "T", "7"])]
    places += [(name, 40 + 100 * i, 220 + 12 * i) for i, name in enumerate(["L", "L", "7"])]
    boxes = [c.box for c in find_characters(_array(_page(*places)))]
    assert [round((x - 40) / 100) for x, *_ in boxes] == [0, 1, 2, 3, 0, 1, 2]
    assert all(y < 190 for _, y, *_ in boxes[:4])


@pytest.mark.parametrize("name", ["i", "broken", "=", "T"])
def test_pieces_of_one_character_stay_together(name: str) -> None:
    found = find_characters(_array(_page(("L", 40, 60), (name, 200, 60), ("7", 330, 60))))
    assert len(found) == 3


@pytest.mark.parametrize(
    "page",
    [
        np.full((200, 300), 255, dtype=np.uint8),
        np.zeros((200, 300), dtype=np.uint8),
        np.tile(np.linspace(90, 250, 300), (200, 1)).astype(np.uint8),
        _noisy(np.full((200, 300), 200, dtype=np.uint8), 12),
        _noisy(np.tile(np.linspace(90, 250, 300), (200, 1)).astype(np.uint8), 8),
        np.full((1, 1), 7, dtype=np.uint8),
        np.full((28, 28), 0, dtype=np.uint8),
    ],
    ids=["white", "black", "gradient", "noise", "noisy-gradient", "pixel", "blank-sample"],
)
def test_a_blank_page_has_no_characters(page: Grey) -> None:
    assert find_characters(page) == []
    assert single_character(page) is None


def test_dirt_and_ruled_lines_are_no_characters() -> None:
    picture = LINE.copy()
    draw = ImageDraw.Draw(picture)
    for x, y in ((20, 300), (400, 350), (600, 20)):
        draw.point((x, y), fill=0)
    draw.line([(0, 330), (640, 330)], fill=90, width=2)
    assert len(find_characters(_array(picture))) == 3


def test_a_sample_of_a_dataset_is_one_character_in_either_polarity() -> None:
    sample = find_characters(_array(LINE))[0].image
    for page in (sample, 255 - sample):
        (found,) = find_characters(page)
        assert np.abs(found.image.astype(int) - sample).mean() < 12


def test_a_whole_picture_can_be_one_character() -> None:
    found = single_character(_array(_page(("7", 40, 60), ("L", 300, 60))))
    assert found is not None
    assert found.box[2] > 300


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "WEBP", "GIF", "TIFF"])
def test_every_format_is_opened(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"page.{form.lower()}"
    LINE.save(path, form, **({"quality": 40} if form in {"JPEG", "WEBP"} else {}))
    assert len(find_characters(open_picture(path))) == 3


def test_modes_become_grey() -> None:
    def opened(picture: Image.Image, **options: object) -> Grey:
        stream = io.BytesIO()
        picture.save(stream, "PNG", **options)
        return picture_from_bytes(stream.getvalue())

    clear = Image.new("RGBA", (640, 400), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=LINE.point([255 - v for v in range(256)]))
    assert len(find_characters(opened(clear))) == 3
    deep = Image.fromarray(_array(LINE).astype(np.uint16) * 257)
    assert np.array_equal(opened(deep), _array(LINE))
    assert len(find_characters(opened(LINE.convert("P")))) == 3
    assert len(find_characters(opened(LINE.convert("1")))) == 3
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the camera on its side
    stream = io.BytesIO()
    LINE.rotate(90, expand=True).save(stream, "JPEG", exif=exif)
    turned = picture_from_bytes(stream.getvalue())
    assert turned.shape == (400, 640)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="cannot be read"):
        open_picture(tmp_path / "missing.png")
    stream = io.BytesIO()
    LINE.save(stream, "PNG")
    for content in (b"", b"<html>", stream.getvalue()[:300], b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(PictureError):
            picture_from_bytes(content)


def test_a_decompression_bomb_is_refused() -> None:
    for side in (8_000, 12_000, 30_000):
        stream = io.BytesIO()
        Image.new("1", (side, side)).save(stream, "PNG", compress_level=1)
        with pytest.raises(PictureError):
            picture_from_bytes(stream.getvalue())


@pytest.mark.real_data
def test_samples_of_emnist_come_out_as_they_went_in(data_dir: Path) -> None:
    with np.load(data_dir / "nist" / "emnist_digits_5000.npz") as archive:
        samples = archive["images"][:200]
    differences = []
    for sample in samples:
        found = single_character(sample)
        assert found is not None
        differences.append(np.abs(found.image.astype(int) - sample).mean())
    assert np.mean(differences) < 1.5


@pytest.mark.real_data
def test_a_scan_is_one_character(data_dir: Path) -> None:
    with np.load(data_dir / "nist" / "sd19_vowels_5000.npz") as archive:
        scans = np.unpackbits(archive["bits"][::25], axis=2)
    counts = [len(find_characters(((1 - scan) * 255).astype(np.uint8))) for scan in scans]
    assert np.mean(np.array(counts) == 1) >= 0.97


def _boxed(picture: Image.Image, *box: int) -> Image.Image:
    ImageDraw.Draw(picture).rectangle(box, outline=30, width=6)
    return picture


@pytest.mark.parametrize("is_light", [False, True])
@pytest.mark.parametrize("box", [(0, 0, 199, 199), (12, 9, 180, 190)])
def test_a_printed_box_round_a_character_is_no_ink(
    box: tuple[int, int, int, int], is_light: bool
) -> None:
    plain = _page(("7", 60, 50), size=(200, 200))
    grey = _array(_boxed(plain.copy(), *box))
    found = find_characters(255 - grey if is_light else grey)
    (bare,) = find_characters(_array(plain))
    assert [each.box for each in found] == [bare.box]
    assert np.array_equal(found[0].image, bare.image)
    single = single_character(255 - grey if is_light else grey)
    assert single is not None
    assert single.box == bare.box


def test_boxes_of_a_form_are_no_ink_each() -> None:
    page = _page(("7", 60, 60), ("L", 260, 60))
    for left in (40, 240):
        _boxed(page, left, 40, left + 120, 200)
    assert len(find_characters(_array(page))) == 2


def test_a_round_or_square_character_is_no_frame() -> None:
    page = Image.new("L", (400, 200), 245)
    draw = ImageDraw.Draw(page)
    draw.ellipse((20, 20, 120, 180), outline=30, width=9)
    draw.rectangle((160, 20, 260, 180), outline=30, width=9)  # as on a display: 0
    draw.rectangle((290, 20, 380, 180), outline=30, width=9)  # and 8
    draw.line((290, 100, 380, 100), fill=30, width=9)
    assert len(find_characters(_array(page))) == 3
