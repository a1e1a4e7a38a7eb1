"""From a dropped file to a served feed: what a reader sees of drops, edits, moves and deletions."""

from __future__ import annotations

import json
import os
import re
import time
from datetime import UTC, datetime

from e2e.articles import markdown, wire
from e2e.newsroom import FORMATS, PATIENCE, Newsroom, Service, until

SECTION = "international/europe-americas"
TITLE = "Council keeps north mole closed"
SETTLE = "4s"
"""How long a file must rest where one is written slowly: much longer than this test rests between two pieces of it."""


def test_a_file_appears_alike_in_every_feed_and_on_its_page(newsroom: Newsroom) -> None:
    newsroom.configure(f'[sections.international]\n[sections."{SECTION}"]\ntitle = "Europe & Americas"')
    service = newsroom.start().wait_ingesting()
    newsroom.drop("wire/0001.txt", wire())
    feeds = (SECTION, "international", "all")
    for feed in feeds:
        service.wait_for(TITLE, feed=feed)
    seen = set()
    for feed in feeds:
        for suffix in ("rss", "atom"):
            parsed = service.parsed(feed, suffix)
            assert not parsed.bozo, parsed.get("bozo_exception")
            (entry,) = parsed.entries
            assert "pay for sandbags" in entry.content[0].value
            seen.add((entry.id, entry.title, entry.link, time.strftime("%FT%TZ", entry.published_parsed)))
        (item,) = json.loads(service.feed(feed, "json").body)["items"]
        seen.add((item["id"], item["title"], item["url"], item["date_published"]))
    ((article_id, title, address, published),) = seen
    assert article_id == "tag:harbour.example,2026:wire/0001.txt"
    assert (title, published) == (TITLE, "2026-11-12T12:00:00Z")
    assert address.startswith(f"{newsroom.base_url}/articles/2026/11/12/council-keeps-north-mole-closed-")
    page = service.get(address.removeprefix(newsroom.base_url))
    assert page.status == 200
    assert TITLE in page.text
    assert "Fleet asks for its berths back" in page.text
    assert "Saltmarsh News Agency" in page.text
    assert TITLE in service.get(f"/sections/{SECTION}").text
    assert TITLE in service.get("/").text


def test_a_file_renamed_into_place_is_published_at_once(newsroom: Newsroom) -> None:
    newsroom.configure(scan_every="10min", settle="5min")  # neither a scan nor settling can bring it in time
    (newsroom.content / "town").mkdir()
    service = newsroom.start().wait_ingesting()
    until(lambda: _shown_once_dropped(newsroom, service, 2), what="the folder is watched")
    for number in range(5):
        assert _shown_once_dropped(newsroom, service, PATIENCE), number
    path = max((newsroom.content / "town").iterdir())
    title = path.stem.replace("boat-", "Boat ")
    item = service.wait_for(title)[title]
    path.rename(newsroom.content / "town/sloop.md")
    until(lambda: newsroom.state_of("town/sloop.md") == "accepted")
    service.wait_for(title)
    assert service.items()[title] == item


def _shown_once_dropped(newsroom: Newsroom, service: Service, seconds: float) -> bool:
    """Whether a file that is renamed into place from a hidden name is in the feed within so many seconds."""
    number = len(list((newsroom.content / "town").iterdir()))
    newsroom.drop(f"town/boat-{number}.md", markdown(f"Boat {number}"))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if service.shows(f"Boat {number}"):
            return True
        time.sleep(0.01)
    return False


def test_a_file_written_slowly_is_never_shown_half(newsroom: Newsroom) -> None:
    newsroom.configure(settle=SETTLE)
    service = newsroom.start().wait_ingesting()
    newsroom.drop("town/other.md", markdown("Other"))
    service.wait_for("Other")
    whole = markdown("Slow", "\n\n".join(f"Paragraph {number} of the long report." for number in range(1, 9)) + " END")
    path = newsroom.content / "town/slow.md"
    old = 1_600_000_000

    def look() -> None:
        item = service.items().get("Slow")
        assert item is None or "END" in item["content_html"], item

    with service.polled(look) as looks:
        with path.open("w") as file:
            for start in range(0, len(whole), len(whole) // 6):
                file.write(whole[start : start + len(whole) // 6])
                file.flush()
                os.utime(path, (old, old))  # as some tools do before they have finished
                time.sleep(0.4)
        service.wait_for("Slow")
    assert looks[0] > 5


def test_a_file_rewritten_in_place_keeps_the_old_text_until_the_new_is_whole(newsroom: Newsroom) -> None:
    newsroom.configure(settle=SETTLE)
    service = newsroom.start().wait_ingesting()
    newsroom.drop("town/a.md", markdown("Tide", "The old text, all of it. OLDEND"))
    service.wait_for("Tide")
    whole = markdown("Tide", "\n\n".join(f"New paragraph {number}." for number in range(8)) + " NEWEND")

    def look() -> None:
        content = service.items()["Tide"]["content_html"]
        assert "OLDEND" in content or "NEWEND" in content, content

    with service.polled(look):
        with (newsroom.content / "town/a.md").open("w") as file:
            for start in range(0, len(whole), len(whole) // 5):
                file.write(whole[start : start + len(whole) // 5])
                file.flush()
                time.sleep(0.3)
        until(lambda: "NEWEND" in service.items()["Tide"]["content_html"])


def test_an_edit_keeps_id_and_published_and_raises_updated(newsroom: Newsroom, service: Service) -> None:
    newsroom.drop("town/a.md", markdown("Ferry fares rise"))
    newsroom.drop("town/b.md", markdown("Other", date="2026-11-09T08:00:00Z"))
    before = service.wait_for("Ferry fares rise", "Other")["Ferry fares rise"]
    began = datetime.now(UTC).replace(microsecond=0)
    newsroom.drop("town/a.md", markdown("Ferry fares fall", date="2026-11-11T08:00:00Z"))
    after = service.wait_for("Ferry fares fall")["Ferry fares fall"]
    for suffix in FORMATS:
        service.everywhere(lambda suffix=suffix: "fares rise" not in service.feed("all", suffix).text)  # type: ignore[misc]
    service.wait_for("Ferry fares fall", feed="town")
    assert (after["id"], after["date_published"]) == (before["id"], before["date_published"])
    assert datetime.fromisoformat(after["date_modified"]) >= began
    for suffix in FORMATS:
        shown = service.feed("all", suffix).text
        assert "Ferry fares fall" in shown
        assert "Ferry fares rise" not in shown
    for entry in service.parsed("town", "atom").entries:
        assert (entry.published == entry.updated) is (entry.title == "Other")


def test_a_touch_changes_nothing(newsroom: Newsroom, service: Service) -> None:
    path = newsroom.drop("town/a.md", markdown("Gulls"))
    service.wait_for("Gulls", feed="town")
    feeds = [(name, suffix) for name in ("all", "town") for suffix in FORMATS]
    until(lambda: all("last-modified" in service.feed(*feed).headers for feed in feeds))
    before = {feed: service.feed(*feed).stable() for feed in feeds}
    os.utime(path)
    path.chmod(0o640)
    newsroom.write("town/a.md", path.read_bytes())
    newsroom.drop("town/a.md", path.read_bytes())
    newsroom.drop("sport/z.md", markdown("Regatta"))  # a scan has passed once this is in
    service.wait_for("Regatta", feed="sport")
    newsroom.write("sport/y.md", markdown("Settled"))
    service.wait_for("Settled", feed="sport")
    until(lambda: not newsroom.figures()["waiting"])
    for suffix in FORMATS:
        assert service.feed("town", suffix).stable() == before["town", suffix]
    assert [line["kind"] for line in _history(newsroom, "town/a.md")] == ["published"]


def _history(newsroom: Newsroom, name: str) -> list[dict[str, object]]:
    done = newsroom.command("history", name, "--json")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_move_to_another_section_keeps_the_id(newsroom: Newsroom, service: Service) -> None:
    for name in ("town/a.md", "town/b.md", "sport/c.md"):
        newsroom.drop(name, markdown(f"Boat {name[-4]}"))
    moved = service.wait_for("Boat a", "Boat b", "Boat c")["Boat a"]
    service.wait_for("Boat a", feed="town")
    (newsroom.content / "town/a.md").rename(newsroom.content / "sport/a.md")
    service.wait_for("Boat a", feed="sport")
    service.everywhere(lambda: not service.shows("Boat a", feed="town"))
    assert service.items()["Boat a"]["id"] == service.items("sport")["Boat a"]["id"] == moved["id"]
    for feed in ("town", "sport", "all"):
        assert "deleted-entry" not in service.feed(feed, "atom").text
    address = service.page_of("Boat a")
    assert moved["url"].endswith(address)
    assert service.get(address).status == 200


def test_a_deletion_and_a_return(newsroom: Newsroom, service: Service) -> None:
    kept = markdown("Lost cat")
    path = newsroom.drop("town/cat.md", kept)
    newsroom.drop("town/dog.md", markdown("Found dog"))
    before = service.wait_for("Lost cat", "Found dog")["Lost cat"]
    address = service.page_of("Lost cat")
    path.unlink()
    service.everywhere(lambda: not service.shows("Lost cat"))
    service.everywhere(lambda: not service.shows("Lost cat", feed="town"))
    for feed in ("all", "town"):
        atom = service.feed(feed, "atom").text
        assert re.search(r'<at:deleted-entry ref="' + re.escape(before["id"]) + r'" when="2\d{3}-', atom)
        for suffix in FORMATS:
            assert "Lost cat" not in service.feed(feed, suffix).text
    gone = service.get(address)
    assert gone.status == 410
    assert "Lost cat" not in gone.text
    newsroom.drop("town/cat.md", kept)
    after = service.wait_for("Lost cat", feed="town")["Lost cat"]
    assert (after["id"], after["url"], after["date_published"]) == (
        before["id"],
        before["url"],
        before["date_published"],
    )
    assert "deleted-entry" not in service.feed("town", "atom").text
    assert service.get(address).status == 200


def test_a_file_whose_name_is_decomposed_or_that_goes_while_it_settles(newsroom: Newsroom, service: Service) -> None:
    # "é" as two code points, as some systems write names.
    newsroom.write("town/cafe\u0301.md", markdown("Decomposed"))
    newsroom.write("town/brief.md", markdown("Brief"))
    (newsroom.content / "town/brief.md").unlink()
    item = service.wait_for("Decomposed")["Decomposed"]
    assert item["id"] == "tag:harbour.example,2026:town/caf%C3%A9.md"
    until(lambda: not newsroom.figures()["waiting"])
    assert not service.shows("Brief")
