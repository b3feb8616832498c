"""The wheel, installed outside the checkout, is a whole program."""

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

SEVEN = '{"strokes": [[[0, 0], [30, 0], [60, 1], [45, 50], [30, 100]]]}'


@dataclass(frozen=True)
class Installation:
    """A fresh environment with the wheel in it, used from an empty folder."""

    folder: Path

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of the environment there; return what it prints."""
        scripts = Path(sysconfig.get_path("scripts", "venv", {"base": str(self.folder)}))
        elsewhere = self.folder.parent / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        return _run(str(scripts / program), *arguments, cwd=elsewhere)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Build and install the wheel.

    The libraries come from the running environment by a path file, so nothing is fetched. Path
    files found there are not followed: the checkout stays out of the new environment.
    """
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    installation = Installation(folder / "environment")
    venv.create(installation.folder, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    pip += ["--python", str(installation.folder), "install", "--quiet", "--no-deps", "--no-index"]
    _run(*pip, str(wheel), cwd=folder)
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    target = Path(installation.run("python", "-c", code).strip())
    libraries = [path for path in site.getsitepackages() if Path(path).name == "site-packages"]
    (target / "libraries.pth").write_text("\n".join(libraries) + "\n", encoding="utf-8")
    return installation


def _run(*command: str, cwd: Path) -> str:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=kept, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_everything_comes_from_the_wheel(installation: Installation) -> None:
    code = (
        "import emnist_desktop, trainer, trainer.files.paths\n"
        "print(emnist_desktop.__path__[0], trainer.__path__[0], trainer.files.paths.resources(),"
        " sep='\\n')"
    )
    for place in installation.run("python", "-c", code).splitlines():
        assert Path(place).is_relative_to(installation.folder)


def test_the_wheel_has_the_terms_of_its_data(installation: Installation) -> None:
    code = "from importlib.metadata import distribution as d; print(*d('emnist-desktop').files)"
    files = {Path(file).name for file in installation.run("python", "-c", code).split()}
    assert {"LICENSE", "NOTICE.txt", "CC-BY-4.0.txt", "CC-BY-SA-4.0.txt"} <= files


def test_the_wheel_recognises_without_a_model_given(
    installation: Installation, tmp_path: Path
) -> None:
    ink = tmp_path / "ink.json"
    ink.write_text(SEVEN, encoding="utf-8")
    for program in (["python", "-m", "trainer"], ["emnist-trainer"]):
        answer = json.loads(installation.run(*program, "recognize", str(ink), "--json"))
        assert answer["text"] == "7"


def test_the_wheel_passes_its_self_test(installation: Installation) -> None:
    installation.run("emnist-desktop", "--self-test")
    assert "passed" in installation.run("python", "-m", "emnist_desktop", "--self-test")
