"""Scores of groups of pieces: which character a group is, and how well it would be one.

A small network sees what the recogniser says of the group, its size and place on the line, and
its neighbours. It was trained so that of all ways to cut words into characters the right one gets
the highest sum of scores: a semi-Markov random field (Sarawagi & Cohen, NIPS 2004). The network is
made by ``tools/make_lines.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.files.npz import UNREADABLE
from trainer.ink.alphabet import BYCLASS
from trainer.ink.lines import FEATURES
from trainer.recognition.language import CHARACTERS

Floats = npt.NDArray[np.float32]

_HINT = "Install the program again."

_FLOOR: Final = 1e-3
"""Probabilities are no smaller than this for the network."""

N_INPUTS: Final = len(BYCLASS) + len(FEATURES) + 1

ARRAYS: Final = ("direct", "hidden", "hidden_bias", "output", "output_bias", "prior")


@dataclass(frozen=True, eq=False)
class LineModel:
    """The network.

    Attributes
    ----------
    direct : ndarray of shape (62,), dtype=float32
        Weight of the recogniser's log probability in the score of its own character.
    hidden, hidden_bias : ndarrays of shape (N_INPUTS, n_hidden) and (n_hidden,)
    output, output_bias : ndarrays of shape (n_hidden, len(CHARACTERS)) and (len(CHARACTERS),)
    prior : ndarray of shape (len(CHARACTERS),)
        Log share of each character in the words that it was trained on.
    """

    direct: Floats
    hidden: Floats
    hidden_bias: Floats
    output: Floats
    output_bias: Floats
    prior: Floats

    def scores(self, probabilities: Floats, features: Floats) -> Floats:
        """Return the score of each character for each group; any real number.

        Parameters
        ----------
        probabilities : ndarray of shape (n_groups, 62), dtype=float32
            Of the characters of EMNIST ByClass.
        features : ndarray of shape (n_groups, len(FEATURES)), dtype=float32

        Returns
        -------
        ndarray of shape (n_groups, len(CHARACTERS)), dtype=float32
        """
        inputs = network_inputs(probabilities, features)
        hidden = np.maximum(inputs @ self.hidden + self.hidden_bias, 0.0)
        scores: Floats = hidden @ self.output + self.output_bias
        scores[:, : len(BYCLASS)] += inputs[:, : len(BYCLASS)] * self.direct
        return scores


def network_inputs(probabilities: Floats, features: Floats) -> Floats:
    """Return what the network takes, of shape (n_groups, N_INPUTS), dtype=float32."""
    logs = np.log(np.maximum(probabilities, _FLOOR))
    entropy = -(probabilities * logs).sum(axis=1, keepdims=True)
    return np.concatenate([logs, features, entropy], axis=1, dtype=np.float32)


def read_line_model(path: Path) -> LineModel:
    """Read the network.

    Raises
    ------
    BundleError
        If it is missing, damaged, or made for other features.
    """
    model = LineModel(*read_arrays(path, ARRAYS).values())
    n_hidden = len(model.hidden_bias)
    if (model.hidden.shape, model.output.shape) != (
        (N_INPUTS, n_hidden),
        (n_hidden, len(CHARACTERS)),
    ):
        raise other_version(path)
    return model


def read_arrays(path: Path, names: Sequence[str]) -> dict[str, Floats]:
    """Read the weights of a network that reads lines, by their names.

    Raises
    ------
    BundleError
        If the file is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name].astype(np.float32) for name in names}
    except UNREADABLE as error:
        raise BundleError(
            "The reader of lines cannot be read from {path}: {reason}.", _HINT
        ).format(path=path.name, reason=error) from error


def other_version(path: Path) -> BundleError:
    """Return the error of weights that do not fit the program."""
    return BundleError("{path} was made for another version of the program.", _HINT).format(
        path=path.name
    )


def by_class(probabilities: Floats, alphabet: Sequence[str]) -> Floats:
    """Return probabilities of an alphabet's characters as those of EMNIST ByClass.

    A capital of an alphabet without the small letter stands for both, and gives each a half.

    Parameters
    ----------
    probabilities : ndarray of shape (n, len(alphabet)), dtype=float32

    Returns
    -------
    ndarray of shape (n, 62), dtype=float32

    Raises
    ------
    BundleError
        If the alphabet has characters beyond ByClass, or no letters.
    """
    unknown = [name for name in alphabet if name not in BYCLASS]
    if unknown or not any(map(str.isalpha, alphabet)):
        raise BundleError(
            "Lines are read by recognisers of letters and digits. This one has: {characters}.",
            "Choose another recogniser for lines.",
        ).format(characters=" ".join((unknown or list(alphabet))[:8]))
    matrix = np.zeros((len(alphabet), len(BYCLASS)), dtype=np.float32)
    for row, name in enumerate(alphabet):
        other = name.swapcase()
        share = 0.5 if other != name and other not in alphabet else 1.0
        matrix[row, BYCLASS.index(name)] = share
        if share < 1.0:
            matrix[row, BYCLASS.index(other)] = share
    result: Floats = probabilities @ matrix
    return result
