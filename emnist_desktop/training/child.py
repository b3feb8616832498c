"""A trainer that answers once: a child process that ends with the task that asked."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from emnist_desktop.task import Context
from trainer.errors import RunError
from trainer.paths import PROFILE_VARIABLE, Profile
from trainer.program import trainer_command

_SECONDS_PER_LOOK = 0.1
_PRIORITY = 5
"""Niceness of the child: the window comes first."""

_HINT = "Hint: "


def ask_trainer(arguments: Sequence[str], profile: Profile, context: Context) -> dict[str, Any]:
    """Run a command that prints one JSON object, and return it.

    Raises
    ------
    RunError
        What the trainer said instead.
    """
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW
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
        creationflags=flags,
    ) as process:
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, _PRIORITY)
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
    return RunError(lines[-1] if lines else "The trainer ended without a word.")
