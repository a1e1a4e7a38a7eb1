"""A drop of good files and of the worst ones, in every format, read by one process: what became of them, at what cost.

Run by hand: ``python tests/robustness/mixed_drop.py 10000`` prints the figures as JSON.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from feedsvc.config import Settings
from feedsvc.formats.registry import formats
from feedsvc.ingest.run import Ingest
from feedsvc.model import SourceState
from feedsvc.store.base import INGEST
from feedsvc.store.opening import open_store

NOW = datetime(2040, 3, 14, 12, tzinfo=UTC)
MEGABYTE = 1_000_000
_SENTENCE = "The harbour was closed again on Monday, and the ferry stayed at its quay."


def good(number: int) -> tuple[str, bytes]:
    """The name and bytes of a file that must be accepted, of the twelve kinds in turn."""
    title = f"Ferry number {number} is back"
    body = f"{_SENTENCE} It was ferry number {number}."
    day = f"2039-{number % 12 + 1:02}-{number % 28 + 1:02}"
    kinds: tuple[tuple[str, str], ...] = (
        (".md", f'---\ntitle: "{title}"\ndate: {day}\ntags: [harbour]\n---\n\n{body}\n\n- one\n- two\n'),
        (".txt", f"{title}\n\n{body}\n\nMore is said below.\n"),
        (
            ".html",
            f"<!doctype html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
            f"<p>{body}</p><p>{_SENTENCE}</p></article></body></html>",
        ),
        (
            ".json",
            json.dumps(
                {
                    "uri": f"urn:x:{number}",
                    "type": "text",
                    "versioncreated": f"{day}T10:00:00Z",
                    "headline": title,
                    "body_xhtml": f"<p>{body}</p>",
                }
            ),
        ),
        (
            ".json",
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "title": "Wire",
                    "items": [{"id": f"w{number}", "title": title, "content_html": f"<p>{body}</p>"}],
                }
            ),
        ),
        (".json", json.dumps({"title": title, "date": day, "body": f"<p>{body}</p>"})),
        (
            ".xml",
            f"<nitf><head><docdata><doc-id id-string='n{number}'/></docdata></head><body><body.head><hedline>"
            f"<hl1>{title}</hl1></hedline></body.head><body.content><p>{body}</p></body.content></body></nitf>",
        ),
        (
            "",
            f"<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/' guid='urn:g2:{number}' version='1'><itemMeta>"
            f"<itemClass qcode='ninat:text'/><versionCreated>{day}T10:00:00Z</versionCreated></itemMeta><contentMeta>"
            f"<headline>{title}</headline></contentMeta><contentSet><inlineXML contenttype='application/xhtml+xml'>"
            f"<html xmlns='http://www.w3.org/1999/xhtml'><body><p>{body}</p></body></html></inlineXML></contentSet>"
            "</newsItem>",
        ),
        (
            ".rss",
            f"<rss version='2.0'><channel><title>Wire</title><item><guid isPermaLink='false'>r{number}</guid>"
            f"<title>{title}</title><description>&lt;p&gt;{body}&lt;/p&gt;</description></item></channel></rss>",
        ),
        (
            ".atom",
            f"<entry xmlns='http://www.w3.org/2005/Atom'><id>urn:a:{number}</id><title>{title}</title>"
            f"<updated>{day}T10:00:00Z</updated><content type='html'>&lt;p&gt;{body}&lt;/p&gt;</content></entry>",
        ),
        (".md", f'+++\ntitle = "{title}"\ndate = {day}\n+++\n\n{body}\n'),
        (".txt", f"{title.upper()}\n    SKERROW, March 3 - {body}\n     Reuter\n"),
    )
    suffix, text = kinds[number % len(kinds)]
    return f"good/{number % 40}/{number}{suffix}", text.encode()


def bad(number: int, chance: random.Random) -> tuple[str, bytes]:
    """The name and bytes of a small file that is broken in one of many ways; it may still be readable in part."""
    _, whole = good(number)
    suffix = chance.choice([".md", ".txt", ".html", ".json", ".xml", ".rss", ".atom", ""])
    ways = (
        lambda: whole[: chance.randrange(len(whole))],
        lambda: chance.randbytes(chance.randrange(1, 3000)),
        lambda: b"\x89PNG\r\n\x1a\n" + chance.randbytes(300),
        lambda: whole.decode().encode("utf-16-le"),
        lambda: whole.replace(b"a", b"\xff\x81"),
        lambda: whole.replace(b"e", b"\x00"),
        lambda: whole[::-1],
        lambda: b"",
        lambda: b" \r\n\t" * 50,
        lambda: b"---\ntitle: &a [*a, *a]\nx: !!python/object:os.system {}\n---\n" + whole,
        lambda: b'<!DOCTYPE nitf [<!ENTITY a "&b;&b;"><!ENTITY b "&a;">]><nitf>&a;</nitf>',
        lambda: b"{" * 3000,
        lambda: b"<div>" * 3000,
        lambda: b"> " * 3000 + b"x",
        lambda: b"[" * 3000 + b"](x)",
        lambda: b"<script>alert(1)</script><svg onload=alert(1)>" + whole,
        lambda: b"".join(chance.choice([whole[i : i + 9], b"\xc3", b"<", b"&"]) for i in range(0, len(whole), 9)),
    )
    return f"bad/{number % 40}/{number}{suffix}", chance.choice(ways)()


def huge(each: int) -> Iterator[tuple[str, bytes]]:
    """Files of *each* bytes, each of which asks much of one format."""
    sentence = f"<p>{_SENTENCE}</p>".encode()
    for name, unit, head, tail in (
        ("deep.html", b"<div>", b"<html><body>", b"text."),
        ("deep.xml", b"<p>", b"<nitf><body><body.content>", b""),
        ("deep.json", b'{"a":', b"", b"1"),
        ("deep.md", b"> ", b"# Title\n\n", b"text.\n"),
        ("lists.md", b"- a\n  ", b"# Title\n\n", b"text.\n"),
        ("stars.md", b"*a **", b"# Title\n\n", b"\n"),
        ("links.md", b"[a](", b"# Title\n\n", b"\n"),
        ("ticks.md", b"`a``", b"# Title\n\n", b"\n"),
        ("table.md", b"|a", b"# Title\n\n|a|b|\n|-|-|\n", b"\n"),
        ("keys.md", b"a: b\n", b"---\n", b"---\ntext.\n"),
        ("line.txt", b"word ", b"A title\n\n", b".\n"),
        ("one-word.txt", b"x", b"A title\n\n", b".\n"),
        ("lines.txt", b"By Jane Doe\n", b"A title\n\n", b"\n"),
        ("spaces.txt", b" ", b"A title\n\n", b"text.\n"),
        ("brackets.txt", b"(", b"", b"\n"),
        ("attributes.html", b'a="b" ', b"<html><body><p ", b">text.</p>"),
        ("paragraphs.html", sentence, b"<html><body><article><h1>Title</h1>", b"</article></body></html>"),
        ("links.html", b"<a href=x>x</a>", b"<html><body><article>", b"</article>"),
        ("references.html", b"&amp;", b"<html><body><p>", b"</p>"),
        ("tables.html", b"<table><tr><td>", b"<html><body>", b"text."),
        ("breaks.html", b"word<br>", b"<html><body><h1>Title</h1><p>", b"</p>"),
        ("strings.json", b'"a",', b'{"title": "A title", "body": [', b'""]}'),
        ("numbers.json", b"1", b'{"title": "A title", "version": ', b"}"),
        ("items.json", b'{"id": "1", "content_text": "x"},',
         b'{"version": "https://jsonfeed.org/version/1.1", "items": [', b"{}]}"),
        ("paragraphs.xml", sentence, b"<nitf><body><body.content>", b"</body.content></body></nitf>"),
        ("items.rss", b"<item><title>a</title></item>", b"<rss version='2.0'><channel>", b"</channel></rss>"),
        ("attributes.xml", b"a='1' ", b"<nitf ", b"/>"),
        ("documents.txt", b"1 of 2 DOCUMENTS\n\nA paper\n\nHEADLINE: x\n\nBODY:\nText is here.\n\n", b"", b""),
        ("marks.md", "e\u0301\u0301".encode(), b"# Title\n\n", b".\n"),
        ("spoilt.txt", "Ã©".encode(), b"A title\n\n", b".\n"),
        ("junk.md", b"\x00\xff\xfe", b"", b""),
        ("junk.html", b"\xed\xa0\x80<", b"<html><body>", b""),
    ):  # fmt: skip
        room = each - len(head) - len(tail)
        yield f"huge/{name}", head + unit * (room // len(unit)) + tail


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What became of a drop: files by state, good files that were not accepted, files without a state or a reason.

    Times in seconds, memory in MB: *peak* of this process, *readers* of its largest child.
    """

    files: int
    states: dict[str, int]
    lost: list[str]
    silent: list[str]
    seconds: float
    peak: float
    readers: float
    slowest: float


def read(folder: Path, count: int, *, seed: int = 1, largest: int = 5 * MEGABYTE) -> Figures:
    """Write *count* small files and the huge ones of *largest* bytes below *folder*, and read them in one pass."""
    chance = random.Random(seed)
    root = folder / "content"
    names: list[str] = []
    for name, data in chain(huge(largest), (bad(n, chance) if n % 3 == 2 else good(n) for n in range(count))):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        names.append(name)
    site = {"base_url": "https://news.example.org", "title": "Drop", "authority": "news.example.org,2026"}
    settings = Settings.model_validate({"site": site, "content": {"path": root}})
    store = open_store(f"sqlite:///{folder}/store.db")
    longest, before = 0.0, time.monotonic()

    def progress(_done: int, _all: int) -> None:
        nonlocal longest, before
        longest, before = max(longest, time.monotonic() - before), time.monotonic()

    began = time.monotonic()
    ingest = Ingest(settings, formats(), store, clock=lambda: NOW, tick=time.monotonic)
    try:
        lease = store.lease(INGEST, "drop", ttl=timedelta(hours=1))
        assert lease is not None
        ingest.full(lease, progress=progress)
        seconds = time.monotonic() - began
        known = store.sources()
    finally:
        ingest.close()
        store.close()
    accepted = (SourceState.ACCEPTED,)
    return Figures(
        files=len(names),
        states=dict(Counter(record.state.value for record in known.values())),
        lost=[name for name in names if name.startswith("good/") and known[name].state not in accepted],
        silent=[
            name for name in names if name not in known or (known[name].state not in accepted and not known[name].error)
        ],
        seconds=round(seconds, 1),
        peak=round(_peak() / 1024, 1),
        readers=round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1),
        slowest=round(longest, 1),
    )


def _peak() -> int:
    """The most memory that this process has held, in KB: what getrusage says may be its parent's, from before exec."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def main() -> None:
    """Print the figures of a drop of as many files as the first argument says, each huge one as large as the second."""
    count, largest = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5 * MEGABYTE - 1000
    with tempfile.TemporaryDirectory() as folder:
        figures = read(Path(folder), count, largest=largest)
    print(json.dumps({name: getattr(figures, name) for name in Figures.__slots__}))  # noqa: T201


if __name__ == "__main__":
    main()
