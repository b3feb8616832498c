"""A trainer in a child process: how it is started, what it answers, its last words.

`TrainerProcess` is for who may wait: a shell, a thread, a test. In the window's thread
`emnist_desktop.trainer_process.process.TrainerChild` starts the same and tells with signals.
"""

from __future__ import annotations

import contextlib
import math
import os
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
"""Niceness of a child that comes after the window."""

_SECONDS_PER_LOOK = 0.1


@dataclass(frozen=True)
class _Told:
    """An error as `trainer.__main__` tells it to a program."""

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
        Of the environment, beside this process' own; see `Profile.variables`.
    is_behind : bool
        Whether it gets the processor after the window.
    is_detached : bool
        Whether it goes on when this process, its terminal or its session ends.
    streams
        ``stdin``, ``stdout`` and ``stderr`` as `subprocess.Popen` takes them; by default
        nothing is told to the child, and what it says can be read.
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

    def said(
        self, check: Callable[[], None] | None = None, seconds: float = math.inf
    ) -> tuple[str, str] | None:
        """Wait for the end; return what came on standard output and on standard error.

        Parameters
        ----------
        check : callable, optional
            Raises when the answer is not wanted any more.
        seconds : float
            On the clock; a child that takes longer is killed, and None is returned.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if check is not None:
                check()
            with contextlib.suppress(subprocess.TimeoutExpired):
                return self.communicate(timeout=_SECONDS_PER_LOOK)
        self.kill()
        return None


def ask_trainer(
    arguments: Sequence[str],
    variables: Mapping[str, str] | None = None,
    check: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Run a command that prints one JSON object, behind the window, and return it.

    Parameters
    ----------
    arguments, variables
        As of `TrainerProcess`; ``--json`` is added.
    check : callable, optional
        Raises when the answer is not wanted any more; the child is ended then.

    Raises
    ------
    RunError
        What the trainer said instead.
    """
    with TrainerProcess([*arguments, "--json"], variables=variables, is_behind=True) as child:
        output, errors = child.said(check) or ("", "")
    answer = json_answer(output)
    if answer is None:
        sentence, hint = last_words(errors)
        unexplained = Message("The trainer was ended from outside, or ran out of memory.")
        raise RunError(sentence or unexplained, hint)
    return answer


def json_answer(output: str) -> dict[str, Any] | None:
    """Return the JSON object on the last line of what a command printed; None if there is none."""
    lines = output.strip().splitlines()
    try:
        return decode(dict[str, Any], parse(lines[-1])) if lines else None
    except RecordError:
        return None


def last_words(said: str) -> tuple[str, str]:
    """Return the error with which a trainer has ended: a sentence and a hint.

    Without an error (see `error_of`) it is the last line; where nothing was said both are empty.
    """
    if told := error_of(said):
        return told.message, told.hint
    return said.rstrip().rpartition("\n")[2].strip(), ""


def error_of(said: str) -> TrainerError | None:
    """Return the last error that a trainer has told on standard error.

    It is told in JSON, or a hint follows it, whatever a library says after them; None if there
    is neither: a text alone does not say whether it is an error.
    """
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for index in range(len(lines) - 1, -1, -1):
        if lines[index].startswith('{"error"'):
            with contextlib.suppress(RecordError):
                told = decode(_Told, parse(lines[index]))
                return TrainerError(told.error, told.hint)
        if index and lines[index].startswith(BEFORE_HINT):
            return TrainerError(lines[index - 1], lines[index].removeprefix(BEFORE_HINT))
    return None


def child_environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a child: this process' own, and what it is told besides."""
    return {**os.environ, "PYTHONIOENCODING": "utf-8", JSON_VARIABLE: "1", **(variables or {})}


def creation_flags(*, is_behind: bool) -> int:
    """Return how Windows starts a child: without a window of its own, perhaps behind ours."""
    if sys.platform == "win32":
        behind = subprocess.BELOW_NORMAL_PRIORITY_CLASS if is_behind else 0
        return subprocess.CREATE_NO_WINDOW | behind
    return 0


def put_behind(pid: int) -> None:
    """Let the window come first; Windows was told when the child was started."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, _PRIORITY)
