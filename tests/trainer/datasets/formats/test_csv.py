"""CSV, pictures in class folders, and drawings."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from tests.trainer.handwriting import digits, write_csv
from trainer.datasets.formats.import_ import ImportOptions, import_dataset, inspect_import
from trainer.datasets.ink_archive import PenArchive, write_pen_archive
from trainer.datasets.store import StoredDataset, open_dataset
from trainer.errors import DatasetError
from trainer.ink.strokes import Ink

AS_IT_IS = ImportOptions(transposed="no", inverted="no")


def stored(path: Path, options: ImportOptions = AS_IT_IS) -> StoredDataset:
    folder = path.parent / "stored" / "out"
    import_dataset(path, options, folder)
    return open_dataset(folder)


def test_a_header_is_found_and_passed_over(tmp_path: Path) -> None:
    images, labels = digits(20)
    table = write_csv(tmp_path / "a.csv", images, labels)
    header = ",".join(["label", *(f"pixel{index}" for index in range(784))])
    table.write_text(header + "\n" + table.read_text())
    np.testing.assert_array_equal(stored(table).splits["train"].images, images)


@pytest.mark.parametrize("header", [True, False])
def test_labels_in_the_last_column_are_found_and_said(tmp_path: Path, header: bool) -> None:
    images, labels = digits(60)
    table = tmp_path / "last.csv"
    rows = np.concatenate([images.reshape(60, -1), labels[:, None]], axis=1)
    np.savetxt(table, rows, fmt="%d", delimiter=",")
    if header:
        names = ",".join([*(f"pixel{index}" for index in range(784)), "Label"])
        table.write_text(names + "\n" + table.read_text())
    data = stored(table).splits["train"]
    np.testing.assert_array_equal(data.images, images)
    np.testing.assert_array_equal(data.labels, labels)
    assert "last column" in inspect_import(table).warnings[-1].sentence


def test_a_table_of_one_class_keeps_its_labels_in_front(tmp_path: Path) -> None:
    images, _ = digits(30)
    table = write_csv(tmp_path / "zeros.csv", images, np.zeros(30, dtype=np.int64))
    np.testing.assert_array_equal(stored(table).splits["train"].images, images)


def test_kaggles_emnist_is_known_by_its_name(tmp_path: Path) -> None:
    images, labels = digits(20)
    write_csv(tmp_path / "emnist-balanced-train.csv", images.swapaxes(1, 2), labels)
    write_csv(tmp_path / "emnist-balanced-test.csv", images[:5].swapaxes(1, 2), labels[:5])
    preview = inspect_import(tmp_path)
    assert preview.counts == {"train": 20, "test": 5}
    assert len(preview.alphabet) == 47
    assert preview.options.transposed == "yes"
    assert preview.warnings[0].kind == "transposed"


def test_images_and_labels_in_two_tables(tmp_path: Path) -> None:
    images, labels = digits(20)
    np.savetxt(tmp_path / "my_images.csv", images.reshape(20, -1), fmt="%d", delimiter=";")
    (tmp_path / "my_labels.csv").write_text(
        "label\n" + "\n".join(str(label) for label in labels) + "\n"
    )
    data = stored(tmp_path / "my_images.csv")
    np.testing.assert_array_equal(data.splits["train"].images, images)
    np.testing.assert_array_equal(data.splits["train"].labels, labels)
    (tmp_path / "other.csv").write_text("1\n2\n")
    with pytest.raises(DatasetError, match=r"one label for each of 20 images.*Received: 2"):
        inspect_import(tmp_path / "my_images.csv", ImportOptions(labels=tmp_path / "other.csv"))


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_fractions_quotes_and_letters_as_labels(tmp_path: Path, ending: str) -> None:
    images = np.arange(4 * 49, dtype=np.uint8).reshape(4, 7, 7)
    lines = [
        f'"{label}",' + ",".join(f"{value / 255:.6f}" for value in image.ravel())
        for label, image in zip("bAb1", images, strict=True)
    ]
    (tmp_path / "a.csv").write_bytes((ending.join(lines)).encode())
    data = stored(tmp_path / "a.csv")
    assert data.card.alphabet == ("1", "A", "b")
    assert data.splits["train"].labels.tolist() == [2, 1, 2, 0]
    low_is_relative = np.abs(data.splits["train"].images.astype(int) - images)
    assert low_is_relative.max() == 0


def line(*cells: object) -> str:
    """Return a line of a label and 49 pixels that begins with `cells`."""
    return ",".join(map(str, [*cells, *[0] * (50 - len(cells))])) + "\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (line(1, 2, 30) + line(2, 3) + line(2, 3)[:-3] + "\n", r"50 cells in line 3 .*: 49"),
        (line(1, 2, 30) + "\n" + line(2, 3, "x"), r"a number in line 3, cell 3 .*Received: 'x'"),
        (line(1, 2, 30) + line(2, 3, ""), r"a number in line 2, cell 3 .*Received: ''"),
        (line(1, 2, 30) + line(2, 3) + line("", 3), r"a label in line 3"),
        (line(1, 2, 30) + line(2, 3, "nan"), "NaN"),
        (line(1, 2, 30) + line(2, 3, 999), "0 to 999"),
        ("1,2,3,4\n2,3,4,5\n", "a table of 3 features, not of pictures"),
        (",".join("1" * 61) + "\n", "square number of pixels"),
        ("label\n", "a label and pixels in each line"),
        ("id,label\n1,2\n", "no pixels: 2 columns"),
        ("id,x\n1,2\n", "no pixels: 2 columns"),
        ("@relation a\n@attribute\n@data\n1,2,3\n", "2 features"),
        (line("label", *range(49)), "Expected samples"),
        (line(*[7] * 49)[:-3] + "\n", "has no labels: each line has 49 pixels"),
        ("@relation a\n@attribute b real\n@data\n{1 5}\n", "sparse ARFF"),
        ('1,"' + " ".join("5" * 49) + '"\n2,"5 5 ... ' + "5 " * 49 + '"\n', "50 cells in line 2"),
    ],
)
def test_what_is_wrong_in_a_table_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(DatasetError, match=sentence):
        inspect_import(tmp_path / "bad.csv")


def test_a_table_that_is_wrong_far_inside_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "late.csv").write_text(line(1, 2, 30) * 5_000 + line(1)[:-3] + "\n")
    with pytest.raises(DatasetError, match="line 5001"):
        stored(tmp_path / "late.csv")
    assert list((tmp_path / "stored").iterdir()) == []
    (tmp_path / "late.csv").write_text(line(1, 2, 15) * 900 + line(1, 2, 200))
    with pytest.raises(DatasetError, match=r"pixels up to 16 .*Received: 200"):
        stored(tmp_path / "late.csv")


def rows_of(images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64]) -> list[list[str]]:
    pixels = images.reshape(len(images), -1)
    return [
        list(map(str, [label, *row]))
        for label, row in zip(labels.tolist(), pixels.tolist(), strict=True)
    ]


def joined(rows: list[list[str]], separator: str = ",", end: str = "\n") -> str:
    return "".join(separator.join(row) + end for row in rows)


def one_hot(label: str) -> list[str]:
    return ["1" if str(index) == label else "0" for index in range(10)]


def sparse(row: list[str]) -> str:
    pairs = [f"{index}:{value}" for index, value in enumerate(row[1:], 1) if value != "0"]
    return " ".join([row[0], *pairs])


HEADER = ["label", *(f"pixel{index}" for index in range(784))]
DIALECTS: dict[str, Callable[[list[list[str]]], bytes]] = {
    "mark.csv": lambda rows: ("\ufeff" + joined(rows)).encode(),
    "utf16.csv": lambda rows: joined([HEADER, *rows]).encode("utf-16"),
    "utf16le.csv": lambda rows: joined(rows).encode("utf-16-le"),
    "mac.csv": lambda rows: joined(rows, end="\r").encode(),
    "sep.csv": lambda rows: b"sep=;\r\n" + joined([HEADER, *rows], ";", "\r\n").encode(),
    "decimal.csv": lambda rows: joined([[f"{c},00" for c in row] for row in rows], ";").encode(),
    "tab_decimal.tsv": lambda rows: joined(
        [[f"{c},00" for c in row] for row in rows], "\t"
    ).encode(),
    "aligned.csv": lambda rows: joined([[c.rjust(4) for c in row] for row in rows]).encode(),
    "trailing.csv": lambda rows: joined(rows, end=",\n").encode(),
    "trailing_header.csv": lambda rows: joined([HEADER, *rows], ";", ";\r\n").encode(),
    "spaces.data": lambda rows: joined([[c.rjust(4) for c in r] for r in rows], " ").encode(),
    "savetxt.txt": lambda rows: b"# label and pixels\n" + joined(rows, " ").encode(),
    "index.csv": lambda rows: joined(
        [["", *HEADER], *([str(i), *row] for i, row in enumerate(rows))]
    ).encode(),
    "index_no_header.csv": lambda rows: joined(
        [[str(i), *row] for i, row in enumerate(rows, 1)]
    ).encode(),
    "numbers.csv": lambda rows: joined([[str(i) for i in range(785)], *rows]).encode(),
    "mangled.csv": lambda rows: joined([["0", *(f"0.{i}" for i in range(1, 785))], *rows]).encode(),
    "last.tes": lambda rows: joined([[*row[1:], row[0]] for row in rows]).encode(),
    "hot_tail.tra": lambda rows: joined([[*r[1:], *one_hot(r[0])] for r in rows], " ").encode(),
    "hot_head.csv": lambda rows: joined([[*one_hot(row[0]), *row[1:]] for row in rows]).encode(),
    "string.csv": lambda rows: (
        "label,image\n" + "".join(f'{row[0]},"{" ".join(row[1:])}"\n' for row in rows)
    ).encode(),
    "list.csv": lambda rows: (
        "pixels,usage,label\n"
        + "".join(f'"[{", ".join(row[1:])}]",train,{row[0]}\n' for row in rows)
    ).encode(),
    "rgb.csv": lambda rows: joined(
        [[row[0], *(c for c in row[1:] for _ in range(3))] for row in rows]
    ).encode(),
    "planes.csv": lambda rows: joined([[row[0], *row[1:] * 3] for row in rows]).encode(),
    "digits.arff": lambda rows: (
        "% made\n@relation digits\n"
        + "".join(f"@attribute p{i} real\n" for i in range(784))
        + "@attribute class {0,1,2,3,4,5,6,7,8,9}\n\n@data\n"
        + joined([[*row[1:], row[0]] for row in rows])
    ).encode(),
    "digits.scale": lambda rows: "\n".join(map(sparse, rows)).encode(),
}


@pytest.mark.parametrize("name", DIALECTS)
def test_tables_as_other_programs_write_them(tmp_path: Path, name: str) -> None:
    images, labels = digits(30)
    (tmp_path / name).write_bytes(DIALECTS[name](rows_of(images, labels)))
    data = stored(tmp_path / name)
    part = data.splits["test" if name.endswith(".tes") else "train"]
    np.testing.assert_array_equal(part.images, images)
    np.testing.assert_array_equal(part.labels, labels)
    assert data.card.alphabet == tuple("0123456789")
    kind = {".arff": "ARFF", ".scale": "LIBSVM"}.get(Path(name).suffix, "CSV")
    assert inspect_import(tmp_path / name).format.startswith(kind)


def test_letters_in_the_last_column_are_labels(tmp_path: Path) -> None:
    images, labels = digits(30)
    rows = [[*row[1:], "ABCDEFGHIJ"[int(row[0])]] for row in rows_of(images, labels)]
    (tmp_path / "letters.csv").write_text(joined([[f"p{i}" for i in range(785)], *rows]))
    data = stored(tmp_path / "letters.csv")
    assert data.card.alphabet == tuple("ABCDEFGHIJ")
    np.testing.assert_array_equal(data.splits["train"].labels, labels)


@pytest.mark.parametrize(
    "text",
    [
        lambda labels: joined([one_hot(str(label)) for label in labels], " "),
        lambda labels: joined([["id", "label"], *([f"{i}", f"{k}"] for i, k in enumerate(labels))]),
        lambda labels: joined([["y", "id", "n"], *([f"{k}", "1", "5"] for k in labels)]),
    ],
    ids=["one-hot", "numbered", "named"],
)
def test_labels_in_a_table_of_their_own(tmp_path: Path, text: Callable[[list[int]], str]) -> None:
    images, labels = digits(20)
    np.savetxt(tmp_path / "my_images.csv", images.reshape(20, -1), fmt="%d")
    (tmp_path / "my_labels.csv").write_text(text(labels.tolist()))
    data = stored(tmp_path / "my_images.csv")
    np.testing.assert_array_equal(data.splits["train"].labels, labels)
    assert data.card.alphabet == tuple("0123456789")
    (tmp_path / "my_labels.csv").write_text("1,2,3\n" * 20)
    with pytest.raises(DatasetError, match="one label in each line of my_labels"):
        inspect_import(tmp_path / "my_images.csv")


def test_a_stray_table_is_left_out_and_said(tmp_path: Path) -> None:
    images, labels = digits(20)
    write_csv(tmp_path / "my_train.csv", images, labels)
    (tmp_path / "a_submission.csv").write_text("ImageId,Label\n1,0\n")
    preview = inspect_import(tmp_path)
    assert preview.counts == {"train": 20}
    assert "a_submission.csv is left out" in preview.warnings[-1].sentence


@pytest.mark.parametrize("label", [0, 255])
def test_labels_of_one_class_before_noisy_pixels_are_labels(tmp_path: Path, label: int) -> None:
    images = np.random.default_rng(1).integers(0, 256, (40, 28, 28)).astype(np.uint8)
    table = write_csv(tmp_path / "one.csv", images, np.full(40, label))
    np.testing.assert_array_equal(stored(table).splits["train"].images, images)


@given(
    hnp.arrays(np.uint8, st.tuples(st.integers(1, 9), st.just(7), st.just(7))),
    st.sampled_from(",;\t"),
    st.booleans(),
    st.data(),
)
def test_a_table_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    images: npt.NDArray[np.uint8],
    separator: str,
    packed: bool,
    data: st.DataObject,
) -> None:
    images[0, 0, 0] = 255
    labels = data.draw(hnp.arrays(np.int64, len(images), elements=st.integers(0, 300)))
    # A first column of nothing but paper is taken for a pixel, as it is one in nearly all files.
    assume(len(set(labels.tolist())) > 1 or labels[0] not in (0, 255))
    rows = np.column_stack([labels, images.reshape(len(images), 49)])
    text = "\n".join(separator.join(map(str, row)) for row in rows.tolist()).encode()
    path = tmp_path_factory.mktemp("csv") / f"a.csv{'.gz' * packed}"
    path.write_bytes(gzip.compress(text) if packed else text)
    read = stored(path)
    np.testing.assert_array_equal(read.splits["train"].images, images)
    names = [read.card.alphabet[index] for index in read.splits["train"].labels]
    assert names == [str(label) for label in labels]


def write_pictures(folder: Path, n: int, sizes: tuple[int, ...] = (28,)) -> None:
    images, labels = digits(n)
    for index, (image, label) in enumerate(zip(images, labels.tolist(), strict=True)):
        (folder / str(label)).mkdir(parents=True, exist_ok=True)
        side = sizes[index % len(sizes)]
        picture = Image.fromarray(255 - image).resize((side, side))
        picture.save(folder / str(label) / f"{index:03}.{('png', 'bmp', 'webp')[index % 3]}")


def test_pictures_of_one_size_are_kept_and_a_broken_one_is_left_out(tmp_path: Path) -> None:
    write_pictures(tmp_path / "pics" / "train", 40, (32,))
    write_pictures(tmp_path / "pics" / "test", 10, (32,))
    (tmp_path / "pics" / "train" / "3" / "broken.png").write_bytes(b"nothing")
    preview = inspect_import(tmp_path / "pics")
    assert preview.image_shape == (32, 32)
    assert preview.options.inverted == "yes"
    assert "broken.png" in preview.warnings[-1].sentence
    data = stored(tmp_path / "pics", preview.options)
    assert {split: len(part) for split, part in data.splits.items()} == {"train": 40, "test": 10}
    assert data.card.alphabet == tuple("0123456789")


def test_pictures_of_many_sizes_are_cut_out_to_28(tmp_path: Path) -> None:
    write_pictures(tmp_path / "pics", 20, (28, 64, 200))
    data = stored(tmp_path / "pics")
    assert data.card.image_shape == (28, 28)
    assert all(image.any() and image[0].max() < 128 for image in data.splits["train"].images)


def test_no_picture_that_can_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pics" / "a").mkdir(parents=True)
    (tmp_path / "pics" / "a" / "x.png").write_bytes(b"nothing")
    with pytest.raises(DatasetError, match=r"None of the pictures can be read\. x\.png"):
        inspect_import(tmp_path / "pics")


def test_ink_lines_keep_their_inks(tmp_path: Path) -> None:
    lines = [
        {"label": "g", "strokes": [[[0, 0], [5, 9]], [[1, 1], [2, 2]]]},
        {"character": "1", "strokes": [[[4, 0], [4, 9]]]},
    ]
    path = tmp_path / "inks.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n")
    data = stored(path)
    inks = data.inks("train")
    assert inks is not None
    assert [len(inks.ink(index).strokes) for index in range(2)] == [2, 1]
    assert [data.card.alphabet[index] for index in inks.labels] == ["g", "1"]
    assert stored(path, ImportOptions(classes=("one", "gee"))).card.alphabet == ("one", "gee")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "JSON in line 2"),
        ('{"strokes": [[[1, 2]]]}', "a label in line 2"),
        ('{"label": "a", "strokes": 3}', "In line 2"),
        ('{"label": "a", "strokes": []}', "line 2 of inks.jsonl is empty"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, sentence: str) -> None:
    path = tmp_path / "inks.jsonl"
    path.write_text('{"label": "a", "strokes": [[[1, 2], [3, 4]]]}\n' + line + "\n")
    with pytest.raises(DatasetError, match=sentence):
        inspect_import(path)


def test_a_pen_archive_keeps_its_inks(tmp_path: Path) -> None:
    ink = Ink.from_points([[(0, 0), (4, 9)]])
    archive = PenArchive.from_inks("pens", ("a", "7"), [ink] * 4, np.array([0, 1, 1, 0]))
    write_pen_archive(tmp_path / "pens.npz", archive)
    preview = inspect_import(tmp_path / "pens.npz")
    assert preview.format == "pen archive"
    data = stored(tmp_path / "pens.npz", preview.options)
    inks = data.inks("train")
    assert inks is not None
    assert [data.card.alphabet[index] for index in inks.labels] == ["a", "7", "7", "a"]
