"""The plan of a course project: its steps, each with one trial or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product
from typing import Any

from trainer.models.presets import PresetKind, preset


class Measure(StrEnum):
    """What a figure measures, as shown in a table."""

    VALIDATION = "validation accuracy"
    TEST = "test accuracy"
    TEST_F1 = "weighted F1 on the test data"
    FOLDS = "mean accuracy of the folds"


@dataclass(frozen=True)
class PlannedTraining:
    """A trial of a step.

    Attributes
    ----------
    name : str
        Within its step; part of a folder's name.
    preset : str
    settings : mapping of str to value
        Fields of `TrainingConfig` that differ from the preset's.
    theirs : float or None
        The figure of the source; None if there is none.
    """

    name: str
    preset: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    theirs: float | None = None


@dataclass(frozen=True)
class ProjectStep:
    """A step of a project: a figure or a table of the source.

    Attributes
    ----------
    name, title : str
    measure : Measure
        Of the figures of the source, and of ours.
    trials : tuple of PlannedTraining
    choose : bool
        Whether the best trial on the validation data is tested on the test data; the others
        never are.
    folds : int
        Folds of a cross-validation of each trial; 0 for none.
    theirs : float or None
        The figure of the source for the chosen trial.
    theirs_seconds : float or None
        Training time of the source.
    theirs_bytes : float or None
        Size of the source's model on disk.
    curves : bool
        Whether accuracy and loss are plotted against the epochs.
    layers : bool
        Whether the feature maps of a sample are drawn.
    note : str
        What differs from the source, or is not specified there.
    """

    name: str
    title: str
    measure: Measure
    trials: tuple[PlannedTraining, ...]
    choose: bool = False
    folds: int = 0
    theirs: float | None = None
    theirs_seconds: float | None = None
    theirs_bytes: float | None = None
    curves: bool = False
    layers: bool = False
    note: str = ""


@dataclass(frozen=True)
class Project:
    """A course project.

    Attributes
    ----------
    name, title, author : str
    dataset : str
        The dataset of the source, in words.
    pooled : bool
        Whether the training and test data are pooled and split anew.
    test_share : float
        Share of the test data, where they are split anew.
    validation_share : float
        Share of the remaining data for validation.
    steps : tuple of ProjectStep
    """

    name: str
    title: str
    author: str
    dataset: str
    pooled: bool
    test_share: float
    validation_share: float
    steps: tuple[ProjectStep, ...]


_SHORT = {"batch_size": "batch", "learning_rate": "rate"}
"""Short forms of settings in the names of trials."""


def grid(
    preset_name: str,
    axes: Mapping[str, Sequence[Any]],
    options: Mapping[str, Sequence[Any]],
) -> tuple[PlannedTraining, ...]:
    """Return a trial for each combination of values.

    Parameters
    ----------
    axes : mapping of str to sequence
        Fields of `TrainingConfig`, each with its values.
    options : mapping of str to sequence
        Options of the preset, each with its values.
    """
    trials = []
    for values in product(*axes.values(), *options.values()):
        point = dict(zip((*axes, *options), values, strict=True))
        fields = {name: point[name] for name in axes}
        if options:
            fields["preset_options"] = {name: point[name] for name in options}
        label = "-".join(f"{_SHORT.get(name, name)}{value:g}" for name, value in point.items())
        trials.append(PlannedTraining(label, preset_name, fields))
    return tuple(trials)


_QUICK_EPOCHS = 2
_QUICK_OPTIONS: Mapping[str, Any] = {"trees": 10, "rounds": 3, "grid": "none", "folds": 2}
_QUICK_TRIALS = 2
_QUICK_FOLDS = 2


def quick(project: Project) -> Project:
    """Return a scaled-down project: few epochs, trees, combinations and folds."""
    return replace(project, steps=tuple(map(_quick_step, project.steps)))


def _quick_step(step: ProjectStep) -> ProjectStep:
    trials = step.trials[:_QUICK_TRIALS] if step.choose else step.trials
    return replace(
        step,
        trials=tuple(
            replace(trial, settings=capped(trial, _QUICK_EPOCHS, _QUICK_OPTIONS))
            for trial in trials
        ),
        folds=min(step.folds, _QUICK_FOLDS),
    )


def capped(
    trial: PlannedTraining, epochs: int, options: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the settings of a trial, with upper limits for its epochs and options."""
    chosen = preset(trial.preset)
    settings = dict(trial.settings)
    if chosen.kind is PresetKind.NETWORK:
        settings["epochs"] = min(epochs, settings.get("epochs", chosen.defaults.get("epochs", 30)))
    values = chosen.option_values(
        {
            name: value
            for name, value in settings.get("preset_options", {}).items()
            if name in {option.name for option in chosen.options}
        }
    )
    smaller = {
        name: min(value, values[name]) if isinstance(value, int) else value
        for name, value in (options or {}).items()
        if name in values
    }
    if smaller:
        settings["preset_options"] = settings.get("preset_options", {}) | smaller
    return settings
