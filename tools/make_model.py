"""Train the bundled recogniser: ``make model``. Can be interrupted and resumed.

One network for pen and paper: drawings, with and without the direction of the pen, images of
EMNIST, the drawings of the starter set, and characters that were cut out of the words of other
writers, in one training. A small network is trained first, which cuts these characters; a last
training goes on from the main one with milder distortions. Everything is chosen on the validation
parts; the test part of EMNIST is looked at once, for the card.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.data import data_folder
from trainer.augmentation.images import ImageAugmentation
from trainer.augmentation.strokes import StrokeAugmentation, reordered
from trainer.config.training_config import TrainingConfig
from trainer.datasets.dataset import Dataset
from trainer.datasets.ink_archive import PenArchive, read_pen_archive
from trainer.datasets.samples import as_inputs
from trainer.datasets.store import open_dataset
from trainer.evaluation.classifier import BundleClassifier
from trainer.evaluation.corruptions import CORRUPTIONS
from trainer.evaluation.robustness import RobustnessPlan, robustness
from trainer.evaluation.summary import validation_figures
from trainer.files.paths import PROFILE_VARIABLE
from trainer.files.records import write_json
from trainer.ink.alphabet import CharacterSet, character_set_projection, class_indices
from trainer.ink.render import PLANES, fit_points, render_planes
from trainer.recognition.bundle import (
    CARD_NAME,
    KERAS_NAME,
    MODEL_NAME,
    WEIGHTS_NAME,
    Bundle,
    load_bundle,
)
from trainer.recognition.recognizer import Probabilities, Recognizer

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build"
CUTTER_RUN, MAIN_RUN, RUN = BUILD / "model-cutter", BUILD / "model-main", BUILD / "model"
PROFILE = BUILD / "model-profile"
CUT_CHARACTERS = BUILD / "characters-of-words.npz"
DATA = data_folder()
EMNIST_FILE = DATA / "emnist" / "emnist-byclass-test-images-idx3-ubyte.gz"
EMNIST, EMNIST_SHARES = "emnist-parts", "80,10,10"
STARTER, STARTER_SAMPLES, STARTER_SEED = "starter", 57_600, 1
NAME = "Bundled recogniser"

IMAGE_BIAS_SHARES = (1.0, 2.0, 1.0)
"""Weights, in the fit of `_image_bias`, of EMNIST, all classes alike, of pen drawings as images,
and of EMNIST's 62 classes as they come."""

CUTTER_SETTINGS = TrainingConfig(
    preset="pen",
    data=str(DATA / "pen" / "unipen_train.npz"),
    validation=str(DATA / "pen" / "unipen_validation.npz"),
    extra=(EMNIST, STARTER),
    epochs=3,
    warmup_epochs=0.3,
    average_epochs=0.7,
    balance=0.35,
    label_smoothing=0.05,
    direction_share=0.7,
    unusual_share=0.25,
    paper_share=0.25,
    image_augmentation=ImageAugmentation(
        shift=1.0, rotation=8.0, scale=0.08, shear=0.12, elastic=0.6
    ),
    precision="mixed_bfloat16",
    seed=1,
)

MAIN_SETTINGS = replace(
    CUTTER_SETTINGS,
    preset_options={"late_maps": 176},
    extra=(EMNIST, STARTER, str(CUT_CHARACTERS)),
    epochs=9,
    direction_share=0.6,
    screen_after=4,
    screen_below=0.005,
    seed=2,
)

SETTINGS = replace(
    MAIN_SETTINGS,
    start_from=str(MAIN_RUN / "bundle"),
    epochs=3,
    learning_rate=3e-4,
    warmup_epochs=0.1,
    dropout=0.25,
    label_smoothing=0.03,
    direction_share=0.5,
    augmentation=StrokeAugmentation(
        rotation=4.0,
        shear=0.1,
        aspect=0.08,
        scale=0.1,
        shift=0.4,
        elastic=0.025,
        stroke_shift=0.02,
        tremor=0.01,
        coarse=0.15,
        thinnest=0.65,
        thickest=1.4,
        blur=0.5,
    ),
    image_augmentation=ImageAugmentation(
        shift=0.6, rotation=4.0, scale=0.05, shear=0.06, elastic=0.4
    ),
    screen_after=1,
    seed=3,
)


def main() -> int:
    if not EMNIST_FILE.is_file():
        print(f"There is no {EMNIST_FILE}; name the folder: make model EMNIST_DESKTOP_DATA=FOLDER")
        return 1
    os.environ[PROFILE_VARIABLE] = str(PROFILE)
    if not (PROFILE / "datasets" / EMNIST).exists():
        _trainer(
            "datasets",
            "import",
            str(EMNIST_FILE),
            "--split-shares",
            EMNIST_SHARES,
            "--name",
            EMNIST,
        )
    if not (PROFILE / "datasets" / STARTER).exists():
        amount = ["--samples", str(STARTER_SAMPLES), "--seed", str(STARTER_SEED)]
        _trainer("datasets", "fetch", STARTER, *amount)
    _train(CUTTER_SETTINGS, CUTTER_RUN)
    if not CUT_CHARACTERS.exists():
        cut = [str(ROOT / "tools" / "make_characters.py"), str(CUT_CHARACTERS)]
        subprocess.run(
            [sys.executable, *cut, "--model", str(CUTTER_RUN / "bundle")], cwd=ROOT, check=True
        )
    _train(MAIN_SETTINGS, MAIN_RUN)
    _train(SETTINGS, RUN)
    card = _stored()
    print(json.dumps({"validation": card["validation"], "measured": card["measured"]}, indent=2))
    return 0


def _train(settings: TrainingConfig, run: Path) -> None:
    if (run / "bundle" / CARD_NAME).exists():
        return
    config = run.with_suffix(".json")
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(settings.to_json(), encoding="utf-8")
    _trainer("train", "--config", str(config), "--run-dir", str(run), "--resume")


def _trainer(*arguments: str) -> None:
    command = [sys.executable, "-m", "trainer", *arguments]
    subprocess.run(command, cwd=ROOT, check=True)


def _stored() -> dict[str, Any]:
    """Write the bundle into the resources; return its card."""
    made = RUN / "bundle"
    target = ROOT / "resources" / "models" / "default"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made / MODEL_NAME, target / MODEL_NAME)
    _write_weights(made / KERAS_NAME, target / WEIGHTS_NAME)
    card: dict[str, Any] = json.loads((made / CARD_NAME).read_text(encoding="utf-8"))
    card["name"] = NAME
    card["training"]["command"] = "make model"
    for name, run in (("cutter", CUTTER_RUN), ("main", MAIN_RUN)):
        before = json.loads((run / "bundle" / CARD_NAME).read_text(encoding="utf-8"))["training"]
        kept = ("settings", "best_epoch", "data")
        card["training"][name] = {key: before[key] for key in kept}
    card.pop("image_bias", None)
    write_json(target / CARD_NAME, card, indent=2)
    card["image_bias"] = _image_bias(load_bundle(target))
    write_json(target / CARD_NAME, card, indent=2)
    card["measured"] = measured(load_bundle(target))
    write_json(target / CARD_NAME, card, indent=2)
    return card


def _image_bias(bundle: Bundle) -> list[float]:
    """Fit a bias of each class for images, on the validation parts.

    EMNIST has ten times as many zeros as capital Ds; a photograph need not have them. The bias
    minimises the cross-entropy of three readings of images together, so that none of the three
    decides alone how frequent look-alikes are.
    """
    recognizer = Recognizer(bundle)
    inks = read_pen_archive(Path(SETTINGS.validation)).render()
    emnist = open_dataset(PROFILE / "datasets" / EMNIST).splits["validation"]
    merged = character_set_projection(inks.alphabet, CharacterSet.ALL)
    to_merged = class_indices(inks.alphabet, merged.characters)
    frequency = np.bincount(to_merged[emnist.labels])[to_merged[emnist.labels]]
    alike, own, every = IMAGE_BIAS_SHARES
    parts = []
    for data, weights, groups in (
        (emnist, alike / frequency / len(merged.characters), to_merged),
        (inks, np.full(len(inks), own / len(inks)), to_merged),
        (emnist, np.full(len(emnist), every / len(emnist)), np.arange(len(inks.alphabet))),
    ):
        logits = np.log(recognizer.probabilities(np.asarray(data.images)) + 1e-9)
        is_right = groups[data.labels][:, None] == groups
        parts.append((logits, is_right, weights[:, None]))
    bias = np.zeros(len(inks.alphabet))
    for _ in range(200):
        step = -1e-4 * bias
        for logits, is_right, weights in parts:
            shares = np.exp(logits + bias)
            right = shares * is_right
            right /= right.sum(axis=1, keepdims=True)
            step += (weights * (right - shares / shares.sum(axis=1, keepdims=True))).sum(axis=0)
        bias += 6.0 * step
    return [round(float(each), 4) for each in bias - bias.mean()]


def _write_weights(network_file: Path, target: Path) -> None:
    """Write the weights, to begin other trainings with, in half precision."""
    from trainer.light_keras import keras

    weights = keras.saving.load_model(network_file, compile=False).get_weights()
    with target.open("wb") as stream:
        np.savez_compressed(stream, *(each.astype(np.float16) for each in weights))


def measured(bundle: Bundle) -> dict[str, Any]:
    """Return the figures beside those of the validation: of images, of paper, of EMNIST."""
    recognizer = Recognizer(bundle)
    inks = read_pen_archive(Path(SETTINGS.validation))
    drawn = inks.render()
    emnist = open_dataset(PROFILE / "datasets" / EMNIST).splits
    planes = as_inputs(inks, len(bundle.planes))
    figures: dict[str, Any] = {"pen validation": _figures(recognizer.probabilities(planes), drawn)}
    if len(bundle.planes) > 1:
        figures |= {
            "pen validation, images only": _figures(recognizer.probabilities(drawn.images), drawn),
            "pen validation, strokes reversed and reordered": _figures(
                recognizer.probabilities(_reordered(inks)), drawn
            ),
        }
    for split in ("validation", "test"):
        part = emnist[split]
        images = np.asarray(part.images)
        figures[f"EMNIST {split}"] = _figures(recognizer.probabilities(images), part)
    plan = RobustnessPlan(tuple(CORRUPTIONS.values()), samples=2000)
    result = robustness([BundleClassifier(bundle)], inks, plan, lambda *_: None)
    figures["corruptions, pen validation"] = {
        "accuracy": result["models"][0]["mean_corruption_accuracy"]
    }
    return figures


def _figures(probabilities: Probabilities, data: Dataset) -> dict[str, Any]:
    """Return accuracies: of 47 classes, the same with every class weighing alike, of 62."""
    shown = character_set_projection(data.alphabet, CharacterSet.ALL)
    truth = class_indices(data.alphabet, shown.characters)[data.labels]
    correct = shown.apply(probabilities).argmax(axis=1) == truth
    alike = np.mean([correct[truth == label].mean() for label in np.unique(truth)])
    return validation_figures(probabilities, data) | {"accuracy_classes_alike": float(alike)}


def _reordered(inks: PenArchive) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Render all strokes reversed and in another order."""
    planes = np.empty((len(inks), 28, 28, len(PLANES)), dtype=np.uint8)
    generator = np.random.default_rng(1)
    for index in range(len(inks)):
        points, starts = reordered(*inks.strokes(index), generator)
        planes[index] = render_planes(fit_points(points), starts)
    return planes


if __name__ == "__main__":
    sys.exit(main())
