"""Words and codes read from the pen, of writers that chose nothing: ``python -m bench words``.

The words are those of ``words_validation.npz``, the codes are made of single characters of one
writer of ``chars_in_words_validation.npz``, beside one another where they stand on their lines.
"""

from __future__ import annotations

import os
from time import process_time
from typing import Any

from bench.data import data_folder
from bench.table import Row
from trainer.evaluation.lines import (
    LETTER_CASES,
    LabelledLine,
    line_figures,
    read_labelled_lines,
    read_lines,
)
from trainer.files.paths import default_bundle
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import load_bundle
from trainer.recognition.language import TextLanguage
from trainer.recognition.line_reader import LineReader
from trainer.recognition.recognizer import Recognizer
from trainer.writing.sheet_reader import SheetReader

WORDS = int(os.environ.get("BENCH_WORDS") or 1200)


def report(title: str, figures: dict[str, Any], goals: tuple[str, str] = ("", "")) -> list[Row]:
    rows = []
    for case in LETTER_CASES:
        for what, key, goal in (
            ("character error rate", "character_error_rate", goals[0]),
            ("words right", "words_right", goals[1]),
        ):
            low, high = figures[case][f"{key.removesuffix('_rate')}_interval"]
            value = figures[case][key]
            interval = f"{low:.1%} to {high:.1%} by writer"
            rows.append(
                Row(
                    f"{title}, {case}: {what} ({interval})",
                    (100 * value,),
                    "%",
                    goal if case == LETTER_CASES[0] else "",
                )
            )
    return rows


def last_strokes(reader: LineReader, lines: list[LabelledLine]) -> tuple[float, ...]:
    """Return processor times from the last stroke of words to their text, in milliseconds.

    The strokes before have been read one after another, as while somebody writes.
    """
    times = []
    for line in lines:
        sheet = SheetReader(reader)
        for n_strokes in range(1, len(line.ink.strokes) + 1):
            began = process_time()
            sheet.read(Ink(line.ink.strokes[:n_strokes]))
        times.append(1000 * (process_time() - began))
    return tuple(times)


def measure() -> list[Row]:
    words = read_labelled_lines(data_folder("pen") / "words_validation.npz", WORDS)
    reader = LineReader(Recognizer(load_bundle(default_bundle())))
    without = reader.with_language(TextLanguage.NONE)
    found = list(read_lines(reader, words))
    printed = [each for each in found if each.line.printed]
    bare = list(read_lines(without, [each.line for each in printed]))
    codes = read_labelled_lines(data_folder("pen") / "chars_in_words_validation.npz")
    joined = [each for each in found if not each.line.printed]
    long = [each.line for each in printed if len(each.line.text) == 8]
    fresh = LineReader(Recognizer(load_bundle(default_bundle())))
    times = last_strokes(fresh, long)
    return [
        *report("printed words", line_figures(printed), ("≤ 12", "≥ 60")),
        *report("printed words without language", line_figures(bare), ("≤ 18", "")),
        *report("joined words", line_figures(joined)),
        *report("all words", line_figures(found), ("≤ 25", "")),
        *report("codes", line_figures(list(read_lines(without, codes))), ("≤ 15", "")),
        Row("last stroke of a printed word of eight letters → text", times, "ms", "≤ 30 (p99)"),
    ]
