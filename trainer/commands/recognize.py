"""``python -m trainer recognize``: recognise characters in pictures and inks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from trainer.commands.options.arguments import (
    add_hand_argument,
    pen_width,
    positive,
    refuse_for_lines,
)
from trainer.errors import ConfigError, InkError, PictureError, TrainerError
from trainer.files.disk import open_regular
from trainer.files.paths import default_bundle
from trainer.files.records import json_text
from trainer.hand.hand_file import read_hand
from trainer.ink.alphabet import CharacterSet
from trainer.ink.documents import document_format, read_document
from trainer.ink.picture import find_characters, single_character
from trainer.ink.picture_file import Grey, open_picture
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import load_bundle
from trainer.recognition.language import TextLanguage
from trainer.recognition.line_reader import LineReader, LineReading
from trainer.recognition.pdf_page import is_pdf, open_page
from trainer.recognition.recognizer import Candidate, Recognition, Recognizer
from trainer.recognition.sandboxed_litert import check_bundle

_CHUNK_LINES = 256


@dataclass(frozen=True)
class SourceResult:
    """The characters of a source, with their boxes (left, top, width, height), or its lines."""

    recognitions: tuple[Recognition, ...] = ()
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    lines: tuple[LineReading, ...] | None = None


Results = Callable[[Sequence[Ink]], Iterator[SourceResult]]
"""What is found in inks, in order."""


@dataclass(frozen=True)
class Reader:
    """What is found in inks, and in the picture of a file."""

    inks: Results
    picture: Callable[[Path], SourceResult]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="pictures, ink .json, .jsonl, .inkml, .xopp, .svg"
    )
    parser.add_argument("--model", type=Path, help="folder of a bundle (default: the bundled one)")
    parser.add_argument(
        "--alphabet",
        type=CharacterSet,
        choices=list(CharacterSet),
        help="all (default): 47 classes, with small letters like capitals merged; cased: all 62",
    )
    parser.add_argument("--line", action="store_true", help="read lines of text; prints JSON")
    parser.add_argument(
        "--language",
        type=TextLanguage,
        choices=list(TextLanguage),
        help="of lines: en, de, both (default), or none for codes, which are read as written",
    )
    parser.add_argument("--page", type=positive, metavar="N", help="of a PDF (default: the first)")
    parser.add_argument("--single", action="store_true", help="a picture shows one character")
    parser.add_argument("--top", type=positive, metavar="K", help="candidates (default: 5)")
    parser.add_argument("--json", action="store_true", help="print one JSON line per source")
    parser.add_argument(
        "--pen-widths",
        type=pen_width,
        nargs="+",
        metavar="PX",
        help="render inks at these widths and average (default: as the bundle says)",
    )
    add_hand_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Recognise and print; return 1 if a source could not be read, else 0."""
    _check(options)
    bundle = load_bundle(options.model or default_bundle())
    check_bundle(bundle)
    recognizer = Recognizer(bundle, options.pen_widths)
    if options.hand is not None:
        recognizer.memory = read_hand(options.hand, recognizer)
    reader = (_line_reader if options.line else _character_reader)(recognizer, options)
    status = 0
    for name in options.files:
        for source, outcome in _outcomes(name, reader, options.page):
            if isinstance(outcome, TrainerError):
                status = 1
            if options.json or options.line:
                sys.stdout.write(json_text(_record(source, outcome)) + "\n")
            else:
                _print(source, outcome)
    sys.stdout.flush()
    return status


def _check(options: argparse.Namespace) -> None:
    """Refuse options that mean nothing together."""
    if options.line:
        given = {"--alphabet": options.alphabet, "--top": options.top, "--single": options.single}
        refuse_for_lines(given)
    if options.language is not None and not options.line:
        raise ConfigError("--language is for lines, not for characters.", "Add --line.")


def _character_reader(recognizer: Recognizer, options: argparse.Namespace) -> Reader:
    """Return what recognises each ink, and each part of a picture, as one character."""
    alphabet, top = options.alphabet or CharacterSet.ALL, options.top or 5

    def inks(some: Sequence[Ink]) -> Iterator[SourceResult]:
        recognitions = recognizer.recognize_many(some, alphabet, top)
        return map(_ink_result, some, recognitions)

    def picture(path: Path) -> SourceResult:
        grey = _grey(path, options.page)
        found = [single_character(grey)] if options.single else find_characters(grey)
        characters = [character for character in found if character is not None]
        return SourceResult(
            tuple(
                recognizer.recognize_image(character.image, alphabet, top)
                for character in characters
            ),
            tuple(character.box for character in characters),
        )

    return Reader(inks, picture)


def _line_reader(recognizer: Recognizer, options: argparse.Namespace) -> Reader:
    """Return what reads each ink, and each picture, as lines of text."""
    reader = LineReader(recognizer, options.language or TextLanguage.BOTH)
    return Reader(
        lambda some: (SourceResult(lines=reader.read(ink)) for ink in some),
        lambda path: SourceResult(lines=reader.read_picture(_grey(path, options.page)).lines),
    )


def _grey(path: Path, page: int | None) -> Grey:
    """Return the brightness of a picture, or of a page of a PDF."""
    return open_page(path, page or 1).picture if is_pdf(path) else open_picture(path)


def _outcomes(
    name: str, reader: Reader, page: int | None
) -> Iterator[tuple[str, SourceResult | TrainerError]]:
    path = Path(name)
    try:
        if page is not None and not is_pdf(path):
            raise PictureError("{path} is no PDF.", "--page is for those: leave it out.").format(
                path=path.name
            )
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            yield from _lines(path, name, reader.inks)
        elif path.suffix.lower() == ".json":
            with open_ink(path) as stream:
                ink = Ink.from_json(stream.read())
            yield name, next(reader.inks((ink,)))
        elif document_format(path):
            yield from _documents(path, name, reader.inks)
        else:
            yield name, reader.picture(path)
    except TrainerError as error:
        yield name, error


def open_ink(path: Path) -> BinaryIO:
    """Open a file of inks; raise an `InkError` if it cannot be read."""
    try:
        return open_regular(path)
    except OSError as error:
        raise InkError("{path} cannot be read: {reason}.", "Check the path.").format(
            path=path, reason=error.strerror or error
        ) from error


def _lines(
    path: Path, name: str, results: Results
) -> Iterator[tuple[str, SourceResult | TrainerError]]:
    """Read a file of inks in chunks, to limit the memory."""
    with open_ink(path) as stream:
        number, numbered = 0, enumerate(stream, start=1)
        while chunk := list(islice(numbered, _CHUNK_LINES)):
            parsed = [_parse_ink(line) for _, line in chunk]
            found = results([ink for ink in parsed if isinstance(ink, Ink)])
            for (number, _), ink in zip(chunk, parsed, strict=True):
                source = f"{name}:{number}"
                yield source, next(found) if isinstance(ink, Ink) else ink
    if not number:
        raise InkError("{path} holds no drawings.", "A line is a drawing in JSON.").format(
            path=path.name
        )


def _documents(
    path: Path, name: str, results: Results
) -> Iterator[tuple[str, SourceResult | TrainerError]]:
    """Recognise each drawing of a document."""
    inks = [each.ink for each in read_document(path)]
    for number, result in enumerate(results(inks), start=1):
        yield name if len(inks) == 1 else f"{name}:{number}", result


def _parse_ink(line: bytes) -> Ink | TrainerError:
    try:
        return Ink.from_json(line)
    except InkError as error:
        return error


def _ink_result(ink: Ink, recognition: Recognition) -> SourceResult:
    if ink.is_empty:
        return SourceResult((), ())
    points, _ = ink.flat()
    left, top = (float(v) for v in points.min(axis=0))
    right, bottom = (float(v) for v in points.max(axis=0))
    return SourceResult((recognition,), ((left, top, right - left, bottom - top),))


def _text(result: SourceResult) -> str:
    return "".join(r.best.character for r in result.recognitions if r.best is not None)


def _record(source: str, outcome: SourceResult | TrainerError) -> dict[str, Any]:
    if isinstance(outcome, TrainerError):
        return {"source": source, "error": outcome.message, "hint": outcome.hint}
    if outcome.lines is not None:
        return {"source": source, **_text_record(outcome.lines)}
    return {
        "source": source,
        "text": _text(outcome),
        "characters": [
            {
                "candidates": [[c.character, round(c.probability, 4)] for c in r.candidates],
                "box": [round(v, 2) for v in box],
                "several": r.is_several,
                **({"source": "own samples"} if r.best and r.best.is_own else {}),
            }
            for r, box in zip(outcome.recognitions, outcome.boxes, strict=True)
        ],
    }


def _text_record(lines: tuple[LineReading, ...]) -> dict[str, Any]:
    """Return a text: its lines, their words, and all characters."""
    words = [(number, word) for number, line in enumerate(lines) for word in line.words]
    return {
        "text": "\n".join(line.text for line in lines),
        "lines": [
            {
                "text": line.text,
                "baseline": round(line.baseline, 2),
                "x_height": round(line.x_height, 2),
                "slope": round(line.slope, 4),
            }
            for line in lines
        ],
        "words": [
            {
                "text": word.text,
                "line": number,
                "probability": round(word.probability, 4),
                **_alternatives(word.candidates, word.box),
            }
            for number, word in words
        ],
        "characters": [
            {
                "character": character.character,
                "word": index,
                **_alternatives(character.candidates, character.box),
                "size": character.evidence,
                **({"source": "own samples"} if character.candidates[0].is_own else {}),
                "strokes": character.strokes,
            }
            for index, (_, word) in enumerate(words)
            for character in word.characters
        ],
    }


def _alternatives(
    candidates: tuple[Candidate, ...], box: tuple[float, float, float, float]
) -> dict[str, Any]:
    return {
        "candidates": [[c.character, round(c.probability, 4)] for c in candidates],
        "box": [round(v, 2) for v in box],
    }


def _print(source: str, outcome: SourceResult | TrainerError) -> None:
    if isinstance(outcome, TrainerError):
        print(f"{source}: {outcome.message} {outcome.hint}".rstrip(), file=sys.stderr)
        return
    print(f"{source}: {_text(outcome)}" if outcome.recognitions else f"{source}: (nothing found)")
    for recognition in outcome.recognitions:
        ranked = "  ".join(f"{c.character} {c.probability:.0%}" for c in recognition.candidates)
        notes = "  (more than one character?)" if recognition.is_several else ""
        if recognition.best is not None and recognition.best.is_own:
            notes += "  (your own samples)"
        print(f"    {ranked}{notes}")
