"""A trainer process that answers requests: one JSON object a line, in both directions."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Self

from trainer.errors import BundleError, Message
from trainer.files.records import RecordError, decode, parse
from trainer.processes.trainer_process import TrainerProcess, last_words

SECONDS_TO_END = 5.0

_LAST_BYTES = 1 << 16
"""Of what a child wrote on standard error, searched for its error."""


class JsonChild:
    """A serving trainer process; blocks, so it is used outside the window's thread.

    Parameters
    ----------
    arguments : sequence of str
        A serving command and its options.
    command : sequence of str, optional
        What starts the trainer, as of `TrainerProcess`.
    title : str
        What the child serves, for the error if it ends without one.
    hint : str
        The hint of that error.
    """

    def __init__(
        self, arguments: Sequence[str], command: Sequence[str] | None, title: str, hint: str
    ) -> None:
        self._title = title
        self._hint = hint
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - a full pipe would stop the child
        self._process = TrainerProcess(
            arguments, program=command, stdin=subprocess.PIPE, stderr=self._errors
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self, seconds: float = SECONDS_TO_END) -> None:
        """End the child; idempotent.

        One that does not end in time is killed, and waited for as long again: it may be stuck.
        """
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None and not stream.closed:
                with suppress(OSError):  # the child may have ended
                    stream.close()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)

    def _send(self, record: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - a pipe was requested
        try:
            self._process.stdin.write(json.dumps(record) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._ended() from error

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - a pipe was requested
        line = self._process.stdout.readline()
        if not line:
            raise self._ended()
        try:
            return decode(dict[str, Any], parse(line))
        except RecordError as error:
            raise BundleError(error.message, error.hint) from error

    def _ended(self) -> BundleError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(SECONDS_TO_END)
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - _LAST_BYTES))
        sentence, hint = last_words(self._errors.read().decode("utf-8", "replace"))
        unexplained = Message("The process that answers for {name} has ended.", name=self._title)
        return BundleError(sentence or unexplained, hint or self._hint)


def answer_of(record: dict[str, Any]) -> dict[str, Any]:
    """Return a child's answer.

    Raises
    ------
    BundleError
        If the answer is an error.
    """
    if "error" in record:
        raise BundleError(record["error"], record.get("hint", ""))
    return record
