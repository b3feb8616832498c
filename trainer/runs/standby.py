"""A trainer that has loaded its libraries and waits to be told what to train.

Importing TensorFlow takes most of the time from a start to the first batch. A window that
expects a start therefore keeps a trainer ready: it reads one line of its standard input,
``{"arguments": ["--config", …], "log": "…"}``, and is the trainer of that run from then on, as
detached as any. The end of the input, such as that of the window, ends it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

from trainer.errors import RunError
from trainer.files.records import RecordError, decode, encode, parse


@dataclass(frozen=True)
class TrainingOrder:
    """What to train.

    Attributes
    ----------
    arguments : tuple of str
        As they stand behind ``python -m trainer train``.
    log : Path or None
        Where standard output and standard error go from now on.
    """

    arguments: tuple[str, ...]
    log: Path | None = None

    def to_line(self) -> str:
        """Return the line that tells a waiting trainer."""
        return json.dumps(encode(self)) + "\n"


def wait_for_order(stream: IO[str]) -> TrainingOrder | None:
    """Read an order; None at the end of the stream.

    Raises
    ------
    RunError
        If the line is none.
    """
    line = stream.readline()
    if not line.strip():
        return None
    try:
        return decode(TrainingOrder, parse(line))
    except RecordError as error:
        raise RunError(
            'Expected a line like {"arguments": ["--config", "…"]}. Received: {line}.'
        ).format(line=repr(line[:80])) from error


def redirect_output(log: Path) -> None:
    """Write everything that this process says from now on at the end of a file."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(descriptor, stream.fileno())
    os.close(descriptor)


def leave_at_once(status: int) -> NoReturn:
    """End the process as it is; what it has said is out, and its files are closed by then.

    Python's own end takes TensorFlow down piece by piece, which takes a second. The processes
    that made batches must be gone: nothing waits for them here.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # nobody reads it any more
            stream.flush()
    os._exit(status)
