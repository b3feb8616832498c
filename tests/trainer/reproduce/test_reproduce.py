"""Course projects that are repeated: their facts, their data, their runs and tables."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from tests.shared import made_once, trainer
from tests.trainer import archives, handwriting
from trainer.commands.reproduce import markdown_table, text_table
from trainer.config.training_config import TrainingConfig
from trainer.datasets.store import TEST, TRAIN, DatasetWriter, open_dataset
from trainer.errors import ConfigError, DatasetError
from trainer.models.presets import OWN, PRESETS
from trainer.reproduce.data import DataChoice, fold_dataset, prepare_data
from trainer.reproduce.figures import draw_figures
from trainer.reproduce.plan import (
    Measure,
    PlannedTraining,
    Project,
    ProjectStep,
    capped,
    grid,
    quick,
)
from trainer.reproduce.projects import PROJECTS, project_of
from trainer.reproduce.run import Reproduction, Row, load_rows, save_rows
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import list_runs
from trainer.runs.test_result import read_test_result
from trainer.training import estimate

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("project", PROJECTS.values(), ids=list(PROJECTS))
def test_every_trial_is_one_that_can_be_trained(project: Project) -> None:
    names = [step.name for step in project.steps]
    assert len(set(names)) == len(names)
    for step in (*project.steps, *quick(project).steps):
        assert len({trial.name for trial in step.trials}) == len(step.trials)
        for trial in step.trials:
            known = {option.name for option in PRESETS[trial.preset].options}
            settings = dict(trial.settings)
            settings["preset_options"] = {
                k: v for k, v in settings.get("preset_options", {}).items() if k in known
            }
            TrainingConfig.from_record({**settings, "preset": trial.preset, "data": "mnist"})


def test_the_figures_of_the_sources_are_theirs() -> None:
    """Figures that the five reports print, each at its place."""
    steps = {(p.name, step.name): step for p in PROJECTS.values() for step in p.steps}
    assert steps["workflow", "shifted"].theirs_bytes == pytest.approx(14.23 * 2**30)
    assert [t.theirs for t in steps["workflow", "grid"].trials] == [0.7751, 0.8032, 0.8090]
    assert steps["digits", "grid"].theirs == 0.9886
    assert len(steps["digits", "grid"].trials) == 16
    assert [t.theirs for t in steps["noise", "layers"].trials] == [0.81, 0.81, 0.88, 0.89]
    assert steps["noise", "folds"].folds == 5
    assert steps["hex", "svm"].trials[0].theirs == 0.9177
    vanilla = steps["three-nets", "vanilla"]
    assert len(vanilla.trials) == 13
    assert max(t.theirs or 0 for t in vanilla.trials) == vanilla.theirs == 0.8825


def test_an_unknown_source_is_told_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="workflow, digits, noise, hex, three-nets"):
        project_of("alphabet")


def test_a_grid_has_every_combination() -> None:
    trials = grid(
        "cnn-small", {"batch_size": (50, 100), "dropout": (0.5,)}, options={"pool": (2, 3)}
    )
    assert [trial.name for trial in trials] == [
        "batch50-dropout0.5-pool2",
        "batch50-dropout0.5-pool3",
        "batch100-dropout0.5-pool2",
        "batch100-dropout0.5-pool3",
    ]
    assert trials[1].settings == {
        "batch_size": 50,
        "dropout": 0.5,
        "preset_options": {"pool": 3},
    }


def test_limits_make_smaller_never_larger() -> None:
    assert capped(PlannedTraining("a", "cnn-small", {"epochs": 12}), 5)["epochs"] == 5
    assert capped(PlannedTraining("a", "cnn-small", {"epochs": 3}), 5)["epochs"] == 3
    assert (
        capped(PlannedTraining("a", "cnn-small"), 50)["epochs"]
        == PRESETS["cnn-small"].defaults["epochs"]
    )
    few = PlannedTraining("a", "random-forest", {"preset_options": {"trees": 5}})
    assert capped(few, 5, {"trees": 10})["preset_options"]["trees"] == 5
    assert "epochs" not in capped(few, 5)


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a dataset of 200 and 60 digits."""

    def make(folder: Path) -> None:
        images, labels = handwriting.digits(260)
        with DatasetWriter(folder / "pens", title="Pens", alphabet="0123456789") as writer:
            writer.append(TRAIN, images[:200], labels[:200])
            writer.append(TEST, images[200:], labels[200:])

    return made_once(tmp_path_factory, "digits", make) / "pens"


def counted(folder: Path) -> tuple[int, int]:
    splits = open_dataset(folder).splits
    return len(splits[TRAIN]), len(splits[TEST])


def test_data_keep_their_test_part_or_are_divided_anew(digits: Path, tmp_path: Path) -> None:
    kept = prepare_data(PROJECTS["noise"], DataChoice(str(digits)), tmp_path)
    assert counted(kept) == (200, 60)
    pooled = prepare_data(PROJECTS["digits"], DataChoice(str(digits)), tmp_path)
    assert counted(pooled) == (210, 50)  # 6 of the 26 of a class are more than a fifth
    limited = prepare_data(PROJECTS["digits"], DataChoice(str(digits), limit=40), tmp_path)
    assert counted(limited) == (40, 10)
    assert len({kept, pooled, limited}) == 3
    made = (kept / "dataset.json").stat().st_mtime_ns
    assert prepare_data(PROJECTS["noise"], DataChoice(str(digits)), tmp_path) == kept
    assert (kept / "dataset.json").stat().st_mtime_ns == made


def test_drawings_are_rendered_merged_and_divided_by_writer(tmp_path: Path) -> None:
    train = archives.write_archive(tmp_path / "pen.npz", 120)
    folder = prepare_data(PROJECTS["three-nets"], DataChoice(str(train)), tmp_path / "work")
    splits = open_dataset(folder).splits
    assert len(splits[TRAIN].alphabet) == 47
    assert splits[TRAIN].alphabet[splits[TRAIN].labels[5]] == "X"  # x is merged with X
    assert sum(counted(folder)) == 120
    writers = [set(np.asarray(part.writers).tolist()) for part in splits.values()]
    assert not writers[0] & writers[1]
    other = archives.write_archive(tmp_path / "other.npz", 36, seed=1)
    chosen = DataChoice(str(train), test=str(other))
    assert counted(prepare_data(PROJECTS["three-nets"], chosen, tmp_path / "work")) == (120, 36)


def test_test_data_of_other_characters_are_refused(digits: Path, tmp_path: Path) -> None:
    pen = archives.write_archive(tmp_path / "pen.npz", 60)
    with pytest.raises(DatasetError, match="other characters"):
        prepare_data(PROJECTS["noise"], DataChoice(str(digits), test=str(pen)), tmp_path / "work")


def test_folds_hold_every_training_sample_once_and_no_test_sample(
    digits: Path, tmp_path: Path
) -> None:
    folder = prepare_data(PROJECTS["noise"], DataChoice(str(digits)), tmp_path)
    parts = [open_dataset(fold_dataset(folder, number, 3, seed=1)).splits for number in range(3)]
    held_out = np.concatenate([part[TEST].images.reshape(-1, 784) for part in parts])
    whole = open_dataset(folder).splits[TRAIN].images.reshape(-1, 784)
    assert sorted(map(bytes, held_out)) == sorted(map(bytes, whole))
    assert all(len(part[TRAIN]) + len(part[TEST]) == 200 for part in parts)


TINY = Project(
    name="tiny",
    title="A tiny project",
    author="nobody",
    dataset="digits",
    pooled=False,
    test_share=0.2,
    validation_share=0.2,
    steps=(
        ProjectStep(
            "search",
            "Two forests",
            Measure.TEST,
            tuple(
                PlannedTraining(
                    f"trees{n}", "random-forest", {"preset_options": {"trees": n}}, theirs
                )
                for n, theirs in ((1, 0.5), (8, 0.8))
            ),
            choose=True,
            theirs=0.81,
        ),
        ProjectStep(
            "folds",
            "Neighbours in folds",
            Measure.FOLDS,
            (PlannedTraining("k3", "knn", {"preset_options": {"neighbors": 3, "shape": "round"}}),),
            folds=2,
        ),
        ProjectStep(
            "svm",
            "Too few samples",
            Measure.TEST,
            (PlannedTraining("few", "svm-rbf", {"limit": 12}),),
        ),
    ),
)


@pytest.fixture(scope="module")
def work(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the tiny project, trained in child processes, and its table."""

    def make(folder: Path) -> None:
        rows = list(make_reproduction(digits, folder).rows())
        save_rows(folder / "table.json", {"source": TINY.name}, rows)

    return made_once(tmp_path_factory, "reproduced", make)


@pytest.fixture(scope="module")
def reproduced(work: Path) -> list[Row]:
    """Return the rows of the tiny project."""
    return load_rows(work / "table.json", {step.name for step in TINY.steps})


def make_reproduction(digits: Path, work: Path, *steps: str) -> Reproduction:
    data = prepare_data(TINY, DataChoice(str(digits)), work)

    def report(done: float, total: int, phase: str) -> None:
        assert 0 <= done <= total
        assert phase

    return Reproduction(TINY, data, work / "runs", seed=1, steps=steps, report=report)


def test_only_the_chosen_trial_meets_the_test_data(reproduced: list[Row], work: Path) -> None:
    small, large, chosen = (row for row in reproduced if row.step == "search")
    assert [small.measure, large.measure] == [Measure.VALIDATION] * 2
    assert small.theirs is None
    assert "50.00%" in small.note
    assert (chosen.measure, chosen.trial, chosen.theirs) == (Measure.TEST, "trees8", 0.81)
    assert chosen.chosen
    assert chosen.ours is not None
    assert chosen.ours > 0.6
    assert chosen.interval is not None
    assert chosen.interval[0] < chosen.ours <= chosen.interval[1]
    assert chosen.size_bytes
    assert not list((work / "runs" / small.runs[0]).glob("report-*"))
    page = next((work / "runs" / chosen.runs[0]).glob("report-*/report.html"))
    assert "<html" in page.read_text(encoding="utf-8")
    seen = read_test_result(work / "runs" / chosen.runs[0])
    assert seen is not None
    assert seen.accuracy == chosen.ours
    assert read_test_result(work / "runs" / small.runs[0]) is None
    assert {run.chosen_after for run in list_runs(work / "runs")} == {""}  # it was all planned


def test_folds_have_a_mean_and_a_deviation(reproduced: list[Row]) -> None:
    row = next(row for row in reproduced if row.step == "folds")
    assert len(row.runs) == 2
    assert row.ours is not None
    assert 0.5 < row.ours <= 1
    assert row.deviation is not None
    assert row.samples == 100  # the other half of 200
    assert "Without shape" in row.note


def test_a_step_that_fails_is_told_and_the_others_are_there(reproduced: list[Row]) -> None:
    row = reproduced[-1]
    assert row.ours is None
    assert "Expected 3 samples of every class" in row.error
    assert not any(other.error for other in reproduced[:-1])


def test_what_is_done_is_not_done_again(
    reproduced: list[Row], digits: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")  # no child can be started
    again = list(make_reproduction(digits, work, "search", "folds").rows())
    assert again == reproduced[:-1]


def test_the_tables_show_theirs_beside_ours(reproduced: list[Row]) -> None:
    record = {
        "title": "T",
        "author": "A",
        "dataset": "theirs",
        "data": "ours",
        "samples": 200,
        "test_samples": 60,
        "classes": 10,
        "quick": False,
        "rows": [asdict(row) for row in reproduced],
    }
    text = text_table(record)
    chosen = next(line for line in text.splitlines() if "(chosen)" in line)
    assert "81.00%" in chosen
    assert "Expected 3 samples" in text
    assert " ± " in text
    markdown = markdown_table(record).splitlines()
    assert len(markdown) == 2 + len(reproduced)
    assert len({line.count("|") for line in markdown}) == 1


def test_rows_of_other_steps_are_kept(reproduced: list[Row], tmp_path: Path) -> None:
    path = tmp_path / "table.json"
    assert load_rows(path, {"folds"}) == []
    save_rows(path, {"source": "tiny"}, reproduced)
    assert load_rows(path, {"folds"}) == [row for row in reproduced if row.step == "folds"]
    assert load_rows(path, {"search", "folds", "svm"}) == reproduced
    path.write_text('{"rows": [{"step": "folds"}]}')
    assert load_rows(path, {"folds"}) == []


def test_a_forest_that_outgrows_the_memory_is_warned_of(
    digits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as large as the source's, whose file says how large a tree is
    assert forest_bytes_of_the_source() == pytest.approx(14.23 * 2**30, rel=0.05)
    config = TrainingConfig.from_record({"preset": "random-forest", "data": str(digits)})
    assert estimate.memory_warning(config) == ""
    monkeypatch.setattr(estimate, "available_memory", lambda: 10**6)
    assert "ended with fewer trees" in estimate.memory_warning(config)
    assert estimate.memory_warning(replace(config, preset="knn")) == ""


def forest_bytes_of_the_source() -> float:
    return estimate.forest_bytes(samples=338_400, classes=47, trees=250)


def test_figures_are_drawn_as_files(digits: Path, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "runs" / "a")
    folder.root.mkdir(parents=True)
    for number in (1, 2):
        share = 0.4 * number
        folder.append(events.Epoch(number, 1.0, share, 1.1, share, share, 1e-3, 2.0, best=True))
    step = ProjectStep(
        "net", "A network", Measure.TEST, (PlannedTraining("one", "mlp-tiny"),), curves=True
    )
    row = Row("net", "one", "A network", Measure.TEST, 0.9, 0.8, seconds=4.0, runs=("a",))
    paths = draw_figures(
        replace(TINY, steps=(step,)),
        [replace(row, theirs_seconds=60.0)],
        tmp_path / "runs",
        digits,
        tmp_path / "figures",
    )
    names = {path.name for path in paths}
    assert names == {
        f"{stem}.{form}" for stem in ("accuracy-time", "curves-net") for form in ("svg", "png")
    }
    assert all(path.stat().st_size > 1000 for path in paths)
    assert draw_figures(TINY, [], tmp_path / "runs", digits, tmp_path / "none") == []


def test_the_command_leaves_runs_a_table_and_figures_in_the_profile(
    digits: Path, tmp_path: Path
) -> None:
    options = ("--data", str(digits), "--quick", "--limit", "80", "--steps", "forest")
    answer = trainer(tmp_path, "reproduce", "digits", *options, "--json", "--progress")
    assert answer.returncode == 0, answer.stderr
    record = json.loads(answer.stdout)
    assert record["source"] == "digits"
    assert [row["theirs"] for row in record["rows"]] == [0.88]
    assert 50 <= record["rows"][0]["samples"] <= 60  # about seven tenths of 80
    kept = json.loads((Path(record["folder"]) / "table.json").read_text(encoding="utf-8"))
    assert kept["rows"] == record["rows"]
    assert all(Path(path).is_file() for path in record["pictures"])
    root = tmp_path / "runs" / record["rows"][0]["runs"][0]
    assert (root / "bundle" / "model.skops").is_file()
    assert '"phase": "Random forest: trees10"' in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("alphabet", "--data", "mnist"), "Expected a source of"),
        (("digits", "--data", "nowhere"), "nowhere"),
        (("digits", "--data", "mnist", "--steps", "dance"), "Expected a step of forest, xgboost"),
        (("digits", "--data", "mnist", "--limit", "-1"), "Expected limit of 0 or more"),
    ],
)
def test_wrong_options_are_explained(
    tmp_path: Path, arguments: tuple[str, ...], expected: str
) -> None:
    answer = trainer(tmp_path, "reproduce", *arguments)
    assert answer.returncode == 1
    assert expected in answer.stderr
    assert not answer.stdout


def test_the_page_of_the_presets_names_what_was_not_run(tmp_path: Path) -> None:
    (tmp_path / "data" / "mnist").mkdir(parents=True)
    page = tmp_path / "presets.md"
    options = ("--work", str(tmp_path / "work"), "--data", str(tmp_path / "data"))
    command = [sys.executable, str(ROOT / "tools" / "table_presets.py"), *options]
    answer = subprocess.run(
        [*command, "--out", str(page), "--page-only"], check=False, capture_output=True, text=True
    )
    assert answer.returncode == 1  # nothing of what was asked for is there
    text = page.read_text(encoding="utf-8")
    assert text.count("Not run: mlp-tiny") == 3
    assert all(name in text for name in PRESETS if name != OWN)
