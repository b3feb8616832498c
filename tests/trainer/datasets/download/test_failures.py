"""Fetching that fails: servers, archives, networks and disks."""

from __future__ import annotations

import errno
import os
import shutil
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from tests.trainer.datasets.download.fetcher import IMAGES, Fetcher, assert_complete
from tests.trainer.servers import Miniature, Server, miniature, serving
from trainer.datasets.download import download
from trainer.datasets.download.errors import NoRangesError
from trainer.datasets.store import GrowingArray
from trainer.errors import DatasetError

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


def test_a_body_that_does_not_end_is_cut_at_the_size_that_is_known(own_profile: Path) -> None:
    small = miniature("mnist", 40, 20)
    get = Fetcher(own_profile, small)
    with serving() as server:
        server.behaviour.endless = True
        server.files = {f"/{name}": content for name, content in small.files.items()}
        with pytest.raises(DatasetError, match=r"sends more than the .* that the file has"):
            get(f"{server.url}/", name="mnist")
        assert get.left() == []


def test_a_part_that_does_not_end_is_not_read(get: Fetcher, server: Server) -> None:
    server.behaviour.endless = True
    client = download.Client(requests.Session(), lambda: None, lambda _: None)
    with pytest.raises(NoRangesError, match="other parts than asked for"):
        client.read(f"{server.url}/gzip.zip", 0, 99)


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
