"""A backup of the running service, put back: every answer is again what it was."""

from __future__ import annotations

import threading

from e2e.articles import markdown
from e2e.newsroom import FORMATS, Newsroom, Service


def test_a_backup_of_the_running_service_restores_every_answer(newsroom: Newsroom, service: Service) -> None:
    for number in range(12):
        newsroom.drop(f"town/{number}.md", markdown(f"Boat {number}"))
    service.wait_for(*(f"Boat {number}" for number in range(12)))
    newsroom.drop("town/3.md", markdown("Boat 3 has sunk"))
    service.wait_for("Boat 3 has sunk", feed="town")
    feeds = [(name, suffix) for name in ("all", "town") for suffix in FORMATS]
    service.wait_at_rest("all", "town")
    page = service.page_of("Boat 3 has sunk")
    before = {feed: service.feed(*feed).stable() for feed in feeds}

    stopping = threading.Event()

    def write() -> None:  # into another section: the service is at work while it is copied
        number = 0
        while not stopping.is_set():
            newsroom.drop(f"sport/{number}.md", markdown(f"Race {number}"))
            number += 1
            stopping.wait(0.05)

    thread = threading.Thread(target=write)
    town = {feed: answer for feed, answer in before.items() if feed[0] == "town"}
    thread.start()
    try:
        copy = newsroom.root / "copy.db"
        done = newsroom.command("backup", str(copy))
        assert done.returncode == 0, done.stderr.decode()
        newsroom.drop("town/4.md", markdown("Boat 4 after the backup"))
        service.wait_for("Boat 4 after the backup", feed="town")
    finally:
        stopping.set()
        thread.join()
    assert {feed: service.feed(*feed).stable() for feed in town} != town

    service.stop()
    for path in newsroom.store.parent.glob(f"{newsroom.store.name}*"):
        path.unlink()
    copy.rename(newsroom.store)
    for path in (newsroom.content / "sport").iterdir():
        path.unlink()
    newsroom.drop("town/4.md", markdown("Boat 4"))
    again = newsroom.start()
    again.everywhere(lambda: {feed: again.feed(*feed).stable() for feed in town} == town)
    assert again.get(page).status == 200
    assert "Boat 3 has sunk" in again.get(page).text
    etag = town["town", "atom"][1]["etag"]
    assert again.get("/feeds/town.atom", headers={"If-None-Match": etag}).status == 304
    assert not again.shows("Boat 4 after the backup")
