"""Train the reader of the pen's way: ``python tools/make_paths.py --cache FOLDER``.

Pen words of the training writers, random codes of their characters, and words that were drawn as
pictures and traced, for the network of ``trainer/recognition/path_model.py``, with connectionist
temporal classification. The weights are averages over the last steps. Writers of the validation
archive choose nothing here; what the network reads of them by itself is on the card. After each
epoch the state is written to the folder, from which an interrupted training goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from make_lines import Words
from PIL import Image, ImageDraw, ImageFilter

from bench.data import data_folder
from trainer.evaluation.lines import random_codes, read_word_archive
from trainer.evaluation.metrics import edit_distance
from trainer.ink.lines import find_line
from trainer.ink.pen_path import N_FEATURES, PEN_UP_STEPS, STEP, pen_path
from trainer.ink.picture import picture_ink
from trainer.ink.strokes import Points
from trainer.recognition.language import CHARACTERS
from trainer.recognition.path_model import ARRAYS, STRIDE, PathModel, likeliest

TARGET = Path("resources/lines/path.npz")
INDEX = {character: index for index, character in enumerate(CHARACTERS)}
BATCH = 64
LONGEST = 1000
"""Steps of a word; longer ones are left out."""

FEWEST = 2 * STRIDE
"""Steps for each character; words with fewer, which cannot be read, are left out."""

PAIRED = 0.08
"""Share of words with another behind them, as where a narrow space was not found."""

RATE = 3e-3
WARM_UP = 400
AVERAGED = 0.998
SEED = 7
OVERSAMPLING = 3
TRACED_OF_WRITER = 60

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Word:
    features: Floats
    label: str
    printed: bool


def drawn_words(split: str) -> Iterator[tuple[list[Points], str, bool]]:
    words = Words(data_folder("pen") / f"words_{split}.npz")
    for index, label in enumerate(words.labels):
        yield words.strokes(index), label, words.printed[index]


def codes(split: str, n: int) -> Iterator[tuple[list[Points], str, bool]]:
    for code in random_codes(
        read_word_archive(data_folder("pen") / f"chars_in_words_{split}.npz"), n
    ):
        yield [stroke.points for stroke in code.ink.strokes], code.text, True


def traced_words(split: str, n: int) -> Iterator[tuple[list[Points], str, bool]]:
    """Yield the strokes that are traced in pictures of words, at most some of each writer."""
    words = Words(data_folder("pen") / f"words_{split}.npz")
    generator = np.random.default_rng(11)
    of_writer: dict[str, int] = {}
    for index in generator.permutation(len(words.labels)).tolist():
        writer = words.writers[index]
        if not n or of_writer.get(writer, 0) >= TRACED_OF_WRITER:
            continue
        strokes = words.strokes(index)
        height = generator.uniform(20, 42)
        factor = height / find_line(strokes).height
        if np.ptp(np.concatenate(strokes) * factor, axis=0).max() > 40 * height:
            continue
        ink = picture_ink(picture([part * factor for part in strokes], height, generator))
        if not ink.is_empty:
            of_writer[writer] = of_writer.get(writer, 0) + 1
            n -= 1
            label, printed = words.labels[index], words.printed[index]
            yield [stroke.points for stroke in ink.strokes], label, printed


def picture(strokes: list[Points], height: float, generator: np.random.Generator) -> Any:
    """Return a picture of a word with a pen of any width, soft edges and noise."""
    points = np.concatenate(strokes)
    low, margin = points.min(axis=0), 2 * height
    size = tuple(int(length + 2 * margin) for length in points.max(axis=0) - low)
    sheet = Image.new("L", (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING))
    pen, width = ImageDraw.Draw(sheet), generator.uniform(0.07, 0.22) * height * OVERSAMPLING
    for part in strokes:
        way = [tuple(point) for point in ((part - low + margin) * OVERSAMPLING).tolist()]
        pen.line(way, fill=255, width=max(1, round(width)), joint="curve")
        for x, y in way:
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=255)
    ink = np.asarray(sheet.resize(size, Image.Resampling.BOX)) / 255
    values = generator.uniform(200, 250) * (1 - ink) + ink * generator.uniform(15, 90)
    values += generator.normal(0, generator.uniform(1, 7), ink.shape)
    soft = ImageFilter.GaussianBlur(generator.uniform(0.3, 1.1))
    return np.asarray(Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)).filter(soft))


def prepared(name: str, words: Iterator[tuple[list[Points], str, bool]], cache: Path) -> list[Word]:
    path = cache / f"{name}.npz"
    if not path.exists():
        every = [(pen_path(find_line(strokes)).features, *rest) for strokes, *rest in words]
        features, labels, printed = zip(*every, strict=True)
        start = np.cumsum([0, *map(len, features)])
        flat = np.concatenate(features).astype(np.float16)
        np.savez(path, features=flat, start=start, label=labels, printed=printed)
        print(f"{name}: {len(labels)} words", flush=True)
    with np.load(path) as stored:
        features = np.split(stored["features"].astype(np.float32), stored["start"][1:-1])
        rest = zip(stored["label"].tolist(), stored["printed"].tolist(), strict=True)
        return [Word(each, *others) for each, others in zip(features, rest, strict=True)]


def augmented(features: Floats, generator: np.random.Generator) -> Floats:
    """Return a path wider or higher, slanted, turned and shaken a little."""
    result = features.copy()
    wide, high = np.exp(generator.normal(0, 0.12, 2))
    slant, turn = generator.normal(0, 0.15), generator.normal(0, 0.03)
    across, down = features[:, 0], features[:, 1]
    x = STEP * np.concatenate([[0.0], np.cumsum(across)[:-1]])
    result[:, 0] = across * wide + slant * down
    result[:, 1] = down * high + turn * across
    result[:, 3] = features[:, 3] * high + turn * (x - x.mean()) + generator.normal(0, 0.1)
    result[:, 4] *= wide
    result[features[:, 2] == 0, 0] *= np.exp(generator.normal(0, 0.2))
    result[:, :2] += generator.normal(0, 0.06, (len(result), 2))
    result[:, 3] += generator.normal(0, 0.02, len(result))
    return result


def pair(one: Word, other: Word, generator: np.random.Generator) -> Word:
    """Return two words, one behind the other."""
    second = other.features.copy()
    second[:PEN_UP_STEPS, 0] = generator.uniform(0.3, 1.2) / STEP / PEN_UP_STEPS
    rise = second[PEN_UP_STEPS, 3] - one.features[-1, 3]
    second[:PEN_UP_STEPS, 1] = rise / STEP / PEN_UP_STEPS
    return Word(np.concatenate([one.features, second]), one.label + other.label, one.printed)


def batch(words: list[Word]) -> tuple[Floats, Floats, Any, Any]:
    """Return padded paths, where they are none, labels and their lengths."""
    n_steps = -(-max(len(word.features) for word in words) // 16) * 16
    paths = np.zeros((len(words), n_steps, N_FEATURES), np.float32)
    mask = np.zeros((len(words), n_steps), np.float32)
    lengths = np.array([len(word.label) for word in words], np.int32)
    labels = np.zeros((len(words), int(lengths.max())), np.int32)
    for row, word in enumerate(words):
        paths[row, : len(word.features)] = word.features
        mask[row, : len(word.features)] = 1.0
        labels[row, : len(word.label)] = [INDEX[character] for character in word.label]
    return paths, mask, labels, lengths


def network(n_units: int) -> keras.Model:
    layers = keras.layers
    paths, mask = keras.Input((None, N_FEATURES)), keras.Input((None,))
    values, shown = paths, keras.ops.expand_dims(mask, -1)
    for number, (n, width, stride) in enumerate(((48, 5, 1), (80, 5, 2), (112, 3, 2)), start=1):
        convolution = layers.Conv1D(
            n, width, stride, padding="same", activation="relu", name=f"conv{number}"
        )
        shown = shown[:, ::stride]
        values = convolution(values) * shown
    is_step = keras.ops.squeeze(shown, -1) > 0
    values = layers.Dropout(0.15)(values)
    for number in (1, 2):
        units = layers.GRU(n_units, return_sequences=True)
        values = layers.Bidirectional(units, name=f"gru{number}")(values, mask=is_step)
        values = layers.Dropout(0.3)(values)
    return keras.Model(
        [paths, mask], [layers.Dense(len(CHARACTERS) + 1, name="out")(values), shown]
    )


class Training:
    """The network, its optimiser and the average of its weights."""

    def __init__(self, n_units: int) -> None:
        keras.utils.set_random_seed(SEED)
        self.model = network(n_units)
        self.variables = self.model.trainable_variables
        self.optimizer = keras.optimizers.AdamW(RATE, weight_decay=1e-3, clipnorm=1.0)
        self.optimizer.build(self.variables)
        self.averages = [tf.Variable(variable) for variable in self.variables]
        shapes = ([None, None, N_FEATURES], [None, None], [None, None], [None], [])
        kinds = (tf.float32, tf.float32, tf.int32, tf.int32, tf.float32)
        signature = [tf.TensorSpec(*each) for each in zip(shapes, kinds, strict=True)]
        self.step = tf.function(self._step, input_signature=signature)
        self.checkpoint = tf.train.Checkpoint(
            model=self.model, optimizer=self.optimizer, averages=self.averages
        )

    def _step(self, paths: Any, mask: Any, labels: Any, lengths: Any, kept: Any) -> Any:
        with tf.GradientTape() as tape:
            scores, shown = self.model([paths, mask], training=True)
            n_outputs = tf.cast(tf.reduce_sum(shown[:, :, 0], 1), tf.int32)
            places = tf.where(tf.sequence_mask(lengths))
            shape = tf.cast(tf.shape(labels), tf.int64)
            sparse = tf.SparseTensor(places, tf.gather_nd(labels, places), shape)
            scores = tf.transpose(scores, [1, 0, 2])
            losses = tf.nn.ctc_loss(sparse, scores, None, n_outputs, blank_index=-1)
            loss = tf.reduce_mean(losses / tf.cast(lengths, tf.float32))
        gradients = tape.gradient(loss, self.variables)
        self.optimizer.apply_gradients(zip(gradients, self.variables, strict=True))
        for average, variable in zip(self.averages, self.variables, strict=True):
            average.assign_add((1 - kept) * (variable - average))
        return loss

    def exported(self) -> PathModel:
        """Return the averaged network, with the precision in which it is shipped."""
        layers = {layer.name: layer for layer in self.model.layers}
        average = dict(zip([v.path for v in self.variables], self.averages, strict=True))
        arrays = {}
        for name in ARRAYS:
            layer, *way, variable = name.split(".")
            owner = layers[layer]
            if way:
                owner = getattr(owner, f"{way[0]}_layer").cell
            path = getattr(owner, variable).path
            arrays[name] = average[path].numpy().astype(np.float16).astype(np.float32)
        return PathModel(arrays)


def character_errors(model: PathModel, words: list[Word]) -> dict[str, float]:
    """Return character error rates of what the network reads alone, case ignored."""
    texts = [likeliest(model.log_probabilities(word.features))[1] for word in words]
    result = {}
    for name, kinds in (("printed", (True,)), ("joined", (False,)), ("all", (True, False))):
        pairs = [
            (word.label.lower(), text.lower())
            for word, text in zip(words, texts, strict=True)
            if word.printed in kinds
        ]
        if pairs:
            errors = sum(edit_distance(*each) for each in pairs)
            result[name] = round(errors / sum(len(label) for label, _ in pairs), 4)
    return result


def train(
    words: list[Word], validation: dict[str, list[Word]], epochs: int, n_units: int, cache: Path
) -> tuple[PathModel, dict[str, dict[str, float]]]:
    training = Training(n_units)
    progress, state = cache / "progress.json", str(cache / "state")
    first = 0
    if progress.exists():
        training.checkpoint.read(state).expect_partial()
        first = json.loads(progress.read_text("utf-8"))["epochs"]
    lengths = np.array([len(word.features) for word in words])
    n_batches = len(words) // BATCH
    figures: dict[str, dict[str, float]] = {}
    for epoch in range(first, epochs):
        began, losses = time.monotonic(), []
        generator = np.random.default_rng([SEED, epoch])
        # Words of one length together need less padding.
        order = np.argsort(lengths * np.exp(generator.normal(0, 0.1, len(words))))
        for number, place in enumerate(generator.permutation(n_batches).tolist()):
            step = epoch * n_batches + number + 1
            some = [words[index] for index in order[place * BATCH : (place + 1) * BATCH]]
            for row in np.flatnonzero(generator.random(BATCH) < PAIRED).tolist():
                some[row] = pair(some[row], some[int(generator.integers(BATCH))], generator)
            some = [Word(augmented(w.features, generator), w.label, w.printed) for w in some]
            turn = np.cos(np.pi * step / (epochs * n_batches + 1))
            training.optimizer.learning_rate.assign(
                RATE * min(1.0, step / WARM_UP) * 0.5 * (1.0 + turn)
            )
            kept = np.float32(min(AVERAGED, 1.0 - 1.0 / step))
            losses.append(float(training.step(*batch(some), kept)))
        training.checkpoint.write(state)
        progress.write_text(json.dumps({"epochs": epoch + 1}), "utf-8")
        model = training.exported()
        figures = {name: character_errors(model, some) for name, some in validation.items()}
        seconds = time.monotonic() - began
        print(
            f"epoch {epoch + 1}: {seconds:.0f} s, loss {np.mean(losses):.3f}", figures, flush=True
        )
    return training.exported(), figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True, help="folder")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--units", type=int, default=128, help="of each recurrent layer and way")
    parser.add_argument("--codes", type=int, default=10_000)
    parser.add_argument("--traced", type=int, default=16_000)
    parser.add_argument("--threads", type=int, default=0, help="0: one for each core")
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    options.cache.mkdir(parents=True, exist_ok=True)
    words: list[Word] = []
    for name, those in (
        ("words", drawn_words("train")),
        ("codes", codes("train", options.codes)),
        ("traced", traced_words("train", options.traced)),
    ):
        words += prepared(name, those, options.cache)
    words = [w for w in words if FEWEST * len(w.label) <= len(w.features) < LONGEST]
    validation = {
        "drawn": prepared("validation-drawn", drawn_words("validation"), options.cache)[::5],
        "traced": prepared("validation-traced", traced_words("validation", 600), options.cache),
        "codes": prepared("validation-codes", codes("validation", 200), options.cache),
    }
    print(f"{len(words)} words to learn", flush=True)
    model, figures = train(words, validation, options.epochs, options.units, options.cache)
    options.target.parent.mkdir(parents=True, exist_ok=True)
    with options.target.open("wb") as stream:
        arrays = {name: array.astype(np.float16) for name, array in model.arrays.items()}
        np.savez_compressed(stream, **arrays)
    card = {
        "name": "Reader of the pen's way",
        "command": f"python tools/make_paths.py --epochs {options.epochs} "
        f"--units {options.units} --codes {options.codes} --traced {options.traced}",
        "seed": SEED,
        "data": "words_train.npz and chars_in_words_train.npz "
        "(UNIPEN train_r01_v07, CC BY 4.0, doi 10.5281/zenodo.1195803)",
        "words": len(words),
        "validation": {"read alone, without language, case ignored": figures},
        "parameters": sum(array.size for array in model.arrays.values()),
        "bytes": options.target.stat().st_size,
    }
    options.target.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    print(json.dumps(card, indent=1))


if __name__ == "__main__":
    main()
