"""Size and start-up time of the executables of `make build-lite` and `make build`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from bench.table import Row

DIST = Path(__file__).parent.parent / "dist"
GOALS = {"lite": ("≤ 180", "≤ 0.5"), "full": ("≤ 1,250", "≤ 0.8")}
STARTS = 7


def measure() -> list[Row]:
    rows = []
    for flavour, (size, start) in GOALS.items():
        folder = DIST / f"emnist-desktop-{flavour}"
        if not folder.is_dir():
            print(f"{folder.name} is not there: make build-lite, make build", file=sys.stderr)
            continue
        took = tuple(_start(folder / "emnist-desktop") for _ in range(STARTS + 1))
        rows += [
            Row(f"{flavour} executable, unpacked", (_bytes(folder) / 1e6,), "MB", size),
            Row(f"{flavour} executable, start → window shown, a 4 read", took[1:], "s", start),
        ]
    return rows


def _start(program: Path) -> float:
    """Return the seconds until the self-test has recognised a character in the window."""
    began = perf_counter()
    child = subprocess.Popen(
        [program, "--self-test"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with child:
        assert child.stdout is not None
        line = child.stdout.readline()
        took = perf_counter() - began
        child.kill()  # the full one would go on and train
    if not line.startswith(b"Self-test passed"):
        raise SystemExit(f"{program} failed: {line.decode()}")
    return took


def _bytes(folder: Path) -> int:
    files = (Path(top) / name for top, _, names in os.walk(folder) for name in names)
    return sum(file.stat().st_size for file in files if not file.is_symlink())
