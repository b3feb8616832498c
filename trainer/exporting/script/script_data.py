"""What a script loads: the official files of a published dataset, or exported arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from trainer.config.training_config import TrainingConfig
from trainer.datasets.analysis.statistics import nothing_to_check
from trainer.datasets.catalog import Catalog
from trainer.datasets.dataset import MIN_WRITERS, Dataset
from trainer.datasets.download.sources import PublishedDataset, published
from trainer.datasets.export import ExportFormat, Selection, export
from trainer.datasets.idx import find_splits
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.load import describe, load_data
from trainer.datasets.samples import Data, as_images
from trainer.datasets.store import TRAIN, in_memory, name_from
from trainer.errors import DatasetError
from trainer.files.paths import Profile
from trainer.training.data import added_data, own_validation


@dataclass(frozen=True)
class ScriptData:
    """The data of a script.

    Attributes
    ----------
    title : str
    alphabet : tuple of str
        The character of each class.
    image_shape : tuple of int
        Height and width.
    folder : str
        Where the official files are looked for; empty for an exported file.
    files : tuple of str
        Images and labels in `folder`, or the exported file.
    address : str
        Where official files come from; empty if they are here.
    is_archive : bool
        Whether `address` is an archive of the files.
    transposed : bool
        Whether rows and columns of the images are swapped in the official files.
    first_label : int
        The label of the first class in the official files.
    has_writers : bool
        Whether the split is by writer.
    has_inks : bool
        Whether the run trains on drawings.
    extra, validation : tuple of str
        Exported files of more data to train on, and of the data to choose by.
    """

    title: str
    alphabet: tuple[str, ...]
    image_shape: tuple[int, int]
    folder: str = ""
    files: tuple[str, ...] = ()
    address: str = ""
    is_archive: bool = False
    transposed: bool = False
    first_label: int = 0
    has_writers: bool = False
    has_inks: bool = False
    extra: tuple[str, ...] = ()
    validation: tuple[str, ...] = ()

    @property
    def exported(self) -> tuple[str, ...]:
        """Names of the exported files that the script loads."""
        own = () if self.folder else self.files
        return (*own, *self.extra, *self.validation)


def script_data(config: TrainingConfig, *, with_data: bool = False) -> ScriptData:
    """Describe the data of a script.

    Parameters
    ----------
    config : TrainingConfig
    with_data : bool
        Whether even a published dataset shall be loaded from an exported file.

    Raises
    ------
    DatasetError
        If there are no such data, or they cannot be read.
    """
    entry = describe(config.data)
    extra = tuple(
        _file_name(name, f"extra{number or ''}") for number, name in enumerate(config.extra)
    )
    validation = (_file_name(config.validation, "validation"),) if config.validation else ()
    known = ScriptData(
        entry.title, entry.alphabet, entry.image_shape, extra=extra, validation=validation
    )
    official = None if with_data else _official(config.data, known)
    if official is not None:
        return official
    if not entry.is_present:
        return replace(
            known,
            files=(_file_name(config.data),),
            has_writers=entry.name == "starter",
            has_inks=entry.name == "starter",
        )
    data = load_data(config.data, TRAIN)
    if not config.validation and own_validation(config.data) is not None:
        known = replace(known, validation=(_file_name(config.data, "validation"),))
    writers = data.writers is not None and len(np.unique(data.writers)) >= MIN_WRITERS
    return replace(
        known,
        files=(_file_name(config.data),),
        has_writers=writers,
        has_inks=isinstance(data, PenArchive),
    )


def _file_name(data: str, role: str = "data") -> str:
    return f"{name_from(Path(data).name.removesuffix('.npz'))}-{role}.npz"


def _official(name: str, known: ScriptData) -> ScriptData | None:
    """Return what a script knows of official files; None for other data."""
    sources = {source.name: source for source in published()}
    path = Path(name).expanduser()
    if name in sources and (Catalog(Profile.locate()).holds(name) or not path.exists()):
        return _published(sources[name], known)
    if not path.exists() or path.suffix == ".npz":
        return None
    pair = find_splits(path).get(TRAIN)
    if pair is None or pair.images.suffix != ".gz" or pair.labels.parent != pair.images.parent:
        return None
    return replace(
        known,
        folder=str(pair.images.parent.absolute()),
        files=(pair.images.name, pair.labels.name),
        transposed=pair.transposed,
        first_label=int(pair.kind == "letters"),
    )


def _published(source: PublishedDataset, known: ScriptData) -> ScriptData:
    split, address = source.splits[TRAIN], source.mirrors[0]
    is_archive = not address.endswith("/")
    return replace(
        known,
        folder=f"data/{source.folder}".rstrip("/") if is_archive else "data",
        files=(split.images.name, split.labels.name),
        address=address,
        is_archive=is_archive,
        transposed=source.transposed,
        first_label=int(source.selection == "letters"),
    )


def write_script_data(
    config: TrainingConfig, data: ScriptData, folder: Path, report: Callable[[str], None]
) -> list[Path]:
    """Write the exported files that a script loads, beside it.

    Parameters
    ----------
    config : TrainingConfig
    data : ScriptData
        Of the script.
    folder : Path
    report : callable
        Receives the name of each file before it is written.

    Returns
    -------
    list of Path

    Raises
    ------
    TrainerError
        If data are missing or do not fit, or a file cannot be written.
    """
    parts: list[Data] = [] if data.folder else [load_data(config.data, TRAIN)]
    parts += [added_data(name, data.alphabet) for name in config.extra]
    if data.validation:
        own = None if config.validation else own_validation(config.data)
        parts.append(load_data(config.validation) if own is None else own)
    files = []
    for name, part in zip(data.exported, parts, strict=True):
        report(name)
        files.append(folder / name)
        _write_arrays(as_images(part), files[-1])
    return files


def _write_arrays(images: Dataset, file: Path) -> None:
    if not len(images):
        raise DatasetError("{name} has no samples.", "Choose other data.").format(name=images.name)
    stored = in_memory(name_from(file.stem), file.stem, {TRAIN: images})
    everything = Selection(stored, TRAIN, np.arange(len(images)))
    export(everything, ExportFormat.ARRAYS, file, lambda _: None, nothing_to_check)
