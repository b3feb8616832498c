"""What repeating a course project means: steps, each of one training or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product
from typing import Any

from trainer.models.presets import PresetKind, preset


class Measure(StrEnum):
    """What a figure is: in words, as a table shows it."""

    VALIDATION = "validation accuracy"
    TEST = "test accuracy"
    TEST_F1 = "weighted F1 on the test data"
    FOLDS = "mean accuracy of the folds"


@dataclass(frozen=True)
class PlannedTraining:
    """One training of a step.

    Attributes
    ----------
    name : str
        Within its step; part of a folder's name.
    preset : str
    settings : mapping of str to value
        Fields of `TrainingConfig` that differ from the preset's.
    theirs : float or None
        The source's figure for it; None where it gives none.
    """

    name: str
    preset: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    theirs: float | None = None


@dataclass(frozen=True)
class ProjectStep:
    """Part of a project: a figure or a table of the source.

    Attributes
    ----------
    name, title : str
    measure : Measure
        What the source's figures are, and so ours.
    trials : tuple of PlannedTraining
    choose : bool
        Whether the best trial on the validation data is then measured on the test data. The
        others never are.
    folds : int
        So many trainings of each trial, each leaving another part of the data out; 0 for none.
    theirs : float or None
        The source's figure for the trial that is chosen.
    theirs_seconds : float or None
        How long the source's training took.
    theirs_bytes : float or None
        How large the source's model is on disk.
    curves : bool
        Whether accuracy and loss over the epochs are drawn.
    layers : bool
        Whether what the layers make of a sample is drawn.
    note : str
        What is not as in the source, or is left open there.
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
        What the source used, in words.
    pooled : bool
        Whether train and test are put together and divided anew.
    test_share : float
        Part that becomes the test data where they are divided anew, or have none.
    validation_share : float
        Part of the rest to choose by.
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


_WORDS = {"batch_size": "batch", "learning_rate": "rate"}
"""Of long names, what is left in the name of a trial."""


def grid(
    preset_name: str,
    axes: Mapping[str, Sequence[Any]],
    settings: Mapping[str, Any] | None = None,
    options: Mapping[str, Sequence[Any]] | None = None,
) -> tuple[PlannedTraining, ...]:
    """Return a trial for each combination of values.

    Parameters
    ----------
    axes : mapping of str to sequence
        Fields of `TrainingConfig`, each with its values.
    settings : mapping, optional
        What all have in common.
    options : mapping of str to sequence, optional
        Options of the preset, each with its values.
    """
    options = options or {}
    trials = []
    for values in product(*axes.values(), *options.values()):
        chosen = dict(zip((*axes, *options), values, strict=True))
        of_preset = {name: chosen[name] for name in options}
        fields = {name: chosen[name] for name in axes}
        if of_preset:
            fields["preset_options"] = of_preset
        label = "-".join(f"{_WORDS.get(name, name)}{value:g}" for name, value in chosen.items())
        trials.append(PlannedTraining(label, preset_name, dict(settings or {}) | fields))
    return tuple(trials)


_QUICK_EPOCHS = 2
_QUICK_OPTIONS: Mapping[str, Any] = {"trees": 10, "rounds": 3, "grid": "none", "folds": 2}
_QUICK_TRIALS = 2
_QUICK_FOLDS = 2


def quick(project: Project) -> Project:
    """Return the same project in small: few epochs, trees, combinations and folds."""
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
    """Return a trial's settings with at most so many epochs, and options no larger than given."""
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
