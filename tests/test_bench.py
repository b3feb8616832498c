"""What the bench and the tools share."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.data import VARIABLE, data_folder


def test_the_folder_of_real_handwriting_is_named_by_a_variable_or_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert data_folder("pen") == tmp_path / "pen"
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(SystemExit, match=f"Set {VARIABLE} to the folder"):
        data_folder()
