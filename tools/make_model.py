"""Train the bundled recogniser: ``make model``. Can be interrupted and resumed.

First on pen strokes only, then, from those weights, also on the drawings of the starter set, which
has shapes that the pen data lack.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from trainer.config.training_config import TrainingConfig
from trainer.files.paths import PROFILE_VARIABLE
from trainer.recognition.bundle import CARD_NAME, MODEL_NAME

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build"
FIRST, SECOND = BUILD / "model-strokes", BUILD / "model"
PROFILE = BUILD / "model-profile"
DATA = Path(os.environ.get("EMNIST_DESKTOP_DATA") or ROOT.parent / "shared" / "data") / "pen"
STARTER_SAMPLES = 28_800
STARTER_SEED = 1
NAME = "Bundled recogniser"

STROKES = TrainingConfig(
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
WITH_STARTER = replace(
    STROKES,
    extra=("starter",),
    start_from=str(FIRST / "bundle"),
    epochs=13,
    learning_rate=1e-3,
    screen_after=1,
)


def main() -> int:
    if not DATA.is_dir():
        print(f"There is no {DATA}; name the folder with: make model EMNIST_DESKTOP_DATA=FOLDER")
        return 1
    for folder, settings in ((FIRST, STROKES), (SECOND, WITH_STARTER)):
        if settings.extra and not (PROFILE / "datasets" / "starter").exists():
            amount = ["--samples", str(STARTER_SAMPLES), "--seed", str(STARTER_SEED)]
            _trainer("datasets", "fetch", "starter", *amount)
        if not (folder / "bundle" / CARD_NAME).exists():
            _train(folder, settings)
    target = ROOT / "resources" / "models" / "default"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(SECOND / "bundle" / MODEL_NAME, target / MODEL_NAME)
    card = json.loads((SECOND / "bundle" / CARD_NAME).read_text(encoding="utf-8"))
    card["name"] = NAME
    card["training"]["command"] = "make model"
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (target / CARD_NAME).write_text(text, encoding="utf-8")
    print(json.dumps(card["validation"], indent=2))
    return 0


def _train(folder: Path, settings: TrainingConfig) -> None:
    file = folder.with_suffix(".json")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(settings.to_json(), encoding="utf-8")
    _trainer("train", "--config", str(file), "--run-dir", str(folder), "--resume")


def _trainer(*arguments: str) -> None:
    command = [sys.executable, "-m", "trainer", *arguments]
    environment = {**os.environ, PROFILE_VARIABLE: str(PROFILE)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    sys.exit(main())
