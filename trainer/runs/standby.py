"""A trainer on standby: it has loaded its libraries and waits for an order.

Importing TensorFlow takes most of the time from a start to the first batch. A window that
expects a start therefore keeps a trainer ready: it reads one line from standard input,
``{"arguments": ["--config", …], "log": "…"}``, and trains that run, detached as any trainer. At
the end of the input, as when the window ends, it exits.
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
        Those of ``python -m trainer train``.
    log : Path or None
        Where standard output and standard error go from now on.
    """

    arguments: tuple[str, ...]
    log: Path | None = None

    def to_line(self) -> str:
        """Return the line for a trainer on standby."""
        return json.dumps(encode(self)) + "\n"


def wait_for_order(stream: IO[str]) -> TrainingOrder | None:
    """Read an order; None at the end of the stream.

    Raises
    ------
    RunError
        If the line is no order.
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
    """Append the output of this process to a file from now on."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(descriptor, stream.fileno())
    os.close(descriptor)


def exit_fast(status: int) -> NoReturn:
    """Exit without Python's clean-up, which takes a second with TensorFlow.

    Output is flushed; files must be closed and batch workers must have ended before.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # its reader has gone
            stream.flush()
    os._exit(status)
