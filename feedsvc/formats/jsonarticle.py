"""JSON files that hold an article in one of the usual shapes.

A JSON Feed item on its own; a schema.org ``NewsArticle`` or one of its kin (JSON-LD, also in ``@graph``); and
plain objects with names like those of a front matter, in any spelling (``published_at``, ``publishedAt``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from feedsvc.formats import jsonkinds
from feedsvc.formats.base import RawItem
from feedsvc.formats.draft import gather
from feedsvc.formats.jsonbytes import load, peek
from feedsvc.formats.jsonfeed import read_item
from feedsvc.formats.jsonkinds import Kind
from feedsvc.formats.jsonplain import read_plain
from feedsvc.formats.schemaorg import articles_in, read_article

_KINDS = (Kind.PLAIN, Kind.SCHEMA, Kind.FEED_ITEM)


class JsonArticle:
    """Reads articles in JSON that are of no news format: JSON Feed items, schema.org, plain objects."""

    name = "JSON"
    suffixes = frozenset({".json", ".jsonld"})

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """Whether the JSON holds an object with a title and a text, or an article of schema.org."""
        value = peek(data)
        kind = jsonkinds.main_kind(value)
        if kind is Kind.SCHEMA:
            return any(articles_in(node) for node in jsonkinds.objects_in(value))
        return kind in _KINDS

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """The articles of the file. Raises UnknownFormat or NotAnArticle for JSON that holds something else."""
        loaded = load(data, fallback_encoding=fallback_encoding)
        objects, notes = jsonkinds.of_kind(loaded.value, *_KINDS)
        notes = (*loaded.notes, *notes)
        kind = jsonkinds.kind_of(objects[0])
        if kind is Kind.SCHEMA:
            nodes = [node for each in objects for node in articles_in(each)]
            return gather(nodes or objects, lambda node: read_article(node, notes), kind="schema.org")
        if kind is Kind.FEED_ITEM:
            return gather(objects, lambda entry: read_item(entry, notes), kind="JSON Feed items")
        return gather(objects, lambda each: read_plain(each, notes), kind="JSON")
