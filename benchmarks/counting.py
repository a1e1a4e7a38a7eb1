"""What counting costs a poll: the short way asked in one process, with and without it, for a 304.

    python benchmarks/counting.py [--polls 50000]

The first figure is what the thread that answers pays, the second with the thread that counts run to its end.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from feedsvc import config
from feedsvc.board import Board
from feedsvc.clock import GRAIN_SECONDS, utc_now
from feedsvc.publish.cache import DocumentCache
from feedsvc.publish.document import Document
from feedsvc.store.opening import open_store
from feedsvc.web.counting import Counting
from feedsvc.web.polls import short_way

ROUNDS = 7
CONFIG = '[site]\nbase_url = "https://a.example"\ntitle = "A"\nauthority = "a.example,2026"\n'


class OneDocument(DocumentCache):
    """A cache that has one document."""

    document: Document

    def standing(self, name: str, suffix: str, now: datetime) -> Document | None:
        """The document, whatever is asked for."""
        del name, suffix, now
        return self.document


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--polls", type=int, default=50_000)
    polls = parser.parse_args().polls
    with TemporaryDirectory() as folder:
        path = Path(folder, "feedsvc.toml")
        path.write_text(CONFIG, "utf-8")
        settings = config.load(path)
        store = open_store(f"sqlite:///{folder}/store.db")

        cache = OneDocument(store, settings, utc_now, renderers={})
        cache.document = Document(b"<rss/>" * 20_000, media_type="application/rss+xml")
        counting = Counting(store, settings, utc_now, board=Board())

        def app(_environ: dict[str, Any], _start: Callable[..., Any]) -> list[bytes]:
            raise AssertionError

        plain, counted = (short_way(app, cache, utc_now, counting=one, grain=GRAIN_SECONDS) for one in (None, counting))
        without, answered, whole = [], [], []
        for _ in range(ROUNDS):
            without.append(_run(plain, cache.document, polls)[0])
            spent, both = _run(counted, cache.document, polls, counting.work_out)
            answered.append(spent)
            whole.append(both)
        store.close()
    base = statistics.median(without)
    print(f"a 304 without counting   {base:6.2f} us")
    for told, found in (("counted", answered), ("counted, and worked out", whole)):
        print(f"{told:24} {statistics.median(found):6.2f} us  (+{statistics.median(found) - base:.2f})")


def _run(
    way: Callable[..., Any], document: Document, polls: int, after: Callable[[], object] = int
) -> tuple[float, float]:
    """Microseconds of CPU for a poll, without and with *after*, which is run for every five thousand."""
    spent = worked = 0.0
    for start in range(0, polls, 5000):
        began = time.process_time()
        for number in range(start, start + 5000):
            way(
                {
                    "PATH_INFO": "/feeds/all.rss",
                    "REQUEST_METHOD": "GET",
                    "HTTP_IF_NONE_MATCH": document.etag("gzip"),
                    "HTTP_ACCEPT_ENCODING": "gzip, br",
                    "HTTP_USER_AGENT": f"NetNewsWire (RSS Reader; {number % 20})",
                    "REMOTE_ADDR": f"192.0.2.{number % 200}",
                },
                lambda *_: None,
            )
        ended = time.process_time()
        after()
        spent += ended - began
        worked += time.process_time() - ended
    return spent / polls * 1e6, (spent + worked) / polls * 1e6


if __name__ == "__main__":
    main()
