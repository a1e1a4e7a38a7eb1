"""What the first and last lines of a body say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc import markup
from feedsvc.formats.base import RawAuthor, RawItem
from feedsvc.normalise.blocks import blocks
from feedsvc.normalise.edges import taken_apart

FIRST = "<p>The council voted on Monday.</p>"
MORE = "<p>More is said by the mayor.</p>"


def read(*parts: str, **fields: object) -> tuple[RawItem, str]:
    return taken_apart(RawItem(**fields), markup.sanitise("".join(parts)))  # type: ignore[arg-type]


def test_a_dateline_goes_into_its_fields_and_out_of_the_text() -> None:
    item, content = read("<p>LISBON (HGN) - The council voted on Monday.</p>", MORE)
    assert (item.dateline, item.agency) == ("LISBON", "HGN")
    assert content == FIRST + MORE
    assert item.origin == {"dateline": "first paragraph", "agency": "first paragraph"}
    assert item.notes == ("“LISBON, HGN” at the beginning of the text is taken for the dateline and the agency",)


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("<p><b>LISBON (HGN)</b> – The ferry is back.</p>", "<p>The ferry is back.</p>"),
        ("<p><b>LISBON (HGN) – The</b> ferry is back.</p>", "<p><b>The</b> ferry is back.</p>"),
        ('<p>LISBON&nbsp;(HGN) - <a href="/x">The ferry</a> is back.</p>', "The ferry</a> is back.</p>"),
        ("<p>LISBON (R&amp;B) - The ferry &amp; the quay.</p>", "<p>The ferry &amp; the quay.</p>"),
        ("<div><p>LISBON (HGN) -<br>The ferry is back.</p></div>", "<div><p><br>The ferry is back.</p></div>"),
    ],
)
def test_markup_around_a_dateline_stays_whole(written: str, left: str) -> None:
    item, content = read(written, MORE)
    assert item.dateline == "LISBON"
    assert content.removesuffix(MORE).endswith(left)
    assert markup.sanitise(content) == content


def test_what_the_file_says_elsewhere_goes_before() -> None:
    item, content = read("<p>LISBON (HGN) - The council voted on Monday.</p>", MORE, dateline="Porto")
    assert item.dateline == "Porto"
    assert content.startswith("<p>LISBON (HGN)")
    item, content = read("<p>By Jane Doe</p>", FIRST, byline="John Roe")
    assert item.byline == "John Roe"
    assert content.startswith("<p>By Jane Doe</p>")


def test_what_the_file_says_too_is_not_said_twice() -> None:
    item, content = read("<p>LISBON (HGN) - The council voted on Monday.</p>", dateline="Lisbon", agency="HGN")
    assert (item.dateline, content, item.notes) == ("Lisbon", FIRST, ())
    item, content = read("<p>By JANE DOE</p>", FIRST, authors=(RawAuthor(name="Jane Doe"),))
    assert (item.byline, content) == ("By JANE DOE", FIRST)


@pytest.mark.parametrize(
    ("line", "byline", "agency", "dateline"),
    [
        ("By Jane Doe", "By Jane Doe", "", ""),
        ("Von Anne Baum, dpa", "Von Anne Baum", "dpa", ""),
        ("Par Anne Petit", "Par Anne Petit", "", ""),
        ("Por Ana Ruiz", "Por Ana Ruiz", "", ""),
        ("BY TOM REED AND UMA TEAL", "BY TOM REED AND UMA TEAL", "", ""),
        ("بقلم أحمد علي", "بقلم أحمد علي", "", ""),
        ("Staff Correspondent", "Staff Correspondent", "", ""),
        ("ক্রীড়া প্রতিবেদক", "ক্রীড়া প্রতিবেদক", "", ""),
        ("Agence France-Presse . Moscow", "", "Agence France-Presse", "Moscow"),
    ],
)
def test_a_first_paragraph_that_names_writer_or_wire(line: str, byline: str, agency: str, dateline: str) -> None:
    item, content = read(f"<p>{line}</p>", FIRST, MORE)
    assert (item.byline, item.agency, item.dateline) == (byline, agency, dateline)
    assert content == FIRST + MORE


def test_a_role_below_the_name_belongs_to_the_byline() -> None:
    item, content = read("<p>By CHARLES STONE</p><p>HGN Sports Writer</p>", FIRST)
    assert item.byline == "By CHARLES STONE, HGN Sports Writer"
    assert content == FIRST


@pytest.mark.parametrize(
    "line",
    [
        "De Nieuwe Haven",
        "A new quay",
        "Monday",
        "By the sea, a town waits for its ferry.",
        "By noon the town was empty",
        "By 2020 all had changed",
        "Von der Leyen in Paris",
        "By" + " A" * 60,
    ],
)
def test_a_short_first_paragraph_may_be_text(line: str) -> None:
    item, content = read(f"<p>{line}</p>", FIRST)
    assert item.byline == item.agency == item.dateline == ""
    assert content == f"<p>{line}</p>{FIRST}"


def test_the_teaser_loses_the_dateline_as_well() -> None:
    lead = "LISBON (HGN) - The council voted on Monday."
    item, _ = read(f"<p>{lead}</p>", MORE, standfirst=lead, summary="PORTO (HGN) - Another matter.")
    assert item.standfirst == "The council voted on Monday."
    assert item.summary.startswith("PORTO")


def test_the_day_of_a_dateline_is_compared_with_the_date() -> None:
    written = "<p>LISBON, March 3 (HGN) - The council voted on Monday.</p>"
    item, _ = read(written, published="2026-03-03")
    assert not any("March 3" in note for note in item.notes)
    item, _ = read(written, published="2026-03-09")
    assert "the dateline says March 3, the date 2026-03-09; the latter is used" in item.notes
    item, _ = read("<p>LISBON, March 3, 2026 (HGN) - The council voted.</p>")
    assert item.published_fallbacks == ("March 3, 2026",)


def test_furniture_at_the_end_goes_and_is_told() -> None:
    item, content = read(
        FIRST, MORE, "<p>abc/de</p><p>&nbsp;</p><h3>Share</h3><p>Tags: quay, ferry</p><p>© 2026 Harbour Gazette</p><hr>"
    )
    assert content == FIRST + MORE
    assert item.rights == "© 2026 Harbour Gazette"
    assert [category.term for category in item.categories] == ["quay", "ferry"]
    assert "“abc/de” at the end of the text is left out" in item.notes
    assert len(item.notes) == 4


def test_an_alert_without_a_full_stop_loses_its_sign_off() -> None:
    _, content = read("<p>Heavy rain on the coast</p><p>abc/de</p>")
    assert content == "<p>Heavy rain on the coast</p>"


def test_a_wire_that_signs_is_the_agency() -> None:
    item, content = read(FIRST, MORE, "<p> Reuter</p>")
    assert (item.agency, content) == ("Reuters", FIRST + MORE)


def test_a_list_of_other_articles_goes_with_its_head() -> None:
    links = '<ul><li><a href="https://example.org/1">One</a></li><li><a href="https://example.org/2">Two</a></li></ul>'
    item, content = read(FIRST, "<h3>Related</h3>", links)
    assert content == FIRST
    assert item.notes == ("“Related: One Two” at the end of the text is left out",)
    _, content = read(FIRST, "<p>The ferries are:</p>", links)
    assert content.endswith("</ul>")
    _, content = read(FIRST, "<h3>Related</h3><ul><li>One is text</li></ul>")
    assert content.endswith("</ul>")


@pytest.mark.parametrize(
    "body",
    [
        "<p>Share</p>",
        "<p>Ends</p><p>abc/de</p>",
        FIRST + '<p>Share</p><p><img src="https://example.org/a.jpg"></p>',
        FIRST + "<p>Share</p><blockquote>He said no.</blockquote>",
        FIRST + "<pre>abc/de</pre>",
        "The council voted on Monday.<br>abc/de",
    ],
)
def test_what_may_be_text_stays(body: str) -> None:
    item, content = read(body)
    assert content == markup.sanitise(body)
    assert item.notes == ()


def test_wrappers_that_are_empty_then_go_too() -> None:
    _, content = read(f"<div><p>By Jane Doe</p></div><div>{FIRST}<div><p>abc/de</p></div></div>")
    assert content == f"<div>{FIRST}</div>"


def test_an_empty_body_says_nothing() -> None:
    item = RawItem(title="x")
    assert taken_apart(item, "") == (item, "")


PIECES = st.lists(
    st.sampled_from(
        [
            "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<ul><li>", "</li></ul>", "<br>", "<hr>", "<h2>", "</h2>",
            "LISBON (HGN) - ", "The council voted. ", "By Jane Doe", "abc/de", "Share", "&nbsp;", "&amp;",
            "<blockquote>", "</blockquote>", "<pre>", "</pre>",
            '<img src="https://example.org/a.jpg">', "<table><tr><td>", "</table>",
        ]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=150)
@given(PIECES)
def test_what_is_left_is_sanitised_html_and_holds_no_word_of_its_own(html: str) -> None:
    content = markup.sanitise(html)
    _, left = taken_apart(RawItem(), content)
    assert markup.sanitise(left).strip() == left.strip()
    assert len(left) <= len(content)
    words = markup.plain(content).split()
    at = 0
    for word in markup.plain(left).split():
        at = words.index(word, at) + 1


@settings(max_examples=100)
@given(PIECES)
def test_blocks_stand_one_after_the_other(html: str) -> None:
    content = markup.sanitise(html)
    at = 0
    for block in blocks(content):
        assert at <= block.start <= block.inner <= block.close <= block.end
        at = block.end
    assert at <= len(content)


def test_long_bodies_take_time_in_proportion() -> None:
    content = markup.sanitise("<p>Share</p>" * 15_000)
    _, left = taken_apart(RawItem(), content)
    assert left == content


@pytest.mark.parametrize(
    ("agency", "said"),
    [
        ("The Associated Press", "AP"),
        ("Deutsche Presse-Agentur", "dpa"),
        ("United News of Bangladesh", "UNB"),
        ("AFP", "Agence France-Presse"),
    ],
)
def test_a_wire_is_known_by_its_code(agency: str, said: str) -> None:
    item, content = read(f"<p>LISBON ({said}) - The council voted on Monday.</p>", MORE, agency=agency)
    assert (item.agency, content) == (agency, FIRST + MORE)
