"""What the layers see: known weights give known maps, in Keras, in LiteRT, through the child."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.archives import write_archive
from trainer.__main__ import main
from trainer.bundle import CARD_NAME, CLASSIC_NAMES, KERAS_NAME, MODEL_NAME, checksum
from trainer.errors import BundleError, ConfigError, DatasetError
from trainer.evaluation.embedding import Neighbourhood, neighbour_map, principal_plane
from trainer.evaluation.layer_atlas import MapWish
from trainer.evaluation.layer_heat import occlusion_map
from trainer.evaluation.layer_look import Wish, look_at, look_at_everything
from trainer.evaluation.layer_samples import Samples
from trainer.evaluation.layers import Inside, View, open_inside
from trainer.layer_serving import LayerServer, Pictures, coded, decoded, last_words
from trainer.preprocess import PREPROCESSING_VERSION

# Keras 3.15 copies its variables in numpy's old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

ALPHABET = "17LOTx"
N_FILTERS = 4

Image = npt.NDArray[np.uint8]


def _network(*, softmax: bool = False) -> Any:
    """Return a small network whose first filter copies the picture."""
    import keras

    keras.utils.set_random_seed(3)
    layers = keras.layers
    inputs = keras.Input((28, 28, 1), name="image")
    x = layers.Rescaling(1 / 255, name="rescaling")(inputs)
    x = layers.Conv2D(N_FILTERS, 3, padding="same", activation="relu", name="conv")(x)
    x = layers.MaxPooling2D(4, name="pool")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(len(ALPHABET), name="logits")(x)
    outputs = layers.Softmax(name="softmax")(x) if softmax else x
    network = keras.Model(inputs, outputs, name="small")
    kernel, bias = network.get_layer("conv").get_weights()
    kernel[..., 0] = 0
    kernel[1, 1, 0, 0] = 1
    bias[1:] = 0.1
    network.get_layer("conv").set_weights([kernel, bias])
    kernel, bias = network.get_layer("logits").get_weights()
    network.get_layer("logits").set_weights([kernel, np.linspace(0, 0.1, len(bias))])
    return network


def _write_bundle(folder: Path, network: Any) -> Path:
    import tensorflow as tf

    folder.mkdir()
    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    (folder / MODEL_NAME).write_bytes(converter.convert())
    network.save(folder / KERAS_NAME)
    _write_card(folder, {"form": "float32", "sha256": checksum(folder / MODEL_NAME)})
    return folder


def _write_card(folder: Path, model: dict[str, str]) -> None:
    card = {
        "format": 1,
        "name": "small",
        "alphabet": list(ALPHABET),
        "preprocessing": PREPROCESSING_VERSION,
        "pen_widths": [2.9],
        "temperature": 2.0,
        "model": model,
    }
    (folder / CARD_NAME).write_text(json.dumps(card))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run's folder with a bundle that Keras and LiteRT can open."""
    root = tmp_path_factory.mktemp("runs") / "small"
    root.mkdir()
    _write_bundle(root / "bundle", _network())
    return root


@pytest.fixture(scope="module")
def litert_file(run: Path) -> Path:
    return run / "bundle" / MODEL_NAME


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("data") / "small.npz", 120)


@pytest.fixture(scope="module")
def keras_inside(run: Path) -> Inside:
    return open_inside(run)


@pytest.fixture(scope="module")
def litert_inside(litert_file: Path) -> Inside:
    return open_inside(litert_file, ALPHABET)


@pytest.fixture(scope="module")
def image(archive: Path, keras_inside: Inside) -> Image:
    picked: Image = Samples(str(archive), "", keras_inside.facts).one(2).images[0]
    return picked


@pytest.fixture(scope="module")
def child(run: Path, archive: Path) -> Iterator[LayerServer]:
    with LayerServer(["--model", str(run)]) as server:
        server.ask({"open": {"data": str(archive)}})
        yield server


class TestGraph:
    def test_a_run_is_opened_with_keras_and_lists_its_layers(self, keras_inside: Inside) -> None:
        assert keras_inside.kind == "keras"
        names = [layer.name for layer in keras_inside.graph]
        assert names == ["image", "rescaling", "conv", "pool", "flatten", "logits"]
        conv = keras_inside.graph[2]
        assert (conv.kind, conv.shape, conv.parameters) == ("Conv2D", (28, 28, N_FILTERS), 40)
        assert conv.inputs == ("rescaling",)
        assert not keras_inside.graph[0].is_shown
        assert not keras_inside.obstacles

    def test_litert_has_the_layers_with_their_weights(self, litert_inside: Inside) -> None:
        assert litert_inside.kind == "litert"
        assert [layer.kind for layer in litert_inside.graph if layer.parameters] == [
            "Conv2D",
            "Dense",
        ]
        assert litert_inside.graph[-1].shape == (len(ALPHABET),)
        assert litert_inside.graph[-1].parameters == 49 * N_FILTERS * 6 + 6
        sources = [layer.inputs for layer in litert_inside.graph[1:]]
        assert all(sources)
        assert sources[0] == ("image",)

    def test_branches_name_all_their_sources(self, tmp_path: Path) -> None:
        import keras

        inputs = keras.Input((28, 28, 1))
        left = keras.layers.Conv2D(2, 3, padding="same", name="left")(inputs)
        right = keras.layers.Conv2D(2, 5, padding="same", name="right")(inputs)
        joined = keras.layers.Add(name="sum")([left, right])
        outputs = keras.layers.Dense(2)(keras.layers.GlobalAveragePooling2D()(joined))
        keras.Model(inputs, outputs).save(tmp_path / "branches.keras")
        inside = open_inside(tmp_path / "branches.keras", "ab")
        rows = {layer.name: layer for layer in inside.graph}
        assert rows["sum"].inputs == ("left", "right")
        assert inside.embedding(np.zeros((3, 28, 28), dtype=np.uint8)).shape == (3, 2)

    def test_networks_within_networks_and_layers_called_twice_are_shown(
        self, tmp_path: Path, image: Image
    ) -> None:
        import keras

        within = keras.Input((28, 28, 1))
        inner = keras.Model(within, keras.layers.Conv2D(2, 3)(within), name="inner")
        again = keras.layers.MaxPooling2D(name="again")
        inputs = keras.Input((28, 28, 1), name="image")
        outputs = keras.layers.Dense(2)(keras.layers.Flatten()(again(again(inner(inputs)))))
        keras.Model(inputs, outputs).save(tmp_path / "nested.keras")
        inside = open_inside(tmp_path / "nested.keras", "ab")
        rows = {layer.name: layer for layer in inside.graph}
        assert rows["inner"].inputs == ("image",)
        assert rows["again"].shape == (6, 6, 2)
        seen = {layer.name: layer.maps.shape for layer in inside.activations(image)}
        assert seen["inner"] == (2, 26, 26)
        assert seen["again"] == (2, 6, 6)

    def test_without_keras_a_run_is_opened_with_litert(
        self, run: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
        assert open_inside(run).kind == "litert"

    @pytest.mark.filterwarnings("ignore:Statistics for quantized inputs")
    def test_quantised_weights_are_shown_as_numbers(
        self, tmp_path: Path, keras_inside: Inside, image: Image
    ) -> None:
        import tensorflow as tf

        converter = tf.lite.TFLiteConverter.from_keras_model(_network())
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: [
            [np.float32(image[None, ..., None] * share)] for share in (0.0, 0.5, 1.0)
        ]
        (tmp_path / "small.tflite").write_bytes(converter.convert())
        inside = open_inside(tmp_path / "small.tflite", ALPHABET)
        expected = keras_inside.filters().maps
        found = inside.filters().maps
        assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.99
        assert sum(layer.parameters for layer in inside.graph) > 49 * N_FILTERS * 6
        copied = next(m for m in inside.activations(image) if m.maps.shape == (N_FILTERS, 28, 28))
        assert np.corrcoef(copied.maps[0].ravel(), image.ravel())[0, 1] > 0.99

    def test_the_bundled_recogniser_has_no_keras_file_and_shows_its_layers(self) -> None:
        inside = open_inside()
        assert inside.kind == "litert"
        assert inside.graph[-1].shape == (62,)
        assert inside.filters().maps.shape == (24, 3, 3)
        assert sum(layer.parameters for layer in inside.graph) > 800_000


class TestActivations:
    @pytest.mark.parametrize("kind", ["keras", "litert"])
    def test_a_filter_that_copies_gives_the_picture(
        self, kind: str, image: Image, request: pytest.FixtureRequest
    ) -> None:
        inside: Inside = request.getfixturevalue(f"{kind}_inside")
        maps = next(m for m in inside.activations(image) if m.maps.shape == (N_FILTERS, 28, 28))
        assert np.allclose(maps.maps[0], image / 255, atol=1e-6)

    def test_keras_and_litert_see_the_same(
        self, keras_inside: Inside, litert_inside: Inside, image: Image
    ) -> None:
        ours = keras_inside.activations(image)
        theirs = litert_inside.activations(image)
        assert np.allclose(ours[-1].maps, theirs[-1].maps, atol=1e-4)
        assert ours[-1].is_flat
        pool = next(layer for layer in ours if layer.name == "pool")
        other = next(layer for layer in theirs if layer.name == "max_pool_2d 1")
        assert np.allclose(pool.maps, other.maps, atol=1e-5)

    def test_probabilities_are_those_of_the_bundle(
        self, run: Path, keras_inside: Inside, image: Image
    ) -> None:
        from trainer.bundle import load_bundle
        from trainer.recognizer import Recognizer

        expected = Recognizer(load_bundle(run / "bundle")).probabilities(image[None])
        assert np.allclose(keras_inside.probabilities(image[None]), expected, atol=1e-4)

    def test_the_embedding_is_what_the_last_layer_takes(
        self, keras_inside: Inside, litert_inside: Inside, archive: Path
    ) -> None:
        images = Samples(str(archive), "", keras_inside.facts).some(70).images
        ours, theirs = keras_inside.embedding(images), litert_inside.embedding(images)
        assert ours.shape == (70, 49 * N_FILTERS)
        assert np.allclose(ours, theirs, atol=1e-4)
        flat = next(m for m in keras_inside.activations(images[69]) if m.name == "flatten")
        assert np.allclose(ours[69], flat.maps.reshape(-1), atol=1e-5)
        assert len(keras_inside.embedding(images[:0])) == 0

    def test_filters_are_the_weights(self, keras_inside: Inside, litert_inside: Inside) -> None:
        filters = keras_inside.filters()
        assert filters.maps.shape == (N_FILTERS, 3, 3)
        assert filters.maps[0].tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
        # LiteRT has taken the rescaling into the weights.
        assert np.allclose(255 * litert_inside.filters().maps, filters.maps, atol=1e-6)

    def test_the_weights_of_a_dense_first_layer_are_pictures(self, tmp_path: Path) -> None:
        import keras

        inputs = keras.Input((28, 28, 1))
        outputs = keras.layers.Dense(2, name="dense")(keras.layers.Flatten()(inputs))
        network = keras.Model(inputs, outputs)
        kernel = np.zeros((784, 2), dtype=np.float32)
        kernel[28 * 5 + 7, 1] = 3
        network.get_layer("dense").set_weights([kernel, np.zeros(2)])
        network.save(tmp_path / "dense.keras")
        inside = open_inside(tmp_path / "dense.keras", "ab")
        assert inside.filters().maps[1, 5, 7] == 3
        image = np.zeros((28, 28), dtype=np.uint8)
        # Without rescaling, full ink is 1: the slope is the weight itself.
        assert np.allclose(inside.gradient(image, 1), kernel[:, 1].reshape(28, 28))


class TestHeat:
    def test_litert_finds_the_gradient_that_keras_has(
        self, keras_inside: Inside, litert_inside: Inside
    ) -> None:
        # On bare paper ReLU and pooling stand on their kinks, where slopes are a matter of taste.
        noise = np.random.default_rng(0).integers(20, 230, (28, 28)).astype(np.uint8)
        exact, found = keras_inside.gradient(noise, 2), litert_inside.gradient(noise, 2)
        assert exact.shape == (28, 28)
        assert np.corrcoef(exact.ravel(), found.ravel())[0, 1] > 0.9

    def test_a_softmax_that_is_sure_still_has_a_gradient(
        self, tmp_path: Path, image: Image
    ) -> None:
        network = _network(softmax=True)
        kernel, bias = network.get_layer("logits").get_weights()
        network.get_layer("logits").set_weights([200 * kernel, bias])
        network.save(tmp_path / "sure.keras")
        inside = open_inside(tmp_path / "sure.keras", ALPHABET)
        answer = inside.probabilities(image[None])[0]
        assert answer.max() > 0.99
        assert np.abs(inside.gradient(image, int(answer.argsort()[-2]))).max() > 1

    def test_covering_what_counts_lowers_the_answer(self) -> None:
        image = np.zeros((28, 28), dtype=np.uint8)
        image[4:8, 4:8] = image[20:24, 20:24] = 255

        def answer(images: Image) -> npt.NDArray[np.float32]:
            share = images[:, :14, :14].sum(axis=(1, 2)) / (255.0 * 16)
            return np.stack([share, 1 - share], axis=1).astype(np.float32)

        for_it, against = (occlusion_map(answer, image, target) for target in (0, 1))
        assert for_it[5, 5] > 0.5
        assert abs(float(for_it[22, 22])) < 1e-6
        assert np.allclose(for_it, -against)

    @given(
        patch=st.integers(1, 12),
        step=st.integers(1, 12),
        ink=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 14)), max_size=20),
    )
    def test_every_map_has_values_from_minus_one_to_one(
        self, patch: int, step: int, ink: list[tuple[int, int]]
    ) -> None:
        image = np.zeros((12, 15), dtype=np.uint8)
        for row, column in ink:
            image[row, column] = 200

        def answer(images: Image) -> npt.NDArray[np.float32]:
            share = images.reshape(len(images), -1).mean(axis=1) / 255
            return np.stack([share, 1 - share], axis=1).astype(np.float32)

        if step > patch:
            with pytest.raises(ConfigError, match="Expected a step"):
                occlusion_map(answer, image, 0, patch, step)
            return
        values = occlusion_map(answer, image, 0, patch, step)
        assert values.shape == image.shape
        assert np.isfinite(values).all()
        assert 0 <= values.min() <= values.max() <= 1
        assert bool(values.any()) == bool(ink)

    def test_a_look_is_about_what_is_read_or_what_is_asked(
        self, keras_inside: Inside, image: Image
    ) -> None:
        look = look_at(keras_inside, image, Wish(None, occlusion=True, gradient=True))
        assert look.target == look.top[0][0]
        assert len(look.layers) == 5
        other = look_at(keras_inside, image, Wish((), gradient=True, target="x"))
        assert other.target == "x"
        assert other.layers == ()
        with pytest.raises(ConfigError, match="Received: é"):
            look_at(keras_inside, image, Wish(target="é"))
        with pytest.raises(ConfigError, match="Received: nothing"):
            look_at(keras_inside, image, Wish(("nothing",)))

    def test_a_blank_picture_is_read_as_nothing(self, keras_inside: Inside) -> None:
        blank = np.zeros((28, 28), dtype=np.uint8)
        look = look_at(keras_inside, blank, Wish(None, occlusion=True))
        assert look.top == ()
        assert look.occlusion is not None
        assert not look.occlusion.any()


class TestEmbedding:
    def _clusters(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
        generator = np.random.default_rng(0)
        labels = np.arange(60) % 3
        centers = generator.normal(size=(3, 80)) * 8
        return (centers[labels] + generator.normal(size=(60, 80))).astype(np.float32), labels

    def test_the_principal_plane_keeps_what_lies_in_a_plane(self) -> None:
        generator = np.random.default_rng(1)
        flat = generator.normal(size=(40, 2))
        axes = np.linalg.qr(generator.normal(size=(6, 2)))[0].T
        vectors = (flat @ axes + 5).astype(np.float32)
        plane = principal_plane(vectors)
        places = plane.place(vectors)
        assert sum(plane.explained) > 0.999
        apart = np.linalg.norm(flat[:, None] - flat[None], axis=2)
        found = np.linalg.norm(places[:, None] - places[None], axis=2)
        assert np.allclose(apart, found, atol=1e-4)

    def test_a_map_keeps_clusters_apart_and_says_how_far_it_is(self) -> None:
        vectors, labels = self._clusters()
        told: list[tuple[int, int]] = []
        places = neighbour_map(vectors, lambda *step: told.append(step), lambda: None)
        assert places.shape == (60, 2)
        apart = np.linalg.norm(places[:, None] - places[None], axis=2)
        np.fill_diagonal(apart, np.inf)
        assert (labels[apart.argmin(axis=1)] == labels).all()
        assert told == sorted(told)
        assert len(told) > 3
        assert told[-1] == (1000, 1000)
        again = neighbour_map(vectors, lambda *_: None, lambda: None)
        assert np.array_equal(places, again)

    def test_a_map_that_is_not_wanted_ends_early(self) -> None:
        vectors, _ = self._clusters()
        told: list[int] = []

        def check() -> None:
            if told and told[-1] >= 100:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            neighbour_map(vectors, lambda done, _: told.append(done), check)
        assert told[-1] == 100

    def test_a_new_vector_stands_beside_its_like(self) -> None:
        vectors, labels = self._clusters()
        places = principal_plane(vectors).place(vectors)
        around = Neighbourhood.of(vectors[7], vectors)
        place = around.place_in(places)
        assert around.nearest[0] == 7
        assert np.linalg.norm(place - places[7]) < np.linalg.norm(places[8] - places[7])
        assert {int(labels[index]) for index in around.nearest} == {int(labels[7])}

    def test_too_few_samples_and_impossible_settings_are_told(self) -> None:
        with pytest.raises(ConfigError, match="at least 5 samples"):
            principal_plane(np.zeros((4, 3), dtype=np.float32))
        with pytest.raises(ConfigError, match="perplexity"):
            neighbour_map(np.zeros((9, 3), dtype=np.float32), print, lambda: None, 0, 0.5)
        for settings in ({"method": "umap"}, {"samples": 0}, {"seed": -1}):
            with pytest.raises(ConfigError, match="Received"):
                MapWish(**settings)


class TestPictures:
    def test_maps_come_back_to_a_part_of_their_range(self) -> None:
        maps = np.random.default_rng(0).normal(size=(3, 5, 4)).astype(np.float32)
        maps[1] = 7
        sent = json.loads(json.dumps(Pictures.from_maps("x", maps, is_flat=False).to_record()))
        received = Pictures.from_record(sent)
        spans = (maps.max(axis=(1, 2)) - maps.min(axis=(1, 2)))[:, None, None]
        assert (np.abs(received.values() - maps) <= spans / 500 + 1e-5).all()
        assert (received.values()[1] == 7).all()

    @pytest.mark.parametrize("text", ["!!!!", "AAAA", 7])
    def test_bytes_that_are_no_picture_are_refused(self, text: Any) -> None:
        with pytest.raises(BundleError, match="Received"):
            decoded(text, (2, 2))

    def test_the_last_words_of_a_child_are_a_sentence_and_a_hint(self) -> None:
        assert last_words("INFO\nIt is gone.\nHint: Look.\n", "x") == ("It is gone.", "Look.")
        assert last_words("It is gone.\n", "x")[0] == "It is gone."
        assert "model x" in last_words("", "model x")[0]


class TestChild:
    def test_the_first_line_is_the_model(self, child: LayerServer) -> None:
        model = child.model
        assert (model.name, model.kind) == ("small", "keras")
        assert model.image_shape == (28, 28)
        assert "".join(model.alphabet) == ALPHABET
        assert model.parameters == 40 + 49 * N_FILTERS * 6 + 6
        assert not model.cannot

    def test_it_looks_at_a_drawing(self, child: LayerServer, image: Image) -> None:
        wish = {"image": coded(image), "layers": "all", "occlusion": True, "gradient": True}
        look = child.ask({"look": wish})["look"]
        assert [layer["name"] for layer in look["layers"]] == [
            "rescaling",
            "conv",
            "pool",
            "flatten",
            "logits",
        ]
        copied = Pictures.from_record(look["layers"][1])
        assert np.allclose(copied.values()[0], image / 255, atol=0.003)
        assert np.shape(look["occlusion"]) == np.shape(look["gradient"]) == (28, 28)
        rows = child.ask({"look": {"image": image.tolist()}})["look"]
        assert rows["top"] == look["top"]

    def test_it_looks_at_samples_and_lays_them_out(self, child: LayerServer) -> None:
        look = child.ask({"look": {"sample": 3}})["look"]
        assert (look["sample"], look["character"]) == (3, "O")
        told: list[int] = []
        for method in ("pca", "tsne"):
            wish = {"method": method, "samples": 60, "perplexity": 5}
            made = child.ask({"map": wish}, lambda done, _: told.append(done))["map"]
            assert (made["method"], np.shape(made["points"])) == (method, (60, 2))
        assert told
        assert made["indices"] == sorted(made["indices"])
        index = made["indices"][10]
        placed = child.ask({"look": {"sample": index, "place": True}})["look"]["places"]
        assert set(placed) == {"pca", "tsne", "nearest"}
        assert placed["nearest"][0] == 10
        spread = np.ptp(made["points"], axis=0).max()
        assert np.linalg.norm(np.subtract(placed["tsne"], made["points"][10])) < 0.1 * spread

    def test_a_map_can_be_cancelled_while_drawings_are_answered(
        self, child: LayerServer, image: Image
    ) -> None:
        wanted = child.send({"map": {"method": "tsne", "samples": 120, "seed": 4}})
        look = child.ask({"look": {"image": coded(image)}})
        assert "look" in look
        child.send({"cancel": wanted})
        after = child.ask({"map": {"method": "pca", "samples": 30}})
        assert len(after["map"]["points"]) == 30

    def test_filters_come_once_asked_for(self, child: LayerServer) -> None:
        filters = Pictures.from_record(child.ask({"filters": {}})["filters"])
        assert np.allclose(filters.values()[0][1, 1], 1)

    def test_it_writes_a_sheet(self, child: LayerServer, tmp_path: Path) -> None:
        out = tmp_path / "page.html"
        wish = {"sample": 3, "out": str(out), "target": "x"}
        assert child.ask({"sheet": wish})["sheet"]["out"] == str(out)
        assert "by how much x becomes less probable" in out.read_text()
        with pytest.raises(BundleError, match=r"\.png or \.html"):
            child.ask({"sheet": {"sample": 3, "out": str(tmp_path / "page.pdf")}})

    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ({}, "Expected one of open, look, filters, sheet, map or cancel"),
            ({"look": {}}, "not clear"),
            ({"look": {"image": "AAAA"}}, "784 bytes"),
            ({"look": {"image": [[1, 2], [3, 999]]}}, "rows of numbers"),
            ({"look": {"sample": 10_000}}, "Expected a sample of 0 to 119"),
            ({"look": {"sample": 0, "layers": ["foo"]}}, "Expected layers of"),
            ({"look": {"sample": 0, "occlusion": True, "patch": 0}}, "Expected a step"),
            ({"map": {"method": "umap"}}, "Expected pca or tsne"),
            ({"map": {"samples": 3}}, "at least 5"),
            ({"map": {"samples": "many"}}, "not clear"),
            ({"open": {"data": "/nowhere/at/all"}}, "There is no"),
        ],
    )
    def test_a_bad_question_is_answered_and_the_next_one_too(
        self, child: LayerServer, question: dict[str, Any], expected: str
    ) -> None:
        with pytest.raises(BundleError, match=expected):
            child.ask(question)
        assert "look" in child.ask({"look": {"sample": 0}})

    def test_a_model_that_is_not_there_ends_the_child_with_a_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(BundleError, match="There is no recogniser in"):
            LayerServer(["--model", str(tmp_path)])

    def test_lines_that_are_no_questions_are_answered_until_the_input_ends(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "trainer", "layers", "--serve"],
            input='nonsense\n[1]\n\n{"id": 7, "filters": {}}\n{"id": 8, "look": {"sample": 1}}\n',
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        first, *said = [json.loads(line) for line in done.stdout.splitlines()]
        assert first["ready"]
        assert [("error" in line, line.get("id")) for line in said] == [
            (True, None),
            (True, None),
            (False, 7),
            (True, 8),
        ]
        assert said[-1]["error"] == "No data are open."


class TestCommand:
    def test_the_graph_is_a_table(self, capsys: pytest.CaptureFixture[str], run: Path) -> None:
        assert main(["layers", "--model", str(run)]) == 0
        printed = capsys.readouterr().out
        assert "small: 1,222 parameters, keras" in printed
        assert "28×28×4" in printed

    def test_a_sample_as_json_and_as_a_sheet(
        self,
        capsys: pytest.CaptureFixture[str],
        run: Path,
        archive: Path,
        tmp_path: Path,
    ) -> None:
        sheet = tmp_path / "sheet.png"
        options = ["layers", "--model", str(run), "--data", str(archive), "--index", "3"]
        assert main([*options, "--out", str(sheet), "--json"]) == 0
        record = json.loads(capsys.readouterr().out)
        assert record["out"] == str(sheet)
        assert [layer["name"] for layer in record["look"]["layers"]][-1] == "logits"
        assert np.shape(record["look"]["gradient"]) == (28, 28)
        from PIL import Image as PillowImage

        with PillowImage.open(sheet) as picture:
            assert picture.width == 1000
            assert picture.height > 800
            assert len(picture.getcolors(1 << 24) or []) > 100

    def test_a_page_needs_nothing_beside_itself(
        self, run: Path, archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        page = tmp_path / "page.html"
        options = ["--data", str(archive), "--layers", "conv", "--out", str(page)]
        assert main(["layers", "--model", str(run), *options]) == 0
        text = page.read_text()
        assert text.count("data:image/png;base64,") == 5
        assert "conv: 4 maps" in text
        assert "flatten:" not in text
        assert "http" not in text

    def test_an_ink_and_a_picture(
        self, capsys: pytest.CaptureFixture[str], litert_file: Path, tmp_path: Path
    ) -> None:
        from PIL import Image as PillowImage
        from PIL import ImageDraw

        ink = tmp_path / "ink.json"
        ink.write_text('{"strokes": [[[0, 0], [0, 50]]]}')
        drawn = PillowImage.new("L", (80, 80), 255)
        ImageDraw.Draw(drawn).line([(40, 10), (40, 70)], fill=0, width=8)
        drawn.save(tmp_path / "drawn.png")
        looks = []
        for given_by, path in (("--ink", ink), ("--image", tmp_path / "drawn.png")):
            options = ["--model", str(litert_file), "--alphabet", ALPHABET, given_by, str(path)]
            assert main(["layers", *options, "--json"]) == 0
            looks.append(json.loads(capsys.readouterr().out)["look"])
        assert looks[0]["top"][0][0] == looks[1]["top"][0][0]

    def test_a_map_as_json(
        self, capsys: pytest.CaptureFixture[str], run: Path, archive: Path
    ) -> None:
        options = ["--data", str(archive), "--map", "pca", "--samples", "40", "--progress"]
        assert main(["layers", "--model", str(run), *options, "--json"]) == 0
        said = capsys.readouterr()
        record = json.loads(said.out)
        assert len(record["map"]["points"]) == len(record["map"]["labels"]) == 40
        assert '"phase": "embedding"' in said.err

    @pytest.mark.parametrize("form", ["png", "html"])
    def test_a_map_as_a_picture(
        self,
        capsys: pytest.CaptureFixture[str],
        run: Path,
        archive: Path,
        tmp_path: Path,
        form: str,
    ) -> None:
        out = tmp_path / f"map.{form}"
        options = ["--data", str(archive), "--map", "pca", "--samples", "40", "--out", str(out)]
        assert main(["layers", "--model", str(run), *options]) == 0
        assert str(out) in capsys.readouterr().out
        if form == "html":
            assert "40 samples laid out by PCA" in out.read_text()
            return
        from PIL import Image as PillowImage

        with PillowImage.open(out) as picture:
            colors = {color for _, color in picture.getcolors(1 << 24) or []}
            assert picture.width == 1000
            assert len(colors) > 20

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            (["--image", "a.png", "--ink", "b.json"], "Expected one of"),
            (["--map", "pca"], "needs the samples of a dataset"),
            (["--out", "x.gif"], "Expected a file .png or .html"),
            (["--out", "x.png"], "Nothing is shown on the sheet"),
            (["--ink", "nowhere.json"], "cannot be read"),
            (["--model", "nowhere.keras"], "There is no nowhere.keras"),
        ],
    )
    def test_bad_options_are_explained(
        self, capsys: pytest.CaptureFixture[str], options: list[str], expected: str
    ) -> None:
        assert main(["layers", *options]) == 1
        assert expected in capsys.readouterr().err

    def test_a_sheet_that_cannot_be_written_is_explained(
        self, capsys: pytest.CaptureFixture[str], run: Path, archive: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("")
        out = tmp_path / "file" / "sheet.png"
        options = ["layers", "--model", str(run), "--data", str(archive), "--out", str(out)]
        assert main(options) == 1
        assert "cannot be written" in capsys.readouterr().err


class TestOtherModels:
    def test_a_file_that_holds_code_is_not_opened(self, tmp_path: Path) -> None:
        import keras

        inputs = keras.Input((28, 28, 1))
        hidden = keras.layers.Lambda(lambda x: x * 2)(keras.layers.Flatten()(inputs))
        keras.Model(inputs, keras.layers.Dense(2)(hidden)).save(tmp_path / "code.keras")
        with pytest.raises(BundleError, match=r"code\.keras cannot be loaded"):
            open_inside(tmp_path / "code.keras", "ab")

    def test_an_alphabet_that_does_not_fit_is_told(self, litert_file: Path, run: Path) -> None:
        for path in (litert_file, run / "bundle" / KERAS_NAME):
            with pytest.raises(BundleError, match="Expected 10 outputs"):
                open_inside(path, "digits")

    def test_a_damaged_network_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "bad.tflite").write_bytes(b"TFL3 nothing of the kind")
        with pytest.raises(BundleError, match=r"bad\.tflite cannot be loaded"):
            open_inside(tmp_path / "bad.tflite", "ab")

    def test_a_network_of_which_bytes_were_changed_opens_or_is_told(
        self, litert_file: Path, tmp_path: Path
    ) -> None:
        content, told = litert_file.read_bytes(), 0
        for seed in range(40):
            generator = np.random.default_rng(seed)
            changed = bytearray(content)
            for place in generator.integers(0, len(changed), 8):
                changed[place] = generator.integers(0, 256)
            (tmp_path / "changed.tflite").write_bytes(changed)
            try:
                inside = open_inside(tmp_path / "changed.tflite", ALPHABET)
                look_at_everything(inside, np.zeros((28, 28), dtype=np.uint8))
            except BundleError:
                told += 1
        assert 0 < told < 40

    @pytest.mark.parametrize("where", [0.2, 0.9])
    def test_a_damaged_keras_file_is_told(self, run: Path, tmp_path: Path, where: float) -> None:
        content = bytearray((run / "bundle" / KERAS_NAME).read_bytes())
        place = round(where * len(content))
        content[place : place + 200] = bytes(200)
        (tmp_path / "damaged.keras").write_bytes(content)
        with pytest.raises(BundleError, match=r"damaged\.keras cannot be loaded"):
            open_inside(tmp_path / "damaged.keras", ALPHABET)

    def test_samples_that_are_not_there_are_told(self, archive: Path, keras_inside: Inside) -> None:
        with pytest.raises(DatasetError, match="Expected a sample of 0 to 119"):
            Samples(str(archive), "", keras_inside.facts).one(120)

    @pytest.mark.parametrize("name", ["random-forest", "xgboost", "knn"])
    def test_classic_models_show_their_pixels(
        self, name: str, archive: Path, image: Image, tmp_path: Path
    ) -> None:
        inside = open_inside(_write_classic(archive, name, tmp_path / name))
        look = look_at(inside, image, Wish((), occlusion=True))
        assert look.top[0][0] == "L"
        assert look.occlusion is not None
        assert {View.LAYERS, View.GRADIENT} <= set(inside.obstacles)
        with pytest.raises(BundleError, match="has no layers"):
            inside.activations(image)
        with pytest.raises(BundleError, match="no slope"):
            inside.gradient(image, 0)
        assert inside.embedding(image[None]).shape == (1, 784)
        if name == "knn":
            with pytest.raises(BundleError, match="no weights to show"):
                inside.filters()
            return
        importance = inside.filters().maps
        assert importance.shape == (1, 28, 28)
        assert importance.sum() == pytest.approx(1, abs=1e-3)
        assert importance[0, 0, 0] == 0


def _write_classic(archive: Path, name: str, folder: Path) -> Path:
    """Fit a small model in one thread, and write its bundle."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import MinMaxScaler

    from trainer.datasets.pen import read_pen_archive
    from trainer.models.classical_files import save_skops

    drawings = read_pen_archive(archive)
    rows = drawings.render().images.reshape(len(drawings), -1).astype(np.float32)
    characters = [drawings.alphabet[label] for label in drawings.labels]
    labels = np.array([ALPHABET.index(character) for character in characters])
    folder.mkdir()
    form = "xgboost" if name == "xgboost" else "skops"
    file = folder / CLASSIC_NAMES[form]
    if name == "xgboost":
        import xgboost

        settings = {"objective": "multi:softprob", "num_class": 6, "max_depth": 2, "nthread": 1}
        xgboost.train(settings, xgboost.DMatrix(rows, label=labels), 3).save_model(file)
    else:
        models = {
            "random-forest": RandomForestClassifier(10, random_state=0),
            "knn": KNeighborsClassifier(3),
        }
        pipeline = Pipeline([("scaler", MinMaxScaler()), ("model", models[name])])
        save_skops(pipeline.fit(rows, labels), file)
    _write_card(folder, {"form": form, "sha256": checksum(file)})
    return folder
