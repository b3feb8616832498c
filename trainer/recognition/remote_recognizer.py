"""Client of ``python -m trainer serve``: a classical model in a child process.

It lets the window use classical models without importing scikit-learn.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.ink.render import Images
from trainer.processes.json_child import JsonChild, answer_of
from trainer.recognition.bundle import Bundle


class RemoteModel(JsonChild):
    """A classical model in a child process; blocks, so it is used outside the window's thread.

    Parameters
    ----------
    bundle : Bundle
    command : sequence of str, optional
        What starts the trainer, as of `TrainerProcess`.

    Raises
    ------
    BundleError
        If the child cannot load the recogniser.
    """

    def __init__(self, bundle: Bundle, command: Sequence[str] | None = None) -> None:
        arguments = ("serve", "--model", str(bundle.folder))
        super().__init__(arguments, command, bundle.name, hint="Choose the recogniser again.")
        try:
            answer_of(self._receive())
        except BundleError:
            self.close()
            raise

    def probabilities(self, images: Images) -> npt.NDArray[np.float32]:
        """Return probabilities of shape (n, n_classes) for images of the bundle's size.

        Raises
        ------
        BundleError
            If the child has ended or cannot answer.
        """
        coded = [base64.b64encode(np.ascontiguousarray(i).tobytes()).decode() for i in images]
        self._send({"images": coded})
        answers: npt.NDArray[np.float32] = np.array(
            answer_of(self._receive())["probabilities"], dtype=np.float32
        )
        return answers
