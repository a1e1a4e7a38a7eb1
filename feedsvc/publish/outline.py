"""The sections as a tree in the newsroom's own order, as pages and lists of feeds show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedsvc.config import Settings
from feedsvc.model import Section
from feedsvc.publish.settings import is_section, relocated, section_title


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A section: *count* public articles in it and below it, *newest* of their releases.

    *feed* is False for a level that only leads to others: nothing was ever published or configured there.
    """

    path: str
    title: str
    description: str
    count: int
    newest: datetime | None
    feed: bool = True
    children: tuple[Node, ...] = ()

    @property
    def parents(self) -> tuple[str, ...]:
        """The paths of the sections that it stands in, the widest first."""
        segments = self.path.split("/")
        return tuple("/".join(segments[:length]) for length in range(1, len(segments)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All sections: the widest as a tree in *top*, and each *by_path*."""

    top: tuple[Node, ...]
    by_path: Mapping[str, Node]

    @property
    def count(self) -> int:
        """How many sections there are."""
        return len(self.by_path)

    def nodes(self) -> Iterator[Node]:
        """The sections in the order of the site, each before those that stand in it."""
        waiting = [*reversed(self.top)]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)


def arrange(sections: Sequence[Section], settings: Settings) -> Listing:
    """*sections* and those of the config file as a tree: in the order of the file, then by title."""
    found = {
        section.path: section
        for section in sections
        if is_section(section.path) and (section.newest is not None or not relocated(settings, section.path))
    }
    paths = dict.fromkeys((*settings.sections, *found))
    for path in list(paths):
        segments = path.split("/")
        paths.update(("/".join(segments[:length]), None) for length in range(1, len(segments)))
    configured = {path: place for place, path in enumerate(settings.sections)}
    below: dict[str, list[str]] = {}
    for path in paths:
        below.setdefault(path.rpartition("/")[0], []).append(path)
    by_path: dict[str, Node] = {}

    def titled(path: str) -> str:
        return section_title(settings, path, found[path].title if path in found else "")

    def order(path: str) -> tuple[int, str, str]:
        return configured.get(path, len(configured)), titled(path).casefold(), path

    def node(path: str) -> Node:
        section = found.get(path)
        children = tuple(node(child) for child in sorted(below.get(path, ()), key=order))
        by_path[path] = Node(
            path=path,
            title=titled(path),
            description=settings.sections[path].description if path in settings.sections else "",
            count=0 if section is None else section.count,
            newest=None if section is None else section.newest,
            feed=section is not None or path in settings.sections,
            children=children,
        )
        return by_path[path]

    return Listing(top=tuple(node(path) for path in sorted(below.get("", ()), key=order)), by_path=by_path)
