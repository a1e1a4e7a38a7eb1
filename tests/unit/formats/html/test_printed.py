"""What the page shows around its headline: dates in words, bylines, standfirst, crumbs."""

from __future__ import annotations

import pytest

from feedsvc.dates import parse as parse_date
from feedsvc.formats.html import printed, tree
from feedsvc.formats.html.clues import Clues

PROSE = "<p>" + "The wall is to be rebuilt next summer, says the council of the harbour town. " * 4 + "</p>"


def read(before: str = "", after: str = "") -> Clues:
    page = tree.parse(f"<html><body>{before}<h1>The wall rises</h1>{after}{PROSE * 3}</body></html>")
    return printed.read(page, next(iter(printed.headlines(page))), "The wall rises")


def day(clues: Clues, name: str = "published") -> str:
    stamp = parse_date(clues.first(name).value)
    return stamp.day.isoformat() if stamp else ""


@pytest.mark.parametrize(
    "line",
    [
        "<p>30 September 2016</p>",
        "<p>September 30, 2016</p>",
        "<p>Published: Friday, September 30, 2016 at 10:15 am</p>",
        "<div>By Jo Fennimore | 30 Sep 2016 | Coast</div>",
        "<span class='date'>2016-09-30 10:15</span>",
        "<p>Veröffentlicht am 30. September 2016</p>",
        "<p>Publié le 30 septembre 2016 à 10h15</p>",
        "<p>30 de septiembre de 2016</p>",
        "<p>2016年9月30日 10:15</p>",
        "<p>প্রকাশিত: শুক্রবার ৩০ সেপ্টেম্বর ২০১৬</p>",
        "<p>Posted:30 September 2016</p>",
        "<font>By Jo<br>30 September 2016</font>",
        '<time datetime="2016-09-30T10:15:00+01:00">yesterday</time>',
        '<time class="published">30 September 2016</time>',
    ],
)
def test_dates_below_the_headline(line: str) -> None:
    assert day(read(after=line)) == "2016-09-30"


def test_a_date_above_the_headline() -> None:
    assert day(read(before="<p>30 September 2016</p>")) == "2016-09-30"


def test_updates_are_told_from_publication() -> None:
    clues = read(after="<p>Published 30 September 2016 | Updated 2 October 2016</p>")
    assert (day(clues), day(clues, "updated")) == ("2016-09-30", "2016-10-02")
    clues = read(after='Last updated: <time datetime="2016-10-02">x</time><time datetime="2016-09-30" pubdate>y</time>')
    assert (day(clues), day(clues, "updated")) == ("2016-09-30", "2016-10-02")


@pytest.mark.parametrize(
    "line", ["<p>Call 0123456789 or 2016 other numbers</p>", "<p>In 2016 it was 12 metres</p>", "<p>1999</p>"]
)
def test_numbers_are_no_dates(line: str) -> None:
    assert day(read(after=line)) == ""


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("<p>By Jo Fennimore</p>", "By Jo Fennimore"),
        ("<p>Von Grete Holm</p>", "Von Grete Holm"),
        ('<div class="byline">Jo Fennimore</div>', "Jo Fennimore"),
        ("<p>By Jo Fennimore, 30 September 2016</p>", "By Jo Fennimore"),
        ('<p class="article__author-name">Jo Fennimore</p>', "Jo Fennimore"),
    ],
)
def test_bylines(line: str, byline: str) -> None:
    assert read(after=line).first("byline").value == byline


def test_authors_with_their_pages() -> None:
    ((author, origin),) = read(after='<p>By <a rel="author" href="https://a.example/jo">Jo Fennimore</a></p>').authors
    assert (author.name, author.uri, origin) == ("Jo Fennimore", "https://a.example/jo", "link author")


def test_a_wire_by_its_name() -> None:
    assert read(after="<p>Agence France-Presse</p>").first("agency").value == "Agence France-Presse"


def test_standfirst() -> None:
    text = "After a winter of storms the council decides for stone at last."
    assert read(after=f'<p class="article-standfirst">{text}</p>').first("standfirst").value == text
    assert read(after=f"<h2>{text}</h2>").first("standfirst").value == text
    assert not read(after="<h2>The first night</h2>").first("standfirst").value
    assert not read(after=f"<p>{text}</p>").first("standfirst").value


@pytest.mark.parametrize(
    "crumbs",
    [
        '<ol class="breadcrumb"><li><a href="/">Home</a></li><li>World</li><li>Asia &amp; Pacific</li></ol>',
        '<nav aria-label="Breadcrumb"><a href="/">Home</a> / <a href="/w">World</a> / <a>Asia &amp; Pacific</a></nav>',
        '<div class="crumbs">Home &raquo; World &raquo; Asia &amp; Pacific</div>',
        "<p>You are here: Home &gt; World &gt; Asia &amp; Pacific</p>",
    ],
)
def test_crumbs(crumbs: str) -> None:
    line = read(before=crumbs).first("crumbs").value
    assert list(printed.after_home(line, "The wall rises")) == ["World", "Asia & Pacific"]


def test_the_article_itself_is_no_crumb() -> None:
    assert list(printed.after_home("Home > World > The wall rises", "The wall rises")) == ["World"]
    assert list(printed.after_home("Start > Welt > Eine neue Mauer für den…", "Eine neue Mauer für den Hafen")) == [
        "Welt"
    ]
