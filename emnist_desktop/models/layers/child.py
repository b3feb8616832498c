"""The child process that inspects a model: requests, answers, its end."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.trainer_process.process import TrainerChild
from trainer.explain.client import OpenedModel
from trainer.files.records import RecordError, decode, parse
from trainer.processes.trainer_process import last_words

logger = logging.getLogger(__name__)


class LayersChild(TrainerChild):
    """Runs ``python -m trainer layers --serve``; one model at a time, usable again after each end.

    Signals
    -------
    opened : object
        The `OpenedModel`; questions are answered from now on.
    answered : int, dict
        Number of the question, and its answer.
    progressed : int, int, int, str
        Number of the question, steps done, steps in all, and what is being done.
    refused : int, str, str
        Number of the question, a sentence and a hint.
    cancelled : int
        The question was withdrawn.
    ended : str, str
        The child is gone without having been asked to; a sentence and a hint.
    """

    opened = Signal(object)
    answered = Signal(int, dict)
    progressed = Signal(int, int, int, str)
    refused = Signal(int, str, str)
    cancelled = Signal(int)
    ended = Signal(str, str)

    _title = ""
    _last_number = 0

    def start(self, arguments: Sequence[str], title: str) -> None:
        """Begin with a model, such as ``["--model", folder]``; ends the child before."""
        self._title = title
        self._launch(["layers", "--serve", *arguments])

    def ask(self, question: Mapping[str, Any]) -> int:
        """Send a question; return its number, which comes back with the answer."""
        self._last_number += 1
        self._send({"id": self._last_number, **question})
        return self._last_number

    def withdraw(self, number: int) -> None:
        """Cancel the work on a map; `cancelled` follows."""
        self._send({"cancel": number})

    def _send(self, record: Mapping[str, Any]) -> None:
        if self._process is not None:
            self._process.write(json.dumps(record).encode() + b"\n")

    @Slot()
    def _on_output_ready(self) -> None:
        process = self._process
        while process is not None and process is self._process and process.canReadLine():
            line = bytes(process.readLine().data())
            try:
                record = decode(dict[str, Any], parse(line))
            except RecordError:
                logger.warning("The child that looks into %s said: %r", self._title, line[:200])
                continue
            self._take(record)

    def _take(self, record: dict[str, Any]) -> None:
        number = record.get("id")
        if record.get("ready"):
            self.opened.emit(OpenedModel.from_record(record))
        elif not isinstance(number, int):
            logger.warning("The child that looks into %s: %s", self._title, record.get("error"))
        elif "done" in record:
            self.progressed.emit(
                number, record["done"], record["total"], error_text(record["phase"])
            )
        elif "error" in record:
            said = error_text(record["error"]), error_text(record.get("hint", ""))
            self.refused.emit(number, *said)
        elif "cancelled" in record:
            self.cancelled.emit(number)
        else:
            self.answered.emit(number, record)

    def _fail(self, message: str, hint: str) -> None:
        self.ended.emit(message, hint)

    def _end(self, output: str, code: int | None) -> None:
        said = self._error_output
        sentence, hint = last_words(said)
        if code is not None and sentence and "Traceback" not in said:
            self._fail(error_text(sentence), error_text(hint or "Choose the model again."))
            return
        logger.error("The child that looks into %s ended (%s):\n%s", self._title, code, said)
        message = self.tr("The process that looks into {0} has ended.").format(self._title)
        self._fail(message, self._log_hint())
