"""Amounts and names as people read them."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, Any, SupportsFloat

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, Qt

from emnist_desktop.i18n.language import trainer_text
from trainer.datasets.catalog import STARTER
from trainer.datasets.store import TEST, TRAIN, VALIDATION
from trainer.datasets.synthetic.about import STARTER_TITLE

if TYPE_CHECKING:  # the Draw tab needs none of these
    from trainer.comparison.leaderboard import LeaderboardEntry, Repetitions
    from trainer.runs.list_runs import Growth, RunSummary, Status


def locale() -> QLocale:
    """Return the locale of the window's language; English where the system has none."""
    current = QLocale()
    return QLocale("en") if current.name() == "C" else current


def local(value: float, spec: str = ",") -> str:
    """Return a number as the window's language writes it: 12,000 or 12.000, 94.8 % or 94,8 %.

    Parameters
    ----------
    value : float
    spec : str
        As of `format`: ",", ",.1f", ".3g", ".1%", or one of them with a "+".
    """
    kind = spec[-1] if spec[-1:] in "fg%" else "f"
    _, point, digits = spec.rstrip("fg%").partition(".")
    scaled = 100 * value if kind == "%" else value
    written = locale()
    if kind == "g" or (kind == "f" and "," not in spec):
        written.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    n_digits = int(digits) if point else 6 if kind == "g" else 0
    text = written.toString(float(scaled), "g" if kind == "g" else "f", n_digits)
    sign = "+" if spec.startswith("+") and value >= 0 else ""
    return f"{sign}{text}{_PER_CENT if kind == '%' else ''}"


def typed(text: str) -> float:
    """Read a number as people type it in the window's language, or with a decimal point.

    Raises
    ------
    ValueError
        If it is none.
    """
    written = locale()
    written.setNumberOptions(QLocale.NumberOption.RejectGroupSeparator)
    number, is_one = written.toDouble(text)
    return number if is_one else float(text)


def ungrouped(text: str) -> str:
    """Return a number without the separators of its groups of thousands; other text as it is."""
    separator = locale().groupSeparator()
    is_grouped = re.fullmatch(rf"[1-9]\d{{0,2}}({re.escape(separator)}\d{{3}})+", text)
    return text.replace(separator, "") if is_grouped else text


def fill_in(text: str, *values: object) -> str:
    """Return a text with values in it, as `str.format`, numbers as the language writes them."""
    return _FORMATTER.vformat(text, values, {})


class _LocalFormatter(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> Any:
        is_number = isinstance(value, SupportsFloat) and not isinstance(value, str)
        if is_number and format_spec and format_spec[-1] in ",fg%":
            return local(float(value), format_spec)
        return super().format_field(value, format_spec)


_FORMATTER = _LocalFormatter()
_PER_CENT = " %"


def split_text(name: str) -> str:
    """Return the name of a split in the user's language; one of their own stays as it is."""
    known = {
        TRAIN: QCoreApplication.translate("FilterBar", "train"),
        VALIDATION: QCoreApplication.translate("FilterBar", "validation"),
        TEST: QCoreApplication.translate("FilterBar", "test"),
    }
    return known.get(name, name)


def size_text(n_bytes: float | None) -> str:
    """Return an amount of data: 540 B, 33 MB, 1.2 GB; a dash for None."""
    if n_bytes is None:
        return NOTHING
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= size:
            value = n_bytes / size
            return f"{local(value, '.1f' if value < 9.95 else ',.0f')} {unit}"
    return f"{n_bytes:.0f} B"


def time_text(seconds: float) -> str:
    """Return a span of time: 4.2 s, 40 s, 3 min, 1 h 05 min; an int is shown without a fraction."""
    if seconds < 9.95 and not isinstance(seconds, int):
        return f"{local(seconds, '.1f')} s"
    if seconds < 89.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


NOTHING = "–"

_LONGEST_NAME = 28
_LAST_PART = 10


def short_name(title: str) -> str:
    """Return a name without its middle if it is long: its beginning and its end tell it apart."""
    if len(title) <= _LONGEST_NAME:
        return title
    return f"{title[: _LONGEST_NAME - _LAST_PART - 1]}…{title[-_LAST_PART:]}"


def cut(name: str, most: int) -> str:
    """Return a name without its end where it has more than `most` characters."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def moment_text(seconds: int) -> str:
    """Return a day and time, given in seconds since 1970, as the user's language has it."""
    moment = QDateTime.fromSecsSinceEpoch(seconds)
    return locale().toString(moment, QLocale.FormatType.ShortFormat)


def share_text(value: float | None) -> str:
    """Return a share: 98.6 %."""
    return NOTHING if value is None else local(value, ".2%")


def interval_text(interval: tuple[float, float] | None) -> str:
    """Return an interval: 98.3 to 98.9 %; empty without one."""
    return "" if interval is None else fill_in("{0:.2f}–{1:.2%}", 100 * interval[0], interval[1])


def parameters_text(entry: LeaderboardEntry) -> str:
    """Return the number of trained numbers; a dash for classic models."""
    return local(entry.run.parameters) if entry.run.parameters else NOTHING


def speed_text(microseconds: float | None) -> str:
    """Return the time to read an image: 4 µs, 1.2 ms."""
    if microseconds is None:
        return NOTHING
    if microseconds < 10:
        return f"{local(microseconds, '.1f')} µs"
    if microseconds < 1000:
        return f"{microseconds:.0f} µs"
    return f"{local(microseconds / 1000, '.1f')} ms"


def repeated_text(group: Repetitions) -> str:
    """Return the mean of trainings that differ in their seed, in a line."""
    run = group.entries[0].run
    seeds = sorted({entry.run.seed for entry in group.entries})
    text = fill_in(
        QCoreApplication.translate(
            "Compare", "{0} on {1}, {2} runs, seeds {3}: {4:.2f} ± {5:.2f} % validation"
        ),
        preset_text(run.preset),
        run.trained_on(title_text),
        len(group.entries),
        ", ".join(map(str, seeds)),
        100 * group.mean,
        100 * group.deviation,
    )
    if group.test_mean is None or group.test_deviation is None:
        return text
    test = QCoreApplication.translate("Compare", ", {0:.2f} ± {1:.2f} % test")
    tested = fill_in(test, 100 * group.test_mean, 100 * group.test_deviation)
    return text + (tested if run.merged_accuracy is None else merged_text(tested))


def accuracy_text(run: RunSummary) -> str:
    """Return the best validation accuracy with its interval: 87.2 % (86.1–88.2)."""
    if run.accuracy is None:
        return "–"
    text = local(run.accuracy, ".1%")
    if run.interval is None:
        return text
    low, high = run.interval
    return fill_in("{0} ({1:.1f}–{2:.1f})", text, 100 * low, 100 * high)


def test_text(run: RunSummary) -> str:
    """Return the test accuracy, with a mark where settings may have been chosen by a test."""
    if run.test_result is None:
        return "– *" if is_marked(run) else "–"
    text = local(run.test_result.accuracy, ".1%")
    if run.merged_accuracy is not None:
        text = merged_text(text)
    return f"{text} *" if is_marked(run) else text


def merged_text(text: str) -> str:
    """Return an accuracy for which letters that are alike in both cases are one class."""
    return QCoreApplication.translate("Facts", "{0} (case merged)").format(text)


def merged_accuracy_text(run: RunSummary) -> str:
    """Return the validation accuracy that compares with the test's; empty if it is the same."""
    if run.merged_accuracy is None:
        return ""
    text = QCoreApplication.translate("Facts", "Validation with case merged, as the test is: {0}")
    return text.format(share_text(run.merged_accuracy))


def extent_text(run: RunSummary) -> str:
    """Return how far a run has come: 6 of 20 epochs, 250 of 250 trees, 20 neighbours."""
    growth = run.growth
    if growth is None:
        text = QCoreApplication.translate("Extent", "{0} of {1} epochs")
        return text.format(run.epochs_done, run.epochs)
    return growth_text(growth)


def growth_text(growth: Growth) -> str:
    """Return what a classic model consists of: 100 of 250 trees; a dash while nobody knows."""
    done, planned = local(growth.done), local(growth.planned)
    match growth.unit:
        case "trees":
            text = QCoreApplication.translate("Extent", "{0} of {1} trees")
        case "rounds":
            text = QCoreApplication.translate("Extent", "{0} of {1} rounds")
        case "neighbours":
            text = QCoreApplication.translate("Extent", "{0} neighbours")
        case _:
            text = QCoreApplication.translate("Extent", "{0} support vectors")
    return text.format(done, planned) if growth.done or growth.planned else NOTHING


def unit_text(unit: str) -> str:
    """Return what a classic model counts while it is fitted, in the user's language."""
    texts = {
        "trees": QCoreApplication.translate("Extent", "trees"),
        "rounds": QCoreApplication.translate("Extent", "rounds"),
        "folds": QCoreApplication.translate("Extent", "folds"),
        "models": QCoreApplication.translate("Extent", "models"),
        "images": QCoreApplication.translate("Extent", "images"),
    }
    return texts.get(unit, unit)


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
    from trainer.runs.list_runs import Status

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


def percent(share: float) -> str:
    """Return a share as it is written: 87.4 %, never torn apart at the end of a line."""
    return unbroken(local(share, ".1%"))


def unbroken(text: str) -> str:
    """Return a text whose lines never break before a per cent sign."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def probability_text(share: float) -> str:
    """Return a probability in whole per cent, never a rounded certainty: 87 %, > 99 %, < 1 %."""
    if 0.995 <= share < 1.0:
        return f"> 99{_PER_CENT}"
    return local(share, ".0%") if share >= 0.01 else f"< 1{_PER_CENT}"


def preset_text(name: str) -> str:
    """Return the title of a preset; a name without one stays as it is."""
    from trainer.models.presets import PRESETS

    return trainer_text(PRESETS[name].title) if name in PRESETS else name


def run_title(run: RunSummary) -> str:
    """Return what a run is called: by the user, else by what was trained on what."""
    return run.titled(title_text)


_SHARE = re.compile(r"\d+\.\d %")


def title_text(part: str) -> str:
    """Return a part of a run's title in the user's language: words, a share, a day.

    In English a day stays as it is: the short forms differ from country to country.
    """
    if part == STARTER:
        return trainer_text(STARTER_TITLE)
    if _SHARE.fullmatch(part):
        return local(float(part.removesuffix(" %")) / 100, ".1%")
    day = QDate.fromString(part, Qt.DateFormat.ISODate)
    if day.isValid() and locale().language() is not QLocale.Language.English:
        return locale().toString(day, QLocale.FormatType.ShortFormat)
    return trainer_text(part)
