"""Split and class of each picture: by the folders above it, or by a table beside it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from trainer.datasets.export import TABLE_NAME
from trainer.datasets.formats.class_names import cases_of, likeness, with_case_of, words_of
from trainer.datasets.formats.file_tree import FileTree, shown
from trainer.datasets.formats.picture_labels import LabelTable, label_tables
from trainer.datasets.store import TEST, TRAIN, VALIDATION
from trainer.errors import Message
from trainer.ink.picture_file import SUFFIXES, UNREAD_SUFFIXES

_SUFFIXES, _UNREAD_SUFFIXES = tuple(SUFFIXES), tuple(UNREAD_SUFFIXES)
_SAID = (*UNREAD_SUFFIXES, ".csv", ".tsv")
"""Files beside the pictures that notes of their own speak of."""


_SPLIT_WORDS = {
    **dict.fromkeys(("train", "training"), TRAIN),
    **dict.fromkeys(("test", "testing"), TEST),
    **dict.fromkeys(("val", "valid", "validation", "validate", "dev"), VALIDATION),
}
_DEEPEST_SPLIT = 3
"""Levels on which folders of splits are looked for."""

Labelled = list[tuple[str, str]]
"""Files of pictures, each with its label."""


@dataclass(frozen=True, eq=False)
class LabelledPictures:
    """The pictures of a tree.

    Attributes
    ----------
    splits : mapping of str to list of (str, str)
        "train" and "test": files and their labels, by label.
    notes : list of str
        What is left out, or was decided.
    writers : mapping of str to int
        Of each file; empty unless a table names all of them.
    """

    splits: Mapping[str, Labelled]
    notes: list[str]
    writers: Mapping[str, int] = field(default_factory=dict)


def labelled_pictures(tree: FileTree, suffixes: tuple[str, ...] = _SUFFIXES) -> LabelledPictures:
    """Return the pictures that have a label, or other files; no splits if none has one."""
    pictures = [file for file in tree.files if file.lower().endswith(suffixes)]
    rest = [file for file in tree.files if not file.lower().endswith(suffixes)]
    notes = _left_out(
        [file for file in rest if file.lower().endswith(_UNREAD_SUFFIXES)],
        Message("{n} picture is of a format that is not read: {example}. Save it as PNG or JPEG."),
        Message(
            "{n} pictures are of a format that is not read, {example} for instance. Save them as "
            "PNG or JPEG."
        ),
    )
    if not pictures:
        return LabelledPictures({}, notes)
    tables, others = label_tables(tree, pictures)
    used = {table.file for table in tables}
    folders = {file: PurePosixPath(file).parts[:-1] for file in pictures}
    split_names, outside = _split_folders(folders, tables)
    labels = (
        _labels_of_tables(tables, notes) if tables else _labels_of_folders(folders, outside, notes)
    ) or _labels_of_names([file for file in pictures if file not in outside], notes)
    without = [file for file in pictures if file not in labels and file not in outside]
    notes += _left_out(
        without,
        Message("{n} picture has no label and is left out: {example}."),
        Message("{n} pictures have no label and are left out, {example} for instance."),
    )
    notes += _left_out(
        outside,
        Message("{n} picture is in no folder of a split and is left out: {example}."),
        Message(
            "{n} pictures are in no folder of a split and are left out, {example} for instance."
        ),
    )
    notes += _left_out(
        [
            *(f for f in rest if f not in used and not f.lower().endswith(_SAID)),
            *tree.left_out,
        ],
        Message("{n} file is left out: {example}."),
        Message("{n} files are left out, {example} for instance."),
    )
    notes += _left_out(
        others,
        Message("{n} table beside the pictures is not used: {example}."),
        Message("{n} tables beside the pictures are not used, {example} for instance."),
    )
    by_name: dict[str, Labelled] = {}
    for file, label in sorted(labels.items(), key=lambda item: (item[1], item[0])):
        if file not in outside:
            by_name.setdefault(split_names.get(file, TRAIN), []).append((file, label))
    used_files = [file for split in by_name.values() for file, _ in split]
    return LabelledPictures(by_name, notes, _numbered_writers(tables, used_files))


def _numbered_writers(tables: Sequence[LabelTable], files: Sequence[str]) -> dict[str, int]:
    """Return the number of each file's writer: its own, or that of its name in the alphabet."""
    found = {file: name for table in tables for file, name in table.writers.items()}
    names = [found.get(file, "") for file in files]
    if not all(names):
        return {}
    if all(re.fullmatch(r"[0-9]{1,18}", name) for name in names):
        return {file: int(name) for file, name in zip(files, names, strict=True)}
    numbers = {name: number for number, name in enumerate(sorted(set(names)))}
    return {file: numbers[name] for file, name in zip(files, names, strict=True)}


def split_word(name: str) -> str:
    """Return "train", "test" or "validation" if a name says so: "valid", "testSet"; else ""."""
    found = [_SPLIT_WORDS[word] for word in words_of(name) if word in _SPLIT_WORDS]
    return found[0] if found else ""


def _split_folders(
    folders: dict[str, tuple[str, ...]], tables: Sequence[LabelTable]
) -> tuple[dict[str, str], set[str]]:
    """Return the split of each picture, and the pictures that have none.

    The names of the splits are taken out of `folders`.
    """
    splits = {file: split_word(word) for t in tables for file, word in t.splits.items()}
    if any(splits.values()):
        return splits, {file for file in folders if not splits.get(file)}
    for level in range(_DEEPEST_SPLIT):
        found = {
            file: word
            for file, names in folders.items()
            if len(names) > level and (word := split_word(names[level]))
        }
        if 2 * len(found) > len(folders):
            outside = set(folders).difference(found)
            for file in found:
                folders[file] = folders[file][:level] + folders[file][level + 1 :]
            return found, outside
    words = {table.file: split_word(PurePosixPath(table.file).stem) for table in tables}
    if len(set(words.values())) > 1:
        return {f: words[t.file] or TRAIN for t in tables for f in t.labels}, set()
    return {}, set()


def _labels_of_tables(tables: Sequence[LabelTable], notes: list[str]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for table in tables:
        labels.update(table.labels)
        if PurePosixPath(table.file).name == TABLE_NAME:
            continue
        notes.append(
            Message(
                "The labels are those in {table}, column {column}.",
                table=table.file,
                column=table.column,
            )
            if table.column
            else Message("The labels are those in {table}.", table=table.file)
        )
        if table.n_missing:
            notes.append(
                Message(
                    "{n} rows of {table} have no label or no picture.",
                    n=f"{table.n_missing:,}",
                    table=table.file,
                )
            )
    return {file: _readable(label) for file, label in labels.items()}


def _labels_of_folders(
    folders: Mapping[str, tuple[str, ...]], outside: set[str], notes: list[str]
) -> dict[str, str]:
    inside = {file: names for file, names in folders.items() if file not in outside}
    level = _class_level(list(inside.values()))
    labels = {
        file: _readable(_class_name(names, level))
        for file, names in inside.items()
        if len(names) > level
    }
    deepest = next((f for f, names in inside.items() if len(names) > level + 1), "")
    shallow = {names[:level] for names in inside.values() if len(names) > level}
    if labels and (deepest or len(shallow) > 1):
        example = deepest or next(iter(labels))
        notes.append(
            Message(
                "Folders lie in folders; the class of {example} is {label}.",
                example=shown(example),
                label=labels[example],
            )
        )
    return labels


def _labels_of_names(files: Sequence[str], notes: list[str]) -> dict[str, str]:
    """Return the labels that begin or end the names of the files: "7_0012.png"; else none."""
    parts = {file: re.split(r"[ _.-]+", PurePosixPath(file).stem) for file in files}
    for place in (0, -1):
        labels = {file: words[place] for file, words in parts.items() if len(words) > 1}
        if len(labels) < len(files) or any(len(label) != 1 for label in labels.values()):
            continue
        if 1 < len(set(labels.values())) <= len(files) / 2:
            sentence = "The labels are taken from the names of the files; {example} is {label}."
            example = min(labels)
            notes.append(Message(sentence, example=shown(example), label=labels[example]))
            return labels
    return {}


def _readable(name: str) -> str:
    """Return a name as it is stored: composed, and of whole characters."""
    whole = name.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", whole)


def _class_level(folders: Sequence[tuple[str, ...]]) -> int:
    """Return the level of the folders that are classes, from 0.

    That is the level whose names look most like characters, else the first with several folders.
    """
    counts = Counter(folders)
    best, best_key = 0, (0, 0)
    n_levels = max(map(len, counts), default=0)
    for level in range(n_levels):
        names = Counter[str]()
        for path, n in counts.items():
            if len(path) > level:
                names[path[level]] += n
        alike = {name: likeness(name) for name in names}
        if 2 * sum(n for name, n in names.items() if alike[name]) > len(folders):
            key = (sum(n * alike[name] for name, n in names.items()), len(names))
            if key > best_key:
                best, best_key = level, key
    if best_key > (0, 0):
        return best
    level = 0
    while len({path[level] for path in counts if len(path) > level}) == 1 and 2 * sum(
        n for path, n in counts.items() if len(path) > level + 1
    ) > len(folders):
        level += 1
    return level


def _class_name(names: tuple[str, ...], level: int) -> str:
    """Return the name of a class, in the case that a folder around it or in it states."""
    around = [words_of(name) for name in names[:level] + names[level + 1 :]]
    # A folder that is named after both cases holds both.
    one = [word for words in around if len(cases_of(words)) == 1 for word in words]
    return with_case_of(names[level], one)


def _left_out(files: Sequence[str] | set[str], one: Message, many: Message) -> list[str]:
    """Return the note on files, from a template for one or for many; none without files."""
    if not files:
        return []
    template = (one if len(files) == 1 else many).template
    return [Message(template, n=f"{len(files):,}", example=shown(min(files)))]
