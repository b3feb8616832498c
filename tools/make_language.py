"""Make the table of letters of English and German: ``python tools/make_language.py``.

Needs the package wordfreq (``pip install wordfreq``), which is no dependency of the program. Its
word lists are licensed under CC BY-SA 4.0, and so is the table.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from trainer.recognition.language import BITS, ORDER, STEP, SYMBOLS

TARGET = Path("resources/lines/language.npz")
WORDS = {"en": 120_000, "de": 180_000}
POWER = 0.5
"""Of a word's frequency: rare words count for more than in a text."""

KEPT = {"en": 185_000, "de": 225_000}
"""N-grams of each language: those that tell most beyond the shorter ones."""


def words(language: str) -> dict[str, float]:
    from wordfreq import get_frequency_dict

    counts: dict[str, float] = defaultdict(float)
    frequencies = list(get_frequency_dict(language, "large").items())[: WORDS[language]]
    rarest = frequencies[-1][1]
    for word, frequency in frequencies:
        weight = (frequency / rarest) ** POWER
        for spelled in {word, _spelled_out(word)}:
            plain = spelled.translate(str.maketrans("äöüéèêàáçñîôû", "aoueeeaacniou"))
            if plain and set(plain) <= set(SYMBOLS[1:]):
                counts[plain] += weight
    return counts


def _spelled_out(word: str) -> str:
    return word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")


def counted(counts: dict[str, float], n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the keys of all n-grams, and how much they occur."""
    texts = ["^" + word + "^" for word in counts]
    place = np.full(128, 0, dtype=np.uint32)
    place[[ord(symbol) for symbol in SYMBOLS]] = np.arange(len(SYMBOLS))
    flat = place[np.frombuffer("".join(texts).encode(), dtype=np.uint8)]
    word = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    last = len(flat) - n + 1
    keys = np.zeros(last, dtype=np.uint32)
    for step in range(n):
        keys = (keys << BITS) | flat[step : step + last]
    inside = word[:last] == word[n - 1 :]
    if n == 1:
        inside[1:] &= word[1:] == word[:-1]  # nothing chose the beginning
        inside[0] = False
    unique, index = np.unique(keys[inside], return_inverse=True)
    return unique, np.bincount(index, np.array(list(counts.values()))[word[:last][inside]])


class Kept:
    """The n-grams that are kept, with their probabilities; others back off to shorter ones."""

    def __init__(self) -> None:
        self.keys: list[np.ndarray] = [np.zeros(0, np.uint32)] * (ORDER + 1)
        self.values: list[np.ndarray] = [np.zeros(0)] * (ORDER + 1)
        self.backoff: list[dict[int, float]] = [{} for _ in range(ORDER + 1)]

    def probability(self, keys: np.ndarray, n: int) -> np.ndarray:
        place = np.minimum(np.searchsorted(self.keys[n], keys), len(self.keys[n]) - 1)
        found = self.keys[n][place] == keys
        result = np.where(found, self.values[n][place], 1e-6)
        if n > 1 and not found.all():
            missing = keys[~found]
            shares = [self.backoff[n - 1].get(key, 1.0) for key in (missing >> BITS).tolist()]
            result[~found] = np.array(shares) * self.probability(missing & _mask(n - 1), n - 1)
        return result


def _mask(n: int) -> np.uint32:
    return np.uint32((1 << (BITS * n)) - 1)


def table(counts: dict[str, float], most: int) -> dict[str, np.ndarray]:
    keys, number, full, gain = {}, {}, {}, {}
    for n in range(1, ORDER + 1):
        keys[n], number[n] = counted(counts, n)
        if n == 1:
            full[1] = number[1] / number[1].sum()
            continue
        _, index = np.unique(keys[n] >> BITS, return_inverse=True)
        mass, types = np.bincount(index, number[n])[index], np.bincount(index)[index]
        below = full[n - 1][np.searchsorted(keys[n - 1], keys[n] & _mask(n - 1))]
        full[n] = (number[n] + types * below) / (mass + types)  # Witten and Bell 1991
        gain[n] = number[n] * np.log(full[n] / below)
    least = np.sort(np.concatenate(list(gain.values())))[-most]
    kept = Kept()
    kept.keys[1], kept.values[1] = keys[1], full[1]
    for n in range(2, ORDER + 1):
        use = gain[n] >= least
        kept.keys[n], kept.values[n] = keys[n][use], full[n][use]
        contexts, index = np.unique(kept.keys[n] >> BITS, return_inverse=True)
        left = 1.0 - np.bincount(index, kept.values[n])
        shorter = kept.probability(kept.keys[n] & _mask(n - 1), n - 1)
        below = 1.0 - np.bincount(index, shorter)
        shares = np.maximum(left, 1e-4) / np.maximum(below, 1e-4)
        kept.backoff[n - 1] = dict(zip(contexts.tolist(), shares.tolist(), strict=True))
    arrays = {}
    for n in range(1, ORDER + 1):
        # A context without an n-gram of its own still needs its backoff.
        contexts = np.array(list(kept.backoff[n]), dtype=np.uint32)
        all_keys = np.union1d(kept.keys[n], contexts)
        backoff = [kept.backoff[n].get(key, 1.0) for key in all_keys.tolist()]
        arrays[f"{n}_keys"] = np.diff(all_keys, prepend=np.uint32(0))
        arrays[f"{n}_probability"] = _bytes(kept.probability(all_keys, n))
        arrays[f"{n}_backoff"] = _bytes(np.minimum(backoff, 1.0))
    return arrays


def _bytes(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(-np.log(values) / STEP), 0, 255).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, default=TARGET)
    target = parser.parse_args().target
    arrays = {}
    for language in ("en", "de"):
        made = table(words(language), KEPT[language])
        arrays |= {language + name: array for name, array in made.items()}
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as stream:
        np.savez_compressed(stream, **arrays)
    card = {
        "name": "Letters of English and German words",
        "command": "python tools/make_language.py",
        "order": ORDER,
        "words": WORDS,
        "n_grams": KEPT,
        "data": "wordfreq 3.1 (Robyn Speer, 2022, doi 10.5281/zenodo.7199437), large lists",
        "licence": "CC BY-SA 4.0, as wordfreq's data: Wikipedia, SUBTLEX (Brysbaert et al.), "
        "OpenSubtitles and others; see its NOTICE",
        "bytes": target.stat().st_size,
    }
    target.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
