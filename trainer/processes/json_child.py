"""A trainer process that answers requests in lines of JSON."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Self

from trainer.errors import BundleError, Message
from trainer.files.records import RecordError, decode, parse
from trainer.processes.trainer_process import TrainerProcess, last_words

_SECONDS_TO_END = 5.0


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
        self._process = TrainerProcess(arguments, program=command, stdin=subprocess.PIPE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child; idempotent."""
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None and not stream.closed:
                with suppress(OSError):  # the child may have ended
                    stream.close()
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

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
        assert self._process.stderr is not None  # noqa: S101 - a pipe was requested
        sentence, hint = last_words(self._process.stderr.read())
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
