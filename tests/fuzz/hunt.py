"""Breaks files and reads them: the loop that the short test and the long hunt share."""

from __future__ import annotations

import hashlib
import resource
import warnings
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np

from tests.fuzz.mutations import mutated
from tests.fuzz.targets import Target
from trainer.errors import TrainerError

SLOWEST_SECONDS = 2.0
LARGEST_BYTES = 1 << 30


@dataclass(frozen=True)
class Fault:
    """An input that did what none may do."""

    target: str
    seed: int
    words: str


def hunt(target: Target, seeds: range, folder: Path) -> list[Fault]:
    """Read one broken file for each seed; return what went wrong.

    Each file depends on the target and its seed alone, so a fault can be had again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = target.make(folder)
    sound = path.read_bytes()
    before = _files(folder.parent)
    faults = []
    for seed in seeds:
        path.write_bytes(mutated(sound, np.random.default_rng([seed, _number(target.name)])))
        words = _read(target, path)
        if words:
            faults.append(Fault(target.name, seed, words))
    if _files(folder.parent) != before:
        faults.append(Fault(target.name, -1, "Files were written or removed."))
    return faults


def _read(target: Target, path: Path) -> str:
    began = process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            target.read(path)
    except TrainerError as error:
        if not error.message.strip():
            return "An error without a sentence."
    except Exception as error:  # noqa: BLE001 - this is what is hunted
        return f"{type(error).__name__}: {error}"
    if process_time() - began > SLOWEST_SECONDS:
        return f"Took {process_time() - began:.1f} s."
    return ""


def most_memory() -> int:
    """Return the most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _files(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "little")
