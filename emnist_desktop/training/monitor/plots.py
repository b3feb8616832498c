"""Loss and accuracy while a run trains: matplotlib, its lines blitted over a still background.

A full drawing costs 35–70 ms, one with blitting about one. So the axes move rarely, in steps
that leave room, and between two moves only the lines are drawn.

Imported when the tab is first shown: matplotlib takes half a second.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backend_bases import DrawEvent
from matplotlib.backends.backend_qt import NavigationToolbar2QT
from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMessageBox, QWidget

from emnist_desktop.trainer_process.history import History
from emnist_desktop.ui.colors import BLUE, ORANGE, themed
from emnist_desktop.ui.dialogs.file_dialog import ask_save
from emnist_desktop.ui.format import local, unit_text
from emnist_desktop.ui.layout import vbox
from trainer.runs.list_runs import growth_of

_BATCH_ALPHA = 0.75
"""Fainter than the epochs, and still 3:1 against the ground."""

_UNUSED = ("back", "forward", "configure_subplots", "edit_parameters")
"""Of matplotlib's tools those that a curve does not need."""

_SIDE_INCHES = 0.12
"""Room beside the axes: half of the last number below them lies there."""

_FEWEST_EPOCHS = 2
_ROOM = 1.25
_LOSS_ROOM = 1.1
_EMPTY: tuple[list[float], list[float]] = ([], [])


class Plots(QWidget):
    """Two axes over one another: loss and accuracy, of batches, epochs and validation.

    Attributes
    ----------
    full_draws, updates : int
        How often everything was drawn, and only the lines.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.full_draws = 0
        self.updates = 0
        self.figure = Figure()
        self._lay_out_figure()
        make_canvas: Any = FigureCanvasQTAgg  # matplotlib's canvas has no types
        self.canvas = make_canvas(self.figure)
        self.canvas.setMinimumSize(QSize(220, 160))
        self.canvas.setAccessibleName(self.tr("Loss and accuracy of the run"))
        self._history = History()
        self._background: Any = None
        self._limits: tuple[float, float] | None = None
        self._is_stale = False
        self._make_axes()
        self.toolbar = _Tools(self.canvas, self)
        self.setLayout(vbox((self.canvas, 1), self.toolbar, spacing=0))
        self.canvas.mpl_connect("draw_event", self._on_canvas_drawn)
        self._apply_colors()

    def show_history(self, history: History) -> None:
        """Show another run."""
        self._history = history
        self.toolbar.reset_view()
        self.show_everything()

    def show_everything(self) -> None:
        """Show the whole run, and extend the axes as it continues."""
        self._limits = None
        self.refresh()

    def refresh(self) -> None:
        """Draw the latest events; while hidden, wait until shown."""
        if not self.isVisible():
            self._is_stale = True
            return
        self._is_stale = False
        self._set_lines()
        if self._move_axes() or self._background is None:
            self.canvas.draw_idle()
        else:
            self._blit()

    def save_to(self, path: Path) -> None:
        """Write the figure as PNG or SVG, according to the file's suffix."""
        for line in self._lines.values():
            line.set_animated(False)
        try:
            self.figure.savefig(path, dpi=150)
        finally:
            for line in self._lines.values():
                line.set_animated(True)
            self.canvas.draw_idle()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Forget the background and the margins: they have the old size."""
        self._background = None
        self._lay_out_figure()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._apply_colors()
        super().changeEvent(event)

    def _make_axes(self) -> None:
        self.loss_axes, self.accuracy_axes = self.figure.subplots(2, 1, sharex=True)
        self.loss_axes.set_ylabel(self.tr("loss"))
        self.accuracy_axes.set_ylabel(self.tr("accuracy, %"))
        self.accuracy_axes.set_xlabel(self.tr("epochs"))
        self._lines = {}
        texts = {
            "batch": self.tr("batches"),
            "train": self.tr("training"),
            "validation": self.tr("validation"),
        }
        for axes, quantity in ((self.loss_axes, "loss"), (self.accuracy_axes, "accuracy")):
            for kind, text in texts.items():
                (line,) = axes.plot(*_EMPTY, label=text, animated=True)
                line.set_linewidth(0.8 if kind == "batch" else 1.6)
                line.set_marker("" if kind == "batch" else "o")
                line.set_markersize(3.5)
                self._lines[quantity, kind] = line
            axes.grid(visible=True, linewidth=0.5, alpha=0.5)

    def _set_lines(self) -> None:
        scale = self._scale
        for quantity, factor in (("loss", 1.0), ("accuracy", 100.0)):
            for kind, curve in (
                ("batch", self._history.batch_curve(quantity)),
                ("train", self._history.epoch_curve(quantity)),
                ("validation", self._history.epoch_curve(f"validation_{quantity}")),
            ):
                self._lines[quantity, kind].set_data(scale * curve[:, 0], factor * curve[:, 1])

    @property
    def _scale(self) -> float:
        """How many trees or rounds a validation stands for; 1 for epochs."""
        started = self._history.started
        if started is None or growth_of({"preset": started.preset}, 1) is None:
            return 1.0
        return started.batches / max(started.epochs, 1)

    def _name_what_grows(self) -> None:
        """Name what is counted, and in the legend only lines that this kind of model has."""
        started = self._history.started
        growth = None if started is None else growth_of({"preset": started.preset}, 1)
        name = self.tr("epochs") if growth is None else unit_text(growth.unit)
        self.accuracy_axes.set_xlabel(name)
        kinds = ("batch", "train", "validation") if growth is None else ("train", "validation")
        text = self.palette().color(QPalette.ColorRole.Text).name()
        self.loss_axes.legend(  # above the axes, where no line crosses it
            handles=[self._lines["loss", kind] for kind in kinds],
            loc="lower right",
            bbox_to_anchor=(1, 1),
            ncols=3,
            frameon=False,
            fontsize="small",
            labelcolor=text,
        )

    def _move_axes(self) -> bool:
        """Extend the axes if a point lies outside; return whether they changed."""
        if self.toolbar.is_zoomed:
            return False
        started = self._history.started
        planned = _FEWEST_EPOCHS if started is None else started.epochs * self._scale
        epochs, highest = self._limits or (0.0, 0.0)
        epochs = max(epochs, planned, _FEWEST_EPOCHS)  # the plan is known after the first look
        batches = self._history.batch_curve("loss")
        done = float(batches[-1, 0]) if len(batches) else 0.0
        while epochs < self._scale * max(done, 0.0, *self._history.epochs):
            epochs = math.ceil(epochs * _ROOM)
        losses = np.concatenate([batches, self._history.epoch_curve("validation_loss")])[:, 1]
        losses = losses[np.isfinite(losses)]
        if losses.size and losses.max() > highest:
            highest = float(losses.max()) * _LOSS_ROOM
        if (epochs, highest) == self._limits:
            return False
        if self._limits is None or highest != self._limits[1]:
            self._lay_out_figure()
        self._limits = (epochs, highest)
        self._name_what_grows()
        self.loss_axes.set_xlim(0, epochs)
        self.loss_axes.set_ylim(0, highest or 1.0)
        self.accuracy_axes.set_ylim(0, 102)
        return True

    def _blit(self) -> None:
        self.updates += 1
        self.canvas.restore_region(self._background)
        self._draw_lines()
        self.canvas.blit(self.figure.bbox)

    def _draw_lines(self) -> None:
        for line in self._lines.values():
            if line.axes is not None:
                line.axes.draw_artist(line)

    def _lay_out_figure(self) -> None:
        self.figure.set_layout_engine("constrained", w_pad=_SIDE_INCHES)

    def _on_canvas_drawn(self, event: DrawEvent) -> None:
        if not isinstance(event.canvas, FigureCanvasQTAgg):  # a file is being written
            return
        self.full_draws += 1
        self.figure.set_layout_engine("none")  # until the margins change: it is half of the time
        self._background = self.canvas.copy_from_bbox(self.figure.bbox)
        self._draw_lines()

    def _apply_colors(self) -> None:
        palette = self.palette()
        color_figure(self.figure, palette)
        for (_, kind), line in self._lines.items():
            pair = ORANGE if kind == "validation" else BLUE
            line.set_color(themed(pair, palette).name())
            line.set_alpha(_BATCH_ALPHA if kind == "batch" else 1.0)
        self._name_what_grows()
        self._background = None
        self.canvas.draw_idle()


def color_figure(figure: Figure, palette: QPalette) -> None:
    """Give a figure and all its axes the colours of a theme, and numbers of the language."""
    roles = QPalette.ColorRole
    ground, text, grid = (palette.color(r).name() for r in (roles.Base, roles.Text, roles.Mid))
    figure.set_facecolor(ground)
    for axes in figure.axes:
        axes.set_facecolor(ground)
        axes.tick_params(colors=text, labelsize="small")
        for axis in (axes.xaxis, axes.yaxis):
            if axis.get_scale() == "linear":
                axis.set_major_formatter(lambda value, _: local(value, ".6g"))
        axes.yaxis.label.set_color(text)
        axes.xaxis.label.set_color(text)
        for spine in axes.spines.values():
            spine.set_color(grid)
        axes.grid(visible=True, color=grid)


class _Tools(NavigationToolbar2QT):
    """Home, pan, zoom and save: of matplotlib's tools those that a curve needs.

    Attributes
    ----------
    is_zoomed : bool
        Whether the user looks at a part; the axes then stay where they are.
    """

    def __init__(self, canvas: QWidget, plots: Plots) -> None:
        self.is_zoomed = False
        self._plots = plots
        begin: Any = super().__init__
        begin(canvas, plots, coordinates=False)
        for action in self.actions():
            if action.isSeparator() or action in [self._actions[name] for name in _UNUSED]:
                self.removeAction(action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        for name, text, tip in (
            ("home", self.tr("Whole run"), self.tr("Show everything again")),
            ("pan", self.tr("Move"), self.tr("Move what is shown with the mouse")),
            ("zoom", self.tr("Zoom"), self.tr("Draw a rectangle to look at it closely")),
            ("save_figure", self.tr("Save…"), self.tr("Save the curves as PNG or SVG")),
        ):
            self._actions[name].setText(text)
            self._actions[name].setToolTip(tip)

    def _icon(self, name: str) -> QIcon:
        """Return no icon: matplotlib paints its own in Python, which ends PySide in a crash."""
        return QIcon()

    def push_current(self) -> None:
        """Stop following the run: the user has chosen a view."""
        self.is_zoomed = True
        super().push_current()

    def home(self, *args: object) -> None:
        """Show everything, and follow the run again."""
        self.reset_view()
        self._plots.show_everything()

    def reset_view(self) -> None:
        """Follow the run again."""
        self.is_zoomed = False
        NavigationToolbar2QT.update(self)

    def save_figure(self, *args: object) -> None:
        """Ask for a file and write the figure."""
        picture, drawing = self.tr("Picture"), self.tr("Drawing")
        filters = f"{picture} (*.png);;{drawing} (*.svg)"
        path, kind = ask_save(self, self.tr("Save the curves"), "curves.png", filters)
        if path is None:
            return
        if path.suffix.lower() not in (".png", ".svg"):
            path = path.with_name(path.name + (".svg" if "svg" in kind else ".png"))
        try:
            self._plots.save_to(path)
        except OSError as error:
            QMessageBox.warning(self, self.tr("Save the curves"), str(error))
