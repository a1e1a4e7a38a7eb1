"""A line to a server that can be cut: what is sent vanishes, and nobody is told, as when a cable is pulled."""

from __future__ import annotations

import contextlib
import socket
import threading


class Line:
    """A way to a port of this machine, on :attr:`port`."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._whole = threading.Event()
        self._whole.set()
        self._lock = threading.Lock()
        self._ends: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """From now on nothing comes through, and no connection is closed."""
        self._whole.clear()

    def mend(self) -> None:
        """Let all through again; the connections of before are gone."""
        with self._lock:
            ends, self._ends = self._ends, []
        for end in ends:
            _close(end)
        self._whole.set()

    def close(self) -> None:
        """End it, and all connections."""
        _close(self._listening)
        self.mend()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        with self._lock:
            self._ends.append(near)
        if not self._whole.is_set():
            return  # taken, and never answered
        try:
            far = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            _close(near)
            return
        with self._lock:
            self._ends.append(far)
        for one, other in ((near, far), (far, near)):
            threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while (got := one.recv(65536)) and self._whole.is_set():
                other.sendall(got)
        if self._whole.is_set():
            _close(one)
            _close(other)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
