"""Recognisers that somebody else may have made."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.fuzz.mutations import Member, mutated_archive, mutated_tables, packed_archive
from tests.fuzz.target import Target
from trainer.evaluation.classifier import open_classifier
from trainer.exporting.bundle_file import import_bundle, pack_bundle
from trainer.files.paths import default_bundle
from trainer.recognition.bundle import CARD_NAME, checksum, load_bundle
from trainer.recognition.recognizer import Recognizer
from trainer.recognition.remote_recognizer import RemoteModel
from trainer.recognition.sandboxed_litert import check_bundle

_CHILD = 20
"""A child starts in a quarter of a second."""

_KERAS = 10
_CLASSES = tuple("0123456789")
_BLANK = np.zeros((1, 28, 28), dtype=np.uint8)


def _card(folder: Path) -> Path:
    return Path(shutil.copytree(default_bundle(), folder / "bundle")) / CARD_NAME


def _network(folder: Path) -> Path:
    return _card(folder).with_name("model.tflite")


def _file(folder: Path) -> Path:
    return Path(shutil.copy(default_bundle() / "model.tflite", folder))


def _packed(folder: Path) -> Path:
    pack_bundle(default_bundle(), folder / "bundle.zip")
    return _without_times(folder / "bundle.zip")


def _without_times(path: Path) -> Path:
    """Write an archive again, without what is another each time: dates, places in memory."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    places = re.findall(rb'"__id__": (\d+)', contents.get("schema.json", b""))
    numbers = {place.decode(): str(n) for n, place in enumerate(dict.fromkeys(places))}

    def counted(text: str) -> str:
        return re.sub(r"\d+", lambda found: numbers.get(found[0], found[0]), text)

    members: list[Member] = []
    for name, content in contents.items():
        if name in ("schema.json", "metadata.json"):
            text = re.sub(r'"date_saved": "[^"]*"', '"date_saved": ""', content.decode())
            content = counted(text).encode()
        members.append((zipfile.ZipInfo(counted(name)), content))
    path.write_bytes(packed_archive(members))
    return path


def _read_card(path: Path) -> object:
    return Recognizer(load_bundle(path.parent), model=_Nobody())


class _Nobody:
    def probabilities(self, images: np.ndarray) -> np.ndarray:
        raise AssertionError("nobody asks")


def _read_network(path: Path) -> object:
    """Open a bundle whose maker has broken the network and put the right checksum on the card."""
    _sign(path)
    bundle = load_bundle(path.parent)
    check_bundle(bundle)
    return Recognizer(bundle).probabilities(_BLANK)


def _sign(path: Path) -> None:
    card = json.loads(path.with_name(CARD_NAME).read_text(encoding="utf-8"))
    card["model"]["sha256"] = checksum(path)
    path.with_name(CARD_NAME).write_text(json.dumps(card), encoding="utf-8")


def _read_file(path: Path) -> object:
    return open_classifier(path, "cased").probabilities(_BLANK)


def _read_keras(path: Path) -> object:
    return open_classifier(path, "digits").probabilities(_BLANK)


def _import_zip(path: Path) -> object:
    with tempfile.TemporaryDirectory(dir=path.parent) as profile:
        root = import_bundle(path, Path(profile) / "runs")
        return load_bundle(root / "bundle")


def _keras(folder: Path) -> Path:
    with warnings.catch_warnings():  # Keras uses what numpy will take away
        warnings.simplefilter("ignore", DeprecationWarning)
        keras = pytest.importorskip("keras")
        keras.utils.clear_session()  # layers are numbered, which shows in their names
        keras.utils.set_random_seed(0)
        layers = [keras.Input((28, 28, 1)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten()]
        network = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
        network.save(folder / "digits.keras")
    return _without_times(folder / "digits.keras")


def _classic(folder: Path, name: str, form: str) -> Path:
    card = json.loads((default_bundle() / CARD_NAME).read_text(encoding="utf-8"))
    card["alphabet"], card["model"]["form"] = _CLASSES, form
    del card["planes"], card["image_bias"]
    (folder / CARD_NAME).write_text(json.dumps(card), encoding="utf-8")
    return folder / name


def _samples() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    return generator.integers(0, 256, (40, 784)).astype(np.float32), np.arange(40) % 10


def _skops(folder: Path) -> Path:
    ensemble = pytest.importorskip("sklearn.ensemble")
    from trainer.recognition.classical_model import save_skops

    path = _classic(folder, "model.skops", "skops")
    forest = ensemble.RandomForestClassifier(2, max_depth=3, random_state=0).fit(*_samples())
    save_skops(forest, path)
    return _without_times(path)


def _xgboost(folder: Path) -> Path:
    xgboost = pytest.importorskip("xgboost")
    path = _classic(folder, "model.ubj", "xgboost")
    settings = {"objective": "multi:softprob", "num_class": 10, "max_depth": 2, "nthread": 1}
    booster = xgboost.train(settings, xgboost.DMatrix(*_samples()), num_boost_round=1)
    booster.save_model(path)
    return path


def _read_served(path: Path) -> object:
    """Read as the window does: scikit-learn and xgboost die of some files."""
    _sign(path)
    with RemoteModel(load_bundle(path.parent)) as child:
        return child.probabilities(_BLANK)


MODEL_TARGETS = (
    Target("bundle-card", _card, _read_card),
    Target("bundle-network", _network, _read_network, _CHILD, mutated_tables),
    Target("bundle-zip", _packed, _import_zip, 4, mutated_archive),
    Target("tflite-file", _file, _read_file, _CHILD, mutated_tables),
    Target("keras-file", _keras, _read_keras, _KERAS, mutated_archive),
    Target("skops-model", _skops, _read_served, 4 * _CHILD, mutated_archive),
    Target("xgboost-model", _xgboost, _read_served, 4 * _CHILD),
)
