"""Reading somebody's file with a library that may crash at it: in a child, within limits.

SciPy and LiteRT are written in C and trust what they read: a broken file can end the process,
keep it busy for ever, or make it ask for all the memory there is. So a command of the trainer
reads such a file first, in a process of its own that may die.

Memory and computing time are limited by the system where it is one of POSIX (macOS knows the
limit of memory, but does not always keep it). Windows has only the limit of time on the clock.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from trainer.errors import Message, TrainerError
from trainer.processes.trainer_process import TrainerProcess, error_of, last_words

_LEAST_MEMORY = 1 << 30
_MEMORY_PER_BYTE = 8
"""EMNIST's own files are a third to a quarter of what they unpack to."""

_LEAST_SECONDS = 1.0
_BYTES_PER_SECOND = 2e6
"""Slower than any computer reads a sound file."""

_STARTING_SECONDS = 30.0
"""On the clock, for a child on a machine that is busy with other things."""

_CLOCK_FACTOR = 4.0


def memory_for(file: Path) -> int:
    """Return how many bytes of memory a program may take to read a file."""
    return _LEAST_MEMORY + _MEMORY_PER_BYTE * file.stat().st_size


def seconds_for(file: Path) -> float:
    """Return how long a program may compute to read a file."""
    return _LEAST_SECONDS + file.stat().st_size / _BYTES_PER_SECOND


def limit_this_process(file: Path) -> None:
    """End this process if it takes more than reading `file` may; for the child, once it has begun.

    Call it after the imports: they are not the file's fault.
    """
    if sys.platform == "win32":
        return
    import resource

    for kind, most in ((resource.RLIMIT_AS, memory_for(file)), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(OSError, ValueError):  # a system may allow less already
            resource.setrlimit(kind, (most, most))
    # Nobody handles its signal, so it ends the process even amid a loop in C.
    signal.setitimer(signal.ITIMER_PROF, seconds_for(file))


@contextmanager
def memory_limited(file: Path) -> Iterator[None]:
    """Let this process take no more than half of what `file` may, beyond what it has; on Linux.

    For a reader that says when it gets no memory, and a process that goes on afterwards.
    """
    if sys.platform != "linux":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = taken * resource.getpagesize() + memory_for(file) // 2
    with contextlib.suppress(OSError, ValueError):  # the system may allow less already
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def read_guarded(
    arguments: Sequence[str],
    file: Path,
    error: type[TrainerError],
    hint: str,
    check: Callable[[], None] | None = None,
) -> None:
    """Let a command of the trainer read a file in a child; return when it has.

    Parameters
    ----------
    arguments : sequence of str
        The command and its options; it calls `limit_this_process`.
    file : Path
        What is read, for the limits and for the sentences.
    error : type of TrainerError
        What is raised.
    hint : str
        What to do about a file that ends the child.
    check : callable, optional
        Raises when the answer is not wanted any more; the child is ended then.

    Raises
    ------
    TrainerError
        Of the type `error`: what the child said, or how it ended.
    """
    seconds = _STARTING_SECONDS + _CLOCK_FACTOR * seconds_for(file)
    with TrainerProcess(arguments, stdout=subprocess.DEVNULL) as child:
        said = child.said(check, seconds)
    problem = _problem(None if said is None else said[1], child.returncode, file, hint)
    if problem is not None:
        raise error(problem.message, problem.hint)


def out_of_memory(file: Path) -> str:
    """Return the sentence for a file that asks for more memory than it may."""
    return Message(
        "{file} is broken: it asks for more than {megabytes} MB of memory.",
        file=file.name,
        megabytes=f"{memory_for(file) >> 20:,}",
    )


def _problem(said: str | None, status: int, file: Path, hint: str) -> TrainerError | None:
    """Return what is to be said of how a child ended; None if it ended well."""
    if said is None or (sys.platform != "win32" and status == -signal.SIGPROF):
        return TrainerError("{file} is broken: reading it takes longer than it may.", hint).format(
            file=file.name
        )
    if not status:
        return None
    if told := error_of(said):
        return told
    sentence, _ = last_words(said)
    end = sentence if sentence and status > 0 else Message("status {status}", status=status)
    return TrainerError(
        "{file} is broken: the program that reads it has crashed ({end}).", hint
    ).format(file=file.name, end=end)
