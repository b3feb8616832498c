"""A trainer in a child process: start, output and errors.

`TrainerProcess` blocks, for shells, threads and tests. In the window's thread
`emnist_desktop.trainer_process.process.TrainerChild` does the same with signals.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from trainer.errors import Message, RunError, TrainerError
from trainer.files.records import RecordError, decode, parse
from trainer.processes.launch import BEFORE_HINT, JSON_VARIABLE, trainer_command

_PRIORITY = 5
"""Niceness of a child with lower priority than the window."""

_CHECK_INTERVAL_S = 0.1


_LOGGED = re.compile(r"[IWEF]\d{4} (\d\d:){2}|\d{4}-\d\d-\d\d [\d:.]+: [IWEF] ")
"""How lines of TensorFlow's log begin: severity and date, in either order."""


@dataclass(frozen=True)
class _ErrorRecord:
    error: str
    hint: str


class TrainerProcess(subprocess.Popen[str]):
    """A child process; an error in its ``with`` block kills it.

    Parameters
    ----------
    arguments : sequence of str
        A command of the trainer, and its options.
    program : sequence of str, optional
        What starts the trainer; by default this interpreter with ``-m trainer``, or, frozen,
        the program itself.
    variables : mapping, optional
        Additional environment variables; see `Profile.variables`.
    is_behind : bool
        Whether its priority is lower than the window's.
    is_detached : bool
        Whether it survives this process, its terminal and its session.
    streams
        ``stdin``, ``stdout`` and ``stderr`` as of `subprocess.Popen`; by default no input, and
        pipes for the output.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        program: Sequence[str] | None = None,
        variables: Mapping[str, str] | None = None,
        is_behind: bool = False,
        is_detached: bool = False,
        **streams: Any,
    ) -> None:
        pipes = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            **streams,
        }
        super().__init__(
            [*(program or trainer_command()), *arguments],
            encoding="utf-8",
            errors="replace",
            env=child_environment(variables),
            start_new_session=is_detached,
            creationflags=creation_flags(is_behind=is_behind),
            **pipes,
        )
        if is_behind:
            put_behind(self.pid)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self.kill()
        super().__exit__(kind, error, trace)

    def wait_output(
        self, check: Callable[[], None] | None = None, seconds: float = math.inf
    ) -> tuple[str, str] | None:
        """Wait for the end; return the contents of standard output and standard error.

        Parameters
        ----------
        check : callable, optional
            Raises to cancel.
        seconds : float
            Timeout; a child that takes longer is killed, and None is returned.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if check is not None:
                check()
            with contextlib.suppress(subprocess.TimeoutExpired):
                return self.communicate(timeout=_CHECK_INTERVAL_S)
        self.kill()
        return None


def ask_trainer(
    arguments: Sequence[str],
    variables: Mapping[str, str] | None = None,
    check: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Run a command that prints one JSON object, at low priority, and return it.

    Parameters
    ----------
    arguments, variables
        As of `TrainerProcess`; ``--json`` is added.
    check : callable, optional
        Raises to cancel, which ends the child.

    Raises
    ------
    RunError
        The trainer's error.
    """
    with TrainerProcess([*arguments, "--json"], variables=variables, is_behind=True) as child:
        output, errors = child.wait_output(check) or ("", "")
    answer = json_answer(output)
    if answer is None:
        sentence, hint = last_words(errors)
        unexplained = Message("The trainer was ended from outside, or ran out of memory.")
        raise RunError(sentence or unexplained, hint)
    return answer


def json_answer(output: str) -> dict[str, Any] | None:
    """Return the JSON object on the last line of a command's output; None if there is none."""
    lines = output.strip().splitlines()
    try:
        return decode(dict[str, Any], parse(lines[-1])) if lines else None
    except RecordError:
        return None


def last_words(stderr: str) -> tuple[str, str]:
    """Return the sentence and the hint of the error that ended a trainer.

    Without an error (see `error_of`) the sentence is the last line that no library has logged;
    without one both are empty.
    """
    if reported := error_of(stderr):
        return reported.message, reported.hint
    said = [line.strip() for line in stderr.splitlines() if not _LOGGED.match(line)]
    return next(filter(None, reversed(said)), ""), ""


def error_of(stderr: str) -> TrainerError | None:
    """Return the last error that a trainer reported on standard error.

    It is in JSON, or followed by a hint; libraries may print more after it. None if there is
    neither, since a text alone may not be an error.
    """
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    for index in range(len(lines) - 1, -1, -1):
        if lines[index].startswith('{"error"'):
            with contextlib.suppress(RecordError):
                reported = decode(_ErrorRecord, parse(lines[index]))
                return TrainerError(reported.error, reported.hint)
        if index and lines[index].startswith(BEFORE_HINT):
            return TrainerError(lines[index - 1], lines[index].removeprefix(BEFORE_HINT))
    return None


def child_environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a child: this process' own, with `variables` added."""
    return {**os.environ, "PYTHONIOENCODING": "utf-8", JSON_VARIABLE: "1", **(variables or {})}


def creation_flags(*, is_behind: bool) -> int:
    """Return Windows' flags to start a child without a window, and at low priority if requested."""
    if sys.platform == "win32":
        behind = subprocess.BELOW_NORMAL_PRIORITY_CLASS if is_behind else 0
        return subprocess.CREATE_NO_WINDOW | behind
    return 0


def put_behind(pid: int) -> None:
    """Lower the priority of a child; on Windows `creation_flags` has done it."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, _PRIORITY)
