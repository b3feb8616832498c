"""Current and selected items of a sequence, as in a list of files."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


class SelectionModel:
    """Selected positions, and the current one.

    Parameters
    ----------
    n : int
        Number of items.

    Attributes
    ----------
    current : int
        -1 for none.
    """

    def __init__(self, n: int) -> None:
        self._is_selected = np.zeros(n, dtype=bool)
        self._anchor = -1
        self.current = -1
        self.count = 0

    def select(self, position: int, *, extend: bool, toggle: bool, most: int) -> None:
        """Select one item.

        Parameters
        ----------
        position : int
        extend : bool
            Take all from the last that was selected to this one.
        toggle : bool
            Add it, or take it away; leave the others.
        most : int
            That can be selected at once; of a longer stretch, those next to the anchor.
        """
        if extend and self._anchor >= 0:
            low, high = sorted((self._anchor, position))
            if high - low >= most:
                near_low = self._anchor == low
                low, high = (low, low + most - 1) if near_low else (high - most + 1, high)
            if not toggle:
                self._is_selected[:] = False
            self._is_selected[low : high + 1] = True
        elif toggle:
            self._is_selected[position] = not self._is_selected[position]
            self._anchor = position
        else:
            self._is_selected[:] = False
            self._is_selected[position] = True
            self._anchor = position
        self.current = position
        self.count = int(np.count_nonzero(self._is_selected))

    def select_all(self, most: int) -> None:
        """Select the first `most` items."""
        self._is_selected[:] = False
        self._is_selected[:most] = True
        self.count = int(np.count_nonzero(self._is_selected))

    def selected(self) -> npt.NDArray[np.int64]:
        """Return the selected positions, ascending."""
        return np.flatnonzero(self._is_selected)

    def selected_between(self, low: int, high: int) -> list[int]:
        """Return the selected positions from `low` up to before `high`."""
        found: list[int] = (np.flatnonzero(self._is_selected[low:high]) + low).tolist()
        return found
