"""Import: look at somebody's data first, then store them as this program keeps datasets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trainer.datasets.formats.detect import open_source
from trainer.datasets.formats.import_plan import ImportPlan, make_plan
from trainer.datasets.formats.options import ImportOptions, ImportPreview
from trainer.datasets.formats.source import ImportSource
from trainer.datasets.store import DatasetCard, DatasetWriter, check_name, name_from, read_card
from trainer.errors import DatasetError, Message

__all__ = ["ImportOptions", "ImportPreview", "import_dataset", "inspect_import"]

_SHOWN = 16

Report = Callable[[int, int], None]
Check = Callable[[], None]


def inspect_import(path: Path, options: ImportOptions | None = None) -> ImportPreview:
    """Look at what an import would store, without storing anything.

    Raises
    ------
    DatasetError
        If the data cannot be read.
    """
    source = open_source(path, options or ImportOptions())
    plan = make_plan(source, options or ImportOptions())
    part = next(iter(source.parts.values()))
    chunk = part.sample(_SHOWN)
    return ImportPreview(
        format=source.format,
        name=name_from(source.title),
        title=source.title,
        alphabet=plan.alphabet,
        image_shape=plan.stored_shape,
        counts={split: len(part) for split, part in source.parts.items()},
        images=plan.images(chunk.images),
        labels=tuple(plan.alphabet[label] for label in plan.labels(chunk.labels).tolist()),
        warnings=plan.findings,
        options=plan.options,
    )


def import_dataset(
    path: Path,
    options: ImportOptions | None,
    folder: Path,
    *,
    title: str = "",
    report: Report | None = None,
    check: Check | None = None,
) -> DatasetCard:
    """Store data in `folder`; all or nothing.

    Parameters
    ----------
    path : Path
        A file or folder.
    options : ImportOptions or None
    folder : Path
        Its name is the dataset's.
    title : str
        Empty for the suggested one.
    report : callable, optional
        Told how many samples are done, and of how many.
    check : callable, optional
        Raises to end the import; nothing stays then.

    Raises
    ------
    DatasetError
        If the data cannot be read or stored.
    """
    check_name(folder.name)
    chosen = options or ImportOptions()
    source = open_source(path, chosen, check)
    plan = make_plan(source, chosen, judge=False)
    try:
        _store(source, plan, folder, title or source.title, path, report, check or _go_on)
    except OSError as error:
        raise DatasetError(
            "The dataset cannot be stored: {reason}.",
            "Make room on the disk of {parent} and import again; nothing was left behind.",
        ).format(reason=error.strerror or error, parent=folder.parent) from error
    return read_card(folder)


def _store(  # noqa: PLR0913 - what an import consists of
    source: ImportSource,
    plan: ImportPlan,
    folder: Path,
    title: str,
    path: Path,
    report: Report | None,
    check: Check,
) -> None:
    total = sum(len(part) for part in source.parts.values())
    done = 0
    with DatasetWriter(
        folder,
        title=title,
        alphabet=plan.alphabet,
        image_shape=plan.stored_shape,
        source=Message("Imported from {path} ({format}).", path=path.name, format=source.format),
        terms=source.terms,
        citation=source.citation,
    ) as writer:
        for split, part in source.parts.items():
            check()
            if split in source.archives and plan.keeps_inks:
                writer.append_inks(split, plan.archive(source.archives[split]), check)
                done += len(part)
                _tell(report, done, total)
                continue
            for chunk in part.chunks():
                check()
                labels = plan.labels(chunk.labels)
                writer.append(split, plan.images(chunk.images), labels, chunk.writers)
                done += len(labels)
                _tell(report, done, total)
        check()


def _tell(report: Report | None, done: int, total: int) -> None:
    if report is not None:
        report(done, total)


def _go_on() -> None:
    """Check nothing."""
