"""Checkpoints: the state of a run as arrays and JSON, nothing that runs code."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import RunError
from trainer.files.npz import UNREADABLE
from trainer.files.records import RecordError, read_object, write_json
from trainer.runs.folder import RunFolder
from trainer.training.weight_average import Weights

_DAMAGED: tuple[type[Exception], ...] = (*UNREADABLE, TypeError, RecordError)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The state from which a run resumes.

    Attributes
    ----------
    weights, optimizer, average : list of ndarray
        Of the network, its optimiser, and the averaged weights.
    usable : ndarray of shape (n_samples,), dtype=bool
        False for samples that were set aside.
    state : dict
        "epoch", "best", "fingerprint" and the like.
    """

    weights: Weights
    optimizer: Weights
    average: Weights
    usable: npt.NDArray[np.bool_]
    state: dict[str, Any]


def save_snapshot(folder: RunFolder, epoch: int, snapshot: Snapshot) -> None:
    """Save a snapshot as the newest checkpoint of a run."""
    writing = folder.checkpoints / ".writing"
    shutil.rmtree(writing, ignore_errors=True)
    writing.mkdir(parents=True)
    np.savez(writing / "weights.npz", *snapshot.weights)
    np.savez(writing / "optimizer.npz", *snapshot.optimizer)
    np.savez(writing / "average.npz", *snapshot.average)
    np.save(writing / "usable.npy", snapshot.usable)
    write_json(writing / "state.json", snapshot.state)
    folder.save_checkpoint(epoch, writing)


def load_snapshot(folder: RunFolder) -> Snapshot | None:
    """Load the newest checkpoint; None without one.

    Raises
    ------
    RunError
        If it cannot be read.
    """
    checkpoint = folder.last_checkpoint()
    if checkpoint is None:
        return None
    try:
        state = read_object(checkpoint / "state.json")
        snapshot = Snapshot(
            weights=arrays(checkpoint / "weights.npz"),
            optimizer=arrays(checkpoint / "optimizer.npz"),
            average=arrays(checkpoint / "average.npz"),
            usable=np.load(checkpoint / "usable.npy"),
            state=state,
        )
        int(state["epoch"]), state["best"], state["fingerprint"]
    except _DAMAGED as error:
        raise RunError(
            "The checkpoint {checkpoint} cannot be read: {reason}.",
            "Start the run again in another --run-dir.",
        ).format(checkpoint=checkpoint.name, reason=error) from error
    return snapshot


def arrays(path: Path) -> Weights:
    """Return the arrays of an ``.npz`` file, in the order of writing."""
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
        return [archive[name] for name in archive.files]
