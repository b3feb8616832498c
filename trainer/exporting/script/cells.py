"""A script in parts: as one file of Python, or as a notebook."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH = 98
"""Characters of a comment's line, without its mark."""


CONFUSION_PLOT = (
    'print(f"Validation accuracy: {np.mean(predicted == y_val):.2%}")',
    "ConfusionMatrixDisplay.from_predictions(",
    "    y_val, predicted, labels=range(len(ALPHABET)), display_labels=ALPHABET,",
    "    include_values=len(ALPHABET) <= 20,",
    ")",
    'plt.savefig("confusion.png")',
    "plt.show()",
)
"""The end of every script: what `predicted` has right, and what it confuses."""


@dataclass(frozen=True)
class Cell:
    """A step of a script.

    Attributes
    ----------
    text : str
        What it does, for a learner.
    code : tuple of str
        Lines.
    """

    text: str
    code: tuple[str, ...]


def script_text(title: str, notes: Sequence[str], cells: Sequence[Cell]) -> str:
    """Return a script: a first comment with the title and notes, then the cells.

    Blank lines are single ones, and there are none in a class, so that it stays short.
    """
    first = "\n".join(_wrapped(title, _WIDTH - 1))
    rest = "\n".join(line for note in notes for line in _wrapped(note, _WIDTH + 2))
    about = f"{first}\n\n{rest}".replace("\\", r"\\").replace('"""', r"\"\"\"")
    lines = [f'"""{about}', '"""']
    for cell in cells:
        lines += ["", *(f"# {line}" for line in _wrapped(cell.text, _WIDTH)), *cell.code]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
    return re.sub(r"\n\n(?= )", "\n", text)


def _wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text, which may name foreign data: printable characters only."""
    return textwrap.wrap(_printable(text), width)


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text)


def notebook_text(title: str, notes: Sequence[str], cells: Sequence[Cell]) -> str:
    """Return the same as a Jupyter notebook (nbformat 4.5)."""
    parts = [_cell("markdown", 0, "\n\n".join(("# " + _markdown(title), *map(_markdown, notes))))]
    for cell in cells:
        parts.append(_cell("markdown", len(parts), _markdown(cell.text)))
        parts.append(_cell("code", len(parts), "\n".join(cell.code).strip("\n")))
    notebook = {
        "cells": parts,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _markdown(text: str) -> str:
    """Return Markdown that shows a text as it is: no formatting, HTML, links or formulas."""
    return re.sub(r"([\\`*_\[\]<>&$])", r"\\\1", _printable(text))


def _cell(kind: str, number: int, source: str) -> dict[str, object]:
    cell: dict[str, object] = {
        "cell_type": kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": source.splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})
