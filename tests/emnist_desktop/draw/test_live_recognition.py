"""A slow recogniser never holds the pen up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from emnist_desktop.draw.draw_tab import DrawTab
from emnist_desktop.draw.live_recognition import LiveRecognition
from emnist_desktop.draw.recognizer_source import RecognizerChoice
from emnist_desktop.settings import Settings
from emnist_desktop.ui.shutdown import shut_down
from tests.emnist_desktop.fakes import FakeRecognizer, draw
from trainer.datasets.my_samples import MySamples
from trainer.errors import BundleError
from trainer.files.paths import Profile
from trainer.ink.alphabet import CharacterSet
from trainer.ink.strokes import Ink
from trainer.recognition.recognizer import Recognition

INK = Ink.from_points((((0, 0), (50, 50), (100, 0)),))


class Heard:
    """What a `LiveRecognition` says, in order."""

    def __init__(self, live: LiveRecognition) -> None:
        self.names: list[str] = []
        self.last: object = None
        live.recognized.connect(lambda answer: self.hear("recognized", answer))
        live.failed.connect(lambda error, _: self.hear("failed", error))
        live.postponed.connect(lambda ink: self.hear("postponed", ink))

    def hear(self, name: str, value: object) -> None:
        self.names.append(name)
        self.last = value


class BrokenRecognizer(FakeRecognizer):
    """Cannot answer."""

    def recognize(
        self, ink: Ink, reading: CharacterSet = CharacterSet.ALL, top: int = 5
    ) -> Recognition:
        raise BundleError("It is broken.")


class SlowRecognizer(FakeRecognizer):
    """Answers when it is let, as a classic model in its child process."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.bundle = replace(self.bundle, form="skops")
        self.is_asked, self.may_answer = threading.Event(), threading.Event()
        self.error: Exception | None = None

    def recognize(
        self, ink: Ink, reading: CharacterSet = CharacterSet.ALL, top: int = 5
    ) -> Recognition:
        assert threading.current_thread() is not threading.main_thread()
        self.is_asked.set()
        assert self.may_answer.wait(20)
        if self.error is not None:
            raise self.error
        return super().recognize(ink, reading, top)


@pytest.fixture
def tab(qtbot: QtBot, profile: Profile, settings: Settings, bundled: Path) -> Iterator[DrawTab]:
    made = DrawTab(
        RecognizerChoice(profile, SlowRecognizer, bundled),
        settings,
        MySamples(profile.samples_file),
    )
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    slow(made).may_answer.set()
    shut_down(made)


def slow(tab: DrawTab) -> SlowRecognizer:
    assert isinstance(tab.recognizer, SlowRecognizer)
    return tab.recognizer


def test_a_network_answers_or_fails_before_ask_returns(bundled: Path, qtbot: QtBot) -> None:
    live = LiveRecognition()
    heard = Heard(live)
    live.ask(FakeRecognizer(bundled), INK, CharacterSet.ALL)
    assert heard.names == ["recognized"]
    live.ask(BrokenRecognizer(bundled), INK, CharacterSet.ALL)
    assert heard.names == ["recognized", "failed"]
    assert str(heard.last) == "It is broken."


def test_a_classic_model_postpones_each_drawing_and_answers_the_newest_once(
    bundled: Path, qtbot: QtBot
) -> None:
    live = LiveRecognition()
    heard = Heard(live)
    recognizer = SlowRecognizer(bundled)
    for _ in range(3):
        live.ask(recognizer, INK, CharacterSet.ALL)
        assert set(heard.names) == {"postponed"}
        assert heard.last is INK
    recognizer.may_answer.set()
    qtbot.waitUntil(lambda: heard.names == 3 * ["postponed"] + ["recognized"])
    recognizer.may_answer.clear()
    live.ask(recognizer, INK, CharacterSet.ALL)
    live.ask(FakeRecognizer(bundled), INK, CharacterSet.ALL)
    recognizer.may_answer.set()
    shut_down(live)
    assert heard.names[4:] == ["postponed", "recognized"]
    qtbot.wait(50)
    assert len(heard.names) == 6


def test_drawing_goes_on_and_the_newest_drawing_is_read(tab: DrawTab, qtbot: QtBot) -> None:
    for x in (50, 80, 110, 140):
        draw(tab.canvas, (x, 60), (x + 20, 200))
    assert len(tab.canvas.ink().strokes) == 4
    assert tab.recognition is None
    assert not tab.draw_actions.keep.isEnabled()
    QTest.keyClick(tab.canvas, Qt.Key.Key_Return)
    assert not tab.canvas.is_empty
    slow(tab).may_answer.set()
    qtbot.waitUntil(lambda: tab.recognition is not None)
    assert len(slow(tab).asked[-1][0].strokes) == 4
    assert len(slow(tab).asked) <= 3  # of those that came while it thought, one
    qtbot.waitUntil(tab.draw_actions.keep.isEnabled)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BundleError("The child has ended.", "Choose it again."), "child has ended"),
        (ValueError("I/O operation on closed file"), "has ended"),
        (RuntimeError("odd"), "odd"),
    ],
)
def test_one_that_cannot_answer_any_more_says_so(
    tab: DrawTab, qtbot: QtBot, error: Exception, words: str
) -> None:
    slow(tab).error = error
    slow(tab).may_answer.set()
    draw(tab.canvas, (50, 60), (70, 200))
    qtbot.waitUntil(lambda: words in tab.banner.text)
    assert tab.recognition is None


def test_closing_waits_for_the_answer_under_way_and_asks_for_no_other(tab: DrawTab) -> None:
    recognizer = slow(tab)
    draw(tab.canvas, (50, 60), (70, 200))
    assert recognizer.is_asked.wait(20)
    draw(tab.canvas, (80, 60), (100, 200))
    threading.Timer(0, recognizer.may_answer.set).start()
    shut_down(tab)
    assert len(recognizer.asked) == 1
    QApplication.sendPostedEvents()
    assert tab.recognition is None
    assert len(recognizer.asked) == 1
