"""An orderly end when the system asks for one: a logout, a shutdown, ``kill``."""

from __future__ import annotations

import contextlib
import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

_BYTES = 64


class Termination(QObject):
    """Turns SIGTERM into a signal of Qt's; Windows sends none, and nothing happens there.

    Python looks at signals only when it runs, which an idle window does not let it: so the
    arrival of one is written to a socket, and Qt's event loop wakes up.

    Signals
    -------
    requested
    """

    requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)
        self._before = signal.signal(signal.SIGTERM, self._ignore)
        self._wakeup_before = signal.set_wakeup_fd(self._writer.fileno())

    def close(self) -> None:
        """Leave the signal to the system again."""
        signal.set_wakeup_fd(self._wakeup_before)
        signal.signal(signal.SIGTERM, self._before)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _ignore(self, *_: object) -> None:
        """Let the socket do the work."""

    @Slot()
    def _on_woken(self) -> None:
        with contextlib.suppress(BlockingIOError):
            if signal.SIGTERM in self._reader.recv(_BYTES):
                self.requested.emit()
