"""Rules of the house that a machine can hold."""

from __future__ import annotations

import ast
import itertools
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCES = sorted([*(ROOT / "trainer").rglob("*.py"), *(ROOT / "emnist_desktop").rglob("*.py")])


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_are_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
            assert length <= 40, f"{node.name} has {length} lines"


def test_package_inits_stay_empty() -> None:
    assert [path for path in SOURCES if path.name == "__init__.py" and path.read_text()] == []


def test_threads_live_in_their_two_files() -> None:
    users = {
        path.name
        for path in (ROOT / "emnist_desktop").rglob("*.py")
        if any(word in path.read_text() for word in ("QThreadPool", "QThread(", "Thread("))
    }
    assert users <= {"task.py", "run_worker.py"}
    for path in (ROOT / "emnist_desktop").rglob("*.py"):
        assert "processEvents" not in path.read_text()
        assert "sleep(" not in path.read_text()


def test_only_command_lines_print() -> None:
    printing = {
        path
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id == "print"
    }
    command_lines = {ROOT / "emnist_desktop" / "self_test.py"}
    command_lines |= {path for path in SOURCES if path.name == "__main__.py"}
    command_lines |= set((ROOT / "trainer" / "commands").iterdir())
    assert printing <= command_lines


HEAVY = {"tensorflow", "keras", "sklearn", "scipy", "matplotlib"}
LIGHT = "alphabet bundle config datasets.load ink picture recognizer runs.events runs.folder"
LIGHT += " evaluation.corruptions evaluation.mistakes layer_serving"


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        ([f"trainer.{name}" for name in LIGHT.split()], {*HEAVY, "PySide6"}),
        (["emnist_desktop.main_window", "emnist_desktop.self_test"], HEAVY),
    ],
    ids=["trainer", "window"],
)
def test_light_modules_import_nothing_heavy(modules: list[str], unwanted: set[str]) -> None:
    code = f"import sys, {', '.join(modules)}\nprint({unwanted} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_lock_covers_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = (ROOT / "constraints.txt").read_text()
    extras = project["optional-dependencies"].values()
    for requirement in [*project["dependencies"], *itertools.chain.from_iterable(extras)]:
        name = requirement.split(">")[0].split("[")[0].strip()
        assert name == project["name"] or f"\n{name}==" in locked, name
