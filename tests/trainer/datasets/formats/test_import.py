"""Import: what is found in real files, what is stored of them, and what is refused."""

from __future__ import annotations

import errno
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.trainer.handwriting import digit_inks, digits, idx, write_csv, write_idx
from trainer.datasets.formats.import_ import ImportOptions, import_dataset, inspect_import
from trainer.datasets.formats.import_plan import make_plan
from trainer.datasets.formats.options import Finding, ImportChoice
from trainer.datasets.formats.source import ImportSource, array_split
from trainer.datasets.store import GrowingArray, open_dataset
from trainer.errors import DatasetError
from trainer.ink.alphabet import LETTERS
from trainer.ink.render import ink_to_image


def kinds(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.kind for finding in findings]


def test_a_csv_with_the_wrong_orientation_is_turned_and_said(tmp_path: Path) -> None:
    images, labels = digits(40)
    table = write_csv(tmp_path / "mine.csv", images.swapaxes(1, 2), labels)
    preview = inspect_import(table)
    assert preview.options.transposed == ImportChoice.YES
    (finding,) = preview.warnings
    assert finding.kind == "transposed"
    assert "transposed" in finding.sentence
    card = import_dataset(table, preview.options, tmp_path / "mine")
    stored = open_dataset(tmp_path / "mine").splits["train"]
    np.testing.assert_array_equal(stored.images, images)
    np.testing.assert_array_equal(stored.labels, labels)
    assert card.alphabet == tuple("0123456789")


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("transposed", [False, True])
def test_every_orientation_is_found_and_mended(tmp_path: Path, transposed: bool, turn: int) -> None:
    images, labels = digits(40)
    lying = np.rot90(images, turn // 90, axes=(1, 2))
    lying = lying.swapaxes(1, 2) if transposed else lying
    np.savez(tmp_path / "lying.npz", images=lying, labels=labels)
    preview = inspect_import(tmp_path / "lying.npz")
    assert kinds(preview.warnings) == ["transposed"] * (transposed or turn > 0)
    import_dataset(tmp_path / "lying.npz", preview.options, tmp_path / "out")
    stored = open_dataset(tmp_path / "out").splits["train"]
    np.testing.assert_array_equal(stored.images, images)
    forced = inspect_import(tmp_path / "lying.npz", ImportOptions(transposed="no", turn=turn))
    if transposed:
        (finding,) = forced.warnings
        assert finding.fix is not None
        assert (finding.fix.transposed, finding.fix.turn) == (ImportChoice.YES, turn)


def test_turns_change_height_and_width(tmp_path: Path) -> None:
    images, labels = digits(40)
    np.savez(tmp_path / "flat.npz", images=np.rot90(images[:, :, 4:24], axes=(1, 2)), labels=labels)
    preview = inspect_import(tmp_path / "flat.npz")
    assert (preview.options.turn, preview.image_shape) == (90, (28, 20))
    with pytest.raises(DatasetError, match=r"Expected a turn .*Received: 45"):
        inspect_import(tmp_path / "flat.npz", ImportOptions(turn=45))


def test_drawings_with_y_upwards_are_mended_and_said(tmp_path: Path) -> None:
    inks = digit_inks(40)
    lines = [
        {
            "label": str(index % 10),
            "strokes": [[[x, -y] for x, y in s.points.tolist()] for s in ink.strokes],
        }
        for index, ink in enumerate(inks)
    ]
    (tmp_path / "up.jsonl").write_text("\n".join(map(json.dumps, lines)))
    preview = inspect_import(tmp_path / "up.jsonl")
    assert kinds(preview.warnings) == ["transposed"]
    assert "top and bottom" in preview.warnings[0].sentence
    import_dataset(tmp_path / "up.jsonl", preview.options, tmp_path / "out")
    stored = open_dataset(tmp_path / "out")
    archive = stored.inks("train")
    assert archive is not None
    for index in (2, 4, 7):
        difference = ink_to_image(archive.ink(index)).astype(int) - ink_to_image(inks[index])
        assert abs(difference).max() <= 8
    np.testing.assert_array_equal(archive.render().images, stored.splits["train"].images)


def test_label_10_may_be_the_digit_0(tmp_path: Path) -> None:
    images, labels = digits(40)
    np.savez(tmp_path / "ten.npz", images=images, labels=np.where(labels == 0, 10, labels))
    (finding,) = inspect_import(tmp_path / "ten.npz").warnings
    assert finding.fix is not None
    assert finding.fix.classes == tuple("1234567890")


def test_labels_of_other_images_are_warned_about(tmp_path: Path) -> None:
    images, labels = digits(40)
    mixed = np.random.default_rng(1).permutation(labels)
    np.savez(tmp_path / "mixed.npz", images=images, labels=mixed)
    assert kinds(inspect_import(tmp_path / "mixed.npz").warnings) == ["unread"]


@pytest.mark.parametrize(
    ("stored_as", "kind"),
    [
        (lambda images: np.rint(images / 255.0 * 16), "up to 16,"),
        (lambda images: (images // 16).astype(np.uint8), "up to 16,"),
        (lambda images: images.astype(np.uint16) * 16, "up to 4095,"),
        (lambda images: images.astype(np.uint16) * 257, "up to 65535,"),
        (lambda images: images // 5, "50 of 255"),
    ],
)
def test_other_ranges_of_ink_are_scaled_or_said(
    tmp_path: Path, stored_as: Callable[[np.ndarray], np.ndarray], kind: str
) -> None:
    images, labels = digits(40)
    np.savez(tmp_path / "range.npz", images=stored_as(images), labels=labels)
    preview = inspect_import(tmp_path / "range.npz")
    assert kind in preview.warnings[0].sentence
    assert preview.images.max() > 230 or kind == "50 of 255"


def test_forcing_the_wrong_orientation_is_warned_about_with_a_fix(tmp_path: Path) -> None:
    images, labels = digits(40)
    table = write_csv(tmp_path / "mine.csv", images.swapaxes(1, 2), labels)
    preview = inspect_import(table, ImportOptions(transposed="no"))
    assert preview.options.transposed == ImportChoice.NO
    (finding,) = preview.warnings
    assert finding.fix is not None
    mended = inspect_import(table, finding.fix)
    assert mended.options.transposed == ImportChoice.YES
    assert mended.warnings == ()


def test_upright_data_raise_no_warning(tmp_path: Path) -> None:
    images, labels = digits(40)
    np.savez(tmp_path / "fine.npz", images=images, labels=labels)
    preview = inspect_import(tmp_path / "fine.npz")
    assert preview.warnings == ()
    assert preview.images.shape == (16, 28, 28)
    assert len(preview.labels) == 16


def test_dark_ink_is_inverted_and_said(tmp_path: Path) -> None:
    images, labels = digits(40)
    np.savez(tmp_path / "dark.npz", x=255 - images, y=labels)
    preview = inspect_import(tmp_path / "dark.npz")
    assert kinds(preview.warnings) == ["inverted"]
    import_dataset(tmp_path / "dark.npz", None, tmp_path / "dark")
    np.testing.assert_array_equal(open_dataset(tmp_path / "dark").splits["train"].images, images)
    forced = inspect_import(tmp_path / "dark.npz", ImportOptions(inverted="no", transposed="no"))
    assert "inverted" in kinds(forced.warnings)


def test_labels_that_are_off_by_one_are_noticed(tmp_path: Path) -> None:
    images, labels = digits(40)
    np.savez(tmp_path / "off.npz", images=images, labels=(labels + 1) % 10)
    finding = inspect_import(tmp_path / "off.npz").warnings[0]
    assert finding.kind == "mapping"
    assert finding.fix is not None
    assert finding.fix.classes == tuple("9012345678")
    assert inspect_import(tmp_path / "off.npz", finding.fix).warnings == ()


def test_character_codes_are_noticed(tmp_path: Path) -> None:
    images, labels = digits(40)
    np.savez(tmp_path / "codes.npz", images=images, labels=labels + ord("0"))
    finding = inspect_import(tmp_path / "codes.npz").warnings[0]
    assert finding.fix is not None
    assert finding.fix.classes == tuple("0123456789")


def test_emnist_letters_start_at_one(tmp_path: Path) -> None:
    images, labels = digits(52)
    write_idx(tmp_path, "emnist-letters-train", images.swapaxes(1, 2), labels % 26 + 1)
    preview = inspect_import(tmp_path)
    assert preview.alphabet == LETTERS
    assert preview.format == "IDX, gzipped"
    import_dataset(tmp_path, ImportOptions(transposed="yes"), tmp_path / "letters")
    stored = open_dataset(tmp_path / "letters").splits["train"]
    np.testing.assert_array_equal(stored.images, images)
    np.testing.assert_array_equal(stored.labels, labels % 26)


def test_a_mapping_file_gives_the_characters(tmp_path: Path) -> None:
    images, labels = digits(40)
    write_idx(tmp_path, "emnist-balanced-test", images.swapaxes(1, 2), labels)
    codes = "\n".join(f"{label} {ord('a') + label}" for label in range(10))
    (tmp_path / "emnist-balanced-mapping.txt").write_text(codes)
    preview = inspect_import(tmp_path)
    assert preview.alphabet == tuple("abcdefghij")
    assert preview.counts == {"test": 40}
    (tmp_path / "emnist-balanced-mapping.txt").write_text("0 48\n1 fortynine\n")
    with pytest.raises(DatasetError, match="line 2 of emnist-balanced-mapping"):
        inspect_import(tmp_path)


def test_a_label_outside_the_mapping_is_refused(tmp_path: Path) -> None:
    images, labels = digits(20)
    write_idx(tmp_path, "emnist-digits-train", images, labels + 1)
    with pytest.raises(DatasetError, match=r"Expected labels 0 to 9\. Received: 10"):
        inspect_import(tmp_path)


def test_hex_arrays_keep_their_size_or_are_brought_to_28(tmp_path: Path) -> None:
    images = np.zeros((34, 20, 20), dtype=np.float32)
    images[:, 5:15, 8:12] = 0.5
    labels = np.arange(34) % 17
    np.save(tmp_path / "emnist_hex_images.npy", images.reshape(34, 400))
    np.save(tmp_path / "emnist_hex_labels.npy", labels)
    path = tmp_path / "emnist_hex_images.npy"
    preview = inspect_import(path)
    assert preview.name == "emnist-hex"
    assert preview.image_shape == (20, 20)
    assert preview.alphabet == tuple(map(str, range(17)))
    assert kinds(preview.warnings) == ["unread", "size"]
    names = (*"0123456789ABCDEF", "?")
    options = ImportOptions(classes=names, resize=28)
    card = import_dataset(path, options, tmp_path / "hex", title="Hex")
    assert (card.alphabet, card.image_shape, card.title) == (names, (28, 28), "Hex")
    with pytest.raises(DatasetError, match="Expected 17 different names"):
        inspect_import(path, ImportOptions(classes=("a", "b")))


def test_cancel_half_way_leaves_nothing(tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    images, labels = digits(20)
    np.savez(
        tmp_path / "many.npz", images=np.tile(images, (300, 1, 1)), labels=np.tile(labels, 300)
    )
    told: list[tuple[int, int]] = []

    def check() -> None:
        if told:
            raise StoppedError

    with pytest.raises(StoppedError):
        import_dataset(
            tmp_path / "many.npz",
            None,
            tmp_path / "sets" / "many",
            report=lambda done, total: told.append((done, total)),
            check=check,
        )
    assert told == [(2_000, 6_000)]
    assert list((tmp_path / "sets").iterdir()) == []


def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images, labels = digits(20)
    np.savez(tmp_path / "some.npz", images=images, labels=labels)

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(GrowingArray, "append", full)
    with pytest.raises(DatasetError, match="No space left on device") as caught:
        import_dataset(tmp_path / "some.npz", None, tmp_path / "sets" / "some")
    assert "Make room" in caught.value.hint
    assert list((tmp_path / "sets").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "is empty"),
        ("page.npz", b"<!DOCTYPE html><html>", "a web page"),
        ("model.pkl", b"\x80\x04", "known format"),
        ("mnist.pkl.gz", gzip.compress(b"\x80\x04", mtime=0), "known format"),
        ("cut.csv.gz", gzip.compress(b"1,2,3,4,5\n" * 999, mtime=0)[:30], "cannot be read"),
        ("odd.npz", b"PK\x03\x04nonsense", "cannot be read"),
        ("odd.npy", b"\x93NUMPY\x01\x00", "no labels beside it"),
        ("lone-images-idx3-ubyte", idx(np.zeros((1, 2, 2))), "no labels beside it"),
    ],
)
def test_what_is_no_data_is_refused(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DatasetError, match=sentence) as caught:
        inspect_import(tmp_path / name)
    assert caught.value.hint
    assert ("pkl" in name) == ("pickled objects" in caught.value.hint)


def test_missing_and_empty_places_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="There is no"):
        inspect_import(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match="nothing to import"):
        inspect_import(tmp_path)
    (tmp_path / "a.csv").write_text("1,2,3,4,5\n")
    with pytest.raises(DatasetError, match=r"There is no .*labels\.csv"):
        inspect_import(tmp_path / "a.csv", ImportOptions(labels=tmp_path / "labels.csv"))


@given(
    hnp.arrays(np.uint8, st.tuples(st.integers(1, 6), st.integers(2, 9), st.integers(2, 9))),
    st.booleans(),
    st.booleans(),
    st.data(),
)
def test_a_plan_turns_and_inverts_exactly(
    images: np.ndarray, transposed: bool, inverted: bool, data: st.DataObject
) -> None:
    labels = data.draw(hnp.arrays(np.int64, len(images), elements=st.integers(0, 9)))
    lying = images.swapaxes(1, 2) if transposed else images
    raw = 255 - lying if inverted else lying
    assume(raw.max() > 16)
    part = array_split(raw, labels, "arrays")
    source = ImportSource("arrays", "x", raw.shape[1:], {"train": part})
    options = ImportOptions(
        transposed="yes" if transposed else "no", inverted="yes" if inverted else "no"
    )
    plan = make_plan(source, options, judge=False)
    chunk = next(part.chunks())
    np.testing.assert_array_equal(plan.images(chunk.images), images)
    names = [plan.alphabet[index] for index in plan.labels(chunk.labels).tolist()]
    assert names == [str(label) for label in labels.tolist()]
