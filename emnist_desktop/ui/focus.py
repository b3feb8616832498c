"""Where the focus goes when the button that has it is disabled or hidden."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget


class FocusKeeper(QObject):
    """Keeps the focus off the neighbour of a button that is disabled or hidden.

    Qt gives it to the next widget in order: after "Pause" that is "Stop", and the next press of
    the space bar would stop the run. Here the surrounding area takes it, where no key does
    anything and Tab goes on nearby; the button has it back once it can be pressed again, unless
    the user has moved it meanwhile.

    Parameters
    ----------
    application : QApplication
    parent : QObject
        The main window.
    """

    def __init__(self, application: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._button: QAbstractButton | None = None
        self._area: QWidget | None = None
        application.focusChanged.connect(self._on_focus_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give the focus back to a button that is enabled or shown again."""
        if watched is self._button and event.type() in (
            QEvent.Type.EnabledChange,
            QEvent.Type.Show,
        ):
            button, area = self._button, self._area
            if button.isEnabled() and button.isVisible() and area is not None:
                had_focus = area.hasFocus()
                self._forget()
                if had_focus:
                    button.setFocus()
        return False

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if self._area is not None and new is not None and new is not self._area:
            self._forget()
        if not isinstance(old, QAbstractButton) or new is None:
            return
        if (old.isEnabled() and not old.isHidden()) or old.window() is not new.window():
            return
        area = old.parentWidget()
        if area is not None and area.isVisible():
            self._button, self._area = old, area
            old.installEventFilter(self)
            old.destroyed.connect(self._on_button_destroyed)
            area.setFocus()

    @Slot()
    def _on_button_destroyed(self) -> None:
        self._button = self._area = None

    def _forget(self) -> None:
        if self._button is not None:
            self._button.removeEventFilter(self)
            self._button.destroyed.disconnect(self._on_button_destroyed)
        self._button = self._area = None
