"""The window in another language."""

from __future__ import annotations

import ast
import string
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.i18n.language import NAME, install_language
from emnist_desktop.settings import Language
from tests.conftest import ROOT
from trainer.files.paths import resources


@pytest.fixture
def install(qapp: QApplication) -> Iterator[Callable[[Language], list[QTranslator]]]:
    installed: list[QTranslator] = []

    def install(language: Language) -> list[QTranslator]:
        installed.extend(install_language(qapp, language))
        return installed

    before = QLocale()
    yield install
    for translator in installed:
        qapp.removeTranslator(translator)
    QLocale.setDefault(before)


def test_the_window_speaks_german(
    install: Callable[[Language], list[QTranslator]], make_window: Callable[..., MainWindow]
) -> None:
    assert len(install(Language.GERMAN)) == 2
    window = make_window()
    titles = [window.tabs.tabText(place) for place in range(window.tabs.count())]
    assert titles[:3] == ["Zeichnen", "Datensätze", "Training"]
    assert window.draw_tab.panel.alphabet.itemText(2) == "Ziffern"
    translate = QCoreApplication.translate
    assert translate("QPlatformTheme", "Cancel") == "Abbrechen"  # of Qt's own texts
    assert translate("NoClass", "Right and wrong") == "Richtig und falsch"  # of a function


def test_english_needs_nothing(install: Callable[[Language], list[QTranslator]]) -> None:
    assert install(Language.ENGLISH) == []
    assert QLocale().language() is QLocale.Language.English


def messages() -> list[tuple[str, str]]:
    root = ET.parse(resources() / "translations" / f"{NAME}_de.ts").getroot()
    return [
        (message.findtext("source", ""), message.findtext("translation", ""))
        for message in root.iter("message")
    ]


def test_nothing_is_left_untranslated() -> None:
    assert [source for source, translation in messages() if not translation] == []


def test_no_text_is_in_an_f_string_where_lupdate_does_not_look() -> None:
    hidden = [
        f"{file.name}:{call.lineno}"
        for file in (ROOT / "emnist_desktop").rglob("*.py")
        for joined in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("self.tr", "tr")
    ]
    assert hidden == []


def test_keys_have_qts_own_names(install: Callable[[Language], list[QTranslator]]) -> None:
    install(Language.GERMAN)
    redo = QKeySequence("Ctrl+Shift+Z").toString(QKeySequence.SequenceFormat.NativeText)
    assert redo == "Strg+Umschalt+Z"


def test_a_translation_has_the_values_of_its_source() -> None:
    def values(text: str) -> list[tuple[str, str | None]]:
        parts = string.Formatter().parse(text)
        return sorted((name, form) for _, name, form, _ in parts if name is not None)

    pairs = [(source, german) for source, german in messages() if "{" in source]
    assert len(pairs) > 100
    assert [source for source, german in pairs if values(source) != values(german)] == []
