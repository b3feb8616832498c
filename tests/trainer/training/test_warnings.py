"""What is said of settings and data that a run can begin with all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.trainer.archives import write_archive
from trainer.__main__ import main
from trainer.config.training_config import TrainingConfig
from trainer.datasets.store import TEST, TRAIN, DatasetWriter
from trainer.errors import RunError
from trainer.files.paths import Profile
from trainer.models.presets import PRESETS, PresetKind
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.training.data import load_training_data
from trainer.training.warnings import setup_warning


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return data by what they hold: drawings, images, and images of which few show a C."""
    root = tmp_path_factory.mktemp("data")
    generator = np.random.default_rng(0)
    labels = np.arange(60) % 2
    labels[::30] = 2
    images = generator.integers(0, 256, (60, 28, 28), dtype=np.uint8)
    for name, chosen in (("images", np.arange(60) % 3), ("rare", labels)):
        with DatasetWriter(root / name, title=name, alphabet="ABC") as writer:
            writer.append(TRAIN, images, chosen)
    with DatasetWriter(root / "ab", title="ab", alphabet="ABC") as writer:
        writer.append(TEST, images[:20], np.arange(20) % 2)
    drawings = write_archive(root / "drawings.npz", n=120)
    return {path.stem: str(path) for path in (*root.iterdir(), drawings)}


def remark(places: dict[str, str], **settings: Any) -> str:
    settings["data"] = places[settings.get("data", "images")]
    if "extra" in settings:
        settings["extra"] = [places[name] for name in settings["extra"]]
    if "validation" in settings:
        settings["validation"] = places[settings["validation"]]
    settings = {"preset": "mlp-tiny", **settings}
    if PRESETS[settings["preset"]].kind is PresetKind.NETWORK:
        settings = {"batch_size": 8, **settings}
    config = TrainingConfig.from_record(settings)
    found = setup_warning(config, load_training_data(config))
    return "" if found is None else f"{found.message} {found.hint}"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, ""),
        ({"data": "drawings"}, ""),
        ({"augmentation": {}}, "Vary drawings has no effect"),
        ({"augmentation": {}}, "--image-augmentation"),
        ({"augmentation": {}, "data": "drawings"}, ""),
        ({"image_augmentation": {}}, ""),
        ({"image_augmentation": {}, "data": "drawings"}, "Vary images has no effect"),
        ({"image_augmentation": {}, "data": "drawings", "preset": "pen"}, "Vary images has no"),
        ({"image_augmentation": {}, "preset": "pen"}, ""),
        ({"preset": "pen"}, "Vary drawings has no effect"),
        ({"preset": "knn", "learning_rate": 0.1, "device": "gpu"}, "Learning rate, Device."),
        ({"preset": "knn", "image_augmentation": {}}, "of: Vary images."),
        ({"preset": "knn", "seed": 9, "limit": 20, "batch_size": 4096}, "of: Batch size."),
        ({"batch_size": 4096}, "4,096 is larger than the 54 samples"),
        ({"data": "rare"}, "choose by have no sample of C."),
        ({"data": "rare"}, "Raise the validation share"),
        ({"validation": "ab"}, "choose by have no sample of C. Choose validation data"),
        ({"limit": 2, "batch_size": 2}, "train on have no sample of "),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_does_nothing_or_is_missing_is_said(
    places: dict[str, str], settings: dict[str, Any], said: str
) -> None:
    found = remark(places, **settings)
    assert said in found
    assert bool(said) == bool(found)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_as_it_is_uses_all_of_its_settings(places: dict[str, str], name: str) -> None:
    data = "images" if PRESETS[name].kind is PresetKind.CLASSICAL else "drawings"
    assert remark(places, preset=name, data=data) == ""


def test_without_a_sample_to_choose_by_there_is_no_run(places: dict[str, str]) -> None:
    settings = {"data": places["images"], "validation_share": 0.02}
    config = TrainingConfig.from_record(settings)
    with pytest.raises(RunError, match=r"validation share is 0\.02") as caught:
        load_training_data(config)
    assert "larger validation share" in caught.value.hint


def test_a_run_says_it_once_and_goes_on(
    places: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = RunFolder(tmp_path / "run")
    run = ["--run-dir", str(folder.root)]
    command = ["train", "--preset", "knn", "--data", places["images"], "--option", "neighbors=3"]
    assert main([*command, *run, "--image-augmentation", "shift=2"]) == 0
    assert "knn takes no account of: Vary images." in capsys.readouterr().out
    assert main(["train", *run, "--resume"]) == 0
    assert sum(isinstance(event, events.Warned) for event in folder.events()) == 1


def test_a_run_without_a_folder_says_where_it_is(
    places: dict[str, str], own_profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["train", "--preset", "knn", "--data", places["images"], "--option", "neighbors=3"]
    assert main(command) == 0
    (root,) = Profile.locate().runs.iterdir()
    assert f"The run is in {root}" in capsys.readouterr().out.splitlines()
    assert root.is_relative_to(own_profile)


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of address space")
def test_too_little_address_space_is_said_before_tensorflow_aborts(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "small.npz", 60)
    trainer = [sys.executable, "-m", "trainer", "train", "--preset", "mlp-tiny"]
    command = [*trainer, "--data", str(archive), "--run-dir", str(tmp_path / "run")]
    done = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -v 3000000 && exec "$@"', "sh", *command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Training a network needs 4.0 GB of address space. Received: 3.")
    assert "Traceback" not in done.stderr
