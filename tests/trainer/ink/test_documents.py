"""Inks from files of other programs."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from trainer.errors import InkError
from trainer.ink.documents import WrittenInk, document_format, read_document

_INKML = '<ink xmlns="http://www.w3.org/2003/InkML">{0}</ink>'
_SVG = '<svg xmlns="http://www.w3.org/2000/svg">{0}</svg>'


def read(folder: Path, name: str, text: str) -> list[WrittenInk]:
    (folder / name).write_text(text, encoding="utf-8")
    assert document_format(folder / name)
    return read_document(folder / name)


def strokes(written: WrittenInk) -> list[list[list[float]]]:
    return [np.round(stroke.points, 3).tolist() for stroke in written.ink.strokes]


def of_path(folder: Path, data: str, attributes: str = 'stroke="#000"') -> list:
    (one,) = read(folder, "some.svg", _SVG.format(f'<path fill="none" {attributes} d="{data}"/>'))
    return strokes(one)


def test_inkml_is_one_ink_without_groups(tmp_path: Path) -> None:
    text = '<annotation type="truth">A</annotation><trace>1 2, 3 4</trace><trace>5 6</trace>'
    (one,) = read(tmp_path, "a.inkml", _INKML.format(text))
    assert (one.label, strokes(one)) == ("A", [[[1, 2], [3, 4]], [[5, 6]]])


def test_inkml_is_read_by_its_labelled_groups(tmp_path: Path) -> None:
    text = """<annotation type="truth">4+</annotation>
      <trace xml:id="t0">1 2, 3 4</trace><trace xml:id="t1">5 6, 7 8</trace>
      <traceGroup><annotation type="truth">Segmentation</annotation>
        <traceGroup><annotation type="truth">4</annotation>
          <traceView traceDataRef="t1"/></traceGroup>
        <traceGroup><annotation type="truth">+</annotation>
          <traceView traceDataRef="#t0"/></traceGroup></traceGroup>"""
    found = read(tmp_path, "some.inkml", _INKML.format(text))
    assert [(each.label, strokes(each)) for each in found] == [
        ("4", [[[5, 6], [7, 8]]]),
        ("+", [[[1, 2], [3, 4]]]),
    ]


def test_inkml_channels_and_differences(tmp_path: Path) -> None:
    channels = '<channel name="T"/><channel name="X"/><channel name="Y" orientation="-ve"/>'
    text = f"<traceFormat>{channels}</traceFormat><trace>0 10 20, 1 '2'3, 2 4-5, 3 \"1\"1</trace>"
    (one,) = read(tmp_path, "some.inkml", _INKML.format(text))
    assert strokes(one) == [[[10, -20], [12, -23], [16, -18], [21, -14]]]


def test_ujipenchars(tmp_path: Path) -> None:
    text = """// ASCII char: A
WORD A trn_UJI_W01-01
  NUMSTROKES 2
  POINTS 2 # 1 2 3 4
  POINTS 1 # 5 6
WORD ñ tst_UPV_W02-01
  NUMSTROKES 1
  POINTS 2 # 7 8 9 1
"""
    first, second = read(tmp_path, "some.txt", text)
    assert (first.label, first.split) == ("A", "train")
    assert strokes(first) == [[[1, 2], [3, 4]], [[5, 6]]]
    assert (second.label, second.split) == ("ñ", "test")


@pytest.mark.parametrize("is_packed", [True, False])
def test_xournal_pages(tmp_path: Path, is_packed: bool) -> None:
    text = (
        '<?xml version="1.0"?><xournal><page><layer><stroke tool="pen">1 2 3 4</stroke>'
        '<stroke tool="highlighter">5 6 7 8</stroke></layer></page></xournal>'
    )
    path = tmp_path / "notes.xopp"
    path.write_bytes(gzip.compress(text.encode()) if is_packed else text.encode())
    (page,) = read_document(path)
    assert (page.label, strokes(page)) == ("", [[[1, 2], [3, 4]]])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("M1 2L3 4 5 6", [[[1, 2], [3, 4], [5, 6]]]),
        ("m1,2 3-4,5.5.5", [[[1, 2], [4, -2], [9.5, -1.5]]]),
        ("M1 2H5V7h-1v-2", [[[1, 2], [5, 2], [5, 7], [4, 7], [4, 5]]]),
        ("M0 0L4 0L4 4Z", [[[0, 0], [4, 0], [4, 4], [0, 0]]]),
        ("M0 0h4M0 5h4", [[[0, 0], [4, 0]], [[0, 5], [4, 5]]]),
        ("M0 0h4zm1 1h4", [[[0, 0], [4, 0], [0, 0]], [[1, 1], [5, 1]]]),
    ],
)
def test_lines_of_a_path(tmp_path: Path, data: str, expected: list) -> None:
    assert of_path(tmp_path, data) == expected


@pytest.mark.parametrize(
    ("data", "middle", "end"),
    [
        ("M0 0C0 8 8 8 8 0", [4, 6], [8, 0]),
        ("M0 0Q4 8 8 0", [4, 4], [8, 0]),
        ("M0 0A4 4 0 0 1 8 0", [4, -4], [8, 0]),
        ("M0 0a4 4 0 008 0", [4, 4], [8, 0]),
    ],
)
def test_curves_are_flattened(tmp_path: Path, data: str, middle: list, end: list) -> None:
    (points,) = of_path(tmp_path, data)
    np.testing.assert_allclose(points[len(points) // 2], middle, atol=1e-3)
    np.testing.assert_allclose(points[-1], end, atol=1e-3)


def test_a_smooth_curve_mirrors_its_control_point(tmp_path: Path) -> None:
    whole = of_path(tmp_path, "M0 0C0 8 8 8 8 0C8 -8 16 -8 16 0")
    assert of_path(tmp_path, "M0 0C0 8 8 8 8 0S16 -8 16 0") == whole
    assert of_path(tmp_path, "M0 0Q4 8 8 0T16 0") == of_path(tmp_path, "M0 0Q4 8 8 0Q12 -8 16 0")


def test_transforms_are_nested(tmp_path: Path) -> None:
    text = (
        '<g transform="translate(10, 20) scale(1, -1)"><g transform="rotate(90)">'
        '<polyline points="1,0 2,0" style="fill:none;stroke:#123"/></g></g>'
    )
    (one,) = read(tmp_path, "some.svg", _SVG.format(text))
    np.testing.assert_allclose(strokes(one)[0], [[10, 19], [10, 18]], atol=1e-3)


def test_filled_shapes_are_no_strokes(tmp_path: Path) -> None:
    with pytest.raises(InkError, match="no pen strokes"):
        read(tmp_path, "some.svg", _SVG.format('<path d="M0 0L4 0L4 4Z" fill="#000"/>'))


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + _SVG.format("<title>&a;</title>")
    with pytest.raises(InkError, match="declares XML entities"):
        read(tmp_path, "bomb.svg", bomb)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_SVG.format("<g>" * 100 + "</g>" * 100), "nested too deeply"),
        (_SVG.format("<path"), "no valid XML"),
        (_INKML.format("<trace>1 x</trace>"), "no pen strokes"),
        (_SVG.format(f'<path stroke="red" d="M0 0{"q1 1 1 1" * 9_000}"/>'), "too many points"),
        (_SVG.format('<circle r="4" stroke="red"/>' * 2_100), "too many points"),
        (
            _INKML.format(
                f'<trace id="t">{"1 2," * 90_000}</trace>'
                + '<traceGroup><annotation type="truth">A</annotation>'
                '<traceView traceDataRef="t"/></traceGroup>' * 120
            ),
            "too many points",
        ),
        (_INKML.format("<trace>1e99 2</trace>"), "finite"),
        (_SVG.format('<path stroke="red" d="M0 0A1 1 0 0 1 1e-200 1e-200"/>'), "cannot be read"),
    ],
)
def test_broken_documents_are_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InkError, match=said):
        read(tmp_path, "some.xml", text)


@pytest.mark.parametrize(
    "text",
    ["<!doctype html><html><body><svg></svg></body></html>", "1,2,3\n4,5,6", "", "WORD of mouth"],
)
def test_other_files_are_no_documents(tmp_path: Path, text: str) -> None:
    path = tmp_path / "some.txt"
    path.write_text(text, encoding="utf-8")
    assert document_format(path) == ""
