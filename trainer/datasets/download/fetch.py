"""Fetching a published dataset from its mirrors, verified and converted to a stored dataset.

Meanwhile ``downloads/NAME`` holds ``parts`` (partial files) and ``files`` (complete and verified
ones), from which a later call resumes. It is removed when the dataset is stored, or with it.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO

import requests

from trainer.datasets.download.download import Client, Span, discard
from trainer.datasets.download.errors import (
    ANOTHER_ADDRESS,
    AddressError,
    NoNetworkError,
    NoRangesError,
    check_address,
    web_page,
)
from trainer.datasets.download.progress import Check, Meter, Report
from trainer.datasets.download.remote_zip import (
    DAMAGED,
    Member,
    not_an_archive,
    read_directory,
    unpacked,
)
from trainer.datasets.download.sources import PublishedDataset, PublishedFile
from trainer.datasets.idx import IdxPair, read_idx_dataset
from trainer.datasets.store import DatasetWriter
from trainer.errors import Message
from trainer.files.disk import need_space, size_of, writing_to
from trainer.files.paths import replacing

_PIECE = 10_000
"""Samples stored at once: 8 MB."""

_CHUNK = 256 * 1024
_GZIP = b"\x1f\x8b"
_IDX = b"\0\0\x08"


class DamagedError(AddressError):
    """A file that was received, but is not the expected one."""


_BROKEN: tuple[type[Exception], ...] = (DamagedError, *DAMAGED)
"""Something unusable was received."""

_UNUSABLE: tuple[type[Exception], ...] = (AddressError, *DAMAGED)
"""Nothing was received, or something unusable."""

_LONGEST_MAPPING = 4096
"""Bytes; EMNIST's longest mapping has 600."""


def fetch(
    dataset: PublishedDataset,
    work: Path,
    target: Path,
    mirrors: Sequence[str],
    connection: tuple[Report, Check, Callable[[float], None]],
) -> None:
    """Download a dataset and store it.

    Parameters
    ----------
    dataset : PublishedDataset
    work : Path
        The folder for partial downloads.
    target : Path
        The dataset's folder; replaced when the new one is complete.
    mirrors : sequence of str
    connection : (report, check, wait)
        Receives a `TransferProgress`; raises to cancel; sleeps for a number of seconds.

    Raises
    ------
    DatasetError
        With the fault of each address, or of the disk.
    """
    report, check, wait = connection
    with writing_to(work):
        work.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(work).free
    need_space(work, _needed(dataset, work), free, dataset.title)
    plain = work / "plain"
    try:
        with requests.Session() as session:
            files = _Fetch(dataset, work, Client(session, check, wait), report).run(mirrors)
        meter = Meter(report, "store", "samples", sum(s.samples for s in dataset.splits.values()))
        with writing_to(target.parent):
            _store(dataset, files, plain, target, meter, check)
    finally:
        shutil.rmtree(plain, ignore_errors=True)
        for folder in (work / "parts", work / "files", work):
            with contextlib.suppress(OSError):  # not empty: to resume from
                folder.rmdir()
    shutil.rmtree(work, ignore_errors=True)


def _needed(dataset: PublishedDataset, work: Path) -> int:
    """Return the bytes to be written, with packed and unpacked files on the disk at once."""
    arrived = size_of(work)
    unpacked_bytes = max(s.images.plain_bytes for s in dataset.splits.values())
    return max(0, dataset.download_bytes - arrived) + unpacked_bytes + dataset.stored_bytes


class _Fetch:
    """Downloads the files of one dataset from the first mirror that provides them."""

    def __init__(
        self, dataset: PublishedDataset, work: Path, client: Client, report: Report
    ) -> None:
        self._dataset = dataset
        self._work = work
        self._client = client
        self._report = report
        self._files = work / "files"
        self._parts = work / "parts"

    def run(self, mirrors: Sequence[str]) -> dict[str, Path]:
        """Return the path of each file by name; with the mapping if a mirror has it."""
        with writing_to(self._work):
            self._files.mkdir(exist_ok=True)
            self._parts.mkdir(exist_ok=True)
        failures: list[AddressError] = []
        for url in mirrors:
            try:
                self._fetch_from(url)
            except AddressError as error:
                failures.append(error)
            else:
                names = [*(file.name for file in self._dataset.files), self._dataset.mapping]
                paths = {name: self._files / name for name in names if name}
                return {name: path for name, path in paths.items() if path.exists()}
        raise self._summary(failures)

    def _summary(self, failures: list[AddressError]) -> AddressError:
        if not failures:
            return AddressError("No address is known for {title}.", ANOTHER_ADDRESS).format(
                title=self._dataset.title
            )
        if len(failures) == 1 or all(isinstance(e, NoNetworkError) for e in failures):
            return failures[0]
        sentences = " ".join(error.message for error in failures)
        return AddressError(
            "None of {n_addresses} addresses gives {title}. {sentences}", failures[0].hint
        ).format(n_addresses=len(failures), title=self._dataset.title, sentences=sentences)

    def _fetch_from(self, url: str) -> None:
        check_address(url)
        missing = [
            file
            for file in self._dataset.files
            if not _is_verified(self._files / file.name, *file.checked)
        ]
        if not missing:
            return
        if url.endswith("/"):
            self._fetch_files(url, missing)
            return
        try:
            self._fetch_members(url, missing)
        except NoRangesError:
            self._fetch_archive(url)

    def _fetch_files(self, url: str, missing: list[PublishedFile]) -> None:
        meter = self._meter(sum(file.packed_bytes for file in missing))
        for file in missing:
            address = url + file.name
            span = Span(address, most=file.most_bytes)
            self._fetch_file(span, file, meter, partial(self._checked, origin=address))
        if self._dataset.mapping:
            self._fetch_mapping(Span(url + self._dataset.mapping), _contents)

    def _fetch_members(self, url: str, missing: list[PublishedFile]) -> None:
        directory = read_directory(self._client, url)
        members = [(file, self._member(directory, file, url)) for file in missing]
        meter = self._meter(sum(member.length for _, member in members))
        for file, member in members:
            span = Span(url, member.start, member.length)
            self._fetch_file(span, file, meter, partial(unpacked, member=member))
        mapping = directory.get(self._dataset.folder + self._dataset.mapping)
        if mapping is not None and mapping.plain_bytes <= _LONGEST_MAPPING:
            span = Span(url, mapping.start, mapping.length)
            self._fetch_mapping(span, partial(unpacked, member=mapping))

    def _member(self, directory: Mapping[str, Member], file: PublishedFile, url: str) -> Member:
        name = self._dataset.folder + file.name
        member = directory.get(name)
        if member is None:
            raise AddressError("The archive at {url} has no {name}.", ANOTHER_ADDRESS).format(
                url=url, name=name
            )
        if member.plain_bytes != file.packed_bytes:
            raise DamagedError(
                "Expected the {n_bytes} bytes of {name} from {url}. Received: {received}.",
                "The archive there is another one. {another_address}",
            ).format(
                n_bytes=f"{file.packed_bytes:,}",
                name=name,
                url=url,
                received=f"{member.plain_bytes:,}",
                another_address=ANOTHER_ADDRESS,
            )
        return member

    def _fetch_archive(self, url: str) -> None:
        """Download the whole archive, from a server that does not support ranges."""
        archive, kind = self._parts / "archive.zip", Message("a zip archive")
        self._use(Span(url), archive, self._meter(0), kind, lambda: self._extract(archive, url))

    def _extract(self, archive: Path, url: str) -> None:
        with zipfile.ZipFile(archive) as opened:
            names = opened.namelist()
            directory = {info.filename: Member.of(info) for info in opened.infolist()}
            for file in self._dataset.files:
                member = self._member(directory, file, url)
                with opened.open(member.name) as stream:
                    content = _chunks(stream, self._client.check)
                    _write_verified(self._files / file.name, content, *file.checked, url)
            mapping = self._dataset.folder + self._dataset.mapping
            if mapping in names and opened.getinfo(mapping).file_size <= _LONGEST_MAPPING:
                with writing_to(self._files):
                    (self._files / self._dataset.mapping).write_bytes(opened.read(mapping))

    def _fetch_file(
        self,
        span: Span,
        file: PublishedFile,
        meter: Meter,
        pieces: Callable[[Path, Check], Iterator[bytes]],
    ) -> None:
        part = self._parts / file.name

        def accept() -> None:
            content = pieces(part, self._client.check)
            _write_verified(self._files / file.name, content, *file.checked, span.url)

        self._use(span, part, meter, "a gzip file", accept)

    def _use(
        self, span: Span, part: Path, meter: Meter, kind: str, use: Callable[[], None]
    ) -> None:
        """Download and use a file; once more from its start if a resumed one is damaged."""
        while True:
            resumed = self._client.download(span, part, meter, kind)
            try:
                use()
            except _BROKEN as error:
                meter.skip(-part.stat().st_size)
                discard(part)
                if isinstance(error, DamagedError) and not resumed:
                    raise
                if not resumed:
                    raise not_an_archive(span.url) from error
            else:
                discard(part)
                return

    def _checked(self, part: Path, check: Check, *, origin: str) -> Iterator[bytes]:
        """Yield a single file in the form of its checksum."""
        if self._dataset.files[0].packed_sha256:
            return _contents(part, check)
        return _gunzipped(part, origin, check)

    def _fetch_mapping(self, span: Span, pieces: Callable[[Path, Check], Iterator[bytes]]) -> None:
        """Download the mapping, which is optional."""
        part = self._parts / self._dataset.mapping
        try:
            self._client.download(span, part, self._meter(0), "a mapping")
            text = b"".join(pieces(part, self._client.check))
        except _UNUSABLE:
            return
        finally:
            discard(part)
        with writing_to(self._files):
            (self._files / self._dataset.mapping).write_bytes(text)

    def _meter(self, total: int) -> Meter:
        return Meter(self._report, "download", "bytes", total)


def _store(
    dataset: PublishedDataset,
    files: Mapping[str, Path],
    plain: Path,
    target: Path,
    meter: Meter,
    check: Check,
) -> None:
    _check_mapping(dataset, files.get(dataset.mapping))
    plain.mkdir(exist_ok=True)
    with DatasetWriter(
        target,
        title=dataset.title,
        alphabet=dataset.alphabet,
        source=dataset.mirrors[0],
        terms=dataset.terms,
        citation=dataset.citation,
    ) as writer:
        for split, published in dataset.splits.items():
            images = _unpack(published.images, files, plain, check)
            labels = _unpack(published.labels, files, plain, check)
            pair = IdxPair(images, labels, dataset.selection, split, dataset.transposed)
            data = read_idx_dataset(pair)
            for low in range(0, published.samples, _PIECE):
                check()
                high = low + _PIECE
                writer.append(split, data.images[low:high], data.labels[low:high])
                meter.advance(min(_PIECE, published.samples - low))
            images.unlink()
            labels.unlink()


def _unpack(file: PublishedFile, files: Mapping[str, Path], plain: Path, check: Check) -> Path:
    """Unpack onto the disk, so that the images can be read in pieces."""
    path = plain / file.name.removesuffix(".gz")
    source = files[file.name]
    pieces = _gunzipped(source, source.name, check)
    _write_verified(path, pieces, file.plain_bytes, file.plain_sha256, source.name)
    return path


def _check_mapping(dataset: PublishedDataset, path: Path | None) -> None:
    """Compare EMNIST's own mapping with our alphabet."""
    if path is None:
        return
    first = 1 if dataset.selection == "letters" else 0
    expected = [[first + n, ord(character)] for n, character in enumerate(dataset.alphabet)]
    try:
        lines = [[int(word) for word in line.split()[:2]] for line in path.read_text().splitlines()]
    except ValueError:
        lines = []
    if sorted(line for line in lines if line) != expected:
        path.unlink()
        raise DamagedError(
            "Expected {path} to name the {n_characters} characters of {title}. "
            "Received: another mapping.",
            ANOTHER_ADDRESS,
        ).format(path=path.name, n_characters=len(expected), title=dataset.title)


def _write_verified(
    target: Path, pieces: Iterable[bytes], size: int, sha256: str, origin: str
) -> None:
    """Write a file if it has the expected size and SHA-256; else leave nothing.

    Without a SHA-256 only the size is checked; `origin` is for the error.
    """
    digest = hashlib.sha256()
    written = 0
    with writing_to(target.parent), replacing(target) as temporary:
        with temporary.open("wb") as stream:
            for piece in pieces:
                written += len(piece)
                if written > size:
                    break
                digest.update(piece)
                stream.write(piece)
        if written != size or (sha256 and digest.hexdigest() != sha256):
            raise _wrong(target.name, written, size, origin)


def _is_verified(path: Path, size: int, sha256: str) -> bool:
    if not path.is_file() or path.stat().st_size != size:
        return False
    with path.open("rb") as stream:
        return not sha256 or hashlib.file_digest(stream, "sha256").hexdigest() == sha256


def _wrong(name: str, written: int, size: int, origin: str) -> DamagedError:
    if written > size:
        received: str = Message("more")
    elif written < size:
        received = f"{written:,}"
    else:
        received = Message("as many, but others: the sha256 differs")
    return DamagedError(
        "Expected the {n_bytes} bytes of {name} from {url}. Received: {received}.",
        "The file is damaged or another one. Fetch again. {another_address}",
    ).format(
        n_bytes=f"{size:,}",
        name=name,
        url=origin,
        received=received,
        another_address=ANOTHER_ADDRESS,
    )


def _contents(path: Path, check: Check) -> Iterator[bytes]:
    with path.open("rb") as stream:
        yield from _chunks(stream, check)


def _chunks(stream: IO[bytes] | gzip.GzipFile, check: Check) -> Iterator[bytes]:
    while piece := stream.read(_CHUNK):
        check()
        yield piece


def _gunzipped(path: Path, origin: str, check: Check) -> Iterator[bytes]:
    """Yield the IDX file in a gzip file, or one that the server has already unpacked."""
    with path.open("rb") as stream:
        start = stream.read(64)
    if start.startswith(_IDX):
        yield from _contents(path, check)
        return
    if start.lstrip().startswith(b"<"):
        raise web_page(origin, Message("a gzip file"))
    if not start.startswith(_GZIP):
        raise DamagedError(
            "Expected a gzip file from {origin}. Received: something else.", ANOTHER_ADDRESS
        ).format(origin=origin)
    try:
        with gzip.open(path, "rb") as unpacked:
            yield from _chunks(unpacked, check)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DamagedError(
            "{path} from {origin} is damaged: {reason}.", "Fetch again. {another_address}"
        ).format(
            path=path.name, origin=origin, reason=error, another_address=ANOTHER_ADDRESS
        ) from error
