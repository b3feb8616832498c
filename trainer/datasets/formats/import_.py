"""Import: preview foreign data, then store them in this program's dataset format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from trainer.datasets.analysis.statistics import Check, nothing_to_check
from trainer.datasets.formats.detect import open_source
from trainer.datasets.formats.import_plan import ImportPlan, make_plan
from trainer.datasets.formats.options import ImportOptions, ImportPreview
from trainer.datasets.formats.source import ImportSource
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.samples import Data, as_images, concatenated, samples_at
from trainer.datasets.splitting import check_shares, split_samples
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
    if chosen.split_shares:
        _check_whole(source, chosen.split_shares)
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
            for split, samples in _stored_pieces(source, plan, check):
                if isinstance(samples, PenArchive):
                    writer.append_inks(split, samples, check)
                else:
                    writer.append(split, samples.images, samples.labels, samples.writers)
                done += len(samples)
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


def _stored_pieces(
    source: ImportSource, plan: ImportPlan, check: Check
) -> Iterator[tuple[str, Data]]:
    """Yield the samples as stored, with the split where they belong."""
    if plan.options.split_shares:
        yield from _split_pieces(source, plan, check)
        return
    for name, split in source.splits.items():
        check()
        if name in source.archives and plan.keeps_inks:
            yield name, plan.archive(source.archives[name])
            continue
        for chunk in split.chunks():
            check()
            yield name, plan.dataset(name, chunk)


def _split_pieces(
    source: ImportSource, plan: ImportPlan, check: Check
) -> Iterator[tuple[str, Data]]:
    """Yield samples without splits, divided into them."""
    ((name, split),) = source.splits.items()
    data: Data
    if name in source.archives and plan.keeps_inks:
        data = plan.archive(source.archives[name])
    else:
        data = concatenated(name, [plan.dataset(name, chunk) for chunk in split.chunks()])
    shares = check_shares(plan.options.split_shares)
    for chosen, indices in split_samples(as_images(data), shares, check).items():
        yield chosen, samples_at(data, indices)


def _check_whole(source: ImportSource, shares: tuple[float, ...]) -> None:
    check_shares(shares)
    if len(source.splits) > 1:
        raise DatasetError(
            "{title} has splits already: {splits}.", "Import it without --split-shares."
        ).format(title=source.title, splits=", ".join(source.splits))
