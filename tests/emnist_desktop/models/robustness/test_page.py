"""The robustness page: a measurement in a child, kept, looked at in three views, acted upon."""

from __future__ import annotations

import base64
import io
import json
import math
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PillowImage
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.models.known_models import UserFile, files_to_json
from emnist_desktop.models.page import ModelContext, PageServices
from emnist_desktop.models.robustness.page import RobustnessPage
from emnist_desktop.models.robustness.result import load_result, read_result, report_file
from emnist_desktop.models.robustness.results_view import training_fields
from emnist_desktop.models.subject_panel import FILES
from emnist_desktop.settings import Settings, Theme
from emnist_desktop.trainer_process.command import Command
from emnist_desktop.ui.colors import text_on
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import apply_theme
from tests.emnist_desktop.dataset_fakes import write_dataset, write_inks
from trainer.config.training_config import TrainingConfig
from trainer.datasets.catalog import Catalog
from trainer.datasets.load import ALL
from trainer.evaluation.corruptions import CORRUPTIONS
from trainer.files.paths import Profile, default_bundle
from trainer.files.records import RecordError, write_json
from trainer.runs import test_result

LEFT = Qt.MouseButton.LeftButton
CONDITIONS = 1 + 5 * len(CORRUPTIONS)

PROGRAM = """
import json, sys
from pathlib import Path

print(json.dumps(sys.argv[1:]), file=Path("{asked}").open("w"))
print('{{"done": 3, "total": 11, "phase": "Blur"}}', file=sys.stderr, flush=True)
{end}
"""
ENDS = {
    "answers": 'text = Path("{result}").read_text()\n'
    'out = Path(sys.argv[sys.argv.index("--out") + 1])\n'
    "out.parent.mkdir(parents=True, exist_ok=True)\nout.write_text(text)\nprint(text)",
    "waits": "sys.stdin.read()",
    "fails": 'print("Expected data. Received: none.", file=sys.stderr)\n'
    'print("Hint: Choose others.", file=sys.stderr)\nsys.exit(1)',
    "nonsense": 'print("{{}}")',
    "real": "",
}


def cells(values: list[float]) -> dict[str, Any]:
    return {"accuracy": values, "interval": [[value - 0.05, value + 0.05] for value in values]}


def figures(name: str, start: float, step: float) -> dict[str, Any]:
    by_corruption = {}
    for place, corruption in enumerate(CORRUPTIONS):
        values = [start - step * place * strength for strength in range(1, 6)]
        mean = sum(values) / 5
        low, high = mean - 0.05, mean + 0.05
        by_corruption[corruption] = {**cells(values), "mean": mean, "mean_interval": [low, high]}
    return {
        "name": name,
        "accuracy": start,
        "interval": [start - 0.05, start + 0.05],
        "by_corruption": by_corruption,
        "mean_corruption_accuracy": start - 13.5 * step,
        "mean_corruption_interval": [start - 14 * step, start - 13 * step],
    }


def picture() -> str:
    strip = np.tile(np.arange(28, dtype=np.uint8) * 9, (28, CONDITIONS))
    stream = io.BytesIO()
    PillowImage.fromarray(strip).save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def record(*, models: int = 1, drawings: bool = True, n: int = 5) -> dict[str, Any]:
    """Return what the command prints: noise costs nothing, salt and pepper the most."""
    readings = [[["C", 0.9]] * 4 + [["G", 0.6]] * (CONDITIONS - 4)] * n
    result: dict[str, Any] = {
        "data": "Some",
        "drawings": drawings,
        "samples": 1234,
        "corruptions": [
            {"name": c.name, "title": c.title, "unit": c.unit, "strengths": list(c.strengths)}
            for c in CORRUPTIONS.values()
        ],
        "models": [figures("first", 0.9, 0.01), figures("second", 0.8, 0.004)][:models],
        "examples": {
            "numbers": [3 + 20 * place for place in range(n)],
            "truth": ["C"] * n,
            "readings": [readings] * models,
            "pictures": [picture()] * n,
        },
    }
    if models == 2:
        result["difference"] = figures("", -0.1, -0.006)
    return result


@pytest.fixture
def subject(profile: Profile) -> ModelContext:
    write_dataset(profile.datasets / "some")
    return ModelContext(default_bundle(), "bundled", data="some", split="train")


MakePage = Callable[..., RobustnessPage]


@pytest.fixture
def make_page(
    qtbot: QtBot, profile: Profile, settings: Settings, tmp_path: Path
) -> Iterator[MakePage]:
    """Return what makes a shown page whose child is a program that ends as a test wants."""
    made: list[RobustnessPage] = []

    def make(
        subject: ModelContext | None, end: str = "answers", result: dict[str, Any] | None = None
    ) -> RobustnessPage:
        found = tmp_path / "result.json"
        found.write_text(json.dumps(result or record()))
        program = tmp_path / "program.py"
        program.write_text(
            PROGRAM.format(asked=tmp_path / "asked", end=ENDS[end].format(result=found))
        )

        def make_command(profile: Profile, parent: QWidget) -> Command:
            fake = None if end == "real" else [sys.executable, str(program)]
            return Command(profile, parent, fake)

        page = RobustnessPage(PageServices(profile, settings, Catalog(profile), make_command))
        page.resize(700, 560)
        page.show_subject(subject)
        qtbot.addWidget(page)
        with qtbot.waitExposed(page):
            page.show()
        qtbot.waitUntil(lambda: page.summary.text() != "")
        made.append(page)
        return page

    yield make
    for page in made:
        shut_down(page)


@pytest.fixture
def kept(profile: Profile, subject: ModelContext, make_page: MakePage) -> MakePage:
    """Return what makes a page that finds a result of an earlier day."""

    def make(**options: Any) -> RobustnessPage:
        path = report_file(profile, subject)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(record(**options)))
        page = make_page(subject)
        assert page.result is not None
        return page

    return make


def click_cell(page: RobustnessPage, row: int, column: int) -> None:
    table = page.results.table
    place = table.visualRect(table.model().index(row, column)).center()
    QTest.mouseClick(table.viewport(), LEFT, pos=place)


def shown_column(page: RobustnessPage, column: int) -> list[str]:
    model = page.results.table.model()
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def asked(tmp_path: Path) -> list[str]:
    found = json.loads((tmp_path / "asked").read_text())
    assert isinstance(found, list)
    return found


def test_nothing_is_built_or_started_before_it_is_looked_at(
    profile: Profile, settings: Settings, subject: ModelContext, qtbot: QtBot
) -> None:
    page = RobustnessPage(PageServices(profile, settings, Catalog(profile)))
    qtbot.addWidget(page)
    page.show_subject(subject)
    assert page.layout() is None
    assert not page.command.is_running
    shut_down(page)


@pytest.mark.parametrize("data", [None, ""])
def test_without_a_dataset_nothing_can_be_measured(make_page: MakePage, data: str | None) -> None:
    page = make_page(None if data is None else ModelContext(default_bundle(), "bundled"))
    assert not page.start.isEnabled()
    assert "dataset" in page.start.toolTip()
    assert "ten corruptions" in page.summary.text()
    assert page.results.isHidden()


def test_pictures_are_shown_before_anything_is_measured(
    make_page: MakePage, profile: Profile, qtbot: QtBot
) -> None:
    write_inks(profile.datasets / "drawings")
    page = make_page(ModelContext(default_bundle(), "bundled", data="drawings"))
    results = page.results
    qtbot.waitUntil(results.isVisible)
    assert [results.views.isTabVisible(view) for view in range(3)] == [False, False, True]
    assert results.views.currentIndex() == 2
    assert page.result is None
    QTest.keyClick(results.corruption, Qt.Key.Key_End)
    examples = results.examples
    text = help_at(examples, examples.picture_rect(1, 0).center())
    assert text == "Sample 1: X"
    first, last = (examples.grab(examples.picture_rect(1, n)).toImage() for n in (0, 5))
    assert first != last
    results.corruption.setCurrentIndex(results.corruption.findData("rotation"))
    assert results.train.isEnabled()


def test_a_dataset_that_is_gone_shows_no_pictures(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page(ModelContext(default_bundle(), "bundled", data="gone"))
    qtbot.waitUntil(lambda: not page._previewing.is_running)
    assert page.results.isHidden()
    assert page.start.isEnabled()


@pytest.mark.slow
def test_a_measurement_of_the_real_trainer_is_shown_and_kept(
    make_page: MakePage, profile: Profile, qtbot: QtBot
) -> None:
    write_inks(profile.datasets / "drawings")
    subject = ModelContext(default_bundle(), "bundled", data="drawings", split="train")
    page = make_page(subject, "real")
    page.samples.setValue(2)
    with qtbot.waitSignal(page.status_changed, timeout=60_000) as heard:
        qtbot.mouseClick(page.start, LEFT)
        assert not page.start.isEnabled()
        assert page.cancel.isVisible()
    assert heard.args == ["Robustness of bundled measured"]
    assert page.results.table.isVisible()
    assert page.banner.text == ""
    assert page.results.table.model().rowCount() == len(CORRUPTIONS)
    assert page.result is not None
    assert page.result.is_of_drawings
    assert [example.truth for example in page.result.examples] == ["I", "X"]
    assert all(example.picture for example in page.result.examples)
    assert "2 drawings" in page.summary.text()
    assert load_result(report_file(profile, subject)) == page.result
    later = make_page(subject, "real")
    assert later.result == page.result


def test_the_command_is_told_what_is_chosen(
    make_page: MakePage, subject: ModelContext, settings: Settings, qtbot: QtBot, tmp_path: Path
) -> None:
    model = tmp_path / "other.tflite"
    model.write_bytes(b"network")
    settings.set(FILES, files_to_json([UserFile(model, "digits")]))
    page = make_page(subject, result=record(models=2))
    qtbot.waitUntil(lambda: page.other.count() == 2)
    QTest.keyClick(page.other, Qt.Key.Key_Down)
    page.samples.setValue(0)
    assert page.samples.text() == "all"
    with qtbot.waitSignal(page.status_changed):
        qtbot.mouseClick(page.start, LEFT)
    expected = ["robustness", "--model", str(default_bundle()), "--data", "some"]
    expected += ["--split", "train", "--model2", str(model), "--alphabet2", "digits"]
    expected += ["--samples", "0", "--pictures", "--out", str(report_file(page.profile, subject))]
    assert asked(tmp_path) == [*expected, "--json", "--progress"]
    assert "second: untouched 80.0 %" in page.summary.text()
    page.show_subject(subject)
    qtbot.waitUntil(lambda: not page._finding.is_running)
    assert page.other.currentText() == "other.tflite"


def test_the_first_look_at_the_test_data_of_two_runs_is_asked_about(
    make_page: MakePage, profile: Profile, qtbot: QtBot
) -> None:
    for name in ("one", "other"):
        shutil.copytree(default_bundle(), profile.runs / name / "bundle")
        settings = json.dumps({"preset": "pen", "data": "some"})
        (profile.runs / name / "config.json").write_text(settings)
    one = profile.runs / "one"
    tested = test_result.TestResult("some", 9, 0.9, 0.8, 0.95, 1.0, "", "", is_sample=True)
    write_json(one / test_result.TEST_RESULT_NAME, tested)
    page = make_page(ModelContext(one / "bundle", "One", data="some", split="test"))
    qtbot.waitUntil(lambda: page.other.count() > 2)
    row = next(
        row
        for row in range(1, page.other.count())
        if page.other.itemData(row).path.is_relative_to(profile.runs / "other")
    )
    page.other.setCurrentIndex(row)
    questions: list[str] = []

    def cancel() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        questions.append(box.text())
        qtbot.mouseClick(box.button(QMessageBox.StandardButton.Cancel), LEFT)

    QTimer.singleShot(0, cancel)
    qtbot.mouseClick(page.start, LEFT)
    title = page.other.itemData(row).title
    assert questions == [f"Measure {title} on the test data of some?"]
    assert not page.command.is_running
    page.other.setCurrentIndex(0)
    with qtbot.waitSignal(page.status_changed):
        qtbot.mouseClick(page.start, LEFT)
    assert len(questions) == 1


def test_progress_is_shown_and_a_cancel_leaves_the_last_result(
    kept: MakePage, subject: ModelContext, qtbot: QtBot, make_page: MakePage
) -> None:
    kept()
    page = make_page(subject, "waits")
    before = page.result
    qtbot.mouseClick(page.start, LEFT)
    qtbot.waitUntil(lambda: page.phase.text() == "Blur")
    assert (page.progress.value(), page.progress.maximum()) == (3, 11)
    assert page.cancel.hasFocus()
    with qtbot.waitSignal(page.status_changed) as heard:
        qtbot.keyClick(page.cancel, Qt.Key.Key_Space)
    assert heard.args == ["Cancelled"]
    assert page.result is before
    assert page.running.isHidden()
    assert page.start.isEnabled()
    assert page.start.hasFocus()


@pytest.mark.parametrize(
    ("end", "sentence"),
    [("fails", "Expected data. Received: none.\nChoose others."), ("nonsense", "no result")],
)
def test_a_failure_is_explained_and_the_page_stays_usable(
    make_page: MakePage, subject: ModelContext, qtbot: QtBot, end: str, sentence: str
) -> None:
    page = make_page(subject, end)
    with qtbot.waitSignal(page.status_changed):
        qtbot.mouseClick(page.start, LEFT)
    assert sentence in page.banner.text
    assert page.start.isEnabled()
    assert page.result is None


def test_a_result_of_another_subject_is_kept_not_shown(
    make_page: MakePage, subject: ModelContext, profile: Profile, qtbot: QtBot
) -> None:
    page = make_page(subject)
    with qtbot.waitSignal(page.status_changed):
        qtbot.mouseClick(page.start, LEFT)
        page.show_subject(ModelContext(default_bundle(), "bundled", data="some", split="test"))
    assert page.result is None
    assert load_result(report_file(profile, subject)) is not None
    page.show_subject(subject)
    qtbot.waitUntil(lambda: page.result is not None)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"models": []}', json.dumps({"data": "x"})])
def test_a_spoilt_file_counts_as_none(
    make_page: MakePage, subject: ModelContext, profile: Profile, qtbot: QtBot, text: str
) -> None:
    path = report_file(profile, subject)
    path.parent.mkdir(parents=True)
    path.write_text(text)
    page = make_page(subject)
    qtbot.waitUntil(page.results.isVisible)
    assert page.result is None
    assert not page.results.views.isTabVisible(0)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found.update(corruptions=[]),
        lambda found: found.update(models=[]),
        lambda found: found.update(examples=[]),
        lambda found: found["corruptions"][0]["strengths"].pop(),
        lambda found: found["models"][0]["by_corruption"]["noise"]["accuracy"].pop(),
        lambda found: found["models"][0].update(accuracy="high"),
        lambda found: found["examples"]["readings"][0][0].pop(),
        lambda found: found["models"][0].update(accuracy=math.nan),
        lambda found: found["models"][0]["by_corruption"].pop("noise"),
        lambda found: found["examples"]["readings"].append([]),
        lambda found: found["examples"]["truth"].pop(),
        lambda found: found["examples"].update(numbers=[1 << 60] * 5),
        lambda found: found["examples"].update(pictures=["?"] * 5),
    ],
)
def test_a_spoilt_result_is_refused(spoil: Callable[[dict[str, Any]], object]) -> None:
    spoilt = record()
    spoil(spoilt)
    with pytest.raises(RecordError, match="no result of a measurement"):
        read_result(spoilt)


def test_the_table_is_sorted_by_its_columns(kept: MakePage) -> None:
    page = kept()
    table = page.results.table
    titles = [each.title for each in CORRUPTIONS.values()]
    assert shown_column(page, 0) == titles
    assert shown_column(page, 5)[:3] == ["90.0", "85.0", "80.0"]
    header = table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(6) + 5, header.height() // 2)
    QTest.mouseClick(header.viewport(), LEFT, pos=place)
    assert shown_column(page, 0) == titles[::-1]
    assert float(shown_column(page, 7)[0]) == pytest.approx(30.0)
    tip = table.model().index(0, 3).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "Salt and pepper 0.1 of all grains: 63.0 % (95 %: 58.0 to 68.0 %)"


def test_more_is_lost_the_farther_a_cell_is_from_its_ground(kept: MakePage) -> None:
    page = kept()
    model = page.results.table.model()
    role = Qt.ItemDataRole.BackgroundRole
    grounds = [model.index(row, 5).data(role) for row in range(10)]
    base = page.palette().base().color()
    away = [abs(ground.blue() - base.blue()) for ground in grounds]
    assert away == sorted(away)
    assert away[0] == 0 < away[1]


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_figures_are_read_on_any_ground(red: int, green: int, blue: int) -> None:
    """The contrast of WCAG 2.2 is at least 4.5 to 1."""

    def luminance(color: QColor) -> float:
        parts = [part / 255 for part in (color.red(), color.green(), color.blue())]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))

    ground = QColor(red, green, blue)
    low, high = sorted((luminance(ground), luminance(text_on(ground))))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_a_cell_is_chosen_for_all_views_and_trained_against(kept: MakePage, qtbot: QtBot) -> None:
    page = kept()
    results = page.results
    rotation = list(CORRUPTIONS).index("rotation")
    click_cell(page, rotation, 3)
    assert results.chosen == ("rotation", 3)
    assert results.corruption.currentText() == "Rotation"
    assert results.curves.accessibleDescription().startswith("Rotation.")
    assert results.train.text() == "Train against Rotation 24 °"
    assert "rotation 13.856" in results.train.toolTip()
    with qtbot.waitSignal(page.form_requested) as heard:
        qtbot.mouseClick(results.train, LEFT)
    fields = heard.args[0]
    assert fields == {
        "augmentation": {"rotation": 13.856},
        "image_augmentation": {"rotation": 24.0},
    }
    config = TrainingConfig.from_record({"data": "some", **fields})
    assert config.augmentation is not None
    assert config.augmentation.rotation == 13.856


def test_keys_go_through_the_table(kept: MakePage) -> None:
    page = kept()
    click_cell(page, 0, 1)
    QTest.keyClick(page.results.table, Qt.Key.Key_Down)
    QTest.keyClick(page.results.table, Qt.Key.Key_Right)
    assert page.results.chosen == ("blur", 2)


@pytest.mark.parametrize(
    ("drawings", "name"), [(True, "noise"), (True, "contrast"), (False, "blur")]
)
def test_where_no_setting_corresponds_that_is_said(
    kept: MakePage, *, drawings: bool, name: str
) -> None:
    page = kept(drawings=drawings)
    click_cell(page, list(CORRUPTIONS).index(name), 2)
    assert not page.results.train.isEnabled()
    form = "drawings" if drawings else "images"
    assert form in page.results.train.toolTip()


@given(
    name=st.sampled_from(list(CORRUPTIONS)),
    place=st.integers(0, 4),
    drawings=st.booleans(),
)
def test_every_offer_is_a_valid_setting(name: str, place: int, *, drawings: bool) -> None:
    strength = CORRUPTIONS[name].strengths[place]
    fields = training_fields(name, strength, drawings=drawings)
    config = TrainingConfig.from_record({"data": "some", **fields})
    usual = TrainingConfig(data="some")
    assert set(config.differences(usual)) <= set(fields)
    if name in ("thinner", "thicker") and drawings:
        assert config.augmentation is not None
        assert config.augmentation.thinnest <= min(strength, 0.5)
        assert config.augmentation.thickest >= max(strength, 1.6)


def test_curves_are_chosen_by_mouse_and_keys(kept: MakePage) -> None:
    page = kept()
    page.results.views.setCurrentIndex(1)
    curves = page.results.curves
    QTest.mouseClick(curves, LEFT, pos=curves.cell_rect(1).center())
    assert page.results.chosen == ("blur", 0)
    QTest.keyClick(curves, Qt.Key.Key_Right)
    assert page.results.chosen == ("shift", 0)
    QTest.keyClick(curves, Qt.Key.Key_Left)
    QTest.keyClick(curves, Qt.Key.Key_Left)
    QTest.keyClick(curves, Qt.Key.Key_Left)
    assert page.results.chosen == ("noise", 0)
    QTest.keyClick(curves, Qt.Key.Key_Down)
    below = page.results.chosen[0]
    assert curves.cell_rect(0).left() == curves.cell_rect(list(CORRUPTIONS).index(below)).left()
    click = page.results.table.currentIndex()
    assert click.siblingAtColumn(0).data() == CORRUPTIONS[below].title


def help_at(widget: Any, place: QPoint) -> str:
    event = QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)
    return QToolTip.text()


def test_a_point_of_a_curve_says_what_it_is(kept: MakePage) -> None:
    page = kept(models=2)
    page.results.views.setCurrentIndex(1)
    curves = page.results.curves
    lines = help_at(curves, curves.point(3, 1, 5).toPoint()).splitlines()
    assert lines == [
        "first, Rotation 40 °: 75.0 % (95 %: 70.0 to 80.0 %)",
        "second, Rotation 40 °: 74.0 % (95 %: 69.0 to 79.0 %)",
    ]
    assert "untouched: 90.0 %" in help_at(curves, curves.point(3, 0, 0).toPoint())
    assert help_at(curves, curves.cell_rect(3).topLeft() + QPoint(4, 4)) == "Rotation, °"


def test_two_models_are_compared_and_noise_is_named(kept: MakePage) -> None:
    page = kept(models=2)
    which = page.results.which
    texts = [which.itemText(place) for place in range(which.count())]
    assert texts == ["first", "second", "Difference: second less first, in points"]
    assert shown_column(page, 5)[:2] == ["-10.0", "-7.0"]
    model = page.results.table.model()
    tip = model.index(3, 5).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.endswith("-1.0 points (95 %: -6.0 to +4.0), within noise")
    role = Qt.ItemDataRole.BackgroundRole
    worse, same, better = (model.index(row, 5).data(role) for row in (0, 3, 9))
    assert worse.red() > worse.blue()
    assert same == page.palette().base().color()
    assert better.blue() > better.red()
    QTest.keyClick(which, Qt.Key.Key_Up)
    assert shown_column(page, 5)[:2] == ["80.0", "78.0"]
    assert model.columnCount() == 8


def test_an_example_leads_to_its_dataset(kept: MakePage, qtbot: QtBot) -> None:
    page = kept()
    page.results.views.setCurrentIndex(2)
    examples = page.results.examples
    with qtbot.waitSignal(page.samples_requested) as heard:
        QTest.mouseClick(examples, LEFT, pos=examples.picture_rect(1, 2).center())
    name, split, indices, _ = heard.args
    assert (name, split, indices.tolist()) == ("some", "train", [23])
    QTest.keyClick(examples, Qt.Key.Key_Up)
    with qtbot.waitSignal(page.samples_requested) as heard:
        QTest.keyClick(examples, Qt.Key.Key_Return)
    assert heard.args[2].tolist() == [3]


def test_an_example_of_all_parts_is_found_in_its_part(
    make_page: MakePage, profile: Profile, qtbot: QtBot
) -> None:
    write_dataset(profile.datasets / "some", n_train=47)
    everything = ModelContext(default_bundle(), "bundled", data="some", split=ALL)
    path = report_file(profile, everything)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(record()))
    page = make_page(everything)
    page.results.views.setCurrentIndex(2)
    with qtbot.waitSignal(page.samples_requested) as heard:
        page.results.examples.sample_chosen.emit(63)
    assert heard.args[1:3] == ["test", np.array([16])]
    page.results.examples.sample_chosen.emit(4_000)
    assert "not there any more" in page.banner.text


def test_a_choice_of_corruption_shows_its_pictures_and_readings(kept: MakePage) -> None:
    page = kept()
    page.results.views.setCurrentIndex(2)
    QTest.keyClick(page.results.corruption, Qt.Key.Key_Down)
    assert page.results.chosen == ("blur", 0)
    examples = page.results.examples
    text = help_at(examples, examples.picture_rect(0, 3).center())
    assert text.startswith("Sample 3: C\nfirst: C 90 %, G 60 %")
    wrong, right = (
        examples.grab(examples.picture_rect(0, n).adjusted(-1, -1, 1, 1)) for n in (1, 0)
    )
    assert wrong.toImage().pixelColor(1, 9) != right.toImage().pixelColor(1, 9)


def test_it_is_painted_in_both_themes_and_at_any_size(kept: MakePage, qapp: QApplication) -> None:
    page = kept(models=2)
    seen = []
    for theme in (Theme.LIGHT, Theme.DARK):
        apply_theme(qapp, theme)
        for width in (300, 1200):
            page.resize(width, 500)
            for view in range(3):
                page.results.views.setCurrentIndex(view)
                seen.append(page.grab().toImage())
    assert all(a != b for place, a in enumerate(seen) for b in seen[:place])
