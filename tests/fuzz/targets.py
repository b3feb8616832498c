"""What reads files that somebody else may have made, each with sound files to start from.

A target may succeed or raise a `TrainerError`; everything else is a fault of ours.
"""

from __future__ import annotations

import gzip
import json
import shutil
import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from tests.trainer.archives import write_archive
from trainer.bundle import load_bundle
from trainer.config import TrainingConfig
from trainer.datasets.dataset import Dataset
from trainer.datasets.formats.importing import import_dataset
from trainer.datasets.idx import read_idx
from trainer.datasets.pen import read_pen_archive
from trainer.datasets.store import DatasetWriter, open_dataset
from trainer.ink import Ink
from trainer.paths import default_bundle
from trainer.picture import find_characters, open_picture
from trainer.preprocess import ink_to_image
from trainer.recognizer import Recognizer
from trainer.runs import events
from trainer.runs.folder import RunFolder


@dataclass(frozen=True)
class Target:
    """One reader.

    Attributes
    ----------
    name : str
    make : callable
        Writes a sound file (or folder) into a folder and returns the file to break.
    read : callable
        Reads the file.
    """

    name: str
    make: Callable[[Path], Path]
    read: Callable[[Path], object]


def _images() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (5, 28, 28)).astype(np.uint8)


def _idx(folder: Path) -> Path:
    path = folder / "emnist-digits-train-images-idx3-ubyte"
    path.write_bytes(struct.pack(">IIII", 0x803, 5, 28, 28) + _images().tobytes())
    return path


def _idx_gz(folder: Path) -> Path:
    path = folder / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(_idx(folder).read_bytes(), mtime=0))
    return path


def _pen(folder: Path) -> Path:
    return write_archive(folder / "pen.npz", n=6)


def _read_pen(path: Path) -> object:
    return read_pen_archive(path).render()


def _ink(folder: Path) -> Path:
    path = folder / "ink.json"
    path.write_text('{"strokes": [[[1, 2], [3, 4.5]], [[10, 20]]], "time": [[0, 0.1], [0.2]]}')
    return path


def _read_ink(path: Path) -> object:
    return ink_to_image(Ink.from_json(path.read_bytes()))


def _png(folder: Path) -> Path:
    path = folder / "page.png"
    PillowImage.fromarray(np.kron(255 - _images()[0], np.ones((4, 4), np.uint8))).save(path)
    return path


def _jpeg(folder: Path) -> Path:
    path = folder / "page.jpg"
    PillowImage.fromarray(np.kron(255 - _images()[0], np.ones((4, 4), np.uint8))).save(path)
    return path


def _webp(folder: Path) -> Path:
    path = folder / "page.webp"
    PillowImage.fromarray(np.kron(255 - _images()[0], np.ones((2, 2), np.uint8))).save(path)
    return path


def _read_picture(path: Path) -> object:
    return find_characters(open_picture(path))


def _card(folder: Path) -> Path:
    bundle = folder / "bundle"
    shutil.copytree(default_bundle(), bundle)
    return bundle / "bundle.json"


def _model(folder: Path) -> Path:
    return _card(folder).with_name("model.tflite")


def _read_bundle(path: Path) -> object:
    return Recognizer(load_bundle(path.parent))


def _config(folder: Path) -> Path:
    path = folder / "config.json"
    path.write_text(TrainingConfig(data="x.npz").to_json())
    return path


def _read_config(path: Path) -> object:
    return TrainingConfig.from_json(path.read_text(encoding="utf-8", errors="replace"))


def _events(folder: Path) -> Path:
    run = RunFolder(folder)
    run.append(events.Checkpoint(1))
    run.append(events.Confusion(1, ((1, 2), (3, 4))))
    run.append(events.Failed("m", "h"))
    return run.events_file


def _read_events(path: Path) -> object:
    return list(RunFolder(path.parent).events())


def _stored(folder: Path) -> Path:
    with DatasetWriter(folder / "some", title="Some", alphabet=("a", "b")) as writer:
        writer.append("train", _images(), np.array([0, 1, 0, 1, 0]))
    return folder / "some" / "dataset.json"


def _stored_images(folder: Path) -> Path:
    return _stored(folder).with_name("train-images.npy")


def _read_stored(path: Path) -> object:
    stored = open_dataset(path.parent)
    return [data.fingerprint() for data in stored.splits.values() if isinstance(data, Dataset)]


def _csv(folder: Path) -> Path:
    path = folder / "emnist-digits-train.csv"
    rows = np.column_stack([np.arange(5), _images().reshape(5, -1)])
    np.savetxt(path, rows, fmt="%d", delimiter=",")
    return path


def _npz(folder: Path) -> Path:
    np.savez(folder / "some.npz", images=_images(), labels=np.arange(5))
    return folder / "some.npz"


def _npy(folder: Path) -> Path:
    np.save(folder / "some_labels.npy", np.arange(5))
    np.save(folder / "some_images.npy", _images())
    return folder / "some_images.npy"


def _mat(folder: Path) -> Path:
    savemat = pytest.importorskip("scipy.io").savemat
    split = {"images": _images().reshape(5, -1), "labels": np.arange(5)[:, None]}
    mapping = np.column_stack([np.arange(5), np.arange(48, 53)])
    dataset = {"train": split, "test": split, "mapping": mapping}
    savemat(folder / "emnist-digits.mat", {"dataset": dataset})
    return folder / "emnist-digits.mat"


def _ink_lines(folder: Path) -> Path:
    path = folder / "mine.jsonl"
    lines = [{"strokes": [[[1, 2], [3, 4]]], "label": c} for c in "abc"]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return path


def _mapping(folder: Path) -> Path:
    _idx(folder)
    labels = struct.pack(">II", 0x801, 5) + bytes(range(5))
    (folder / "emnist-digits-train-labels-idx1-ubyte").write_bytes(labels)
    path = folder / "emnist-digits-mapping.txt"
    path.write_text("".join(f"{n} {48 + n}\n" for n in range(10)))
    return path


def _class_picture(folder: Path) -> Path:
    for name in ("a", "b"):
        (folder / "pictures" / name).mkdir(parents=True)
        PillowImage.fromarray(_images()[0]).save(folder / "pictures" / name / "1.png")
    return folder / "pictures" / "a" / "1.png"


def _import_class_folders(path: Path) -> object:
    return _import(path.parent.parent)


def _import_folder(path: Path) -> object:
    return _import(path.parent)


def _import(path: Path) -> object:
    with tempfile.TemporaryDirectory() as folder:
        return import_dataset(path, None, Path(folder) / "imported")


TARGETS = (
    Target("idx", _idx, read_idx),
    Target("idx-gz", _idx_gz, read_idx),
    Target("pen-archive", _pen, _read_pen),
    Target("ink", _ink, _read_ink),
    Target("png", _png, _read_picture),
    Target("jpeg", _jpeg, _read_picture),
    Target("webp", _webp, _read_picture),
    Target("bundle-card", _card, _read_bundle),
    Target("bundle-model", _model, _read_bundle),
    Target("config", _config, _read_config),
    Target("events", _events, _read_events),
    Target("dataset-card", _stored, _read_stored),
    Target("dataset-images", _stored_images, _read_stored),
    Target("import-csv", _csv, _import),
    Target("import-npz", _npz, _import),
    Target("import-npy", _npy, _import),
    Target("import-matlab", _mat, _import),
    Target("import-inks", _ink_lines, _import),
    Target("import-mapping", _mapping, _import_folder),
    Target("import-pictures", _class_picture, _import_class_folders),
)
