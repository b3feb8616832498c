"""Amounts and states as people read them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from trainer.runs.listing import RunSummary, Status


def size_text(n_bytes: float) -> str:
    """Return an amount of data: 540 B, 33 MB, 1.2 GB."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= size:
            value = n_bytes / size
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:,.0f} {unit}"
    return f"{n_bytes:.0f} B"


def time_text(seconds: float) -> str:
    """Return a span of time: 4.2 s, 40 s, 3 min, 1 h 05 min."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def accuracy_text(run: RunSummary) -> str:
    """Return the best validation accuracy with its interval: 87.2 % (86.1–88.2)."""
    if run.accuracy is None:
        return "–"
    text = f"{100 * run.accuracy:.1f} %"
    if run.interval is None:
        return text
    low, high = run.interval
    return f"{text} ({100 * low:.1f}–{100 * high:.1f})"


def test_text(run: RunSummary) -> str:
    """Return the test accuracy, with a mark where settings may have been chosen by a test."""
    if run.tested is None:
        return "– *" if is_marked(run) else "–"
    text = f"{100 * run.tested.accuracy:.1f} %"
    return f"{text} *" if is_marked(run) else text


def is_marked(run: RunSummary) -> bool:
    """Whether a run has results, and settings that may have been chosen by a test."""
    return bool(run.chosen_after) and run.has_epochs


def chosen_after_legend() -> str:
    """Return what the mark means, whichever run it is at."""
    return QCoreApplication.translate(
        "Facts",
        "* Its settings were changed after a test on the same data was seen. They may have been "
        "chosen by that test: its own test accuracy may say too much.",
    )


def chosen_after_text(run: RunSummary) -> str:
    """Return what the mark means; empty without one."""
    if not is_marked(run):
        return ""
    return QCoreApplication.translate(
        "Facts", "* Its settings were changed after the test accuracy of {0} was seen."
    ).format(run.chosen_after)


def status_text(status: Status) -> str:
    """Return a status in a word."""
    texts = {
        Status.WAITING: QCoreApplication.translate("Status", "waiting"),
        Status.RUNNING: QCoreApplication.translate("Status", "training"),
        Status.PAUSED: QCoreApplication.translate("Status", "paused"),
        Status.INTERRUPTED: QCoreApplication.translate("Status", "interrupted"),
        Status.FINISHED: QCoreApplication.translate("Status", "finished"),
        Status.STOPPED: QCoreApplication.translate("Status", "stopped early"),
        Status.FAILED: QCoreApplication.translate("Status", "failed"),
        Status.CANCELLED: QCoreApplication.translate("Status", "cancelled"),
        Status.IMPORTED: QCoreApplication.translate("Status", "imported"),
        Status.NEWER: QCoreApplication.translate("Status", "made by a newer version"),
    }
    return texts[status]
