"""A wide network that begins with a narrow one answers as that one does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from trainer.models.layers import LayerSpec, layer
from trainer.training.widening import widened

IMAGES = np.random.default_rng(1).integers(0, 256, (5, 28, 28, 1)).astype(np.float32)


RESIDUAL = (
    layer("convolution", filters=4, size=3),
    layer("residual_block", filters=6, stride=2),
    layer("flatten"),
)
"""With a shortcut, whose maps are not those of the layer before."""


def _network(preset: str, layers: Sequence[LayerSpec] = (), **options: int) -> Any:
    from trainer.light_keras import keras
    from trainer.models.networks import build_network

    network = build_network(preset, 10, 0.0, options=options, own_layers=layers)
    generator = np.random.default_rng(2)
    for each in network.layers:
        if isinstance(each, keras.layers.BatchNormalization):
            values = generator.uniform(0.5, 1.5, (4, each.gamma.shape[0]))
            each.set_weights(list(values.astype(np.float32)))
    return network


@pytest.mark.parametrize(
    ("preset", "narrow", "wide"),
    [("pen", {"late_maps": 16}, {"late_maps": 24}), ("mlp-relu-2", {"units": 8}, {"units": 20})],
)
def test_the_answers_are_the_same(
    preset: str, narrow: dict[str, int], wide: dict[str, int]
) -> None:
    small, large = _network(preset, **narrow), _network(preset, **wide)
    expected = np.asarray(small(IMAGES))
    assert not np.allclose(np.asarray(large(IMAGES)), expected, atol=1e-3)
    fresh = large.get_weights()
    large.set_weights(widened(small.get_weights(), fresh))
    np.testing.assert_allclose(np.asarray(large(IMAGES)), expected, atol=1e-4)
    for begun, drawn in zip(large.get_weights()[-4:-2], fresh[-4:-2], strict=True):
        np.testing.assert_array_equal(begun[..., -1], drawn[..., -1])  # of a new map


def test_as_wide_a_network_is_taken_as_it_is() -> None:
    first, second = (_network("own", layers=RESIDUAL).get_weights() for _ in range(2))
    for taken, given in zip(widened(first, second), first, strict=True):
        np.testing.assert_array_equal(taken, given)


@pytest.mark.parametrize(
    ("preset", "options"), [("pen", {"late_maps": 24}), ("cnn-small", {}), ("lenet5", {})]
)
def test_a_wider_one_and_another_one_are_refused(preset: str, options: dict[str, int]) -> None:
    target = _network("pen", late_maps=16).get_weights()
    with pytest.raises(ValueError, match="Expected"):
        widened(_network(preset, **options).get_weights(), target)


def test_flattened_maps_keep_their_places() -> None:
    dense = np.arange(2 * 3 * 4, dtype=np.float32).reshape(6, 4)  # 2 places of 3 maps
    narrow = [np.ones((3, 3, 1, 3), np.float32), dense]
    fresh = [np.full((3, 3, 1, 5), 9, np.float32), np.full((10, 4), 9, np.float32)]
    grown = widened(narrow, fresh)[1].reshape(2, 5, 4)
    np.testing.assert_array_equal(grown[:, :3], dense.reshape(2, 3, 4))
    assert not grown[:, 3:].any()
