"""What the views of the layers page have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.models.layers.result import Inspection
from emnist_desktop.ui.style import SPACING
from trainer.explain.client import OpenedModel

InspectionRequest = dict[str, Any]
"""Of a question that begins with "look": what is asked beside the image."""


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
        self.obstacle = wrapped_label()
        self.obstacle.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._content = QWidget()
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(SPACING)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._content)
        self._stack.addWidget(self.obstacle)

    @property
    def is_possible(self) -> bool:
        """Whether the model has what is shown here."""
        return self.model is not None and self._key not in self.model.cannot

    def requests(self) -> Sequence[InspectionRequest]:
        """Return what to ask about an image, one question after the other."""
        return ()

    def show_model(self, model: OpenedModel | None) -> None:
        """Turn to another model, or to none; nothing is seen yet."""
        self.model = model
        said = model.cannot.get(self._key) if model is not None else None
        self.obstacle.setText("\n".join(map(error_text, said)) if said else "")
        self._stack.setCurrentIndex(1 if said else 0)

    def show_inspection(self, inspection: Inspection) -> None:
        """Show what the child has seen; what was not asked for stays as it is."""


def wrapped_label(text: str = "") -> QLabel:
    """Return a label of plain text that may have several lines."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
