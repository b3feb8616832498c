"""Searches: what can be varied, who takes which trial, and whole searches in child processes."""

from __future__ import annotations

import dataclasses
import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import trainer
from tests.trainer.archives import write_archive
from trainer.__main__ import main
from trainer.commands.train import train
from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError, RunError
from trainer.files.paths import Profile
from trainer.files.records import parse
from trainer.runs import events
from trainer.runs.folder import ControlReader, Request, RunFolder
from trainer.search.experiment_folder import SEARCH, experiment_folder, list_records, read_record
from trainer.search.session import SearchSession
from trainer.search.space import Dimension, grid_points, settings_with, variables
from trainer.search.space_parser import checked_space, dimension_from, parse_dimension, space_from
from trainer.search.storage import database_lock, file_lock, open_storage
from trainer.search.study import Search, Study, begin_study, suggested_point, trial_record
from trainer.search.worker import Ending, TrainingWorker, Watch

pytestmark = pytest.mark.slow

DEADLINE = 120.0
"""Seconds after which a wait has failed."""

KNOWN = {**variables({"preset": "lenet5"}), **variables({"preset": "random-forest"})}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("data") / "small.npz", 120)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """Return the address of a database of the real server."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    if sys.platform == "win32":
        pytest.skip("the server is started as on Linux")
    from tests.trainer.search.postgres import programs, server

    if programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with server() as address:
        yield address


@pytest.fixture
def start(own_profile: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start searches that are gone when the test is."""
    started = []

    def begin(*arguments: str, profile: Path = own_profile) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "trainer", "search", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "EMNIST_DESKTOP_PROFILE": str(profile)},
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def _ended(process: subprocess.Popen[str], status: int = 0) -> dict[str, Any]:
    output, error = process.communicate(timeout=DEADLINE)
    assert process.returncode == status, error
    return dict(parse(output)) if output else {}


def _folder(profile: Path, study: str) -> Path:
    return experiment_folder(Profile(profile), SEARCH, study)


def _wait_for_trial(profile: Path, study: str, process: subprocess.Popen[str]) -> RunFolder:
    """Return the run of the trial under way; `process` tells of progress."""
    assert process.stderr is not None
    for line in process.stderr:
        assert line.startswith('{"done"'), line
        record = read_record(_folder(profile, study)) or {"trials": []}
        for trial in record["trials"]:
            if trial["state"] == "running" and trial["run"]:
                return RunFolder(Path(trial["run"]))
    raise AssertionError("it ended before a trial")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("batch_size=32,64", {"name": "batch_size", "values": [32, 64]}),
        ("batch-size=8..64:8", {"name": "batch_size", "low": 8, "high": 64, "step": 8.0}),
        ("dropout=0..0.5", {"name": "dropout", "low": 0.0, "high": 0.5}),
        (
            "learning_rate=1e-4..1e-2:log",
            {"name": "learning_rate", "low": 1e-4, "high": 1e-2, "log": True},
        ),
        ("optimizer=adam, sgd-momentum", {"name": "optimizer", "values": ["adam", "sgd-momentum"]}),
        ("trees=10..20", {"name": "option.trees", "low": 10, "high": 20}),
        ("option.criterion=gini", {"name": "option.criterion", "values": ["gini"]}),
        (
            "image_augmentation.shift=0,2",
            {"name": "image_augmentation.shift", "values": [0.0, 2.0]},
        ),
    ],
)
def test_fields_are_varied_as_they_are_written(text: str, expected: dict[str, Any]) -> None:
    dimension = parse_dimension(text, KNOWN)
    assert dimension.to_record() == expected
    assert dimension_from(expected, KNOWN) == dimension


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour=1,2", "There is no field 'colour'"),
        ("data=a,b", "There is no field 'data'"),
        ("option.neighbors=1,2", "There is no field 'option.neighbors'"),
        ("batch_size", "Expected values for batch_size"),
        ("batch_size=0,32", "Expected batch_size from 1 to 4096. Received: 0"),
        ("batch_size=32,32", "Expected different values"),
        ("batch_size=1.5,2", "Expected whole numbers for batch_size"),
        ("batch_size=8..64:0.5", "Expected a whole step"),
        ("dropout=0.5..0.1", "from less to more"),
        ("dropout=0..0.5:-1", "from less to more"),
        ("dropout=0..0.5:log", "above 0"),
        ("dropout=a..b", "Expected a number for dropout"),
        ("dropout=nan", "Expected a number for dropout"),
        ("optimizer=adam,best", "Expected optimizer of adam"),
    ],
)
def test_what_cannot_be_varied_is_said(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse_dimension(text, KNOWN)


@pytest.mark.parametrize("space", [7, "batch_size", [], [7], {"batch_size": 3}, {"dropout": {}}])
def test_a_broken_space_is_refused(space: Any) -> None:
    with pytest.raises(ConfigError):
        space_from(space, KNOWN)


def test_a_classic_model_has_no_epochs() -> None:
    assert "epochs" not in variables({"preset": "knn"})
    assert {"limit", "option.neighbors"} <= set(variables({"preset": "knn"}))


def test_a_field_can_be_varied_once() -> None:
    twice = [parse_dimension("dropout=0,0.5", KNOWN), parse_dimension("dropout=0.1", KNOWN)]
    with pytest.raises(ConfigError, match="dropout twice"):
        checked_space(twice)


@given(
    batch=st.lists(st.integers(1, 4096), min_size=1, max_size=5, unique=True),
    low=st.integers(0, 3),
    length=st.integers(1, 6),
)
def test_a_grid_has_every_combination_once(batch: list[int], low: int, length: int) -> None:
    record = {
        "batch_size": batch,
        "dropout": {"low": low / 10, "high": (low + length) / 10, "step": 0.1},
    }
    points = grid_points(space_from(record, KNOWN))
    assert len(points) == len(batch) * (length + 1)
    assert len({tuple(point.values()) for point in points}) == len(points)
    assert {point["batch_size"] for point in points} == set(batch)
    assert max(float(point["dropout"]) for point in points) == pytest.approx((low + length) / 10)


def test_a_grid_needs_single_values() -> None:
    with pytest.raises(ConfigError, match="Expected single values of dropout"):
        grid_points([parse_dimension("dropout=0..0.5", KNOWN)])
    assert len(grid_points([parse_dimension("epochs=1..12", KNOWN)])) == 12


def test_a_grid_that_nobody_waits_for_is_refused() -> None:
    many = [
        parse_dimension(f"{name}=0..0.5:0.01", KNOWN) for name in ("dropout", "label_smoothing")
    ]
    with pytest.raises(ConfigError, match="at most 10,000"):
        grid_points([*many, parse_dimension("epochs=1..9", KNOWN)])


def test_a_point_changes_nothing_else() -> None:
    base = {"data": "x", "preset_options": {"trees": 5, "max_depth": 3}}
    point = {"option.trees": 9, "image_augmentation.noise": 0.2, "epochs": 4}
    assert settings_with(base, point) == {
        "data": "x",
        "preset_options": {"trees": 9, "max_depth": 3},
        "image_augmentation": {"noise": 0.2},
        "epochs": 4,
    }
    assert base == {"data": "x", "preset_options": {"trees": 5, "max_depth": 3}}


def _search(method: str, *texts: str) -> Search:
    space = tuple(parse_dimension(text, KNOWN) for text in texts)
    return Search({"data": "x", "preset": "random-forest"}, space, method, False, 1)


@pytest.mark.parametrize("wanted", ["", "journal.log"], ids=["database", "journal"])
def test_nobody_takes_a_trial_that_another_has(tmp_path: Path, wanted: str) -> None:
    search = _search("grid", "epochs=1..6", "batch_size=1,2")
    where = str(tmp_path / wanted) if wanted else ""
    _take_all_once(where, tmp_path, search)


def test_nobody_takes_a_trial_that_another_has_on_a_server(postgres: str, tmp_path: Path) -> None:
    _take_all_once(postgres, tmp_path, _search("grid", "epochs=1..6", "batch_size=1,2"))


def _take_all_once(where: str, tmp_path: Path, search: Search) -> None:
    def take_all(_: int) -> list[tuple[Any, ...]]:
        study = begin_study("s", open_storage(where, tmp_path), search, None)
        taken = []
        while (trial := study.claim(search)) is not None:
            taken.append(tuple(suggested_point(trial, search).values()))
            study.optuna.tell(trial, 0.5)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [point for points in pool.map(take_all, range(4)) for point in points]
    assert sorted(taken) == [(epochs, batch) for epochs in range(1, 7) for batch in (1, 2)]
    assert len(Study("s", open_storage(where, tmp_path)).trials()) == 12


@pytest.mark.parametrize("method", ["random", "tpe"])
def test_a_search_depends_on_its_seed_alone(tmp_path: Path, method: str) -> None:
    search = _search(method, "learning_rate=1e-4..1e-1:log", "batch_size=8..64:8", "dropout=0,0.5")

    def points(name: str) -> list[dict[str, Any]]:
        found = []
        for _ in range(4):  # as if it were ended and begun again for each trial
            study = begin_study(name, open_storage("", tmp_path / name), search, 4)
            trial = study.claim(search)
            found.append(suggested_point(trial, search))
            study.optuna.tell(trial, float(found[-1]["learning_rate"]))
        return found

    first = points("a")
    assert points("b") == first
    assert all(1e-4 <= float(p["learning_rate"]) <= 0.1 for p in first)
    assert all(int(p["batch_size"]) % 8 == 0 for p in first)
    assert len({float(p["learning_rate"]) for p in first}) == 4


@pytest.mark.parametrize("how", ["storage", "file", "file without locks"])
def test_one_is_let_in_at_a_time(tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = open_storage("", tmp_path).backend
    inside: list[int] = []
    if how == "file without locks":  # as on some shared disks

        def lock(_: object) -> None:
            raise OSError(errno.ENOLCK, "No locks available")

        monkeypatch.setattr("trainer.files.lock._lock", lock)

    def turn() -> AbstractContextManager[None]:
        if how == "storage":
            return database_lock(backend, "s")
        return file_lock(tmp_path / "turn")

    def enter(number: int) -> int:
        with turn():
            inside.append(number)
            together = len(inside)
            inside.remove(number)
        return together

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(enter, range(12))) == {1}
    assert backend.get_all_studies() == []
    assert not list(tmp_path.glob("turn.lock"))


def test_a_turn_in_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "turn").mkdir()
    with pytest.raises(RunError, match="cannot be written"), file_lock(tmp_path / "turn"):
        pass


def test_two_processes_share_a_grid_and_a_third_goes_on(
    start: Callable[..., subprocess.Popen[str]], archive: Path, tmp_path: Path, own_profile: Path
) -> None:
    where = ("--study", "shared", "--storage", str(tmp_path / "journal.log"), "--json")
    space = ("--vary", "preset=knn,svm-rbf", "--vary", "limit=6,60,90", "--method", "grid")
    both = [start(*where, *space, "--data", str(archive), "--trials", "4") for _ in range(2)]
    for process in both:
        _ended(process)
    first = read_record(_folder(own_profile, "shared"))
    assert first is not None
    states = [trial["state"] for trial in first["trials"]]
    assert states == ["finished", "finished", "finished", "failed"]
    failed = first["trials"][3]
    assert failed["message"].startswith("Expected 3 samples of every class")
    assert failed["accuracy"] is None
    elsewhere = tmp_path / "elsewhere"  # as on another machine, which knows the name alone
    third = trainer(elsewhere, "search", *where, "--trials", "7")
    assert third.returncode == 0, third.stderr
    record = dict(parse(third.stdout))
    assert record["trials"][:4] == first["trials"]
    ends = ["failed", "finished", "finished"]  # what had failed is tried again, once
    assert [trial["state"] for trial in record["trials"]] == [*states, *ends]
    assert [trial["retry_of"] for trial in record["trials"]] == [0, 0, 0, 0, 4, 0, 0]
    assert record["trials"][4]["settings"] == failed["settings"]
    assert record["trials"][4]["run"] == failed["run"]
    tried = [trial for trial in record["trials"] if not trial["retry_of"]]
    settings = [tuple(trial["settings"].values()) for trial in tried]
    assert sorted(settings) == [(name, n) for name in ("knn", "svm-rbf") for n in (6, 60, 90)]
    for profile, numbers in ((own_profile, range(1, 5)), (elsewhere, range(6, 8))):
        runs = sorted(path.name for path in _folder(profile, "shared").glob("trial-*"))
        assert runs == [f"trial-{number:04d}" for number in numbers]
    best = max((t for t in record["trials"] if t["accuracy"]), key=lambda t: t["accuracy"])
    assert record["trials"][record["best"] - 1]["accuracy"] == best["accuracy"]
    assert sum(record["importances"].values()) == pytest.approx(1)
    assert (Path(best["run"]) / "bundle" / "bundle.json").is_file()
    assert list_records(Profile(elsewhere), SEARCH)[0]["study"] == "shared"


@pytest.mark.parametrize("file", ["", "journal.log"], ids=["of the profile", "journal"])
def test_several_workers_are_submitted_with_one_command(
    archive: Path, own_profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    if find_spec("submitit") is None:
        pytest.skip("submitit is not installed")
    monkeypatch.setattr("trainer.search.submit.shutil.which", lambda _: None)  # no Slurm
    where = ("--study", "many", *(("--storage", str(tmp_path / file)) if file else ()), "--json")
    space = ("--preset", "knn", "--vary", "option.neighbors=1,3,5,7", "--method", "grid")
    done = trainer(own_profile, "search", *where, *space, "--data", str(archive), "--submit", "2")
    assert done.returncode == 0, done.stderr
    record = dict(parse(done.stdout))
    assert [trial["state"] for trial in record["trials"]] == ["finished"] * 4
    assert {t["settings"]["option.neighbors"] for t in record["trials"]} == {1, 3, 5, 7}
    jobs = _folder(own_profile, "many") / "jobs"
    assert len(list(jobs.glob("*_result.pkl"))) == 2
    assert read_record(_folder(own_profile, "many")) == record | {"stopped": False}


def test_a_failed_trial_is_tried_again_when_the_search_goes_on(tmp_path: Path) -> None:
    from optuna.trial import TrialState

    search = _search("grid", "epochs=1,2,3")
    storage = open_storage(str(tmp_path / "journal.log"), tmp_path)
    study = begin_study("s", storage, search, 2)
    trial = study.claim(search)
    point = suggested_point(trial, search)
    trial.set_user_attr("run", "the run")
    study.optuna.tell(trial, state=TrialState.FAIL)
    again = begin_study("s", storage, search, 3)
    records = [trial_record(again, each) for each in again.trials()]
    assert [each["retry_of"] for each in records] == [0, 0, 1, 0]
    assert (records[2]["settings"], records[2]["run"]) == (point, "the run")
    assert [each["settings"]["epochs"] for each in records] == [1, 2, 1, 3]
    assert len(begin_study("s", storage, search, 3).trials()) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_what_a_killed_worker_leaves_is_trained_by_another(
    start: Callable[..., subprocess.Popen[str]],
    archive: Path,
    own_profile: Path,
    tmp_path: Path,
    postgres: str,
) -> None:
    """Two workers on a server: one is killed in a trial, which is tried again; none is twice."""
    where = ("--study", "killed", "--storage", postgres)
    space = ("--preset", "random-forest", "--vary", "option.trees=300,10,5")
    lost = start(*where, *space, "--method", "grid", "--data", str(archive), "--progress")
    run = _wait_for_trial(own_profile, "killed", lost)
    other = start(*where, "--json")
    lost.kill()
    lost.communicate(timeout=DEADLINE)
    _ended(other)
    last = trainer(own_profile, "search", *where, "--json")  # what is left, if anything is
    assert last.returncode == 0, last.stderr
    record = dict(parse(last.stdout))
    trials = record["trials"]
    finished = [t for t in trials if t["state"] == "finished"]
    trees = [t["settings"]["option.trees"] for t in finished]
    assert sorted(trees) == [5, 10, 300]
    assert {t["state"] for t in trials} == {"finished"}
    assert str(run.root) in {t["run"] for t in finished}
    assert record["storage"].startswith("postgresql+psycopg://")


FOREST = ("--vary", "option.trees=30,5", "--method", "grid", "--preset", "random-forest")


def test_a_search_is_stopped_and_goes_on(
    start: Callable[..., subprocess.Popen[str]], archive: Path, own_profile: Path
) -> None:
    process = start("--study", "s", *FOREST, "--data", str(archive), "--json", "--progress")
    run = _wait_for_trial(own_profile, "s", process)
    RunFolder(_folder(own_profile, "s")).ask(Request.STOP)
    record = _ended(process)
    assert record["stopped"] is True
    assert [trial["state"] for trial in record["trials"]] == ["interrupted", "waiting"]
    again = trainer(own_profile, "search", "--study", "s", "--json")
    assert again.returncode == 0, again.stderr
    record = dict(parse(again.stdout))
    assert record["stopped"] is False
    assert [trial["state"] for trial in record["trials"]] == ["finished", "finished"]
    assert record["trials"][0]["run"] == str(run.root)
    assert record["trials"][0]["settings"] == {"option.trees": 30}
    assert any(isinstance(event, events.Finished) for event in run.events())


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_trial_whose_process_is_gone_waits_again(
    start: Callable[..., subprocess.Popen[str]], archive: Path, own_profile: Path, how: int
) -> None:
    process = start("--study", "lost", *FOREST, "--data", str(archive), "--progress")
    run = _wait_for_trial(own_profile, "lost", process)
    process.send_signal(how)
    process.communicate(timeout=DEADLINE)
    assert process.returncode == (-9 if how == signal.SIGKILL else 130)
    study = Study("lost", open_storage("", _folder(own_profile, "lost")))
    search = _search("grid", "option.trees=30,5")
    trial = study.claim(search)
    assert trial.number == 0
    assert suggested_point(trial, search) == {"option.trees": 30}
    assert trial.user_attrs["run"] == str(run.root)
    assert study.claim(search).number == 1
    assert study.claim(search) is None


def test_an_interruption_while_a_worker_is_started_is_one(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("multiprocessing.process.BaseProcess.start", interrupted)
    config = TrainingConfig.from_record({"preset": "knn", "data": str(archive)})
    with TrainingWorker(main) as worker, pytest.raises(KeyboardInterrupt):
        worker.train(tmp_path / "run", config, lambda _: None)


class _ScriptedWorker(TrainingWorker):
    """Says what a training would say: three epochs, the deeper the forest the better."""

    def train(self, root: Path, config: TrainingConfig, watch: Watch) -> Ending:
        folder = RunFolder(root)
        folder.open(config, resume=True)
        asked = ControlReader(folder)
        watch(events.Started("random-forest", 0, 1, 1, ("a",), 3, 1, 1, "CPU"))
        accuracy = int(config.preset_options["max_depth"]) / 100
        for epoch in (1, 2, 3):
            watch(events.Epoch(epoch, 1, 1, 1, accuracy, accuracy, 0, 1, best=True))
            if Request.CANCEL in asked.next_requests():
                return Ending("cancelled", seconds=epoch)
        return Ending("finished", accuracy, 3, 3)


def test_what_reads_worse_is_ended_early(tmp_path: Path) -> None:
    grid = _search("grid", "option.max_depth=10,20,30,40,5,50,6")
    search = dataclasses.replace(grid, prune=True)
    study = begin_study("s", open_storage("", tmp_path), search, None)
    told: list[dict[str, Any]] = []
    control = ControlReader(RunFolder(tmp_path))
    session = SearchSession(study, search, tmp_path, control, told.append)
    assert session.run(_ScriptedWorker(train)) is False
    states = [trial["state"] for trial in told[-1]["trials"]]
    assert states == [*["finished"] * 4, "pruned", "finished", "pruned"]
    assert [len(trial["epochs"]) for trial in told[-1]["trials"]] == [3, 3, 3, 3, 2, 3, 2]
    assert told[-1]["best"] == 6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--study", "Big Study"], "Expected a name of up to 60 small letters"),
        (["--study", "none"], "There is no study none yet"),
        (["--study", "none", "--show"], "There is no study none yet"),
        (["--study", "s", "--data", "x"], "Expected a field to vary"),
        (["--study", "s", "--trials", "0"], "Expected at least one trial"),
        (["--study", "s", "--vary", "epochs=2,3"], "Expected training data"),
        (
            ["--study", "s", "--vary", "epochs=2,3", "--data", "x", "--space", "no"],
            "The space cannot be read. no cannot be read: No such file",
        ),
        (
            ["--study", "s", "--vary", "epochs=2,3", "--data", "x", "--storage", "oracle://x"],
            "The storage",
        ),
        (
            ["--study", "s", "--vary", "dropout=0..0.5", "--data", "x", "--method", "grid"],
            "Expected single values",
        ),
    ],
)
def test_a_wrong_search_is_refused_with_a_sentence(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", *arguments]) == 1
    assert capsys.readouterr().err.startswith(message)


def test_a_space_may_stand_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "space.json"
    path.write_text('{"epochs": [2, 3], "dropout": {"low": 0.1, "high": 0.5, "step": 0.1}}')
    arguments = ["search", "--study", "s", "--data", "x", "--space", str(path)]
    assert main([*arguments, "--vary", "dropout=0.2"]) == 1
    assert capsys.readouterr().err.startswith("Expected each field once. Received: dropout twice")
    path.write_text('{"epochs": [0]}')
    assert main(arguments) == 1
    assert capsys.readouterr().err.startswith("Expected epochs from 1 to 1000. Received: 0")


def test_another_search_of_the_same_name_is_refused(tmp_path: Path) -> None:
    storage = open_storage("", tmp_path)
    begin_study("s", storage, _search("grid", "epochs=1,2"), None)
    with pytest.raises(ConfigError, match="begun with another space"):
        begin_study("s", storage, _search("grid", "epochs=1,3"), None)
    other = Search({"data": "y"}, (Dimension("epochs", "int", (1, 2)),), "grid", False, 1)
    with pytest.raises(ConfigError, match="begun with another data, preset"):
        begin_study("s", storage, other, None)
    elsewhere = Search(
        {"data": "/other/machine/x", "preset": "random-forest", "device": "gpu"},
        other.space,
        "grid",
        False,
        1,
    )
    assert len(begin_study("s", storage, elsewhere, None).trials()) == 2


def test_a_password_is_not_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RunError) as caught:
        open_storage("mysql://user:secret@127.0.0.1:1/none", tmp_path)
    assert "secret" not in f"{caught.value.message} {caught.value.hint}"


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("a\nnot a journal\nb\n")
    with pytest.raises(RunError, match="is no journal file"):
        open_storage(str(path), tmp_path)
    shutil.rmtree(tmp_path)


def test_the_options_of_a_layer_can_be_varied() -> None:
    base = {"preset": "own", "data": "mnist", "layers": [{"kind": "flatten"}, {"kind": "dense"}]}
    known = variables(base)
    assert "layer.2.units" in known
    assert "layer.1.units" not in known
    dimension = parse_dimension("layer.2.units=16..64:16", known)
    points = grid_points([dimension])
    assert [point["layer.2.units"] for point in points] == [16, 32, 48, 64]
    config = TrainingConfig.from_record(settings_with(base, points[1]))
    assert config.layers[1].options["units"] == 32
    assert base["layers"] == [{"kind": "flatten"}, {"kind": "dense"}]
    with pytest.raises(ConfigError, match="from 1 to 8192"):
        parse_dimension("layer.2.units=0..64", known)
    with pytest.raises(ConfigError):
        variables({"preset": "own", "layers": [{"kind": "code"}]})
