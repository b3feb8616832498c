"""Download of a file, or a range of it, over HTTP, with resuming, retries and cancellation.

The partial download is in the target file, its origin beside it in ``….json``. A later call, also
in another process, requests only the rest: with ``Range``, and with ``If-Range`` if the server
sent a tag or a date, so that a file that has changed starts over (RFC 9110, sections 13 and 14).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import requests

from trainer.datasets.download.errors import (
    ANOTHER_ADDRESS,
    TRY_LATER,
    AddressError,
    BrokenOffError,
    NoRangesError,
    PassingError,
    explained,
    host_of,
    status_error,
    web_page,
)
from trainer.datasets.download.progress import Check, Meter
from trainer.errors import Message
from trainer.files.disk import megabytes, need_space, writing_to
from trainer.files.records import read_or, write_json

_T = TypeVar("_T")

_CHUNK = 16 * 1024
"""Bytes between two checks for cancellation; few, for slow connections."""

_TIMEOUT_S = (8.0, 12.0)
"""To connect, and between two pieces: the maximum delay of a cancellation."""

_ATTEMPTS = 5
"""Consecutive failures without progress before giving up."""

_FIRST_WAIT_S = 1.0
"""Before the second attempt; doubles with each one."""

_LONGEST_WAIT_S = 120.0
"""Maximum wait that a server may request; beyond it the download fails."""

_LOOK_EVERY_S = 0.2
"""Interval of the checks for cancellation while waiting."""

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_PAGE_STARTS = (b"<!doctype html", b"<html", b"<head")


@dataclass(frozen=True)
class Span:
    """A file to download, or a range of its bytes.

    Attributes
    ----------
    url : str
    start : int
    length : int or None
        None for a whole file; `start` is 0 then.
    most : int
        Bytes that a whole file can have at most.
    """

    url: str
    start: int = 0
    length: int | None = None
    most: int = 1_000_000_000


@dataclass(frozen=True)
class _Origin:
    span: Span
    validator: str
    total: int | None


class Client:
    """An HTTP client that retries transient failures.

    Parameters
    ----------
    session : requests.Session
    check : callable
        Raises to cancel.
    wait : callable
        Sleeps for a number of seconds.
    """

    def __init__(
        self, session: requests.Session, check: Check, wait: Callable[[float], None]
    ) -> None:
        self.check = check
        self._session = session
        self._wait = wait
        session.headers.update({"Accept-Encoding": "identity", "User-Agent": "emnist-desktop"})

    def download(
        self, span: Span, target: Path, meter: Meter, expected: str = Message("a file")
    ) -> bool:
        """Download into `target`, resuming a partial file.

        Parameters
        ----------
        span : Span
        target : Path
        meter : Meter
        expected : str
            The expected kind of file, for messages.

        Returns
        -------
        bool
            Whether a partial file was resumed.

        Raises
        ------
        AddressError
            If the address does not provide it.
        DiskError
            If it cannot be written.
        """
        transfer = _Transfer(self, span, target, meter, expected)
        resumed = transfer.counted > 0
        self._retried(transfer.run, lambda: transfer.most)
        return resumed

    def size(self, url: str) -> int:
        """Return the length of a file on a server that supports ranges.

        Raises
        ------
        NoRangesError
            If the server sends only whole files.
        AddressError
            If it sends nothing.
        """
        total = self._range(url, 0, 0)[0]
        if total is None:
            raise NoRangesError("{host} does not say how long the file is.").format(
                host=host_of(url)
            )
        return total

    def read(self, url: str, first: int, last: int) -> bytes:
        """Read a short range of a file, both ends included, into memory.

        Raises
        ------
        NoRangesError
            If the server sends only whole files.
        AddressError
            If it sends nothing, or another range.
        """
        return self._range(url, first, last)[1]

    def _range(self, url: str, first: int, last: int) -> tuple[int | None, bytes]:
        def once() -> tuple[int | None, bytes]:
            wanted = {"Range": f"bytes={first}-{last}"}
            with self.request(url, wanted, Message("a zip archive")) as response:
                if response.status_code != 206:
                    raise NoRangesError("{host} sends whole files only.").format(host=host_of(url))
                start, total = _first_byte(response, url)
                if start != first:
                    raise NoRangesError("{host} sends other parts than asked for.").format(
                        host=host_of(url)
                    )
                return total, self._short(response, url, last - first + 1)

        return self._retried(once, lambda: 0)

    def _short(self, response: requests.Response, url: str, most: int) -> bytes:
        content = bytearray()
        for piece in self.pieces(response, url):
            content += piece
            if len(content) > most:
                raise NoRangesError("{host} sends other parts than asked for.").format(
                    host=host_of(url)
                )
        return bytes(content)

    @contextmanager
    def request(
        self, url: str, headers: dict[str, str], expected: str
    ) -> Iterator[requests.Response]:
        """Send one request; yields a response of status 200, 206 or 416."""
        with explained(url):
            response = self._session.get(url, headers=headers, stream=True, timeout=_TIMEOUT_S)
        with response:
            if response.status_code not in (200, 206, 416):
                raise status_error(response, url)
            if "text/html" in response.headers.get("Content-Type", "").lower():
                raise web_page(url, expected)
            yield response

    def pieces(self, response: requests.Response, url: str) -> Iterator[bytes]:
        """Yield the body without decoding it."""
        stream = response.raw.stream(_CHUNK, decode_content=False)
        while True:
            self.check()
            with explained(url):
                piece = next(stream, None)
            if piece is None:
                return
            yield piece

    def _retried(self, work: Callable[[], _T], amount: Callable[[], int]) -> _T:
        """Run `work` until it succeeds, or fails five times in a row without progress."""
        failures, most = 0, amount()
        while True:
            try:
                return work()
            except PassingError as error:
                failures = failures + 1 if amount() <= most else 1
                most = max(most, amount())
                seconds = error.retry_after
                if seconds is None:
                    seconds = _FIRST_WAIT_S * 2 ** (failures - 1)
                if failures >= _ATTEMPTS or seconds > _LONGEST_WAIT_S:
                    raise
                self._pause(seconds)

    def _pause(self, seconds: float) -> None:
        while seconds > 0:
            self.check()
            self._wait(min(seconds, _LOOK_EVERY_S))
            seconds -= _LOOK_EVERY_S
        self.check()


class _Transfer:
    def __init__(
        self, client: Client, span: Span, target: Path, meter: Meter, expected: str
    ) -> None:
        self._client = client
        self._span = span
        self._target = target
        self._meter = meter
        self._expected = expected
        self.counted = 0
        self.most = 0
        self._origin = read_or(None, _origin_file(target), _Origin)
        if self._origin is None or self._origin.span != span:
            self._start_over()
        self._set_count(target.stat().st_size if target.exists() else 0)

    def run(self) -> None:
        """Download the rest in one attempt."""
        total = self._total()
        if total is not None and self.counted == total > 0:
            return
        try:
            self._request()
        except BrokenOffError as error:
            raise self._interrupted() from error
        total = self._total()
        if total is not None and self.counted != total:
            raise self._interrupted()

    def _request(self) -> None:
        headers = self._headers()
        with self._client.request(self._span.url, headers, self._expected) as response:
            if response.status_code == 416:
                self._start_over()
                raise self._interrupted()
            if response.status_code == 206:
                self._check_range(response)
            else:
                self._begin_file(response)
            self._write(response)

    def _headers(self) -> dict[str, str]:
        if not self.counted and self._span.length is None:
            return {}
        first = self._span.start + self.counted
        last = "" if self._span.length is None else self._span.start + self._span.length - 1
        headers = {"Range": f"bytes={first}-{last}"}
        if self.counted and self._origin is not None and self._origin.validator:
            headers["If-Range"] = self._origin.validator
        return headers

    def _check_range(self, response: requests.Response) -> None:
        first, total = _first_byte(response, self._span.url)
        known = None if self._origin is None else self._origin.total
        if first != self._span.start + self.counted or (known and total and known != total):
            self._start_over()
            raise PassingError("The file at {url} has changed.", TRY_LATER, retry_after=0.0).format(
                url=self._span.url
            )
        if not self.counted:
            self._save_origin(response, total)

    def _begin_file(self, response: requests.Response) -> None:
        """Start over: the server sends the whole file."""
        if self._span.length is not None:
            if not self.counted:
                raise NoRangesError("{host} sends whole files only.").format(
                    host=host_of(self._span.url)
                )
            self._start_over()
            raise PassingError("The file at {url} has changed.", TRY_LATER, 0.0).format(
                url=self._span.url
            )
        self._start_over()
        length = response.headers.get("Content-Length", "")
        self._save_origin(response, int(length) if length.isdigit() else None)

    def _write(self, response: requests.Response) -> None:
        folder = self._target.parent
        rest = (self._total() or 0) - self.counted
        need_space(
            folder, rest, shutil.disk_usage(folder).free, Message("The rest of the download")
        )
        with writing_to(self._target.parent):
            stream = self._target.open("ab", buffering=0)
        with stream:
            most = min(self._total() or self._span.most, self._span.most)
            for piece in self._client.pieces(response, self._span.url):
                if self.counted + len(piece) > most:
                    self._start_over()
                    raise AddressError(
                        "{host} sends more than the {most} that the file has.", ANOTHER_ADDRESS
                    ).format(host=host_of(self._span.url), most=megabytes(most))
                if not self.counted and piece.lstrip()[:20].lower().startswith(_PAGE_STARTS):
                    self._start_over()
                    raise web_page(self._span.url, self._expected)
                with writing_to(self._target.parent):
                    stream.write(piece)
                self.counted += len(piece)
                self.most = max(self.most, self.counted)
                self._meter.advance(len(piece))

    def _save_origin(self, response: requests.Response, total: int | None) -> None:
        tag = response.headers.get("ETag", "")
        validator = tag if tag and not tag.startswith("W/") else ""
        validator = validator or response.headers.get("Last-Modified", "")
        self._origin = _Origin(self._span, validator, total)
        if total is not None and self._span.length is None:
            self._meter.expect(total)
        with writing_to(self._target.parent):
            write_json(_origin_file(self._target), self._origin)

    def _total(self) -> int | None:
        if self._span.length is not None:
            return self._span.length
        return self._origin.total if self._origin is not None else None

    def _start_over(self) -> None:
        discard(self._target)
        self._origin = None
        self._set_count(0)

    def _set_count(self, size: int) -> None:
        self._meter.skip(size - self.counted)
        self.counted = size
        self.most = max(self.most, size)

    def _interrupted(self) -> BrokenOffError:
        total = self._total()
        return BrokenOffError(
            "{host} broke off after {arrived}."
            if total is None
            else "{host} broke off after {arrived} of {total}.",
            "Try again: what has arrived is kept, and the rest is fetched then.",
        ).format(
            host=host_of(self._span.url),
            arrived=megabytes(self.counted),
            total=megabytes(total or 0),
        )


def discard(target: Path) -> None:
    """Remove a partial download."""
    target.unlink(missing_ok=True)
    _origin_file(target).unlink(missing_ok=True)


def _origin_file(target: Path) -> Path:
    return target.with_name(f"{target.name}.json")


def _first_byte(response: requests.Response, url: str) -> tuple[int, int | None]:
    """Return the first byte of a partial response, and the length of the whole file."""
    match = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    if match is None:
        raise AddressError(
            "{host} sends a part of a file without saying which.", ANOTHER_ADDRESS
        ).format(host=host_of(url))
    return int(match[1]), None if match[3] == "*" else int(match[3])
