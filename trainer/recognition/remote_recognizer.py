"""Client of ``python -m trainer serve``: a classical model in a child process.

It lets the window use classical models without importing scikit-learn.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError, Message
from trainer.files.records import RecordError, decode, parse
from trainer.ink.render import Images
from trainer.processes.trainer_process import TrainerProcess, last_words
from trainer.recognition.bundle import Bundle

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


class RemoteModel(JsonChild):
    """A classical model in a child process; blocks, so it is used outside the window's thread.

    Parameters
    ----------
    bundle : Bundle
    command : sequence of str, optional
        What starts the trainer, as of `TrainerProcess`.

    Raises
    ------
    BundleError
        If the child cannot load the recogniser.
    """

    def __init__(self, bundle: Bundle, command: Sequence[str] | None = None) -> None:
        arguments = ("serve", "--model", str(bundle.folder))
        super().__init__(arguments, command, bundle.name, hint="Choose the recogniser again.")
        try:
            answer_of(self._receive())
        except BundleError:
            self.close()
            raise

    def probabilities(self, images: Images) -> npt.NDArray[np.float32]:
        """Return probabilities of shape (n, n_classes) for images of the bundle's size.

        Raises
        ------
        BundleError
            If the child has ended or cannot answer.
        """
        coded = [base64.b64encode(np.ascontiguousarray(i).tobytes()).decode() for i in images]
        self._send({"images": coded})
        answers: npt.NDArray[np.float32] = np.array(
            answer_of(self._receive())["probabilities"], dtype=np.float32
        )
        return answers
