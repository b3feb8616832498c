"""The layers page: the bundled recogniser looked into by a real child, with mouse and keys."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.models.layers.child import LayersChild
from emnist_desktop.models.layers.page import LayersPage
from emnist_desktop.models.layers.result import SampleMap
from emnist_desktop.models.layers.scatter import EmbeddingScatter
from emnist_desktop.models.page import ModelContext, PageServices
from emnist_desktop.settings import Settings, Theme
from emnist_desktop.ui.colors import class_colors
from emnist_desktop.ui.images import signed_levels, signed_table
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import apply_theme
from tests.trainer.archives import write_archive
from trainer.datasets.catalog import Catalog
from trainer.files.paths import Profile, default_bundle
from trainer.ink.render import ink_to_image
from trainer.ink.strokes import Ink

LEFT = Qt.MouseButton.LeftButton
PATIENCE_MS = 30_000
ONE = Ink.from_points([[(0, 0), (0, 50)]])
ELL = Ink.from_points([[(0, 0), (0, 50), (30, 50)]])
N_SAMPLES = 60

MakePage = Callable[..., LayersPage]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("data") / "small.npz", N_SAMPLES)


@pytest.fixture
def make_page(qtbot: QtBot, profile: Profile, settings: Settings) -> Iterator[MakePage]:
    """Return what makes a page, shown with a subject."""
    made: list[LayersPage] = []

    def make(
        subject: ModelContext | None, ink: Ink | None = None, program: list[str] | None = None
    ) -> LayersPage:
        child = LayersChild(profile, program=program)
        page = LayersPage(PageServices(profile, settings, Catalog(profile)), child)
        child.setParent(page)
        qtbot.addWidget(page)
        made.append(page)
        page.resize(900, 640)
        page.show_subject(subject)
        if ink is not None:
            page.set_drawing(ink)
        with qtbot.waitExposed(page):
            page.show()
        return page

    yield make
    for page in made:
        shut_down(page)


@pytest.fixture
def subject(archive: Path) -> ModelContext:
    return ModelContext(default_bundle(), "bundled", data=str(archive))


def open_page(
    make_page: MakePage, qtbot: QtBot, subject: ModelContext, ink: Ink = ONE
) -> LayersPage:
    """Return a page that has shown its first picture and knows its data."""
    page = make_page(subject, ink)
    qtbot.waitUntil(
        lambda: (
            page.model is not None
            and page.features.pictures is not None
            and (page.source.count > 0 or not subject.data)
        ),
        timeout=PATIENCE_MS,
    )
    return page


def has_child(page: LayersPage) -> bool:
    return page.child.is_running


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT, pos=widget.rect().center())


def turn_to(page: LayersPage, number: int) -> None:
    click(page.choice.button(number))


def tool_tip(widget: QWidget, place: QPoint) -> str:
    event = QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)
    return QToolTip.text()


class TestLife:
    def test_without_a_model_it_says_what_to_do(self, make_page: MakePage) -> None:
        page = make_page(None)
        assert "Choose a model" in page.waiting.message.text()
        assert not has_child(page)

    def test_a_child_lives_from_the_first_look_to_the_end(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext, profile: Profile
    ) -> None:
        page = make_page(None)
        page.hide()
        page.show_subject(subject)
        assert not has_child(page)
        page.show()
        assert has_child(page)
        assert "bundled is being opened" in page.waiting.message.text()
        qtbot.waitUntil(lambda: page.model is not None, timeout=PATIENCE_MS)
        page.show_subject(None)
        assert not has_child(page)
        page.show_subject(subject)
        assert has_child(page)
        shut_down(page)
        assert not has_child(page)
        page.hide()
        page.show()
        assert not has_child(page)

    def test_a_child_out_of_sight_is_let_go_and_comes_back(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext
    ) -> None:
        page = open_page(make_page, qtbot, subject)
        page.idle.setInterval(1)
        page.hide()
        qtbot.waitUntil(lambda: not has_child(page), timeout=PATIENCE_MS)
        page.show()
        qtbot.waitUntil(lambda: page.features.pictures is not None, timeout=PATIENCE_MS)

    def test_a_model_that_cannot_be_opened_is_explained_and_can_be_tried_again(
        self, make_page: MakePage, qtbot: QtBot, tmp_path: Path
    ) -> None:
        page = make_page(ModelContext(tmp_path / "none", "gone"))
        qtbot.waitUntil(page.waiting.again.isVisible, timeout=PATIENCE_MS)
        assert "There is no recogniser in" in page.waiting.message.text()
        assert not has_child(page)
        click(page.waiting.again)
        assert has_child(page)
        qtbot.waitUntil(page.waiting.again.isVisible, timeout=PATIENCE_MS)

    def test_a_child_that_dies_is_told_and_another_model_can_be_looked_at(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext
    ) -> None:
        program = [sys.executable, "-c", "import os; os.abort()"]
        page = make_page(subject, program=program)
        qtbot.waitUntil(page.waiting.again.isVisible, timeout=PATIENCE_MS)
        assert "bundled has ended" in page.waiting.message.text()

    def test_a_trainer_that_is_not_there_is_told(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext
    ) -> None:
        page = make_page(subject, program=["/nowhere/python"])
        qtbot.waitUntil(page.waiting.again.isVisible, timeout=PATIENCE_MS)
        assert "cannot be started" in page.waiting.message.text()

    def test_data_that_are_not_there_leave_the_drawing(
        self, make_page: MakePage, qtbot: QtBot
    ) -> None:
        page = open_page(make_page, qtbot, ModelContext(default_bundle(), "bundled"))
        assert not page.source.sample.isEnabled()
        page.show_subject(ModelContext(default_bundle(), "bundled", data="nothing-like-it"))
        qtbot.waitUntil(lambda: "nothing-like-it" in page.source.recognition.text())
        page.set_drawing(ELL)
        qtbot.waitUntil(lambda: "read as L" in page.source.recognition.text())


class TestLooking:
    def test_it_follows_the_drawing(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext
    ) -> None:
        page = open_page(make_page, qtbot, subject)
        assert page.features.layer == "conv_2d 1"
        assert page.features.tiles.count == 24
        before = page.features.pictures
        page.set_drawing(ELL)
        qtbot.waitUntil(lambda: "read as L" in page.source.recognition.text())
        assert page.features.pictures is not before
        page.set_drawing(Ink())
        qtbot.waitUntil(lambda: "Nothing is drawn" in page.source.recognition.text())

    def test_of_many_drawings_the_newest_is_shown_and_few_are_asked_about(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext
    ) -> None:
        page = open_page(make_page, qtbot, subject)
        for length in range(50):
            page.set_drawing(Ink.from_points([[(0, 0), (0, 50), (1 + length, 50)]]))
        newest = ink_to_image(Ink.from_points([[(0, 0), (0, 50), (50, 50)]]))
        seen: list[Any] = []
        page.child.answered.connect(lambda _, answer: seen.append(answer))

        def is_newest() -> bool:
            return bool(seen) and np.array_equal(_image_of(seen[-1]), newest)

        qtbot.waitUntil(is_newest)
        assert len(seen) == 2

    def test_samples_are_stepped_through(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext
    ) -> None:
        page = open_page(make_page, qtbot, subject)
        click(page.source.sample)
        qtbot.waitUntil(lambda: "Labelled 1" in page.source.recognition.text())
        click(page.source.after)
        qtbot.waitUntil(lambda: "Labelled 7" in page.source.recognition.text())
        click(page.source.before)
        click(page.source.before)
        assert page.source.number == N_SAMPLES - 1
        qtbot.waitUntil(lambda: "Labelled x" in page.source.recognition.text())
        page.source.index.selectAll()
        QTest.keyClicks(page.source.index, "2")
        QTest.keyClick(page.source.index, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "Labelled L" in page.source.recognition.text())
        page.set_drawing(ONE)
        assert not page.source.is_drawing
        click(page.source.any)
        assert 0 <= page.source.number < N_SAMPLES
        click(page.source.drawing)
        qtbot.waitUntil(
            lambda: page.source.recognition.text().startswith("The image alone is read as")
        )

    def test_without_a_drawing_a_sample_is_looked_at(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext
    ) -> None:
        page = open_page(make_page, qtbot, subject, Ink())
        qtbot.waitUntil(lambda: "Labelled 1" in page.source.recognition.text())

    def test_layers_are_chosen_with_the_keyboard_and_maps_enlarged(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext
    ) -> None:
        page = open_page(make_page, qtbot, subject)
        view = page.features
        QTest.keyClick(view.layers, Qt.Key.Key_Down)
        QTest.keyClick(view.layers, Qt.Key.Key_Down)
        assert view.layer == "max_pool_2d 1"
        qtbot.waitUntil(lambda: view.tiles.count == 24)
        assert "14×14" in view.caption.text()
        QTest.mouseClick(view.tiles, LEFT, pos=view.tiles.item_rect(3).center())
        assert view.large.title.text() == "Map 4 of 24"
        QTest.keyClick(view.large, Qt.Key.Key_PageDown)
        assert view.large.title.text() == "Map 5 of 24"
        click(view.large.before)
        click(view.large.before)
        assert view.large.title.text() == "Map 3 of 24"
        values = view.large.map.values
        assert values is not None
        assert values.shape == (14, 14)
        said = tool_tip(view.large.map, view.large.map.map_area().center().toPoint())
        assert said.startswith("row 7, column 7")
        QTest.keyClick(view.large, Qt.Key.Key_Escape)
        assert view.right.currentIndex() == 0
        QTest.keyClick(view.tiles, Qt.Key.Key_Down)
        QTest.keyClick(view.tiles, Qt.Key.Key_Right)
        QTest.keyClick(view.tiles, Qt.Key.Key_Return)
        assert view.right.currentIndex() == 1
        assert view.large.title.text() != "Map 3 of 24"

    def test_one_scale_makes_weak_maps_dark(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext
    ) -> None:
        page = open_page(make_page, qtbot, subject)
        view = page.features
        pictures = view.pictures
        assert pictures is not None
        weak = int(pictures.highs.argmin())

        def brightest() -> int:
            image = view.tiles.picture(weak)
            return max(image.pixelIndex(x, y) for x in range(28) for y in range(28))

        assert brightest() == 255
        QTest.keyClick(view.one_scale, Qt.Key.Key_Space)
        expected = 255 * (pictures.highs[weak] - pictures.lows.min())
        expected /= pictures.highs.max() - pictures.lows.min()
        assert brightest() == round(float(expected))
        assert brightest() < 200

    def test_the_last_layer_names_its_units(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext
    ) -> None:
        page = open_page(make_page, qtbot, subject, ELL)
        view = page.features
        QTest.keyClick(view.layers, Qt.Key.Key_End)
        qtbot.waitUntil(lambda: view.tiles.count == 62)
        pictures = view.pictures
        assert pictures is not None
        best = int(pictures.levels.argmax())
        place = view.tiles.item_rect(best).center()
        assert tool_tip(view.tiles, place).startswith("unit L:")
        QTest.mouseClick(view.tiles, LEFT, pos=place)
        assert view.right.currentIndex() == 0


class TestOtherViews:
    def test_what_counts_is_about_what_is_read_or_asked(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext
    ) -> None:
        page = open_page(make_page, qtbot, subject, ELL)
        turn_to(page, 1)
        heat = page.saliency
        qtbot.waitUntil(
            lambda: heat.occlusion.map.values is not None and heat.gradient.map.values is not None
        )
        values = heat.occlusion.map.values
        assert values is not None
        assert values[:, :6].max() <= values.max()
        assert "L becomes less probable" in heat.occlusion.text.text()
        before = heat.occlusion.map.picture
        QTest.keyClicks(heat.target, "7")
        QTest.keyClick(heat.target, Qt.Key.Key_Return)
        heat.target.activated.emit(heat.target.currentIndex())
        qtbot.waitUntil(lambda: "7 becomes less probable" in heat.occlusion.text.text())
        assert heat.occlusion.map.picture != before
        assert heat.occlusion.map.ends[0].startswith("−")

    def test_filters_are_there_and_one_is_large(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext
    ) -> None:
        page = open_page(make_page, qtbot, subject)
        turn_to(page, 2)
        qtbot.waitUntil(lambda: page.filters.tiles.count == 24)
        assert "24 filters of 3×3" in page.filters.caption.text()
        first = page.filters.large.values
        assert first is not None
        QTest.mouseClick(page.filters.tiles, LEFT, pos=page.filters.tiles.item_rect(2).center())
        assert page.filters.large.values is not None
        assert not np.array_equal(page.filters.large.values, first)
        assert tool_tip(page.filters.tiles, page.filters.tiles.item_rect(2).center()).startswith(
            "filter 3:"
        )

    def test_the_graph_is_a_table_with_a_total(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext
    ) -> None:
        page = open_page(make_page, qtbot, subject)
        turn_to(page, 4)
        table = page.graph.table
        assert table.rowCount() == 13
        cells = [table.item(1, column) for column in range(5)]
        assert [cell.text() for cell in cells if cell is not None] == [
            "conv_2d 1",
            "Conv2D",
            "28×28×24",
            "1,536",
            "image",
        ]
        assert "parameters in 12 layers" in page.graph.total.text()

    @pytest.mark.slow
    def test_samples_are_laid_out_with_the_drawing_among_them(
        self,
        make_page: MakePage,
        qtbot: QtBot,
        subject: ModelContext,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        page = open_page(make_page, qtbot, subject, ELL)
        turn_to(page, 3)
        atlas, scatter = page.embedding, page.embedding.scatter
        qtbot.waitUntil(lambda: scatter.own is not None, timeout=PATIENCE_MS)
        assert scatter.shown is not None
        assert scatter.shown.method == "pca"
        assert len(scatter.shown.points) == N_SAMPLES
        assert "of the variance" in atlas.caption.text()
        click(atlas.tsne)
        qtbot.waitUntil(
            lambda: scatter.shown is not None and scatter.shown.method == "tsne",
            timeout=PATIENCE_MS,
        )
        qtbot.waitUntil(lambda: scatter.own is not None)
        assert not atlas.progress.isVisible()
        QTest.mouseClick(scatter, LEFT, pos=scatter.position(11).toPoint())
        assert not page.source.is_drawing
        qtbot.waitUntil(lambda: page.source.recognition.text().startswith("Labelled"))
        click(atlas.pca)
        assert scatter.shown is not None
        assert scatter.shown.method == "pca"
        monkeypatch.setattr(
            QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "map.png"), "")
        )
        click(page.save)
        assert QImage(str(tmp_path / "map.png")).size() == scatter.size()

    def test_a_map_that_takes_long_can_be_cancelled(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext
    ) -> None:
        page = open_page(make_page, qtbot, subject)
        turn_to(page, 3)
        atlas = page.embedding
        qtbot.waitUntil(lambda: atlas.scatter.shown is not None, timeout=PATIENCE_MS)
        with qtbot.waitSignal(page.child.cancelled, timeout=PATIENCE_MS):
            click(atlas.tsne)
            assert atlas.stop.isVisible()
            click(atlas.stop)
        assert atlas.method == "pca"
        assert not atlas.stop.isVisible()
        page.set_drawing(ELL)
        qtbot.waitUntil(lambda: "read as L" in page.source.recognition.text())

    def test_everything_is_written_as_a_page(
        self,
        make_page: MakePage,
        qtbot: QtBot,
        subject: ModelContext,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        page = open_page(make_page, qtbot, subject, ELL)
        chosen = [str(tmp_path / "seen"), str(tmp_path / "seen" / "again.png")]
        monkeypatch.setattr(
            QFileDialog, "getSaveFileName", lambda *_: (chosen.pop(0), "Page (*.html)")
        )
        with qtbot.waitSignal(page.status_changed, timeout=PATIENCE_MS) as told:
            click(page.save)
        assert told.args == [f"Written: {tmp_path / 'seen.html'}"]
        assert "fully_connected 1: 62 units" in (tmp_path / "seen.html").read_text()
        (tmp_path / "seen").write_text("no folder")
        warnings: list[str] = []
        monkeypatch.setattr(QMessageBox, "warning", lambda *given: warnings.append(given[2]))
        click(page.save)
        qtbot.waitUntil(lambda: bool(warnings), timeout=PATIENCE_MS)
        assert "cannot be written" in warnings[0]

    def test_a_theme_changes_while_maps_are_shown(
        self, make_page: MakePage, qtbot: QtBot, subject: ModelContext, qapp: QApplication
    ) -> None:
        page = open_page(make_page, qtbot, subject, ELL)
        turn_to(page, 1)
        qtbot.waitUntil(lambda: page.saliency.gradient.map.values is not None)
        light = page.saliency.gradient.map.picture.pixelColor(0, 0)
        apply_theme(qapp, Theme.DARK)
        qtbot.waitUntil(
            lambda: (
                page.saliency.gradient.map.picture.pixelColor(0, 0).lightness()
                < light.lightness() - 50
            )
        )
        assert page.source.picture.pixmap().toImage().pixelColor(2, 2).lightness() < 60


class TestScatter:
    @pytest.fixture
    def scatter(self, qtbot: QtBot) -> EmbeddingScatter:
        generator = np.random.default_rng(0)
        made = SampleMap(
            "pca",
            np.array([[0, 0], [10, 0], [10, 10], [0, 10]], dtype=np.float32),
            np.array([0, 1, 0, 1]),
            np.array([5, 6, 7, 8]),
            ("A", "b"),
            generator.integers(0, 255, (4, 28, 28)).astype(np.uint8),
            (0.5, 0.3),
        )
        scatter = EmbeddingScatter()
        qtbot.addWidget(scatter)
        scatter.resize(400, 400)
        with qtbot.waitExposed(scatter):
            scatter.show()
        scatter.show_map(made)
        return scatter

    def test_up_is_up_and_the_mouse_finds_samples(self, scatter: EmbeddingScatter) -> None:
        assert scatter.position(0).y() > scatter.position(3).y()
        assert scatter.position(0).x() < scatter.position(1).x()
        QTest.mouseMove(scatter, scatter.position(2).toPoint())
        assert scatter.hovered == 2
        bare = scatter.grab().toImage()
        QTest.mouseMove(scatter, QPoint(200, 200))
        assert scatter.hovered == -1
        assert scatter.grab().toImage() != bare

    def test_a_click_chooses_a_sample_and_a_drag_does_not(
        self, scatter: EmbeddingScatter, qtbot: QtBot
    ) -> None:
        chosen: list[int] = []
        scatter.sample_chosen.connect(chosen.append)
        QTest.mouseClick(scatter, LEFT, pos=scatter.position(3).toPoint())
        assert chosen == [8]
        QTest.keyClick(scatter, Qt.Key.Key_Plus)
        start = scatter.position(0).toPoint() - QPoint(-40, 40)
        QTest.mousePress(scatter, LEFT, pos=start)
        before = scatter.position(0)
        QTest.mouseMove(scatter, start + QPoint(10, -10))
        QTest.mouseRelease(scatter, LEFT, pos=start + QPoint(10, -10))
        assert chosen == [8]
        assert (scatter.position(0) - before).toPoint() == QPoint(10, -10)

    def test_the_wheel_zooms_around_the_mouse(self, scatter: EmbeddingScatter) -> None:
        place = scatter.position(1)
        for notches, zoom in ((2, 1.5625), (-1, 1.25)):
            event = QWheelEvent(
                place,
                scatter.mapToGlobal(place),
                QPoint(),
                QPoint(0, 120 * notches),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(scatter, event)
            assert scatter.zoom == pytest.approx(zoom)
            assert (scatter.position(1) - place).manhattanLength() < 1
        for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Minus, Qt.Key.Key_Home):
            QTest.keyClick(scatter, key)
        assert scatter.zoom == 1
        QTest.keyClick(scatter, Qt.Key.Key_Plus)
        QTest.mouseDClick(scatter, LEFT, pos=QPoint(5, 5))
        assert scatter.zoom == 1

    def test_all_classes_but_one_become_faint(self, scatter: EmbeddingScatter) -> None:
        def strength(number: int) -> float:
            image = scatter.grab().toImage()
            middle = scatter.position(number).toPoint()
            colors = [
                image.pixelColor(middle + QPoint(x, y)) for x in range(-8, 9) for y in range(-8, 9)
            ]
            return 255 - min(color.lightness() for color in colors)

        both = strength(0), strength(1)
        scatter.show_only(1)
        assert strength(1) == both[1]
        assert strength(0) < 0.5 * both[0]
        QTest.mouseMove(scatter, scatter.position(0).toPoint())
        assert scatter.hovered == -1
        scatter.show_only(-1)
        assert strength(0) == both[0]

    def test_ones_own_mark_is_large(self, scatter: EmbeddingScatter) -> None:
        before = scatter.grab().toImage()
        scatter.show_own((5.0, 5.0), (0, 2))
        after = scatter.grab().toImage()
        middle = scatter.rect().center()
        changed = [
            reach
            for reach in range(40)
            if before.pixelColor(middle + QPoint(reach, 0))
            != after.pixelColor(middle + QPoint(reach, 0))
        ]
        assert max(changed) >= 12


class TestColors:
    def test_classes_beside_one_another_differ_and_stand_out(self, qapp: QApplication) -> None:
        for theme in (Theme.LIGHT, Theme.DARK):
            apply_theme(qapp, theme)
            palette = qapp.palette()
            colors = class_colors(palette)
            ground = palette.color(palette.ColorRole.Base)
            assert len({color.name() for color in colors}) == len(colors)
            for color in colors:
                assert _contrast(color, ground) >= 3

    def test_zero_is_the_middle_of_the_signed_colours(self) -> None:
        values = np.array([[-2.0, 0.0, 2.0]], dtype=np.float32)
        assert signed_levels(values, 2.0).tolist() == [[0, 128, 255]]
        table = signed_table()
        assert table[0] != table[255]
        assert signed_levels(np.zeros((1, 1), dtype=np.float32), 0.0).tolist() == [[128]]


def _image_of(answer: dict[str, Any]) -> Any:
    image = json.loads(json.dumps(answer))["look"]["image"]
    data = base64.b64decode(image["levels"])
    return np.frombuffer(data, dtype=np.uint8).reshape(image["shape"])


def _contrast(first: Any, second: Any) -> float:
    """Return the contrast of two colours after WCAG 2.2."""

    def luminance(color: Any) -> float:
        parts = [channel / 255 for channel in (color.red(), color.green(), color.blue())]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)
