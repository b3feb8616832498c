from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from trainer.datasets.dataset import Dataset
from trainer.datasets.splitting import check_shares, split_samples
from trainer.errors import DatasetError


def noise(n: int = 400, n_classes: int = 4) -> Dataset:
    generator = np.random.default_rng(1)
    images = generator.integers(0, 256, (n, 28, 28), dtype=np.uint8)
    labels = generator.choice(n_classes, n, p=[0.7, 0.2, 0.05, 0.05])
    return Dataset("noise", tuple("abcd"), images, labels)


def test_every_class_is_split_by_the_shares() -> None:
    data = noise()
    parts = split_samples(data, (80.0, 10.0, 10.0))
    together = np.concatenate(list(parts.values()))
    assert sorted(together.tolist()) == list(range(len(data)))
    for label in range(4):
        n = int((data.labels == label).sum())
        for part, share in zip(parts.values(), (0.8, 0.1, 0.1), strict=True):
            assert abs((data.labels[part] == label).sum() - share * n) <= 1


def test_the_parts_are_always_the_same() -> None:
    one, other = (
        split_samples(noise(), (80.0, 10.0, 10.0)),
        split_samples(noise(), (80.0, 10.0, 10.0)),
    )
    assert list(one) == ["train", "validation", "test"]
    for split, indices in one.items():
        np.testing.assert_array_equal(indices, other[split])


def test_copies_and_near_copies_are_in_one_part() -> None:
    data = noise()
    images = data.images.copy()
    images[200:300] = images[:100]
    images[300:400] = images[:100] ^ 1
    parts = split_samples(Dataset("noise", data.alphabet, images, data.labels), (50.0, 25.0, 25.0))
    part_of = np.empty(len(data), dtype=int)
    for number, indices in enumerate(parts.values()):
        part_of[indices] = number
    np.testing.assert_array_equal(part_of[200:300], part_of[:100])
    np.testing.assert_array_equal(part_of[300:400], part_of[:100])
    assert len(np.unique(part_of[:100])) == 3


def test_no_writer_is_in_two_parts() -> None:
    writers = np.random.default_rng(2).integers(0, 30, 400)
    data = replace(noise(), writers=writers)
    parts = split_samples(data, (70.0, 10.0, 20.0))
    assert list(parts) == ["train", "validation", "test"]
    seen = [set(writers[rows].tolist()) for rows in parts.values()]
    assert sum(map(len, seen)) == len(set.union(*seen)) == 30
    assert sorted(np.concatenate(list(parts.values())).tolist()) == list(range(400))
    assert 0.15 < len(parts["test"]) / 400 < 0.3


def test_a_part_without_a_share_is_left_out() -> None:
    assert list(split_samples(noise(), (90.0, 0.0, 10.0))) == ["train", "test"]


@pytest.mark.parametrize("shares", [(), (50, 50), (0, 50, 50), (80, 10, 20), (110, -10, 0)])
def test_impossible_shares_are_refused(shares: tuple[float, ...]) -> None:
    with pytest.raises(DatasetError, match="three shares"):
        check_shares(shares)
