"""Training steps: one or several batches per call, on one or several devices. Imports Keras."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from trainer.ink.render import with_planes
from trainer.light_keras import keras
from trainer.recognition.recognizer import Probabilities
from trainer.training.batches import Inputs
from trainer.training.devices import Device

T = TypeVar("T")

_SMALL_NETWORK = 300_000
"""Parameters below which a call costs more than the computation."""

_STEPS_OF_SMALL = 10


def steps_per_call(setting: int, parameters: int, device: Device) -> int:
    """Return the batches per call; chosen by the size of the network if `setting` is 0."""
    if keras.backend.backend() != "tensorflow" or device.strategy is not None:
        return 1
    return setting or (_STEPS_OF_SMALL if parameters < _SMALL_NETWORK else 1)


def grouped(batches: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield groups of `size` batches; the last may be smaller."""
    iterator = iter(batches)
    while group := list(islice(iterator, size)):
        yield group


class Stepper:
    """Trains a compiled network on batches.

    Parameters
    ----------
    network : keras.Model
        Compiled with the metric "accuracy"; in the scope of the device's strategy.
    device : Device
    class_weights : ndarray of shape (n_classes,), dtype=float32, optional
        Of the losses of the samples.
    """

    def __init__(
        self, network: Any, device: Device, class_weights: Probabilities | None = None
    ) -> None:
        self._network = network
        self._device = device
        self._weights = class_weights
        self._logs: Any = {}
        self._means = np.zeros(3)
        self._call: Any = None
        if keras.backend.backend() == "tensorflow":
            call = _mirrored_call if device.strategy else _Call
            self._call = call(network, device, class_weights)

    def prepare(self, input_shape: tuple[int, ...], n_classes: int, per_call: int) -> None:
        """Trace the steps before the first batch is there: it takes half a second."""
        if isinstance(self._call, _Call):
            self._call.prepare(input_shape, n_classes, per_call)

    def start_epoch(self) -> None:
        """Reset the means."""
        self._network.reset_metrics()
        self._means[:] = 0

    def train_batches(self, images: list[Inputs], targets: list[Probabilities]) -> None:
        """Train one step per batch.

        Parameters
        ----------
        images : list of ndarray of shape (batch_size, *input_shape), dtype=uint8
        targets : list of ndarray of shape (batch_size, n_classes), dtype=float32
        """
        if self._call is not None:
            self._logs = self._call(np.stack(images), np.stack(targets))
            return
        for batch, target in zip(images, targets, strict=True):
            self._network.reset_metrics()
            logs = self._network.train_on_batch(
                with_planes(batch, self._network.input_shape[-1]).astype(np.float32),
                target,
                sample_weight=_sample_weights(target, self._weights),
                return_dict=True,
            )
            self._means += (1, logs["loss"], logs["accuracy"])

    def means(self) -> tuple[float, float]:
        """Return the mean loss and accuracy of the epoch so far; waits for the device."""
        if self._call is not None:
            return float(self._logs["loss"]), float(self._logs["accuracy"])
        n, loss, accuracy = self._means
        return float(loss / n), float(accuracy / n)


class _Call:
    """Training steps on one device, as TensorFlow graphs."""

    def __init__(self, network: Any, _device: Device, weights: Probabilities | None) -> None:
        import tensorflow as tf

        def steps(images: Any, targets: Any) -> Any:
            def next_step(number: Any, _logs: Any) -> Any:
                return number + 1, _step(network, images[number], targets[number], weights)

            count = tf.shape(images)[0]
            first = _step(network, images[0], targets[0], weights)
            _, logs = tf.while_loop(lambda n, _: n < count, next_step, (tf.constant(1), first))
            return logs

        def step(images: Any, targets: Any) -> Any:
            return _step(network, images, targets, weights)

        self._tf = tf
        self._network = network
        # AutoGraph reads the source, which an executable does not have.
        self._several = tf.function(
            steps, autograph=False, reduce_retracing=True, jit_compile=False
        )
        # Without the loop there is half as much to trace before the training begins.
        self._one = tf.function(step, autograph=False, reduce_retracing=True, jit_compile=False)

    def __call__(self, images: npt.NDArray[np.uint8], targets: npt.NDArray[np.float32]) -> Any:
        """Train one step per batch of `images`, shape (n, batch_size, *input_shape)."""
        constant = self._tf.constant
        if len(images) == 1:
            return self._one(constant(images[0]), constant(targets[0]))
        return self._several(constant(images), constant(targets))

    def prepare(self, input_shape: tuple[int, ...], n_classes: int, per_call: int) -> None:
        """Trace the steps, once for batches of every size: the last of an epoch is smaller."""
        _make_metrics(self._network, n_classes)
        spec = self._tf.TensorSpec
        call, several = (self._one, ()) if per_call == 1 else (self._several, (None,))
        call.get_concrete_function(
            spec((*several, None, *input_shape), "uint8"),
            spec((*several, None, n_classes), "float32"),
        )


def _make_metrics(network: Any, n_classes: int) -> None:
    """Make the variables of the metrics: a step that makes them is traced twice."""
    answers = np.zeros((1, n_classes), dtype=np.float32)
    network.compute_metrics(None, answers, answers)
    network.reset_metrics()


def _mirrored_call(network: Any, device: Device, weights: Probabilities | None) -> Any:
    """Return a call that splits each batch evenly among devices; a remainder is left out."""
    import tensorflow as tf

    strategy = device.strategy

    def steps(images: Any, targets: Any) -> Any:
        logs = strategy.run(_step, args=(network, images, targets, weights))
        return {
            name: strategy.reduce(tf.distribute.ReduceOp.MEAN, logs[name], axis=None)
            for name in ("loss", "accuracy")
        }

    compiled = tf.function(steps, autograph=False, reduce_retracing=True, jit_compile=False)

    def call(images: npt.NDArray[np.uint8], targets: npt.NDArray[np.float32]) -> Any:
        logs: Any = {}
        for batch, target in zip(images, targets, strict=True):
            each = max(1, len(batch) // device.replicas)
            logs = compiled(_shared(strategy, batch, each), _shared(strategy, target, each))
        return logs

    return call


def _shared(strategy: Any, values: npt.NDArray[Any], each: int) -> Any:
    import tensorflow as tf

    def of_replica(context: Any) -> Any:
        low = context.replica_id_in_sync_group * each
        return tf.constant(values[low : low + each])

    return strategy.experimental_distribute_values_from_function(of_replica)


def _step(network: Any, images: Any, targets: Any, weights: Probabilities | None) -> Any:
    pixels = keras.ops.cast(images, "float32")
    pixels = pixels if len(images.shape) == 4 else pixels[..., None]
    return network.train_step((pixels, targets, _sample_weights(targets, weights)))


def _sample_weights(targets: Any, weights: Probabilities | None) -> Any:
    """Return the weight of each sample, of a mixed one in proportion; None without weights."""
    return None if weights is None else keras.ops.sum(targets * weights, axis=-1)
