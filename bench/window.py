"""The window: start-up, the canvas, and the latency from a stroke to its candidates."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, time

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QPointF, QSettings, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from bench.data import data_folder
from bench.inks import some_inks
from bench.table import Row
from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.line.line_canvas import FIRST_BASELINE, X_HEIGHT
from emnist_desktop.draw.recognizer_source import RecognizerChoice
from emnist_desktop.settings import Settings
from trainer.evaluation.lines import read_labelled_lines
from trainer.files.paths import Profile
from trainer.ink.lines import find_line
from trainer.ink.strokes import Ink

STARTS = 7
STROKES = 400
MOVES = 1500
FIRST_CLICKS = 35
"""Starts, with three tabs each."""

WORDS, LETTERS = 1200, 8
QUIET_SECONDS = 5


def measure() -> list[Row]:
    return _start() + _drawing() + _writing() + _first_clicks()


def _start() -> list[Row]:
    """Start whole processes in turn: the program, and a bare window with the same network."""
    reports = [(_started("start_child"), _started("bare_child")) for _ in range(STARTS + 1)][1:]

    def ratio(name: str, of: str) -> tuple[float, ...]:
        return tuple(ours[name] / bare[of] for ours, bare in reports)

    def ours(name: str) -> tuple[float, ...]:
        return tuple(report[name] for report, _ in reports)

    return [
        Row("start → first window painted", ours("painted"), "s"),
        Row(
            "– ÷ a bare window that loads the same network",
            ratio("painted", "painted"),
            "",
            "≤ 1.6",
        ),
        Row("start → canvas painted, recogniser ready", ours("ready"), "s", "≤ 0.6"),
        Row("– ÷ that bare window", ratio("ready", "painted"), ""),
        Row("– the same in processor time", ratio("processor", "processor"), ""),
        Row("resident memory then", ours("memory"), "MB", "≤ 150"),
    ]


def _started(child: str) -> dict[str, float]:
    began = time()
    command = [sys.executable, "-m", f"bench.{child}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout.splitlines()[-1])
    for name in {"painted", "ready"} & set(report):
        report[name] -= began
    return report


def _first_clicks() -> list[Row]:
    """Click each tab for the first time, at once after the start and after a quiet while."""
    at_once, later = [], []
    for _ in range(FIRST_CLICKS):
        at_once += _clicked("0")
        later += _clicked(str(QUIET_SECONDS))
    goal = "p99 ≤ 100"
    return [
        Row("first click on a tab → painted, a moment after the start", tuple(later), "ms", goal),
        Row("– at once, its frame", tuple(at_once), "ms", goal),
    ]


def _clicked(seconds: str) -> list[float]:
    command = [sys.executable, "-m", "bench.click_child", seconds]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def _window() -> Iterator[MainWindow]:
    """Make a window with an empty profile, which is closed in the end."""
    with tempfile.TemporaryDirectory() as folder:
        profile = Profile(Path(folder))
        store = QSettings(str(profile.settings_file), QSettings.Format.IniFormat)
        window = MainWindow(profile, Settings(store))
        window.build(RecognizerChoice(profile))
        yield window
        window.close()


def _drawing() -> list[Row]:
    application = QApplication.instance() or QApplication([])
    with _window() as window:
        window.show()
        application.processEvents()
        answers = _answers(window, application)
        moves = _moves(window, application)
    return [
        Row("last mouse event → candidates painted", answers, "ms", "p99 ≤ 6"),
        Row("one mouse move, 2,000 points on the canvas", moves, "ms", "p99 ≤ 0.5"),
    ]


def _writing() -> list[Row]:
    """Write printed words of eight letters on the sheet, each on an empty one."""
    application = QApplication.instance() or QApplication([])
    every = read_labelled_lines(data_folder("pen") / "words_validation.npz", WORDS)
    words = [word for word in every if word.printed and len(word.text) == LETTERS]
    times = []
    with _window() as window:
        window.draw_tab.draw_actions.line_mode.setChecked(True)
        window.resize(1440, 900)
        window.show()
        canvas = window.draw_tab.line_page.canvas
        for word in words:
            canvas.clear()
            for stroke in _on_line(word.ink):
                _send(canvas, QEvent.Type.MouseButtonPress, stroke[0])
                for point in stroke[1:]:
                    _send(canvas, QEvent.Type.MouseMove, point)
                application.processEvents()
                began = perf_counter()
                _send(canvas, QEvent.Type.MouseButtonRelease, stroke[-1])
                while canvas.text.strokes != canvas.ink().strokes:  # asleep while it is read
                    application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
                application.processEvents()  # which paints
            times.append(1000 * (perf_counter() - began))
    goal = "p99 ≤ 30"
    title = "last stroke of a printed word of eight letters → text painted"
    return [Row(title, tuple(times), "ms", goal)]


def _on_line(ink: Ink) -> list[list[tuple[float, float]]]:
    """Return strokes on the first line of the sheet, at its size."""
    line = find_line([stroke.points for stroke in ink.strokes])
    factor = X_HEIGHT / line.height
    left = min(float(stroke.points[:, 0].min()) for stroke in ink.strokes)
    corner = np.array([left, line.baseline])
    return [
        [tuple(point) for point in ((s.points - corner) * factor + (40, FIRST_BASELINE)).tolist()]
        for s in ink.strokes
    ]


def _answers(window: MainWindow, application: QApplication) -> tuple[float, ...]:
    canvas = window.draw_tab.canvas
    inks, _ = some_inks(STROKES)
    result = []
    for ink in inks:
        canvas.clear()
        for stroke in _on_canvas(ink):
            _send(canvas, QEvent.Type.MouseButtonPress, stroke[0])
            for point in stroke[1:]:
                _send(canvas, QEvent.Type.MouseMove, point)
            application.processEvents()
            began = perf_counter()
            _send(canvas, QEvent.Type.MouseButtonRelease, stroke[-1])
            application.processEvents()
            result.append(1000 * (perf_counter() - began))
    return tuple(result)


def _moves(window: MainWindow, application: QApplication) -> tuple[float, ...]:
    canvas = window.draw_tab.canvas
    angles = np.linspace(0, 40 * np.pi, 2000)
    spiral = np.stack([200 + angles * np.cos(angles), 200 + angles * np.sin(angles)], axis=1)
    canvas.set_ink(Ink.from_points(np.split(spiral, 20)))
    application.processEvents()
    result = []
    _send(canvas, QEvent.Type.MouseButtonPress, (20.0, 20.0))
    for number in range(MOVES):
        point = (20.0 + 300 * abs(np.sin(number / 50)), 20.0 + number / 5)
        began = perf_counter()
        _send(canvas, QEvent.Type.MouseMove, point)
        result.append(1000 * (perf_counter() - began))
        if number % 8 == 7:
            application.processEvents()
    _send(canvas, QEvent.Type.MouseButtonRelease, (20.0, 20.0))
    return tuple(result)


def _on_canvas(ink: Ink) -> list[list[tuple[float, float]]]:
    points, _ = ink.flat()
    low = points.min(axis=0)
    scale = 250 / max(float((points.max(axis=0) - low).max()), 1.0)
    return [((s.points - low) * scale + 60).tolist() for s in ink.strokes]


def _send(canvas, kind: QEvent.Type, point) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    position = QPointF(*point)
    event = QMouseEvent(
        kind,
        position,
        canvas.mapToGlobal(position),
        none if kind == QEvent.Type.MouseMove else left,
        none if kind == QEvent.Type.MouseButtonRelease else left,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(canvas, event)
