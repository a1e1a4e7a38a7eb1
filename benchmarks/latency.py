"""From drop to feed: how long until a file that is put into the content folder stands in the feed that is served.

The service runs as it is configured by default, with its web workers, and holds as many articles as are asked for. A
file renamed into place is complete by definition; one that is written in place has to settle first.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import newsroom
import servers
from measure import Client, first_answer, free_port, machine, options, percentile, say, table, workshop

SECTIONS = 20
SUFFIXES = ("rss", "atom", "json")
LOOK_SECONDS = 0.002
"""How often the feed is asked for: what is found is late by half of this."""
PATIENCE_SECONDS = 60.0


def main() -> None:
    """Measure, and print a table."""
    parser = options(__doc__ or "")
    parser.add_argument("--files", type=int, default=0, help="how many articles there are before; 10000 if not said")
    parser.add_argument("--drops", type=int, default=0, help="how many files are renamed into place; 200 if not said")
    parser.add_argument("--written", type=int, default=-1, help="how many are written in place; 20 if not said")
    chosen = parser.parse_args()
    files = chosen.files or (1_000 if chosen.quick else 10_000)
    drops = chosen.drops or (20 if chosen.quick else 200)
    written = chosen.written if chosen.written >= 0 else (3 if chosen.quick else 20)
    say(f"latency: {machine()}")
    with workshop() as folder:
        content = folder / "content"
        newsroom.fill(content, files, SECTIONS)
        newsroom.rest()
        port = free_port()
        config = newsroom.config(folder, content, port, workers=2)
        servers.ingest(config)
        with servers.serve(config) as running:
            path = f"/feeds/{newsroom.section(0)}.rss"
            first_answer(port, path, running)
            _wait_for_scheduler(port, content, path)
            client = Client(port)
            for name in (newsroom.section(0), "all"):
                for suffix in SUFFIXES:  # as subscribers of all formats would have made it
                    client.get(f"/feeds/{name}.{suffix}", {"Accept-Encoding": "gzip"})
            articles = newsroom.fresh(files + 10)
            renamed = list(_measure(client, path, articles, lambda text, at: _rename(content, text, at), drops))
            direct = list(_measure(client, path, articles, lambda text, at: _write(content, text, at), written))
    rows = [_row("renamed into place", renamed, 0.0)]
    if direct:
        settle = newsroom.SETTLE_SECONDS
        rows += [
            _row("written in place", direct, 0.0),
            _row(f"the same, less the {settle:g} s of settle", direct, settle),
        ]
    say(table((f"at {files:,} articles", "files", "p50 ms", "p99 ms", "most ms"), rows))


def _measure(
    client: Client, path: str, articles: Iterator[tuple[int, str]], drop: Callable[[str, str], None], count: int
) -> Iterator[float]:
    """Drop *count* articles one after the other, at moments that no rhythm of the service can meet; yield seconds."""
    dice = random.Random(7)
    for _ in range(count):
        time.sleep(0.4 + 0.4 * dice.random())
        number, text = next(articles)
        etag = client.get(path).headers["etag"]
        drop(text, f"fresh-{number:07}")
        yield _until_shown(client, path, etag, f" {number}<".encode())


def _until_shown(client: Client, path: str, etag: str, sign: bytes) -> float:
    """The seconds from now until the feed shows *sign*."""
    began = time.perf_counter()
    while time.perf_counter() - began < PATIENCE_SECONDS:
        answer = client.get(path, {"If-None-Match": etag})
        if answer.status == 200:
            if sign in answer.body:
                return time.perf_counter() - began
            etag = answer.headers["etag"]
        time.sleep(LOOK_SECONDS)
    sys.exit(f"{sign!r} was not in {path} within {PATIENCE_SECONDS:g} s")


def _rename(content: Path, text: str, name: str) -> None:
    """Write beside, under a name that is never read, then rename."""
    hidden = content / newsroom.section(0) / f".{name}.tmp"
    hidden.write_text(text)
    hidden.rename(content / newsroom.section(0) / f"{name}.md")


def _write(content: Path, text: str, name: str) -> None:
    (content / newsroom.section(0) / f"{name}.md").write_text(text)


def _wait_for_scheduler(port: int, content: Path, path: str) -> None:
    """Wait until files are taken in: the first one is not measured."""
    number, text = next(newsroom.fresh(9_000_000))
    _write(content, text, f"first-{number}")
    _until_shown(Client(port), path, "", f" {number}<".encode())


def _row(name: str, seconds: Sequence[float], less: float) -> Sequence[object]:
    times = [(one - less) * 1e3 for one in seconds]
    return (name, len(times), f"{percentile(times, 50):.0f}", f"{percentile(times, 99):.0f}", f"{max(times):.0f}")


if __name__ == "__main__":
    main()
