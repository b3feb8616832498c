"""Trainers as child processes: how each is started, and one that answers once."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from emnist_desktop.task import Context
from trainer.errors import RunError
from trainer.paths import PROFILE_VARIABLE, Profile
from trainer.program import trainer_command

_SECONDS_PER_LOOK = 0.1
_PRIORITY = 5
"""Niceness of the child: the window comes first."""

_HINT = "Hint: "


def creation_flags() -> int:
    """Return how Windows starts a child: behind the window, and without one of its own."""
    if sys.platform == "win32":
        return subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW
    return 0


def put_behind(pid: int) -> None:
    """Let the window come first; Windows was told when the child was started."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, _PRIORITY)


def ask_trainer(arguments: Sequence[str], profile: Profile, context: Context) -> dict[str, Any]:
    """Run a command that prints one JSON object, and return it.

    Raises
    ------
    RunError
        What the trainer said instead.
    """
    with subprocess.Popen(
        [*trainer_command(), *arguments, "--json"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        env={
            **os.environ,
            PROFILE_VARIABLE: str(profile.root),
            "PYTHONIOENCODING": "utf-8",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        },
        creationflags=creation_flags(),
    ) as process:
        put_behind(process.pid)
        try:
            output, errors = _communicate(process, context)
        except BaseException:
            process.kill()
            raise
    try:
        return dict(json.loads(output.splitlines()[-1]))
    except (ValueError, TypeError, IndexError) as error:
        raise _said(errors) from error


def _communicate(process: subprocess.Popen[str], context: Context) -> tuple[str, str]:
    while True:
        context.check()
        try:
            return process.communicate(timeout=_SECONDS_PER_LOOK)
        except subprocess.TimeoutExpired:
            continue


def _said(errors: str) -> RunError:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    if len(lines) > 1 and lines[-1].startswith(_HINT):
        return RunError(lines[-2], lines[-1].removeprefix(_HINT))
    unexplained = QCoreApplication.translate(
        "Child", "The trainer was ended from outside, or ran out of memory."
    )
    return RunError(lines[-1] if lines else unexplained)
