"""What was learnt: before and after, and a picture of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from emnist_desktop.ui.controls import bold, caption, plain_label, push_button
from emnist_desktop.ui.format import fill_in, interval_text, percent
from emnist_desktop.ui.grids.image_grid import Tile, TileGrid
from emnist_desktop.ui.layout import hbox, scroll_area, vbox
from trainer.evaluation.metrics import accuracy_interval
from trainer.hand.learned import Gain, Learned
from trainer.ink.render import ink_to_image
from trainer.ink.strokes import Ink


class ResultPage(QWidget):
    """Shows what a person's samples change.

    Signals
    -------
    again
        More is to be collected.
    """

    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = bold(plain_label())
        self.figures = plain_label()
        self.legend = caption()
        self.tiles = TileGrid()
        self.tiles.setAccessibleName(self.tr("What was learnt"))
        more = push_button(self.tr("Collect &more…"))
        more.clicked.connect(self.again)
        self.setLayout(
            vbox(
                self.heading,
                self.figures,
                self.legend,
                (scroll_area(self.tiles), 1),
                hbox(more, 1),
            )
        )

    def show_waiting(self, n_drawn: int) -> None:
        """Say what is under way."""
        self.heading.setText(fill_in(self.tr("{0:,} characters drawn"), n_drawn))
        self.figures.setText(self.tr("Measuring what they change…"))
        self.legend.setText("")
        self.tiles.set_tiles(())

    def show_failure(self, text: str) -> None:
        """Say why nothing can be shown."""
        self.figures.setText(text)

    def show_learned(self, learned: Learned) -> None:
        """Show figures, and the newest drawing of each character."""
        lines = [self._line(self.tr("Each without itself"), learned.left_out)]
        if len(learned.held_out):
            held = self.tr("The last round, without it")
            lines.append(self._line(held, learned.held_out))
        self.figures.setText("\n".join(lines))
        self.legend.setText(
            self.tr(
                "How many of each are read rightly without and with your hand; marked where that "
                "is more."
            )
        )
        self.tiles.set_tiles([self._tile(name, learned) for name in _characters(learned)])

    def _line(self, title: str, gain: Gain) -> str:
        before, after = (percent(float(each.mean())) for each in (gain.before, gain.after))
        interval = interval_text(accuracy_interval(gain.after))
        text = self.tr("{0}: {1} read rightly, {2} with your hand ({3}; {4:,} drawings)")
        return fill_in(text, title, before, after, interval, len(gain))

    def _tile(self, name: str, learned: Learned) -> Tile:
        rows = [row for row, each in enumerate(learned.samples) if each.character == name]
        before, after = (
            int(each[rows].sum()) for each in (learned.left_out.before, learned.left_out.after)
        )
        text = self.tr("{0}: {1} of {2} read rightly, {3} with your hand")
        return Tile(
            (ink_to_image(learned.samples[rows[-1]].ink or Ink()),),
            f"{name}  {before}→{after}",
            text.format(name, before, len(rows), after),
            is_marked=after > before,
        )


def _characters(learned: Learned) -> list[str]:
    return sorted({each.character for each in learned.samples})
