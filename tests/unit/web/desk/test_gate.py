"""Who may come in: over the real application."""

from __future__ import annotations

import io
import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from fakes import NOON, Newsroom, make_article
from waiting import PATIENCE

from feedsvc.config import Settings
from feedsvc.web.app import create_app
from feedsvc.web.desk import tokens
from feedsvc.web.desk.attempts import COUNT, EACH_SECONDS, Attempts
from feedsvc.web.desk.gate import STRANGERS, is_ours
from feedsvc.web.desk.tokens import SESSION_LASTS

TITLE = "The ferry sails again"


def test_from_outside_every_address_looks_alike(stranger: Any, room: Newsroom) -> None:
    room.put(make_article())
    known, unknown = stranger.get("/desk/files"), stranger.get("/desk/nowhere")
    assert known.status_code == unknown.status_code == 401
    assert known.headers["WWW-Authenticate"] == 'Bearer realm="desk"'
    assert known.headers["Cache-Control"] == "no-store"
    assert known.headers["Referrer-Policy"] == "no-referrer"
    without_path = [answer.text.replace("/desk/nowhere", "/desk/files") for answer in (known, unknown)]
    assert without_path[0] == without_path[1]
    assert "Courier" not in known.text
    assert TITLE not in known.text


def test_the_token_lets_in_and_the_cookie_is_guarded(stranger: Any, room: Newsroom) -> None:
    room.put(make_article())
    answer = stranger.sign_in()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/paper/desk")
    cookie = answer.headers["Set-Cookie"]
    for part in ("; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/paper/desk", "; Max-Age=43200"):
        assert part in cookie
    assert stranger.secret not in cookie
    page = stranger.client.get("/paper/desk", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert TITLE in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_a_link_signs_in_by_a_form_and_does_not_stay_in_the_address(stranger: Any) -> None:
    ticket = stranger.token.ticket(NOON)
    door = stranger.get(f"/desk?ticket={ticket}")
    assert door.status_code == 401
    assert "Set-Cookie" not in door.headers
    assert f'name="ticket" value="{ticket}"' in door.text
    assert stranger.sign_in(ticket=ticket).status_code == 303
    again = stranger.get("/desk?ticket=anything")
    assert (again.status_code, again.headers["Location"]) == (303, "/paper/desk")
    assert stranger.get("/desk").status_code == 200


def test_an_old_link_and_a_wrong_token_do_not(stranger: Any) -> None:
    ticket = stranger.token.ticket(NOON - timedelta(minutes=15))
    assert "has run out" in stranger.sign_in(ticket=ticket).text
    assert "That is not the token" in stranger.sign_in(token="x" * 43).text
    assert stranger.sign_in(token="").status_code == 401
    assert stranger.get("/desk").status_code == 401


def test_a_session_ends_by_the_clock_by_signing_out_and_with_the_token(operator: Any, desk_settings: Settings) -> None:
    assert operator.get("/desk").status_code == 200
    operator.room.clock.now += SESSION_LASTS
    assert operator.get("/desk").status_code == 401
    operator.sign_in()
    answer = operator.order("/desk/sign-out")
    assert answer.status_code == 303
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert operator.get("/desk").status_code == 401
    operator.sign_in()
    tokens.rotate(desk_settings.server.token_file)
    assert operator.get("/desk").status_code == 401


def test_a_session_is_good_at_every_worker(operator: Any, desk_settings: Settings, room: Newsroom) -> None:
    other = create_app(desk_settings, room.store, room.clock).test_client(use_cookies=False)
    found = operator.client.get_cookie("feedsvc-desk", path="/paper/desk")
    assert found is not None
    assert other.get("/desk", headers={"Cookie": f"feedsvc-desk={found.value}"}).status_code == 200


def test_after_signing_in_the_page_comes_that_was_asked_for(stranger: Any) -> None:
    door = stranger.get("/desk/file?path=town/a.md")
    found = re.search(r'name="to" value="([^"]*)"', door.text)
    assert found
    answer = stranger.sign_in(token=stranger.secret, to=found[1].replace("&amp;", "&"))
    assert answer.headers["Location"] == "/paper/desk/file?path=town/a.md"


@pytest.mark.parametrize(
    "to",
    ["//evil.example", "https://evil.example/desk", "/desk\\evil", "/desk/../x\n", "/deskevil", "/desk/sign-out", ""],
)
def test_nobody_is_sent_elsewhere(stranger: Any, to: str) -> None:
    assert not is_ours(to)
    assert stranger.sign_in(token=stranger.secret, to=to).headers["Location"] == "/paper/desk"


@pytest.mark.parametrize("key", ["", "0" * 32, "é"])
def test_an_order_without_the_key_of_the_session_is_refused(operator: Any, key: str) -> None:
    before = operator.room.store.store.requests()
    answer = operator.client.post("/paper/desk/rescan", data={"key": key})
    assert answer.status_code == 403
    assert operator.room.store.store.requests() == before == []


def test_the_key_of_another_session_is_none(operator: Any) -> None:
    session, _ = operator.token.begin(NOON)
    assert operator.client.post("/paper/desk/rescan", data={"key": operator.token.form_key(session)}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://news.example.org"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "null"}, 303),
        ({}, 303),
    ],
)
def test_an_order_from_another_site_is_refused(operator: Any, headers: dict[str, str], status: int) -> None:
    assert operator.order("/desk/rescan", headers).status_code == status


def test_signing_in_from_another_site_is_refused(stranger: Any) -> None:
    form = {"token": stranger.secret}
    answer = stranger.client.post("/paper/desk/sign-in", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_nothing_is_ordered_by_get(operator: Any) -> None:
    for path in ("rescan", "retry", "takedown", "restore", "accept", "dismiss", "zone/choose", "sign-out"):
        assert operator.get(f"/desk/{path}?key={operator.key}").status_code == 404, path
    assert operator.get("/desk").status_code == 200


def test_a_script_needs_the_token_and_no_key(stranger: Any) -> None:
    wrong = stranger.client.get("/paper/desk/overview.json", headers={"Authorization": "Bearer nonsense"})
    assert (wrong.status_code, wrong.text) == (401, "Sign in first.\n")
    bearer = {"Authorization": f"Bearer {stranger.secret}"}
    assert stranger.client.get("/paper/desk/overview.json", headers=bearer).json["files"] == {}
    assert stranger.client.post("/paper/desk/rescan", headers=bearer).status_code == 303
    assert "Set-Cookie" not in stranger.client.get("/paper/desk/overview.json", headers=bearer).headers


def test_a_session_that_was_ended_is_over_wherever_its_cookie_is(
    operator: Any, desk_settings: Settings, room: Newsroom
) -> None:
    elsewhere = create_app(desk_settings, room.store, room.clock).test_client(use_cookies=False)

    def cookie() -> dict[str, str]:
        found = operator.client.get_cookie("feedsvc-desk", path="/paper/desk")
        assert found is not None
        return {"Cookie": f"feedsvc-desk={found.value}"}

    one = cookie()
    operator.sign_in()
    other = cookie()
    assert elsewhere.get("/desk", headers=one).status_code == 200
    assert operator.order("/desk/sign-out").status_code == 303
    assert elsewhere.get("/desk", headers=other).status_code == 401
    assert elsewhere.get("/desk", headers=one).status_code == 200, "the other one goes on"
    operator.sign_in()
    assert operator.get("/desk").status_code == 200


def test_who_signs_out_where_nothing_can_be_written_is_out_in_that_browser(
    operator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedsvc.web.desk.ended.os.open", lambda *_: (_ for _ in ()).throw(PermissionError(13, "no")))
    assert operator.order("/desk/sign-out").status_code == 303
    assert operator.get("/desk").status_code == 401


def test_who_is_wrong_too_often_waits(stranger: Any) -> None:
    wrong = {"token": "a wrong one"}
    for _ in range(COUNT):
        assert stranger.sign_in(**wrong).status_code == 401
    answer = stranger.sign_in()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert "<h1>Too many wrong attempts from your address</h1>" in answer.text
    bearer = {"Authorization": f"Bearer {stranger.secret}"}
    assert stranger.client.get("/paper/desk/overview.json", headers=bearer).status_code == 429
    # The address is believed from a trusted proxy alone.
    elsewhere = {"X-Forwarded-For": "203.0.113.9"}
    asked = {"data": {"token": stranger.secret}, "headers": elsewhere}
    assert stranger.client.post("/paper/desk/sign-in", **asked).status_code == 429
    proxied = stranger.client.post("/paper/desk/sign-in", environ_base={"REMOTE_ADDR": "10.1.2.3"}, **asked)
    assert proxied.status_code == 303


def test_wrong_attempts_are_forgiven_one_by_one() -> None:
    tick = [0.0]
    attempts = Attempts(tick=lambda: tick[0])
    sender = {"REMOTE_ADDR": "192.0.2.1"}
    for _ in range(COUNT):
        assert attempts.wait(sender) == 0
        attempts.failed(sender)
    assert attempts.wait(sender) == EACH_SECONDS
    assert attempts.wait({"REMOTE_ADDR": "192.0.2.2"}) == 0
    tick[0] += EACH_SECONDS
    assert attempts.wait(sender) == 0
    attempts.failed(sender)
    assert attempts.wait(sender) == EACH_SECONDS


def test_without_a_token_file_the_desk_is_closed(operator: Any, desk_settings: Settings) -> None:
    desk_settings.server.token_file.unlink()
    assert operator.get("/desk").status_code == 401
    assert operator.sign_in(token="").status_code == 401
    assert operator.client.get("/paper/desk", headers={"Authorization": "Bearer "}).status_code == 401


def test_a_page_that_is_the_same_is_not_sent_again(operator: Any) -> None:
    first = operator.get("/desk/files")
    again = operator.get("/desk/files", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    operator.room.put(make_article())
    tag = operator.get("/desk/articles").headers["ETag"]
    operator.room.put(make_article("gull"))
    assert operator.get("/desk/articles", **{"If-None-Match": tag}).status_code == 200


def test_a_stranger_cannot_send_much(stranger: Any) -> None:
    post = stranger.client.post
    assert post("/paper/desk/sign-in", data={"token": "x" * 10**6}).status_code == 413
    # Written out: of a file this long the client would make a temporary one, and leave it open.
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.bin"\r\n\r\n' + b"x" * 10**6
    answer = post("/paper/desk/sign-in", data=part + b"\r\n--x--\r\n", content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413


class Slow(io.BytesIO):
    """The body of a request that is not all there yet."""

    def __init__(self, arriving: threading.Semaphore, go_on: threading.Event) -> None:
        super().__init__(b"token=wrong")
        self._arriving, self._go_on = arriving, go_on

    def readinto(self, buffer: Any) -> int:
        self._arriving.release()
        self._go_on.wait(PATIENCE)
        return super().readinto(buffer)


def test_forms_on_their_way_leave_threads_to_others(stranger: Any) -> None:
    arriving, go_on = threading.Semaphore(0), threading.Event()

    def sign_in_slowly() -> None:
        stranger.client.application.test_client().post(
            "/paper/desk/sign-in",
            input_stream=Slow(arriving, go_on),
            content_type="application/x-www-form-urlencoded",
        )

    threads = [threading.Thread(target=sign_in_slowly) for _ in range(STRANGERS)]
    try:
        for thread in threads:
            thread.start()
        for _ in threads:
            assert arriving.acquire(timeout=PATIENCE)
        refused = stranger.sign_in()
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
        assert "Access-Control-Allow-Origin" not in refused.headers
    finally:
        go_on.set()
        for thread in threads:
            thread.join(PATIENCE)
    assert stranger.sign_in().status_code == 303
