"""What an archive costs: one more article, memory, restart, scan, with a thousand articles and with many more.

The articles come in through ``feedsvc ingest``. One more is then taken in as the scheduler does it, file by file and
in one batch, and its section's feed is made anew; that is the processor time of this process, without the waiting of
a service.
"""

from __future__ import annotations

import os
import socket
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

import newsroom
import servers
from measure import Running, first_answer, free_port, machine, median, options, say, table, workshop

from feedsvc import config
from feedsvc.clock import utc_now
from feedsvc.config import Settings
from feedsvc.feeds.registry import renderers
from feedsvc.formats.registry import formats
from feedsvc.ingest.run import Ingest
from feedsvc.ingest.scan import scan
from feedsvc.publish.cache import DocumentCache
from feedsvc.publish.configured import configure
from feedsvc.store.base import INGEST, Lease, Store
from feedsvc.store.opening import open_store

LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """An archive."""

    articles: int
    sections: int


def main() -> None:
    """Measure one archive after the other, and print a table."""
    parser = options(__doc__ or "")
    parser.add_argument("--articles", type=int, nargs="+", default=[], help="1000 10000 100000 if not said")
    parser.add_argument("--sections", type=int, nargs="+", default=[], help="20 if not said, and 10 and 1000 besides")
    parser.add_argument("--million", action="store_true", help="1,000,000 articles too: needs 6 GB and some time")
    chosen = parser.parse_args()
    counts = chosen.articles or ([500, 1_000] if chosen.quick else [1_000, 10_000, 100_000])
    if chosen.million:
        counts.append(1_000_000)
    sizes = [Size(articles=count, sections=number) for count in counts for number in chosen.sections or [20]]
    if not chosen.sections and not chosen.quick:
        sizes += [Size(articles=10_000, sections=number) for number in (10, 1_000)]
    more = 20 if chosen.quick else 100
    say(f"scale: {machine()}")
    say(f"feedsvc --help: {median([_help() for _ in range(3 if chosen.quick else 9)]) * 1e3:.0f} ms")
    rows = []
    for size in sizes:
        with workshop() as folder:
            rows.append(_measure(folder, size, more))
            say(f"  {size.articles:,} articles in {size.sections:,} sections: done")
    head = (
        "articles", "sections", "ingest s", "ms each", "peak MB", "scan ms", "one more ms", "of 100 at once ms",
        "its feed ms", "restart s", "to everything s", "serving MB",
    )  # fmt: skip
    say(table(head, rows))


def _help() -> float:
    return Running([*servers.FEEDSVC, "--help"]).finish().wall


def _measure(folder: Path, size: Size, more: int) -> Sequence[object]:
    content = folder / "content"
    newsroom.fill(content, size.articles, size.sections)
    newsroom.rest()
    port = free_port()
    file = newsroom.config(folder, content, port, workers=2)
    taken = servers.ingest(file)
    settings = config.load(file)
    scanned = statistics.median(_timed(lambda: scan(content, ignore=settings.content.ignore)) for _ in range(5))
    store = open_store(settings.store.url)
    renderers()
    held = store.lease(INGEST, f"{socket.gethostname()}/benchmark/{os.getpid()}", ttl=LEASE)
    if held is None:
        sys.exit("the lease is not free")
    configure(store, settings, now=utc_now(), lease=held)
    one, batch, feed = _one_more(settings, store, held, size, more)
    store.release(held)
    store.close()
    restart, everything, memory = _restart(file, port)
    return (
        f"{size.articles:,}",
        f"{size.sections:,}",
        f"{taken.wall:.1f}",
        f"{taken.wall / size.articles * 1e3:.2f}",
        f"{taken.memory / 1e6:.0f}",
        f"{scanned * 1e3:.0f}",
        f"{one * 1e3:.2f}",
        f"{batch * 1e3:.2f}",
        f"{feed * 1e3:.1f}",
        f"{restart:.2f}",
        f"{everything:.2f}",
        f"{memory / 1e6:.0f}",
    )


def _one_more(settings: Settings, store: Store, lease: Lease, size: Size, more: int) -> tuple[float, float, float]:
    """Seconds of processor time for one more article alone, for one in a batch, and to make its section's feed anew."""
    ingest = Ingest(settings, formats(), store, clock=utc_now, tick=time.monotonic)
    cache = DocumentCache(store, settings, utc_now)
    articles = newsroom.fresh(size.articles + 10)
    section = newsroom.section(size.sections // 2)
    cache.get(section, "rss")
    alone, feeds = [], []
    for number, text in islice(articles, more):
        name = f"{section}/fresh-{number:07}.md"
        (settings.content.path / name).write_text(text)
        alone.append(_timed(lambda name=name: _take(ingest, lease, [name])))  # type: ignore[misc]
        feeds.append(_timed(lambda: cache.get(section, "rss")))
    names = []
    for number, text in islice(articles, 100):
        names.append(f"{newsroom.section(number % size.sections)}/fresh-{number:07}.md")
        (settings.content.path / names[-1]).write_text(text)
    together = _timed(lambda: _take(ingest, lease, names))
    ingest.close()
    return statistics.median(alone), together / len(names), statistics.median(feeds)


def _take(ingest: Ingest, lease: Lease, names: Sequence[str]) -> None:
    report = ingest.some(lease, dict.fromkeys(names, ""))
    if report.outcomes["published"] != len(names):
        sys.exit(f"{len(names)} files should have been published: {report}")


def _restart(file: Path, port: int) -> tuple[float, float, int]:
    """Seconds from a start of the service to the feed of a section, and from another one to that of everything.

    Last the bytes that it takes once it is at rest.
    """
    section, everything = f"/feeds/{newsroom.section(0)}.rss", "/feeds/all.atom"
    times: dict[str, list[float]] = {section: [], everything: []}
    sizes = []
    for _ in range(3):
        with servers.serve(file) as running:
            times[section].append(_first(port, section, running))
            first_answer(port, everything, running)
            time.sleep(3)  # by then the marks of a long archive are kept for the next start
            sizes.append(running.memory())
        with servers.serve(file) as running:
            times[everything].append(_first(port, everything, running))
    return statistics.median(times[section]), statistics.median(times[everything]), int(statistics.median(sizes))


def _first(port: int, path: str, running: Running) -> float:
    first_answer(port, path, running)
    return time.perf_counter() - running.started


def _timed(work: Callable[[], object]) -> float:
    """The processor time of this process for *work*: on a shared machine steadier than what the clock says."""
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
