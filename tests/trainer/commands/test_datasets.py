"""``python -m trainer datasets``, as a user calls it."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

from tests.conftest import ROOT
from tests.trainer.datasets.test_catalog import store
from tests.trainer.handwriting import digits
from tests.trainer.servers import Miniature, Server, miniature, serving
from trainer.__main__ import main
from trainer.commands.datasets import ProgressLine, progress_text
from trainer.datasets import catalog
from trainer.datasets.catalog import Catalog
from trainer.datasets.download.progress import TransferProgress
from trainer.datasets.load import load_data
from trainer.errors import DatasetError
from trainer.files.paths import Profile


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Miniature:
    """Put a small EMNIST Letters into the catalogue."""
    small = miniature("emnist-letters", 52, 26)
    monkeypatch.setattr(catalog, "published", lambda: (small.facts,))
    return small


@pytest.fixture
def server(small: Miniature) -> Iterator[Server]:
    with serving() as server:
        server.files["/gzip.zip"] = small.archive()
        yield server


def _answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert main(["datasets", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_list(own_profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store(own_profile / "datasets" / "signs")
    (store(own_profile / "datasets" / "broken") / "dataset.json").write_text("{")
    assert main(["datasets", "list"]) == 0
    output = capsys.readouterr()
    rows = {line.split()[0]: line for line in output.out.splitlines()}
    assert rows["emnist-balanced"].split()[1:6] == ["no", "47", "131,600", "33.0", "MB"]
    assert rows["signs"].split()[1:4] == ["yes", "3", "6"]
    assert rows["broken"].split()[1] == "damaged"
    assert "broken: " in output.err
    records = {record["name"]: record for record in _answer(capsys, "list")}
    assert records["mnist"]["download_bytes"] > 11_000_000
    assert records["mnist"]["present"] is False
    assert records["signs"]["present"] is True
    assert records["broken"]["error"]
    keys = {"title", "kind", "classes", "counts", "disk_bytes", "terms", "citation", "folder"}
    assert keys <= set(records["signs"])


def test_fetch_show_and_remove(
    server: Server, own_profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mirrors = ["--mirror", f"{server.url}/old.zip", "--mirror", f"{server.url}/gzip.zip"]
    assert main(["datasets", "fetch", "emnist-letters", *mirrors]) == 0
    output = capsys.readouterr()
    assert "78 samples in" in output.out
    assert "100%" in output.err
    assert "samples/s" not in output.out
    shown = _answer(capsys, "show", "emnist-letters")
    assert shown["name"] == "emnist-letters"
    assert shown["classes"] == 26
    assert shown["alphabet"][0] == "A"
    assert shown["image_shape"] == [28, 28]
    assert shown["counts"]["train"] == dict.fromkeys(shown["alphabet"], 2)
    assert shown["counts"]["test"]["Z"] == 1
    assert shown["present"] is True
    by_path = _answer(capsys, "show", shown["folder"])
    assert by_path["counts"] == shown["counts"]

    server.log.clear()
    again = _answer(capsys, "fetch", "emnist-letters", *mirrors)
    assert again["present"] is True
    assert server.log == []

    assert main(["datasets", "remove", "emnist-letters"]) == 1
    assert "--yes" in capsys.readouterr().err
    assert _answer(capsys, "remove", "emnist-letters", "--yes") == {"removed": "emnist-letters"}
    assert _answer(capsys, "show", "emnist-letters")["present"] is False
    assert list((own_profile / "datasets").iterdir()) == []


def test_a_failed_fetch_says_why(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.behaviour.page = True
    address = f"{server.url}/gzip.zip"
    assert main(["datasets", "fetch", "emnist-letters", "--mirror", address, "--json"]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert "Received: a web page." in output.err
    assert "Hint: " in output.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["fetch", "balanced"], "Like it: emnist-balanced"),
        (["show", "balanced"], "Like it: emnist-balanced"),
        (["show", "missing/folder"], "There is no missing/folder"),
        (["remove", "starter", "--yes"], "nothing of Starter set"),
        (["fetch", "my-samples"], "neither fetched nor made"),
        (["fetch", "mnist", "--samples", "10"], "with starter only"),
        (["fetch", "starter", "--samples", "10"], "Expected a starter set of"),
        (["fetch", "starter", "--seed", "-1"], "Expected a seed"),
    ],
)
def test_what_is_not_possible(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["datasets", *arguments]) == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert "Traceback" not in error


@pytest.mark.parametrize("arguments", [[], ["fetch"], ["dance"], ["fetch", "starter", "--seed"]])
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["datasets", *arguments])
    assert caught.value.code == 2


def test_the_starter_set_is_made_and_made_anew(capsys: pytest.CaptureFixture[str]) -> None:
    first = _answer(capsys, "fetch", "starter", "--samples", "400")
    assert sum(first["samples"].values()) == 400
    assert _answer(capsys, "fetch", "starter") == first
    second = _answer(capsys, "make", "starter", "--samples", "380", "--seed", "2")
    assert sum(second["samples"].values()) == 380
    assert main(["datasets", "show", "starter"]) == 0
    text = capsys.readouterr().out
    assert "classes     62" in text
    assert "28×28" in text


def _write_pairs(folder: Path, n: int = 60, side: int = 28) -> Path:
    images = np.zeros((n, side, side), dtype=np.uint8)
    images[:, 4:-4, side // 2] = 255
    np.save(folder / "hex_images.npy", images)
    np.save(folder / "hex_labels.npy", np.arange(n) % 3)
    return folder / "hex_images.npy"


def test_an_import_says_what_it_found_and_stores_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(_write_pairs(tmp_path, side=20))
    assert main(["datasets", "import", path]) == 0
    output = capsys.readouterr().out
    assert "classes     3: 0 1 2" in output
    assert "warning     The images are 20×20" in output
    assert output.index("warning") < output.index("60 samples in")
    assert _answer(capsys, "show", "hex")["image_shape"] == [20, 20]
    again = _answer(capsys, "import", path, "--classes", "ABC", "--size", "28")
    assert again["name"] == "hex-2"
    assert again["image_shape"] == [28, 28]
    assert again["counts"]["train"] == {"A": 20, "B": 20, "C": 20}
    names = tmp_path / "names.txt"
    names.write_text("one\ntwo\nthree\n")
    labels = str(tmp_path / "hex_labels.npy")
    third = _answer(
        capsys,
        "import",
        path,
        "--name",
        "third",
        "--classes",
        str(names),
        "--labels",
        labels,
        *("--transposed", "yes", "--invert", "no"),
    )
    assert third["alphabet"] == ["one", "two", "three"]
    assert (third["transposed"], third["inverted"]) == ("yes", "no")
    assert _answer(capsys, "import", path, "--name", "d", "--classes", "a,b,c")["alphabet"] == [
        *"abc"
    ]


def test_a_proposal_is_named_as_the_option_that_takes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, labels = digits(40)
    path = tmp_path / "ten.npz"
    np.savez(path, images=images, labels=np.where(labels == 0, 10, labels))
    assert main(["datasets", "import", str(path), "--name", "ten"]) == 0
    assert "proposed    --classes 1234567890\n" in capsys.readouterr().out
    options = ["--name", "taken", "--classes", "1234567890"]
    assert main(["datasets", "import", str(path), *options]) == 0
    assert "proposed" not in capsys.readouterr().out


def test_data_that_are_not_imported_can_be_shown_and_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(_write_pairs(tmp_path))
    shown = _answer(capsys, "show", path)
    assert shown["counts"] == {"train": {"0": 20, "1": 20, "2": 20}}
    assert len(load_data(path)) == 60
    assert len(load_data(path, "train")) == 60
    with pytest.raises(DatasetError, match="no split 'test'"):
        load_data(path, "test")


def test_folders_of_classes_have_the_size_of_their_pictures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for index, image in enumerate(digits(8)[0]):
        path = tmp_path / "classes" / "AB"[index % 2] / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        PillowImage.fromarray(image).save(path)
    expected = sum(path.stat().st_size for path in tmp_path.rglob("*.png"))
    assert _answer(capsys, "show", str(tmp_path / "classes"))["disk_bytes"] == expected


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--name", "starter"], "The name starter is taken"),
        (["--name", "Not A Name"], "Expected a name of up to 60 small letters"),
        (["--classes", "ab"], "class"),
        (["--labels", "missing.npy"], "missing.npy"),
    ],
)
def test_imports_that_are_not_possible(
    tmp_path: Path,
    own_profile: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    assert main(["datasets", "import", str(_write_pairs(tmp_path)), *arguments]) == 1
    assert sentence in capsys.readouterr().err
    assert not list((own_profile / "datasets").glob("*"))


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    catalogue = Catalog(Profile(tmp_path))
    for name in ("a", "a-2"):
        store(tmp_path / "datasets" / name)
    assert catalogue.new_name("a") == "a-3"
    assert catalogue.new_name("mnist") == "mnist-2"
    assert catalogue.new_name("b") == "b"
    with pytest.raises(DatasetError, match="a is taken") as caught:
        catalogue.check_new_name("a")
    assert "a-3" in caught.value.hint


class Terminal(io.StringIO):
    """Standard streams as a terminal gives them."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "stays"), [("y\n", False), ("\n", True), ("no\n", True)])
def test_a_removal_is_asked_about(
    own_profile: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    stays: bool,
) -> None:
    folder = store(own_profile / "datasets" / "signs")
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert main(["datasets", "remove", "signs"]) == 0
    assert folder.exists() is stays
    assert "Remove Signs from" in capsys.readouterr().err


def test_the_progress_line_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    line = ProgressLine("mnist")
    line(TransferProgress("download", 5_000_000, 10_000_000, "bytes", 2e6, 125.4))
    line(TransferProgress("download", 9_000_000, 10_000_000, "bytes", 2e6, 0.5))
    line.end()
    line.end()
    first, second = terminal.getvalue().split("\r")[1:]
    assert (
        first == "fetching mnist  [############............]   50% of 10.0 MB  2.0 MB/s  2:05 left"
    )
    assert second.endswith("\n")
    assert len(second.rstrip("\n")) == len(first)


def test_progress_elsewhere_is_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    line = ProgressLine("mnist")
    for done in range(0, 1_001, 5):
        line(TransferProgress("store", done, 1_000, "samples", 0.0, None))
    line.end()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 11
    assert "\r" not in "".join(lines)


def test_progress_without_a_total() -> None:
    text = progress_text("mnist", TransferProgress("download", 2_500_000, 0, "bytes", 0.0, None))
    assert text == "fetching mnist  2.5 MB"


def test_an_interruption_keeps_what_has_arrived(tmp_path: Path, own_profile: Path) -> None:
    with serving() as server:
        server.files["/train-images-idx3-ubyte.gz"] = gzip.compress(os.urandom(400_000))
        server.behaviour.stall_after = 200_000
        command = [sys.executable, "-m", "trainer", "datasets", "fetch", "mnist"]
        child = subprocess.Popen(
            [*command, "--mirror", f"{server.url}/"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert child.stderr is not None
        first = child.stderr.readline()
        assert server.stalling.wait(30)
        child.send_signal(signal.SIGINT)
        _, rest = child.communicate(timeout=30)
    assert first.startswith("fetching mnist")
    assert child.returncode == 130
    assert "Interrupted; fetch again" in rest
    assert "Traceback" not in rest
    assert not (own_profile / "datasets").exists()


@pytest.mark.real_data
def test_mnist_itself(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving() as server:
        for path in (data_dir / "mnist").iterdir():
            server.files[f"/{path.name}"] = path.read_bytes()
        fetched = _answer(capsys, "fetch", "mnist", "--mirror", f"{server.url}/")
    expected = {entry["name"]: entry for entry in _answer(capsys, "list")}["mnist"]
    assert fetched["counts"] == expected["counts"]
    assert fetched["counts"]["train"]["1"] == 6_742
    assert fetched["samples"] == {"train": 60_000, "test": 10_000}


def test_samples_that_come_as_one_are_divided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, labels = (
        np.random.default_rng(1).integers(0, 256, (200, 28, 28), np.uint8),
        [0, 1] * 100,
    )
    path = tmp_path / "noise.npz"
    np.savez(path, images=images, labels=np.array(labels))
    entry = _answer(capsys, "import", str(path), "--classes", "AB", "--split-shares", "80,10,10")
    assert entry["samples"] == {"train": 160, "validation": 20, "test": 20}
    parts = [np.asarray(load_data(entry["name"], split).images) for split in entry["samples"]]
    together = np.concatenate(parts).reshape(200, -1)
    assert len(np.unique(together, axis=0)) == 200
    assert main(["datasets", "import", str(path), "--split-shares", "80,30"]) == 1
    assert "80,10,10" in capsys.readouterr().err
