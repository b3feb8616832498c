"""What translators get to see of the trainer's messages."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import translate

from emnist_desktop.i18n import error_messages as window


def templates(tmp_path: Path, source: str) -> list[str]:
    (tmp_path / "module.py").write_text(source, encoding="utf-8")
    return sorted(translate.templates_in(tmp_path))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            'raise DatasetError("{path} cannot be read.", "Copy it again.").format(path=path)',
            ["Copy it again.", "{path} cannot be read."],
            id="message and hint",
        ),
        pytest.param(
            '_HINT = "Copy it again."\nraise DatasetError("It is lost.", hint=_HINT)',
            ["Copy it again.", "It is lost."],
            id="constant",
        ),
        pytest.param(
            'raise RunError("One is left." if n == 1 else "{n} are left.").format(n=n)',
            ["One is left.", "{n} are left."],
            id="one of two",
        ),
        pytest.param(
            'raise RunError("Received: {names}.").format(names=", ".join(names) or "none")',
            ["Received: {names}.", "none"],
            id="alternative value",
        ),
        pytest.param(
            'def fail():\n    return Message("There is no {kind}.", kind=Message("card"))',
            ["There is no {kind}.", "card"],
            id="message",
        ),
        pytest.param(
            'events.Warned("The disk is full.", "Free some space.")',
            ["Free some space.", "The disk is full."],
            id="warning",
        ),
        pytest.param(
            "raise argparse.ArgumentTypeError('expected a number')\nprint('Some other text.')",
            [],
            id="no messages",
        ),
    ],
)
def test_templates_are_found(tmp_path: Path, source: str, expected: list[str]) -> None:
    assert templates(tmp_path, source) == expected


def test_the_context_is_that_of_the_window() -> None:
    assert translate.CONTEXT == window.CONTEXT


def sources() -> list[Path]:
    return sorted(
        path for name in ("trainer", "emnist_desktop") for path in (ROOT / name).rglob("*.py")
    )


def told() -> list[tuple[str, ast.expr]]:
    """Return where the program tells something, and the expressions that it gives."""
    found = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            found += [(where, each) for each in translate.message_expressions(node)]
    return found


def test_no_error_is_given_a_finished_text() -> None:
    """An f-string cannot be translated: give a template, and the values to `format`."""
    finished = [where for where, each in told() if isinstance(each, ast.JoinedStr | ast.BinOp)]
    assert finished == []


def test_every_place_of_a_template_gets_its_value() -> None:
    """As far as the values are given where the error is made."""
    missing = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Call() as error, attr="format"),
                    keywords=[*values],
                ):
                    given = {each.arg for each in values}
                    texts = list(translate.message_expressions(error))
                case ast.Call(func=ast.Name(id="Message"), args=[template], keywords=[*values]):
                    given, texts = {each.arg for each in values}, [template]
                case _:
                    continue
            for text in texts:
                if isinstance(text, ast.Constant) and given and None not in given:
                    places = set(re.findall(r"\{([a-z_][a-z0-9_]*)\}", str(text.value)))
                    missing += [f"{path.name}:{node.lineno}: {each}" for each in places - given]
    assert missing == []
