"""A newsroom with a bit of everything that pages can show, and its service."""

from __future__ import annotations

import contextlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from e2e.articles import markdown
from e2e.newsroom import Newsroom, Service, until

from feedsvc.clock import utc_now
from feedsvc.numbers.agents import Agent
from feedsvc.numbers.tally import Poll, Tally, milliseconds
from feedsvc.store.opening import open_store

LONG = "Unterwasserschallmessgeräteinstandhaltungsverordnung"
RICH = f"""---
title: The lighthouse keeps its keeper
date: 2026-11-12T09:30:00+01:00
updated: 2026-11-12T17:05:00+01:00
author: Ilse Marron
agency: Kittiwake Wire
dateline: SKARNSUND
standfirst: After a winter of letters the pilots' guild has changed its mind
tags: [lights, pilots, {LONG}]
image: /sketch.png
image_alt: A tower of red and white above a grey sea
image_caption: The tower as a pupil of the harbour school drew it
rights: © The Gannet
---

The lamp of Skarn will be lit by hand for another ten years, the pilots' guild said on Thursday.

## What it costs

The keeper's wage is that of two deckhands. See the [ruling](https://guild.example/ruling) and `rule 17`:

> A light that nobody looks after is a rock with a bulb.

| Year | Lamp oil | Wage | Paint | Boat | Letters | Repairs to the jetty |
|------|----------|------|-------|------|---------|----------------------|
| 2025 | 120      | 4100 | 77    | 900  | 12      | 2350                 |
| 2026 | 131      | 4200 | 80    | 910  | 31      | 2600                 |

    oil_needed = nights * hours_of_dark * litres_for_each_hour_and_lamp + reserve_for_fog_and_for_the_spring_tides

1. It is lit at dusk.
2. It is put out at dawn, under the {LONG}.
"""
ARABIC = """---
title: عودة قوارب الصيد
date: 2026-11-11T08:00:00Z
language: ar
sections: [Shore]
---

عادت القوارب مع المد في الصباح وفيها سمك كثير.
"""
LONG_NAME = f"Maximiliane-{LONG.capitalize()}"
"""Nobody's name, and as wide as a telephone can be asked to show."""
BAD = "---\ntitle: Notes\nembargo: soonish\n---\n\nThe text of it, in one sentence.\n"
CONFIG = """
[sections.harbour]
title = "Harbour"
description = "Ships, quays and those who wait on them."

[sections."harbour/lights"]
title = "Lights & Buoys"

[sections.shore]
title = "Shore"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The newsroom and its service."""

    newsroom: Newsroom
    service: Service

    @property
    def base(self) -> str:
        """Where it is served."""
        return self.newsroom.base_url

    def page(self, title: str) -> str:
        """The address of the page of the article with *title*."""
        return str(self.service.items()[title]["url"])

    def link(self) -> str:
        """A link that signs in to the desk."""
        return self.newsroom.command("token").stdout.decode().strip()


def picture(width: int, height: int) -> bytes:
    """A PNG with bands of colour."""
    rows = b"".join(
        b"\0" + b"".join(bytes((200, 60 + 120 * (y * 6 // height % 2), 40 + x * 150 // width)) for x in range(width))
        for y in range(height)
    )

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def polled() -> Tally:
    """What is counted of the polls of a service and of a reader."""
    tally = Tally()
    for client, agent in enumerate((Agent("Feedly", "service", 16, "feed/shore"), Agent("NetNewsWire", "app"))):
        tally.add(Poll("shore", "rss", 200, False, "", 900, 0, 0, agent, client), 1, at=milliseconds(utc_now()))
    return tally


@contextlib.contextmanager
def open_house(root: Path) -> Iterator[House]:
    """The newsroom in the folder *root*, running."""
    with Newsroom(root) as newsroom:
        newsroom.base_url = f"http://127.0.0.1:{newsroom.port}"
        newsroom.configure(CONFIG, workers=1)
        newsroom.write("sketch.png", picture(600, 400))
        newsroom.write("harbour/lights/keeper.md", RICH)
        newsroom.write("shore/boats.md", ARABIC)
        newsroom.write("people/name.md", markdown("A name of some length", author=LONG_NAME))
        for number in range(28):
            day = f"2026-10-{number + 1:02}T07:00:00Z"
            newsroom.write(f"shore/haul-{number}.md", markdown(f"Haul number {number}", date=day))
        for number in range(4):
            newsroom.write(f"kelp/bed-{number}.md", markdown(f"Kelp bed {number}"))
        newsroom.write("harbour/later.md", markdown("Tariff of the new year", embargo="2031-01-01T06:00:00Z"))
        newsroom.write("harbour/gone.md", markdown("A note that goes"))
        newsroom.write("harbour/bad.md", BAD)
        service = newsroom.start().wait_ingesting()
        service.wait_for("The lighthouse keeps its keeper", "Kelp bed 3", "A note that goes", "Haul number 27")
        until(lambda: newsroom.state_of("harbour/bad.md") == "refused", what="the bad file is refused")
        with contextlib.closing(open_store(newsroom.url)) as store:
            store.add_tally(polled())
        yield House(newsroom=newsroom, service=service)
