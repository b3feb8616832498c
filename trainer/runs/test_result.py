"""What a run's recogniser reads of data that nobody chose anything by: measured once, on request.

The figure is worth something as long as no setting was chosen by it. So it is noted when it was
seen, whichever command has measured it, and runs that were set up after that, on the same data and
with other settings, are marked.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.config.training_config import TrainingConfig
from trainer.errors import DatasetError, RunError, TrainerError
from trainer.files.records import RecordError, object_or_empty, read_record, write_json
from trainer.recognition.bundle import load_bundle
from trainer.runs.folder import RunFolder

if TYPE_CHECKING:
    from trainer.datasets.dataset import Dataset
    from trainer.datasets.load import Data

TESTED_NAME = "test.json"
PLAN_NAME = "plan.json"
TEST_SPLIT = "test"

_FREE = ("seed", "device", "steps_per_call")
"""Settings that nobody chooses by a test: another seed repeats a run, it does not tune it."""


@dataclass(frozen=True)
class TestResult:
    """What a test found.

    Attributes
    ----------
    data : str
        As the run's settings name it.
    samples : int
    accuracy : float
        Of the 47 merged classes where the alphabet has 62, as on the run's card.
    low, high : float
        Its 95 % interval.
    seen : float
        When first, in seconds since 1970.
    model, settings : str
        sha256 of the model that was measured, and of the run's settings when its test was first
        seen.
    """

    data: str
    samples: int
    accuracy: float
    low: float
    high: float
    seen: float
    model: str
    settings: str


@dataclass(frozen=True)
class TestRecord:
    """Somebody has seen the test of a run."""

    root: Path
    title: str
    config: dict[str, Any]
    tested: TestResult


def measure_test(folder: RunFolder) -> TestResult:
    """Measure the recogniser of a run on its test data; a second time only what was found.

    Raises
    ------
    TrainerError
        If it has no recogniser, or its data have no test split of their own.
    """
    bundle = load_bundle(folder.bundle)
    before, model = read_tested(folder.root), str(bundle.card["model"]["sha256"])
    if before is not None and before.model == model:
        return before
    from trainer.evaluation.summary import validation_figures
    from trainer.recognition.recognizer import Recognizer

    config = TrainingConfig.load(folder.config_file)
    dataset = _test_data(config)
    if dataset.alphabet != bundle.alphabet:
        raise RunError(
            "The test data of {data} have other characters than the recogniser.",
            "Measure it with: python -m trainer evaluate.",
        ).format(data=config.data)
    figures = validation_figures(Recognizer(bundle).probabilities(dataset.images), dataset)
    return _noted(folder, {**figures, "samples": len(dataset)}, config.data, model)


def note_look(model: Path, data: str, split: str, figures: Mapping[str, Any]) -> None:
    """Note what a report tells of a run's own test data; of other data there is nothing to note.

    Parameters
    ----------
    model : Path
        What was measured: a run, its bundle, or a file in that.
    data, split : str
        On what, as `load_data` takes them.
    figures : mapping
        With ``samples``, ``accuracy`` and ``interval``.
    """
    root = _run_of(model)
    if root is None:
        return
    folder = RunFolder(root)
    try:
        config = TrainingConfig.load(folder.config_file)
        if _is_own_test(config, data, split):
            sha256 = str(load_bundle(folder.bundle).card["model"]["sha256"])
            before = read_tested(root)
            if before is None or before.model != sha256:
                _noted(folder, figures, config.data, sha256)
    except (OSError, TrainerError) as error:
        logging.getLogger(__name__).warning("The test is not noted in %s: %s", root.name, error)


def _noted(folder: RunFolder, figures: Mapping[str, Any], data: str, model: str) -> TestResult:
    low, high = figures["interval"]
    tested = TestResult(
        data=data,
        samples=figures["samples"],
        accuracy=figures["accuracy"],
        low=low,
        high=high,
        seen=time.time(),
        model=model,
        settings=_checksum(folder.config_file),
    )
    before = read_tested(folder.root)
    if before is not None:  # of another model: what was seen of the run stays seen
        tested = replace(tested, seen=before.seen, settings=before.settings)
    write_json(folder.root / TESTED_NAME, tested, indent=2)
    return tested


def note_plan(root: Path, plan: str) -> None:
    """Note of a run that its settings stood in a plan, such as that of a project's experiments.

    What the test of one run of a plan says changes no other.
    """
    write_json(root / PLAN_NAME, {"plan": plan})


def read_tested(root: Path) -> TestResult | None:
    """Return what the test of a run found; None where nobody asked."""
    try:
        return read_record(root / TESTED_NAME, TestResult)
    except RecordError:
        return None


def chosen_after(
    root: Path, config: dict[str, Any], created: float, sightings: Sequence[TestRecord]
) -> str:
    """Return the title of a run whose test was seen before this one was set up otherwise.

    Empty where no setting can have been chosen by a test. A run counts for itself: settings that
    were changed after its test was seen.
    """
    for each in sightings:
        if each.root == root:
            if _checksum(RunFolder(root).config_file) != each.tested.settings:
                return each.title
        elif (
            each.tested.data == config.get("data")
            and each.tested.seen < created
            and _tunable(each.config) != _tunable(config)
            and not _are_of_one_plan(root, each.root)
        ):
            return each.title
    return ""


def _are_of_one_plan(first: Path, second: Path) -> bool:
    plan = _plan(first)
    return bool(plan) and plan == _plan(second)


def _plan(root: Path) -> str:
    return str(object_or_empty(root / PLAN_NAME).get("plan", ""))


def _run_of(model: Path) -> Path | None:
    """Return the run that a model belongs to; None for one that came without."""
    path = model.absolute()
    for root in (path, path.parent, path.parent.parent):
        folder = RunFolder(root)
        places = (root, folder.bundle, folder.bundle / path.name)
        if folder.config_file.is_file() and path in places:
            return root
    return None


def _is_own_test(config: TrainingConfig, data: str, split: str) -> bool:
    if config.data != data and not _is_same_path(config.data, data):
        return False
    if split == TEST_SPLIT:
        return True
    try:
        return not split and len(_load_test(config.data)) > 0
    except DatasetError:
        return False


def _is_same_path(first: str, second: str) -> bool:
    try:
        return Path(first).expanduser().samefile(Path(second).expanduser())
    except OSError:
        return False


def _load_test(data: str) -> Data:
    from trainer.datasets.load import load_data

    return load_data(data, TEST_SPLIT)


def _test_data(config: TrainingConfig) -> Dataset:
    from trainer.datasets.load import as_images

    if config.validation == config.data:
        raise RunError(
            "The run chose its best epoch by the test data of {data}.",
            "Train again with a part of the dataset to choose by; then test.",
        ).format(data=config.data)
    try:
        return as_images(_load_test(config.data))
    except DatasetError as error:
        if "no split" not in error.message:
            raise
        raise RunError(
            "{data} has no samples set aside for a test.",
            "Its validation accuracy is what there is; or train on a dataset with a test split.",
        ).format(data=Path(config.data).name) from error


def _tunable(config: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in config.items() if name not in _FREE}


def _checksum(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
