"""What is current and what is selected among things in a row, as a list of files does it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


class SelectionModel:
    """Places that are selected, and the current one.

    Parameters
    ----------
    n : int
        How many things there are.

    Attributes
    ----------
    current : int
        -1 for none.
    """

    def __init__(self, n: int) -> None:
        self._chosen = np.zeros(n, dtype=bool)
        self._anchor = -1
        self.current = -1
        self.count = 0

    def pick(self, place: int, *, extend: bool, toggle: bool, most: int) -> None:
        """Choose one thing.

        Parameters
        ----------
        place : int
        extend : bool
            Take all from the last that was picked to this one.
        toggle : bool
            Add it, or take it away; leave the others.
        most : int
            That can be selected at once; of a longer stretch, those next to the first pick.
        """
        if extend and self._anchor >= 0:
            low, high = sorted((self._anchor, place))
            if high - low >= most:
                near_low = self._anchor == low
                low, high = (low, low + most - 1) if near_low else (high - most + 1, high)
            if not toggle:
                self._chosen[:] = False
            self._chosen[low : high + 1] = True
        elif toggle:
            self._chosen[place] = not self._chosen[place]
            self._anchor = place
        else:
            self._chosen[:] = False
            self._chosen[place] = True
            self._anchor = place
        self.current = place
        self.count = int(np.count_nonzero(self._chosen))

    def pick_all(self, most: int) -> None:
        """Choose the first `most` things."""
        self._chosen[:] = False
        self._chosen[:most] = True
        self.count = int(np.count_nonzero(self._chosen))

    def chosen(self) -> npt.NDArray[np.int64]:
        """Return the places that are selected, ascending."""
        return np.flatnonzero(self._chosen)

    def chosen_between(self, low: int, high: int) -> list[int]:
        """Return the selected places from `low` up to before `high`."""
        found: list[int] = (np.flatnonzero(self._chosen[low:high]) + low).tolist()
        return found
