"""Keeping drawings as samples, with real keys and a real mouse."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from emnist_desktop.draw.draw_tab import DrawTab
from emnist_desktop.draw.recognizer_source import RecognizerChoice
from emnist_desktop.draw.samples_dialog import SamplesDialog, local_time
from emnist_desktop.settings import Settings
from emnist_desktop.ui.shutdown import shut_down
from tests.emnist_desktop.fakes import SURE, FakeRecognizer, draw, load_fake
from trainer.datasets.ink_archive import read_pen_archive
from trainer.datasets.my_samples import MySamples
from trainer.files.paths import Profile
from trainer.ink.strokes import Ink
from trainer.recognition.recognizer import Candidate

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier
INK = Ink.from_points([[[10.0, 10.0], [40.0, 90.0]]])
LINE = ((60, 60), (90, 120), (120, 160))


@pytest.fixture
def samples(profile: Profile) -> MySamples:
    return MySamples(profile.samples_file)


@pytest.fixture
def tab(
    qtbot: QtBot, profile: Profile, settings: Settings, bundled: Path, samples: MySamples
) -> DrawTab:
    choice = RecognizerChoice(profile, load_fake, bundled)
    made = DrawTab(choice, settings, samples)
    qtbot.addWidget(made, before_close_func=shut_down)
    made.resize(900, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    assert isinstance(made.recognizer, FakeRecognizer)
    made.recognizer.candidates = (Candidate("g", 0.9), Candidate("q", 0.08), Candidate("9", 0.02))
    return made


def draw_one(tab: DrawTab) -> None:
    tab.canvas.setFocus()
    draw(tab.canvas, *LINE)


def labels(samples: MySamples) -> list[str]:
    return [sample.character for sample in samples]


def test_nothing_is_kept_unless_confirmed(tab: DrawTab, samples: MySamples) -> None:
    assert not tab.draw_actions.keep.isEnabled()
    draw_one(tab)
    assert tab.draw_actions.keep.isEnabled()
    assert not samples.file.exists()


def test_one_key_keeps_and_counts(tab: DrawTab, samples: MySamples, qtbot: QtBot) -> None:
    draw_one(tab)
    QTest.keyClick(tab.canvas, Qt.Key.Key_Return)
    assert labels(samples) == ["g"]
    assert tab.canvas.is_empty
    assert tab.label_bar.notice.text() == "Kept as g"
    qtbot.waitUntil(lambda: tab.label_bar.counter.text() == "1 sample, 1 of them “g”")


def test_two_keys_say_what_it_was(tab: DrawTab, samples: MySamples) -> None:
    draw_one(tab)
    QTest.keyClick(tab.canvas, Qt.Key.Key_O)
    assert not tab.label_bar.question_row.isHidden()
    QTest.keyClicks(tab.label_bar.edit, "p")
    assert labels(samples) == ["p"]
    assert tab.label_bar.question_row.isHidden()
    assert tab.canvas.hasFocus()


def test_escape_gives_up_the_question(tab: DrawTab, samples: MySamples) -> None:
    draw_one(tab)
    QTest.keyClick(tab.canvas, Qt.Key.Key_O)
    QTest.keyClick(tab.label_bar.edit, Qt.Key.Key_Escape)
    assert tab.label_bar.question_row.isHidden()
    assert not tab.canvas.is_empty
    assert labels(samples) == []


def test_drawing_on_drops_the_question(tab: DrawTab, samples: MySamples) -> None:
    draw_one(tab)
    QTest.keyClick(tab.canvas, Qt.Key.Key_O)
    draw_one(tab)
    assert tab.label_bar.question_row.isHidden()
    QTest.keyClick(tab.canvas, Qt.Key.Key_O)
    tab.canvas.setFocus()
    QTest.keyClick(tab.canvas, Qt.Key.Key_Escape)
    assert tab.label_bar.question_row.isHidden()
    assert labels(samples) == []


def test_capital_or_small_is_asked(tab: DrawTab, samples: MySamples) -> None:
    assert isinstance(tab.recognizer, FakeRecognizer)
    tab.recognizer.candidates = SURE
    draw_one(tab)
    QTest.keyClick(tab.canvas, Qt.Key.Key_Return)
    assert labels(samples) == []
    assert tab.label_bar.question.text() == "C or c? Type it:"
    assert tab.panel.isAncestorOf(tab.label_bar.question)
    QTest.keyClicks(tab.label_bar.edit, "c")
    assert labels(samples) == ["c"]


def test_undo_brings_the_drawing_back_and_redo_the_sample(tab: DrawTab, samples: MySamples) -> None:
    draw_one(tab)
    drawn = tab.canvas.ink().strokes
    QTest.keyClick(tab.canvas, Qt.Key.Key_Return)
    QTest.keyClick(tab.canvas, Qt.Key.Key_Z, CTRL)
    assert tab.canvas.ink().strokes == drawn
    assert labels(samples) == []
    QTest.keyClick(tab.canvas, Qt.Key.Key_Z, CTRL | SHIFT)
    assert tab.canvas.is_empty
    assert labels(samples) == ["g"]
    QTest.keyClick(tab.canvas, Qt.Key.Key_Z, CTRL)
    assert labels(samples) == []


def test_the_notice_takes_back(tab: DrawTab, samples: MySamples) -> None:
    draw_one(tab)
    QTest.keyClick(tab.canvas, Qt.Key.Key_Return)
    QTest.mouseClick(tab.label_bar.take_back, LEFT)
    assert not tab.canvas.is_empty
    assert labels(samples) == []


def test_clearing_after_undo_keeps_the_sample_away(tab: DrawTab, samples: MySamples) -> None:
    draw_one(tab)
    QTest.keyClick(tab.canvas, Qt.Key.Key_Return)
    QTest.keyClick(tab.canvas, Qt.Key.Key_Z, CTRL)
    QTest.keyClick(tab.canvas, Qt.Key.Key_Delete)
    QTest.keyClick(tab.canvas, Qt.Key.Key_Z, CTRL)
    QTest.keyClick(tab.canvas, Qt.Key.Key_Z, CTRL | SHIFT)
    assert labels(samples) == []


def test_what_cannot_be_written_is_told_and_stays(tab: DrawTab, samples: MySamples) -> None:
    samples.file.parent.parent.mkdir(parents=True, exist_ok=True)
    samples.file.parent.write_text("in the way")
    draw_one(tab)
    QTest.keyClick(tab.canvas, Qt.Key.Key_Return)
    assert "cannot be written" in tab.banner.text
    assert not tab.canvas.is_empty


def test_the_list_relabels_and_removes(
    qtbot: QtBot, samples: MySamples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for character in "abc":
        samples.append(INK, character)
    dialog = SamplesDialog(samples)
    qtbot.addWidget(dialog, before_close_func=lambda made: made.reject())
    with qtbot.waitExposed(dialog):
        dialog.show()
    model = dialog.model
    assert [model.data(model.index(row, 1)) for row in range(3)] == ["c", "b", "a"]
    dialog.table.setCurrentIndex(model.index(0, 1))
    dialog.table.clearSelection()
    assert model.setData(model.index(0, 1), "é")
    assert not model.setData(model.index(0, 1), "too long")
    assert "one printable character" in dialog.banner.text
    assert dialog.table.currentIndex() == model.index(0, 1)
    assert not dialog.remove.isEnabled()
    place = dialog.table.visualRect(model.index(1, 2)).center()
    QTest.mouseClick(dialog.table.viewport(), LEFT, NO_KEY, place)
    QTest.mouseClick(dialog.remove, LEFT)
    assert dialog.banner.isHidden()
    assert labels(samples) == ["a", "é"]
    target = tmp_path / "mine.npz"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    QTest.mouseClick(dialog.archive, LEFT)
    qtbot.waitUntil(target.exists)
    assert len(read_pen_archive(target)) == 2


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows takes no zone from outside")
def test_times_are_those_of_the_clock_here(monkeypatch: pytest.MonkeyPatch) -> None:
    before = QLocale()
    monkeypatch.setenv("TZ", "Etc/GMT-5")
    time.tzset()
    try:
        for language, expected in (("de", "03.01.26 02:03"), ("en", "1/3/26 2:03 AM")):
            QLocale.setDefault(QLocale(language))
            shown = local_time("2026-01-02T21:03:04.567+00:00")
            assert shown.replace("\u202f", " ").replace(",", "") == expected
    finally:
        QLocale.setDefault(before)
        monkeypatch.undo()
        time.tzset()
    assert local_time("a while ago") == "a while ago"


def test_without_an_answer_only_another_character_can_be_kept(tab: DrawTab) -> None:
    recognizer = tab.recognizer
    assert isinstance(recognizer, FakeRecognizer)
    recognizer.candidates = ()
    draw(tab.canvas, (60, 60), (120, 200))
    assert not tab.draw_actions.keep.isEnabled()
    assert tab.draw_actions.keep_other.isEnabled()
    recognizer.candidates = SURE
    draw(tab.canvas, (160, 60), (120, 200))
    assert tab.draw_actions.keep.isEnabled()
