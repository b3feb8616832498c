"""The data that a run needs: what is still to be made, and what is not on this computer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.ui.format import local
from trainer.config.training_config import TrainingConfig
from trainer.datasets.catalog import STARTER, Catalog
from trainer.datasets.entry import CatalogEntry, Kind
from trainer.datasets.load import is_path
from trainer.errors import DatasetError


@dataclass(frozen=True)
class MissingData:
    """Why a run cannot begin.

    Attributes
    ----------
    field : str
        The setting that names the data.
    sentence : str
        What is wrong, and what to do.
    dataset : str
        A name that the Datasets tab shall show; empty for all of them.
    """

    field: str
    sentence: str
    dataset: str = ""


def dataset_choices(entries: Sequence[CatalogEntry]) -> list[tuple[str, str]]:
    """Return the name and the text of each dataset to train on."""
    return [(entry.name, _text_of(entry)) for entry in entries if entry.kind is not Kind.SAMPLES]


def absent_choice(name: str, entries: Sequence[CatalogEntry]) -> tuple[str, str]:
    """Return the name and the text of data that a form names but the catalogue cannot offer."""
    titles = {entry.name: trainer_text(entry.title) for entry in entries}
    if name not in titles and Path(name).expanduser().exists():
        return name, name
    text = QCoreApplication.translate("NeededData", "{0} (not on this computer)")
    return name, text.format(titles.get(name, name))


def makes_starter(catalog: Catalog, config: TrainingConfig) -> bool:
    """Return whether the starter set must be made before a run can begin."""
    names = [name for _, name in _names(config)]
    return STARTER in names and not catalog.entry(STARTER).is_present


def find_missing(catalog: Catalog, config: TrainingConfig) -> MissingData | None:
    """Return what keeps a run from beginning; None if its data are here or can be made."""
    for field, name in _names(config):
        path = Path(name).expanduser()
        if not catalog.holds(name) and (path.exists() or is_path(name)):
            if not path.exists():
                text = QCoreApplication.translate("NeededData", "There is no file or folder {0}.")
                return MissingData(field, text.format(path))
            continue
        found = _missing_entry(catalog, field, name)
        if found is not None:
            return found
    return None


def _text_of(entry: CatalogEntry) -> str:
    title = trainer_text(entry.title)
    if not entry.is_present:
        text = QCoreApplication.translate("NeededData", "{0} (made at the start)")
        return text.format(title)
    text = QCoreApplication.translate("NeededData", "{0} · {1} samples")
    return text.format(title, local(sum(entry.counts.values())))


def _names(config: TrainingConfig) -> Iterator[tuple[str, str]]:
    yield "data", config.data
    if config.validation:
        yield "validation", config.validation
    for name in config.extra:
        yield "data", name


def _missing_entry(catalog: Catalog, field: str, name: str) -> MissingData | None:
    try:
        entry = catalog.entry(name)
        if entry.is_present or entry.error or entry.kind is Kind.STARTER:
            return None  # what is damaged the trainer explains
        if entry.kind is Kind.SAMPLES:
            catalog.open(name)
    except DatasetError as error:
        return MissingData(field, error_text(error.message, error.hint))
    text = QCoreApplication.translate(
        "NeededData", "{0} is not on this computer yet. Fetch it in the Datasets tab."
    )
    return MissingData(field, text.format(trainer_text(entry.title)), name)
