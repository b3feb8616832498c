"""A class: merged by writer, nothing twice, names or numbers, and reports by writer."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from tests.trainer.handwriting import digit_inks
from trainer.__main__ import main
from trainer.datasets.class_samples import MergedClass, read_class, store_class
from trainer.datasets.ink_archive import read_pen_archive
from trainer.datasets.load import load_data
from trainer.datasets.my_samples import MySamples
from trainer.datasets.samples import of_writer
from trainer.datasets.store import open_dataset
from trainer.errors import DatasetError

INKS = digit_inks(60)


class Pupil:
    """Somebody with samples, who exports them."""

    def __init__(self, folder: Path, file: str, name: str = "") -> None:
        self.samples = MySamples(folder / file / "samples.jsonl")
        self.path, self.name, self._age = folder / f"{file}.npz", name, 0

    def draw(self, rows: range, character: str = "") -> Pupil:
        for row in rows:
            self.samples.append(INKS[row], character or str(row % 10))
        return self

    def export(self, path: Path | None = None, age: int = 0) -> Pupil:
        target = path or self.path
        self.samples.export_archive(target, self.name)
        os.utime(target, (2e9 - age, 2e9 - age))
        return self


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the shared folder of a class: two Annas, Ben, somebody, and what is no file."""
    shared = tmp_path / "shared"
    shared.mkdir()
    anna = Pupil(shared, "a", "Anna").draw(range(10)).export(age=9)
    anna.draw(range(10, 20)).export(shared / "again.npz")
    Pupil(shared, "b", "Ben").draw(range(20, 30)).export()
    Pupil(shared, "c", "anna").draw(range(30, 40)).export()
    Pupil(shared, "d").draw(range(40, 50)).export()
    (shared / "broken.npz").write_bytes(b"PK\3\4 half")
    return shared


def test_files_are_merged_by_writer(folder: Path) -> None:
    found = read_class([folder])
    by_size = sorted((len(each.inks), each.duplicates, each.name) for each in found.writers)
    assert by_size == [(10, 0, ""), (10, 0, "Ben"), (10, 0, "anna"), (20, 10, "Anna")]
    assert [name.casefold() for name in found.names] == ["anna", "anna (2)", "ben", "4"]
    assert sorted(found.numbers) == ["1", "2", "3", "4"]
    assert [str(each).startswith("broken.npz") for each in found.problems] == [True]


def test_the_newest_label_counts(tmp_path: Path) -> None:
    pupil = Pupil(tmp_path, "p", "P").draw(range(3)).export(age=5)
    first = next(iter(pupil.samples))
    pupil.samples.relabel(first.id, "Q")
    pupil.export(tmp_path / "new.npz")
    (writer,) = read_class([tmp_path]).writers
    assert sorted(writer.characters) == ["1", "2", "Q"]


def test_a_copied_drawing_counts_once(tmp_path: Path) -> None:
    Pupil(tmp_path, "one", "One").draw(range(5)).export(age=5)
    Pupil(tmp_path, "two", "Two").draw(range(8)).export()
    assert [len(each.inks) for each in read_class([tmp_path]).writers] == [8]


def test_a_dataset_knows_who_wrote_what(folder: Path, tmp_path: Path) -> None:
    found = read_class([folder])
    stored = store_class(found, ["Anna", "Anna", "Ben", "?"], tmp_path / "class", "7b")
    again = open_dataset(tmp_path / "class")
    assert again.card.writer_names == ("Anna", "Ben", "?")
    data, inks = stored.splits["train"], again.inks("train")
    assert inks is not None
    assert data.writer_names == inks.writer_names == again.card.writer_names
    assert np.array_equal(data.writers, inks.writers)
    assert len(of_writer(data, "Anna")) == 30
    with pytest.raises(DatasetError, match="no writer"):
        of_writer(data, "Cem")


def test_whole_writers_are_set_aside(folder: Path, tmp_path: Path) -> None:
    found = read_class([folder])
    stored = store_class(found, found.numbers, tmp_path / "class", "7b", 0.3)
    train, test = stored.splits["train"].writers, stored.splits["test"].writers
    assert not set(train.tolist()) & set(test.tolist())
    one = MergedClass(found.writers[:1], ())
    with pytest.raises(DatasetError, match="too few"):
        store_class(one, ("1",), tmp_path / "other", "7b", 0.3)


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no file of a pupil"):
        read_class([tmp_path])
    found = read_class([tmp_path / "missing.npz"])
    assert (found.writers, len(found.problems)) == ((), 1)
    with pytest.raises(DatasetError, match="no samples"):
        store_class(found, (), tmp_path / "class", "7b")


def test_a_file_that_is_not_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "missing.npz")
    assert main(["datasets", "class", missing, "--preview"]) == 1
    output, error = capsys.readouterr()
    assert output == ""
    assert error.startswith("missing.npz cannot be read: No such file or directory. Check the")


def test_hostile_names_are_shown_as_text(tmp_path: Path) -> None:
    Pupil(tmp_path, "p", "E\u202eve\n" + "x" * 500).draw(range(2)).export()
    (name,) = read_class([tmp_path]).names
    assert name.isprintable()
    assert len(name) <= 80


def test_the_command_line_merges_and_evaluates_by_writer(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["datasets", "class", str(folder), "--preview"]) == 0
    assert "Ben" in capsys.readouterr().out
    assert main(["datasets", "class", str(folder), "--numbers", "--name", "7b"]) == 0
    shown = capsys.readouterr()
    assert "50 samples" in shown.out
    assert "Ben" not in shown.out
    assert "broken.npz" in shown.err
    assert set(load_data("7b").writer_names) == {"1", "2", "3", "4"}
    assert main(["evaluate", "--data", "7b", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    rows = figures["by_writer"]
    assert sum(row["correct"] for row in rows) == figures["correct"]
    assert [row["accuracy"] for row in rows] == sorted(row["accuracy"] for row in rows)
    hardest = rows[0]["writer"]
    assert main(["evaluate", "--data", "7b", "--writer", hardest, "--per-writer"]) == 0
    assert f"{rows[0]['samples']} samples" in capsys.readouterr().out
    page = folder / "page.html"
    assert main(["evaluate", "--data", "7b", "--per-writer", "--html", str(page)]) == 0
    assert "Each writer" in page.read_text()
    assert "most confused" in capsys.readouterr().out
    assert main(["datasets", "class", str(folder), "--name", "7b"]) == 1


def test_an_archive_with_wrong_numbers_has_no_names(tmp_path: Path) -> None:
    path = Pupil(tmp_path, "p", "P").draw(range(2)).export().path
    with np.load(path) as arrays:
        np.savez(path, **{**arrays, "writer": np.array([0, 7])})
    assert read_pen_archive(path).writer_names == ()
    assert [each.name for each in read_class([path]).writers] == ["", ""]
