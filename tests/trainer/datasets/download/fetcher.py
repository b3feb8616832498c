"""A catalogue that fetches a small EMNIST, and what it leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.trainer.servers import Miniature
from trainer.datasets.catalog import Catalog
from trainer.datasets.download.progress import TransferProgress
from trainer.datasets.store import StoredDataset
from trainer.files.paths import Profile

NAME = "emnist-balanced"
IMAGES = "emnist-balanced-train-images-idx3-ubyte.gz"


class StoppedError(Exception):
    """What a user's cancel raises."""


class Fetcher:
    """A catalogue with a small EMNIST in it, and what it did."""

    def __init__(self, profile: Path, small: Miniature) -> None:
        self.profile = Profile(profile)
        self.small = small
        self.waits: list[float] = []
        self.events: list[TransferProgress] = []

    def __call__(
        self, *mirrors: str, check: Callable[[], None] = lambda: None, name: str = NAME
    ) -> StoredDataset:
        catalog = Catalog(
            self.profile, mirrors=mirrors, sources=[self.small.facts], wait=self.waits.append
        )
        return catalog.obtain(name, self.events.append, check)

    @property
    def part(self) -> Path:
        return self.profile.downloads / NAME / "parts" / IMAGES

    def stop(self) -> None:
        """Cancel once 100,000 bytes have arrived, as a check."""
        parts = self.profile.downloads.glob("*/parts/*")
        if sum(path.stat().st_size for path in parts) > 100_000:
            raise StoppedError

    def left(self) -> list[str]:
        """Return what lies in the folders of datasets and downloads, but for locks."""
        folders = (self.profile.datasets, self.profile.downloads)
        files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        return sorted(path.name for path in files if path.suffix != ".lock")


def assert_complete(stored: StoredDataset, small: Miniature) -> None:
    for split in ("train", "test"):
        assert np.array_equal(stored.splits[split].images, small.images[split])
        assert np.array_equal(stored.splits[split].labels, small.labels[split])
    assert stored.card.alphabet == small.facts.alphabet
    assert stored.card.terms == small.facts.terms
    assert stored.card.citation
