"""Class index ↔ character, for every EMNIST split, and the ways to read one recogniser.

The 62 characters of EMNIST ByClass are the digits, the capitals and the small letters, in
that order. EMNIST Balanced and ByMerge have 47: fifteen small letters that look like their
capitals are merged with them (Cohen et al. 2017, arXiv 1702.05373, section II-A).
"""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

DIGITS = string.digits
UPPERCASE = string.ascii_uppercase
LOWERCASE = string.ascii_lowercase
MERGED_LETTERS = "cijklmopsuvwxyz"

BYCLASS: tuple[str, ...] = tuple(DIGITS + UPPERCASE + LOWERCASE)
BYMERGE: tuple[str, ...] = tuple(DIGITS + UPPERCASE + "abdefghnqrt")
BALANCED = BYMERGE
LETTERS: tuple[str, ...] = tuple(UPPERCASE)

SPLIT_ALPHABETS: dict[str, tuple[str, ...]] = {
    "byclass": BYCLASS,
    "bymerge": BYMERGE,
    "balanced": BALANCED,
    "letters": LETTERS,
    "digits": tuple(DIGITS),
    "mnist": tuple(DIGITS),
}

AMBIGUOUS_GROUPS: tuple[frozenset[str], ...] = tuple(
    frozenset(group) for group in ("0O", "1IL", "5S", "2Z", "9qg", "Ff")
)
"""Characters of the merged alphabet that one drawing without context can often mean alike."""


_TINY = np.finfo(np.float32).tiny


class CharacterSet(StrEnum):
    """How the classes of a recogniser are shown.

    ``ALL`` merges small letters that look like their capitals, ``CASED`` tells all 62 apart,
    the other three leave only the characters of their name.
    """

    ALL = "all"
    CASED = "cased"
    DIGITS = "digits"
    LETTERS = "letters"
    UPPERCASE = "uppercase"
    LOWERCASE = "lowercase"


def merged(character: str) -> str:
    """Return the character of the 47 merged classes that stands for `character`."""
    return character.upper() if character in MERGED_LETTERS else character


def display_name(character: str) -> str:
    """Return how a merged class is shown: ``"C c"`` for a class of both cases, else itself."""
    if len(character) == 1 and character.lower() in MERGED_LETTERS and character.isupper():
        return f"{character} {character.lower()}"
    return character


def class_names(alphabet: Sequence[str]) -> tuple[str, ...]:
    """Return how classes are shown: a capital stands for both cases where the small one has none.

    The classes of EMNIST Balanced are "C c", "D", "d", …; those of ByClass "C", …, "c", ….
    """
    known = set(alphabet)
    return tuple(
        name if name.lower() in known and name != name.lower() else display_name(name)
        for name in alphabet
    )


def reading_names(characters: Sequence[str], reading: CharacterSet) -> tuple[str, ...]:
    """Return how the characters of a reading are shown; one of capitals alone merges nothing."""
    if reading in (CharacterSet.DIGITS, CharacterSet.UPPERCASE, CharacterSet.LOWERCASE):
        return tuple(characters)
    return class_names(characters)


@dataclass(frozen=True)
class Projection:
    """A linear map from class probabilities to the probabilities of characters to show.

    Attributes
    ----------
    characters : tuple of str
        The characters of the columns.
    matrix : ndarray of shape (n_classes, n_characters), dtype=float32, 0 or 1
        ``probabilities @ matrix`` sums merged classes and drops the masked ones.
    """

    characters: tuple[str, ...]
    matrix: npt.NDArray[np.float32]

    def apply(self, probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Project and normalise again.

        Parameters
        ----------
        probabilities : ndarray of shape (n, n_classes), dtype=float32

        Returns
        -------
        ndarray of shape (n, n_characters), dtype=float32
            Rows sum to 1.
        """
        projected = probabilities @ self.matrix
        total = projected.sum(axis=1, keepdims=True)
        normalized: npt.NDArray[np.float32] = projected / np.maximum(total, _TINY)
        return normalized


def projection(classes: Sequence[str], targets: Sequence[str]) -> Projection:
    """Map `classes` onto `targets`: equal characters, else merged ones; others are dropped.

    A class goes to the target of its own name where there is one; else to the one that merges
    it (small *c* to ``"C"``); else to its capital, since EMNIST Letters and the like know no
    case. Targets that no class can ever mean are left out.
    """
    column = {character: index for index, character in enumerate(targets)}
    matrix = np.zeros((len(classes), len(targets)), dtype=np.float32)
    for row, character in enumerate(classes):
        for candidate in (character, merged(character), character.upper()):
            if candidate in column:
                matrix[row, column[candidate]] = 1.0
                break
    used = np.flatnonzero(matrix.any(axis=0))
    kept = tuple(targets[index] for index in used.tolist())
    return Projection(kept, np.ascontiguousarray(matrix[:, used]))


def class_indices(classes: Sequence[str], targets: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the index in `targets` that `projection` maps each class to; -1 for none."""
    projected = projection(classes, targets)
    order = {character: index for index, character in enumerate(targets)}
    indices = np.full(len(classes), -1, dtype=np.int64)
    rows, columns = np.nonzero(projected.matrix)
    indices[rows] = [order[projected.characters[column]] for column in columns.tolist()]
    return indices


def character_set_projection(classes: Sequence[str], reading: CharacterSet) -> Projection:
    """Return the projection that shows `classes` as `reading` asks.

    A restriction is a mask: for ``UPPERCASE`` a small *c* is no *C*. A recogniser whose one
    class stands for both cases answers for either.
    """
    merging = reading in (CharacterSet.ALL, CharacterSet.LETTERS) and set(classes) <= set(BYCLASS)
    if reading is CharacterSet.ALL or reading is CharacterSet.CASED:
        return projection(classes, BYMERGE if merging else tuple(dict.fromkeys(classes)))
    if reading is CharacterSet.LETTERS:
        return _restricted(classes, tuple(c for c in BYMERGE if c.isalpha()), merged)
    wanted = {
        CharacterSet.DIGITS: DIGITS,
        CharacterSet.UPPERCASE: UPPERCASE,
        CharacterSet.LOWERCASE: LOWERCASE,
    }[reading]

    def shown(name: str) -> str:
        stands_for_both = name.lower() in MERGED_LETTERS and name.lower() not in classes
        return name.lower() if reading is CharacterSet.LOWERCASE and stands_for_both else name

    return _restricted(classes, tuple(wanted), shown)


def _restricted(
    classes: Sequence[str], targets: Sequence[str], shown: Callable[[str], str]
) -> Projection:
    matrix = np.array([[shown(name) == target for target in targets] for name in classes])
    used = np.flatnonzero(matrix.any(axis=0))
    kept = tuple(targets[index] for index in used.tolist())
    return Projection(kept, np.ascontiguousarray(matrix[:, used], dtype=np.float32))
