"""A measurement in three views, table, curves and examples, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.models.robustness.curves import RobustnessCurves
from emnist_desktop.models.robustness.examples import RobustnessExamples
from emnist_desktop.models.robustness.result import RobustnessResult
from emnist_desktop.models.robustness.table import RobustnessTable
from emnist_desktop.models.robustness.training import training_fields
from emnist_desktop.ui.controls import caption
from emnist_desktop.ui.item_view import scrolled
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from trainer.config.fields import FIELDS
from trainer.evaluation.corruptions import N_STRENGTHS
from trainer.processes.launch import can_train


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
        self._result: RobustnessResult | None = None
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
        self.which.blockSignals(True)
        self.which.clear()
        if result.difference is not None:
            first, second = (figures.name for figures in result.models)
            less = self.tr("Difference: {0} less {1}, in points").format(second, first)
            self.which.addItems([first, second, less])
            self.which.setCurrentIndex(2)
        self.which.setVisible(result.difference is not None)
        self.which.blockSignals(False)
        self.corruption.blockSignals(True)
        self.corruption.clear()
        for each in result.corruptions:
            self.corruption.addItem(each.title, each.name)
        self.corruption.blockSignals(False)
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
        self.which = QComboBox()
        self.which.setAccessibleName(self.tr("Figures in the table"))
        self.which.setToolTip(
            self.tr("Show one of the models, or what one has more than the other")
        )
        self.which.setMinimumContentsLength(36)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.which.setSizeAdjustPolicy(policy)
        self.table, self.curves = RobustnessTable(), RobustnessCurves()
        self.legend = caption()
        self.corruption = QComboBox()
        self.corruption.setAccessibleName(self.tr("Corruption"))
        self.corruption.setToolTip(self.tr("What is done to the pictures"))
        self.examples = RobustnessExamples()
        self.train = QPushButton()

    def _lay_out(self) -> None:
        figures, examples = QWidget(), QWidget()
        column = QVBoxLayout(figures)
        column.setContentsMargins(0, SPACING, 0, 0)
        column.addWidget(self.which, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.table, 1)
        column.addWidget(self.legend)
        column = QVBoxLayout(examples)
        column.setContentsMargins(0, SPACING, 0, 0)
        column.addWidget(self.corruption, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(scrolled(self.examples), 1)
        self.views = QTabWidget()
        self.views.addTab(figures, self.tr("Table"))
        self.views.addTab(scrolled(self.curves), self.tr("Curves"))
        self.views.addTab(examples, self.tr("Examples"))
        bottom = hbox(1, self.train)
        self.setLayout(vbox((self.views, 1), bottom))

    @Slot()
    def _on_which_changed(self) -> None:
        result = self._result
        if result is None:
            return
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
        if self._result is None:
            return
        self.table.choose(self._name, self._strength)
        self.curves.choose(self._name)
        self.examples.choose(self._name, self._strength)
        self.corruption.blockSignals(True)
        self.corruption.setCurrentIndex(self.corruption.findData(self._name))
        self.corruption.blockSignals(False)
        self._show_training(self._result)

    def _show_training(self, result: RobustnessResult) -> None:
        """Offer the augmentation against what is chosen; without a strength, the strongest."""
        place = (result.first_condition(self._name) - 1) // N_STRENGTHS
        corruption = result.corruptions[place]
        strength = corruption.strengths[(self._strength or N_STRENGTHS) - 1]
        drawings = result.is_of_drawings
        self._fields = training_fields(self._name, strength, drawings=drawings)
        against = f"{corruption.title} {strength:g} {corruption.unit}"
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
        f"{trainer_text(FIELDS[field].title)}: {name} {value:g}"
        for field, values in fields.items()
        for name, value in values.items()
    )
