"""The wheel, installed outside the checkout, is a whole program."""

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of a fresh environment with the wheel in it.

    The libraries come from the running environment by a path file; the project itself must not.
    """
    folder = tmp_path_factory.mktemp("wheel")
    _run(
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        str(folder),
        cwd=ROOT,
    )
    (wheel,) = folder.glob("*.whl")
    environment = folder / "environment"
    venv.create(environment, with_pip=False)
    scripts = sysconfig.get_path("scripts", "venv", {"base": str(environment)})
    python = Path(scripts) / ("python.exe" if os.name == "nt" else "python")
    target = _run(
        str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder
    ).strip()
    libraries = next(p for p in site.getsitepackages() if Path(p).name == "site-packages")
    _run(
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--disable-pip-version-check",
        "--target",
        target,
        str(wheel),
        cwd=folder,
    )
    # Listed after the wheel's own folder, and without the checkout's path file.
    (Path(target) / "libraries.pth").write_text(libraries + "\n")
    return python


def _run(*command: str, cwd: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PIP_FIND_LINKS"}}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_program_comes_from_the_wheel(python: Path, tmp_path: Path) -> None:
    code = "import trainer, emnist_desktop; print(trainer.__path__[0])"
    found = _run(str(python), "-c", code, cwd=tmp_path)
    assert str(ROOT / "trainer") not in found


def test_the_wheel_recognises_without_a_model_given(python: Path, tmp_path: Path) -> None:
    ink = tmp_path / "ink.json"
    ink.write_text('{"strokes": [[[0, 0], [30, 0], [60, 1], [45, 50], [30, 100]]]}')
    answer = json.loads(
        _run(str(python), "-m", "trainer", "recognize", str(ink), "--json", cwd=tmp_path)
    )
    assert answer["text"] == "7"


def test_the_wheel_passes_its_self_test(python: Path, tmp_path: Path) -> None:
    assert "passed" in _run(str(python), "-m", "emnist_desktop", "--self-test", cwd=tmp_path)
