"""Somebody who does anything anywhere, by a seed: draws, clicks, types, scrolls, switches."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QTabWidget,
    QWidget,
)

from emnist_desktop.app.main_window import MainWindow

_SHORTCUTS = ("Ctrl+Z", "Ctrl+Shift+Z", "Del", "P", "E", "[", "]", "Tab", "Space", "Ctrl+C", "Esc")
_KEYS = ("a", "B", "7", "Left", "Right", "Up", "Down", "PgDown", "Home", "End", "Return")
_UNTOUCHED = ("quit", "close", "export", "save", "open", "import", "fetch", "folder", "browse")
"""Words in the names of buttons that lead out of the program or to the network."""

_PAUSE_MILLISECONDS = 4
_LOOK_MILLISECONDS = 700


class Monkey(QObject):
    """Acts on a window until it is stopped.

    Parameters
    ----------
    window : MainWindow
    seed : int
    """

    def __init__(self, window: MainWindow, seed: int) -> None:
        super().__init__()
        self._window = window
        self._random = random.Random(seed)
        self.deeds: Counter[str] = Counter()
        self._actions: list[tuple[int, Callable[[], None]]] = [
            (30, self._draw),
            (15, self._press_shortcut),
            (15, self._click_button),
            (10, self._type),
            (8, self._scroll),
            (5, self._move_slider),
            (5, self._choose),
            (5, self._click_anywhere),
            (4, self._switch_tab),
            (1, self._resize),
            (1, self._open_dataset),
        ]
        self._is_acting = False

    def tour(self) -> None:
        """Look at every tab and open every dataset once: what is built only once is built."""
        self._look_at_tabs(self._window)
        if not self._window.datasets_tab.is_built:
            return
        catalog = self._window.datasets_tab.browser.catalog
        for row in range(catalog.list.count()):
            catalog.list.setCurrentRow(row)
            if catalog.open.isEnabled() and not catalog.open.isHidden():
                catalog.open.click()
                QTest.qWait(_LOOK_MILLISECONDS)
                self._look_at_tabs(self._window.datasets_tab)

    def _look_at_tabs(self, root: QWidget) -> None:
        for tabs in root.findChildren(QTabWidget):
            for index in range(tabs.count() if tabs.isVisible() else 0):
                tabs.setCurrentIndex(index)
                QTest.qWait(_LOOK_MILLISECONDS)
                self._look_at_tabs(tabs.widget(index))

    def start(self) -> None:
        """Begin."""
        self._is_acting = True
        self._act_soon()

    def stop(self) -> None:
        """End, with every dialog closed."""
        self._is_acting = False
        while (dialog := QApplication.activeModalWidget()) is not None:
            dialog.close()

    def _act_soon(self) -> None:
        # A timer does not fire again while its slot runs a dialog: each act needs one of its own.
        QTimer.singleShot(_PAUSE_MILLISECONDS, self, self._act)

    @Slot()
    def _act(self) -> None:
        if not self._is_acting:
            return
        self._act_soon()
        popup = QApplication.activePopupWidget()
        if isinstance(popup, QMenu):
            popup.close()
            return
        dialog = QApplication.activeModalWidget()
        if dialog is not None and self._random.random() < 0.2:
            self.deeds["dialog closed"] += 1
            dialog.close()
            return
        weights = [weight for weight, _ in self._actions]
        ((_, action),) = self._random.choices(self._actions, weights)
        self.deeds[action.__name__.strip("_")] += 1
        action()

    def _root(self) -> QWidget:
        return QApplication.activeModalWidget() or self._window

    def _visible(self, kind: type[QWidget]) -> list[QWidget]:
        found = self._root().findChildren(kind)
        return [widget for widget in found if widget.isVisible() and widget.isEnabled()]

    def _pick(self, kind: type[QWidget]) -> QWidget | None:
        widgets = self._visible(kind)
        return self._random.choice(widgets) if widgets else None

    def _place(self, widget: QWidget) -> QPoint:
        return QPoint(
            self._random.randrange(max(1, widget.width())),
            self._random.randrange(max(1, widget.height())),
        )

    def _draw(self) -> None:
        canvas = self._window.draw_tab.canvas
        if not canvas.isVisible() or self._root() is not self._window:
            return
        left = Qt.MouseButton.LeftButton
        place = self._place(canvas)
        QTest.mousePress(canvas, left, pos=place)
        for _ in range(self._random.randrange(12)):
            step = QPoint(self._random.randint(-30, 30), self._random.randint(-30, 30))
            place += step
            QTest.mouseMove(canvas, place)
        QTest.mouseRelease(canvas, left, pos=place)

    def _press_shortcut(self) -> None:
        self._press(self._random.choice(_SHORTCUTS))

    def _type(self) -> None:
        self._press(self._random.choice(_KEYS))

    def _press(self, keys: str) -> None:
        target = QApplication.focusWidget() or self._root()
        combination = QKeySequence(keys)[0]
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())

    def _click_button(self) -> None:
        button = self._pick(QAbstractButton)
        if not isinstance(button, QAbstractButton):
            return
        words = f"{button.text()} {button.accessibleName()} {button.toolTip()}".lower()
        leads_out = any(word in words for word in _UNTOUCHED)
        if not leads_out and getattr(button, "menu", lambda: None)() is None:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _click_anywhere(self) -> None:
        area = self._pick(QAbstractScrollArea)
        if isinstance(area, QAbstractScrollArea):
            viewport = area.viewport()
            QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=self._place(viewport))

    def _scroll(self) -> None:
        area = self._pick(QAbstractScrollArea)
        if isinstance(area, QAbstractScrollArea):
            viewport = area.viewport()
            place = QPointF(self._place(viewport))
            steps = QPoint(0, self._random.choice((-240, -120, 120, 240)))
            event = QWheelEvent(
                place,
                viewport.mapToGlobal(place),
                QPoint(),
                steps,
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(viewport, event)

    def _move_slider(self) -> None:
        slider = self._pick(QAbstractSlider)
        if isinstance(slider, QAbstractSlider):
            slider.setValue(self._random.randint(slider.minimum(), slider.maximum()))

    def _choose(self) -> None:
        box = self._pick(QComboBox)
        if isinstance(box, QComboBox) and box.count():
            box.setCurrentIndex(self._random.randrange(box.count()))
            return
        line = self._pick(QLineEdit)
        if isinstance(line, QLineEdit) and not line.isReadOnly():
            line.setText(self._random.choice(("", "A", "1e9", "-3", "ä" * 300)))

    def _switch_tab(self) -> None:
        tabs = self._pick(QTabWidget)
        if isinstance(tabs, QTabWidget) and tabs.count():
            tabs.setCurrentIndex(self._random.randrange(tabs.count()))

    def _resize(self) -> None:
        if self._root() is self._window:
            self._window.resize(self._random.randint(800, 1900), self._random.randint(560, 1100))

    def _open_dataset(self) -> None:
        if self._root() is not self._window or not self._window.datasets_tab.is_built:
            return
        catalog = self._window.datasets_tab.browser.catalog
        catalog.list.setCurrentRow(self._random.randrange(max(1, catalog.list.count())))
        if catalog.open.isEnabled() and not catalog.open.isHidden():
            catalog.open.click()
