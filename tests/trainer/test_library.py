"""The library: each name, and the notebook that shows them; trainings are real children."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import ROOT
from trainer import (
    Ink,
    Run,
    TrainerError,
    compare,
    evaluate,
    load_dataset,
    load_recognizer,
    recognize,
    train,
)
from trainer.datasets.dataset import Dataset
from trainer.datasets.store import DatasetWriter
from trainer.files.paths import Profile
from trainer.ink.alphabet import DIGITS

SEVEN = [[(0, 0), (20, 0), (8, 40)]]


def bars(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return images of bars at ten heights, and their labels."""
    generator = np.random.default_rng(1)
    labels = np.arange(n) % 10
    images = generator.integers(0, 60, (n, 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels.tolist(), strict=True):
        image[4 + 2 * label : 6 + 2 * label] = 250
    return images, labels


@pytest.fixture
def mnist(own_profile: Path) -> str:
    """Put something like MNIST where MNIST would be, so that nothing is fetched."""
    folder = Profile.locate().datasets / "mnist"
    with DatasetWriter(folder, title="MNIST", alphabet=tuple(DIGITS)) as writer:
        for split, n in (("train", 200), ("test", 60)):
            writer.append(split, *bars(n))
    return "mnist"


def test_strokes_inks_and_images_are_read_alike() -> None:
    answer = recognize(SEVEN)
    assert answer.candidates[0].character == "7"
    assert recognize(Ink.from_points(SEVEN)).candidates == answer.candidates
    assert recognize(answer.image, load_recognizer()).candidates[0].character == "7"
    assert len(recognize(SEVEN, top=2).candidates) == 2


def test_a_dataset_is_loaded_by_its_name(mnist: str) -> None:
    data = load_dataset(mnist)
    assert (len(data), len(load_dataset(mnist, "test")), data.alphabet) == (200, 60, tuple(DIGITS))
    with pytest.raises(TrainerError, match="no dataset"):
        load_dataset("no-such-data")


def test_a_run_is_trained_on_data_in_memory_evaluated_and_compared(
    mnist: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(tmp_path))
    shown: list[tuple[str, float]] = []
    data = Dataset("my bars", tuple(DIGITS), *bars(120))
    options = {"preset_options": {"neighbors": 3}}
    first = train("knn", data, progress=lambda *done: shown.append(done), **options)
    assert shown[-1] == ("knn", 1.0)
    assert first.history["validation_accuracy"] == [1.0]
    assert first.config.data.startswith("my-bars-")
    assert first.recognizer.bundle.alphabet == tuple(DIGITS)
    assert evaluate(first, mnist)["samples"] == 60
    options = {"preset_options": {"neighbors": 1}}
    second = train("knn", data, root="~/second", progress=False, **options)
    assert second.root == tmp_path / "second"
    assert compare(first, second)["tests"][0]["samples"] == 10
    assert Run(first.root).history == first.history


def test_a_wrong_setting_is_refused_before_anything_is_made(mnist: str) -> None:
    with pytest.raises(TrainerError, match="epochs"):
        train("lenet5", mnist, epochs=0)
    assert not Profile.locate().runs.exists()


@pytest.mark.slow
def test_a_training_needs_no_guard_and_no_file(mnist: str, own_profile: Path) -> None:
    code = "import trainer\nprint(trainer.train('knn', 'mnist').history['validation_accuracy'])"
    done = subprocess.run(
        [sys.executable, "-"], input=code, capture_output=True, check=False, cwd=ROOT, text=True
    )
    assert done.stdout == "[1.0]\n", done.stderr


@pytest.mark.slow
def test_the_notebook_of_the_documentation_runs(mnist: str, tmp_path: Path) -> None:
    notebook = json.loads((ROOT / "docs" / "library.ipynb").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    cells = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    assert len(cells) == 3
    assert all(cell in page for cell in cells)
    printed: list[Any] = []
    names: dict[str, Any] = {"print": lambda *values: printed.append(values)}
    for cell in cells:
        exec(cell, names)
    assert printed[0][0] == "7"
    assert len(names["run"].history["epoch"]) == 5
    assert "validation" in page
    assert isinstance(printed[-1][0], str)
