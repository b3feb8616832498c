from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from trainer.files.paths import Profile
from trainer.files.records import write_json

pytestmark = pytest.mark.skipif(os.name == "nt", reason="rights are those of POSIX")


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_only_the_owner_enters_a_profile(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "some" / "profile")
    profile.keep_private()
    assert stat.S_IMODE(profile.root.stat().st_mode) == 0o700
    assert not any(profile.root.iterdir())
    profile.root.chmod(0o755)  # as an earlier version left it
    profile.keep_private()
    assert stat.S_IMODE(profile.root.stat().st_mode) == 0o700


def test_what_is_saved_elsewhere_has_the_rights_of_the_users_umask(tmp_path: Path) -> None:
    Profile(tmp_path / "profile").keep_private()
    write_json(tmp_path / "exported.json", {})
    assert stat.S_IMODE((tmp_path / "exported.json").stat().st_mode) == 0o644


def test_a_folder_of_everybody_stays_one(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    Profile(shared).keep_private()
    assert stat.S_IMODE(shared.stat().st_mode) == 0o777
