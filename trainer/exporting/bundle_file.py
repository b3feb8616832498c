"""A bundle as one file: a zip with the files of a bundle and nothing else.

An imported file is untrusted. Only known names are unpacked, up to the limit of a bundle, into a
folder beside the runs. The bundle is checked there like any other before it is moved among the
runs.
"""

from __future__ import annotations

import tempfile
import time
import zipfile
from functools import partial
from pathlib import Path

from trainer.errors import BundleError
from trainer.files.paths import flush_folder, plain_words, replacing
from trainer.files.unpacking import (
    UNSAFE,
    DamagedArchiveError,
    UnpackError,
    UnpackLimits,
    unpack_zip,
)
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

_MOST_PACKED = 100.0
"""Trees and weights are compressed a few times; a higher ratio is a decompression bomb."""

_MAX_STEM_LENGTH = 40


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
    folder.mkdir()
    limits = UnpackLimits(len(LARGEST), sum(LARGEST.values()), _MOST_PACKED)
    try:
        names = unpack_zip(file, folder, partial(_largest, file.name), limits)
    except DamagedArchiveError as error:
        raise _damaged(file, error.__cause__ or error) from error
    except UnpackError as error:
        raise BundleError(error.message, error.hint) from error
    except OSError as error:
        raise BundleError(
            "{path} cannot be written: {reason}.", "Free some space, then import it again."
        ).format(path=folder.parent, reason=error.strerror or error) from error
    if CARD_NAME not in names:
        raise BundleError(
            "Expected a bundle with a {card_name}. Received: {file} without.",
            "Choose a file that was exported as a bundle.",
        ).format(card_name=CARD_NAME, file=file.name)
    return load_bundle(folder)


def _largest(file: str, name: str) -> int:
    if name not in LARGEST:
        raise BundleError("{file} holds {name}, which belongs to no bundle.", UNSAFE).format(
            file=file, name=repr(name[:80])
        )
    return LARGEST[name]


def _damaged(file: Path, error: BaseException) -> BundleError:
    if isinstance(error, FileNotFoundError):
        return BundleError("There is no {path}.", "Check the name of the file.").format(path=file)
    if isinstance(error, OSError):
        return BundleError("{path} cannot be read: {reason}.", "Try again.").format(
            path=file.name, reason=error.strerror or error
        )
    return BundleError(
        "Expected a bundle as one file. Received: {file}, which is damaged or no "
        "zip file ({reason}).",
        "Export it again.",
    ).format(file=file.name, reason=error)


def _free_root(runs: Path, name: str) -> Path:
    words = plain_words(name)[:_MAX_STEM_LENGTH] or "bundle"
    stem = time.strftime(f"%Y-%m-%d-%H%M%S-{words}")
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in range(1, 1000))
    return next(path for each in numbered if not (path := runs / each).exists())
