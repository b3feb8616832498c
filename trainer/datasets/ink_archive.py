"""Pen archives: isolated characters as strokes, by many writers, in one ``.npz`` file.

The file holds ``points`` int16 (n_points, 2), ``stroke_start`` int64 (n_strokes + 1,),
``sample_start`` int64 (n_samples + 1,) counting strokes, ``label`` one character per sample,
``writer`` and ``writer_names``, ``source`` and ``source_names``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Dataset, Labels
from trainer.errors import DatasetError
from trainer.files.npz import members, reading
from trainer.files.paths import replacing
from trainer.ink.alphabet import BYCLASS
from trainer.ink.render import (
    IMAGE_SIZE,
    PEN_WIDTH,
    PLANES,
    Planes,
    fit_points,
    render,
    render_planes,
)
from trainer.ink.strokes import Ink, Points, starts_of

UNIPEN_TERMS = (
    "UNIPEN train_r01_v07, CC BY 4.0 (doi 10.5281/zenodo.1195803); its notice of 1999 grants "
    "research use. Guyon et al., UNIPEN project of on-line data exchange, ICPR 1994."
)

_LONG_SIDE_UNITS = 10_000.0
"""Resolution of a packed ink: finer than any tablet, and within 16 bits."""

_WRITERS = ("writer_names", "writer_ids")
_LONGEST_NAME = 80
"""Characters of a writer's name that are read."""

_ARRAYS = ("points", "stroke_start", "sample_start", "label", "writer")


@dataclass(frozen=True, eq=False)
class PenArchive:
    """Inks with labels and writers, held as flat arrays.

    Attributes
    ----------
    name : str
    alphabet : tuple of str
    points : ndarray of shape (n_points, 2), dtype=int16
        x to the right, y down, in device units.
    stroke_start : ndarray of shape (n_strokes + 1,), dtype=int64
    sample_start : ndarray of shape (n_samples + 1,), dtype=int64
    labels : ndarray of shape (n_samples,), dtype=int64
        Indices into `alphabet`.
    writers : ndarray of shape (n_samples,), dtype=int64
    terms : str
    writer_names : tuple of str
        Of the writers, by number; empty if unknown.
    writer_ids : tuple of str
        The same, of what tells writers of one name apart.
    """

    name: str
    alphabet: tuple[str, ...]
    points: npt.NDArray[np.int16]
    stroke_start: npt.NDArray[np.int64]
    sample_start: npt.NDArray[np.int64]
    labels: Labels
    writers: npt.NDArray[np.int64]
    terms: str = ""
    writer_names: tuple[str, ...] = ()
    writer_ids: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)

    def strokes(self, index: int) -> tuple[Points, npt.NDArray[np.int64]]:
        """Return the points and stroke starts of one sample, as `Ink.flat` does."""
        starts = self.stroke_start[self.sample_start[index] : self.sample_start[index + 1] + 1]
        points = self.points[starts[0] : starts[-1]].astype(np.float32)
        return points, starts - starts[0]

    def ink(self, index: int) -> Ink:
        """Return one sample as an `Ink`."""
        points, starts = self.strokes(index)
        return Ink.from_points(np.split(points, starts[1:-1]))

    def render(
        self, pen_width: float = PEN_WIDTH, check: Callable[[], None] | None = None
    ) -> Dataset:
        """Render every sample in EMNIST's geometry; `check` may raise to cancel."""
        images = np.empty((len(self), IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)
        for index in range(len(self)):
            if check is not None:
                check()
            points, starts = self.strokes(index)
            images[index] = render(fit_points(points), starts, pen_width)
        shared = (self.alphabet, images, self.labels, self.writers, self.terms, self.writer_names)
        return Dataset(self.name, *shared)

    def render_planes(self, pen_width: float = PEN_WIDTH) -> Planes:
        """Render every sample with the direction of the pen."""
        planes = np.empty((len(self), IMAGE_SIZE, IMAGE_SIZE, len(PLANES)), dtype=np.uint8)
        for index in range(len(self)):
            points, starts = self.strokes(index)
            planes[index] = render_planes(fit_points(points), starts, pen_width)
        return planes

    @classmethod
    def from_inks(
        cls, name: str, alphabet: tuple[str, ...], inks: Sequence[Ink], labels: Labels
    ) -> PenArchive:
        """Pack inks, none of them empty; each is scaled to `_LONG_SIDE_UNITS` on its long side."""
        strokes = [stroke.points for ink in inks for stroke in ink.strokes]
        points = [_in_units(np.concatenate([s.points for s in ink.strokes])) for ink in inks]
        return cls(
            name,
            alphabet,
            np.concatenate(points) if points else np.empty((0, 2), np.int16),
            starts_of([len(stroke) for stroke in strokes]),
            starts_of([len(ink.strokes) for ink in inks]),
            labels,
            np.zeros(len(inks), dtype=np.int64),
        )

    def select(self, keep: npt.NDArray[np.bool_]) -> PenArchive:
        """Return the archive of the samples where `keep` is true."""
        stroke_keep = np.repeat(keep, np.diff(self.sample_start))
        point_keep = np.repeat(stroke_keep, np.diff(self.stroke_start))
        return replace(
            self,
            points=self.points[point_keep],
            stroke_start=starts_of(np.diff(self.stroke_start)[stroke_keep]),
            sample_start=starts_of(np.diff(self.sample_start)[keep]),
            labels=self.labels[keep],
            writers=self.writers[keep],
        )

    def fingerprint(self) -> str:
        """Return the SHA-256 of everything that training depends on."""
        digest = hashlib.sha256("\0".join(self.alphabet).encode())
        for array in (self.points, self.stroke_start, self.sample_start, self.labels):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


def read_pen_archive(path: Path, alphabet: tuple[str, ...] = ()) -> PenArchive:
    """Read a pen archive.

    Parameters
    ----------
    path : Path
    alphabet : tuple of str
        The characters of the classes; by default those of EMNIST ByClass if they suffice, else
        those that occur.

    Raises
    ------
    DatasetError
        If the file is missing, damaged or not a pen archive.
    """
    hint = "A pen archive is an .npz file with points, stroke_start, sample_start, label, writer."
    with (
        reading(path, hint),
        path.open("rb") as stream,
        np.load(stream, allow_pickle=False) as archive,
    ):
        missing = [name for name in _ARRAYS if name not in archive.files]
        if missing:
            raise DatasetError(
                "Expected a pen archive in {path}. Received: a file without {missing}.", hint
            ).format(path=path.name, missing=", ".join(missing))
        arrays = members(archive, _ARRAYS)
        terms = str(archive["terms"]) if "terms" in archive.files else ""
        found = [name for name in _WRITERS if name in archive.files]
        texts = {name: _texts(each) for name, each in members(archive, found).items()}
    check_structure(arrays, path)
    characters = arrays["label"].astype(str)
    known = set(np.unique(characters).tolist())
    if not alphabet:
        alphabet = BYCLASS if known <= set(BYCLASS) else tuple(sorted(known))
    elif not known <= set(alphabet):
        unexpected = " ".join(sorted(known - set(alphabet)))
        raise DatasetError(
            "{path} has characters that are not expected: {unexpected}.", hint
        ).format(path=path.name, unexpected=unexpected)
    index = {character: label for label, character in enumerate(alphabet)}
    labels = np.array([index[character] for character in characters.tolist()], dtype=np.int64)
    writers = arrays["writer"].astype(np.int64)
    n_writers = int(writers.max(initial=-1)) + 1
    is_known = int(writers.min(initial=0)) >= 0
    names, ids = (
        texts[name] if is_known and len(texts.get(name, ())) >= n_writers else ()
        for name in _WRITERS
    )
    return PenArchive(
        name=path.stem,
        alphabet=alphabet,
        points=arrays["points"],
        stroke_start=arrays["stroke_start"].astype(np.int64),
        sample_start=arrays["sample_start"].astype(np.int64),
        labels=labels,
        writers=writers,
        writer_names=names,
        writer_ids=ids,
        terms=terms or (UNIPEN_TERMS if path.stem.startswith("unipen") else ""),
    )


def write_pen_archive(path: Path, archive: PenArchive) -> None:
    """Write a pen archive that `read_pen_archive` reads; all or nothing."""
    numbers, names = archive.writers, archive.writer_names
    if not names:
        writers, numbers = np.unique(archive.writers, return_inverse=True)
        names = tuple(f"{archive.name}_{writer:04d}" for writer in writers.tolist())
    with replacing(path) as temporary, temporary.open("wb") as stream:
        np.savez_compressed(
            stream,
            points=archive.points,
            stroke_start=archive.stroke_start,
            sample_start=archive.sample_start,
            label=np.array(archive.alphabet)[archive.labels],
            writer=numbers.astype(np.int32),
            writer_names=np.array(names, dtype=str),
            writer_ids=np.array(archive.writer_ids, dtype=str),
            source=np.zeros(len(archive), dtype=np.int32),
            source_names=np.array([archive.name]),
            terms=np.array(archive.terms),
        )


def _texts(names: npt.NDArray[Any]) -> tuple[str, ...]:
    shown = (name[:_LONGEST_NAME] for name in names.astype(str).ravel().tolist())
    return tuple("".join(filter(str.isprintable, name)) for name in shown)


def check_structure(arrays: dict[str, npt.NDArray[Any]], path: Path) -> None:
    """Raise a `DatasetError` if the arrays of a pen archive do not fit together."""
    points, strokes, samples = arrays["points"], arrays["stroke_start"], arrays["sample_start"]
    n = len(arrays["label"])
    sound = (
        points.ndim == 2
        and points.shape[1] == 2
        and strokes.dtype.kind in "iu"
        and samples.dtype.kind in "iu"
        and len(strokes) > 0
        and len(samples) == n + 1
        and len(arrays["writer"]) == n
        and strokes[0] == samples[0] == 0
        and strokes[-1] == len(points)
        and samples[-1] == len(strokes) - 1
        and bool(np.all(np.diff(strokes) > 0))
        and bool(np.all(np.diff(samples) > 0))
    )
    if not sound:
        raise DatasetError(
            "The arrays of {path} do not fit together: a stroke without a point, a "
            "sample without a stroke, or an index outside the file.",
            "Make the archive again, or fetch it again: it may be cut short.",
        ).format(path=path.name)


def _in_units(points: Points) -> npt.NDArray[np.int16]:
    """Scale the points of one ink to integer units around its centre."""
    low, high = points.min(axis=0), points.max(axis=0)
    side = float((high - low).max())
    scale = _LONG_SIDE_UNITS / side if side > 0 else 1.0
    units: npt.NDArray[np.int16] = np.rint((points - (low + high) / 2) * scale).astype(np.int16)
    return units
