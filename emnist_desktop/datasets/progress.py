"""What is said of a dataset and of work on it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from emnist_desktop.ui.format import size_text, split_text, time_text
from trainer.datasets.download.progress import TransferProgress
from trainer.datasets.entry import CatalogEntry, Kind


class ProgressTexts(QObject):
    """Puts entries and progress into words."""

    def state(self, entry: CatalogEntry) -> str:
        """Return the second line of an entry: whether it is here, and how much it is."""
        if entry.error:
            return self.tr("damaged")
        total = sum(entry.counts.values())
        if entry.is_present:
            text = self.tr("{0:,} · {1} classes · {2}")
            return text.format(total, entry.classes, size_text(entry.disk_bytes))
        if entry.kind is Kind.SAMPLES:
            return self.tr("none yet: confirm what you draw")
        if entry.kind is Kind.STARTER:
            return self.tr("{0:,} · {1} classes · to make").format(total, entry.classes)
        text = self.tr("{0:,} · {1} classes · ↓ {2}")
        return text.format(total, entry.classes, size_text(entry.download_bytes))

    def summary(self, entry: CatalogEntry) -> str:
        """Return an entry in one line."""
        here = self.tr("on this computer") if entry.is_present else self.tr("not here")
        return f"{entry.title}, {here}, {self.state(entry)}"

    def description(self, entry: CatalogEntry) -> str:
        """Return what an entry is, and its splits."""
        splits = ", ".join(f"{split_text(name)} {n:,}" for name, n in entry.counts.items())
        return "\n".join(filter(None, (entry.description, splits)))

    def progress(self, progress: TransferProgress) -> str:
        """Return how far work is, how fast, and how long it will still take."""
        phase = {
            "download": self.tr("Fetching"),
            "store": self.tr("Storing"),
            "make": self.tr("Making"),
        }.get(progress.phase, progress.phase)
        is_bytes = progress.unit == "bytes"
        done = self._amount(progress.done, is_bytes=is_bytes)
        text = f"{phase}: {done}"
        if progress.total:
            total = self._amount(progress.total, is_bytes=is_bytes)
            text = self.tr("{0}: {1} of {2}").format(phase, done, total)
        if progress.rate > 0:
            text += self.tr(" · {0}/s").format(self._amount(progress.rate, is_bytes=is_bytes))
        if progress.seconds_left is not None:
            text += self.tr(" · {0} left").format(time_text(progress.seconds_left))
        return text

    def _amount(self, value: float, *, is_bytes: bool) -> str:
        return size_text(value) if is_bytes else f"{value:,.0f}"
