"""A group of settings in a form, and what of it is folded."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from emnist_desktop.ui.style import SPACING


class FormSection(QWidget):
    """Settings that belong together; those that a learner can leave alone are folded."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[QWidget] = []
        heading = QLabel(title)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        self._plain = QVBoxLayout()
        self.more = QToolButton()
        self.more.setText(self.tr("More settings"))
        self.more.setCheckable(True)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setAutoRaise(True)
        self.more.setAccessibleName(self.tr("More settings: {0}").format(title))
        self.more.hide()
        self._folded = QWidget()
        self._advanced = QVBoxLayout(self._folded)
        self._advanced.setContentsMargins(0, 0, 0, 0)
        self._folded.hide()
        self.more.toggled.connect(self._on_more_toggled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(heading)
        layout.addLayout(self._plain)
        layout.addWidget(self.more)
        layout.addWidget(self._folded)

    def add(self, widget: QWidget, *, is_advanced: bool = False) -> None:
        """Add a row."""
        (self._advanced if is_advanced else self._plain).addWidget(widget)
        if is_advanced:
            self._rows.append(widget)
            self.more.show()

    def fold_away(self) -> None:
        """Offer nothing to unfold where every folded row is hidden."""
        self.more.setVisible(any(not row.isHidden() for row in self._rows))

    def reveal(self, widget: QWidget) -> None:
        """Unfold if a row is among the folded ones."""
        if self._folded.isAncestorOf(widget):
            self.more.setChecked(True)

    @Slot(bool)
    def _on_more_toggled(self, is_open: bool) -> None:
        self._folded.setVisible(is_open)
        self.more.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
