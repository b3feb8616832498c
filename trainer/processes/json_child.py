"""A child of the trainer that is asked in lines of JSON and answers in such, and how it ends."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from trainer.errors import BundleError, Message
from trainer.files.records import RecordError, decode, parse
from trainer.processes.trainer_process import TrainerProcess, last_words

_SECONDS_TO_END = 5.0


class JsonChild:
    """Blocks, so it is for shells, tests, and what runs beside the window's thread.

    Parameters
    ----------
    arguments : sequence of str
        A command that serves, and its arguments.
    command : sequence of str, optional
        What starts the trainer, as of `TrainerProcess`.
    title : str
        What the child answers for, in the sentence about a child that has ended without one.
    hint : str
        What to do about one that has ended.
    """

    def __init__(
        self, arguments: Sequence[str], command: Sequence[str] | None, title: str, hint: str
    ) -> None:
        self._title = title
        self._hint = hint
        self._process = TrainerProcess(arguments, program=command, stdin=subprocess.PIPE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child; it may be called again."""
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None and not stream.closed:
                try:
                    stream.close()
                except OSError:
                    continue  # it had ended before
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, record: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        try:
            self._process.stdin.write(json.dumps(record) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._gone() from error

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        line = self._process.stdout.readline()
        if not line:
            raise self._gone()
        try:
            return decode(dict[str, Any], parse(line))
        except RecordError as error:
            raise BundleError(error.message, error.hint) from error

    def _gone(self) -> BundleError:
        """Return the error for a child that has ended."""
        assert self._process.stderr is not None  # noqa: S101 - a pipe was asked for
        sentence, hint = last_words(self._process.stderr.read())
        unexplained = Message("The process that answers for {name} has ended.", name=self._title)
        return BundleError(sentence or unexplained, hint or self._hint)


def answer_of(record: dict[str, Any]) -> dict[str, Any]:
    """Return what a child has answered.

    Raises
    ------
    BundleError
        If it could not answer.
    """
    if "error" in record:
        raise BundleError(record["error"], record.get("hint", ""))
    return record
