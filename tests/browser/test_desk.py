"""The operators' desk in a real browser: in by the link, every order, out again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser.house import BAD, House
from browser.keyboard import walk
from browser.looking import AT_ANY_WIDTH, DESK, HEIGHT, PHONE, Tab, tab, too_wide, violations
from e2e.newsroom import until
from playwright.sync_api import Browser, Page, expect

PAGES = {
    "overview": "/desk",
    "files": "/desk/files",
    "file": "/desk/file?path=harbour/bad.md",
    "articles": "/desk/articles",
    "sections": "/desk/sections",
    "feeds": "/desk/feeds",
    "readers": "/desk/readers",
    "readers of one feed": "/desk/readers?feed=shore",
    "preview": "/desk/preview?path=harbour/lights/keeper.md",
    "zone": "/desk/zone",
    "nowhere": "/desk/nowhere",
}
SLOW = 30_000
"""Milliseconds within which the process that takes files in sees to an order, on a machine that has much to do."""


@pytest.fixture(scope="module")
def signed_in(browser: Browser, house: House) -> Iterator[Tab]:
    with tab(browser, house.base) as seen:
        sign_in(seen, house)
        yield seen


@pytest.fixture
def desk(signed_in: Tab) -> Tab:
    """A tab that is signed in, as new."""
    signed_in.complaints.clear()
    signed_in.foreign.clear()
    signed_in.page.set_viewport_size({"width": DESK, "height": HEIGHT})
    signed_in.page.emulate_media(media="screen", color_scheme="light")
    return signed_in


def sign_in(seen: Tab, house: House) -> None:
    page = seen.open(house.link())
    expect(page).to_have_url(f"{house.base}/desk")
    expect(page.get_by_role("navigation", name="Desk")).to_be_visible()
    seen.complaints = [told for told in seen.complaints if "401" not in told]  # so the door answers


def article(house: House, seen: Tab, source: str) -> Page:
    """The page of the article that the file *source* gives, by way of the receipt of the file."""
    page = seen.open(f"{house.base}/desk/file?path={source}")
    page.locator(".brief h3 a").first.click()
    return page


@pytest.mark.parametrize("page", PAGES)
def test_a_page_at_every_size_by_day_and_by_night(desk: Tab, house: House, page: str) -> None:
    for width, scheme in ((PHONE, "light"), (DESK, "dark")):
        desk.page.set_viewport_size({"width": width, "height": HEIGHT})
        desk.page.emulate_media(color_scheme=scheme)
        shown = desk.open(house.base + PAGES[page])
        desk.complaints = [told for told in desk.complaints if not (page == "nowhere" and "404" in told)]
        desk.calm()
        assert violations(shown, rules=() if width == PHONE else AT_ANY_WIDTH) == []
    assert too_wide(shown) == []


def test_the_door(browser: Browser, house: House) -> None:
    with tab(browser, house.base, width=PHONE) as seen:
        page = seen.open(f"{house.base}/desk/files?state=refused")
        assert violations(page) == []
        assert too_wide(page) == []
        page.get_by_label("Token").fill("not the token")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_have_text("That is not the token.")
        page.get_by_label("Token").fill(house.newsroom.command("token", "--show").stdout.decode().strip())
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(f"{house.base}/desk/files?state=refused")  # where one wanted to go
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()
        seen.open(f"{house.base}/desk/files")
        expect(page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()
        assert not seen.foreign


def test_finding_files(desk: Tab, house: House) -> None:
    page = desk.open(f"{house.base}/desk/files")
    rows = page.locator("tbody tr")
    page.get_by_label("State").select_option("refused")
    page.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("harbour/bad.md")
    page.get_by_label("State").select_option("")
    page.get_by_label("Path begins with").fill("kelp/")
    page.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(4)
    page.get_by_label("Path begins with").fill("")
    page.get_by_label("Order").select_option("name")
    page.get_by_role("button", name="Show").click()
    first = rows.first.locator("a").text_content()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("File")
    page.get_by_role("columnheader", name="File").get_by_role("link").click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("File")
    expect(rows.first.locator("a")).not_to_have_text(first or "")
    page.get_by_label("Path begins with").fill("nowhere/")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main .none")).to_be_visible()


def test_reading_a_file_again_and_looking_at_the_folder(desk: Tab, house: House) -> None:
    page = desk.open(f"{house.base}/desk/file?path=harbour/bad.md")
    expect(page.locator(".verdict")).to_contain_text("refused")
    expect(page.locator(".todo")).to_be_visible()
    page.get_by_role("button", name="Read it again").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.get_by_role("link", name="Preview").click()
    expect(page.locator(".verdict")).to_contain_text("'soonish' is no date")
    desk.open(f"{house.base}/desk")
    page.get_by_role("button", name="Look now").click()
    expect(page.get_by_role("status")).to_be_visible()
    house.newsroom.drop("harbour/mended.md", BAD)
    desk.open(f"{house.base}/desk/files?state=refused")
    # The page learns of it by itself, ...
    expect(page.get_by_text("harbour/mended.md")).to_be_visible(timeout=SLOW)
    # ... and so it does when the editor has corrected the file.
    house.newsroom.drop("harbour/mended.md", BAD.replace("embargo: soonish\n", ""))
    expect(page.get_by_text("harbour/mended.md")).not_to_be_visible(timeout=SLOW)
    desk.quiet()


def test_previewing(desk: Tab, house: House) -> None:
    page = desk.open(f"{house.base}/desk/preview?path=harbour/lights/keeper.md")
    frame = page.frame_locator(".preview iframe")
    expect(frame.get_by_role("heading", name="The lighthouse keeps its keeper")).to_be_visible()
    page.get_by_text("Fields, and where they came from").click()
    expect(page.get_by_text("Ilse Marron").first).to_be_visible()
    page.locator(".sorts").get_by_role("link").last.click()
    expect(frame.locator("body")).to_contain_text("The lighthouse keeps its keeper")
    assert not desk.foreign


def test_taking_down_and_restoring(desk: Tab, house: House) -> None:
    page = article(house, desk, "harbour/gone.md")
    public = page.get_by_role("link", name="/articles/").get_attribute("href") or ""
    page.get_by_text("Take it down", exact=True).click()
    page.get_by_label("Why?").fill("Asked for by the harbour court")
    page.get_by_role("button", name="Take it down now").click()
    expect(page.locator(".verdict")).to_contain_text("taken down")
    expect(page.locator(".events")).to_contain_text("Asked for by the harbour court")
    path = public.removeprefix(house.base)
    until(lambda: house.service.get(path).status == 410, what="its page answers 410")
    page.get_by_role("button", name="Lift the takedown").click()
    expect(page.locator("details.danger")).to_be_visible()
    until(lambda: house.service.get(path).status == 200, what="its page is back")
    desk.quiet()


def test_accepting_a_deletion_that_was_held(desk: Tab, house: House) -> None:
    for number in range(4, 10):
        house.newsroom.write(f"eels/eel-{number}.md", f"Eel {number}\n\nThe eel is in the net, and stays there.\n")
    house.service.wait_for("Eel 9")
    for file in (house.newsroom.content / "eels").iterdir():
        file.unlink()
    page = desk.open(f"{house.base}/desk")
    held = page.locator(".hold")
    expect(held).to_be_visible(timeout=SLOW)  # without loading it anew
    expect(page.locator(".alarms")).to_be_visible()
    held.locator("summary").click()
    expect(held.get_by_role("link", name="eels/eel-4.md")).to_be_visible()
    assert violations(page) == []
    held.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("status")).to_be_visible()
    until(lambda: not house.service.shows("Eel 9"), what="the deletion is done")
    desk.open(f"{house.base}/desk")
    expect(page.locator(".hold")).to_have_count(0, timeout=SLOW)


@pytest.mark.parametrize("page", ["overview", "files"])
def test_by_keyboard_alone(desk: Tab, house: House, page: str) -> None:
    shown = desk.open(house.base + PAGES[page])
    shown.keyboard.press("Tab")
    expect(shown.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(shown.get_by_role("link", name="Skip to content")).to_be_in_viewport(ratio=1)
    shown.keyboard.press("Enter")
    expect(shown.locator("main")).to_be_focused()
    desk.open(house.base + PAGES[page])
    assert walk(shown) == []


def test_the_page_leaves_alone_what_somebody_works_in(desk: Tab, house: House) -> None:
    page = article(house, desk, "harbour/lights/keeper.md")
    page.get_by_text("Take it down", exact=True).click()
    page.get_by_label("Why?").fill("half a sen")
    with page.expect_response(lambda answer: answer.request.resource_type == "fetch"):  # it renews itself
        pass
    expect(page.get_by_label("Why?")).to_have_value("half a sen")
    expect(page.get_by_label("Why?")).to_be_focused()


def test_on_paper(desk: Tab, house: House) -> None:
    page = desk.open(f"{house.base}/desk/file?path=harbour/bad.md")
    page.emulate_media(media="print", color_scheme="dark")
    for part in (".top nav", ".orders", ".foot", ".skip"):
        expect(page.locator(part)).not_to_be_visible()
    expect(page.locator(".verdict")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_without_script(browser: Browser, house: House) -> None:
    with tab(browser, house.base, script=False) as seen:
        page = seen.open(house.link())
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Scheduled")).to_be_visible()
        assert "ticket" not in page.url
        page.get_by_role("link", name="Tariff of the new year").click()
        page.locator("details.danger summary").click()
        expect(page.get_by_role("button", name="Take it down now")).to_be_visible()
        desk_page = seen.open(f"{house.base}/desk/file?path=harbour/bad.md")
        desk_page.get_by_role("button", name="Read it again").click()
        expect(desk_page.get_by_role("status")).to_be_visible()
