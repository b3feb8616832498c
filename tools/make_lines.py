"""Train the reader of lines on pen words: ``python tools/make_lines.py``.

Recognises every group of pieces of some words of each writer (kept in the folder ``--cache``), then
trains the network of ``trainer/recognition/line_model.py``: of all ways to cut a word and to name
the pieces, the written word is to have the highest sum of scores. Writers of the validation archive
choose nothing but the epoch.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from bench.data import data_folder
from trainer.evaluation.metrics import edit_distance
from trainer.files.paths import default_bundle
from trainer.ink.alphabet import BYCLASS
from trainer.ink.lines import FEATURES, MOST_PIECES, TextLine, find_line, group_features
from trainer.recognition.bundle import load_bundle
from trainer.recognition.language import CHARACTERS
from trainer.recognition.line_model import N_INPUTS, LineModel, by_class, network_inputs
from trainer.recognition.recognizer import Recognizer

TARGET = Path("resources/lines/characters.npz")
INDEX = {character: index for index, character in enumerate(CHARACTERS)}
BATCH = 48
CHUNK = 40
"""Words recognised at once."""


@dataclass(frozen=True)
class Word:
    """A word with all that the network is shown."""

    label: str
    writer: str
    printed: bool
    n_pieces: int
    groups: np.ndarray
    inputs: np.ndarray


class Words:
    """An archive of pen words."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as archive:
            self.arrays = {name: archive[name] for name in archive.files}
        self.labels = self.arrays["label"].tolist()
        self.printed = self.arrays["printed"].tolist()
        self.writers = self.arrays["writer_names"][self.arrays["writer"]].tolist()

    def strokes(self, index: int) -> list[np.ndarray]:
        first, stop = self.arrays["sample_start"][index : index + 2].tolist()
        starts = self.arrays["stroke_start"][first : stop + 1]
        points = self.arrays["points"][starts[0] : starts[-1]].astype(np.float32)
        return np.split(points, starts[1:-1] - starts[0])

    def chosen(self, printed: int, joined: int, seen: set[str]) -> list[int]:
        """Return some words of each writer, those of writers that are not `seen` first."""
        generator = np.random.default_rng(1)
        of_writer: dict[tuple[str, bool], list[int]] = {}
        for index in generator.permutation(len(self.labels)).tolist():
            of_writer.setdefault((self.writers[index], self.printed[index]), []).append(index)
        result: list[int] = []
        for turn in range(max(printed, joined)):
            some = [
                indices[turn]
                for (_, is_printed), indices in of_writer.items()
                if turn < min(printed if is_printed else joined, len(indices))
            ]
            generator.shuffle(some)
            result += sorted(some, key=lambda index: self.writers[index] in seen)
        return result


def recognised(lines: list[TextLine], recognizer: Recognizer) -> list[np.ndarray]:
    inks = [line.ink(group) for line in lines for group in range(len(line.groups))]
    found = by_class(recognizer.ink_probabilities(inks), recognizer.bundle.alphabet)
    return np.split(found, np.cumsum([len(line.groups) for line in lines])[:-1])


def prepared(words: Words, indices: list[int], cache: Path, recognizer: Recognizer) -> list[Word]:
    cache.mkdir(parents=True, exist_ok=True)
    result = []
    for low in range(0, len(indices), CHUNK):
        some = indices[low : low + CHUNK]
        lines = [find_line(words.strokes(index)) for index in some]
        path = cache / f"{low:06d}.npz"
        counts = [len(line.groups) for line in lines]
        if path.exists():
            stored = np.load(path)
            if stored["counts"].tolist() != counts or stored["words"].tolist() != some:
                raise SystemExit(f"{cache} is of other words or another segmentation: delete it.")
            flat = stored["found"].astype(np.float32)
        else:
            flat = np.concatenate(recognised(lines, recognizer))
            np.savez(path, counts=counts, words=some, found=flat.astype(np.float16))
            print(f"{cache.name}: {low + len(some)} of {len(indices)} words", flush=True)
        found = np.split(flat, np.cumsum(counts)[:-1])
        result += [
            Word(
                words.labels[index],
                words.writers[index],
                words.printed[index],
                len(line.pieces),
                line.groups,
                network_inputs(probabilities, group_features(line)),
            )
            for index, line, probabilities in zip(some, lines, found, strict=True)
        ]
    return result


class Lattices:
    """The groups of several words, padded, for sums over all ways to cut them."""

    def __init__(self, words: list[Word]) -> None:
        n = len(words)
        self.nodes = np.array([word.n_pieces for word in words])
        self.length = np.array([len(word.label) for word in words])
        self.labels = np.zeros((n, int(self.length.max())), dtype=np.int64)
        self.index = np.full((n, int(self.nodes.max()) + 1, MOST_PIECES + 1), -1, dtype=np.int64)
        offset = 0
        for row, word in enumerate(words):
            self.labels[row, : len(word.label)] = [INDEX[c] for c in word.label]
            first, stop = word.groups.T
            self.index[row, first, stop - first] = offset + np.arange(len(first))
            offset += len(first)
        self.n_groups = offset

    def loss(self, scores: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the mean loss of the words that can be cut, and its gradient by the scores."""
        n, most = len(self.nodes), self.index.shape[1]
        rows = np.arange(n)
        peak = scores.max(axis=1, keepdims=True)
        shares = np.exp(scores - peak)
        totals = shares.sum(axis=1, keepdims=True)
        shares /= totals
        z = np.append(peak[:, 0] + np.log(totals[:, 0]), -np.inf)
        padded = np.vstack([scores, np.full(scores.shape[1], -np.inf)])
        of_label = padded[self.index[..., None], self.labels[:, None, None, :]]  # n, node, len, k
        z = z[self.index]
        width = self.labels.shape[1]
        every = np.full((n, most), -np.inf)
        right = np.full((n, most, width + 1), -np.inf)
        every[:, 0] = 0.0
        right[:, 0, 0] = 0.0
        with np.errstate(invalid="ignore", divide="ignore"):
            for node in range(most):
                for step in range(1, min(MOST_PIECES, most - 1 - node) + 1):
                    there = node + step
                    every[:, there] = np.logaddexp(
                        every[:, there], every[:, node] + z[:, node, step]
                    )
                    right[:, there, 1:] = np.logaddexp(
                        right[:, there, 1:], right[:, node, :-1] + of_label[:, node, step]
                    )
            total, of_word = every[rows, self.nodes], right[rows, self.nodes, self.length]
            usable = np.isfinite(of_word) & np.isfinite(total)
            every_back = np.full((n, most), -np.inf)
            right_back = np.full((n, most, width + 1), -np.inf)
            every_back[rows, self.nodes] = 0.0
            right_back[rows, self.nodes, self.length] = 0.0
            for node in range(most - 1, -1, -1):
                for step in range(1, min(MOST_PIECES, most - 1 - node) + 1):
                    there = node + step
                    every_back[:, node] = np.logaddexp(
                        every_back[:, node], every_back[:, there] + z[:, node, step]
                    )
                    right_back[:, node, :-1] = np.logaddexp(
                        right_back[:, node, :-1], right_back[:, there, 1:] + of_label[:, node, step]
                    )
            gradient = np.zeros_like(scores)
            for step in range(1, MOST_PIECES + 1):
                for node in range(most - step):
                    index = self.index[:, node, step]
                    use = np.flatnonzero((index >= 0) & usable)
                    if not len(use):
                        continue
                    there = node + step
                    all_ways = np.exp(
                        every[use, node] + z[use, node, step] + every_back[use, there] - total[use]
                    )
                    right_ways = np.exp(
                        right[use, node, :-1]
                        + of_label[use, node, step]
                        + right_back[use, there, 1:]
                        - of_word[use, None]
                    )
                    gradient[index[use]] += all_ways[:, None] * shares[index[use]]
                    at = np.repeat(index[use], width), self.labels[use].ravel()
                    np.subtract.at(gradient, at, right_ways.ravel())
        loss = float((total[usable] - of_word[usable]).sum())
        return loss / max(1, int(usable.sum())), gradient / max(1, int(usable.sum()))


def best_text(word: Word, scores: np.ndarray) -> str:
    """Return the text with the highest sum of scores, without a language."""
    best = scores.max(axis=1)
    names = scores.argmax(axis=1)
    reached: list[tuple[float, str]] = [(-np.inf, "")] * (word.n_pieces + 1)
    reached[0] = (0.0, "")
    for group, (first, stop) in enumerate(word.groups.tolist()):
        score = reached[first][0] + float(best[group])
        if score > reached[stop][0]:
            reached[stop] = (score, reached[first][1] + CHARACTERS[names[group]])
    return reached[-1][1]


def train(  # noqa: PLR0915 - one loop
    words: list[Word], validation: list[Word], n_hidden: int, epochs: int, rate: float
) -> tuple[LineModel, dict[str, float]]:
    generator = np.random.default_rng(7)
    counts = np.bincount(
        [INDEX[c] for word in words for c in word.label], minlength=len(CHARACTERS)
    )
    every = np.concatenate([word.inputs for word in words])
    mean, deviation = every.mean(axis=0), every.std(axis=0) + 1e-3
    del every
    n_direct = len(BYCLASS)
    weights = {
        "direct": np.ones(n_direct) * 0.7,
        "hidden": generator.normal(0, N_INPUTS**-0.5, (N_INPUTS, n_hidden)),
        "hidden_bias": np.zeros(n_hidden),
        "output": generator.normal(0, 0.3 * n_hidden**-0.5, (n_hidden, len(CHARACTERS))),
        "output_bias": np.zeros(len(CHARACTERS)),
    }
    weights = {name: value.astype(np.float32) for name, value in weights.items()}
    first = {name: np.zeros_like(value) for name, value in weights.items()}
    second = {name: np.zeros_like(value) for name, value in weights.items()}
    average = {name: value.copy() for name, value in weights.items()}
    usable = [word for word in words if len(word.label) <= word.n_pieces]
    n_steps = epochs * -(-len(usable) // BATCH)
    step = 0
    best: tuple[float, LineModel | None, dict[str, float]] = (np.inf, None, {})
    for epoch in range(epochs):
        losses = []
        # Words of one length together need less padding.
        keys = [word.n_pieces + generator.uniform(0, 6) for word in usable]
        order = np.argsort(keys)
        batches = np.split(order, range(BATCH, len(order), BATCH))
        for number in generator.permutation(len(batches)).tolist():
            some = [usable[index] for index in batches[number].tolist()]
            lattices = Lattices(some)
            raw = np.concatenate([word.inputs for word in some])
            inputs = (raw - mean) / deviation
            inputs[:, n_direct:] += generator.normal(0, 0.1, (len(inputs), N_INPUTS - n_direct))
            hidden = np.maximum(inputs @ weights["hidden"] + weights["hidden_bias"], 0.0)
            kept = (generator.random(hidden.shape) > 0.15) / 0.85
            hidden *= kept
            scores = hidden @ weights["output"] + weights["output_bias"]
            scores[:, :n_direct] += raw[:, :n_direct] * weights["direct"]
            loss, gradient = lattices.loss(scores.astype(np.float64))
            losses.append(loss)
            gradient = gradient.astype(np.float32)
            back = (gradient @ weights["output"].T) * (hidden > 0) * kept
            gradients = {
                "direct": (gradient[:, :n_direct] * raw[:, :n_direct]).sum(axis=0),
                "hidden": inputs.T @ back,
                "hidden_bias": back.sum(axis=0),
                "output": hidden.T @ gradient,
                "output_bias": gradient.sum(axis=0),
            }
            step += 1
            pace = rate * 0.5 * (1 + np.cos(np.pi * step / n_steps)) * min(1.0, step / 50)
            for name, value in gradients.items():  # Adam, with decoupled decay
                first[name] += 0.1 * (value - first[name])
                second[name] += 0.01 * (value * value - second[name])
                change = first[name] / (1 - 0.9**step)
                change = change / (np.sqrt(second[name] / (1 - 0.99**step)) + 1e-8)
                decay = 1e-2 if name in ("hidden", "output") else 0.0
                weights[name] -= (pace * (change + decay * weights[name])).astype(np.float32)
                average[name] += min(0.02, 1 / step) * (weights[name] - average[name])
        if epoch % 4 == 3 or epoch == epochs - 1:
            scale = average["hidden"] / deviation[:, None]
            model = LineModel(
                average["direct"].copy(),
                scale.astype(np.float32),
                (average["hidden_bias"] - mean @ scale).astype(np.float32),
                average["output"].copy(),
                average["output_bias"].copy(),
                np.log((counts + 5) / (counts + 5).sum()).astype(np.float32),
            )
            figures = measured(model, validation)
            print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}", figures, flush=True)
            if figures["all: CER, case ignored"] < best[0]:
                best = figures["all: CER, case ignored"], model, figures
    assert best[1] is not None
    return best[1], best[2]


def scored(model: LineModel, word: Word) -> np.ndarray:
    hidden = np.maximum(word.inputs @ model.hidden + model.hidden_bias, 0.0)
    scores = hidden @ model.output + model.output_bias
    scores[:, : len(BYCLASS)] += word.inputs[:, : len(BYCLASS)] * model.direct
    return scores


def measured(model: LineModel, words: list[Word]) -> dict[str, float]:
    figures = {}
    texts = [best_text(word, scored(model, word)) for word in words]
    for name, chosen in (("printed", True), ("joined", False), ("all", None)):
        pairs = [
            (word.label, text)
            for word, text in zip(words, texts, strict=True)
            if chosen in (None, word.printed)
        ]
        n = sum(len(label) for label, _ in pairs)
        for case, ignored in (("with case", False), ("case ignored", True)):
            shown = str.lower if ignored else str
            errors = sum(edit_distance(shown(a), shown(b)) for a, b in pairs)
            figures[f"{name}: CER, {case}"] = round(errors / max(1, n), 4)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--printed", type=int, default=8, help="words of each writer")
    parser.add_argument("--joined", type=int, default=4, help="cursive words of each writer")
    parser.add_argument("--most", type=int, default=100_000, help="training words in all")
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--epochs", type=int, default=32)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--cache", type=Path, required=True, help="folder")
    parser.add_argument("--model", type=Path, default=default_bundle())
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args()
    recognizer = Recognizer(load_bundle(options.model))
    with np.load(data_folder("pen") / "unipen_train.npz") as characters:
        seen = set(characters["writer_names"].tolist())
    sets = []
    for split, printed, joined in (
        ("validation", 14, 6),
        ("train", options.printed, options.joined),
    ):
        archive = Words(data_folder("pen") / f"words_{split}.npz")
        indices = archive.chosen(printed, joined, seen)
        if split == "train":
            indices = indices[: options.most]
        sets.append(prepared(archive, indices, options.cache / split, recognizer))
    validation, words = sets
    model, figures = train(words, validation, options.hidden, options.epochs, options.rate)
    options.target.parent.mkdir(parents=True, exist_ok=True)
    arrays = {name: getattr(model, name).astype(np.float16) for name in model.__dataclass_fields__}
    with options.target.open("wb") as stream:
        np.savez_compressed(stream, **arrays)
    card = {
        "name": "Reader of lines",
        "command": f"python tools/make_lines.py --printed {options.printed} "
        f"--joined {options.joined} --most {options.most} --hidden {options.hidden} "
        f"--epochs {options.epochs} --rate {options.rate}",
        "recogniser": recognizer.bundle.card["model"]["sha256"],
        "features": FEATURES,
        "data": "words_train.npz (UNIPEN train_r01_v07, CC BY 4.0, doi 10.5281/zenodo.1195803)",
        "words": len(words),
        "validation": {"words": len(validation), "without language": figures},
        "bytes": options.target.stat().st_size,
    }
    options.target.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    print(json.dumps(card, indent=1))


if __name__ == "__main__":
    main()
