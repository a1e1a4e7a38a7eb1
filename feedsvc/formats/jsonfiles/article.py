"""JSON files that hold an article in one of the usual shapes.

A JSON Feed item on its own; a schema.org ``NewsArticle`` or one of its kin (JSON-LD, also in ``@graph``); and
plain objects with names like those of a front matter, in any spelling (``published_at``, ``publishedAt``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath

from feedsvc.errors import ContentError, NotAnArticle
from feedsvc.formats.base import RawItem
from feedsvc.formats.draft import gather
from feedsvc.formats.jsonfiles import kinds, schemaorg
from feedsvc.formats.jsonfiles.fields import Fields
from feedsvc.formats.jsonfiles.jsonfeed import read_item
from feedsvc.formats.jsonfiles.kinds import Kind
from feedsvc.formats.jsonfiles.loading import load, peek
from feedsvc.formats.jsonfiles.plain import read_plain

_KINDS = (Kind.PLAIN, Kind.SCHEMA, Kind.FEED_ITEM)


class JsonArticle:
    """Reads articles in JSON that are of no news format: JSON Feed items, schema.org, plain objects."""

    name = "JSON"
    suffixes = frozenset({".json", ".jsonld"})
    begins = b"{["

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """Whether the JSON holds an object with a title and a text, or an article of schema.org."""
        value = peek(data)
        kind = kinds.main_kind(value)
        return _has_article(value) if kind is Kind.SCHEMA else kind in _KINDS

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """The articles of the file. Raises UnknownFormat or NotAnArticle for JSON that holds something else."""
        loaded = load(data, fallback_encoding=fallback_encoding)
        objects, notes = kinds.of_kind(loaded.value, *_KINDS)
        notes = (*loaded.notes, *notes)
        readers = [reader for fields in objects for reader in _readers(fields, notes)]
        if not readers:
            types = ", ".join(schemaorg.types_of(objects[0]))[:100] or "something without a type"
            raise NotAnArticle(f"The JSON-LD describes {types}, which is no article.")
        return gather(readers, lambda reader: reader(), kind="JSON")


def _readers(fields: Fields, notes: Sequence[str]) -> Iterator[Callable[[], RawItem]]:
    """What reads each article of one object."""
    kind = kinds.kind_of(fields)
    if kind is Kind.SCHEMA:
        for node in schemaorg.articles_in(fields):
            yield partial(schemaorg.read_article, node, notes)
    elif kind is Kind.FEED_ITEM:
        yield partial(read_item, fields, notes)
    else:
        yield partial(read_plain, fields, notes)


def _has_article(value: object) -> bool:
    try:
        return any(schemaorg.articles_in(fields) for fields in kinds.objects_in(value))
    except ContentError:
        return False
