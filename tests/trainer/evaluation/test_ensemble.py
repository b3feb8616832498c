"""An ensemble answers by the mean of its members' probabilities."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trainer.__main__ import main
from trainer.datasets.store import DatasetWriter
from trainer.errors import BundleError
from trainer.evaluation.classifier import open_classifier
from trainer.evaluation.ensemble import EnsembleClassifier
from trainer.files.paths import Profile, default_bundle


class Fake:
    """A classifier with fixed answers, which keeps the shape of its inputs."""

    input_range = None
    folder, kind, parameters, size_bytes = Path(), "litert", 5, 7
    pen_widths = (2.9,)

    def __init__(self, alphabet: str, answer: list[float], side: int = 28, **facts: Any) -> None:
        self.name, self.alphabet = alphabet, tuple(alphabet)
        self.image_shape, self.answer = (side, side), np.array([answer], dtype=np.float32)
        self.takes_direction = facts.get("takes_direction", False)

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        self.shape = images.shape
        return np.repeat(self.answer, len(images), axis=0)


def test_the_mean_is_taken_in_the_order_of_the_first() -> None:
    members = Fake("AB", [0.9, 0.1], takes_direction=True), Fake("BA", [0.7, 0.3], 20)
    ensemble = EnsembleClassifier(members)
    answers = ensemble.probabilities(np.zeros((3, 28, 28, 6), dtype=np.uint8))
    np.testing.assert_allclose(answers, [[0.6, 0.4]] * 3, atol=1e-6)
    assert members[0].shape == (3, 28, 28, 6)
    assert members[1].shape == (3, 20, 20)
    assert (ensemble.parameters, ensemble.size_bytes) == (10, 14)
    assert ensemble.takes_direction


def test_members_have_the_same_characters() -> None:
    with pytest.raises(BundleError, match="other characters"):
        EnsembleClassifier([Fake("AB", [1, 0]), Fake("AC", [1, 0])])
    with pytest.raises(BundleError, match="at least two"):
        EnsembleClassifier([Fake("AB", [1, 0])])


def test_an_ensemble_is_evaluated_like_a_model(
    own_profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = np.zeros((4, 28, 28), dtype=np.uint8)
    images[:, 4:24, 13:15] = 255
    folder = Profile.locate().datasets / "ones"
    with DatasetWriter(folder, title="Ones", alphabet=tuple("01")) as writer:
        writer.append("test", images, np.ones(4, dtype=np.int64))
    bundled = str(default_bundle())
    arguments = ["evaluate", "--model", bundled, "--ensemble", bundled, "--data", "ones", "--json"]
    assert main(arguments) == 0
    record = json.loads(capsys.readouterr().out)
    one = open_classifier()
    assert record["kind"] == "ensemble"
    assert record["model"] == f"{one.name} + {one.name}"
    assert record["parameters"] == 2 * int(one.parameters or 0)
    assert record["accuracy"] == 1.0
