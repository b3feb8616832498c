"""Each kind of file is shown in the tab to which it belongs."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from emnist_desktop.app.file_opener import FileKind, FileOpener, identify
from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.app.single_instance import Instance
from tests.conftest import ROOT
from trainer.errors import TrainerError
from trainer.files.paths import Profile

SEVEN = '{"strokes": [[[0, 0], [1, 0], [0.5, 2]]]}'
TRACES = "".join(f"<trace>0 0, {n} 0, 8 40</trace>" for n in (20, 30))


@pytest.fixture
def opener(window: MainWindow, profile: Profile) -> FileOpener:
    return FileOpener(window, profile)


def make(path: Path, content: str = "{}") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "kind", "path"),
    [
        ("a.PNG", FileKind.PICTURE, "a.PNG"),
        ("a.heic", FileKind.PICTURE, "a.heic"),
        ("a.keras", FileKind.NETWORK, "a.keras"),
        ("a.csv", FileKind.DATA, "a.csv"),
        ("b/bundle.json", FileKind.BUNDLE, "b"),
        ("elsewhere/bundle/bundle.json", FileKind.BUNDLE, "elsewhere/bundle"),
        ("profile/runs/r/config.json", FileKind.RUN, "profile/runs/r"),
        ("profile/datasets/d/dataset.json", FileKind.DATASET, "profile/datasets/d"),
        ("d/dataset.json", FileKind.DATA, "d/dataset.json"),
        ("config.json", FileKind.DATA, "config.json"),
    ],
)
def test_a_file_is_known_by_its_name_and_place(
    tmp_path: Path, profile: Profile, name: str, kind: FileKind, path: str
) -> None:
    opened = identify(make(tmp_path / name), profile)
    assert (opened.kind, opened.path) == (kind, tmp_path / path)


def test_a_run_elsewhere_is_its_recogniser(tmp_path: Path, profile: Profile) -> None:
    make(tmp_path / "run" / "config.json")
    make(tmp_path / "run" / "bundle" / "bundle.json")
    assert identify(tmp_path / "run", profile).path == tmp_path / "run" / "bundle"


def test_inks_are_known_by_their_content(tmp_path: Path, profile: Profile) -> None:
    ink = identify(make(tmp_path / "a.json", SEVEN), profile)
    assert ink.kind is FileKind.INK
    assert ink.ink is not None
    assert len(ink.ink.strokes) == 1
    one = make(tmp_path / "one.inkml", f"<ink><traceGroup>{TRACES}</traceGroup></ink>")
    assert identify(one, profile).kind is FileKind.INK
    assert identify(make(tmp_path / "b.json", "[1]"), profile).kind is FileKind.DATA
    with pytest.raises(TrainerError, match="no pen strokes"):
        identify(make(tmp_path / "a.svg", "<svg></svg>"), profile)


def test_a_zip_may_be_a_bundle(tmp_path: Path, profile: Profile) -> None:
    for name, kind in (("bundle.json", FileKind.PACKED_BUNDLE), ("0/a.png", FileKind.DATA)):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(name, "{}")
        assert identify(tmp_path / "a.zip", profile).kind is kind
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("é", "")
    content = (tmp_path / "a.zip").read_bytes().replace("é".encode(), b"\xff\xff")
    (tmp_path / "a.zip").write_bytes(content)
    assert identify(tmp_path / "a.zip", profile).kind is FileKind.DATA
    assert identify(make(tmp_path / "b.zip", "no zip"), profile).kind is FileKind.DATA


def test_an_ink_fills_the_canvas(
    window: MainWindow, opener: FileOpener, tmp_path: Path, qtbot: QtBot
) -> None:
    window.tabs.setCurrentWidget(window.models_tab)
    opener.open([make(tmp_path / "a.json", SEVEN)])
    qtbot.waitUntil(lambda: not window.draw_tab.canvas.is_empty)
    assert window.tabs.currentWidget() is window.draw_tab
    points, _ = window.draw_tab.canvas.ink().flat()
    assert np.ptp(points[:, 1]) > window.draw_tab.canvas.height() / 2
    window.draw_tab.canvas.undo()
    assert window.draw_tab.canvas.is_empty


def test_a_picture_is_read(
    window: MainWindow, opener: FileOpener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:  # fmt: skip
    read: list[Path] = []
    monkeypatch.setattr(window.draw_tab, "read_picture", read.append)
    Image.new("L", (20, 20)).save(tmp_path / "a.png")
    opener.open([tmp_path / "a.png", tmp_path / "b.png"])
    qtbot.waitUntil(lambda: bool(read))
    assert read == [tmp_path / "a.png"]
    assert "a.png" in window.statusBar().currentMessage()


def test_a_network_is_for_the_models_tab(
    window: MainWindow, opener: FileOpener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:  # fmt: skip
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_: ("digits", True))
    opener.open([make(tmp_path / "a.keras")])
    qtbot.waitUntil(lambda: window.tabs.currentWidget() is window.models_tab)
    models = window.models_tab.panel.models
    qtbot.waitUntil(lambda: models.currentItem() is not None)
    assert "a.keras" in models.currentItem().text()


def test_a_picture_that_is_not_read_says_what_it_is(
    window: MainWindow, opener: FileOpener, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic")
    opener.open([tmp_path / "a.heic"])
    banner = window.draw_tab.banner
    qtbot.waitUntil(banner.isVisible)
    assert "a.heic is in the format HEIC, which is not read." in banner.text


def test_what_is_not_there_is_said(
    window: MainWindow, opener: FileOpener, tmp_path: Path, qtbot: QtBot
) -> None:
    opener.open([tmp_path / "gone.png"])
    qtbot.waitUntil(window.banner.isVisible)
    assert "gone.png cannot be read: No such file" in window.banner.text


def test_a_drop_beside_the_tabs_that_take_files(
    window: MainWindow, opener: FileOpener, tmp_path: Path, qtbot: QtBot
) -> None:
    window.tabs.setCurrentWidget(window.models_tab)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(make(tmp_path / "a.json", SEVEN)))])
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(9, 9), copy, data, left, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(9, 9), copy, data, left, none))
    qtbot.waitUntil(lambda: not window.draw_tab.canvas.is_empty)


def test_a_second_program_hands_its_files_over(
    profile: Profile, tmp_path: Path, qtbot: QtBot
) -> None:
    first = Instance(profile)
    assert first.claim()
    command = [sys.executable, "-m", "emnist_desktop", "--profile-dir", str(profile.root)]
    with qtbot.waitSignal(first.files_requested, timeout=20_000) as asked:
        second = subprocess.Popen([*command, "a b.png", "ä.json"], cwd=ROOT, text=True)
        second.wait(20)
    assert asked.args == [[ROOT / "a b.png", ROOT / "ä.json"]]
    first.release()


def test_files_for_a_window_that_is_gone_are_forgotten(profile: Profile, tmp_path: Path) -> None:
    first = Instance(profile)
    assert first.claim()
    assert not Instance(profile).claim([tmp_path / "a.png"])
    requests = profile.root / "instance" / "open"
    assert [json.loads(file.read_text()) for file in requests.iterdir()] == [
        [str(tmp_path / "a.png")]
    ]
    first.release()
    assert Instance(profile).claim()
    assert list(requests.iterdir()) == []
