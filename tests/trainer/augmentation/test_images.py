"""Images are moved, turned, warped and made noisy; deterministically, and never torn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.augmentation.images import (
    IMAGE_AUGMENTATION_LIMITS,
    ImageAugmentation,
    augmented_images,
)
from trainer.errors import ConfigError

NO_IMAGE_AUGMENTATION = ImageAugmentation(0, 0, 0, 0, 0, 0)


def crosses(n: int, height: int = 28, width: int = 28) -> np.ndarray:
    images = np.zeros((n, height, width), dtype=np.uint8)
    images[:, height // 2 - 1 : height // 2 + 2, 6:-6] = 255
    images[:, 6:-6, width // 2 - 1 : width // 2 + 2] = 255
    return images


def centre(image: np.ndarray) -> tuple[float, float]:
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    weight = image.astype(float)
    return float((y * weight).sum() / weight.sum()), float((x * weight).sum() / weight.sum())


def varied(how: ImageAugmentation, n: int = 200, seed: int = 0) -> np.ndarray:
    return augmented_images(crosses(n), how, np.random.default_rng(seed))


settings = st.builds(
    ImageAugmentation,
    **{name: st.floats(low, high) for name, (low, high) in IMAGE_AUGMENTATION_LIMITS.items()},
)


@given(settings, st.integers(0, 9), st.integers(8, 40), st.integers(8, 40), st.integers(0, 99))
def test_any_setting_gives_images_of_the_same_form(
    how: ImageAugmentation, n: int, height: int, width: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    images = generator.integers(0, 256, (n, height, width), dtype=np.uint8)
    before = images.copy()
    made = augmented_images(images, how, np.random.default_rng(seed))
    assert made.shape == images.shape
    assert made.dtype == np.uint8
    np.testing.assert_array_equal(images, before)
    np.testing.assert_array_equal(made, augmented_images(images, how, np.random.default_rng(seed)))


def test_nothing_asked_changes_nothing() -> None:
    np.testing.assert_array_equal(varied(NO_IMAGE_AUGMENTATION), crosses(200))
    assert NO_IMAGE_AUGMENTATION.is_nothing
    assert not ImageAugmentation().is_nothing


def test_every_image_is_varied_in_its_own_way() -> None:
    made = varied(ImageAugmentation())
    assert len(np.unique(made.reshape(len(made), -1), axis=0)) == len(made)


def test_another_state_of_the_generator_gives_other_images() -> None:
    assert (varied(ImageAugmentation(), seed=1) != varied(ImageAugmentation(), seed=2)).any()


def test_shifts_reach_the_limit_and_not_beyond() -> None:
    made = varied(replace(NO_IMAGE_AUGMENTATION, shift=3.0))
    moved = np.array([centre(image) for image in made]) - centre(crosses(1)[0])
    assert np.abs(moved).max() <= 3.0 + 1e-2
    assert np.abs(moved).max(axis=0).min() > 2.5
    assert np.abs(moved.mean(axis=0)).max() < 0.5
    np.testing.assert_allclose(made.sum(axis=(1, 2)), crosses(1).sum(), rtol=0.01)


def test_a_whole_shift_moves_pixels_exactly() -> None:
    class Right(np.random.Generator):
        def uniform(self, *args: object, **kwargs: object) -> np.ndarray:
            return np.tile([0.0, 0.0, 0.0, 1.0, 0.0], (1, 1))

    generator = Right(np.random.PCG64(0))
    made = augmented_images(crosses(1), replace(NO_IMAGE_AUGMENTATION, shift=2.0), generator)
    np.testing.assert_array_equal(made, np.roll(crosses(1), 2, axis=2))


def test_rotation_turns_about_the_middle() -> None:
    made = varied(replace(NO_IMAGE_AUGMENTATION, rotation=45.0))
    moved = np.array([centre(image) for image in made]) - 13.5
    assert np.abs(moved).max() < 0.6
    corner = made[:, 7:9, 7:9].max(axis=(1, 2))
    assert corner.max() > 100  # some arm points into the corner
    np.testing.assert_allclose(made.sum(axis=(1, 2)), crosses(1).sum(), rtol=0.02)


def test_scale_changes_the_size() -> None:
    sizes = varied(replace(NO_IMAGE_AUGMENTATION, scale=0.2)).sum(axis=(1, 2)) / crosses(1).sum()
    assert 0.6 < sizes.min() < 0.75
    assert 1.3 < sizes.max() < 1.5


def test_shear_slants_the_upright_and_leaves_the_level() -> None:
    made = varied(replace(NO_IMAGE_AUGMENTATION, shear=0.5))
    top = np.array([centre(image[6:9])[1] for image in made])
    assert np.ptp(top) > 4
    rows = (made > 128).any(axis=2)
    assert rows[:, 6:22].all()
    assert not rows[:, :5].any()


def test_elastic_bends() -> None:
    made = varied(replace(NO_IMAGE_AUGMENTATION, elastic=1.0)).astype(float)
    assert np.abs(made - crosses(200)).mean() > 2
    moved = np.array([centre(image) for image in made]) - centre(crosses(1)[0])
    assert np.abs(moved).max() < 4  # bent, not thrown about


def test_noise_has_the_deviation_that_is_asked_for() -> None:
    grey = np.full((300, 28, 28), 128, dtype=np.uint8)
    how = replace(NO_IMAGE_AUGMENTATION, noise=0.1)
    made = augmented_images(grey, how, np.random.default_rng(0)).astype(float)
    assert made.std() == pytest.approx(25.5, rel=0.01)
    assert made.mean() == pytest.approx(128, abs=0.1)


def test_what_leaves_the_image_comes_back_as_paper() -> None:
    full = np.full((50, 20, 20), 255, dtype=np.uint8)
    how = replace(NO_IMAGE_AUGMENTATION, shift=6.0)
    made = augmented_images(full, how, np.random.default_rng(0))
    assert ((made == 0).any(axis=(1, 2))).mean() > 0.9
    assert (made[:, 8:12, 8:12] == 255).all()


@pytest.mark.parametrize("name", list(IMAGE_AUGMENTATION_LIMITS))
@pytest.mark.parametrize("value", [-0.1, 1e3, float("nan")])
def test_settings_beyond_their_limits_are_refused(name: str, value: float) -> None:
    with pytest.raises(ConfigError, match=f"Expected {name} from") as caught:
        ImageAugmentation(**{name: value})
    assert caught.value.field == name
