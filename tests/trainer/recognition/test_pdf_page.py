"""Pages of PDF files, drawn by the real PDFium in its child process."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from tests.trainer.written_texts import on_paper, written
from trainer.__main__ import main
from trainer.errors import PictureError
from trainer.recognition.pdf_page import draw_page, is_pdf, open_page

pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a PDF of two pages, of 100 dots per inch."""
    first, second = (PillowImage.fromarray(on_paper(written(t))) for t in ("Hello 42", "tea"))
    path = tmp_path_factory.mktemp("pdf") / "notes.pdf"
    first.save(path, "PDF", resolution=100, save_all=True, append_images=[second])
    return path


def test_a_page_is_drawn_as_it_is(document: Path) -> None:
    paper = on_paper(written("tea"))
    page = open_page(document, 2)
    assert (page.number, page.n_pages) == (2, 2)
    assert page.picture.dtype == np.uint8
    assert page.picture.shape == pytest.approx((2 * paper.shape[0], 2 * paper.shape[1]), abs=3)
    small = PillowImage.fromarray(page.picture).resize(paper.shape[::-1])
    assert np.abs(np.asarray(small, dtype=int) - paper).mean() < 6


def test_a_page_is_read_by_the_command(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    renamed = document.with_name("scan.png")  # what it is decides, not its name
    renamed.write_bytes(document.read_bytes())
    assert main(["recognize", "--line", str(renamed)]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == "Hello 42"
    assert main(["recognize", "--line", str(document), "--page", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["text"].lower() == "tea"


def test_a_picture_has_no_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "tea.png"
    PillowImage.fromarray(on_paper(written("tea"))).save(picture)
    assert main(["recognize", "--line", str(picture), "--page", "2"]) == 1
    assert "tea.png is no PDF" in capsys.readouterr().out
    ink = tmp_path / "ink.json"
    ink.write_text('{"strokes": [[[0, 0], [5, 5]]]}')
    assert main(["recognize", str(ink), "--page", "1"]) == 1
    assert "ink.json is no PDF" in capsys.readouterr().err
    with pytest.raises(PictureError, match="is no PDF"):
        draw_page(picture, 1, tmp_path / "page.npz")


def test_a_page_that_is_not_there_is_said(document: Path) -> None:
    with pytest.raises(PictureError, match=r"has 2 pages\. There is no page 3"):
        open_page(document, 3)


@pytest.mark.parametrize("kept", [9, 300])
def test_a_damaged_file_is_refused(document: Path, tmp_path: Path, kept: int) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(document.read_bytes()[:kept])
    assert is_pdf(path)
    with pytest.raises(PictureError, match=r"broken\.pdf is damaged"):
        open_page(path)


def test_a_page_of_any_size_is_drawn_within_limits(tmp_path: Path) -> None:
    path = tmp_path / "wide.pdf"
    PillowImage.new("L", (1400, 10), 255).save(path, "PDF", resolution=7)  # five metres
    height, width = open_page(path).picture.shape
    assert width == pytest.approx(4000, abs=2)
    assert height == pytest.approx(4000 / 140, abs=2)


def test_without_the_package_it_is_named(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(PictureError, match="needs a package that is not installed") as caught:
        draw_page(document, 1, tmp_path / "page.npz")
    assert "emnist-desktop[pdf]" in caught.value.hint
