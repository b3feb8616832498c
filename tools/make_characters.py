"""Cut pen words of other writers into characters: ``python tools/make_characters.py TARGET``.

The isolated characters are of 200 writers; the words are of 300 more. Each printed word of these is
cut in the way that the reader of lines finds best of all ways that spell its label. A character is
kept if the bundled recogniser gives its label some probability, or if it is the only one of its
word that has none: then the word is cut rightly, and the shape is one that the recogniser lacks.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from make_lines import CHUNK, INDEX, TARGET, Words, recognised

from bench.data import data_folder
from trainer.datasets.ink_archive import UNIPEN_TERMS, PenArchive, write_pen_archive
from trainer.files.paths import default_bundle
from trainer.ink.alphabet import BYCLASS
from trainer.ink.lines import TextLine, find_line, group_features
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import load_bundle
from trainer.recognition.line_model import Floats, read_line_model
from trainer.recognition.recognizer import Recognizer

MOST = 10
"""Samples of one class by one writer."""

LEAST = 0.02
"""Probability of a kept sample's label, either case; and of its case where the two differ."""

SHORTEST = 3
"""Letters of a word that vouches for one that is not recognised."""

_CASES_DIFFER = frozenset("ABDEFGHNQRTabdefghnqrt")


def spelled(line: TextLine, scores: Floats, label: str) -> list[int] | None:
    """Return the groups, one a character, that spell a label best; None if nothing does."""
    n = len(line.pieces)
    best = np.full((n + 1, len(label) + 1), -np.inf)
    came = np.full(best.shape, -1)
    best[0, 0] = 0.0
    named = scores[:, [INDEX[character] for character in label]]
    for group, (first, stop) in enumerate(line.groups.tolist()):
        score = best[first, :-1] + named[group]
        better = score > best[stop, 1:]
        best[stop, 1:][better] = score[better]
        came[stop, 1:][better] = group
    path = []
    node, length = n, len(label)
    while length and came[node, length] >= 0:
        path.append(int(came[node, length]))
        node, length = int(line.groups[path[-1], 0]), length - 1
    return path[::-1] if node == 0 and length == 0 else None


def is_plausible(probabilities: Floats, character: str) -> bool:
    """Return whether the recogniser finds the label possible."""
    names = {character, character.swapcase()} if character.isalpha() else {character}
    either = sum(float(probabilities[BYCLASS.index(name)]) for name in names)
    own = float(probabilities[BYCLASS.index(character)])
    return min(either, own if character in _CASES_DIFFER else either) >= LEAST


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("--model", type=Path, default=default_bundle())
    options = parser.parse_args()
    target = options.target
    model = read_line_model(TARGET)
    recognizer = Recognizer(load_bundle(options.model))
    with np.load(data_folder("pen") / "unipen_train.npz") as characters:
        known = set(characters["writer_names"].tolist())
    words = Words(data_folder("pen") / "words_train.npz")
    chosen = [
        index
        for index, writer in enumerate(words.writers)
        if words.printed[index] and writer not in known
    ]
    chosen = np.random.default_rng(1).permutation(chosen).tolist()
    count: Counter[tuple[str, str]] = Counter()
    inks: list[Ink] = []
    labels: list[int] = []
    writers: list[int] = []
    names = sorted({words.writers[index] for index in chosen})
    n_cut = n_doubted = n_vouched = 0
    for low in range(0, len(chosen), CHUNK):
        some = [
            index
            for index in chosen[low : low + CHUNK]
            if any(count[words.writers[index], c] < MOST for c in words.labels[index])
        ]
        if not some:
            continue
        lines = [find_line(words.strokes(index)) for index in some]
        found = recognised(lines, recognizer)
        for index, line, probabilities in zip(some, lines, found, strict=True):
            label, writer = words.labels[index], words.writers[index]
            path = spelled(line, model.scores(probabilities, group_features(line)), label)
            if path is None:
                continue
            n_cut += 1
            parts = [pair for pair in zip(label, path, strict=True) if pair[0] in BYCLASS]
            doubted = {group for c, group in parts if not is_plausible(probabilities[group], c)}
            vouches = len(doubted) == 1 and len(parts) >= SHORTEST
            for character, group in parts:
                if count[writer, character] >= MOST:
                    continue
                if group in doubted and not vouches:
                    n_doubted += 1
                    continue
                n_vouched += group in doubted
                count[writer, character] += 1
                inks.append(line.ink(group))
                labels.append(BYCLASS.index(character))
                writers.append(names.index(writer))
        print(f"{low + CHUNK} of {len(chosen)} words: {len(inks)} characters", flush=True)
    archive = PenArchive.from_inks(target.stem, BYCLASS, inks, np.array(labels))
    write_pen_archive(target, replace(archive, writers=np.array(writers), terms=UNIPEN_TERMS))
    kept = f"{len(inks)} characters kept, {n_vouched} of them for their words"
    print(f"{n_cut} words cut; {kept}; {n_doubted} doubted")


if __name__ == "__main__":
    main()
