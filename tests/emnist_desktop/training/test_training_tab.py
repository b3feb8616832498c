"""The Training tab with a trainer in a process of its own, and real clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from emnist_desktop.settings import Settings
from emnist_desktop.trainer_process.history import History
from emnist_desktop.training.setup import estimator
from emnist_desktop.training.training_tab import FORM, TrainingTab
from emnist_desktop.ui.focus import FocusKeeper
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.task import Task
from tests.emnist_desktop.fake_trainer import epoch_events, fake_launch, started
from trainer.config.training_config import TrainingConfig
from trainer.datasets.catalog import Catalog
from trainer.datasets.dataset import Dataset
from trainer.datasets.store import DatasetWriter
from trainer.files.paths import Profile
from trainer.runs import events
from trainer.runs.folder import Request, RunFolder
from trainer.runs.list_runs import TRASH_NAME, Status, folder_title, summarize
from trainer.runs.process import read_process_info

PATIENCE = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def no_estimates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start no trainer by itself: these tests are about runs."""
    monkeypatch.setattr(estimator, "SETTLE_MILLISECONDS", 10**7)


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no curves, which is most of the work: `monitor/test_plots.py` looks at those."""
    monkeypatch.setattr(FigureCanvasQTAgg, "draw", lambda _canvas: None)


@pytest.fixture
def small_data(profile: Profile) -> Path:
    """Put a dataset into the catalogue."""
    folder = profile.datasets / "small"
    images = np.zeros((40, 28, 28), dtype=np.uint8)
    alphabet = ("A", "B", "5", "S")
    with DatasetWriter(folder, title="Small", alphabet=alphabet, image_shape=(28, 28)) as writer:
        data = Dataset("small", alphabet, images, np.arange(40) % 4)
        writer.append("train", data.images, data.labels)
    return folder


@pytest.fixture
def make_tab(
    qtbot: QtBot, profile: Profile, settings: Settings, small_data: Path
) -> Iterator[Callable[..., TrainingTab]]:
    made: list[TrainingTab] = []

    def make(mode: str = "run") -> TrainingTab:
        tab = TrainingTab(profile, settings, Catalog(profile), launch=fake_launch(mode))
        qtbot.addWidget(tab, before_close_func=end)
        made.append(tab)
        tab.resize(1000, 700)
        with qtbot.waitExposed(tab):
            tab.show()
        qtbot.waitUntil(lambda: bool(tab.setup.form.rows["data"].value()), timeout=PATIENCE)
        qtbot.waitUntil(lambda: not tab._listing.is_running, timeout=PATIENCE)
        return tab

    yield make
    made.clear()


def end(tab: TrainingTab) -> None:
    """Let no trainer outlive its test."""
    roots = tab.queue.running
    shut_down(tab)
    for root in roots:
        process = read_process_info(root)
        if process is not None:
            process.kill()


def start(tab: TrainingTab, qtbot: QtBot, epochs: int = 1000) -> Path:
    """Start a run with the mouse, and wait until it is shown."""
    qtbot.mouseClick(tab.bar.new_run, LEFT)
    form = tab.setup.form
    form.rows["data"].set_value("small")
    form.rows["epochs"].set_value(epochs)
    with qtbot.waitSignal(tab.queue.run_started, timeout=PATIENCE) as signal:
        qtbot.mouseClick(tab.setup.start, LEFT)
    assert signal.args is not None
    root = Path(signal.args[0])
    qtbot.waitUntil(lambda: tab.monitor.view is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: tab.monitor.view.root == root, timeout=PATIENCE)
    return root


def wait_for_epoch(tab: TrainingTab, qtbot: QtBot, epoch: int = 1) -> None:
    def is_there() -> bool:
        worker = tab.queue.worker_of(tab.monitor.view.root)
        return worker is not None and epoch in worker.history.epochs

    qtbot.waitUntil(is_there, timeout=PATIENCE)


def click_in_box(text: str) -> None:
    """Click a button of the message box that is about to open."""

    def click() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(10, click)
            return
        button = next(b for b in box.findChildren(QAbstractButton) if b.text() == text)
        button.click()

    QTimer.singleShot(0, click)


def test_a_press_of_the_space_bar_too_many_ends_nothing(
    make_tab, qtbot: QtBot, qapp: QApplication
) -> None:
    tab = make_tab()
    keeper = FocusKeeper(qapp, tab)
    assert keeper.parent() is tab
    root = start(tab, qtbot)
    wait_for_epoch(tab, qtbot)
    tab.activateWindow()
    qtbot.waitUntil(tab.isActiveWindow)
    view = tab.monitor.view
    view.pause.setFocus()
    qtbot.keyClick(view.pause, Qt.Key.Key_Space)
    qtbot.waitUntil(view.resume.hasFocus, timeout=PATIENCE)
    assert "paused" in tab.bar.queue_text.text()
    qtbot.keyClick(view.resume, Qt.Key.Key_Space)
    qtbot.waitUntil(view.pause.hasFocus, timeout=PATIENCE)
    worker = tab.queue.worker_of(root)
    assert worker is not None
    worker.end_asked = Request.STOP  # as after a click that its trainer has not heard yet
    view.stop.setFocus()
    view.refresh()
    assert QApplication.focusWidget() is view
    assert view.info.text().startswith("stopping")
    view.set_status(Status.RUNNING)
    assert not view.stop.isEnabled()
    assert view.cancel.isEnabled()


def make_run(profile: Profile, epochs: int = 2, *, preset: str = "cnn-small") -> Path:
    """Write a finished run."""
    config = TrainingConfig.from_record({"preset": preset, "data": "small", "epochs": epochs})
    root = RunFolder.create(profile.runs, config).root
    folder = RunFolder(root)
    folder.append(started(epochs))
    for epoch in range(1, epochs + 1):
        for event in epoch_events(epoch):
            folder.append(event)
    folder.bundle.mkdir()
    (folder.bundle / "bundle.json").write_text("{}")
    folder.append(events.Finished(epochs, epochs, 0.9, stopped=False))
    return root


def test_nothing_is_built_before_it_is_shown(
    qtbot: QtBot, profile: Profile, settings: Settings
) -> None:
    tab = TrainingTab(profile, settings, Catalog(profile))
    qtbot.addWidget(tab)
    assert tab.findChildren(QAbstractButton) == []
    assert tab.ask_before_close()
    shut_down(tab)


def test_the_first_button_sets_the_small_network_up(make_tab, qtbot: QtBot) -> None:
    tab = make_tab()
    assert tab.stack.currentWidget() is tab.first_run
    qtbot.mouseClick(tab.first_run.quick, LEFT)
    assert tab.stack.currentWidget() is tab.setup
    assert tab.setup.form.preset.name == "cnn-small"
    assert tab.setup.form.rows["data"].value() == "starter"
    assert tab.bar.new_run.isChecked()


def test_a_run_is_started_watched_and_used(make_tab, qtbot: QtBot, profile: Profile) -> None:
    tab = make_tab()
    root = start(tab, qtbot, epochs=2)
    qtbot.waitUntil(lambda: not tab.queue.running, timeout=PATIENCE)
    view = tab.monitor.view
    qtbot.waitUntil(view.use.isVisible, timeout=PATIENCE)
    assert view.confusion.matrix.isVisible()
    assert "epoch 2 of 2" in view.info.text()
    assert not view.pause.isVisible()
    with qtbot.waitSignal(tab.bundle_chosen) as signal:
        qtbot.mouseClick(view.use, LEFT)
    assert signal.args == [str(RunFolder(root).bundle)]
    config = TrainingConfig.from_json((root / "config.json").read_text())
    assert (config.preset, config.data, config.epochs) == ("cnn-small", "small", 2)


def test_a_classic_model_that_starts_is_no_network(
    make_tab, qtbot: QtBot, profile: Profile
) -> None:
    tab = make_tab()
    start(tab, qtbot, epochs=2)
    qtbot.waitUntil(lambda: not tab.queue.running, timeout=PATIENCE)
    view = tab.monitor.view
    for preset, is_stopped_early in (("knn", False), ("random-forest", True)):
        folder = RunFolder(profile.runs / preset)
        folder.open(TrainingConfig(data="small", preset=preset), resume=False)
        view.show_run(folder.root, preset, History(), Status.RUNNING)
        assert not view.plots.isVisible()
        assert view.cancel.isVisible()
        assert view.stop.isVisible() is is_stopped_early
        assert view.pause.isVisible() is is_stopped_early


def test_pause_resume_and_stop(make_tab, qtbot: QtBot) -> None:
    tab = make_tab()
    root = start(tab, qtbot)
    wait_for_epoch(tab, qtbot)
    view = tab.monitor.view
    qtbot.waitUntil(lambda: "processor 87\N{NO-BREAK SPACE}%" in view.info.text(), timeout=PATIENCE)
    assert "memory 1.2 GB" in view.info.text()
    assert "graphics memory 3.0 GB, at most 4.0 GB" in view.info.text()
    qtbot.mouseClick(view.pause, LEFT)
    qtbot.waitUntil(view.resume.isVisible, timeout=PATIENCE)
    assert not view.pause.isVisible()
    qtbot.mouseClick(view.resume, LEFT)
    qtbot.waitUntil(view.pause.isVisible, timeout=PATIENCE)
    told: list[str] = []
    tab.status_changed.connect(told.append)
    qtbot.mouseClick(view.stop, LEFT)
    qtbot.waitUntil(view.use.isVisible, timeout=PATIENCE)
    assert summarize(root).status is Status.STOPPED
    (text,) = (text for text in told if text.endswith(" was stopped early; its best is kept"))
    assert text.startswith("Small convolutional network · small")
    assert "stopped early" in view.info.text()
    assert not any("finished" in text for text in told)


def test_cancel_asks_and_discards_and_can_be_undone(
    make_tab, qtbot: QtBot, profile: Profile
) -> None:
    tab = make_tab()
    root = start(tab, qtbot)
    wait_for_epoch(tab, qtbot)
    click_in_box("Go on training")
    qtbot.mouseClick(tab.monitor.view.cancel, LEFT)
    assert tab.queue.running == [root]
    click_in_box("Discard")
    qtbot.mouseClick(tab.monitor.view.cancel, LEFT)
    qtbot.waitUntil(lambda: not root.exists(), timeout=PATIENCE)
    assert len(list((profile.runs / TRASH_NAME).iterdir())) == 1
    qtbot.mouseClick(tab.banner.action, LEFT)
    assert root.exists()


def test_a_killed_trainer_is_told_of_and_resumed(make_tab, qtbot: QtBot) -> None:
    tab = make_tab("dies")
    root = start(tab, qtbot, epochs=3)
    qtbot.waitUntil(lambda: "signal 9" in tab.banner.text, timeout=PATIENCE)
    tab.queue._launch = fake_launch("run")
    qtbot.mouseClick(tab.banner.action, LEFT)
    qtbot.waitUntil(lambda: summarize(root).status is Status.FINISHED, timeout=PATIENCE)
    assert tab.banner.text == ""


def test_an_error_before_the_run_leaves_the_tab_usable(make_tab, qtbot: QtBot) -> None:
    tab = make_tab("refuses")
    start(tab, qtbot, epochs=3)
    qtbot.waitUntil(lambda: "Expected data." in tab.banner.text, timeout=PATIENCE)
    assert "Choose a dataset." in tab.banner.text
    tab.queue._launch = fake_launch("run")
    start(tab, qtbot, epochs=1)


def test_a_bad_field_starts_nothing(make_tab, qtbot: QtBot, profile: Profile) -> None:
    tab = make_tab()
    qtbot.mouseClick(tab.first_run.other, LEFT)
    row = tab.setup.form.rows["batch_size"]
    row.editor.clear()
    qtbot.keyClicks(row.editor, "0")
    assert "1 to 4096" in row.error.text()
    qtbot.mouseClick(tab.setup.start, LEFT)
    assert not profile.runs.exists()
    assert row.error.isVisible()


def test_a_click_on_a_confusion_asks_for_its_images(
    make_tab, qtbot: QtBot, small_data: Path
) -> None:
    tab = make_tab()
    start(tab, qtbot, epochs=2)
    qtbot.waitUntil(lambda: not tab.queue.running, timeout=PATIENCE)
    matrix = tab.monitor.view.confusion.matrix
    qtbot.waitUntil(matrix.isVisible, timeout=PATIENCE)
    place = matrix.cell_area(matrix.number_of(2, 2)).center().toPoint()
    with qtbot.waitSignal(tab.samples_requested) as signal:
        qtbot.mouseClick(matrix, LEFT, pos=place)
    assert signal.args is not None
    data, split, indices, title = signal.args
    assert (data, split, list(indices[:3])) == ("small", "train", [2, 6, 10])
    assert title.startswith("5 read right")
    images = np.load(small_data / "train-images.npy", mmap_mode="r+")
    images[2] = 255
    images.flush()
    with qtbot.assertNotEmitted(tab.samples_requested):
        qtbot.mouseClick(matrix, LEFT, pos=place)
    assert "small has changed since this run" in tab.banner.text


def test_runs_queue_and_wait(make_tab, qtbot: QtBot) -> None:
    tab = make_tab()
    first = start(tab, qtbot)
    qtbot.mouseClick(tab.bar.new_run, LEFT)
    qtbot.mouseClick(tab.setup.start, LEFT)
    assert len(tab.queue.waiting) == 1
    assert "1 waiting" in tab.bar.queue_text.text()
    second = tab.queue.waiting[0]
    tab.queue.ask(first, Request.STOP)
    qtbot.waitUntil(lambda: tab.queue.running == [second], timeout=PATIENCE)


def test_a_window_opened_later_finds_the_run(make_tab, qtbot: QtBot) -> None:
    tab = make_tab()
    root = start(tab, qtbot)
    wait_for_epoch(tab, qtbot)
    click_in_box("Let it run on")
    assert tab.ask_before_close()
    shut_down(tab)
    assert summarize(root).status is Status.RUNNING
    later = make_tab()
    qtbot.waitUntil(lambda: later.queue.running == [root], timeout=PATIENCE)
    qtbot.waitUntil(lambda: later.monitor.view is not None, timeout=PATIENCE)
    qtbot.mouseClick(later.monitor.view.stop, LEFT)
    qtbot.waitUntil(lambda: not later.queue.running, timeout=PATIENCE)
    assert summarize(root).status is Status.STOPPED


def test_closing_ends_everything_but_the_training(make_tab, qtbot: QtBot) -> None:
    tab = make_tab()
    root = start(tab, qtbot)
    wait_for_epoch(tab, qtbot)
    tab.look()
    assert any(task.is_running for task in tab.findChildren(Task))
    shut_down(tab)
    assert not any(task.is_running for task in tab.findChildren(Task))
    assert not any(timer.isActive() for timer in tab.findChildren(QTimer))
    assert tab.queue.running == []
    assert summarize(root).status is Status.RUNNING
    RunFolder(root).ask(Request.STOP)
    qtbot.waitUntil(lambda: summarize(root).status is Status.STOPPED, timeout=PATIENCE)


def test_closing_can_pause_or_be_thought_better_of(make_tab, qtbot: QtBot) -> None:
    tab = make_tab()
    root = start(tab, qtbot)
    wait_for_epoch(tab, qtbot)
    click_in_box("Cancel")
    assert not tab.ask_before_close()
    click_in_box("Pause it")
    assert tab.ask_before_close()
    qtbot.waitUntil(lambda: summarize(root).status is Status.PAUSED, timeout=PATIENCE)


def test_runs_are_compared_renamed_and_deleted(make_tab, qtbot: QtBot, profile: Profile) -> None:
    roots = [make_run(profile), make_run(profile, 3, preset="lenet5")]
    tab = make_tab()
    qtbot.waitUntil(lambda: len(tab.list.model.rows) == 2, timeout=PATIENCE)
    assert tab.stack.currentWidget() is tab.list
    tab.list.table.selectAll()
    qtbot.mouseClick(tab.list.compare, LEFT)
    qtbot.waitUntil(lambda: tab.monitor.comparison is not None, timeout=PATIENCE)
    table = tab.monitor.comparison.table
    titles = [table.verticalHeaderItem(row).text() for row in range(table.rowCount())]
    assert {"Model", "Epochs"} <= set(titles)
    assert "Seed" not in titles
    qtbot.mouseClick(tab.bar.runs, LEFT)
    tab.list.table.clearSelection()
    tab.list.select(roots[0])
    tab.list.model.label_edited.emit(roots[0], "My first", "good")
    qtbot.waitUntil(lambda: "My first" in [r.title for r in tab.list.model.rows], timeout=PATIENCE)
    qtbot.mouseClick(tab.list.delete, LEFT)
    qtbot.waitUntil(lambda: len(tab.list.model.rows) == 1, timeout=PATIENCE)
    assert not roots[0].exists()
    qtbot.mouseClick(tab.banner.action, LEFT)
    qtbot.waitUntil(lambda: len(tab.list.model.rows) == 2, timeout=PATIENCE)


def test_the_form_is_as_it_was_at_the_last_start(
    make_tab, qtbot: QtBot, settings: Settings
) -> None:
    tab = make_tab()
    start(tab, qtbot, epochs=3)
    qtbot.waitUntil(lambda: not tab.queue.running, timeout=PATIENCE)
    shut_down(tab)
    later = make_tab()
    assert later.setup.form.rows["epochs"].value() == 3
    assert later.setup.form.rows["data"].value() == "small"
    settings.set(FORM, "no JSON")
    assert make_tab().setup.form.preset.name == "cnn-small"


def test_pausing_right_after_the_start_is_not_lost(make_tab, qtbot: QtBot) -> None:
    tab = make_tab("slow")
    root = start(tab, qtbot)
    assert tab.queue.worker_of(root).history.started is None
    click_in_box("Pause it")
    assert tab.ask_before_close()
    shut_down(tab)
    qtbot.waitUntil(lambda: summarize(root).status is Status.PAUSED, timeout=PATIENCE)
    later = make_tab()
    qtbot.waitUntil(lambda: later.queue.running == [root], timeout=PATIENCE)
    qtbot.waitUntil(lambda: later.monitor.view is not None, timeout=PATIENCE)
    view = later.monitor.view
    qtbot.waitUntil(view.resume.isVisible, timeout=PATIENCE)
    qtbot.mouseClick(view.resume, LEFT)
    wait_for_epoch(later, qtbot)


def test_the_queue_goes_on_in_a_window_whose_tab_nobody_opens(
    qtbot: QtBot, profile: Profile, settings: Settings, small_data: Path
) -> None:
    config = TrainingConfig.from_record({"preset": "cnn-small", "data": "small", "epochs": 2})
    roots = [RunFolder.create(profile.runs, config).root for _ in range(2)]
    tab = TrainingTab(profile, settings, Catalog(profile), launch=fake_launch("run"))
    qtbot.addWidget(tab, before_close_func=end)
    told: list[str] = []
    tab.status_changed.connect(told.append)
    for root in roots:
        qtbot.waitUntil(lambda r=root: summarize(r).status is Status.FINISHED, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not tab.queue.running, timeout=PATIENCE)
    assert not tab.findChildren(QAbstractButton)
    assert any("is finished" in text for text in told)
    assert not tab.is_training
    with qtbot.waitExposed(tab):
        tab.show()
    qtbot.waitUntil(lambda: len(tab.list.model.rows) == 2, timeout=PATIENCE)


def test_an_unseen_failure_is_told_when_the_tab_is_opened(
    qtbot: QtBot, profile: Profile, settings: Settings, small_data: Path
) -> None:
    config = TrainingConfig.from_record({"preset": "cnn-small", "data": "small", "epochs": 3})
    root = RunFolder.create(profile.runs, config).root
    tab = TrainingTab(profile, settings, Catalog(profile), launch=fake_launch("fails"))
    qtbot.addWidget(tab, before_close_func=end)
    with qtbot.waitSignal(tab.queue.run_ended, timeout=PATIENCE):
        pass
    with qtbot.waitExposed(tab):
        tab.show()
    assert f"{folder_title(root)}: The loss is no number." in tab.banner.text
    assert tab.banner.action.text() == "Resume"


def test_another_tab_starts_a_run(
    qtbot: QtBot, profile: Profile, settings: Settings, small_data: Path
) -> None:
    tab = TrainingTab(profile, settings, Catalog(profile), launch=fake_launch("run"))
    qtbot.addWidget(tab, before_close_func=end)
    tab.start_run(TrainingConfig.from_record({"preset": "lenet5", "data": "small", "epochs": 1}))
    (root,) = tab.queue.running
    assert "lenet5" in root.name
    tab.start_run(TrainingConfig.from_record({"preset": "lenet5", "data": "small", "epochs": 1}))
    (second,) = tab.queue.waiting
    qtbot.waitUntil(lambda: summarize(second).status is Status.FINISHED, timeout=PATIENCE)
    assert settings.get(FORM) == ""


def test_another_tab_fills_the_form(make_tab, qtbot: QtBot) -> None:
    tab = make_tab()
    tab.set_fields({"preset": "lenet5", "data": "small", "learning_rate": 0.5, "unknown": 1})
    form = tab.setup.form
    assert tab.stack.currentWidget() is tab.setup
    assert (form.preset.name, form.rows["data"].value()) == ("lenet5", "small")
    assert form.rows["learning_rate"].value() == 0.5
    tab.set_fields({"epochs": 7})
    config = form.config()
    assert config is not None
    assert (config.preset, config.epochs, config.learning_rate) == ("lenet5", 7, 0.5)
    tab.set_fields({"epochs": 0})
    assert "epochs from 1 to 1000" in tab.banner.text
    assert form.rows["epochs"].value() == 7


def test_making_the_starter_set_can_be_cancelled(make_tab, qtbot: QtBot, profile: Profile) -> None:
    tab = make_tab()
    qtbot.mouseClick(tab.first_run.quick, LEFT)
    qtbot.mouseClick(tab.setup.start, LEFT)
    qtbot.waitUntil(tab.setup.cancel.isVisible, timeout=PATIENCE)
    assert not tab.setup.start.isEnabled()
    qtbot.mouseClick(tab.setup.cancel, LEFT)
    assert tab.setup.start.isEnabled()
    assert not tab.setup.cancel.isVisible()
    assert not tab.setup.bar.isVisible()
    tab.setup._obtaining.shutdown()
    assert not (profile.datasets / "starter").exists()
    assert not profile.runs.exists()
    start(tab, qtbot, epochs=1)
