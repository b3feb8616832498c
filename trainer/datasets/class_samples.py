"""The samples of a class: a file of each pupil, merged by writer into one dataset."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.datasets.analysis.statistics import Check, nothing_to_check
from trainer.datasets.dataset import writer_split
from trainer.datasets.ink_archive import PenArchive, read_pen_archive
from trainer.datasets.store import TEST, TRAIN, DatasetWriter, StoredDataset, open_dataset
from trainer.errors import DatasetError, Message, TrainerError
from trainer.files.disk import modified
from trainer.ink.alphabet import BYCLASS
from trainer.ink.strokes import Ink

_SUFFIX = ".npz"
_MOST_FILES = 1_000
_SEED = 1
"""Of the split by writer, so that everybody with the same files has the same."""


@dataclass(frozen=True, eq=False)
class ClassWriter:
    """What one pupil has written.

    Attributes
    ----------
    name : str
        Empty if unknown.
    files : tuple of str
        The names of the files with samples of this writer.
    inks : tuple of Ink
    characters : tuple of str
        What they show.
    duplicates : int
        Samples that were there before, in another file or of another writer.
    """

    name: str
    files: tuple[str, ...]
    inks: tuple[Ink, ...]
    characters: tuple[str, ...]
    duplicates: int


@dataclass(frozen=True, eq=False)
class MergedClass:
    """What files of a class hold.

    Attributes
    ----------
    writers : tuple of ClassWriter
        By name, those without one last.
    problems : tuple of TrainerError
        Of the files that cannot be read.
    """

    writers: tuple[ClassWriter, ...]
    problems: tuple[TrainerError, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each writer, all different; a number where there is none."""
        names: list[str] = []
        for number, writer in enumerate(self.writers, start=1):
            plain = writer.name or str(number)
            others = (f"{plain} ({ordinal})" for ordinal in range(2, len(self.writers) + 2))
            taken = {name.casefold() for name in names}
            names.append(next(each for each in (plain, *others) if each.casefold() not in taken))
        return tuple(names)

    @property
    def numbers(self) -> tuple[str, ...]:
        """A number for each writer, in an order that does not follow the names."""
        keys = [
            hashlib.sha256(each.inks[0].to_json().encode()).hexdigest() for each in self.writers
        ]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        return tuple(str(order.index(row) + 1) for row in range(len(keys)))


def class_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files among paths, and those in folders among them, the newest first.

    Raises
    ------
    DatasetError
        If there are none, or far too many.
    """
    found: set[Path] = set()
    for path in paths:
        found.update(path.glob(f"*{_SUFFIX}") if path.is_dir() else (path,))
    if not found:
        raise DatasetError(
            "There is no file of a pupil.",
            "Pupils export their samples with My samples, For a class.",
        )
    if len(found) > _MOST_FILES:
        raise DatasetError(
            "Expected up to {most} files. Received: {found}.", "Choose the folder of one class."
        ).format(most=_MOST_FILES, found=len(found))
    return tuple(sorted(found, key=lambda path: (-modified(path), path.name)))


def read_class(paths: Iterable[Path], check: Check = nothing_to_check) -> MergedClass:
    """Read what pupils have exported, and merge it by writer.

    Of a drawing that is there several times the one in the newest file counts, so that an export
    may be repeated. Writers are told apart by what their program has written beside their name.

    Parameters
    ----------
    paths : iterable of Path
        Pen archives, or folders of them.
    check : callable
        Raises to cancel.

    Raises
    ------
    DatasetError
        If there is no file.
    """
    problems: list[TrainerError] = []
    found: dict[tuple[str, str], ClassWriter] = {}
    seen: set[str] = set()
    for path in class_files(paths):
        try:
            archive = read_pen_archive(path)
        except TrainerError as error:
            problems.append(error)
            continue
        for number in np.unique(archive.writers).tolist():
            check()
            name, key = _writer_of(archive, number, path)
            before = found.get(key) or ClassWriter(name, (), (), (), 0)
            found[key] = _with_samples(before, archive, number, path.name, seen)
    writers = [each for each in found.values() if each.inks]
    writers.sort(key=lambda each: (not each.name, each.name.casefold(), each.files))
    return MergedClass(tuple(writers), tuple(problems))


def store_class(
    samples: MergedClass,
    names: Sequence[str],
    folder: Path,
    title: str,
    test_share: float = 0.0,
    check: Check = nothing_to_check,
) -> StoredDataset:
    """Store the samples of a class as a dataset that knows who wrote what.

    Parameters
    ----------
    samples : MergedClass
    names : sequence of str
        Of the writers; `MergedClass.names`, `MergedClass.numbers`, or others. Writers with the
        same name become one.
    folder : Path
    title : str
    test_share : float
        Share of the samples, from 0 to below 1, whose writers are set aside as the test split.
    check : callable
        Raises to cancel.

    Raises
    ------
    DatasetError
        If there are no samples, or all would be set aside.
    """
    if not samples.writers:
        raise DatasetError("The files hold no samples.", "Choose files that pupils exported.")
    distinct = tuple(dict.fromkeys(names))
    inks = [ink for writer in samples.writers for ink in writer.inks]
    characters = [each for writer in samples.writers for each in writer.characters]
    writers = np.repeat(
        [distinct.index(name) for name in names], [len(each.inks) for each in samples.writers]
    ).astype(np.int64)
    known = set(characters)
    alphabet = BYCLASS if known <= set(BYCLASS) else tuple(sorted(known))
    labels = np.array([alphabet.index(each) for each in characters], dtype=np.int64)
    archive = replace(
        PenArchive.from_inks(folder.name, alphabet, inks, labels),
        writers=writers,
        writer_names=distinct,
    )
    with DatasetWriter(
        folder,
        title=title,
        alphabet=alphabet,
        source=Message("Samples of {n} pupils.", n=len(distinct)),
        writer_names=distinct,
    ) as writer:
        for split, rows in _split(writers, test_share).items():
            keep = np.zeros(len(writers), dtype=bool)
            keep[rows] = True
            writer.append_inks(split, archive.select(keep), check)
    return open_dataset(folder)


def _split(writers: npt.NDArray[np.int64], test_share: float) -> dict[str, npt.NDArray[np.int64]]:
    everything = np.arange(len(writers))
    if test_share <= 0:
        return {TRAIN: everything}
    train, test = writer_split(writers, test_share, _SEED)
    if not len(train) or not len(test):
        raise DatasetError(
            "The writers cannot be split: there are too few.", "Leave out the share of the test."
        )
    return {TRAIN: train, TEST: test}


def _with_samples(
    before: ClassWriter, archive: PenArchive, number: int, file: str, seen: set[str]
) -> ClassWriter:
    inks, characters, duplicates = list(before.inks), list(before.characters), before.duplicates
    for row in np.flatnonzero(archive.writers == number).tolist():
        points, starts = archive.strokes(row)
        key = hashlib.sha256(points.tobytes() + starts.tobytes()).hexdigest()
        if key in seen:
            duplicates += 1
            continue
        seen.add(key)
        inks.append(archive.ink(row))
        characters.append(archive.alphabet[archive.labels[row]])
    files = (*before.files, file)
    return ClassWriter(before.name, files, tuple(inks), tuple(characters), duplicates)


def _writer_of(archive: PenArchive, number: int, path: Path) -> tuple[str, tuple[str, str]]:
    """Return a writer's name, and what tells the writer from others."""
    name = " ".join(archive.writer_names[number].split()) if archive.writer_names else ""
    if archive.writer_ids and archive.writer_ids[number]:
        return name, ("id", archive.writer_ids[number])
    return name, ("name", name.casefold()) if name else ("file", f"{path}:{number}")
