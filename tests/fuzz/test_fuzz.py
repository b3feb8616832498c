"""No file that somebody sends may crash the program, hang it, or fill the memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.hunt import hunt
from tests.fuzz.targets import TARGETS, Target


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_broken_files_are_refused_or_read(target: Target, tmp_path: Path) -> None:
    assert hunt(target, range(25), tmp_path / "broken") == []


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_sound_files_are_read(target: Target, tmp_path: Path) -> None:
    target.read(target.make(tmp_path))
