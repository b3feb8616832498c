"""What a lab asks: trackers beside a training, and workers that share a search on PostgreSQL.

``python -m bench lab``; without what is not installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.data import data_folder
from bench.table import Row, seconds
from tests.trainer.search.postgres import programs, server
from trainer.config.fields import TRACKERS
from trainer.errors import RunError
from trainer.exporting.tracking import open_tracking
from trainer.files.paths import PROFILE_VARIABLE
from trainer.runs import events
from trainer.runs.folder import RunFolder

EPOCHS, SAMPLES = 5, 20_000
TRIALS, ROUNDS = 8, 3
TRIAL = ("--preset", "mlp-relu", "--epochs", "4", "--limit", "20000", "--method", "grid")
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


def measure() -> list[Row]:
    data = data_folder("mnist")
    with tempfile.TemporaryDirectory() as folder:
        return [*_trackers(data, Path(folder)), *_workers(data, Path(folder))]


def _trainer(profile: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = os.environ | ONE_THREAD | {PROFILE_VARIABLE: str(profile)}
    return subprocess.Popen(
        [sys.executable, "-m", "trainer", *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _trackers(data: Path, folder: Path) -> Iterator[Row]:
    """Time what a tracker does with the events of a run against the training of that run."""
    run = RunFolder(folder / "run")
    settings = ("--preset", "cnn-small", "--epochs", str(EPOCHS), "--limit", str(SAMPLES))
    done = _trainer(folder, "train", "--data", str(data), *settings, "--run-dir", str(run.root))
    assert done.wait() == 0
    history = [event for event in run.events() if not isinstance(event, events.Batch)]
    training = sum(each.seconds for each in history if isinstance(each, events.Epoch))
    os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{folder / 'mlflow.db'}"
    for kind in TRACKERS[1:]:

        def send(kind: str = kind) -> None:
            with closing(open_tracking(kind, run, run.config(), "")) as tracking:
                for event in history:
                    tracking.add(event)

        try:
            send()  # imports the package, and creates the database
        except RunError as error:
            print(error.message, error.hint)
            continue
        shares = tuple(100 * seconds(send) / training for _ in range(ROUNDS))
        yield Row(f"{kind}: share of {EPOCHS} epochs of cnn-small", shares, "%", "≤ 2")


def _workers(data: Path, folder: Path) -> Iterator[Row]:
    """Time a search by one worker and by two, each of one thread."""
    if programs() is None:
        print("PostgreSQL is not installed.")
        return
    rates = ",".join(f"{0.001 * (trial + 1):g}" for trial in range(TRIALS))
    with server() as address:
        times: dict[int, list[float]] = {1: [], 2: []}
        for turn in range(ROUNDS):
            for workers in (1, 2):
                where = ("--study", f"{workers}-{turn}", "--storage", address)
                what = ("--data", str(data), *TRIAL, "--vary", f"learning_rate={rates}")

                def search(
                    workers: int = workers, command: tuple[str, ...] = (*where, *what)
                ) -> None:
                    started = [_trainer(folder, "search", *command) for _ in range(workers)]
                    assert [each.wait() for each in started] == [0] * workers

                times[workers].append(seconds(search))
    yield Row(f"search of {TRIALS} trials by one worker", tuple(times[1]), "s")
    ratios = tuple(one / two for one, two in zip(times[1], times[2], strict=True))
    yield Row("two workers on PostgreSQL ÷ one", ratios, "", "≥ 1.7")
