"""Answers questions about the inside of one model, one after the other; maps of samples beside."""

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
from trainer.explain.embedding_map import Atlas, MapRequest, atlas_record, make_atlas, places_record
from trainer.explain.figure import check_format, write_sheet
from trainer.explain.inspect import (
    InspectionRequest,
    introduction,
    look_at,
    look_at_everything,
    look_record,
    pictures_record,
)
from trainer.explain.samples import ExplainedData
from trainer.files.records import RecordError, decode
from trainer.ink.render import IMAGE_SIZE, Images
from trainer.recognition.recognizer import resized

Record = dict[str, Any]
Say = Callable[[Record], None]

_SECONDS_BETWEEN = 0.1
_BAD_QUESTION = Message("Read what is asked and answered in: python -m trainer layers --help.")
_LARGEST_SIDE = 1024


class EndedError(Exception):
    """The map is not wanted any more; no error."""


class LayerService:
    """Answers for one model.

    A map is made in a thread of its own: drawings are answered in between. A new map ends the
    one before it.

    Parameters
    ----------
    inside : ModelInspector
    say : callable
        Takes each answer; may be called in any thread, one at a time.
    """

    def __init__(self, inside: ModelInspector, say: Say) -> None:
        self._inside = inside
        self._say_unguarded = say
        self._saying = threading.Lock()
        self._asking = threading.Lock()
        self._samples: ExplainedData | None = None
        self._data_key = ("", "")
        self._atlas: Atlas | None = None
        self._map: _Map | None = None
        self._views: Mapping[str, Callable[[Any, Any], Record | None]] = {
            "open": self._open,
            "look": self._look,
            "filters": self._filters,
            "sheet": self._sheet,
            "map": self._start_map,
        }

    def introduce(self) -> None:
        """Say what the model is; then compute once, so that the first answer comes soon."""
        self._say(introduction(self._inside))
        blank = np.zeros((1, *self._inside.facts.image_shape), dtype=np.uint8)
        with self._asking:
            self._inside.probabilities(blank)
            if View.LAYERS not in self._inside.obstacles:
                self._inside.activations(blank[0])

    def handle(self, question: Any) -> None:
        """Answer one question, or begin to."""
        if not isinstance(question, dict):
            self._say({"error": Message("Expected a JSON object."), "hint": _BAD_QUESTION})
            return
        if "cancel" in question:
            if self._map is not None and self._map.number == question["cancel"]:
                self._map.end()
            return
        number = question.get("id")
        asked = [name for name in self._views if name in question]
        if len(asked) != 1:
            received = ", ".join(map(str, question)) or "{}"
            error = Message(
                "Expected one of {views} or cancel. Received: {received}.",
                views=", ".join(self._views),
                received=received,
            )
            self._say({"id": number, "error": error, "hint": _BAD_QUESTION})
            return
        view, wish = self._views[asked[0]], question[asked[0]]
        self._answer(number, lambda: view(number, wish))

    def close(self) -> None:
        """End a map under way."""
        if self._map is not None:
            self._map.end()

    def wait(self) -> None:
        """Wait for a map under way."""
        if self._map is not None:
            self._map.join()

    def _say(self, record: Record) -> None:
        with self._saying:
            self._say_unguarded(record)

    def _answer(self, number: Any, work: Callable[[], Record | None]) -> None:
        try:
            answer = work()
        except EndedError:
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
            self._say({"id": number, **answer})

    def _open(self, number: Any, wish: Any) -> Record:
        key = (str(wish["data"]), str(wish.get("split", "")))
        if self._samples is None or self._data_key != key:
            self.close()
            self.wait()
            self._samples, self._data_key = ExplainedData(*key, self._inside.facts), key
            self._atlas = None
        samples = self._samples
        return {"opened": {"count": len(samples), "alphabet": list(samples.alphabet)}}

    def _filters(self, number: Any, wish: Any) -> Record:
        with self._asking:
            found = self._inside.filters()
        return {"filters": pictures_record(found)}

    def _look(self, number: Any, wish: Any) -> Record:
        image, known = self._image(wish)
        with self._asking:
            found = look_record(look_at(self._inside, image, InspectionRequest.from_record(wish)))
            if wish.get("place") and self._atlas is not None and image.any():
                vector = self._inside.embedding(image[None])[0]
                found["places"] = places_record(self._atlas, vector)
        return {"look": {**known, **found}}

    def _sheet(self, number: Any, wish: Any) -> Record:
        """Write all that can be seen of one picture into a file."""
        path = Path(str(wish["out"]))
        check_format(path)
        image, _ = self._image(wish)
        with self._asking:
            look, filters = look_at_everything(self._inside, image, str(wish.get("target") or ""))
            write_sheet(path, self._inside, look, filters)
        return {"sheet": {"out": str(path)}}

    def _image(self, wish: Any) -> tuple[npt.NDArray[np.uint8], Record]:
        if "sample" in wish:
            samples = self._opened()
            picked = samples.one(int(wish["sample"]))
            character = samples.alphabet[int(picked.labels[0])]
            return picked.images[0], {"sample": int(wish["sample"]), "character": character}
        given = wish["image"]
        if isinstance(given, str):
            sides = int(wish.get("height", IMAGE_SIZE)), int(wish.get("width", IMAGE_SIZE))
            pixels = decoded(given, sides)
        else:
            pixels = _from_rows(given)
        if not all(1 <= side <= _LARGEST_SIDE for side in pixels.shape):
            raise ConfigError("Expected a picture up to {largest} pixels wide and high.").format(
                largest=_LARGEST_SIDE
            )
        return resized(pixels[None], self._inside.facts.image_shape)[0], {}

    def _opened(self) -> ExplainedData:
        if self._samples is None:
            raise ConfigError("No data are open.", 'Ask {"open": {"data": …}} first.')
        return self._samples

    def _start_map(self, number: Any, wish: Any) -> None:
        samples = self._opened()
        wished = decode(MapRequest, wish)
        self.close()
        self.wait()

        def work(report: _MapProgress) -> Record:
            atlas = make_atlas(wished, samples, self._embed, self._atlas, report, report.check)
            self._atlas = atlas
            return {"map": atlas_record(atlas, wished.method, samples.alphabet)}

        self._map = _Map(number, self._answer, work, self._say)
        self._map.begin()

    def _embed(self, images: Images) -> Vectors:
        with self._asking:
            return self._inside.embedding(images)


class _MapProgress:
    """Says how far a map is, at most ten times a second."""

    def __init__(self, number: Any, say: Say, ended: threading.Event) -> None:
        self._number, self._say, self._ended = number, say, ended
        self._phase, self._next = "", 0.0

    def __call__(self, done: int, total: int, phase: str) -> None:
        now = time.monotonic()
        if phase == self._phase and now < self._next and done < total:
            return
        self._phase, self._next = phase, now + _SECONDS_BETWEEN
        self._say({"id": self._number, "done": done, "total": total, "phase": phase})

    def check(self) -> None:
        """Raise `EndedError` if the map is not wanted any more."""
        if self._ended.is_set():
            raise EndedError


class _Map:
    """The thread that makes one map."""

    def __init__(
        self,
        number: Any,
        answer: Callable[[Any, Callable[[], Record | None]], None],
        work: Callable[[_MapProgress], Record],
        say: Say,
    ) -> None:
        self.number = number
        self._ended = threading.Event()
        told = _MapProgress(number, say, self._ended)
        self._thread = threading.Thread(
            target=answer, args=(number, lambda: work(told)), daemon=True
        )

    def begin(self) -> None:
        """Start."""
        self._thread.start()

    def end(self) -> None:
        """Ask it to end; it does so within some steps."""
        self._ended.set()

    def join(self) -> None:
        """Wait for the end."""
        self._thread.join()


def _from_rows(given: Any) -> Images:
    """Return a picture of rows of numbers up to 255."""
    values = np.asarray(given, dtype=np.float64)
    if values.ndim != 2 or not values.size or not np.all((values >= 0) & (values <= 255)):
        raise ConfigError("Expected a picture as rows of numbers from 0 to 255.")
    return np.rint(values).astype(np.uint8)
