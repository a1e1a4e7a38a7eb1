"""What a User-Agent says: the program's name, and how many subscribers it fetches for. The rest is not kept."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple

LONGEST = 300
"""How many characters of a User-Agent are read; what it declares stands far before that."""
MOST_SUBSCRIBERS = 100_000_000
"""A larger number is no count."""
LONGEST_NAME = 40
UNNAMED, BROWSER = "unnamed", "a browser"
_LONGEST_ID = 40

# Every part is bounded, and no two neighbours can take the same characters: reading is linear.
_NUMBER = r"(?P<count>[0-9]{1,3}(?:[,.'\u2019\u00a0\u202f][0-9]{3}){1,3}|[0-9]{1,10})"
_WORD = r"(?:subscribers?|readers?|followers?|listeners?|users?|abonn(?:enten|[ée]s?)?)"
_AHEAD = re.compile(
    rf"(?<![A-Za-z0-9./,'-]){_NUMBER}\+?[ _]{{0,3}}(?:active |feed |unique )?{_WORD}(?![\w/])", re.IGNORECASE
)
_BEHIND = re.compile(
    rf"(?<![a-z]){_WORD}(?:[ _]count)?(?:[ _]{{0,2}}[:=][ _]{{0,2}}|[ _]){_NUMBER}(?![\w./])", re.IGNORECASE
)
_FEED_ID = re.compile(rf"\bfeed[-_ ]?id *[:=] *([\w-]{{1,{_LONGEST_ID}}})", re.IGNORECASE)
_COMPATIBLE = re.compile(r"\(compatible; *([^;()]{1,80})")
_PERSONAL = re.compile(r"\S*@\S*|https?:\S*|\b[0-9a-f-]{16,}\b|[0-9]+(?:[.:_-][0-9]+)+|[0-9]{4,}", re.IGNORECASE)
_VERSION = re.compile(r"[ _-]v?[0-9][0-9.]*$", re.IGNORECASE)
_UNFIT = re.compile(r"[^\w .:-]+")


class Agent(NamedTuple):
    """A client by its *name*, of the *kind* that ``agents.toml`` says, "" for one that is not in it.

    *subscribers* is what it declares, None if it declares nothing; *feed_id* tells apart several feeds that one
    service sees behind one address.
    """

    name: str
    kind: str = ""
    subscribers: int | None = None
    feed_id: str = ""

    @property
    def reads(self) -> bool:
        """Whether there may be a reader behind it."""
        return self.kind != "crawler"


class Agents:
    """Reads User-Agents by the table of known programs. Thread-safe."""

    def __init__(self, table: Mapping[str, Mapping[str, list[str]]] | None = None) -> None:
        if table is None:
            table = tomllib.loads(files("feedsvc.numbers").joinpath("agents.toml").read_text("utf-8"))
        self._words = [
            (word, name, kind) for kind, names in table.items() for name, words in names.items() for word in words
        ]
        self.known = frozenset(name for _word, name, _kind in self._words) | {UNNAMED, BROWSER}
        self.read = functools.lru_cache(maxsize=4096)(self._read)

    def _read(self, user_agent: str) -> Agent:
        """What *user_agent* says, as the web server gives it: any text."""
        said = user_agent[:LONGEST]
        low = said.casefold()
        name, kind = next(((name, kind) for word, name, kind in self._words if word in low), ("", ""))
        if not name:
            name = reduced(said)
            kind = "browser" if name == BROWSER else ""
        found = _FEED_ID.search(said)
        return Agent(name, kind, subscribers(said), "" if found is None else found[1])


def subscribers(said: str) -> int | None:
    """How many subscribers the words of a User-Agent declare; None where they declare none."""
    said = _FEED_ID.sub(" ", said[:LONGEST])
    found = _AHEAD.search(said) or _BEHIND.search(said)
    if found is None:
        return None
    count = int(re.sub(r"[^0-9]", "", found["count"]))
    return count if count <= MOST_SUBSCRIBERS else None


def reduced(said: str) -> str:
    """The name of a program that no table knows: without version, addresses, and what could tell one user from others.

    It is ``unnamed`` where nothing fit is left.
    """
    said = _BEHIND.sub(" ", _AHEAD.sub(" ", said[:LONGEST])).strip()
    compatible = _COMPATIBLE.search(said)
    if compatible is not None:
        said = compatible[1]
    elif said.startswith("Mozilla/"):
        return BROWSER
    name = re.split(r"[/;(,]| [-+] ", said, maxsplit=1)[0]
    name = _UNFIT.sub(" ", _PERSONAL.sub(" ", name))
    name = _VERSION.sub("", " ".join(name.split())).strip(" .:-_")[:LONGEST_NAME].strip()
    return name if re.search(r"[^\W\d_]", name) else UNNAMED
