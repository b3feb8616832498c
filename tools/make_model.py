"""Train the bundled recogniser: ``make model``. Goes on where it stopped.

Two trainings of the same network: the second begins with the weights of the first and learns
from its answers as well as from the labels, on inks that are varied more strongly.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from trainer.bundle import CARD_NAME, MODEL_NAME
from trainer.config import TrainingConfig
from trainer.runs.augment import StrokeAugmentation

ROOT = Path(__file__).parent.parent
WORK = ROOT / "build" / "model"
DATA = Path(os.environ.get("EMNIST_DESKTOP_DATA") or ROOT.parent / "shared" / "data") / "pen"

FIRST = TrainingConfig(
    preset="pen",
    data=str(DATA / "unipen_train.npz"),
    validation=str(DATA / "unipen_validation.npz"),
    epochs=42,
    label_smoothing=0.05,
    screen_after=5,
    screen_below=0.01,
    precision="mixed_bfloat16",
    seed=1,
)
SECOND = dataclasses.replace(
    FIRST,
    epochs=32,
    learning_rate=0.0012,
    label_smoothing=0.0,
    teacher=str(WORK / "first" / "bundle"),
    teacher_share=0.6,
    start_from=str(WORK / "first" / "bundle"),
    screen_after=1,
    screen_below=0.02,
    weight_decay=0.03,
    seed=2,
    augmentation=StrokeAugmentation(
        rotation=8.5,
        shear=0.22,
        aspect=0.18,
        scale=0.18,
        shift=0.7,
        elastic=0.05,
        stroke_shift=0.035,
        tremor=0.018,
        coarse=0.25,
        thinnest=0.45,
        thickest=1.8,
        blur=0.9,
    ),
)


def main() -> int:
    if not DATA.is_dir():
        print(f"There is no {DATA}; name the folder with: make model EMNIST_DESKTOP_DATA=FOLDER")
        return 1
    for name, config in (("first", FIRST), ("second", SECOND)):
        run = WORK / name
        if not (run / "bundle" / CARD_NAME).exists():
            _train(config, run)
    target = ROOT / "resources" / "models" / "default"
    target.mkdir(parents=True, exist_ok=True)
    for name in (MODEL_NAME, CARD_NAME):
        shutil.copy(WORK / "second" / "bundle" / name, target / name)
    card = json.loads((target / CARD_NAME).read_text(encoding="utf-8"))
    print(json.dumps(card["validation"], indent=2))
    return 0


def _train(config: TrainingConfig, run: Path) -> None:
    run.parent.mkdir(parents=True, exist_ok=True)
    settings = run.with_suffix(".json")
    settings.write_text(config.to_json(), encoding="utf-8")
    command = [sys.executable, "-m", "trainer", "train", "--config", str(settings)]
    subprocess.run([*command, "--run-dir", str(run), "--resume"], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
