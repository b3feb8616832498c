"""The layers of a model and what they give: known weights give known maps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.trainer.explain.models import ALPHABET, KERAS_MARK, N_FILTERS, Image, small_network
from trainer.explain.base import ModelInspector
from trainer.explain.open import open_inspector
from trainer.explain.samples import ExplainedData

pytestmark = KERAS_MARK


class TestGraph:
    def test_a_run_is_opened_with_keras_and_lists_its_layers(
        self, keras_inspector: ModelInspector
    ) -> None:
        assert keras_inspector.kind == "keras"
        names = [layer.name for layer in keras_inspector.graph]
        assert names == ["image", "rescaling", "conv", "pool", "flatten", "logits"]
        conv = keras_inspector.graph[2]
        assert (conv.kind, conv.shape, conv.parameters) == ("Conv2D", (28, 28, N_FILTERS), 40)
        assert conv.inputs == ("rescaling",)
        assert not keras_inspector.graph[0].is_shown
        assert not keras_inspector.unsupported

    def test_litert_has_the_layers_with_their_weights(
        self, litert_inspector: ModelInspector
    ) -> None:
        assert litert_inspector.kind == "litert"
        assert [layer.kind for layer in litert_inspector.graph if layer.parameters] == [
            "Conv2D",
            "Dense",
        ]
        assert litert_inspector.graph[-1].shape == (len(ALPHABET),)
        assert litert_inspector.graph[-1].parameters == 49 * N_FILTERS * 6 + 6
        sources = [layer.inputs for layer in litert_inspector.graph[1:]]
        assert all(sources)
        assert sources[0] == ("image",)

    def test_branches_name_all_their_sources(self, tmp_path: Path) -> None:
        from trainer.light_keras import keras

        inputs = keras.Input((28, 28, 1))
        left = keras.layers.Conv2D(2, 3, padding="same", name="left")(inputs)
        right = keras.layers.Conv2D(2, 5, padding="same", name="right")(inputs)
        joined = keras.layers.Add(name="sum")([left, right])
        outputs = keras.layers.Dense(2)(keras.layers.GlobalAveragePooling2D()(joined))
        keras.Model(inputs, outputs).save(tmp_path / "branches.keras")
        inspector = open_inspector(tmp_path / "branches.keras", "ab")
        rows = {layer.name: layer for layer in inspector.graph}
        assert rows["sum"].inputs == ("left", "right")
        assert inspector.embedding(np.zeros((3, 28, 28), dtype=np.uint8)).shape == (3, 2)

    def test_networks_within_networks_and_layers_called_twice_are_shown(
        self, tmp_path: Path, image: Image
    ) -> None:
        from trainer.light_keras import keras

        within = keras.Input((28, 28, 1))
        inner = keras.Model(within, keras.layers.Conv2D(2, 3)(within), name="inner")
        again = keras.layers.MaxPooling2D(name="again")
        inputs = keras.Input((28, 28, 1), name="image")
        outputs = keras.layers.Dense(2)(keras.layers.Flatten()(again(again(inner(inputs)))))
        keras.Model(inputs, outputs).save(tmp_path / "nested.keras")
        inspector = open_inspector(tmp_path / "nested.keras", "ab")
        rows = {layer.name: layer for layer in inspector.graph}
        assert rows["inner"].inputs == ("image",)
        assert rows["again"].shape == (6, 6, 2)
        seen = {layer.name: layer.maps.shape for layer in inspector.activations(image)}
        assert seen["inner"] == (2, 26, 26)
        assert seen["again"] == (2, 6, 6)

    def test_without_keras_a_run_is_opened_with_litert(
        self, run: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
        assert open_inspector(run).kind == "litert"

    @pytest.mark.filterwarnings("ignore:Statistics for quantized inputs")
    def test_quantised_weights_are_shown_as_numbers(
        self, tmp_path: Path, keras_inspector: ModelInspector, image: Image
    ) -> None:
        import tensorflow as tf

        converter = tf.lite.TFLiteConverter.from_keras_model(small_network())
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: [
            [np.float32(image[None, ..., None] * share)] for share in (0.0, 0.5, 1.0)
        ]
        (tmp_path / "small.tflite").write_bytes(converter.convert())
        inspector = open_inspector(tmp_path / "small.tflite", ALPHABET)
        expected = keras_inspector.filters().maps
        found = inspector.filters().maps
        assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.99
        assert sum(layer.parameters for layer in inspector.graph) > 49 * N_FILTERS * 6
        copied = next(
            m for m in inspector.activations(image) if m.maps.shape == (N_FILTERS, 28, 28)
        )
        assert np.corrcoef(copied.maps[0].ravel(), image.ravel())[0, 1] > 0.99

    def test_the_bundled_recogniser_has_no_keras_file_and_shows_its_layers(self) -> None:
        inspector = open_inspector()
        assert inspector.kind == "litert"
        assert inspector.graph[-1].shape == (62,)
        assert inspector.filters().maps.shape == (24, 3, 3)
        assert sum(layer.parameters for layer in inspector.graph) > 800_000


class TestActivations:
    @pytest.mark.parametrize("kind", ["keras", "litert"])
    def test_a_filter_that_copies_gives_the_picture(
        self, kind: str, image: Image, request: pytest.FixtureRequest
    ) -> None:
        inspector: ModelInspector = request.getfixturevalue(f"{kind}_inspector")
        maps = next(m for m in inspector.activations(image) if m.maps.shape == (N_FILTERS, 28, 28))
        assert np.allclose(maps.maps[0], image / 255, atol=1e-6)

    def test_keras_and_litert_see_the_same(
        self, keras_inspector: ModelInspector, litert_inspector: ModelInspector, image: Image
    ) -> None:
        ours = keras_inspector.activations(image)
        theirs = litert_inspector.activations(image)
        assert np.allclose(ours[-1].maps, theirs[-1].maps, atol=1e-4)
        assert ours[-1].is_flat
        pool = next(layer for layer in ours if layer.name == "pool")
        other = next(layer for layer in theirs if layer.name == "max_pool_2d 1")
        assert np.allclose(pool.maps, other.maps, atol=1e-5)

    def test_probabilities_are_those_of_the_bundle(
        self, run: Path, keras_inspector: ModelInspector, image: Image
    ) -> None:
        from trainer.recognition.bundle import load_bundle
        from trainer.recognition.recognizer import Recognizer

        expected = Recognizer(load_bundle(run / "bundle")).probabilities(image[None])
        assert np.allclose(keras_inspector.probabilities(image[None]), expected, atol=1e-4)

    def test_the_embedding_is_what_the_last_layer_takes(
        self, keras_inspector: ModelInspector, litert_inspector: ModelInspector, archive: Path
    ) -> None:
        images = ExplainedData(str(archive), "", keras_inspector.info).some(70).images
        ours, theirs = keras_inspector.embedding(images), litert_inspector.embedding(images)
        assert ours.shape == (70, 49 * N_FILTERS)
        assert np.allclose(ours, theirs, atol=1e-4)
        flat = next(m for m in keras_inspector.activations(images[69]) if m.name == "flatten")
        assert np.allclose(ours[69], flat.maps.reshape(-1), atol=1e-5)
        assert len(keras_inspector.embedding(images[:0])) == 0

    def test_filters_are_the_weights(
        self, keras_inspector: ModelInspector, litert_inspector: ModelInspector
    ) -> None:
        filters = keras_inspector.filters()
        assert filters.maps.shape == (N_FILTERS, 3, 3)
        assert filters.maps[0].tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
        # LiteRT has taken the rescaling into the weights.
        assert np.allclose(255 * litert_inspector.filters().maps, filters.maps, atol=1e-6)

    def test_the_weights_of_a_dense_first_layer_are_pictures(self, tmp_path: Path) -> None:
        from trainer.light_keras import keras

        inputs = keras.Input((28, 28, 1))
        outputs = keras.layers.Dense(2, name="dense")(keras.layers.Flatten()(inputs))
        network = keras.Model(inputs, outputs)
        kernel = np.zeros((784, 2), dtype=np.float32)
        kernel[28 * 5 + 7, 1] = 3
        network.get_layer("dense").set_weights([kernel, np.zeros(2)])
        network.save(tmp_path / "dense.keras")
        inspector = open_inspector(tmp_path / "dense.keras", "ab")
        assert inspector.filters().maps[1, 5, 7] == 3
        image = np.zeros((28, 28), dtype=np.uint8)
        # Without rescaling, full ink is 1: the slope is the weight itself.
        assert np.allclose(inspector.gradient(image, 1), kernel[:, 1].reshape(28, 28))
