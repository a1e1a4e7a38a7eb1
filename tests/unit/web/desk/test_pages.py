"""The pages of the desk, over a real store."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from fakes import NOON, Newsroom, make_article
from lxml import html

from feedsvc.model import Article, Medium, PubStatus, Signature, SourceRecord, SourceState
from feedsvc.numbers.agents import Agents
from feedsvc.numbers.tally import HOUR as AN_HOUR
from feedsvc.numbers.tally import Poll, Tally, milliseconds
from feedsvc.store.base import INGEST
from feedsvc.store.questions import BACKUP, SCAN
from feedsvc.web.desk import alarms, wording
from feedsvc.web.desk.paging import PAGE

SIGNATURE = Signature(size=1, mtime_ns=0, ctime_ns=0, inode=0)
HOUR = timedelta(hours=1)
EVERY = (
    "/desk", "/desk/files", "/desk/articles", "/desk/sections", "/desk/feeds", "/desk/zone", "/desk/file?path=a.md",
    "/desk/preview?path=a.md", "/desk/overview.json", "/desk/files.json", "/desk/articles.json",
)  # fmt: skip


def remember(room: Newsroom, path: str, state: SourceState, *articles: Article, **fields: Any) -> None:
    values = {"first_seen": NOON, "seen": NOON, "articles": tuple(one.id for one in articles)} | fields
    with room.store.store.writing(room.lease, at=NOON) as writer:
        writer.remember(SourceRecord(path=path, signature=SIGNATURE, state=state, **values))


def text(answer: Any) -> str:
    return " ".join(html.fromstring(answer.text).text_content().split())


def test_an_empty_desk_has_every_page(operator: Any) -> None:
    for path in EVERY:
        assert operator.get(path).status_code == (404 if "file?" in path else 200), path
    assert "Nothing has been published yet" in operator.get("/desk").text


def test_while_the_store_is_lost_the_desk_says_so(operator: Any, room: Newsroom) -> None:
    room.store.lost = True
    first = operator.get("/desk")
    assert first.status_code == 200
    assert "The store does not answer" in first.text
    for path in EVERY[1:]:
        assert operator.get(path).status_code in (200, 503), path
    assert operator.get("/desk/files").status_code == 503
    for path in ("/desk/overview.json", "/desk/files.json", "/desk/file.json?path=a.md"):
        answer = operator.get(path)
        assert (answer.status_code, answer.is_json) == (503, True), path


def test_the_first_page_tells_everything(operator: Any, room: Newsroom) -> None:
    room.put(make_article(), make_article("budget", embargo=NOON + 3 * HOUR))
    remember(room, "town/bad.md", SourceState.REFUSED, error="line 3: it is no date", line=3)
    store = room.store.store
    report = {"outcomes": {"published": 1}, "unlisted": {"sealed/": "Permission denied"}}
    store.record_pass(report, started=NOON, finished=NOON)
    waiting = [{"source": "town/big.md", "since": "2026-03-14T11:58:00Z", "next": "2026-03-14T12:00:02Z"}]
    store.beat(SCAN, {"files": 2, "seconds": 0.1, "next": "2026-03-14T12:00:10Z", "waiting": waiting}, now=NOON)
    store.hold("missing", {"reason": "9 of 10 files are missing", "paths": ["a.md", "b.md"]}, now=NOON)
    page = operator.get("/desk")
    said = text(page)
    for expected in (
        "The ferry sails again", "town/bad.md", "Line 3: it is no date", "town/big.md", "for 2 min", "in 3 h",
        "9 of 10 files are missing", "Accept: do it", "sealed/", "1 published", "13:00:10",
    ):  # fmt: skip
        assert expected in said, expected
    assert 'datetime="2026-03-14T15:00:00Z"' in page.text
    known = operator.get("/desk/overview.json").json
    assert known["waiting"][0]["source"] == "town/big.md"
    assert known["scheduled"][0]["until"] == "2026-03-14T15:00:00Z"
    assert known["holds"]["missing"]["files"] == 2


def test_markup_in_names_and_errors_stays_text(operator: Any, room: Newsroom) -> None:
    bad = "<script>alert(1)</script>\"'.md"
    room.put(make_article(title="A <b>bold</b> title"))
    remember(room, bad, SourceState.REFUSED, error="<img src=x onerror=alert(1)>")
    for path in ("/desk", "/desk/files", "/desk/articles"):
        page = operator.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>bold" not in page
    answer = operator.client.get("/paper/desk/file", query_string={"path": bad}, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    unknown = operator.client.get(
        "/paper/desk/file", query_string={"path": "<script>x"}, headers={"Accept": "text/html"}
    )
    assert "<script>x" not in unknown.text


def test_files_are_filtered_sorted_and_paged(operator: Any, room: Newsroom) -> None:
    for number in range(PAGE + 5):
        state = SourceState.REFUSED if number % 2 else SourceState.ACCEPTED
        remember(room, f"town/{number:03}.md", state, seen=NOON - timedelta(minutes=number))
    remember(room, "sport/x.md", SourceState.REFUSED, seen=NOON - HOUR * 9)

    def paths(query: str) -> list[str]:
        return [one["source"] for one in operator.get(f"/desk/files.json?{query}").json["files"]]

    assert paths("")[:2] == ["town/000.md", "town/001.md"]
    assert paths("sort=oldest")[0] == "sport/x.md"
    assert paths("sort=name")[:2] == ["sport/x.md", "town/000.md"]
    assert paths("sort=name-back")[0] == "town/054.md"
    assert paths("state=refused&sort=name")[:2] == ["sport/x.md", "town/001.md"]
    assert paths("in=sport/") == ["sport/x.md"]
    assert paths("in=town/&state=refused")[0] == "town/001.md"
    assert paths("page=2") == [f"town/{number:03}.md" for number in range(50, 55)] + ["sport/x.md"]
    assert paths("page=99") == []
    assert paths("state=nonsense&sort=nonsense&page=x&in=%00")[0] == "town/000.md"
    page = html.fromstring(operator.get("/desk/files?sort=oldest&state=refused").text)
    assert page.xpath("//th[@aria-sort='ascending']/a/text()") == ["Noted"]
    older = page.xpath("//nav[@class='pages']/a[@rel='next']/@href")
    assert older == []
    first = html.fromstring(operator.get("/desk/files").text)
    assert first.xpath("//nav[@class='pages']/a[@rel='next']/@href") == ["/paper/desk/files?page=2"]


def test_articles_by_where_they_are_in_their_life(operator: Any, room: Newsroom) -> None:
    gone, killed = make_article("gone"), make_article("killed")
    room.put(
        make_article("ferry"), gone, killed, make_article("wall", sections=("town",)),
        make_article("soon", embargo=NOON + HOUR), make_article("late", embargo=NOON + 5 * HOUR),
        make_article("over", expires=NOON + timedelta(minutes=1)), make_article("draft", pubstatus=PubStatus.WITHHELD),
    )  # fmt: skip
    room.withdraw(gone)
    with room.store.store.writing(None, at=NOON) as writer:
        writer.takedown(killed.id, now=NOON, reason="court order")

    room.clock.move(minutes=1)

    def names(query: str) -> list[str]:
        found = operator.get(f"/desk/articles.json?{query}").json["articles"]
        return [one["id"].rpartition(":")[2] for one in found]

    assert set(names("")) == {"ferry", "wall"}
    assert names("section=town") == ["wall"]
    assert names("state=scheduled") == ["soon", "late"]
    assert names("state=scheduled&sort=back") == ["late", "soon"]
    assert names("state=expired") == ["over"]
    assert names("state=held+back") == ["draft"]
    assert "gone" in names("state=withdrawn")
    assert names("state=taken+down") == ["killed"]
    assert len(names("state=any")) == 8
    assert names("state=any") == names("state=any&sort=back")[::-1]
    room.put(make_article("gulls", title="Gulls on the <wall>"))
    assert names("title=WALL+gulls") == ["gulls"]
    assert names("title=nowhere") == []
    assert 'value="&lt;wall&gt;"' in operator.get("/desk/articles?title=%3Cwall%3E").text


def test_the_page_of_an_article(operator: Any, room: Newsroom) -> None:
    (stored,) = room.put(make_article())
    origin = {make_article().id: {"title": "line 1"}}
    remember(room, "harbour/ferry.md", SourceState.ACCEPTED, make_article(), origin=origin)
    said = text(operator.get(f"/desk/article/{stored.key}"))
    for expected in ("The ferry sails again", "It is public.", "/articles/2026/03/14/ferry-", "line 1", "published"):
        assert expected in said
    known = operator.get(f"/desk/article/{stored.key}.json").json
    assert known["feeds"] == ["harbour", "all"]
    assert known["history"][0]["kind"] == "published"
    assert "line 1" in [one["origin"] for one in known["explanation"]["fields"] if one["name"] == "title"]
    assert [(one["name"], one["place"]) for one in known["explanation"]["feeds"]] == [("harbour", 1), ("all", 1)]


def test_why_an_article_is_in_a_feed_or_not(operator: Any, room: Newsroom) -> None:
    (stored,) = room.put(make_article())
    remember(
        room,
        "harbour/ferry.md",
        SourceState.ACCEPTED,
        make_article(),
        origin={make_article().id: {"sections": "folder"}},
    )
    said = text(operator.get(f"/desk/article/{stored.key}?feed=sport"))
    for expected in (
        "it is its home section; it shows 1.", "every article is in it", "the file lies in a folder of that name",
        "none of its sections is it or lies below it: it is in harbour", "not shown", "the path of the file",
    ):  # fmt: skip
        assert expected in said


def test_the_first_page_shows_how_the_feed_of_everything_is_polled(operator: Any, room: Newsroom) -> None:
    assert "Nobody has polled the feed of everything" in operator.get("/desk").text
    start = milliseconds(NOON) - milliseconds(NOON) % AN_HOUR
    tally = Tally(Agents().known)
    agent = Agents().read("Somebody/1.0")
    tally.add(Poll("all", "rss", 304, True, "", 0, 100, 0, agent, 7), 12, at=start)
    for part in tally.take().parts():
        room.store.store.add_tally(part)
    room.clock.move(minutes=2)
    said = operator.get("/desk").text
    assert "12 polls in two days, 100 % of them unchanged" in text(operator.get("/desk"))
    assert '<path d="M' in said
    assert operator.get("/desk/article/aaaaaaaa").status_code == 404
    assert operator.get("/desk/article/aaaaaaaa.json").status_code == 404


def test_the_page_of_a_file_is_its_receipt(operator: Any, room: Newsroom) -> None:
    room.put(make_article())
    remember(room, "harbour/ferry.md", SourceState.REFUSED, make_article(), error="line 2: it is no date", line=2)
    said = text(operator.get("/desk/file?path=harbour/ferry.md"))
    assert "It was refused: it is no date. What it gave before stays public." in said
    assert "The ferry sails again" in said
    known = operator.get("/desk/file.json?path=harbour/ferry.md").json
    assert (known["fate"], known["line"], known["kept"]) == ("refused", 2, ["The ferry sails again"])
    assert operator.get("/desk/file.json?path=nowhere.md").status_code == 404


def test_a_section_that_has_gone_quiet_is_named(operator: Any, room: Newsroom) -> None:
    room.put(*(make_article(f"n{n}", published=NOON - HOUR * (60 + n)) for n in range(12)), cold=True)
    said = text(operator.get("/desk/sections"))
    assert "Strangely quiet: silent for 2 days 12 h. Usually an article every 1 h" in said
    assert "Strangely quiet" in text(operator.get("/desk"))
    for order in ("silence", "articles"):
        assert operator.get(f"/desk/sections?sort={order}").status_code == 200


def test_sections_stand_in_the_order_of_the_site(operator: Any, room: Newsroom) -> None:
    """A wider one before those that stand in it, in the lists of the desk as on the index page."""
    paths = ("world/europe/north", "world", "art/books", "art")
    room.put(*(make_article(f"n{n}", sections=(path,)) for n, path in enumerate(paths)))
    shown = re.findall(r'<span class="aside">([a-z/]+)</span>', operator.get("/desk/sections").text)
    there = [path for path in shown if path.startswith(("art", "world"))]
    assert there == ["art", "art/books", "world", "world/europe", "world/europe/north"]


def test_feeds_with_their_last_change(operator: Any, room: Newsroom) -> None:
    room.put(make_article())
    said = text(operator.get("/desk/feeds?sort=changed"))
    assert "Harbour" in said
    assert "change 2" in said


def test_times_are_shown_in_the_zone_that_was_chosen(operator: Any, room: Newsroom) -> None:
    room.put(make_article())
    assert "13:00:00" in operator.get("/desk").text
    answer = operator.order("/desk/zone/choose", zone="Asia/Tokyo")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    page = operator.get("/desk").text
    assert "21:00:00" in page
    assert "Asia/Tokyo" in page
    assert operator.order("/desk/zone/choose", zone="Nowhere/Land").status_code == 400
    operator.order("/desk/zone/choose", zone="")
    assert "13:00:00" in operator.get("/desk").text
    operator.client.set_cookie("feedsvc-desk-zone", "../../etc/passwd", path="/paper/desk")
    assert operator.get("/desk").status_code == 200


def told(operator) -> list[str]:
    return [one["what"] for one in operator.get("/desk/overview.json").json["alarms"]]


def test_nobody_takes_files_in(operator: Any, room: Newsroom) -> None:
    assert "Nobody takes files in." in told(operator)
    room.store.store.lease(INGEST, "desk-1/boot/1/1", ttl=HOUR)
    assert "Nobody takes files in." not in told(operator)


def test_the_scheduler_is_behind(operator: Any, room: Newsroom) -> None:
    room.store.store.lease(INGEST, "elsewhere/boot/1/1", ttl=HOUR * 9)
    room.store.store.beat(SCAN, {"next": "2026-03-14T12:00:10Z"}, now=NOON)
    assert told(operator) == []
    room.clock.move(minutes=10)
    assert told(operator) == ["The content folder should have been looked at 9 min ago."]


def test_missing_pictures_old_backups_and_full_disks(operator, room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.store.store.lease(INGEST, "elsewhere/boot/1/1", ttl=timedelta(days=30))
    with room.store.store.writing(room.lease, at=NOON) as writer:
        writer.illustrate("town/a.md", [Medium(path="town/pier.png")])
    room.store.store.beat(BACKUP, {"file": "b.db"}, now=NOON - timedelta(days=8))
    monkeypatch.setattr(alarms.shutil, "disk_usage", lambda _path: type("Usage", (), {"free": 19_000_000}))
    said = " ".join(told(operator))
    assert "town/pier.png (named in town/a.md)" in said
    assert "The newest backup of the store is 8 days old." in said
    assert "19.0 MB left" in said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "less than a minute"), (59, "less than a minute"), (60, "1 min"), (3600, "1 h"), (3660, "1 h 1 min"),
     (86400, "1 day"), (90000, "1 day 1 h"), (86460, "1 day"), (864000, "10 days")],
)  # fmt: skip
def test_lengths_of_time(seconds: int, said: str) -> None:
    assert wording.span(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (12_345_678, "12.3 MB"), (10**13, "10000.0 GB")],
)
def test_sizes(count: int, said: str) -> None:
    assert wording.size(count) == said
