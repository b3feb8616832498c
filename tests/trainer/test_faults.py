"""A program that is killed at any of its writes leaves the old state or the new one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills as Unix does")

_PREPARE = """
import json, os, signal, sys
from pathlib import Path
import numpy as np
from trainer.config import TrainingConfig
from trainer.datasets.store import DatasetWriter, open_dataset
from trainer.errors import TrainerError
from trainer.paths import replacing
from trainer.runs.folder import RunFolder

root = Path(sys.argv[1])

def write_dataset(folder, n):
    with DatasetWriter(folder / "some", title="Some", alphabet=("a", "b")) as writer:
        writer.append("train", np.full((n, 28, 28), n, np.uint8), np.zeros(n, np.int64))

def look_at_dataset(folder):
    data = open_dataset(folder / "some").splits["train"]
    return [len(data), int(data.images.min()), int(data.images.max())]

def write_file(folder, n):
    with replacing(folder / "file") as temporary:
        temporary.write_text(str(n) * 10_000)

def look_at_file(folder):
    text = (folder / "file").read_text()
    return [len(text), *sorted(set(text))]

def write_checkpoint(folder, n):
    writing = folder / "checkpoints" / ".writing"
    writing.mkdir(parents=True, exist_ok=True)
    (writing / "state").write_text(str(n) * 10_000)
    RunFolder(folder).save_checkpoint(n, writing)

def look_at_checkpoint(folder):
    last = RunFolder(folder).last_checkpoint()
    return [last.name, *sorted(set((last / "state").read_text()))]

WRITES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree", "os.truncate"}

def killed(write, folder, n, at):
    pid = os.fork()
    if pid == 0:
        left = [at]
        def hook(event, arguments):
            if event in WRITES:
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)
        write(folder, n)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0

def states(write, look):
    found, at = [], 0
    while True:
        folder = root / str(at)
        folder.mkdir()
        write(folder, 1)
        died = killed(write, folder, 2, at)
        found.append(look(folder))
        write(folder, 3)
        found.append(look(folder))
        if not died:
            return found
        at += 1
"""


def states(tmp_path: Path, what: str) -> list[list[object]]:
    """Return what was found after each kill, and after the write that followed it."""
    code = f"{_PREPARE}\nprint(json.dumps(states(write_{what}, look_at_{what})))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[list[object]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("what", "old", "new", "later"),
    [
        ("dataset", [1, 1, 1], [2, 2, 2], [3, 3, 3]),
        ("file", [10_000, "1"], [10_000, "2"], [10_000, "3"]),
        ("checkpoint", ["epoch-0001", "1"], ["epoch-0002", "2"], ["epoch-0003", "3"]),
    ],
    ids=["dataset", "file", "checkpoint"],
)
def test_old_or_new_and_never_between(
    tmp_path: Path, what: str, old: list[object], new: list[object], later: list[object]
) -> None:
    found = states(tmp_path, what)
    after_kills, after_writes = found[::2], found[1::2]
    assert after_kills[0] == old
    assert after_kills[-1] == new
    assert len(after_kills) > 3
    assert all(state in (old, new) for state in after_kills)
    assert all(state == later for state in after_writes)
