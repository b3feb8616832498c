"""The source of the numbers of `trainer.recognition.several`: ``python -m bench.fit_several``.

Fits on the writers of training, and prints the shares on those of validation.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from bench.data import data_folder
from trainer.ink.strokes import Ink
from trainer.recognition import several

SAMPLES = 8_000
DOUBTED = 1 / 150
"""Share of single characters above the threshold, on the writers of training."""


def inks(name: str, seed: int) -> tuple[list[Ink], npt.NDArray[np.str_]]:
    """Return some inks of a pen archive, characters or words, and their labels."""
    with np.load(data_folder("pen") / f"{name}.npz", allow_pickle=False) as archive:
        points, strokes = archive["points"].astype(np.float32), archive["stroke_start"]
        samples, labels = archive["sample_start"], archive["label"].astype(str)
    chosen = np.random.default_rng(seed).permutation(len(labels))[:SAMPLES]
    made = []
    for index in chosen.tolist():
        starts = strokes[samples[index] : samples[index + 1] + 1]
        made.append(Ink.from_points([points[a:b] for a, b in pairwise(starts)]))
    return made, labels[chosen]


def scribbles(n: int, seed: int) -> list[Ink]:
    """Return doodles: one long wandering stroke."""
    generator = np.random.default_rng(seed)
    made = []
    for _ in range(n):
        angle = np.cumsum(generator.normal(0, 0.5, 400))
        made.append(
            Ink.from_points([np.cumsum(np.column_stack([np.cos(angle), np.sin(angle)]), 0)])
        )
    return made


def main() -> None:
    characters, _ = inks("unipen_train", 1)
    words, _ = inks("words_train", 1)
    one, many = (np.array([several.measures(ink) for ink in part]) for part in (characters, words))
    both = np.concatenate([one, many])
    means = both.mean(axis=0)
    fit = LogisticRegression(max_iter=1000).fit(
        both - means, np.repeat([0, 1], [len(one), len(many)])
    )
    weights = fit.coef_[0]
    bias = -float(np.quantile((one - means) @ weights, 1 - DOUBTED))
    for name, values in (("MEANS", means), ("WEIGHTS", weights)):
        print(f"{name}: Final = ({', '.join(f'{value:.3f}' for value in values)})")
    print(f"BIAS: Final = {bias:.3f}")

    def doubted(part: list[Ink]) -> npt.NDArray[np.bool_]:
        return (np.array([several.measures(ink) for ink in part]) - means) @ weights + bias > 0

    characters, letters = inks("unipen_validation", 2)
    words, labels = inks("words_validation", 2)
    of_characters, of_words = doubted(characters), doubted(words)
    length = np.char.str_len(labels)
    print(f"single characters doubted: {of_characters.mean():.2%}")
    for character in "mwMWgB8":
        print(f"  {character}: {of_characters[letters == character].mean():.2%}")
    print(f"words found: {of_words.mean():.1%}")
    for n in (2, 3, 4, 5):
        print(f"  of {n} letters: {of_words[length == n].mean():.1%}")
    print(f"scribbles found: {doubted(scribbles(500, 3)).mean():.1%}")


if __name__ == "__main__":
    main()
