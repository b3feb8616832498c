"""Which figures a repeated project has, and where they go."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from trainer.errors import TrainerError
from trainer.reproduce.plan import Project, ProjectStep
from trainer.reproduce.run import Row

logger = logging.getLogger(__name__)


def draw(project: Project, rows: Sequence[Row], runs: Path, data: Path, folder: Path) -> list[Path]:
    """Draw accuracy against time, the curves, and what layers make of a sample.

    Parameters
    ----------
    rows : sequence of Row
        What was found; steps without any are passed over.
    runs, data : Path
        Folders of the runs, and of the prepared dataset.
    folder : Path
        Where the files come.
    """
    from trainer.reproduce.figures import draw_accuracy_time

    records = [asdict(row) for row in rows]
    paths = draw_accuracy_time(records, project.title, folder / "accuracy-time")
    for step in project.steps:
        paths += _of_step(step, rows, runs, data, folder)
    return paths


def _of_step(
    step: ProjectStep, rows: Sequence[Row], runs: Path, data: Path, folder: Path
) -> Iterator[Path]:
    from trainer.reproduce.figures import draw_curves, draw_layers

    found = [row for row in rows if row.step == step.name and not row.error]
    if step.curves:
        trained = sorted(
            (row for row in found if not row.chosen), key=lambda row: row.ours or 0.0, reverse=True
        )
        named = [(row.trial, runs / root) for row in trained for root in row.runs]
        yield from draw_curves(named, step.title, folder / f"curves-{step.name}")
    if step.layers and found:
        root = runs / found[-1].runs[-1]
        title = f"{step.title}: {found[-1].trial}"
        try:
            yield from draw_layers(root, data, title, folder / f"layers-{step.name}")
        except TrainerError as error:  # the figures are there without this picture
            logger.warning("No picture of the layers: %s", error.message)
