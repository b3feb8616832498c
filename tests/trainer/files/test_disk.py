from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from trainer.files.disk import size_of


def test_a_folder_that_goes_while_it_is_measured_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / "file").write_bytes(bytes(10))
    assert size_of(tmp_path) == 20
    scandir = os.scandir

    def removing(path: str) -> object:
        if str(path) == str(tmp_path / "b"):
            shutil.rmtree(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", removing)
    assert size_of(tmp_path) == 10
