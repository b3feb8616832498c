from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from trainer.datasets.my_samples import MySamples
from trainer.files.paths import Profile
from trainer.files.records import write_json
from trainer.ink.strokes import Ink

pytestmark = pytest.mark.skipif(os.name == "nt", reason="rights are those of POSIX")


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_only_the_owner_reads_handwriting(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "profile")
    profile.datasets.mkdir(parents=True)
    write_json(profile.autosave_file, {})
    assert profile.datasets.stat().st_mode & 0o077
    profile.keep_private()
    MySamples(profile.samples_file).append(Ink.from_points([[(1, 2), (3, 4)]]), "a")
    write_json(profile.datasets / "own" / "dataset.json", {})
    write_json(profile.runs / "run" / "history.json", {})
    for part in (profile.datasets, profile.autosave_file, profile.samples_file.parent):
        assert not part.stat().st_mode & 0o077
    for path in (*profile.samples_file.parent.rglob("*"), *profile.runs.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
