"""Training steps: traced once, before the first batch is there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword"),
]

SHAPE, CLASSES = (4, 4), 3


def batches(n: int, size: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return `n` batches of images and targets."""
    generator = np.random.default_rng(size)
    images = generator.integers(0, 256, (n, size, *SHAPE), dtype=np.uint8)
    targets = np.eye(CLASSES, dtype=np.float32)[generator.integers(0, CLASSES, (n, size))]
    return list(images), list(targets)


@pytest.mark.parametrize(("per_call", "in_a_trace"), [(1, 1), (3, 2)])
def test_batches_of_all_sizes_share_one_trace(
    per_call: int, in_a_trace: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trainer.light_keras import keras
    from trainer.training import step
    from trainer.training.devices import Device

    traced: list[Any] = []
    of_a_batch = step._step
    monkeypatch.setattr(step, "_step", lambda *each: traced.append(each) or of_a_batch(*each))
    network = keras.Sequential(
        [keras.Input((*SHAPE, 1)), keras.layers.Flatten(), keras.layers.Dense(CLASSES)]
    )
    network.compile(
        "adam", keras.losses.CategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
    )
    network.optimizer.build(network.trainable_variables)
    stepper = step.Stepper(network, Device("CPU"))
    stepper.prepare(SHAPE, CLASSES, per_call)
    stepper.start_epoch()
    for size in (5, 5, 2):
        stepper.train_batches(*batches(per_call, size))
    assert len(traced) == in_a_trace
    assert int(network.optimizer.iterations) == 3 * per_call
    assert stepper.means()[0] > 0
