"""Small models with known weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from trainer.ink.render import PREPROCESSING_VERSION
from trainer.recognition.bundle import CARD_NAME, CLASSIC_NAMES, KERAS_NAME, MODEL_NAME, checksum

ALPHABET = "17LOTx"
N_FILTERS = 4

Image = npt.NDArray[np.uint8]

# Keras 3.15 copies its variables in numpy's old way.
KERAS_MARK = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def small_network(*, softmax: bool = False) -> Any:
    """Return a small network whose first filter copies the picture."""
    from trainer.light_keras import keras

    keras.utils.set_random_seed(3)
    layers = keras.layers
    inputs = keras.Input((28, 28, 1), name="image")
    x = layers.Rescaling(1 / 255, name="rescaling")(inputs)
    x = layers.Conv2D(N_FILTERS, 3, padding="same", activation="relu", name="conv")(x)
    x = layers.MaxPooling2D(4, name="pool")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(len(ALPHABET), name="logits")(x)
    outputs = layers.Softmax(name="softmax")(x) if softmax else x
    network = keras.Model(inputs, outputs, name="small")
    kernel, bias = network.get_layer("conv").get_weights()
    kernel[..., 0] = 0
    kernel[1, 1, 0, 0] = 1
    bias[1:] = 0.1
    network.get_layer("conv").set_weights([kernel, bias])
    kernel, bias = network.get_layer("logits").get_weights()
    network.get_layer("logits").set_weights([kernel, np.linspace(0, 0.1, len(bias))])
    return network


def write_bundle(folder: Path, network: Any) -> Path:
    import tensorflow as tf

    folder.mkdir()
    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    (folder / MODEL_NAME).write_bytes(converter.convert())
    network.save(folder / KERAS_NAME)
    write_card(folder, {"form": "float32", "sha256": checksum(folder / MODEL_NAME)})
    return folder


def write_card(folder: Path, model: dict[str, str]) -> None:
    card = {
        "format": 1,
        "name": "small",
        "alphabet": list(ALPHABET),
        "preprocessing": PREPROCESSING_VERSION,
        "pen_widths": [2.9],
        "temperature": 2.0,
        "model": model,
    }
    (folder / CARD_NAME).write_text(json.dumps(card))


def write_classic(archive: Path, name: str, folder: Path) -> Path:
    """Fit a small model in one thread, and write its bundle."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import MinMaxScaler

    from trainer.datasets.ink_archive import read_pen_archive
    from trainer.recognition.classical_model import save_skops

    drawings = read_pen_archive(archive)
    rows = drawings.render().images.reshape(len(drawings), -1).astype(np.float32)
    characters = [drawings.alphabet[label] for label in drawings.labels]
    labels = np.array([ALPHABET.index(character) for character in characters])
    folder.mkdir()
    form = "xgboost" if name == "xgboost" else "skops"
    file = folder / CLASSIC_NAMES[form]
    if name == "xgboost":
        import xgboost

        settings = {"objective": "multi:softprob", "num_class": 6, "max_depth": 2, "nthread": 1}
        xgboost.train(settings, xgboost.DMatrix(rows, label=labels), 3).save_model(file)
    else:
        models = {
            "random-forest": RandomForestClassifier(10, random_state=0),
            "knn": KNeighborsClassifier(3),
        }
        pipeline = Pipeline([("scaler", MinMaxScaler()), ("model", models[name])])
        save_skops(pipeline.fit(rows, labels), file)
    write_card(folder, {"form": form, "sha256": checksum(file)})
    return folder
