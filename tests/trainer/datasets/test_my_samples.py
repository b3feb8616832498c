"""My samples: what is confirmed survives kills, damage and a second program."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from trainer.datasets.ink_archive import read_pen_archive
from trainer.datasets.my_samples import MySamples
from trainer.errors import DatasetError
from trainer.ink.alphabet import BYCLASS
from trainer.ink.render import ink_to_image
from trainer.ink.strokes import Ink

LINE = Ink.from_points([[[10.0, 10.0], [40.0, 90.5]], [[60.0, 20.0]]])

CHILD = """
import sys
from pathlib import Path
from trainer.datasets.my_samples import MySamples
from trainer.ink.strokes import Ink
samples = MySamples(Path(sys.argv[1]))
ink = Ink.from_points([[[i, i * 2] for i in range(400)]])
for number in range(int(sys.argv[2])):
    samples.append(ink, sys.argv[3])
    print(number, flush=True)
"""


def child(file: Path, n: int, character: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, str(file), str(n), character]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def samples(tmp_path: Path) -> MySamples:
    return MySamples(tmp_path / "samples" / "samples.jsonl")


def characters(samples: MySamples) -> str:
    return "".join(sample.character for sample in MySamples(samples.file))


def test_nothing_is_written_before_something_is_kept(samples: MySamples) -> None:
    assert samples.count == 0
    assert not samples.file.parent.exists()
    assert len(samples.dataset()) == 0
    with pytest.raises(DatasetError, match="no samples"):
        samples.export_archive(samples.file.with_suffix(".npz"))


def test_keep_relabel_remove_restore(samples: MySamples) -> None:
    first = samples.append(LINE, "g")
    second = samples.append(LINE, "é")
    samples.relabel(first, "q")
    samples.remove(second)
    assert characters(samples) == "q"
    samples.restore(second)
    assert samples.counts == {"q": 1, "é": 1}
    assert [sample.id for sample in MySamples(samples.file)] == [first, second]


def test_the_first_one_is_on_the_disk_whatever_lies_beside_it(
    samples: MySamples, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = samples.file.parent
    (folder / "finetuning").mkdir(parents=True)
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(os.fstat(number).st_ino))
    samples.append(LINE, "g")
    assert samples.counts == {"g": 1}
    expected = [samples.file] if os.name == "nt" else [samples.file, folder]
    assert synced == [path.stat().st_ino for path in expected]


@pytest.mark.parametrize("character", ["", "ab", " ", "\n", "\x00", "\ud800"])
def test_what_is_no_character_is_refused(samples: MySamples, character: str) -> None:
    with pytest.raises(DatasetError, match="one printable character"):
        samples.append(LINE, character)
    assert not samples.file.exists()


def test_an_empty_drawing_is_refused(samples: MySamples) -> None:
    with pytest.raises(DatasetError, match="empty"):
        samples.append(Ink(), "a")


_POINT = st.tuples(*[st.integers(-30_000, 30_000).map(lambda n: n / 8)] * 2)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(_POINT, min_size=1, max_size=6), min_size=1, max_size=4),
    st.sampled_from("gé+ß0字\"\\'"),
)
def test_round_trip(samples: MySamples, strokes: list[list[list[float]]], label: str) -> None:
    ink = Ink.from_points(strokes)
    made = samples.append(ink, label)
    found = samples.live()[-1]
    assert (found.id, found.character) == (made, label)
    assert len(found.ink.strokes) == len(strokes)
    np.testing.assert_array_equal(found.ink.flat()[0], ink.flat()[0])


def test_a_line_cut_short_costs_itself_only(samples: MySamples) -> None:
    samples.append(LINE, "a")
    samples.append(LINE, "b")
    samples.file.write_bytes(samples.file.read_bytes()[:-20])
    assert characters(samples) == "a"
    MySamples(samples.file).append(LINE, "c")
    assert characters(samples) == "ac"
    assert samples.damaged == 1


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[1]",
        b"7",
        b"\xff\xfe",
        b'{"id": 3}',
        b'{"relabel": "nobody", "character": "a"}',
        b'{"id": "x", "character": "a", "ink": {"strokes": [[[NaN, 1]]]}}',
        b'{"remove": []}',
    ],
)
def test_a_damaged_line_costs_itself_only(samples: MySamples, line: bytes) -> None:
    samples.append(LINE, "a")
    with samples.file.open("ab") as stream:
        stream.write(line + b"\n")
    samples.append(LINE, "b")
    assert characters(samples) == "ab"
    assert samples.damaged == 1


def test_lines_of_a_newer_version_are_passed_over(samples: MySamples) -> None:
    samples.append(LINE, "a")
    with samples.file.open("a") as stream:
        stream.write('{"starred": "x"}\n')
    assert (characters(samples), samples.damaged) == ("a", 0)


def test_a_killed_program_leaves_a_sound_file(samples: MySamples) -> None:
    process = child(samples.file, 100_000, "k")
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(20)]
    process.kill()
    process.communicate()
    assert len(told) == 20
    assert samples.count >= 20
    samples.append(LINE, "a")
    assert samples.counts["a"] == 1


def test_two_programs_at_once(samples: MySamples) -> None:
    processes = [child(samples.file, 60, character) for character in "xy"]
    assert [process.communicate()[0].count("\n") for process in processes] == [60, 60]
    assert samples.counts == {"x": 60, "y": 60}
    assert samples.damaged == 0


def test_dataset_and_archive(samples: MySamples, tmp_path: Path) -> None:
    samples.append(LINE, "g")
    samples.append(LINE, "0")
    stored = samples.dataset()
    assert stored.card.name == "my-samples"
    assert stored.card.alphabet == BYCLASS
    assert [BYCLASS[label] for label in stored.splits["train"].labels] == ["g", "0"]
    assert stored.inks("train") is not None
    samples.export_archive(tmp_path / "mine.npz")
    archive = read_pen_archive(tmp_path / "mine.npz")
    assert len(archive) == 2
    difference = ink_to_image(archive.ink(0)).astype(int) - ink_to_image(LINE)
    assert np.abs(difference).max() <= 2


def test_other_characters_make_their_own_alphabet(samples: MySamples) -> None:
    samples.append(LINE, "ß")
    samples.append(LINE, "+")
    assert samples.dataset().card.alphabet == ("+", "ß")


def test_pictures(samples: MySamples, tmp_path: Path) -> None:
    samples.append(LINE, "+")
    samples.export_pictures(tmp_path / "out")
    with (tmp_path / "out" / "samples.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["character"] for row in rows] == ["+"]
    with Image.open(tmp_path / "out" / rows[0]["file"]) as picture:
        np.testing.assert_array_equal(np.asarray(picture), ink_to_image(LINE))


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "samples").write_text("in the way")
    with pytest.raises(DatasetError, match="cannot be written") as caught:
        MySamples(tmp_path / "samples" / "samples.jsonl").append(LINE, "a")
    assert caught.value.hint
