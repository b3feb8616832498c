"""The presets: what their sources say of them, and that every one can be built."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from trainer.errors import ConfigError
from trainer.models.presets import PRESETS, PresetKind, preset

NETWORKS = [name for name, each in PRESETS.items() if each.kind is PresetKind.NETWORK]

PUBLISHED = {
    "mlp-tiny": (4_197, 4_197),
    "cnn-hex": (158_385, 158_385),
    "vanilla-cnn": (484_719, 484_719),
    "lenet5-v2": (279_019, 277_891),
    "resnet34": (21_328_047, 21_311_023),
}
"""Parameters and trainable parameters, as the reports give them."""


def _built(name: str) -> Any:
    from trainer.models.networks import build_network

    chosen = PRESETS[name]
    height, width, _ = chosen.input_shape
    defaults = chosen.defaults
    return build_network(
        name,
        chosen.classes,
        defaults.get("dropout", 0.4),
        image_shape=(height, width),
        image_size=defaults.get("image_size", 0),
        l2=defaults.get("l2", 0.0),
        own_layers=defaults.get("layers", ()),
    )


def test_the_list_is_that_of_the_sources() -> None:
    assert set(PRESETS) == {
        *("knn", "random-forest", "random-forest-80", "random-forest-shifted", "svm-rbf"),
        *("xgboost", "mlp-tiny", "mlp-relu", "mlp-relu-2", "cnn-small", "cnn-hex"),
        *("cnn-noise-1", "cnn-noise-2", "cnn-noise-3", "cnn-noise-4", "vanilla-cnn"),
        *("lenet5", "lenet5-v2", "lenet5-v2-32", "resnet34", "vgg5", "pen", "own"),
    }
    for each in PRESETS.values():
        assert each.summary.endswith(".")
        assert each.source
        assert (each.parameters is None) == (each.kind is PresetKind.CLASSICAL)


def test_defaults_are_those_of_the_sources() -> None:
    assert PRESETS["vanilla-cnn"].defaults["batch_size"] == 512
    assert PRESETS["vanilla-cnn"].defaults["epochs"] == 20
    assert PRESETS["resnet34"].defaults["batch_size"] == 64
    assert PRESETS["svm-rbf"].defaults["limit"] == 10_000
    assert preset("knn").option_values({})["neighbors"] == 20
    forest = preset("random-forest").option_values({})
    assert (forest["trees"], forest["max_depth"], forest["max_samples"]) == (250, 25, 1.0)
    assert preset("random-forest-80").option_values({})["max_depth"] == 80
    assert preset("random-forest-shifted").option_values({})["shift"] == 7
    for each in PRESETS.values():
        if each.name != "pen":
            assert each.defaults["augmentation"] is None


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_has_the_parameters_of_its_source(name: str) -> None:
    network = _built(name)
    assert network.count_params() == PRESETS[name].parameters
    assert network.output_shape == (None, PRESETS[name].classes)
    if name in PUBLISHED:
        trainable = sum(int(np.prod(v.shape)) for v in network.trainable_variables)
        assert (network.count_params(), trainable) == PUBLISHED[name]


def test_layers_have_the_shapes_of_the_report() -> None:
    shapes = [tuple(layer.output.shape[1:]) for layer in _built("lenet5-v2").layers]
    for expected in ((24, 24, 32), (20, 20, 32), (10, 10, 32), (8, 8, 64), (6, 6, 64), (3, 3, 64)):
        assert expected in shapes
    resnet = [tuple(layer.output.shape[1:]) for layer in _built("resnet34").layers]
    for expected in ((14, 14, 64), (6, 6, 64), (3, 3, 128), (2, 2, 256), (1, 1, 512), (512,)):
        assert expected in resnet


def test_networks_take_other_sizes_or_say_why_not() -> None:
    from trainer.models.networks import build_network

    image = np.zeros((2, 20, 20, 1), dtype=np.float32)
    small = build_network("cnn-small", 10, 0.5, image_shape=(20, 20))
    assert small.predict_on_batch(image).shape == (2, 10)
    enlarged = build_network("lenet5-v2", 10, 0.25, image_shape=(20, 20), image_size=28)
    assert enlarged.count_params() == build_network("lenet5-v2", 10, 0.25).count_params()
    with pytest.raises(ConfigError, match="too small") as caught:
        build_network("lenet5-v2", 10, 0.25, image_shape=(8, 8))
    assert caught.value.field == "image_size"


def test_a_wrong_name_is_answered_with_near_ones() -> None:
    with pytest.raises(ConfigError, match="lenet5") as caught:
        preset("lenet-5")
    assert caught.value.field == "preset"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("knn", {"neighbors": 0}),
        ("knn", {"neighbors": 2.5}),
        ("knn", {"trees": 3}),
        ("random-forest", {"criterion": "luck"}),
        ("random-forest", {"max_samples": True}),
        ("mlp-relu", {"activation": 3}),
    ],
)
def test_bad_options_are_refused(name: str, options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as caught:
        preset(name).option_values(options)
    assert caught.value.field == "preset_options"


def test_the_command_lists_them_and_needs_no_keras() -> None:
    code = (
        "import sys; from trainer.__main__ import main; main(['presets', *sys.argv[1:]]);"
        "assert not {'keras', 'sklearn', 'tensorflow', 'xgboost'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--json"], capture_output=True, text=True, check=True
    )
    listed = {record["name"]: record for record in json.loads(done.stdout)}
    assert list(listed) == list(PRESETS)
    assert set(listed["pen"]) == {"name", "source", "input_shape", "classes", "parameters"}
    assert listed["mlp-tiny"]["input_shape"] == [20, 20, 1]
    assert listed["mlp-tiny"]["parameters"] == 4_197
    assert listed["xgboost"]["parameters"] is None
    table = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert "21,328,047" in table
    assert "neighbors=20" in table
