"""Fixtures for all tests."""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from bench.data import VARIABLE, data_folder

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as both programs set it
for _name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ.setdefault(_name, "1")  # tests run side by side: more threads wait for one another
# Tests start some hundred programs, and each would compile all that it imports, as would pytest.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # by a shell that runs this behind
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parent.parent

settings.register_profile("default", derandomize=True, deadline=None)
settings.load_profile("default")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    named = os.environ.get(VARIABLE, "")
    if named and Path(named).is_dir():
        return
    skip = pytest.mark.skip(reason=f"no real handwriting: {VARIABLE} is {named or 'not set'}")
    for item in items:
        if item.get_closest_marker("real_data"):
            item.add_marker(skip)


def pytest_collection_finish() -> None:
    gc.freeze()  # tests and libraries stay: it takes time to look through them for garbage


@pytest.fixture
def data_dir() -> Path:
    """Return the folder with real handwriting."""
    return data_folder()


@pytest.fixture(autouse=True)
def own_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a profile of its own."""
    profile = tmp_path / "profile"
    monkeypatch.setenv("EMNIST_DESKTOP_PROFILE", str(profile))
    return profile
