"""The history of lines: what was written or read, in an append-only JSON Lines file.

Each line is one change; later lines override earlier ones:

```
{"id": …, "time": …, "text": …, "ink": {"strokes": …}}   a sheet, or its newest state
{"text_of": id, "text": …}                               its text is corrected
```

A file that has become too large is written anew, without what was overridden and the oldest; one
of which something is removed, without that.
"""

from __future__ import annotations

import json
import math
import threading
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trainer.errors import HistoryError, Message, TrainerError
from trainer.files.json_lines import append_lines, json_line
from trainer.files.paths import replacing
from trainer.files.records import parse
from trainer.ink.strokes import Ink

MOST_ENTRIES = 2_000
MOST_BYTES = 64 << 20
"""Limits of the file; the oldest entries go first."""

_HINT = Message("Free some space, or let this user write there; the sheet itself is kept.")


@dataclass(frozen=True, eq=False)
class HistoryEntry:
    """A sheet that was written.

    Attributes
    ----------
    id : str
    time : str
        ISO 8601, UTC: when it was changed last.
    text : str
    ink : Ink
    """

    id: str
    time: str
    text: str
    ink: Ink


class LineHistory:
    """The history in a file; thread-safe.

    Parameters
    ----------
    file : Path
        Need not exist; made by the first `put`.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.RLock()

    def put(self, ink: Ink, text: str, entry_id: str = "") -> str:
        """Store a sheet durably, anew or in the place of an older state; return its id.

        Raises
        ------
        HistoryError
            If the file cannot be written.
        """
        entry = HistoryEntry(entry_id or new_id(), _now(), text, ink)
        with self._lock:
            if self._write(_record(entry)) > MOST_BYTES:
                self._rewrite(self.entries(), MOST_BYTES // 2)
        return entry.id

    def set_text(self, entry_id: str, text: str) -> None:
        """Correct the text of an entry.

        Raises
        ------
        HistoryError
            If the file cannot be written.
        """
        self._write({"text_of": entry_id, "text": text})

    def remove(self, *ids: str) -> None:
        """Remove entries, and their ink from the disk.

        Raises
        ------
        HistoryError
            If the file cannot be read or written.
        """
        with self._lock:
            self._rewrite([entry for entry in self.entries() if entry.id not in ids])

    def clear(self) -> None:
        """Remove all entries.

        Raises
        ------
        HistoryError
            If the file cannot be removed.
        """
        with self._lock:
            try:
                self._file.unlink(missing_ok=True)
            except OSError as error:
                raise _unwritable(self._file, error) from error

    def entries(self) -> list[HistoryEntry]:
        """Return the entries, the newest first; damaged lines are left out.

        Raises
        ------
        HistoryError
            If the file cannot be read.
        """
        try:
            with self._lock:
                data = self._file.read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise HistoryError("The history cannot be read: {reason}.", "Check {file}.").format(
                reason=error.strerror or error, file=self._file
            ) from error
        found: dict[str, HistoryEntry] = {}
        for line in data.split(b"\n"):
            try:
                if line.strip():
                    _apply(found, parse(line))
            except (ValueError, TypeError, KeyError, TrainerError):
                continue
        return sorted(found.values(), key=lambda entry: entry.time, reverse=True)[:MOST_ENTRIES]

    def _write(self, record: dict[str, Any]) -> int:
        """Append a change; return the size of the file, in bytes."""
        with self._lock:
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                append_lines(self._file, [json_line(record)])
                return self._file.stat().st_size
            except OSError as error:
                raise _unwritable(self._file, error) from error

    def _rewrite(self, entries: list[HistoryEntry], most_bytes: float = math.inf) -> None:
        """Write the file anew with entries, the newest first, up to a limit."""
        lines: list[bytes] = []
        size = 0
        for entry in entries:
            lines.append((json.dumps(_record(entry), separators=(",", ":")) + "\n").encode())
            size += len(lines[-1])
            if size > most_bytes:
                break
        try:
            with replacing(self._file) as temporary:
                temporary.touch(mode=0o600)
                temporary.write_bytes(b"".join(reversed(lines)))
        except OSError as error:
            raise _unwritable(self._file, error) from error


def new_id() -> str:
    """Return an id for a new entry."""
    return uuid.uuid4().hex


def _apply(found: dict[str, HistoryEntry], record: Any) -> None:
    if "text_of" in record:
        entry = found[record["text_of"]]
        found[entry.id] = replace(entry, text=str(record["text"]))
    else:
        ink = Ink.from_record(record["ink"])
        entry = HistoryEntry(str(record["id"]), str(record["time"]), str(record["text"]), ink)
        found[entry.id] = entry


def _record(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "time": entry.time,
        "text": entry.text,
        "ink": entry.ink.to_record(),
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _unwritable(path: Path, error: OSError) -> HistoryError:
    return HistoryError("{path} cannot be written: {reason}.", _HINT).format(
        path=path, reason=error.strerror or error
    )
