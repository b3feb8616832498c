"""Stored datasets: a card and plain arrays on disk; images are read when they are needed.

```
NAME/dataset.json        the card: title, characters, image size, counts, source, terms
     train-images.npy    uint8 (n, height, width), 0 = paper, 255 = ink, upright
     train-labels.npy    int64 (n,)
     train-writers.npy   int64 (n,), if writers are known
     train-inks.npz      a pen archive with the drawings of the images, if there are any
     validation-…        the same for the validation split, if there is one
     test-…              the same for the test split, if there is one
```
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Dataset, Labels, check_classes
from trainer.datasets.ink_archive import PenArchive, read_pen_archive, write_pen_archive
from trainer.errors import DatasetError, Message
from trainer.files.file_array import FileArray
from trainer.files.paths import plain_words, put_back, put_in_place
from trainer.files.records import RecordError, decode, read_object, write_json
from trainer.ink.render import IMAGE_SIZE, Images

TRAIN = "train"
VALIDATION = "validation"
TEST = "test"
SPLITS = (TRAIN, VALIDATION, TEST)

CARD_NAME = "dataset.json"
FORMAT = 1
"""Raised when older versions cannot read the folder any more."""

_HEADER_BYTES = 128
"""Size of the header of an .npy file (NumPy Enhancement Proposal 1, version 1.0)."""

_MOST_TITLE = 1_000
"""Characters that are shown of a title: laying out millions takes half a minute."""

_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""Names that Windows takes for devices, whatever the folder."""

_LONGEST_SHOWN = 80
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_TRIES = 100
"""Times that a dataset is opened which is made anew meanwhile, before the last error counts."""

_DAMAGED = "Remove the dataset and fetch or import it again."


@dataclass(frozen=True)
class DatasetCard:
    """The metadata of a dataset.

    Attributes
    ----------
    name : str
        The name of its folder; see `check_name`.
    title : str
    alphabet : tuple of str
        The character of each class.
    image_shape : tuple of int
        Height and width in pixels.
    counts : mapping of str to tuple of int
        The samples of each class, by split, in the alphabet's order.
    source, terms, citation : str
        Origin, terms of use, and reference; empty if unknown.
    writer_names : tuple of str
        Of the writers, by number; empty if unknown.
    """

    name: str
    title: str
    alphabet: tuple[str, ...]
    image_shape: tuple[int, int]
    counts: Mapping[str, tuple[int, ...]]
    source: str = ""
    terms: str = ""
    citation: str = ""
    writer_names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return sum(sum(counts) for counts in self.counts.values())


@dataclass(frozen=True, eq=False)
class StoredDataset:
    """An open dataset.

    Attributes
    ----------
    card : DatasetCard
    splits : mapping of str to Dataset
        Images are read from their file when they are indexed, so that opening is cheap.
    folder : Path or None
        None for a dataset in memory.
    """

    card: DatasetCard
    splits: Mapping[str, Dataset]
    folder: Path | None = None
    _inks: Mapping[str, PenArchive] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(len(data) for data in self.splits.values())

    def inks(self, split: str) -> PenArchive | None:
        """Return the drawings of the images of a split, in the same order; None without.

        Raises
        ------
        DatasetError
            If their file is damaged.
        """
        if self.folder is None:
            return self._inks.get(split)
        path = self.folder / f"{split}-inks.npz"
        if not path.exists():
            return None
        archive = read_pen_archive(path, alphabet=self.card.alphabet)
        if not np.array_equal(archive.labels, self.splits[split].labels):
            raise DatasetError(
                "The drawings in {path} do not belong to the images beside them.", _DAMAGED
            ).format(path=path.name)
        return replace(archive, name=f"{self.card.name}-{split}", terms=self.card.terms)


def check_name(name: str) -> str:
    """Return `name` if it is a valid dataset name.

    Raises
    ------
    DatasetError
        Unless it has up to 60 small letters, digits and hyphens, and is no device of Windows.
    """
    if not _NAME.fullmatch(name) or _DEVICE.fullmatch(name):
        raise DatasetError(
            "Expected a name of up to 60 small letters, digits and hyphens. Received: {name}.",
            "For instance {example}.",
        ).format(name=repr(name[:_LONGEST_SHOWN]), example=repr(name_from(name)))
    return name


def name_from(text: str) -> str:
    """Convert any text to a valid dataset name: ``My Data.csv`` → ``my-data-csv``."""
    words = plain_words(text)
    if _DEVICE.fullmatch(words):
        words += "-data"
    return words[:60].rstrip("-") or "dataset"


def class_counts(labels: Labels, n_classes: int) -> tuple[int, ...]:
    """Return the number of samples of each class."""
    return tuple(np.bincount(labels, minlength=n_classes).tolist())


def in_memory(
    name: str,
    title: str,
    splits: Mapping[str, Dataset],
    inks: Mapping[str, PenArchive] | None = None,
) -> StoredDataset:
    """Create a dataset in memory.

    Parameters
    ----------
    splits : mapping of str to Dataset
        At least one; all of the same alphabet and image size.
    """
    first = next(iter(splits.values()))
    height, width = first.images.shape[1:]
    counts = {k: class_counts(v.labels, len(v.alphabet)) for k, v in splits.items()}
    card = DatasetCard(name, title, first.alphabet, (height, width), counts, terms=first.terms)
    return StoredDataset(card, splits, None, inks or {})


def open_dataset(folder: Path) -> StoredDataset:
    """Open what a `DatasetWriter` wrote.

    Raises
    ------
    DatasetError
        If it is missing, damaged, or of a newer version.
    """
    for _ in range(_TRIES):
        before = _made(folder)
        try:
            opened = _open(folder)
        except DatasetError:
            if _made(folder) == before:
                raise
        else:
            if _made(folder) == before:
                return opened
    return _open(folder)


def _open(folder: Path) -> StoredDataset:
    card = read_card(folder)
    splits = {split: _open_split(folder, split, card) for split in card.counts}
    return StoredDataset(card, splits, folder)


def _made(folder: Path) -> tuple[int, int] | None:
    """Return what differs when a dataset was made anew meanwhile; None if it is missing."""
    put_back(folder)
    try:
        status = (folder / CARD_NAME).stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def recover(parent: Path) -> None:
    """Restore datasets that a killed program had moved aside for replacement."""
    for old in parent.glob(".*.old"):
        put_back(old.with_name(old.name[1:-4]))


def read_card(folder: Path) -> DatasetCard:
    """Read the card only.

    Raises
    ------
    DatasetError
        If it is missing, damaged, or of a newer version.
    """
    path = folder / CARD_NAME
    put_back(folder)
    if not path.exists():
        raise DatasetError(
            "There is no dataset in {folder}: it has no {card_name}.", _DAMAGED
        ).format(folder=folder, card_name=CARD_NAME)
    try:
        record = read_object(path)
    except RecordError as error:
        raise DatasetError(error.message, _DAMAGED) from error
    try:
        if decode(int, record.get("format")) > FORMAT:
            raise DatasetError(
                "The dataset {folder} was made by a newer version of this program.",
                "Update EMNIST Desktop; the dataset is left as it is.",
            ).format(folder=folder.name)
        card = decode(DatasetCard, {**record, "name": folder.name})
        card = replace(card, title=card.title[:_MOST_TITLE])
        "".join(
            (*card.alphabet, *card.writer_names, card.title, card.source, card.terms, card.citation)
        ).encode()
    except RecordError as error:
        raise DatasetError("{path} is no card of a dataset. {reason}", _DAMAGED).format(
            path=path, reason=error
        ) from error
    except UnicodeEncodeError as error:  # half characters
        raise DatasetError("{path} is no card of a dataset: {reason}.", _DAMAGED).format(
            path=path, reason=error
        ) from error
    counts, alphabet = card.counts, card.alphabet
    if not set(counts) <= set(SPLITS) or any(len(n) != len(alphabet) for n in counts.values()):
        raise DatasetError("The counts in {path} do not fit its characters.", _DAMAGED).format(
            path=path
        )
    return card


def _open_split(folder: Path, split: str, card: DatasetCard) -> Dataset:
    n = sum(card.counts[split])
    images = _stored(folder / f"{split}-images.npy", (n, *card.image_shape), np.uint8)
    labels = _stored(folder / f"{split}-labels.npy", (n,), np.int64)[:]
    writers_file = folder / f"{split}-writers.npy"
    writers = _stored(writers_file, (n,), np.int64)[:] if writers_file.exists() else None
    name = f"{card.name}-{split}"
    n_writers = 0 if writers is None else int(writers.max(initial=-1)) + 1
    names = card.writer_names if len(card.writer_names) >= n_writers else ()
    shared = (card.alphabet, cast(Images, images), labels, writers, card.terms, names)
    return Dataset(name, *shared)


def _stored(path: Path, shape: tuple[int, ...], dtype: npt.DTypeLike) -> FileArray[Any]:
    """Open the file of a `GrowingArray`.

    The shape is known, so the header is compared, not parsed: numpy evaluates it as Python.
    """
    kind = np.dtype(dtype)
    try:
        with path.open("rb") as stream:
            if stream.read(_HEADER_BYTES) != _header(shape, kind):
                text = "expected {shape} of {dtype}, received another header"
                raise ValueError(Message(text, shape=shape, dtype=kind))
        return FileArray(path, shape, kind, _HEADER_BYTES)
    except (OSError, ValueError) as error:
        raise DatasetError("{path} cannot be read: {reason}.", _DAMAGED).format(
            path=path, reason=error
        ) from error


class GrowingArray:
    """An array that grows along its first axis; `close` writes the header with its length."""

    def __init__(self, path: Path) -> None:
        self._stream: BinaryIO = path.open("wb")
        self._stream.write(b"\0" * _HEADER_BYTES)
        self._length = 0
        self._row_type: tuple[tuple[int, ...], np.dtype[Any]] | None = None

    def __len__(self) -> int:
        return self._length

    def append(self, values: npt.NDArray[Any]) -> None:
        """Append `values`, which share their type and shape except for the first axis."""
        self._row_type = (values.shape[1:], values.dtype)
        self._stream.write(np.ascontiguousarray(values).data)
        self._length += len(values)

    def close(self) -> None:
        """Write the header and close the file."""
        with self._stream as stream:
            if self._row_type is not None:
                shape, dtype = self._row_type
                stream.seek(0)
                stream.write(_header((self._length, *shape), dtype))


def _header(shape: tuple[int, ...], dtype: np.dtype[Any]) -> bytes:
    description = {
        "descr": np.lib.format.dtype_to_descr(dtype),
        "fortran_order": False,
        "shape": shape,
    }
    room = _HEADER_BYTES - 10
    text = repr(description).encode("latin1").ljust(room - 1) + b"\n"
    return np.lib.format.magic(1, 0) + room.to_bytes(2, "little") + text


class DatasetWriter:
    """Writes a dataset in pieces; all or nothing.

    Everything is written to a temporary folder, which replaces `folder` when the ``with`` block
    ends without an error; on an error it is removed.

    Parameters
    ----------
    folder : Path
        Its name is the dataset's.
    title : str
    alphabet : sequence of str
    image_shape : tuple of int
    source, terms, citation : str
    writer_names : sequence of str

    Raises
    ------
    DatasetError
        If the folder's name is not valid, or nothing was written.
    """

    def __init__(  # noqa: PLR0913 - all but one by name, as the card has them
        self,
        folder: Path,
        *,
        title: str,
        alphabet: Sequence[str],
        image_shape: tuple[int, int] = (IMAGE_SIZE, IMAGE_SIZE),
        source: str = "",
        terms: str = "",
        citation: str = "",
        writer_names: Sequence[str] = (),
    ) -> None:
        name = check_name(folder.name)
        self._folder = folder
        self._writing = folder.with_name(f".{name}.writing")
        self._texts = {"title": title, "source": source, "terms": terms, "citation": citation}
        self._alphabet = check_classes(alphabet)
        self._writer_names = tuple(writer_names)
        self._image_shape = image_shape
        self._arrays: dict[str, GrowingArray] = {}
        self._counts: dict[str, npt.NDArray[np.int64]] = {}
        self._with_inks: set[str] = set()

    def __enter__(self) -> DatasetWriter:
        shutil.rmtree(self._writing, ignore_errors=True)
        self._writing.mkdir(parents=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            for array in self._arrays.values():
                array.close()
            if kind is None:
                self._finish()
        finally:
            shutil.rmtree(self._writing, ignore_errors=True)

    def append(
        self,
        split: str,
        images: Images,
        labels: Labels,
        writers: npt.NDArray[np.int64] | None = None,
    ) -> None:
        """Add samples to a split.

        Parameters
        ----------
        split : str
            One of `SPLITS`.
        images : ndarray of shape (n, height, width), dtype=uint8
            0 = paper, 255 = ink, upright.
        labels : ndarray of shape (n,), dtype=int64
        writers : ndarray of shape (n,), dtype=int64, or None
            For every piece of a split, or for none.

        Raises
        ------
        DatasetError
            If the shapes do not match, or a label is outside the alphabet.
        """
        if split not in SPLITS:
            raise DatasetError("Expected a split of {splits}. Received: {split}.").format(
                splits=", ".join(SPLITS), split=repr(split)
            )
        Dataset(self._folder.name, self._alphabet, images, labels)
        if images.shape[1:] != self._image_shape:
            raise DatasetError(
                "Expected images of {height}×{width} pixels. Received: "
                "{received_height}×{received_width}."
            ).format(
                height=self._image_shape[0],
                width=self._image_shape[1],
                received_height=images.shape[1],
                received_width=images.shape[2],
            )
        n_classes = len(self._alphabet)
        counts = self._counts.setdefault(split, np.zeros(n_classes, dtype=np.int64))
        counts += np.bincount(labels, minlength=n_classes)
        self._array(f"{split}-images").append(images)
        self._array(f"{split}-labels").append(labels.astype(np.int64, copy=False))
        if writers is not None:
            self._array(f"{split}-writers").append(writers.astype(np.int64, copy=False))

    def append_inks(
        self, split: str, archive: PenArchive, check: Callable[[], None] | None = None
    ) -> None:
        """Add the drawings of a split and their rendered images; once per split.

        `check` is called regularly, and may raise to cancel.
        """
        if split in self._counts:
            raise DatasetError("The split {split} has samples already.").format(split=split)
        rendered = archive.render(check=check)
        self.append(split, rendered.images, rendered.labels, rendered.writers)
        self._with_inks.add(split)
        write_pen_archive(self._writing / f"{split}-inks.npz", archive)

    def _array(self, name: str) -> GrowingArray:
        if name not in self._arrays:
            self._arrays[name] = GrowingArray(self._writing / f"{name}.npy")
        return self._arrays[name]

    def _finish(self) -> None:
        if not self._counts:
            raise DatasetError("The dataset has no samples.", "Choose other data.")
        for split, counts in self._counts.items():
            writers = self._arrays.get(f"{split}-writers")
            if writers is not None and len(writers) != counts.sum():
                raise DatasetError("Writers are known of some samples of {split} only.").format(
                    split=split
                )
        record = {
            "format": FORMAT,
            **self._texts,
            "alphabet": self._alphabet,
            "image_shape": self._image_shape,
            "counts": {split: counts.tolist() for split, counts in self._counts.items()},
            **({"writer_names": self._writer_names} if self._writer_names else {}),
        }
        write_json(self._writing / CARD_NAME, record, indent=2)
        put_in_place(self._writing, self._folder)
