"""A client of ``python -m trainer layers --serve`` for tests and measurements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from trainer.errors import BundleError, Message
from trainer.explain.client import OpenedModel
from trainer.files.records import RecordError
from trainer.processes.json_child import JsonChild, answer_of


class LayerServer(JsonChild):
    """A service in a child process; its calls block.

    Parameters
    ----------
    arguments : sequence of str
        Of the command, such as ``--model`` and a folder.
    command : sequence of str, optional
        What starts the trainer.

    Attributes
    ----------
    model : OpenedModel

    Raises
    ------
    BundleError
        If the child cannot open the model.
    """

    def __init__(self, arguments: Sequence[str], command: Sequence[str] | None = None) -> None:
        super().__init__(
            ["layers", "--serve", *arguments],
            command,
            Message("the model"),
            hint="Choose the model again.",
        )
        self._last_id = 0
        try:
            self.model = OpenedModel.from_record(self._receive())
        except (BundleError, RecordError):
            self.close()
            raise

    def ask(
        self,
        question: Mapping[str, Any],
        report: Callable[[int, int], None] | None = None,
    ) -> dict[str, Any]:
        """Send one question and wait for its answer.

        Parameters
        ----------
        question : mapping
            As ``trainer.commands.layers`` describes; without a number.
        report : callable, optional
            Called with steps done and steps in all.

        Raises
        ------
        BundleError
            If the child cannot answer, or has ended.
        """
        number = self.send(question)
        for record in self.records():
            if record.get("id") != number:
                continue
            if "done" not in record:
                return answer_of(record)
            if report is not None:
                report(record["done"], record["total"])
        raise self._ended()

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield what the child says, as it comes, without end.

        Raises
        ------
        BundleError
            If the child has ended.
        """
        while True:
            yield self._receive()

    def send(self, question: Mapping[str, Any]) -> int:
        """Send one question; return its number."""
        self._last_id += 1
        self._send({"id": self._last_id, **question})
        return self._last_id
