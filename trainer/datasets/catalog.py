"""All the datasets there are for a user: those that can be fetched, made, and those imported.

Light: the window lists datasets at its start. What fetching and making need is imported then.
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

from trainer.datasets.download.progress import Check, Meter, Report
from trainer.datasets.download.sources import Published, published
from trainer.datasets.entry import (
    CatalogEntry,
    Kind,
    bare_entry,
    on_disk,
    published_entry,
    size_of,
    starter_entry,
)
from trainer.datasets.formats.options import ImportOptions
from trainer.datasets.my_samples import NAME as SAMPLES
from trainer.datasets.my_samples import TITLE as SAMPLES_TITLE
from trainer.datasets.my_samples import MySamples
from trainer.datasets.store import TRAIN, StoredDataset, check_name, open_dataset, recover
from trainer.datasets.synthetic.starter import STARTER_SAMPLES, write_starter
from trainer.errors import DatasetError, Message
from trainer.files.disk import writing_to
from trainer.files.lock import locked
from trainer.files.paths import Profile
from trainer.ink.alphabet import BYCLASS

STARTER = "starter"

LIST_HINT = "All names: python -m trainer datasets list."

_LONGEST_STEM = 50
"""Characters of a name, so that a number fits behind."""

_STARTER_SEED = 1


class Catalog:
    """The datasets of a profile, and those that it could have.

    Parameters
    ----------
    profile : Profile
    mirrors : sequence of str
        Addresses to fetch from instead of those that are known.
    facts : sequence of Published, or None
        What can be fetched; None for EMNIST and MNIST.
    wait : callable
        Waits so many seconds before another attempt.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        mirrors: Sequence[str] = (),
        facts: Sequence[Published] | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._profile = profile
        self._mirrors = tuple(mirrors)
        self._published = {f.name: f for f in (published() if facts is None else facts)}
        self._wait = wait

    def entries(self) -> tuple[CatalogEntry, ...]:
        """Return all datasets: those to fetch, the starter set, my samples, the imported ones.

        A dataset that is damaged has its error in its entry and breaks nothing else.
        """
        own = [*self._published, STARTER, SAMPLES]
        return tuple(self._entry(name) for name in [*own, *self._imported()])

    def entry(self, name: str) -> CatalogEntry:
        """Return one dataset's entry.

        Raises
        ------
        DatasetError
            If there is no such name; it names those like it.
        """
        if name in (*self._published, STARTER, SAMPLES) or name in self._imported():
            return self._entry(name)
        like = ", ".join(self._like(name))
        raise DatasetError(
            "There is no dataset {name}. Like it: {like}."
            if like
            else "There is no dataset {name}.",
            LIST_HINT,
        ).format(name=repr(name), like=like)

    def holds(self, name: str) -> bool:
        """Tell whether a dataset of that name is on this computer, sound or not."""
        if name == SAMPLES:
            return self._profile.samples_file.exists()
        is_name = Path(name).name == name and not name.startswith((".", "~"))
        return is_name and (self._profile.datasets / name).is_dir()

    def open(self, name: str) -> StoredDataset:
        """Open a dataset that is present.

        Raises
        ------
        DatasetError
            If there is none, with what to do to get it, or if it is damaged.
        """
        entry = self.entry(name)
        if entry.is_present or entry.error:
            return (
                self._samples().dataset()
                if entry.kind is Kind.SAMPLES
                else open_dataset(entry.folder)
            )
        if entry.kind is Kind.SAMPLES:
            raise DatasetError(
                "There are no samples of yours yet.",
                "Confirm what was recognised in the Draw tab, and they gather here.",
            )
        raise DatasetError(
            "{title} is not on this computer yet.",
            "Get it with: python -m trainer datasets fetch {name}.",
        ).format(title=entry.title, name=name)

    def obtain(self, name: str, report: Report, check: Check) -> StoredDataset:
        """Fetch or make a dataset, if it is not present, and open it.

        Ended or failed, it leaves the datasets as they were; what has arrived of a download
        lies in the profile's ``downloads`` and is gone on with.

        Parameters
        ----------
        name : str
        report : callable
            Receives a `TransferProgress`, at most ten times a second.
        check : callable
            Raises to end the work.

        Raises
        ------
        DatasetError
            If there is no such name, or it cannot be had.
        """
        entry = self.entry(name)
        if entry.is_present:
            return self.open(name)
        if entry.kind is Kind.STARTER:
            return self.make_starter(report, check)
        facts = self._published.get(name)
        if facts is None:
            raise DatasetError(
                "{title} can be neither fetched nor made.",
                "Import it again from where it came." if entry.error else LIST_HINT,
            ).format(title=entry.title)
        from trainer.datasets.download.fetch import fetch

        mirrors = self._mirrors or tuple(os.environ.get(facts.variable, "").split())
        with self._alone(name):
            fetch(
                facts,
                self._profile.downloads / name,
                entry.folder,
                mirrors or facts.mirrors,
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
        """Make the starter set, in place of one that is there.

        Raises
        ------
        DatasetError
            If it cannot be written.
        """
        folder = self._profile.datasets / STARTER
        with self._alone(STARTER), writing_to(folder.parent):
            write_starter(folder, samples, seed, report, check)
        return open_dataset(folder)

    def new_name(self, suggested: str) -> str:
        """Return a name for another dataset: the suggested one, or with a number behind it."""
        taken = {*self._published, STARTER, SAMPLES, *self._imported()}
        numbered = (f"{suggested[:_LONGEST_STEM]}-{number}" for number in itertools.count(2))
        return next(name for name in itertools.chain([suggested], numbered) if name not in taken)

    def check_new_name(self, name: str) -> str:
        """Return `name` if another dataset may be called so.

        Raises
        ------
        DatasetError
            If it is taken or not usable.
        """
        if self.new_name(check_name(name)) != name:
            raise DatasetError(
                "The name {name} is taken.",
                "Choose another one, such as {new_name}, or remove that dataset.",
            ).format(name=name, new_name=self.new_name(name))
        return name

    def import_data(
        self, path: Path, options: ImportOptions, name: str, report: Report, check: Check
    ) -> StoredDataset:
        """Store data of somebody else's under a new name; all or nothing.

        Raises
        ------
        DatasetError
            If the name is taken or not usable, or the data cannot be read or stored.
        """
        from trainer.datasets.formats.import_ import import_dataset

        folder = self._profile.datasets / self.check_new_name(name)
        meters: list[Meter] = []

        def tell(done: int, total: int) -> None:
            if not meters:
                meters.append(Meter(report, "store", "samples", total))
            meters[0].reach(done)

        with self._alone(name):
            import_dataset(path, options, folder, report=tell, check=check)
        return open_dataset(folder)

    def remove(self, name: str) -> None:
        """Remove a dataset, damaged or not, and what has arrived of its download.

        Raises
        ------
        DatasetError
            If there is no such name, nothing of it is here, or it cannot be removed.
        """
        entry = self.entry(name)
        folders = [entry.folder, self._profile.downloads / name]
        if not any(folder.exists() or folder.is_symlink() for folder in folders):
            raise DatasetError("There is nothing of {title} on this computer.", LIST_HINT).format(
                title=entry.title
            )
        with self._alone(name):
            try:
                for folder in folders:
                    _remove(folder)
            except OSError as error:
                raise DatasetError(
                    "{title} cannot be removed: {reason}.",
                    "Close what uses it, then remove it again.",
                ).format(title=entry.title, reason=error.strerror or error) from error

    def _alone(self, name: str) -> AbstractContextManager[None]:
        path = self._profile.downloads / f"{name}.lock"
        return locked(
            path, Message("{name} is being worked on by another window or command.", name=name)
        )

    def _imported(self) -> list[str]:
        recover(self._profile.datasets)
        try:
            folders = [path for path in self._profile.datasets.iterdir() if path.is_dir()]
        except OSError:
            return []
        own = {*self._published, STARTER, SAMPLES}
        return sorted(f.name for f in folders if f.name not in own and f.name[0] != ".")

    def _like(self, name: str) -> list[str]:
        names = [*self._published, STARTER, SAMPLES, *self._imported()]
        return difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.5)

    def _entry(self, name: str) -> CatalogEntry:
        folder = self._profile.datasets / name
        if name == SAMPLES:
            return self._samples_entry(folder)
        if name == STARTER:
            return on_disk(starter_entry(folder))
        facts = self._published.get(name)
        if facts is None:
            return on_disk(bare_entry(folder))
        arrived = size_of(self._profile.downloads / name)
        return on_disk(replace(published_entry(facts, folder), arrived_bytes=arrived))

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
            counts = self._samples().counts
        except DatasetError as error:
            return replace(entry, error=error.message, hint=error.hint)
        # As `MySamples.dataset` has them, which would draw every sample anew.
        alphabet = BYCLASS if set(counts) <= set(BYCLASS) else tuple(sorted(counts))
        return replace(
            entry,
            alphabet=alphabet,
            counts={TRAIN: counts.total()},
            class_counts={TRAIN: tuple(counts[character] for character in alphabet)},
            disk_bytes=self._profile.samples_file.stat().st_size,
            is_present=counts.total() > 0,
        )

    def _samples(self) -> MySamples:
        return MySamples(self._profile.samples_file)


def _remove(folder: Path) -> None:
    """Remove a folder: first from its name, at once, then from the disk."""
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink():
        folder.unlink()
        return
    doomed = folder.with_name(f".{folder.name}.removed")
    shutil.rmtree(doomed, ignore_errors=True)
    folder.replace(doomed)
    shutil.rmtree(doomed)
