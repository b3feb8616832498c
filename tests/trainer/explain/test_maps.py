"""Heat maps, maps of samples, and pictures as they are sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.explain.models import ALPHABET, KERAS_MARK, Image, small_network
from trainer.errors import BundleError, ConfigError
from trainer.explain.base import ModelInspector
from trainer.explain.client import Pictures, decoded
from trainer.explain.embedding import Neighbourhood, neighbour_map, principal_plane
from trainer.explain.embedding_map import MapRequest
from trainer.explain.inspect import InspectionRequest, inspect_image, occlusion_map
from trainer.explain.open import open_inspector

pytestmark = KERAS_MARK


class TestHeat:
    def test_litert_finds_the_gradient_that_keras_has(
        self, keras_inspector: ModelInspector, litert_inspector: ModelInspector
    ) -> None:
        # On bare paper ReLU and pooling stand on their kinks, where slopes are a matter of taste.
        noise = np.random.default_rng(0).integers(20, 230, (28, 28)).astype(np.uint8)
        exact, found = keras_inspector.gradient(noise, 2), litert_inspector.gradient(noise, 2)
        assert exact.shape == (28, 28)
        assert np.corrcoef(exact.ravel(), found.ravel())[0, 1] > 0.9

    def test_a_softmax_that_is_sure_still_has_a_gradient(
        self, tmp_path: Path, image: Image
    ) -> None:
        network = small_network(softmax=True)
        kernel, bias = network.get_layer("logits").get_weights()
        network.get_layer("logits").set_weights([200 * kernel, bias])
        network.save(tmp_path / "sure.keras")
        inspector = open_inspector(tmp_path / "sure.keras", ALPHABET)
        answer = inspector.probabilities(image[None])[0]
        assert answer.max() > 0.99
        assert np.abs(inspector.gradient(image, int(answer.argsort()[-2]))).max() > 1

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
        self, keras_inspector: ModelInspector, image: Image
    ) -> None:
        inspection = inspect_image(
            keras_inspector, image, InspectionRequest(None, occlusion=True, gradient=True)
        )
        assert inspection.target == inspection.top[0][0]
        assert len(inspection.layers) == 5
        other = inspect_image(
            keras_inspector, image, InspectionRequest((), gradient=True, target="x")
        )
        assert other.target == "x"
        assert other.layers == ()
        with pytest.raises(ConfigError, match="Received: é"):
            inspect_image(keras_inspector, image, InspectionRequest(target="é"))
        with pytest.raises(ConfigError, match="Received: nothing"):
            inspect_image(keras_inspector, image, InspectionRequest(("nothing",)))

    def test_a_blank_picture_is_read_as_nothing(self, keras_inspector: ModelInspector) -> None:
        blank = np.zeros((28, 28), dtype=np.uint8)
        inspection = inspect_image(keras_inspector, blank, InspectionRequest(None, occlusion=True))
        assert inspection.top == ()
        assert inspection.occlusion is not None
        assert not inspection.occlusion.any()


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
        places = plane.project(vectors)
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
        places = principal_plane(vectors).project(vectors)
        around = Neighbourhood.of(vectors[7], vectors)
        place = around.position_in(places)
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
                MapRequest(**settings)


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
