"""The parts of the executable that can be checked without building one."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import sys
import tarfile
from importlib.metadata import distribution, version
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import package
from sbom import NAME, write_sbom
from slimming import stripped, wanted

APPLICATION_ID = "io.github.emnist_desktop.EmnistDesktop"
linux = pytest.mark.skipif(sys.platform != "linux", reason="for Linux only")


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "libzstd.so.1",
        "trainer/resources/models/default/model.tflite",
        "python3.11/lib-dynload/_codecs.so",
    ],
)
def test_what_the_program_needs_is_kept(name: str) -> None:
    assert wanted([(name, "", "BINARY")])


@pytest.mark.parametrize(
    "name",
    [
        "PySide6\\Qt\\translations\\designer_de.qm",
        "PySide6/Qt/translations/qtbase_fr.qm",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "libgtk-3.so.0",
        "libsystemd.so.0",
        "numpy/core/include/numpy/ndarrayobject.h",
        "scipy/linalg/tests/data.npz",
    ],
)
def test_what_nobody_needs_is_left_out(name: str) -> None:
    assert wanted([(name, "", "BINARY")]) == []


@linux
@pytest.mark.skipif(shutil.which("strip") is None, reason="needs binutils")
def test_libraries_lose_their_symbols_but_for_repaired_ones(tmp_path: Path) -> None:
    library = Path(sys.executable).resolve()
    entries = [
        ("plain.so", str(library), "BINARY"),
        ("numpy.libs/libx-32a4b2a6.so", str(library), "BINARY"),
        ("data.txt", str(library), "DATA"),
    ]
    result = stripped(entries, tmp_path)
    assert [name for name, _, _ in result] == [name for name, _, _ in entries]
    assert Path(result[0][1]).parent == tmp_path / "stripped"
    assert Path(result[0][1]).stat().st_size <= library.stat().st_size
    assert result[1:] == entries[1:]


def test_an_executable_lists_its_packages_and_the_libraries_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "_internal").mkdir()
    (tmp_path / "_internal" / "libxcb-cursor.so.0").write_bytes(b"library")
    write_sbom(tmp_path, [distribution("numpy")])
    listed = json.loads((tmp_path / NAME).read_text(encoding="utf-8"))
    assert listed["bomFormat"] == "CycloneDX"
    parts = {part["name"]: part for part in listed["components"]}
    assert parts.keys() == {"Python", "numpy", "libxcb-cursor.so.0"}
    assert parts["numpy"]["purl"] == f"pkg:pypi/numpy@{version('numpy')}"
    assert parts["libxcb-cursor.so.0"]["hashes"][0]["alg"] == "SHA-256"
    program = listed["metadata"]["component"]
    about = ElementTree.parse(ROOT / "installer" / f"{APPLICATION_ID}.metainfo.xml").getroot()
    assert program["licenses"] == [{"expression": about.findtext("project_license")}]


def test_the_notice_names_what_the_bundled_files_were_made_of() -> None:
    notice = " ".join((ROOT / "installer" / "NOTICE.txt").read_text(encoding="utf-8").split())
    cards = [*(ROOT / "resources").rglob("*.json")]
    assert len(cards) == 4
    sources = set()
    for card in cards:
        text = card.read_text(encoding="utf-8")
        sources |= {*re.findall(r"doi ([\d./a-z]*\d)|arXiv ([\d.]*\d)|CC (BY(?:-SA)?) 4.0", text)}
    names = {"".join(source) for source in sources}
    assert names == {
        "10.5281/zenodo.1195803",
        "10.5281/zenodo.7199437",
        "1702.05373",
        "BY",
        "BY-SA",
    }
    assert all(name in notice for name in names)
    for text in re.findall(r"CC-BY\S*\.txt", notice):
        assert (ROOT / "installer" / "licences" / text).exists()


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_what_the_system_starts_is_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    folder, app = tmp_path / "emnist-desktop-lite", tmp_path / "EMNIST Desktop.app"
    for path in (folder / "emnist-desktop", folder / "licences" / "NOTICE.txt", folder / NAME):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("content")
    (app / "Contents").mkdir(parents=True)
    (app / "Contents" / "current").symlink_to("Frameworks")
    monkeypatch.setattr(package, "APP", app)
    monkeypatch.setattr(package.sys, "platform", system)
    monkeypatch.setattr(package.shutil, "which", lambda _: None)
    with tarfile.open(package._pack(folder)) as archive:
        files = {member.name for member in archive if not member.isdir()}
    program = "emnist-desktop" if system == "linux" else "EMNIST Desktop.app/Contents/current"
    assert files == {f"{folder.name}/{each}" for each in (program, "licences/NOTICE.txt", NAME)}


def test_the_recipe_stays_short() -> None:
    assert len((ROOT / "build.spec").read_text(encoding="utf-8").splitlines()) <= 80


def test_the_menu_entry_and_its_description_belong_together() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(ROOT / "installer" / f"{APPLICATION_ID}.desktop", encoding="utf-8")
    about = ElementTree.parse(ROOT / "installer" / f"{APPLICATION_ID}.metainfo.xml").getroot()
    assert about.findtext("id") == entry["Desktop Entry"]["Icon"] == APPLICATION_ID
    assert entry["Desktop Entry"]["Name"] == about.findtext("name")
    assert about.findtext("launchable") == f"{APPLICATION_ID}.desktop"
    assert entry["Desktop Entry"]["Exec"].endswith(" %F")


@pytest.mark.parametrize(
    ("command", "file"),
    [
        (["desktop-file-validate"], f"{APPLICATION_ID}.desktop"),
        (["appstreamcli", "validate", "--no-net"], f"{APPLICATION_ID}.metainfo.xml"),
    ],
)
def test_other_programs_accept_them(command: list[str], file: str) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"needs {command[0]}")
    done = subprocess.run(
        [*command, ROOT / "installer" / file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@linux
def test_the_menu_entry_starts_the_program_where_it_lies(tmp_path: Path) -> None:
    folder = tmp_path / "my $programs"
    shutil.copytree(ROOT / "installer", folder)
    shutil.copy(ROOT / "resources" / "icons" / "emnist-desktop.svg", folder)
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    install = [str(folder / "install.sh")]
    subprocess.run(install, env=environment, check=True, capture_output=True)
    entry = tmp_path / f".local/share/applications/{APPLICATION_ID}.desktop"
    assert f'Exec="{tmp_path}/my \\$programs/emnist-desktop" %F' in entry.read_text()
    subprocess.run([*install, "--remove"], env=environment, check=True)
    assert not entry.exists()


_WITHOUT = """
import importlib, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if any(name == left_out or name.startswith(left_out + ".") for left_out in sys.argv[1:]):
            raise ModuleNotFoundError(name=name)

sys.meta_path.insert(0, Absent())
for module in (
    "trainer.commands.recognize",
    "trainer.commands.datasets",
    "trainer.datasets.formats.detect",
    "emnist_desktop.app.main_window",
    "emnist_desktop.datasets.transfer.import_dialog",
):
    importlib.import_module(module)
"""


def test_what_lite_can_do_needs_nothing_that_it_leaves_out() -> None:
    lines = (ROOT / "build.spec").read_text().splitlines()
    left_out = re.findall(r'"([\w.]+)"', "".join(x for x in lines if x.startswith("TRAINING")))
    assert {"keras", "h5py", "unittest"} <= set(left_out)
    command = [sys.executable, "-c", _WITHOUT, *left_out]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
