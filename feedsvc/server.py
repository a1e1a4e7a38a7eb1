"""The web workers and the scheduler as one service: start, signals, drain, and nothing that outlives its parent."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import queue
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedsvc import __version__, logs
from feedsvc.board import DRAINING, FOLDER_VARIABLE
from feedsvc.config import CONFIG_VARIABLE, Settings
from feedsvc.errors import ServerError, StoreUnavailable
from feedsvc.store.opening import open_store

if TYPE_CHECKING:
    from granian.server.mp import MPServer

HEADER_SECONDS = 10
KILL_SECONDS = 3
SCHEDULER_SECONDS = 3.5
"""How long, from the signal on, a worker and the scheduler have to finish what they began."""
DEATHS = 3
DEATHS_WITHIN = 60.0
BLOCKING_THREADS = 8
"""How many answer what takes no time; there are more, as they are needed, for those whom slow clients keep."""
SWITCH_SECONDS = 0.0005
"""How long a thread that makes documents may keep the interpreter from a poll; Python itself allows 5 ms."""
_PR_SET_PDEATHSIG = 1
_SCHEDULER_DIES = f"the scheduler died {DEATHS} times in a minute; the log lines above say why"


def serve(settings: Settings, config_file: Path, *, scheduler: bool = True, ready: Callable[[str], None]) -> None:
    """Run the service until SIGTERM, SIGINT or SIGHUP. *ready* is called with its address once it answers.

    Without *scheduler* it answers polls alone, and another process takes files in.

    Raises ServerError for a taken port and for workers or a scheduler that keep dying, StoreError for a store that
    cannot be opened.
    """
    from feedsvc.web.worker import open_desk  # workers are forked: they share what is loaded now

    address, port = reserve_port(settings.server.host, settings.server.port)
    open_store(settings.store.url).close()  # made or brought up to date once, before anybody reads it
    open_desk(settings)
    os.environ[CONFIG_VARIABLE] = str(config_file)
    with shared_folder() as folder:
        os.environ[FOLDER_VARIABLE] = str(folder)
        _serve(settings, config_file, (address, port), folder=folder, scheduler=scheduler, ready=ready)


def _serve(
    settings: Settings,
    config_file: Path,
    listen: tuple[str, int],
    *,
    folder: Path,
    scheduler: bool,
    ready: Callable[[str], None],
) -> None:
    address, port = listen

    def started() -> None:
        # Only now: a worker is forked, and a fork takes along the locks that other threads hold.
        if scheduler:
            keeper.start()
        _when_up(f"http://{_spoken(address)}:{port}", ready)

    def stopping() -> None:
        with contextlib.suppress(OSError):
            os.close(os.open(folder / DRAINING, os.O_CREAT, 0o600))
        keeper.ask_to_stop()  # it drains while the workers do

    server = _web_server(listen, workers=settings.server.workers, started=started, stopping=stopping)
    niceness = settings.server.ingest_niceness
    keeper = SchedulerKeeper(config_file, niceness=niceness, give_up=server.signal_handler_interrupt)
    server.on_shutdown(keeper.stop)
    log = logs.get_logger("feedsvc.server")
    log.info("started", version=__version__, listens=f"{address}:{port}", workers=settings.server.workers)
    try:
        server.serve()
    except SystemExit:
        raise ServerError("the web workers keep dying; the log lines above say why") from None
    log.info("stopped")
    if keeper.gave_up:
        raise ServerError(_SCHEDULER_DIES)


def _web_server(
    listen: tuple[str, int], *, workers: int, started: Callable[[], None], stopping: Callable[[], None]
) -> MPServer:
    """The server of the web workers. *started* is called once they are forked, *stopping* by a signal that ends it."""
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server.mp import MPServer

    from feedsvc.web.desk.gate import STRANGERS
    from feedsvc.web.media import STREAMS

    parent = os.getpid()

    class Service(MPServer):
        def startup(self, *arguments: Any) -> None:
            super().startup(*arguments)  # type: ignore[no-untyped-call]
            # The server would restart its workers on SIGHUP, and they alone would read the config again.
            if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
                signal.signal(signal.SIGHUP, self.signal_handler_interrupt)
            started()

        def signal_handler_interrupt(self, *arguments: Any, **named: Any) -> None:
            if os.getpid() != parent:  # a worker just forked, which has this handler still
                if signal.SIGTERM in arguments:
                    os._exit(0)
                return
            stopping()
            super().signal_handler_interrupt(*arguments, **named)  # type: ignore[no-untyped-call]

    return Service(
        target="feedsvc.server:worker",
        factory=True,
        address=listen[0],
        port=listen[1],
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=BLOCKING_THREADS + STREAMS + STRANGERS,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
        log_level=LogLevels.error,
        log_dictconfig={"incremental": True, "handlers": {}, "loggers": {}},  # its lines come out as ours do
        respawn_failed_workers=True,
        respawn_interval=0,  # nothing is left to overlap with
        workers_kill_timeout=KILL_SECONDS,
    )


def serve_ingest(settings: Settings, config_file: Path, *, ready: Callable[[], None]) -> None:
    """Take files in, and answer no polls, until SIGTERM, SIGINT or SIGHUP. *ready* is called once that is under way.

    Raises ServerError for a scheduler that keeps dying, StoreError for a store that cannot be opened.
    """
    open_store(settings.store.url).close()
    ended: queue.SimpleQueue[None] = queue.SimpleQueue()  # a signal may come in the middle of anything
    niceness = settings.server.ingest_niceness
    keeper = SchedulerKeeper(config_file, niceness=niceness, give_up=lambda: ended.put(None))
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(signum) is not signal.SIG_IGN:
            signal.signal(signum, lambda *_: ended.put(None))
    keeper.start()
    ready()
    ended.get()
    keeper.stop()
    if keeper.gave_up:
        raise ServerError(_SCHEDULER_DIES)


@contextlib.contextmanager
def shared_folder() -> Iterator[Path]:
    """A folder in which the processes of the service share their figures; it goes with the service.

    What services that were killed left behind goes as well. Raises ServerError.
    """
    prefix = "feedsvc-board-"
    try:
        for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
            pid = left.name.removeprefix(prefix).partition("-")[0]
            if pid.isdigit() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
                shutil.rmtree(left, ignore_errors=True)
        made = tempfile.TemporaryDirectory(prefix=f"{prefix}{os.getpid()}-", ignore_cleanup_errors=True)
    except OSError as error:
        raise ServerError(
            f"no folder for temporary files can be written ({error.strerror}); mount one at /tmp, or name one in TMPDIR"
        ) from None
    with made as folder:
        yield Path(folder)


def reserve_port(host: str, port: int) -> tuple[str, int]:
    """Bind the port once without SO_REUSEPORT, so that a second service cannot share it unnoticed; then let go.

    Answers the numeric address and the port, a free one for 0. Raises ServerError.
    """
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return str(address[0]), int(probe.getsockname()[1])
    except OSError as error:
        reason = error.strerror or str(error)
        raise ServerError(
            f"{host}:{port} cannot be used ({reason}); stop what uses it, or set [server] port to another one"
        ) from None


def end_with_parent() -> None:
    """End this process when its parent is gone: by the kernel's signal, and by looking, where that fails.

    It fails on other systems than Linux, and where the parent was gone before the signal was asked for.
    """
    started_by = multiprocessing.parent_process()
    parent = os.getppid() if started_by is None else started_by.pid
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=look, name="parent", daemon=True).start()


def leave_to_parent() -> None:
    """Let this thread, and what it starts, take no notice of Ctrl-C, which goes to the whole group of processes.

    The parent passes on what it means. The signals are blocked, because the web server sets a handler of its own later.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})


def work_in_batches() -> None:
    """Let this thread, and what it starts, go on with its work when another one is woken, until it has to wait.

    A poll goes from the thread that reads it to one that answers and back. On a busy core each of them would interrupt
    the one that woke it; now what came together is read together, answered and sent (sched(7), SCHED_BATCH).
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # a sandbox may forbid it
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def worker() -> Any:
    """The application of one web worker; called by the server in the worker's own process."""
    leave_to_parent()
    end_with_parent()
    from feedsvc import config
    from feedsvc.web.worker import create_worker

    settings = config.load(config.find(None))
    logs.configure(settings.server.log_format)
    while True:
        try:
            made = create_worker(settings)
            break
        except StoreUnavailable as error:  # a worker that is started again while the store is lost
            logs.get_logger("feedsvc.server").error("the store cannot be opened", error=str(error))
            time.sleep(1)
    sys.setswitchinterval(SWITCH_SECONDS)
    work_in_batches()  # now: the threads that keep documents ready are there, and those that answer come after
    return made


class SchedulerKeeper:
    """Keeps the scheduler's process alive: a dead one is started again, three deaths in a minute end the service."""

    def __init__(self, config_file: Path, *, niceness: int, give_up: Callable[[], None]) -> None:
        self._config_file = config_file
        self._niceness = niceness
        self._give_up = give_up
        self._log = logs.get_logger("feedsvc.server")
        self._process: multiprocessing.process.BaseProcess | None = None
        self._stopping = False
        self._deadline = 0.0
        self._thread = threading.Thread(target=self._keep, name="scheduler-keeper", daemon=True)
        self.gave_up = False

    def start(self) -> None:
        """Start the scheduler, and watch over it."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Let the scheduler finish what it has begun; does not wait. Safe in a signal handler."""
        if not self._stopping:
            self._stopping, self._deadline = True, time.monotonic() + SCHEDULER_SECONDS
        process = self._process
        if process is not None and process.is_alive():
            process.terminate()

    def stop(self) -> None:
        """Wait for the scheduler to end; end it by force if it does not."""
        self.ask_to_stop()
        if self._thread.is_alive():  # it may be starting the process this very moment
            self._thread.join(max(0.0, self._deadline - time.monotonic()))
        process = self._process
        if process is not None and process.is_alive():
            process.kill()
            process.join()

    def _asked(self) -> bool:
        return self._stopping

    def _keep(self) -> None:
        # PR_SET_PDEATHSIG follows the thread that started the child: this one lives as long as the service.
        deaths: list[float] = []
        context = multiprocessing.get_context("spawn")
        while not self._asked():
            resource_tracker.ensure_running()  # where it has to be started, it lets signals through again
            leave_to_parent()  # the child takes that over: it may hear of Ctrl-C before it can say so itself
            arguments = (self._config_file, self._niceness)
            process = context.Process(target=_scheduler, args=arguments, name="feedsvc-scheduler")
            process.start()
            self._process = process
            if self._asked():
                process.terminate()
            process.join()
            if self._asked():
                return
            deaths = [moment for moment in deaths if time.monotonic() - moment < DEATHS_WITHIN]
            deaths.append(time.monotonic())
            self._log.error("the scheduler died", exit=process.exitcode, deaths=len(deaths))
            if len(deaths) >= DEATHS:
                self.gave_up = True
                self._give_up()
                return


def _scheduler(config_file: Path, niceness: int) -> None:
    leave_to_parent()
    end_with_parent()
    with contextlib.suppress(OSError):  # a sandbox may forbid it
        os.nice(niceness)  # what it starts takes that over
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
