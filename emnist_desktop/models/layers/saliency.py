"""Which ink carries the answer: the occlusion map and the gradient map over the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.models.layers.large_map import LargeMap, number_text
from emnist_desktop.models.layers.result import Heat, InspectionResult
from emnist_desktop.models.layers.view import InspectionRequest, LayersView
from emnist_desktop.ui.colors import is_dark
from emnist_desktop.ui.controls import bold, plain_label, refill
from emnist_desktop.ui.images import heat_over, over_table
from emnist_desktop.ui.layout import filled, hbox, vbox
from emnist_desktop.ui.style import MARGIN, SPACING
from trainer.explain.client import OpenedModel

_PERCENT = 100.0
_LINES = 4
"""Of the sentence below a map, where it is narrow."""


class SaliencyView(LayersView):
    """Two maps over the picture, about the character that is read or another one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("occlusion", parent)
        self.target = QComboBox()
        self.target.setAccessibleName(self.tr("Character that the maps are about"))
        self.target.setToolTip(
            self.tr("Choose another one to see why it was not read, or what speaks for it")
        )
        self.occlusion = _Panel(
            self.tr("Covered"),
            self.tr(
                "Orange: covered with paper here, {0} becomes less probable, by so many percentage "
                "points: this ink speaks for it. Blue: more probable."
            ),
            _PERCENT,
        )
        self.gradient = _Panel(
            self.tr("Gradient"),
            self.tr(
                "A little more ink, pixel by pixel. Orange: more ink here speaks for {0}. "
                "Blue: against it."
            ),
        )
        label = QLabel(self.tr("What speaks for"))
        label.setBuddy(self.target)
        top = hbox(label, self.target, 1)
        row = hbox((self.occlusion, 1), (self.gradient, 1), spacing=MARGIN)
        filled(self.body, top, (row, 1))
        self.target.activated.connect(self.request_changed)

    def requests(self) -> Sequence[InspectionRequest]:
        """Request one map after the other: the second may take longer."""
        target = str(self.target.currentData() or "")
        asked: list[InspectionRequest] = [{"occlusion": True, "target": target}]
        if self.model is not None and "gradient" not in self.model.cannot:
            asked.append({"gradient": True, "target": target})
        return asked

    def show_model(self, model: OpenedModel | None) -> None:
        """Show another model; keep the chosen character if the model has it."""
        super().show_model(model)
        alphabet = model.alphabet if model is not None else ()
        refill(self.target, [(self.tr("what is read"), ""), *((each, each) for each in alphabet)])
        self.occlusion.clear()
        self.gradient.clear()
        if model is not None and "gradient" in model.cannot:
            self.gradient.show_message("\n".join(map(error_text, model.cannot["gradient"])))

    def show_inspection(self, inspection: InspectionResult) -> None:
        """Show the maps that came."""
        if inspection.occlusion is not None:
            self.occlusion.show_heat(inspection, inspection.occlusion)
        if inspection.gradient is not None:
            self.gradient.show_heat(inspection, inspection.gradient)


class _Panel(QWidget):
    """One map over the picture: its name, the map, and what its colours mean.

    On the scale stands `unit` times a value.
    """

    def __init__(self, title: str, meaning: str, unit: float = 1.0) -> None:
        super().__init__()
        self._meaning, self._unit = meaning, unit
        self._shown: tuple[InspectionResult, Heat] | None = None
        self.title = bold(QLabel(title))
        self.map = LargeMap(title)
        self.text = plain_label()
        self.text.setObjectName("caption")
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        # Both panels keep the same room for it, so that their maps are of one size.
        self.text.setMinimumHeight(_LINES * self.text.fontMetrics().lineSpacing())
        self.setLayout(vbox(self.title, (self.map, 1), self.text, spacing=SPACING // 2))

    def show_heat(self, inspection: InspectionResult, values: Heat) -> None:
        self._shown = inspection, values
        self._paint_map(inspection, values)
        self.text.setText(self._meaning.format(inspection.target) if inspection.top else "")

    def clear(self) -> None:
        self.show_message("")

    def show_message(self, text: str) -> None:
        self._shown = None
        self.map.clear()
        self.text.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._shown is not None:
            self._paint_map(*self._shown)

    def _paint_map(self, inspection: InspectionResult, values: Heat) -> None:
        palette, greatest = self.palette(), float(np.abs(values).max())
        picture = heat_over(inspection.image, values, greatest, palette)
        ends = (number_text(-self._unit * greatest), "0", number_text(self._unit * greatest))
        self.map.show_map(values, picture, over_table(dark=is_dark(palette)), ends)
