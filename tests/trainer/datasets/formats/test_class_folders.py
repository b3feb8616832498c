"""Pictures in folders as people arrange them: splits, classes, tables of labels, what is left."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from tests.trainer.handwriting import digits, write_csv
from trainer.datasets.dataset import Dataset
from trainer.datasets.formats.import_ import import_dataset, inspect_import
from trainer.datasets.formats.options import ImportChoice, ImportOptions, ImportPreview
from trainer.datasets.store import open_dataset
from trainer.errors import DatasetError

IMAGES, LABELS = digits(40)


def write(path: Path, index: int, *, inverted: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    PillowImage.fromarray(255 - IMAGES[index] if inverted else IMAGES[index]).save(path)


def write_classes(
    folder: Path, low: int = 0, high: int = 20, form: str = "{label}/{n}.png"
) -> None:
    for n in range(low, high):
        write(folder / form.format(label=LABELS[n], n=n), n)


def notes(preview: ImportPreview) -> list[str]:
    return [finding.sentence for finding in preview.warnings if finding.kind == "pictures"]


def stored_split(path: Path) -> Dataset:
    """Return the split for training of what an import stores."""
    with tempfile.TemporaryDirectory() as folder:
        import_dataset(path, inspect_import(path).options, Path(folder) / "stored")
        data = open_dataset(Path(folder) / "stored").splits["train"]
        return replace(data, images=np.array(data.images), labels=np.array(data.labels))


def by_character(path: Path) -> dict[str, int]:
    """Return how many samples of each character are stored."""
    data = stored_split(path)
    return dict(Counter(data.alphabet[label] for label in data.labels.tolist()))


@pytest.mark.parametrize(
    ("writers", "numbers"),
    [(["7", "40"], [7, 40]), (["Bo", "Ann"], [1, 0]), (["1", "Ann"], [0, 1]), (["", "2"], None)],
)
def test_a_table_names_the_writers(
    tmp_path: Path, writers: list[str], numbers: list[int] | None
) -> None:
    write_classes(tmp_path / "data")
    rows = [(f"{LABELS[n]}/{n}.png", LABELS[n], writers[n % 2]) for n in range(20)]
    with (tmp_path / "data" / "labels.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([("file", "label", "author"), *rows])
    data = stored_split(tmp_path / "data")
    if numbers is None:
        assert data.writers is None
    else:
        assert data.writers is not None
        found = dict(zip((i.tobytes() for i in data.images), data.writers.tolist(), strict=True))
        assert [found[IMAGES[n].tobytes()] for n in range(20)] == numbers * 10


@pytest.mark.parametrize("name", ["val", "valid", "validation", "Validation_Set", "valSet"])
def test_a_validation_folder_is_a_split(tmp_path: Path, name: str) -> None:
    write_classes(tmp_path / "train", 0, 20)
    write_classes(tmp_path / name, 20, 30)
    write_classes(tmp_path / "test", 30, 40)
    preview = inspect_import(tmp_path)
    assert preview.counts == {"train": 20, "validation": 10, "test": 10}
    assert preview.alphabet == tuple("0123456789")
    assert notes(preview) == []


def test_a_validation_folder_without_test_is_a_split_too(tmp_path: Path) -> None:
    write_classes(tmp_path / "data" / "trainingSet", 0, 20)
    write_classes(tmp_path / "data" / "valid", 20, 30)
    assert inspect_import(tmp_path).counts == {"train": 20, "validation": 10}


def test_pictures_outside_the_splits_or_without_class_are_said(tmp_path: Path) -> None:
    write_classes(tmp_path / "train", 0, 20)
    write_classes(tmp_path / "extra", 20, 22)
    write(tmp_path / "test" / "unlabelled.png", 30)
    write_classes(tmp_path / "test", 31, 35)
    preview = inspect_import(tmp_path)
    assert preview.counts == {"train": 20, "test": 4}
    assert notes(preview) == [
        "1 picture has no label and is left out: test/unlabelled.png.",
        "2 pictures are in no folder of a split and are left out, extra/0/20.png for instance.",
    ]


def test_hidden_files_and_folders_are_no_classes(tmp_path: Path) -> None:
    write_classes(tmp_path)
    for place in (".ipynb_checkpoints", "__MACOSX/0", "0/.thumbnails", "@eaDir"):
        write(tmp_path / place / "x.png", 0)
    write(tmp_path / "0" / "._0.png", 0)
    preview = inspect_import(tmp_path)
    assert preview.alphabet == tuple("0123456789")
    assert preview.counts == {"train": 20}
    assert notes(preview) == []


@pytest.mark.skipif(sys.platform == "darwin", reason="its names are always decomposed")
def test_composed_and_decomposed_names_are_one_class(tmp_path: Path) -> None:
    for n, name in enumerate(("\u00c4", "A\u0308", "B")):
        write(tmp_path / name / f"{n}.png", n)
    assert by_character(tmp_path) == {"\u00c4": 2, "B": 1}


@pytest.mark.parametrize(
    ("form", "nested"),
    [
        ("digits/{label}/{n}.png", False),
        ("a/b/{label}/{n}.png", False),
        ("{label}/writer{n}/{n}.png", True),
        ("{label}/00{n}/{n}.png", True),
        ("writer{n}/{label}/{n}.png", True),
    ],
)
def test_the_level_of_the_classes_is_found(tmp_path: Path, form: str, nested: bool) -> None:
    write_classes(tmp_path, form=form)
    preview = inspect_import(tmp_path)
    assert preview.alphabet == tuple("0123456789")
    assert preview.counts == {"train": 20}
    assert [note.startswith("Folders lie in folders") for note in notes(preview)] == [True] * nested


def test_words_are_classes_where_no_name_is_a_character(tmp_path: Path) -> None:
    for n, name in enumerate(("alpha", "beta", "gamma/more")):
        write(tmp_path / "greek" / name / f"{n}.png", n)
    assert inspect_import(tmp_path).alphabet == ("alpha", "beta", "gamma")


@pytest.mark.parametrize("form", ["{case}/A", "{case}case/a", "A/{case}"])
def test_the_case_is_that_of_the_folder_around(tmp_path: Path, form: str) -> None:
    write(tmp_path / form.format(case="Upper") / "1.png", 1)
    write(tmp_path / form.format(case="Lower") / "2.png", 2)
    assert by_character(tmp_path) == {"A": 1, "a": 1}


@pytest.mark.parametrize(
    "form", ["{code:x}", "0x{code:02X}", "U+{code:04X}", "{n}_digit", "Sample{sample:03}", "{word}"]
)
def test_the_characters_that_folders_stand_for_are_proposed(tmp_path: Path, form: str) -> None:
    words = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    for n in range(40):
        digit = int(LABELS[n])
        name = form.format(code=ord("0") + digit, n=digit, sample=digit + 1, word=words[digit])
        write(tmp_path / name / f"{n}.png", n)
    (finding,) = inspect_import(tmp_path).warnings
    assert finding.fix is not None
    preview = inspect_import(tmp_path, finding.fix)
    assert sorted(preview.alphabet) == list("0123456789")
    for image, character in zip(preview.images, preview.labels, strict=True):
        assert any(np.array_equal(image, each) for each in IMAGES[int(character) == LABELS])


def test_the_case_of_a_name_is_proposed(tmp_path: Path) -> None:
    for n in range(40):
        write(tmp_path / ("l_lower" if LABELS[n] == 1 else f"{LABELS[n]}_class") / f"{n}.png", n)
    (finding,) = inspect_import(tmp_path).warnings
    assert finding.fix is not None
    assert set(finding.fix.classes or ()) == set("0l23456789")


@pytest.mark.parametrize(
    ("title", "name"), [("file", "pics/{n}.png"), ("image", "{n}.png"), ("id", "{n}")]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_labels_are_those_of_a_table_beside_the_pictures(
    tmp_path: Path, title: str, name: str, encoding: str
) -> None:
    write_classes(tmp_path, form="pics/{n}.png")
    with (tmp_path / "labels.csv").open("w", newline="", encoding=encoding) as stream:
        table = csv.writer(stream, delimiter=";")
        table.writerow(("width", title, "label"))
        for n in range(19):
            table.writerow((28, name.format(n=n), LABELS[n]))
        table.writerow((28, "missing.png", 3))
    preview = inspect_import(tmp_path)
    assert preview.counts == {"train": 19}
    assert notes(preview) == [
        "The labels are those in labels.csv, column label.",
        "1 rows of labels.csv have no label or no picture.",
        "1 picture has no label and is left out: pics/19.png.",
    ]
    assert by_character(tmp_path) == dict(Counter(str(label) for label in LABELS[:19].tolist()))


def test_a_short_line_of_a_table_has_no_label(tmp_path: Path) -> None:
    write_classes(tmp_path, 0, 3, form="{n}.png")
    (tmp_path / "labels.csv").write_text("0.png\n1.png,B\n2.png,C\n")
    preview = inspect_import(tmp_path)
    assert preview.alphabet == ("B", "C")
    assert "1 rows of labels.csv have no label or no picture." in notes(preview)


def test_a_table_of_one_hot_columns_names_the_classes(tmp_path: Path) -> None:
    rows = ["filename,A,B"]
    for n in range(4):
        write(tmp_path / f"{n}.png", n)
        rows.append(f"{n}.png,{n % 2},{1 - n % 2}")
    (tmp_path / "_classes.csv").write_text("\n".join(rows))
    assert by_character(tmp_path) == {"A": 2, "B": 2}


def test_a_table_for_each_split_says_the_split(tmp_path: Path) -> None:
    write_classes(tmp_path, form="pics/{n}.png")
    for name, chosen in (("train", range(12)), ("test", range(12, 20))):
        lines = [f"pics/{n}.png,{LABELS[n]}" for n in chosen]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines))
    assert inspect_import(tmp_path).counts == {"train": 12, "test": 8}


def test_a_column_of_splits_is_followed(tmp_path: Path) -> None:
    lines = ["file,label,split"]
    for n in range(20):
        write(tmp_path / f"{n}.png", n)
        lines.append(f"{n}.png,{LABELS[n]},{'train' if n < 15 else 'test'}")
    (tmp_path / "labels.csv").write_text("\n".join(lines))
    assert inspect_import(tmp_path).counts == {"train": 15, "test": 5}


def test_a_table_that_names_no_picture_is_not_used_and_said(tmp_path: Path) -> None:
    write_classes(tmp_path)
    (tmp_path / "writers.csv").write_text("writer,age\n1,30\n2,40\n")
    preview = inspect_import(tmp_path)
    assert preview.counts == {"train": 20}
    assert notes(preview) == ["1 table beside the pictures is not used: writers.csv."]


@pytest.mark.parametrize("every", [2, 4])
def test_both_polarities_in_one_set_are_each_turned_right(tmp_path: Path, every: int) -> None:
    for n in range(40):
        write(tmp_path / str(LABELS[n]) / f"{n}.png", n, inverted=n % every == 0)
    preview = inspect_import(tmp_path)
    assert preview.options.inverted == ImportChoice.AUTO
    (finding,) = preview.warnings
    assert finding.sentence == (
        f"The paper is light in {40 // every} of 40 samples, dark in the others."
    )
    known = {image.tobytes() for image in IMAGES}
    assert {image.tobytes() for image in stored_split(tmp_path).images} == known


def test_the_paper_of_the_test_split_counts_too(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "half.npz",
        x_train=IMAGES[:20],
        y_train=LABELS[:20],
        x_test=255 - IMAGES[20:],
        y_test=LABELS[20:],
    )
    assert inspect_import(tmp_path / "half.npz").options.inverted == ImportChoice.AUTO


def test_a_few_of_the_other_polarity_are_said(tmp_path: Path) -> None:
    for n in range(40):
        write(tmp_path / str(LABELS[n]) / f"{n}.png", n, inverted=n < 2)
    preview = inspect_import(tmp_path)
    assert preview.options.inverted == ImportChoice.NO
    (finding,) = preview.warnings
    assert finding.sentence == "The paper is light in 2 of 40 samples, dark in the others."
    forced = inspect_import(tmp_path, ImportOptions(inverted="yes"))
    assert "inverted" in [each.kind for each in forced.warnings]


def test_nothing_to_import_says_what_was_found(tmp_path: Path) -> None:
    for n in range(3):
        (tmp_path / "0").mkdir(exist_ok=True)
        (tmp_path / "0" / f"{n}.heic").write_bytes(b"\0\0\0\x18ftypheic")
    (tmp_path / "notes.docx").write_bytes(b"PK")
    with pytest.raises(DatasetError, match=r"Found: 3 \.heic, 1 \.docx\.") as caught:
        inspect_import(tmp_path)
    assert "3 pictures are of a format that is not read" in caught.value.hint


def test_pictures_without_any_label_are_refused_with_how_to_arrange_them(tmp_path: Path) -> None:
    for n in range(3):
        write(tmp_path / f"{n}.png", n)
    with pytest.raises(DatasetError, match=r"nothing to import.* Found: 3 \.png\.") as caught:
        inspect_import(tmp_path)
    assert "3 pictures have no label" in caught.value.hint
    assert "beside a CSV" in caught.value.hint


def test_a_picture_beside_tables_does_not_hide_them(tmp_path: Path) -> None:
    write_csv(tmp_path / "mnist_train.csv", IMAGES, LABELS)
    write(tmp_path / "images" / "preview.png", 0)
    assert inspect_import(tmp_path).counts == {"train": 40}


def test_a_stray_table_does_not_block_the_others(tmp_path: Path) -> None:
    write_csv(tmp_path / "mnist_train.csv", IMAGES[:30], LABELS[:30])
    write_csv(tmp_path / "mnist_test.csv", IMAGES[30:], LABELS[30:])
    (tmp_path / "sample_submission.csv").write_text("ImageId,Label\n1,0\n2,0\n")
    preview = inspect_import(tmp_path)
    assert preview.counts == {"train": 30, "test": 10}
    (note,) = notes(preview)
    assert note.startswith("sample_submission.csv is left out: ")


def test_tables_in_folders_of_their_name_are_found(tmp_path: Path) -> None:
    for name, chosen in (("mnist_train.csv", slice(30)), ("mnist_test.csv", slice(30, 40))):
        (tmp_path / "archive" / name).mkdir(parents=True)
        write_csv(tmp_path / "archive" / name / name, IMAGES[chosen], LABELS[chosen])
    assert inspect_import(tmp_path).counts == {"train": 30, "test": 10}


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_to_a_folder_above_is_not_followed(tmp_path: Path) -> None:
    write_classes(tmp_path)
    (tmp_path / "0" / "again").symlink_to(tmp_path, target_is_directory=True)
    assert inspect_import(tmp_path).counts == {"train": 20}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    write_classes(tmp_path)
    for name in ("0/pipe.png", "labels.csv"):
        os.mkfifo(tmp_path / name)
    preview = inspect_import(tmp_path)
    assert preview.counts == {"train": 20}
    assert notes(preview) == ["2 files are left out, 0/pipe.png for instance."]


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode there")
def test_a_name_of_half_characters_can_be_stored(tmp_path: Path) -> None:
    write_classes(tmp_path, 0, 2)
    write(tmp_path / os.fsdecode(b"\xff") / "2.png", 2)
    assert by_character(tmp_path) == {"0": 1, "1": 1, "\ufffd": 1}


def test_a_long_path_is_shortened_in_a_note(tmp_path: Path) -> None:
    write_classes(tmp_path, form="{label}/" + "deep/" * 30 + "{n}.png")
    (note,) = notes(inspect_import(tmp_path))
    assert "/deep/0.png is 0." in note
    assert len(note) < 150


def test_what_is_left_out_says_why(tmp_path: Path) -> None:
    write_classes(tmp_path / "pics")
    broken = tmp_path / "pics" / str(LABELS[3]) / "3.png"
    broken.write_bytes(b"no picture")
    (note,) = notes(inspect_import(tmp_path / "pics"))
    assert note.startswith("1 picture is left out: 3.png")


def test_an_import_without_a_sample_stores_nothing(tmp_path: Path) -> None:
    for label, size in (("a", (300, 200)), ("b", (200, 300))):
        (tmp_path / "pics" / label).mkdir(parents=True)
        PillowImage.new("L", size, 255).save(tmp_path / "pics" / label / "1.png")
    with pytest.raises(DatasetError, match="None of the 2 samples of pics can be used") as raised:
        import_dataset(tmp_path / "pics", None, tmp_path / "stored")
    assert "a/1.png shows no ink" in raised.value.hint
    assert not (tmp_path / "stored").exists()


@pytest.mark.parametrize("form", ["{label}_{n:04}.png", "img-{n:04}-{label}.png"])
def test_labels_may_be_in_the_names_of_the_files(tmp_path: Path, form: str) -> None:
    write_classes(tmp_path, form=form)
    preview = inspect_import(tmp_path)
    assert by_character(tmp_path) == dict(Counter(str(label) for label in LABELS[:20].tolist()))
    (note,) = notes(preview)
    assert note.startswith("The labels are taken from the names of the files; ")


@pytest.mark.parametrize("name", ["labels.json", "records.json", "metadata.jsonl"])
def test_labels_may_be_json(tmp_path: Path, name: str) -> None:
    write_classes(tmp_path, form="pics/{n}.png")
    labels = {f"pics/{n}.png": int(LABELS[n]) for n in range(20)}
    records = [{"file_name": file, "label": label} for file, label in labels.items()]
    lines = "\n".join(map(json.dumps, records))
    text = json.dumps(labels if name == "labels.json" else records)
    (tmp_path / name).write_text(lines if name.endswith("l") else text)
    assert by_character(tmp_path) == dict(Counter(str(label) for label in LABELS[:20].tolist()))
    (note,) = notes(inspect_import(tmp_path))
    assert note.startswith(f"The labels are those in {name}")


def test_half_characters_in_json_are_replaced(tmp_path: Path) -> None:
    for n in range(2):
        write(tmp_path / f"{n}.png", n)
    (tmp_path / "labels.json").write_text('{"0.png": "\\ud800", "1.png": "B"}')
    assert by_character(tmp_path) == {"B": 1, "\ufffd": 1}


def test_strays_beside_pictures_are_counted(tmp_path: Path) -> None:
    write_classes(tmp_path)
    (tmp_path / "readme.txt").write_text("About these pictures.")
    (tmp_path / "notes.json").write_text('{"by": "me"}')
    assert notes(inspect_import(tmp_path)) == ["2 files are left out, notes.json for instance."]


def test_a_folder_named_after_both_cases_says_none(tmp_path: Path) -> None:
    write(tmp_path / "Upper_Lower" / "Upper" / "A" / "1.png", 1)
    write(tmp_path / "Upper_Lower" / "Lower" / "a" / "2.png", 2)
    assert by_character(tmp_path) == {"A": 1, "a": 1}


INKS = {
    "svg": '<svg><path fill="none" stroke="#000" d="M1 1 L1 9 L{0} 9"/></svg>',
    "inkml": "<ink><trace>1 1, 1 9, {0} 9</trace></ink>",
    "json": '{{"strokes": [[[1, 1], [1, 9], [{0}, 9]]]}}',
}


@pytest.mark.parametrize("suffix", INKS)
@pytest.mark.parametrize("is_packed", [False, True])
def test_class_folders_of_inks_are_kept_as_inks(
    tmp_path: Path, suffix: str, is_packed: bool
) -> None:
    folder = tmp_path / "inks"
    for n, label in enumerate("LLIIL"):
        file = folder / "train" / label / f"{n}.{suffix}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(INKS[suffix].format(5 + n))
    (folder / "train" / "L" / f"bad.{suffix}").write_text("<ink>")
    source = Path(shutil.make_archive(str(folder), "zip", folder)) if is_packed else folder
    preview = inspect_import(source)
    assert preview.counts == {"train": 5}
    (note,) = notes(preview)
    assert note.startswith("1 file with inks is left out: ")
    import_dataset(source, None, tmp_path / "stored")
    archive = open_dataset(tmp_path / "stored").inks("train")
    assert archive is not None
    assert [archive.alphabet[label] for label in archive.labels] == list("IILLL")


def test_a_folder_of_files_for_each_split_is_one_dataset(tmp_path: Path) -> None:
    ink = '{"label": "a", "strokes": [[[1, 2], [3, 4]]]}\n'
    for name, n in (("train", 3), ("valid", 2), ("test", 1)):
        (tmp_path / f"{name}.jsonl").write_text(ink * n)
    assert inspect_import(tmp_path).counts == {"train": 3, "validation": 2, "test": 1}
    (tmp_path / "second.jsonl").write_text(ink)
    with pytest.raises(DatasetError, match=r"holds several data sets: .*jsonl and train\.jsonl"):
        inspect_import(tmp_path)


def test_one_file_of_data_in_a_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "data" / "more").mkdir(parents=True)
    np.savez(tmp_path / "data" / "more" / "some.npz", images=IMAGES, labels=LABELS)
    (tmp_path / "licence").write_text("free")
    preview = inspect_import(tmp_path / "data")
    assert (preview.format, preview.counts) == ("numpy archive", {"train": 40})


@pytest.mark.parametrize(
    ("name", "kind", "hint"),
    [
        ("a.xlsx", "a spreadsheet", "Save it as CSV"),
        ("a.feather", "a table or database of other programs", "pandas"),
        ("a.png", "a single picture or page", "python -m trainer recognize"),
        ("a.heic", "a picture in a format that is not read", "PNG or JPEG"),
        ("a.pdf", "a single picture or page", "folder of pictures for each class"),
        ("a.onnx", "a model", "Open it as a model"),
    ],
)
def test_files_of_another_kind_are_named(tmp_path: Path, name: str, kind: str, hint: str) -> None:
    (tmp_path / name).write_bytes(b"%PDF-1.7\n" + bytes(100))
    with pytest.raises(DatasetError, match=f"^{name} is {kind}, and is not imported") as caught:
        inspect_import(tmp_path / name)
    assert hint in caught.value.hint
