"""Fetching from a server of the tests: what comes out, and what is got over."""

from __future__ import annotations

import gzip
import io
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.trainer.datasets.download.fetcher import IMAGES, Fetcher, StoppedError, assert_complete
from tests.trainer.servers import Server, miniature, serving
from trainer.datasets.download.download import Client, Span
from trainer.datasets.download.progress import Meter, TransferProgress
from trainer.errors import DatasetError

# What comes out


def test_the_wanted_members_alone_are_fetched(get: Fetcher, server: Server) -> None:
    stored = get(f"{server.url}/gzip.zip")
    assert_complete(stored, get.small)
    ranges = [request.range for request in server.log]
    size = len(server.files["/gzip.zip"])
    assert ranges[:2] == ["bytes=0-0", f"bytes={size - 65_536}-{size - 1}"]
    spans = [tuple(map(int, text[6:].split("-"))) for text in ranges[2:]]
    wanted = sum(len(content) for content in get.small.files.values())
    assert sum(last - first + 1 for first, last in spans) < wanted + 5 * 200
    assert {request.status for request in server.log} == {206}
    assert "dataset.json" in get.left()
    assert not [name for name in get.left() if name.endswith((".gz", ".zip", "ubyte", ".txt"))]
    phases = [event.phase for event in get.events]
    assert phases == sorted(phases)  # download before store
    assert get.events[-1].done == get.events[-1].total == 564


def test_a_dataset_that_is_here_is_not_fetched_again(get: Fetcher, server: Server) -> None:
    get(f"{server.url}/gzip.zip")
    server.log.clear()
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)
    assert server.log == []


@pytest.mark.parametrize("name", ["emnist-letters", "emnist-mnist", "emnist-byclass", "mnist"])
def test_every_kind_comes_out_upright_and_counted_from_0(own_profile: Path, name: str) -> None:
    small = miniature(name, 130, 62)
    get = Fetcher(own_profile, small)
    with serving() as server:
        server.files |= {f"/mirror/{file}": content for file, content in small.files.items()}
        server.files["/gzip.zip"] = small.archive(compression=zipfile.ZIP_STORED)
        mirror = "/mirror/" if name == "mnist" else "/gzip.zip"
        assert_complete(get(server.url + mirror, name=name), small)


def test_a_mirror_can_be_a_folder_of_single_files(get: Fetcher, server: Server) -> None:
    files = {name: c for name, c in get.small.files.items() if not name.endswith(".txt")}
    server.files = {f"/emnist/{name}": content for name, content in files.items()}
    assert_complete(get(f"{server.url}/emnist/"), get.small)


def test_files_that_a_server_has_unpacked_are_taken(own_profile: Path) -> None:
    small = miniature("mnist", 40, 20)
    with serving() as server:
        server.files = {f"/{name}": gzip.decompress(c) for name, c in small.files.items()}
        assert_complete(Fetcher(own_profile, small)(f"{server.url}/", name="mnist"), small)


def test_redirects_are_followed(get: Fetcher, server: Server) -> None:
    server.behaviour.redirect = "/elsewhere"
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)
    assert {request.status for request in server.log} == {302, 206}


def test_without_ranges_the_whole_archive_is_fetched(get: Fetcher, server: Server) -> None:
    server.behaviour.ranges = False
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)
    assert [request.range for request in server.log] == ["bytes=0-0", ""]
    downloads = [event for event in get.events if event.phase == "download"]
    assert downloads[-1].total == len(server.files["/gzip.zip"])
    assert "archive.zip" not in get.left()


def test_addresses_come_from_the_environment(
    get: Fetcher, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = f"{server.url}/missing.zip {server.url}/gzip.zip"
    monkeypatch.setenv("EMNIST_DESKTOP_EMNIST_MIRRORS", addresses)
    assert_complete(get(), get.small)
    assert server.log[0].path == "/missing.zip"


# What goes wrong, and passes


def test_a_busy_server_is_asked_again(get: Fetcher, server: Server) -> None:
    server.behaviour.refusals = [(503, {"Retry-After": "3"}), (503, {}), (429, {})]
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)
    assert sum(get.waits) == pytest.approx(3 + 2 + 4)
    assert max(get.waits) <= 0.2  # a cancel is seen meanwhile


def test_a_date_to_come_back_at_is_understood(get: Fetcher, server: Server) -> None:
    date = "Thu, 01 Jan 1998 00:00:00 GMT"
    server.behaviour.refusals = [(503, {"Retry-After": date}), (503, {"Retry-After": "soon"})]
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)
    assert sum(get.waits) == pytest.approx(0 + 2)


def test_a_server_that_stays_busy_is_given_up(get: Fetcher, server: Server) -> None:
    server.behaviour.refusals = [(503, {})] * 20
    with pytest.raises(DatasetError, match=r"busy or out of order \(503 Service Unav") as caught:
        get(f"{server.url}/gzip.zip")
    assert "later" in caught.value.hint
    assert len(server.log) == 5
    assert get.left() == []


def test_nobody_waits_for_an_hour(get: Fetcher, server: Server) -> None:
    server.behaviour.refusals = [(503, {"Retry-After": "3600"})]
    with pytest.raises(DatasetError, match="busy"):
        get(f"{server.url}/gzip.zip")
    assert get.waits == []


def test_a_connection_that_breaks_off_is_gone_on_with(get: Fetcher, server: Server) -> None:
    server.behaviour.drop_after = [100_000, 70_000, 70_000]
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)
    starts = [int(r.range[6:].split("-")[0]) for r in server.log[2:6]]
    assert [later - starts[0] for later in starts[1:]] == [100_000, 170_000, 240_000]
    assert [r.if_range for r in server.log[2:6]] == ["", '"one"', '"one"', '"one"']


def test_one_that_always_breaks_off_is_given_up(get: Fetcher, server: Server) -> None:
    server.behaviour.ranges = False
    server.behaviour.drop_after = [100_000] * 20
    with pytest.raises(DatasetError, match=r"broke off after 0\.1 MB of 0\.6 MB") as caught:
        get(f"{server.url}/gzip.zip")
    assert "kept" in caught.value.hint
    assert [r.range for r in server.log][1:] == ["", *["bytes=100000-"] * 4]


def test_a_server_that_cannot_resume_begins_anew(get: Fetcher, server: Server) -> None:
    server.behaviour.ranges = False
    server.behaviour.drop_after = [1, 100_000]  # the request for the directory counts
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)
    assert [(r.range, r.status) for r in server.log][1:] == [("", 200), ("bytes=100000-", 200)]
    totals = [e for e in get.events if e.phase == "download"]
    assert totals[-1].done == totals[-1].total


def test_a_file_that_changed_meanwhile_is_begun_anew(get: Fetcher, server: Server) -> None:
    with pytest.raises(StoppedError):
        get(f"{server.url}/gzip.zip", check=get.stop)
    server.behaviour.etag = '"two"'
    server.log.clear()
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)
    assert [r.status for r in server.log[1:4]] == [206, 200, 206]
    assert server.log[3].if_range == ""


def test_a_change_shows_in_the_length_where_there_is_no_tag(get: Fetcher, server: Server) -> None:
    server.behaviour.etag = ""
    with pytest.raises(StoppedError):
        get(f"{server.url}/gzip.zip", check=get.stop)
    padded = io.BytesIO(server.files["/gzip.zip"])
    with zipfile.ZipFile(padded, "a") as archive:
        archive.comment = b"longer by this"
    server.files["/gzip.zip"] = padded.getvalue()
    server.log.clear()
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)
    assert int(server.log[2].range[6:].split("-")[0]) > int(server.log[3].range[6:].split("-")[0])
    assert sum(get.waits) == 0


def test_a_damaged_dataset_is_fetched_anew(get: Fetcher, server: Server) -> None:
    folder = get(f"{server.url}/gzip.zip").folder
    assert folder is not None
    (folder / "dataset.json").write_text("{")
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)


def test_without_a_tag_it_is_resumed_all_the_same(get: Fetcher, server: Server) -> None:
    server.behaviour.etag = ""
    server.behaviour.drop_after = [100_000]
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)
    assert server.log[3].if_range == ""
    assert server.log[3].status == 206


def test_a_part_that_does_not_fit_is_fetched_anew(get: Fetcher, server: Server) -> None:
    with pytest.raises(StoppedError):
        get(f"{server.url}/gzip.zip", check=get.stop)
    with get.part.open("rb+") as stream:
        stream.seek(5_000)
        stream.write(b"what a failing disk left")
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)


def test_a_part_of_unknown_origin_is_not_used(get: Fetcher, server: Server) -> None:
    with pytest.raises(StoppedError):
        get(f"{server.url}/gzip.zip", check=get.stop)
    get.part.with_name(f"{IMAGES}.json").write_text('{"span": {"url')
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)


CHILD = """
import sys
from tests.trainer.servers import miniature
from trainer.datasets.catalog import Catalog
from trainer.files.paths import Profile

profile = Profile.locate()
parts = profile.downloads / "emnist-balanced" / "parts"

def check():
    sizes = [p.stat().st_size for p in parts.glob("*") if p.suffix != ".json"]
    print(sum(sizes), flush=True)

catalog = Catalog(profile, mirrors=[sys.argv[1]], sources=[miniature().facts])
catalog.obtain("emnist-balanced", lambda progress: None, check)
"""


@pytest.mark.parametrize("ranges", [True, False])
def test_a_killed_process_is_gone_on_with_by_the_next(
    get: Fetcher, server: Server, ranges: bool
) -> None:
    server.behaviour.ranges = ranges
    server.behaviour.stall_after = 150_000
    command = [sys.executable, "-c", CHILD, f"{server.url}/gzip.zip"]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child.stdout as lines:
        next(line for line in lines if int(line) > 100_000)
        child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    server.closing.set()
    part = get.part if ranges else get.part.with_name("archive.zip")
    arrived = part.stat().st_size
    assert 0 < arrived <= 150_000
    before = server.log[-1]

    server.behaviour.stall_after = 0
    server.behaviour.ranges = True
    server.log.clear()
    if not ranges:
        server.behaviour.refusals = [(416, {})]  # still no directory
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)
    start = int(before.range[6:].split("-")[0]) if ranges else 0
    asked = server.log[2 if ranges else 1]  # after the directory
    assert asked.range.startswith(f"bytes={start + arrived}-")
    assert asked.if_range == '"one"'
    assert asked.status == 206
    assert next(e.done for e in get.events if e.phase == "download") == arrived


@settings(max_examples=12)
@given(drops=st.lists(st.integers(1, 3_000), max_size=6), cuts=st.sampled_from([True, False]))
def test_wherever_it_breaks_off_the_file_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, drops: list[int], cuts: bool
) -> None:
    data = np.random.default_rng(1).bytes(5_000)
    target = tmp_path_factory.mktemp("parts") / "file"
    events: list[TransferProgress] = []
    with serving() as server, requests.Session() as session:
        server.files["/file"] = data
        server.behaviour.drop_after = list(drops)
        client = Client(session, lambda: None, lambda _: None)
        span = Span(f"{server.url}/file", 700, 4_000) if cuts else Span(f"{server.url}/file")
        client.download(span, target, Meter(events.append, "download", "bytes", 0))
    assert target.read_bytes() == (data[700:4_700] if cuts else data)
