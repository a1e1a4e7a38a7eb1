"""The article's title among those of a page, and the name of the site that stands beside it."""

from __future__ import annotations

import pytest

from feedsvc.formats.html import meta, printed, titles, tree


def title(head: str, body: str) -> str:
    page = tree.parse(f"<html><head>{head}</head><body>{body}</body></html>")
    named, _ = titles.choose(meta.read(page), page, printed.headlines(page))
    return named[0].value if named else ""


@pytest.mark.parametrize("joint", [" | ", " - ", " – ", " — ", " » ", " :: ", " · ", "_", "|"])
def test_the_sites_name_is_dropped_where_the_page_repeats_the_rest(joint: str) -> None:
    assert title(f"<title>The wall rises again{joint}The Courier</title>", "<h1>The wall rises again</h1>") == (
        "The wall rises again"
    )


def test_the_sites_name_may_stand_first() -> None:
    assert (
        title("<title>The Courier: The wall rises again</title>", "<h1>The wall rises again</h1>")
        == "The wall rises again"
    )


def test_the_site_may_be_named_instead() -> None:
    site = '<meta property="og:site_name" content="The Courier">'
    assert title(f"<title>Wall rises - The Courier</title>{site}", "<p>x</p>") == "Wall rises"
    assert title(f'<meta property="og:title" content="Wall rises - The Courier">{site}', "<p>x</p>") == "Wall rises"


def test_a_dash_of_the_headline_stays() -> None:
    assert title("<title>Wall rises – at last</title>", "<p>Other words.</p>") == "Wall rises – at last"
    assert title("<title>Wall: what now?</title>", "<h1>Wall: what now?</h1>") == "Wall: what now?"


def test_the_rest_may_open_the_text() -> None:
    assert title(
        "<title>The wall rises again – My site</title>", "<div>The wall rises again, says the council.</div>"
    ) == ("The wall rises again")


@pytest.mark.parametrize(
    "logo",
    [
        '<h1 class="logo">The Courier</h1>',
        '<h1><a href="/">The Courier</a></h1>',
        '<div id="masthead"><h1>The Courier</h1></div>',
        "<h1 hidden>The Courier</h1>",
    ],
)
def test_a_logo_is_no_headline(logo: str) -> None:
    head = '<title>The wall rises | The Courier</title><meta property="og:title" content="The wall rises">'
    assert title(head, f"{logo}<h1>The wall rises</h1>") == "The wall rises"
    assert title(head, logo) == "The wall rises"


def test_given_titles_come_before_a_headline_that_nothing_confirms() -> None:
    assert (
        title('<meta property="og:title" content="The wall rises again">', "<h1>Coast</h1>") == "The wall rises again"
    )
    assert title('<meta property="dc:title" content="As given">', "<h1>As printed</h1>") == "As given"


def test_without_metadata_the_longer_of_title_and_headline_is_the_headline() -> None:
    assert title("<title>The Ellery Courier</title>", "<h1>Bakery opens its doors at last</h1>") == (
        "Bakery opens its doors at last"
    )
    assert title("<title>Bakery opens its doors</title>", "<h1>Local</h1>") == "Bakery opens its doors"


@pytest.mark.parametrize("generic", ["Untitled Document", "Home", "index", "New Page 1"])
def test_a_title_that_says_nothing_is_none(generic: str) -> None:
    assert title(f"<title>{generic}</title>", "<h2>Wall rises</h2>") == "Wall rises"


def test_no_title_at_all() -> None:
    assert title("", "<p>Only text.</p>") == ""
