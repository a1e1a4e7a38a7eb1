"""The shelf of last good pages."""

from __future__ import annotations

from datetime import timedelta

from fakes import NOON

from feedsvc.publish.document import Document
from feedsvc.publish.window import NEVER
from feedsvc.web.pages import PageShelf


def page(text: str) -> Document:
    return Document(text.encode(), media_type="text/html")


def test_a_page_is_there_until_it_may_not_be_seen_any_more() -> None:
    shelf = PageShelf()
    kept = shelf.put("/a", page("A"), until=NOON)
    assert shelf.get("/a", NOON - timedelta(milliseconds=1)) is kept
    assert shelf.get("/a", NOON) is None
    assert shelf.get("/b", NOON) is None
    shelf.drop("/a")
    assert shelf.get("/a", NOON - timedelta(hours=1)) is None


def test_the_same_page_keeps_its_coded_forms() -> None:
    shelf = PageShelf()
    first = shelf.put("/a", page("A"), until=NEVER)
    first.body("gzip")
    assert shelf.put("/a", page("A"), until=NEVER) is first
    assert shelf.put("/a", page("B"), until=NEVER) is not first


def test_it_is_bounded_in_bytes() -> None:
    shelf = PageShelf(max_bytes=25)
    for name in ("/a", "/b", "/c"):
        shelf.put(name, page("x" * 10), until=NEVER)
    assert [name for name in ("/a", "/b", "/c") if shelf.get(name, NOON)] == ["/b", "/c"]
    shelf.put("/big", page("x" * 100), until=NEVER)
    assert [name for name in ("/a", "/b", "/c", "/big") if shelf.get(name, NOON)] == ["/big"]
