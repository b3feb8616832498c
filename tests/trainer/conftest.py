"""Workers of trainings are forked from a server that has loaded scikit-learn, which takes a second.

The many commands that tests start in processes of their own start theirs as everywhere.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from trainer.search import worker


class _Preloaded:
    """What `multiprocessing` is to a worker: a context of processes with the libraries loaded."""

    parent_process = staticmethod(multiprocessing.parent_process)

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["trainer.commands.train", "trainer.models.classical"])
        self.Pipe = self._context.Pipe

    def get_context(self, _: str) -> _Preloaded:
        return self

    def Process(self, target: Callable[..., None], args: tuple[Any, ...]) -> Any:
        """Return a process with the environment of this one, where the server has an older one."""
        return self._context.Process(target=_run, args=(dict(os.environ), target, args))


def _run(environment: dict[str, str], target: Callable[..., None], args: tuple[Any, ...]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    target(*args)


@pytest.fixture(autouse=True, scope="session")
def _preloaded_workers() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if sys.platform == "linux":
            patch.setattr(worker, "multiprocessing", _Preloaded())
        yield
