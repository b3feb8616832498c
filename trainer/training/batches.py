"""Batches rendered in worker processes, so that the network never waits for its data.

Each worker renders every n-th batch and stays one ahead: it blocks on its pipe until the trainer
has read the last. A batch depends on the seed, the epoch and its number alone, not on the number
or speed of the workers, so that a resumed run sees the same data. A worker whose trainer has died
fails to write to its pipe and ends, too.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Protocol

import numpy as np
import numpy.typing as npt

from trainer.augmentation.images import ImageAugmentation, augmented_images
from trainer.augmentation.paper import THICKEST, THINNEST, on_paper
from trainer.augmentation.strokes import StrokeAugmentation, deformed, reordered
from trainer.datasets.dataset import Dataset, Labels
from trainer.datasets.ink_archive import PenArchive
from trainer.errors import RunError, TrainerError
from trainer.ink.render import (
    EDGE_BLUR,
    IMAGE_SIZE,
    PEN_WIDTH,
    PLANES,
    Images,
    fit_points,
    render,
    render_planes,
)

Indices = npt.NDArray[np.int64]

Inputs = npt.NDArray[np.uint8]
"""Array of shape (n, height, width) or (n, height, width, n_planes), dtype=uint8."""


class BatchSource(Protocol):
    """A source of training inputs."""

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Height and width, and the number of planes if the network takes the pen's direction."""

    def inputs(self, indices: Indices, generator: np.random.Generator) -> Inputs:
        """Return the inputs of the samples at `indices`, augmented at random."""


@dataclass(frozen=True, eq=False)
class InkSource:
    """Inks, augmented and rendered each time.

    Attributes
    ----------
    archive : PenArchive
    augmentation : StrokeAugmentation or None
    direction_share : float
        Share that is rendered with the direction of the pen; 0 for images only.
    unusual_share : float
        Share of those whose strokes are reversed or in another order.
    paper_share : float
        Share of the others that look like cut out of paper.
    """

    archive: PenArchive
    augmentation: StrokeAugmentation | None
    direction_share: float = 0.0
    unusual_share: float = 0.0
    paper_share: float = 0.0

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Height and width, and the number of planes."""
        planes = (len(PLANES),) if self.direction_share else ()
        return IMAGE_SIZE, IMAGE_SIZE, *planes

    def inputs(self, indices: Indices, generator: np.random.Generator) -> Inputs:
        """Return the inputs of the samples at `indices`, augmented at random."""
        result = np.zeros((len(indices), *self.input_shape), dtype=np.uint8)
        directed, on_the_paper = self._kinds(len(indices), generator)
        for row, index in enumerate(indices.tolist()):
            points, starts = self.archive.strokes(index)
            if directed[row] and generator.random() < self.unusual_share:
                points, starts = reordered(points, starts, generator)
            pen: Sequence[float] = (PEN_WIDTH, EDGE_BLUR)
            if self.augmentation is None:
                points = fit_points(points)
            else:
                points, starts, *pen = deformed(points, starts, self.augmentation, generator)
            if directed[row]:
                result[row] = render_planes(points, starts, *pen)
                continue
            if on_the_paper[row]:
                pen = (PEN_WIDTH * _factor(generator, THINNEST, THICKEST), pen[1])
            _ink_of(result)[row] = render(points, starts, *pen)
        chosen = np.flatnonzero(on_the_paper)
        _ink_of(result)[chosen] = on_paper(_ink_of(result)[chosen], generator)
        return result

    def _kinds(
        self, n: int, generator: np.random.Generator
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Return which inks have directions, and which are on paper."""
        none = np.zeros(n, dtype=bool)
        directed = generator.random(n) < self.direction_share if self.direction_share else none
        papers = generator.random(n) < self.paper_share if self.paper_share else none
        return directed, papers & ~directed


@dataclass(frozen=True, eq=False)
class ImageSource:
    """Images, augmented each time; `paper_share` of them look like cut out of paper."""

    dataset: Dataset
    augmentation: ImageAugmentation | None = None
    paper_share: float = 0.0

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Height and width."""
        height, width = self.dataset.images.shape[1:]
        return height, width

    def inputs(self, indices: Indices, generator: np.random.Generator) -> Inputs:
        """Return the images of the samples at `indices`, augmented at random."""
        images: Images = self.dataset.images[indices]
        if self.augmentation is not None:
            images = augmented_images(images, self.augmentation, generator)
        if self.paper_share:
            chosen = np.flatnonzero(generator.random(len(images)) < self.paper_share)
            images = np.array(images)
            images[chosen] = on_paper(images[chosen], generator)
        return images


@dataclass(frozen=True, eq=False)
class ConcatSource:
    """Several sources as one, one after the other.

    Attributes
    ----------
    sources : tuple of BatchSource
        Of one image size. Images beside inks with the direction of the pen have ink only.
    starts : ndarray of shape (n_sources,), dtype=int64
        The index of the first sample of each.
    """

    sources: tuple[BatchSource, ...]
    starts: Indices

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Height and width, and the number of planes."""
        return max((source.input_shape for source in self.sources), key=len)

    def inputs(self, indices: Indices, generator: np.random.Generator) -> Inputs:
        """Return the inputs of the samples at `indices`, augmented at random."""
        result = np.zeros((len(indices), *self.input_shape), dtype=np.uint8)
        numbers = np.searchsorted(self.starts, indices, side="right") - 1
        for number, source in enumerate(self.sources):
            rows = np.flatnonzero(numbers == number)
            if not len(rows):
                continue
            made = source.inputs(indices[rows] - self.starts[number], generator)
            if made.ndim == result.ndim:
                result[rows] = made
            else:
                result[rows, ..., 0] = made
        return result


def _factor(generator: np.random.Generator, least: float, most: float) -> float:
    """Return a random factor whose logarithm is uniform."""
    return float(np.exp(generator.uniform(np.log(least), np.log(most))))


def _ink_of(inputs: Inputs) -> Inputs:
    """Return the plane of the ink."""
    return inputs if inputs.ndim == 3 else inputs[..., 0]


@dataclass(frozen=True, eq=False)
class Schedule:
    """The assignment of samples to batches.

    Attributes
    ----------
    labels : ndarray of shape (n_samples,), dtype=int64
    usable : ndarray of shape (n_samples,), dtype=bool
        False for samples that were set aside.
    batch_size : int
    balance : float
        0: every sample once an epoch; 1: every class equally often; see `TrainingConfig`.
    seed : int
    extra_from : int
        Index of the first sample from additional datasets; -1 without.
    extra_share : float
        Their share of each epoch; 0 for their natural share.
    """

    labels: Labels
    usable: npt.NDArray[np.bool_]
    batch_size: int
    balance: float
    seed: int
    extra_from: int = -1
    extra_share: float = 0.0

    @property
    def n_batches(self) -> int:
        """Full batches per epoch; at least one."""
        return max(1, int(self.usable.sum()) // self.batch_size)

    def epoch(self, number: int) -> Indices:
        """Return the samples of one epoch, shuffled, of shape (n_batches, batch_size)."""
        generator = np.random.default_rng([self.seed, number])
        candidates = np.flatnonzero(self.usable)
        labels = self.labels[candidates]
        counts = np.bincount(labels)
        weight = counts[labels].astype(np.float64) ** -self.balance
        added = candidates >= self.extra_from
        if self.extra_from >= 0 and self.extra_share and added.any() and not added.all():
            weight[added] *= self.extra_share / weight[added].sum()
            weight[~added] *= (1 - self.extra_share) / weight[~added].sum()
        n = self.n_batches * self.batch_size
        expected = weight * (n / weight.sum())
        times = np.floor(expected + generator.random(len(candidates))).astype(np.int64)
        chosen = generator.permutation(np.repeat(candidates, times))
        if len(chosen) < n:
            chosen = np.concatenate([chosen, generator.choice(candidates, n - len(chosen))])
        return chosen[:n].reshape(self.n_batches, self.batch_size)


class BatchMaker:
    """Renders the batches of a schedule in worker processes.

    Parameters
    ----------
    source : BatchSource
    schedule : Schedule
    n_workers : int
        0 renders in the caller's process.
    first_epoch : int
        The first epoch that is requested; the others follow in order.
    """

    def __init__(
        self, source: BatchSource, schedule: Schedule, n_workers: int, first_epoch: int = 1
    ) -> None:
        self._source = source
        self._schedule = schedule
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        for worker in range(n_workers):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(
                target=_render_forever,
                args=(source, schedule, worker, n_workers, first_epoch, theirs),
                daemon=True,
            )
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def __enter__(self) -> BatchMaker:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the workers."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()

    def epoch(self, number: int) -> Iterator[tuple[Inputs, Indices]]:
        """Yield the inputs, of shape (batch_size, *input_shape), and indices of one epoch.

        Raises
        ------
        TrainerError
            Of a worker.
        RunError
            If a worker has ended.
        """
        for batch, indices in enumerate(self._schedule.epoch(number)):
            if self._pipes:
                data = _received(self._pipes[batch % len(self._pipes)])
                images = np.frombuffer(data, dtype=np.uint8)
                images = images.reshape(-1, *self._source.input_shape)
            else:
                images = _batch(self._source, self._schedule, number, batch, indices)
            yield images, indices


def _received(pipe: Connection) -> bytes:
    """Return the bytes of a batch; an empty one is followed by the worker's error."""
    try:
        data = pipe.recv_bytes()
        error: TrainerError | None = None if data else pipe.recv()
    except (EOFError, OSError) as ended:
        raise RunError(
            "The training process ended unexpectedly; it may have run out of memory.",
            "Start it again, or add --resume to go on from the last checkpoint.",
        ) from ended
    if error is not None:
        raise error
    return data


def _batch(
    source: BatchSource, schedule: Schedule, epoch: int, batch: int, indices: Indices
) -> Inputs:
    return source.inputs(indices, np.random.default_rng([schedule.seed, epoch, batch]))


def _render_forever(
    source: BatchSource,
    schedule: Schedule,
    worker: int,
    n_workers: int,
    epoch: int,
    pipe: Connection,
) -> None:
    try:
        while True:
            for batch, indices in enumerate(schedule.epoch(epoch)):
                if batch % n_workers == worker:
                    images = _batch(source, schedule, epoch, batch, indices)
                    pipe.send_bytes(images.tobytes())
            epoch += 1
    except TrainerError as error:
        pipe.send_bytes(b"")
        pipe.send(error)
    except (BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        pipe.close()
