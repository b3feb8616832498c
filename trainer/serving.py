"""The other end of ``python -m trainer serve``: a classic model that answers from a child.

So the window reads with a forest without importing scikit-learn.
"""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Sequence
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.bundle import Bundle
from trainer.errors import BundleError
from trainer.preprocess import Images
from trainer.program import trainer_command

_SECONDS_TO_END = 5.0


class Served:
    """Answers from a child process; blocks, so it is asked outside the window's thread.

    Parameters
    ----------
    bundle : Bundle
    command : sequence of str, optional
        What starts the trainer; by default this interpreter with ``-m trainer``, or, frozen,
        the program itself.

    Raises
    ------
    BundleError
        If the child cannot load the recogniser.
    """

    def __init__(self, bundle: Bundle, command: Sequence[str] | None = None) -> None:
        self._name = bundle.name
        start = command or trainer_command()
        self._process = subprocess.Popen(
            [*start, "serve", "--model", str(bundle.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        try:
            self._receive()
        except BundleError:
            self.close()
            raise

    def __enter__(self) -> Served:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def probabilities(self, images: Images) -> npt.NDArray[np.float32]:
        """Return probabilities of shape (n, n_classes) for images of the bundle's size.

        Raises
        ------
        BundleError
            If the child has ended or cannot answer.
        """
        coded = [base64.b64encode(np.ascontiguousarray(i).tobytes()).decode() for i in images]
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        try:
            self._process.stdin.write(json.dumps({"images": coded}) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._gone() from error
        answers: npt.NDArray[np.float32] = np.array(
            self._receive()["probabilities"], dtype=np.float32
        )
        return answers

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

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        line = self._process.stdout.readline()
        if not line:
            raise self._gone()
        record: dict[str, Any] = json.loads(line)
        if "error" in record:
            raise BundleError(record["error"], record.get("hint", ""))
        return record

    def _gone(self) -> BundleError:
        assert self._process.stderr is not None  # noqa: S101 - a pipe was asked for
        lines = self._process.stderr.read().strip().splitlines()
        message = lines[0] if lines else f"The process that answers for {self._name} has ended."
        hint = next((line[6:] for line in lines if line.startswith("Hint: ")), "")
        return BundleError(message, hint or "Choose the recogniser again.")
