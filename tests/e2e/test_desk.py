"""The desk on the running service: what is ordered there happens within seconds."""

from __future__ import annotations

import http.client
import json
import re
import urllib.parse
from email.message import Message
from typing import Any

from e2e.articles import markdown
from e2e.newsroom import Newsroom, Service, until


class Browser:
    """Asks the desk of a service over real connections, which any worker may get."""

    def __init__(self, newsroom: Newsroom, service: Service) -> None:
        self.port = service.port
        self.secret = newsroom.command("token", "--show").stdout.decode().strip()
        self.cookie = ""

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, Message, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            asked = {"Accept": "text/html", **headers}
            if self.cookie:
                asked["Cookie"] = self.cookie
            if body:
                asked["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body or None, asked)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def known(self, path: str) -> Any:
        status, _, text = self.ask("GET", path, Authorization=f"Bearer {self.secret}")
        assert status in (200, 404), text
        return json.loads(text)

    def sign_in(self, link: str) -> None:
        parts = urllib.parse.urlsplit(link)
        _, _, door = self.ask("GET", f"{parts.path}?{parts.query}")
        ticket = re.search(r'name="ticket" value="([^"]+)"', door)
        assert ticket, door
        status, headers, _ = self.ask("POST", "/desk/sign-in", urllib.parse.urlencode({"ticket": ticket[1]}))
        assert status == 303
        self.cookie = headers["Set-Cookie"].partition(";")[0]

    def order(self, path: str, /, **form: str) -> None:
        _, _, page = self.ask("GET", "/desk")
        key = re.search(r'name="key" value="([0-9a-f]+)"', page)
        assert key, page
        status, _, text = self.ask("POST", path, urllib.parse.urlencode({"key": key[1], **form}))
        assert status == 303, text


def test_a_day_at_the_desk(newsroom: Newsroom) -> None:
    service = newsroom.start().wait_ingesting()
    assert (newsroom.root / "var" / "desk-token").stat().st_mode & 0o777 == 0o600
    printed = re.search(r"operators' desk (\S+)", service.told())
    assert printed, service.told()
    desk = Browser(newsroom, service)
    desk.sign_in(printed[1])
    assert desk.secret not in service.told()

    newsroom.drop("town/sloop.md", markdown("The sloop is in"))
    newsroom.drop("town/bad.md", "---\ntitle: Bad\nembargo: soonish\n---\n\nText of it, in a sentence.\n")
    service.wait_for("The sloop is in")
    until(lambda: desk.known("/desk/file.json?path=town/bad.md").get("fate") == "refused")
    receipt = desk.known("/desk/file.json?path=town/sloop.md")
    assert (receipt["fate"], receipt["articles"][0]["feeds"]) == ("published", ["town", "all"])
    (article,) = receipt["articles"]

    # Read again: the record is new, although the file is not.
    before = desk.known("/desk/file.json?path=town/bad.md")["seen"]
    desk.order("/desk/retry", path="town/bad.md")
    until(lambda: desk.known("/desk/file.json?path=town/bad.md")["seen"] > before)
    assert desk.known("/desk/file.json?path=town/bad.md")["fate"] == "refused"

    desk.order("/desk/takedown", article=article["key"], reason="court order")
    until(lambda: not service.shows("The sloop is in"))
    assert desk.known("/desk/file.json?path=town/sloop.md")["fate"] == "withdrawn"
    desk.order("/desk/restore", article=article["key"])
    service.wait_for("The sloop is in")

    status, headers, _ = desk.ask("GET", "/desk/files")
    assert status == 200
    assert desk.ask("GET", "/desk/files", **{"If-None-Match": headers["ETag"]})[0] == 304
    assert desk.known("/desk/overview.json")["alarms"] == []
    newsroom.command("token", "--rotate")
    assert desk.ask("GET", "/desk")[0] == 401


def test_an_order_to_look_does_not_wait_for_the_next_scan(newsroom: Newsroom) -> None:
    newsroom.configure(scan_every="10min")
    service = newsroom.start().wait_ingesting()
    desk = Browser(newsroom, service)
    desk.sign_in(newsroom.command("token").stdout.decode().strip())
    until(lambda: desk.known("/desk/overview.json")["last_look"])
    before = desk.known("/desk/overview.json")["last_look"]
    desk.order("/desk/rescan")
    until(lambda: desk.known("/desk/overview.json")["last_look"] != before)
