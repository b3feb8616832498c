"""Bundles and what they read; with the recogniser that travels with the program."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trainer.errors import BundleError
from trainer.files.paths import default_bundle
from trainer.ink.alphabet import BYCLASS, CharacterSet
from trainer.ink.strokes import Ink
from trainer.models.presets import preset
from trainer.recognition.bundle import CARD_NAME, MODEL_NAME, load_bundle
from trainer.recognition.recognizer import Recognizer

SEVEN = Ink.from_points([[(0, 0), (30, 0), (60, 1), (45, 50), (30, 100)]])
CEE = Ink.from_points([[(60, 12), (35, 0), (8, 20), (0, 50), (9, 82), (35, 100), (62, 88)]])


@pytest.fixture
def recognizer() -> Recognizer:
    return Recognizer(load_bundle(default_bundle()))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(default_bundle(), tmp_path / "copy"))


def _edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    card = json.loads((folder / CARD_NAME).read_text(encoding="utf-8"))
    change(card)
    (folder / CARD_NAME).write_text(json.dumps(card), encoding="utf-8")


def test_the_bundled_recogniser_is_what_its_card_says() -> None:
    bundle = load_bundle(default_bundle())
    assert bundle.alphabet == BYCLASS
    files = [path for path in default_bundle().iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 4 * 2**20
    assert bundle.card["model"]["agreement"] >= 0.995
    (option,) = preset(bundle.card["network"]["preset"]).options
    width = bundle.card["training"]["settings"]["preset_options"][option.name]
    assert f"The bundled recogniser has {width}." in option.help
    assert all(entry["terms"] and entry["sha256"] for entry in bundle.card["training"]["data"])


def test_a_drawing_is_read(recognizer: Recognizer) -> None:
    answer = recognizer.recognize(SEVEN)
    assert answer.best is not None
    assert answer.best.character == "7"
    assert len(answer.candidates) == 5
    shares = [candidate.probability for candidate in answer.candidates]
    assert shares == sorted(shares, reverse=True)
    assert answer.image.shape == (28, 28)


def test_readings_show_the_same_drawing_differently(recognizer: Recognizer) -> None:
    best = {reading: recognizer.recognize(CEE, reading).best for reading in CharacterSet}
    characters = {reading: c.character for reading, c in best.items() if c is not None}
    assert characters[CharacterSet.ALL] == "C"
    assert characters[CharacterSet.UPPERCASE] == "C"
    assert characters[CharacterSet.LOWERCASE] == "c"
    assert characters[CharacterSet.DIGITS].isdigit()
    assert characters[CharacterSet.CASED] in "Cc"


def test_an_empty_ink_has_no_candidates(recognizer: Recognizer) -> None:
    answers = list(recognizer.recognize_many([SEVEN, Ink(), SEVEN]))
    assert answers[1].is_empty
    assert not answers[1].image.any()
    assert answers[2].best == answers[0].best
    assert recognizer.recognize_image(np.zeros((28, 28), dtype=np.uint8)).best is None


@pytest.mark.parametrize("n", [0, 1, 2, 63, 64, 65, 130])
def test_many_are_read_as_one_is(recognizer: Recognizer, n: int) -> None:
    inks = [SEVEN if i % 3 else CEE for i in range(n)]
    together = [answer.best for answer in recognizer.recognize_many(iter(inks), top=1)]
    alone = {id(ink): recognizer.recognize(ink, top=1).best for ink in (SEVEN, CEE)}
    for answer, ink in zip(together, inks, strict=True):
        assert answer is not None
        assert answer.probability == pytest.approx(alone[id(ink)].probability, abs=1e-3)
        assert answer.character == alone[id(ink)].character


def test_several_pen_widths_are_averaged() -> None:
    bundle = load_bundle(default_bundle())
    single = [Recognizer(bundle, [width]).recognize(CEE, top=62).candidates for width in (2, 3)]
    both = Recognizer(bundle, [2, 3]).recognize(CEE, top=62).candidates
    shares = [{c.character: c.probability for c in candidates} for candidates in single]
    for candidate in both:
        mean = (shares[0][candidate.character] + shares[1][candidate.character]) / 2
        assert candidate.probability == pytest.approx(mean, abs=1e-4)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda card: card.pop("alphabet"), "alphabet"),
        (lambda card: card.update(alphabet=[]), "impossible"),
        (lambda card: card.update(alphabet=[1, 2]), "spoils a field. Expected a text in alphabet"),
        (
            lambda card: card.update(temperature=0),
            "Expected temperature from 0.001 to 1000. Received: 0",
        ),
        (lambda card: card.update(temperature="hot"), "spoils"),
        (lambda card: card.update(pen_widths=[]), "impossible"),
        (lambda card: card.update(pen_widths=3), "spoils"),
        (lambda card: card.update(format=2), "format 2"),
        (lambda card: card.update(preprocessing=99), "preprocessing 99"),
        (lambda card: card["model"].update(sha256="0" * 64), "checksum"),
        (lambda card: card.update(model=None), "spoils"),
    ],
)
def test_a_spoilt_card_is_refused(
    copy: Path, change: Callable[[dict[str, Any]], object], sentence: str
) -> None:
    _edit(copy, change)
    with pytest.raises(BundleError, match=sentence) as caught:
        load_bundle(copy)
    assert caught.value.hint


@pytest.mark.parametrize("content", ["", "[]", "{", "\x00", "[" * 100_000])
def test_a_card_that_is_no_object_is_refused(copy: Path, content: str) -> None:
    (copy / CARD_NAME).write_text(content, encoding="utf-8")
    with pytest.raises(BundleError):
        load_bundle(copy)


def test_missing_and_truncated_files_are_refused(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no recogniser"):
        load_bundle(tmp_path / "nowhere")
    model = copy / MODEL_NAME
    model.write_bytes(model.read_bytes()[:1000])
    with pytest.raises(BundleError, match="damaged"):
        load_bundle(copy)
    model.unlink()
    with pytest.raises(BundleError, match="missing"):
        load_bundle(copy)


def test_a_network_that_does_not_fit_its_card_is_refused(copy: Path) -> None:
    _edit(copy, lambda card: card.update(alphabet=["a", "b"], image_bias=[]))
    with pytest.raises(BundleError, match="2 outputs"):
        Recognizer(load_bundle(copy))


def test_reading_needs_no_training_library() -> None:
    code = (
        "import sys; from trainer.recognition.bundle import load_bundle;"
        "from trainer.files.paths import default_bundle;"
        "from trainer.recognition.recognizer import Recognizer;"
        "from trainer.ink.strokes import Ink;"
        "Recognizer(load_bundle(default_bundle())).recognize(Ink.from_points([[(0, 0), (1, 9)]]));"
        "print({'tensorflow', 'keras', 'sklearn', 'scipy', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
