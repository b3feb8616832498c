"""A network that is shown the direction of the pen: trained, stored, and reading both ways."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.shared import made_once
from tests.trainer.archives import write_archive
from trainer.__main__ import main
from trainer.augmentation.strokes import StrokeAugmentation
from trainer.datasets.ink_archive import PenArchive, read_pen_archive
from trainer.errors import BundleError
from trainer.ink.render import PLANES, with_planes
from trainer.recognition.bundle import Bundle, load_bundle
from trainer.recognition.recognizer import Recognizer
from trainer.training.batches import ConcatSource, ImageSource, InkSource

pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword"
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> PenArchive:
    return read_pen_archive(write_archive(tmp_path_factory.mktemp("inks") / "small.npz"))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Return a network that was shown directions."""

    def make(folder: Path) -> None:
        inks = write_archive(folder / "small.npz", 240)
        options = "--preset cnn-small --epochs 2 --batch-size 32 --learning-rate 0.003 --seed 4"
        shares = "--direction-share 0.6 --unusual-share 0.2 --paper-share 0.2"
        run = ["--data", str(inks), "--run-dir", str(folder / "run")]
        assert main(["train", *run, *options.split(), *shares.split()]) == 0

    return load_bundle(made_once(tmp_path_factory, "direction", make) / "run" / "bundle")


def test_the_card_says_what_the_network_is_shown(bundle: Bundle) -> None:
    assert bundle.planes == PLANES
    assert bundle.card["training"]["settings"]["direction_share"] == 0.6


def test_drawings_are_read_with_their_direction_and_images_without(
    bundle: Bundle, archive: PenArchive
) -> None:
    recognizer = Recognizer(bundle)
    planes, images = archive.render_planes(), archive.render().images
    with_direction = recognizer.probabilities(planes)
    without = recognizer.probabilities(images)
    assert (with_direction != without).any()
    np.testing.assert_array_equal(
        without, recognizer.probabilities(with_planes(images, len(PLANES)))
    )
    assert (with_direction.argmax(axis=1) == archive.labels).mean() > 0.5
    drawn = [recognizer.recognize(archive.ink(index)) for index in range(20)]
    np.testing.assert_array_equal([each.image for each in drawn], images[:20])
    read = [each.best.character for each in drawn if each.best is not None]
    best = [archive.alphabet[label] for label in with_direction[:20].argmax(axis=1)]
    assert [a.lower() for a in read] == [b.lower() for b in best]


def test_its_reports_and_layers_are_made(
    bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(write_archive(tmp_path / "inks.npz", 60))]
    run = str(bundle.folder.parent)
    assert main(["evaluate", "--model", run, *data, "--json"]) == 0
    assert '"accuracy"' in capsys.readouterr().out
    network = ["--model", str(bundle.folder / "model.keras"), "--alphabet", "byclass"]
    assert main(["evaluate", *network, *data, "--json"]) == 0


def test_other_planes_are_refused(bundle: Bundle, tmp_path: Path) -> None:
    folder = shutil.copytree(bundle.folder, tmp_path / "other")
    card = json.loads((folder / "bundle.json").read_text())
    card["planes"] = ["ink", "smell"]
    (folder / "bundle.json").write_text(json.dumps(card))
    with pytest.raises(BundleError, match="impossible"):
        load_bundle(folder)


def test_a_batch_has_directions_for_their_share(archive: PenArchive) -> None:
    source = InkSource(archive, StrokeAugmentation(), 0.5, 0.25, 0.5)
    inputs = source.inputs(np.arange(120).repeat(4), np.random.default_rng(1))
    assert inputs.shape == (480, 28, 28, len(PLANES))
    shares = inputs[..., 1:6].any(axis=(1, 2, 3)).mean()
    assert 0.4 < shares < 0.6
    assert inputs[..., 0].any(axis=(1, 2)).all()


def test_images_beside_inks_have_ink_only(archive: PenArchive) -> None:
    images = archive.render()
    both = ConcatSource(
        (InkSource(archive, None, 1.0), ImageSource(images)), np.array([0, len(archive)])
    )
    order = np.array([3, 120 + 3, 7, 120 + 7])
    inputs = both.inputs(order, np.random.default_rng(1))
    np.testing.assert_array_equal(inputs[::2], archive.render_planes()[[3, 7]])
    np.testing.assert_array_equal(inputs[1::2, ..., 0], images.images[[3, 7]])
    assert not inputs[1::2, ..., 1:].any()


def test_a_network_is_built_again_from_its_weights(bundle: Bundle, tmp_path: Path) -> None:
    from trainer.light_keras import keras
    from trainer.recognition.bundle import KERAS_NAME, WEIGHTS_NAME
    from trainer.training.optimizer import load_network, logits_of

    folder = shutil.copytree(bundle.folder, tmp_path / "other")
    whole = keras.saving.load_model(folder / KERAS_NAME, compile=False)
    (folder / KERAS_NAME).unlink()
    weights = [each.astype(np.float16) for each in whole.get_weights()]
    with (folder / WEIGHTS_NAME).open("wb") as stream:
        np.savez(stream, *weights)
    built = load_network(str(folder), whole.output_shape)
    images = np.random.default_rng(1).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    np.testing.assert_allclose(logits_of(built, images), logits_of(whole, images), atol=0.05)


def test_a_teacher_sees_the_direction_that_it_knows(bundle: Bundle, archive: PenArchive) -> None:
    from trainer.training.optimizer import load_network, probabilities_of, teacher_probabilities

    teacher = load_network(str(bundle.folder), (None, len(bundle.alphabet)))
    images = archive.render()
    taught = teacher_probabilities(teacher, (archive, images))
    inks, pictures = taught[: len(archive)], taught[len(archive) :]
    np.testing.assert_array_equal(inks, probabilities_of(teacher, archive.render_planes()))
    np.testing.assert_array_equal(pictures, probabilities_of(teacher, images.images))
    assert (inks != pictures).any()
