"""The sections with their rhythm, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from feedsvc.cadence import LOOKED_AT, Cadence, cadence
from feedsvc.publish.outline import Node
from feedsvc.web.context import Context
from feedsvc.web.desk.wording import span

MOST = 300
"""How many sections are looked at for the overview."""


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


def quiet_sections(context: Context, now: datetime) -> list[Rhythm]:
    """The sections that have gone strangely quiet, the longest silence first. Raises StoreUnavailable."""
    nodes = [node for node in context.directory.listing(now).by_path.values() if node.feed][:MOST]
    found = filter(lambda one: one.cadence.quiet, map(partial(_of, context, now), nodes))
    return sorted(found, key=lambda one: (-one.cadence.silence, one.node.path))


def _of(context: Context, now: datetime, node: Node) -> Rhythm:
    return rhythm(context, node, now)


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
