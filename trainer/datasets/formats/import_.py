"""Import: preview foreign data, then store them in this program's dataset format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trainer.datasets.analysis.statistics import Check, nothing_to_check
from trainer.datasets.formats.detect import open_source
from trainer.datasets.formats.import_plan import make_plan
from trainer.datasets.formats.options import ImportOptions, ImportPreview
from trainer.datasets.store import DatasetCard, DatasetWriter, check_name, name_from, read_card
from trainer.errors import DatasetError, Message, joined

__all__ = ["ImportOptions", "import_dataset", "inspect_import"]

_PREVIEWED = 16


def inspect_import(path: Path, options: ImportOptions | None = None) -> ImportPreview:
    """Preview an import without storing anything.

    Raises
    ------
    DatasetError
        If the data cannot be read.
    """
    source = open_source(path, options or ImportOptions())
    plan = make_plan(source, options or ImportOptions())
    chunk = next(iter(source.splits.values())).sample(_PREVIEWED)
    return ImportPreview(
        format=source.format,
        name=name_from(source.title),
        title=source.title,
        alphabet=plan.alphabet,
        image_shape=plan.stored_shape,
        counts={name: len(split) for name, split in source.splits.items()},
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
    report: Callable[[int, int], None] = lambda *_: None,
    check: Check = nothing_to_check,
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
        Empty for the suggested title.
    report : callable, optional
        Receives the number of samples done, and of all.
    check : callable, optional
        Raises to cancel the import, which then leaves nothing.

    Raises
    ------
    DatasetError
        If the data cannot be read or stored.
    """
    check_name(folder.name)
    chosen = options or ImportOptions()
    source = open_source(path, chosen, check)
    plan = make_plan(source, chosen, judge=False)
    total = sum(map(len, source.splits.values()))
    done = 0
    try:
        with DatasetWriter(
            folder,
            title=title or source.title,
            alphabet=plan.alphabet,
            image_shape=plan.stored_shape,
            source=Message(
                "Imported from {path} ({format}).", path=path.name, format=source.format
            ),
            terms=source.terms,
            citation=source.citation,
        ) as writer:
            for name, split in source.splits.items():
                check()
                if name in source.archives and plan.keeps_inks:
                    writer.append_inks(name, plan.archive(source.archives[name]), check)
                    done += len(split)
                    report(done, total)
                    continue
                for chunk in split.chunks():
                    check()
                    labels = plan.labels(chunk.labels)
                    writer.append(name, plan.images(chunk.images), labels, chunk.writers)
                    done += len(labels)
                    report(done, total)
            check()
            if done == 0:
                raise DatasetError(
                    "None of the {n} samples of {path} can be used.", joined(*source.notes)
                ).format(n=f"{total:,}", path=path.name)
    except OSError as error:
        raise DatasetError(
            "The dataset cannot be stored: {reason}.",
            "Make room on the disk of {parent} and import again; nothing was left behind.",
        ).format(reason=error.strerror or error, parent=folder.parent) from error
    return read_card(folder)
