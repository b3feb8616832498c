"""Breaks files and reads them: the loop that the short test and the long hunt share."""

from __future__ import annotations

import hashlib
import os
import resource
import warnings
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np

from tests.fuzz.mutations import OUTSIDE
from tests.fuzz.target import Target
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

    Each file depends on the target and its seed alone, so a fault can be had again. `folder` is
    what is watched: the file lies deep in it, so that a name with some ``../`` stays within.
    """
    inner = folder / "watched" / "too" / "broken"
    inner.mkdir(parents=True)
    path = target.make(inner)
    sound = path.read_bytes()
    faults = []
    before = _files(folder, path)
    for seed in seeds:
        path.write_bytes(target.mutate(sound, np.random.default_rng([seed, _number(target.name)])))
        words = _read(target, path)
        after = _files(folder, path)
        if after != before:
            words = f"Changed {sorted(map(str, {*after.items()} ^ {*before.items()}))}."
            OUTSIDE.unlink(missing_ok=True)
            before = _files(folder, path)
        if words:
            faults.append(Fault(target.name, seed, words))
    return faults


def _read(target: Target, path: Path) -> str:
    began = _seconds()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.filterwarnings("ignore", category=DeprecationWarning, module="keras")
            # Pillow warns of a damaged part of a picture that it reads all the same.
            warnings.filterwarnings("ignore", category=UserWarning, module="PIL")
            target.read(path)
    except TrainerError as error:
        if not error.message.strip():
            return "An error without a sentence."
    except Exception as error:  # noqa: BLE001 - this is what is hunted
        return f"{type(error).__name__}: {error}"
    if _seconds() - began > SLOWEST_SECONDS:
        return f"Took {_seconds() - began:.1f} s."
    return ""


def _seconds() -> float:
    """Return how long this process and the children that it had have computed."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def most_memory() -> int:
    """Return the most memory that this process or a child of it ever had, in bytes."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(each).ru_maxrss for each in whose) * 1024


def _files(folder: Path, broken: Path) -> dict[Path, tuple[int, int]]:
    """Return size and time of all that is there, but for what lies beside the broken file."""
    found = [*folder.rglob("*"), *([OUTSIDE] if os.path.lexists(OUTSIDE) else [])]
    facts = dict.fromkeys(found, (0, 0))
    for path in found:
        if path.parent != broken.parent and (path.is_symlink() or not path.is_dir()):
            seen = path.lstat()
            facts[path] = (seen.st_size, seen.st_mtime_ns)
    return facts


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "little")
