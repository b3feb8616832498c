"""Programs without the packages for training: the lite executable, a bare installation."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.conftest import ROOT

MISSING = (
    "keras", "tensorflow", "sklearn", "scipy", "matplotlib", "skops", "optuna", "xgboost",
    "joblib", "threadpoolctl",
)  # fmt: skip

_WITHOUT = "import os, sys\nsys.modules.update(dict.fromkeys({missing!r}))\n"
_FROZEN = "sys.frozen = True\nsys.executable = {executable!r}\n"


def lite_environment(folder: Path, *, is_executable: bool) -> dict[str, str]:
    """Return variables under which Python and its children lack what training needs.

    As an executable they also start themselves as it does.
    """
    folder.mkdir()
    executable = folder / "emnist-desktop"
    executable.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m emnist_desktop "$@"\n')
    executable.chmod(0o755)
    customized = _WITHOUT.format(missing=MISSING)
    if is_executable:
        customized += _FROZEN.format(executable=str(executable))
    (folder / "sitecustomize.py").write_text(customized)
    path = os.pathsep.join((str(folder), str(ROOT)))
    return {**os.environ, "PYTHONPATH": path, "QT_QPA_PLATFORM": "offscreen"}
