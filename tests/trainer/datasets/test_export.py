"""What is exported can be read by others, on every system; all of it or nothing."""

from __future__ import annotations

import csv
import errno
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PillowImage

from tests.trainer.datasets.analysis.test_statistics import EndedError, ends_after
from trainer.datasets import export as exporting
from trainer.datasets.dataset import Dataset
from trainer.datasets.export import (
    ABOUT_NAME,
    COLUMNS,
    SHEET_LIMIT,
    TABLE_NAME,
    ExportFormat,
    Selection,
    class_folders,
    export,
)
from trainer.datasets.formats.import_ import ImportOptions, import_dataset, inspect_import
from trainer.datasets.store import in_memory, open_dataset
from trainer.errors import DatasetError
from trainer.ink.alphabet import BYCLASS

ALPHABET = ("a", "A", "/", "ß")


@pytest.fixture
def selection() -> Selection:
    return some()


def some(n: int = 12, chosen: int = 9, writers: bool = True) -> Selection:
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (n, 20, 18), dtype=np.uint8)
    writer = generator.integers(0, 4, n) if writers else None
    data = Dataset("some", ALPHABET, images, np.arange(n) % 4, writer, "Free, said Ünal")
    stored = in_memory("some", "Some letters", {"test": data})
    return Selection(stored, "test", generator.permutation(n)[:chosen])


def table(folder: Path) -> list[dict[str, str]]:
    with (folder / TABLE_NAME).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("is_zip", [False, True])
def test_exported_folders_can_be_imported_again(
    selection: Selection, tmp_path: Path, is_zip: bool
) -> None:
    export(selection, ExportFormat.FOLDERS, tmp_path / "pictures")
    as_is = ImportOptions(transposed="no", inverted="no")
    source = tmp_path / "pictures"
    if is_zip:
        source = Path(shutil.make_archive(str(source), "zip", tmp_path, "pictures"))
    import_dataset(source, as_is, tmp_path / "stored" / "again")
    again = open_dataset(tmp_path / "stored" / "again").splits["test"]  # as they were
    names = sorted(again.alphabet[label] for label in again.labels.tolist())
    data = selection.data
    assert names == sorted(ALPHABET[label] for label in data.labels[selection.indices].tolist())
    assert data.writers is not None
    assert again.writers is not None
    by_writer = {
        (writer, image.tobytes())
        for writer, image in zip(again.writers.tolist(), again.images, strict=True)
    }
    assert by_writer == {
        (int(data.writers[index]), data.images[index].tobytes()) for index in selection.indices
    }
    (tmp_path / "pictures" / TABLE_NAME).write_text("file\nnonsense")
    assert "A_upper" in inspect_import(tmp_path / "pictures", as_is).alphabet


@pytest.mark.parametrize("how", [ExportFormat.FOLDERS, ExportFormat.FLAT])
def test_pictures_come_with_a_table(
    selection: Selection, how: ExportFormat, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "pictures"
    heard: list[float] = []
    export(selection, how, folder, heard.append)
    rows = table(folder)
    assert tuple(rows[0]) == COLUMNS
    assert [int(row["index"]) for row in rows] == selection.indices.tolist()
    data = selection.data
    for row in rows:
        index = int(row["index"])
        with PillowImage.open(folder / row["file"]) as picture:
            np.testing.assert_array_equal(np.asarray(picture), data.images[index])
        assert row["split"] == "test"
        assert int(row["label"]) == data.labels[index]
        assert row["character"] == ALPHABET[data.labels[index]]
        assert int(row["writer"]) == data.writers[index]
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.png")}
    assert files == {row["file"] for row in rows}
    assert (how is ExportFormat.FOLDERS) == any("/" in file for file in files)
    assert "Free, said Ünal" in (folder / ABOUT_NAME).read_text(encoding="utf-8")
    assert list(folder.parent.iterdir()) == [folder]
    assert heard[-1] == 1.0


def test_an_unknown_writer_is_left_empty(tmp_path: Path) -> None:
    export(some(writers=False), ExportFormat.FLAT, tmp_path / "x")
    assert {row["writer"] for row in table(tmp_path / "x")} == {""}


def test_arrays_are_read_without_pickle(selection: Selection, tmp_path: Path) -> None:
    path = tmp_path / "samples.npz"
    path.write_text("the old one")
    export(selection, ExportFormat.ARRAYS, path)
    with np.load(path, allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["images"], selection.data.images[selection.indices])
        np.testing.assert_array_equal(arrays["labels"], selection.data.labels[selection.indices])
        np.testing.assert_array_equal(arrays["writers"], selection.data.writers[selection.indices])
        np.testing.assert_array_equal(arrays["indices"], selection.indices)
        assert tuple(arrays["alphabet"]) == ALPHABET
        assert str(arrays["terms"]) == "Free, said Ünal"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("n", [1, 2, 9, 40])
def test_a_contact_sheet_holds_every_sample(n: int, tmp_path: Path) -> None:
    selection = some(n, n)
    export(selection, ExportFormat.SHEET, tmp_path / "sheet.png")
    with PillowImage.open(tmp_path / "sheet.png") as picture:
        sheet = np.asarray(picture)
    found = 0
    for index in selection.indices:
        tile = np.repeat(np.repeat(selection.data.images[index], 2, axis=0), 2, axis=1)
        windows = np.lib.stride_tricks.sliding_window_view(sheet, tile.shape)
        rows, columns = np.nonzero(windows[:, :, 0, 0] == tile[0, 0])
        found += any(
            np.array_equal(windows[y, x], tile) for y, x in zip(rows, columns, strict=True)
        )
    assert found == n


def test_too_many_for_a_sheet_are_refused(selection: Selection, tmp_path: Path) -> None:
    many = Selection(selection.stored, "test", np.zeros(SHEET_LIMIT + 1, dtype=np.int64))
    with pytest.raises(DatasetError, match="at most 10,000 samples"):
        export(many, ExportFormat.SHEET, tmp_path / "sheet.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", list(ExportFormat))
def test_nothing_is_not_exported(how: ExportFormat, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="nothing to export"):
        export(some(chosen=0), how, tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(selection: Selection, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(DatasetError, match="new or empty folder"):
        export(selection, ExportFormat.FOLDERS, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(selection: Selection, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    export(selection, ExportFormat.FOLDERS, tmp_path / "empty")
    assert len(table(tmp_path / "empty")) == len(selection)


@pytest.mark.parametrize("how", list(ExportFormat))
def test_an_end_leaves_nothing_behind(how: ExportFormat, tmp_path: Path) -> None:
    for calls in (0, 1):
        with pytest.raises(EndedError):
            export(some(), how, tmp_path / "x", check=ends_after(calls))
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", list(ExportFormat))
@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EIO, "cannot be written")]
)
def test_a_disk_that_takes_no_more_is_said(
    how: ExportFormat, number: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "the disk says no")

    monkeypatch.setattr(exporting.PillowImage.Image, "save", refuse)
    monkeypatch.setattr(exporting.zipfile.ZipFile, "open", refuse)
    with pytest.raises(DatasetError, match=words) as caught:
        export(some(), how, tmp_path / "x")
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_said(selection: Selection, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match="cannot be written"):
        export(selection, ExportFormat.FOLDERS, tmp_path / "file" / "folder")


def test_cases_do_not_collide_on_windows() -> None:
    names = class_folders(BYCLASS)
    assert names[0] == "0"
    assert names[BYCLASS.index("a")] == "a_lower"
    assert names[BYCLASS.index("A")] == "A_upper"
    assert len({name.lower() for name in names}) == len(BYCLASS)


@given(st.lists(st.text(max_size=40), max_size=70))
def test_any_alphabet_gives_safe_and_different_folders(alphabet: list[str]) -> None:
    names = class_folders(alphabet)
    assert len({name.lower() for name in names}) == len(alphabet)
    for name in names:
        assert name
        assert name.isascii()
        assert name.replace("_", "").isalnum()
        assert name.upper() not in {"CON", "PRN", "AUX", "NUL"}
        assert len(name) < 50
