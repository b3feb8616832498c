"""The catalogue: datasets to fetch or to generate, the user's samples, and imported datasets.

It imports little, since the window lists datasets at its start; the rest is imported on demand.
"""

from __future__ import annotations

import difflib
import itertools
import os
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.datasets.download.progress import Check, Meter, Report
from trainer.datasets.download.sources import PublishedDataset, published
from trainer.datasets.entry import (
    CatalogEntry,
    Kind,
    bare_entry,
    on_disk,
    published_entry,
    starter_entry,
)
from trainer.datasets.formats.options import ImportOptions
from trainer.datasets.my_samples import NAME as SAMPLES
from trainer.datasets.my_samples import TITLE as SAMPLES_TITLE
from trainer.datasets.my_samples import MySamples
from trainer.datasets.store import TRAIN, StoredDataset, check_name, open_dataset, recover
from trainer.datasets.synthetic.about import STARTER_SAMPLES
from trainer.errors import DatasetError, Message
from trainer.files.disk import size_of, writing_to
from trainer.files.lock import locked
from trainer.files.paths import Profile
from trainer.ink.alphabet import BYCLASS

if TYPE_CHECKING:
    from trainer.datasets.class_samples import MergedClass

STARTER = "starter"

LIST_HINT = "All names: python -m trainer datasets list."

_LONGEST_STEM = 50
"""Characters of a name that leave room for a number."""

_STARTER_SEED = 1


class Catalog:
    """The datasets of a profile, and those it can obtain.

    Parameters
    ----------
    profile : Profile
    mirrors : sequence of str
        Addresses to download from instead of the known ones.
    sources : sequence of PublishedDataset, or None
        What can be downloaded; None for EMNIST and MNIST.
    wait : callable
        Sleeps for a number of seconds before a retry.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        mirrors: Sequence[str] = (),
        sources: Sequence[PublishedDataset] | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._profile = profile
        self._mirrors = tuple(mirrors)
        self._published = {s.name: s for s in (published() if sources is None else sources)}
        self._own_names = (*self._published, STARTER, SAMPLES)
        self._wait = wait

    def entries(self) -> tuple[CatalogEntry, ...]:
        """Return all datasets: those to download, the starter set, my samples, the imported ones.

        The error of a damaged dataset is in its entry and affects no other.
        """
        return tuple(map(self._entry, self._names()))

    def entry(self, name: str) -> CatalogEntry:
        """Return one dataset's entry.

        Raises
        ------
        DatasetError
            If there is none; the error lists similar names.
        """
        names = self._names()
        if name in names:
            return self._entry(name)
        like = ", ".join(difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.5))
        raise DatasetError(
            "There is no dataset {name}. Like it: {like}."
            if like
            else "There is no dataset {name}.",
            LIST_HINT,
        ).format(name=repr(name), like=like)

    def holds(self, name: str) -> bool:
        """Return whether a dataset of that name is on this computer, intact or not."""
        if name == SAMPLES:
            return self._profile.samples_file.exists()
        is_name = Path(name).name == name and not name.startswith((".", "~"))
        return is_name and (self._profile.datasets / name).is_dir()

    def open(self, name: str) -> StoredDataset:
        """Open a dataset that is present.

        Raises
        ------
        DatasetError
            If it is not present, with how to obtain it, or damaged.
        """
        entry = self.entry(name)
        if entry.is_present or entry.error:
            return (
                MySamples(self._profile.samples_file).dataset()
                if entry.kind is Kind.SAMPLES
                else open_dataset(entry.folder)
            )
        if entry.kind is Kind.SAMPLES:
            raise DatasetError(
                "There are no samples of yours yet.",
                "Confirm what was recognised in the Draw tab, or collect samples from the Edit "
                "menu.",
            )
        raise DatasetError(
            "{title} is not on this computer yet.",
            "Get it with: python -m trainer datasets fetch {name}.",
        ).format(title=entry.title, name=name)

    def obtain(self, name: str, report: Report, check: Check) -> StoredDataset:
        """Download or generate a dataset, unless it is present, and open it.

        A cancellation or failure leaves the datasets unchanged; a partial download stays in the
        profile's ``downloads`` and is resumed.

        Parameters
        ----------
        name : str
        report : callable
            Receives a `TransferProgress`, at most ten times a second.
        check : callable
            Raises to cancel.

        Raises
        ------
        DatasetError
            If there is no such dataset, or it cannot be obtained.
        """
        entry = self.entry(name)
        if entry.is_present:
            return self.open(name)
        if entry.kind is Kind.STARTER:
            return self.make_starter(report, check)
        source = self._published.get(name)
        if source is None:
            raise DatasetError(
                "{title} can be neither fetched nor made.",
                "Import it again from where it came." if entry.error else LIST_HINT,
            ).format(title=entry.title)
        from trainer.datasets.download.fetch import fetch

        mirrors = self._mirrors or tuple(os.environ.get(source.variable, "").split())
        with self._lock(name):
            fetch(
                source,
                self._profile.downloads / name,
                entry.folder,
                mirrors or source.mirrors,
                (report, check, self._wait),
            )
        return open_dataset(entry.folder)

    def make_starter(
        self,
        report: Report,
        check: Check,
        samples: int = STARTER_SAMPLES,
        seed: int = _STARTER_SEED,
    ) -> StoredDataset:
        """Generate the starter set, replacing an existing one.

        Raises
        ------
        DatasetError
            If it cannot be written.
        """
        from trainer.datasets.synthetic.starter import write_starter

        folder = self._profile.datasets / STARTER
        with self._lock(STARTER), writing_to(folder.parent):
            write_starter(folder, samples, seed, report, check)
        return open_dataset(folder)

    def new_name(self, suggested: str) -> str:
        """Return an unused dataset name: the suggested one, or with a number appended."""
        used = self._names()
        numbered = (f"{suggested[:_LONGEST_STEM]}-{number}" for number in itertools.count(2))
        return next(name for name in itertools.chain([suggested], numbered) if name not in used)

    def check_new_name(self, name: str) -> str:
        """Return `name` if it is valid for a new dataset.

        Raises
        ------
        DatasetError
            If it is in use or not valid.
        """
        if self.new_name(check_name(name)) != name:
            raise DatasetError(
                "The name {name} is taken.",
                "Choose another one, such as {new_name}, or remove that dataset.",
            ).format(name=name, new_name=self.new_name(name))
        return name

    def import_class(
        self,
        samples: MergedClass,
        names: Sequence[str],
        name: str,
        title: str = "",
        test_share: float = 0.0,
        check: Check = lambda: None,
    ) -> StoredDataset:
        """Store the samples of a class under a new name; see `store_class`.

        Raises
        ------
        DatasetError
            If the name is in use, or there are no samples.
        """
        from trainer.datasets.class_samples import store_class

        folder = self._profile.datasets / self.check_new_name(name)
        with self._lock(name):
            return store_class(samples, names, folder, title or name, test_share, check)

    def import_data(
        self, path: Path, options: ImportOptions, name: str, report: Report, check: Check
    ) -> StoredDataset:
        """Import foreign data under a new name; all or nothing.

        Raises
        ------
        DatasetError
            If the name is in use or not valid, or the data cannot be read or stored.
        """
        from trainer.datasets.formats.import_ import import_dataset

        folder = self._profile.datasets / self.check_new_name(name)
        meters: list[Meter] = []

        def advance(done: int, total: int) -> None:
            if not meters:
                meters.append(Meter(report, "store", "samples", total))
            meters[0].reach(done)

        with self._lock(name):
            import_dataset(path, options, folder, report=advance, check=check)
        return open_dataset(folder)

    def remove(self, name: str) -> None:
        """Remove a dataset, damaged or not, and its partial download.

        Raises
        ------
        DatasetError
            If there is none, nothing of it is stored, or it cannot be removed.
        """
        entry = self.entry(name)
        folders = [entry.folder, self._profile.downloads / name]
        if not any(folder.exists() or folder.is_symlink() for folder in folders):
            raise DatasetError("There is nothing of {title} on this computer.", LIST_HINT).format(
                title=entry.title
            )
        with self._lock(name):
            try:
                for folder in folders:
                    _remove(folder)
            except OSError as error:
                raise DatasetError(
                    "{title} cannot be removed: {reason}.",
                    "Close what uses it, then remove it again.",
                ).format(title=entry.title, reason=error.strerror or error) from error

    def _lock(self, name: str) -> AbstractContextManager[None]:
        path = self._profile.downloads / f"{name}.lock"
        return locked(
            path, Message("{name} is being worked on by another window or command.", name=name)
        )

    def _names(self) -> list[str]:
        """Return the names of all datasets, imported ones last."""
        recover(self._profile.datasets)
        try:
            folders = [path.name for path in self._profile.datasets.iterdir() if path.is_dir()]
        except OSError:
            folders = []
        imported = {name for name in folders if name[0] != "."}.difference(self._own_names)
        return [*self._own_names, *sorted(imported)]

    def _entry(self, name: str) -> CatalogEntry:
        folder = self._profile.datasets / name
        if name == SAMPLES:
            return self._samples_entry(folder)
        if name == STARTER:
            return on_disk(starter_entry(folder))
        source = self._published.get(name)
        if source is None:
            return on_disk(bare_entry(folder))
        arrived = size_of(self._profile.downloads / name)
        return on_disk(replace(published_entry(source, folder), arrived_bytes=arrived))

    def _samples_entry(self, folder: Path) -> CatalogEntry:
        entry = replace(
            bare_entry(folder),
            title=SAMPLES_TITLE,
            description=Message("What you confirmed in the Draw tab."),
            kind=Kind.SAMPLES,
            folder=self._profile.samples_file.parent,
            terms="Yours.",
        )
        if not self._profile.samples_file.exists():
            return entry
        try:
            counts = MySamples(self._profile.samples_file).counts
        except DatasetError as error:
            return replace(entry, error=error.message, hint=error.hint)
        # The same alphabet as `MySamples.dataset`, which would render every sample.
        alphabet = BYCLASS if set(counts) <= set(BYCLASS) else tuple(sorted(counts))
        return replace(
            entry,
            alphabet=alphabet,
            counts={TRAIN: counts.total()},
            class_counts={TRAIN: tuple(counts[character] for character in alphabet)},
            disk_bytes=self._profile.samples_file.stat().st_size,
            is_present=counts.total() > 0,
        )


def _remove(folder: Path) -> None:
    """Remove a folder: rename it first, so that it is gone at once."""
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink():
        folder.unlink()
        return
    renamed = folder.with_name(f".{folder.name}.removed")
    shutil.rmtree(renamed, ignore_errors=True)
    folder.replace(renamed)
    shutil.rmtree(renamed)
