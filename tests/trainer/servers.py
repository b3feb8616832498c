"""A server on this machine that does what servers do, and EMNIST in miniature to serve."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import socket
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from trainer.datasets.download.sources import (
    PublishedDataset,
    PublishedFile,
    PublishedSplit,
    published,
)
from trainer.ink.alphabet import SPLIT_ALPHABETS


@dataclass(frozen=True)
class Request:
    """What a client asked for, and what it got."""

    path: str
    range: str
    if_range: str
    status: int


@dataclass
class Behaviour:
    """How a server treats a path.

    Attributes
    ----------
    ranges : bool
        Whether parts are given.
    etag : str
        Empty for none.
    refusals : list of (int, dict)
        Statuses with headers, given in turn before anything else.
    drop_after : list of int
        Bytes of the body after which the connection breaks, in turn; then no more.
    stall_after : int
        Bytes of the body after which the server waits until it is closed; 0 for never.
    endless : bool
        Whether bodies have no length and go on until the client hangs up.
    page : bool
        Whether a web page is served instead.
    redirect : str
        Where else to look.
    content_type : str
    """

    ranges: bool = True
    etag: str = '"one"'
    refusals: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    drop_after: list[int] = field(default_factory=list)
    stall_after: int = 0
    endless: bool = False
    page: bool = False
    redirect: str = ""
    content_type: str = "application/octet-stream"


class Server(ThreadingHTTPServer):
    """Serves `files` and remembers who asked for what."""

    daemon_threads = False
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.behaviour = Behaviour()
        self.log: list[Request] = []
        self.closing = threading.Event()
        self.stalling = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def served(self, path: str) -> list[Request]:
        """Return the requests for a path."""
        return [request for request in self.log if request.path == path]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a client has gone: that is what tests do."""


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        behaviour = self.server.behaviour
        if behaviour.refusals:
            status, headers = behaviour.refusals.pop(0)
            self._answer(status, b"", headers)
        elif behaviour.redirect and not self.path.startswith(behaviour.redirect):
            self._answer(302, b"", {"Location": behaviour.redirect + self.path})
        elif behaviour.page:
            page = b"<!DOCTYPE html><html><body>Please log in</body></html>"
            self._answer(200, page, {"Content-Type": behaviour.content_type})
        elif (data := self.server.files.get(self.path.removeprefix(behaviour.redirect))) is None:
            self._answer(404, b"nothing here", {})
        else:
            self._give(data, behaviour)

    def _give(self, data: bytes, behaviour: Behaviour) -> None:
        headers = {"Content-Type": behaviour.content_type}
        if behaviour.etag:
            headers["ETag"] = behaviour.etag
        wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if_range = self.headers.get("If-Range", "")
        if wanted is None or not behaviour.ranges or if_range not in ("", behaviour.etag):
            self._answer(200, data, headers)
            return
        if not wanted[1]:  # the last bytes of a file: not every server gives them
            self._answer(400, b"", {})
            return
        first = int(wanted[1])
        last = min(int(wanted[2] or len(data)), len(data) - 1)
        if first > last:
            self._answer(416, b"", {"Content-Range": f"bytes */{len(data)}"})
            return
        headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
        self._answer(206, data[first : last + 1], headers)

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.server.log.append(
            Request(
                self.path, self.headers.get("Range", ""), self.headers.get("If-Range", ""), status
            )
        )
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        behaviour = self.server.behaviour
        if not behaviour.endless:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        # Requests for the directory are short; what breaks off is a file on its way. It is settled
        # before the client knows of the answer and asks for more.
        drops = behaviour.drop_after
        breaks_off = bool(drops) and status in (200, 206) and len(body) > drops[0]
        sent = drops.pop(0) if breaks_off else len(body)
        self.end_headers()
        if breaks_off:
            self.wfile.write(body[:sent])
            self.connection.shutdown(socket.SHUT_RDWR)
        elif behaviour.stall_after and len(body) > behaviour.stall_after:
            self.wfile.write(body[: behaviour.stall_after])
            self.server.stalling.set()
            self.server.closing.wait(60)
        else:
            self.wfile.write(body)
            while behaviour.endless:
                self.wfile.write(bytes(100_000))
        self.close_connection = True


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server for a ``with`` block; its threads end with it."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


def gzipped_idx(values: np.ndarray) -> bytes:
    header = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape)
    return gzip.compress(header + values.astype(np.uint8).tobytes(), 1, mtime=0)


@dataclass(frozen=True)
class Miniature:
    """A dataset of EMNIST's form, small.

    Attributes
    ----------
    facts : PublishedDataset
        With the sums of `files`.
    files : dict of str to bytes
        By their names.
    images, labels : dict of str to ndarray
        Upright, from 0: what should come out, by split.
    """

    facts: PublishedDataset
    files: dict[str, bytes]
    images: dict[str, np.ndarray]
    labels: dict[str, np.ndarray]

    def archive(self, *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
        """Return a zip laid out as NIST's, with something before and behind."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", compression) as archive:
            noise = np.random.default_rng(7).bytes(90_000)
            archive.writestr(zipfile.ZipInfo("gzip/emnist-other-images.gz"), noise)
            for name, content in self.files.items():
                info = zipfile.ZipInfo(f"gzip/{name}")
                info.compress_type = compression
                archive.writestr(info, content)
            archive.writestr(zipfile.ZipInfo("gzip/emnist-zzz-images.gz"), noise)
        return buffer.getvalue()


def miniature(name: str = "emnist-balanced", n_train: int = 470, n_test: int = 94) -> Miniature:
    """Make a small dataset under the name of a real one, the same at every call."""
    real = next(facts for facts in published() if facts.name == name)
    generator = np.random.default_rng(3)
    alphabet = SPLIT_ALPHABETS[real.selection]
    files, images, labels, splits = {}, {}, {}, {}
    for split, n in (("train", n_train), ("test", n_test)):
        images[split] = generator.integers(0, 256, (n, 28, 28), dtype=np.uint8)
        labels[split] = np.arange(n) % len(alphabet)
        stored = images[split].swapaxes(1, 2) if real.transposed else images[split]
        first = 1 if real.selection == "letters" else 0
        old = real.splits[split]
        contents = (gzipped_idx(stored), gzipped_idx(labels[split] + first))
        facts = []
        for of, content in zip((old.images, old.labels), contents, strict=True):
            files[of.name] = content
            plain = gzip.decompress(content)
            if real.transposed:
                sums = {"packed_sha256": hashlib.sha256(content).hexdigest()}
            else:
                sums = {"plain_sha256": hashlib.sha256(plain).hexdigest()}
            facts.append(PublishedFile(of.name, len(content), len(plain), **sums))
        splits[split] = PublishedSplit(facts[0], facts[1], n, ())
    if real.mapping:
        first = 1 if real.selection == "letters" else 0
        lines = [f"{first + n} {ord(c)}" for n, c in enumerate(alphabet)]
        if real.selection == "letters":
            lines = [f"{line} {ord(c.lower())}" for line, c in zip(lines, alphabet, strict=True)]
        files[real.mapping] = ("\n".join(lines) + "\n").encode()
    return Miniature(replace(real, splits=splits), files, images, labels)
