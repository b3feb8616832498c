"""What a run's recogniser reads of data that nobody chose anything by: measured once, on request.

The figure is worth something as long as no setting was chosen by it. So it is noted when it was
seen, and runs that were set up after that, on the same data and with other settings, are marked.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.bundle import load_bundle
from trainer.config import TrainingConfig
from trainer.errors import DatasetError, RunError
from trainer.paths import replacing
from trainer.runs.folder import RunFolder

if TYPE_CHECKING:
    from trainer.datasets.dataset import Dataset

TESTED_NAME = "test.json"
TEST_SPLIT = "test"

_FREE = ("seed", "device", "steps_per_call")
"""Settings that nobody chooses by a test: another seed repeats a run, it does not tune it."""


@dataclass(frozen=True)
class Tested:
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
        When, in seconds since 1970.
    model, settings : str
        sha256 of the model that was measured, and of the run's settings.
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
class Sighting:
    """Somebody has seen the test of a run."""

    root: Path
    title: str
    config: dict[str, Any]
    tested: Tested


def measure_test(folder: RunFolder) -> Tested:
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
    from trainer.recognizer import Recognizer
    from trainer.runs.cards import validation_figures

    config = TrainingConfig.from_json(folder.config_file.read_text(encoding="utf-8"))
    dataset = _test_data(config)
    if dataset.alphabet != bundle.alphabet:
        raise RunError(
            f"The test data of {config.data} have other characters than the recogniser.",
            "Measure it with: python -m trainer evaluate.",
        )
    figures = validation_figures(Recognizer(bundle).probabilities(dataset.images), dataset)
    low, high = figures["interval"]
    tested = Tested(
        data=config.data,
        samples=len(dataset),
        accuracy=figures["accuracy"],
        low=low,
        high=high,
        seen=time.time(),
        model=model,
        settings=_checksum(folder.config_file),
    )
    with replacing(folder.root / TESTED_NAME) as temporary:
        temporary.write_text(json.dumps(asdict(tested), indent=2) + "\n", encoding="utf-8")
    return tested


def read_tested(root: Path) -> Tested | None:
    """Return what the test of a run found; None where nobody asked."""
    try:
        record = json.loads((root / TESTED_NAME).read_text(encoding="utf-8"))
        return Tested(
            data=str(record["data"]),
            samples=int(record["samples"]),
            accuracy=float(record["accuracy"]),
            low=float(record["low"]),
            high=float(record["high"]),
            seen=float(record["seen"]),
            model=str(record["model"]),
            settings=str(record["settings"]),
        )
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def chosen_after(
    root: Path, config: dict[str, Any], created: float, sightings: Sequence[Sighting]
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
        ):
            return each.title
    return ""


def _test_data(config: TrainingConfig) -> Dataset:
    from trainer.datasets.load import as_images, load_data

    if config.validation == config.data:
        raise RunError(
            f"The run chose its best epoch by the test data of {config.data}.",
            "Train again with a part of the dataset to choose by; then test.",
        )
    try:
        return as_images(load_data(config.data, TEST_SPLIT))
    except DatasetError as error:
        if "no split" not in error.message:
            raise
        raise RunError(
            f"{Path(config.data).name} has no samples set aside for a test.",
            "Its validation accuracy is what there is; or train on a dataset with a test split.",
        ) from error


def _tunable(config: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in config.items() if name not in _FREE}


def _checksum(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
