"""The command line, as a user calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.trainer.archives import write_archive
from trainer.__main__ import main

SEVEN: dict[str, Any] = {"strokes": [[[0, 0], [30, 0], [60, 1], [45, 50], [30, 100]]], "unknown": 1}


def _json_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _picture(path: Path) -> Path:
    picture = Image.new("L", (300, 140), 250)
    draw = ImageDraw.Draw(picture)
    draw.line([(20, 20), (70, 20), (40, 110)], fill=20, width=8, joint="curve")
    draw.line([(150, 20), (150, 110), (200, 110)], fill=20, width=8, joint="curve")
    picture.save(path)
    return path


def test_inks_and_pictures_are_answered_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = tmp_path / "one.json"
    one.write_text(json.dumps(SEVEN))
    many = tmp_path / "many.jsonl"
    many.write_text("\n".join([json.dumps(SEVEN), "junk", '{"strokes": []}', json.dumps(SEVEN)]))
    page = _picture(tmp_path / "page.png")
    blank = tmp_path / "blank.png"
    Image.new("L", (200, 200), 240).save(blank)
    missing = str(tmp_path / "missing.png")
    files = [str(one), str(many), missing, str(page), str(blank)]
    assert main(["recognize", *files, "--json", "--top", "2"]) == 1
    answers = _json_lines(capsys)
    assert [answer.get("text") for answer in answers[:5]] == ["7", "7", None, "", "7"]
    assert answers[2]["error"]
    assert answers[2]["hint"]
    assert answers[3]["characters"] == []
    assert len(answers[0]["characters"]) == 1
    assert len(answers[0]["characters"][0]["candidates"]) == 2
    assert answers[0]["characters"][0]["box"] == [0, 0, 60, 100]
    assert "error" in answers[5]
    assert answers[6]["text"][0] == "7"
    assert len(answers[6]["characters"]) == 2
    assert answers[7]["characters"] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_file_without_a_drawing_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    assert main(["recognize", str(empty), "--json"]) == 1
    (answer,) = _json_lines(capsys)
    assert answer["error"] == "empty.jsonl holds no drawings."
    assert answer["hint"]


def test_output_that_cannot_be_written_ends_in_a_sentence(tmp_path: Path) -> None:
    one = tmp_path / "one.json"
    one.write_text(json.dumps(SEVEN))
    command = [sys.executable, "-m", "trainer", "recognize", str(one)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("The output cannot be written: No space left on device.\nHint:")
    assert len(done.stderr.splitlines()) == 2


def test_inks_and_pictures_are_read_as_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beside = [[[x + 130, y] for x, y in stroke] for stroke in SEVEN["strokes"]]
    both = {"strokes": [*SEVEN["strokes"], *beside]}
    many = tmp_path / "many.jsonl"
    many.write_text("\n".join([json.dumps(both), "junk", '{"strokes": []}']))
    page = _picture(tmp_path / "page.png")
    assert main(["recognize", "--line", str(many), str(page), "--language", "none"]) == 1
    read, broken, empty, picture = _json_lines(capsys)
    assert read["text"].replace(" ", "") == "77"
    assert [character["strokes"] for character in read["characters"]] == [[[0, 0, 5]], [[1, 0, 5]]]
    assert read["characters"][1]["box"] == [130, 0, 60, 100]
    assert read["lines"][0]["baseline"] == 100
    assert "error" in broken
    assert (empty["text"], empty["words"]) == ("", [])
    assert picture["text"].replace(" ", "")[0] == "7"
    assert picture["characters"][0]["box"] == pytest.approx([20, 20, 50, 90], abs=9)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("recognize x --line --alphabet digits --top 2", "--alphabet, --top is for characters"),
        ("recognize x --line --single", "--single is for characters, not for lines."),
        ("recognize x --language de", "--language is for lines, not for characters."),
        ("evaluate --data x --alphabet digits", "--alphabet is for the file of a network"),
        ("layers --alphabet digits", "--alphabet is for the file of a network"),
        ("train --data x --no-augmentation --augmentation shift=2", "contradict one another"),
        ("script --run x --preset lenet5", "others mean nothing with --run"),
    ],
)
def test_options_that_mean_nothing_together_are_refused(
    options: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(options.split()) == 1
    assert sentence in capsys.readouterr().err


def test_a_path_that_is_too_long_is_shortened_in_the_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["datasets", "import", "/" + "b" * 300 + ".csv"]) == 1
    error = capsys.readouterr().err
    assert "cannot be used: File name too long." in error
    assert len(error) < 320


def test_half_characters_are_printed_as_codes(tmp_path: Path) -> None:
    drawings = tmp_path / "drawings.jsonl"
    drawings.write_text(json.dumps({"label": "\ud800", **SEVEN}) + "\n")
    command = [sys.executable, "-m", "trainer", "datasets", "import", str(drawings)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert r"classes     1: \ud800" in done.stdout
    assert done.returncode == 1
    assert "Expected different printable names" in done.stderr


def test_an_empty_line_is_answered_in_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text(f"{json.dumps(SEVEN)}\n\n{json.dumps(SEVEN)}\n")
    assert main(["recognize", str(many), "--json"]) == 1
    answers = _json_lines(capsys)
    assert [answer.get("text") for answer in answers] == ["7", None, "7"]
    assert answers[1]["source"].endswith(":2")


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--pen-widths", "nan", "from 0.5 to 12 pixels"),
        ("--pen-widths", "1000", "from 0.5 to 12 pixels"),
        ("--pen-widths", "thin", "from 0.5 to 12 pixels"),
        ("--top", "0", "whole number from 1"),
        ("--top", "x", "whole number from 1"),
    ],
)
def test_values_out_of_range_are_refused_in_words(
    option: str, value: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["recognize", "ink.json", option, value])
    assert caught.value.code == 2
    assert words in capsys.readouterr().err


def test_a_shell_completes_commands_options_and_paths(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--print-completion", "bash"])
    assert ended.value.code == 0
    script = capsys.readouterr().out
    assert "crossvalidate" in script
    assert "--batch-size" in script
    assert "_shtab_emnist_trainer_train___run_dir_COMPGEN=_shtab_compgen_files" in script
    assert script.rstrip().endswith("emnist-trainer")


def test_the_trainer_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.split()[1][0].isdigit()


def test_a_whole_picture_can_be_one_character(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = _picture(tmp_path / "page.png")
    assert main(["recognize", str(page), "--json", "--single", "--alphabet", "digits"]) == 0
    (answer,) = _json_lines(capsys)
    assert len(answer["characters"]) == 1
    assert answer["text"].isdigit()


def test_without_json_a_person_can_read_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = tmp_path / "one.json"
    one.write_text(json.dumps(SEVEN))
    assert main(["recognize", str(one), "--model", str(tmp_path)]) == 1
    assert "no recogniser" in capsys.readouterr().err
    assert main(["recognize", str(one)]) == 0
    assert "one.json: 7" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["recognize"],
        ["recognize", "a", "--top", "0"],
        ["evaluate"],
        ["recognize", "a", "--alphabet", "greek"],
        ["train", "--precision", "float8"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_recogniser_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = write_archive(tmp_path / "a.npz", 60)
    assert main(["evaluate", "--data", str(archive), "--json"]) == 0
    (figures,) = _json_lines(capsys)
    assert figures["samples"] == 60
    assert figures["classes"] == 47
    assert 0.7 < figures["accuracy"] <= figures["top3"] <= 1
    assert figures["interval"][0] <= figures["accuracy"] <= figures["interval"][1]
    assert main(["evaluate", "--data", str(archive)]) == 0
    printed = capsys.readouterr().out
    assert "60 samples, 47 classes of 62 (case merged)" in printed
    assert "by 8 writers" in printed


def test_a_smaller_alphabet_masks_the_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.trainer.datasets.test_load import _write_idx
    from trainer.datasets.ink_archive import read_pen_archive

    archive = read_pen_archive(write_archive(tmp_path / "a.npz", 60))
    digits = archive.select(archive.labels < 10)
    _write_idx(tmp_path / "t10k-images-idx3-ubyte", digits.render().images)
    _write_idx(tmp_path / "t10k-labels-idx1-ubyte", digits.labels)
    assert main(["evaluate", "--data", str(tmp_path), "--json"]) == 0
    (figures,) = _json_lines(capsys)
    assert figures["classes"] == 10
    assert figures["accuracy"] >= figures["accuracy_unmasked"]
    assert figures["accuracy"] > 0.9


@pytest.mark.real_data
@pytest.mark.slow
def test_the_bundled_recogniser_keeps_its_promise(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from trainer.datasets.ink_archive import read_pen_archive, write_pen_archive
    from trainer.files.paths import default_bundle

    card = json.loads((default_bundle() / "bundle.json").read_text(encoding="utf-8"))
    whole = read_pen_archive(data_dir / "pen" / "unipen_validation.npz")
    assert len(whole) == card["validation"]["samples"]
    part = whole.select(np.arange(len(whole)) % 5 == 0)  # of every writer
    write_pen_archive(tmp_path / "part.npz", part)
    assert main(["evaluate", "--data", str(tmp_path / "part.npz"), "--json"]) == 0
    (figures,) = _json_lines(capsys)
    assert figures["writers"] == card["validation"]["writers"]
    assert figures["correct"] == pytest.approx(2254, abs=4)  # of 2473
    assert figures["accuracy"] == pytest.approx(card["validation"]["accuracy"], abs=0.01)
    assert figures["calibration_error"] <= 0.03


@pytest.mark.real_data
def test_real_scans_are_read(data_dir: Path, tmp_path: Path) -> None:
    from trainer.files.paths import default_bundle
    from trainer.ink.alphabet import CharacterSet, merged
    from trainer.ink.picture import find_characters
    from trainer.recognition.bundle import load_bundle
    from trainer.recognition.recognizer import Recognizer

    with np.load(data_dir / "nist" / "sd19_vowels_5000.npz") as archive:
        scans = np.unpackbits(archive["bits"][::50], axis=2)
        labels = archive["labels"][::50]
    recognizer = Recognizer(load_bundle(default_bundle()))
    right = 0
    for scan, label in zip(scans, labels, strict=True):
        found = find_characters(((1 - scan) * 255).astype(np.uint8))
        answers = [recognizer.recognize_image(c.image, CharacterSet.LETTERS).best for c in found]
        right += [a.character for a in answers if a] == [merged(str(label))]
    assert right >= 75


def test_an_unknown_option_is_answered_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["train", "--subset", "3"])
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert said.startswith("usage: trainer train ")
    assert "unrecognized arguments: --subset 3" in said
