import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from emnist_desktop.trainer_process.command import Command
from trainer.files.paths import Profile

ANSWERS = """
import json, os, sys
print("WARNING: something chatters", file=sys.stderr)
print('{"done": 1, "total": 4, "phase": "reading"}', file=sys.stderr, flush=True)
print("chatter on standard output")
print(json.dumps({"arguments": sys.argv[1:], "profile": os.environ["EMNIST_DESKTOP_PROFILE"]}))
"""
FAILS = """
import sys
print("There is no such dataset.", file=sys.stderr)
print("Hint: look at the list.", file=sys.stderr)
sys.exit(1)
"""
DIES = "import os; os.abort()"
LOGS_AND_DIES = """
import os, sys
print("Half done.", file=sys.stderr)
print("I0000 00:00:1795949374.98   6968 port.cc:153] oneDNN is on.", file=sys.stderr, flush=True)
os.abort()
"""
RAISES = "raise ValueError('inside')"
WAITS = """
import sys
print('{"done": 0, "total": 0, "phase": "waiting"}', file=sys.stderr, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def make_command(qtbot: QtBot, tmp_path: Path) -> Iterator[object]:
    made: list[Command] = []

    def make(program: str) -> Command:
        script = tmp_path / f"program{len(made)}.py"
        script.write_text(program, encoding="utf-8")
        made.append(Command(Profile(tmp_path), program=[sys.executable, str(script)]))
        return made[-1]

    yield make
    for command in made:
        command.shutdown()


def test_a_command_answers_and_says_how_far_it_is(
    qtbot: QtBot, make_command, tmp_path: Path
) -> None:
    command = make_command(ANSWERS)
    seen: list[tuple[int, int, str]] = []
    command.progressed.connect(lambda *progress: seen.append(progress))
    with qtbot.waitSignal(command.succeeded) as signal:
        command.start(["evaluate", "--data", "starter"])
        assert command.is_running
    assert not command.is_running
    assert signal.args == [
        {
            "arguments": ["evaluate", "--data", "starter", "--json", "--progress"],
            "profile": str(tmp_path),
        }
    ]
    assert seen == [(1, 4, "reading")]


@pytest.mark.parametrize(
    ("program", "message", "hint"),
    [
        (FAILS, "There is no such dataset.", "look at the list."),
        (DIES, "The trainer ended unexpectedly.", "log"),
        (RAISES, "The trainer ended unexpectedly.", "log"),
        (LOGS_AND_DIES, "The trainer ended unexpectedly.", "log"),
        (LOGS_AND_DIES.replace("os.abort()", "sys.exit(1)"), "Half done.", ""),
        ("print('no JSON')", "The trainer ended unexpectedly.", "log"),
        ("print('[1]')", "The trainer ended unexpectedly.", "log"),
    ],
)
def test_a_failure_is_a_sentence_and_the_command_is_usable_again(
    qtbot: QtBot, make_command, program: str, message: str, hint: str
) -> None:
    command = make_command(program)
    for _ in range(2):
        with qtbot.waitSignal(command.failed) as signal:
            command.start([])
        assert signal.args[0] == message
        assert hint in signal.args[1]
        assert not command.is_running


def test_a_program_that_is_not_there(qtbot: QtBot, tmp_path: Path) -> None:
    command = Command(Profile(tmp_path), program=[str(tmp_path / "missing")])
    with qtbot.waitSignal(command.failed) as signal:
        QTimer.singleShot(0, lambda: command.start([]))
    assert "cannot be started" in signal.args[0]
    assert not command.is_running


def test_a_cancelled_command_says_nothing_more(qtbot: QtBot, make_command) -> None:
    command = make_command(WAITS)
    with qtbot.waitSignal(command.progressed):
        command.start([])
    with qtbot.assertNotEmitted(command.failed), qtbot.waitSignal(command.cancelled):
        command.cancel()
    assert not command.is_running
    command.cancel()
