"""Widgets whose contents are built when they are first shown, or before, while nobody waits."""

from __future__ import annotations

import importlib
import inspect
import time
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

_QUIET_SECONDS = 0.4
"""Without a key, a click or a move of the mouse for so long, nobody waits."""

_PAUSE_MILLISECONDS = 30
"""Between two steps of building ahead."""

_INPUT = (
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.TabletMove,
    QEvent.Type.KeyPress,
    QEvent.Type.Wheel,
)


class LazyWidget(QWidget):
    """Builds its contents when it is first shown, and refreshes them each time it is.

    Attributes
    ----------
    is_built : bool
    is_awaited : bool
        Whether a `Builder` builds it next: it shows an empty frame until then.
    is_closed : bool
        Whether the window is closing: nothing is built or started any more.
    """

    is_built = False
    is_awaited = False
    is_closed = False
    _steps: Iterator[None] | None = None
    _is_building = False

    def build(self) -> Iterator[None] | None:
        """Make and lay out the contents; called once.

        A generator does so in steps: between two of them the window may handle events.
        """
        raise NotImplementedError

    def look(self) -> None:
        """Catch up with what happened while it was hidden."""

    def build_step(self) -> None:
        """Build a part of the contents; `is_built` after the last."""
        if self.is_built or self.is_closed or self._is_building:
            return
        if not inspect.isgeneratorfunction(self.build):
            self.is_built = True
            self.build()
            return
        self._steps = self._steps or self.build()
        self._is_building = True
        try:
            next(self._steps)
        except StopIteration:
            self.is_built = True
        finally:
            self._is_building = False

    def ensure_built(self) -> None:
        """Build the contents now, unless they are built."""
        while not (self.is_built or self.is_closed or self._is_building):
            self.build_step()

    def showEvent(self, event: QShowEvent) -> None:
        """Build, and catch up."""
        super().showEvent(event)
        if not (self.is_closed or self.is_awaited):
            self.show_contents()

    def show_contents(self) -> None:
        """Show the contents, which are built if they are not, as they are now."""
        self.is_awaited = False
        if not self.is_built:
            self.ensure_built()
            self._show_children()
        self.look()

    def _show_children(self) -> None:
        """Show what was just built now; Qt would wait until all events are handled."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for child in self.findChildren(QWidget, options=direct):
            is_decided = child.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
            if not (is_decided or child.isWindow()):
                child.show()

    def shutdown(self) -> None:
        """Build and start nothing more."""
        self.is_closed = True


def load_modules(*names: str) -> Iterator[None]:
    """Import modules, each in a step of its own."""
    for name in names:
        importlib.import_module(name)
        yield


class Builder(QObject):
    """Builds widgets ahead, step by step, while the user does nothing.

    Parameters
    ----------
    widgets : sequence of LazyWidget
        In the order in which they are built.
    parent : QObject
        The main window.
    """

    def __init__(self, widgets: Sequence[LazyWidget], parent: QObject) -> None:
        super().__init__(parent)
        self._widgets = list(widgets)
        self._last_input = time.monotonic()
        self._timer = QTimer(self, interval=_PAUSE_MILLISECONDS)
        self._timer.timeout.connect(self._on_timeout)
        self._application: QObject | None = None

    def start(self, application: QObject) -> None:
        """Start; the application's events tell when somebody waits."""
        self._application = application
        application.installEventFilter(self)
        self._timer.start()

    def hurry(self, widget: QWidget | None) -> None:
        """Build a widget next that is about to be shown; its frame is painted before."""
        is_running = self._application is not None
        if is_running and isinstance(widget, LazyWidget) and not widget.is_built:
            widget.is_awaited = True
            self._widgets.remove(widget)
            self._widgets.insert(0, widget)
            self._timer.start(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note when something was typed, clicked or drawn."""
        if event.type() in _INPUT:
            self._last_input = time.monotonic()
        return False

    @Slot()
    def _on_timeout(self) -> None:
        widget = self._widgets[0]
        is_quiet = time.monotonic() - self._last_input > _QUIET_SECONDS
        if not (widget.is_awaited or is_quiet):
            return
        widget.build_step()
        if not (widget.is_built or widget.is_closed):
            return
        self._widgets.pop(0)
        self._timer.setInterval(_PAUSE_MILLISECONDS)
        if widget.is_awaited and widget.isVisible():
            widget.show_contents()
        widget.is_awaited = False
        if not self._widgets and self._application is not None:
            self._timer.stop()
            self._application.removeEventFilter(self)
