"""The web workers and the scheduler as one service: start, signals, drain, and nothing that outlives its parent."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from feedsvc import logs
from feedsvc.config import CONFIG_VARIABLE, Settings
from feedsvc.errors import ServerError
from feedsvc.store.opening import open_store

HEADER_SECONDS = 10
KILL_SECONDS = 3
SCHEDULER_SECONDS = 2
DEATHS = 3
DEATHS_WITHIN = 60.0
BLOCKING_THREADS = 8
_PR_SET_PDEATHSIG = 1


def serve(settings: Settings, config_file: Path, *, ready: Callable[[str], None]) -> None:
    """Run the service until SIGTERM or SIGINT. *ready* is called with its address once it answers.

    Raises ServerError for a taken port or a scheduler that keeps dying, StoreError for a store that cannot be opened.
    """
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server.mp import MPServer

    host, port = settings.server.host, reserve_port(settings.server.host, settings.server.port)
    open_store(settings.store.url).close()  # made or brought up to date once, before anybody reads it
    os.environ[CONFIG_VARIABLE] = str(config_file)

    class Service(MPServer):
        def signal_handler_interrupt(self, *arguments: Any, **named: Any) -> None:
            keeper.ask_to_stop()  # it drains while the workers do
            super().signal_handler_interrupt(*arguments, **named)  # type: ignore[no-untyped-call]

    server = Service(
        target="feedsvc.server:worker",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.server.workers,
        blocking_threads=BLOCKING_THREADS,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
    )
    keeper = SchedulerKeeper(config_file, give_up=server.signal_handler_interrupt)
    server.on_startup(keeper.start)
    server.on_startup(lambda: _when_up(f"http://{_spoken(host)}:{port}", ready))
    server.on_shutdown(keeper.stop)
    server.serve()
    if keeper.gave_up:
        raise ServerError(f"the scheduler died {DEATHS} times in a minute; see the log lines above")


def reserve_port(host: str, port: int) -> int:
    """Bind the port once without SO_REUSEPORT, so that a second service cannot share it unnoticed; then let go.

    Answers the port, a free one for 0. Raises ServerError.
    """
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        reason = error.strerror or str(error)
        raise ServerError(
            f"{host}:{port} cannot be used ({reason}); stop what uses it, or set [server] port to another one"
        ) from None


def end_with_parent() -> None:
    """End this process when its parent is gone: by the kernel's signal, and by looking, where that fails."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=look, name="parent", daemon=True).start()


def worker() -> Any:
    """The application of one web worker; called by the server in the worker's own process."""
    end_with_parent()
    from feedsvc import config
    from feedsvc.web.worker import create_worker

    logs.configure()
    return create_worker(config.load(config.find(None)))


class SchedulerKeeper:
    """Keeps the scheduler's process alive: a dead one is started again, three deaths in a minute end the service."""

    def __init__(self, config_file: Path, *, give_up: Callable[[], None]) -> None:
        self._config_file = config_file
        self._give_up = give_up
        self._log = logs.get_logger("feedsvc.server")
        self._process: multiprocessing.process.BaseProcess | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="scheduler-keeper", daemon=True)
        self.gave_up = False

    def start(self) -> None:
        """Start the scheduler, and watch over it."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Let the scheduler finish what it has begun; does not wait."""
        self._stopping.set()
        process = self._process
        if process is not None and process.is_alive():
            process.terminate()

    def stop(self) -> None:
        """Wait for the scheduler to end; end it by force if it does not."""
        self.ask_to_stop()
        process = self._process
        if process is not None:
            process.join(SCHEDULER_SECONDS)
            if process.is_alive():
                process.kill()
                process.join()

    def _keep(self) -> None:
        # PR_SET_PDEATHSIG follows the thread that started the child: this one lives as long as the service.
        deaths: list[float] = []
        context = multiprocessing.get_context("spawn")
        while not self._stopping.is_set():
            process = context.Process(target=_scheduler, args=(self._config_file,), name="feedsvc-scheduler")
            process.start()
            self._process = process
            if self._stopping.is_set():
                process.terminate()
            process.join()
            if self._stopping.is_set():
                return
            deaths = [moment for moment in deaths if time.monotonic() - moment < DEATHS_WITHIN]
            deaths.append(time.monotonic())
            self._log.error("the scheduler died", exit=process.exitcode, deaths=len(deaths))
            if len(deaths) >= DEATHS:
                self.gave_up = True
                self._stopping.set()
                self._give_up()
                return


def _scheduler(config_file: Path) -> None:
    end_with_parent()
    from feedsvc import scheduler

    scheduler.run(config_file)


def _when_up(address: str, ready: Callable[[str], None]) -> None:
    """Call *ready* as soon as the service answers; gives up silently if it never does."""

    def look() -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for _ in range(600):
            try:
                with opener.open(f"{address}/healthz", timeout=2):
                    ready(address)
                    return
            except urllib.error.HTTPError:
                ready(address)
                return
            except OSError:
                time.sleep(0.05)

    threading.Thread(target=look, name="when-up", daemon=True).start()


def _spoken(host: str) -> str:
    """The host under which this machine reaches itself."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104  (compared, not bound)
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
