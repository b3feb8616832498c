"""Build an executable and its archive: ``make build-lite``, ``make build``."""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions, version
from pathlib import Path

from sbom import NAME as SBOM
from sbom import write_sbom

ROOT = Path(__file__).parent.parent
INSTALLER = ROOT / "installer"
DIST = ROOT / "dist"
APP = DIST / "EMNIST Desktop.app"
"""On macOS; `build.spec` names it."""

MEGABYTE = 1_000_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("flavour", choices=["lite", "full"])
    parser.add_argument("--no-archive", action="store_true", help="the folder alone")
    options = parser.parse_args()
    folder = _build(options.flavour)
    _add_texts(folder)
    write_sbom(folder, [*_distributions_in(folder)])
    print(f"{folder.relative_to(ROOT)}: {_size(folder) / MEGABYTE:.0f} MB")
    program = folder / ("emnist-desktop.exe" if sys.platform == "win32" else "emnist-desktop")
    if sys.platform == "darwin":
        program = APP / "Contents" / "MacOS" / "emnist-desktop"
    tested = subprocess.run([program, "--self-test"], check=False).returncode
    if tested == 0 and not options.no_archive:
        archive = _pack(folder)
        print(f"{archive.relative_to(ROOT)}: {archive.stat().st_size / MEGABYTE:.0f} MB")
    return tested


def _build(flavour: str) -> Path:
    (ROOT / "build").mkdir(exist_ok=True)
    if sys.platform != "linux":
        _draw_icon(ROOT / "build" / "emnist-desktop.png")
    if sys.platform == "win32":
        text = _VERSION_RESOURCE.format(version=version("emnist-desktop"))
        (ROOT / "build" / "version.txt").write_text(text, encoding="utf-8")
    work = ROOT / "build" / f"pyinstaller-{flavour}"
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    command += ["--distpath", str(DIST), "--workpath", str(work), str(ROOT / "build.spec")]
    subprocess.run([*command, "--", flavour], cwd=ROOT, check=True)
    return DIST / f"emnist-desktop-{flavour}"


_VERSION_RESOURCE = """VSVersionInfo(
  ffi=FixedFileInfo(),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("ProductName", "EMNIST Desktop"),
      StringStruct("FileDescription", "EMNIST Desktop: draw a character, see it recognised"),
      StringStruct("ProductVersion", "{version}"),
      StringStruct("LegalCopyright", "MIT licence; see NOTICE.txt"),
    ])]),
    VarFileInfo([VarStruct("Translation", [1033, 1200])]),
  ],
)
"""


def _draw_icon(path: Path) -> None:
    """Render the icon for systems that do not support SVG."""
    from PySide6.QtGui import QGuiApplication, QIcon

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication([])
    QIcon(str(ROOT / "resources" / "icons" / "emnist-desktop.svg")).pixmap(512, 512).save(str(path))
    application.shutdown()


def _add_texts(folder: Path) -> None:
    """Add the licences, and on Linux the files for the menu."""
    licences = folder / "licences"
    licences.mkdir(exist_ok=True)
    shutil.copy(ROOT / "LICENSE", licences / "LICENSE.txt")
    shutil.copy(INSTALLER / "NOTICE.txt", licences)
    for text in (INSTALLER / "licences").iterdir():
        shutil.copy(text, licences)
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    if python.exists():
        shutil.copy(python, licences / "Python.txt")
    for distribution in _distributions_in(folder):
        for file in distribution.files or ():
            if (
                ".dist-info" in str(file)
                and "licen" in file.name.lower()
                and file.locate().exists()
            ):
                inner = str(file).split("licenses/")[-1].replace("/", "-")
                shutil.copy(str(file.locate()), licences / f"{distribution.name}-{inner}")
    if sys.platform == "linux":
        for file in INSTALLER.glob("io.github.*"):
            shutil.copy(file, folder)
        shutil.copy(INSTALLER / "install.sh", folder)
        shutil.copy(ROOT / "resources" / "icons" / "emnist-desktop.svg", folder)


def _distributions_in(folder: Path) -> Iterator[Distribution]:
    """Yield the packages of which something is in an executable, but its own."""
    work = ROOT / "build" / f"pyinstaller-{folder.name.rpartition('-')[2]}"
    packed = ast.literal_eval(next(work.rglob("PYZ-00.toc")).read_text(encoding="utf-8"))[1]
    present = {path.name for path in (folder / "_internal").iterdir()}
    present |= {name.partition(".")[0] for name, *_ in packed}
    for distribution in distributions():
        files = distribution.files or ()
        modules = {str(file).split("/")[0].removesuffix(".py") for file in files}
        if modules & present and distribution.name != "emnist-desktop":
            yield distribution


def _pack(folder: Path) -> Path:
    if sys.platform == "win32":
        return Path(shutil.make_archive(str(folder), "zip", DIST, folder.name))
    archive = folder.with_name(f"{folder.name}.tar.xz")
    is_app = sys.platform == "darwin"  # whose tar has other options
    xz = None if is_app else shutil.which("xz")
    if xz is None:
        texts = [folder / "licences", folder / SBOM]  # within the app they would break its seal
        packed = [APP, *texts] if is_app else sorted(folder.iterdir())
        with tarfile.open(archive, "w:xz") as stream:
            for path in packed:
                stream.add(path, f"{folder.name}/{path.name}")
        return archive
    with archive.open("wb") as target:
        tar = subprocess.Popen(
            ["tar", "-C", DIST, "--owner=0", "--group=0", "-c", folder.name], stdout=subprocess.PIPE
        )
        subprocess.run([xz, "-T0", "-6"], stdin=tar.stdout, stdout=target, check=True)
        if tar.wait():
            raise OSError("tar failed")
    return archive


def _size(folder: Path) -> int:
    return sum(
        os.lstat(path).st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )


if __name__ == "__main__":
    sys.exit(main())
