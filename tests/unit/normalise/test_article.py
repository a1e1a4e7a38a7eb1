"""A raw item becomes an article: every default, and what goes into each field."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

import pytest
from fakes import make_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from feedsvc.dates import Precision
from feedsvc.digest import neutral
from feedsvc.errors import ContentError, FieldError, NotAnArticle, TooLarge
from feedsvc.formats.base import RawAuthor, RawCategory, RawItem, RawMedium
from feedsvc.model import Article, Category, Enclosure, PubStatus, Stored
from feedsvc.normalise.article import Normalised, normalise
from feedsvc.normalise.sections import SectionNames
from feedsvc.text import xml_safe

NOW = datetime(2040, 3, 14, 12, tzinfo=UTC)
SETTINGS = make_settings(site={"languages": ["de"]}, sections={"port": {"title": "Port", "language": "fr"}})
SECTIONS = SectionNames(SETTINGS)
LONG = "<p>The ferry sails again after it was mended.</p>"


def made(
    path: str = "town/a.md", *, previous: Stored | None = None, settings: Any = SETTINGS, **fields: Any
) -> Normalised:
    values = {"title": "The ferry", "body": LONG} | fields
    return normalise(
        RawItem(**values),
        PurePosixPath(path),
        article_id="urn:x:1",
        settings=settings,
        sections=SECTIONS,
        now=NOW,
        previous=previous,
    )


def article(path: str = "town/a.md", **fields: Any) -> Article:
    return made(path, **fields).article


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("March 13", "2040-03-13"),
        ("--03-14", "2040-03-14"),
        ("15 mars", "2040-03-14"),
        ("16 March", "2039-03-16"),
        ("--12-31", "2039-12-31"),
        ("Feb 29", "2040-02-29"),
    ],
)
def test_a_day_without_its_year_is_the_last_such_day(written: str, day: str) -> None:
    found = made(published=written)
    assert (found.day.isoformat(), found.article.published <= NOW) == (day, True)
    assert any(f"names no year: the day is taken to be {day}" in note for note in found.notes)
    assert not any("no date" in note for note in found.notes)


def test_a_day_without_its_year_gives_way_to_one_with_it() -> None:
    found = made(published="2021-03-13T07:00:00Z", published_fallbacks=("March 13",))
    assert found.notes == made(published="2021-03-13T07:00:00Z").notes
    assert made(published="March 13", published_fallbacks=("2021-03-13",)).article.published.year == 2021


def test_a_day_without_its_year_stays_in_the_year_in_which_it_came() -> None:
    before = Stored(article=article(published="2031-03-13"), key="k", path="/a", released=None)
    assert made(published="March 13", previous=before).day.year == 2031


def test_the_defaults() -> None:
    found = made()
    assert found.article == Article(
        id="urn:x:1",
        source="town/a.md",
        sections=("town",),
        slug="the-ferry",
        title="The ferry",
        content=LONG,
        summary="The ferry sails again after it was mended.",
        language="en",
        published=NOW,
        precision=Precision.INSTANT,
        updated=NOW,
    )
    assert found.day == NOW.date()
    assert found.origin == {"title": "title", "sections": "folder", "published": "time of pick-up"}
    assert found.notes == ("no date is given: the time of pick-up is used",)


def test_the_day_of_the_address_is_that_in_the_zone_of_the_site() -> None:
    assert made(published="2040-03-10T23:30:00Z").day.isoformat() == "2040-03-11"


def test_the_slug_is_the_files_own_or_of_the_title() -> None:
    assert article(slug="Quay & Side").slug == "quay-side"
    assert article(title="Ähre / 渡轮").slug == "ähre-渡轮"
    assert len(article(title="ferry " * 40).slug) <= 80


# ---------------------------------------------------------------------- text
@pytest.mark.parametrize("body", ["", "  ", "<p></p>", "<script>alert(1)</script>", "<!-- -->"])
def test_without_a_text_it_is_no_article(body: str) -> None:
    with pytest.raises(NotAnArticle, match="no text") as refused:
        made(body=body, line=7)
    assert refused.value.line == 7


def test_without_a_title_the_first_sentence_serves_and_without_that_it_is_none() -> None:
    assert article(title="").title == "The ferry sails again after it was mended"
    with pytest.raises(NotAnArticle, match="no title and no sentence"):
        made(title="", body='<p><img src="https://x.example.org/a.jpg"></p>')


def test_a_withdrawal_needs_neither() -> None:
    found = article(title="", body="", withdrawal=True)
    assert (found.pubstatus, found.title, found.content) == (PubStatus.CANCELED, "a", "")


def test_a_withdrawal_keeps_title_and_version_of_what_it_takes_back() -> None:
    before = Stored(article=article(version="7", id="x"), key="k", path="/a", released=NOW - timedelta(days=1))
    found = made(title="", body="", status="canceled", previous=before).article
    assert (found.title, found.version) == ("The ferry", 7)
    assert made(title="", body="", status="canceled", version="9", previous=before).article.version == 9


def test_the_body_is_sanitised() -> None:
    found = article(body='<p onclick="x()">Text<script>alert(1)</script> <a href="javascript:x()">here</a>.</p>')
    assert "script" not in found.content
    assert "onclick" not in found.content


def test_a_body_that_is_too_large_is_told_so() -> None:
    with pytest.raises(TooLarge, match="too large or too deep"):
        made(body="<p>x" * 30_000)


def test_the_standfirst_is_not_said_twice() -> None:
    found = made(standfirst="The ferry sails again after it was mended.")
    assert found.article.standfirst == ""
    assert any("repeats the first paragraph" in note for note in found.notes)
    assert article(standfirst="Back at <i>sea</i> &amp; home").standfirst == "Back at sea & home"


def test_the_summary_is_given_or_the_beginning_of_the_text() -> None:
    assert article(summary="In short").summary == "In short"
    long = article(body=LONG * 30).summary
    assert 300 <= len(long) <= 400


def test_plain_fields_are_plain() -> None:
    found = article(agency="<b>Sea &amp; Sand</b>", dateline="QUAY,\n Harbour", rights="© &copy;", urgency="3")
    assert (found.agency, found.dateline, found.rights, found.urgency) == ("Sea & Sand", "QUAY, Harbour", "© ©", 3)
    assert article(agency="a <b> &amp;", literal=frozenset({"agency"})).agency == "a <b> &amp;"
    assert article(urgency="12").urgency == 9
    assert article(urgency="high").urgency == 0


# ---------------------------------------------------------------------- language
@pytest.mark.parametrize(
    ("path", "given", "language"),
    [
        ("town/a.md", "pt_BR", "pt-BR"),
        ("town/a.md", "en_US.UTF-8", "en-US"),
        ("town/a.md", "ar", "ar"),
        ("town/a.md", "English language", "en"),
        ("town/a.md", "", "en"),
        ("de/town/a.md", "", "de"),
        ("de/town/a.md", "nl", "nl"),
        ("port/quay/a.md", "", "fr"),
    ],
)
def test_the_language_is_the_files_the_folders_the_sections_or_the_sites(path: str, given: str, language: str) -> None:
    assert article(path, language=given).language == language


# ---------------------------------------------------------------------- addresses
@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("https://x.example.org/a b?c=ü", "https://x.example.org/a%20b?c=%C3%BC"),
        (" http://x.example.org/%20a ", "http://x.example.org/%20a"),
        ("/a", ""),
        ("ftp://x.example.org/a", ""),
        ("javascript:alert(1)", ""),
        ("http://", ""),
        ("http://[", ""),
        ("http://x y/", ""),
        ("https://x.example.org/" + "a" * 2000, ""),
    ],
)
def test_links_are_absolute_web_addresses(written: str, link: str) -> None:
    assert article(link=written).link == link


def test_relative_addresses_count_from_where_the_file_says() -> None:
    body = '<p>Text <a href="b.html">here</a> <a href="/c">there</a>.</p>'
    given = article(body=body, base="https://x.example.org/news/").content
    assert 'href="https://x.example.org/news/b.html"' in given
    assert 'href="https://x.example.org/c"' in given
    linked = article(body=body, link="https://y.example.org/2040/a.html").content
    assert 'href="https://y.example.org/2040/b.html"' in linked


def test_our_own_addresses_are_neutral() -> None:
    body = '<p>Text <a href="b.html">here</a> <a href="https://news.example.org/c">there</a>.</p>'
    content = article("town/notes/a.md", body=body).content
    assert 'href="/town/notes/b.html"' in content
    assert 'href="/c"' in content


def test_another_base_url_changes_nothing_of_what_an_article_says() -> None:
    fields: dict[str, Any] = {
        "body": LONG + '<p><img src="b.jpg"></p>',
        "media": (RawMedium(url="c.jpg"), RawMedium(url="/d.jpg")),
    }
    here = article(**fields)
    there = article(settings=make_settings(site={"base_url": "https://other.example.com"}), **fields)
    assert here.digest == there.digest
    assert [one.url for one in here.enclosures] == ["/town/c.jpg", "/d.jpg"]


# ---------------------------------------------------------------------- media
def test_media_become_enclosures() -> None:
    media = RawMedium(
        url="https://x.example.org/my photo.JPG",
        length=-5,
        width=640,
        height=480,
        alt="A <b>ferry</b>",
        caption="At &quot;sea&quot;",
        credit="Jane",
    )
    assert article(media=(media, media)).enclosures == (
        Enclosure(
            url="https://x.example.org/my%20photo.JPG",
            type="image/jpeg",
            width=640,
            height=480,
            alt="A ferry",
            caption='At "sea"',
            credit="Jane",
        ),
    )


@pytest.mark.parametrize(
    ("url", "given", "kind"),
    [
        ("a.webp", "", "image/webp"),
        ("a.avif", "", "image/avif"),
        ("a.mp3", "", "audio/mpeg"),
        ("a.mp4?x=1", "", "video/mp4"),
        ("a", "", "image/jpeg"),
        ("a.jpg", "Image/PNG", "image/png"),
        ("a", "audio/mpeg; codecs=x", "audio/mpeg"),
        ("a.jpg", "picture", None),
        ("javascript:x", "image/png", None),
        ("data:image/png;base64,AA", "image/png", None),
    ],
)
def test_the_type_is_given_or_by_the_suffix_and_else_it_is_a_picture(url: str, given: str, kind: str | None) -> None:
    found = article(media=(RawMedium(url=url, type=given),)).enclosures
    assert [one.type for one in found] == ([] if kind is None else [kind])


def test_there_are_no_more_than_fifty() -> None:
    assert len(article(media=tuple(RawMedium(url=f"{number}.jpg") for number in range(60))).enclosures) == 50


# ---------------------------------------------------------------------- tags
def test_each_tag_stands_once_in_the_spelling_of_its_first_mention() -> None:
    written = [("Ferries", ""), ("ferries", ""), ("FERRIES", "x"), (" <i>Quay</i> side ", ""), ("—", ""), ("", "")]
    found = article(categories=tuple(RawCategory(term=term, scheme=scheme) for term, scheme in written)).categories
    assert found == (Category(term="Ferries"), Category(term="FERRIES", scheme="x"), Category(term="Quay side"))


def test_there_are_no_more_than_a_hundred() -> None:
    assert len(article(categories=tuple(RawCategory(term=f"t{number}") for number in range(150))).categories) == 100


# ---------------------------------------------------------------------- where it came from
def test_origin_names_what_the_format_said_and_the_rule_that_chose() -> None:
    origin = {"title": "line 3", "published": "front matter date", "body": "line 5", "nonsense": "x"}
    found = made(origin=origin, published="2040-03-10", sections=("Town",)).origin
    assert found == {"title": "line 3", "published": "front matter date", "sections": "its own words"}
    assert (
        made(published="soon", published_fallbacks=("2040-03-10",)).origin["published"] == "a second date in the file"
    )


def test_notes_of_the_format_and_of_the_rules_stand_together_once_each() -> None:
    found = made("2039-01-02-a.md", notes=("odd", "odd"), status="what?", published="3/4/2039", title="5")
    text = " | ".join(found.notes)
    assert text.count("odd") == 1
    for said in ("'what?' is not known", "could be exchanged", "'5' is no title", "goes to 'news'", "2039-01-02"):
        assert said in text


def test_a_field_that_cannot_be_names_itself() -> None:
    with pytest.raises(FieldError) as refused:
        made(embargo="soon")
    assert (refused.value.field, refused.value.value) == ("embargo", "soon")


ODD = st.text(st.sampled_from("ab é<>&\"'/:?#%\ud800\x00\u202e\n2040-03-14T:Z@,;()"), max_size=25)
ITEMS = st.builds(
    RawItem,
    title=ODD,
    body=ODD.map(lambda text: f"<p>{text}x</p>"),
    title_fallbacks=st.lists(ODD, max_size=2).map(tuple),
    status=st.sampled_from(["", "usable", "draft", "canceled"]),
    published=ODD,
    updated=ODD,
    slug=ODD,
    standfirst=ODD,
    summary=ODD,
    byline=ODD,
    authors=st.lists(st.builds(RawAuthor, name=ODD, uri=ODD), max_size=2).map(tuple),
    agency=ODD,
    dateline=ODD,
    language=ODD,
    sections=st.lists(ODD, max_size=2).map(tuple),
    crumbs=ODD,
    codes=st.lists(ODD, max_size=2).map(tuple),
    categories=st.lists(st.builds(RawCategory, term=ODD, label=ODD, scheme=ODD), max_size=2).map(tuple),
    media=st.lists(st.builds(RawMedium, url=ODD, type=ODD, alt=ODD), max_size=2).map(tuple),
    link=ODD,
    base=ODD,
    rights=ODD,
    urgency=ODD,
    version=ODD,
)


@hypothesis_settings(max_examples=150)
@given(item=ITEMS)
def test_any_item_becomes_a_clean_article_or_is_refused(item: RawItem) -> None:
    try:
        found = normalise(
            item, PurePosixPath("town/a.md"), article_id="urn:x:1", settings=SETTINGS, sections=SECTIONS, now=NOW
        )
    except ContentError:
        return
    said = found.article
    assert said.title
    assert said.title == " ".join(said.title.split())
    assert said.sections
    assert said.updated.tzinfo is not None
    written = [neutral(said), dict(found.origin), list(found.notes), dict(found.spellings)]
    json.dumps(written, ensure_ascii=False).encode()  # a store could hold it
    assert "\\x00" not in said.content + said.title + said.byline
    assert xml_safe(said.title) == said.title
