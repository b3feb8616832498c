"""Pictures made worse: repeatable, one by one, by how much, and alike at any size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.handwriting import digits
from trainer.datasets.dataset import Dataset
from trainer.datasets.ink_archive import PenArchive
from trainer.errors import ConfigError
from trainer.evaluation.corruptions import CORRUPTIONS, CleanSamples, corrupted, named
from trainer.ink.render import PEN_WIDTH
from trainer.ink.strokes import Ink

NAMES = list(CORRUPTIONS)
RANDOM = ("noise", "shift", "rotation", "scale", "occlusion", "salt-and-pepper")
GROWING = ("noise", "blur", "thinner", "thicker", "contrast", "occlusion", "salt-and-pepper")
UNCHANGED = {
    "noise": 0.0,
    "shift": 0.0,
    "rotation": 0.0,
    "scale": 0.0,
    "contrast": 1.0,
    "salt-and-pepper": 0.0,
}


def originals(n: int = 20, first: int = 0) -> CleanSamples:
    return CleanSamples(digits(first + n)[0][first:], np.arange(first, first + n))


def drawings() -> PenArchive:
    strokes = [[(0, 0), (30, 80), (60, 0)], [(0, 0), (50, 5), (40, 60), (0, 70)], [(9, 0), (9, 90)]]
    inks = [Ink.from_points([stroke]) for stroke in strokes]
    return PenArchive.from_inks("drawings", ("V", "D", "I"), inks, np.arange(3))


def change(before: np.ndarray, after: np.ndarray) -> float:
    return float(np.abs(after.astype(float) - before).mean())


@pytest.mark.parametrize("name", NAMES)
def test_five_strengths_each_go_further(name: str) -> None:
    corruption, start = CORRUPTIONS[name], originals()
    assert len(corruption.strengths) == 5
    done = [corrupted(start, name, strength, 1) for strength in corruption.strengths]
    for images in done:
        assert images.dtype == np.uint8
        assert images.shape == start.images.shape
        assert change(start.images, images) > 1.0
    steps = [change(start.images, images) for images in done]
    if name in GROWING:
        assert steps == sorted(steps)
    assert steps[0] < steps[-1]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_pictures(name: str) -> None:
    strength = CORRUPTIONS[name].strengths[2]
    again = corrupted(originals(), name, strength, 7)
    assert np.array_equal(corrupted(originals(), name, strength, 7), again)
    assert np.array_equal(corrupted(originals(), name, strength, 8), again) == (name not in RANDOM)


@given(first=st.integers(0, 15), n=st.integers(1, 5), name=st.sampled_from(NAMES))
def test_a_sample_fares_alike_whoever_is_beside_it(first: int, n: int, name: str) -> None:
    strength = CORRUPTIONS[name].strengths[3]
    everything = corrupted(originals(20), name, strength, 3)
    assert np.array_equal(
        corrupted(originals(n, first), name, strength, 3), everything[first : first + n]
    )


@given(
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    name=st.sampled_from(NAMES),
    place=st.integers(0, 4),
    full=st.sampled_from([0, 1, 200, 255]),
)
def test_any_size_and_any_ink_keeps_its_form(
    height: int, width: int, name: str, place: int, full: int
) -> None:
    images = np.zeros((2, height, width), dtype=np.uint8)
    images[1, height // 3 :, width // 3 :] = full
    worse = corrupted(CleanSamples(images, np.arange(2)), name, CORRUPTIONS[name].strengths[place])
    assert worse.shape == images.shape
    assert worse.dtype == np.uint8


@pytest.mark.parametrize(("name", "strength"), UNCHANGED.items())
def test_nothing_of_it_changes_nothing(name: str, strength: float) -> None:
    start = originals()
    assert np.array_equal(corrupted(start, name, strength), start.images)


@pytest.mark.parametrize("name", ["noise", "contrast", "salt-and-pepper", "shift", "occlusion"])
def test_pictures_twice_as_large_look_alike(name: str) -> None:
    """What is enlarged first is what is enlarged afterwards, to the last pixel."""
    start = originals()
    large = np.kron(start.images, np.ones((1, 2, 2), dtype=np.uint8))
    strength = CORRUPTIONS[name].strengths[1]
    small_done = corrupted(start, name, strength, 5)
    large_done = corrupted(CleanSamples(large, start.indices), name, strength, 5)
    enlarged = np.kron(small_done, np.ones((1, 2, 2), dtype=np.uint8))
    if name == "occlusion":  # its middle is one of four times as many places of the ink
        hidden = (large > large_done).sum() / (start.images > small_done).sum()
        assert hidden == pytest.approx(4.0, rel=0.15)
    else:
        assert np.array_equal(large_done, enlarged)


@pytest.mark.parametrize("name", ["blur", "rotation", "scale", "thinner", "thicker"])
def test_larger_pictures_are_changed_as_much(name: str) -> None:
    start = originals()
    large = np.kron(start.images, np.ones((1, 2, 2), dtype=np.uint8))
    strength = CORRUPTIONS[name].strengths[3]
    small_done = corrupted(start, name, strength, 5)
    large_done = corrupted(CleanSamples(large, start.indices), name, strength, 5)
    shrunk = large_done.reshape(20, 28, 2, 28, 2).mean(axis=(2, 4))
    assert change(shrunk, small_done) < 0.2 * change(start.images, small_done)


def test_shift_goes_so_far_to_one_of_four_sides() -> None:
    image = np.zeros((40, 28, 28), dtype=np.uint8)
    image[:, 12:16, 12:16] = 255
    worse = corrupted(CleanSamples(image, np.arange(40)), "shift", 3.0)
    seen = {tuple(np.argwhere(each).mean(axis=0) - 13.5) for each in worse}
    assert seen == {(0, 3), (0, -3), (3, 0), (-3, 0)}


def test_rotation_turns_to_both_sides_by_the_angle() -> None:
    bar = np.zeros((30, 28, 28), dtype=np.uint8)
    bar[:, 4:24, 13:15] = 255
    angles = set()
    for image in corrupted(CleanSamples(bar, np.arange(30)), "rotation", 24.0):
        places = np.argwhere(image > 128) - 13.5
        values, axes = np.linalg.eigh(np.cov(places.T))
        y, x = axes[:, values.argmax()]
        angles.add(round(float(np.degrees(np.arctan(x / y)))))
    assert angles == {24, -24}


def test_scale_grows_and_shrinks_by_the_part() -> None:
    disc = (np.hypot(*(np.indices((28, 28)) - 13.5)) < 8).astype(np.uint8) * 255
    images = np.repeat(disc[None], 30, axis=0)
    worse = corrupted(CleanSamples(images, np.arange(30)), "scale", 0.24)
    sizes = np.sqrt((worse > 128).sum(axis=(1, 2)) / (disc > 0).sum())
    assert np.unique(sizes) == pytest.approx([0.76, 1.24], abs=0.04)


def test_noise_has_its_deviation() -> None:
    grey = np.full((50, 28, 28), 128, dtype=np.uint8)
    worse = corrupted(CleanSamples(grey, np.arange(50)), "noise", 0.1)
    assert worse.std() == pytest.approx(25.5, rel=0.02)


def test_salt_and_pepper_take_their_share_and_a_stronger_one_goes_on() -> None:
    grey = np.full((50, 28, 28), 128, dtype=np.uint8)
    start = CleanSamples(grey, np.arange(50))
    weak, strong = (corrupted(start, "salt-and-pepper", share) for share in (0.1, 0.3))
    assert (weak == 0).mean() == pytest.approx(0.05, rel=0.1)
    assert (weak == 255).mean() == pytest.approx(0.05, rel=0.1)
    touched = weak != 128
    assert np.array_equal(strong[touched], weak[touched])
    assert (strong != 128).mean() == pytest.approx(0.3, rel=0.05)


def test_occlusion_hides_ink_and_nothing_beyond_its_square() -> None:
    start = originals()
    worse = corrupted(start, "occlusion", 6.0)
    for before, after in zip(start.images, worse, strict=True):
        rows, columns = np.nonzero(before != after)
        assert 0 < len(rows) <= 36
        assert not after[rows, columns].any()
        assert max(np.ptp(rows), np.ptp(columns)) < 6


def test_blur_keeps_the_ink_within_the_picture() -> None:
    dot = np.zeros((1, 29, 29), dtype=np.uint8)
    dot[0, 13:16, 13:16] = 255
    worse = corrupted(CleanSamples(dot, np.arange(1)), "blur", 2.0)[0].astype(float)
    assert worse.sum() == pytest.approx(dot.sum(), rel=0.1)
    assert np.array_equal(worse, worse[::-1])
    assert np.array_equal(worse, worse.T)


def test_contrast_brings_ink_and_paper_together() -> None:
    start = originals()
    worse = corrupted(start, "contrast", 0.4)
    lightest, darkest = 0.4 * int(start.images.min()), 0.4 * int(start.images.max())
    assert worse.min() == pytest.approx(76.5 + lightest, abs=0.5)
    assert worse.max() == pytest.approx(76.5 + darkest, abs=0.5)


@pytest.mark.parametrize("factor", [0.4, 1.6, 2.2])
def test_drawings_are_drawn_anew_with_another_pen(factor: float) -> None:
    archive = drawings()
    data = CleanSamples.from_data(archive, np.arange(3))
    worse = corrupted(data, "thinner", factor)
    assert np.array_equal(worse, archive.render(PEN_WIDTH * factor).images)


@pytest.mark.parametrize("factor", [0.55, 1.0, 1.6, 2.2])
def test_images_come_near_to_what_another_pen_draws(factor: float) -> None:
    archive = drawings()
    wanted = archive.render(PEN_WIDTH * factor).images
    plain = Dataset("images", archive.alphabet, archive.render().images, archive.labels)
    worse = corrupted(CleanSamples.from_data(plain, np.arange(3)), "thicker", factor)
    assert change(wanted, worse) < 0.1 * wanted.mean()


def test_pale_ink_stays_pale_and_blank_paper_blank() -> None:
    images = np.stack([digits(1)[0][0] // 2, np.zeros((28, 28), dtype=np.uint8)])
    worse = corrupted(CleanSamples(images, np.arange(2)), "thicker", 2.0)
    assert worse[0].max() == images[0].max()
    assert not worse[1].any()


def test_names_are_known_and_taken_once() -> None:
    assert [each.name for each in named(["blur", "noise", "blur"])] == ["blur", "noise"]
    assert [each.name for each in named([])] == NAMES
    with pytest.raises(ConfigError, match=r"Expected corruptions of noise, .* Received: fog\."):
        named(["noise", "fog"])
