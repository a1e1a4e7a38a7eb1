"""Processes to measure: started pinned and apart, looked at through /proc, and ended again, they alone."""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.client
import os
import platform
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.02
"""How often the memory of processes is looked at."""
# An installed program has been compiled before it is started.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
_PAGE = os.sysconf("SC_PAGE_SIZE")
_LOOPBACK = "127.0.0.1"


def cores() -> tuple[str, str]:
    """The core for the server and the one for who asks it; the same where there is only one."""
    free = sorted(os.sched_getaffinity(0))
    return str(free[0]), str(free[1 % len(free)])


class Running:
    """A process, the first of a session of its own, with all its descendants in that session.

    *core* is where all of it is pinned; "" leaves it the whole machine.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        core: str = "",
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        log: Path | None = None,
    ) -> None:
        pinned = ["taskset", "-c", core] if core else []
        self.started = time.perf_counter()
        with (log or Path(os.devnull)).open("wb") as sink:
            self.process = subprocess.Popen(
                [*pinned, *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                cwd=folder,
                env={**_ENVIRONMENT, **(environment or {})},
                start_new_session=True,
            )
        self.log = log
        self.pid = self.process.pid

    def members(self) -> list[int]:
        """The living processes of the session."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError, IndexError):
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                    if int(fields[3]) == self.pid and fields[0] not in "ZX":
                        found.append(int(entry.name))
        return found

    def cpu_seconds(self) -> float:
        """The processor time that all of it has taken so far, in the kernel and outside."""
        return sum(cpu_seconds(pid) for pid in self.members())

    def memory(self) -> int:
        """The bytes of memory that all of it takes, shared pages counted once for each share."""
        total = 0
        for pid in self.members():
            with contextlib.suppress(OSError):
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        total += int(line.split()[1]) * 1024
        return total

    def finish(self) -> Finished:
        """Wait for its end, watching its memory. Raises SystemExit with what it said if it failed."""
        peak = _Peak(self)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        code = self.process.wait()
        wall = time.perf_counter() - self.started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        most = peak.stop()
        if code:
            said = self.log.read_text(errors="replace")[-2000:] if self.log else ""
            sys.exit(f"{self.process.args!r} failed with {code}:\n{said}")
        return Finished(wall=wall, cpu=cpu, memory=most)

    def end(self) -> None:
        """SIGTERM to its first process; SIGKILL to its session if it does not end."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How long a command took, and how much processor time, in seconds; the most memory that its processes held."""

    wall: float
    cpu: float
    memory: int


class _Peak:
    """Looks at the memory of a session until told to stop: the sum of what its processes hold resident.

    Pages that two processes share are counted twice, which is never to the advantage of the one with more of them.
    """

    def __init__(self, running: Running) -> None:
        self._running = running
        self._most = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        self._done.set()
        self._thread.join()
        return self._most

    def _look(self) -> None:
        members: list[int] = []
        turn = 0
        while not self._done.wait(SAMPLE_SECONDS):
            if turn % 5 == 0:  # going through all of /proc is dearer than what is looked for
                members = self._running.members()
            turn += 1
            total = 0
            for pid in members:
                with contextlib.suppress(OSError, IndexError):
                    total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
            self._most = max(self._most, total)


def cpu_seconds(pid: int) -> float:
    """The processor time of the threads of *pid* so far, to the nanosecond; 0 once it has ended."""
    total = 0
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9


def move(pid: int, core: str) -> None:
    """Pin all threads of *pid* to *core*."""
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            os.sched_setaffinity(int(thread.name), {int(core)})


# ---------------------------------------------------------------------- asking
@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response, read to its end; the names of *headers* are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """One connection to 127.0.0.1 that is kept."""

    def __init__(self, port: int, *, timeout: float = 30) -> None:
        self._connection = http.client.HTTPConnection(_LOOPBACK, port, timeout=timeout)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for *path*. Raises OSError and http.client.HTTPException."""
        self._connection.request("GET", path, headers=dict(headers or {}))
        response = self._connection.getresponse()
        body = response.read()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(status=response.status, headers=named, body=body)

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()


def first_answer(port: int, path: str, running: Running, *, seconds: float = 120) -> Answer:
    """Ask again and again until there is a 200. Raises SystemExit if the process ends or the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if running.process.poll() is not None:
            break
        client = Client(port)
        with contextlib.suppress(OSError, http.client.HTTPException):
            answer = client.get(path)
            if answer.status == 200:
                return answer
        client.close()
        time.sleep(0.005)
    said = running.log.read_text(errors="replace")[-2000:] if running.log else ""
    sys.exit(f"{running.process.args!r} does not answer {path}:\n{said}")


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])


# ---------------------------------------------------------------------- what all scripts share
def options(description: str) -> argparse.ArgumentParser:
    """A parser with the options that all scripts know."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="a short run: fewer rounds, fewer files, less certain")
    parser.add_argument("--rounds", type=int, default=0, help="how often everything is measured, in turns")
    return parser


def peer(name: str) -> str:
    """The path of the program *name*; "" after saying so if it is not installed."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if not found:
        print(f"{name} is not installed: left out", file=sys.stderr)
    return found or ""


@contextlib.contextmanager
def workshop() -> Iterator[Path]:
    """A folder for one run, removed at its end."""
    with tempfile.TemporaryDirectory(prefix="feedsvc-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def median(values: Sequence[float]) -> float:
    """The median; nan of nothing."""
    return statistics.median(values) if values else float("nan")


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which *percent* of *values* lie, the higher of two neighbours."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def say(text: str = "") -> None:
    """Print at once."""
    print(text, flush=True)


@functools.cache
def machine() -> str:
    """What was measured on, and how busy it was with other things before it began."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    load = os.getloadavg()[0]
    return (
        f"{len(os.sched_getaffinity(0))} cores of {model}, Linux {platform.release()}, "
        f"Python {platform.python_version()}; load before the run {load:.1f}"
    )
