"""What a run can be exported as: the menu, and the question where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from emnist_desktop.i18n.error_messages import error_text
from trainer.processes.launch import has_package, missing_hint
from trainer.recognition.bundle import CLASSIC_NAMES, KERAS_NAME
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import RunSummary

ENDINGS = {
    "bundle": ".zip",
    "report": ".html",
    "history": ".csv",
    "keras": ".keras",
    "litert": ".tflite",
    "onnx": ".onnx",
}
"""The forms that `python -m trainer export` writes."""

_OF_RUNS = ("report", "history")
"""Forms that need epochs; the others need a finished recogniser."""

_OF_NETWORKS = ("keras", "litert", "onnx")

_NEEDED = {
    "report": (("matplotlib",), "train"),
    "onnx": (("keras", "tensorflow", "onnx", "tf2onnx"), "train,onnx"),
}
"""Packages that a form needs, and the extra that holds them."""


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
        self.setToolTipsVisible(True)
        self.forms: dict[str, QAction] = {}
        for form, ending in ENDINGS.items():
            action = self.addAction(f"{form_title(form)} ({ending})…")
            action.setData(form)
            self.forms[form] = action
        self.triggered.connect(self._on_triggered)

    def offer(self, run: RunSummary) -> None:
        """Enable the forms that are available, and explain the others."""
        bundle = RunFolder(run.root).bundle
        for form, action in self.forms.items():
            reason = self._lacking(run, form) or self._unfit(bundle, form) or _missing(form)
            action.setEnabled(not reason)
            action.setToolTip(reason or self.tr("Write {0} as a file").format(form_title(form)))

    def _lacking(self, run: RunSummary, form: str) -> str:
        """Return what the run has not got yet; empty if it has."""
        if form in _OF_RUNS:
            return "" if run.has_epochs else self.tr("There is no finished epoch of this run.")
        return "" if run.has_bundle else self.tr("This run has no finished recogniser.")

    def _unfit(self, bundle: Path, form: str) -> str:
        """Return why a recogniser cannot be brought into a form; empty if it can."""
        if form not in _OF_NETWORKS:
            return ""
        if any((bundle / name).is_file() for name in CLASSIC_NAMES.values()):
            return self.tr("A classic model is no network: export it as a bundle.")
        if form != "litert" and not (bundle / KERAS_NAME).is_file():
            return self.tr("It came without its Keras model: export it as LiteRT.")
        return ""

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self.form_chosen.emit(str(action.data()))


def _missing(form: str) -> str:
    """Return how to get what a form needs; empty if it is here."""
    packages, extra = _NEEDED.get(form, ((), ""))
    if all(map(has_package, packages)):
        return ""
    title = form_title(form)
    sentence = QCoreApplication.translate("Export", "{0} needs what is not installed here.")
    return f"{sentence.format(title)} {error_text(missing_hint(extra))}"
