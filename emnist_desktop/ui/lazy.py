"""A widget whose contents are built when it is first shown."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget


class LazyWidget(QWidget):
    """Builds its contents when it is first shown, and refreshes them each time it is.

    Attributes
    ----------
    is_built : bool
    is_closed : bool
        Whether the window is closing: nothing is built or started any more.
    """

    is_built = False
    is_closed = False

    def build(self) -> None:
        """Make and lay out the contents; called once."""
        raise NotImplementedError

    def look(self) -> None:
        """Catch up with what happened while it was hidden."""

    def ensure_built(self) -> None:
        """Build the contents now, unless they are built."""
        if not self.is_built:
            self.is_built = True
            self.build()

    def showEvent(self, event: QShowEvent) -> None:
        """Build, and catch up."""
        super().showEvent(event)
        if self.is_closed:
            return
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
