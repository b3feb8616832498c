"""Self-test of the installed program: build the window, draw, check the recognition."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QSettings, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.canvas import Canvas
from emnist_desktop.draw.recognizer_source import RecognizerChoice
from emnist_desktop.settings import Settings
from trainer.errors import BundleError
from trainer.files.paths import Profile
from trainer.ink.strokes import Ink
from trainer.processes.launch import can_train, is_executable
from trainer.processes.trainer_process import TrainerProcess
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Recognizer

KNOWN_CHARACTER = "4"
KNOWN_STROKES = (
    ((190, 90), (170, 150), (150, 210), (200, 212), (260, 214), (310, 215)),
    ((255, 130), (253, 200), (250, 270), (247, 340)),
)
"""A four as people write it, in pixels of the canvas."""


def draw_strokes(canvas: Canvas, strokes: tuple[tuple[tuple[int, int], ...], ...]) -> None:
    """Send the mouse events of a drawing to a canvas."""
    for stroke in strokes:
        _send(canvas, QEvent.Type.MouseButtonPress, stroke[0])
        for place in stroke[1:]:
            _send(canvas, QEvent.Type.MouseMove, place)
        _send(canvas, QEvent.Type.MouseButtonRelease, stroke[-1])


def run_self_test(model: str) -> int:
    """Return 0 if a drawn character is recognised, else 1 with a sentence."""
    with tempfile.TemporaryDirectory(prefix="emnist-desktop-") as folder:
        profile = Profile(Path(folder))
        store = QSettings(str(profile.settings_file), QSettings.Format.IniFormat)
        window = MainWindow(profile, Settings(store))
        window.build(RecognizerChoice(profile), model)
        window.show()
        draw_strokes(window.draw_tab.canvas, KNOWN_STROKES)
        picture = window.grab()
        answer = window.draw_tab.recognition
        notice = window.draw_tab.banner.text
        window.close()
        del window, store
    if notice:
        print(f"Self-test failed: {notice}")
        return 1
    if answer is None or answer.best is None:
        print("Self-test failed: nothing was recognised.")
        return 1
    if answer.best.character != KNOWN_CHARACTER or picture.isNull():
        print(f"Self-test failed: drew {KNOWN_CHARACTER}, recognised {answer.best.character}.")
        return 1
    print(f"Self-test passed: drew {KNOWN_CHARACTER}, read {answer.best.character}.", flush=True)
    return 0


def run_training_test() -> int:
    """Return 0 if the program trains on the starter set and reads with the result.

    The trainer is a child process, as it is for the window. One network takes many steps in a
    call, one does not, and one model is no network: each needs other libraries.
    """
    with tempfile.TemporaryDirectory(prefix="emnist-desktop-") as folder:
        run = Path(folder) / "cnn-small"
        train = ["train", "--data", "starter", "--limit", "600"]
        for arguments in (
            ["datasets", "fetch", "starter", "--samples", "744"],
            [*train, "--preset", run.name, "--epochs", "1", "--run-dir", str(run)],
            [*train, "--preset", "lenet5", "--epochs", "1", "--run-dir", str(run.with_name("b"))],
            [*train, "--preset", "knn", "--run-dir", str(run.with_name("c"))],
        ):
            with TrainerProcess(arguments, variables=Profile(Path(folder)).variables) as child:
                said = child.wait_output()
            if child.returncode:
                errors = said[1] if said else ""
                print(f"Self-test failed: {arguments[0]} ended with {errors[-2000:]}")
                return 1
        try:
            recognizer = Recognizer(load_bundle(run / "bundle"))
            best = recognizer.recognize(Ink.from_points(KNOWN_STROKES)).best
        except BundleError as error:
            print(f"Self-test failed: {error.message}")
            return 1
    if best is None:
        print("Self-test failed: the trained recogniser has no answer.")
        return 1
    print(f"Self-test passed: trained an epoch, drew {KNOWN_CHARACTER}, read {best.character}.")
    return 0


def trains() -> bool:
    """Return whether this is an executable that can train."""
    return is_executable() and can_train()


def _send(canvas: Canvas, kind: QEvent.Type, place: tuple[int, int]) -> None:
    pressed = kind != QEvent.Type.MouseButtonRelease
    position = QPointF(*place)
    event = QMouseEvent(
        kind,
        position,
        canvas.mapToGlobal(position),
        Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton if pressed else Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(canvas, event)
