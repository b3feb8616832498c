"""The question before a run is measured on its test data: that is a look at what is left."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget


def wants_test(window: QWidget, models: Iterable[str], data: str) -> bool:
    """Ask whether models shall be measured on test data, after an explanation."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(QCoreApplication.translate("TestQuestion", "Test accuracy"))
    question = QCoreApplication.translate("TestQuestion", "Measure {0} on the test data of {1}?")
    all_of = QCoreApplication.translate("TestQuestion", " and ")
    box.setText(question.format(all_of.join(models), data))
    box.setInformativeText(
        QCoreApplication.translate(
            "TestQuestion",
            "It is measured once. Choose your settings by the validation accuracy: a test that "
            "settings were chosen by says nothing about unseen data, so runs that are set up "
            "otherwise after this one are marked.",
        )
    )
    measure = box.addButton(
        QCoreApplication.translate("TestQuestion", "Measure"), QMessageBox.ButtonRole.AcceptRole
    )
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(measure)
    box.exec()
    return box.clickedButton() is measure
