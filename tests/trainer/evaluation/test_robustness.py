"""Accuracy on pictures made worse: what is counted, with which certainty, and the command."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PillowImage

from tests.trainer.archives import SHAPES, write_archive
from tests.trainer.handwriting import digits
from trainer.__main__ import main
from trainer.config.training_config import TrainingConfig
from trainer.datasets.dataset import Dataset
from trainer.datasets.ink_archive import read_pen_archive
from trainer.datasets.samples import Data
from trainer.errors import ConfigError, DatasetError
from trainer.evaluation import robustness as measuring
from trainer.evaluation.corruptions import CORRUPTIONS, CleanSamples, corrupted, named
from trainer.evaluation.metrics import mean_interval
from trainer.evaluation.robustness import RobustnessPlan, choose, robustness
from trainer.ink.render import Images
from trainer.recognition.recognizer import Probabilities
from trainer.runs.folder import RunFolder

FEW = ["--corruptions", "rotation", "thinner"]


@dataclass
class Memory:
    """Knows the pictures that it has been shown, and takes all others for the last class."""

    known: dict[bytes, int]
    alphabet: tuple[str, ...] = tuple("0123456789")
    name: str = "memory"
    folder: Path = Path("memory")
    image_shape: tuple[int, int] = (28, 28)
    kind: str = "classic"
    parameters: int | None = None
    size_bytes: int = 0
    pen_widths: tuple[float, ...] = (2.9,)
    takes_direction = False
    asked: list[int] = field(default_factory=list)

    def probabilities(self, images: Images) -> Probabilities:
        self.asked.append(len(images))
        found = [self.known.get(image.tobytes(), len(self.alphabet) - 1) for image in images]
        result = np.full((len(images), len(self.alphabet)), 0.01, dtype=np.float32)
        result[np.arange(len(images)), found] = 0.91
        return result


def some_digits(n: int = 40, *, with_writers: bool = False) -> Dataset:
    images, labels = digits(n)
    writers = np.arange(n) // 10 if with_writers else None
    return Dataset("digits", tuple("0123456789"), images, labels, writers)


def remembering(data: Dataset) -> Memory:
    pairs = zip(data.images, data.labels.tolist(), strict=True)
    return Memory({image.tobytes(): label for image, label in pairs})


def quiet(done: int, total: int, phase: str) -> None:
    """Listen to nothing."""


def test_every_answer_is_counted_where_it_belongs() -> None:
    """One that knows only the untouched pictures has 10 % of the others: the last class."""
    data = some_digits()
    result = robustness([remembering(data)], data, RobustnessPlan(named([])), quiet)
    model = result["models"][0]
    assert model["accuracy"] == 1.0
    assert list(model["by_corruption"]) == list(CORRUPTIONS)
    for figures in model["by_corruption"].values():
        assert figures["accuracy"] == pytest.approx([0.1] * 5, abs=0.03)
        assert figures["mean"] == pytest.approx(np.mean(figures["accuracy"]))
        assert 0 <= figures["mean_interval"][0] < figures["mean"] < figures["mean_interval"][1]
        assert all(
            low <= accuracy <= high
            for accuracy, (low, high) in zip(figures["accuracy"], figures["interval"], strict=True)
        )
    assert model["mean_corruption_accuracy"] == pytest.approx(0.1, abs=0.01)
    assert model["relative_drop"] == pytest.approx(0.9, abs=0.01)
    assert json.loads(json.dumps(result)) == result


def test_strengths_stand_in_their_order() -> None:
    """One that has learnt the second rotation by heart has that one right, and no other."""
    data = some_digits(10)
    numbers = np.arange(10)
    turned = corrupted(CleanSamples(data.images, numbers), "rotation", 16.0, 4)
    memory = Memory({image.tobytes(): n for n, image in enumerate(turned)})
    result = robustness([memory], data, RobustnessPlan(named(["shift", "rotation"]), seed=4), quiet)
    figures = result["models"][0]["by_corruption"]
    assert figures["rotation"]["accuracy"] == [0.1, 1.0, 0.1, 0.1, 0.1]
    assert figures["shift"]["accuracy"] == [0.1] * 5
    assert result["models"][0]["accuracy"] == 0.1


def test_all_see_the_same_pictures_however_many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    data = some_digits()
    plan = RobustnessPlan(named(["noise", "occlusion"]), samples=30, seed=2, with_pictures=True)
    whole = robustness([remembering(data)], data, plan, quiet)
    monkeypatch.setattr(measuring, "_BLOCK", 7)
    memory = remembering(data)
    assert robustness([memory], data, plan, quiet) == whole
    assert max(memory.asked) == 7
    assert sum(memory.asked) == 30 * 11


def test_the_difference_is_of_the_second_to_the_first() -> None:
    data = some_digits()
    good, bad = remembering(data), Memory({})
    plan = RobustnessPlan(named(["blur"]))
    difference = robustness([good, bad], data, plan, quiet)["difference"]
    assert difference["accuracy"] == pytest.approx(-0.9)
    low, high = difference["interval"]
    assert low < -0.9 < high < 0
    assert difference["by_corruption"]["blur"]["accuracy"] == [0.0] * 5
    assert difference["mean_corruption_accuracy"] == 0.0
    assert "difference" not in robustness([good], data, plan, quiet)


def test_what_never_read_has_nothing_to_lose() -> None:
    data = some_digits(9)
    result = robustness([Memory({})], data, RobustnessPlan(named(["blur"])), quiet)
    assert result["models"][0]["accuracy"] == 0.0
    assert result["models"][0]["relative_drop"] is None


def test_examples_are_of_different_classes_with_what_was_said_of_them() -> None:
    data = some_digits(60)
    plan = RobustnessPlan(named(["contrast"]), samples=50, seed=1, with_pictures=True)
    examples = robustness([remembering(data)], data, plan, quiet)["examples"]
    assert len(examples["numbers"]) == 12
    assert set(examples["truth"]) == set("0123456789")
    originals = CleanSamples(data.images, np.arange(60))
    for number, truth, readings, picture in zip(
        examples["numbers"],
        examples["truth"],
        examples["readings"][0],
        examples["pictures"],
        strict=True,
    ):
        assert truth == str(number % 10)
        assert [character for character, _ in readings] == [truth, *"99999"]
        assert all(share == pytest.approx(0.91, abs=1e-3) for _, share in readings)
        strip = np.asarray(PillowImage.open(io.BytesIO(base64.b64decode(picture))))
        assert np.array_equal(strip[:, :28], data.images[number])
        last = corrupted(originals, "contrast", 0.15, 1)[number]
        assert np.array_equal(strip[:, -28:], last)


def test_pictures_of_large_images_are_shrunk() -> None:
    images = np.kron(digits(10)[0], np.ones((1, 4, 4), dtype=np.uint8))
    data = Dataset("large", tuple("0123456789"), images, np.arange(10))
    plan = RobustnessPlan(named(["shift"]), with_pictures=True)
    examples = robustness([Memory({})], data, plan, quiet)["examples"]
    strip = PillowImage.open(io.BytesIO(base64.b64decode(examples["pictures"][0])))
    assert strip.size == (6 * 56, 56)


@given(n=st.integers(1, 50), samples=st.integers(0, 60), seed=st.integers(0, 5))
def test_samples_are_chosen_once_each(n: int, samples: int, seed: int) -> None:
    chosen = choose(n, samples, seed)
    assert len(chosen) == (n if samples == 0 else min(n, samples))
    assert np.all(np.diff(chosen) > 0)
    assert 0 <= chosen[0] <= chosen[-1] < n
    assert np.array_equal(chosen, choose(n, samples, seed))


def test_hands_that_err_together_make_an_interval_wider() -> None:
    values = np.repeat([0.0, 1.0], 50)
    writers = np.repeat(np.arange(4), 25)
    for low, high in (mean_interval(values, None), mean_interval(values, writers)):
        assert low < 0.5 < high
    alone, together = mean_interval(values, None), mean_interval(values, writers)
    assert together[1] - together[0] > 2 * (alone[1] - alone[0])


def test_writers_are_counted_and_resampled() -> None:
    data = some_digits(with_writers=True)
    result = robustness([remembering(data)], data, RobustnessPlan(named(["blur"])), quiet)
    assert result["writers"] == 4


@pytest.mark.parametrize("name", ["samples", "seed"])
def test_numbers_below_nought_are_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=rf"Expected {name} of 0 or more\. Received: -1\."):
        RobustnessPlan(named([]), **{name: -1})


def test_data_without_samples_are_refused() -> None:
    data: Data = some_digits().take(np.arange(0))
    with pytest.raises(DatasetError, match="has no samples"):
        robustness([Memory({})], data, RobustnessPlan(named([])), quiet)


def test_progress_is_told_from_the_first_to_the_last_step() -> None:
    told: list[tuple[int, int, str]] = []
    data = some_digits(10)
    robustness(
        [Memory({}), Memory({})],
        data,
        RobustnessPlan(named(["blur"])),
        lambda *step: told.append(step),
    )
    assert [done for done, _, _ in told] == list(range(13))
    assert {total for _, total, _ in told} == {12}
    assert {phase for _, _, phase in told} == {"untouched", "Blur", ""}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("data") / "small.npz", 120)


@pytest.fixture(scope="module")
def forest(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run of a small forest."""
    from trainer.training.classical import ClassicalTraining

    options = {"preset_options": {"trees": 20}}
    config = TrainingConfig.from_record(
        {"preset": "random-forest", "data": str(archive), **options}
    )
    folder = RunFolder(tmp_path_factory.mktemp("runs") / "forest")
    folder.open(config, resume=False)
    ClassicalTraining(folder, config, [].append).run()
    return folder.root


Measure = Callable[..., dict[str, object]]


@pytest.fixture
def measure(capsys: pytest.CaptureFixture[str], archive: Path) -> Measure:
    def run(*options: str) -> dict[str, object]:
        assert main(["robustness", "--data", str(archive), "--json", *options]) == 0
        found = json.loads(capsys.readouterr().out)
        assert isinstance(found, dict)
        return found

    return run


def test_a_run_is_measured_on_drawings(measure: Measure, forest: Path, archive: Path) -> None:
    result = measure("--model", str(forest), "--samples", "60", *FEW)
    assert result["drawings"] is True
    assert (result["samples"], result["writers"]) == (60, 8)
    model = result["models"][0]
    assert model["accuracy"] > 0.9
    thinner = model["by_corruption"]["thinner"]["accuracy"]
    assert thinner[0] > thinner[4]
    numbers = result["examples"]["numbers"]
    labels = [list(SHAPES)[number % 6].upper() for number in numbers]
    assert result["examples"]["truth"] == labels
    assert len(read_pen_archive(archive)) > max(numbers)


def test_a_child_process_keeps_the_result_and_says_how_far_it_is(
    forest: Path, archive: Path, tmp_path: Path
) -> None:
    out = tmp_path / "reports" / "result.json"
    options = ["--model", str(forest), "--data", str(archive), "--samples", "12"]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "trainer", "robustness", *options, *FEW),
            *("--json", "--progress", "--pictures", "--out", str(out)),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    result = json.loads(done.stdout)
    assert json.loads(out.read_text(encoding="utf-8")) == result
    assert len(result["examples"]["pictures"]) == 12
    steps = [json.loads(line) for line in done.stderr.splitlines() if line.startswith('{"done"')]
    assert steps[-1] == {"done": 11, "total": 11, "phase": ""}


def test_two_models_are_shown_the_same(
    capsys: pytest.CaptureFixture[str], forest: Path, archive: Path
) -> None:
    both = ["--model", str(forest), "--model2", str(forest / "bundle")]
    options = ["--data", str(archive), "--samples", "24", *FEW]
    assert main(["robustness", *both, *options]) == 0
    text = capsys.readouterr().out
    assert "small: 24 drawings, 7 writers" in text
    assert text.count("Thinner pen") == 3
    assert " in percentage points" in text
    assert "+0.0  (+0.0 to +0.0)" in text
    assert "mean corruption" in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--corruptions", "fog"], "Received: fog."),
        (["--samples", "-5"], "Expected samples of 0 or more. Received: -5."),
        (["--model", "a", "--model", "b", "--model2", "c"], "one or two models. Received: 3."),
        (["--split", "nonsense"], "no split 'nonsense'"),
        (["--model", "nowhere"], "There is no recogniser in nowhere."),
    ],
)
def test_wrong_options_are_explained(
    capsys: pytest.CaptureFixture[str], archive: Path, options: list[str], message: str
) -> None:
    assert main(["robustness", "--data", str(archive), *options]) == 1
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.out == ""


def test_a_model_that_does_not_know_the_characters_says_so() -> None:
    images, labels = digits(20)
    data = Dataset("others", tuple("ÄÖÜäöüßéèê"), images, labels)
    with pytest.raises(DatasetError, match="does not know these characters"):
        robustness([Memory({})], data, RobustnessPlan(named([])), quiet)


@pytest.mark.real_data
def test_the_bundled_recogniser_reads_turned_drawings_less_well(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = data_dir / "pen" / "unipen_validation.npz"
    options = ["--data", str(data), "--samples", "150", "--corruptions", "rotation", "--json"]
    assert main(["robustness", *options]) == 0
    model = json.loads(capsys.readouterr().out)["models"][0]
    assert model["accuracy"] > 0.8
    accuracies = model["by_corruption"]["rotation"]["accuracy"]
    assert accuracies[0] > 0.8
    assert accuracies[4] < accuracies[0] - 0.1
