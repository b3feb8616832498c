"""Keras, imported without two libraries that it merely looks for. Imports TensorFlow.

`import keras` imports scikit-learn and matplotlib where they are installed, for wrappers and
plots that nothing here uses: a third of the time until a training begins. Another quarter were
collections of garbage among the some hundred thousand objects that an import makes and keeps.
TensorFlow says on standard error how it was built; failures are raised, and the device is reported.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from types import ModuleType

from trainer.garbage import no_collections
from trainer.native_lines import silent_stderr

_UNUSED = ("matplotlib", "sklearn")


class _Absent(MetaPathFinder):
    """Finds nothing of what Keras can do without."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> None:
        if fullname in _UNUSED:
            raise ModuleNotFoundError(name=fullname)


@contextmanager
def _without_unused() -> Iterator[None]:
    finder = _Absent()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with _without_unused(), no_collections(), silent_stderr():
    import keras

__all__ = ["keras"]
