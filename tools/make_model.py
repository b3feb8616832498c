"""Train the bundled recogniser: ``make model``. Goes on where it stopped."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from trainer.bundle import CARD_NAME, MODEL_NAME
from trainer.config import TrainingConfig

ROOT = Path(__file__).parent.parent
WORK = ROOT / "build" / "model"
DATA = Path(os.environ.get("EMNIST_DESKTOP_DATA") or ROOT.parent / "shared" / "data") / "pen"

SETTINGS = TrainingConfig(
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


def main() -> int:
    if not DATA.is_dir():
        print(f"There is no {DATA}; name the folder with: make model EMNIST_DESKTOP_DATA=FOLDER")
        return 1
    if not (WORK / "bundle" / CARD_NAME).exists():
        _train()
    target = ROOT / "resources" / "models" / "default"
    target.mkdir(parents=True, exist_ok=True)
    for name in (MODEL_NAME, CARD_NAME):
        shutil.copy(WORK / "bundle" / name, target / name)
    card = json.loads((target / CARD_NAME).read_text(encoding="utf-8"))
    print(json.dumps(card["validation"], indent=2))
    return 0


def _train() -> None:
    WORK.parent.mkdir(parents=True, exist_ok=True)
    settings = WORK.with_suffix(".json")
    settings.write_text(SETTINGS.to_json(), encoding="utf-8")
    command = [sys.executable, "-m", "trainer", "train", "--config", str(settings)]
    subprocess.run([*command, "--run-dir", str(WORK), "--resume"], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
