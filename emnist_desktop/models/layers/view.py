"""What the views of the layers page have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QStackedLayout, QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.models.layers.result import InspectionResult
from emnist_desktop.ui.controls import plain_label, push_button
from emnist_desktop.ui.layout import sheet, vbox
from emnist_desktop.ui.style import MARGIN
from trainer.explain.client import OpenedModel

InspectionRequest = dict[str, Any]
"""The fields of a "look" request beside the image."""


class LayersView(QWidget):
    """Shows one aspect of a model, or a sentence why the model does not have it.

    Parameters
    ----------
    key : str
        As ``cannot`` of a model names it; empty for what every model has.

    Signals
    -------
    request_changed
        The image must be looked at again.
    """

    request_changed = Signal()

    def __init__(self, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model: OpenedModel | None = None
        self._key = key
        self.obstacle = plain_label()
        self.obstacle.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body = vbox()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(sheet(self.body))
        self._stack.addWidget(self.obstacle)

    @property
    def is_possible(self) -> bool:
        """Whether the model has what is shown here."""
        return self.model is not None and self._key not in self.model.cannot

    def requests(self) -> Sequence[InspectionRequest]:
        """Return the requests about an image, in their order."""
        return ()

    def show_model(self, model: OpenedModel | None) -> None:
        """Show another model, or none; nothing is inspected yet."""
        self.model = model
        said = model.cannot.get(self._key) if model is not None else None
        self.obstacle.setText("\n".join(map(error_text, said)) if said else "")
        self._stack.setCurrentIndex(1 if said else 0)

    def show_inspection(self, inspection: InspectionResult) -> None:
        """Show an inspection; what was not requested stays as it is."""


class LayersPlaceholder(QWidget):
    """A sentence; a bar while a model is being opened; a button after it could not be.

    Signals
    -------
    again_requested
        The model shall be opened once more.
    """

    again_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = plain_label()
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setMaximumSize(240, 6)
        self.busy.setAccessibleName(self.tr("The model is being opened"))
        self.again = push_button(self.tr("Try again"), self.tr("Open the model once more"))
        self.again.clicked.connect(self.again_requested)
        centre = Qt.AlignmentFlag.AlignHCenter
        busy, again = (self.busy, 0, centre), (self.again, 0, centre)
        self.setLayout(vbox(1, self.message, busy, again, 1, margins=MARGIN))

    def show_message(self, text: str, *, is_busy: bool = False, is_over: bool = False) -> None:
        """Show a sentence."""
        self.message.setText(text)
        self.busy.setVisible(is_busy)
        self.again.setVisible(is_over)
