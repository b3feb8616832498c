"""The card of a bundle: how it was trained, and its metrics."""

from __future__ import annotations

import platform
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from trainer.config.training_config import TrainingConfig
from trainer.files.records import encode
from trainer.ink.render import IMAGE_SIZE, PEN_WIDTH, PREPROCESSING_VERSION
from trainer.recognition.bundle import BUNDLE_FORMAT
from trainer.training.data import TrainingData


def new_card(
    config: TrainingConfig, data: TrainingData, parameters: int | None, best_epoch: int
) -> dict[str, Any]:
    """Return a card without the model file and the validation metrics."""
    card: dict[str, Any] = {
        "format": BUNDLE_FORMAT,
        "name": f"{config.preset}, {data.parts[0].name}",
        "alphabet": list(data.alphabet),
        "preprocessing": PREPROCESSING_VERSION,
        "pen_widths": [PEN_WIDTH],
        "temperature": 1.0,
        "network": {"preset": config.preset, "parameters": parameters},
        "training": _training_record(config, data, best_epoch),
    }
    if data.image_shape != (IMAGE_SIZE, IMAGE_SIZE):
        card["image_shape"] = list(data.image_shape)
    return card


def _training_record(config: TrainingConfig, data: TrainingData, best_epoch: int) -> dict[str, Any]:
    settings = encode(config)
    for name in ("data", "validation", "teacher", "start_from"):
        settings[name] = Path(settings[name]).name  # paths mean nothing elsewhere
    settings["extra"] = [Path(name).name for name in settings["extra"]]
    uses = ["training", *["training, added"] * (len(data.parts) - 1), "validation"]
    return {
        "command": "python -m trainer train --config config.json",
        "settings": settings,
        "best_epoch": best_epoch,
        "data": [
            {
                "name": part.name,
                "samples": len(part),
                "writers": None if part.writers is None else len(np.unique(part.writers)),
                "sha256": part.fingerprint(),
                "terms": part.terms,
                "use": use,
            }
            for part, use in zip((*data.parts, data.validation), uses, strict=True)
        ],
        "inks": data.has_inks,
        "versions": _versions(),
    }


_PACKAGES = (
    "emnist-desktop",
    "keras",
    "tensorflow",
    "tensorflow-cpu",
    "numpy",
    "scikit-learn",
    "xgboost",
    "xgboost-cpu",
)


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for package in _PACKAGES:
        with suppress(PackageNotFoundError):
            versions[package] = version(package)
    return versions
