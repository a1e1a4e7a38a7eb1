"""Who holds the lease: a name for this process, by which another on the same host can tell that it is dead."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def this_process() -> str:
    """``host/boot/pid/start`` of this process; unlike a pid alone, no later process has the same."""
    pid = os.getpid()
    return f"{_host()}/{pid}/{_started(pid)}"


def is_dead(holder: str) -> bool:
    """Whether *holder* surely runs no more. False for one on another host, of which nothing can be known."""
    host, _, rest = holder.rpartition("/")[0].rpartition("/")
    if host != _host() or not rest.isdigit():
        return False
    return _started(int(rest)) != holder.rpartition("/")[2]


def _host() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
    except OSError:
        boot = "-"
    return f"{socket.gethostname()}/{boot}"


def _started(pid: int) -> str:
    """When the process began, in the kernel's ticks; empty if there is none, or it has ended and is not yet reaped."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = status.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]
