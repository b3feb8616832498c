"""What a killed program left is found; what somebody is still writing is not."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from trainer.files.leftovers import leftovers
from trainer.files.paths import Profile, replacing, temporary_folder

LONG_AGO = time.time() - 7200


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def gone() -> int:
    """Return the number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def make(path: Path, *, age: float | None = None) -> Path:
    """Write a file that looks so old, in a folder that does as well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    if age is not None:
        os.utime(path, (age, age))
        os.utime(path.parent, (age, age))
    return path


def test_old_unfinished_folders_are_found_and_others_left(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    old = [
        make(profile.datasets / ".letters.writing" / "train-images.npy", age=LONG_AGO),
        make(profile.runs / ".importing-x" / "bundle.json", age=LONG_AGO),
        make(profile.runs / "run" / ".bundle.writing" / "bundle.json", age=LONG_AGO),
        make(profile.runs / "run" / ".temporary" / "generated.py", age=LONG_AGO),
    ]
    make(profile.datasets / ".digits.writing" / "train-images.npy")
    make(profile.datasets / "letters" / "dataset.json", age=LONG_AGO)
    make(profile.runs / "run" / "bundle" / "bundle.json", age=LONG_AGO)
    assert sorted(leftovers(profile)) == sorted(path.parent for path in old)


def test_a_file_is_left_over_when_its_process_has_ended(tmp_path: Path, gone: int) -> None:
    profile = Profile(tmp_path)
    left = make(profile.root / f".drawing.json.{gone}.tmp")
    packed = make(profile.runs / f".run.zip.{gone}.tmp")
    make(profile.root / f".settings.json.{os.getpid()}.tmp")
    make(profile.root / "drawing.json", age=LONG_AGO)
    assert sorted(leftovers(profile)) == sorted([left, packed])


def test_two_threads_replace_a_file_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "file"

    def replace() -> None:
        with replacing(path) as temporary:
            temporary.write_text("second")

    with replacing(path) as temporary:
        temporary.write_text("first")
        thread = threading.Thread(target=replace)
        thread.start()
        thread.join()
        assert path.read_text() == "second"
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_program_was_replacing_is_left_over(tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from trainer.files.paths import replacing\n"
        "with replacing(Path(sys.argv[1])) as temporary:\n"
        "    temporary.touch()\n"
        "    os._exit(0)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "drawing.json")]
    subprocess.run(command, check=True)
    assert list(leftovers(Profile(tmp_path))) == list(tmp_path.iterdir())


def test_what_was_unpacked_for_a_while_is_left_over_after_a_kill(tmp_path: Path, gone: int) -> None:
    file = make(tmp_path / f"emnist-desktop.abc.{gone}.tmp" / "train.csv")
    with temporary_folder():
        assert list(leftovers(Profile(tmp_path / "profile"))) == [file.parent]
