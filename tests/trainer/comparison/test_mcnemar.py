"""Whether two models differ by more than luck, and the runs beside one another."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import made_once, trainer
from trainer.__main__ import main
from trainer.comparison.leaderboard import leaderboard, repetitions, write_table
from trainer.comparison.mcnemar import (
    McNemar,
    SampleOutcomes,
    mcnemar,
    pair_outcomes,
    report_folder,
    summary_of,
    validation_outcomes,
)
from trainer.config.training_config import TrainingConfig
from trainer.datasets.store import TEST, TRAIN, DatasetWriter
from trainer.errors import DatasetError, RunError
from trainer.files.paths import PROFILE_VARIABLE, Profile
from trainer.runs import events, test_result
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import list_runs, summarize
from trainer.runs.predictions import save_predictions, save_samples
from trainer.runs.titles import set_label

SAMPLES = 40


def outcomes(both: int, first: int, second: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the outcomes of two models, given how many samples are of each kind."""
    ours = [True] * (both + first) + [False] * (second + neither)
    theirs = [True] * both + [False] * first + [True] * second + [False] * neither
    return np.array(ours, dtype=bool), np.array(theirs, dtype=bool)


def test_few_discordant_pairs_are_tossed_like_coins() -> None:
    test = mcnemar(*outcomes(80, 1, 8, 11))
    assert test.method == "exact binomial"
    assert test.p_value == pytest.approx(2 * (comb(9, 0) + comb(9, 1)) / 2**9)
    assert (test.both_right, test.only_first, test.only_second, test.both_wrong) == (80, 1, 8, 11)
    assert test.accuracies == pytest.approx((0.81, 0.88))
    assert not test.is_noise


def test_many_discordant_pairs_follow_chi_squared() -> None:
    """The example of Agresti, Categorical Data Analysis (2002), section 10.1.2, corrected."""
    test = mcnemar(*outcomes(794, 150, 86, 570))
    assert test.method.startswith("chi-squared")
    # (|86 - 150| - 1)² / 236 = 16.82 has the p-value 4.115e-05 at one degree of freedom
    assert test.p_value == pytest.approx(4.115e-05, rel=1e-3)


def test_equal_models_are_within_noise() -> None:
    test = mcnemar(*outcomes(50, 3, 3, 4))
    assert test.p_value == 1.0
    assert "same number" in summary_of(test, "A", "B")
    assert "within noise" in summary_of(test, "A", "B")


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=120))
def test_the_order_of_the_two_does_not_matter(pairs: list[tuple[bool, bool]]) -> None:
    first = np.array([a for a, _ in pairs], dtype=bool)
    second = np.array([b for _, b in pairs], dtype=bool)
    one, other = mcnemar(first, second), mcnemar(second, first)
    assert one.p_value == other.p_value
    assert 0.0 <= one.p_value <= 1.0
    assert (one.only_first, one.only_second) == (other.only_second, other.only_first)
    assert one.samples == len(pairs)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(1, 12))
def test_a_larger_difference_is_never_likelier(few: int, more: int, extra: int) -> None:
    low, high = sorted((few, more))
    near = mcnemar(*outcomes(10, low, high, 10)).p_value
    far = mcnemar(*outcomes(10, max(0, low - extra), high + min(low, extra), 10)).p_value
    assert far <= near + 1e-12


def test_words_name_the_better_one_and_how_much() -> None:
    sentence = summary_of(mcnemar(*outcomes(800, 10, 90, 100)), "small", "large")
    assert sentence.startswith("large reads 80 more of 1,000 samples rightly than small")
    assert "more than noise" in sentence
    assert "p < 0.001" in sentence
    few = summary_of(mcnemar(*outcomes(10, 2, 1, 3)), "small", "large")
    assert "within noise" in few
    assert "Few samples" in few


def test_answers_about_other_samples_are_not_compared() -> None:
    with pytest.raises(DatasetError, match="same samples"):
        mcnemar(np.ones(3, dtype=bool), np.ones(4, dtype=bool))
    one = SampleOutcomes("mnist", "train", np.arange(5), np.ones(5, dtype=bool))
    for other in (
        SampleOutcomes("emnist", "train", np.arange(5), np.ones(5, dtype=bool)),
        SampleOutcomes("mnist", "test", np.arange(5), np.ones(5, dtype=bool)),
        SampleOutcomes("mnist", "train", np.arange(7, 9), np.ones(2, dtype=bool)),
    ):
        with pytest.raises(RunError, match="same samples"):
            pair_outcomes(one, other)


def test_only_common_samples_count_in_one_order() -> None:
    one = SampleOutcomes("d", "train", np.array([4, 1, 9]), np.array([True, False, True]))
    other = SampleOutcomes("d", "train", np.array([9, 7, 4]), np.array([False, True, True]))
    pair = pair_outcomes(one, other)
    assert pair.indices.tolist() == [4, 9]
    assert pair.first.tolist() == [True, True]
    assert pair.second.tolist() == [True, False]
    counts = ("both_right", "only_first", "only_second", "both_wrong")
    assert [pair.samples(name).tolist() for name in counts] == [[4], [9], [], []]
    assert [pair.record("A", "B")[name] for name in counts] == [1, 1, 0, 0]


def make_run(runs: Path, name: str, predicted: list[int], *, seed: int = 1, **more: str) -> Path:
    """Make the folder of a finished run that read `predicted` for the labels 0, 1, 0, 1, …"""
    folder = RunFolder(runs / name)
    settings = {"preset": "mlp-tiny", "data": "digits", "epochs": 2, "seed": seed, **more}
    folder.open(TrainingConfig.from_record(settings), resume=False)
    set_label(folder.root, name, "")
    labels = np.arange(len(predicted)) % 2
    right = float(np.mean(np.array(predicted) == labels))
    alphabet = ("0", "1")
    for event in (
        events.Started("mlp-tiny", 99, 360, len(labels), alphabet, 2, 10, 1, "CPU"),
        events.Epoch(1, 0.5, 0.4, 0.6, right / 2, right / 2, 1e-3, 1.5, best=True),
        events.Epoch(2, 0.4, 0.5, 0.6, right, right, 1e-3, 1.5, best=True),
        events.Finished(2, 2, right, stopped=False),
    ):
        folder.append(event)
    save_samples(
        folder.root,
        "digits",
        "train",
        np.arange(len(labels)),
        labels,
        np.zeros((len(labels), 28, 28), dtype=np.uint8),
    )
    save_predictions(folder.root, 1, 1 - labels)
    save_predictions(folder.root, 2, np.array(predicted))
    bundle = folder.root / "bundle"
    bundle.mkdir()
    (bundle / "bundle.json").write_text(json.dumps({"model": {"form": "float16"}}))
    (bundle / "model.tflite").write_bytes(b"x" * 1234)
    return folder.root


def reading(right: int) -> list[int]:
    """Return answers about `SAMPLES` samples of which so many are right."""
    labels = np.arange(SAMPLES) % 2
    return np.where(np.arange(SAMPLES) < right, labels, 1 - labels).tolist()


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    runs = tmp_path / "runs"
    make_run(runs, "weak", reading(20))
    make_run(runs, "good", reading(38))
    make_run(runs, "again", reading(36), seed=2)
    return runs


def test_a_run_answers_with_its_best_epoch(runs: Path) -> None:
    answered = validation_outcomes(summarize(runs / "good"))
    assert answered.correct.sum() == 38
    assert (answered.data, answered.split) == ("digits", "train")
    (runs / "good" / "predictions" / "epoch-0002.npy").write_bytes(b"\x93NUMPY broken")
    with pytest.raises(RunError, match="no answers") as caught:
        validation_outcomes(summarize(runs / "good"))
    assert "--data" in caught.value.hint


def test_the_best_comes_first_with_its_costs(runs: Path) -> None:
    found = test_result.TestResult("digits", 100, 0.9, 0.8, 0.95, 1e9, "model", "settings")
    (runs / "good" / test_result.TEST_RESULT_NAME).write_text(json.dumps(asdict(found)))
    entries = leaderboard(list_runs(runs))
    assert [entry.run.title for entry in entries] == ["good", "again", "weak"]
    best = entries[0].record
    assert best["validation_accuracy"] == pytest.approx(38 / 40)
    assert best["test_accuracy"] == 0.9
    assert best["test_interval"] == (0.8, 0.95)
    assert best["seconds"] == pytest.approx(3.0)
    assert best["size_bytes"] == 1234
    assert best["parameters"] == 99
    assert entries[1].record["test_accuracy"] is None


def test_a_run_without_an_epoch_is_not_in_the_leaderboard(tmp_path: Path) -> None:
    RunFolder(tmp_path / "new").open(TrainingConfig(data="digits"), resume=False)
    assert leaderboard(list_runs(tmp_path)) == []
    assert leaderboard(list_runs(tmp_path / "nowhere")) == []


def test_runs_that_differ_in_their_seed_are_averaged(runs: Path) -> None:
    make_run(runs, "other", reading(30), seed=3, optimizer="adamax")
    groups = repetitions(leaderboard(list_runs(runs)))
    assert len(groups) == 1
    # "weak" has the same settings as "good", and its seed
    accuracies = [38 / 40, 36 / 40, 20 / 40]
    assert groups[0].mean == pytest.approx(np.mean(accuracies))
    assert groups[0].deviation == pytest.approx(np.std(accuracies, ddof=1))
    assert groups[0].test_mean is None
    assert {entry.run.title for entry in groups[0].entries} == {"weak", "good", "again"}


def test_the_table_is_written_as_csv(runs: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_table(path, leaderboard(list_runs(runs)))
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["title"] for row in rows] == ["good", "again", "weak"]
    assert float(rows[0]["validation_accuracy"]) == pytest.approx(0.95)
    assert float(rows[0]["validation_low"]) < 0.95 < float(rows[0]["validation_high"])
    assert rows[0]["test_accuracy"] == ""
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(RunError, match="cannot be written"):
        write_table(blocked / "out.csv", [])


def test_the_command_compares_every_two(runs: Path, tmp_path: Path) -> None:
    answer = trainer(tmp_path, "compare", "good", str(runs / "again"), "weak", "--json")
    assert answer.returncode == 0, answer.stderr
    record = json.loads(answer.stdout)
    assert [entry["title"] for entry in record["leaderboard"]] == ["good", "again", "weak"]
    verdicts = {(t["first"], t["second"]): t["is_noise"] for t in record["tests"]}
    assert verdicts == {
        ("good", "again"): True,
        ("good", "weak"): False,
        ("again", "weak"): False,
    }
    told = trainer(tmp_path, "compare", "good", "again").stdout
    assert "good reads 2 more of 40 samples rightly than again" in told
    assert "the difference is within noise (p = 0.500)" in told


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("good", "nowhere"), "Expected the folder or the name of a run. Received: nowhere."),
        (("good",), "Expected two runs or more"),
        (("good", "good"), "Expected different runs"),
    ],
)
def test_what_cannot_be_compared_is_said(
    runs: Path, tmp_path: Path, names: tuple[str, ...], expected: str
) -> None:
    answer = trainer(runs.parent, "compare", *names)
    assert answer.returncode == 1
    assert expected in answer.stderr
    assert answer.stdout == ""


def test_without_runs_there_is_nothing_to_compare(tmp_path: Path) -> None:
    assert "There is no run yet" in trainer(tmp_path, "compare").stdout


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a profile with two real runs and a dataset that both have not seen."""
    return made_once(tmp_path_factory, "compared", train_two)


def train_two(root: Path) -> None:
    generator = np.random.default_rng(0)
    labels = np.arange(240) % 3
    images = generator.integers(0, 120, (240, 8, 8), dtype=np.uint8)
    images[np.arange(240), labels * 2, :] = 255
    folder = Profile(root).datasets / "lines"
    with DatasetWriter(folder, title="Lines", alphabet="ABC", image_shape=(8, 8)) as writer:
        writer.append(TRAIN, images[:180], labels[:180])
        writer.append(TEST, images[180:], labels[180:])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROFILE_VARIABLE, str(root))
        for name, options in (("knn", []), ("random-forest", ["--option", "trees=2"])):
            run_dir = str(Profile(root).runs / name)
            arguments = ["train", "--preset", name, "--data", "lines", "--run-dir", run_dir]
            assert main([*arguments, *options]) == 0
            set_label(Path(run_dir), name, "")


@pytest.mark.slow
def test_two_runs_are_measured_on_data_and_compared(trained: Path) -> None:
    names = ("knn", "random-forest", "--data", "lines", "--split", "test", "--json")
    answer = trainer(trained, "compare", *names)
    assert answer.returncode == 0, answer.stderr
    record = json.loads(answer.stdout)
    assert record["tests"][0]["samples"] == 60
    assert [each["title"] for each in record["measured"]] == ["knn", "random-forest"]
    assert [each["first_look"] for each in record["measured"]] == [True, True]
    assert all(each["microseconds_per_image"] > 0 for each in record["measured"])
    reports = [
        report_folder(Profile(trained).runs / name, "lines", "test") / "report.json"
        for name in ("knn", "random-forest")
    ]
    made = [path.stat().st_mtime_ns for path in reports]
    tested = [test_result.read_test_result(Profile(trained).runs / name) for name in names[:2]]
    assert [each is not None and each.data == "lines" for each in tested] == [True, True]
    again = json.loads(trainer(trained, "compare", *names).stdout)
    assert again["tests"] == record["tests"]
    assert [each["first_look"] for each in again["measured"]] == [False, False]
    assert [path.stat().st_mtime_ns for path in reports] == made  # measured once
    tests = {entry["title"]: entry["test_accuracy"] for entry in again["leaderboard"]}
    assert tests == {each["title"]: each["accuracy"] for each in record["measured"]}


def test_data_that_are_not_there_are_named(trained: Path) -> None:
    answer = trainer(trained, "compare", "knn", "random-forest", "--data", "nothing-here")
    assert answer.returncode == 1
    assert "nothing-here" in answer.stderr


def test_a_test_without_samples_has_words() -> None:
    empty = np.zeros(0, dtype=bool)
    test = mcnemar(empty, empty)
    assert isinstance(test, McNemar)
    assert summary_of(test, "A", "B") == "The two have no sample in common."
