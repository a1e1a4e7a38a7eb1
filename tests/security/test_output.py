"""Whatever stands in whatever field of whatever format: nothing that acts comes out, anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import danger
import pytest
from security.families import FAMILIES
from security.site import Site
from security.vectors import ADDRESSES, TEXTS

TEXT_FIELDS = (
    "title", "standfirst", "byline", "author", "section", "tag", "slug", "summary", "rights", "language", "dateline",
    "agency", "alt", "caption", "credit", "body",
)  # fmt: skip
ADDRESS_FIELDS = ("link", "image", "author_url", "body_link")
HARMLESS = "https://elsewhere.example/x.png"
CSP = re.compile(r"default-src 'none'; script-src 'self'; (?!.*(?:unsafe-inline|unsafe-eval|script-src))")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.close()


def fields(text: str, address: str, number: int, *, section: str = "") -> dict[str, str]:
    """Every field with *text* or *address* in it, after a word by which it is known again."""
    told = {name: f"canary{name.replace('_', '')}{number} {text}" for name in TEXT_FIELDS}
    told |= dict.fromkeys(ADDRESS_FIELDS, address)
    told["section"] = f"canarysection {section or text}"
    if address == HARMLESS:
        told["link"] = "https://elsewhere.example/page"
    told["language"] = f"en{text}"
    told["id"] = f"urn:x-test:{number}"
    return told


def assert_harmless(site: Site, *, carried: tuple[str, ...] = ()) -> None:
    """Nothing acts in any page or feed, every header is there, and the fields *carried* were really shown."""
    ids, everything, answers = site.ids(), [], 0
    for address, response in site.crawl():
        kind, body = response.headers["Content-Type"], response.data
        assert response.status_code == 200, (address, response.status)
        assert response.headers["X-Content-Type-Options"] == "nosniff", address
        assert "Set-Cookie" not in response.headers
        everything.append(body.decode(errors="replace"))
        answers += 1
        if kind.startswith("text/html"):
            assert danger.in_page(body.decode()) == [], address
            assert CSP.match(response.headers["Content-Security-Policy"]), address
            assert "1337" not in body.decode(), address  # 7 * 191
        elif "json" in kind:
            assert danger.in_json_feed(body, site.ids(_feed_of(address))) == [], address
        elif kind.startswith(("application/rss", "application/atom")):
            assert danger.in_xml_feed(body, site.ids(_feed_of(address))) == [], address
        elif kind.startswith(("image/", "text/css")):
            assert address.startswith(("/static/", "/media/")), address
        else:
            assert danger.in_xml(body) == [], address
    assert answers > len(ids) + 4  # each article's page, the front page, feeds
    shown_text = "\n".join(everything)
    missing = [name for name in carried if f"canary{name}" not in shown_text.lower()]
    assert not missing, f"not carried, so not tried: {missing}"


def _feed_of(address: str) -> str:
    return unquote(address.removeprefix("/feeds/").rpartition(".")[0])


@pytest.mark.parametrize("family", FAMILIES)
def test_text_in_every_field_stays_text(site: Site, family: str) -> None:
    suffix, write, carried = FAMILIES[family]
    first = list(FAMILIES).index(family)
    for number, text in enumerate(TEXTS):
        # Six sections for each family, others for the next one: a section for each text would take its time.
        section = TEXTS[(first + number % 6 * len(FAMILIES)) % len(TEXTS)]
        site.write(f"news/{number}{suffix}", write(fields(text, HARMLESS, number, section=section)))
    refused = site.take_in()
    assert len(site.ids()) >= len(TEXTS) * 0.8, refused
    assert_harmless(site, carried=tuple(carried.split()))


@pytest.mark.parametrize("family", FAMILIES)
def test_an_address_that_is_a_program_comes_out_nowhere(site: Site, family: str) -> None:
    suffix, write, _ = FAMILIES[family]
    for number, address in enumerate(ADDRESSES):
        site.write(f"news/{number}{suffix}", write(fields("word", address, number)))
    refused = site.take_in()
    assert len(site.ids()) >= len(ADDRESSES) * 0.8, refused
    assert_harmless(site)


@pytest.mark.parametrize("family", ["markdown-yaml", "ninjs", "rss", "nitf"])
def test_an_id_that_is_a_program_or_markup_is_only_an_id(site: Site, family: str) -> None:
    suffix, write, _ = FAMILIES[family]
    given = [*ADDRESSES, *TEXTS]
    for number, written in enumerate(given):
        told = fields("word", HARMLESS, number) | {"id": f"{written}{number}"}
        site.write(f"news/{number}{suffix}", write(told))
    refused = site.take_in()
    assert len(site.ids()) >= len(given) * 0.8, refused
    assert_harmless(site)


def test_names_of_files_and_folders_stay_text(site: Site) -> None:
    for number, text in enumerate(TEXTS):
        name = re.sub(r"[/\x00-\x1f]", " ", text)[:80].strip(" .") or "x"
        site.write(f"{name}{number}/{name}.txt", f"Kittiwake {number}\n\nIt came in with the tide.\n".encode())
    refused = site.take_in()
    assert len(site.ids()) >= len(TEXTS) * 0.8, refused
    assert_harmless(site, carried=())


def test_what_is_asked_for_is_never_said_back(site: Site) -> None:
    site.write("news/a.txt", b"Kittiwake back in port\n\nIt came in with the tide.\n")
    site.take_in()
    for text in TEXTS:
        told = quote(text)
        places = ("", "sections/", "feeds/", "articles/", "?q=", "sections/news?page=", "feeds/all.rss?x=", "search?q=")
        for address in (*(f"/{place}{told}" for place in places), f"/articles/{told}-aaaaaaaa", f"/feeds/{told}.rss"):
            response = site.client.get(
                address, headers={"Host": f"evil.example:80{told}", "X-Forwarded-Host": "evil.example"}
            )
            assert response.status_code < 500, address
            if response.headers["Content-Type"].startswith("text/html"):
                assert danger.in_page(response.text) == [], address
            assert response.headers["X-Content-Type-Options"] == "nosniff", address
            assert "evil.example" not in response.text
            assert not any("evil.example:80" in value for value in response.headers.values())


def test_the_watchdogs_of_these_tests_bite() -> None:
    """What these tests look for is found where it is."""
    for text in TEXTS[:2] + TEXTS[12:13] + TEXTS[22:36]:
        assert danger.in_html(text), text
    entry: dict[str, Any] = {"id": "a", "url": "javascript:alert(1)"}
    assert danger.in_json(entry)
    feed = b"<rss><channel><item><guid>a</guid><title>%s</title></item></channel></rss>"
    assert danger.in_xml_feed(feed % b"fine", ["a"]) == []
    assert danger.in_xml_feed(feed % b"fine", ["a", "b"])
    assert danger.in_xml_feed(feed % b"&lt;script>1&lt;/script>", ["a"])
    assert danger.in_xml_feed(feed % b"fine</title><link>javascript:1</link><title>", ["a"])
    assert danger.in_page("<html><body><p onclick=x>y</p></body></html>")
    assert danger.in_page("<html><script>alert(1)</script></html>")
    assert danger.in_page('<html><body><a href="feed:javascript:alert(1)">y</a></body></html>')
    assert danger.in_page('<html><body><a href="feed:https://x.example/f">y</a></body></html>') == []
    assert danger.in_page('<html><script src="https://x.example/static/subscribe.js" defer></script></html>')
    assert danger.in_page('<html><body><input type="text" name="q"></body></html>')
    good = '<html><head><script type="application/ld+json">%s</script></head></html>'
    assert danger.in_page(good % '{"url":"https://x.example/"}') == []
    assert danger.in_page(good % '{"url":"javascript:alert(1)"}')
