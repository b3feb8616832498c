"""Show the code: the script of every preset is run, in one child, and compared with the run."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import ROOT
from tests.shared import made_once
from trainer.__main__ import main
from trainer.config.code import setting_code
from trainer.config.fields import FIELDS
from trainer.config.training_config import TrainingConfig
from trainer.datasets.store import DatasetWriter
from trainer.exporting.script.cells import Cell, notebook_text, script_text
from trainer.exporting.script.data_cells import data_cells
from trainer.exporting.script.script import make_script
from trainer.exporting.script.script_data import ScriptData, script_data
from trainer.files.paths import Profile
from trainer.ink.alphabet import LETTERS
from trainer.models.presets import PRESETS

DEADLINE = 280.0
MOST_LINES = 120
MOST_OF_PEN = 160  # it averages, balances, warms up and smooths
ALLOWED = {"gzip", "keras", "matplotlib", "numpy", "pathlib", "sklearn", "tensorflow"}


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what the child has found."""

    def make(folder: Path) -> None:
        (folder / "work").mkdir()
        environment = os.environ | {
            "EMNIST_DESKTOP_PROFILE": str(folder / "profile"),
            "LOKY_MAX_CPU_COUNT": "1",
            "MPLBACKEND": "Agg",
        }
        child = [sys.executable, "-m", "tests.trainer.exporting.script_child"]
        done = subprocess.run(
            [*child, str(folder / "work")],
            capture_output=True,
            check=False,
            cwd=ROOT,
            env=environment,
            text=True,
            timeout=DEADLINE,
        )
        assert done.returncode == 0, done.stderr
        (folder / "answer.json").write_text(done.stdout)

    folder = made_once(tmp_path_factory, "scripts", make)
    record: dict[str, Any] = json.loads((folder / "answer.json").read_text())
    return record


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PRESETS, "busy", "only shift", "only rotation"])
def test_the_script_of_a_preset_does_what_its_run_does(answer: dict[str, Any], name: str) -> None:
    facts = answer["facts"][name]
    assert facts["printed"].startswith("Validation accuracy: ")
    assert {key for key, value in facts.items() if value is False} == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESETS)
def test_the_script_of_a_preset_is_short_and_knows_no_other_package(
    answer: dict[str, Any], name: str
) -> None:
    facts = answer["facts"][name]
    assert facts["lines"] <= (MOST_OF_PEN if name == "pen" else MOST_LINES)
    assert facts["widest"] <= 100
    nodes = list(ast.walk(ast.parse(facts["script"])))
    modules = {each.module for each in nodes if isinstance(each, ast.ImportFrom)}
    modules |= {a.name for each in nodes if isinstance(each, ast.Import) for a in each.names}
    allowed = ALLOWED | ({"xgboost"} if name == "xgboost" else set())
    assert {str(module).partition(".")[0] for module in modules} <= allowed


@pytest.mark.slow
def test_a_script_varies_images_as_the_program_does(answer: dict[str, Any]) -> None:
    assert answer["difference"] <= 0.51  # the program rounds to whole grey levels


def test_a_notebook_has_the_cells_of_the_script() -> None:
    cells = [Cell("Load.", ("x = 1", "", "", "y = 2")), Cell("Show.", ("print(x + y)",))]
    notebook = json.loads(notebook_text("Title", ["A note."], cells))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    kinds = [cell["cell_type"] for cell in notebook["cells"]]
    assert kinds == ["markdown", "markdown", "code", "markdown", "code"]
    assert len({cell["id"] for cell in notebook["cells"]}) == 5
    names: dict[str, Any] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            exec("".join(cell["source"]), names)
    assert names["y"] == 2
    script = script_text("Title", ["A note."], cells)
    assert script.startswith('"""Title\n\nA note.\n"""\n\n# Load.\nx = 1\n\ny = 2\n')


@pytest.mark.parametrize(
    "title",
    [
        "My data",
        r"C:\Users\Anna\new",
        'the "best"',
        'say """hi""" and """"',
        '"""\npwned = 1\n"""',
        "one\ntwo\rthree\x00four\u2028five",
        "*x* <img src=x> [a](b) $x$ &lt; `c`",
    ],
)
def test_the_title_of_the_data_is_text_in_the_code(title: str, own_profile: Path) -> None:
    with DatasetWriter(own_profile / "data", title=title, alphabet=("A", "B")) as writer:
        writer.append("train", np.zeros((12, 28, 28), dtype=np.uint8), np.arange(12) % 2)
    made = make_script(TrainingConfig(data=str(own_profile / "data"), preset="knn"))
    shown = "".join(each if each.isprintable() else " " for each in title)
    about = ast.get_docstring(ast.parse(made.script), clean=False) or ""
    assert about.startswith(f"k-nearest neighbours, trained on {shown}.\n\nNeeds: pip install ")
    assert not any(line.startswith("pwned") for line in made.script.splitlines())
    first, _, _, second, *_ = json.loads(made.notebook)["cells"]
    for cell in (first, second):
        markdown = "".join(cell["source"])
        assert shown in re.sub(r"\\(.)", r"\1", markdown)
        assert not re.search(r"(?<!\\)(\\\\)*[*<>\[\]$&`]", markdown)


def test_names_of_files_and_characters_are_text_in_the_code() -> None:
    folder, names = 'C:\\new\n"folder"\udc80', ('a"b.gz', "c\\d.gz")
    data = ScriptData("Title", tuple("\n\r\"'\\ä"), (28, 28), folder=folder, files=names)
    code = data_cells(TrainingConfig(data="mnist", preset="knn"), data)[0].code
    nodes = ast.walk(ast.parse("\n".join(code)))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    assert {folder, *names, "".join(data.alphabet)} <= texts


def test_official_files_are_read_as_they_are_published() -> None:
    data = script_data(TrainingConfig.from_record({"preset": "knn", "data": "emnist-letters"}))
    assert data.files[0] == "emnist-letters-train-images-idx3-ubyte.gz"
    assert (data.transposed, data.first_label, data.alphabet) == (True, 1, LETTERS)
    assert data.is_archive
    assert data.exported == ()
    exported = script_data(
        TrainingConfig.from_record({"preset": "knn", "data": "mnist"}), with_data=True
    )
    assert exported.exported == ("mnist-data.npz",)


def test_a_script_is_written_with_its_data(
    own_profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = np.zeros((12, 28, 28), dtype=np.uint8)
    folder = Profile.locate().datasets / "tiny"
    with DatasetWriter(folder, title="Tiny", alphabet=("A", "B")) as writer:
        writer.append("train", images, np.arange(12) % 2)
    file = tmp_path / "code.ipynb"
    arguments = ["--preset", "knn", "--data", "tiny", "--extra", "tiny"]
    assert main(["script", *arguments, "--to", str(file), "--with-data", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["data"] == ["tiny-data.npz", "tiny-extra.npz"]
    assert json.loads(file.read_text())["nbformat"] == 4
    arrays = np.load(tmp_path / "tiny-data.npz")
    assert arrays["images"].shape == (12, 28, 28)
    assert arrays["alphabet"].tolist() == ["A", "B"]


def test_data_without_a_place_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["script", "--preset", "knn", "--data", "mnist", "--with-data"]) == 1
    assert "Expected a file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("learning_rate", 1e-3, "SGD(learning_rate=0.001)"),
        ("dropout", 0.5, "layers.Dropout(0.5)"),
        ("schedule", "plateau", "ReduceLROnPlateau(factor=0.5, patience=3)"),
        ("early_stopping", 0, ""),
        ("eta", 0.3, '{"eta": 0.3}'),
        ("image_augmentation.rotation", 10.0, "layers.RandomRotation(10 / 360)"),
    ],
)
def test_a_setting_says_what_it_is_in_code(name: str, value: object, expected: str) -> None:
    assert setting_code(name, value, {"optimizer": "sgd-momentum"}) == expected


def test_the_code_of_weights_computes_them() -> None:
    names = {"np": np, "y_train": np.array([0, 0, 1])}
    assert eval(setting_code("balance", 1.0, {}), names).tolist() == [0.5, 0.5, 1.0]
    code = setting_code("class_weights", 1.0, {}).partition("class_weight=")[2]
    assert eval(code.removesuffix(")"), names) == {0: 0.5, 1: 1.0}


def test_the_code_of_every_setting_is_python() -> None:
    defaults = vars(TrainingConfig(data="mnist"))
    options = {option.name: option.default for each in PRESETS.values() for option in each.options}
    for name, value in {**{name: defaults[name] for name in FIELDS}, **options}.items():
        code = setting_code(name, value, defaults)
        if code:
            ast.parse(code.replace("…", "x"))
