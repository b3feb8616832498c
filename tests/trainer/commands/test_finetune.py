"""Fine-tuning on own samples, from the drawings to a recogniser that can be used."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.shared import trainer
from tests.trainer.archives import write_archive
from tests.trainer.handwriting import digit_inks, digits
from trainer.commands.finetune import OWN_SAMPLES_NAME, _own_parts
from trainer.datasets.ink_archive import read_pen_archive
from trainer.datasets.my_samples import MySamples
from trainer.datasets.store import DatasetWriter
from trainer.files.paths import Profile
from trainer.ink.alphabet import BYCLASS
from trainer.recognition.bundle import load_bundle
from trainer.runs.list_runs import Status, summarize


@pytest.fixture
def profile(own_profile: Path) -> Profile:
    """Return a profile with forty own digits, and a small dataset of all characters."""
    profile = Profile.locate()
    MySamples(profile.samples_file).append_all(
        [(ink, str(number % 10)) for number, ink in enumerate(digit_inks(40))]
    )
    for name, n_each in (("small", 10), ("tiny", 1)):
        images, _ = digits(n_each * len(BYCLASS))
        with DatasetWriter(profile.datasets / name, title=name, alphabet=BYCLASS) as writer:
            writer.append("train", images, np.arange(len(images)) % len(BYCLASS))
    return profile


@pytest.mark.slow
def test_a_run_learns_own_samples_and_keeps_them_to_resume(profile: Profile) -> None:
    options = ["--rehearsal", "small", "--epochs", "1", "--json"]
    done = trainer(profile.root, "finetune", *options)
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    learned = read_pen_archive(_own_samples(profile))
    assert record["learned"] == len(learned) < 40
    held_out = 40 - len(learned)
    assert record["before"]["own"]["samples"] == record["after"]["own"]["samples"] == held_out
    (root,) = profile.runs.iterdir()
    assert summarize(root).status is Status.FINISHED
    assert Path(record["bundle"]) == root / "bundle"
    assert load_bundle(root / "bundle").alphabet == BYCLASS
    assert [path.name for path in profile.samples_file.parent.iterdir()] == ["samples.jsonl"]


def test_what_was_measured_by_is_not_learned_when_there_are_more(tmp_path: Path) -> None:
    own = read_pen_archive(write_archive(tmp_path / "own.npz", 120))
    learned, held = _own_parts(own.select(np.arange(120) < 40))
    learned_of_more, held_of_more = _own_parts(own)
    assert set(held) <= set(held_of_more)
    assert set(learned) <= set(learned_of_more)
    assert 0.1 < len(held_of_more) / 120 < 0.4


def test_samples_that_cannot_be_written_leave_no_run(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("trainer.commands.finetune.write_pen_archive", full)
    done = trainer(profile.root, "finetune", "--rehearsal", "small")
    assert (done.returncode, list(profile.runs.iterdir())) == (1, [])
    assert "is full" in done.stderr
    assert MySamples(profile.samples_file).count == 40


def test_data_too_small_to_hold_some_out_is_said(profile: Profile) -> None:
    done = trainer(profile.root, "finetune", "--rehearsal", "tiny")
    assert done.returncode == 1
    assert done.stderr.startswith("tiny is too small: no sample can be held out.")


def _own_samples(profile: Profile) -> Path:
    (path,) = profile.runs.glob(f"*/{OWN_SAMPLES_NAME}")
    return path
