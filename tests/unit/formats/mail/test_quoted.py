"""Mails within mails, as the programs of offices write them: forwarded ones are the article, answered ones are not."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import PurePosixPath

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.formats.base import RawItem
from feedsvc.formats.draft import Draft
from feedsvc.formats.mail import quoted, rich
from feedsvc.formats.mail.format import Mail

FIRST = "The northern quay is closed since Tuesday."
SECOND = "Ferries leave from the southern quay, the council said."
ASKED = "Ring me before you print any of this."
ENGLISH = (
    "From: Joss Okafor <joss@council.example>\nSent: Monday, November 9, 2026 4:12 PM\nTo: Nell Harker <n@desk.example>\n"
    "Cc: Press <press@council.example>;\n Second <second@council.example>\nSubject: Quay closed\n"
)
GERMAN = (
    "Von: Joss Okafor [mailto:joss@council.example]\nGesendet: Montag, 9. November 2026 16:12\nAn: Nell Harker\n"
    "Betreff: Quay closed\n"
)
FRENCH = (
    "De\u00a0: Joss Okafor <joss@council.example>\nEnvoyé\u00a0: lundi 9 novembre 2026 16:12\nÀ\u00a0: Nell Harker\n"
    "Objet\u00a0: Quay closed\n"
)
BARS = ("", "________________________________\n", "-----Original Message-----\n")


def read(subject: str, plain: str = "", html: str = "") -> RawItem:
    message = EmailMessage()
    message["From"] = "Nell Harker <nell@desk.example>"
    message["To"] = "desk@paper.example"
    message["Subject"] = subject
    message["Date"] = "Tue, 10 Nov 2026 08:15:00 +0100"
    if plain or not html:
        message.set_content(plain)
    if html:
        (message.add_alternative if plain else message.set_content)(html, subtype="html")
    (item,) = Mail().parse(message.as_bytes(), PurePosixPath("town/x.eml"))
    return item


def in_word(head: str) -> str:
    """The head as Outlook for the desktop writes it in HTML."""
    lines = [line.partition(":") for line in head.replace("\n ", " ").strip().split("\n")]
    said = "<br>".join(f"<b>{name}:</b>{value.replace('<', '&lt;')}" for name, _, value in lines)
    return f"<div style='border-top:solid 1.0pt'><p class=MsoNormal><span>{said}</span></p></div>"


def in_browser(head: str) -> str:
    """The head as Outlook in the browser writes it: what it belongs to stands beside it, not in it."""
    return f"<hr><div id='divRplyFwdMsg'><font>{in_word(head)}</font><div>&nbsp;</div></div>"


def paragraphs(*texts: str) -> str:
    return "".join(f"<p class=MsoNormal>{text}</p>" for text in texts)


@pytest.mark.parametrize("bar", BARS)
@pytest.mark.parametrize("head", [ENGLISH, GERMAN, FRENCH])
def test_what_is_answered_is_not_published(head: str, bar: str) -> None:
    item = read("RE: Quay closed", f"{FIRST}\n\n{SECOND}\n\n{bar}{head}\n{ASKED}\n")
    assert (item.body, item.title, item.authors[0].name) == (
        f"<p>{FIRST}</p>\n<p>{SECOND}</p>",
        "Quay closed",
        "Nell Harker",
    )
    assert any("left out below" in note for note in item.notes)


@pytest.mark.parametrize("head", [ENGLISH, GERMAN, FRENCH])
@pytest.mark.parametrize("place", [in_word, in_browser])
@pytest.mark.parametrize("both", [True, False])
def test_nor_where_it_is_in_html(head: str, place, both: bool) -> None:
    html = f"<div>{paragraphs(f'<b>{FIRST}</b>', SECOND)}{place(head)}{paragraphs(ASKED)}</div>"
    item = read("AW: Quay closed", f"{FIRST}\n\n{SECOND}\n\n{head}\n{ASKED}\n" if both else "", html)
    assert "<b>" in item.body
    assert SECOND in item.body
    assert "okafor" not in item.body.lower()
    assert ASKED not in item.body
    assert "<hr" not in item.body
    assert any("left out below" in note for note in item.notes)


@pytest.mark.parametrize("bar", BARS)
@pytest.mark.parametrize("above", ["", "For tomorrow, please.\n\nNell\n\n"])
@pytest.mark.parametrize(("mark", "head"), [("FW", ENGLISH), ("WG", GERMAN), ("TR", FRENCH)])
def test_what_is_forwarded_is_the_article(mark: str, head: str, above: str, bar: str) -> None:
    item = read(f"{mark}: Quay closed", f"{above}{bar}{head}\n{FIRST}\n\n{SECOND}\n")
    assert item.body == f"<p>{FIRST}</p>\n<p>{SECOND}</p>"
    assert (item.authors[0].name, item.authors[0].email) == ("Joss Okafor", "joss@council.example")
    assert "2026" in item.published
    assert "10 Nov" not in item.published
    assert any("forwards another" in note for note in item.notes)


@pytest.mark.parametrize("place", [in_word, in_browser])
@pytest.mark.parametrize("above", ["", "<p>For tomorrow, please.</p>"])
def test_so_it_is_in_html(place, above: str) -> None:
    item = read("Fwd: Quay closed", html=f"{above}{place(ENGLISH)}{paragraphs(f'<b>{FIRST}</b>', SECOND)}")
    assert "tomorrow" not in item.body
    assert "council.example" not in item.body
    assert f"<b>{FIRST}</b>" in item.body
    assert item.authors[0].name == "Joss Okafor"


@pytest.mark.parametrize(
    "html",
    [
        "<div dir='ltr'>A note that is longer than forty letters.<br><div class='gmail_quote'><div class='gmail_attr'>"
        "---------- Forwarded message ---------<br>From: <strong>Joss Okafor</strong> <span>&lt;joss@c.example&gt;</span>"
        "<br>Date: Mon, 9 Nov 2026 at 16:12<br>Subject: Quay closed<br>To: Nell<br></div><br><br>{}</div></div>",
        "A note that is longer than forty letters.<br><div><blockquote type='cite'><div>Begin forwarded message:</div><br>"
        "<div><b>From: </b>Joss Okafor &lt;joss@c.example&gt;<br></div><div><b>Subject: </b><b>Quay closed</b></div>"
        "<div><b>Date: </b>9 November 2026 at 16:12:33 CET</div><br><div>{}</div></blockquote></div>",
        "<p>A note.</p><div class='moz-forward-container'><br>-------- Forwarded Message --------<table><tbody><tr><th>"
        "Subject: </th><td>Quay closed</td></tr><tr><th>Date: </th><td>Mon, 9 Nov 2026 16:12:33 +0100</td></tr><tr><th>"
        "From: </th><td>Joss Okafor <a href='mailto:j@c.example'>&lt;j@c.example&gt;</a></td></tr></table><br>{}</div>",
    ],
    ids=["Gmail", "Apple", "Thunderbird"],
)
def test_every_program_forwards_in_its_own_way(html: str) -> None:
    item = read("Fwd: Quay closed", html=html.format(paragraphs(FIRST, SECOND)))
    assert "note" not in item.body
    assert "Okafor" not in item.body
    assert "blockquote" not in item.body
    assert SECOND in item.body
    assert item.authors[0].name == "Joss Okafor"
    assert item.published.startswith(("Mon, 9 Nov 2026", "9 November 2026"))


def test_an_embargo_in_what_is_forwarded_counts() -> None:
    above = "EMBARGOED UNTIL 2026-12-01 09:00\n\n"
    assert read("FW: Quay closed", f"For you.\n\n{ENGLISH}\n{above}{FIRST}\n\n{SECOND}").embargo.startswith(
        "2026-12-01"
    )
    html = f"<p>For you.</p>{in_word(ENGLISH)}{paragraphs(above.strip(), FIRST, SECOND)}"
    assert read("FW: Quay closed", html=html).embargo.startswith("2026-12-01")


def test_a_chain_is_followed_to_its_end() -> None:
    text = (
        f"Please.\n\n{ENGLISH.replace('Quay closed', 'FW: Quay closed')}\nFor you.\n\n{GERMAN}\n{FIRST}\n\n{SECOND}\n"
    )
    item = read("FW: FW: Quay closed", text)
    assert item.body == f"<p>{FIRST}</p>\n<p>{SECOND}</p>"
    answered = (
        f"Please.\n\n{ENGLISH.replace('Quay closed', 'RE: Quay closed')}\n{FIRST}\n\n{SECOND}\n\n{GERMAN}\n{ASKED}"
    )
    assert read("FW: RE: Quay closed", answered).body == f"<p>{FIRST}</p>\n<p>{SECOND}</p>"


def test_a_long_text_above_is_the_article_whatever_hangs_below() -> None:
    item = read("Quay closed", f"{FIRST}\n\n{SECOND * 10}\n\n{ENGLISH}\n{ASKED}")
    assert ASKED not in item.body
    assert item.authors[0].name == "Nell Harker"


@pytest.mark.parametrize("html", [True, False])
def test_what_cannot_be_told_is_withheld(html: bool) -> None:
    page = f"<p><b>{FIRST}</b></p>{in_word(ENGLISH)}<p>{ASKED}</p>" if html else ""
    item = read("Quay closed", "" if html else f"{FIRST}\n\n{ENGLISH}\n{ASKED}", page)
    assert (item.status, item.authors[0].name) == ("withheld", "Nell Harker")
    assert ASKED not in item.body
    assert any("“Fwd:” or “Re:”" in note for note in item.notes)
    assert read("Quay closed", f"{ENGLISH}\n{FIRST}\n\n{SECOND}").status != "withheld"


@pytest.mark.parametrize(
    "text",
    [
        "From: Wrenmouth\nTo: Southport\nDate: Sunday",
        "Subject: the quay\nDate: 9 November 2026\nTo: everybody",
        "From: the council, on paper\n\nDate: none\n\nSubject: none",
    ],
)
def test_labels_in_a_text_are_no_mail(text: str) -> None:
    assert quoted.find([FIRST, "", *text.split("\n"), "", SECOND], "RE: Quay closed") is None


def test_a_date_that_says_nothing_leaves_that_of_the_mail() -> None:
    item = read("FW: Quay", f"{ENGLISH.replace('Monday, November 9, 2026 4:12 PM', 'yesterday')}\n{FIRST}")
    assert item.published == "2026-11-10T08:15:00+01:00"


def test_quoted_lines_go_though_a_signature_stands_below_them() -> None:
    asked = f"Am 09.11.2026 um 16:12 schrieb Joss Okafor:\n> {ASKED}\n"
    assert read("Re: Quay", f"{FIRST}\n\n{SECOND}\n\n{asked}\n-- \nNell\nOffice 12\nWrenmouth").body == (
        f"<p>{FIRST}</p>\n<p>{SECOND}</p>"
    )
    assert read("Re: Quay", f"{asked}\n{FIRST}\n\n{SECOND}").body == f"<p>{FIRST}</p>\n<p>{SECOND}</p>"


def test_a_letter_that_an_article_quotes_stays() -> None:
    html = (
        paragraphs(f"<b>{FIRST}</b>", "On 5 November the mayor wrote:")
        + f"<blockquote>{ASKED}</blockquote><p>{SECOND}</p>"
    )
    body = read("Quay closed", html=html).body
    assert ASKED in body
    assert SECOND in body
    html = html.replace("5 November the mayor", "Thu, 5 Nov 2026 at 16:12, the mayor")
    assert ASKED not in read("Quay closed", html=html).body


def test_what_a_list_adds_is_left_out() -> None:
    footer = (
        "_____________________\nPress mailing list\nPress@lists.example\nhttps://lists.example/mailman/listinfo/press"
    )
    assert "listinfo" not in read("Quay", f"{FIRST}\n\n{SECOND}\n\n{footer}").body
    mail = (
        "From: Nell <n@desk.example>\nTo: p@lists.example\nSubject: Re: [Press] Quay closed\nList-Id: Press <p.lists.example>\n"
        f"Date: Tue, 10 Nov 2026 08:15:00 +0100\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n{FIRST}\n--b\n\n"
        f"{footer}\n--b--\n"
    )
    (item,) = Mail().parse(mail.encode(), PurePosixPath("town/x.eml"))
    assert (item.title, item.body) == ("Quay closed", f"<p>{FIRST}</p>")


@pytest.mark.parametrize(
    "head",
    [
        "From: Port Ellis council\nTo: All desks\nDate: 9 November 2026\nSubject: Quay closed\n",
        "Datum: 09.11.2026\nVon: Rat von Port Ellis\nBetreff: Quay closed\n",
    ],
)
def test_the_head_that_a_release_gives_itself_is_no_mail(head: str) -> None:
    plain = read("Quay closed", f"PRESS RELEASE\n\n{head}\n{FIRST}\n\n{SECOND}\n")
    html = read("Quay closed", html=f"<p><b>PRESS RELEASE</b></p>{in_word(head)}{paragraphs(FIRST, SECOND)}")
    for item in (plain, html):
        assert FIRST in item.body
        assert SECOND in item.body
        assert not item.status


def test_a_meeting_that_is_attached_makes_no_invitation_of_an_article() -> None:
    mail = (
        "From: Nell <n@desk.example>\nTo: p@x.example\nSubject: Quay closed\nDate: Tue, 10 Nov 2026 08:15:00 +0100\n"
        f"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n{FIRST}\n--b\nContent-Type: text/calendar; name=press.ics\n"
        "Content-Disposition: attachment; filename=press.ics\n\nBEGIN:VCALENDAR\n--b--\n"
    )
    (item,) = Mail().parse(mail.encode(), PurePosixPath("town/x.eml"))
    assert item.body == f"<p>{FIRST}</p>"
    assert "press.ics" in item.notes[-1]


@pytest.mark.parametrize("style", ["width:1px;height:1px", "display:block; WIDTH: 1px !important", "height:0"])
def test_pictures_that_count_readers_are_left_out(style: str) -> None:
    html = (
        f"<p><b>{FIRST}</b></p><img src='https://t.example/o.gif' style='{style}'><img src='https://t.example/p.jpg'>"
    )
    body = read("Quay", html=html).body
    assert "o.gif" not in body
    assert "p.jpg" in body


@pytest.mark.parametrize(
    "text",
    [
        "From: a\n" * 20_000,
        "Subject: " * 20_000,
        ("From: a\nDate: b\nTo: c\n\n") * 5_000,
        "a" * 300_000 + ":",
        ("a ") * 90_000,
        "a\n" + "\n" * 50_000 + ("From: a\nDate: b\nSubject: c\n\n") * 5_000,
    ],
)
def test_a_hostile_text_takes_no_time(text: str) -> None:
    with at_most(seconds=10):
        quoted.find(text.split("\n"), "RE: x")


def test_a_hostile_page_takes_no_time() -> None:
    html = "<div class=gmail_quote>x</div>" * 4_000 + "<blockquote type=cite>" * 40 + f"{FIRST}{SECOND}"
    with at_most(seconds=20):
        rich.read(html, Draft())


def test_lines_that_hold_nothing_take_no_time() -> None:
    with at_most(seconds=5):
        rich.read("<br> " * 19_000, Draft())


@settings(max_examples=60)
@given(st.lists(st.sampled_from([
    "<p>", "</p>", "<br>", "<div>", "</div>", "<hr>", "<table><tr><td>", "</td></tr></table>", "From: a", "Date: b",
    "Subject: c", "<b>To:</b> d", "text", "<img src=x>", "---------- Forwarded message ---------",
]), max_size=40))  # fmt: skip
def test_whatever_stands_where_no_page_is_broken(pieces: list[str]) -> None:
    for subject in ("RE: x", "FW: x", "x"):
        assert "<body" not in rich.read("".join(pieces) + "<p>end</p>", Draft(), subject=subject).html
