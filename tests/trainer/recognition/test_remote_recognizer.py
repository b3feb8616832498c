"""A serving child, as its client sees it."""

from __future__ import annotations

import sys

import pytest

from trainer.errors import BundleError
from trainer.recognition.remote_recognizer import JsonChild

MUCH = "import sys; sys.stderr.write('warning\\n' * 100_000)"
"""More than a pipe holds."""


def child_of(code: str) -> JsonChild:
    return JsonChild((), (sys.executable, "-c", code), "the model", hint="Choose it again.")


def test_a_child_that_warns_much_answers() -> None:
    with child_of(f"{MUCH}; print('{{}}')") as child:
        assert child._receive() == {}


def test_the_error_of_a_child_that_warned_much_is_told() -> None:
    with (
        child_of(f"{MUCH}; sys.exit('It is lost.\\nHint: Look for it.')") as child,
        pytest.raises(BundleError, match="It is lost") as caught,
    ):
        child._receive()
    assert caught.value.hint == "Look for it."
