"""Datasets on disk: written piece by piece, all or nothing, and mapped when they are opened."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.archives import write_archive
from trainer.datasets.dataset import Dataset
from trainer.datasets.ink_archive import PenArchive, read_pen_archive, write_pen_archive
from trainer.datasets.store import (
    CARD_NAME,
    DatasetWriter,
    check_name,
    in_memory,
    name_from,
    open_dataset,
)
from trainer.errors import DatasetError
from trainer.files.file_array import FileArray
from trainer.ink.alphabet import BYCLASS
from trainer.ink.strokes import Ink

ALPHABET = ("a", "b", "ß")


def some(n: int, seed: int = 0, side: int = 20) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    images = generator.integers(0, 256, (n, side, side)).astype(np.uint8)
    return images, generator.integers(0, len(ALPHABET), n)


def written(folder: Path, *, n: int = 30) -> Path:
    images, labels = some(n)
    writer = DatasetWriter(
        folder, title="Some letters", alphabet=ALPHABET, image_shape=(20, 20), terms="free"
    )
    with writer:
        writer.append("train", images[:10], labels[:10], np.arange(10))
        writer.append("train", images[10:25], labels[10:25], np.arange(15))
        writer.append("test", images[25:], labels[25:])
    return folder


def test_what_is_written_is_opened_again(tmp_path: Path) -> None:
    stored = open_dataset(written(tmp_path / "letters"))
    images, labels = some(30)
    assert stored.card.name == "letters"
    assert stored.card.title == "Some letters"
    assert stored.card.image_shape == (20, 20)
    assert len(stored) == len(stored.card) == 30
    np.testing.assert_array_equal(stored.splits["train"].images, images[:25])
    np.testing.assert_array_equal(stored.splits["test"].labels, labels[25:])
    assert stored.splits["train"].writers is not None
    assert stored.splits["test"].writers is None
    assert stored.splits["train"].alphabet == ALPHABET
    assert stored.splits["train"].terms == "free"
    assert stored.card.counts["test"] == tuple(np.bincount(labels[25:], minlength=3).tolist())
    assert isinstance(stored.splits["train"].images, FileArray)
    assert stored.inks("train") is None
    assert [path.name for path in tmp_path.iterdir()] == ["letters"]


_REWRITE = """
import sys
from pathlib import Path
from tests.trainer.datasets.test_store import written
for _ in range(60):
    written(Path(sys.argv[1]))
"""


def test_a_dataset_is_read_while_another_program_makes_it_anew(tmp_path: Path) -> None:
    folder = written(tmp_path / "letters")
    command = [sys.executable, "-c", _REWRITE, str(folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as writer:
        while writer.poll() is None:
            stored = open_dataset(folder)
            np.testing.assert_array_equal(stored.splits["test"].labels, some(30)[1][25:])
        assert writer.stderr is not None
        assert writer.returncode == 0, writer.stderr.read()
    assert [path.name for path in tmp_path.iterdir()] == ["letters"]


def test_the_drawings_stay_with_their_images(tmp_path: Path) -> None:
    archive = read_pen_archive(write_archive(tmp_path / "pen.npz", n=40))
    with DatasetWriter(tmp_path / "inks", title="Inks", alphabet=BYCLASS) as writer:
        writer.append_inks("train", archive)
    stored = open_dataset(tmp_path / "inks")
    inks = stored.inks("train")
    assert inks is not None
    np.testing.assert_array_equal(inks.render().images, stored.splits["train"].images)
    np.testing.assert_array_equal(inks.labels, archive.labels)


def test_drawings_of_another_dataset_are_found_out(tmp_path: Path) -> None:
    with DatasetWriter(tmp_path / "inks", title="Inks", alphabet=BYCLASS) as writer:
        writer.append_inks("train", read_pen_archive(write_archive(tmp_path / "a.npz", n=40)))
    other = read_pen_archive(write_archive(tmp_path / "b.npz", n=41, seed=3))
    write_pen_archive(tmp_path / "inks" / "train-inks.npz", other)
    with pytest.raises(DatasetError, match="do not belong"):
        open_dataset(tmp_path / "inks").inks("train")


def half_written(folder: Path) -> None:
    images, labels = some(5)
    with DatasetWriter(folder, title="New", alphabet=ALPHABET, image_shape=(20, 20)) as writer:
        writer.append("train", images, labels)
        writer.append("train", images, labels + 3)


def test_an_error_leaves_the_old_dataset(tmp_path: Path) -> None:
    folder = written(tmp_path / "letters")
    before = open_dataset(folder).splits["train"].fingerprint()
    with pytest.raises(DatasetError, match="labels from"):
        half_written(folder)
    assert open_dataset(folder).splits["train"].fingerprint() == before
    assert [path.name for path in tmp_path.iterdir()] == ["letters"]


def test_a_new_one_takes_the_place_of_the_old(tmp_path: Path) -> None:
    written(tmp_path / "letters", n=30)
    assert len(open_dataset(written(tmp_path / "letters", n=28))) == 28


@pytest.mark.parametrize(
    ("split", "side", "labels", "words"),
    [
        ("valid", 20, [0], "split"),
        ("train", 28, [0], "28×28"),
        ("train", 20, [3], "labels from 0 to 2"),
        ("train", 20, [0, 1], "one label for each"),
    ],
)
def test_samples_that_do_not_fit_are_refused(
    tmp_path: Path, split: str, side: int, labels: list[int], words: str
) -> None:
    writer = DatasetWriter(tmp_path / "x", title="X", alphabet=ALPHABET, image_shape=(20, 20))
    with pytest.raises(DatasetError, match=words), writer:
        writer.append(split, np.zeros((1, side, side), np.uint8), np.array(labels))
    assert list(tmp_path.iterdir()) == []


def test_no_samples_make_no_dataset(tmp_path: Path) -> None:
    with (
        pytest.raises(DatasetError, match="no samples"),
        DatasetWriter(tmp_path / "x", title="X", alphabet=ALPHABET),
    ):
        pass


def _cut(folder: Path) -> None:
    path = folder / "train-images.npy"
    path.write_bytes(path.read_bytes()[:-100])


def _without_labels(folder: Path) -> None:
    (folder / "train-labels.npy").unlink()


def _of_the_future(folder: Path) -> None:
    _edit(folder, "format", 99)


def _miscounted(folder: Path) -> None:
    _edit(folder, "counts", {"train": [1, 2, 3]})


def _no_card(folder: Path) -> None:
    (folder / CARD_NAME).write_text("<html>")


def _card_of_something_else(folder: Path) -> None:
    (folder / CARD_NAME).write_text('{"format": 1}')


def _edit(folder: Path, key: str, value: object) -> None:
    record = json.loads((folder / CARD_NAME).read_text())
    record[key] = value
    (folder / CARD_NAME).write_text(json.dumps(record))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_cut, "train-images.npy cannot be read"),
        (_without_labels, "train-labels.npy cannot be read"),
        (_of_the_future, "newer version"),
        (_miscounted, "another header"),
        (_no_card, "cannot be read"),
        (_card_of_something_else, "no card"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_damage_is_said(tmp_path: Path, damage: object, words: str) -> None:
    folder = written(tmp_path / "letters")
    damage(folder)  # type: ignore[operator]
    with pytest.raises(DatasetError, match=words) as caught:
        open_dataset(folder)
    assert caught.value.hint


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no dataset in"):
        open_dataset(tmp_path / "nothing")


@given(st.text())
def test_any_text_makes_a_name(text: str) -> None:
    assert check_name(name_from(text))


def test_letters_with_marks_are_spelled_out() -> None:
    assert name_from("Über alles, Straße 7é") == "ueber-alles-strasse-7e"
    assert name_from("U\u0308ben") == "ueben"
    assert name_from("数字") == "dataset"


@pytest.mark.parametrize("name", ["con", "nul", "lpt1"])
def test_a_device_of_windows_is_no_name(name: str) -> None:
    with pytest.raises(DatasetError, match="Expected a name") as error:
        check_name(name)
    assert f"'{name}-data'" in error.value.hint
    assert check_name(name_from(name)) == f"{name}-data"


@pytest.mark.parametrize("name", ["", "../x", "A", "a b", "x" * 61, ".hidden"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(DatasetError, match="Expected a name"):
        check_name(name)


def test_a_dataset_in_memory_is_like_any_other() -> None:
    images, labels = some(12)
    stored = in_memory("mine", "Mine", {"train": Dataset("mine", ALPHABET, images, labels)})
    assert stored.card.image_shape == (20, 20)
    assert len(stored) == 12
    assert stored.inks("train") is None


coordinates = st.floats(-1e5, 1e5, width=32)
inks = st.lists(
    st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=8), min_size=1, max_size=4
).map(Ink.from_points)


@given(st.lists(inks, min_size=1, max_size=4))
def test_packed_inks_keep_their_strokes_and_their_form(drawn: list[Ink]) -> None:
    labels = np.arange(len(drawn)) % 62
    archive = PenArchive.from_inks("mine", BYCLASS, drawn, labels)
    assert len(archive) == len(drawn)
    for index, ink in enumerate(drawn):
        points, starts = ink.flat()
        packed, packed_starts = archive.strokes(index)
        np.testing.assert_array_equal(packed_starts, starts)
        box = points.max(axis=0) - points.min(axis=0)
        side = float(box.max())
        if side > 0:
            packed_box = packed.max(axis=0) - packed.min(axis=0)
            np.testing.assert_allclose(packed_box / 10_000, box / side, atol=2e-4)
