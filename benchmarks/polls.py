"""What a poll costs: feedsvc, nginx and Caddy answer for the same bytes, each alone on one core.

The figure that counts is the cpu-ratio: nginx's processor time per request divided by ours.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import newsroom
import servers
from measure import (
    Client,
    Running,
    cores,
    cpu_seconds,
    first_answer,
    free_port,
    machine,
    median,
    move,
    options,
    peer,
    say,
    table,
    workshop,
)

CONNECTIONS = 16
ENTRIES = 41
"""How many full texts the feed has: they make about 164 KB, the size of a usual one."""
SECTION = newsroom.section(0)
FEED = f"/feeds/{SECTION}.rss"
OURS = "feedsvc"
SCRIPT = Path(__file__).with_name("polls.lua")
PEERS = {"nginx": servers.nginx, "caddy": servers.caddy}
GZIP = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A kind of poll: with the validator of what it has already or without, on a kept connection or a new one."""

    name: str
    status: int
    kept: bool = True


CASES = (
    Case(name="304, keep-alive", status=304),
    Case(name="304, new connection", status=304, kept=False),
    Case(name="200 gzip, keep-alive", status=200),
    Case(name="200 gzip, new connection", status=200, kept=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one run of the load generator saw, and what it cost the server: times in seconds."""

    requests: int
    wall: float
    cpu: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.wall

    @property
    def cost(self) -> float:
        """Processor time per request."""
        return self.cpu / max(1, self.requests)


@dataclass(slots=True, kw_only=True)
class Server:
    """A server that is up; *etag* is that of the gzip form. *apart* is a process of it that answers nothing."""

    name: str
    running: Running
    port: int
    etag: str = ""
    apart: int = 0

    def cpu_seconds(self) -> float:
        """The processor time that those of it which answer have taken so far."""
        return self.running.cpu_seconds() - (cpu_seconds(self.apart) if self.apart else 0)


def main() -> None:
    """Measure, and print two tables."""
    parser = options(__doc__ or "")
    parser.add_argument("--seconds", type=float, default=0, help="how long each measurement takes")
    parser.add_argument("--files", type=int, default=0, help="how many files are taken in beside polls; 0: the usual")
    parser.add_argument("--no-ingest", action="store_true", help="leave out the polls beside an ingest")
    chosen = parser.parse_args()
    rounds = chosen.rounds or (2 if chosen.quick else 5)
    seconds = chosen.seconds or (1 if chosen.quick else 4)
    files = chosen.files or (1_000 if chosen.quick else 10_000)
    wrk = peer("wrk")
    if not wrk:
        sys.exit("wrk is the load generator: without it there is nothing to measure")
    say(f"polls: {machine()}")
    with workshop() as folder, contextlib.ExitStack() as ended:
        up = _start(folder, ended)
        loads = _measure(wrk, up, rounds, seconds)
        say(_results(loads, [server.name for server in up]))
    if not chosen.no_ingest:
        with workshop() as folder:
            say()
            say(_beside_ingest(wrk, folder, files, seconds))


def _start(folder: Path, ended: contextlib.ExitStack) -> list[Server]:
    """Ours and the peers that are there, all with the same bytes."""
    ours = _ours(folder, count=60, sections=1)
    ended.enter_context(ours.running)
    return [ours, *_peers(folder, ours, ended)]


def _peers(folder: Path, ours: Server, ended: contextlib.ExitStack) -> list[Server]:
    """The peers that are installed, with the bytes of *ours* as files."""
    core, _ = cores()
    root = folder / "static"
    file = root / FEED.lstrip("/")
    file.parent.mkdir(parents=True)
    plain, coded = Client(ours.port).get(FEED), Client(ours.port).get(FEED, GZIP)
    file.write_bytes(plain.body)
    file.with_name(f"{file.name}.gz").write_bytes(coded.body)
    say(f"the feed has {len(plain.body):,} bytes, {len(coded.body):,} with gzip")
    up = []
    for name, start in PEERS.items():
        program = peer(name)
        if program:
            port = free_port()
            running = ended.enter_context(start(program, folder / name, root, port, core=core))
            first_answer(port, FEED, running)
            up.append(Server(name=name, running=running, port=port))
    for server in (ours, *up):
        answer = Client(server.port).get(FEED, GZIP)
        server.etag = answer.headers["etag"]
        if answer.body != coded.body:
            sys.exit(f"{server.name} does not give the same bytes")
        if Client(server.port).get(FEED, {**GZIP, "If-None-Match": server.etag}).status != 304:
            sys.exit(f"{server.name} does not answer 304")
    return up


def _ours(folder: Path, *, count: int, sections: int) -> Server:
    core, _ = cores()
    port = free_port()
    newsroom.fill(folder / "content", count, sections)
    newsroom.rest()
    config = newsroom.config(folder, folder / "content", port, limit=ENTRIES)
    servers.ingest(config)
    running = servers.serve(config, core=core)
    return Server(name=OURS, running=running, port=port, etag=first_answer(port, FEED, running).headers["etag"])


def _measure(wrk: str, up: list[Server], rounds: int, seconds: float) -> Mapping[tuple[str, str], Sequence[Load]]:
    loads: dict[tuple[str, str], list[Load]] = {}
    for server in up:  # everything is compiled, cached and read once
        for case in CASES:
            _load(wrk, server, case, 0.5)
    for number in range(rounds):
        for case in CASES:
            for server in up[number % len(up) :] + up[: number % len(up)]:  # nobody is always first
                loads.setdefault((case.name, server.name), []).append(_load(wrk, server, case, seconds))
    return loads


def _load(wrk: str, server: Server, case: Case, seconds: float) -> Load:
    """Ask *server* as fast as it answers, over 16 connections from the other core, for *seconds*."""
    _, core = cores()
    headers = dict(GZIP)
    if case.status == 304:
        headers["If-None-Match"] = server.etag
    if not case.kept:
        headers["Connection"] = "close"
    command = ["taskset", "-c", core, wrk, "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s"]
    command += ["--latency", "--script", str(SCRIPT)]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    command.append(f"http://127.0.0.1:{server.port}{FEED}")
    before = server.cpu_seconds()
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
    cpu = server.cpu_seconds() - before
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", said)
    if found is None:
        sys.exit(f"wrk says what is not understood:\n{said}")
    requests, micros, errors, p50, p99 = map(int, found.groups())
    if errors or not requests:
        sys.exit(f"{server.name}, {case.name}: {errors} of {requests} answers were wrong\n{said}")
    return Load(requests=requests, wall=micros / 1e6, cpu=cpu, p50=p50 / 1e6, p99=p99 / 1e6)


def _results(loads: Mapping[tuple[str, str], Sequence[Load]], names: Sequence[str]) -> str:
    """The table: medians over the rounds; the ratio is taken in each round, then its median."""
    rows = []
    for case in CASES:
        for name in names:
            found = loads[case.name, name]
            first = loads.get((case.name, "nginx"), ())
            ratios = [one.cost / other.cost for one, other in zip(first, found, strict=False)]
            rows.append(
                (
                    case.name,
                    name,
                    f"{median(ratios):.2f}" if ratios else "",
                    f"{median([load.cost for load in found]) * 1e6:.1f}",
                    f"{median([load.rate for load in found]):,.0f}",
                    f"{median([load.p50 for load in found]) * 1e3:.2f}",
                    f"{median([load.p99 for load in found]) * 1e3:.2f}",
                )
            )
    return table(("poll", "server", "cpu-ratio", "us of CPU", "requests/s", "p50 ms", "p99 ms"), rows)


def _beside_ingest(wrk: str, folder: Path, files: int, seconds: float) -> str:
    """Polls of one feed while *files* articles come into nineteen others, and before and after; all are kept ready.

    The web worker has one core for itself; the process that takes files in shares the other with the load generator.
    So there are two losses: that of the rate is the generator's as well, which stands for clients elsewhere; that of
    the worker is how many polls fewer it can answer in a second of its core, with the feeds made anew meanwhile.
    """
    sections = 20
    kept = [case for case in CASES if case.kept]
    ours = _ours(folder, count=sections * 60, sections=sections)
    with ours.running:
        _, core = cores()
        ours.apart = _scheduler(ours.running)
        move(ours.apart, core)
        client = Client(ours.port)
        for number in range(sections):
            for suffix in ("rss", "atom"):
                client.get(f"/feeds/{newsroom.section(number)}.{suffix}", GZIP)
        ours.etag = client.get(FEED, GZIP).headers["etag"]
        client.close()
        calm = [_turn(wrk, ours, kept, max(1, seconds / 2)) for _ in range(3)]
        waiting = folder / "waiting"
        newsroom.fill(waiting, files, sections - 1, first=1, begin=sections * 60)
        known = _articles(folder)
        for path in sorted(waiting.glob("*/*.md")):
            path.rename(folder / "content" / path.parent.name / path.name)
        began = time.monotonic()
        while _articles(folder) == known and time.monotonic() - began < 60:
            time.sleep(0.05)
        began = time.monotonic()
        busy = []
        while _articles(folder) < known + files and time.monotonic() - began < 900:
            busy.append(_turn(wrk, ours, kept, 1))
        took = time.monotonic() - began
        time.sleep(2)
        calm += [_turn(wrk, ours, kept, max(1, seconds / 2)) for _ in range(3)]
    rows = []
    for case in kept:
        rates, costs, tails = (
            [median([getattr(turn[case.name], what) for turn in turns]) for turns in (calm, busy)]
            for what in ("rate", "cost", "p99")
        )
        rows.append(
            (
                case.name,
                *(f"{rate:,.0f}" for rate in rates),
                f"{(1 - rates[1] / rates[0]) * 100:.0f} %",
                *(f"{cost * 1e6:.1f}" for cost in costs),
                f"{(1 - costs[0] / costs[1]) * 100:.0f} %",
                *(f"{tail * 1e3:.2f}" for tail in tails),
            )
        )
    say(f"polls while {files:,} files are taken in, which takes {took:.0f} s here, and before and after")
    head = ("poll", "requests/s", "meanwhile", "loss", "us of the worker", "meanwhile", "loss", "p99 ms", "meanwhile")
    return table(head, rows)


def _turn(wrk: str, server: Server, cases: Sequence[Case], seconds: float) -> Mapping[str, Load]:
    return {case.name: _load(wrk, server, case, seconds) for case in cases}


def _scheduler(running: Running) -> int:
    """The process that takes files in: the service starts it anew, while web workers are forked."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for pid in running.members():
            with contextlib.suppress(OSError):
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                if b"multiprocessing.spawn" in command:
                    return pid
        time.sleep(0.05)
    sys.exit("the scheduler is not found")


def _articles(folder: Path) -> int:
    """How many articles the store in *folder* holds."""
    with contextlib.closing(sqlite3.connect(f"file:{folder}/feedsvc.db?mode=ro", uri=True)) as store:
        return int(store.execute("SELECT count(*) FROM articles").fetchone()[0])


if __name__ == "__main__":
    main()
