"""A newsroom to measure: Markdown files of invented words, and the config of a site that publishes them."""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

WORDS = 400
_PARAGRAPHS = 6
_POOL = 4000
_AUTHORS = 60
_TAGS = 300
"""As many as a newsroom has: each has a page and a feed."""
_SYLLABLES = (
    "ba", "be", "bo", "da", "de", "do", "fa", "fen", "gor", "ha", "hel", "ka", "kor", "la", "len", "lo", "mar", "mi",
    "mo", "na", "ner", "no", "pa", "pel", "ra", "ren", "ro", "sa", "sel", "so", "ta", "ten", "tor", "va", "ver", "wa",
)  # fmt: skip
SETTLE_SECONDS = 2.0


def section(number: int) -> str:
    """The path of section *number*."""
    return f"desk-{number:04}"


@functools.cache
def _pool() -> tuple[list[str], list[str]]:
    """Words, and paragraphs made of them."""
    dice = random.Random(20260314)
    words = sorted({"".join(dice.choices(_SYLLABLES, k=dice.randint(1, 3))) for _ in range(3000)})
    dice.shuffle(words)
    words.sort(key=lambda word: len(word) > 4)
    weights = [1 / (rank + 8) for rank in range(len(words))]  # some words come often, and short ones do, as they do
    paragraphs = []
    for _ in range(_POOL):
        chosen = dice.choices(words, weights, k=WORDS // _PARAGRAPHS)
        for start in range(0, len(chosen), 13):
            chosen[start] = chosen[start].capitalize()
            if start:
                chosen[start - 1] += "."
        chosen[20] = f"*{chosen[20]}*"
        chosen[40] = f"[{chosen[40]}](https://example.org/{chosen[41]})"
        paragraphs.append(" ".join(chosen) + ".")
    return words, paragraphs


@functools.cache
def _name(author: int) -> str:
    """The name of one of the authors."""
    first, last = random.Random(author).choices(_pool()[0], k=2)
    return f"{first.capitalize()} {last.capitalize()}"


def article(number: int, when: datetime) -> str:
    """Article *number*: front matter and about 400 words of Markdown, each time the same, no two alike."""
    words, paragraphs = _pool()
    dice = random.Random(number)
    title = " ".join(dice.choices(words, k=6)).capitalize()
    body = dice.choices(paragraphs, k=_PARAGRAPHS)
    body.insert(3, f"## {' '.join(dice.choices(words, k=3)).capitalize()}")
    text = "\n\n".join(body)
    return (
        f'---\ntitle: "{title} {number}"\ndate: {when.isoformat(timespec="seconds")}\n'
        f"author: {_name(dice.randrange(_AUTHORS))}\n"
        f"tags: [{dice.choice(words[:_TAGS])}, {dice.choice(words[:_TAGS])}]\n---\n\n{text}\n"
    )


def fill(folder: Path, count: int, sections: int, *, first: int = 0, begin: int = 0) -> None:
    """Write *count* articles into *sections* folders below *folder*, seven minutes apart, the last one hour ago.

    *first* is the number of the first section, *begin* that of the first article.
    """
    last = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    for number in range(first, first + sections):
        (folder / section(number)).mkdir(parents=True, exist_ok=True)
    for number in range(begin, begin + count):
        when = last - timedelta(minutes=7) * (begin + count - number)
        path = folder / section(first + number % sections) / f"article-{number:07}.md"
        path.write_text(article(number, when))


def rest() -> None:
    """Wait until what was written last counts as settled at the first look."""
    time.sleep(SETTLE_SECONDS + 0.5)


def fresh(first: int) -> Iterator[tuple[int, str]]:
    """Article after article of this moment, from number *first* on, without end."""
    number = first
    while True:
        yield number, article(number, datetime.now(UTC))
        number += 1


def config(folder: Path, content: Path, port: int, *, workers: int = 1, limit: int = 50) -> Path:
    """A config file in *folder* for a site on *port* that publishes *content*; its store lies beside it."""
    path = folder / "feedsvc.toml"
    path.write_text(
        f"""[site]
base_url = "http://127.0.0.1:{port}"
title = "The Measured Courier"
authority = "courier.example,2026"

[content]
path = "{content}"
settle = "{SETTLE_SECONDS:g}s"

[store]
url = "sqlite:///{folder}/feedsvc.db"

[feeds]
limit = {limit}

[server]
port = {port}
workers = {workers}
"""
    )
    return path
