"""Datasets of drawings from other programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.datasets.formats.import_ import import_dataset, inspect_import
from trainer.datasets.store import open_dataset
from trainer.errors import DatasetError

_STROKES = '"strokes": [[[15, 92], [50, 8], [85, 92]], [[30, 60], [70, 60]]]'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_lines_with_marks_and_windows_line_ends(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(f'{{"label": "Ä", {_STROKES}}}\r\n'.encode(encoding))
    assert inspect_import(path).alphabet == ("Ä",)


@pytest.mark.parametrize(("label", "name"), [("0", "0"), ("7.0", "7"), ("12", "12")])
def test_labels_that_are_numbers(tmp_path: Path, label: str, name: str) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text(f'{{"label": {label}, {_STROKES}}}\n', encoding="utf-8")
    assert inspect_import(path).alphabet == (name,)


@pytest.mark.parametrize("label", ["true", "null", '""', "[1]", "9223372036854775808"])
def test_other_labels_are_refused(tmp_path: Path, label: str) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text(f'{{"label": {label}, {_STROKES}}}\n', encoding="utf-8")
    with pytest.raises(DatasetError, match="Expected a label in line 1"):
        inspect_import(path)


def test_quick_draw(tmp_path: Path) -> None:
    path = tmp_path / "some.ndjson"
    path.write_text(
        '{"word": "A", "drawing": [[[15, 50, 85], [92, 8, 92]], [[30, 70], [60, 60], [0, 9]]]}\n',
        encoding="utf-8",
    )
    import_dataset(path, None, tmp_path / "some")
    stored = open_dataset(tmp_path / "some")
    assert stored.card.alphabet == ("A",)
    assert stored.splits["train"].images.max() > 200


def test_quick_draw_of_unequal_lists_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "some.ndjson"
    path.write_text('{"word": "A", "drawing": [[[15, 50], [92]]]}\n', encoding="utf-8")
    with pytest.raises(DatasetError, match="as many x as y in stroke 1"):
        inspect_import(path)


def test_ujipenchars_keeps_its_splits(tmp_path: Path) -> None:
    path = tmp_path / "uji.txt"
    word = "WORD {} {}_W01-01\n NUMSTROKES 1\n POINTS 3 # 15 92 50 8 85 92\n"
    path.write_text(word.format("A", "trn") + word.format("v", "tst"), encoding="utf-8")
    preview = inspect_import(path)
    assert dict(preview.counts) == {"train": 1, "test": 1}
    assert preview.alphabet == ("A", "v")


def test_unlabelled_drawings_are_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "some.inkml"
    group = "<traceGroup>{}<trace>1 2, 30 40</trace></traceGroup>"
    labelled = group.format('<annotation type="truth">/</annotation>')
    path.write_text(f"<ink>{labelled}</ink>", encoding="utf-8")
    assert inspect_import(path).warnings == ()
    path.write_text(f"<ink>{labelled}{group.format('')}</ink>", encoding="utf-8")
    preview = inspect_import(path)
    assert preview.counts["train"] == 1
    assert "lack of a label: 1 of 2" in preview.warnings[0].sentence
    path.write_text(f"<ink>{group.format('')}</ink>", encoding="utf-8")
    with pytest.raises(DatasetError, match="does not say what they show"):
        inspect_import(path)
