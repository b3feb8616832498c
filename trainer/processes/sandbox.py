"""Sandbox: untrusted files are read in a child process with limits.

SciPy and LiteRT are written in C and trust their input: a broken file can crash the process, make
it hang, or exhaust its memory. So a command of the trainer reads such a file first, in a child
that may die.

POSIX systems limit memory and processor time (macOS does not always enforce the memory limit), and
end by the clock only what waits without computing: a busy machine may take its time. Windows has
only the limit by the clock.
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
"""EMNIST's files unpack to three to four times their size."""

_LEAST_SECONDS = 1.0
_BYTES_PER_SECOND = 2e6
"""A lower bound for reading an intact file on any computer."""

_STARTING_SECONDS = 120.0 if sys.platform == "win32" else 600.0
"""Wall-clock time to start a child on a busy machine, with TensorFlow."""

_CLOCK_FACTOR = 4.0 if sys.platform == "win32" else 40.0
"""Wall-clock time for each second of processor time."""


def memory_for(file: Path) -> int:
    """Return the memory limit in bytes for reading a file."""
    return _LEAST_MEMORY + _MEMORY_PER_BYTE * file.stat().st_size


def seconds_for(file: Path) -> float:
    """Return the limit of processor time in seconds for reading a file."""
    return _LEAST_SECONDS + file.stat().st_size / _BYTES_PER_SECOND


def limit_this_process(file: Path, seconds: float = 0.0, *, beyond: int = 0) -> None:
    """Limit the memory and processor time of this child process for reading `file`.

    Call it after the imports, which do not depend on the file.

    Parameters
    ----------
    file : Path
    seconds : float
        Of processor time that reading takes besides those for the size of the file.
    beyond : int
        Bytes of memory that the imports have taken.
    """
    if sys.platform == "win32":
        return
    import resource

    for kind, most in ((resource.RLIMIT_AS, beyond + memory_for(file)), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(OSError, ValueError):  # the limit may be lower already
            resource.setrlimit(kind, (most, most))
    # Its signal is not handled, so it ends the process even within a loop in C.
    signal.setitimer(signal.ITIMER_PROF, seconds + seconds_for(file))


@contextmanager
def memory_limited(file: Path) -> Iterator[None]:
    """Limit this process to its memory plus half the limit for `file`, on Linux.

    For a reader that reports a failed allocation, in a process that continues afterwards.
    """
    if sys.platform != "linux":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    n_pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = n_pages * resource.getpagesize() + memory_for(file) // 2
    with contextlib.suppress(OSError, ValueError):  # the limit may be lower already
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def read_sandboxed(
    arguments: Sequence[str],
    file: Path,
    error: type[TrainerError],
    hint: str,
    check: Callable[[], None] | None = None,
) -> None:
    """Read a file in a child process, by a command of the trainer.

    Parameters
    ----------
    arguments : sequence of str
        The command and its options; it calls `limit_this_process`.
    file : Path
        The file, for the limits and the errors.
    error : type of TrainerError
        The type to raise.
    hint : str
        The hint if the file crashes the child.
    check : callable, optional
        Raises to cancel, which ends the child.

    Raises
    ------
    TrainerError
        Of the type `error`: the child's error, or its exit status.
    """
    seconds = _STARTING_SECONDS + _CLOCK_FACTOR * seconds_for(file)
    with TrainerProcess(arguments, stdout=subprocess.DEVNULL) as child:
        output = child.wait_output(check, seconds)
    problem = _problem(None if output is None else output[1], child.returncode, file, hint)
    if problem is not None:
        raise error(problem.message, problem.hint)


def out_of_memory(file: Path) -> str:
    """Return the message for a file that exceeds the memory limit."""
    return Message(
        "{file} is broken: it asks for more than {megabytes} MB of memory.",
        file=file.name,
        megabytes=f"{memory_for(file) >> 20:,}",
    )


def _problem(stderr: str | None, status: int, file: Path, hint: str) -> TrainerError | None:
    """Return the error of a child's end; None if it succeeded."""
    if stderr is None or (sys.platform != "win32" and status == -signal.SIGPROF):
        return TrainerError("{file} is broken: reading it takes longer than it may.", hint).format(
            file=file.name
        )
    if not status:
        return None
    if reported := error_of(stderr):
        return reported
    sentence, _ = last_words(stderr)
    end = sentence if sentence and status > 0 else Message("status {status}", status=status)
    return TrainerError(
        "{file} is broken: the program that reads it has crashed ({end}).", hint
    ).format(file=file.name, end=end)
