"""Getting a published dataset: from its mirrors, verified, into the form we keep.

While it is under way, ``downloads/NAME`` holds ``parts`` (what has arrived of files that are
not complete) and ``files`` (complete and verified); a later call goes on from there. It is
removed when the dataset is in place, or with the dataset.
"""

from __future__ import annotations

import contextlib
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import requests

from trainer.datasets.download.download import Client, Span, discard
from trainer.datasets.download.errors import (
    ANOTHER_ADDRESS,
    AddressError,
    NoNetworkError,
    NoRangesError,
    check_address,
)
from trainer.datasets.download.progress import Check, Meter, Report
from trainer.datasets.download.remote_zip import (
    DAMAGED,
    Member,
    not_an_archive,
    read_directory,
    unpacked,
)
from trainer.datasets.download.sources import FileFacts, Published
from trainer.datasets.download.verify import (
    DamagedError,
    contents,
    gunzipped,
    is_verified,
    write_verified,
)
from trainer.datasets.idx import IdxPair, read_idx_dataset
from trainer.datasets.store import DatasetWriter
from trainer.errors import Message
from trainer.files.disk import need_space, writing_to

_PIECE = 10_000
"""Samples that are stored at once: 8 MB."""

_CHUNK = 256 * 1024
_BROKEN: tuple[type[Exception], ...] = (DamagedError, *DAMAGED)
"""Something arrived that is of no use."""

_OF_NO_USE: tuple[type[Exception], ...] = (AddressError, *DAMAGED)
"""Nothing arrived, or something of no use."""

_LONGEST_MAPPING = 4096
"""Bytes; the longest of EMNIST's has 600."""


def fetch(
    facts: Published,
    work: Path,
    target: Path,
    mirrors: Sequence[str],
    connection: tuple[Report, Check, Callable[[float], None]],
) -> None:
    """Fetch a dataset and store it.

    Parameters
    ----------
    facts : Published
    work : Path
        A folder for what is under way.
    target : Path
        The dataset's folder; replaced when all is there.
    mirrors : sequence of str
    connection : (report, check, wait)
        Receives a `Progress`; raises to end the work; waits so many seconds.

    Raises
    ------
    DatasetError
        With what is wrong with each address, or with the disk.
    """
    report, check, wait = connection
    with writing_to(work):
        work.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(work).free
    need_space(work, _needed(facts, work), free, facts.title)
    plain = work / "plain"
    try:
        with requests.Session() as session:
            files = _Fetch(facts, work, Client(session, check, wait), report).run(mirrors)
        meter = Meter(report, "store", "samples", sum(s.samples for s in facts.splits.values()))
        with writing_to(target.parent):
            _store(facts, files, plain, target, meter, check)
    finally:
        shutil.rmtree(plain, ignore_errors=True)
        for folder in (work / "parts", work / "files", work):
            with contextlib.suppress(OSError):  # not empty: to go on with
                folder.rmdir()
    shutil.rmtree(work, ignore_errors=True)


def _needed(facts: Published, work: Path) -> int:
    """Return the bytes that are to be written, with both forms on the disk for a moment."""
    arrived = sum(path.stat().st_size for path in work.rglob("*") if path.is_file())
    unpacked_bytes = max(s.images.plain_bytes for s in facts.splits.values())
    return max(0, facts.download_bytes - arrived) + unpacked_bytes + facts.stored_bytes


class _Fetch:
    """Brings the files of one dataset together, from whichever mirror gives them."""

    def __init__(self, facts: Published, work: Path, client: Client, report: Report) -> None:
        self._facts = facts
        self._work = work
        self._client = client
        self._report = report
        self._files = work / "files"
        self._parts = work / "parts"

    def run(self, mirrors: Sequence[str]) -> dict[str, Path]:
        """Return where each file lies, by its name; the mapping is there if a mirror has it."""
        with writing_to(self._work):
            self._files.mkdir(exist_ok=True)
            self._parts.mkdir(exist_ok=True)
        failures: list[AddressError] = []
        for url in mirrors:
            try:
                self._get_from(url)
            except AddressError as error:
                failures.append(error)
            else:
                names = [*(file.name for file in self._facts.files), self._facts.mapping]
                paths = {name: self._place(name) for name in names if name}
                return {name: path for name, path in paths.items() if path.exists()}
        raise self._summary(failures)

    def _summary(self, failures: list[AddressError]) -> AddressError:
        if not failures:
            return AddressError("No address is known for {title}.", ANOTHER_ADDRESS).format(
                title=self._facts.title
            )
        if len(failures) == 1 or all(isinstance(e, NoNetworkError) for e in failures):
            return failures[0]
        sentences = " ".join(error.message for error in failures)
        return AddressError(
            "None of {n_addresses} addresses gives {title}. {sentences}", failures[0].hint
        ).format(n_addresses=len(failures), title=self._facts.title, sentences=sentences)

    def _get_from(self, url: str) -> None:
        check_address(url)
        missing = [file for file in self._facts.files if not self._has(file)]
        if not missing:
            return
        if url.endswith("/"):
            self._get_files(url, missing)
            return
        try:
            self._get_members(url, missing)
        except NoRangesError:
            self._get_archive(url)

    def _place(self, name: str) -> Path:
        return self._files / name

    def _has(self, file: FileFacts) -> bool:
        path = self._place(file.name)
        if file.packed_sha256:
            return is_verified(path, file.packed_bytes, file.packed_sha256)
        return is_verified(path, file.plain_bytes, file.plain_sha256)

    def _get_files(self, url: str, missing: list[FileFacts]) -> None:
        meter = self._meter(sum(file.packed_bytes for file in missing))
        for file in missing:
            address = url + file.name
            self._get(Span(address), file, meter, partial(self._checked, origin=address))
        if self._facts.mapping:
            self._get_mapping(Span(url + self._facts.mapping), contents)

    def _get_members(self, url: str, missing: list[FileFacts]) -> None:
        directory = read_directory(self._client, url)
        members = [(file, self._member(directory, file, url)) for file in missing]
        meter = self._meter(sum(member.length for _, member in members))
        for file, member in members:
            span = Span(url, member.start, member.length)
            self._get(span, file, meter, partial(_from_span, member=member))
        mapping = directory.get(self._facts.folder + self._facts.mapping)
        if mapping is not None and mapping.plain_bytes <= _LONGEST_MAPPING:
            span = Span(url, mapping.start, mapping.length)
            self._get_mapping(span, partial(_from_span, member=mapping))

    def _member(self, directory: Mapping[str, Member], file: FileFacts, url: str) -> Member:
        name = self._facts.folder + file.name
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

    def _get_archive(self, url: str) -> None:
        """Fetch all of the archive, from a server that does not give parts."""
        archive = self._parts / "archive.zip"
        while True:
            meter = self._meter(0)
            resumed = self._client.download(Span(url), archive, meter, Message("a zip archive"))
            try:
                self._take_out(archive, url)
            except _BROKEN as error:
                discard(archive)
                if not resumed:
                    raise (
                        error if isinstance(error, DamagedError) else not_an_archive(url)
                    ) from error
            else:
                discard(archive)
                return

    def _take_out(self, archive: Path, url: str) -> None:
        with zipfile.ZipFile(archive) as opened:
            names = opened.namelist()
            directory = {info.filename: _as_member(info) for info in opened.infolist()}
            for file in self._facts.files:
                member = self._member(directory, file, url)
                pieces = _checking(_from_archive(opened, member.name), self._client.check)
                self._accept(file, pieces, url)
            mapping = self._facts.folder + self._facts.mapping
            if mapping in names and opened.getinfo(mapping).file_size <= _LONGEST_MAPPING:
                with writing_to(self._files):
                    self._place(self._facts.mapping).write_bytes(opened.read(mapping))

    def _get(
        self,
        span: Span,
        file: FileFacts,
        meter: Meter,
        pieces: Callable[[Path, Check], Iterator[bytes]],
    ) -> None:
        """Fetch one file; once more from its start if the parts did not fit together."""
        part = self._parts / file.name
        while True:
            resumed = self._client.download(span, part, meter, "a gzip file")
            try:
                self._accept(file, pieces(part, self._client.check), span.url)
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

    def _accept(self, file: FileFacts, pieces: Iterator[bytes], url: str) -> None:
        packed = bool(file.packed_sha256)
        size = file.packed_bytes if packed else file.plain_bytes
        sha256 = file.packed_sha256 or file.plain_sha256
        write_verified(self._place(file.name), pieces, size, sha256, url)

    def _checked(self, part: Path, check: Check, *, origin: str) -> Iterator[bytes]:
        """Yield a single file in the form that its sum is of."""
        if self._facts.files[0].packed_sha256:
            return contents(part, check)
        return gunzipped(part, origin, check)

    def _get_mapping(self, span: Span, pieces: Callable[[Path, Check], Iterator[bytes]]) -> None:
        """Fetch the mapping; the dataset can do without."""
        part = self._parts / self._facts.mapping
        try:
            self._client.download(span, part, self._meter(0), "a mapping")
            text = b"".join(pieces(part, self._client.check))
        except _OF_NO_USE:
            return
        finally:
            discard(part)
        with writing_to(self._files):
            self._place(self._facts.mapping).write_bytes(text)

    def _meter(self, total: int) -> Meter:
        return Meter(self._report, "download", "bytes", total)


def _from_span(part: Path, check: Check, *, member: Member) -> Iterator[bytes]:
    return _checking(unpacked(part, member), check)


def _from_archive(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as stream:
        while piece := stream.read(_CHUNK):
            yield piece


def _checking(pieces: Iterator[bytes], check: Check) -> Iterator[bytes]:
    for piece in pieces:
        check()
        yield piece


def _as_member(info: zipfile.ZipInfo) -> Member:
    deflated = info.compress_type == zipfile.ZIP_DEFLATED
    return Member(
        info.filename, info.header_offset, 0, info.compress_size, info.file_size, deflated
    )


def _store(
    facts: Published,
    files: Mapping[str, Path],
    plain: Path,
    target: Path,
    meter: Meter,
    check: Check,
) -> None:
    _check_mapping(facts, files.get(facts.mapping))
    plain.mkdir(exist_ok=True)
    with DatasetWriter(
        target,
        title=facts.title,
        alphabet=facts.alphabet,
        source=facts.mirrors[0],
        terms=facts.terms,
        citation=facts.citation,
    ) as writer:
        for split, published in facts.splits.items():
            images = _unpack(published.images, files, plain, check)
            labels = _unpack(published.labels, files, plain, check)
            pair = IdxPair(images, labels, facts.selection, split, facts.transposed)
            for low in range(0, published.samples, _PIECE):
                check()
                _store_piece(writer, pair, low)
                meter.advance(min(_PIECE, published.samples - low))
            images.unlink()
            labels.unlink()


def _unpack(file: FileFacts, files: Mapping[str, Path], plain: Path, check: Check) -> Path:
    """Unpack onto the disk, where the images can be mapped instead of read."""
    path = plain / file.name.removesuffix(".gz")
    source = files[file.name]
    pieces = gunzipped(source, source.name, check)
    write_verified(path, pieces, file.plain_bytes, file.plain_sha256, source.name)
    return path


def _store_piece(writer: DatasetWriter, pair: IdxPair, low: int) -> None:
    # Mapped anew for each piece: the pages of the former are given back, so that memory does
    # not grow with the dataset.
    data = read_idx_dataset(pair)
    high = low + _PIECE
    writer.append(pair.split, data.images[low:high], data.labels[low:high])


def _check_mapping(facts: Published, path: Path | None) -> None:
    """Compare EMNIST's own mapping with our alphabet.

    Raises
    ------
    DamagedError
        If a label means another character.
    """
    if path is None:
        return
    first = 1 if facts.selection == "letters" else 0
    expected = [[first + n, ord(character)] for n, character in enumerate(facts.alphabet)]
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
        ).format(path=path.name, n_characters=len(expected), title=facts.title)
