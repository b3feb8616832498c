"""Makes the script of every preset, runs it, and compares it with the run: a child of a test.

Called with an empty folder, which it works in; prints one JSON object.
"""

from __future__ import annotations

import contextlib
import gc
import gzip
import io
import json
import os
import struct
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from trainer.augmentation.images import ImageAugmentation, augmented_images
from trainer.config.training_config import TrainingConfig
from trainer.datasets.store import DatasetWriter
from trainer.exporting.script.script import make_script
from trainer.exporting.script.script_data import write_script_data
from trainer.ink.alphabet import BYCLASS
from trainer.models.classical import build_classical
from trainer.models.presets import PRESETS, PresetKind, preset
from trainer.recognition.classical_model import flattened
from trainer.training.data import load_training_data

ALPHABET = ("A", "B", "C")
AMOUNTS = (0.3, -0.6, 0.9, 0.5, -0.8)

REALLY_SAVED = ("mlp-tiny", "pen")
"""Presets whose scripts keep the best weights, or those of an average, in files."""

BUSY = {
    "preset": "mlp-tiny",
    "data": "letters",
    "extra": ["bars"],
    "extra_share": 0.3,
    "balance": 0.5,
    "limit": 100,
    "optimizer": "sgd-momentum",
    "schedule": "plateau",
    "early_stopping": 2,
    "average_epochs": 1.0,
    "label_smoothing": 0.1,
    "clip_norm": 1.0,
    "l2": 0.01,
    "image_augmentation": {"noise": 0.1},
    "class_weights": 0.5,
    "erasing": 0.2,
    "mixing": "mixup",
}
"""A run with nearly everything."""


def bars(n: int, n_classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return noisy images of bars at as many heights as there are classes, and their labels."""
    generator = np.random.default_rng(1)
    labels = np.arange(n) % n_classes
    images = generator.integers(0, 60, (n, 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels.tolist(), strict=True):
        image[(4 + 8 * label) % 24 : (4 + 8 * label) % 24 + 4, label // 3 :] = 250
    return images, labels


def write_data(profile: Path) -> None:
    """Write two datasets, one of them with writers, and a folder like MNIST's."""
    images, labels = bars(30, 3)
    datasets = profile / "datasets"
    with DatasetWriter(datasets / "bars", title="Bars", alphabet=ALPHABET) as writer:
        writer.append("train", images, labels)
    with DatasetWriter(datasets / "letters", title="Letters", alphabet=BYCLASS) as writer:
        writer.append("train", *bars(186, 62), writers=np.arange(186) // 3 % 9)
    folder = Path("idx")
    folder.mkdir()
    for name, values in (("images-idx3", images), ("labels-idx1", labels.astype(np.uint8))):
        header = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
        (folder / f"train-{name}-ubyte.gz").write_bytes(gzip.compress(header + values.tobytes()))


BUILT: list[Any] = []
"""The networks whose layers were read off."""


def keep_networks() -> None:
    """Keep what is built for a script: building it again would double the time."""
    from trainer.exporting.script import network_cells

    build = network_cells.network_for

    def built(*arguments: Any) -> Any:
        BUILT[:] = [build(*arguments)]
        return BUILT[0]

    network_cells.network_for = built


@contextlib.contextmanager
def checkpoints_in_memory() -> Iterator[None]:
    """Keep the best weights in memory: writing and reading them takes a third of the time."""
    from trainer.light_keras import keras

    kept: dict[str, Any] = {}

    def save(network: Any, path: str, **_: Any) -> None:
        kept[path] = network.get_weights()

    def load(network: Any, path: str) -> None:
        network.set_weights(kept[path])

    with mock.patch.multiple(keras.Model, save=save, save_weights=save, load_weights=load):
        yield


def draw_no_more() -> None:
    """Leave the writing of pictures out: it takes as long as the rest."""
    import matplotlib.pyplot as plt

    plt.close("all")
    plt.Figure.savefig = lambda *_, **__: None  # type: ignore[method-assign]
    plt.savefig = lambda *_, **__: None  # it draws, too


def ran(config: TrainingConfig) -> dict[str, Any]:
    """Run the script of a run; return what it has printed and how it compares."""
    made = make_script(config)
    write_script_data(config, made.data, Path(), lambda _: None)
    printed = io.StringIO()
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(printed):
        exec(compile(made.script, config.preset, "exec"), names)
    data = load_training_data(config)
    facts = {
        "picture": Path("confusion.png").is_file(),
        "lines": len(made.script.splitlines()),
        "widest": max(map(len, made.script.splitlines())),
        "script": made.script,
        "printed": printed.getvalue().splitlines()[-1],
        "same data": "copies" in made.script.lower() or same_data(names, data),
    }
    is_network = preset(config.preset).kind is PresetKind.NETWORK
    return facts | (same_network(config, names) if is_network else same_model(config, names, data))


def same_data(names: dict[str, Any], data: Any) -> bool:
    """Return whether the script trains on, and chooses by, what the run does."""
    return bool(
        np.array_equal(names["x_train"], data.images())
        and np.array_equal(names["y_train"], data.labels)
        and np.array_equal(names["x_val"], data.validation.images)
        and np.array_equal(names["y_val"], data.validation.labels)
    )


def same_network(config: TrainingConfig, names: dict[str, Any]) -> dict[str, bool]:
    """Return whether the network and the optimiser are those of the run."""
    from trainer.light_keras import keras
    from trainer.training.optimizer import make_optimizer

    images, model, network = names["x_val"][:2, ..., None], names["model"], BUILT[-1]
    network.set_weights(model.get_weights())
    optimizer = make_optimizer(replace(config), names["steps"])
    ours, theirs = (
        {k: v for k, v in each.get_config().items() if k not in ("learning_rate", "name")}
        for each in (optimizer, model.optimizer)
    )
    rates = [
        float(rate(7) if callable(rate) else rate)
        for rate in (optimizer._learning_rate, model.optimizer._learning_rate)
    ]
    outputs = [np.asarray(each.predict_on_batch(images)) for each in (network, model)]
    losses = [
        sum(float(keras.ops.convert_to_numpy(loss)) for loss in each.losses)
        for each in (network, model)
    ]
    return {
        "same network": bool(np.allclose(*outputs, atol=1e-4) and np.allclose(*losses)),
        "same optimizer": ours == theirs and (rates[0] == rates[1] or config.schedule == "plateau"),
    }


def same_model(config: TrainingConfig, names: dict[str, Any], data: Any) -> dict[str, bool]:
    """Return whether a classic model answers as that of the run."""
    options = preset(config.preset).option_values(config.preset_options)
    model = build_classical(config.preset, options, len(data.alphabet), config.seed)
    for _ in model.fit(flattened(names["x_train"]), names["y_train"]):
        pass
    answers = model.probabilities(flattened(data.validation.images)).argmax(axis=1)
    return {"same answers": bool(np.array_equal(answers, names["predicted"]))}


class Constant:
    """A generator whose numbers are known."""

    def uniform(self, low: float, high: float, shape: tuple[int, ...]) -> np.ndarray:
        """Return `AMOUNTS` in our order: x before y."""
        angle, slant, size, y, x = AMOUNTS
        return np.tile([angle, slant, size, x, y], (shape[0], 1))

    def standard_normal(self, shape: tuple[int, ...], dtype: type) -> np.ndarray:
        """Return waves."""
        return wave(shape)


def wave(shape: tuple[int, ...]) -> np.ndarray:
    """Return numbers between -2 and 2."""
    return 2 * np.sin(np.arange(np.prod(shape)).reshape(shape)).astype(np.float32)


def largest_difference() -> float:
    """Return by how much an augmented pixel of a script differs from ours."""
    import tensorflow as tf

    settings = ImageAugmentation()
    config = TrainingConfig.from_record(
        {"preset": "mlp-tiny", "data": "bars", "image_augmentation": vars(settings)}
    )
    source = make_script(config).script
    start = source.index("def bumps(")
    from trainer.light_keras import keras

    names: dict[str, Any] = {"np": np, "tf": tf, "keras": keras}
    exec(source[start : source.index("# Batches")], names)
    images = bars(4, 3)[0]
    uniform, normal = tf.random.uniform, tf.random.normal
    amounts = np.array(AMOUNTS, dtype=np.float32)[:, None, None, None]
    tf.random.uniform = lambda *_: tf.constant(np.tile(amounts, (1, 4, 1, 1)))
    tf.random.normal = lambda shape: tf.constant(wave(tuple(int(n) for n in shape)))
    try:
        varied = np.asarray(names["augment"](tf.constant(images[..., None]), None)[0])[..., 0]
    finally:
        tf.random.uniform, tf.random.normal = uniform, normal
    ours = augmented_images(images, settings, Constant())  # type: ignore[arg-type]
    return float(np.abs(varied - ours).max())


def main(folder: Path) -> None:
    """Run all scripts in a folder."""
    import trainer.light_keras  # noqa: F401 - before TensorFlow, which takes twice as long

    os.chdir(folder)
    gc.disable()  # it ends soon; to look for garbage takes a tenth of its time
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)  # tracing every network would take most of the time
    keep_networks()
    write_data(Path(os.environ["EMNIST_DESKTOP_PROFILE"]))
    small = {"epochs": 1, "batch_size": 16, "warmup_epochs": 0.5}
    options: dict[str, dict[str, Any]] = {
        "knn": {"neighbors": 3},
        "xgboost": {"rounds": 3},
        "svm-rbf": {"grid": "small"},
    }
    trees = {"trees": 12}
    facts = {}
    with contextlib.redirect_stdout(sys.stderr):
        for name, each in PRESETS.items():
            is_network = each.kind is PresetKind.NETWORK
            chosen = options.get(name, trees if "forest" in name else {})
            record = {"preset": name, "data": "bars" if is_network else "idx", **small}
            config = TrainingConfig.from_record(record | {"preset_options": chosen})
            in_memory = is_network and name not in REALLY_SAVED
            with checkpoints_in_memory() if in_memory else contextlib.nullcontext():
                facts[name] = ran(config)
            draw_no_more()
        facts["busy"] = ran(TrainingConfig.from_record({**BUSY, **small, "warmup_epochs": 0}))
        drawn = {"shift": {"balance": 1.0}, "rotation": {"extra": ["bars"], "extra_share": 0.3}}
        for name, drawing in drawn.items():
            nothing = dict.fromkeys(vars(ImageAugmentation()), 0.0)
            record = {"preset": "mlp-tiny", "data": "bars", "validation": "bars", **small}
            record |= drawing
            record |= {"mixing": "cutmix", "mixing_strength": 1.0}
            record["image_augmentation"] = {**nothing, name: 2.0}
            facts[f"only {name}"] = ran(TrainingConfig.from_record(record))
        difference = largest_difference()
    print(json.dumps({"facts": facts, "difference": difference}))
    gc.freeze()  # Python's end would look for garbage in all of it


if __name__ == "__main__":
    main(Path(sys.argv[1]))
