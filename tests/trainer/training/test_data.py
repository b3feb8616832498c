from __future__ import annotations

from pathlib import Path

import numpy as np

from trainer.config.training_config import TrainingConfig
from trainer.datasets.store import DatasetWriter, open_dataset
from trainer.training.data import load_training_data


def store(folder: Path, *splits: str) -> Path:
    generator = np.random.default_rng(1)
    with DatasetWriter(folder, title="Noise", alphabet="AB") as writer:
        for number, split in enumerate(splits):
            images = generator.integers(0, 256, (20 + number, 28, 28), dtype=np.uint8)
            writer.append(split, images, np.arange(20 + number) % 2)
    return folder


def test_the_validation_split_of_a_dataset_is_chosen_by(tmp_path: Path) -> None:
    folder = store(tmp_path / "noise", "train", "validation", "test")
    data = load_training_data(TrainingConfig(data=str(folder)))
    assert len(data) == 20
    assert data.validation_split == "validation"
    own = np.asarray(open_dataset(folder).splits["validation"].images)
    np.testing.assert_array_equal(np.asarray(data.validation.images), own)
    assert data.validation_indices.tolist() == list(range(21))


def test_without_one_a_share_is_set_aside(tmp_path: Path) -> None:
    folder = store(tmp_path / "noise", "train", "test")
    data = load_training_data(TrainingConfig(data=str(folder), validation_share=0.2))
    assert (len(data), len(data.validation)) == (16, 4)
    assert data.validation_split == "train"
