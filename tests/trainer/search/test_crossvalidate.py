"""Cross-validation and learning curves: whole commands on small data, and what deals the parts."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.archives import write_archive
from tests.trainer.handwriting import digits
from trainer.__main__ import main
from trainer.commands.learningcurve import sizes_up_to
from trainer.config.training_config import TrainingConfig
from trainer.datasets.load import load_data
from trainer.datasets.store import DatasetWriter
from trainer.errors import ConfigError, DatasetError, RunError
from trainer.files.paths import Profile
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.search.experiment_folder import (
    CROSS_VALIDATION,
    experiment_folder,
    list_records,
    read_record,
    write_record,
)
from trainer.search.folds import stratified_folds, writer_folds
from trainer.search.subsets import write_subsets

pytestmark = pytest.mark.slow

KNN = ("--preset", "knn", "--option", "neighbors=1")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("data") / "small.npz", 120, n_writers=5)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dataset whose test images are all black: whoever trains on them is found out."""
    folder = tmp_path_factory.mktemp("data") / "stored"
    images, labels = digits(60)
    with DatasetWriter(folder, title="Stored", alphabet=tuple("0123456789")) as writer:
        writer.append("train", images, labels)
        writer.append("test", np.full_like(images, 255), labels)
    return folder


def _answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def _config(run: dict[str, Any]) -> TrainingConfig:
    return TrainingConfig.from_json(RunFolder(Path(run["run"])).config_file.read_text())


@given(st.lists(st.integers(0, 4), min_size=10, max_size=80), st.integers(2, 10), st.integers(0, 9))
def test_every_class_is_spread_evenly(given_labels: list[int], folds: int, seed: int) -> None:
    labels = np.array(given_labels, dtype=np.int64)
    parts = stratified_folds(labels, folds, seed)
    for chosen in (np.ones(len(labels), dtype=bool), *(labels == k for k in np.unique(labels))):
        counts = np.bincount(parts[chosen], minlength=folds)
        assert len(counts) == folds
        assert counts.max() - counts.min() <= 1
    assert np.array_equal(parts, stratified_folds(labels, folds, seed))


@given(st.lists(st.integers(0, 9), min_size=5, max_size=80), st.integers(2, 4), st.integers(0, 9))
def test_no_writer_stands_in_two_parts(given_writers: list[int], folds: int, seed: int) -> None:
    writers = np.array(given_writers, dtype=np.int64)
    names, counts = np.unique(writers, return_counts=True)
    if len(names) < folds:
        with pytest.raises(ConfigError, match="writers"):
            writer_folds(writers, folds, seed)
        return
    parts = writer_folds(writers, folds, seed)
    assert all(len(set(parts[writers == name].tolist())) == 1 for name in names)
    sizes = np.bincount(parts, minlength=folds)
    assert sizes.min() > 0
    assert sizes.max() - sizes.min() <= counts.max()


def test_folds_of_unknown_writers_are_refused() -> None:
    with pytest.raises(DatasetError, match="who wrote what"):
        writer_folds(None, 3, 1)


def test_every_sample_is_validated_once_and_test_data_never(
    stored: Path, own_profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("crossvalidate", "--folds", "3", "--data", str(stored), *KNN)
    result = _answer(capsys, *arguments)
    accuracies = [run["accuracy"] for run in result["runs"]]
    assert result["finished"] == 3
    assert result["mean"] == pytest.approx(np.mean(accuracies))
    assert result["sd"] == pytest.approx(np.std(accuracies, ddof=1))
    assert result["data_samples"] == 60
    assert [run["samples"] for run in result["runs"]] == [40, 40, 40]
    seen = [load_data(_config(run).validation) for run in result["runs"]]
    assert all(np.bincount(part.labels, minlength=10).tolist() == [2] * 10 for part in seen)
    images = np.concatenate([part.images for part in seen])
    assert {image.tobytes() for image in images} == {image.tobytes() for image in digits(60)[0]}
    for run in result["runs"]:
        config = _config(run)
        assert config.validation not in (config.data, *config.extra)
        assert len({config.validation, config.data, *config.extra}) == 3
    assert list_records(Profile(own_profile), CROSS_VALIDATION)[0]["mean"] == result["mean"]

    files = [RunFolder(Path(run["run"])).events_file for run in result["runs"]]
    written = [path.stat().st_mtime_ns for path in files]
    shutil.rmtree(files[1].parent)
    again = _answer(capsys, *arguments)
    assert [run["accuracy"] for run in again["runs"]] == accuracies
    assert [path.stat().st_mtime_ns == then for path, then in zip(files, written, strict=True)] == [
        True,
        False,
        True,
    ]


def _without_places(record: dict[str, Any]) -> list[dict[str, Any]]:
    known = ("name", "state", "accuracy", "samples", "validation_samples")
    return [{key: run[key] for key in known} for run in record["runs"]]


@pytest.mark.parametrize(
    "experiment", [("crossvalidate", "--folds", "3"), ("learningcurve", "--sizes", "20,40")]
)
def test_jobs_train_what_one_process_trains(
    stored: Path,
    own_profile: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    experiment: tuple[str, ...],
) -> None:
    if find_spec("submitit") is None:
        pytest.skip("submitit is not installed")
    monkeypatch.setattr("trainer.search.submit.shutil.which", lambda _: None)  # no Slurm
    arguments = (*experiment, "--data", str(stored), *KNN)
    alone = _answer(capsys, *arguments, "--name", "alone")
    together = _answer(capsys, *arguments, "--name", "together", "--submit", "2")
    assert _without_places(together) == _without_places(alone)
    assert together["stopped"] is False
    (folder,) = own_profile.rglob("together")
    assert len(list((folder / "jobs").glob("*_result.pkl"))) == 2
    assert read_record(folder) == {k: v for k, v in together.items() if k in read_record(folder)}


def test_what_failed_can_be_submitted_again(
    stored: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted: list[int] = []

    def submit(*arguments: Any) -> None:
        submitted.append(len(arguments[2]))

    monkeypatch.setattr("trainer.commands.options.submitting.submit_commands", submit)
    arguments = ("crossvalidate", "--folds", "2", "--data", str(stored), *KNN, "--name", "again")
    first = _answer(capsys, *arguments, "--submit", "2")
    for run in first["runs"]:
        folder = RunFolder(Path(run["run"]))
        folder.root.mkdir()
        folder.events_file.write_text(events.to_line(events.Failed("No memory.", "")) + "\n")
    for _ in range(2):
        assert main([*arguments, "--submit", "2"]) == 1
        assert "No memory." in capsys.readouterr().err
    assert submitted == [2, 2, 2]


def test_a_job_trains_its_share_alone(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("crossvalidate", "--folds", "3", "--data", str(stored), *KNN, "--name", "parts")
    first = _answer(capsys, *arguments, "--share", "2/2")
    assert [run["state"] for run in first["runs"]] == ["waiting", "finished", "waiting"]
    second = _answer(capsys, *arguments, "--share", "1/2")
    assert [run["state"] for run in second["runs"]] == ["finished"] * 3


def test_drawings_are_divided_by_writer(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = _answer(
        capsys,
        *("crossvalidate", "--folds", "2", "--by-writer", "--data", str(archive), *KNN),
        *("--limit", "100", "--name", "by-hand"),
    )
    assert result["name"] == "by-hand"
    assert result["data_samples"] == 100
    parts = [load_data(_config(run).validation) for run in result["runs"]]
    hands = [len(np.unique(part.writers)) for part in parts if part.writers is not None]
    assert sum(hands) == 5  # a writer in two parts would count twice
    assert sum(len(part) for part in parts) == 100
    assert {type(part).__name__ for part in parts} == {"PenArchive"}


def test_folds_side_by_side_read_as_well_as_one_after_the_other(
    stored: Path, own_profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("crossvalidate", "--folds", "2", "--data", str(stored), *KNN)
    result = _answer(capsys, *arguments, "--side-by-side")
    assert [run["state"] for run in result["runs"]] == ["finished"] * 2
    assert [run["validation_samples"] for run in result["runs"]] == [30, 30]
    one_by_one = _answer(capsys, *arguments)
    assert one_by_one["name"] != result["name"]
    accuracies = [run["accuracy"] for run in one_by_one["runs"]]
    assert [run["accuracy"] for run in result["runs"]] == accuracies
    assert _answer(capsys, *arguments, "--side-by-side") == result


def test_another_question_of_the_same_name_is_refused(
    stored: Path, own_profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = experiment_folder(Profile(own_profile), CROSS_VALIDATION, "mine")
    write_record(folder, {"about": {"folds": 2}})
    assert main(["crossvalidate", "--name", "mine", "--data", str(stored), *KNN]) == 1
    assert "another experiment of the name mine" in capsys.readouterr().err


def test_data_that_have_changed_are_found(tmp_path: Path) -> None:
    data = load_data(str(write_archive(tmp_path / "mine.npz", 60)))
    parts = {"half": np.arange(30)}
    for _ in range(2):
        write_subsets(tmp_path / "parts", data, parts)
        assert len(load_data(str(tmp_path / "parts" / "half"))) == 30
    changed = load_data(str(write_archive(tmp_path / "mine.npz", 60, seed=3)))
    with pytest.raises(RunError, match="The training data have changed"):
        write_subsets(tmp_path / "parts", changed, parts)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["crossvalidate", "--folds", "1"], "Expected 2 to 50 folds"),
        (["crossvalidate", "--folds", "50", "--limit", "20"], "Expected at least 50 samples"),
        (["crossvalidate", "--validation", "x"], "Expected no validation data"),
        (["crossvalidate", "--extra-share", "0.5"], "Expected no share of added data"),
        (["crossvalidate", "--side-by-side", "--extra", "x"], "Expected a classic model"),
        (["crossvalidate", "--by-writer"], "The dataset does not say who wrote what"),
        (["crossvalidate", "--name", "No Name"], "Expected a name of up to 60 small letters"),
        (["learningcurve", "--sizes", "10,1000"], "Expected sizes from 2 to 50"),
        (["learningcurve", "--sizes", "1"], "Expected sizes from 2 to 50"),
        (["learningcurve", "--seeds", "-1"], "Expected seeds from 0"),
    ],
)
def test_a_wrong_question_is_refused_with_a_sentence(
    arguments: list[str], message: str, stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    share = ("--validation-share", "0.16")
    assert main([arguments[0], "--data", str(stored), *KNN, *share, *arguments[1:]]) == 1
    assert capsys.readouterr().err.startswith(message)


def test_trainings_that_all_fail_are_an_error(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--preset", "svm-rbf", "--option", "folds=10")
    assert main(["crossvalidate", "--folds", "2", "--data", str(stored), *options]) == 1
    assert capsys.readouterr().err.startswith("Expected 10 samples of every class")


def test_sizes_grow_by_threes() -> None:
    assert sizes_up_to(2500) == [100, 300, 1000, 2500]
    assert sizes_up_to(300) == [100, 300]
    assert sizes_up_to(40) == [40]


@given(st.integers(2, 10**6))
def test_sizes_end_with_all(n: int) -> None:
    sizes = sizes_up_to(n)
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == n


def test_a_learning_curve_measures_all_sizes_on_the_same_samples(
    stored: Path, own_profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = _answer(
        capsys,
        *("learningcurve", "--sizes", "40,10", "--seeds", "1,2", "--data", str(stored)),
        *("--validation-share", "0.2", *KNN),
    )
    configs = [_config(run) for run in result["runs"]]
    assert [(c.limit, c.seed) for c in configs] == [(10, 1), (10, 2), (40, 1), (40, 2)]
    assert [run["samples"] for run in result["runs"]] == [10, 10, 40, 40]
    assert len({config.validation for config in configs}) == 1
    validation, train = load_data(configs[0].validation), load_data(configs[0].data)
    assert (len(train), len(validation)) == (50, 10)
    known = {image.tobytes() for image in digits(60)[0]}
    chosen = {image.tobytes() for image in validation.images}
    assert chosen <= known
    assert not chosen & {image.tobytes() for image in train.images}
    first, second = result["points"]
    assert (first["size"], first["seeds"], second["size"]) == (10, 2, 40)
    accuracies = [run["accuracy"] for run in result["runs"][:2]]
    assert first["mean"] == pytest.approx(np.mean(accuracies))
    assert first["sd"] == pytest.approx(np.std(accuracies, ddof=1))


def test_a_learning_curve_takes_the_validation_data_that_are_named(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = write_archive(tmp_path / "other.npz", 60, seed=9)
    result = _answer(
        capsys,
        *("learningcurve", "--data", str(archive), "--validation", str(other), "--limit", "30"),
        *KNN,
    )
    assert [(run["size"], run["validation_samples"]) for run in result["runs"]] == [(30, 60)]
    assert _config(result["runs"][0]).validation == str(other)


@pytest.mark.parametrize("option", [("--partition", "long"), ("--hours", "3")])
def test_options_of_jobs_without_jobs_are_refused(
    option: tuple[str, str], stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["crossvalidate", "--data", str(stored), *KNN, "--folds", "2", *option]) == 1
    assert f"{option[0]} is for jobs." in capsys.readouterr().err


def test_folds_that_had_ended_are_not_printed_again(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["crossvalidate", "--folds", "2", "--data", str(stored), *KNN, "--name", "twice"]
    assert main(arguments) == 0
    first = capsys.readouterr().out
    assert main(arguments) == 0
    second = capsys.readouterr().out
    assert first.endswith(second)
    assert len(first.splitlines()) == len(second.splitlines()) + 2
