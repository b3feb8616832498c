"""What a run can be exported as: the menu, and the question where to."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

ENDINGS = {
    "bundle": ".zip",
    "report": ".html",
    "history": ".csv",
    "keras": ".keras",
    "litert": ".tflite",
    "onnx": ".onnx",
}
"""The forms that `python -m trainer export` writes."""

_OF_BUNDLES = ("bundle", "keras", "litert", "onnx")
"""Forms that need a finished recogniser."""

_OF_RUNS = ("report", "history")
"""Forms that need epochs."""


def form_title(form: str) -> str:
    """Return what a form is called."""
    return {
        "bundle": QCoreApplication.translate("Export", "Bundle in one file"),
        "report": QCoreApplication.translate("Export", "Report with figures"),
        "history": QCoreApplication.translate("Export", "Table of the epochs"),
        "keras": QCoreApplication.translate("Export", "Keras model"),
        "litert": QCoreApplication.translate("Export", "LiteRT model"),
        "onnx": QCoreApplication.translate("Export", "ONNX model"),
    }[form]


class ExportMenu(QMenu):
    """Offers the forms.

    Signals
    -------
    form_chosen : str
        One of `ENDINGS`.
    """

    form_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.forms: dict[str, QAction] = {}
        for form, ending in ENDINGS.items():
            action = self.addAction(f"{form_title(form)} ({ending})…")
            action.setData(form)
            self.forms[form] = action
        self.triggered.connect(self._on_triggered)

    def offer(self, *, has_bundle: bool, has_epochs: bool) -> None:
        """Let only what is there be chosen."""
        for form in _OF_BUNDLES:
            self.forms[form].setEnabled(has_bundle)
        for form in _OF_RUNS:
            self.forms[form].setEnabled(has_epochs)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self.form_chosen.emit(str(action.data()))
