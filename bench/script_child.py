"""Trains runs and their scripts beside one another, in one process; a JSON line for each pair."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.script import EPOCHS, PRESETS, SAMPLES, SEEDS
from trainer.commands.train import train
from trainer.exporting.script.script import make_script
from trainer.light_keras import keras
from trainer.runs.events import RunHistory
from trainer.runs.folder import RunFolder


class Clock(keras.callbacks.Callback):  # type: ignore[misc]
    """Times the epochs of a script."""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.seconds = time.perf_counter() - self.began


def trained(preset: str, seed: int, data: str, root: Path) -> dict[str, float]:
    """Train a run."""
    options = ["--preset", preset, "--data", data, "--seed", str(seed), "--limit", str(SAMPLES)]
    options += ["--epochs", str(EPOCHS.get(preset, 1)), "--run-dir", str(root), "--events"]
    with contextlib.redirect_stdout(io.StringIO()):
        assert train(options) == 0
    history = RunHistory.of(RunFolder(root).events())
    assert history.started is not None
    n = history.started.n_validation
    best = max(history.epochs.values(), key=lambda epoch: epoch.merged_accuracy)
    last = history.epochs[max(history.epochs)]
    return {"right": round(best.validation_accuracy * n), "of": n, "seconds": last.seconds}


def scripted(root: Path) -> dict[str, float]:
    """Run the script of a run."""
    source = make_script(RunFolder(root).config()).script
    clock = Clock()
    source = re.sub(r"callbacks=callbacks", "callbacks=[*callbacks, clock]", source)
    names: dict[str, Any] = {"clock": clock}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, root.name, "exec"), names)
    right = int(np.sum(names["predicted"] == names["y_val"]))
    return {
        "right": right,
        "of": len(names["y_val"]),
        "seconds": getattr(clock, "seconds", 0.0),
    }


def main(data: str, folder: Path) -> None:
    """Train all pairs."""
    os.chdir(folder)
    for seed in SEEDS:
        for preset in PRESETS:
            root = folder / f"{preset}-{seed}"
            pair = {"run": trained(preset, seed, data, root), "script": scripted(root)}
            print(json.dumps({"preset": preset, "seed": seed, **pair}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
