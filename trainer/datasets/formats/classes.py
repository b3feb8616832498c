"""From the labels of a file to classes: which there are, and what each is called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Labels
from trainer.datasets.formats.source import RawLabels
from trainer.errors import DatasetError, Message
from trainer.ink.alphabet import BALANCED, BYCLASS, LETTERS, SPLIT_ALPHABETS

_MOST_CLASSES = 1_000
"""More distinct labels are no labels."""

_KIND = re.compile(r"emnist-(balanced|byclass|bymerge|letters|digits|mnist)\b")


@dataclass(frozen=True, eq=False)
class Classes:
    """The distinct labels of a file and their names.

    Attributes
    ----------
    values : ndarray of shape (n,)
        Whole numbers or texts; class i is ``values[i]``.
    alphabet : tuple of str
    """

    values: RawLabels
    alphabet: tuple[str, ...]

    def indices(self, raw: RawLabels) -> Labels:
        """Return the class of each label.

        Raises
        ------
        DatasetError
            If one is none of `values`.
        """
        if raw.dtype.kind != self.values.dtype.kind:
            raw = raw.astype(str)
        order = np.argsort(self.values, kind="stable")
        places = np.searchsorted(self.values, raw, sorter=order)
        result: Labels = order[np.minimum(places, len(order) - 1)].astype(np.int64)
        wrong = self.values[result] != raw
        if wrong.any():
            raise DatasetError(
                "Expected labels {low} to {high}. Received: {label}.",
                "The labels do not belong to this mapping.",
            ).format(low=self.values[0], high=self.values[-1], label=raw[wrong][0])
        return result


def find_classes(
    labels: Sequence[npt.NDArray[Any]],
    characters: Mapping[int, str],
    names: tuple[str, ...] | None,
) -> Classes:
    """Return the classes of a file.

    Parameters
    ----------
    labels : sequence of ndarrays
        The distinct labels of each part.
    characters : mapping of int to str
        What whole numbers stand for, where that is known.
    names : tuple of str or None
        The user's names.

    Raises
    ------
    DatasetError
        If a label is outside the mapping, there are far too many, or the names do not fit.
    """
    if len({values.dtype.kind for values in labels}) > 1:
        labels = [values.astype(str) for values in labels]
    values = np.unique(np.concatenate(labels))
    if len(values) > _MOST_CLASSES:
        raise DatasetError(
            "Expected at most {most} different labels. Received: {n_labels}.",
            "The labels may be pixels or numbers of samples: choose the right column or file.",
        ).format(most=f"{_MOST_CLASSES:,}", n_labels=f"{len(values):,}")
    if values.dtype.kind in "US":
        classes = _of_texts(values)
    else:
        classes = _of_numbers(values.astype(np.int64), characters)
    if names is None:
        return classes
    if len(names) != len(classes.alphabet) or not all(names) or len(set(names)) != len(names):
        raise DatasetError(
            "Expected {n_classes} different names for the classes. Received: {n_names}: {names}.",
            "Give each class a name of its own, in the order of the labels.",
        ).format(n_classes=len(classes.alphabet), n_names=len(names), names=" ".join(names[:80]))
    return Classes(classes.values, names)


def _of_texts(values: RawLabels) -> Classes:
    known = {character: place for place, character in enumerate(BYCLASS)}
    texts = values.tolist()
    if set(texts) <= set(known):
        texts.sort(key=known.__getitem__)
    else:
        texts.sort(key=_natural)
    return Classes(np.array(texts), tuple(texts))


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    pieces = re.findall(r"\d+|\D+", text)
    return tuple((int(p), "") if p.isdecimal() else (10**9, p) for p in pieces)


def _of_numbers(values: npt.NDArray[np.int64], characters: Mapping[int, str]) -> Classes:
    if characters:
        unknown = [value for value in values.tolist() if value not in characters]
        if unknown:
            raise DatasetError(
                "Expected labels {low} to {high}. Received: {label}.",
                "The labels and their mapping do not belong together; EMNIST Letters starts at 1.",
            ).format(low=min(characters), high=max(characters), label=unknown[0])
        keys = sorted(characters)
        return Classes(np.array(keys, dtype=np.int64), tuple(characters[key] for key in keys))
    low, high = int(values[0]), int(values[-1])
    if low < 0:
        raise DatasetError(
            "Expected labels from 0. Received: {low}.", "Mend the labels, or choose another file."
        ).format(low=low)
    if low == 0 and high < _MOST_CLASSES and high + 1 <= 2 * len(values):
        values = np.arange(high + 1, dtype=np.int64)
    return Classes(values, tuple(str(value) for value in values.tolist()))


def other_names(classes: Classes) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield other names that the classes might have, each with a sentence that says so."""
    values, n = classes.values, len(classes.values)
    if values.dtype.kind in "US":
        return

    span = {"low": values[0], "high": values[-1]}
    if n == len(LETTERS) and classes.alphabet != LETTERS:
        sentence = Message("The labels {low} to {high} look like the letters A to Z.", **span)
        yield LETTERS, sentence
    for alphabet, title in ((BALANCED, "Balanced"), (BYCLASS, "ByClass")):
        if n == len(alphabet) and classes.alphabet != alphabet:
            sentence = Message(
                "The labels {low} to {high} look like the classes of EMNIST {title}.",
                title=title,
                **span,
            )
            yield alphabet, sentence
    if values[0] == 0 and n == len(LETTERS) + 1:
        sentence = Message(
            "The labels {low} to {high} look like the letters A to Z, which begin at 1.", **span
        )
        yield ("0", *LETTERS), sentence
    if set(values.tolist()) <= {ord(character) for character in BYCLASS}:
        sentence = Message("The labels {low} to {high} look like character codes.", **span)
        yield tuple(chr(value) for value in values.tolist()), sentence
    for shift in (1, -1):
        moved = tuple(np.roll(np.array(classes.alphabet), shift).tolist())
        yield moved, Message("The labels look shifted by one class.")


def read_mapping(path: Path) -> dict[int, str]:
    """Read EMNIST's mapping: lines of a label and the codes of its characters.

    Raises
    ------
    DatasetError
        If a line is something else.
    """
    mapping: dict[int, str] = {}
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError("{path} cannot be read: {reason}.", "Remove or mend it.").format(
            path=path.name, reason=error
        ) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            label, code = (int(text) for text in line.split()[:2])
            mapping[label] = chr(code)
        except (ValueError, OverflowError) as error:
            raise DatasetError(
                "Expected a label and a character code in line {number} of {path}. "
                "Received: {line}.",
                "Lines are like those of emnist-balanced-mapping.txt: 10 65.",
            ).format(number=number, path=path.name, line=repr(line[:40])) from error
    return mapping


def kind_of(path: Path) -> str:
    """Return "balanced", "byclass", … where a file's name says that it is EMNIST's; else ""."""
    match = _KIND.search(path.name.lower())
    return match[1] if match else ""


def known_characters(path: Path) -> dict[int, str]:
    """Return what the labels of a file stand for: by a mapping beside it, or EMNIST's name."""
    kind = kind_of(path)
    folder = path if path.is_dir() else path.parent
    names = [f"emnist-{kind}-mapping.txt"] if kind else ["mapping.txt"]
    for name in names:
        if (folder / name).is_file():
            return read_mapping(folder / name)
    alphabet = SPLIT_ALPHABETS.get(kind, ())
    return dict(enumerate(alphabet, start=1 if kind == "letters" else 0))
