"""A server with a small EMNIST, and who fetches from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trainer.datasets.download.fetcher import Fetcher
from tests.trainer.servers import Miniature, Server, miniature, serving


@pytest.fixture(scope="module")
def small() -> Miniature:
    return miniature()


@pytest.fixture
def server(small: Miniature) -> Iterator[Server]:
    with serving() as server:
        server.files["/gzip.zip"] = small.archive()
        yield server


@pytest.fixture
def get(own_profile: Path, small: Miniature) -> Fetcher:
    return Fetcher(own_profile, small)
