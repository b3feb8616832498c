"""The curves: blitted, still while hidden, saved as they are seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from emnist_desktop.settings import Theme
from emnist_desktop.trainer_process.history import MOST_POINTS, History
from emnist_desktop.ui import format as text_format
from emnist_desktop.ui.style import apply_theme
from tests.emnist_desktop.fake_trainer import epoch_events, started
from trainer.runs import events

if TYPE_CHECKING:
    from emnist_desktop.training.monitor.plots import Plots


def batch(epoch: int, number: int, loss: float = 1.0) -> events.Batch:
    return events.Batch(epoch, number, 10, loss, 0.5, 100.0, 1.0)


@pytest.fixture
def history() -> History:
    made = History()
    made.add([started(9), batch(1, 1, 2.0), batch(1, 10), *epoch_events(1), batch(2, 1)])
    return made


@pytest.fixture
def plots(qtbot: QtBot, history: History) -> Plots:
    from emnist_desktop.training.monitor.plots import Plots

    made = Plots()
    qtbot.addWidget(made)
    made.resize(500, 400)
    with qtbot.waitExposed(made):
        made.show()
    made.show_history(history)
    qtbot.waitUntil(lambda: made.full_draws > 0 and made._background is not None)
    return made


def test_the_last_number_below_the_axes_has_room(plots: Plots) -> None:
    labels = plots.accuracy_axes.get_xticklabels()
    (last,) = (label for label in labels if label.get_text() == "9")
    assert last.get_window_extent().x1 + 8 < plots.figure.bbox.x1


def test_a_batch_moves_lines_and_no_axes(plots: Plots, history: History, qtbot: QtBot) -> None:
    plots.refresh()
    drawn, updates = plots.full_draws, plots.updates
    for number in range(2, 9):
        history.add([batch(2, number)])
        plots.refresh()
    assert plots.full_draws == drawn
    assert plots.updates == updates + 7
    assert plots._lines["loss", "batch"].get_xdata()[-1] == pytest.approx(1.8)


def test_the_axes_make_room(plots: Plots, history: History, qtbot: QtBot) -> None:
    drawn = plots.full_draws
    history.add([batch(5, 3, 9.0)])
    plots.refresh()
    qtbot.waitUntil(lambda: plots.full_draws > drawn)
    assert plots.loss_axes.get_xlim()[1] >= 5
    assert plots.loss_axes.get_ylim()[1] > 9


def test_the_axes_show_the_whole_plan_once_it_is_known(plots: Plots) -> None:
    empty = History()
    plots.show_history(empty)
    assert plots.loss_axes.get_xlim()[1] < 9
    empty.add([started(9)])
    plots.refresh()
    assert plots.loss_axes.get_xlim()[1] == 9


def test_nothing_is_drawn_while_hidden(plots: Plots, history: History, qtbot: QtBot) -> None:
    plots.hide()
    drawn, updates = plots.full_draws, plots.updates
    history.add([batch(2, 5)])
    plots.refresh()
    assert (plots.full_draws, plots.updates) == (drawn, updates)
    plots.show()
    qtbot.waitUntil(lambda: plots._lines["loss", "batch"].get_xdata()[-1] == 1.5)


def test_the_axes_are_written_as_in_german(plots: Plots, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_format, "locale", lambda: QLocale(QLocale.Language.German))
    plots.canvas.draw()
    texts = [each.get_text() for each in plots.loss_axes.get_yticklabels()]
    assert any("," in text for text in texts)
    assert not any("." in text for text in texts)


def test_a_zoomed_view_stays(plots: Plots, history: History, qtbot: QtBot) -> None:
    plots.toolbar.push_current()
    plots.loss_axes.set_xlim(0.2, 0.4)
    history.add([batch(8, 3, 9.0)])
    plots.refresh()
    assert plots.loss_axes.get_xlim() == pytest.approx((0.2, 0.4))
    plots.toolbar.home()
    assert plots.loss_axes.get_xlim()[1] >= 8


@pytest.mark.parametrize(("name", "start"), [("a.png", b"\x89PNG"), ("a.svg", b"<?xml")])
def test_it_is_saved(
    plots: Plots,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    start: bytes,
) -> None:
    path = tmp_path / name
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    plots.toolbar.save_figure()
    assert path.read_bytes().startswith(start)
    assert not capsys.readouterr().err  # matplotlib prints what fails while it draws, and goes on


def test_it_takes_the_colours_of_the_theme(plots: Plots, qapp: QApplication) -> None:
    light = plots.figure.get_facecolor()
    apply_theme(qapp, Theme.DARK)
    assert plots.figure.get_facecolor() != light


def test_a_loss_that_is_no_number_breaks_nothing(plots: Plots, history: History) -> None:
    history.add([batch(2, 5, float("nan")), batch(2, 6, float("inf"))])
    plots.refresh()
    assert plots.loss_axes.get_ylim()[1] < 10


def test_old_batches_are_thinned() -> None:
    history = History()
    history.add(batch(1, 1) for _ in range(3 * MOST_POINTS))
    assert len(history.batch_curve("loss")) <= MOST_POINTS


def test_a_resumed_run_replaces_the_lost_epochs() -> None:
    history = History()
    history.add([started(9), *epoch_events(1), *epoch_events(2), batch(3, 1)])
    history.add([started(9, first_epoch=2)])
    assert sorted(history.epochs) == sorted(history.matrices) == [1]
    assert history.last_batch is None
    assert len(history.batch_curve("loss")) == 0


def test_the_toolbar_has_what_a_curve_needs(plots: Plots) -> None:
    texts = [action.toolTip() for action in plots.toolbar.actions()]
    assert len(texts) == 4
    assert plots.canvas.focusPolicy() != Qt.FocusPolicy.TabFocus
