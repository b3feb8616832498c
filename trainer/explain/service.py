"""A service that answers questions about one model, and computes embedding maps meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import ConfigError, Message, TrainerError
from trainer.explain.base import ModelInspector, Vectors, View
from trainer.explain.client import decoded
from trainer.explain.embedding_map import (
    EmbeddingMap,
    MapRequest,
    make_embedding_map,
    map_record,
    position_record,
)
from trainer.explain.figure import check_format, write_sheet
from trainer.explain.inspect import (
    InspectionRequest,
    inspect_all,
    inspect_image,
    inspection_record,
    model_record,
    pictures_record,
)
from trainer.explain.samples import ExplainedData
from trainer.files.records import RecordError, decode
from trainer.ink.render import IMAGE_SIZE, Images
from trainer.recognition.recognizer import resized

Record = dict[str, Any]
Send = Callable[[Record], None]

_SECONDS_BETWEEN = 0.1
_BAD_QUESTION = Message("Read what is asked and answered in: python -m trainer layers --help.")
_LARGEST_SIDE = 1024


class MapCancelledError(Exception):
    """The map was cancelled."""


class LayerService:
    """Answers questions about one model.

    A map is computed in a thread of its own, while other questions are answered. A new map
    cancels the one before.

    Parameters
    ----------
    inspector : ModelInspector
    send : callable
        Called with each answer, in any thread, but in one at a time.
    """

    def __init__(self, inspector: ModelInspector, send: Send) -> None:
        self._inspector = inspector
        self._send_unlocked = send
        self._output_lock = threading.Lock()
        self._model_lock = threading.Lock()
        self._samples: ExplainedData | None = None
        self._data_key = ("", "")
        self._embedding_map: EmbeddingMap | None = None
        self._map: _MapThread | None = None
        self._views: Mapping[str, Callable[[Any, Any], Record | None]] = {
            "open": self._open,
            "look": self._look,
            "filters": self._filters,
            "sheet": self._sheet,
            "map": self._start_map,
        }

    def introduce(self) -> None:
        """Send the model, then compute once, so that the first answer is fast."""
        self._send(model_record(self._inspector))
        blank = np.zeros((1, *self._inspector.info.image_shape), dtype=np.uint8)
        with self._model_lock:
            self._inspector.probabilities(blank)
            if View.LAYERS not in self._inspector.unsupported:
                self._inspector.activations(blank[0])

    def handle(self, question: Any) -> None:
        """Answer one question, or start to."""
        if not isinstance(question, dict):
            self._send({"error": Message("Expected a JSON object."), "hint": _BAD_QUESTION})
            return
        if "cancel" in question:
            if self._map is not None and self._map.number == question["cancel"]:
                self._map.cancelled.set()
            return
        number = question.get("id")
        views = [name for name in self._views if name in question]
        if len(views) != 1:
            received = ", ".join(map(str, question)) or "{}"
            error = Message(
                "Expected one of {views} or cancel. Received: {received}.",
                views=", ".join(self._views),
                received=received,
            )
            self._send({"id": number, "error": error, "hint": _BAD_QUESTION})
            return
        view, request = self._views[views[0]], question[views[0]]
        self._answer(number, lambda: view(number, request))

    def close(self) -> None:
        """Cancel a map under way; it ends within some steps."""
        if self._map is not None:
            self._map.cancelled.set()

    def wait(self) -> None:
        """Wait for a map under way."""
        if self._map is not None:
            self._map.join()

    def _send(self, record: Record) -> None:
        with self._output_lock:
            self._send_unlocked(record)

    def _answer(self, number: Any, view: Callable[[], Record | None]) -> None:
        try:
            answer = view()
        except MapCancelledError:
            answer = {"cancelled": True}
        except RecordError as error:
            unclear = Message("The question is not clear. {reason}", reason=error)
            answer = {"error": unclear, "hint": _BAD_QUESTION}
        except TrainerError as error:
            answer = {"error": error.message, "hint": error.hint}
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            answer = {
                "error": Message("The question is not clear: {reason}.", reason=error),
                "hint": _BAD_QUESTION,
            }
        except Exception as error:  # noqa: BLE001 - the top of a task
            answer = {"error": Message("This went wrong: {reason}.", reason=error), "hint": ""}
        if answer is not None:
            self._send({"id": number, **answer})

    def _open(self, number: Any, request: Any) -> Record:
        key = (str(request["data"]), str(request.get("split", "")))
        if self._samples is None or self._data_key != key:
            self.close()
            self.wait()
            self._samples, self._data_key = ExplainedData(*key, self._inspector.info), key
            self._embedding_map = None
        samples = self._samples
        return {"opened": {"count": len(samples), "alphabet": list(samples.alphabet)}}

    def _filters(self, number: Any, request: Any) -> Record:
        with self._model_lock:
            filters = self._inspector.filters()
        return {"filters": pictures_record(filters)}

    def _look(self, number: Any, request: Any) -> Record:
        image, known = self._image(request)
        with self._model_lock:
            found = inspection_record(
                inspect_image(self._inspector, image, InspectionRequest.from_record(request))
            )
            if request.get("place") and self._embedding_map is not None and image.any():
                vector = self._inspector.embedding(image[None])[0]
                found["places"] = position_record(self._embedding_map, vector)
        return {"look": {**known, **found}}

    def _sheet(self, number: Any, request: Any) -> Record:
        path = Path(str(request["out"]))
        check_format(path)
        image, _ = self._image(request)
        with self._model_lock:
            inspection, filters = inspect_all(
                self._inspector, image, str(request.get("target") or "")
            )
            write_sheet(path, self._inspector, inspection, filters)
        return {"sheet": {"out": str(path)}}

    def _image(self, request: Any) -> tuple[npt.NDArray[np.uint8], Record]:
        if "sample" in request:
            samples = self._opened()
            selected = samples.one(int(request["sample"]))
            character = samples.alphabet[int(selected.labels[0])]
            return selected.images[0], {"sample": int(request["sample"]), "character": character}
        given = request["image"]
        if isinstance(given, str):
            sides = int(request.get("height", IMAGE_SIZE)), int(request.get("width", IMAGE_SIZE))
            pixels = decoded(given, sides)
        else:
            pixels = _from_rows(given)
        if not all(1 <= side <= _LARGEST_SIDE for side in pixels.shape):
            raise ConfigError("Expected a picture up to {largest} pixels wide and high.").format(
                largest=_LARGEST_SIDE
            )
        return resized(pixels[None], self._inspector.info.image_shape)[0], {}

    def _opened(self) -> ExplainedData:
        if self._samples is None:
            raise ConfigError("No data are open.", 'Ask {"open": {"data": …}} first.')
        return self._samples

    def _start_map(self, number: Any, request: Any) -> None:
        samples = self._opened()
        request = decode(MapRequest, request)
        self.close()
        self.wait()

        def compute(thread: _MapThread) -> Record:
            self._embedding_map = make_embedding_map(
                request, samples, self._embed, self._embedding_map, thread.report, thread.check
            )
            return {"map": map_record(self._embedding_map, request.method, samples.alphabet)}

        self._map = _MapThread(number, self._answer, compute, self._send)
        self._map.start()

    def _embed(self, images: Images) -> Vectors:
        with self._model_lock:
            return self._inspector.embedding(images)


class _MapThread(threading.Thread):
    """Computes one map; sends its progress at most ten times a second."""

    def __init__(
        self,
        number: Any,
        answer: Callable[[Any, Callable[[], Record | None]], None],
        compute: Callable[[_MapThread], Record],
        send: Send,
    ) -> None:
        super().__init__(daemon=True)
        self.number, self.cancelled = number, threading.Event()
        self._answer, self._compute, self._send = answer, compute, send
        self._phase, self._next = "", 0.0

    def run(self) -> None:
        """Compute the map and send it."""
        self._answer(self.number, lambda: self._compute(self))

    def report(self, done: int, total: int, phase: str) -> None:
        """Send the progress, unless that was done a moment ago."""
        now = time.monotonic()
        if phase == self._phase and now < self._next and done < total:
            return
        self._phase, self._next = phase, now + _SECONDS_BETWEEN
        self._send({"id": self.number, "done": done, "total": total, "phase": phase})

    def check(self) -> None:
        """Raise `MapCancelledError` if the map was cancelled."""
        if self.cancelled.is_set():
            raise MapCancelledError


def _from_rows(given: Any) -> Images:
    values = np.asarray(given, dtype=np.float64)
    if values.ndim != 2 or not values.size or not np.all((values >= 0) & (values <= 255)):
        raise ConfigError("Expected a picture as rows of numbers from 0 to 255.")
    return np.rint(values).astype(np.uint8)
