"""Every Store through the same tests, third part: files and their claims, times that are taken, the operators' desk."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fakes import NOON, make_article
from stores import Room

from feedsvc.model import Signature, SourceRecord, SourceState
from feedsvc.store.base import Claim, Writer

MILLISECOND = timedelta(milliseconds=1)
SIGNATURE = Signature(size=120, mtime_ns=1_700_000_000_123_456_789, ctime_ns=1_700_000_001_000_000_000, inode=42)
A = "tag:news.example.org,2026:a"
B = "tag:news.example.org,2026:b"


def record(path: str = "harbour/ferry.md", **fields: object) -> SourceRecord:
    base = SourceRecord(path=path, signature=SIGNATURE, first_seen=NOON, seen=NOON, sha256="ab" * 32)
    return replace(base, **fields)  # type: ignore[arg-type]


FULL = record(
    state=SourceState.CONFLICT,
    error="two articles have one id",
    line=12,
    articles=(A, B),
    origin={A: {"title": "front matter", "byline": "first line"}, B: {"title": "heading ‘h1’"}},
    notes={A: ("no date is given", "the charset is a guess"), B: ()},
    reading="rules",
)


# ---------------------------------------------------------------- files
def test_a_file_is_remembered_whole(room: Room) -> None:
    room.write(lambda writer: writer.remember(FULL))
    assert room.store.source(FULL.path) == FULL
    assert room.store.sources() == {FULL.path: FULL}
    assert room.write(lambda writer: writer.source(FULL.path)) == FULL
    assert room.store.source("other.md") is None


def test_a_file_as_the_scan_knows_it_can_be_remembered_again(room: Room) -> None:
    room.write(lambda writer: writer.remember(FULL))
    known = room.store.sources()[FULL.path]
    later = replace(known, seen=NOON + timedelta(hours=1), state=SourceState.ACCEPTED)
    room.write(lambda writer: writer.remember(later))
    assert room.store.source(FULL.path) == replace(FULL, seen=later.seen, state=SourceState.ACCEPTED)


@pytest.mark.parametrize(
    "signature",
    [
        Signature(size=0, mtime_ns=0, ctime_ns=0, inode=0),
        Signature(size=-1, mtime_ns=-(10**18), ctime_ns=0, inode=0),
        Signature(size=1, mtime_ns=16_725_225_600 * 10**9, ctime_ns=1, inode=2**64 - 1, device=2**63),
    ],
    ids=["empty", "before 1970", "year 2500, wide inode"],
)
def test_a_signature_comes_back_as_it_was_whatever_the_file_system_says(room: Room, signature: Signature) -> None:
    room.write(lambda writer: writer.remember(record(signature=signature)))
    assert room.store.sources()["harbour/ferry.md"].signature == signature


def test_files_by_state_by_bytes_and_counted(room: Room) -> None:
    def work(writer: Writer) -> None:
        writer.remember(record("b.md", state=SourceState.REFUSED))
        writer.remember(record("a.md", state=SourceState.GONE))
        writer.remember(record("c.md", sha256="cd" * 32))

    room.write(work)
    assert set(room.store.sources()) == {"a.md", "b.md", "c.md"}
    assert set(room.store.sources([SourceState.GONE, SourceState.REFUSED])) == {"a.md", "b.md"}
    assert room.store.counts() == {"accepted": 1, "gone": 1, "refused": 1}
    assert [known.path for known in room.write(lambda writer: writer.sources_with("ab" * 32))] == ["a.md", "b.md"]


def test_files_are_marked_and_forgotten(room: Room) -> None:
    later = NOON + timedelta(hours=1)

    def work(writer: Writer) -> None:
        for path in ("a.md", "b.md", "c.md"):
            writer.remember(record(path, error="bad"), [Claim(path=path, article_id=A, state=SourceState.ACCEPTED)])
        writer.mark(["a.md", "unknown.md"], SourceState.MISSING, now=later)
        writer.mark(["b.md"], SourceState.ACCEPTED, now=later, error="")
        writer.forget(["c.md", "unknown.md"])

    room.write(work)
    assert room.store.sources() == {
        "a.md": record("a.md", error="bad", state=SourceState.MISSING, seen=later),
        "b.md": record("b.md", error="", seen=later),
    }
    assert [claim.path for claim in room.write(lambda writer: writer.claims(A))] == ["a.md", "b.md"]


def test_claims_come_back_by_file_and_by_article(room: Room) -> None:
    first = Claim(path="b.md", article_id=A, state=SourceState.ACCEPTED, version=3, sections=("world/asia", "town"))
    other = Claim(path="b.md", article_id=B, state=SourceState.SUPERSEDED)
    copy = Claim(path="a.md", article_id=A, state=SourceState.DUPLICATE, sections=("harbour",))

    def work(writer: Writer) -> None:
        writer.remember(record("b.md"), [other, first])
        writer.remember(record("a.md"), [copy])

    room.write(work)
    assert room.write(lambda writer: list(writer.claims(A))) == [copy, first]
    assert room.write(lambda writer: list(writer.claims_by("b.md"))) == [first, other]
    assert room.store.homes() == {"b.md": "world/asia"}
    room.write(lambda writer: writer.remember(record("b.md", seen=NOON)))
    assert room.write(lambda writer: list(writer.claims(A))) == [copy, first]
    room.write(lambda writer: writer.remember(record("b.md"), ()))
    assert room.write(lambda writer: list(writer.claims(A))) == [copy]


def test_a_claim_set_alone_sets_the_state_of_its_file(room: Room) -> None:
    held = Claim(path="a.md", article_id=A, state=SourceState.ACCEPTED, version=1)
    lost = replace(held, state=SourceState.SUPERSEDED, version=2**80)
    room.write(lambda writer: writer.remember(record("a.md"), [held]))
    room.write(lambda writer: writer.claim(lost))
    (found,) = room.write(lambda writer: list(writer.claims(A)))
    assert found.state is SourceState.SUPERSEDED
    assert found.version > 10**18
    assert room.store.sources()["a.md"].state is SourceState.SUPERSEDED


def test_a_takedown_lifted_has_its_files_read_again(room: Room) -> None:
    article = make_article()
    held = Claim(path="harbour/ferry.md", article_id=article.id, state=SourceState.ACCEPTED)
    room.put(article)
    room.write(lambda writer: writer.remember(record(reading="rules"), [held]))
    room.write(lambda writer: writer.remember(record("other.md", reading="rules"), []))
    room.takedown(article)
    room.restore(article)
    assert {path: known.reading for path, known in room.store.sources().items()} == {
        "harbour/ferry.md": "",
        "other.md": "rules",
    }


def test_the_articles_of_a_file_by_id(room: Room) -> None:
    for name in ("b", "a"):
        room.put(make_article(name, source="round-up.md"))
    room.put(make_article("c"))
    room.withdraw(make_article("b"))
    room.takedown(make_article("a"))
    found = room.store.articles_of("round-up.md")
    assert [one.article.id for one in found] == [A, B]
    assert [one.takedown for one in found] == ["court order", None]
    assert [one.withdrawn for one in found] == [None, NOON]
    assert room.store.articles_of("nothing.md") == []


def test_what_is_told_of_a_file_costs_a_scan_next_to_nothing(room: Room, patience: int) -> None:
    count, origin = 2000, {f"field {number}": f"front matter: {number}" for number in range(200)}

    def work(writer: Writer) -> None:
        for number in range(count):
            article_id = f"tag:news.example.org,2026:harbour/{number}.md"
            told = {"origin": {article_id: origin}, "state": SourceState.ACCEPTED}
            writer.remember(record(f"a/{number}.md", articles=(article_id,), **told))
            writer.remember(record(f"b/{number}.md", articles=(article_id,), state=SourceState.REFUSED))

    def seconds(state: SourceState) -> float:
        began = time.process_time()
        assert len(room.store.sources([state])) == count
        return time.process_time() - began

    room.write(work)
    rounds = [(seconds(SourceState.ACCEPTED), seconds(SourceState.REFUSED)) for _ in range(4)]
    assert min(full for full, _ in rounds) < 2.5 * patience * min(bare for _, bare in rounds)
    assert room.store.sources()["a/7.md"].origin == {"tag:news.example.org,2026:harbour/7.md": origin}


# ---------------------------------------------------------------- times that are taken
def test_a_time_that_is_taken_goes_to_the_next_free_millisecond(room: Room) -> None:
    taken = (0, 1, 2, 4)
    for step in taken:
        room.put(make_article(str(step), updated=NOON + step * MILLISECOND))
    new = "tag:news.example.org,2026:new"
    assert room.write(lambda writer: writer.free_updated(NOON, new)) == NOON + 3 * MILLISECOND
    assert room.write(lambda writer: writer.free_updated(NOON + 5 * MILLISECOND, new)) == NOON + 5 * MILLISECOND
    assert room.write(lambda writer: writer.free_updated(NOON - MILLISECOND, new)) == NOON - MILLISECOND
    own = make_article("1").id
    assert room.write(lambda writer: writer.free_updated(NOON + MILLISECOND, own)) == NOON + MILLISECOND


def test_an_article_keeps_the_time_that_it_got_when_it_asks_again(room: Room) -> None:
    for name in "abc":
        article = make_article(name)
        moment = room.write(lambda writer, article=article: writer.free_updated(NOON, article.id))  # type: ignore[misc]
        room.put(replace(article, updated=moment))

    def ask(writer: Writer) -> list[int]:
        moments = (writer.free_updated(NOON, make_article(name).id) for name in "xbacb")
        return [(moment - NOON) // MILLISECOND for moment in moments]

    assert room.write(ask) == [3, 1, 0, 2, 1]


@pytest.mark.parametrize("again", [False, True], ids=["new", "edited at once"])
def test_thousands_that_want_the_same_moment_get_one_each_quickly(room: Room, again: bool, patience: int) -> None:
    count, batch = 2000 // patience, 250

    def take(moment: datetime, numbers: range) -> set[datetime]:
        got = set()
        with room.store.writing(room.lease, at=room.now) as writer:
            for number in numbers:
                article = make_article(f"n{number}", sections=("s",))
                updated = writer.free_updated(moment, article.id)
                got.add(updated)
                writer.put(replace(article, updated=updated), now=room.now, day=NOON.date(), spellings={})
        return got

    for moment in (NOON, NOON + timedelta(days=1)) if again else (NOON,):
        began = time.process_time()
        got = set[datetime]().union(*(take(moment, range(at, at + batch)) for at in range(0, count, batch)))
        assert len(got) == count
        assert max(got) - min(got) == (count - 1) * MILLISECOND
        assert time.process_time() - began < patience * count / 400


# ---------------------------------------------------------------- the operators' desk
def test_history_is_newest_first_and_as_long_as_asked(room: Room) -> None:
    for name in "abc":
        room.put(make_article(name))
        room.wait(minutes=1)
    room.takedown(make_article("b"), "a complaint")
    newest = room.store.history(limit=2)
    assert [(change.article_id, change.kind) for change in newest] == [
        (B, "killed"),
        (make_article("c").id, "published"),
    ]
    assert newest[0].detail == "a complaint"
    assert newest[0].at == room.now
    assert [change.kind for change in room.store.history(article_id=B)] == ["killed", "published"]
    assert all(change.feed == "" for change in room.store.history())
    assert room.store.history(article_id="tag:nobody") == []


def test_why_an_article_was_put_stands_in_its_history(room: Room) -> None:
    room.put(make_article("a"), why="copy at town/a.md")
    room.put(make_article("b"))
    assert [change.detail for change in room.store.history()] == ["harbour/b.md", "copy at town/a.md (harbour/a.md)"]


def test_the_newest_hundred_passes_are_kept(room: Room) -> None:
    assert room.store.passes() == []
    for number in range(105):
        started = NOON + timedelta(minutes=number)
        room.store.record_pass({"files": number}, started=started, finished=started + MILLISECOND)
    assert room.store.passes() == [
        {
            "files": 104,
            "started": NOON + timedelta(minutes=104),
            "finished": NOON + timedelta(minutes=104) + MILLISECOND,
        }
    ]
    assert [report["files"] for report in room.store.passes(1000)] == list(range(104, 4, -1))


def test_what_waits_for_the_operators_word(room: Room) -> None:
    assert room.store.holds() == {}
    assert room.store.accept("missing", now=room.now) is False
    room.store.hold("missing", {"reason": "7 files", "paths": ["a.md"]}, now=room.now)
    since = room.now
    room.wait(minutes=1)
    room.store.hold("missing", {"reason": "8 files", "paths": ["a.md", "b.md"]}, now=room.now)
    told = {"reason": "8 files", "paths": ["a.md", "b.md"]}
    assert room.store.holds() == {"missing": {**told, "since": since, "accepted": None}}
    assert room.store.accept("missing", now=room.now) is True
    assert room.store.holds() == {"missing": {**told, "since": since, "accepted": room.now}}
    room.store.hold("missing", None, now=room.now)
    room.store.hold("missing", None, now=room.now)
    assert room.store.holds() == {}
