"""Files that end the program that reads them: what is said, and what is left behind."""

from __future__ import annotations

import shutil
import struct
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

import trainer.processes.sandbox
import trainer.processes.trainer_process
from trainer.datasets.formats.matlab import open_matlab, unpack_matlab
from trainer.errors import BundleError, DatasetError
from trainer.files.paths import default_bundle
from trainer.ink.render import PLANES
from trainer.processes.sandbox import memory_limited, read_sandboxed
from trainer.recognition.bundle import load_bundle
from trainer.recognition.sandboxed_litert import KnownNetworks, check_bundle, check_network

_LIMITED = "import sys; from pathlib import Path; "
_LIMITED += "from trainer.processes.sandbox import limit_this_process; "
_LIMITED += "limit_this_process(Path(sys.argv[1])); "
_SAYS = "import sys; print('It is odd.\\nHint: Mend it.', file=sys.stderr); sys.exit(1)"

needs_limits = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limits")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "some.mat"
    path.write_bytes(b"content")
    return path


def _child(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(
        trainer.processes.trainer_process,
        "trainer_command",
        lambda: [sys.executable, "-c", program],
    )


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("import os; os.abort()", "broken: the program that reads it has crashed"),
        ("raise NameError('unthought of')", r"has crashed \(NameError: unthought of\)"),
        (_SAYS, "It is odd."),
        pytest.param(
            _LIMITED + "\nwhile True: pass", "takes longer than it may", marks=needs_limits
        ),
        pytest.param(
            _LIMITED + "bytearray(1 << 31)", r"has crashed \(MemoryError\)", marks=needs_limits
        ),
    ],
    ids=("aborts", "raises", "explains", "goes on for ever", "asks for too much"),
)
def test_each_end_of_a_child_has_a_sentence(
    program: str, sentence: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _child(monkeypatch, program)
    with pytest.raises(DatasetError, match=sentence) as caught:
        read_sandboxed([str(file)], file, DatasetError, "Fetch it again.")
    assert caught.value.hint == ("Mend it." if program == _SAYS else "Fetch it again.")


def test_a_child_that_waits_for_ever_is_ended_by_the_clock(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer.processes.sandbox, "_STARTING_SECONDS", -1.0)
    monkeypatch.setattr(trainer.processes.sandbox, "_CLOCK_FACTOR", 1.0)
    _child(monkeypatch, "import signal; signal.pause()")
    with pytest.raises(DatasetError, match="takes longer"):
        read_sandboxed([], file, DatasetError, "")


def test_who_does_not_want_the_answer_any_more_ends_the_child(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class UnwantedError(Exception):
        pass

    def check() -> None:
        raise UnwantedError

    _child(monkeypatch, "import signal; signal.pause()")
    with pytest.raises(UnwantedError):
        read_sandboxed([], file, DatasetError, "", check)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process has")
def test_memory_is_limited_for_a_while(file: Path) -> None:
    with memory_limited(file):
        bytearray(1 << 20)
        with pytest.raises(MemoryError):
            bytearray(1 << 30)
    bytearray(1 << 30)


def _matlab(path: Path, images: np.ndarray) -> bytes:
    savemat = pytest.importorskip("scipy.io").savemat
    split = {"images": images, "labels": np.arange(len(images))[:, None]}
    savemat(path, {"dataset": {"train": split}})
    return path.read_bytes()


@pytest.mark.parametrize(
    ("kind", "size", "sentence"),
    [
        (0, 3_920, r"broken: the program that reads it has crashed \(status -"),
        pytest.param(2, 0x7FFFFFF0, r"asks for more than 1,024 MB", marks=needs_limits),
    ],
    ids=("an unknown kind of number", "2 GB in 6 KB"),
)
def test_a_matlab_file_that_ends_scipy_is_refused(
    kind: int, size: int, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    path = tmp_path / "emnist.mat"
    sound = _matlab(path, np.ones((5, 784), np.uint8))
    head = struct.pack("<II", 2, 5 * 784)
    assert sound.count(head) == 1
    path.write_bytes(sound.replace(head, struct.pack("<II", kind, size)))
    with pytest.raises(DatasetError, match=sentence) as caught:
        open_matlab(path)
    assert caught.value.hint
    assert list((tmp_path / "temporary").iterdir()) == []


def test_what_is_unpacked_is_gone_but_for_the_arrays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    rows = np.arange(5 * 784).reshape(5, 784).astype(np.uint8)
    _matlab(tmp_path / "emnist.mat", rows)
    source = open_matlab(tmp_path / "emnist.mat")
    assert list((tmp_path / "temporary").iterdir()) == []
    (chunk,) = source.splits["train"].chunks()
    np.testing.assert_array_equal(chunk.images, rows.reshape(5, 28, 28).swapaxes(1, 2))


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _matlab(tmp_path / "emnist.mat", np.ones((5, 784), np.uint8))
    monkeypatch.setattr("trainer.datasets.formats.matlab.limit_this_process", id)
    with pytest.raises(DatasetError, match="cannot be unpacked: No such file") as caught:
        unpack_matlab(tmp_path / "emnist.mat", tmp_path / "nowhere")
    assert "room" in caught.value.hint


def _without_result(content: bytes) -> bytes:
    """Return a network of which one operation has no place for its result.

    Most operations are checked for that before they run; this one is not.
    """
    from ai_edge_litert import schema_py_generated as schema

    model = schema.Model.GetRootAs(content)
    graph = model.Subgraphs(0)
    operators = [graph.Operators(number) for number in range(graph.OperatorsLength())]
    table = next(
        each._tab
        for each in operators
        if model.OperatorCodes(each.OpcodeIndex()).BuiltinCode()
        == schema.BuiltinOperator.STRIDED_SLICE
    )
    outputs = table.Vector(table.Offset(8))
    return content[:outputs] + struct.pack("<i", -1) + content[outputs + 4 :]


def test_a_network_that_ends_litert_is_refused(tmp_path: Path) -> None:
    sound = default_bundle() / "model.tflite"
    check_network(sound, (28, 28, len(PLANES)))
    file = tmp_path / "model.tflite"
    file.write_bytes(_without_result(sound.read_bytes()))
    with pytest.raises(BundleError, match="broken: the program that reads it has crashed"):
        check_network(file, (28, 28, len(PLANES)))
    file.write_bytes(sound.read_bytes()[:1_000])
    with pytest.raises(BundleError, match="cannot be loaded"):
        check_network(file)


def test_a_network_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = KnownNetworks(tmp_path / "reports" / "known.txt")
    bundle = load_bundle(Path(shutil.copytree(default_bundle(), tmp_path / "bundle")))
    assert not known.knows(bundle.card)
    check_bundle(bundle, known)
    assert known.knows(bundle.card)
    assert not known.knows({**bundle.card, "image_shape": [32, 32]})
    _child(monkeypatch, "raise AssertionError('asked again')")
    check_bundle(bundle, known)
    check_bundle(load_bundle(default_bundle()))
    with pytest.raises(BundleError, match="asked again"):
        check_bundle(bundle)
