"""From the name on a command line to data: what ``--data`` accepts."""

from __future__ import annotations

from pathlib import Path

from trainer.datasets.dataset import Dataset
from trainer.datasets.idx import find_splits, read_idx_dataset
from trainer.datasets.pen import PenArchive, read_pen_archive
from trainer.errors import DatasetError

Data = Dataset | PenArchive


def load_data(name: str, split: str = "") -> Data:
    """Open a pen archive, or IDX images in a folder or file.

    Parameters
    ----------
    name : str
        A path.
    split : str
        "train" or "test" where the data have them; empty for test where there is one, else all.

    Raises
    ------
    DatasetError
        If nothing is there, it cannot be read, or it has no such split.
    """
    path = Path(name).expanduser()
    if not path.exists():
        raise DatasetError(f"There is no {path}.", "Check the path after --data.")
    if path.suffix == ".npz":
        if split not in ("", "all"):
            raise DatasetError(
                f"{path.name} has no split {split!r}: a pen archive is one split.",
                "Leave --split out.",
            )
        return read_pen_archive(path)
    splits = find_splits(path)
    if split == "all":
        raise DatasetError("IDX data are read one split at a time.", "Use --split train or test.")
    chosen = split or ("test" if "test" in splits else next(iter(splits), ""))
    if chosen not in splits:
        raise DatasetError(
            f"{path.name} has no split {chosen!r}. Found: {', '.join(splits) or 'none'}.",
            "IDX files are named like emnist-balanced-train-images-idx3-ubyte.gz.",
        )
    return read_idx_dataset(splits[chosen])


def as_images(data: Data) -> Dataset:
    """Return images: a pen archive is rendered, a dataset is what it is."""
    return data.render() if isinstance(data, PenArchive) else data
