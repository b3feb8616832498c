"""Take the screenshots of the README and the guide, into docs/images or another folder.

    python tools/screenshots.py [FOLDER]

Every scene is drawn through the mouse events of the canvas, or read from a picture file.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import moving_picture
from PySide6.QtCore import QEventLoop, QPointF, QSettings, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication

from emnist_desktop.app.crash import CrashDialog, versions
from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.app.self_test import draw_strokes
from emnist_desktop.draw.recognizer_source import RecognizerChoice
from emnist_desktop.settings import Settings, Theme
from emnist_desktop.ui.style import apply_theme
from trainer.datasets.synthetic.starter import write_starter
from trainer.files.paths import PROFILE_VARIABLE, Profile
from trainer.processes.launch import trainer_command

ROOT = Path(__file__).parent.parent

Points = list[tuple[float, float]]
SMALL, MIDDLE, LARGE = (1024, 640), (1180, 760), (1680, 1050)


def curve(*controls: Points) -> Points:
    """Cubic curves one after the other, in a square of side 1: many points, as a pen gives."""
    path = QPainterPath(QPointF(*controls[0][0]))
    for one in controls:
        path.cubicTo(*(QPointF(*point) for point in one[1:]))
    return [(p.x(), p.y()) for p in (path.pointAtPercent(i / 40) for i in range(41))]


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Points:
    """Part of an ellipse, in degrees, 0 at the right, clockwise."""
    steps = [start + (end - start) * i / 40 for i in range(41)]
    return [(x + rx * math.cos(math.radians(a)), y + ry * math.sin(math.radians(a))) for a in steps]


SHAPES: dict[str, list[Points]] = {
    "a": [
        [
            *arc(0.42, 0.55, 0.3, 0.32, -40, -402),
            (0.7, 0.28),
            (0.7, 0.55),
            (0.73, 0.8),
            (0.8, 0.88),
            (0.92, 0.82),
        ]
    ],
    "R": [
        [(0.2, 0.05), (0.2, 0.5), (0.19, 0.97)],
        [(0.2, 0.06), (0.3, 0.05), *arc(0.42, 0.28, 0.3, 0.23, -90, 90), (0.2, 0.52)],
        [(0.42, 0.52), (0.6, 0.72), (0.82, 0.98)],
    ],
    "O": [arc(0.5, 0.5, 0.37, 0.45, -80, -436)],
    "Q": [arc(0.48, 0.48, 0.4, 0.42, -80, -436), [(0.6, 0.7), (0.75, 0.85), (0.92, 1.0)]],
    "t": [
        [(0.5, 0.0), (0.49, 0.5), (0.5, 0.85), (0.6, 0.97), (0.75, 0.92)],
        [(0.22, 0.3), (0.8, 0.27)],
    ],
    "2": [
        [*arc(0.48, 0.28, 0.3, 0.26, -170, 30), (0.6, 0.6), (0.2, 0.96), (0.5, 0.95), (0.85, 0.95)]
    ],
    "0": [arc(0.5, 0.5, 0.3, 0.47, -80, -436)],
    "4": [
        [(0.4, 0.05), (0.3, 0.3), (0.16, 0.62), (0.4, 0.63), (0.85, 0.61)],
        [(0.62, 0.33), (0.61, 0.6), (0.58, 0.98)],
    ],
    "6": [[(0.66, 0.03), (0.4, 0.25), (0.26, 0.55), *arc(0.5, 0.72, 0.26, 0.25, 200, -170)]],
    "B": [
        [(0.2, 0.04), (0.2, 0.97)],
        [
            (0.2, 0.05),
            *arc(0.4, 0.27, 0.28, 0.22, -90, 90),
            (0.3, 0.5),
            *arc(0.42, 0.73, 0.34, 0.23, -90, 90),
            (0.2, 0.96),
        ],
    ],
    "k": [
        [(0.22, 0.0), (0.21, 0.5), (0.2, 0.98)],
        [(0.72, 0.35), (0.45, 0.57), (0.23, 0.68)],
        [(0.4, 0.62), (0.6, 0.8), (0.8, 0.98)],
    ],
}


def placed(shape: str, x: float, y: float, width: float, height: float) -> list[Points]:
    return [[(x + width * px, y + height * py) for px, py in stroke] for stroke in SHAPES[shape]]


def smoothed(stroke: Points) -> QPainterPath:
    path = QPainterPath(QPointF(*stroke[0]))
    for here, after in pairwise(stroke[1:]):
        path.quadTo(QPointF(*here), QPointF((here[0] + after[0]) / 2, (here[1] + after[1]) / 2))
    path.lineTo(QPointF(*stroke[-1]))
    return path


def write_picture(file: Path) -> None:
    """Draw a sheet of paper with a shadow, and two words in pencil."""
    image = QImage(1200, 720, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    shadow = QLinearGradient(0, 0, 1200, 720)
    shadow.setColorAt(0.0, QColor(246, 243, 236))
    shadow.setColorAt(1.0, QColor(172, 168, 160))
    painter.fillRect(image.rect(), shadow)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(
        QPen(
            QColor(52, 54, 66),
            11,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.RoundCap,
            Qt.PenJoinStyle.RoundJoin,
        )
    )
    lines = (("BRat", 130), ("2462", 430))
    for word, top in lines:
        for index, character in enumerate(word):
            small = character == "a"
            x, height = 130 + 250 * index, 120 if small else 190
            for stroke in placed(character, x, top + 190 - height + 6 * (index % 3), 150, height):
                painter.drawPath(smoothed(stroke))
    painter.end()
    image.save(str(file))


class Studio:
    """Takes screenshots, with a new window for each scene."""

    def __init__(self, application: QApplication, folder: Path, scratch: Path) -> None:
        self.application = application
        self.folder = folder
        self.scratch = scratch
        self.picture = scratch / "note.png"
        write_picture(self.picture)
        self.starter = scratch / "starter"
        write_starter(self.starter)

    def take(
        self,
        name: str,
        theme: Theme,
        size: tuple[int, int],
        scene: Callable[[MainWindow], None],
        *,
        bundled: Path | None = None,
        crash: str = "",
    ) -> None:
        apply_theme(self.application, theme)
        profile = Profile(self.scratch / name)
        store = QSettings(str(profile.settings_file), QSettings.Format.IniFormat)
        choice = RecognizerChoice(profile, bundled=bundled)
        window = MainWindow(profile, Settings(store))
        window.build(choice, previous_crash=crash)
        window.resize(*size)
        window.show()
        self.wait(50)
        scene(window)
        self.wait(300)
        window.grab().save(str(self.folder / f"{name}.png"))
        for dialog in window.findChildren(CrashDialog):
            dialog.grab().save(str(self.folder / f"{name}-dialog.png"))
            dialog.close()
        window.close()
        window.deleteLater()
        print(self.folder / f"{name}.png")

    def draw(self, *shapes: str) -> Callable[[MainWindow], None]:
        def scene(window: MainWindow) -> None:
            canvas = window.draw_tab.canvas
            side = min(canvas.width(), canvas.height()) * 0.62
            left = (canvas.width() - side * len(shapes) * 0.85) / 2
            for index, shape in enumerate(shapes):
                strokes = placed(
                    shape,
                    left + index * side * 0.85,
                    (canvas.height() - side) / 2,
                    side * 0.85,
                    side,
                )
                draw_strokes(canvas, strokes)

        return scene

    def write(self, window: MainWindow) -> None:
        """Write two words on the sheet for lines."""
        window.draw_tab.draw_actions.line_mode.setChecked(True)
        canvas = window.draw_tab.line_page.canvas
        self.wait(300)
        x = 50.0
        for shape, width, height in (
            *(("B", 46, 78), ("O", 34, 40), ("a", 36, 40), ("t", 34, 70)),
            *((" ", 40, 0), ("4", 44, 74), ("2", 44, 74)),
        ):
            strokes = [] if shape == " " else placed(shape, x, 88 - height, width, height)
            draw_strokes(canvas, strokes)
            x += width + 12
        self.wait(2000)

    def read(self, window: MainWindow) -> None:
        window.draw_tab.read_picture(self.picture)
        self.wait(2000)

    def wrong_picture(self, window: MainWindow) -> None:
        self.draw("a")(window)
        file = self.scratch / "letter.png"
        file.write_text("not a picture")
        window.draw_tab.read_picture(file)
        self.wait(500)

    def browse(self, name: str, *, view: str = "", sample: int = -1) -> Callable[..., None]:
        """Show the starter set: one sample, or an analysis."""
        target = self.scratch / name / "datasets" / "starter"
        if not target.exists():
            shutil.copytree(self.starter, target)

        def scene(window: MainWindow) -> None:
            window.tabs.setCurrentWidget(window.datasets_tab)
            self.wait(500)
            browser = window.datasets_tab.browser
            if sample >= 0:
                browser.grid.go_to(sample)
            for button in browser.analysis.findChildren(QAbstractButton):
                if view and button.text() == view:
                    browser.views.setCurrentWidget(browser.analysis)
                    button.click()
            self.wait(1500)

        return scene

    def trained(self, name: str) -> Callable[[MainWindow], None]:
        """Show a run of a small network on the starter set."""
        self.browse(name)
        runs = self.scratch / "runs"
        if not runs.exists():
            self._train(runs / "first", self.scratch / name)
        shutil.copytree(runs, self.scratch / name / "runs")

        def scene(window: MainWindow) -> None:
            window.tabs.setCurrentWidget(window.training_tab)
            self.wait(1000)
            window.training_tab.bar.watch.click()
            self.wait(2500)

        return scene

    def new_run(self, name: str) -> Callable[[MainWindow], None]:
        """Show the form of a new run, beside a run that is done."""
        watch = self.trained(name)

        def scene(window: MainWindow) -> None:
            watch(window)
            window.training_tab.bar.new_run.click()
            self.wait(10_000)

        return scene

    @staticmethod
    def _train(run: Path, profile: Path) -> None:
        options = ["--preset", "cnn-small", "--data", "starter", "--epochs", "8"]
        subprocess.run(
            [*trainer_command(), "train", *options, "--run-dir", str(run)],
            env={**os.environ, PROFILE_VARIABLE: str(profile)},
            cwd=ROOT,
            check=True,
            capture_output=True,
        )

    def models(
        self, name: str, page: str, *, milliseconds: int = 1500, measures: bool = False
    ) -> Callable[..., None]:
        """Draw a character, and show a page of the Models tab, perhaps after a measurement."""
        self.browse(name)

        def scene(window: MainWindow) -> None:
            self.draw("R")(window)
            window.tabs.setCurrentWidget(window.models_tab)
            self.wait(1500)
            report = window.models_tab.report
            if measures:
                report.start.click()
            while report.command.is_running:
                self.wait(500)
            for button in window.models_tab.choice.buttons():
                if button.text() == page:
                    button.click()
            self.wait(milliseconds)

        return scene

    def film(self, name: str) -> None:
        """Draw two characters, then train a network, all in one window."""
        self.browse(name)
        apply_theme(self.application, Theme.LIGHT)
        profile = Profile(self.scratch / name)
        store = QSettings(str(profile.settings_file), QSettings.Format.IniFormat)
        window = MainWindow(profile, Settings(store))
        window.build(RecognizerChoice(profile))
        window.resize(*MIDDLE)
        window.show()
        self.wait(200)
        film = moving_picture.Film(window)
        film.take(700)
        canvas = window.draw_tab.canvas
        side = round(min(canvas.width(), canvas.height()) * 0.62)
        for shape in ("a", "R"):
            left, top = (canvas.width() - side) // 2, (canvas.height() - side) // 2
            moving_picture.draw_slowly(film, canvas, placed(shape, left, top, side * 0.85, side))
            film.take(1200)
            canvas.clear()
        self._film_training(film, window)
        film.save(self.folder / f"{name}.gif")
        window.close()
        window.deleteLater()
        print(self.folder / f"{name}.gif")

    def _film_training(self, film: moving_picture.Film, window: MainWindow) -> None:
        tab = window.training_tab
        window.tabs.setCurrentWidget(tab)
        self.wait(500)
        tab.start_run(moving_picture.CONFIG)
        looks = []
        for _ in range(moving_picture.LONGEST_TRAINING_SECONDS * moving_picture.LOOKS_A_SECOND):
            self.wait(1000 // moving_picture.LOOKS_A_SECOND)
            looks.append(film.look())
            if not tab.is_training:
                break
        for look in moving_picture.spread(looks, moving_picture.TRAINING_FRAMES):
            film.frames.append(look)
            film.milliseconds.append(moving_picture.TRAINING_MILLISECONDS)
        film.milliseconds[-1] = moving_picture.LAST_MILLISECONDS

    def nothing_yet(self, window: MainWindow) -> None:
        window.tabs.setCurrentWidget(window.datasets_tab)
        self.wait(300)

    @staticmethod
    def wait(milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


def readme_scenes(studio: Studio) -> None:
    studio.take("draw-light", Theme.LIGHT, SMALL, studio.draw("a"))
    studio.take("draw-dark", Theme.DARK, SMALL, studio.draw("R"))
    studio.take("unsure-light", Theme.LIGHT, SMALL, studio.draw("O"))
    studio.take("line-light", Theme.LIGHT, SMALL, studio.write)
    studio.take("picture-light", Theme.LIGHT, SMALL, studio.read)
    scene = studio.browse("datasets-light", sample=200)
    studio.take("datasets-light", Theme.LIGHT, LARGE, scene)
    scene = studio.browse("understand-dark", view="Means")
    studio.take("understand-dark", Theme.DARK, LARGE, scene)
    studio.take("training-light", Theme.LIGHT, LARGE, studio.trained("training-light"))
    scene = studio.models("layers-light", "Layers", milliseconds=8000)
    studio.take("layers-light", Theme.LIGHT, MIDDLE, scene)
    studio.take("form-light", Theme.LIGHT, MIDDLE, studio.new_run("form-light"))
    scene = studio.models("report-light", "Report", measures=True)
    studio.take("report-light", Theme.LIGHT, MIDDLE, scene)
    scene = studio.models("errors-light", "Errors", measures=True)
    studio.take("errors-light", Theme.LIGHT, MIDDLE, scene)


def further_scenes(studio: Studio) -> None:
    """Further states for a visual check."""
    missing = studio.scratch / "no-bundle"
    report = f"2026-01-31 12:00:00\nFatal Python error: Segmentation fault\n\n{versions()}"

    def about(window: MainWindow) -> None:
        window.banner.action.click()

    views = ("Classes", "Means", "Pixels", "One of each", "Augmentation", "Copies", "Odd labels")
    for theme in (Theme.LIGHT, Theme.DARK):
        studio.take(f"no-dataset-{theme}", theme, SMALL, studio.nothing_yet)
        for size in (SMALL, MIDDLE):
            name = f"training-{size[0]}-{theme}"
            studio.take(name, theme, size, studio.trained(name))
        for page in ("Report", "Errors", "Compare", "Robustness", "Layers", "Search"):
            for size in (SMALL, MIDDLE):
                name = f"models-{page.lower()}-{size[0]}-{theme}"
                studio.take(name, theme, size, studio.models(name, page))
        for size in (SMALL, MIDDLE):
            for view in ("", *views):
                name = f"view-{view.lower().replace(' ', '-') or 'sample'}-{size[0]}-{theme}"
                studio.take(name, theme, size, studio.browse(name, view=view, sample=77))
        studio.take(f"empty-{theme}", theme, SMALL, studio.draw())
        studio.take(f"large-{theme}", theme, LARGE, studio.draw("k"))
        studio.take(f"unsure-middle-{theme}", theme, MIDDLE, studio.draw("O"))
        studio.take(f"line-middle-{theme}", theme, MIDDLE, studio.write)
        studio.take(f"picture-middle-{theme}", theme, MIDDLE, studio.read)
        studio.take(f"wrong-picture-{theme}", theme, SMALL, studio.wrong_picture)
        studio.take(f"no-bundle-{theme}", theme, SMALL, studio.draw("a"), bundled=missing)
        studio.take(f"crashed-{theme}", theme, SMALL, about, crash=report)


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    application.setStyle("Fusion")
    everything = len(sys.argv) > 1
    folder = Path(sys.argv[1]) if everything else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        studio = Studio(application, folder, Path(scratch))
        readme_scenes(studio)
        studio.film("emnist-desktop")
        if everything:
            further_scenes(studio)
    return 0


if __name__ == "__main__":
    sys.exit(main())
