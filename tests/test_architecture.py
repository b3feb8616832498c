"""Rules of the house that a machine can hold."""

from __future__ import annotations

import ast
import doctest
import itertools
import re
import subprocess
import sys
import tomllib
from collections import Counter

import pytest

import trainer
from tests.conftest import ROOT

SOURCES = sorted([*(ROOT / "trainer").rglob("*.py"), *(ROOT / "emnist_desktop").rglob("*.py")])


PAGES = [str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")]


def test_package_inits_stay_empty() -> None:
    inits = {path for path in SOURCES if path.name == "__init__.py" and path.read_text()}
    assert inits == {ROOT / "trainer" / "__init__.py"}


def test_the_front_door_is_lazy_and_complete() -> None:
    code = "import sys, trainer; print(sorted(m for m in sys.modules if m.startswith('trainer')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['trainer']"
    assert all(getattr(trainer, name) is not None for name in trainer.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = trainer.no_such_name


def test_the_example_at_the_front_door_is_true() -> None:
    assert doctest.testmod(trainer).attempted > 0
    assert doctest.testmod(trainer).failed == 0


def test_every_class_name_stands_for_one_thing() -> None:
    names = Counter(
        node.name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_threads_live_in_their_two_files() -> None:
    users = {
        path.name
        for path in (ROOT / "emnist_desktop").rglob("*.py")
        if any(word in path.read_text() for word in ("QThreadPool", "QThread(", "Thread("))
    }
    assert users <= {"task.py", "run_worker.py"}
    for path in (ROOT / "emnist_desktop").rglob("*.py"):
        is_start = path.name == "__main__.py"  # nothing is there yet that could be entered twice
        assert is_start or "processEvents" not in path.read_text()
        assert "sleep(" not in path.read_text()


def test_only_command_lines_print() -> None:
    printing = {
        path
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id == "print"
    }
    command_lines = {ROOT / "emnist_desktop" / "app" / "self_test.py"}
    command_lines |= {path for path in SOURCES if path.name == "__main__.py"}
    command_lines |= set((ROOT / "trainer" / "commands").rglob("*.py"))
    assert printing <= command_lines


HEAVY = {"tensorflow", "keras", "sklearn", "scipy", "matplotlib"}
LIGHT = "ink.alphabet ink.strokes ink.picture recognition.bundle recognition.recognizer"
LIGHT += " config.training_config datasets.load runs.events runs.folder"
LIGHT += " evaluation.corruptions evaluation.errors explain.client"


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        ([f"trainer.{name}" for name in LIGHT.split()], {*HEAVY, "PySide6"}),
        (["emnist_desktop.app.main_window", "emnist_desktop.app.self_test"], HEAVY),
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


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", *sorted(PAGES)])
def test_files_that_a_page_names_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"`((?:trainer|emnist_desktop|tools|tests|bench|docs)/[\w/.-]*)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []


JOURNEYS = {"From ink to an answer": 9, "From Start to the plots": 20}
"""The lists of steps in `docs/architecture.md`, and how many files each may take."""

STEP = re.compile(r"^\d+\. (.*(?:\n   .*)*)", re.MULTILINE)


@pytest.mark.parametrize("title", JOURNEYS)
def test_a_journey_leads_through_files_that_are_there(title: str) -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    steps = STEP.findall(page.partition(f"## {title}\n")[2].partition("\n## ")[0])
    files = [re.findall(r"`([\w/]+\.py)`", step) for step in steps]
    assert all(files), "each step names its file"
    assert 5 < len({file for named in files for file in named}) <= JOURNEYS[title]
    for step, named in zip(steps, files, strict=True):
        source = "".join((ROOT / file).read_text(encoding="utf-8") for file in named)
        for word in re.findall(r"`(\w+)`", step):
            assert re.search(rf"\b{word}\b", source), f"{word} is not in {named}"


def test_the_steps_to_the_plots_know_one_another() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    steps = page.partition("## From Start to the plots\n")[2].partition("\n## ")[0]
    files = re.findall(r"^\d+\. `([\w/]+)\.py`", steps, re.MULTILINE)
    modules = {name.replace("/", "."): ROOT / f"{name}.py" for name in files}
    del modules["trainer.__main__"]  # started as a program
    pairs: set[frozenset[str]] = set()
    for module, path in modules.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                named = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
                pairs |= {frozenset((module, other)) for other in named & set(modules)}
    reached: set[str] = set()
    ahead = {next(iter(modules))}
    while ahead - reached:
        reached |= ahead
        ahead = {module for pair in pairs if pair & reached for module in pair}
    assert reached == set(modules)
