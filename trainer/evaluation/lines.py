"""How well lines of text are read: character errors and words right, with intervals by writer.

Lines come from three kinds of files: archives of words, archives of characters cut out of words,
of which random codes are made, and JSON Lines of inks with their texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.ink_archive import check_structure
from trainer.errors import DatasetError, InkError
from trainer.evaluation.metrics import bootstrap_interval, confidence_gap, edit_distance
from trainer.files.disk import open_regular
from trainer.files.npz import members, reading
from trainer.files.records import RecordError, parse
from trainer.ink.strokes import Ink, Points
from trainer.recognition.language import TextLanguage
from trainer.recognition.line_reader import LineReader

N_CODES = 200
"""Codes that are made of an archive of characters."""

LETTER_CASES = ("case ignored", "with case")

_ARRAYS = ("points", "stroke_start", "sample_start", "label", "writer")
_OF_CHARACTERS = ("word", "baseline", "x_height")
_HINT = (
    "Lines are read from archives of words or of characters in words (.npz), and from JSON Lines "
    'with "strokes" and "text".'
)

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, eq=False)
class LabelledLine:
    """An ink whose text is known.

    Attributes
    ----------
    ink : Ink
    text : str
    writer : str
        Empty if unknown.
    printed : bool or None
        Whether the letters are written apart; None if unknown.
    is_code : bool
        Whether no language expects anything of it.
    """

    ink: Ink
    text: str
    writer: str = ""
    printed: bool | None = None
    is_code: bool = False


def read_labelled_lines(path: Path, limit: int | None = None) -> list[LabelledLine]:
    """Read the lines of a file.

    Parameters
    ----------
    path : Path
    limit : int, optional
        Lines at most: a random sample, the same every time.

    Raises
    ------
    DatasetError
        If the file is missing, damaged, of another kind, or empty.
    """
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        every = list(_of_json_lines(path))
        lines = [every[index] for index in _chosen(len(every), limit)]
    else:
        arrays = read_word_archive(path)
        if "word" in arrays:
            lines = list(random_codes(arrays, limit or N_CODES))
        else:
            lines = list(_words(arrays, limit))
    if not lines:
        raise DatasetError("{path} has no lines.", _HINT).format(path=path.name)
    return lines


def _chosen(n: int, limit: int | None) -> list[int]:
    chosen: list[int] = np.random.default_rng(5).permutation(n)[:limit].tolist()
    return chosen


def _of_json_lines(path: Path) -> Iterator[LabelledLine]:
    with reading(path, _HINT), open_regular(path) as stream:
        for number, line in enumerate(stream, start=1):
            try:
                record = parse(line)
                ink = Ink.from_record(record)
            except (InkError, RecordError) as error:
                raise DatasetError("Line {number} of {path}: {reason}", error.hint).format(
                    number=number, path=path.name, reason=error.message
                ) from error
            text = record.get("text", record.get("label"))
            if not isinstance(text, str) or not text:
                raise DatasetError("Line {number} of {path} has no text.", _HINT).format(
                    number=number, path=path.name
                )
            yield LabelledLine(ink, text, str(record.get("writer", "")))


def read_word_archive(path: Path) -> Arrays:
    """Read the arrays of an archive of words, or of characters in words.

    Raises
    ------
    DatasetError
        If it is missing, damaged or of another kind.
    """
    with (
        reading(path, _HINT),
        path.open("rb") as stream,
        np.load(stream, allow_pickle=False) as archive,
    ):
        missing = [name for name in _ARRAYS if name not in archive.files]
        if missing:
            raise DatasetError("{path} has no {missing}.", _HINT).format(
                path=path.name, missing=", ".join(missing)
            )
        more = [name for name in (*_OF_CHARACTERS, "printed") if name in archive.files]
        arrays = members(archive, [*_ARRAYS, *more])
    check_structure(arrays, path)
    words = arrays.get("word", np.zeros(0, np.int64))
    n_words = min(len(arrays.get(name, words)) for name in _OF_CHARACTERS[1:])
    if len(words) and not 0 <= words.min() <= words.max() < n_words:
        raise DatasetError("{path} has characters of words that it lacks.", _HINT).format(
            path=path.name
        )
    return arrays


def _words(arrays: Arrays, limit: int | None) -> Iterator[LabelledLine]:
    printed = arrays.get("printed")
    for index in _chosen(len(arrays["label"]), limit):
        yield LabelledLine(
            Ink.from_points(_strokes(arrays, index)),
            str(arrays["label"][index]),
            str(arrays["writer"][index]),
            None if printed is None else bool(printed[index]),
        )


def _strokes(arrays: Arrays, sample: int) -> list[Points]:
    first, stop = arrays["sample_start"][sample : sample + 2].tolist()
    starts = arrays["stroke_start"][first : stop + 1]
    points = arrays["points"][starts[0] : starts[-1]].astype(np.float32)
    return np.split(points, starts[1:-1] - starts[0])


def random_codes(arrays: Arrays, n: int) -> Iterator[LabelledLine]:
    """Yield codes of four to eight letters and digits, half of them digits.

    The characters of a code are of one writer. They stand beside one another, as high above the
    baseline and as large against the x-height as in the words that they were cut out of.
    """
    generator = np.random.default_rng(6)
    labels, writers = arrays["label"].astype(str), arrays["writer"]
    usable = np.array([label.isalnum() for label in labels.tolist()], dtype=bool)
    usable &= np.isfinite(arrays["x_height"][arrays["word"]])
    of_writers = np.unique(writers[usable])
    for writer in generator.choice(of_writers, n).tolist() if len(of_writers) else ():
        samples = np.flatnonzero(usable & (writers == writer))
        digits = samples[[str(labels[sample]).isdigit() for sample in samples]]
        x, text = 0.0, ""
        strokes: list[Points] = []
        for _ in range(int(generator.integers(4, 9))):
            pool = digits if len(digits) and generator.random() < 0.5 else samples
            sample = int(generator.choice(pool))
            word = int(arrays["word"][sample])
            parts = _strokes(arrays, sample)
            left = min(part[:, 0].min() for part in parts)
            move = np.array([-left, -arrays["baseline"][word]], dtype=np.float32)
            aside = np.array([x, 0.0], dtype=np.float32)
            parts = [(part + move) / float(arrays["x_height"][word]) + aside for part in parts]
            x = max(float(part[:, 0].max()) for part in parts) + generator.uniform(0.15, 0.4)
            strokes += parts
            text += str(labels[sample])
        yield LabelledLine(Ink.from_points(strokes), text, str(writer), is_code=True)


@dataclass(frozen=True)
class ReadLine:
    """A line as written and as read.

    Attributes
    ----------
    line : LabelledLine
    text : str
    seconds : float
    probabilities : tuple of float
        Of its words; none if they were not kept.
    """

    line: LabelledLine
    text: str
    seconds: float
    probabilities: tuple[float, ...] = ()


def read_lines(reader: LineReader, lines: Iterable[LabelledLine]) -> Iterator[ReadLine]:
    """Read lines, one after another."""
    for line in lines:
        began = perf_counter()
        is_page = "\n" in line.text
        readings = reader.read(line.ink) if is_page else (reader.read_line(line.ink),)
        yield ReadLine(
            line,
            "\n".join(reading.text for reading in readings),
            perf_counter() - began,
            tuple(word.probability for reading in readings for word in reading.words),
        )


def line_figures(read: Sequence[ReadLine]) -> dict[str, Any]:
    """Return the error rates of lines, and 95 % intervals in which whole writers are resampled.

    Returns
    -------
    dict
        "lines", "writers", and for "case ignored" and "with case": "character_error_rate" and
        "words_right" with their intervals. A word is a line here, unless it has spaces. "spaces"
        are counted as "written", "missed" and "added"; "calibration_error" is that of the words
        of lines with as many as were written, None without any.
    """
    names = [each.line.writer for each in read]
    known = len(set(names)) > 1
    _, writers = np.unique(names if known else range(len(read)), return_inverse=True)
    figures: dict[str, Any] = {"lines": len(read), "writers": len(set(names)) if known else 0}
    lengths = np.array([len(each.line.text) for each in read])
    n_words = np.array([len(each.line.text.split()) for each in read])
    for title in LETTER_CASES:
        pairs = [(each.line.text, each.text) for each in read]
        if title == "case ignored":
            pairs = [(written.lower(), text.lower()) for written, text in pairs]
        errors = np.array([edit_distance(*pair) for pair in pairs])
        right = np.array([_words_right(*pair) for pair in pairs])
        figures[title] = {
            "character_error_rate": float(errors.sum() / lengths.sum()),
            "character_error_interval": bootstrap_interval(errors, writers, lengths),
            "words_right": float(right.sum() / n_words.sum()),
            "words_right_interval": bootstrap_interval(right, writers, n_words),
        }
    return figures | {"spaces": _spaces(read), "calibration_error": _calibration_error(read)}


def _spaces(read: Sequence[ReadLine]) -> dict[str, int]:
    """Count the spaces that were written, those that were not read, and those that only were."""
    written = found = right = 0
    for each in read:
        ours, theirs = each.line.text.strip(), each.text.strip()
        written += ours.count(" ")
        found += theirs.count(" ")
        if " " in ours and " " in theirs:
            blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
            right += sum(ours[block.a : block.a + block.size].count(" ") for block in blocks)
    return {"written": written, "missed": written - right, "added": found - right}


def _calibration_error(read: Sequence[ReadLine]) -> float | None:
    confidence: list[float] = []
    correct: list[bool] = []
    for each in read:
        written, found = each.line.text.split(), each.text.split()
        if len(written) == len(found) == len(each.probabilities):
            confidence += each.probabilities
            correct += map(str.__eq__, written, found)
    if not confidence:
        return None
    return confidence_gap(np.array(confidence, np.float32), np.array(correct))


def _words_right(written: str, read: str) -> int:
    """Return how many words of a line are read as written, in their order."""
    words = written.split()
    return max(0, len(words) - edit_distance(words, read.split()))


def evaluate_lines(
    reader: LineReader, lines: Sequence[LabelledLine], report: Callable[[int, int], None]
) -> dict[str, Any]:
    """Return the figures of lines, read with the language of a reader and without.

    Lines that are codes are read without only. `report` gets how many are read, of how many.

    Returns
    -------
    dict
        For each language "all", and "printed" and "joined" where that is known: `line_figures`;
        and "milliseconds", the median time of a line.
    """
    languages = [reader.language, TextLanguage.NONE]
    if lines[0].is_code:
        languages = languages[1:]
    languages = list(dict.fromkeys(languages))
    result: dict[str, Any] = {}
    for number, language in enumerate(languages):
        read = []
        for each in read_lines(reader.with_language(language), lines):
            read.append(each)
            report(number * len(lines) + len(read), len(lines) * len(languages))
        figures: dict[str, Any] = {}
        for name, kinds in (("printed", {True}), ("joined", {False}), ("all", {True, False, None})):
            if some := [each for each in read if each.line.printed in kinds]:
                figures[name] = line_figures(some)
        milliseconds = 1000 * float(np.median([each.seconds for each in read]))
        result[str(language)] = {**figures, "milliseconds": round(milliseconds, 2)}
    return result
