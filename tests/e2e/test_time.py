"""Embargo and expiry: never early, soon after, whoever asks."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from datetime import UTC, datetime

from e2e.articles import markdown
from e2e.newsroom import FORMATS, Answer, Newsroom, Service, until

AHEAD = 4.0
"""Seconds from the drop to the moment, on a machine that has nothing else to do."""
LATE = 2.0
"""How late, in seconds, a moment may be seen."""


def ahead(newsroom: Newsroom, service: Service) -> float:
    """Seconds in which this machine, busy as it is, has surely taken a file in; a first article is public then."""
    started = time.monotonic()
    newsroom.drop("town/other.md", markdown("Other"))
    service.wait_for("Other", feed="town")
    return AHEAD + 3 * (time.monotonic() - started)


def moment(seconds: float) -> tuple[float, str]:
    """A time that many seconds ahead, in whole seconds: as a number, and as a file writes it."""
    at = float(round(time.time() + seconds))
    return at, datetime.fromtimestamp(at, UTC).strftime("%FT%TZ")


def address(source: str, slug: str, day: str) -> str:
    """Where the page of a file's article is."""
    article_id = f"tag:harbour.example,2026:{source}"
    key = base64.b32encode(hashlib.sha256(article_id.encode()).digest()).decode().lower()[:8]
    return f"/articles/{day.replace('-', '/')}/{slug}-{key}"


def test_an_embargo_holds_to_its_second(newsroom: Newsroom, service: Service) -> None:
    at, written = moment(ahead(newsroom, service))
    newsroom.drop("town/secret.md", markdown("Scoop", embargo=written))
    newsroom.drop("scoops/secret.md", markdown("Scoop alone", embargo=written))
    until(lambda: _scheduled(newsroom) == 2)
    assert time.time() < at - 1, "this machine is too slow for this test"
    shown = [f"/feeds/{name}.{suffix}" for name in ("all", "town", "scoops") for suffix in FORMATS]
    shown += ["/", "/sections/town", "/sections/scoops"]
    pages = {address("town/secret.md", "scoop", "2026-11-10"), address("scoops/secret.md", "scoop-alone", "2026-11-10")}
    unknown = service.get("/articles/2026/11/10/nothing-abcdefgh").stable()
    assert unknown[0] == 404
    before = {path: service.get(path) for path in shown}
    for path, answer in before.items():
        if "scoops" in path:
            nowhere = service.get(path.replace("scoops", "nowhere"))
            assert answer.stable() == nowhere.stable(), path
    early = list[str]()

    def tells(answer: Answer) -> bool:
        return b"scoop" in answer.body.lower()

    while time.time() < at + LATE:
        for path in (*shown, *pages):
            answer = service.get(path)
            differs = tells(answer) or (path in pages and answer.stable() != unknown)
            if differs and time.time() < at:
                early.append(f"{path}: {answer}")
    assert not early, early[0]
    for path in (*shown, *pages):
        for _ in range(8):
            answer = service.get(path)
            assert (answer.status, tells(answer)) == (200, True), (path, time.time() - at)
    for path in shown:
        validators = _validators(before[path])
        if validators and "scoops" not in path:
            for name, value in validators.items():
                assert service.get(path, headers={name: value}).status == 200, (path, name)


def _scheduled(newsroom: Newsroom) -> int:
    return len(newsroom.figures()["scheduled"])


def _validators(answer: Answer) -> dict[str, str]:
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {names[name]: answer.headers[name] for name in names if name in answer.headers}


def test_an_expiry_is_seen_in_time(newsroom: Newsroom, service: Service) -> None:
    at, written = moment(ahead(newsroom, service))
    newsroom.drop("town/offer.md", markdown("Offer", expires=written))
    service.wait_for("Offer", "Other", feed="town")
    path = service.page_of("Offer", feed="town")
    before = {suffix: service.feed("town", suffix) for suffix in FORMATS}
    while time.time() < at - 0.2:
        started = time.time()
        assert service.shows("Offer", feed="town") or time.time() >= at, f"{at - started:.2f} s early"
        assert service.get(path).status == 200 or time.time() >= at
    until(lambda: time.time() >= at + LATE, LATE + 2)
    for _ in range(8):
        for suffix in FORMATS:
            assert "Offer" not in service.feed("town", suffix).text
            validators = {"If-None-Match": before[suffix].headers["etag"]}
            assert service.get(f"/feeds/town.{suffix}", headers=validators).status == 200
        assert service.get(path).status == 410
        assert "Offer" not in service.get("/sections/town").text
    assert f'ref="tag:harbour.example,2026:town/offer.md" when="{written}"' in service.feed("town").text


def test_what_falls_due_while_the_service_is_down_is_made_up_at_start(newsroom: Newsroom, service: Service) -> None:
    at, written = moment(ahead(newsroom, service) - 1)
    newsroom.drop("town/secret.md", markdown("Scoop", embargo=written))
    newsroom.drop("town/offer.md", markdown("Offer", expires=written))
    until(lambda: _scheduled(newsroom) == 1)
    assert time.time() < at, "this machine is too slow for this test"
    service.kill_all()
    until(lambda: time.time() > at + 0.1)
    again = newsroom.start()
    titles = {item["title"] for item in json.loads(again.feed("town", "json").body)["items"]}
    assert titles == {"Other", "Scoop"}
