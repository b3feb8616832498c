"""The grid with a line above it: how many are shown, shuffle, go to a number, size."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QIntValidator, QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSizePolicy, QSlider, QWidget

from emnist_desktop.datasets.image_grid import LARGEST, SMALLEST, ImageGrid
from emnist_desktop.ui.controls import push_button
from emnist_desktop.ui.flow_layout import FlowLayout
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING

_GO_WIDTH = 92
_SLIDER_WIDTH = 90


class GridPage(QWidget):
    """A grid and its tools.

    Signals
    -------
    go_requested : int
        Show the sample with this index in the split.
    """

    go_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = ImageGrid()
        self.summary = QLabel()
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.summary.setAccessibleName(self.tr("What is shown"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.hide()
        self.show_all = push_button(self.tr("Show all"), self.tr("Drop every filter (Esc)"))
        self.show_all.hide()
        tip = self.tr("Another random order with every click")
        self.shuffle = push_button(self.tr("Shuffle"), tip)
        tip = self.tr("Write the selected samples, or all that are shown, to files (Ctrl+E)")
        self.export = push_button(self.tr("Export…"), tip)
        self.export.setShortcut(QKeySequence(self.tr("Ctrl+E")))
        self.go = QLineEdit()
        self.go.setPlaceholderText(self.tr("number…"))
        self.go.setAccessibleName(self.tr("Go to number"))
        self.go.setToolTip(self.tr("Show the sample with this number (Ctrl+G)"))
        self.go.setFixedWidth(_GO_WIDTH)
        self.go.setValidator(QIntValidator(0, 2**31 - 1, self))
        self.size_slider = self._make_size_slider()
        self.empty = QLabel()
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.hide()
        self._lay_out()
        self.go.returnPressed.connect(self._on_go)
        self.size_slider.valueChanged.connect(self.grid.set_image_size)
        self.grid.size_changed.connect(self._on_size_changed)
        QShortcut(QKeySequence(self.tr("Ctrl+G")), self, self._on_go_wanted)

    def _make_size_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(SMALLEST, LARGEST)
        slider.setValue(self.grid.image_size)
        slider.setFixedWidth(_SLIDER_WIDTH)
        slider.setAccessibleName(self.tr("Size of the images"))
        slider.setToolTip(self.tr("Size of the images (Ctrl and the wheel)"))
        return slider

    def show_summary(self, text: str, *, is_filtered: bool, lack: str = "") -> None:
        """Say what is shown; of less than all, offer to show all; `lack` is why it is nothing."""
        self.empty.setText(lack or self.tr("No sample is like that."))
        self.show_all.setVisible(is_filtered)
        self.summary.setText(text)
        self.summary.setToolTip(text)
        self.empty.setVisible(not len(self.grid.indices))
        self.export.setEnabled(bool(len(self.grid.indices)))
        self.grid.setVisible(bool(len(self.grid.indices)))

    def show_measuring(self, text: str) -> None:
        """Say how far the measuring is, and offer to end it; an empty text: it is over."""
        self.cancel.setVisible(bool(text))
        if text:
            self.summary.setText(text)

    def _lay_out(self) -> None:
        tools = FlowLayout()
        tools.setSpacing(SPACING // 2)
        for widget in (self.shuffle, self.go, self.export, self.size_slider):
            tools.addWidget(widget)
        above = hbox((self.summary, 1), self.cancel, self.show_all)
        self.setLayout(vbox(above, (self.grid, 1), (self.empty, 1), tools, spacing=SPACING // 2))

    @Slot()
    def _on_go_wanted(self) -> None:
        self.go.setFocus()
        self.go.selectAll()

    @Slot()
    def _on_go(self) -> None:
        self.go_requested.emit(int(self.go.text()))
        self.grid.setFocus()

    @Slot(int)
    def _on_size_changed(self, size: int) -> None:
        with QSignalBlocker(self.size_slider):
            self.size_slider.setValue(size)
