"""A trainer as a child process, of programs that behave as one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from trainer.errors import RunError
from trainer.processes import trainer_process
from trainer.processes.trainer_process import (
    TrainerProcess,
    ask_trainer,
    creation_flags,
    json_answer,
    last_words,
)

ANSWERS = """
import json, os, sys
print("chatter")
print(json.dumps({"arguments": sys.argv[1:], "place": os.environ["PLACE"]}))
"""
EXPLAINS = "import sys; print('It is odd.\\nHint: Mend it.', file=sys.stderr); sys.exit(1)"
WAITS = "import time\nwhile True: time.sleep(1)"


def pretend(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    command = [sys.executable, "-c", program]
    monkeypatch.setattr(trainer_process, "trainer_command", lambda: command)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", ("", "")),
        ("INFO\n\nIt is gone.\n", ("It is gone.", "")),
        ("INFO\nIt is gone.\nHint: Look.\n", ("It is gone.", "Look.")),
        ("It is gone.\nHint: Look.\nWARNING: all clear", ("It is gone.", "Look.")),
        ("Hint: Look.", ("Hint: Look.", "")),
    ],
)
def test_the_last_words_of_a_trainer_are_a_sentence_and_a_hint(
    said: str, words: tuple[str, str]
) -> None:
    assert last_words(said) == words


@pytest.mark.parametrize("output", ["", "[1]", "{", "chatter\n"])
def test_only_an_object_is_an_answer(output: str) -> None:
    assert json_answer(output) is None


def test_a_command_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, ANSWERS)
    expected = {"arguments": ["evaluate", "--json"], "place": "here"}
    assert ask_trainer(["evaluate"], {"PLACE": "here"}) == expected


@pytest.mark.parametrize(
    ("program", "sentence", "hint"),
    [
        (EXPLAINS, "It is odd.", "Mend it."),
        ("raise NameError('unthought of')", "NameError: unthought of", ""),
        ("import os; os._exit(1)", "ended from outside, or ran out of memory", ""),
    ],
)
def test_a_command_that_fails_says_why(
    monkeypatch: pytest.MonkeyPatch, program: str, sentence: str, hint: str
) -> None:
    pretend(monkeypatch, program)
    with pytest.raises(RunError, match=sentence) as caught:
        ask_trainer(["evaluate"])
    assert caught.value.hint == hint


def test_an_error_ends_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, WAITS)

    def check() -> None:
        raise InterruptedError

    child = TrainerProcess(())
    with pytest.raises(InterruptedError), child:
        child.wait_output(check)
    assert child.returncode


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, WAITS)
    with TrainerProcess(()) as child:
        assert child.wait_output(seconds=0.01) is None
    assert child.returncode


@pytest.mark.skipif(sys.platform == "win32", reason="told at the start there")
def test_a_child_can_come_behind_and_live_on(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, WAITS)
    with TrainerProcess(()) as plain, TrainerProcess((), is_behind=True, is_detached=True) as far:
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, plain.pid) == own
        assert os.getpriority(os.PRIO_PROCESS, far.pid) == 5
        assert os.getsid(plain.pid) == os.getsid(0)
        assert os.getsid(far.pid) == far.pid
        plain.kill()
        far.kill()


def test_on_windows_a_child_starts_behind_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    assert creation_flags(is_behind=True) == 0
    for name, value in (("BELOW_NORMAL_PRIORITY_CLASS", 0x4000), ("CREATE_NO_WINDOW", 0x8000000)):
        monkeypatch.setattr(subprocess, name, value, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert creation_flags(is_behind=True) == 0x8004000
    assert creation_flags(is_behind=False) == 0x8000000
