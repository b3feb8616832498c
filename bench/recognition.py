"""Inks per second: rendered, recognised, from a file; and compared with Keras."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from bench.inks import some_inks
from bench.table import Row, seconds
from trainer.files.paths import default_bundle
from trainer.ink.render import PEN_WIDTH, ink_to_image, ink_to_planes
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Recognizer

AVERAGED_WIDTHS = (2.2, 2.9, 3.6)
ROUNDS = 5


def measure() -> list[Row]:
    inks, origin = some_inks(10_000)
    bundle = load_bundle(default_bundle())
    single = Recognizer(bundle, [PEN_WIDTH])
    averaged = Recognizer(bundle, AVERAGED_WIDTHS)
    some = inks[:2000]
    render = [len(some) / seconds(lambda: [ink_to_image(i) for i in some]) for _ in range(ROUNDS)]
    planes = [
        len(some) / seconds(lambda: [ink_to_planes(i, (PEN_WIDTH,)) for i in some])
        for _ in range(ROUNDS)
    ]
    once = [len(inks) / seconds(lambda: list(single.recognize_many(inks))) for _ in range(ROUNDS)]
    thrice = [
        len(some) / seconds(lambda: list(averaged.recognize_many(some))) for _ in range(ROUNDS)
    ]
    rows = [
        Row(f"render {origin}, one core", tuple(render), "inks/s", "≥ 2,000"),
        Row("the same with the direction of the pen", tuple(planes), "inks/s", "≥ 2,000"),
        Row("recognise 10,000 inks, one pass", tuple(once), "inks/s", ""),
        Row("recognise, three pen widths averaged", tuple(thrice), "inks/s", ""),
    ]
    return rows + _file(inks) + _against_keras(inks, single)


def _file(inks: list) -> list[Row]:
    """The whole command on a file of 10,000 inks, including its start, on one core."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "inks.jsonl"
        path.write_text("\n".join(ink.to_json() for ink in inks))
        command = [sys.executable, "-m", "trainer", "recognize", str(path), "--json"]
        if hasattr(os, "sched_setaffinity"):
            command = ["taskset", "-c", "0", *command]
        widths = [str(width) for width in AVERAGED_WIDTHS]

        def rate(*options: str) -> float:
            began = perf_counter()
            subprocess.run([*command, *options], check=True, capture_output=True)
            return len(inks) / (perf_counter() - began)

        once = tuple(rate("--pen-widths", str(PEN_WIDTH)) for _ in range(3))
        thrice = tuple(rate("--pen-widths", *widths) for _ in range(3))
    return [
        Row("command on a file of 10,000 inks, one pass, one core", once, "inks/s", "≥ 1,000"),
        Row("the same, three pen widths averaged", thrice, "inks/s", "≥ 350"),
    ]


def _against_keras(inks: list, recognizer: Recognizer) -> list[Row]:
    """The same network in Keras, in a child process: one by one with predict, and in batches."""
    images = np.stack([ink_to_image(ink) for ink in inks[:2048]])
    alone = len(images[:500]) / seconds(
        lambda: [recognizer.probabilities(image[None]) for image in images[:500]]
    )
    together = len(images) / seconds(lambda: recognizer.probabilities(images))
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "images.npy", images)
        command = [sys.executable, "-m", "bench.keras_child", folder]
        try:
            done = subprocess.run(command, check=True, capture_output=True, text=True)
        except subprocess.CalledProcessError:
            return []
    rates = json.loads(done.stdout.splitlines()[-1])
    return [
        Row("LiteRT one by one ÷ keras.Model.predict", (alone / rates["predict"],), "×"),
        Row("LiteRT in batches, one core ÷ model(x), all cores", (together / rates["call"],), "×"),
    ]
