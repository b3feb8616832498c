"""Where the report of a model on a dataset is kept, and whether it still holds."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from emnist_desktop.models.command_page import CommandPage
from emnist_desktop.models.known_models import KnownModel
from emnist_desktop.models.page import ModelContext
from emnist_desktop.ui.dialogs.confirm_test import wants_test
from trainer.datasets.store import TEST
from trainer.evaluation.report.report import REPORT_NAME
from trainer.files.paths import Profile
from trainer.files.records import RecordError, parse
from trainer.recognition.bundle import CARD_NAME
from trainer.runs.test_result import is_first_test

_LONGEST_NAME = 40
_DIGEST = 12
"""Characters; enough to tell the reports of one profile apart."""


def report_folder(profile: Profile, subject: ModelContext) -> Path:
    """Return the folder with the report and the predictions of a subject, there or not."""
    meant = [str(subject.model.absolute()), subject.alphabet, subject.data, subject.split]
    meant += [subject.input_range] if subject.input_range else []
    digest = hashlib.sha256(json.dumps(meant).encode()).hexdigest()[:_DIGEST]
    model = subject.model.parent if subject.model.name == "bundle" else subject.model
    names = "-".join((model.name, Path(subject.data).name, subject.split))
    readable = re.sub(r"[^\w.-]+", "-", names).strip("-.")[:_LONGEST_NAME]
    return profile.reports / "models" / f"{readable}-{digest}"


class ReportedPage(CommandPage):
    """A page about the report of the chosen model on the chosen data."""

    def arguments(self) -> list[str] | None:
        """Return the command that reads every sample, and keeps its report."""
        if self.subject is None:
            return None
        folder = report_folder(self.profile, self.subject)
        return ["evaluate", *self.subject.options(), "--out", str(folder)]

    def may_begin(self) -> bool:
        """Ask before the first look at the test data of a run."""
        return may_look_at_test(self)

    def result_file(self) -> Path | None:
        """Return the report of the model on the data."""
        if self.subject is None or not self.subject.data:
            return None
        return report_folder(self.profile, self.subject) / REPORT_NAME


def may_look_at_test(page: CommandPage, *others: KnownModel) -> bool:
    """Ask before the first look at the test data of the subject's run, or of other models' runs."""
    subject = page.subject
    if subject is None or subject.split != TEST:
        return True
    models = [(subject.model, subject.title), *((each.path, each.title) for each in others)]
    untested = [title for path, title in models if is_first_test(path, subject.data, subject.split)]
    return not untested or wants_test(page, untested, subject.data_title)


def made_at(figures: dict[str, Any]) -> datetime | None:
    """Return when a report was made; None where that is not stored."""
    try:
        return datetime.fromisoformat(str(figures.get("made"))).astimezone()
    except ValueError:
        return None


def has_learned(subject: ModelContext) -> bool:
    """Return whether the model learned from all of these data, beside others.

    Of the data that a run is about, a part is kept for the test; of what it learned from besides,
    nothing is.
    """
    try:
        card = parse((subject.model / CARD_NAME).read_bytes())
        extra = card["training"]["settings"]["extra"]
    except (OSError, RecordError, KeyError, TypeError):
        return False
    return isinstance(extra, list) and subject.data in extra


def is_outdated(figures: dict[str, Any], subject: ModelContext) -> bool:
    """Return whether the model was written after its report was made, or is gone."""
    made = made_at(figures)
    card = subject.model / CARD_NAME
    path = card if subject.model.is_dir() else subject.model
    try:
        written = path.stat().st_mtime
    except OSError:
        return True
    return made is None or written > made.timestamp() + 1
