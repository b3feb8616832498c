"""Deleted runs: listed, put back, thrown away."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from trainer.config.training_config import TrainingConfig
from trainer.errors import RunError
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import TRASH_NAME, list_runs
from trainer.runs.titles import set_label
from trainer.runs.trash import deleted_runs, empty_trash, move_to_trash, restore, trash_files

TESTED = {
    "data": "starter",
    "samples": 10,
    "accuracy": 0.5,
    "low": 0.4,
    "high": 0.6,
    "seen": 0.0,
    "model": "m",
    "settings": "s",
}


def make_run(runs: Path, name: str, title: str = "", epochs: int = 5) -> Path:
    folder = RunFolder(runs / name)
    folder.open(TrainingConfig(data="starter", epochs=epochs), resume=False)
    folder.bundle.mkdir()
    (folder.bundle / "model.skops").write_bytes(b"x" * 1000)
    if title:
        set_label(folder.root, title, "")
    return folder.root


def test_deleted_runs_are_listed_with_where_they_were(tmp_path: Path) -> None:
    assert deleted_runs(tmp_path) == []
    roots = [make_run(tmp_path, "2026-a"), make_run(tmp_path, "2026-b", "Mine")]
    lying = [move_to_trash(root) for root in roots]
    (tmp_path / TRASH_NAME / "no-run-of-ours").mkdir()
    found = deleted_runs(tmp_path)
    assert found[0].title == "Mine"
    assert found[1].title.startswith("EMNIST Desktop's own · starter · ")
    assert [run.root for run in found] == roots[::-1]
    assert [run.folder for run in found] == lying[::-1]
    assert found[0].deleted >= found[1].deleted > 1.7e9
    restore(found[0].folder, found[0].root)
    assert [run.root for run in list_runs(tmp_path)] == [roots[1]]
    assert [run.root.name for run in deleted_runs(tmp_path)] == ["2026-a"]


def test_a_place_that_is_taken_stays_as_it_is(tmp_path: Path) -> None:
    root = make_run(tmp_path, "a")
    move_to_trash(root)
    make_run(tmp_path, "a", "Another")
    (run,) = deleted_runs(tmp_path)
    with pytest.raises(RunError, match="cannot be put back"):
        restore(run.folder, run.root)
    assert [run.title for run in list_runs(tmp_path)] == ["Another"]


def test_a_run_that_cannot_be_moved_stays_in_the_trash(tmp_path: Path) -> None:
    folder = move_to_trash(make_run(tmp_path, "a"))
    (tmp_path / "no-folder").touch()
    with pytest.raises(RunError, match="a cannot be put back: ") as caught:
        restore(folder, tmp_path / "no-folder" / "a")
    assert caught.value.hint == f"Look for it in {folder.parent}."
    assert folder.is_dir()


def test_files_in_use_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_run(tmp_path, "a")
    for name, text in (("test.json", json.dumps(TESTED)), ("events.jsonl", ""), ("log.txt", "")):
        (root / name).write_text(text)
    folder = move_to_trash(root)
    unlink = os.unlink

    def unlink_unused(path: str | Path, **options: int) -> None:
        if Path(path).name == "events.jsonl":
            raise PermissionError(errno.EACCES, "in use")
        unlink(path, **options)

    monkeypatch.setattr(os, "unlink", unlink_unused)
    empty_trash(tmp_path)
    assert {path.name for path in folder.iterdir()} == {"config.json", "events.jsonl", "test.json"}


def test_thrown_away_runs_are_gone_but_what_was_seen_stays_seen(tmp_path: Path) -> None:
    seen, plain = make_run(tmp_path, "seen", "Seen"), make_run(tmp_path, "plain")
    (seen / "test.json").write_text(json.dumps(TESTED))
    later = make_run(tmp_path, "later", epochs=9)
    for root in (seen, plain):
        move_to_trash(root)
    assert sum(path.stat().st_size for path in trash_files(tmp_path)) > 2000
    empty_trash(tmp_path)
    assert list(trash_files(tmp_path)) == []
    assert deleted_runs(tmp_path) == []
    assert not list((tmp_path / TRASH_NAME).rglob("*.skops"))
    (run,) = list_runs(tmp_path)
    assert (run.root, run.chosen_after) == (later, "Seen")


def test_throwing_away_can_be_ended(tmp_path: Path) -> None:
    for name in "abc":
        move_to_trash(make_run(tmp_path, name))
    calls = []

    def check() -> None:
        calls.append(len(calls))
        if len(calls) == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        empty_trash(tmp_path, check)
    assert len(deleted_runs(tmp_path)) == 2
