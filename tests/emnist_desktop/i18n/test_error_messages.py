"""What the trainer says, in a German window."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import translate

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.datasets.transfer.import_dialog import ImportDialog
from emnist_desktop.i18n.cli_terms import without_shell
from emnist_desktop.i18n.error_messages import CONTEXT, error_text, error_texts
from emnist_desktop.i18n.language import install_language
from emnist_desktop.settings import Language
from emnist_desktop.trainer_process.command import Command
from emnist_desktop.ui.banner import Banner
from trainer.config.training_config import TrainingConfig
from trainer.datasets.download.errors import check_address
from trainer.datasets.formats.detect import open_source
from trainer.datasets.formats.options import ImportOptions
from trainer.datasets.idx import read_idx
from trainer.datasets.ink_archive import read_pen_archive
from trainer.datasets.store import open_dataset
from trainer.errors import ConfigError, DatasetError, Message, TrainerError, filled, joined
from trainer.files.paths import Profile
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import load_bundle


@cache
def listed() -> list[str]:
    """Return all templates; not while tests are collected, which every worker does."""
    return translate.error_templates()


values = st.text("0123456789ÄÖÜß漢字_-/()×", min_size=1, max_size=12)
"""No English: what the values of a sentence are in any language."""


@pytest.fixture(scope="module", autouse=True)
def german(qapp: QApplication) -> Iterator[list[QTranslator]]:
    before = QLocale()
    installed = install_language(qapp, Language.GERMAN)
    yield installed
    for translator in installed:
        qapp.removeTranslator(translator)
    QLocale.setDefault(before)


def places(template: str) -> list[str]:
    return re.findall(r"\{([a-z_][a-z0-9_]*)\}", template)


@settings(max_examples=300)
@given(data=st.data())
def test_any_values_are_put_into_the_translation(data: st.DataObject) -> None:
    template = data.draw(st.sampled_from(listed()))
    chosen = {name: data.draw(values) for name in places(template)}
    german = filled(QCoreApplication.translate(CONTEXT, template), chosen)
    assert error_text(Message(template, **chosen)) == without_shell(german)
    assert all(value in german for value in chosen.values())


@given(st.text(st.characters(exclude_characters=":")))
def test_what_the_trainer_did_not_say_stays(text: str) -> None:
    assert error_text(f"¶{text}") == f"¶{text}"


def test_numbers_in_a_sentence_are_written_as_in_german() -> None:
    told = Message(
        "{better} reads {more} more of {n_samples} samples rightly than {worse}",
        better="LeNet-5",
        more="219",
        n_samples="12,000",
        worse="1.5",
    )
    verdict = Message(
        "{difference}: that is more than noise ({chance}).", difference=told, chance="p < 0.001"
    )
    assert error_text(verdict) == (
        "LeNet-5 liest 219 von 12.000 Beispielen mehr richtig als 1.5: "
        "das ist mehr als Rauschen (p < 0,001)."
    )


def test_every_template_is_translated() -> None:
    sentences = [text for text in listed() if " " in text]  # a single word is a name
    same = [text for text in sentences if QCoreApplication.translate(CONTEXT, text) == text]
    assert [
        text
        for text in same
        if not text.startswith(("In {where}", "In {path}: {reason}", "{title}:"))
    ] == []


def test_translations_have_the_places_of_their_templates() -> None:
    different = [
        text
        for text in listed()
        if sorted(places(QCoreApplication.translate(CONTEXT, text))) != sorted(places(text))
    ]
    assert different == []


def open_as_data(path: Path) -> object:
    return open_source(path, ImportOptions())


def settings_of(path: Path) -> object:
    return TrainingConfig.from_json(path.read_text(encoding="utf-8"))


def ink_of(path: Path) -> object:
    return Ink.from_json(path.read_text(encoding="utf-8"))


FAILING: dict[str, tuple[str, str, Callable[[Path], object]]] = {
    "drawing": ("lines.jsonl", '{"label": "a", "strokes": []}\n', open_as_data),
    "page": ("page.csv", "<html>", open_as_data),
    "table": ("short.csv", "1,2\n", open_as_data),
    "array": ("array.npy", "", open_as_data),
    "pickle": ("pickled.pkl", "x", open_as_data),
    "gzip": ("web.gz", "<html>", read_idx),
    "no header": ("web", "<html>", read_idx),
    "pens": ("pens.npz", "x", read_pen_archive),
    "bundle": ("bundle.json", '{"format": 99}', lambda path: load_bundle(path.parent)),
    "no bundle": ("other.json", "{}", lambda path: load_bundle(path.parent)),
    "no dataset": ("other.json", "{}", lambda path: open_dataset(path.parent)),
    "range": ("settings.json", '{"data": "starter", "epochs": 0}', settings_of),
    "preset": ("settings.json", '{"data": "starter", "preset": "lenet"}', settings_of),
    "no settings": ("settings.json", "{", settings_of),
    "ink": ("ink.json", '{"strokes": [[["a", 1]]]}', ink_of),
    "address": ("address.txt", "ftp://x", lambda path: check_address(path.read_text())),
}
"""A file, what is in it, and what cannot be done with it."""

_ENGLISH = re.compile(
    r"\b(the|is|are|cannot|expected|received|choose|it|of|there)\b", re.IGNORECASE
)


@pytest.mark.parametrize("name", FAILING)
def test_no_english_is_left_of_a_real_error(name: str, tmp_path: Path) -> None:
    file, content, fail = FAILING[name]
    (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(TrainerError) as raised:
        fail(tmp_path / file)
    error = raised.value
    said = error_text(error.message, error.hint)
    assert _ENGLISH.search(f"{error.message} {error.hint}")
    assert not _ENGLISH.search(said.replace(str(tmp_path), "")), said
    if error.hint:
        assert said == " ".join(error_texts(error))


@pytest.mark.parametrize(
    ("text", "german"),
    [
        (
            Message(
                "There is no graphics processor to train on. {reason}",
                reason=Message("TensorFlow uses no graphics processor on macOS."),
            ),
            "Es gibt keinen Grafikprozessor zum Trainieren. TensorFlow benutzt unter macOS "
            "keinen Grafikprozessor.",
        ),
        (
            Message("{title}: {message}", title="Run 3", message=Message("The disk is full.")),
            "Run 3: Die Platte ist voll.",
        ),
        (
            joined("The disk is full.", Message("Check {file}.", file="{file}")),
            "Die Platte ist voll. Prüfe {file}.",
        ),
        (
            Message("{path} cannot be read: {reason}.", path="a", reason=PermissionError(13, "x")),
            "a kann nicht gelesen werden: x (Fehler 13).",
        ),
        (
            Message(
                "{path} cannot be read: {reason}.",
                path="a",
                reason="[Errno 13] Permission denied: 'a'",
            ),
            "a kann nicht gelesen werden: Keine Berechtigung (Fehler 13): 'a'.",
        ),
        (
            DatasetError("In {where}: {reason}")
            .format(where="x.csv", reason=DatasetError("The dataset has no samples."))
            .message,
            "In x.csv: Der Datensatz hat keine Beispiele.",
        ),
        ("The disk is full.", "Die Platte ist voll."),
        ("a.csv cannot be read: gone.", "a.csv cannot be read: gone."),
        ("The disk is fuller.", "The disk is fuller."),
        ("", ""),
        ("x" * 5_000, "x" * 5_000),
    ],
    ids=[
        "nested",
        "after a title",
        "joined",
        "of an error of the system",
        "of the system",
        "of an error",
        "plain",
        "old",
        "unknown",
        "empty",
        "long",
    ],
)
def test_sentences_within_others_are_translated_too(text: str, german: str) -> None:
    assert error_text(text) == german


def test_the_error_of_a_child_is_told_in_german(tmp_path: Path, qtbot: QtBot) -> None:
    command = Command(Profile(tmp_path))
    with qtbot.waitSignal(command.failed, timeout=60_000) as failed:
        command.start(["evaluate", "--data", "{name}", "--out", str(tmp_path)])
    command.shutdown()
    assert failed.args == [
        "Es gibt keinen Datensatz '{name}'.",
        "Unter Datensätze stehen alle.",
    ]


@pytest.mark.parametrize("language", [QLocale.Language.English, QLocale.Language.C])
def test_english_stays(language: QLocale.Language) -> None:
    german = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        assert error_text("The disk is full.", "Try again.") == "The disk is full. Try again."
    finally:
        QLocale.setDefault(german)


def test_a_language_without_translations_shows_english(
    german: list[QTranslator], qapp: QApplication
) -> None:
    with pytest.raises(ConfigError) as raised:
        TrainingConfig(data="starter", epochs=0)
    text = raised.value.message
    for translator in german:
        qapp.removeTranslator(translator)
    assert error_text(text) == "Expected epochs from 1 to 1000. Received: 0."
    for translator in german:
        qapp.installTranslator(translator)
    assert error_text(text) == "Erwartet: Epochen von 1 bis 1000. Erhalten: 0."


def test_a_broken_dataset_is_told_in_german(qtbot: QtBot, tmp_path: Path) -> None:
    table = tmp_path / "zahlen.csv"
    table.write_text(",".join("1" * 61), encoding="utf-8")
    dialog = ImportDialog(table, tmp_path / "sets")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=20_000)
    assert dialog.message.text().startswith("Erwartet: eine Quadratzahl von Pixeln")
    assert "zahlen.csv" in dialog.message.text()
    assert not _ENGLISH.search(dialog.message.text())
    dialog.close()


def test_a_finding_about_data_is_told_in_german(qtbot: QtBot, tmp_path: Path) -> None:
    np.savez(
        tmp_path / "paper.npz",
        images=np.full((40, 20, 20), 250, np.uint8),
        labels=np.arange(40) % 2,
    )
    dialog = ImportDialog(tmp_path / "paper.npz", tmp_path / "sets")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=20_000)
    assert dialog.preview is not None
    told = [error_text(each.sentence, each.hint) for each in dialog.preview.warnings]
    assert "Die Bilder haben 20×20 Pixel, nicht 28×28." in " ".join(told)
    assert [text for text in told if _ENGLISH.search(text)] == []
    dialog.close()


def test_a_notice_is_told_in_german(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    error = DatasetError("The dataset has no samples.", "Choose another dataset.")
    banner.show_error(error, "", topic="")
    assert banner.text == "Der Datensatz hat keine Beispiele.\nWähle einen anderen Datensatz."
    banner.show_notice("Selbst gesagt.", topic="")
    assert banner.text == "Selbst gesagt."


def test_the_window_tells_a_lost_recogniser_in_german(
    make_window: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = make_window(model=str(tmp_path / "weg"))
    banner = window.draw_tab.banner
    qtbot.waitUntil(lambda: bool(banner.text), timeout=20_000)
    assert banner.text.startswith("In weg ist kein Erkenner.")
    assert not _ENGLISH.search(banner.text)
