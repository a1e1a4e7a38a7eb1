"""Programs of the system that tests drive: found, else installed where that can be done, else a reason to skip.

``python3 tests/tools.py`` installs all of them by one call of apt; it needs nothing but Python.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

NEEDED = "FEEDSVC_TESTS_NEED_PROGRAMS"
"""The variable that lets a test fail, rather than be skipped, where a program is missing."""
BROTLI = "ngx_http_brotli_static_module.so"
PACKAGES = {
    "bash": ("bash",),
    "chromium": ("chromium",),
    "nginx": ("nginx-light", "libnginx-mod-http-brotli-static"),
    BROTLI: ("libnginx-mod-http-brotli-static",),
    "openssl": ("openssl",),
    "pgbouncer": ("pgbouncer",),
    "promtool": ("prometheus",),
    "systemd-analyze": ("systemd",),
}
"""The programs, and what else is looked for as they are: in which of Debian's packages each is."""
_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin", "/usr/lib/nginx/modules"))
_TRIED = Path(tempfile.gettempdir()) / f"feedsvc-tests-{os.getuid()}"
_AGAIN_SECONDS = 600
_INSTALL_SECONDS = 300
_START_SECONDS = 30
_FIRST_PORT = 20_000  # below the ports that the system gives to clients
_PORTS_EACH = 900
_QUIET = {
    "DEBIAN_FRONTEND": "noninteractive",
    "RUNLEVEL": "1",  # what brings a service does not start it: so for the scripts of init,
    "SYSTEMD_OFFLINE": "1",  # and so for systemctl
}


def program(name: str) -> str:
    """The path of a program of :data:`PACKAGES`. Skips the test where there is none and none can be had."""
    with _alone():
        found = _found(name)
        if found is None:
            install(name)
            found = _found(name)
    if found is None:
        lacking(f"there is no {name} here, and it could not be installed: {_told(name)}")
    return found


@functools.cache
def brotli() -> bool:
    """Whether nginx has its module for files in br."""
    with _alone():
        install(BROTLI)
        return _found(BROTLI) is not None


def free_port() -> int:
    """A port that nobody uses, and that no other test asks for at the same time."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw") or 0)
    first = _FIRST_PORT + worker % 12 * _PORTS_EACH
    for offset in range(_PORTS_EACH):
        port = first + (os.getpid() * 7 + time.monotonic_ns() // 1000 + offset) % _PORTS_EACH
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no free port")


def tied(*command: str | Path) -> list[str]:
    """*command*, which then gets a SIGTERM when the thread that starts it ends, be its process killed (prctl(2)).

    A test run that is killed ends nothing itself; what it started would go on for ever.
    """
    return [*_tie(), *map(str, command)]


@functools.cache
def _tie() -> tuple[str, ...]:
    """The words before a command that tie it to its parent; none where the system knows no such thing."""
    words = ("setpriv", "--pdeathsig=TERM")
    try:
        known = subprocess.run([*words, "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0
    except OSError:
        known = False
    return words if known else ()


def lacking(reason: str) -> NoReturn:
    """Skip the test, which wants what this machine has not; fail it where no test may be left out."""
    import pytest

    if os.environ.get(NEEDED):
        pytest.fail(f"{reason}; {NEEDED} says that it has to be here", pytrace=False)
    pytest.skip(reason)


def install(*names: str) -> None:
    """Install by apt, and by root alone, those of *names* that are missing, unless that was just tried."""
    missing = [name for name in names if _found(name) is None and not _just_tried(name)]
    if not missing or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    packages = [package for name in missing for package in PACKAGES[name]]
    told = _apt("update") + _apt("install", "-y", "--no-install-recommends", *packages)
    for name in missing:
        (_TRIED / name).write_text(told)


def _found(name: str) -> str | None:
    return shutil.which(name, mode=os.F_OK, path=_PATH)


def _just_tried(name: str) -> bool:
    tried = _TRIED / name
    return tried.exists() and time.time() - tried.stat().st_mtime < _AGAIN_SECONDS


def _told(name: str) -> str:
    tried = _TRIED / name
    return tried.read_text().strip() if tried.exists() else "that takes root and apt"


def _apt(*arguments: str) -> str:
    """Run apt-get; answers its complaints."""
    command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=60", "-o", "Acquire::Retries=3", *arguments]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=os.environ | _QUIET,
            timeout=_INSTALL_SECONDS,
            check=False,
        )
    except (subprocess.SubprocessError, OSError) as error:
        return f"{error}\n"
    return done.stderr.decode(errors="replace")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: nobody takes for installed what is only half so."""
    _TRIED.mkdir(mode=0o700, exist_ok=True)
    with (_TRIED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Nginx:
    """A running nginx with the configuration *conf*, that of an http block, in the folder *root*."""

    def __init__(self, root: Path, conf: str) -> None:
        self.root = root
        self.root.mkdir(parents=True, exist_ok=True)
        self.conf = root / "nginx.conf"
        binary, brotli = program("nginx"), _found(BROTLI)
        modules = f"load_module {brotli};\n" if brotli else ""
        paths = "".join(
            f"    {kind}_temp_path {root}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;\n" if os.geteuid() == 0 else ""
        self.conf.write_text(
            f"{modules}{user}worker_processes 1;\npid {root}/nginx.pid;\nerror_log {root}/error.log warn;\n"
            f"events {{ worker_connections 256; }}\nhttp {{\n    access_log off;\n{paths}{conf}\n}}\n"
        )
        self._command = [binary, "-p", str(root), "-c", str(self.conf)]
        self._process: subprocess.Popen[bytes] | None = None

    def check(self) -> None:
        """``nginx -t``."""
        done = subprocess.run([*self._command, "-t", "-q"], capture_output=True, check=False, timeout=30)
        assert done.returncode == 0, done.stderr.decode()
        assert b"[warn]" not in done.stderr, done.stderr.decode()

    def start(self, port: int) -> None:
        """Start it, and wait until it listens at *port*."""
        self.check()
        self._process = subprocess.Popen(tied(*self._command, "-g", "daemon off;"))
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                assert self._process.poll() is None, self.told()
                assert time.monotonic() < deadline, self.told()
                time.sleep(0.05)
            else:
                return

    def reload(self) -> None:
        """Let it read its configuration again."""
        self.check()
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def told(self) -> str:
        """Its errors."""
        log = self.root / "error.log"
        return log.read_text() if log.exists() else ""


@contextlib.contextmanager
def serving(root: Path, conf: str, port: int) -> Iterator[Nginx]:
    """A running nginx that listens at *port*, and its end."""
    one = Nginx(root, conf)
    one.start(port)
    try:
        yield one
    finally:
        one.stop()


if __name__ == "__main__":
    with _alone():
        install(*PACKAGES)
