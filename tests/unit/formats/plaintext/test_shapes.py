"""The shapes that have signs of their own, and texts that only look like them. Whole files are golden pairs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

import pytest

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.plaintext.format import PlainText


def parse(text: str) -> Sequence[RawItem]:
    return PlainText().parse(text.encode(), PurePosixPath("a.txt"))


def test_it_is_a_format() -> None:
    form = PlainText()
    assert isinstance(form, Format)
    assert form.suffixes == {".txt", ".text", ""}


@pytest.mark.parametrize(
    ("data", "sure"),
    [
        (b"\n     1 of 12 DOCUMENTS\n\n", True),
        (b"\xef\xbb\xbfAN#26\nPD#01 May 2020\n", True),
        (b"Title\n\nA sentence is here.\n", False),
        (b"1 of 12 people agree\n", False),
        (b"\x00\xff" * 9, False),
        (b"", False),
    ],
)
def test_only_sure_signs_are_recognised(data: bytes, sure: bool) -> None:
    assert PlainText().recognises(data, PurePosixPath("a.bin")) is sure


@pytest.mark.parametrize(
    "title",
    [
        "Analysis: what the bridge will cost",
        "Karvala: snow closes the pass",
        "Summary: what we know so far",
        "Source: the minister's own diary",
        "Status: it's complicated",
        "Author: A dangerous book",
        "Image: how the town sees itself",
        "Link: rail and road",
        "Date: the fruit that changed a valley",
        "By: the sea, and other poems",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_headline_with_a_colon_is_no_key(title: str, gap: str) -> None:
    (item,) = parse(f"{title}{gap}The bridge will cost forty million marks.\n")
    assert (item.title, item.body) == (title, "<p>The bridge will cost forty million marks.</p>")


@pytest.mark.parametrize(
    ("front", "field", "value"),
    [
        ("Title: A: b\n", "title", "A: b"),
        ("title: A\nDATE: 2021-03-04", "published", "2021-03-04"),
        ("Title: A\nDraft: true", "status", "draft"),
        ("Title: A\nEmbargoed until: 4 May 2031 10:00", "embargo", "4 May 2031 10:00"),
        ("Title: A\nDeck: b & c", "standfirst", "b & c"),
        ("Title: A\nSource: https://a.example.org/b", "link", "https://a.example.org/b"),
        ("Title: A\nSave_as: x\nLang: de", "language", "de"),
        ("Tags: a, b\nTitle: A", "title", "A"),
    ],
)
def test_keys(front: str, field: str, value: str) -> None:
    (item,) = parse(f"{front}\n\nThe bridge will cost forty million marks.\n")
    assert getattr(item, field) == value
    assert "line" in item.origin[field]


def test_a_lone_date_key_leaves_the_title_to_the_text() -> None:
    (item,) = parse("Date: 2021-03-04\n\nBridge opens\n\nThe bridge is open.\n")
    assert (item.title, item.published, item.body) == ("Bridge opens", "2021-03-04", "<p>The bridge is open.</p>")


def test_keys_without_a_text_are_no_article() -> None:
    with pytest.raises(NotAnArticle):
        parse("Title: A\nDate: 2021-03-04\n")


def test_a_reuters_day_of_another_date_is_noted() -> None:
    (item,) = parse("4 March 1987\nPORT STRIKE ENDS\n    KARVALA, March 3 - The strike ended.\n REUTER\n")
    assert (item.published, item.dateline, item.agency) == ("4 March 1987", "KARVALA", "Reuters")
    assert "differs" in item.notes[0]


@pytest.mark.parametrize(
    ("lead", "dateline", "agency", "rest"),
    [
        ("LONDON, England (CNN) -- It rained.", "LONDON, England", "CNN", "It rained today."),
        ("Berlin (dpa) - It rained.", "Berlin", "dpa", "It rained today."),
        ("KARVALA (AP) _ It rained.", "KARVALA", "AP", "It rained today."),
        ("(CNN) -- It rained.", "", "CNN", "It rained today."),
        ("MOSCOW, Sept 30 (Reuters) - It rained.", "MOSCOW", "Reuters", "It rained today."),
        ("دمشق، سوريا (CNN) -- نزل المطر اليوم.", "دمشق، سوريا", "CNN", ""),
        ("The Green Party (GP) - long out of office - won.", "", "", ""),
        ("He said (twice) - and he meant it - that it rained.", "", "", ""),
        ("In London, Sept 30 - a day of rain - passed.", "", "", ""),
    ],
)
def test_datelines_in_the_lead(lead: str, dateline: str, agency: str, rest: str) -> None:
    lead = lead.replace("It rained.", "It rained today.")
    (item,) = parse(f"A title\n\n{lead}\n\nThere is more.\n")
    assert (item.dateline, item.agency) == (dateline, agency)
    first = item.body.split("\n")[0]
    assert first == (f"<p>{rest}</p>" if rest else first)
    assert ("(CNN)" in first) is False
    if not agency:
        assert first == f"<p>{lead}</p>"


def test_one_nexis_document_has_no_part() -> None:
    (item,) = parse("1 of 1 DOCUMENTS\n\nThe Courier\n\nMarch 4, 2021\n\nHEADLINE: A\n\nBODY:\nThe bridge is open.\n")
    assert (item.part, item.title, item.published) == (0, "A", "March 4, 2021")


def test_nexis_without_any_text() -> None:
    with pytest.raises(NotAnArticle, match="none is an article"):
        parse("1 of 2 DOCUMENTS\n\nHEADLINE: A\n\n2 of 2 DOCUMENTS\n\nHEADLINE: B\n")


def test_a_wired_release_needs_two_signs() -> None:
    (item,) = parse("Source: the minister's own diary\nBridge opens\n\nThe bridge is open.\n")
    assert item.agency == ""


def test_title_twice() -> None:
    (item,) = parse("Bridge opens\n\nBRIDGE OPENS\n\nThe bridge is open.\n")
    assert (item.title, item.body) == ("Bridge opens", "<p>The bridge is open.</p>")
    assert "said again" in item.notes[0]


def test_a_release_with_its_text_on_the_line_of_the_dateline() -> None:
    (item,) = parse(
        "MEDIA RELEASE PR7\nEMBARGOED until 4 March 2031\n"
        "KARVALA, March 4, 2021 /PRNewswire/ -- Northgrid opened its line today.\n\nIt is long.\n\nSource: Northgrid\n"
    )
    assert (item.title, item.title_fallbacks) == ("", ("Northgrid opened its line today.",))
    assert item.body == "<p>Northgrid opened its line today.</p>\n<p>It is long.</p>"
    assert (item.dateline, item.published, item.embargo) == ("KARVALA", "March 4, 2021", "4 March 2031")


def test_a_release_without_a_dateline() -> None:
    (item,) = parse("Source: Northgrid\nMEDIA RELEASE PR7\nNorthgrid opens\n\nNorthgrid opened its line today.\n")
    assert (item.title, item.agency, item.published) == ("Northgrid opens", "Northgrid", "")
    assert item.body == "<p>Northgrid opened its line today.</p>"


def test_nexis_uni_with_a_headline_label_and_a_line_below_the_end() -> None:
    (item,) = parse("The Courier\nMarch 4, 2021\nHeadline: A\nBody\n\nIt is open.\n\nEnd of Document\n\nPage 1\n")
    assert (item.title, item.published, item.part) == ("A", "March 4, 2021", 0)


def test_end_of_document_alone_is_no_download() -> None:
    (item,) = parse("A title\nThe bridge is open.\nEnd of Document\n")
    assert item.title == "A title"


def test_a_markdown_heading_as_title() -> None:
    (item,) = parse("# 桥开了\n\n桥今天重新开放。\n")
    assert item.title == "桥开了"
    assert ".md" in item.notes[0]


def test_news_bites_with_all_fields() -> None:
    (item,) = parse("AN#1\nTI#A\nBY#Ada\nSE#Markets\nKW#a; b\nZZ#?\nTX#It is open.\n")
    assert (item.id, item.byline, item.sections, len(item.categories)) == ("1", "Ada", ("Markets",), 2)
    assert "ZZ#" in item.notes[0]
    with pytest.raises(NotAnArticle, match="no text"):
        parse("AN#1\nTI#A\n")


@pytest.mark.parametrize(
    "note", ["Eds: SECRET.", "(Eds: SECRET)", "NOTE TO EDITORS: SECRET", "EDITORS: SECRET.", "Eds: runs on\nto SECRET."]
)
def test_notes_to_editors_are_left_out(note: str) -> None:
    (item,) = PlainText().parse(f"A title\n\nIt is so.\n\n{note}\n\nIt stays so.\n".encode(), PurePosixPath("a.txt"))
    assert item.body == "<p>It is so.</p>\n<p>It stays so.</p>"


def test_a_note_to_readers_stays() -> None:
    text = "A title\n\nIt is so.\n\nEditor's note: This text was corrected on Monday.\n"
    (item,) = PlainText().parse(text.encode(), PurePosixPath("a.txt"))
    assert "corrected on Monday" in item.body


@pytest.mark.parametrize(
    ("line", "day", "agency"),
    [
        ("প্রকাশ: ১২ নভেম্বর ২০২৬, ১৮: ৩০", "১২ নভেম্বর ২০২৬, ১৮:৩০", ""),
        ("2026年11月12日 10:15 来源：潮水社", "2026年11月12日 10:15", "潮水社"),
        ("2026/11/12 10:15（11/12 11:00 更新）", "2026/11/12 10:15", ""),
        ("입력 2026.11.12. 오후 6:30", "2026.11.12. 오후 6:30", ""),
        ("تاریخ انتشار: ۲۱ آبان ۱۴۰۵ - ۱۰:۱۵", "۲۱ آبان ۱۴۰۵ - ۱۰:۱۵", ""),
        ("12 พฤศจิกายน 2569 เวลา 18.30 น.", "12 พฤศจิกายน 2569 เวลา 18.30 น", ""),
        ("12 நவம்பர் 2026", "12 நவம்பர் 2026", ""),
    ],
)
def test_days_below_a_title_in_many_scripts(line: str, day: str, agency: str) -> None:
    (item,) = parse(f"Old pier\n{line}\n\nThe ferry left from the old pier.\n")
    assert (item.published, item.agency, item.body) == (day, agency, "<p>The ferry left from the old pier.</p>")


def test_a_paragraph_below_the_credits_is_no_title() -> None:
    first = "শেষ বলে জিতল ক্লাব। মাঠে ছিল হাজারো দর্শক।"
    (item,) = parse(f"প্রকাশিত: ১৬ নভেম্বর ২০২৬\nক্রীড়া প্রতিবেদক\n{first}\nসবাই খুশি ছিল।\n")
    assert (item.title, item.title_fallbacks) == ("", ("শেষ বলে জিতল ক্লাব।",))
    assert item.body == f"<p>{first}</p>\n<p>সবাই খুশি ছিল।</p>"


def test_contacts_between_label_and_title_are_no_title() -> None:
    (item,) = parse(
        "FOR IMMEDIATE RELEASE\nNovember 12, 2026\nContact:\nJo Marsh\n(555) 010-0199\n\nCouncil opens park\n\n"
        "The council opened a park on Thursday.\n"
    )
    assert (item.title, item.body) == ("Council opens park", "<p>The council opened a park on Thursday.</p>")
    assert item.published == "November 12, 2026"


def test_a_day_with_its_issuer_is_no_standfirst() -> None:
    (item,) = parse(
        "Grid reports results\n\nNovember 12, 2026 07:00 ET | Source: Tidal Grid\n\n"
        "MARL, Nov. 12, 2026 (GLOBE NEWSWIRE) -- Revenue rose in autumn.\n\nAttachment\n\n    * Report\n"
    )
    assert (item.published, item.agency, item.standfirst) == ("November 12, 2026 07:00 ET", "Tidal Grid", "")
    assert item.body == "<p>Revenue rose in autumn.</p>"


def test_signs_of_direction_around_a_line_are_not_part_of_it() -> None:
    (item,) = parse("\u200fעוד גשר נפתח\u200f\n\n\u200fהגשר השני נפתח ביום חמישי.\n")
    assert (item.title, item.body) == ("עוד גשר נפתח", "<p>הגשר השני נפתח ביום חמישי.</p>")


@pytest.mark.parametrize("line", ["کد خبر: ۱۲۳۴۵۶", "记者李明", "김민지 기자", "كتب: سامي الحداد"])
def test_what_stands_around_a_text_in_other_scripts_is_no_text(line: str) -> None:
    (item,) = parse(f"Old pier\n{line}\n2026-11-12\n\nThe ferry left.\nIt was late.\n(责任编辑：王芳)\n")
    assert item.body == "<p>The ferry left.</p>\n<p>It was late.</p>"
