"""Looking into classic models and files of others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.trainer.explain.models import ALPHABET, KERAS_MARK, Image, write_classic
from trainer.errors import BundleError, DatasetError
from trainer.explain.base import ModelInspector, View
from trainer.explain.inspect import InspectionRequest, inspect_all, inspect_image
from trainer.explain.open import open_inspector
from trainer.explain.samples import ExplainedData
from trainer.recognition.bundle import KERAS_NAME

pytestmark = KERAS_MARK


class TestOtherModels:
    def test_a_file_that_holds_code_is_not_opened(self, tmp_path: Path) -> None:
        from trainer.light_keras import keras

        inputs = keras.Input((28, 28, 1))
        hidden = keras.layers.Lambda(lambda x: x * 2)(keras.layers.Flatten()(inputs))
        keras.Model(inputs, keras.layers.Dense(2)(hidden)).save(tmp_path / "code.keras")
        with pytest.raises(BundleError, match=r"code\.keras cannot be loaded"):
            open_inspector(tmp_path / "code.keras", "ab")

    def test_an_alphabet_that_does_not_fit_is_told(self, litert_file: Path, run: Path) -> None:
        for path in (litert_file, run / "bundle" / KERAS_NAME):
            with pytest.raises(BundleError, match="Expected 10 outputs"):
                open_inspector(path, "digits")

    def test_a_damaged_network_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "bad.tflite").write_bytes(b"TFL3 nothing of the kind")
        with pytest.raises(BundleError, match=r"bad\.tflite cannot be loaded"):
            open_inspector(tmp_path / "bad.tflite", "ab")

    def test_a_network_of_which_bytes_were_changed_opens_or_is_told(
        self, litert_file: Path, tmp_path: Path
    ) -> None:
        content, told = litert_file.read_bytes(), 0
        for seed in range(12):
            generator = np.random.default_rng(seed)
            changed = bytearray(content)
            for place in generator.integers(0, len(changed), 2):
                changed[place] = generator.integers(0, 256)
            (tmp_path / "changed.tflite").write_bytes(changed)
            try:
                inspector = open_inspector(tmp_path / "changed.tflite", ALPHABET)
                inspect_all(inspector, np.zeros((28, 28), dtype=np.uint8))
            except BundleError:
                told += 1
        assert 0 < told < 12

    @pytest.mark.parametrize("where", [0.2, 0.9])
    def test_a_damaged_keras_file_is_told(self, run: Path, tmp_path: Path, where: float) -> None:
        content = bytearray((run / "bundle" / KERAS_NAME).read_bytes())
        place = round(where * len(content))
        content[place : place + 200] = bytes(200)
        (tmp_path / "damaged.keras").write_bytes(content)
        with pytest.raises(BundleError, match=r"damaged\.keras cannot be loaded"):
            open_inspector(tmp_path / "damaged.keras", ALPHABET)

    def test_samples_that_are_not_there_are_told(
        self, archive: Path, keras_inspector: ModelInspector
    ) -> None:
        with pytest.raises(DatasetError, match="Expected a sample of 0 to 119"):
            ExplainedData(str(archive), "", keras_inspector.info).one(120)

    @pytest.mark.parametrize("name", ["random-forest", "xgboost", "knn"])
    def test_classic_models_show_their_pixels(
        self, name: str, archive: Path, image: Image, tmp_path: Path
    ) -> None:
        inspector = open_inspector(write_classic(archive, name, tmp_path / name))
        inspection = inspect_image(inspector, image, InspectionRequest((), occlusion=True))
        assert inspection.top[0][0] == "L"
        assert inspection.occlusion is not None
        assert {View.LAYERS, View.GRADIENT} <= set(inspector.unsupported)
        with pytest.raises(BundleError, match="has no layers"):
            inspector.activations(image)
        with pytest.raises(BundleError, match="no slope"):
            inspector.gradient(image, 0)
        assert inspector.embedding(image[None]).shape == (1, 784)
        if name == "knn":
            with pytest.raises(BundleError, match="no weights to show"):
                inspector.filters()
            return
        importance = inspector.filters().maps
        assert importance.shape == (1, 28, 28)
        assert importance.sum() == pytest.approx(1, abs=1e-3)
        assert importance[0, 0, 0] == 0
