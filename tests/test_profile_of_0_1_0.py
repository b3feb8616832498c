"""A profile that version 0.1.0 has filled opens unchanged: on the command line, in the window.

How it was made, and what in it knows its old place, is told in ``fixtures/make_profile.md``.
"""

from __future__ import annotations

import gc
import hashlib
import json
import shutil
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QListWidget,
    QTableView,
    QTabWidget,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.recognizer_source import RecognizerChoice
from emnist_desktop.settings import Language, Settings, Theme
from tests.shared import trainer
from trainer.__main__ import main
from trainer.datasets.catalog import Catalog
from trainer.datasets.my_samples import MySamples
from trainer.files.paths import Profile
from trainer.ink.strokes import Ink
from trainer.runs.list_runs import RunSummary, list_runs
from trainer.runs.titles import set_label
from trainer.runs.trash import deleted_runs, restore

FIXTURE = Path(__file__).parent / "fixtures" / "profile-0.1.0.tar.xz"
HOME_THERE = "/home/learner"
ROOT_THERE = f"{HOME_THERE}/.local/share/emnist-desktop"
PATIENCE = 90_000
"""Milliseconds after which a wait has failed."""

TESTED = "2026-11-28-140810-mlp-tiny"
CONVOLUTIONS = "2026-11-28-140828-cnn-small"
FOREST = "2026-11-28-140845-random-forest"
STOPPED = "2026-11-28-140935-mlp-relu"
KNN = "2026-11-28-141026-knn"
IMPORTED = "2026-11-28-141048-mlp-tiny-digits-train"
INTERRUPTED = "2026-11-28-141205-mlp-relu"
WAITING = "2026-11-28-141206-mlp-tiny"

# As `facts` has them: folder, the title if the user gave one, state, model, data, seed; epochs
# that are done, planned, the best; accuracy, parameters; whether there is a recogniser, test
# accuracy, chosen after, why it failed.
DIGITS = "Ziffern, zehn Neuronen"
DELETED = ("2026-11-28-141001-mlp-tiny", "Weg damit", "finished", "mlp-tiny", "letters", 1,
           3, 3, 1, 1.0, 2603, True, None, "", "")  # fmt: skip
RUNS = [
    (WAITING, "", "waiting", "mlp-tiny", "digits", 3,
     0, 2, 0, None, 0, False, None, DIGITS, ""),
    (INTERRUPTED, "", "interrupted", "mlp-relu", "starter", 1,
     2, 5, 1, 0.0323, 3450, False, None, "", ""),
    (IMPORTED, "mlp-tiny, digits-train", "imported", "mlp-tiny", "digits", 1,
     9, 12, 9, 0.85, 7960, True, None, "", ""),
    ("workflow-knn-k20-e2d01a", "", "finished", "knn",
     "workflow-digits-9c8752f2", 1, 1, 1, 1, 0.3846, 0, True, None, "", ""),
    (KNN, "", "finished", "knn", "digits", 1, 1, 1, 1, 0.8, 0, True, 0.62, DIGITS, ""),
    (STOPPED, "", "stopped", "mlp-relu", "writers", 1,
     1, 900, 1, 0.4, 3165, True, None, "", ""),
    ("2026-11-28-140910-mlp-relu", "", "cancelled", "mlp-relu",
     "writers", 1, 1, 900, 1, 0.4, 3165, False, None, "", ""),
    ("2026-11-28-140852-mlp-tiny", "", "failed", "mlp-tiny", "gone", 1,
     0, 2, 0, None, 0, False, None, "", "There is no dataset 'gone'."),
    (FOREST, "", "finished", "random-forest", "letters", 1,
     5, 1, 1, 1.0, 0, True, None, "", ""),
    (CONVOLUTIONS, "", "finished", "cnn-small", "letters", 1,
     8, 8, 5, 1.0, 5443, True, None, "", ""),
    (TESTED, DIGITS, "finished", "mlp-tiny", "digits", 1,
     12, 12, 9, 0.85, 7960, True, 0.92, "", ""),
]  # fmt: skip
LEADERBOARD = [
    (FOREST, 1.0, None),
    (CONVOLUTIONS, 1.0, None),
    (IMPORTED, 0.85, None),
    (TESTED, 0.85, 0.92),
    (KNN, 0.8, 0.62),
    (STOPPED, 0.4, None),
    ("2026-11-28-140910-mlp-relu", 0.4, None),
    ("workflow-knn-k20-e2d01a", 0.3846, None),
    (INTERRUPTED, 0.0323, None),
]
READ = {  # what each recogniser takes the drawing under way for, a four
    TESTED: {"4": 0.713, "9": 0.2342},
    IMPORTED: {"4": 0.713, "9": 0.2342},
    STOPPED: {"4": 0.3975, "2": 0.2045},
    KNN: {"9": 0.6667, "7": 0.3333},
    FOREST: {"A": 0.6, "B": 0.4},
    CONVOLUTIONS: {"A": 0.5769, "B": 0.3561},
}
DATASETS = [
    ("starter", "Starter set", 62, {"train": 310, "test": 62}),
    ("my-samples", "My samples", 62, {"train": 6}),
    ("digits", "idx", 10, {"train": 250, "test": 50}),
    ("letters", "letters", 3, {"train": 51}),
    ("pictures", "pictures", 3, {"train": 24}),
    ("writers", "pens", 5, {"train": 125}),
]
IMAGES = {  # sha256 of the images to train on
    "starter": "45c6745e876e66bdac20df1d39597ad42661bf00cd7167b5e7a415f58399c3ba",
    "digits": "deae65e8ea8a0faf8cc3c0de8221879a4a41ea04aac0f28aab71d1f7943d7f95",
    "letters": "8ba99565d433ecfe1e05b3fc51807476a02ea2489bd3fbe9d046bd17e2a135f5",
    "pictures": "23cd3d0c20632e57b260f2ee161280d4ce33664b03ae6b01295ef2a2e8517d5c",
    "writers": "54b2cb4d024edc674e96661728cc203e5ce69681c32f18a867364dcfa6ae3903",
}
ROWS = [  # state, test accuracy, model, data and extent, as the window shows them
    ["interrupted", "–", "Dense network", "Starter set + my samples", "2 of 5 epochs"],
    ["imported", "–", "Tiny dense network", "digits", "9 of 12 epochs"],
    ["finished", "–", "k-nearest neighbours", "workflow-digits-9c8752f2", "20 neighbours"],
    ["finished", "62.0 % *", "k-nearest neighbours", "digits", "3 neighbours"],
    ["stopped early", "–", "Dense network", "writers", "1 of 900 epochs"],
    ["cancelled", "–", "Dense network", "writers", "1 of 900 epochs"],
    ["failed", "–", "Tiny dense network", "gone", "0 of 2 epochs"],
    ["finished", "–", "Random forest", "letters", "5 of 5 trees"],
    ["finished", "–", "Small convolutional network", "letters", "8 of 8 epochs"],
    ["finished", "92.0 %", "Tiny dense network", "digits", "12 of 12 epochs"],
]
SMALL_FOREST = ("--preset", "random-forest", "--option", "trees=3", "--option", "max_depth=4")

pytestmark = pytest.mark.qt_log_ignore(
    "does not support propagateSizeHints", "does not support raise", extend=True
)


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder into which the profile was unpacked, for tests to copy."""
    folder = tmp_path_factory.mktemp("profile")
    with tarfile.open(FIXTURE) as archive:
        archive.extractall(folder, filter="data")
    return folder


def at_its_place(profile: Profile) -> Profile:
    """Write the new place wherever 0.1.0 wrote the old one, as if it had never been moved.

    0.1.0 keeps whole paths in the settings, and finds what it has measured by a checksum of the
    model's path.
    """
    documents = profile.root.parent / "Documents"
    text = profile.settings_file.read_text(encoding="utf-8")
    text = text.replace(ROOT_THERE, profile.root.as_posix())
    text = text.replace(f"{HOME_THERE}/Documents", documents.as_posix())
    profile.settings_file.write_text(text, encoding="utf-8")

    for path in (
        *profile.root.glob("cross-*/*/*/config.json"),
        *profile.root.glob("learn*/*/*/config.json"),
    ):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(ROOT_THERE, profile.root.as_posix()), encoding="utf-8")

    there, here = (f"{root}/runs/{TESTED}/bundle" for root in (ROOT_THERE, profile.root))
    [report] = profile.reports.glob(f"models/*-{_report_digest(there)}")
    report.rename(report.with_name(f"{report.name[:-12]}{_report_digest(here)}"))
    [result] = profile.reports.glob(f"robustness-{_robustness_digest(there)}.json")
    result.rename(result.with_name(f"robustness-{_robustness_digest(here)}.json"))
    return profile


def _report_digest(model: str) -> str:
    return hashlib.sha256(json.dumps([model, "", "digits", "test"]).encode()).hexdigest()[:12]


def _robustness_digest(model: str) -> str:
    return hashlib.sha256("\0".join((model, "", "digits", "test")).encode()).hexdigest()[:16]


@pytest.fixture
def profile(unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    """Return the profile, moved to another place."""
    shutil.copytree(unpacked, tmp_path, dirs_exist_ok=True)
    moved = Profile(tmp_path / "emnist-desktop")
    monkeypatch.setenv("EMNIST_DESKTOP_PROFILE", str(moved.root))
    return moved


@pytest.fixture
def run_command(profile: Profile, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Return what runs a command of the trainer and reads its JSON."""

    def run(*arguments: object) -> Any:
        assert main([*map(str, arguments), "--json"]) == 0
        return json.loads(capsys.readouterr().out.strip())

    return run


def by_name(profile: Profile) -> dict[str, RunSummary]:
    return {run.root.name: run for run in list_runs(profile.runs)}


# Runs


def test_every_run_is_listed_as_it_was(profile: Profile) -> None:
    assert [facts(run) for run in list_runs(profile.runs)] == RUNS


def facts(run: RunSummary) -> tuple[Any, ...]:
    accuracy = None if run.accuracy is None else round(run.accuracy, 4)
    tested = None if run.test_result is None else run.test_result.accuracy
    title = run.title if (run.root / "label.json").is_file() else ""
    return (
        *(run.root.name, title, run.status.value, run.preset, run.dataset, run.seed),
        *(run.epochs_done, run.epochs, run.best_epoch, accuracy, run.parameters),
        *(run.has_bundle, tested, run.chosen_after, run.message),
    )


def test_what_the_user_wrote_beside_a_run_is_there(profile: Profile) -> None:
    run = by_name(profile)[TESTED]
    assert run.note == "the first run\nzweite Zeile: ä ö ü ✓"
    set_label(run.root, "another title", run.note)
    assert by_name(profile)[TESTED].title == "another title"


def test_a_deleted_run_comes_back(profile: Profile) -> None:
    [deleted] = deleted_runs(profile.runs)
    assert (deleted.title, deleted.root.name) == ("Weg damit", DELETED[0])
    restore(deleted.folder, deleted.root)
    run = by_name(profile)[DELETED[0]]
    assert facts(run) == DELETED
    assert run.note == "deleted on purpose"
    assert deleted_runs(profile.runs) == []


def test_the_leaderboard_and_a_comparison_are_as_they_were(run_command: Callable[..., Any]) -> None:
    record = run_command("compare")
    found = [(Path(line["run"]).name, round(line["validation_accuracy"], 4), line["test_accuracy"])
             for line in record["leaderboard"]]  # fmt: skip
    assert found == LEADERBOARD
    [paired] = run_command("compare", TESTED, KNN)["tests"]
    assert (paired["samples"], paired["accuracies"]) == (20, [0.85, 0.8])


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_an_interrupted_run_goes_on_to_its_end(profile: Profile) -> None:
    root = profile.runs / INTERRUPTED
    before = [line for line in lines_of(root / "events.jsonl") if line["event"] == "epoch"]
    done = trainer(profile.root, "train", "--run-dir", str(root), "--resume")
    assert done.returncode == 0, done.stderr
    run = by_name(profile)[INTERRUPTED]
    assert (run.status.value, run.epochs_done, run.has_bundle) == ("finished", 5, True)
    after = [line for line in lines_of(root / "events.jsonl") if line["event"] == "epoch"]
    # It was killed between its second epoch and the checkpoint of that, which is trained again.
    assert [line["epoch"] for line in after] == [1, 2, 2, 3, 4, 5]
    assert after[:2] == before
    assert after[2]["loss"] == pytest.approx(before[1]["loss"], rel=1e-3)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# Recognisers


@pytest.mark.parametrize("name", [*READ])
def test_a_runs_recogniser_reads_as_it_did(
    profile: Profile, run_command: Callable[..., Any], name: str
) -> None:
    bundle = profile.runs / name / "bundle"
    answer = run_command(
        "recognize", profile.autosave_file, "--model", bundle, "--alphabet", "cased"
    )
    [character] = answer["characters"]
    found = dict(character["candidates"])
    for wanted, probability in READ[name].items():
        assert found[wanted] == pytest.approx(probability, abs=0.02)


def test_a_report_made_again_has_the_figures_that_are_stored(
    profile: Profile, run_command: Callable[..., Any]
) -> None:
    [path] = profile.reports.glob("models/*/report.json")
    stored = json.loads(path.read_text(encoding="utf-8"))
    model = profile.runs / TESTED / "bundle"
    made = run_command("evaluate", "--model", model, "--data", "digits", "--split", "test")
    assert stored["accuracy"] == 0.92
    for name in ("samples", "accuracy", "interval", "parameters", "size_bytes", "confusion"):
        assert made[name] == stored[name], name
    for name, value in stored.items():
        if isinstance(value, float) and not name.startswith("micro"):
            assert made[name] == pytest.approx(value, abs=1e-3), name


def test_a_test_that_was_seen_is_not_measured_again(
    profile: Profile, run_command: Callable[..., Any]
) -> None:
    path = profile.runs / TESTED / "test.json"
    before = path.read_bytes()
    found = run_command("train", "--test", "--run-dir", profile.runs / TESTED)
    assert found == json.loads(before) | {"is_sample": False, "looks": 1}  # as all were then
    assert path.read_bytes() == before


def test_a_robustness_measured_again_has_the_figures_that_are_stored(
    profile: Profile, run_command: Callable[..., Any]
) -> None:
    [path] = profile.reports.glob("robustness-*.json")
    stored = json.loads(path.read_text(encoding="utf-8"))
    options = ("--data", "digits", "--split", "test", "--samples", 10)
    made = run_command("robustness", "--model", profile.runs / TESTED / "bundle", *options)
    assert made["corruptions"] == stored["corruptions"]
    assert made["examples"]["numbers"] == stored["examples"]["numbers"]
    [now], [then] = made["models"], stored["models"]
    assert now["accuracy"] == then["accuracy"]
    assert now["mean_corruption_accuracy"] == pytest.approx(
        then["mean_corruption_accuracy"], abs=0.03
    )


def test_an_exported_bundle_is_imported(profile: Profile, run_command: Callable[..., Any]) -> None:
    file = profile.root.parent / "Documents" / "digits.zip"
    root = Path(run_command("export", "--import", file)["run"])
    before, after = by_name(profile)[IMPORTED], by_name(profile)[root.name]
    assert facts(after)[1:] == facts(before)[1:]


def test_a_run_is_exported(profile: Profile, run_command: Callable[..., Any]) -> None:
    file = profile.root.parent / "again.zip"
    run_command("export", "--from", profile.runs / TESTED, "--to", file)
    assert file.stat().st_size > 10_000


def test_the_layers_of_a_network_are_looked_at(
    profile: Profile, run_command: Callable[..., Any]
) -> None:
    options = ("--data", "letters", "--split", "train", "--index", 0)
    record = run_command("layers", "--model", profile.runs / CONVOLUTIONS / "bundle", *options)
    assert record["parameters"] == 5443
    shapes = [layer["shape"] for layer in record["look"]["layers"]]
    assert [32, 12, 12] in shapes, shapes


def test_somebody_elses_network_is_measured(
    profile: Profile, run_command: Callable[..., Any]
) -> None:
    model = profile.root.parent / "Documents" / "foreign.keras"
    made = run_command("evaluate", "--model", model, "--alphabet", "digits", "--data", "digits")
    assert (made["samples"], made["accuracy"]) == (50, 0.06)


# Searches


def test_a_search_is_shown(profile: Profile, run_command: Callable[..., Any]) -> None:
    record = run_command("search", "--study", "rates", "--show")
    kept = json.loads((profile.root / "searches" / "rates" / "record.json").read_text("utf-8"))
    assert record["trials"] == [trial | {"retry_of": 0} for trial in kept["trials"]]
    assert (record["method"], record["best"]) == ("random", kept["best"])
    assert [trial["state"] for trial in record["trials"]] == ["finished", "finished"]


def test_a_cross_validation_that_is_done_is_not_trained_again(
    profile: Profile, run_command: Callable[..., Any]
) -> None:
    at_its_place(profile)
    record = run_command(
        "crossvalidate", "--folds", 2, "--name", "two-folds", *SMALL_FOREST, "--data", "letters"
    )
    assert (record["finished"], record["classes"]) == (2, 3)
    assert record["mean"] == pytest.approx(0.7653846153846153)


def test_a_learning_curve_that_is_done_is_not_trained_again(
    profile: Profile, run_command: Callable[..., Any]
) -> None:
    at_its_place(profile)
    name = ("--sizes", "20,60", "--name", "more-digits")
    record = run_command("learningcurve", *name, *SMALL_FOREST, "--data", "digits")
    assert [(point["size"], point["mean"]) for point in record["points"]] == [
        (20, 0.3),
        (60, 0.5),
    ]


# Datasets


def test_every_dataset_is_listed_as_it_was(run_command: Callable[..., Any]) -> None:
    entries = [entry for entry in run_command("datasets", "list") if entry["present"]]
    assert [(e["name"], e["title"], e["classes"], e["samples"]) for e in entries] == DATASETS


def test_every_dataset_is_opened(profile: Profile) -> None:
    catalog = Catalog(profile)
    for name, checksum in IMAGES.items():
        stored = catalog.open(name)
        split = stored.splits["train"]
        assert hashlib.sha256(np.asarray(split.images).tobytes()).hexdigest() == checksum, name
    writers = catalog.open("writers")
    inks = writers.inks("train")
    assert inks is not None
    assert np.array_equal(inks.render().images, writers.splits["train"].images)
    assert len(np.unique(inks.writers)) == 16


def test_my_samples_are_there_and_grow(profile: Profile) -> None:
    samples = MySamples(profile.samples_file)
    assert samples.counts == Counter("0S9AB3")
    assert samples.damaged == 0
    samples.append(Ink.from_json(profile.autosave_file.read_bytes()), "4")
    assert MySamples(profile.samples_file).counts == Counter("0S9AB34")


def test_exported_samples_are_imported(profile: Profile, run_command: Callable[..., Any]) -> None:
    file = profile.root.parent / "Documents" / "digits-test.npz"
    assert run_command("datasets", "import", file, "--name", "again")["samples"] == {"test": 20}
    digits, again = Catalog(profile).open("digits"), Catalog(profile).open("again")
    assert np.array_equal(again.splits["test"].images, digits.splits["test"].images[:20])


# The window


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[Callable[[Profile], MainWindow]]:
    """Return what opens the window on a profile, with real recognisers and trainers."""
    gc.disable()  # cycles with widgets are collected in this thread

    def open_it(profile: Profile) -> MainWindow:
        window = MainWindow(profile, settings_of(profile))
        window.build(RecognizerChoice(profile))
        qtbot.addWidget(window, before_close_func=MainWindow.end)  # which asks nothing
        with qtbot.waitExposed(window):
            window.show()
        return window

    yield open_it
    gc.collect(1)


def settings_of(profile: Profile) -> Settings:
    return Settings(QSettings(str(profile.settings_file), QSettings.Format.IniFormat))


def test_the_window_is_as_it_was(
    profile: Profile, open_window: Callable[[Profile], MainWindow], qtbot: QtBot
) -> None:
    settings = settings_of(at_its_place(profile))
    assert (settings.theme(), settings.language()) == (Theme.DARK, Language.GERMAN)
    window = open_window(profile)
    # A screen of 800 pixels has cut it to its width; without the settings it is 720 high.
    assert window.height() > 750
    assert action(window, "&Dark theme").isChecked()
    draw = window.draw_tab
    assert draw.toolbar.width_slider.value() == 22
    assert draw.panel.character_set.value == "digits"
    assert "Your drawing is back." in window.banner.text
    assert [len(stroke.points) for stroke in draw.canvas.ink().strokes] == [6, 4]
    assert draw.recognizer_title == DIGITS
    assert draw.banner.text == ""
    qtbot.waitUntil(lambda: draw.recognition is not None)
    assert draw.recognition.best.character == "4"
    qtbot.waitUntil(lambda: "6 samples" in draw.label_bar.counter.text())


def action(window: MainWindow, text: str) -> QAction:
    return next(each for each in window.findChildren(QAction) if each.text() == text)


def test_a_moved_profile_loses_nothing_but_the_recogniser_in_use(
    profile: Profile, open_window: Callable[[Profile], MainWindow]
) -> None:
    shutil.rmtree(profile.runs / WAITING)
    window = open_window(profile)
    assert "The bundled recogniser is used instead." in window.draw_tab.banner.text
    assert len(window.draw_tab.canvas.ink().strokes) == 2
    assert window.draw_tab.recognition is not None


def test_the_datasets_are_looked_at(
    profile: Profile, open_window: Callable[[Profile], MainWindow], qtbot: QtBot
) -> None:
    shutil.rmtree(profile.runs / WAITING)
    window = open_window(at_its_place(profile))
    window.tabs.setCurrentWidget(window.datasets_tab)
    browser = window.datasets_tab.browser
    qtbot.waitUntil(lambda: browser.data is not None, timeout=PATIENCE)
    assert browser.data.name == "writers-train"  # that was open last
    assert browser.grid.image_size == 40
    for name, samples in (("digits", 250), ("letters", 51), ("starter", 310), ("my-samples", 6)):
        with qtbot.waitSignal(browser.dataset_opened, timeout=PATIENCE):
            browser.open_dataset(name)
        assert len(browser.data) == len(browser.grid.indices) == samples


def test_the_runs_are_in_the_list_and_the_one_that_waits_is_trained(
    profile: Profile, open_window: Callable[[Profile], MainWindow], qtbot: QtBot
) -> None:
    window = open_window(at_its_place(profile))
    tab = window.training_tab
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: bool(tab.list.model.rows), timeout=PATIENCE)
    (state, *waits), *others = [row[1:2] + row[3:7] for row in texts_of(tab.list.table)]
    assert waits == ["–", "Tiny dense network", "digits", "0 of 2 epochs"]
    assert state in ("waiting", "running")
    assert others == ROWS
    assert tab.setup.form.rows["data"].value() == "digits"
    assert [run.title for run in tab.run_actions.deleted()] == ["Weg damit"]

    def is_trained() -> bool:
        return by_name(profile)[WAITING].status.value == "finished"

    qtbot.waitUntil(is_trained, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not tab.queue.running, timeout=PATIENCE)


def texts_of(table: QTableView) -> list[list[str]]:
    model = table.model()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_what_was_measured_of_models_is_shown(
    profile: Profile, open_window: Callable[[Profile], MainWindow], qtbot: QtBot
) -> None:
    shutil.rmtree(profile.runs / WAITING)
    window = open_window(at_its_place(profile))
    tab = window.models_tab
    window.tabs.setCurrentWidget(tab)
    models = tab.findChild(QListWidget, "models")
    qtbot.waitUntil(lambda: models.count() > 3, timeout=PATIENCE)
    titles = [models.item(row).text().partition("\n")[0] for row in range(models.count())]
    assert len(titles) == 9
    assert (titles[1], titles[7], titles[8]) == ("mlp-tiny, digits-train", DIGITS, "foreign.keras")
    models.setCurrentRow(7)
    data = next(box for box in tab.findChildren(QComboBox) if box.findData("digits") >= 0)
    data.setCurrentIndex(data.findData("digits"))
    shows = partial(shows_text, tab)
    qtbot.waitUntil(lambda: shows(f"{DIGITS} on digits · test"), timeout=PATIENCE)
    qtbot.waitUntil(lambda: tab.report.result is not None, timeout=PATIENCE)
    assert tab.report.result["accuracy"] == 0.92
    assert not shows("the model has changed since")
    turn_to(tab, "Robustness")
    qtbot.waitUntil(lambda: shows("mean corruption accuracy 61.6 %"), timeout=PATIENCE)
    turn_to(tab, "Compare")
    qtbot.waitUntil(lambda: DIGITS in cells_of(tab), timeout=PATIENCE)
    turn_to(tab, "Search")
    parts = next(box for box in tab.findChildren(QTabWidget) if box.isVisible())
    for index, name in reversed([*enumerate(("rates", "two-folds", "more-digits"))]):
        parts.setCurrentIndex(index)
        qtbot.waitUntil(partial(offers, tab, name), timeout=PATIENCE)
    box = next(box for box in tab.findChildren(QComboBox) if box.findText("rates") >= 0)
    box.setCurrentIndex(box.findText("rates"))
    qtbot.waitUntil(lambda: shows("2 of 2 trials are done."), timeout=PATIENCE)


def cells_of(widget: QWidget) -> set[str]:
    tables = [each for each in widget.findChildren(QTableView) if each.isVisible()]
    return {cell for table in tables for row in texts_of(table) for cell in row}


def offers(widget: QWidget, name: str) -> bool:
    return any(box.findText(name) >= 0 for box in widget.findChildren(QComboBox))


def turn_to(tab: QWidget, title: str) -> None:
    next(b for b in tab.findChildren(QToolButton) if b.text() == title).click()


def shows_text(widget: QWidget, text: str) -> bool:
    return any(text in each.text() for each in widget.findChildren(QLabel) if each.isVisible())
