"""``python -m trainer recognize``: read characters in pictures and inks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from trainer.commands.arguments import pen_width, positive
from trainer.errors import InkError, TrainerError
from trainer.files.paths import default_bundle
from trainer.files.records import json_text
from trainer.ink.alphabet import CharacterSet
from trainer.ink.picture import FoundCharacter, find_characters, open_picture, single_character
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Recognition, Recognizer
from trainer.recognition.sandboxed_litert import check_bundle

_LINES_AT_ONCE = 256
_INK_SUFFIXES = (".json", ".jsonl")


@dataclass(frozen=True)
class Problem:
    """A source that could not be read."""

    error: TrainerError


@dataclass(frozen=True)
class Answer:
    """What was found in a source."""

    recognitions: tuple[Recognition, ...]
    boxes: tuple[tuple[float, float, float, float], ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="pictures, ink .json, .jsonl")
    parser.add_argument("--model", type=Path, help="folder of a bundle (default: the bundled one)")
    parser.add_argument(
        "--alphabet",
        type=CharacterSet,
        choices=list(CharacterSet),
        default=CharacterSet.ALL,
        help="all: 47 classes, small letters that look like capitals merged; cased: all 62",
    )
    parser.add_argument("--single", action="store_true", help="a picture is one character")
    parser.add_argument("--top", type=positive, default=5, metavar="K", help="default: 5")
    parser.add_argument("--json", action="store_true", help="print one JSON line a source")
    parser.add_argument(
        "--pen-widths",
        type=pen_width,
        nargs="+",
        metavar="PX",
        help="render inks at these widths and average (default: as the bundle says)",
    )


def run(options: argparse.Namespace) -> int:
    """Recognise and print; return 1 if a source was bad, else 0."""
    bundle = load_bundle(options.model or default_bundle())
    check_bundle(bundle)
    recognizer = Recognizer(bundle, options.pen_widths)
    status = 0
    for name in options.files:
        for source, outcome in _outcomes(name, recognizer, options):
            if isinstance(outcome, Problem):
                status = 1
            if options.json:
                sys.stdout.write(json_text(_record(source, outcome)) + "\n")
            else:
                _print(source, outcome)
    sys.stdout.flush()
    return status


def _outcomes(
    name: str, recognizer: Recognizer, options: argparse.Namespace
) -> Iterator[tuple[str, Answer | Problem]]:
    path = Path(name)
    try:
        if path.suffix.lower() == ".jsonl":
            yield from _lines(path, name, recognizer, options)
        elif path.suffix.lower() == ".json":
            ink = Ink.from_json(_read(path))
            yield name, _ink_answer(ink, recognizer.recognize(ink, options.alphabet, options.top))
        else:
            yield name, _picture_answer(path, recognizer, options)
    except TrainerError as error:
        yield name, Problem(error)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InkError("{path} cannot be read: {reason}.", "Check the path.").format(
            path=path, reason=error.strerror or error
        ) from error


def _lines(
    path: Path, name: str, recognizer: Recognizer, options: argparse.Namespace
) -> Iterator[tuple[str, Answer | Problem]]:
    """Read a file of inks in chunks, so that a long one needs no memory."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise InkError("{path} cannot be read: {reason}.", "Check the path.").format(
            path=path, reason=error.strerror or error
        ) from error
    with stream:
        numbered = enumerate(stream, start=1)
        while chunk := list(islice(numbered, _LINES_AT_ONCE)):
            parsed = [_parsed(line) for _, line in chunk]
            inks = [ink for ink in parsed if isinstance(ink, Ink)]
            answers = recognizer.recognize_many(inks, options.alphabet, options.top)
            for (number, _), ink in zip(chunk, parsed, strict=True):
                source = f"{name}:{number}"
                if isinstance(ink, Ink):
                    yield source, _ink_answer(ink, next(answers))
                else:
                    yield source, ink


def _parsed(line: bytes) -> Ink | Problem:
    try:
        return Ink.from_json(line)
    except InkError as error:
        return Problem(error)


def _ink_answer(ink: Ink, recognition: Recognition) -> Answer:
    if ink.is_empty:
        return Answer((), ())
    points, _ = ink.flat()
    left, top = (float(v) for v in points.min(axis=0))
    right, bottom = (float(v) for v in points.max(axis=0))
    return Answer((recognition,), ((left, top, right - left, bottom - top),))


def _picture_answer(path: Path, recognizer: Recognizer, options: argparse.Namespace) -> Answer:
    grey = open_picture(path)
    found: Iterable[FoundCharacter | None] = (
        [single_character(grey)] if options.single else find_characters(grey)
    )
    characters = [character for character in found if character is not None]
    return Answer(
        tuple(
            recognizer.recognize_image(character.image, options.alphabet, options.top)
            for character in characters
        ),
        tuple(character.box for character in characters),
    )


def _text(answer: Answer) -> str:
    return "".join(r.best.character for r in answer.recognitions if r.best is not None)


def _record(source: str, outcome: Answer | Problem) -> dict[str, Any]:
    if isinstance(outcome, Problem):
        return {
            "source": source,
            "error": outcome.error.message,
            "hint": outcome.error.hint,
        }
    return {
        "source": source,
        "text": _text(outcome),
        "characters": [
            {
                "candidates": [[c.character, round(c.probability, 4)] for c in r.candidates],
                "box": [round(v, 2) for v in box],
            }
            for r, box in zip(outcome.recognitions, outcome.boxes, strict=True)
        ],
    }


def _print(source: str, outcome: Answer | Problem) -> None:
    if isinstance(outcome, Problem):
        print(f"{source}: {outcome.error.message} {outcome.error.hint}".rstrip(), file=sys.stderr)
        return
    print(f"{source}: {_text(outcome)}" if outcome.recognitions else f"{source}: (nothing found)")
    for recognition in outcome.recognitions:
        ranked = "  ".join(f"{c.character} {c.probability:.0%}" for c in recognition.candidates)
        print(f"    {ranked}")
