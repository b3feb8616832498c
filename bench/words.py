"""Words and codes read from the pen, of writers that chose nothing: ``python -m bench words``.

The words are those of ``words_validation.npz``, the codes are made of single characters of one
writer of ``chars_in_words_validation.npz``, beside one another where they stand on their lines.
"""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from time import perf_counter

import numpy as np

from bench.table import Row
from trainer.evaluation.metrics import edit_distance
from trainer.files.paths import default_bundle
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import load_bundle
from trainer.recognition.language import TextLanguage
from trainer.recognition.line_reader import LineReader
from trainer.recognition.recognizer import Recognizer

DATA = Path(os.environ.get("EMNIST_DESKTOP_DATA") or "../shared/data") / "pen"
WORDS = int(os.environ.get("BENCH_WORDS") or 1200)
CODES = 200
RESAMPLES = 1000


def strokes_of(archive: dict[str, np.ndarray], sample: int) -> list[np.ndarray]:
    first, stop = archive["sample_start"][sample : sample + 2].tolist()
    starts = archive["stroke_start"][first : stop + 1]
    points = archive["points"][starts[0] : starts[-1]].astype(np.float32)
    return np.split(points, starts[1:-1] - starts[0])


def rates(found: list[tuple[str, str, str]], *, case: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each writer, errors, characters, right words and words."""
    of_writer: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(4))
    for writer, label, text in found:
        pair = (label, text) if case else (label.lower(), text.lower())
        of_writer[writer] += (edit_distance(*pair), len(label), pair[0] == pair[1], 1)
    table = np.array(list(of_writer.values()))
    chosen = np.random.default_rng(0).integers(0, len(table), (RESAMPLES, len(table)))
    sums = table[chosen].sum(axis=1)
    total = table.sum(axis=0)
    return (
        np.array([total[0] / total[1], *np.quantile(sums[:, 0] / sums[:, 1], (0.025, 0.975))]),
        np.array([total[2] / total[3], *np.quantile(sums[:, 2] / sums[:, 3], (0.025, 0.975))]),
    )


def report(
    title: str, found: list[tuple[str, str, str]], goals: tuple[str, str] = ("", "")
) -> list:
    rows = []
    for case in (False, True):
        name = "with case" if case else "case ignored"
        errors, words = rates(found, case=case)
        for what, (value, low, high), goal in zip(
            ("character error rate", "words right"), (errors, words), goals, strict=True
        ):
            goal = goal if not case else ""
            interval = f"{low:.1%} to {high:.1%} by writer"
            rows.append(Row(f"{title}, {name}: {what} ({interval})", (100 * value,), "%", goal))
    return rows


def measure() -> list[Row]:
    with np.load(DATA / "words_validation.npz", allow_pickle=False) as file:
        archive = {name: file[name] for name in file.files}
    chosen = np.random.default_rng(5).permutation(len(archive["label"]))[:WORDS].tolist()
    recognizer = Recognizer(load_bundle(default_bundle()))
    reader = LineReader(recognizer)
    without = LineReader(recognizer, TextLanguage.NONE)
    found, bare, printed, times = [], [], [], []
    for sample in chosen:
        ink = Ink.from_points(strokes_of(archive, sample))
        label, writer = str(archive["label"][sample]), str(archive["writer"][sample])
        began = perf_counter()
        text = reader.read_line(ink).text
        if len(label) == 8:
            times.append(1000 * (perf_counter() - began))
        found.append((writer, label, text))
        printed.append(bool(archive["printed"][sample]))
        if printed[-1]:
            bare.append((writer, label, without.read_line(ink).text))
    of_printed = [each for each, is_printed in zip(found, printed, strict=True) if is_printed]
    of_joined = [each for each, is_printed in zip(found, printed, strict=True) if not is_printed]
    return [
        *report("printed words", of_printed, ("≤ 12", "≥ 60")),
        *report("printed words without language", bare, ("≤ 18", "")),
        *report("joined words", of_joined),
        *report("all words", found, ("≤ 25", "")),
        *report("codes", codes(without), ("≤ 15", "")),
        Row("read a word of eight letters", tuple(times), "ms", "≤ 30 (p99)"),
    ]


def codes(reader: LineReader) -> list[tuple[str, str, str]]:
    """Return codes of four to eight letters and digits, as written and as read."""
    with np.load(DATA / "chars_in_words_validation.npz", allow_pickle=False) as file:
        archive = {name: file[name] for name in file.files}
    generator = np.random.default_rng(6)
    usable = np.array([str(label).isalnum() for label in archive["label"]])
    usable &= np.isfinite(archive["x_height"][archive["word"]])
    result = []
    for writer in generator.choice(np.unique(archive["writer"][usable]), CODES).tolist():
        samples = np.flatnonzero(usable & (archive["writer"] == writer))
        digits = samples[[str(archive["label"][s]).isdigit() for s in samples]]
        x, strokes, label = 0.0, [], ""
        for _ in range(int(generator.integers(4, 9))):
            pool = digits if len(digits) and generator.random() < 0.5 else samples
            sample = int(generator.choice(pool))
            word = archive["word"][sample]
            height = float(archive["x_height"][word])
            parts = strokes_of(archive, sample)
            left = min(part[:, 0].min() for part in parts)
            move = np.array([-left, -archive["baseline"][word]], dtype=np.float32)
            parts = [(part + move) / height + np.float32([x, 0.0]) for part in parts]
            x = max(float(part[:, 0].max()) for part in parts) + generator.uniform(0.15, 0.4)
            strokes += parts
            label += str(archive["label"][sample])
        result.append((str(writer), label, reader.read_line(Ink.from_points(strokes)).text))
    return result
