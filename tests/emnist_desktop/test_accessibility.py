"""What a keyboard and a screen reader need: names everywhere, and contrast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from emnist_desktop.app.crash import CrashDialog
from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.app.settings_dialog import SettingsDialog
from emnist_desktop.i18n.language import install_language
from emnist_desktop.settings import Language, Settings, Theme
from emnist_desktop.ui.flow_layout import FlowLayout
from emnist_desktop.ui.style import apply_theme
from tests.emnist_desktop.dataset_fakes import write_dataset
from trainer.datasets.store import DatasetWriter
from trainer.files.paths import Profile

READABLE = 4.5
"""Contrast of text with its ground: WCAG 2.2, level AA."""


@pytest.fixture
def window(profile: Profile, make_window: Callable[..., MainWindow]) -> MainWindow:
    writer = DatasetWriter(profile.datasets / "small", title="Small", alphabet=("a", "b"))
    with writer:
        images = np.random.default_rng(0).integers(0, 256, (40, 28, 28)).astype(np.uint8)
        writer.append("train", images, np.arange(40) % 2)
    return make_window()


def test_whatever_takes_the_focus_has_a_name(window: MainWindow) -> None:
    show_everything(window)
    nameless = [path_of(widget) for widget in reachable(window) if not name_of(widget)]
    assert nameless == []


def test_a_button_without_words_has_a_tooltip(window: MainWindow) -> None:
    show_everything(window)
    silent = [
        path_of(widget)
        for widget in reachable(window)
        if isinstance(widget, QAbstractButton) and not (widget.text() or widget.toolTip())
    ]
    assert silent == []


def of_group(button: QAbstractButton) -> list[QAbstractButton]:
    """Return the buttons of which one is checked: arrows go from one to the next; else itself."""
    group = button.group()
    return [button] if group is None else group.buttons()


def test_every_button_is_reached_by_the_keyboard(window: MainWindow) -> None:
    show_everything(window)
    unreachable = [
        path_of(button)
        for button in own_widgets(window)
        if isinstance(button, QAbstractButton)
        and not any(each.focusPolicy() & Qt.FocusPolicy.TabFocus for each in of_group(button))
    ]
    assert unreachable == []


def test_the_tab_key_goes_from_left_to_right_and_down(window: MainWindow) -> None:
    window.resize(1180, 760)
    show_everything(window)
    window.tabs.setCurrentWidget(window.models_tab)
    wrong = []
    for stack in (window.models_tab.stack, window.tabs):
        for place in range(stack.count()):
            stack.setCurrentIndex(place)
            QApplication.sendPostedEvents()
            wrong += [
                f"{path_of(last)} > {path_of(here)}"
                for last, here in pairwise(focus_chain(window))
                if goes_back(area_of(last), area_of(here))
            ]
    assert wrong == []


def test_the_dialogs_have_names(qtbot: QtBot, profile: Profile, settings: Settings) -> None:
    for dialog in (SettingsDialog(profile, settings), CrashDialog("A report", "A sentence.")):
        qtbot.addWidget(dialog)
        dialog.show()
        assert [path_of(w) for w in reachable(dialog) if not name_of(w)] == []
        dialog.close()


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    installed = install_language(qapp, Language.GERMAN)
    assert installed
    yield
    for translator in installed:
        qapp.removeTranslator(translator)
    QLocale.setDefault(before)


@pytest.mark.usefixtures("german")
def test_no_button_cuts_its_german_words(
    profile: Profile, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    write_dataset(profile.datasets / "some")
    window = make_window()
    window.resize(800, 560)
    browser, models = window.datasets_tab.browser, window.models_tab
    window.tabs.setCurrentWidget(models)
    cut = []
    for place in range(models.stack.count()):
        models.stack.setCurrentIndex(place)
        cut += cut_buttons(window)
    window.tabs.setCurrentWidget(window.datasets_tab)
    qtbot.waitUntil(lambda: browser.grid.isVisible() and len(browser.grid.indices) > 0)
    browser.grid.go_to(3)
    cut += cut_buttons(window)
    browser.views.setCurrentWidget(browser.analysis)
    cut += cut_buttons(window)
    assert cut == []


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_texts_stand_out_from_their_grounds(qapp: QApplication, theme: Theme) -> None:
    apply_theme(qapp, theme)
    palette, role = qapp.palette(), QPalette.ColorRole
    words = (role.WindowText, role.Text, role.PlaceholderText, role.BrightText, role.Link)
    grounds = (role.Window, role.Base)
    pairs = [(word, ground) for word in words for ground in grounds]
    pairs += [(word, role.AlternateBase) for word in (role.Text, role.PlaceholderText)]
    pairs += [(role.BrightText, role.AlternateBase), (role.HighlightedText, role.Highlight)]
    pairs += [(role.ButtonText, role.Button), (role.PlaceholderText, role.Button)]
    pairs += [(role.ToolTipText, role.ToolTipBase)]
    faint = {
        (word.name, ground.name): round(ratio, 2)
        for word, ground in pairs
        if (ratio := contrast(palette.color(word), palette.color(ground))) < READABLE
    }
    assert faint == {}


@pytest.mark.parametrize(("width", "lines"), [(1000, 1), (170, 2), (60, 4)])
def test_a_row_goes_on_in_the_next_line(qtbot: QtBot, width: int, lines: int) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    layout = FlowLayout(row)
    buttons = [QPushButton("Word") for _ in range(4)]
    for button in buttons:
        button.setFixedWidth(80)
        layout.addWidget(button)
    row.resize(width, layout.heightForWidth(width))
    row.show()
    assert len({button.y() for button in buttons}) == lines
    assert buttons[-1].geometry().bottom() < row.height()
    places = [button.geometry() for button in buttons]
    assert not any(a.intersects(b) for a in places for b in places if a is not b)


def show_everything(window: MainWindow) -> None:
    """Turn to every tab, page and view, so that all are built."""
    for place in range(window.tabs.count()):
        window.tabs.setCurrentIndex(place)
    models = window.models_tab
    for place in range(models.stack.count()):
        models.stack.setCurrentIndex(place)
    for tabs in window.findChildren(QTabWidget):
        for place in range(tabs.count() if tabs is not window.tabs else 0):
            tabs.setCurrentIndex(place)
    window.tabs.setCurrentWidget(window.training_tab)
    for button in (window.training_tab.bar.watch, window.training_tab.bar.runs):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def cut_buttons(window: MainWindow) -> list[str]:
    """Return the words of the buttons that are narrower than their words."""
    QApplication.sendPostedEvents()
    return [
        button.text()
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and button.text() and button.width() < button.sizeHint().width()
    ]


def own_widgets(root: QWidget) -> Iterator[QWidget]:
    """Return what is not a part that Qt makes for itself."""
    for widget in root.findChildren(QWidget):
        parent = widget.parentWidget()
        is_inside = isinstance(parent, QAbstractSpinBox | QComboBox)
        is_qts = widget.objectName().startswith("qt_") or widget.metaObject().className() in (
            "QLineEditIconButton",
            "QScrollBar",
            "CloseButton",
        )
        is_of_bar = parent is not None and parent.metaObject().className() == "QTabBar"
        is_popup = widget.window() is not root.window()
        if not (is_inside or is_qts or is_of_bar or is_popup):
            yield widget


def reachable(root: QWidget) -> Iterator[QWidget]:
    """Return what the Tab key reaches, now or later, but for buttons that wait for their words."""
    for widget in own_widgets(root):
        waits = (
            isinstance(widget, QAbstractButton)
            and not widget.isVisible()
            and not widget.text()
            and widget.icon().isNull()
        )
        # What lies in a plain scroll area says what it is.
        passes_on = isinstance(widget, QTabWidget) or type(widget) is QScrollArea
        takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if takes and not (waits or passes_on or isinstance(widget, QLabel)):
            yield widget


def focus_chain(window: MainWindow) -> list[QWidget]:
    """Return what the Tab key reaches now, in its order."""
    now = {each for each in reachable(window) if each.isVisible() and each.isEnabled()}
    chain: list[QWidget] = []
    widget = window.nextInFocusChain()
    while widget is not window:
        chain += [widget] if widget in now else []
        widget = widget.nextInFocusChain()
    return chain


def area_of(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint()), widget.size())


def goes_back(last: QRect, here: QRect) -> bool:
    """Return whether one area is to the left of another in a row, or above it in a column."""
    in_row = here.top() <= last.bottom() and last.top() <= here.bottom()
    in_column = here.left() <= last.right() and last.left() <= here.right()
    is_left, is_above = here.right() < last.left(), here.bottom() < last.top()
    return (in_row and is_left) or (in_column and is_above)


def name_of(widget: QWidget) -> str:
    """Return what a screen reader says of a widget."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def path_of(widget: QWidget) -> str:
    """Return the types of a widget and of what it lies in, to find it by."""
    parent = widget.parentWidget()
    return type(widget).__name__ + (f" < {path_of(parent)}" if parent is not None else "")


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours: WCAG 2.2, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
