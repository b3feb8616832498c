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
import hashlib, json, os, signal, sys
from pathlib import Path
import numpy as np
from trainer.recognition.bundle import load_bundle
from trainer.datasets.my_samples import MySamples
from trainer.datasets.store import DatasetWriter, open_dataset
from trainer.exporting.bundle_file import import_bundle, pack_bundle
from trainer.ink.strokes import Ink
from trainer.files.paths import replacing
from trainer.training.checkpoints import Snapshot, load_snapshot, save_snapshot
from trainer.files.paths import put_back
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import list_runs

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
    arrays = [np.full(1000, n, np.float32), np.full(10, n, np.float32)]
    state = {"epoch": n, "best": [0.5, n], "fingerprint": "f"}
    snapshot = Snapshot(arrays, arrays, arrays, np.ones(5, np.bool_), state)
    save_snapshot(RunFolder(folder), n, snapshot)

def look_at_checkpoint(folder):
    found = load_snapshot(RunFolder(folder))
    arrays = [*found.weights, *found.optimizer, *found.average]
    return [found.state["epoch"], *sorted({int(value) for each in arrays for value in each})]

class Model:
    form = "skops"

    def __init__(self, n):
        self.n = n

    def projected_bytes(self):
        return 0

    def save(self, path):
        path.write_bytes(bytes([self.n]) * 10_000)

def card_of(n):
    sizes = {"format": 1, "preprocessing": 1, "pen_widths": [2.9], "temperature": 1.0}
    return {**sizes, "name": str(n), "alphabet": ["a", "b"]}

def write_bundle(folder, n):
    from trainer.training.classical import _write_bundle
    _write_bundle(folder / "bundle", Model(n), card_of(n), {"accuracy": n / 10})

def look_at_bundle(folder):
    put_back(folder / "bundle")  # as the list of runs does
    bundle = load_bundle(folder / "bundle")
    return [bundle.name, bundle.card["validation"]["accuracy"]]

def write_import(folder, n):
    file = root / f"{n}.zip"
    if not file.exists():
        write_bundle(root / str(n), n)
        pack_bundle(root / str(n) / "bundle", file)
    import_bundle(file, folder)

def look_at_import(folder):
    return sorted(load_bundle(RunFolder(run.root).bundle).name for run in list_runs(folder))

INK = Ink.from_json('{"strokes": [[[0, 0], [9, 9]]]}')

def samples_in(folder):
    return MySamples(folder / "samples" / "samples.jsonl")

def write_append(folder, n):
    samples_in(folder).append(INK, str(n))

def write_edit(folder, n):
    samples = samples_in(folder)
    if n == 1:
        samples.append(INK, "1")
    else:
        samples.relabel(samples.live()[0].id, str(n))

def write_delete(folder, n):
    samples = samples_in(folder)
    if n == 2:
        samples.remove(samples.live()[0].id)
    else:
        samples.append(INK, str(n))

def look_at_samples(folder):
    return [sample.character for sample in samples_in(folder).live()]

look_at_append = look_at_edit = look_at_delete = look_at_samples

def write_settings(folder, n):
    from PySide6.QtCore import QSettings
    from emnist_desktop.settings import PEN_WIDTH, CHARACTER_SET, Settings
    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    settings.set(PEN_WIDTH, float(n))
    settings.set(CHARACTER_SET, "digits" * n)
    settings.save()

def look_at_settings(folder):
    lines = (folder / "settings.ini").read_text().splitlines()
    return sorted(line for line in lines if line.startswith(("pen_width", "alphabet")))

WRITES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree", "os.truncate"}

def writes(event, arguments):
    for_writing = os.O_WRONLY | os.O_RDWR
    return event in WRITES or (event == "open" and bool(arguments[2] & for_writing))

def killed(write, folder, n, at):
    pid = os.fork()
    if pid == 0:
        left = [at]
        def come_nearer():
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        def half(number, data, real=os.write):
            if left[0] == 0:
                real(number, data[:len(data) // 2])
            come_nearer()
            return real(number, data)
        def flushed(number, real=os.fsync):
            come_nearer()
            real(number)
        os.write, os.fsync = half, flushed
        sys.addaudithook(lambda *event: writes(*event) and come_nearer())
        write(folder, n)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0

TRACE_ME, NEXT_CALL = 0, 24  # requests of Linux's ptrace

def killed_at_call(write, folder, n, at):
    # What a C++ library writes: ends at the system call with the number `at`, before it is made.
    import ctypes
    trace = ctypes.CDLL(None, use_errno=True).ptrace
    trace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    trace.restype = ctypes.c_long
    pid = os.fork()
    if pid == 0:
        if trace(TRACE_ME, 0, None, None) != 0:
            os._exit(3)
        os.kill(os.getpid(), signal.SIGSTOP)
        write(folder, n)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if not os.WIFSTOPPED(status):
        print("no tracing")
        sys.exit(0)
    for _ in range(2 * at + 1):  # each call stops it twice
        trace(NEXT_CALL, pid, None, None)
        _, status = os.waitpid(pid, 0)
        if not os.WIFSTOPPED(status):
            return False
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return True

def states(write, look, killed=killed):
    found, at = [], 0
    while True:
        folder = root / f"at-{at}"
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


def states(tmp_path: Path, what: str, how: str = "killed") -> list[list[object]]:
    """Return what was found after each kill, and after the write that followed it."""
    code = f"{_PREPARE}\nprint(json.dumps(states(write_{what}, look_at_{what}, {how})))"
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
    if done.stdout.strip() == "no tracing":
        pytest.skip("no process may be traced here")
    found: list[list[object]] = json.loads(done.stdout)
    return found


def check(
    found: list[list[object]], old: list[object], new: list[object], *later: list[object]
) -> None:
    after_kills, after_writes = found[::2], found[1::2]
    assert after_kills[0] == old
    assert after_kills[-1] == new
    assert len(after_kills) > 3
    assert all(state in (old, new) for state in after_kills)
    assert all(state in later for state in after_writes)


@pytest.mark.parametrize(
    ("what", "old", "new", "later"),
    [
        ("dataset", [1, 1, 1], [2, 2, 2], [3, 3, 3]),
        ("file", [10_000, "1"], [10_000, "2"], [10_000, "3"]),
        ("checkpoint", [1, 1], [2, 2], [3, 3]),
        ("bundle", ["1", 0.1], ["2", 0.2], ["3", 0.3]),
        ("edit", ["1"], ["2"], ["3"]),
    ],
    ids=["dataset", "file", "checkpoint", "bundle", "edit"],
)
def test_old_or_new_and_never_between(
    tmp_path: Path, what: str, old: list[object], new: list[object], later: list[object]
) -> None:
    check(states(tmp_path, what), old, new, later)


@pytest.mark.parametrize("what", ["append", "import"])
def test_what_is_added_is_there_or_not(tmp_path: Path, what: str) -> None:
    check(states(tmp_path, what), ["1"], ["1", "2"], ["1", "3"], ["1", "2", "3"])


def test_what_is_deleted_is_there_or_not(tmp_path: Path) -> None:
    check(states(tmp_path, "delete"), ["1"], [], ["1", "3"], ["3"])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="traces as Linux does")
def test_settings_are_old_or_new(tmp_path: Path) -> None:
    old, new, later = ([f"alphabet={'digits' * n}", f"pen_width={n}"] for n in (1, 2, 3))
    check(states(tmp_path, "settings", "killed_at_call"), old, new, later)
