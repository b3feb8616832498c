"""A package that is installed beside the program adds a preset and an importer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ROOT

CODE = """
import json, sys
from pathlib import Path
from trainer.config.training_config import TrainingConfig
from trainer.datasets.formats.detect import open_source
from trainer.datasets.formats.options import ImportOptions
from trainer.models.preset_layers import layers_of_preset
from trainer.models.presets import PRESETS
config = TrainingConfig.from_record({"preset": "thin-cnn", "data": "mnist"})
source = open_source(Path(sys.argv[1]), ImportOptions())
print(json.dumps({
    "presets": len(PRESETS), "parameters": PRESETS["thin-cnn"].parameters,
    "layers": len(layers_of_preset("thin-cnn")), "epochs": config.epochs,
    "format": source.format, "labels": source.splits["train"].labels.tolist(),
}))
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the example is installed, beside a package that fails."""
    folder = tmp_path_factory.mktemp("packages")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    pip += ["--no-deps", "--no-index", "--no-build-isolation", "--target", str(folder)]
    example = str(ROOT / "docs" / "example-extension")
    done = subprocess.run([*pip, example], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    broken = folder / "broken-1.0.dist-info"
    broken.mkdir()
    (broken / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    groups = "[emnist_desktop.presets]\nbroken = nothing:here\n"
    groups += "[emnist_desktop.importers]\nbroken = nothing:here\n"
    (broken / "entry_points.txt").write_text(groups)
    return folder


def test_the_example_adds_a_preset_and_an_importer(packages: Path, tmp_path: Path) -> None:
    file = tmp_path / "digits.labelled"
    rows = np.full((3, 785), 200, dtype=np.uint8)
    rows[:, 0] = 4, 2, 4
    file.write_bytes(rows.tobytes())
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(packages)])}
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(file)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record == {
        "presets": 24,
        "parameters": 29_999,
        "layers": 4,
        "epochs": 10,
        "format": "labelled bytes",
        "labels": [4, 2, 4],
    }
    assert "nothing:here" in done.stderr
