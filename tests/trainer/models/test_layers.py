"""Layers as data: their shapes and sizes are those of Keras, and mistakes are explained."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError
from trainer.models.layer_shapes import checked_sizes, network_sizes
from trainer.models.layers import LAYER_KINDS, LayerSpec, layer
from trainer.models.option import Option
from trainer.models.preset_layers import layers_of_preset
from trainer.models.presets import PRESETS, PresetKind

IMAGE = (28, 28, 1)


def _value(option: Option) -> st.SearchStrategy[Any]:
    match option.kind:
        case "int":
            return st.integers(int(option.low), min(int(option.high), 9))
        case "float":
            return st.floats(option.low, option.high)
        case "bool":
            return st.booleans()
    return st.sampled_from(option.choices)


def _layers(names: Sequence[str]) -> st.SearchStrategy[LayerSpec]:
    kinds = st.sampled_from([LAYER_KINDS[name] for name in names])
    return kinds.flatmap(
        lambda kind: st.fixed_dictionaries({o.name: _value(o) for o in kind.options}).map(
            lambda options: LayerSpec(kind.name, options)
        )
    )


_OF_VALUES = ("dense", "dropout", "batch_normalization", "activation")
_OF_MAPS = [name for name in LAYER_KINDS if name not in ("dense", "flatten")]
NETWORKS = st.tuples(
    st.lists(_layers(_OF_MAPS), max_size=4),
    _layers(("flatten", "global_average_pooling")),
    st.lists(_layers(_OF_VALUES), max_size=2),
).map(lambda parts: (*parts[0], parts[1], *parts[2]))


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(NETWORKS)
def test_shapes_and_parameters_are_those_of_keras(layers: tuple[LayerSpec, ...]) -> None:
    from trainer.models.networks import build_network

    sizes = network_sizes(layers, IMAGE, 10)
    assume(sizes.parameters < 1_000_000)
    if sizes.problem is not None:
        with pytest.raises(ConfigError) as caught:
            build_network("own", 10, 0.0, own_layers=layers)
        assert caught.value.message == sizes.problem.message
        return
    network = build_network("own", 10, 0.0, own_layers=layers)
    assert network.count_params() == sizes.parameters
    built = iter([tuple(each.output.shape[1:]) for each in network.layers])
    for size in sizes.layers:
        assert size.shape in built


def test_multiplications_are_those_of_a_plain_count() -> None:
    sizes = network_sizes([layer("convolution", filters=8), layer("flatten")], IMAGE, 10)
    assert sizes.layers[0].multiplications == 28 * 28 * 3 * 3 * 8
    assert sizes.multiplications == 28 * 28 * 3 * 3 * 8 + 28 * 28 * 8 * 10


@pytest.mark.parametrize("name", [n for n, p in PRESETS.items() if p.kind is PresetKind.NETWORK])
def test_the_layers_of_a_preset_have_its_parameters(name: str) -> None:
    chosen = PRESETS[name]
    image_size = chosen.defaults.get("image_size", 0)
    sizes = network_sizes(layers_of_preset(name), chosen.input_shape, chosen.classes, image_size)
    assert sizes.parameters == chosen.parameters


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ([layer("max_pooling", size=3)] * 4, "Layer 4 (Maximum pooling): A 3×3 pooling does not "
                                             "fit into a map of 1×1."),
        ([layer("dense")], "Layer 1 (Dense layer): It needs single values, and the layer before "
                           "it gives 1 maps of 28×28."),
        ([layer("flatten"), layer("convolution")], "Layer 2 (Convolution): It needs a map, and "
                                                   "the layer before it gives 784 single values."),
        ([], "The output: It needs single values, and the layer before it gives 1 maps of 28×28."),
    ],
)  # fmt: skip
def test_mistakes_are_explained(layers: list[LayerSpec], sentence: str) -> None:
    sizes = network_sizes(layers, IMAGE, 10)
    assert sizes.output is None
    assert len(sizes.layers) == max(0, len(layers) - 1)
    with pytest.raises(ConfigError) as caught:
        checked_sizes(layers, IMAGE, 10)
    assert (caught.value.message, caught.value.field) == (sentence, "layers")
    assert caught.value.hint


def test_a_network_that_fits_no_computer_is_refused_before_it_is_built() -> None:
    wide = [layer("resizing", size=128), layer("flatten"), *[layer("dense", units=8192)] * 4]
    with pytest.raises(ConfigError, match="at most 200,000,000 parameters"):
        checked_sizes(wide, IMAGE, 10)
    many = [layer("resizing", size=128), *[layer("zero_padding", size=15)] * 60]
    many.append(layer("convolution", filters=2048))
    with pytest.raises(ConfigError, match="values for each image"):
        checked_sizes(many, IMAGE, 10)


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ([{"kind": "lambda"}], "There is no layer 'lambda'"),
        ([{"kind": "dense", "options": {"code": "1"}}], "has no option 'code'"),
        ([{"kind": "dense", "options": {"units": 0}}], "Expected neurons"),
        ([{"kind": "flatten", "module": "os"}], "no setting 'layers.module'"),
        ([{"kind": "flatten"}] * 101, "at most 100 layers"),
        ([{"kind": 3}], "Expected a text"),
        ("flatten", "Expected a list"),
    ],
)
def test_settings_take_known_layers_only(layers: Any, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence) as caught:
        TrainingConfig.from_record({"preset": "own", "data": "mnist", "layers": layers})
    assert caught.value.field == "layers"


def test_layers_are_settings() -> None:
    config = TrainingConfig.from_record({"preset": "own", "data": "mnist"})
    assert config.layers == PRESETS["own"].defaults["layers"]
    given_layers = [{"kind": "flatten"}, {"kind": "dense", "options": {"units": 7}}]
    changed = TrainingConfig.from_record({"preset": "own", "data": "mnist", "layers": given_layers})
    assert TrainingConfig.from_json(changed.to_json()) == changed
    assert json.loads(changed.to_json())["layers"][1]["options"]["activation"] == "relu"
    assert any("layers: the run has" in text for text in changed.changes(config))
    with pytest.raises(ConfigError, match="has layers of its own"):
        TrainingConfig.from_record({"preset": "lenet5", "data": "mnist", "layers": given_layers})


def test_a_penalty_is_on_all_weights_of_convolutions() -> None:
    from trainer.models.networks import build_network

    layers = (layer("depthwise_convolution"), layer("separable_convolution"), layer("flatten"))
    network = build_network("own", 10, 0.0, own_layers=layers, l2=0.5)
    kernels = [w for each in network.layers[2:4] for w in each.weights if w.name.endswith("kernel")]
    expected = 0.5 * sum(float(np.sum(np.square(w.numpy()))) for w in kernels)
    assert len(kernels) == 3
    assert sum(map(float, network.losses)) == pytest.approx(expected, rel=1e-5)
