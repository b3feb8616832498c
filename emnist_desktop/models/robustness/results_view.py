"""A measurement in three views, table, curves and examples, and what can be done about it."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QPushButton,
    QTabWidget,
    QWidget,
)

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.models.robustness.curves import RobustnessCurves
from emnist_desktop.models.robustness.examples import RobustnessExamples
from emnist_desktop.models.robustness.result import NO_RESULT, RobustnessResult
from emnist_desktop.models.robustness.table import RobustnessTable
from emnist_desktop.ui.controls import caption, combo_box, refill
from emnist_desktop.ui.format import local
from emnist_desktop.ui.layout import hbox, scroll_area, sheet, vbox
from emnist_desktop.ui.style import SPACING
from trainer.augmentation.images import IMAGE_AUGMENTATION_LIMITS, ImageAugmentation
from trainer.augmentation.strokes import StrokeAugmentation
from trainer.config.fields import FIELDS
from trainer.evaluation.corruptions import N_STRENGTHS
from trainer.ink.render import EDGE_BLUR
from trainer.processes.launch import can_train

_UNIFORM_TO_NORMAL = float(1.0 / np.sqrt(3.0))
"""A uniform distribution up to 1 has this standard deviation."""


class RobustnessResults(QWidget):
    """Shows one result; a corruption and a strength that are chosen are so in all three views.

    Signals
    -------
    sample_chosen : int
        Number of a sample in its split.
    training_requested : dict
        Fields of `TrainingConfig` that harden against the corruption that is chosen.
    """

    sample_chosen = Signal(int)
    training_requested = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result = NO_RESULT
        self._name, self._strength = "", 0
        self._fields: dict[str, dict[str, float]] = {}
        self._build()
        self._lay_out()
        self.which.currentIndexChanged.connect(self._on_which_changed)
        self.corruption.currentIndexChanged.connect(self._on_corruption_changed)
        self.table.cell_chosen.connect(self._choose)
        self.curves.corruption_chosen.connect(self._on_curve_chosen)
        self.examples.sample_chosen.connect(self.sample_chosen)
        self.train.clicked.connect(self._on_train_clicked)

    @property
    def chosen(self) -> tuple[str, int]:
        """The corruption and the strength, from 1 to 5, that are chosen; 0 for no strength."""
        return self._name, self._strength

    def show_result(self, result: RobustnessResult) -> None:
        """Show another measurement; what is chosen stays so where it has that corruption.

        Without a model there are examples only.
        """
        self._result = result
        names = [each.name for each in result.corruptions]
        texts: list[str] = []
        if result.difference is not None:
            first, second = (figures.name for figures in result.models)
            less = self.tr("Difference: {0} less {1}, in points").format(second, first)
            texts = [first, second, less]
        refill(self.which, [(text, number) for number, text in enumerate(texts)], 2)
        self.which.setVisible(result.difference is not None)
        refill(self.corruption, [(each.title, each.name) for each in result.corruptions])
        is_first = bool(result.models) and not self.views.isTabVisible(0)
        for view in (0, 1):
            self.views.setTabVisible(view, bool(result.models))
        if is_first:
            self.views.setCurrentIndex(0)
        self.curves.show_result(result)
        self.examples.show_result(result)
        if self._name not in names:
            self._name, self._strength = names[0], 0
        self._on_which_changed()

    def _build(self) -> None:
        self.which = combo_box(
            name=self.tr("Figures in the table"),
            tip=self.tr("Show one of the models, or what one has more than the other"),
            width=36,
        )
        self.table, self.curves = RobustnessTable(), RobustnessCurves()
        self.legend = caption()
        self.corruption = QComboBox()
        self.corruption.setAccessibleName(self.tr("Corruption"))
        self.corruption.setToolTip(self.tr("What is done to the pictures"))
        self.examples = RobustnessExamples()
        self.train = QPushButton()

    def _lay_out(self) -> None:
        left, margins = Qt.AlignmentFlag.AlignLeft, (0, SPACING, 0, 0)
        figures = vbox((self.which, 0, left), (self.table, 1), self.legend, margins=margins)
        pictures = (scroll_area(self.examples), 1)
        self.views = QTabWidget()
        self.views.addTab(sheet(figures), self.tr("Table"))
        self.views.addTab(scroll_area(self.curves), self.tr("Curves"))
        self.views.addTab(
            sheet(vbox((self.corruption, 0, left), pictures, margins=margins)), self.tr("Examples")
        )
        self.setLayout(vbox((self.views, 1), hbox(1, self.train)))

    @Slot()
    def _on_which_changed(self) -> None:
        result = self._result
        everything = (*result.models, result.difference)
        figures = everything[max(0, self.which.currentIndex())] if result.models else None
        self.table.show_figures(result, figures)
        if figures is not None and figures is result.difference:
            text = self.tr(
                "Blue: the second reads better. Orange: it reads worse. No colour: within noise."
            )
        else:
            text = self.tr("The more orange, the more of the untouched accuracy is lost.")
        self.legend.setText(text)
        self._show_chosen()

    @Slot(str, int)
    def _choose(self, name: str, strength: int) -> None:
        self._name, self._strength = name, strength
        self._show_chosen()

    @Slot(str)
    def _on_curve_chosen(self, name: str) -> None:
        self._choose(name, self._strength)

    @Slot()
    def _on_corruption_changed(self) -> None:
        self._choose(self.corruption.currentData(), self._strength)

    @Slot()
    def _on_train_clicked(self) -> None:
        self.training_requested.emit(self._fields)

    def _show_chosen(self) -> None:
        self.table.choose(self._name, self._strength)
        self.curves.choose(self._name)
        self.examples.choose(self._name, self._strength)
        with QSignalBlocker(self.corruption):
            self.corruption.setCurrentIndex(self.corruption.findData(self._name))
        self._show_training()

    def _show_training(self) -> None:
        """Offer the augmentation against what is chosen; without a strength, the strongest."""
        result = self._result
        corruption = next(each for each in result.corruptions if each.name == self._name)
        strength = corruption.strengths[(self._strength or N_STRENGTHS) - 1]
        drawings = result.is_of_drawings
        self._fields = training_fields(self._name, strength, drawings=drawings)
        against = f"{corruption.title} {local(strength, 'g')} {corruption.unit}"
        self.train.setText(self.tr("Train against {0}").format(against))
        self.train.setEnabled(bool(self._fields))
        if self._fields:
            sets = self.tr("Takes into the training form: {0}").format(_in_words(self._fields))
        elif drawings:
            sets = self.tr("No setting of a training on drawings makes this of them")
        else:
            sets = self.tr("No setting of a training on images makes this of them")
        self.train.setToolTip(sets)
        self.train.setVisible(can_train())


def _in_words(fields: dict[str, dict[str, float]]) -> str:
    return "; ".join(
        f"{trainer_text(FIELDS[field].title)}: {name} {local(value, 'g')}"
        for field, values in fields.items()
        for name, value in values.items()
    )


def training_fields(name: str, strength: float, *, drawings: bool) -> dict[str, dict[str, float]]:
    """Return the augmentation that meets a corruption of a strength, at least the usual one.

    Only what differs from the usual augmentation of the field is named.

    Parameters
    ----------
    name : str
        Of a corruption.
    strength : float
        In the unit of the corruption.
    drawings : bool
        Whether the data are drawings: a corruption that only images can be trained against is
        then none.

    Returns
    -------
    dict
        Fields of `TrainingConfig` with their new values; empty if no setting corresponds.
    """
    strokes, images = _of_strokes(name, strength), _of_images(name, strength)
    if not (strokes if drawings else images):
        return {}
    fields = {"augmentation": strokes, "image_augmentation": images}
    return {field: values for field, values in fields.items() if values}


def _of_strokes(name: str, strength: float) -> dict[str, float]:
    usual = StrokeAugmentation()
    softness = float(np.hypot(EDGE_BLUR, strength)) / EDGE_BLUR - 1.0
    values: dict[str, tuple[str, float]] = {
        "shift": ("shift", max(usual.shift, strength * _UNIFORM_TO_NORMAL)),
        "rotation": ("rotation", max(usual.rotation, strength * _UNIFORM_TO_NORMAL)),
        "scale": ("scale", max(usual.scale, strength)),
        "thinner": ("thinnest", min(usual.thinnest, strength)),
        "thicker": ("thickest", max(usual.thickest, strength)),
        "blur": ("blur", max(usual.blur, softness)),
    }
    return _rounded(values.get(name))


def _of_images(name: str, strength: float) -> dict[str, float]:
    if name not in ("shift", "rotation", "scale", "noise"):
        return {}
    least = float(getattr(ImageAugmentation(), name))
    _, greatest = IMAGE_AUGMENTATION_LIMITS[name]
    return _rounded((name, min(max(least, strength), greatest)))


def _rounded(value: tuple[str, float] | None) -> dict[str, Any]:
    return {} if value is None else {value[0]: round(value[1], 3)}
