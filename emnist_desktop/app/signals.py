"""An orderly end when one is asked for: a logout, a shutdown, ``kill``, Ctrl+C in the terminal."""

from __future__ import annotations

import contextlib
import faulthandler
import signal
import socket
from typing import TextIO

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

_BYTES = 64
_SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP")
"""The last one where there are terminals that can be closed."""

_CAN_DUMP = hasattr(faulthandler, "register")
"""Not on Windows."""


class Termination(QObject):
    """Turns a signal of the system into one of Qt's; a second one ends the program at once.

    Python looks at signals only when it runs, which an idle window does not let it: so the
    arrival of one is written to a socket, and Qt's event loop wakes up.

    A signal that the shell has set to be ignored stays ignored: a window started by ``nohup``
    survives its terminal, and one that a script started with ``&`` the script's Ctrl+C.

    Parameters
    ----------
    stacks : stream, optional
        Where the stacks of all threads are written at once when SIGTERM arrives, even if the event
        loop is stuck in a library and nothing else answers. An orderly end removes that file.

    Signals
    -------
    requested
    """

    requested = Signal()

    def __init__(self, parent: QObject | None = None, stacks: TextIO | None = None) -> None:
        super().__init__(parent)
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)
        numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
        heard = [each for each in numbers if signal.getsignal(each) is not signal.SIG_IGN]
        self._before = {each: signal.signal(each, self._on_signal) for each in heard}
        self._wakeup_before = signal.set_wakeup_fd(self._writer.fileno())
        self._dumps = stacks is not None and signal.SIGTERM in heard and _CAN_DUMP
        if stacks is not None and self._dumps:
            faulthandler.register(signal.SIGTERM, stacks, all_threads=True, chain=True)

    def close(self) -> None:
        """Leave the signals to the system again."""
        if self._dumps:
            faulthandler.unregister(signal.SIGTERM)
        signal.set_wakeup_fd(self._wakeup_before)
        for number, before in self._before.items():
            signal.signal(number, before)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _on_signal(self, number: int, _: object) -> None:
        """Restore the default: the socket reports this one, and a second one must end at once."""
        signal.signal(number, self._before[signal.Signals(number)])

    @Slot()
    def _on_woken(self) -> None:
        with contextlib.suppress(BlockingIOError):
            if self._before.keys() & set(self._reader.recv(_BYTES)):
                self.requested.emit()
