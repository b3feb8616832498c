"""Start the window: ``python -m emnist_desktop`` or ``emnist-desktop``."""

from __future__ import annotations

import argparse
import builtins
import faulthandler
import logging
import logging.handlers
import multiprocessing
import os
import platform
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from emnist_desktop.app.memory import share_arenas
from trainer.errors import ProfileError
from trainer.files.paths import PROFILE_VARIABLE, Profile
from trainer.files.profiles import Profiles, locate_profile
from trainer.garbage import no_collections
from trainer.processes.completion import SHELLS, completion

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from emnist_desktop.app.file_opener import FileOpener
    from emnist_desktop.app.main_window import MainWindow

logger = logging.getLogger("emnist_desktop")

_THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_LOG_BYTES = 1_000_000
_WITHOUT_QT = (
    "numpy",
    "trainer.datasets.catalog",
    "trainer.ink.picture",
    "trainer.hand.hand_file",
    "trainer.recognition.remote_recognizer",
)
_CONTENTS = ("emnist_desktop.app.tabs", "emnist_desktop.app.file_opener")
"""What fills the window; its frame is painted between two of them."""
_NO_DISPLAY = (
    "EMNIST Desktop needs a screen and found none: start it from a desktop session, or set "
    "DISPLAY to an X server (xvfb-run makes a virtual one)."
)
_ALREADY_OPEN = "EMNIST Desktop is open already: its window comes to the front."
_OPENED_THERE = "EMNIST Desktop is open already: its window opens what you named."
_QT_HINT = (
    "On Debian and Ubuntu: apt install libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 "
    "libxcb-cursor0"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; return its exit status."""
    multiprocessing.freeze_support()  # the executable starts itself as a trainer's worker
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--trainer"]:
        from trainer.__main__ import main as trainer_main

        return trainer_main(given[1:])
    parser = _parser()
    options = parser.parse_args(given)
    if options.print_completion:
        print(completion(parser, options.print_completion))
        return 0
    if options.self_test:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if not options.version and _lacks_display():
        print(_NO_DISPLAY, file=sys.stderr)
        return 1
    try:
        profile = _chosen_profile(options)
    except ProfileError as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)
        return 1
    os.environ[PROFILE_VARIABLE] = str(profile.root)
    profile.keep_private()
    share_arenas()  # before there are threads
    with no_collections():  # until the window is there and collects for itself
        try:
            import PySide6.QtWidgets  # noqa: F401
        except ImportError as error:
            print(f"Qt cannot be loaded: {error}.\n{_QT_HINT}", file=sys.stderr)
            return 1
        return _run(profile, options)


def _chosen_profile(options: argparse.Namespace) -> Profile:
    """Return the profile that was asked for; else the one whose window was opened last."""
    if options.profile or options.profile_dir or os.environ.get(PROFILE_VARIABLE):
        return locate_profile(options.profile_dir, options.profile)
    return Profiles(Profile.locate().root).last().profile


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="emnist-desktop", description="Draw a character and see it recognised."
    )
    parser.add_argument(
        "--profile", default="", metavar="NAME", help="use the profile of this name"
    )
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE",
        help="a picture, an ink, a recogniser, a dataset or a run to open",
    )  # fmt: skip
    parser.add_argument("--profile-dir", help="keep settings, runs and logs in this folder")
    parser.add_argument("--model", default="", help="folder of the recogniser to use")
    parser.add_argument("--self-test", action="store_true", help="draw, recognise, and exit")
    parser.add_argument("--version", action="store_true", help="print versions and exit")
    parser.add_argument(
        "--print-completion",
        choices=SHELLS,
        help="print the script with which a shell completes emnist-desktop",
    )
    return parser


def _run(profile: Profile, options: argparse.Namespace) -> int:
    from emnist_desktop.app.crash import versions
    from emnist_desktop.settings import Theme
    from emnist_desktop.ui.style import apply_theme

    if options.version:
        print(versions())
        return 0
    application = make_application()
    if options.self_test:
        apply_theme(application, Theme.LIGHT)
        from emnist_desktop.app.self_test import run_self_test, run_training_test, trains

        return run_self_test(options.model) or (run_training_test() if trains() else 0)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # by a script that goes on behind
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal
    _start_log(profile)
    return _open_window(application, profile, options)


def make_application() -> QApplication:
    """Make the application object; a process has one."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    # On X11 Qt would merge the moves of a quick pen into few: a round "3" would have corners.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("emnist-desktop")
    application.setApplicationDisplayName("EMNIST Desktop")
    application.setDesktopFileName("io.github.emnist_desktop.EmnistDesktop")
    application.setStyle("Fusion")
    return application


def _open_window(application: QApplication, profile: Profile, options: argparse.Namespace) -> int:
    from PySide6.QtCore import QSettings

    from emnist_desktop.app.crash import CrashReporter
    from emnist_desktop.app.main_window import MainWindow
    from emnist_desktop.app.single_instance import Instance
    from emnist_desktop.i18n.language import install_language
    from emnist_desktop.settings import Settings
    from emnist_desktop.ui.style import apply_theme
    from emnist_desktop.ui.task import lingers

    instance = Instance(profile)
    if not instance.claim(options.files):
        print(_OPENED_THERE if options.files else _ALREADY_OPEN)
        return 0
    with suppress(ProfileError):
        Profiles(profile.home).remember(profile)
    reporter = CrashReporter(profile.crash_file)
    reporter.install()
    settings = Settings(QSettings(str(profile.settings_file), QSettings.Format.IniFormat))
    crash, files, tab, picture = reporter.previous_report, options.files, 0, None
    try:
        while True:
            translators = install_language(application, settings.language())
            apply_theme(application, settings.theme())
            window = MainWindow(profile, settings)
            window.show()
            opener = _filled(window, application, profile, options.model, crash)
            window.tabs.setCurrentIndex(tab)
            instance.raise_requested.connect(window.come_forward)
            instance.files_requested.connect(opener.open)
            opener.open(files)
            if picture is not None:
                window.draw_tab.show_again(picture)
            status = _run_window(application, window, profile, reporter.stream)
            if not window.is_reopened:
                break
            faulthandler.cancel_dump_traceback_later()  # that the window closed was no end
            crash, files, tab = "", [], window.tabs.currentIndex()
            picture = window.draw_tab.opened_picture
            window.deleteLater()
            for translator in translators:
                application.removeTranslator(translator)
    finally:
        reporter.close()
        instance.release()
    if lingers(application):
        logger.warning("Ended without a job that does not end")
        logging.shutdown()
        os._exit(status)
    return status


def _run_window(
    application: QApplication, window: MainWindow, profile: Profile, stacks: TextIO | None
) -> int:
    """Return the exit status after the window was closed."""
    from emnist_desktop.app.crash import dump_stacks_later
    from emnist_desktop.app.gc_timer import GarbageCollector
    from emnist_desktop.app.signals import Termination

    window.tabs.build_ahead(application)
    termination = Termination(window, stacks)
    termination.requested.connect(window.end)
    window.closing.connect(partial(dump_stacks_later, profile.log_file))
    garbage = GarbageCollector(window)
    garbage.start()
    logger.info("The window is open")
    try:
        return application.exec()
    finally:
        termination.close()
        garbage.close()


def _filled(
    window: MainWindow, application: QApplication, profile: Profile, model: str, crash: str
) -> FileOpener:
    """Fill a window, whose frame is painted meanwhile; return what opens files in it."""
    from PySide6.QtCore import QEventLoop

    from emnist_desktop.ui.lazy import load_modules

    without_input = QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents
    application.processEvents(without_input)
    with _one_thread_for_arrays(), _plain_imports():
        for _ in load_modules(*_WITHOUT_QT):
            application.processEvents(without_input)
    for _ in load_modules(*_CONTENTS):
        application.processEvents(without_input)
    from emnist_desktop.app.file_opener import FileOpener
    from emnist_desktop.draw.recognizer_source import RecognizerChoice

    window.build(RecognizerChoice(profile), model, crash)
    return FileOpener(window, profile)


@contextmanager
def _plain_imports() -> Iterator[None]:
    """Import as Python does: PySide's import reads the source of each module, to see its features.

    For modules that know no Qt; they are a tenth of the time until the window can be drawn on.
    """
    of_pyside = builtins.__import__
    builtins.__import__ = getattr(builtins, "__orig_import__", of_pyside)
    try:
        yield
    finally:
        builtins.__import__ = of_pyside


@contextmanager
def _one_thread_for_arrays() -> Iterator[None]:
    """Load numpy with one thread, without telling child processes.

    The arrays of one drawing are small: waking further threads costs more than they save, and
    many times more while a training keeps all cores busy (7 ms against 1.6 for 2,000 points).
    """
    added = [name for name in _THREAD_VARIABLES if name not in os.environ]
    os.environ.update(dict.fromkeys(added, "1"))
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


def _lacks_display() -> bool:
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return False
    return not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _start_log(profile: Profile) -> None:
    logging.raiseExceptions = False  # a full disk is no reason to fill the terminal
    try:
        profile.log_file.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            profile.log_file, maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8"
        )
    except OSError as error:
        print(f"No log is written: {error}.", file=sys.stderr)
        handler = logging.StreamHandler()
    logging.basicConfig(
        level=logging.INFO,
        handlers=[handler],
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    logger.info("Started with Python %s", platform.python_version())


if __name__ == "__main__":
    sys.exit(main())
