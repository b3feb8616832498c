"""The scripts of "Show the code" against the runs: accuracy within noise, and speed.

Each is trained on a small part of MNIST from the data folder, with three seeds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from bench.data import data_folder
from bench.table import Row
from trainer.evaluation.metrics import accuracy_interval

SAMPLES = 6_000
SEEDS = (1, 2, 3)
EPOCHS = {"lenet5": 3, "cnn-small": 3, "vanilla-cnn": 2, "mlp-relu": 5}
PRESETS = (*EPOCHS, "knn", "random-forest")


def measure() -> list[Row]:
    data = data_folder("mnist")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.script_child", str(data), folder]
        environment = os.environ | {"MPLBACKEND": "Agg", "EMNIST_DESKTOP_PROFILE": folder}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
            assert child.stdout is not None
            results = []
            for line in child.stdout:
                results.append(json.loads(line))
                print(_sentence(results[-1]), flush=True)
        assert child.returncode == 0
    for preset in PRESETS:
        mine = [each for each in results if each["preset"] == preset]
        apart = sum(not _overlap(each) for each in mine)
        for who in ("run", "script"):
            values = tuple(100 * each[who]["right"] / each[who]["of"] for each in mine)
            goal = f"{apart} of {len(mine)} apart" if who == "script" else ""
            rows.append(Row(f"{preset}: validation accuracy, {who}", values, "%", goal))
        if preset in EPOCHS:
            ratios = tuple(each["run"]["seconds"] / each["script"]["seconds"] for each in mine)
            rows.append(Row(f"{preset}: images/s of the script ÷ the run", ratios, ""))
    return rows


def _overlap(result: dict[str, Any]) -> bool:
    (low, high), (other_low, other_high) = (_interval(result[who]) for who in ("run", "script"))
    return low <= other_high and other_low <= high


def _interval(figures: dict[str, Any]) -> tuple[float, float]:
    import numpy as np

    return accuracy_interval(np.arange(figures["of"]) < figures["right"])


def _sentence(result: dict[str, Any]) -> str:
    texts = []
    for who in ("run", "script"):
        low, high = _interval(result[who])
        share = result[who]["right"] / result[who]["of"]
        seconds = result[who]["seconds"]
        texts.append(f"{who} {share:.2%} ({low:.2%} to {high:.2%}), last epoch {seconds:.1f} s")
    mark = "" if _overlap(result) else "  APART"
    return f"{result['preset']}, seed {result['seed']}: {'; '.join(texts)}{mark}"
