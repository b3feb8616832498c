"""The classes of a file: distinct labels, and the character of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Labels
from trainer.datasets.formats.class_names import named_alphabets
from trainer.datasets.formats.source import RawLabels
from trainer.errors import DatasetError, Message
from trainer.files.npz import reading
from trainer.ink.alphabet import BALANCED, BYCLASS, DIGITS, LETTERS, SPLIT_ALPHABETS

MOST_CLASSES = 1_000
"""More distinct values are not labels."""

_KIND = re.compile(r"emnist-(balanced|byclass|bymerge|letters|digits|mnist)\b")


@dataclass(frozen=True, eq=False)
class Classes:
    """The distinct labels of a file and their names.

    Attributes
    ----------
    values : ndarray of shape (n,)
        Integers or strings; class i is ``values[i]``.
    alphabet : tuple of str
    """

    values: RawLabels
    alphabet: tuple[str, ...]

    def indices(self, raw: RawLabels) -> Labels:
        """Return the class index of each label.

        Raises
        ------
        DatasetError
            If one is not in `values`.
        """
        if raw.dtype.kind != self.values.dtype.kind:
            raw = raw.astype(str)
        order = np.argsort(self.values, kind="stable")
        positions = np.searchsorted(self.values, raw, sorter=order)
        result: Labels = order[np.minimum(positions, len(order) - 1)].astype(np.int64)
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
        The distinct labels of each split.
    characters : mapping of int to str
        The character of each integer label, where known.
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
    if len(values) > MOST_CLASSES:
        raise DatasetError(
            "Expected at most {most} different labels. Received: {n_labels}.",
            "The labels may be pixels or numbers of samples: choose the right column or file.",
        ).format(most=f"{MOST_CLASSES:,}", n_labels=f"{len(values):,}")
    if values.dtype.kind in "US":
        classes = _string_classes(values)
    else:
        classes = _integer_classes(values.astype(np.int64), characters)
    if names is None:
        return classes
    if len(names) != len(classes.alphabet) or not all(names) or len(set(names)) != len(names):
        raise DatasetError(
            "Expected {n_classes} different names for the classes. Received: {n_names}: {names}.",
            "Give each class a name of its own, in the order of the labels.",
        ).format(n_classes=len(classes.alphabet), n_names=len(names), names=" ".join(names[:80]))
    return Classes(classes.values, names)


def _string_classes(values: RawLabels) -> Classes:
    names = values.tolist()
    names.sort(key=BYCLASS.index if set(names) <= set(BYCLASS) else _natural_key)
    return Classes(np.array(names), tuple(names))


def _natural_key(text: str) -> tuple[tuple[int, str], ...]:
    pieces = re.findall(r"\d+|\D+", text)
    return tuple((int(p), "") if p.isdecimal() else (10**9, p) for p in pieces)


def _integer_classes(values: npt.NDArray[np.int64], characters: Mapping[int, str]) -> Classes:
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
    if low == 0 and high < MOST_CLASSES and high + 1 <= 2 * len(values):
        values = np.arange(high + 1, dtype=np.int64)
    return Classes(values, tuple(str(value) for value in values.tolist()))


def other_names(classes: Classes) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield alternative alphabets of the classes, each with a sentence that explains it."""
    values, n = classes.values, len(classes.values)
    if values.dtype.kind in "US":
        yield from named_alphabets(classes.alphabet)
        if not all(re.fullmatch(r"[0-9]{1,6}", name) for name in classes.alphabet):
            return
        values = values.astype(np.int64)
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
    if values[0] > 0 and values.tolist() == list(range(values[0], values[0] + len(DIGITS))):
        yield from _digits(span)
    if set(values.tolist()) <= {ord(character) for character in BYCLASS}:
        sentence = Message("The labels {low} to {high} look like character codes.", **span)
        yield tuple(chr(value) for value in values.tolist()), sentence
    for shift in (1, -1) if max(map(len, classes.alphabet)) == 1 else ():
        moved = tuple(np.roll(np.array(classes.alphabet), shift).tolist())
        yield moved, Message("The labels look shifted by one class.")


def _digits(span: Mapping[str, int]) -> Iterator[tuple[tuple[str, ...], str]]:
    sentence = Message("The labels {low} to {high} look like the digits 0 to 9.", **span)
    yield tuple(DIGITS), sentence
    if span["low"] == 1:
        yield (*"1234567890",), Message("The labels 1 to 10 look like the digits 1 to 9 and 0.")


def read_mapping(path: Path) -> dict[int, str]:
    """Read an EMNIST mapping: lines of a label and the codes of its characters.

    Raises
    ------
    DatasetError
        If a line has another format.
    """
    mapping: dict[int, str] = {}
    with reading(path, "Remove or mend it."):
        lines = path.read_text(encoding="ascii").splitlines()
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
    """Return "balanced", "byclass", … for the name of an EMNIST file; else ""."""
    match = _KIND.search(path.name.lower())
    return match[1] if match else ""


def known_characters(path: Path) -> dict[int, str]:
    """Return the character of each label, from a mapping beside the file or from EMNIST's name."""
    kind = kind_of(path)
    folder = path if path.is_dir() else path.parent
    names = [f"emnist-{kind}-mapping.txt"] if kind else ["mapping.txt"]
    for name in names:
        if (folder / name).is_file():
            return read_mapping(folder / name)
    alphabet = SPLIT_ALPHABETS.get(kind, ())
    return dict(enumerate(alphabet, start=1 if kind == "letters" else 0))
