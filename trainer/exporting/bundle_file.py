"""A bundle as one file: a zip with the files of a bundle and nothing else.

An imported file is untrusted. Only known names are extracted, each once, as a regular file, and
up to its declared size and the limit of a bundle, into a folder beside the runs. The bundle is
checked there like any other before it is moved among the runs.
"""

from __future__ import annotations

import shutil
import stat
import tempfile
import time
import zipfile
from pathlib import Path

from trainer.errors import BundleError
from trainer.files.disk import DAMAGED_ZIP
from trainer.files.paths import flush_folder, plain_words, replacing
from trainer.recognition.bundle import (
    CARD_NAME,
    CLASSIC_NAMES,
    KERAS_NAME,
    MODEL_NAME,
    Bundle,
    load_bundle,
)
from trainer.recognition.sandboxed_litert import check_bundle
from trainer.runs.folder import RunFolder
from trainer.runs.titles import set_label

_NETWORK_BYTES = 1 << 30
_CLASSIC_BYTES = 1 << 34
LARGEST = {
    CARD_NAME: 1 << 20,
    MODEL_NAME: _NETWORK_BYTES,
    KERAS_NAME: _NETWORK_BYTES,
    **dict.fromkeys(CLASSIC_NAMES.values(), _CLASSIC_BYTES),
}
"""The files of a bundle, and their largest sizes in bytes."""

_MAX_RATIO = 100
"""Trees and weights are compressed a few times; a higher ratio is a decompression bomb."""

_SMALL = 1 << 20
"""Files up to this size may have any ratio."""

_CHUNK = 1 << 20
_MAX_STEM_LENGTH = 40
_SPARE_BYTES = 50_000_000
"""Free space that is remaining on the disk."""

_UNSAFE = "Only open files from people whom you trust; ask for the file again."


def pack_bundle(folder: Path, file: Path) -> None:
    """Write a bundle as one file.

    Raises
    ------
    BundleError
        If there is no valid bundle in `folder`.
    """
    bundle = load_bundle(folder)
    names = [CARD_NAME, bundle.model_file.name]
    if (folder / KERAS_NAME).is_file():
        names.append(KERAS_NAME)
    with (
        replacing(file) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in names:
            archive.write(folder / name, name)


def import_bundle(file: Path, runs: Path) -> Path:
    """Import a bundle from a file as a run; return the folder of the run.

    Raises
    ------
    BundleError
        If the file holds anything but a valid bundle.
    """
    runs.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".importing-", dir=runs) as name:
        bundle = _unpack(file, Path(name) / "bundle")
        check_bundle(bundle)
        root = _free_root(runs, bundle.name)
        flush_folder(bundle.folder)
        writing = Path(name) / "run"
        writing.mkdir()
        bundle.folder.replace(RunFolder(writing).bundle)
        writing.replace(root)
    set_label(root, bundle.name, "")
    return root


def _unpack(file: Path, folder: Path) -> Bundle:
    try:
        with zipfile.ZipFile(file) as archive:
            members = _checked_members(file.name, archive)
            _check_disk_space(folder.parent, members)
            folder.mkdir()
            for member in members:
                _extract(archive, member, folder / member.filename)
        return load_bundle(folder)
    except FileNotFoundError as error:
        raise BundleError("There is no {path}.", "Check the name of the file.").format(
            path=file
        ) from error
    except OSError as error:
        raise BundleError("{path} cannot be read: {reason}.", "Try again.").format(
            path=file.name, reason=error
        ) from error
    except DAMAGED_ZIP as error:
        raise BundleError(
            "Expected a bundle as one file. Received: {file}, which is damaged or no "
            "zip file ({reason}).",
            "Export it again.",
        ).format(file=file.name, reason=error) from error


def _checked_members(file: str, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    for member in members:
        name = member.filename
        kind = stat.S_IFMT(member.external_attr >> 16)
        if name not in LARGEST:
            raise BundleError("{file} holds {name}, which belongs to no bundle.", _UNSAFE).format(
                file=file, name=repr(name[:80])
            )
        if kind not in (0, stat.S_IFREG):
            raise BundleError("{name} in {file} is no plain file.", _UNSAFE).format(
                name=name, file=file
            )
        if member.flag_bits & 1:
            raise BundleError("{file} is locked with a password.", "Export it without one.").format(
                file=file
            )
        ratio = member.file_size / max(1, member.compress_size)
        is_bomb = member.file_size > _SMALL and ratio > _MAX_RATIO
        if member.file_size > LARGEST[name] or is_bomb:
            raise BundleError(
                "{name} in {file} would take {file_size} bytes, far too many.", _UNSAFE
            ).format(name=name, file=file, file_size=f"{member.file_size:,}")
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        raise BundleError("{file} holds a name twice.", _UNSAFE).format(file=file)
    if CARD_NAME not in names:
        raise BundleError(
            "Expected a bundle with a {card_name}. Received: {file} without.",
            "Choose a file that was exported as a bundle.",
        ).format(card_name=CARD_NAME, file=file)
    return members


def _check_disk_space(folder: Path, members: list[zipfile.ZipInfo]) -> None:
    needed = sum(member.file_size for member in members) + _SPARE_BYTES
    if needed > shutil.disk_usage(folder).free:
        raise BundleError(
            "The bundle needs {needed} bytes on the disk; they are not free.",
            "Free some space, then import it again.",
        ).format(needed=f"{needed:,}")


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> None:
    """Extract a member up to its declared size."""
    remaining = member.file_size
    with archive.open(member) as source, path.open("xb") as target:
        while chunk := source.read(_CHUNK):
            remaining -= len(chunk)
            if remaining < 0:
                raise BundleError("{name} is larger than it says.", _UNSAFE).format(
                    name=member.filename
                )
            target.write(chunk)


def _free_root(runs: Path, name: str) -> Path:
    words = plain_words(name)[:_MAX_STEM_LENGTH] or "bundle"
    stem = time.strftime(f"%Y-%m-%d-%H%M%S-{words}")
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in range(1, 1000))
    return next(path for each in numbered if not (path := runs / each).exists())
