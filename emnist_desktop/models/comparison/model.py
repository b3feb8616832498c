"""The leaderboard as a table's model."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from emnist_desktop.ui.format import (
    interval_text,
    merged_accuracy_text,
    merged_text,
    parameters_text,
    preset_text,
    run_title,
    share_text,
    size_text,
    speed_text,
    status_text,
    time_text,
    title_text,
)
from emnist_desktop.ui.table import RIGHT, RecordModel
from trainer.comparison.leaderboard import LeaderboardEntry

VALIDATION = 3
"""Column by which the table is sorted at first."""

_FIRST_AMOUNT = 3


class LeaderboardModel(RecordModel[LeaderboardEntry]):
    """A row a run."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = (
            (self.tr("Run"), self.tr("Its name in the Training tab")),
            (self.tr("Model"), self.tr("The preset that was trained")),
            (self.tr("Dataset"), self.tr("What it learnt from")),
            (self.tr("Validation"), self.tr("Accuracy on the samples that it chose by")),
            (self.tr("Test"), self.tr("Accuracy on samples that nothing was chosen by")),
            (self.tr("Time to train"), self.tr("All epochs, their validations included")),
            (self.tr("Parameters"), self.tr("Trained numbers; classic models have none")),
            (self.tr("Model size"), self.tr("Of the model alone, on disk")),
            (self.tr("An image"), self.tr("Time to read one, where it was measured")),
            (self.tr("Seed"), self.tr("Start of its random numbers")),
        )

    def alignment(self, column: int) -> Qt.AlignmentFlag | None:
        """Put amounts on the right."""
        return RIGHT if column >= _FIRST_AMOUNT else None

    def texts(self, row: LeaderboardEntry) -> tuple[str, ...]:
        """Return the texts of the cells of a run."""
        run = row.run
        mark = " *" if run.chosen_after else ""
        test = share_text(row.test)
        if row.test is not None and run.merged_accuracy is not None:
            test = merged_text(test)
        unfinished = f" ({status_text(run.status)})" if run.status.is_alive else ""
        return (
            run_title(run) + unfinished,
            preset_text(run.preset),
            run.trained_on(title_text),
            share_text(run.accuracy),
            test + mark,
            time_text(run.seconds),
            parameters_text(row),
            size_text(row.size_bytes),
            speed_text(row.microseconds),
            str(run.seed),
        )

    def keys(self, row: LeaderboardEntry) -> tuple[str | float, ...]:
        """Return what each column is sorted by."""
        run = row.run
        return (
            run_title(run).lower(),
            preset_text(run.preset).lower(),
            run.trained_on(title_text).lower(),
            -1.0 if run.accuracy is None else run.accuracy,
            -1.0 if row.test is None else row.test,
            run.seconds,
            run.parameters,
            -1 if row.size_bytes is None else row.size_bytes,
            -1.0 if row.microseconds is None else row.microseconds,
            run.seed,
        )

    def tip(self, row: LeaderboardEntry, column: int) -> str:
        """Return the accuracies of a run with their intervals, and its note."""
        run = row.run
        lines = [run_title(run)]
        for text, value, interval in (
            (self.tr("Validation {0}, 95 %: {1}"), run.accuracy, run.interval),
            (self.tr("Test {0}, 95 %: {1}"), row.test, row.test_interval),
        ):
            if value is not None:
                lines.append(text.format(share_text(value), interval_text(interval)))
        lines += filter(None, [merged_accuracy_text(run)])
        if run.chosen_after:
            text = self.tr("* Its settings were changed after the test accuracy of {0} was seen.")
            lines.append(text.format(run.chosen_after))
        if run.note:
            lines.append(run.note)
        return "\n".join(lines)
