import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from trainer.datasets.dataset import Dataset
from trainer.errors import BundleError, DatasetError
from trainer.evaluation.classifier import (
    alphabet_from,
    data_images,
    open_classifier,
    shared_alphabet,
)
from trainer.evaluation.input_range import InputRange
from trainer.files.paths import default_bundle
from trainer.ink.alphabet import BYCLASS, BYMERGE
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Recognizer

IMAGES = np.random.default_rng(1).integers(0, 256, (70, 28, 28), dtype=np.uint8)


def dataset(labels: list[int], alphabet: tuple[str, ...]) -> Dataset:
    chosen = np.array(labels, dtype=np.int64)
    return Dataset("some", alphabet, IMAGES[: len(labels)], chosen)


def test_the_bundled_recogniser_answers_in_parts_as_it_does_whole() -> None:
    classifier = open_classifier()
    assert (classifier.kind, classifier.image_shape) == ("litert", (28, 28))
    assert classifier.parameters is not None
    assert classifier.size_bytes == (default_bundle() / "model.tflite").stat().st_size
    whole = Recognizer(load_bundle(default_bundle())).probabilities(IMAGES)
    np.testing.assert_allclose(classifier.probabilities(IMAGES), whole, atol=1e-6)
    assert classifier.probabilities(IMAGES[:0]).shape == (0, 62)


def test_answers_are_compared_in_the_alphabet_of_both() -> None:
    view = shared_alphabet(BYCLASS, dataset([0, 10, 36, 61], BYCLASS))
    assert view.characters == BYMERGE
    assert [view.characters[place] for place in view.truth] == ["0", "A", "a", "Z"]
    digits = shared_alphabet(BYCLASS, dataset([3, 7], BYCLASS))
    assert digits.characters == tuple("0123456789")
    ours = np.zeros((2, 62), dtype=np.float32)
    ours[:, [3, 20]] = 0.2, 0.8
    assert digits.apply(ours).argmax(axis=1).tolist() == [3, 3]


def test_what_a_model_does_not_know_is_named() -> None:
    with pytest.raises(DatasetError, match="A B"):
        shared_alphabet(tuple("0123456789"), dataset([10, 11], BYCLASS))


@pytest.mark.parametrize(
    ("text", "characters"), [("digits", "0123456789"), ("ABC", "ABC"), ("cased", "".join(BYCLASS))]
)
def test_an_alphabet_is_a_name_or_its_characters(text: str, characters: str) -> None:
    assert "".join(alphabet_from(text)) == characters


def test_an_alphabet_may_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "classes.txt"
    path.write_text("0\nempty\n\nF\n", encoding="utf-8")
    assert alphabet_from(str(path)) == ("0", "empty", "F")
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BundleError, match="cannot be read"):
        alphabet_from(str(path))


@pytest.mark.parametrize("text", ["", "AA"])
def test_a_poor_alphabet_is_refused(text: str) -> None:
    with pytest.raises(BundleError) as caught:
        alphabet_from(text)
    assert caught.value.hint


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
class TestFiles:
    @pytest.fixture(scope="class")
    def network(self) -> object:
        keras = pytest.importorskip("keras")
        keras.utils.set_random_seed(1)
        return keras.Sequential(
            [
                keras.Input((14, 14, 1)),
                keras.layers.Rescaling(1 / 255),
                keras.layers.Flatten(),
                keras.layers.Dense(3),
            ]
        )

    @pytest.fixture(scope="class")
    def expected(self, network) -> np.ndarray:
        from trainer.recognition.recognizer import resized

        logits = np.asarray(network(resized(IMAGES, (14, 14))[..., None].astype(np.float32)))
        return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)

    def test_a_keras_file_answers(self, network, expected, tmp_path: Path) -> None:
        path = tmp_path / "mine.keras"
        network.save(path)
        classifier = open_classifier(path, "ABC")
        assert (classifier.name, classifier.kind, classifier.parameters) == ("mine", "keras", 591)
        assert classifier.image_shape == (14, 14)
        np.testing.assert_allclose(classifier.probabilities(IMAGES), expected, atol=1e-5)
        with pytest.raises(BundleError, match="10 outputs"):
            open_classifier(path, "digits")

    def test_a_litert_file_answers(self, network, expected, tmp_path: Path) -> None:
        tf = pytest.importorskip("tensorflow")
        path = tmp_path / "mine.tflite"
        path.write_bytes(tf.lite.TFLiteConverter.from_keras_model(network).convert())
        classifier = open_classifier(path, "ABC")
        np.testing.assert_allclose(classifier.probabilities(IMAGES), expected, atol=1e-5)
        with pytest.raises(BundleError, match="10 outputs"):
            open_classifier(path, "digits")

    def test_outputs_that_are_probabilities_stay(self, tmp_path: Path) -> None:
        keras = pytest.importorskip("keras")
        path = tmp_path / "rows.keras"
        layers = [keras.Input((784,)), keras.layers.Dense(2, activation="softmax")]
        network = keras.Sequential(layers)
        network.save(path)
        classifier = open_classifier(path, "AB")
        direct = np.asarray(network(IMAGES.reshape(70, 784).astype(np.float32) / 255))
        np.testing.assert_allclose(classifier.probabilities(IMAGES), direct, atol=1e-5)
        assert data_images(dataset([0], ("A", "B")), classifier).shape == (1, 28, 28)

    @pytest.mark.parametrize(
        ("shape", "name"),
        [
            ((None, 1, 28, 28), "channel_first.keras"),
            ((32, 28, 28), "fixed_batch.keras"),
            ((None, 784), "old.h5"),
        ],
    )
    def test_shapes_of_inputs(
        self, shape: tuple[int | None, ...], name: str, tmp_path: Path
    ) -> None:
        keras = pytest.importorskip("keras")
        path = tmp_path / name
        layers = [keras.Input(batch_shape=shape), keras.layers.Flatten(), keras.layers.Dense(3)]
        network = keras.Sequential(layers)
        network.save(path)
        kernel, bias = network.layers[-1].get_weights()
        logits = IMAGES.reshape(70, 784).astype(np.float32) / 255 @ kernel + bias
        expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        classifier = open_classifier(path, "ABC")
        assert classifier.input_range == InputRange.UNIT
        np.testing.assert_allclose(classifier.probabilities(IMAGES), expected, atol=1e-4)

    def test_a_litert_file_of_a_fixed_batch_answers(self, tmp_path: Path) -> None:
        tf = pytest.importorskip("tensorflow")
        kernel = tf.constant(np.random.default_rng(0).normal(size=(784, 3)).astype(np.float32))

        @tf.function(input_signature=[tf.TensorSpec((4, 28, 28), tf.float32)])
        def answer(images):
            return tf.matmul(tf.reshape(images, (4, 784)), kernel)

        path = tmp_path / "fixed.tflite"
        converter = tf.lite.TFLiteConverter.from_concrete_functions(
            [answer.get_concrete_function()]
        )
        path.write_bytes(converter.convert())
        logits = IMAGES.reshape(70, 784).astype(np.float32) / 255 @ kernel.numpy()
        expected = np.exp(logits - logits.max(axis=1, keepdims=True))
        expected /= expected.sum(axis=1, keepdims=True)
        classifier = open_classifier(path, "ABC", InputRange.UNIT)
        np.testing.assert_allclose(classifier.probabilities(IMAGES), expected, atol=1e-4)

    def test_the_first_layer_tells_the_range(self) -> None:
        keras = pytest.importorskip("keras")
        from trainer.evaluation.keras_classifier import assumed_range

        def of(first: object) -> InputRange:
            return assumed_range(keras.Sequential([keras.Input((28, 28, 1)), first]))

        normalised = keras.layers.Normalization(axis=None, mean=0.1307, variance=0.0949)
        assert of(normalised) == InputRange.UNIT
        bytewise = keras.layers.Normalization(axis=None, mean=33.3, variance=6178.0)
        assert of(bytewise) == InputRange.BYTES
        assert of(keras.layers.Rescaling(1 / 127.5, offset=-1)) == InputRange.BYTES
        assert of(keras.layers.Rescaling(2.0, offset=-1)) == InputRange.UNIT

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("mine.onnx", b"\x08\x07\x12\x07pytorch", "an ONNX network"),
            ("mine.pt", b"PK\x03\x04 archive", "PyTorch"),
            ("mine.joblib", b"\x80\x04", "can run code"),
            ("mine.txt", b"no network", "no network of a known kind"),
        ],
    )
    def test_other_networks_are_named(
        self, name: str, content: bytes, said: str, tmp_path: Path
    ) -> None:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BundleError, match=said) as caught:
            open_classifier(tmp_path / name, "AB")
        assert ".tflite" in caught.value.hint

    @pytest.mark.parametrize(
        ("attribute", "said"), [("layer_names", "weights"), ("title", "no Keras network")]
    )
    def test_an_h5_file_without_a_network_is_named(
        self, attribute: str, said: str, tmp_path: Path
    ) -> None:
        h5py = pytest.importorskip("h5py")
        from trainer.evaluation.keras_classifier import check_h5

        with h5py.File(tmp_path / "mine.h5", "w") as file:
            file.attrs[attribute] = "some"
        with pytest.raises(BundleError, match=said):
            check_h5(tmp_path / "mine.h5")

    @pytest.mark.parametrize("name", ["broken.keras", "broken.tflite"])
    def test_a_broken_file_is_refused(self, name: str, tmp_path: Path) -> None:
        path = tmp_path / name
        path.write_bytes(b"no network" * 100)
        with pytest.raises(BundleError, match="cannot be loaded"):
            open_classifier(path, "AB")
        with pytest.raises(BundleError, match="There is no"):
            open_classifier(tmp_path / f"no-{name}", "AB")


def keras_file(path: Path, layer: dict[str, object]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps({"config": {"layers": [layer]}}))
        archive.writestr("metadata.json", "{}")
        archive.writestr("model.weights.h5", b"")
    return path


def test_a_layer_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    layer = {"class_name": "Dense", "config": {"name": "d", "units": 10**9}}
    with pytest.raises(BundleError, match="1,000,000,000 units"):
        open_classifier(keras_file(tmp_path / "some.keras", layer), "digits")


def test_weights_that_would_unpack_to_far_more_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    path = keras_file(tmp_path / "some.keras", {})
    data = bytearray(path.read_bytes())
    last = data.rindex(b"PK\1\2")
    data[last + 24 : last + 28] = (2**31).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(BundleError, match="would unpack to 2,048 MB"):
        open_classifier(path, "digits")


@pytest.mark.parametrize("error", [ModuleNotFoundError("No module named 'torch'"), MemoryError()])
def test_what_a_network_lacks_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    pytest.importorskip("tensorflow")
    from trainer.evaluation import keras_classifier

    def load(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(keras_classifier.keras.saving, "load_model", load)
    with pytest.raises(BundleError, match=r"some\.keras cannot be loaded"):
        open_classifier(keras_file(tmp_path / "some.keras", {}), "digits")
