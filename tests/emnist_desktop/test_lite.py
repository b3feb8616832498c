"""The window of the lite executable, and of an installation without the packages to train."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.emnist_desktop.fake_trainer import epoch_events, started
from tests.lite import lite_environment
from trainer.config.training_config import TrainingConfig
from trainer.files.paths import Profile
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.titles import set_label

DEADLINE = 120
FULL = "This edition draws, reads and browses; it does not train. The full edition does."
PIP = 'pip install "emnist-desktop[train]"'

TO_TRAIN = ("New run", "Start", "Resume", "Estimate", "Search", "Course projects")


def profile_with_run(root: Path) -> Profile:
    """Return a profile with a run that broke off elsewhere, and so could be gone on with."""
    profile = Profile(root)
    folder = RunFolder(profile.runs / "run")
    folder.open(TrainingConfig.from_record({"preset": "cnn-small", "data": "small"}), resume=False)
    for event in (started(3), *epoch_events(1), *epoch_events(2)):
        folder.append(event)
    folder.append(events.Failed("The loss is no number.", "Try a lower --learning-rate."))
    set_label(folder.root, "From elsewhere", "")
    return profile


def look(tmp_path: Path, *, is_executable: bool) -> dict[str, list[str]]:
    profile = profile_with_run(tmp_path / "profile")
    done = subprocess.run(
        [sys.executable, "-m", "tests.emnist_desktop.lite_window", str(profile.root)],
        env=lite_environment(tmp_path / "lite", is_executable=is_executable),
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=DEADLINE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    seen: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return seen


@pytest.mark.parametrize("is_executable", [True, False], ids=["executable", "installation"])
def test_it_shows_runs_and_offers_no_training(tmp_path: Path, is_executable: bool) -> None:
    seen = look(tmp_path, is_executable=is_executable)
    assert seen["titles"] == ["From elsewhere"]
    for page in ("runs", "watch", "asked for the form"):
        assert sum("does not train" in text for text in seen[page]) == 1
    assert any("taken for" in text for text in seen["watch"]), "the confusion matrix is there"
    assert any("curves" in text.lower() for text in seen["watch"])
    for page, texts in seen.items():
        assert not set(texts) & set(TO_TRAIN), page
    said = "\n".join(text for texts in seen.values() for text in texts)
    assert "python -m" not in said
    if is_executable:
        assert FULL in seen["runs"]
        assert "pip" not in said.replace("pipe", "")
    else:
        assert any(PIP in text for text in seen["runs"])
