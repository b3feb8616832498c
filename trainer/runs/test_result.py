"""The test accuracy of a run: on data that nothing was chosen by, measured once, on request.

It is unbiased as long as no setting is chosen by it. So the time of its first measurement is
recorded, whichever command made it, and runs on the same data that are set up later with other
settings are marked.
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
from trainer.errors import DatasetError, NoSplitError, RunError, TrainerError
from trainer.files.records import object_or_empty, read_or, write_json
from trainer.recognition.bundle import load_bundle
from trainer.runs.folder import RunFolder

if TYPE_CHECKING:
    from trainer.datasets.samples import Data

TEST_RESULT_NAME = "test.json"
PLAN_NAME = "plan.json"
TEST_SPLIT = "test"

_FREE = ("seed", "device", "steps_per_call")
"""Settings in which repetitions of one training may differ: they are not tuned by a test."""


@dataclass(frozen=True)
class TestResult:
    """The result of a test.

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
        First measured, in seconds since 1970.
    model, settings : str
        sha256 of the measured model, and of the run's settings at the first measurement.
    is_sample : bool
        Whether only some of the samples were measured, as by robustness: a test measures all.
    looks : int
        How often it was measured, by any model of the run.
    """

    data: str
    samples: int
    accuracy: float
    low: float
    high: float
    seen: float
    model: str
    settings: str
    is_sample: bool = False
    looks: int = 1


@dataclass(frozen=True)
class TestRecord:
    """The test result of a run is known."""

    root: Path
    title: str
    config: dict[str, Any]
    result: TestResult


def measure_test(folder: RunFolder) -> TestResult:
    """Measure the recogniser of a run on its test split, unless that is known already.

    Raises
    ------
    TrainerError
        If it has no recogniser, or its data have no test split of their own.
    """
    bundle = load_bundle(folder.bundle)
    before, model = read_test_result(folder.root), str(bundle.card["model"]["sha256"])
    if before is not None and before.model == model and not before.is_sample:
        return before
    from trainer.datasets.samples import as_images, as_inputs
    from trainer.evaluation.summary import validation_figures
    from trainer.recognition.recognizer import Recognizer

    config = TrainingConfig.load(folder.config_file)
    data = _test_data(config)
    dataset = as_images(data)
    if dataset.alphabet != bundle.alphabet:
        raise RunError(
            "The test data of {data} have other characters than the recogniser.",
            "Measure it with: python -m trainer evaluate.",
        ).format(data=config.data)
    figures = validation_figures(
        Recognizer(bundle).probabilities(as_inputs(data, len(bundle.planes))), dataset
    )
    return _record(folder, {**figures, "samples": len(dataset)}, config.data, model)


def is_first_test(model: Path, data: str, split: str) -> bool:
    """Return whether measuring a model on these data is the first look at its run's test.

    Parameters
    ----------
    model : Path
        As `record_test` takes it.
    data, split : str
        As `load_data` takes them.
    """
    root = _run_of(model)
    if root is None:
        return False
    try:
        config = TrainingConfig.load(RunFolder(root).config_file)
    except (OSError, TrainerError):
        return False
    return read_test_result(root) is None and _is_own_test(config, data, split)


def record_test(
    model: Path, data: str, split: str, figures: Mapping[str, Any]
) -> TestResult | None:
    """Record the test result of a run that a report has measured; other data are ignored.

    Parameters
    ----------
    model : Path
        The measured model: a run, its bundle, or a file in that.
    data, split : str
        The measured data, as `load_data` takes them.
    figures : mapping
        With ``samples``, ``accuracy`` and ``interval``; ``is_sample`` if not all were measured.

    Returns
    -------
    TestResult or None
        What the run is now known to have; None if nothing was recorded.
    """
    root = _run_of(model)
    if root is None:
        return None
    folder = RunFolder(root)
    try:
        config = TrainingConfig.load(folder.config_file)
        if not _is_own_test(config, data, split):
            return None
        sha256 = str(load_bundle(folder.bundle).card["model"]["sha256"])
        before = read_test_result(root)
        is_better = before is not None and before.is_sample and not figures.get("is_sample")
        if before is None or before.model != sha256 or is_better:
            return _record(folder, figures, config.data, sha256)
        return _write(folder, replace(before, looks=before.looks + 1))
    except (OSError, TrainerError) as error:
        logging.getLogger(__name__).warning("The test is not noted in %s: %s", root.name, error)
        return None


def look_text(result: TestResult, run: str = "the run") -> str:
    """Return which look at a run's test data has just been recorded."""
    if result.looks == 1:
        return (
            f"This was the first look at the test data of {run}, and is noted: choose settings by "
            "the validation accuracy."
        )
    day = time.strftime("%Y-%m-%d", time.localtime(result.seen))
    return f"This was look {result.looks} at the test data of {run}; the first was on {day}."


def _record(folder: RunFolder, figures: Mapping[str, Any], data: str, model: str) -> TestResult:
    low, high = figures["interval"]
    result = TestResult(
        data=data,
        samples=figures["samples"],
        accuracy=figures["accuracy"],
        low=low,
        high=high,
        seen=time.time(),
        model=model,
        settings=_checksum(folder.config_file),
        is_sample=bool(figures.get("is_sample")),
    )
    before = read_test_result(folder.root)
    if before is not None:  # of another model: the first measurement counts
        result = replace(result, seen=before.seen, settings=before.settings, looks=before.looks + 1)
    return _write(folder, result)


def _write(folder: RunFolder, result: TestResult) -> TestResult:
    write_json(folder.root / TEST_RESULT_NAME, result, indent=2)
    return result


def record_plan(root: Path, plan: str) -> None:
    """Record that a run's settings were planned, as in a course project's experiments.

    The test result of one run of a plan cannot influence the settings of another.
    """
    write_json(root / PLAN_NAME, {"plan": plan})


def read_test_result(root: Path) -> TestResult | None:
    """Return the test result of a run; None if it was not measured."""
    return read_or(None, root / TEST_RESULT_NAME, TestResult)


def chosen_after(
    root: Path, config: dict[str, Any], created: float, tests: Sequence[TestRecord]
) -> str:
    """Return the title of a run whose test result may have influenced these settings.

    That is one whose test result was known before this run was set up with other settings; or
    the run itself, if its settings were changed later. Empty if there is none.
    """
    for each in tests:
        if each.root == root:
            if _checksum(RunFolder(root).config_file) != each.result.settings:
                return each.title
        elif (
            each.result.data == config.get("data")
            and each.result.seen < created
            and tunable(each.config) != tunable(config)
            and not _are_of_one_plan(root, each.root)
        ):
            return each.title
    return ""


def _are_of_one_plan(first: Path, second: Path) -> bool:
    plan, other = (object_or_empty(root / PLAN_NAME).get("plan") for root in (first, second))
    return bool(plan) and plan == other


def _run_of(model: Path) -> Path | None:
    """Return the run that a model belongs to; None for an imported one."""
    path = model.absolute()
    for root in (path, path.parent, path.parent.parent):
        folder = RunFolder(root)
        if folder.config_file.is_file() and path in (
            root,
            folder.bundle,
            folder.bundle / path.name,
        ):
            return root
    return None


def _is_own_test(config: TrainingConfig, data: str, split: str) -> bool:
    if _chose_by_test(config):
        return False
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


def _chose_by_test(config: TrainingConfig) -> bool:
    """Return whether the best epoch was chosen by the test data, which so are no test."""
    chosen_by, data = config.validation, config.data
    return chosen_by == data or (bool(chosen_by) and _is_same_path(chosen_by, data))


def _test_data(config: TrainingConfig) -> Data:
    if _chose_by_test(config):
        raise RunError(
            "The run chose its best epoch by the test data of {data}.",
            "Train again with a part of the dataset to choose by; then test.",
        ).format(data=config.data)
    try:
        return _load_test(config.data)
    except NoSplitError as error:
        raise RunError(
            "{data} has no samples set aside for a test.",
            "Its validation accuracy is what there is; or train on a dataset with a test split.",
        ).format(data=Path(config.data).name) from error


def tunable(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that distinguish trainings from mere repetitions."""
    return {name: value for name, value in config.items() if name not in _FREE}


def _checksum(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
