"""Rows of the tables as the types of the model, and back."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from feedsvc import links
from feedsvc.memo import memoised
from feedsvc.model import Change, Entry, Medium, Signature, SourceRecord, SourceState, Stored, Version
from feedsvc.store.base import Address, Claim, Place
from feedsvc.store.documents import load
from feedsvc.store.tables import media, moment, ms

_LARGEST = (1 << 63) - 1
"""Of the database's integers; a file may give itself any version."""
_READABLE = json.JSONEncoder(ensure_ascii=False)
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_FEW, _SHORT = 10, 1_000
"""So many sections and characters are remembered as they are written."""
_STATES = {state.value: state for state in SourceState}


def path_of(row: Row[Any]) -> str:
    """The root-relative address of the article in *row*."""
    return links.article(date.fromisoformat(row.day), row.slug, row.key)


def stored(row: Row[Any]) -> Stored:
    """An ``articles`` row, joined with the ``reason`` of a takedown, as the article with all that is known of it."""
    return Stored(
        article=load(row.document),
        key=row.key,
        path=path_of(row),
        released=None if row.released is None else moment(row.released),
        withdrawn=None if row.withdrawn is None else moment(row.withdrawn),
        takedown=row.reason,
        digest=row.digest,
    )


def entry(row: Row[Any]) -> Entry:
    """An ``articles`` row joined with a placement, as an entry of that feed."""
    return Entry(article=load(row.document), path=path_of(row), released=moment(row.released))


def address(row: Any) -> Address:
    """A placement joined with what an article's address is made of."""
    return Address(
        path=path_of(row),
        changed=moment(max(row.updated, row.released)),
        place=Place(released=moment(row.released), published=moment(row.published), article_id=row.article_id),
    )


def new_feed(name: str) -> dict[str, Any]:
    """The ``feeds`` row of a feed in which nothing has been seen yet."""
    return {"feed": name, "title": "", "seq": 0, "generation": 0, "changed": 0, "updated": 0, "digest": ""}


def version(row: Row[Any]) -> Version:
    """A ``feeds`` row."""
    return Version(
        feed=row.feed,
        seq=row.seq,
        generation=row.generation,
        changed=moment(row.changed),
        updated=moment(row.updated),
        title=row.title,
    )


def change(row: Row[Any]) -> Change:
    """A ``changes`` row."""
    return Change(
        seq=row.seq,
        feed=row.feed,
        article_id=row.article_id,
        kind=row.kind,
        at=moment(row.at),
        detail=row.detail,
    )


def medium(row: Row[Any]) -> Medium:
    """A ``media`` row."""
    return Medium(
        path=row.path,
        hash=row.hash,
        type=row.type,
        length=row.length,
        width=row.width,
        height=row.height,
        mtime_ns=row.mtime_ns,
    )


def medium_values(source: str, medium: Medium) -> dict[str, Any]:
    """The ``media`` row of *medium*, which the file *source* names."""
    known = {field.name: getattr(medium, field.name) for field in dataclasses.fields(medium)}
    return {"source": source, **{name: value for name, value in known.items() if name in media.c}}


def claim(row: Row[Any]) -> Claim:
    """A ``claims`` row."""
    return Claim(
        path=row.path,
        article_id=row.article_id,
        state=SourceState(row.state),
        version=row.version,
        sections=tuple(json.loads(row.sections)),
    )


def claim_values(claim: Claim) -> dict[str, Any]:
    """The ``claims`` row of *claim*."""
    return {
        "path": claim.path,
        "article_id": claim.article_id,
        "state": claim.state.value,
        "version": min(claim.version, _LARGEST),
        "sections": _listed(claim.sections),
    }


@memoised(512, longest=_FEW)
def _listed(sections: tuple[str, ...]) -> str:
    """*sections* as JSON; those of one folder are alike."""
    return json.dumps(sections)


class _Decoded(Mapping[str, Any]):
    """JSON text as a mapping. It is decoded when it is asked for: a scan loads every file, and asks for none of it."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __getitem__(self, key: str) -> Any:
        return self._known()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())

    def __repr__(self) -> str:
        return repr(self._known())

    def _known(self) -> dict[str, Any]:
        return {key: tuple(value) if isinstance(value, list) else value for key, value in json.loads(self.text).items()}


def source(row: Iterable[Any]) -> SourceRecord:
    """A ``sources`` row, whose columns stand as in the table. A scan asks for each file: this counts."""
    path, signature, sha256, state, error, line, reading, articles, origin, notes, first_seen, seen = row
    size, mtime_ns, ctime_ns, inode, device = map(int, signature.split())
    return SourceRecord(
        path=path,
        signature=Signature(size=size, mtime_ns=mtime_ns, ctime_ns=ctime_ns, inode=inode, device=device),
        sha256=sha256,
        state=_STATES[state],
        error=error,
        line=line,
        reading=reading,
        articles=tuple(json.loads(articles)),
        origin=_Decoded(origin),
        notes=_Decoded(notes),
        first_seen=moment(first_seen),
        seen=moment(seen),
    )


class KnownFiles(Mapping[str, SourceRecord]):
    """The known files by path, at one moment, each made of its row when it is asked for.

    A scan finds nearly all of a hundred thousand files as they were, and needs nothing of those but :meth:`stands`.
    """

    def __init__(self, found: Iterable[Sequence[Any]], changed: Mapping[str, SourceRecord] | None = None) -> None:
        self._rows = {row[0]: row for row in found}
        self._changed = dict(changed or {})

    def __getitem__(self, path: str) -> SourceRecord:
        return self._changed.get(path) or source(self._rows[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, path: object) -> bool:
        return path in self._rows

    def but(self, changed: Mapping[str, SourceRecord]) -> KnownFiles:
        """The same files, with those *changed* in the place of what is known."""
        return KnownFiles(self._rows.values(), {**self._changed, **changed})

    def stands(self, path: str, found: Signature, *, readings: Collection[str], absent: Collection[str]) -> bool:
        """Whether the file is as it was: one with that signature, read by *readings*, and in no state of *absent*."""
        row = self._rows.get(path)
        if row is None or path in self._changed:
            return False
        return row[1] == _signature(found) and row[6] in readings and row[3] not in absent


def source_values(record: SourceRecord) -> dict[str, Any]:
    """The ``sources`` row of *record*."""
    return {
        "path": record.path,
        "signature": _signature(record.signature),
        "sha256": record.sha256,
        "state": record.state.value,
        "error": record.error,
        "line": record.line,
        "reading": record.reading,
        "articles": _READABLE.encode(record.articles),
        "origin": _encoded(record.origin),
        "notes": _encoded(record.notes),
        "first_seen": ms(record.first_seen),
        "seen": ms(record.seen),
    }


def _signature(known: Signature) -> str:
    return f"{known.size} {known.mtime_ns} {known.ctime_ns} {known.inode} {known.device}"


def _encoded(said: Mapping[str, Any]) -> str:
    if isinstance(said, _Decoded):
        return said.text
    return "{" + ",".join([f"{_COMPACT.encode(key)}:{_inner(value)}" for key, value in said.items()]) + "}"


def _inner(value: Mapping[str, str] | Sequence[str]) -> str:
    if not isinstance(value, Mapping):
        return _COMPACT.encode(value) if value else "[]"
    return _object(tuple(value.items()))


# Files of one kind tell their fields from the same places.
@memoised(512, longest=_SHORT, size=lambda pairs: sum([len(value) for _, value in pairs]))
def _object(pairs: tuple[tuple[str, str], ...]) -> str:
    """*pairs* as a JSON object."""
    return _COMPACT.encode(dict(pairs))
