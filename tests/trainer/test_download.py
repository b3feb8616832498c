"""Fetching from a server that does what servers do."""

from __future__ import annotations

import errno
import gzip
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.trainer.servers import Miniature, Server, miniature, serving
from trainer.datasets import download
from trainer.datasets.catalog import Catalog
from trainer.datasets.download import Client, Span
from trainer.datasets.growing_array import GrowingArray
from trainer.datasets.progress import Meter, Progress
from trainer.datasets.store import StoredDataset
from trainer.errors import DatasetError
from trainer.paths import Profile

NAME = "emnist-balanced"
IMAGES = "emnist-balanced-train-images-idx3-ubyte.gz"


class StoppedError(Exception):
    """What a user's cancel raises."""


@pytest.fixture(scope="module")
def small() -> Miniature:
    return miniature()


@pytest.fixture
def server(small: Miniature) -> Iterator[Server]:
    with serving() as server:
        server.files["/gzip.zip"] = small.archive()
        yield server


class Fetcher:
    """A catalogue with a small EMNIST in it, and what it did."""

    def __init__(self, profile: Path, small: Miniature) -> None:
        self.profile = Profile(profile)
        self.small = small
        self.waits: list[float] = []
        self.events: list[Progress] = []

    def __call__(
        self, *mirrors: str, check: Callable[[], None] = lambda: None, name: str = NAME
    ) -> StoredDataset:
        catalog = Catalog(
            self.profile, mirrors=mirrors, facts=[self.small.facts], wait=self.waits.append
        )
        return catalog.obtain(name, self.events.append, check)

    @property
    def part(self) -> Path:
        return self.profile.downloads / NAME / "parts" / IMAGES

    def stop(self) -> None:
        """Cancel once 100,000 bytes have arrived, as a check."""
        parts = self.profile.downloads.glob("*/parts/*")
        if sum(path.stat().st_size for path in parts) > 100_000:
            raise StoppedError

    def left(self) -> list[str]:
        """Return what lies in the folders of datasets and downloads, but for locks."""
        folders = (self.profile.datasets, self.profile.downloads)
        files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        return sorted(path.name for path in files if path.suffix != ".lock")


@pytest.fixture
def get(own_profile: Path, small: Miniature) -> Fetcher:
    return Fetcher(own_profile, small)


def assert_complete(stored: StoredDataset, small: Miniature) -> None:
    for split in ("train", "test"):
        assert np.array_equal(stored.splits[split].images, small.images[split])
        assert np.array_equal(stored.splits[split].labels, small.labels[split])
    assert stored.card.alphabet == small.facts.alphabet
    assert stored.card.terms == small.facts.terms
    assert stored.card.citation


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
from trainer.paths import Profile

profile = Profile.locate()
parts = profile.downloads / "emnist-balanced" / "parts"

def check():
    sizes = [p.stat().st_size for p in parts.glob("*") if p.suffix != ".json"]
    print(sum(sizes), flush=True)

catalog = Catalog(profile, mirrors=[sys.argv[1]], facts=[miniature().facts])
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
    events: list[Progress] = []
    with serving() as server, requests.Session() as session:
        server.files["/file"] = data
        server.behaviour.drop_after = list(drops)
        client = Client(session, lambda: None, lambda _: None)
        span = Span(f"{server.url}/file", 700, 4_000) if cuts else Span(f"{server.url}/file")
        client.download(span, target, Meter(events.append, "download", "bytes", 0))
    assert target.read_bytes() == (data[700:4_700] if cuts else data)


# What goes wrong, and stays so


def test_nothing_at_the_address(get: Fetcher, server: Server) -> None:
    with pytest.raises(DatasetError, match=r"nothing at .*/old\.zip \(404 Not Found\)") as caught:
        get(f"{server.url}/old.zip")
    assert "--mirror" in caught.value.hint
    assert len(server.log) == 1
    assert get.left() == []


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/octet-stream"])
@pytest.mark.parametrize("path", ["/gzip.zip", "/folder/"])
def test_a_web_page_instead(get: Fetcher, server: Server, kind: str, path: str) -> None:
    server.behaviour.page = True
    server.behaviour.content_type = kind
    with pytest.raises(DatasetError, match=r"Received: a web page\.") as caught:
        get(server.url + path)
    assert "browser" in caught.value.hint
    assert get.waits == []
    assert get.left() == []


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("content", [b"", b"no zip", None])
def test_what_is_no_archive(
    get: Fetcher, server: Server, ranges: bool, content: bytes | None
) -> None:
    whole = server.files["/gzip.zip"]
    server.behaviour.ranges = ranges
    server.files["/gzip.zip"] = whole[: len(whole) // 2] if content is None else content
    with pytest.raises(DatasetError, match="Expected a zip archive"):
        get(f"{server.url}/gzip.zip")
    assert get.left() == []


@pytest.mark.parametrize("ranges", [True, False])
def test_a_wrong_checksum_names_the_file_and_the_next_address_is_tried(
    get: Fetcher, server: Server, ranges: bool
) -> None:
    content = get.small.files[IMAGES]
    swapped = content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]
    other = Miniature(get.small.facts, get.small.files | {IMAGES: swapped}, {}, {})
    server.behaviour.ranges = ranges
    server.files["/bad.zip"] = other.archive()
    with pytest.raises(DatasetError, match=rf"{IMAGES}.*the sha256 differs") as caught:
        get(f"{server.url}/bad.zip")
    assert "--mirror" in caught.value.hint
    assert_complete(get(f"{server.url}/bad.zip", f"{server.url}/gzip.zip"), get.small)


def test_files_of_another_size_are_not_even_fetched(get: Fetcher, server: Server) -> None:
    files = get.small.files | {IMAGES: b"short"}
    server.files["/gzip.zip"] = Miniature(get.small.facts, files, {}, {}).archive()
    with pytest.raises(DatasetError, match=rf"bytes of gzip/{IMAGES}.* Received: 5\."):
        get(f"{server.url}/gzip.zip")
    assert len(server.log) == 2
    del files[IMAGES]
    server.files["/gzip.zip"] = Miniature(get.small.facts, files, {}, {}).archive()
    with pytest.raises(DatasetError, match=f"has no gzip/{IMAGES}"):
        get(f"{server.url}/gzip.zip")


def test_a_single_file_that_is_damaged(own_profile: Path) -> None:
    small = miniature("mnist", 40, 20)
    get = Fetcher(own_profile, small)
    name = "train-images-idx3-ubyte.gz"
    with serving() as server:
        for content, sentence in (
            (b"neither this nor that", "Expected a gzip file"),
            (small.files[name][:-400], "is damaged"),
            (small.files["t10k-images-idx3-ubyte.gz"], "Received: 15,696"),
            (b" <html>", "a web page"),
        ):
            server.files = {f"/{n}": c for n, c in (small.files | {name: content}).items()}
            with pytest.raises(DatasetError, match=sentence):
                get(f"{server.url}/", name="mnist")
            assert get.left() == []


def test_another_mapping_is_refused(get: Fetcher, server: Server) -> None:
    files = get.small.files | {"emnist-balanced-mapping.txt": b"0 48\n1 50\n"}
    server.files["/gzip.zip"] = Miniature(get.small.facts, files, {}, {}).archive()
    with pytest.raises(DatasetError, match="Received: another mapping"):
        get(f"{server.url}/gzip.zip")
    assert "dataset.json" not in get.left()


def test_every_address_is_named_when_none_is_of_use(get: Fetcher, server: Server) -> None:
    with pytest.raises(DatasetError, match=r"None of 2 addresses.*/a\.zip.*/b\.zip"):
        get(f"{server.url}/a.zip", f"{server.url}/b.zip")


@pytest.mark.parametrize("address", ["nonsense", "ftp://host/gzip.zip", "http://", "file:///etc/"])
def test_what_is_no_address(get: Fetcher, address: str) -> None:
    with pytest.raises(DatasetError, match="Expected an address such as https://"):
        get(address)


def test_no_network(get: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    def lookup(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with pytest.raises(DatasetError, match=r"host\.invalid cannot be found.*no network") as caught:
        get("https://host.invalid/gzip.zip", "https://other.invalid/gzip.zip")
    assert "starter" in caught.value.hint
    assert get.waits == []


def test_a_server_that_is_not_there(get: Fetcher) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(DatasetError, match=rf"127\.0\.0\.1:{port} cannot be reached: .*refused"):
        get(f"http://127.0.0.1:{port}/gzip.zip")


def test_a_server_that_cannot_be_trusted(get: Fetcher, server: Server) -> None:
    with pytest.raises(DatasetError, match=r"identity of .* cannot be verified") as caught:
        get(server.url.replace("http:", "https:") + "/gzip.zip")
    assert "date" in caught.value.hint


def test_a_server_that_falls_silent(
    get: Fetcher, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "_TIMEOUT_S", (5.0, 0.02))
    server.behaviour.stall_after = 1
    with pytest.raises(DatasetError, match="not sent anything for a while"):
        get(f"{server.url}/gzip.zip")
    assert "dataset.json" not in get.left()


# The disk


def test_a_disk_without_room_is_found_out_before(
    get: Fetcher, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000))
    with pytest.raises(
        DatasetError, match=r"EMNIST Balanced needs 1\.\d MB of free disk"
    ) as caught:
        get(f"{server.url}/gzip.zip")
    assert caught.value.hint.startswith("Free ")
    assert server.log == []


class Full:
    """A file on a full disk."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __enter__(self) -> Full:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def write(self, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_that_fills_up_while_fetching(
    get: Fetcher, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = Path.open

    def opened(path: Path, *args: Any, **kwargs: Any) -> Any:
        stream = ordinary(path, *args, **kwargs)
        return Full(stream) if path.name == IMAGES else stream

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(DatasetError, match=r"The disk with .* is full") as caught:
        get(f"{server.url}/gzip.zip", f"{server.url}/gzip.zip")
    assert "kept" in caught.value.hint
    assert len(server.log) == 3  # no other address is tried
    monkeypatch.undo()
    assert "dataset.json" not in get.left()


def test_a_disk_that_fills_up_while_storing(
    get: Fetcher, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def append(array: GrowingArray, values: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(GrowingArray, "append", append)
        with pytest.raises(DatasetError, match=r"The disk with .* is full"):
            get(f"{server.url}/gzip.zip")
    assert "dataset.json" not in get.left()
    server.log.clear()
    assert_complete(get(f"{server.url}/gzip.zip"), get.small)
    assert server.log == []  # all of it had arrived


def test_a_profile_that_cannot_be_written(get: Fetcher, server: Server) -> None:
    get.profile.root.mkdir()
    (get.profile.root / "downloads").write_text("a file in the way")
    with pytest.raises(DatasetError, match="cannot be written"):
        get(f"{server.url}/gzip.zip")


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
    events: list[Progress] = []
    meter = Meter(events.append, "download", "bytes", 1_000, lambda: now[0])
    meter.skip(200)  # arrived before: counts as done, not as speed
    for _ in range(6):
        now[0] += 1.0
        meter.advance(50)
    assert events[-1] == Progress("download", 500, 1_000, "bytes", 50.0, 10.0)
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
    events: list[Progress] = []
    meter = Meter(events.append, "download", "bytes")
    meter.advance(10)
    assert events[-1].total == 0
    assert events[-1].seconds_left is None
    meter.expect(100)
    meter.expect(7)
    meter.advance(90)
    assert events[-1].total == 100
