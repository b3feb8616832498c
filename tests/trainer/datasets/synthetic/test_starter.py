"""The starter set: sound shapes, even classes, the same bytes from the same seed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.datasets.download.progress import TransferProgress
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.store import open_dataset
from trainer.datasets.synthetic.skeletons import Skeleton, load_skeletons
from trainer.datasets.synthetic.starter import make_starter, write_starter
from trainer.datasets.synthetic.writers import random_writer, write
from trainer.errors import DatasetError
from trainer.files.paths import default_bundle
from trainer.ink.alphabet import BYCLASS, BYMERGE, merged, projection
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Recognizer

SMALL = 1_500
MOST = 0.8
"""Of the clean common shapes that must be read right; the rest are 0 or O, 1 or l, 9 or q."""


class StoppedError(Exception):
    pass


@pytest.fixture(scope="module")
def skeletons() -> Mapping[str, tuple[Skeleton, ...]]:
    return load_skeletons()


@pytest.fixture(scope="module")
def starter() -> Mapping[str, PenArchive]:
    return make_starter(SMALL, seed=3)


def clean_ink(skeleton: Skeleton) -> Ink:
    path = skeleton.path(skeleton.control)
    return Ink.from_points(np.split(path, skeleton.point_start[1:-1]))


def test_every_character_has_several_shapes_of_finite_smooth_paths(
    skeletons: Mapping[str, tuple[Skeleton, ...]],
) -> None:
    assert tuple(skeletons) == BYCLASS
    for character, shapes in skeletons.items():
        assert len(shapes) >= 4, character
        for shape in shapes:
            path = shape.path(shape.control)
            steps = np.hypot(*np.diff(path, axis=0).T)
            inside = np.delete(steps, shape.point_start[1:-1] - 1)
            assert np.isfinite(path).all()
            assert inside.max() < 12, f"{character} has a gap"
            assert np.ptp(path[:, 1]) >= 45, f"{character} is too low"
            assert path[:, 1].min() > -12, f"{character} is too high"
            assert path[:, 1].max() < 155, f"{character} is too deep"


def test_a_path_goes_through_its_control_points(
    skeletons: Mapping[str, tuple[Skeleton, ...]],
) -> None:
    for shapes in skeletons.values():
        for shape in shapes:
            for softness in (0.0, 1.0):
                path = shape.path(shape.control, softness)
                far = np.hypot(*(path[:, None] - shape.control).T).min(axis=1)
                assert far.max() < 1e-9


def test_corners_stay_sharp_unless_softened(
    skeletons: Mapping[str, tuple[Skeleton, ...]],
) -> None:
    seven = skeletons["7"][0]
    assert seven.path(seven.control)[:, 0].max() == pytest.approx(58)
    assert seven.path(seven.control, 1.0)[:, 0].max() > 58.5


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    one, again, other = (make_starter(400, seed) for seed in (3, 3, 4))
    for split, archive in one.items():
        assert again[split].fingerprint() == archive.fingerprint()
        assert np.array_equal(again[split].writers, archive.writers)
        assert other[split].fingerprint() != archive.fingerprint()


def test_classes_are_even_and_hands_keep_to_one_split(starter: Mapping[str, PenArchive]) -> None:
    assert {split: len(archive) for split, archive in starter.items()} == {
        "train": SMALL * 5 // 6,
        "test": SMALL // 6,
    }
    for archive in starter.values():
        assert archive.alphabet == BYCLASS
        counts = np.bincount(archive.labels, minlength=62)
        assert counts.min() >= 1
        assert np.ptp(counts) <= 1
    train, test = (set(starter[split].writers.tolist()) for split in ("train", "test"))
    assert len(train) > len(test) > 1
    assert not train & test


def test_every_sample_is_drawn_and_differs_from_the_others(
    starter: Mapping[str, PenArchive],
) -> None:
    for archive in starter.values():
        images = archive.render().images
        assert images.max(axis=(1, 2)).min() > 200
        assert (images > 127).sum(axis=(1, 2)).min() >= 20
        assert len(np.unique(images.reshape(len(images), -1), axis=0)) == len(images)
        heights = [np.ptp(archive.strokes(i)[0][:, 1]) for i in range(len(archive))]
        assert 700 < np.median(heights) < 1200


@settings(max_examples=25)
@given(seed=st.integers(0, 2**63), character=st.sampled_from(BYCLASS))
def test_whatever_a_hand_writes_is_sound(
    skeletons: Mapping[str, tuple[Skeleton, ...]], seed: int, character: str
) -> None:
    generator = np.random.default_rng(seed)
    hand = random_writer(generator, skeletons)
    for _ in range(5):
        points, lengths = write(character, hand, skeletons, generator)
        assert points.shape == (sum(lengths), 2)
        assert min(lengths) >= 2
        assert np.isfinite(points).all()
        assert 20 < np.ptp(points, axis=0).max() < 500


def test_the_bundled_recogniser_reads_the_common_shapes(
    skeletons: Mapping[str, tuple[Skeleton, ...]],
) -> None:
    recognizer = Recognizer(load_bundle(default_bundle()))
    common = [max(shapes, key=lambda shape: shape.weight) for shapes in skeletons.values()]
    answers = recognizer.recognize_many([clean_ink(shape) for shape in common])
    right = [
        answer.best is not None and merged(answer.best.character) == merged(shape.character)
        for answer, shape in zip(answers, common, strict=True)
    ]
    assert np.mean(right) >= MOST


def test_the_bundled_recogniser_reads_most_of_the_set(starter: Mapping[str, PenArchive]) -> None:
    recognizer = Recognizer(load_bundle(default_bundle()))
    test = starter["test"]
    to_merged = projection(BYCLASS, BYMERGE)
    wanted = [to_merged.characters[k] for k in to_merged.matrix[test.labels].argmax(axis=1)]
    answers = recognizer.recognize_many([test.ink(i) for i in range(len(test))])
    read = [answer.best.character if answer.best else "" for answer in answers]
    assert np.mean([a == b for a, b in zip(read, wanted, strict=True)]) > 0.8


def test_it_is_written_as_a_dataset_with_its_inks(tmp_path: Path) -> None:
    reports: list[TransferProgress] = []
    checks: list[None] = []
    write_starter(
        tmp_path / "starter",
        n=400,
        seed=5,
        report=reports.append,
        check=lambda: checks.append(None),
    )
    stored = open_dataset(tmp_path / "starter")
    made = make_starter(400, seed=5)
    for split, archive in made.items():
        inks = stored.inks(split)
        assert inks is not None
        assert inks.fingerprint() == archive.fingerprint()
        assert np.array_equal(stored.splits[split].images, archive.render().images)
        writers = stored.splits[split].writers
        assert writers is not None
        assert np.array_equal(writers, archive.writers)
    assert stored.card.alphabet == BYCLASS
    assert "MIT" in stored.card.terms
    assert len(checks) >= 400
    assert [r.phase for r in reports if r.done == r.total] == ["make", "store"]


@pytest.mark.parametrize("after", [0, 150, 401])
def test_a_cancel_leaves_nothing_and_an_old_one_stays(tmp_path: Path, after: int) -> None:
    folder = tmp_path / "starter"
    calls = iter(range(10_000))

    def check() -> None:
        if next(calls) >= after:
            raise StoppedError

    with pytest.raises(StoppedError):
        write_starter(folder, n=400, check=check)
    assert list(tmp_path.iterdir()) == []
    write_starter(folder, n=400, seed=8)
    calls = iter(range(10_000))
    with pytest.raises(StoppedError):
        write_starter(folder, n=400, check=check)
    assert [path.name for path in tmp_path.iterdir()] == ["starter"]
    assert len(open_dataset(folder)) == 400


@pytest.mark.parametrize(("n", "seed"), [(0, 1), (371, 1), (10_000_001, 1), (400, -1)])
def test_numbers_out_of_range_are_refused(n: int, seed: int) -> None:
    with pytest.raises(DatasetError, match=r"Expected a (seed|starter set) of"):
        make_starter(n, seed)


def test_a_bad_name_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    checks: list[None] = []
    with pytest.raises(DatasetError, match="Expected a name"):
        write_starter(tmp_path / "My Set", check=lambda: checks.append(None))
    assert not checks
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("? - 1  0,0 1,1", "no character"),
        ("A x 1  0,0 1,1", "'x'"),
        ("A - 0  0,0 1,1", "weight"),
        ("A - nan  0,0 1,1", "weight"),
        ("A - one  0,0 1,1", "'one'"),
        ("A - 1", "stroke"),
        ("A - 1  0,0", "stroke"),
        ("A - 1  0,0 1;1", "stroke"),
        ("A - 1  0,0 5,5 / ", "stroke"),
        ("A - 1  0,0 0,0 5,5", "twice"),
        ("# nothing else", "no shape for 0"),
    ],
)
def test_a_damaged_file_of_shapes_is_refused(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "latin.txt"
    path.write_text(line + "\n")
    with pytest.raises(DatasetError, match=why):
        load_skeletons(path)


def test_a_missing_file_of_shapes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot be read"):
        load_skeletons(tmp_path / "none.txt")
