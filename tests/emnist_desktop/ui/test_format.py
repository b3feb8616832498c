"""Numbers, per cents and dates are written in one place, in the language of the window."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

import emnist_desktop
from emnist_desktop.ui.format import (
    fill_in,
    local,
    moment_text,
    size_text,
    time_text,
    title_text,
    typed,
)

PACKAGE = Path(emnist_desktop.__file__).parent
SPEC = re.compile(r"^\+?,?(\.\d+)?[fg%]?$")
APART = {
    "ui/format.py",  # the one place
    "ui/charts/axis.py",  # knows no Qt
    "models/search/fields.py",  # ranges as the command line takes them
}


@pytest.fixture(autouse=True)
def own_locale() -> Iterator[None]:
    before = QLocale()
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("12,000", "94.8 %", "1,234.5", "0.0012", "1.2 GB", "4.2 s", "1,000 of 50 %")),
        ("de", ("12.000", "94,8 %", "1.234,5", "0,0012", "1,2 GB", "4,2 s", "1.000 of 50 %")),
        ("C", ("12,000", "94.8 %", "1,234.5", "0.0012", "1.2 GB", "4.2 s", "1,000 of 50 %")),
    ],
)
def test_numbers_follow_the_language(language: str, expected: tuple[str, ...]) -> None:
    QLocale.setDefault(QLocale(language))
    assert (
        local(12_000),
        local(0.948, ".1%"),
        local(1234.5, ",.1f"),
        local(0.0012, ".3g"),
        size_text(1.2e9),
        time_text(4.2),
        fill_in("{0:,} of {1:.0%}", 1000, 0.5),
    ) == expected
    assert ("." in moment_text(0).partition(" ")[0]) is (language == "de")


@pytest.mark.parametrize(("language", "text"), [("en", "0.001"), ("de", "0,001"), ("de", "0.001")])
def test_a_decimal_is_read_as_it_was_meant(language: str, text: str) -> None:
    QLocale.setDefault(QLocale(language))
    assert typed(text) == 0.001
    with pytest.raises(ValueError, match="a lot"):
        typed("a lot")


def test_the_window_writes_numbers_nowhere_else() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if str(path.relative_to(PACKAGE)) not in APART
        for line in own_numbers(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def own_numbers(tree: ast.AST) -> Iterator[int]:
    """Yield the lines with an f-string or `str.format` that rounds or groups a number itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            specs = [v.value for v in node.format_spec.values if isinstance(v, ast.Constant)]
            if any(is_of_number(str(spec)) for spec in specs):
                yield node.lineno
        if isinstance(node, ast.FunctionDef):
            templates = {
                target.id
                for each in ast.walk(node)
                if isinstance(each, ast.Assign) and has_number(each.value)
                for target in each.targets
                if isinstance(target, ast.Name)
            }
            for called, line in formatted(node):
                if isinstance(called, ast.Name) and called.id in templates:
                    yield line
    for called, line in formatted(tree):
        if has_number(called):
            yield line


def formatted(tree: ast.AST) -> Iterator[tuple[ast.expr, int]]:
    """Yield what `str.format` is called on, and the line."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="format", value=called)):
                yield called, node.lineno


def has_number(node: ast.AST) -> bool:
    """Return whether a text in an expression has a place for a rounded or grouped number."""
    texts = [
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    return any(is_of_number(spec) for spec in re.findall(r"\{\w*:([^}]*)\}", "".join(texts)))


def is_of_number(spec: str) -> bool:
    return bool(SPEC.match(spec)) and ("," in spec or spec[-1:] in tuple("fg%"))


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["Starter set", "mnist", "65.0 %", "2026-11-29", "1.5 % better"]),
        ("de", ["Starter set", "mnist", "65,0 %", "29.11.26", "1.5 % better"]),
    ],
)
def test_the_parts_of_a_title_are_as_the_language_has_them(language: str, shown: list[str]) -> None:
    QLocale.setDefault(QLocale(language))
    parts = ["starter", "mnist", "65.0 %", "2026-11-29", "1.5 % better"]
    assert [title_text(part).replace("\N{NO-BREAK SPACE}", " ") for part in parts] == shown
