"""What operators order, and what stands in the store afterwards."""

from __future__ import annotations

from typing import Any

from fakes import NOON, Newsroom, make_article

from feedsvc.model import Signature, SourceRecord, SourceState
from feedsvc.store.base import Claim

SIGNATURE = Signature(size=1, mtime_ns=0, ctime_ns=0, inode=0)


def asked(room: Newsroom) -> list[tuple[str, str]]:
    return [(one.kind, one.subject) for one in room.store.store.requests()]


def remember(room: Newsroom, path: str) -> None:
    record = SourceRecord(path=path, signature=SIGNATURE, first_seen=NOON, seen=NOON, articles=(make_article().id,))
    held = Claim(path=path, article_id=make_article().id, state=SourceState.ACCEPTED)
    with room.store.store.writing(room.lease, at=NOON) as writer:
        writer.remember(record, [held])


def test_a_file_is_to_be_read_again(operator: Any, room: Newsroom) -> None:
    remember(room, "harbour/ferry.md")
    answer = operator.order("/desk/retry", path="harbour/ferry.md")
    assert answer.headers["Location"] == "/paper/desk/file?path=harbour%2Fferry.md&done=retry"
    assert asked(room) == [("retry", "harbour/ferry.md")]
    assert "is read again now" in operator.get("/desk/file?path=harbour%2Fferry.md&done=retry").text
    assert operator.order("/desk/retry", path="nowhere.md").status_code == 404


def test_the_folder_is_to_be_looked_at(operator: Any, room: Newsroom) -> None:
    assert operator.order("/desk/rescan").headers["Location"] == "/paper/desk?done=rescan"
    assert asked(room) == [("rescan", "")]


def test_an_article_is_taken_down_for_a_reason_and_restored(operator: Any, room: Newsroom) -> None:
    (stored,) = room.put(make_article())
    remember(room, "harbour/ferry.md")
    assert operator.order("/desk/takedown", article=stored.key, reason=" ").status_code == 400
    assert operator.order("/desk/takedown", article="aaaaaaaa", reason="x").status_code == 404
    assert operator.order("/desk/restore", article=stored.key).status_code == 409
    assert operator.order("/desk/takedown", article=stored.key, reason="court order").status_code == 303
    found = room.store.store.get(make_article().id)
    assert found is not None
    assert found.takedown == "court order"
    page = operator.get(f"/desk/article/{stored.key}?done=takedown").text
    assert "an operator took it down: court order" in page
    assert "Lift the takedown" in page
    assert operator.client.get(stored.path).status_code == 410
    assert operator.order("/desk/restore", article=stored.key).status_code == 303
    assert asked(room) == [("retry", "harbour/ferry.md")]
    found = room.store.store.get(make_article().id)
    assert found is not None
    assert found.takedown is None


def test_what_is_held_is_accepted_as_it_was_shown(operator: Any, room: Newsroom) -> None:
    room.store.store.hold("missing", {"reason": "many", "paths": ["a.md", "b.md"]}, now=NOON)
    assert operator.order("/desk/accept", hold="missing", files="1").status_code == 409
    assert room.store.store.holds()["missing"]["accepted"] is None
    assert operator.order("/desk/accept", hold="missing", files="2").status_code == 303
    assert room.store.store.holds()["missing"]["accepted"] == NOON
    assert asked(room) == [("rescan", "")]
    assert operator.order("/desk/accept", hold="nothing", files="0").status_code == 409


def test_what_is_held_is_dismissed(operator: Any, room: Newsroom) -> None:
    room.store.store.hold("flood", {"reason": "many", "paths": ["a.md"]}, now=NOON)
    assert operator.order("/desk/dismiss", hold="flood").status_code == 303
    assert room.store.store.holds() == {}
    assert operator.order("/desk/dismiss", hold="flood").status_code == 409


def test_an_order_while_the_store_is_lost_is_not_lost_silently(operator: Any, room: Newsroom) -> None:
    key = operator.key
    room.store.lost = True
    answer = operator.client.post("/paper/desk/rescan", data={"key": key}, headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "The store does not answer" in answer.text
