"""The catalogue: what there is, what is here, what is broken."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ROOT
from tests.trainer.archives import write_archive
from tests.trainer.servers import miniature
from trainer.datasets.catalog import Catalog
from trainer.datasets.dataset import Dataset
from trainer.datasets.download.sources import published
from trainer.datasets.entry import Kind
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.load import describe, load_data
from trainer.datasets.my_samples import MySamples
from trainer.datasets.store import DatasetWriter
from trainer.errors import DatasetError
from trainer.files.paths import Profile
from trainer.ink.strokes import Ink


def _nothing(*_: object) -> None:
    pass


@pytest.fixture
def catalog(own_profile: Path) -> Catalog:
    return Catalog(Profile(own_profile))


def store(folder: Path, n: int = 6, title: str = "Signs") -> Path:
    """Store a dataset of three classes, two thirds of it to train on."""
    images = np.random.default_rng(n).integers(0, 256, (n, 10, 12), dtype=np.uint8)
    labels = np.arange(n) % 3
    alphabet = ("+", "-", "×")
    with DatasetWriter(
        folder, title=title, alphabet=alphabet, image_shape=(10, 12), terms="None."
    ) as writer:
        cut = 2 * n // 3
        writer.append("train", images[:cut], labels[:cut])
        writer.append("test", images[cut:], labels[cut:])
    return folder


# The facts


def test_a_fresh_profile_lists_what_could_be_had(catalog: Catalog, own_profile: Path) -> None:
    entries = {entry.name: entry for entry in catalog.entries()}
    assert list(entries) == [
        *(f"emnist-{s}" for s in ("balanced", "byclass", "bymerge", "letters", "digits", "mnist")),
        *("mnist", "starter", "my-samples"),
    ]
    assert not any(entry.is_present or entry.error for entry in entries.values())
    balanced = entries["emnist-balanced"]
    assert (balanced.classes, balanced.counts) == (47, {"train": 112_800, "test": 18_800})
    assert balanced.class_counts["test"] == (400,) * 47
    assert balanced.download_bytes == 28_207_740 + 80_618 + 4_714_707 + 13_504
    assert balanced.kind is Kind.EMNIST
    assert entries["emnist-byclass"].class_counts == {}
    for name in ("emnist-balanced", "mnist", "starter"):
        assert entries[name].terms
        assert entries[name].disk_bytes > 0
        assert entries[name].can_be_obtained
    assert not own_profile.exists()


def test_the_counts_agree_with_one_another() -> None:
    for facts in published():
        for split in facts.splits.values():
            assert split.images.plain_bytes == 16 + 784 * split.samples
            assert split.labels.plain_bytes == 8 + split.samples
            assert sum(split.per_class) in (0, split.samples)
            assert len(split.per_class) in (0, len(facts.alphabet))
            for file in (split.images, split.labels):
                assert len(file.packed_sha256 or file.plain_sha256) == 64


@pytest.mark.real_data
def test_the_facts_are_those_of_the_list(data_dir: Path) -> None:
    rows = [line.split() for line in (data_dir / "checksums.txt").read_text().splitlines()]
    listed = {(row[2], int(row[1]), row[0]) for row in rows if row[0] != "#"}
    for facts in published():
        for file in facts.files:
            if facts.transposed:
                assert (f"gzip/{file.name}", file.packed_bytes, file.packed_sha256) in listed
            else:
                name = f"mnist/{file.name.removesuffix('.gz')}"
                assert (name, file.plain_bytes, file.plain_sha256) in listed


def test_listing_imports_nothing_heavy() -> None:
    script = (
        "import sys, trainer.datasets.catalog; "
        "print({'requests', 'urllib3', 'remotezip', 'scipy', 'PIL.ImageQt'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


# What is here


def test_an_imported_dataset_is_listed_opened_and_removed(
    catalog: Catalog, own_profile: Path
) -> None:
    store(own_profile / "datasets" / "signs")
    entry = catalog.entry("signs")
    assert entry.kind is Kind.IMPORTED
    assert entry.is_present
    assert entry.title == "Signs"
    assert entry.image_shape == (10, 12)
    assert entry.counts == {"train": 4, "test": 2}
    assert entry.class_counts == {"train": (2, 1, 1), "test": (0, 1, 1)}
    assert entry.disk_bytes > 6 * (120 + 8)
    assert catalog.open("signs").splits["test"].labels.tolist() == [1, 2]
    assert catalog.obtain("signs", _nothing, _nothing).card.name == "signs"
    catalog.remove("signs")
    assert "signs" not in [entry.name for entry in catalog.entries()]
    assert list((own_profile / "datasets").iterdir()) == []


@pytest.mark.parametrize("name", ["signs", "emnist-balanced", "starter"])
@pytest.mark.parametrize("damage", ["no card", "card", "cut", "gone", "newer", "bytes"])
def test_a_damaged_dataset_is_listed_and_can_be_removed(
    catalog: Catalog, own_profile: Path, name: str, damage: str
) -> None:
    folder = store(own_profile / "datasets" / name)
    store(own_profile / "datasets" / "whole")
    card, images = folder / "dataset.json", folder / "train-images.npy"
    match damage:
        case "no card":
            card.unlink()
        case "card":
            card.write_text("{")
        case "cut":
            images.write_bytes(images.read_bytes()[:-200])
        case "gone":
            images.unlink()
        case "newer":
            card.write_text(card.read_text().replace('"format": 1', '"format": 99'))
        case "bytes":
            card.write_bytes(b"\xff\xfe\x00")
    entries = {entry.name: entry for entry in catalog.entries()}
    assert entries["whole"].is_present
    assert not entries[name].is_present
    assert entries[name].error
    assert entries[name].hint
    with pytest.raises(DatasetError):
        catalog.open(name)
    if name == "signs":
        with pytest.raises(DatasetError, match="neither fetched nor made"):
            catalog.obtain(name, _nothing, _nothing)
    catalog.remove(name)
    assert not folder.exists()


def test_files_and_hidden_folders_among_the_datasets_are_left_alone(
    catalog: Catalog, own_profile: Path
) -> None:
    folder = own_profile / "datasets"
    (folder / ".signs.writing").mkdir(parents=True)
    (folder / "notes.txt").write_text("mine")
    assert len(catalog.entries()) == 9


def test_what_a_killed_program_had_moved_aside_is_listed(
    catalog: Catalog, own_profile: Path
) -> None:
    folder = own_profile / "datasets"
    store(folder / "signs").rename(folder / ".signs.old")
    assert catalog.entry("signs").is_present
    assert [path.name for path in folder.iterdir()] == ["signs"]


def test_a_link_is_removed_and_what_it_leads_to_is_not(
    catalog: Catalog, own_profile: Path, tmp_path: Path
) -> None:
    elsewhere = store(tmp_path / "elsewhere")
    (own_profile / "datasets").mkdir(parents=True)
    (own_profile / "datasets" / "signs").symlink_to(elsewhere)
    assert catalog.entry("signs").is_present
    catalog.remove("signs")
    assert (elsewhere / "dataset.json").exists()


def test_removing_removes_what_came_of_a_download(catalog: Catalog, own_profile: Path) -> None:
    parts = own_profile / "downloads" / "emnist-letters" / "parts"
    parts.mkdir(parents=True)
    (parts / "archive.zip").write_bytes(b"half")
    assert catalog.entry("emnist-letters").arrived_bytes == 4
    catalog.remove("emnist-letters")
    assert not parts.parent.exists()
    with pytest.raises(DatasetError, match="nothing of EMNIST Letters"):
        catalog.remove("emnist-letters")


@pytest.mark.parametrize("name", ["../runs", ".", "..", "", "a/b", "Emnist", "dataset.json"])
def test_a_name_that_is_none_touches_nothing(
    catalog: Catalog, own_profile: Path, name: str
) -> None:
    (own_profile / "runs").mkdir(parents=True)
    store(own_profile / "datasets" / "signs")
    for action in (catalog.entry, catalog.open, catalog.remove):
        with pytest.raises(DatasetError, match="There is no dataset"):
            action(name)
    assert (own_profile / "runs").exists()
    assert catalog.entry("signs").is_present


def test_an_unknown_name_brings_those_like_it(catalog: Catalog, own_profile: Path) -> None:
    store(own_profile / "datasets" / "signs")
    with pytest.raises(DatasetError, match=r"Like it: emnist-balanced") as caught:
        catalog.entry("balanced")
    assert "datasets list" in caught.value.hint
    with pytest.raises(DatasetError, match=r"Like it: signs"):
        catalog.entry("sings")
    with pytest.raises(DatasetError, match=r"'qqqq'\.$"):
        catalog.entry("qqqq")


def test_what_is_not_here_says_how_to_get_it(catalog: Catalog) -> None:
    with pytest.raises(DatasetError, match="EMNIST ByClass is not on this computer") as caught:
        catalog.open("emnist-byclass")
    assert "datasets fetch emnist-byclass" in caught.value.hint
    with pytest.raises(DatasetError, match="no samples of yours") as caught:
        catalog.open("my-samples")
    assert "Draw" in caught.value.hint


def test_the_starter_set_is_made(catalog: Catalog, own_profile: Path) -> None:
    phases: list[str] = []
    stored = catalog.make_starter(lambda p: phases.append(p.phase), _nothing, samples=400, seed=3)
    assert len(stored) == 400
    assert stored.inks("train") is not None
    assert phases[0] == "make"
    entry = catalog.entry("starter")
    assert entry.is_present
    assert sum(entry.counts.values()) == 400
    assert catalog.obtain("starter", _nothing, _nothing).card == stored.card


class StoppedError(Exception):
    """What a cancel raises."""


def test_a_cancelled_starter_set_leaves_the_old_one(catalog: Catalog) -> None:
    catalog.make_starter(_nothing, _nothing, samples=400)
    calls = []

    def check() -> None:
        calls.append(1)
        if len(calls) > 100:
            raise StoppedError

    with pytest.raises(StoppedError):
        catalog.make_starter(_nothing, check, samples=800)
    assert sum(catalog.entry("starter").counts.values()) == 400


def test_my_samples_are_listed_once_there_are_some(catalog: Catalog, own_profile: Path) -> None:
    samples = MySamples(Profile(own_profile).samples_file)
    ink = Ink.from_json('{"strokes": [[[0, 0], [10, 40]]]}')
    kept = [samples.append(ink, "g"), samples.append(ink, "7")]
    entry = catalog.entry("my-samples")
    assert entry.is_present
    assert (entry.kind, entry.counts) == (Kind.SAMPLES, {"train": 2})
    stored = catalog.open("my-samples")
    assert stored.card.alphabet == entry.alphabet
    assert stored.card.counts == entry.class_counts
    assert isinstance(load_data("my-samples"), PenArchive)
    samples.remove(*kept)
    assert not catalog.entry("my-samples").is_present
    samples.append(ink, "ß")
    assert catalog.open("my-samples").card.alphabet == catalog.entry("my-samples").alphabet
    catalog.remove("my-samples")
    assert not samples.file.exists()
    samples.file.mkdir(parents=True)
    assert catalog.entry("my-samples").error


# What --data accepts


def test_data_by_the_name_in_the_catalogue(own_profile: Path) -> None:
    store(own_profile / "datasets" / "signs")
    data = load_data("signs")
    assert isinstance(data, Dataset)
    assert data.labels.tolist() == [1, 2]
    assert len(load_data("signs", "train")) == 4
    whole = load_data("signs", "all")
    assert whole.labels.tolist() == [0, 1, 2, 0, 1, 2]
    assert whole.alphabet == ("+", "-", "×")
    with pytest.raises(DatasetError, match=r"no split 'validation'\. Found: train, test"):
        load_data("signs", "validation")


def test_data_with_drawings_come_as_drawings(catalog: Catalog) -> None:
    catalog.make_starter(_nothing, _nothing, samples=400)
    data = load_data("starter", "train")
    assert isinstance(data, PenArchive)
    assert len(data) == len(load_data("starter", "train").labels)
    assert len(load_data("starter", "all")) == 400


def test_data_by_the_folder_of_a_stored_dataset(tmp_path: Path) -> None:
    assert len(load_data(str(store(tmp_path / "signs")), "train")) == 4


def test_a_dataset_comes_before_a_folder_of_its_name(
    own_profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store(tmp_path / "signs", 30)
    assert len(load_data("signs", "train")) == 20
    assert describe("signs").counts["train"] == 20
    store(own_profile / "datasets" / "signs")
    assert len(load_data("signs", "train")) == 4
    assert describe("signs").counts["train"] == 4
    assert len(load_data("./signs", "train")) == 20


def test_data_that_are_nowhere(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="Like it: emnist-letters"):
        load_data("emnist-leters")
    with pytest.raises(DatasetError, match="not on this computer") as caught:
        load_data("emnist-letters")
    assert "datasets fetch emnist-letters" in caught.value.hint
    for path in ("missing.npz", str(tmp_path / "missing"), "~/missing"):
        with pytest.raises(DatasetError, match=r"There is no .*missing"):
            load_data(path)


# What a dataset is


def test_files_are_described(tmp_path: Path) -> None:
    entry = describe(str(write_archive(tmp_path / "pen.npz", 120)))
    assert entry.counts == {"train": 120}
    assert sum(entry.class_counts["train"]) == 120
    assert entry.image_shape == (28, 28)
    small = miniature("emnist-letters", 52, 26)
    for name, content in small.files.items():
        (tmp_path / name).write_bytes(content)
    entry = describe(str(tmp_path))
    assert entry.class_counts == {"train": (2,) * 26, "test": (1,) * 26}
    assert "".join(entry.alphabet[:3]) == "ABC"
    assert len(load_data(str(tmp_path), "all")) == 78
    entry = describe(str(tmp_path / "emnist-letters-test-images-idx3-ubyte.gz"))
    assert entry.counts == {"test": 26}
    entry = describe(str(store(tmp_path / "signs")))
    assert entry.counts == {"train": 4, "test": 2}
    assert entry.title == "Signs"


def test_what_cannot_be_described(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(DatasetError):
        describe(str(tmp_path / "notes.txt"))
    with pytest.raises(DatasetError, match="There is no"):
        describe(str(tmp_path / "missing"))
    with pytest.raises(DatasetError, match="There is no dataset"):
        describe("missing")
