"""The sections with their rhythm, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from feedsvc.cadence import LOOKED_AT, Cadence, cadence
from feedsvc.publish.outline import Node
from feedsvc.web.context import Context
from feedsvc.web.desk.wording import span

MOST = 300
"""How many sections are looked at for the overview."""
REST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A section, how often it publishes, and what is to be said of that."""

    node: Node
    cadence: Cadence
    says: str


def rhythm(context: Context, node: Node, now: datetime) -> Rhythm:
    """The rhythm of the section of *node*. Raises StoreUnavailable."""
    found = cadence(context.store.releases(node.path, now, limit=LOOKED_AT), now)
    return Rhythm(node=node, cadence=found, says=_says(found))


class Quiet:
    """The sections that have gone strangely quiet. Thread-safe; looked for once a minute, for silence grows slowly."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: tuple[datetime, list[Rhythm]] | None = None

    def sections(self, now: datetime) -> list[Rhythm]:
        """Those of *now*, or of less than a minute ago, the longest silence first. Raises StoreUnavailable."""
        known = self._known
        if known is None or abs(now - known[0]) >= REST:
            nodes = [node for node in self._context.directory.listing(now).by_path.values() if node.feed][:MOST]
            found = [one for one in (rhythm(self._context, node, now) for node in nodes) if one.cadence.quiet]
            found.sort(key=lambda one: (-one.cadence.silence, one.node.path))
            known = self._known = (now, found)
        return known[1]


def _says(found: Cadence) -> str:
    if found.newest is None:
        return "Nothing has been published here."
    if found.usual is None or found.longest is None:
        return "Too few articles to know a rhythm."
    usual = f"Usually an article every {span(found.usual)}"
    if found.usual.total_seconds() < 60:
        usual = "Usually several articles at a time"
    if found.quiet:
        return (
            f"Strangely quiet: silent for {span(found.silence)}. {usual};"
            f" the longest pause among the last {found.count} articles was {span(found.longest)}."
        )
    return f"{usual}; the longest pause was {span(found.longest)}."
