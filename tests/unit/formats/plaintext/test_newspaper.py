"""Newspaper pages: the same article under every head that such pages have."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from feedsvc.formats.base import RawCategory, RawItem
from feedsvc.formats.plaintext.format import PlainText

SEED = Path(__file__).parents[4] / ".." / "shared" / "samples" / "seed"
TEXT = "The ferry sailed on Thursday for the first time.\nNobody knows when it sails again.\n"
BODY = "<p>The ferry sailed on Thursday for the first time.</p>\n<p>Nobody knows when it sails again.</p>"


def read(text: str | bytes) -> RawItem:
    data = text.encode() if isinstance(text, str) else text
    (item,) = PlainText().parse(data, PurePosixPath("page.txt"))
    return item


@pytest.mark.skipif(not SEED.is_dir(), reason="the sample articles are not beside this repository")
def test_seed_sample() -> None:
    (sample,) = SEED.glob("*.txt")
    item = read(sample.read_bytes())
    assert item.title == "Russia says Syria bombing continues"
    assert item.standfirst == "US threatens to end cooperation unless Russia stops Aleppo assault"
    assert item.published == "September 30, 2016"
    assert item.published_fallbacks == ("2016-09-30",)
    assert item.crumbs == "International Europe & Americas"
    assert item.agency == "Agence France-Presse"
    assert item.dateline == "Moscow"
    assert (item.byline, item.notes, item.line, item.part) == ("", (), 1, 0)
    paragraphs = item.body.split("\n")
    assert len(paragraphs) == 15
    assert all(one.startswith("<p>") and one.endswith("</p>") for one in paragraphs)
    lines = sample.read_text(encoding="utf-8").splitlines()
    assert [one.removeprefix("<p>").removesuffix("</p>") for one in paragraphs] == lines[9:24]
    assert "You are here" not in item.body


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("2021-03-04 You are here: Home » World\n# \n", {"crumbs": "World", "published": "2021-03-04"}),
        ("date: 2021-03-04 Home » World\n# \n", {"crumbs": "World", "published": "2021-03-04"}),
        ("Home / World / North\n# \n", {"crumbs": "World / North"}),
        ("Home | World › North\n# \n", {"crumbs": "World › North"}),
        ("You are here: World » North\n# \n", {"crumbs": "World » North"}),
        ("Home » World » Ferry returns\n# \n", {"crumbs": "World"}),
        ("প্রচ্ছদ » খেলা\n# \n", {"crumbs": "খেলা"}),
        ("March 4, 2021\n# \n", {"published": "March 4, 2021"}),
        ("# \nPosted on 4 March 2021\n", {"published": "4 March 2021"}),
        (
            "# \nPublished: 4 March 2021, 10:42 PM Updated: 5 March 2021, 9:00 AM\n",
            {"published": "4 March 2021, 10:42 PM", "updated": "5 March 2021, 9:00 AM"},
        ),
        (
            "# \nPublished: 4 March 2021 | Staff Reporter | Print edition\n",
            {"published": "4 March 2021", "byline": "Staff Reporter"},
        ),
        ("# \nBy Ada Marsh\nMarch 4, 2021\n", {"published": "March 4, 2021", "byline": "By Ada Marsh"}),
        (
            "# \nBy Ada Marsh | Reuters | Karvala\n",
            {"byline": "By Ada Marsh", "agency": "Reuters", "dateline": "Karvala"},
        ),
        ("# \nBy ADA MARSH\nAP Sports Writer\n", {"byline": "By ADA MARSH, AP Sports Writer"}),
        ("# \nVon Ada Marsh, dpa\n", {"byline": "Von Ada Marsh", "agency": "dpa"}),
        ("# \nMarch 4, 2021\nAFP . Karvala\n", {"agency": "AFP", "dateline": "Karvala"}),
        ("# \nMarch 4, 2021\nAFP, New Karvala\n", {"agency": "AFP", "dateline": "New Karvala"}),
        ("# \nMarch 4, 2021\nXinhua • Karvala\n", {"agency": "Xinhua", "dateline": "Karvala"}),
        ("# \nKarvala . United News of Bangladesh\n", {"agency": "United News of Bangladesh", "dateline": "Karvala"}),
        ("# \nNorthland News Agency\n4 March 2021\n", {"agency": "Northland News Agency"}),
        ("# \nOur Correspondent . Karvala\n", {"byline": "Our Correspondent", "dateline": "Karvala"}),
        ("# \nStaff Correspondent, Karvala\n", {"byline": "Staff Correspondent", "dateline": "Karvala"}),
        ("# \nMarch 4, 2021\nKarvala\n", {"dateline": "Karvala"}),
        ("# \nMarch 4, 2021\nNew Karvala\n", {"dateline": "New Karvala"}),
        ("# \nMarch 4, 2021\nPort Ellis, Northland\n", {"dateline": "Port Ellis, Northland"}),
        ("# \nMarch 4, 2021\nAda Marsh\n", {"byline": "Ada Marsh"}),
        ("# \nAda Marsh\nMarch 4, 2021\n", {"byline": "Ada Marsh"}),
        ("# \nMarch 4, 2021\nAda Marsh, Karvala\n", {"byline": "Ada Marsh", "dateline": "Karvala"}),
        ("# \nKarvala, March 4, 2021\n", {"dateline": "Karvala", "published": "March 4, 2021"}),
        ("# \nAda Marsh - 4 March 2021\n", {"byline": "Ada Marsh", "published": "4 March 2021"}),
        ("# \nনিজস্ব প্রতিবেদক, ঢাকা\n৪ মার্চ ২০২১, ১০:৩০\n", {"byline": "নিজস্ব প্রতিবেদক", "dateline": "ঢাকা"}),
        ("# \n发布时间：2021-03-04 10:00\n来源：新华社\n", {"published": "2021-03-04 10:00", "agency": "新华社"}),
        ("# \nالخميس 4 مارس 2021\nرويترز - دمشق\n", {"agency": "رويترز", "dateline": "دمشق"}),
        ("# \nOne line below it\nAnd one more\n4 March 2021\n", {"standfirst": "One line below it; And one more"}),
        (
            "# \nOne sentence of it. \nAnd one more.\n4 March 2021\n",
            {"standfirst": "One sentence of it. And one more."},
        ),
        ("# \n4 March 2021\nA standfirst below the day\nBy Ada Marsh\n", {"standfirst": "A standfirst below the day"}),
        ("PRESS RELEASE\nEMBARGOED until: 4 March 2031 10:00\n# \n", {"embargo": "4 March 2031 10:00"}),
        ("Hold for release until 4 March 2031\n# \n", {"embargo": "4 March 2031"}),
    ],
)
def test_head(head: str, expected: dict[str, str]) -> None:
    item = read(head.replace("# ", "Ferry returns") + TEXT)
    assert item.title == "Ferry returns"
    assert item.body == BODY
    assert {name: getattr(item, name) for name in expected} == expected
    assert all(item.origin[name] for name in expected)


def test_what_was_guessed_is_noted() -> None:
    assert read("Ferry returns\nMarch 4, 2021\nAda Marsh\n" + TEXT).notes == ("“Ada Marsh” was taken for the byline.",)
    (note,) = read("date 2021-03-05 Home » A\nFerry returns\nMarch 4, 2021\n" + TEXT).notes
    assert "2021-03-05" in note
    assert "March 4, 2021" in note


def test_a_stamp_gives_a_day_line_its_year() -> None:
    item = read("date 2021-03-04 Home » A\nFerry returns\nMarch 4\n" + TEXT)
    assert (item.published, item.notes) == ("2021-03-04", ())
    item = read("Ferry returns\nMarch 4\n" + TEXT)
    assert item.published == ""
    assert "the year is not written" in item.notes[0]


def test_an_embargo_that_cannot_be_read_withholds() -> None:
    item = read("Ferry returns\nEmbargoed: not before Friday 5\n" + TEXT)
    assert item.status == "withheld"
    assert "embargo" in item.notes[0]
    item = read("Embargo until peace comes, minister says\n" + TEXT)
    assert (item.status, item.embargo, item.title) == ("", "", "Embargo until peace comes, minister says")


def test_furniture_at_the_end() -> None:
    end = "Share on Facebook\n3 Comments\nTags: ferry, islands\n"
    end += "Related News\nSnow closes the pass\nWho pays?\n© 2021 Courier\n"
    item = read("Ferry returns\nMarch 4, 2021\n" + TEXT + end)
    assert item.body == BODY
    assert item.categories == (RawCategory(term="ferry"), RawCategory(term="islands"))
    assert item.rights == "© 2021 Courier"
    assert "Snow closes the pass" in item.notes[0]


def test_a_related_list_is_none_where_text_follows() -> None:
    item = read("Ferry returns\nMarch 4, 2021\n" + TEXT + "Related\nThe pier was built in 1911.\n")
    assert item.body.endswith("<p>The pier was built in 1911.</p>")


def test_text_above_the_day_is_text() -> None:
    item = read("Ferry returns\nThe ferry sailed on Thursday.\nMarch 4, 2021\n")
    assert item.body == "<p>The ferry sailed on Thursday.</p>"
    assert (item.standfirst, item.published) == ("", "March 4, 2021")


@pytest.mark.parametrize("ending", ["\r", "\r\n", "\n\u00a0\n", "\n\u200b\n", "\u2028"])
def test_line_ends_and_blank_lines(ending: str) -> None:
    text = ("Home » World\nFerry returns\nMarch 4, 2021\n" + TEXT).replace("\n", ending)
    item = read("\ufeff" + text)
    assert (item.title, item.published, item.crumbs, item.body) == ("Ferry returns", "March 4, 2021", "World", BODY)
