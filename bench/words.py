"""Words and codes read from the pen, of writers that chose nothing: ``python -m bench words``.

The words are those of ``words_validation.npz``, the codes are made of single characters of one
writer of ``chars_in_words_validation.npz``, beside one another where they stand on their lines.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from bench.table import Row
from trainer.evaluation.lines import LETTER_CASES, line_figures, read_labelled_lines, read_lines
from trainer.files.paths import default_bundle
from trainer.recognition.bundle import load_bundle
from trainer.recognition.language import TextLanguage
from trainer.recognition.line_reader import LineReader
from trainer.recognition.recognizer import Recognizer

DATA = Path(os.environ.get("EMNIST_DESKTOP_DATA") or "../shared/data") / "pen"
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


def measure() -> list[Row]:
    words = read_labelled_lines(DATA / "words_validation.npz", WORDS)
    reader = LineReader(Recognizer(load_bundle(default_bundle())))
    without = reader.with_language(TextLanguage.NONE)
    found = list(read_lines(reader, words))
    printed = [each for each in found if each.line.printed]
    bare = list(read_lines(without, [each.line for each in printed]))
    codes = read_labelled_lines(DATA / "chars_in_words_validation.npz")
    joined = [each for each in found if not each.line.printed]
    times = tuple(1000 * each.seconds for each in found if len(each.line.text) == 8)
    return [
        *report("printed words", line_figures(printed), ("≤ 12", "≥ 60")),
        *report("printed words without language", line_figures(bare), ("≤ 18", "")),
        *report("joined words", line_figures(joined)),
        *report("all words", line_figures(found), ("≤ 25", "")),
        *report("codes", line_figures(list(read_lines(without, codes))), ("≤ 15", "")),
        Row("read a word of eight letters", times, "ms", "≤ 30 (p99)"),
    ]
