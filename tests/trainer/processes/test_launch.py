"""What a program says that lacks packages: an executable's user has no pip."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lite import lite_environment
from trainer.files.paths import PROFILE_VARIABLE, default_bundle
from trainer.processes.launch import missing_hint

DEADLINE = 120

LACKING = {
    "train": (("train", "--data", "starter", "--epochs", "1"), "keras"),
    "classic": (("train", "--data", "starter", "--preset", "knn"), "sklearn"),
    "map": (("layers", "--data", "starter", "--map", "pca"), "scikit-learn"),
    "keras-file": (
        ("evaluate", "--data", "starter", "--model", "net.keras", "--alphabet", "all"),
        "Keras",
    ),
    "onnx": (("export", "--from", "bundle", "--to", "net.onnx"), "ONNX"),
}


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a profile with a small starter set."""
    from trainer.datasets.catalog import Catalog
    from trainer.files.paths import Profile

    root = tmp_path_factory.mktemp("lite-profile")
    Catalog(Profile(root)).make_starter(lambda _: None, lambda: None, samples=372)
    (root / "net.keras").write_bytes(b"no archive")
    (root / "bundle").mkdir()
    for file in default_bundle().iterdir():
        (root / "bundle" / file.name).write_bytes(file.read_bytes())
    (root / "bundle" / "model.keras").write_bytes(b"never opened")
    return root


@pytest.fixture
def run(profile: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*arguments: str, is_executable: bool) -> subprocess.CompletedProcess[str]:
        environment = lite_environment(tmp_path / "lite", is_executable=is_executable)
        return subprocess.run(
            [sys.executable, "-m", "trainer", *arguments],
            env={**environment, PROFILE_VARIABLE: str(profile)},
            cwd=profile, capture_output=True, text=True, check=False, timeout=DEADLINE,
        )  # fmt: skip

    return run


@pytest.mark.parametrize("name", LACKING)
def test_an_executable_names_the_edition_that_has_it(run, name: str) -> None:
    arguments, package = LACKING[name]
    done = run(*arguments, is_executable=True)
    assert done.returncode == 1
    assert package in done.stderr
    assert "edition" in done.stderr
    assert "pip" not in done.stderr
    assert "Traceback" not in done.stderr


def test_an_installation_says_what_to_install(run) -> None:
    done = run(*LACKING["train"][0], is_executable=False)
    assert done.returncode == 1
    assert 'pip install "emnist-desktop[train]"' in done.stderr


def test_no_edition_is_named_for_what_none_has(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_hint("train", "scipy") == "Install it with: pip install scipy."
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "full edition" in missing_hint("xgboost")
    assert "full edition" not in missing_hint("train,onnx")
    assert "pip" not in missing_hint("", "a-driver")
