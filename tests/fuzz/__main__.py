"""The long hunt: ``make fuzz``. Every lot has a process of its own, so that a crash is seen."""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from tests.fuzz.hunt import LARGEST_BYTES, Fault, hunt, most_memory
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

_LOT = 500
_LOT_SECONDS = 300
"""Of processor time; by the clock, twelve times as long, on a busy machine."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="in all (default 100,000)")
    parser.add_argument("--target", choices=[target.name for target in TARGETS])
    parser.add_argument("--seeds", type=int, nargs=2, metavar=("LOW", "HIGH"), help="one lot")
    options = parser.parse_args()
    if options.seeds and options.target:
        print(json.dumps([asdict(fault) for fault in _lot(options.target, *options.seeds)]))
        return 0
    chosen = [t for t in TARGETS if options.target in (None, t.name)]
    cheap = options.inputs / sum(1 / target.cost for target in chosen)
    lots = [lot for target in chosen for lot in _lots(target, math.ceil(cheap / target.cost))]
    faults: list[Fault] = []
    with ThreadPoolExecutor(max(1, (os.cpu_count() or 2) - 1)) as threads:
        for done, found in enumerate(threads.map(_lot_in_a_process, lots), start=1):
            faults += found
            if done % 10 == 0 or done == len(lots):
                print(f"{done} of {len(lots)} lots, {len(faults)} faults", flush=True)
    for fault in _one_of_each(faults):
        print(f"--target {fault.target} --seeds {fault.seed} {fault.seed + 1}: {fault.words}")
    return 1 if faults else 0


def _one_of_each(faults: Iterable[Fault]) -> list[Fault]:
    """Return the first of those with the same words: one cause breaks many files."""
    return list({(fault.target, fault.words): fault for fault in reversed(list(faults))}.values())


def _lots(target: Target, inputs: int) -> Iterator[tuple[str, int, int]]:
    each = max(1, _LOT // target.cost)
    for low in range(0, inputs, each):
        yield target.name, low, min(low + each, inputs)


def _lot(name: str, low: int, high: int) -> list[Fault]:
    target = next(t for t in TARGETS if t.name == name)
    resource.setrlimit(resource.RLIMIT_CPU, (_LOT_SECONDS, _LOT_SECONDS))
    with tempfile.TemporaryDirectory() as folder:
        faults = hunt(target, range(low, high), Path(folder))
    if most_memory() > LARGEST_BYTES:
        faults.append(Fault(name, low, f"Took {most_memory() >> 20} MB."))
    return faults


def _lot_in_a_process(lot: tuple[str, int, int]) -> list[Fault]:
    name, low, high = lot
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.fuzz"]
    command += ["--target", name, "--seeds", str(low), str(high)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=12 * _LOT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return [Fault(name, low, f"A lot of {high - low} took more than {_LOT_SECONDS} s.")]
    if done.returncode:
        end = " ".join(done.stderr.split()[:40])
        return [Fault(name, low, f"The process ended with {done.returncode}: {end}")]
    return [Fault(**record) for record in json.loads(done.stdout.splitlines()[-1])]


if __name__ == "__main__":
    sys.exit(main())
