"""Rows of the tables as the types of the model, and back."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import Row

from feedsvc import links
from feedsvc.model import Change, Entry, Signature, SourceRecord, SourceState, Stored, Version
from feedsvc.store.base import Claim
from feedsvc.store.documents import load
from feedsvc.store.tables import moment, ms

_SIGNED = (1 << 63) - 1
"""Inode and device numbers are unsigned 64-bit; the database's integers are signed."""


def path_of(row: Row[Any]) -> str:
    """The root-relative address of the article in *row*."""
    return links.article(date.fromisoformat(row.day), row.slug, row.key)


def stored(row: Row[Any], takedown: str | None) -> Stored:
    """An ``articles`` row as the article with all that the store knows of it."""
    return Stored(
        article=load(row.document),
        key=row.key,
        path=path_of(row),
        released=None if row.released is None else moment(row.released),
        withdrawn=None if row.withdrawn is None else moment(row.withdrawn),
        takedown=takedown,
        digest=row.digest,
    )


def entry(row: Row[Any]) -> Entry:
    """An ``articles`` row joined with a placement, as an entry of that feed."""
    return Entry(article=load(row.document), path=path_of(row), released=moment(row.released))


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
        "version": min(claim.version, _SIGNED),
        "sections": json.dumps(claim.sections),
    }


def source(row: Row[Any]) -> SourceRecord:
    """A ``sources`` row."""
    items = json.loads(row.items)
    return SourceRecord(
        path=row.path,
        signature=Signature(
            size=row.size, mtime_ns=row.mtime_ns, ctime_ns=row.ctime_ns, inode=row.inode, device=row.device
        ),
        sha256=row.sha256,
        state=SourceState(row.state),
        error=row.error,
        line=row.line,
        reading=row.reading,
        articles=tuple(item[0] for item in items),
        origin={item[0]: item[1] for item in items},
        notes={item[0]: tuple(item[2]) for item in items},
        first_seen=moment(row.first_seen),
        seen=moment(row.seen),
    )


def source_values(record: SourceRecord) -> dict[str, Any]:
    """The ``sources`` row of *record*."""
    items = [
        [article_id, dict(record.origin.get(article_id, {})), list(record.notes.get(article_id, ()))]
        for article_id in record.articles
    ]
    return {
        "path": record.path,
        "size": record.signature.size,
        "mtime_ns": record.signature.mtime_ns,
        "ctime_ns": record.signature.ctime_ns,
        "inode": record.signature.inode & _SIGNED,
        "device": record.signature.device & _SIGNED,
        "sha256": record.sha256,
        "state": record.state.value,
        "error": record.error,
        "line": record.line,
        "reading": record.reading,
        "items": json.dumps(items, ensure_ascii=False, separators=(",", ":")),
        "first_seen": ms(record.first_seen),
        "seen": ms(record.seen),
    }
