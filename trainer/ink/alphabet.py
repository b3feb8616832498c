"""Alphabets of the EMNIST splits, and the character sets that restrict a recogniser's answers.

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
"""Characters of the merged alphabet that often cannot be told apart without context."""

_TINY = np.finfo(np.float32).tiny


class CharacterSet(StrEnum):
    """Which characters a recogniser may answer.

    ``ALL`` merges small letters that look like their capitals, ``CASED`` distinguishes all 62,
    the others restrict the answers to the characters of their name.
    """

    ALL = "all"
    CASED = "cased"
    DIGITS = "digits"
    LETTERS = "letters"
    UPPERCASE = "uppercase"
    LOWERCASE = "lowercase"


_MAY_BE: dict[CharacterSet, Callable[[str], bool]] = {
    CharacterSet.DIGITS: str.isdigit,
    CharacterSet.LETTERS: str.isalpha,
    CharacterSet.UPPERCASE: str.isupper,
    CharacterSet.LOWERCASE: str.islower,
}
"""Which characters beyond an alphabet belong to a character set; all others to every one."""


def merged(character: str) -> str:
    """Return the character of the 47 merged classes that stands for `character`."""
    return character.upper() if character in MERGED_LETTERS else character


def merges_case(alphabet: Sequence[str]) -> bool:
    """Return whether an alphabet has both cases of a letter that the 47 classes merge."""
    return any(name in alphabet and name.upper() in alphabet for name in MERGED_LETTERS)


def display_name(character: str) -> str:
    """Return the display name of a class: ``"C c"`` if it merges both cases, else the character."""
    if len(character) == 1 and character.lower() in MERGED_LETTERS and character.isupper():
        return f"{character} {character.lower()}"
    return character


def class_names(alphabet: Sequence[str]) -> tuple[str, ...]:
    """Return display names: a capital stands for both cases if there is no class of the small one.

    The classes of EMNIST Balanced are "C c", "D", "d", …; those of ByClass "C", …, "c", ….
    """
    known = set(alphabet)
    return tuple(
        name if name.lower() in known and name != name.lower() else display_name(name)
        for name in alphabet
    )


def display_names(characters: Sequence[str], character_set: CharacterSet) -> tuple[str, ...]:
    """Return the display names of the characters of a character set."""
    if character_set in (CharacterSet.DIGITS, CharacterSet.UPPERCASE, CharacterSet.LOWERCASE):
        return tuple(characters)
    return class_names(characters)


@dataclass(frozen=True)
class Projection:
    """A linear map from class probabilities to the probabilities of the possible answers.

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
        """Project probabilities and normalise them again.

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

    def extended(self, further: Sequence[str], character_set: CharacterSet) -> Projection:
        """Return the projection with classes beyond the alphabet that may be the answer, too."""
        may_be = _MAY_BE.get(character_set, str.isprintable)
        answers = [name for name in further if may_be(name)]
        n_classes, n_characters = self.matrix.shape
        matrix = np.zeros((n_classes + len(further), n_characters + len(answers)), dtype=np.float32)
        matrix[:n_classes, :n_characters] = self.matrix
        for column, name in enumerate(answers, start=n_characters):
            matrix[n_classes + further.index(name), column] = 1.0
        return Projection((*self.characters, *answers), matrix)


def projection(classes: Sequence[str], targets: Sequence[str]) -> Projection:
    """Map `classes` onto `targets`: equal characters, else merged ones; others are dropped.

    A class maps to the target of its own name if there is one; else to the one that merges it
    (small *c* to ``"C"``); else to its capital, since EMNIST Letters and the like have no case.
    Targets that no class maps to are left out.
    """

    def target(name: str) -> str:
        candidates = (name, merged(name), name.upper())
        return next((each for each in candidates if each in targets), "")

    return _mapped(classes, targets, target)


def class_indices(classes: Sequence[str], targets: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the index in `targets` that `projection` maps each class to; -1 for none."""
    projected = projection(classes, targets)
    order = {character: index for index, character in enumerate(targets)}
    indices = np.full(len(classes), -1, dtype=np.int64)
    rows, columns = np.nonzero(projected.matrix)
    indices[rows] = [order[projected.characters[column]] for column in columns.tolist()]
    return indices


def character_set_projection(classes: Sequence[str], character_set: CharacterSet) -> Projection:
    """Return the projection of `classes` onto a character set.

    A restriction is a mask: for ``UPPERCASE`` a small *c* is no *C*. A class that merges both
    cases counts as either.
    """
    merging = character_set in (CharacterSet.ALL, CharacterSet.LETTERS) and set(classes) <= set(
        BYCLASS
    )
    if character_set is CharacterSet.ALL or character_set is CharacterSet.CASED:
        return projection(classes, BYMERGE if merging else tuple(dict.fromkeys(classes)))
    if character_set is CharacterSet.LETTERS:
        return _mapped(classes, tuple(filter(str.isalpha, BYMERGE)), merged)
    wanted = {
        CharacterSet.DIGITS: DIGITS,
        CharacterSet.UPPERCASE: UPPERCASE,
        CharacterSet.LOWERCASE: LOWERCASE,
    }[character_set]

    def in_case(name: str) -> str:
        merges_both = name.lower() in MERGED_LETTERS and name.lower() not in classes
        return name.lower() if character_set is CharacterSet.LOWERCASE and merges_both else name

    return _mapped(classes, tuple(wanted), in_case)


def _mapped(
    classes: Sequence[str], targets: Sequence[str], target_of: Callable[[str], str]
) -> Projection:
    """Return the projection of each class onto its target; unused targets are left out."""
    found = [target_of(name) for name in classes]
    matrix = np.array([[one == target for target in targets] for one in found])
    matrix = matrix.reshape(len(classes), len(targets))
    used = np.flatnonzero(matrix.any(axis=0))
    characters = tuple(targets[index] for index in used.tolist())
    return Projection(characters, np.ascontiguousarray(matrix[:, used], dtype=np.float32))
