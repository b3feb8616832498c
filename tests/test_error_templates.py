"""The list of the trainer's sentences, which a window in another language finds them by."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from trainer.files.paths import resources

sys.path.insert(0, str(ROOT / "tools"))
import translate
from trainer_errors import Reader

from emnist_desktop.i18n import error_messages as window

_HEAD = "from package.errors import DatasetError\n"


def templates(tmp_path: Path, source: str, **others: str) -> list[str]:
    package = tmp_path / "package"
    package.mkdir()
    for name, text in {"module": _HEAD + source, **others}.items():
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    return Reader(package).templates()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            'raise DatasetError(f"{path.name} cannot be read: {error}.", "Copy it again.")',
            ["Copy it again.", "{0} cannot be read: {1}."],
            id="values",
        ),
        pytest.param(
            '_HINT = "Copy it again."\nraise DatasetError(f"{n:,} are too many.", hint=_HINT)',
            ["Copy it again.", "{0} are too many."],
            id="constant",
        ),
        pytest.param(
            "raise DatasetError(f\"{n} {'image is' if n == 1 else 'images are'} left out.\")",
            ["{0} image is left out.", "{0} images are left out."],
            id="one of two words",
        ),
        pytest.param(
            'def check(what):\n    raise DatasetError(f"Expected {what} here.")\n'
            'check("a zip file")\ncheck(name)',
            ["Expected a zip file here.", "Expected {0} here."],
            id="parameter",
        ),
        pytest.param(
            "_NO = 'There is no {name}.'\nraise DatasetError(_NO.format(name=name))",
            ["There is no {0}."],
            id="str.format",
        ),
        pytest.param(
            "_TABLE = ((OSError, DatasetError, '{host} is gone.', 'Try it later.'),)",
            ["Try it later.", "{0} is gone."],
            id="table",
        ),
        pytest.param(
            "def _why():\n    return 'There is no card.'\n"
            "raise DatasetError(f'It cannot be used. {_why()}')",
            ["It cannot be used. {0}", "There is no card."],
            id="sentence in a sentence",
        ),
        pytest.param(
            "raise DatasetError(f'{a}{b} is empty.' + (f' Like it: {c}.' if c else ''))",
            ["{0} is empty.", "{0} is empty. Like it: {1}."],
            id="sum",
        ),
        pytest.param(
            """raise DatasetError('A line is like {"label": 1}.')""",
            ['A line is like {{"label": 1}}.'],
            id="braces",
        ),
        pytest.param(
            "events.Warned('The disk is full.', 'Free some space.')\n"
            "answer = {'error': f'{error} went wrong.', 'count': 'a text'}",
            ["Free some space.", "The disk is full.", "{0} went wrong."],
            id="warnings and answers",
        ),
        pytest.param(
            "raise DatasetError(str(error), f'{a}: {b}')\n"
            "raise argparse.ArgumentTypeError('expected a number')\n"
            "print('Some other text.')",
            [],
            id="no sentences",
        ),
    ],
)
def test_a_sentence_becomes_a_template(tmp_path: Path, source: str, expected: list[str]) -> None:
    assert templates(tmp_path, source) == expected


def test_a_constant_of_another_module_is_found(tmp_path: Path) -> None:
    source = "from package.texts import HINT\nraise DatasetError('It is lost.', HINT)"
    found = templates(tmp_path, source, texts="HINT = 'Look for it.'\n")
    assert found == ["It is lost.", "Look for it."]


def test_the_list_is_that_of_the_source() -> None:
    """If this fails, run ``make translations``."""
    kept = json.loads((resources() / "translations" / window.TEMPLATES).read_text("utf-8"))
    assert kept == translate.error_templates()
    assert (translate.TEMPLATES, translate.CONTEXT) == (window.TEMPLATES, window.CONTEXT)
