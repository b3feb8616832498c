"""The sweep of the learning rate: what is suggested, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from trainer.__main__ import main
from trainer.datasets.store import DatasetWriter
from trainer.files.paths import Profile


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([2.0, 2.0, 1.9, 1.0, 0.1, 0.09, 3.0], 3),
        ([2.0, 1.0, 0.9, 0.8, 9.0], 0),
        ([1.0, 2.0, 3.0], None),
        ([1.0], None),
        ([], None),
    ],
)
def test_the_suggestion_is_where_the_loss_falls_fastest(
    losses: list[float], expected: int | None
) -> None:
    from trainer.training.rate_finder import suggested_rate

    rates = [10.0**n for n in range(-6, -6 + len(losses))]
    suggestion = suggested_rate(rates, losses)
    assert suggestion == (None if expected is None else rates[expected])


def test_the_command_sweeps_and_draws(
    own_profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = np.zeros((64, 28, 28), dtype=np.uint8)
    labels = np.arange(64) % 2
    images[labels == 1, 10:20] = 255
    folder = Profile.locate().datasets / "tiny"
    with DatasetWriter(folder, title="Tiny", alphabet=("A", "B")) as writer:
        writer.append("train", images, labels)
    plot = tmp_path / "curve.svg"
    arguments = ["lr-find", "--preset", "mlp-tiny", "--data", "tiny", "--batches", "30"]
    assert main([*arguments, "--until", "10", "--plot", str(plot), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert len(record["rates"]) == len(record["losses"]) >= 10
    assert record["rates"][0] == pytest.approx(1e-6)
    assert record["suggestion"] in record["rates"]
    assert "<svg" in plot.read_text(encoding="utf-8")
    assert main([*arguments, "--from", "1", "--until", "0.1"]) == 1
    assert "from less to more" in capsys.readouterr().err
    assert main(["lr-find", "--preset", "knn", "--data", "tiny"]) == 1
    assert "Expected a network" in capsys.readouterr().err
