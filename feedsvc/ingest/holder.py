"""Who holds the lease: a name for this process, by which another on the same host can tell that it is dead."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from pathlib import Path


def this_process() -> str:
    """``host/boot-container/pid/start`` of this process; unlike a pid alone, no later process has the same."""
    pid = os.getpid()
    return f"{_host()}/{pid}/{_started(pid)}"


def is_dead(holder: str) -> bool:
    """Whether *holder* surely runs no more. False for one on another host, of which nothing can be known."""
    pid = _pid_here(holder)
    return bool(pid) and _started(pid) != holder.rpartition("/")[2]


def end_frozen(holder: str) -> bool:
    """End *holder* if it runs on this host and is stopped (``SIGSTOP``); whether that was done."""
    pid = _pid_here(holder)
    if not pid or is_dead(holder) or _status(pid)[:1] != ["T"]:
        return False
    with contextlib.suppress(OSError):  # it has ended by itself, or is another user's
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def _pid_here(holder: str) -> int:
    """The process id in *holder*, 0 if that is a process of another host, or of this one before it was started anew."""
    host, _, pid = holder.rpartition("/")[0].rpartition("/")
    return int(pid) if host == _host() and pid.isdigit() else 0


def _host() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
        # Containers on one host may bear its name, and each counts its processes for itself (pid_namespaces(7)).
        boot += f"-{Path('/proc/self/ns/pid').readlink().name[5:-1]}"
    except OSError:
        boot = "-"
    return f"{socket.gethostname()}/{boot}"


def _started(pid: int) -> str:
    """When the process began, in the kernel's ticks; empty if there is none, or it has ended and is not yet reaped."""
    fields = _status(pid)
    return "" if not fields or fields[0] in "ZX" else fields[19]


def _status(pid: int) -> list[str]:
    """What proc(5) tells in ``/proc/PID/stat`` from the state on; empty if there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
