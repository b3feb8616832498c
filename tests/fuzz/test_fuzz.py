"""No file that somebody sends may crash the program, hang it, or fill the memory."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import tests.fuzz.hunt
from tests.fuzz.hunt import hunt
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS
from trainer.errors import DatasetError


@pytest.mark.filterwarnings("ignore::DeprecationWarning:keras")
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_sound_files_are_read_and_broken_ones_read_or_refused(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only `make fuzz` counts the seconds: here other tests compute beside it.
    monkeypatch.setattr(tests.fuzz.hunt, "SLOWEST_SECONDS", float("inf"))
    (tmp_path / "sound").mkdir()
    target.read(target.make(tmp_path / "sound"))
    assert hunt(target, range(max(1, 25 // target.cost)), tmp_path / "hunt") == []


def _some_file(folder: Path) -> Path:
    (folder / "some").write_bytes(b"content")
    return folder / "some"


def _writes_above(path: Path) -> None:
    (path.parent / "../../escaped").write_bytes(b"")


def _writes_elsewhere(path: Path) -> None:
    (path.parents[4] / "outside").write_bytes(b"")


def _links_elsewhere(path: Path) -> None:
    path.with_name("link").symlink_to("/nowhere")


def _says_nothing(path: Path) -> None:
    raise DatasetError(" ")


def _forgets_an_error(path: Path) -> None:
    raise KeyError(path.name)


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (_writes_above, "Changed .*escaped"),
        (_writes_elsewhere, "Changed .*outside"),
        (_links_elsewhere, "Changed .*link"),
        (_says_nothing, "An error without a sentence"),
        (_forgets_an_error, "KeyError: "),
    ],
)
def test_the_hunt_notices(
    read: Callable[[Path], object], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tests.fuzz.hunt, "OUTSIDE", tmp_path / "outside")
    faults = hunt(Target("careless", _some_file, read), range(1), tmp_path / "hunt")
    assert [re.match(words, fault.words) is not None for fault in faults] == [True]
    assert not (tmp_path / "outside").exists()
