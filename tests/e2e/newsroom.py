"""A newsroom of its own for a test: a folder, its config, and the real service as a process, looked at from outside."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]
from tools import free_port as free_port  # tests of the running service find it here, and the words of waiting
from tools import tied
from waiting import PATIENCE as PATIENCE
from waiting import allowed as allowed
from waiting import until as until

from feedsvc.clock import utc_now
from feedsvc.status import overview
from feedsvc.store.opening import open_store

FORMATS = ("rss", "atom", "json")
_ASKED = 16
"""How often in a row all must be as it should: that one of two workers answers every time is as good as excluded."""


def session_members(session: int) -> dict[int, str]:
    """The living processes of a session: process id to its command. Ended ones that are not yet reaped do not count."""
    members = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == session and fields[0] not in "ZX":
                    members[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return members


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response; the names of *headers* are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def stable(self) -> tuple[int, dict[str, str], bytes]:
        """The answer without what changes from second to second."""
        return self.status, {name: value for name, value in self.headers.items() if name != "date"}, self.body


class Service:
    """One `feedsvc serve`, the first of a session and a process group of its own."""

    def __init__(
        self, newsroom: Newsroom, port: int, environment: Mapping[str, str], program: Sequence[str] = ("-m", "feedsvc")
    ) -> None:
        self.newsroom = newsroom
        self.port = port
        number = len(newsroom.services)
        self.out = newsroom.root / f"out-{number}.log"
        self.err = newsroom.root / f"err-{number}.log"
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.process = subprocess.Popen(
                tied(sys.executable, *program, "serve", "--config", newsroom.config),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=newsroom.root,
                env=_clean_environment() | {"FEEDSVC_SERVER__PORT": str(port)} | dict(environment),
                start_new_session=True,
            )
        self.pid = self.process.pid

    # ------------------------------------------------------------------ its life
    def wait_ready(self, seconds: float = PATIENCE) -> Service:
        """Wait until it answers."""

        def answers() -> bool:
            assert self.process.poll() is None, f"the service ended by itself:\n{self.told()}"
            with contextlib.suppress(OSError, http.client.HTTPException):
                return self.get("/healthz").status == 200
            return False

        until(answers, seconds, every=0.05, what="the service answers")
        return self

    def wait_ingesting(self) -> Service:
        """Wait until its scheduler takes files in."""
        until(lambda: self.events("taking files in"), what="it takes files in")
        return self

    def stop(self) -> None:
        """Send SIGTERM to the parent, and wait for its end."""
        self.process.terminate()
        self.process.wait(PATIENCE)

    def kill_all(self) -> None:
        """``kill -9`` of everything at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()

    def members(self) -> dict[int, str]:
        """All its living processes."""
        return session_members(self.pid)

    def scheduler_pid(self) -> int:
        """The process of its scheduler, once it has taken the ingest over."""
        return int(self.events("taking files in")[-1]["holder"].split("/")[2])

    def end(self) -> list[str]:
        """End it however it stands. Answers what is wrong with how it ended."""
        wrong = []
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                wrong.append("it did not end on SIGTERM")
        deadline = time.monotonic() + PATIENCE
        while self.members() and time.monotonic() < deadline:
            time.sleep(0.02)
        if left := self.members():
            wrong.append(f"left behind: {left}")
        self.kill_all()
        return wrong

    # ------------------------------------------------------------------ what it answers
    def get(
        self,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        timeout: float = 20,
    ) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        started = time.monotonic()
        try:
            connection.request(method, path, headers=dict(headers or {}))
            response = connection.getresponse()
            body = response.read()
            told = {name.lower(): value for name, value in response.getheaders()}
            return Answer(status=response.status, headers=told, body=body, seconds=time.monotonic() - started)
        finally:
            connection.close()

    def feed(self, name: str, suffix: str = "atom") -> Answer:
        """A feed by its name."""
        return self.get(f"/feeds/{name}.{suffix}")

    def items(self, name: str = "all") -> dict[str, dict[str, Any]]:
        """What the JSON Feed *name* shows: title to item. Empty while there is no such feed."""
        answer = self.feed(name, "json")
        return {item["title"]: item for item in json.loads(answer.body)["items"]} if answer.status == 200 else {}

    def parsed(self, name: str, suffix: str) -> Any:
        """The feed as a reader understands it."""
        return feedparser.parse(self.feed(name, suffix).body)

    def page_of(self, title: str, *, feed: str = "all") -> str:
        """The path of the page of the article with *title*, once *feed* shows it."""
        return str(self.wait_for(title, feed=feed)[title]["url"]).removeprefix(self.newsroom.base_url)

    def shows(self, *titles: str, feed: str = "all") -> bool:
        """Whether the feed shows all of *titles*."""
        return self.items(feed).keys() >= set(titles)

    def wait_for(self, *titles: str, feed: str = "all", seconds: float = PATIENCE) -> dict[str, dict[str, Any]]:
        """The items of the feed once all of *titles* are among them, whichever worker is asked."""
        self.everywhere(lambda: self.shows(*titles, feed=feed), seconds, what=f"{titles} in {feed}")
        return self.items(feed)

    def everywhere(self, condition: Callable[[], object], seconds: float = PATIENCE, *, what: str = "") -> None:
        """Wait until *condition*, which asks with a connection of its own, holds of every worker.

        Workers learn of a change one after the other, and which of them answers is the system's choice.
        """
        times = _ASKED if self.newsroom.workers > 1 else 1
        try:
            until(lambda: all(condition() for _ in range(times)), seconds, what=what)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.told()}") from None

    def wait_at_rest(self, *feeds: str) -> None:
        """Wait until *feeds* stand at every worker: in the second of a change they name no Last-Modified.

        What they shall show has to be waited for before.
        """
        asked = [(feed, suffix) for feed in feeds for suffix in FORMATS]
        self.everywhere(lambda: all("last-modified" in self.feed(*one).headers for one in asked), what=f"{feeds} rest")

    def wait_counted(self) -> None:
        """Wait until every worker's pages tell how many articles the sections have: those are counted at leisure."""
        with contextlib.closing(open_store(self.newsroom.url)) as store:
            counts = sorted(section.count for section in store.sections(utc_now()))
        told = re.compile(r'class="count">(\d+)')
        self.everywhere(lambda: sorted(map(int, told.findall(self.get("/").text))) == counts, what=f"counts {counts}")

    @contextlib.contextmanager
    def polled(self, look: Callable[[], None], every: float = 0.01) -> Iterator[list[int]]:
        """Call *look* again and again in a thread while the block runs; its first failure fails the test.

        Gives a list whose one number counts the looks.
        """
        stopping, failures, looks = threading.Event(), list[BaseException](), [0]

        def run() -> None:
            while not stopping.is_set():
                try:
                    look()
                except BaseException as error:
                    failures.append(error)
                    return
                looks[0] += 1
                stopping.wait(every)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield looks
        finally:
            stopping.set()
            thread.join(30)
        if failures:
            raise failures[0]

    # ------------------------------------------------------------------ what it tells
    def told(self) -> str:
        """Everything that it wrote."""
        return self.out.read_text() + self.err.read_text()

    def lines(self) -> list[dict[str, Any]]:
        """Its log lines. A line that is still being written is left out."""
        whole, _, _ = self.err.read_text().rpartition("\n")
        return [json.loads(line) for line in whole.splitlines() if line]

    def events(self, event: str) -> list[dict[str, Any]]:
        """Its log lines of one kind."""
        return [line for line in self.lines() if line["event"] == event]


class Newsroom:
    """A folder with a config and content; short times, so that tests need not wait.

    As a context it ends its services.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content = root / "content"
        self.config = root / "config" / "feedsvc.toml"
        self.store = root / "var" / "feedsvc.db"
        self.url = f"sqlite:///{self.store}"
        self.port = free_port()
        self.base_url = "https://harbour.example"
        self.services: list[Service] = []
        self.content.mkdir(parents=True)
        self.config.parent.mkdir()
        self.configure()

    def __enter__(self) -> Newsroom:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def configure(self, extra: str = "", *, scan_every: str = "1s", settle: str = "500ms", workers: int = 2) -> None:
        """Write the config; *extra* comes at the end of the file."""
        self.workers = workers
        self.config.write_text(
            f"""
[site]
base_url = "{self.base_url}"
title = "The Gannet"
authority = "harbour.example,2026"

[content]
scan_every = "{scan_every}"
settle = "{settle}"

[store]
url = "{self.url}"

[server]
workers = {workers}

{extra}
"""
        )

    # ------------------------------------------------------------------ the service and its commands
    def begin(
        self,
        *,
        port: int | None = None,
        environment: Mapping[str, str] | None = None,
        program: Sequence[str] = ("-m", "feedsvc"),
    ) -> Service:
        """Start the service, and do not wait. *program* is what Python is to run."""
        service = Service(self, self.port if port is None else port, environment or {}, program)
        self.services.append(service)
        return service

    def node(self, role: str = "all", *, url: str = "", quick: bool = False) -> Service:
        """Start one more node, on a port of its own, and do not wait.

        *url* is where it finds the store, if that is another address than the others'. A *quick* one gives up the
        lease of a node that is not heard of after three seconds, not fifteen.
        """
        environment = {"FEEDSVC_SERVER__ROLE": role} | ({"FEEDSVC_STORE__URL": url} if url else {})
        program = (str(Path(__file__).with_name("quick.py")),) if quick else ("-m", "feedsvc")
        return self.begin(port=free_port(), environment=environment, program=program)

    def start(self, *, port: int | None = None, environment: Mapping[str, str] | None = None) -> Service:
        """Start the service, and wait until it answers."""
        return self.begin(port=port, environment=environment).wait_ready()

    def command(self, *arguments: str, seconds: float = 60) -> subprocess.CompletedProcess[bytes]:
        """Run another command of feedsvc to its end."""
        return subprocess.run(
            [sys.executable, "-m", "feedsvc", *arguments, "--config", str(self.config)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=self.root,
            env=_clean_environment(),
            timeout=seconds,
            check=False,
        )

    def status(self, *arguments: str) -> dict[str, Any]:
        """What ``feedsvc status --json`` tells."""
        done = self.command("status", *arguments, "--json")
        assert done.returncode == 0, done.stderr.decode()
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def figures(self) -> dict[str, Any]:
        """The same, without the price of a process: for waiting."""
        with contextlib.closing(open_store(self.url)) as store:
            return overview(store, now=utc_now(), troubles=1000)

    def state_of(self, name: str) -> str:
        """What became of one file; empty if nothing is known of it."""
        with contextlib.closing(open_store(self.url)) as store:
            record = store.source(name)
        return "" if record is None else record.state.value

    def end(self) -> None:
        """End all services. Fails the test if one left a process behind."""
        wrong = [told for service in self.services for told in service.end()]
        assert not wrong, wrong

    # ------------------------------------------------------------------ files
    def drop(self, name: str, content: str | bytes) -> Path:
        """Put a complete file in place by renaming it from a hidden name in the same folder."""
        path = self.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        hidden = path.parent / f".{path.name[:100]}.partial"
        hidden.write_bytes(content.encode() if isinstance(content, str) else content)
        hidden.rename(path)
        return path

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file in its place."""
        path = self.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


def _clean_environment() -> dict[str, str]:
    """The environment without what would change a newsroom's config, or its colours."""
    left_out = ("FEEDSVC_", "FORCE_COLOR", "NO_COLOR", "COV_", "COVERAGE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
