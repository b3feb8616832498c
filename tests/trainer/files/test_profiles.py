"""Profiles: any name, one of each, complete or not there, and nothing lost."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.__main__ import main
from trainer.datasets.my_samples import MySamples
from trainer.errors import ProfileError
from trainer.files.leftovers import leftovers
from trainer.files.paths import Profile
from trainer.files.profiles import (
    FIRST_NAME,
    LONGEST_NAME,
    Profiles,
    check_profile_name,
    locate_profile,
)
from trainer.ink.strokes import Ink

INK = Ink.from_points([[(0, 0), (20, 0), (8, 40)]])


@pytest.fixture
def profiles(tmp_path: Path) -> Profiles:
    return Profiles(tmp_path / "home")


def names(profiles: Profiles) -> list[str]:
    return [each.name for each in profiles]


def test_a_lone_profile_is_where_it_always_was(profiles: Profiles, tmp_path: Path) -> None:
    (only,) = profiles
    assert only.profile == Profile(tmp_path / "home")
    profiles.remember(only.profile)
    assert not (tmp_path / "home").exists()
    assert profiles.last() == only


def test_each_has_its_own_samples_and_all_have_the_same_datasets(
    profiles: Profiles, tmp_path: Path
) -> None:
    first, anna = profiles.of(Profile(tmp_path / "home")), profiles.make("Anna", "green")
    assert names(profiles) == [FIRST_NAME, "Anna"]
    one, other = first.profile, anna.profile
    assert one.samples_file != other.samples_file
    assert one.runs != other.runs
    assert one.datasets == other.datasets == tmp_path / "home" / "datasets"
    assert Profile.locate(other.root).home == one.root


@pytest.mark.parametrize(
    "name", ["con", "a/b", "..", "C:\\x", "é", "名前", "x" * LONGEST_NAME, "-p"]
)
def test_any_name_can_be_chosen(profiles: Profiles, name: str) -> None:
    assert profiles.make(name, "blue").name == name
    assert profiles.named(name.upper()).name == name


@pytest.mark.parametrize("name", ["", " \n", "x" * (LONGEST_NAME + 1), "a\0b", "a\u202eb"])
def test_what_is_no_name_is_refused(profiles: Profiles, name: str) -> None:
    with pytest.raises(ProfileError, match="Expected a name"):
        profiles.make(name, "blue")
    assert names(profiles) == [FIRST_NAME]


@given(st.text())
def test_a_name_stays_as_it_was_checked(text: str) -> None:
    try:
        name = check_profile_name(text)
    except ProfileError:
        return
    assert check_profile_name(name) == name


@pytest.mark.parametrize("name", ["anna", "ANNA ", "Ａnna", FIRST_NAME.upper()])
def test_a_name_is_there_once(profiles: Profiles, name: str) -> None:
    profiles.make("Anna", "blue")
    with pytest.raises(ProfileError, match="already"):
        profiles.make(name, "blue")


def test_all_can_be_renamed(profiles: Profiles) -> None:
    ben = profiles.make("Ben", "blue")
    profiles.rename(next(iter(profiles)), "Anna", "orange")
    profiles.rename(ben, "BEN", "green")
    assert [(each.name, each.color) for each in profiles] == [("Anna", "orange"), ("BEN", "green")]
    with pytest.raises(ProfileError, match="already"):
        profiles.rename(profiles.named("ben"), "anna", "blue")


def test_a_deleted_one_can_be_restored_though_its_name_is_taken(profiles: Profiles) -> None:
    anna = profiles.make("Anna", "blue")
    MySamples(anna.profile.samples_file).append(INK, "7")
    profiles.delete(anna)
    assert names(profiles) == [FIRST_NAME]
    profiles.make("Anna", "green")
    (deleted,) = profiles.deleted()
    restored = profiles.restore(deleted)
    assert names(profiles) == [FIRST_NAME, "Anna", "Anna 2"]
    assert MySamples(restored.profile.samples_file).count == 1
    assert profiles.deleted() == ()
    with pytest.raises(ProfileError, match="first profile"):
        profiles.delete(next(iter(profiles)))


def test_an_exported_one_comes_back_with_samples_and_settings(
    profiles: Profiles, tmp_path: Path
) -> None:
    anna = profiles.make("Anna", "purple")
    MySamples(anna.profile.samples_file).append(INK, "7")
    anna.profile.settings_file.write_text("[window]\ntheme=dark\n")
    (anna.profile.samples_file.parent / "finetuning").mkdir()
    (anna.profile.samples_file.parent / "finetuning" / "samples-of-a-run.npz").touch()
    file = tmp_path / "anna.zip"
    profiles.export(anna, file)
    again = Profiles(tmp_path / "elsewhere").import_(file)
    assert (again.name, again.color) == ("Anna", "purple")
    assert MySamples(again.profile.samples_file).counts == {"7": 1}
    assert again.profile.settings_file.read_text() == "[window]\ntheme=dark\n"
    assert profiles.import_(file).name == "Anna 2"
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(again.profile.root.stat().st_mode) == 0o700


@pytest.mark.parametrize("member", ["../evil", "samples/../../evil", "/evil", "runs/x", None])
def test_what_is_no_exported_profile_leaves_nothing(
    profiles: Profiles, tmp_path: Path, member: str | None
) -> None:
    file = tmp_path / "file.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("profile.json" if member else "settings.ini", '{"name": "Eve"}')
        archive.writestr(member or "samples/samples.jsonl", "x")
    for content in (file.read_bytes(), file.read_bytes()[:40], b"no zip"):
        file.write_bytes(content)
        with pytest.raises(ProfileError, match="no exported profile"):
            profiles.import_(file)
    assert names(profiles) == [FIRST_NAME]
    assert not [path for path in tmp_path.rglob("*") if path.name == "evil" or ".tmp" in path.name]


def test_a_profile_that_was_packed_anew_comes_back(profiles: Profiles, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "anna.zip", "w") as archive:
        archive.mkdir("samples")
        archive.writestr("./profile.json", '{"name": "Anna"}')
        archive.writestr("samples/hand.npz", "x")
    anna = profiles.import_(tmp_path / "anna.zip")
    assert anna.name == "Anna"
    assert anna.profile.hand_file.read_text() == "x"


def test_a_full_disk_is_no_damaged_profile(
    profiles: Profiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles.export(profiles.make("Anna", "blue"), tmp_path / "anna.zip")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000))
    with pytest.raises(ProfileError, match=r"where 0\.0 MB are free"):
        profiles.import_(tmp_path / "anna.zip")
    assert names(profiles) == [FIRST_NAME, "Anna"]


def test_a_killed_program_leaves_complete_profiles(tmp_path: Path) -> None:
    code = (
        "import os, sys, trainer.files.profiles as p\n"
        "from pathlib import Path\n"
        "write = p.write_json\n"
        "p.write_json = lambda *a: os._exit(9) if len(a[0].parent.name) > 40 else write(*a)\n"
        "p.Profiles(Path(sys.argv[1])).make('Anna', 'blue')\n"
    )
    home = tmp_path / "home"
    assert subprocess.run([sys.executable, "-c", code, str(home)], check=False).returncode == 9
    assert names(Profiles(home)) == [FIRST_NAME]
    assert [path.parent.name for path in leftovers(Profile(home))] == ["profiles"]


def test_a_damaged_card_hides_nothing(profiles: Profiles) -> None:
    anna = profiles.make("Anna", "blue")
    (anna.profile.root / "profile.json").write_text("{")
    assert names(profiles) == [FIRST_NAME, anna.profile.root.name]


def test_the_last_one_is_opened_again(profiles: Profiles) -> None:
    anna = profiles.make("Anna", "blue")
    profiles.remember(anna.profile)
    assert profiles.last() == anna
    profiles.delete(anna)
    assert profiles.last().is_first


def test_the_command_line_takes_a_profile(
    profiles: Profiles,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("EMNIST_DESKTOP_PROFILE", str(tmp_path / "home"))
    anna = profiles.make("Anna", "blue")
    MySamples(anna.profile.samples_file).append(INK, "7")
    assert locate_profile(name="anna") == anna.profile
    assert main(["--profile", "anna", "datasets", "list"]) == 0
    assert os.environ["EMNIST_DESKTOP_PROFILE"] == str(anna.profile.root)
    assert "My samples" in capsys.readouterr().out
    assert main(["datasets", "list", "--profile", "Bert"]) == 1
    assert "There are: First profile, Anna." in capsys.readouterr().err
