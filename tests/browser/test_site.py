"""The public pages in a real browser: on a phone and at a desk, by day and by night, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from browser.house import House
from browser.keyboard import walk
from browser.looking import AT_ANY_WIDTH, DESK, HEIGHT, PHONE, tab, too_wide, violations
from playwright.sync_api import Browser, expect

KEEPER = "The lighthouse keeps its keeper"
ARABIC = "عودة قوارب الصيد"
PAGES = {
    "index": "/",
    "index, second page": "/?page=2",
    "section": "/sections/shore",
    "section with sections": "/sections/harbour",
    "article": KEEPER,
    "article in Arabic": ARABIC,
    "tag": "/tags/lights",
    "not found": "/nowhere",
}


def address(house: House, page: str) -> str:
    named = PAGES[page]
    return house.base + named if named.startswith("/") else house.page(named)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_at_every_size_by_day_and_by_night(browser: Browser, house: House, page: str) -> None:
    with tab(browser, house.base) as seen:
        for width, scheme in ((PHONE, "light"), (DESK, "dark")):
            seen.page.set_viewport_size({"width": width, "height": HEIGHT})
            seen.page.emulate_media(color_scheme=scheme)
            shown = seen.open(address(house, page))
            seen.complaints = [told for told in seen.complaints if not (page == "not found" and "404" in told)]
            seen.calm()
            if shown.locator("details.subscribe").count():
                shown.locator("details.subscribe summary").first.click()
            # A rule of structure finds at one width what it finds at another.
            assert violations(shown, rules=() if width == PHONE else AT_ANY_WIDTH) == []
        assert too_wide(shown) == []


def test_subscribing(browser: Browser, house: House) -> None:
    with tab(browser, house.base, permissions=["clipboard-read", "clipboard-write"]) as seen:
        page = seen.open(f"{house.base}/sections/shore")
        box = page.locator("details.subscribe")
        expect(box.locator(".ways")).not_to_be_visible()
        box.locator("summary").click()
        expect(box.locator(".ways")).to_be_visible()
        feed = f"{house.base}/feeds/shore.rss"
        expect(box.locator("input")).to_have_value(feed)
        box.get_by_role("button", name="Copy").click()
        expect(box.get_by_role("status")).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == feed
        links = [link.get_attribute("href") or "" for link in box.get_by_role("link").all()]
        assert links[0] == f"feed:{feed}"
        readers = [link for link in links if link.startswith("https://")]
        assert len(readers) >= 3
        assert all("shore.rss" in link for link in readers)
        assert [link.rpartition(".")[2] for link in links[-3:]] == ["rss", "atom", "json"]
        seen.quiet()


def test_walking_the_index_back_and_forth(browser: Browser, house: House) -> None:
    with tab(browser, house.base) as seen:
        page = seen.open(house.base)
        newest = page.locator(".card h3").all_text_contents()
        page.get_by_role("link", name="Older articles").click()
        expect(page.get_by_text("Page 2")).to_be_visible()
        assert not set(newest) & set(page.locator(".card h3").all_text_contents())
        page.get_by_role("link", name="Newer articles").click()
        expect(page.locator(".card h3")).to_have_text(newest)
        page.locator(".card.lead h3 a").click()
        expect(page.locator("article.article h1")).to_have_text(newest[0])
        seen.quiet()


@pytest.mark.parametrize("page", ["index", "article"])
def test_by_keyboard_alone(browser: Browser, house: House, page: str) -> None:
    with tab(browser, house.base) as seen:
        shown = seen.open(address(house, page))
        shown.keyboard.press("Tab")
        skip = shown.get_by_role("link", name="Skip to content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport(ratio=1)
        shown.keyboard.press("Enter")
        expect(shown.locator("main")).to_be_focused()
        shown = seen.open(address(house, page))
        assert walk(shown) == []
        summary = shown.locator("details.subscribe summary").first
        summary.focus()
        shown.keyboard.press("Enter")
        expect(shown.locator("details.subscribe .ways").first).to_be_visible()


def test_without_script(browser: Browser, house: House) -> None:
    with tab(browser, house.base, script=False) as seen:
        page = seen.open(f"{house.base}/sections/shore")
        page.locator("details.subscribe summary").click()
        expect(page.locator("details.subscribe input")).to_be_visible()
        expect(page.get_by_role("button", name="Copy")).not_to_be_visible()  # it could do nothing
        page.locator(".card h2 a").first.click()
        expect(page.locator("article.article .body")).to_be_visible()
        assert not seen.complaints


def test_nothing_sticks_to_its_neighbour_or_leaves_the_screen(browser: Browser, house: House) -> None:
    with tab(browser, house.base, width=360) as seen:
        page = seen.open(house.page("A name of some length"))
        byline, footer, subscribe = (
            page.locator(part).bounding_box() for part in (".byline", ".article > footer", ".subscribe")
        )
        assert byline
        assert footer
        assert subscribe
        assert byline["x"] >= 16
        assert byline["x"] + byline["width"] <= 360 - 16
        assert subscribe["y"] - (footer["y"] + footer["height"]) >= 24


def test_on_paper(browser: Browser, house: House) -> None:
    with tab(browser, house.base, scheme="dark") as seen:
        page = seen.open(house.page(KEEPER))
        page.emulate_media(media="print")
        for part in ("nav.bar", "nav.crumbs", ".skip", ".subscribe", ".foot"):
            expect(page.locator(part).first).not_to_be_visible()
        for part in ("h1", ".byline", ".when", ".body table", ".body blockquote", "figure img"):
            expect(page.locator(part).first).to_be_visible()
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
        assert page.evaluate("getComputedStyle(document.querySelector('.body')).color") == "rgb(0, 0, 0)"


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_a_feed_opened_by_a_person(browser: Browser, house: House, suffix: str) -> None:
    """axe is not asked: XML of another kind than HTML has no roles that it could look at."""
    with tab(browser, house.base, width=PHONE) as seen:
        page = seen.open(f"{house.base}/feeds/shore.{suffix}")
        item, summary = ("item", "description") if suffix == "rss" else ("entry", "summary")
        expect(page.locator(item)).to_have_count(29)
        for part in ("title", summary):
            expect(page.locator(f"{item} > {part}").first).to_be_visible()
        title, said = (page.locator(f"{item} > {part}").first.bounding_box() for part in ("title", summary))
        assert title
        assert said
        assert said["y"] >= title["y"] + title["height"]  # one below the other, not in a row
        assert title["x"] >= 12
        assert title["x"] + title["width"] <= PHONE - 12
        shown = page.locator(f"{item} > *").evaluate_all(
            "(parts) => parts.filter((one) => one.getBoundingClientRect().height > 0).map((one) => one.localName)"
        )
        assert set(shown) <= {"title", summary, "pubDate", "published"}  # no id, no markup of machines
        told = page.evaluate("getComputedStyle(document.documentElement, '::before').content")
        assert "This is a feed" in told
        inks = [page.evaluate("() => getComputedStyle(document.documentElement).color")]
        page.emulate_media(color_scheme="dark")
        inks.append(page.evaluate("() => getComputedStyle(document.documentElement).color"))
        assert inks[0] != inks[1]
        assert too_wide(page) == []
        assert not seen.complaints, seen.complaints
        assert not seen.foreign, seen.foreign


def test_what_pages_share_is_fetched_once(browser: Browser, house: House) -> None:
    with tab(browser, house.base) as seen:
        seen.open(house.base)
        page = seen.open(f"{house.base}/sections/shore")
        fetched = page.evaluate(
            "performance.getEntriesByType('resource').filter((one) => one.transferSize > 0).map((one) => one.name)"
        )
        assert [url for url in fetched if "/static/" in url] == []
