"""The work behind the import dialog."""

from __future__ import annotations

from pathlib import Path

from emnist_desktop.task import Context
from trainer.datasets.formats.importing import import_dataset, inspect_import
from trainer.datasets.formats.options import ImportOptions, ImportPreview


def names_text(alphabet: tuple[str, ...]) -> str:
    """Return names as they are shown and edited: commas between them where one has a space."""
    return (", " if any(" " in name for name in alphabet) else " ").join(alphabet)


def look_at(path: Path, options: ImportOptions, context: Context) -> ImportPreview:
    """Look at data, in a task."""
    context.check()
    return inspect_import(path, options)


def store_data(
    path: Path, options: ImportOptions, folder: Path, title: str, context: Context
) -> None:
    """Store data, in a task; report how many samples are done, and of how many."""

    def report(done: int, total: int) -> None:
        context.report((done, total))

    import_dataset(path, options, folder, title=title, report=report, check=context.check)
