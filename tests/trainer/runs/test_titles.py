"""What a run is called before anybody names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.config.training_config import TrainingConfig
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import folder_title, summarize
from trainer.runs.titles import day_of, default_title, set_label

DAY = "2026-11-28"


@pytest.mark.parametrize(
    ("config", "accuracy", "title"),
    [
        ({"preset": "lenet5", "data": "mnist"}, 0.9871, "LeNet-5 · mnist · 98.7 % · 2026-11-28"),
        (
            {"preset": "lenet5", "data": "/somewhere/own.csv", "extra": ["my-samples"]},
            None,
            "LeNet-5 · own.csv + my samples · 2026-11-28",
        ),
        (
            {"preset": "of-a-plugin", "data": "mnist", "extra": ["my-samples", "starter"]},
            1.0,
            "of-a-plugin · mnist + my samples + starter · 100.0 % · 2026-11-28",
        ),
        ({}, None, DAY),
    ],
)
def test_a_title_says_what_was_trained_on_what(
    config: dict[str, Any], accuracy: float | None, title: str
) -> None:
    assert default_title(config, accuracy, DAY) == title


def test_a_title_is_in_the_language_of_the_user() -> None:
    config = {"preset": "lenet5", "data": "mnist", "extra": ["my-samples"]}
    assert default_title(config, None, "", str.upper) == "LENET-5 · MNIST + MY SAMPLES"


@given(
    st.dictionaries(
        st.sampled_from(["preset", "data", "extra"]),
        st.none() | st.integers() | st.text() | st.lists(st.text() | st.integers()),
    )
)
def test_whatever_a_file_of_settings_holds_there_is_a_title(config: dict[str, Any]) -> None:
    assert default_title(config, 0.5, DAY).endswith("50.0 % · 2026-11-28")


def test_the_day_is_that_of_the_folder_else_that_of_its_file() -> None:
    assert day_of(Path("runs/2026-11-20-231500-lenet5"), 0.0) == "2026-11-20"
    assert day_of(Path("runs/my-run"), 86400.0 * 365) in ("1970-12-31", "1971-01-01")
    assert day_of(Path("runs/my-run"), 0.0) == ""


def test_a_run_keeps_the_name_that_the_user_gave(tmp_path: Path) -> None:
    root = tmp_path / "2026-11-20-231500-lenet5"
    RunFolder(root).open(TrainingConfig(data="mnist", preset="lenet5"), resume=False)
    assert summarize(root).title == folder_title(root) == "LeNet-5 · mnist · 2026-11-20"
    set_label(root, "", "a note alone names nothing")
    assert summarize(root).title == "LeNet-5 · mnist · 2026-11-20"
    set_label(root, "Mine", "")
    assert summarize(root).titled(str.upper) == folder_title(root) == "Mine"


def test_a_run_without_settings_is_called_as_its_folder(tmp_path: Path) -> None:
    root = tmp_path / "broken"
    root.mkdir()
    (root / "config.json").write_text("{")
    assert summarize(root).title == folder_title(root) == "broken"
