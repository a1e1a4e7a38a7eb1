"""Programs of the system that tests drive: found, else installed where that can be done, else a reason to skip."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

MODULES = Path("/usr/lib/nginx/modules")
BROTLI = MODULES / "ngx_http_brotli_static_module.so"
_INSTALL_SECONDS = 180
_START_SECONDS = 30
_TRIED = Path(tempfile.gettempdir()) / f"feedsvc-tests-{os.getuid()}"


def nginx() -> str:
    """The path of nginx. Skips the test where there is none and none can be had."""
    return _program("nginx", "nginx-light", "libnginx-mod-http-brotli-static")


def systemd_analyze() -> str:
    """The path of systemd-analyze. Skips the test as :func:`nginx` does."""
    return _program("systemd-analyze", "systemd")


def chromium() -> str:
    """The path of Chromium. Skips the test as :func:`nginx` does."""
    return _program("chromium", "chromium")


def brotli() -> bool:
    """Whether nginx has its module for files in br."""
    return BROTLI.exists()


def _program(name: str, *packages: str) -> str:
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    if shutil.which(name, path=path) is None:
        _install(*packages)
    found = shutil.which(name, path=path)
    if found is None:
        pytest.skip(f"there is no {name} here, and it cannot be installed: that takes root and apt")
    return found


def _install(*packages: str) -> None:
    """Install *packages* by apt, quietly; once on this machine, and by one of the test's processes alone."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    _TRIED.mkdir(mode=0o700, exist_ok=True)
    with (_TRIED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        tried = _TRIED / packages[0]
        if tried.exists():
            return
        tried.touch()
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            with contextlib.suppress(subprocess.SubprocessError, OSError):
                subprocess.run(
                    ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=60", *arguments],
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    env=environment,
                    timeout=_INSTALL_SECONDS,
                    check=False,
                )


class Nginx:
    """A running nginx with the configuration *conf*, that of an http block, in the folder *root*."""

    def __init__(self, root: Path, conf: str) -> None:
        self.root = root
        self.root.mkdir(parents=True, exist_ok=True)
        self.conf = root / "nginx.conf"
        modules = f"load_module {BROTLI};\n" if brotli() else ""
        paths = "".join(
            f"    {kind}_temp_path {root}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;\n" if os.geteuid() == 0 else ""
        self.conf.write_text(
            f"{modules}{user}worker_processes 1;\npid {root}/nginx.pid;\nerror_log {root}/error.log warn;\n"
            f"events {{ worker_connections 256; }}\nhttp {{\n    access_log off;\n{paths}{conf}\n}}\n"
        )
        self._command = [nginx(), "-p", str(root), "-c", str(self.conf)]
        self._process: subprocess.Popen[bytes] | None = None

    def check(self) -> None:
        """``nginx -t``."""
        done = subprocess.run([*self._command, "-t", "-q"], capture_output=True, check=False, timeout=30)
        assert done.returncode == 0, done.stderr.decode()
        assert b"[warn]" not in done.stderr, done.stderr.decode()

    def start(self, port: int) -> None:
        """Start it, and wait until it listens at *port*."""
        self.check()
        self._process = subprocess.Popen([*self._command, "-g", "daemon off;"])
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
