"""Which characters the way of the pen writes: a second reader of lines, which sees words whole.

A network of three convolutions and two bidirectional recurrent layers sees the steps of the pen
(`trainer.ink.pen_path`) and says for each fourth of them which character is finished there, or
none. It was trained with connectionist temporal classification (Graves et al., ICML 2006; for
handwriting Carbune et al. 2020, arXiv 1902.10525), which needs no cutting, so that it reads joined
writing too. The network is made by ``tools/make_paths.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from trainer.ink.pen_path import N_FEATURES
from trainer.recognition.language import CHARACTERS
from trainer.recognition.line_model import Floats, other_version, read_arrays

STRIDE: Final = 4
"""Steps of the pen for each output."""

LOOKS_AT: Final = 2
"""An output belongs to the piece of this one of its steps."""

_KERNELS: Final = (5, 5, 3)
_STRIDES: Final = (1, 2, 2)

_LEAST: Final = -12.0
"""Log odds of a character in a group that has no output, and at least in all others."""

ARRAYS: Final = (
    *(f"conv{n}.{name}" for n in (1, 2, 3) for name in ("kernel", "bias")),
    *(
        f"gru{n}.{way}.{name}"
        for n in (1, 2)
        for way in ("forward", "backward")
        for name in ("kernel", "recurrent_kernel", "bias")
    ),
    *("out.kernel", "out.bias"),
)


@dataclass(frozen=True, eq=False)
class PathModel:
    """The network.

    Attributes
    ----------
    arrays : dict
        `ARRAYS`, float32. Kernels of convolutions have the shape (width, n_in, n_out); those of
        recurrent layers (n_in, 3 · n_units), gates in the order update, reset, candidate, with
        biases of shape (2, 3 · n_units) for the input and the state (Cho et al. 2014, with the
        reset after the product).
    """

    arrays: dict[str, Floats]

    def log_probabilities(self, features: Floats) -> Floats:
        """Return what is finished at each fourth step: `CHARACTERS`, and last: nothing.

        Parameters
        ----------
        features : ndarray of shape (n_steps, N_FEATURES), dtype=float32
            Of a `PenPath`.

        Returns
        -------
        ndarray of shape (ceil(n_steps / 4), len(CHARACTERS) + 1), dtype=float32
        """
        arrays = self.arrays
        n_steps = len(features)
        n_outputs = -(-n_steps // STRIDE)
        values = np.zeros((n_outputs * STRIDE, N_FEATURES), np.float32)
        values[:n_steps] = features
        length = n_steps
        for number, (width, stride) in enumerate(zip(_KERNELS, _STRIDES, strict=True), start=1):
            kernel, bias = arrays[f"conv{number}.kernel"], arrays[f"conv{number}.bias"]
            values = _convolved(values, kernel, bias, width, stride)
            length = -(-length // stride)
            values[length:] = 0.0
        for number in (1, 2):
            ways = [
                _recurrent(
                    values[::step],
                    *(
                        arrays[f"gru{number}.{way}.{name}"]
                        for name in ("kernel", "recurrent_kernel", "bias")
                    ),
                )[::step]
                for way, step in (("forward", 1), ("backward", -1))
            ]
            values = np.concatenate(ways, axis=1)
        scores = values @ arrays["out.kernel"] + arrays["out.bias"]
        scores -= scores.max(axis=1, keepdims=True)
        result: Floats = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return result


def likeliest(logs: Floats) -> tuple[npt.NDArray[np.int64], str]:
    """Return the outputs at which characters are finished on the likeliest way, and the characters.

    Parameters
    ----------
    logs : ndarray of shape (n_outputs, len(CHARACTERS) + 1), dtype=float32
    """
    best = logs.argmax(axis=1)
    changes = np.flatnonzero(np.diff(best, prepend=-1, append=-1))
    named = best[changes[:-1]]
    is_character = named < len(CHARACTERS)
    middles = (changes[:-1] + changes[1:] - 1) // 2
    text = "".join(CHARACTERS[index] for index in named[is_character].tolist())
    return middles[is_character], text


def span_scores(logs: Floats, spans: npt.NDArray[np.int64]) -> Floats:
    """Return the log probability of the likeliest way to one character in each span of outputs.

    Parameters
    ----------
    logs : ndarray of shape (n_outputs, n_characters + 1), dtype=float32
        Log probabilities, of no character last.
    spans : ndarray of shape (n_spans, 2), dtype=int64
        The first output and the one after the last.

    Returns
    -------
    ndarray of shape (n_spans, n_characters), dtype=float32
    """
    odds = logs[:, :-1] - logs[:, -1:]
    so_far = np.zeros((len(logs) + 1, odds.shape[1]), np.float32)
    np.cumsum(odds, axis=0, out=so_far[1:])
    nothing = np.concatenate([[0.0], np.cumsum(logs[:, -1])])
    result = np.full((len(spans), odds.shape[1]), _LEAST, np.float32)
    order = np.argsort(spans[:, 0], kind="stable")
    firsts, starts = np.unique(spans[order, 0], return_index=True)
    for first, rows in zip(firsts.tolist(), np.split(order, starts[1:]), strict=True):
        stop = int(spans[rows, 1].max())
        if stop == first:
            continue
        # The character is written from one output to another: the largest rise of its sum.
        sums = so_far[first : stop + 1]
        rise = sums[1:] - np.minimum.accumulate(sums[:-1], axis=0)
        best = np.maximum.accumulate(rise, axis=0)
        for row in rows.tolist():
            if spans[row, 1] > first:
                result[row] = np.maximum(best[spans[row, 1] - first - 1], _LEAST)
    result += (nothing[spans[:, 1]] - nothing[spans[:, 0]])[:, None].astype(np.float32)
    return result


def _convolved(values: Floats, kernel: Floats, bias: Floats, width: int, stride: int) -> Floats:
    """Return a convolution with rectifier; as long as the input, divided by the stride."""
    padding = width - stride
    left = padding // 2
    padded = np.pad(values, ((left, padding - left), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, width, axis=0)[::stride]
    flat = windows.transpose(0, 2, 1).reshape(len(windows), -1)
    result: Floats = np.maximum(flat @ kernel.reshape(-1, kernel.shape[2]) + bias, 0.0)
    return result


def _recurrent(values: Floats, kernel: Floats, recurrent: Floats, bias: Floats) -> Floats:
    """Return the states of gated recurrent units."""
    n_units = len(recurrent)
    inputs = values @ kernel + bias[0]
    state = np.zeros(n_units, np.float32)
    states = np.empty((len(values), n_units), np.float32)
    for place, given in enumerate(inputs):
        inner = state @ recurrent + bias[1]
        gates = 1.0 / (1.0 + np.exp(-(given[: 2 * n_units] + inner[: 2 * n_units])))
        update, reset = gates[:n_units], gates[n_units:]
        candidate = np.tanh(given[2 * n_units :] + reset * inner[2 * n_units :])
        state = update * state + (1.0 - update) * candidate
        states[place] = state
    return states


def read_path_model(path: Path) -> PathModel:
    """Read the network.

    Raises
    ------
    BundleError
        If it is missing, damaged, or made for other features.
    """
    arrays = read_arrays(path, ARRAYS)
    shapes = arrays["conv1.kernel"].shape[1:2], arrays["out.bias"].shape
    if shapes != ((N_FEATURES,), (len(CHARACTERS) + 1,)):
        raise other_version(path)
    return PathModel(arrays)
