"""Fetching that is cancelled, two at once, and the time that is left."""

from __future__ import annotations

import pytest

from tests.trainer.datasets.download.fetcher import IMAGES, Fetcher, StoppedError, assert_complete
from tests.trainer.servers import Server
from trainer.datasets.download.progress import Meter, TransferProgress
from trainer.errors import DatasetError

# Cancelling


@pytest.mark.parametrize("ranges", [True, False])
def test_a_cancel_leaves_only_what_can_be_gone_on_with(
    get: Fetcher, server: Server, ranges: bool
) -> None:
    server.behaviour.ranges = ranges
    with pytest.raises(StoppedError):
        get(f"{server.url}/gzip.zip", check=get.stop)
    name = IMAGES if ranges else "archive.zip"
    assert get.left() == [name, f"{name}.json"]
    assert not get.profile.datasets.exists()


def test_a_cancel_while_storing_leaves_no_dataset(get: Fetcher, server: Server) -> None:
    def check() -> None:
        if any(event.phase == "store" for event in get.events):
            raise StoppedError

    with pytest.raises(StoppedError):
        get(f"{server.url}/gzip.zip", check=check)
    assert not [name for name in get.left() if name.endswith((".npy", ".json", "ubyte"))]
    assert [path.name for path in get.profile.datasets.iterdir()] == []


def test_a_cancel_while_waiting(get: Fetcher, server: Server) -> None:
    server.behaviour.refusals = [(503, {"Retry-After": "100"})] * 9

    def check() -> None:
        if len(get.waits) == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        get(f"{server.url}/gzip.zip", check=check)
    assert len(server.log) == 1


def test_two_do_not_fetch_the_same_at_once(get: Fetcher, server: Server) -> None:
    sentences: list[str] = []

    def check() -> None:
        if not sentences:
            sentences.append("")
            with pytest.raises(DatasetError) as caught:
                get(f"{server.url}/gzip.zip")
            sentences[0] = caught.value.message

    assert_complete(get(f"{server.url}/gzip.zip", check=check), get.small)
    assert sentences == ["emnist-balanced is being worked on by another window or command."]


# Progress


def test_rate_and_time_left() -> None:
    now = [0.0]
    events: list[TransferProgress] = []
    meter = Meter(events.append, "download", "bytes", 1_000, lambda: now[0])
    meter.skip(200)  # arrived before: counts as done, not as speed
    for _ in range(6):
        now[0] += 1.0
        meter.advance(50)
    assert events[-1] == TransferProgress("download", 500, 1_000, "bytes", 50.0, 10.0)
    for _ in range(6):
        now[0] += 1.0
        meter.advance(10)
    assert events[-1].rate == pytest.approx(10.0)  # what was long ago is forgotten
    told = len(events)
    for _ in range(50):
        now[0] += 0.01
        meter.advance(1)
    assert len(events) - told <= 6


def test_an_unknown_total() -> None:
    events: list[TransferProgress] = []
    meter = Meter(events.append, "download", "bytes")
    meter.advance(10)
    assert events[-1].total == 0
    assert events[-1].seconds_left is None
    meter.expect(100)
    meter.expect(7)
    meter.advance(90)
    assert events[-1].total == 100
