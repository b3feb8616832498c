"""Files that the hunt with broken files has found to be read too trustingly."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.trainer.archives import write_archive
from trainer.datasets.formats.import_ import import_dataset, inspect_import
from trainer.datasets.ink_archive import read_pen_archive
from trainer.datasets.store import CARD_NAME, DatasetWriter, read_card
from trainer.errors import BundleError, DatasetError, ProfileError, RunError
from trainer.exporting.bundle_file import import_bundle
from trainer.files.npz import check_texts
from trainer.files.profiles import Profiles
from trainer.runs.folder import RunFolder
from trainer.training.checkpoints import Snapshot, load_snapshot, save_snapshot


def test_a_member_that_is_no_array_is_named(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "pen.npz", n=4)
    with zipfile.ZipFile(path) as sound:
        members = {name: sound.read(name) for name in sound.namelist()}
    members["label.npy"] = b"no header"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(DatasetError, match="label is no array"):
        read_pen_archive(path)


@pytest.mark.parametrize("code", [0xD800, 0x110000, 0xFFFFFFFF])
def test_labels_that_are_no_characters_are_refused(code: int, tmp_path: Path) -> None:
    labels = np.array([97, code, 98], dtype=np.uint32).view("U1")
    np.savez(tmp_path / "some.npz", images=np.ones((3, 28, 28), np.uint8), labels=labels)
    np.save(tmp_path / "some_images.npy", np.ones((3, 28, 28), np.uint8))
    np.save(tmp_path / "some_labels.npy", labels)
    for name in ("some.npz", "some_images.npy"):
        with pytest.raises(DatasetError, match="a text in it is damaged"):
            inspect_import(tmp_path / name)


@pytest.mark.parametrize(
    "values", [np.array("ab"), np.array(["", "äß", "𝛼"]), np.zeros((0,), "U3"), np.arange(3)]
)
def test_sound_texts_pass(values: np.ndarray) -> None:
    check_texts(values)
    check_texts(values.astype(values.dtype.newbyteorder()))


def test_a_card_with_half_a_character_is_refused(tmp_path: Path) -> None:
    with DatasetWriter(tmp_path / "some", title="Some", alphabet=("a",)) as writer:
        writer.append("train", np.ones((1, 28, 28), np.uint8), np.zeros(1, np.int64))
    card = json.loads((tmp_path / "some" / CARD_NAME).read_text())
    (tmp_path / "some" / CARD_NAME).write_text(json.dumps({**card, "alphabet": ["\ud800"]}))
    with pytest.raises(DatasetError, match="no card of a dataset"):
        read_card(tmp_path / "some")


@pytest.mark.parametrize("name", ["../escaped", "/escaped", "a\\..\\..\\escaped"])
def test_a_keras_file_that_reaches_out_is_refused(name: str, tmp_path: Path) -> None:
    pytest.importorskip("keras")
    from trainer.evaluation.keras_classifier import KerasClassifier

    with zipfile.ZipFile(tmp_path / "some.keras", "w") as archive:
        archive.writestr(name, b"")
    with pytest.raises(BundleError, match="holds a file called"):
        KerasClassifier(tmp_path / "some.keras", ("a", "b"))


def test_a_matlab_import_ends_while_the_file_is_read(tmp_path: Path) -> None:
    class UnwantedError(Exception):
        pass

    def check() -> None:
        raise UnwantedError

    (tmp_path / "emnist.mat").write_bytes(b"MATLAB 5.0 MAT-file".ljust(200))
    with pytest.raises(UnwantedError):
        import_dataset(tmp_path / "emnist.mat", None, tmp_path / "out", check=check)
    assert not (tmp_path / "out").exists()


def damaged_zip(path: Path, member: str, damage: str) -> Path:
    method = zipfile.ZIP_LZMA if damage == "lzma" else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr(member, "content")
        if damage == "name":
            archive.writestr("é", "")
    content = path.read_bytes()
    if damage == "name":
        content = content.replace("é".encode(), b"\xff\xff")
    else:
        begin = 30 + len(member) + len(b"....")  # the first header, and that of LZMA
        content = content[:begin] + b"\xff" * 5 + content[begin + 5 :]
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("damage", ["name", "lzma"])
def test_damaged_zips_are_said_to_be(tmp_path: Path, damage: str) -> None:
    profile = damaged_zip(tmp_path / "profile.zip", "profile.json", damage)
    with pytest.raises(ProfileError, match="is damaged"):
        Profiles(tmp_path / "home").import_(profile)
    bundle = damaged_zip(tmp_path / "bundle.zip", "bundle.json", damage)
    with pytest.raises(BundleError, match="Expected a bundle"):
        import_bundle(bundle, tmp_path / "runs")


def test_an_empty_array_of_a_checkpoint_is_said(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    save_snapshot(folder, 1, Snapshot([], [], [], np.ones(2, dtype=bool), {}))
    checkpoint = folder.last_checkpoint()
    assert checkpoint is not None
    (checkpoint / "usable.npy").write_bytes(b"")
    with pytest.raises(RunError, match="The checkpoint epoch-0001 cannot be read"):
        load_snapshot(folder)
