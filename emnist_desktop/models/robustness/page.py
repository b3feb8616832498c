"""How a model reads pictures that were made worse."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as PillowImage
from PySide6.QtCore import Slot

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.models.command_page import FAILURE, CommandPage
from emnist_desktop.models.known_models import KnownModel, files_from_json, find_models
from emnist_desktop.models.page import ModelContext
from emnist_desktop.models.report_store import may_look_at_test
from emnist_desktop.models.robustness.result import (
    RobustnessExample,
    RobustnessResult,
    index_in_split,
    load_result,
    read_result,
    report_file,
    splits_of,
)
from emnist_desktop.models.robustness.results_view import RobustnessResults
from emnist_desktop.models.subject_panel import FILES
from emnist_desktop.ui.controls import combo_box, plain_label, spin_box, title_of
from emnist_desktop.ui.format import fill_in, local, moment_text
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.task import Context, Task
from trainer.datasets.catalog import Catalog
from trainer.datasets.dataset import Dataset, Labels
from trainer.errors import TrainerError
from trainer.evaluation.corruptions import CORRUPTIONS, CleanSamples, corrupted
from trainer.ink.render import Images

_SAMPLES = 2000
_MOST_SAMPLES = 10_000_000
_SAMPLES_STEP = 500
_PREVIEWED = 6
"""Samples that are shown before anything is measured."""


class RobustnessPage(CommandPage):
    """Measures in a child process and keeps the last result of each model on each dataset."""

    def build(self) -> None:
        """Make the form and the views."""
        super().build()
        self._finding = Task(self, self._on_models_found)
        self._previewing = Task(self, self._on_preview_made)
        self.samples = spin_box(
            0,
            _MOST_SAMPLES,
            _SAMPLES,
            step=_SAMPLES_STEP,
            zero=self.tr("all"),
            tip=self.tr("So many samples, chosen at random, are shown 51 times each; 0 for all"),
        )
        self.other = combo_box(
            [(self.tr("no other model"), None)],
            tip=self.tr("Show the same pictures to a second model"),
            width=10,
        )
        self.samples.setMinimumHeight(self.other.sizeHint().height())
        self.summary = plain_label(selectable=True)
        self.results = RobustnessResults()
        self.results.hide()
        top = hbox(
            title_of(self.samples, self.tr("Samples")),
            self.samples,
            title_of(self.other, self.tr("Compare with")),
            (self.other, 1),
            self.start,
        )
        self.setLayout(vbox(self.banner, top, self.running, self.summary, (self.results, 1), 0))
        self.results.sample_chosen.connect(self._on_sample_chosen)
        self.results.training_requested.connect(self.form_requested)

    def look(self) -> None:
        """Load the last result, and list models to compare with."""
        super().look()
        profile, files = self.profile, files_from_json(self.settings.get(FILES))
        self._finding.start(lambda _: find_models(profile, files))

    def arguments(self) -> list[str] | None:
        """Return the command that measures one model or two."""
        if self.subject is None:
            return None
        title, options = self.subject.title, self.subject.options()
        tip = self.tr("Measuring {0} on {1}").format(title, self.subject.samples_title)
        self.running.setToolTip(tip)
        other = self.other.currentData()
        if isinstance(other, KnownModel):
            options += ["--model2", str(other.path)]
            options += ["--alphabet2", other.alphabet] if other.alphabet else []
            chosen = other.input_range
            options += [f"--input-range2={chosen}"] if chosen else []
        options += ["--samples", str(self.samples.value()), "--pictures"]
        return ["robustness", *options, "--out", str(report_file(self.profile, self.subject))]

    def may_begin(self) -> bool:
        """Ask before the first look at the test data of a run."""
        other = self.other.currentData()
        return may_look_at_test(self, *((other,) if isinstance(other, KnownModel) else ()))

    def result_file(self) -> Path | None:
        """Return the last result of the model on the data."""
        return None if self.subject is None else report_file(self.profile, self.subject)

    def load_result(self, path: Path) -> Callable[[], Any]:
        """Return what reads a result; a spoilt one counts as none."""
        return partial(load_result, path)

    def result_of(self, answer: dict[str, Any]) -> RobustnessResult:
        """Return the result that was printed."""
        return read_result(answer)

    def start_words(self) -> tuple[str, str]:
        """Return what is done, and how."""
        tip = self.tr("Show the model its pictures made worse in ten ways of five strengths")
        return self.tr("Measure"), tip

    def done_text(self, title: str) -> str:
        """Return the message for the status bar."""
        return self.tr("Robustness of {0} measured").format(title)

    def show_result(self) -> None:
        """Show the figures, or what they would be of."""
        self._previewing.cancel()
        self.results.setVisible(self.result is not None)
        if self.result is not None:
            shown = _in_language(self.result)
            self.summary.setText(self._summary(shown))
            self.results.show_result(shown)
            return
        text = self.tr(
            "How well does it read what is noisy, blurred, turned, covered or drawn with "
            "another pen? Press Measure: its accuracy is taken on the same samples under "
            "ten corruptions of five strengths."
        )
        self.summary.setText("\n\n".join(filter(None, (text, self.missing()))))
        subject, catalog = self.subject, self.catalog
        if subject is not None and subject.data:
            self._previewing.start(lambda context: preview(catalog, subject, context))

    def _summary(self, result: RobustnessResult) -> str:
        form = self.tr("drawings") if result.is_of_drawings else self.tr("images")
        when = moment_text(self.made_at())
        lines = [f"{result.data} · {local(result.samples)} {form} · {when}"]
        for figures in result.models:
            text = self.tr(
                "{0}: untouched {1:.1f} %, mean corruption accuracy {2:.1f} % "
                "(95\u00a0%: {3:.1f} to {4:.1f}\u00a0%), {5:.0f}\u00a0% lost"
            )
            low, high = figures.mean.interval
            lost = figures.lost(figures.mean)
            shares = (figures.untouched.value, figures.mean.value, low, high, lost)
            lines.append(fill_in(text, figures.name, *(100 * share for share in shares)))
        return "\n".join(lines)

    @Slot(object)
    def _on_models_found(self, models: list[KnownModel]) -> None:
        current = self.other.currentData()
        wanted = current.path if isinstance(current, KnownModel) else None
        own = None if self.subject is None else self.subject.model
        while self.other.count() > 1:
            self.other.removeItem(1)
        for model in models:
            if not model.problem and model.path != own:
                self.other.addItem(model.title, model)
                if model.path == wanted:
                    self.other.setCurrentIndex(self.other.count() - 1)

    @Slot(object)
    def _on_preview_made(self, pictures: RobustnessResult) -> None:
        self.results.show_result(pictures)
        self.results.show()

    @Slot(int)
    def _on_sample_chosen(self, number: int) -> None:
        subject = self.subject
        if subject is None:
            return
        try:
            split, index = index_in_split(self.catalog, subject, number)
        except TrainerError as error:
            self.banner.show_notice(error.message, error.hint, topic=FAILURE)
            return
        title = self.tr("A sample of the robustness page")
        self.samples_requested.emit(subject.data, split, np.array([index], dtype=np.int64), title)


def _in_language(result: RobustnessResult) -> RobustnessResult:
    """Return a result whose models and data are called as in the rest of the window."""
    models = tuple(replace(each, name=trainer_text(each.name)) for each in result.models)
    return replace(result, data=trainer_text(result.data), models=models)


def preview(catalog: Catalog, subject: ModelContext, context: Context) -> RobustnessResult:
    """Return a result without models: pictures of some samples in all conditions.

    Raises
    ------
    DatasetError
        If the dataset cannot be opened.
    """
    stored, splits = splits_of(catalog, subject)
    inks = stored.inks(splits[0])
    data = stored.splits[splits[0]] if inks is None else inks
    numbers = _of_different_classes(np.asarray(data.labels))
    if isinstance(data, Dataset):
        originals = CleanSamples.from_data(data.take(numbers), numbers)
    else:
        is_chosen = np.isin(np.arange(len(data)), numbers)
        originals = CleanSamples.from_data(data.select(is_chosen), numbers)
    conditions = [originals.images]
    for corruption in CORRUPTIONS.values():
        for strength in corruption.strengths:
            context.check()
            conditions.append(corrupted(originals, corruption.name, strength))
    strips = np.concatenate(conditions, axis=2)
    truth = [data.alphabet[label] for label in data.labels[numbers].tolist()]
    return RobustnessResult(
        stored.card.title,
        inks is not None,
        len(numbers),
        tuple(
            replace(each, title=trainer_text(each.title), unit=trainer_text(each.unit))
            for each in CORRUPTIONS.values()
        ),
        (),
        None,
        tuple(
            RobustnessExample(number, character, (), _png(strip))
            for number, character, strip in zip(numbers.tolist(), truth, strips, strict=True)
        ),
    )


def _of_different_classes(labels: Labels) -> Labels:
    """Return ascending numbers of samples, spread over the classes."""
    _, first = np.unique(labels, return_index=True)
    places = np.linspace(0, len(first) - 1, min(_PREVIEWED, len(first))).round().astype(np.int64)
    return np.sort(first[places]).astype(np.int64)


def _png(image: Images) -> bytes:
    stream = io.BytesIO()
    PillowImage.fromarray(image).save(stream, "PNG")
    return stream.getvalue()
