"""Mails: what is taken of them, what is refused, and what a hostile one cannot do."""

from __future__ import annotations

import base64
import contextlib
from pathlib import PurePosixPath

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ContentError, NotAnArticle, TooLarge
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.mail.format import Mail, is_mail
from feedsvc.formats.mail.headers import decoded, subject
from feedsvc.formats.mail.plain import read, unflowed

FMT = Mail()
PATH = PurePosixPath("town/x.eml")
HEAD = "From: Nell Harker <nell@desk.example>\nSubject: Harbour frozen over\nMessage-ID: <1@desk.example>\n"
TEXT = "The harbour froze over on Sunday night."


def mail(head: str = "", text: str = TEXT) -> RawItem:
    (item,) = FMT.parse(f"{HEAD}{head}\n{text}\n".encode(), PATH)
    return item


def multipart(kind: str, *parts: str, head: str = "") -> list[RawItem]:
    body = "".join(f"--b\n{part}\n" for part in parts)
    return list(FMT.parse(f'{HEAD}{head}Content-Type: multipart/{kind}; boundary="b"\n\n{body}--b--\n'.encode(), PATH))


def test_it_is_a_format() -> None:
    assert isinstance(FMT, Format)


@pytest.mark.parametrize(
    ("data", "known"),
    [
        (HEAD + "\nx", True),
        (HEAD.replace("\n", "\r\n") + "\r\nx", True),
        ("From nell@x Sun Nov 22 07:15:00 2026\n" + HEAD + "\nx", True),
        ("\ufeff" + HEAD + "\nx", True),
        ("From: Nell\nTo: Desk\nSubject: x\nDate: 22 Nov 2026\n\nx", True),
        ("X-Long: a\n b\n\tc\n" + HEAD + "\nx", True),
        ("Title: x\nDate: 2026-11-22\nBy: Nell\n\nx", False),
        ("Title: x\nFrom: Wrenmouth\nDate: 2026-11-22\n\nx", False),
        ("From the quay: a letter\n\nMessage-ID: <1@x>\n", False),
        ("---\nfrom: x\nmessage-id: y\n---\n", False),
        ("", False),
        ("\0\1\2", False),
    ],
)
def test_mails_are_known_by_their_header(data: str, known: bool) -> None:
    assert is_mail(data.encode()) is known


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?caf=C3=A9?=", "café"),
        ("=?UTF-8?B?Y2Fmw6k=?=", "café"),
        ("=?utf-8?b?Y2Fmww==?= =?utf-8?b?qQ==?=", "café"),  # a character cut in two
        ("=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("=?windows-1252?Q?caf=C3=A9?=", "café"),  # declared wrongly
        ("=?windows-1252?Q?caf\udcc3\udca9?=", "café"),  # and not even encoded
        ("=?iso-8859-1*fr?q?caf=E9_noir?=", "café noir"),
        ("=?x-unknown?q?caf=E9?=", "café"),
        ("=?iso-2022-jp?B?GyRCOUEbKEI=?=", "港"),
        ("caf\udcc3\udca9", "café"),
        ("caf\udce9", "café"),
        ("=?utf-8?b?%%%?=", ""),
        ("=?utf-8?q?unended", "=?utf-8?q?unended"),
    ],
)
def test_headers_are_decoded(value: str, expected: str) -> None:
    assert decoded(value, fallback="cp1252") == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Re: Fwd: AW: [EXTERNAL] The tide", "The tide"),
        ("RE[2]: The tide", "The tide"),
        ("Wg:The tide", "The tide"),
        ("Reef: a new map", "Reef: a new map"),
        ("Ireland: a vote", "Ireland: a vote"),
        ("", ""),
    ],
)
def test_marks_of_replies_are_no_part_of_a_title(written: str, expected: str) -> None:
    assert subject(written) == expected


def test_fields_of_the_header() -> None:
    item = mail(
        "Date: Sun, 22 Nov 2026 07:15:00 -0800 (PST)\nX-Embargo: 2026-12-04T00:01:00Z\nX-Category: Sport\n"
        "X-Priority: 1\nX-Status: RO\nContent-Language: en-GB\nExpires: Sun, 29 Nov 2026 00:00:00 GMT\n"
    )
    assert item.published == "2026-11-22T07:15:00-08:00"
    assert item.embargo == "2026-12-04T00:01:00Z"
    assert item.expires == "2026-11-29T00:00:00+00:00"
    assert (item.sections, item.language, item.status, item.urgency) == (("Sport",), "en-GB", "", "")
    assert item.id == "mid:1@desk.example"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Sun, 22 Nov 2026 07:15:00 -0000", "2026-11-22T07:15:00+00:00"),
        ("22 Nov 26 07:15 EST", "2026-11-22T07:15:00-05:00"),
        ("yesterday", "yesterday"),
        ("", ""),
    ],
)
def test_dates(written: str, expected: str) -> None:
    assert mail(f"Date: {written}\n").published == expected


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("Nell Harker <n@x.example>", "Nell Harker"),
        ('"Harker, Nell" <n@x.example>', "Harker, Nell"),
        ("n@x.example", ""),
        ('"n@x.example" <n@x.example>', ""),
        ("n@x.example (Nell Harker)", "Nell Harker"),
        ("=?utf-8?q?N=C3=A9lle?= <n@x.example>", "Nélle"),
        ("Desk: Nell <n@x.example>", "Nell"),
    ],
)
def test_who_sent_it_signs_it(sender: str, name: str) -> None:
    (item,) = FMT.parse(f"From: {sender}\nMessage-ID: <1@x>\nSubject: Tide\n\n{TEXT}\n".encode(), PATH)
    assert [author.name for author in item.authors] == ([name] if name else [])


def test_the_better_of_two_forms_is_taken() -> None:
    plain = f"Content-Type: text/plain\n\n{TEXT} Plain."
    bare = f"Content-Type: text/html\n\n<html><body><div>{TEXT} Bare.</div></body></html>"
    rich = f"Content-Type: text/html\n\n<p><b>Ice.</b> {TEXT} Rich.</p>"
    assert "Plain." in multipart("alternative", plain, bare)[0].body
    assert "<b>Ice.</b>" in multipart("alternative", plain, rich)[0].body
    assert "Bare." in multipart("alternative", "Content-Type: text/plain\n\n ", bare)[0].body
    both = multipart("mixed", plain, "Content-Type: text/plain\n\nA second part says more.")[0].body
    assert both.count("<p>") == 2


def test_text_attached_as_a_file_is_not_published() -> None:
    note = "Content-Type: text/plain\nContent-Disposition: attachment; filename=secret.txt\n\nNot for readers."
    (item,) = multipart("mixed", f"Content-Type: text/plain\n\n{TEXT}", note)
    assert "Not for readers" not in item.body
    assert "secret.txt" in item.notes[-1]


_DOCX = "Content-Type: application/octet-stream; name=release.docx\nContent-Disposition: attachment\n\nx"


@pytest.mark.parametrize(
    "note",
    [
        "Dear all,\n\nplease find attached our press release.\n\nNell",
        "Guten Tag, anbei unsere Mitteilung von heute.",
        "Bonjour, vous trouverez notre communiqué ci-joint.",
        "Buenos días, adjunto nota de prensa.",
        "Adjunto nota de prensa.",
        "Se adjunta la nota de hoy.",
        "Mehr steht im Anhang.",
    ],
)
def test_a_note_that_the_text_is_attached_is_no_article(note: str) -> None:
    with pytest.raises(NotAnArticle, match=r"release\.docx"):
        multipart("mixed", f"Content-Type: text/plain; charset=utf-8\n\n{note}", _DOCX)


@pytest.mark.parametrize(
    "note",
    [
        TEXT,
        f"{TEXT * 12} The plan is attached.",
        "El alcalde adjunto dijo el domingo que el barco vuelve.",
        "Der Anhang des Vereins feierte am Sonntag im Hafen.",
        "Паром получил мобильное приложение, сообщил порт.",
    ],
)
def test_a_text_with_something_attached_is_one(note: str) -> None:
    (item,) = multipart("mixed", f"Content-Type: text/plain; charset=utf-8\n\n{note}", _DOCX)
    assert "release.docx" in item.notes[-1]


@pytest.mark.parametrize(
    ("end", "left"),
    [
        ("-- \nNell Harker\nDesk", "Nell Harker"),
        ("--\nNell Harker", "Nell Harker"),
        ("Sent from my pocket telephone", "pocket"),
        ("This e-mail and any attachments are confidential and may be privileged.\nTell us.", "confidential"),
        ("____________\n\nIf you are not the intended recipient, delete it.", "intended"),
        ("On Sun, 22 Nov 2026 at 07:15, Desk <d@x.example>\nwrote:\n> Where is it?\n> We wait.", "Where is it"),
        ("This email is intended solely for the use of the individual to whom it is addressed.", "solely"),
        ("If you are not the intended recipient, please delete it.", "intended"),
        ("If you have received this message in error, tell the sender.", "error"),
        ("If you received this e-mail by mistake, delete it.", "mistake"),
        ("This message and its attachments were scanned for viruses and malware.", "scanned"),
        ("View this email in your browser", "browser"),
        ("Der Inhalt dieser E-Mail ist vertraulich.", "vertraulich"),
        ("Please consider the environment before printing this e-mail.", "environment"),
        ("Sie können den Newsletter hier abmelden.", "abmelden"),
        ("Wenn Sie den Newsletter nicht mehr erhalten möchten, können Sie sich jederzeit abmelden.", "abmelden"),
        ("Hier abmelden: https://desk.example/abmelden", "abmelden"),
        ("-----Original Message-----\nFrom: Desk\nWhere is it?", "Where is it"),
    ],
)
def test_what_hangs_on_to_a_text_is_cut_off(end: str, left: str) -> None:
    item = mail(text=f"{TEXT}\n\nIt stays so until Thursday.\n\n{end}")
    assert left not in item.body
    assert "until Thursday" in item.body
    assert any("left out below" in note for note in item.notes)


@pytest.mark.parametrize(
    "end",
    [
        "--- and that was all, he said.",
        "He asked readers to think before they skate.",
        "On Sunday the mayor wrote: no ice.",
        "The message from the council was confidential, the mayor said.",
        "Die Gespräche seien vertraulich gewesen, sagte der Bürgermeister.",
        "Wer nicht kommt, muss sich bis Freitag abmelden.",
        "Readers should think about the environment, the harbour master said.",
        "All passengers were checked for the virus.",
        "The plans can be seen at the town hall, and people may view it online until May.",
        "The quay is intended for the use of fishermen.",
        "The intended recipient of the medal did not come.",
        "If you have received a bill by mistake, ring the council.",
    ],
)
def test_what_belongs_to_the_text_stays(end: str) -> None:
    assert end[-12:] in mail(text=f"{TEXT}\n\n{end}").body


def test_flowed_text() -> None:
    assert unflowed("one \ntwo\n three\n> a \n> b\n-- \nsig") == ["one two", "three", "> a b", "-- ", "sig"]
    assert unflowed("港 \n口", delsp=True) == ["港口"]
    assert unflowed("") == [""]


def test_html_loses_quotes_signatures_and_what_is_hidden() -> None:
    html = (
        f"<p>{TEXT}</p><p>It is <b>cold</b>.</p><div style='display:none'>preheader</div><p>-- </p><p>Nell</p>"
        "<blockquote type='cite'>Where is it?</blockquote><div>foot</div>"
    )
    (item,) = multipart("alternative", f"Content-Type: text/html\n\n{html}")
    for left in ("preheader", "Nell", "Where is it", "foot"):
        assert left not in item.body
    assert "<b>cold</b>" in item.body


def test_a_mail_that_only_forwards_another_is_that_one() -> None:
    inner = f"From: Joss Okafor <j@x.example>\nSubject: Tugs go electric\nMessage-ID: <9@x.example>\n\n{TEXT}"
    (item,) = multipart("mixed", "Content-Type: text/plain\n\nPlease run.", f"Content-Type: message/rfc822\n\n{inner}")
    assert (item.title, item.id, item.authors[0].name) == ("Tugs go electric", "mid:9@x.example", "Joss Okafor")
    assert "Please run" not in item.body
    long = " ".join([TEXT] * 12)
    (item,) = multipart("mixed", f"Content-Type: text/plain\n\n{long}", f"Content-Type: message/rfc822\n\n{inner}")
    assert item.title == "Harbour frozen over"
    assert "another mail" in item.notes[-1]
    digest = f"Content-Type: multipart/digest; boundary=d\n\n--d\n\n{inner}\n--d\n\n{inner.replace('9@', '8@')}\n--d--"
    items = multipart("mixed", f"Content-Type: text/plain\n\n{long}", digest)
    assert [one.id for one in items] == ["mid:9@x.example", "mid:8@x.example"]


@pytest.mark.parametrize(
    ("head", "text", "word"),
    [
        ("Content-Type: text/calendar; method=REQUEST\n", "BEGIN:VCALENDAR", "invitation"),
        ("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n", "MIIB", "encrypted"),
        ("Content-Type: application/pkcs7-mime; smime-type=signed-data\n", "MIIB", "S/MIME"),
        ("Content-Type: multipart/encrypted; boundary=b\n", "--b\n\n--b--", "encrypted"),
        ("", "-----BEGIN PGP MESSAGE-----\n\nhQEM", "encrypted"),
        ("Content-Type: application/pdf; name=plan.pdf\n", "JVBE", "plan.pdf"),
        ("Content-Type: application/ms-tnef; name=winmail.dat\n", "eJ8+", "winmail.dat"),
        ("Content-Type: image/png\n", "iVBO", "only pictures"),
        ("Content-Type: multipart/report; boundary=b\n", "--b\n\nIt could not be delivered.\n--b--", "reports"),
        ("Auto-Submitted: auto-replied\n", "I am away.", "automatic"),
        ("", "", "no text"),
        ("", "-- \nNell", "text"),
    ],
)
def test_what_is_no_article_is_refused_with_a_word(head: str, text: str, word: str) -> None:
    with pytest.raises(NotAnArticle, match=word):
        mail(head, text)


def test_signed_text_is_read() -> None:
    signed = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{TEXT}\n- -- dash\n-----BEGIN PGP SIGNATURE-----\nabc\n"
    )
    assert "SIGNED" not in mail(text=signed).body
    (item,) = multipart(
        "signed", f"Content-Type: text/plain\n\n{TEXT}", "Content-Type: application/pgp-signature\n\nabc"
    )
    assert not item.notes


# ---------------------------------------------------------------------- hostile mails


def nested(depth: int) -> bytes:
    head, tail = "", ""
    for level in range(depth):
        head += f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n'
        tail = f"\n--b{level}--\n" + tail if level % 2 else f"\n--b{level}--\n{tail}"
    return f"{HEAD}{head}Content-Type: text/plain\n\n{TEXT}{tail}".encode()


@pytest.mark.parametrize(
    "data",
    [
        HEAD.encode()
        + b"Content-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Type: text/plain\n\nx\n" * 10_000,
        nested(40),
        nested(900),
        HEAD.encode() + b"Content-Type: text/plain; " + b'a="' * 200_000 + b"\n\nx",
        HEAD.encode() + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 3_000 + b"--b--",
    ],
    ids=["parts", "deep", "deeper", "long header", "bare parts"],
)
def test_a_bomb_is_refused(data: bytes) -> None:
    with at_most(10), pytest.raises(TooLarge):
        FMT.parse(data, PATH)


@pytest.mark.parametrize(
    "head",
    [
        "Subject-2: " + "=?utf-8?q?" * 20_000,
        "To: " + "a@b.example, " * 50_000,
        "Received: x\n" * 20_000,
        "X-Section: " + "/" * 15_000,
        "Keywords: " + "a," * 7_000,
        "Date: " + "1 " * 50_000,
        "Content-Disposition: attachment; " + "filename*0*=a;" * 200,
        "Content-Language: \x00\x01",
    ],
    ids=range(8),
)
def test_a_hostile_header_takes_no_time(head: str) -> None:
    with at_most(10):
        try:
            assert mail(head.removesuffix("\n") + "\n").title == "Harbour frozen over"
        except NotAnArticle:
            assert "Disposition" in head


@pytest.mark.parametrize(
    "text",
    [
        ">" * 100_000,
        "> a \n" * 5_000,
        "-- \n" * 20_000,
        "On a wrote:\n" * 5_000,
        "a \n" * 20_000,
        "\n\n-----\n" * 5_000,
    ],
    ids=range(6),
)
@pytest.mark.parametrize("kind", ["", "; format=flowed"])
def test_a_hostile_text_takes_no_time(text: str, kind: str) -> None:
    with at_most(5):
        read(text, flowed=bool(kind))
    with at_most(5), contextlib.suppress(ContentError):
        mail(f"Content-Type: text/plain{kind}\n", text)


@settings(max_examples=150)
@given(st.lists(st.sampled_from([
    HEAD, "Content-Type: multipart/mixed; boundary=b\n", "Content-Type: text/html; charset=x\n", "\n", "--b\n", "--b--\n",
    "Content-Transfer-Encoding: base64\n", "Content-Type: message/rfc822\n", TEXT, "=?utf-8?b?//?=", "\xff\xfe", " folded\n",
    "Content-Type: multipart/alternative; boundary=\"b\"\n", "<p>a<b>", "From: \"<@,;:\n", "Content-Type: image/png\n",
    base64.b64encode(b"\x89PNG\r\n\x1a\n").decode(), "Date: -1\n", "-- \n", "---------- Forwarded message ---------\nFrom: x\n",
]), max_size=14))  # fmt: skip
def test_whatever_comes_it_says_what_it_is(pieces: list[str]) -> None:
    data = (HEAD + "".join(pieces)).encode("latin-1", "replace")
    assert isinstance(is_mail(data), bool)
    with contextlib.suppress(ContentError):
        items = FMT.parse(data, PATH)
        assert all(item.body or item.withdrawal for item in items)


def test_a_photograph_that_is_called_bytes_is_a_picture() -> None:
    (item,) = multipart(
        "mixed",
        f"Content-Type: text/plain\n\n{TEXT}",
        'Content-Type: application/octet-stream; name="a.JPG"\nContent-Disposition: attachment; filename="a.JPG"\n\n\xff',
        'Content-Type: application/octet-stream; name="a.bin"\n\nx',
    )
    assert [one.name for one in item.attached] == ["a.JPG"]
    assert item.notes == ("attached to the mail and not published: a.bin",)


def test_the_place_of_a_picture_leaves_no_paragraph() -> None:
    assert mail(text=f"{TEXT}\n\n\ufffc\n\nIt thawed.").body == f"<p>{TEXT}</p>\n<p>It thawed.</p>"


def test_a_paragraph_that_begins_with_from_opens_no_mail() -> None:
    written = f"{HEAD}\n{TEXT}\n\nFrom there on it was cold, as the report says:\nhttps://ice.example/report\n"
    (item,) = FMT.parse(f"From nell@x Sun Nov 22 07:15:00 2026\n{written}".encode(), PATH)
    assert "ice.example" in item.body


def test_lines_that_an_mbox_marked_are_as_they_were() -> None:
    written = f"{HEAD}\n>From the quay, all is white.\n>>From here, too.\n"
    (item,) = FMT.parse(f"From nell@x Sun Nov 22 07:15:00 2026\n{written}".encode(), PATH)
    assert item.body == "<p>From the quay, all is white.</p>\n<p>&gt;From here, too.</p>"
    (item,) = FMT.parse(written.encode(), PATH)
    assert "&gt;From the quay" in item.body


@pytest.mark.parametrize(
    "above",
    [
        "<p><b>EMBARGOED UNTIL 00:01 4 December 2026</b></p><p>{}</p>",
        "<b>EMBARGOED UNTIL 00:01 4 December 2026</b><br><br>{}",
        "<div><div>EMBARGOED UNTIL <b>00:01 4 December 2026</b></div><div>{}</div></div>",
    ],
)
@pytest.mark.parametrize("plain", ["", f"EMBARGOED UNTIL 00:01 4 December 2026\n\n{TEXT}"])
def test_an_embargo_above_a_text_in_html_counts(above: str, plain: str) -> None:
    forms = [f"Content-Type: text/plain\n\n{plain}"] if plain else []
    (item,) = multipart("alternative", *forms, "Content-Type: text/html\n\n" + above.format(TEXT))
    assert item.embargo == "00:01 4 December 2026"
    assert TEXT in item.body


def test_links_lead_where_they_led_before_a_mail_server_wrapped_them() -> None:
    wrapped = "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fport.example%2Fa%3Fb%3D1&amp;data=nell%40desk"
    (item,) = FMT.parse(
        f'{HEAD}Content-Type: text/html\n\n<p>{TEXT} <a href="{wrapped}">x</a> <a href="http://[">y</a></p>'.encode(),
        PATH,
    )
    assert 'href="https://port.example/a?b=1"' in item.body
    assert "nell" not in item.body


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_mailbox_is_taken_apart(end: str) -> None:
    one = f"From nell@desk.example Sun Nov 22 07:15:00 2026\n{HEAD}\n{TEXT}\n>From there on it was cold.\n\n"
    box = (one + one.replace("1@desk", "2@desk") + one.replace("1@desk", "3@desk")).replace("\n", end)
    items = FMT.parse(box.encode(), PATH)
    assert [item.id for item in items] == [f"mid:{number}@desk.example" for number in (1, 2, 3)]
    assert "From there on it was cold." in items[0].body
    assert "Message-ID" not in items[0].body
    with pytest.raises(TooLarge, match="mailbox"):
        FMT.parse(one.encode() * 101, PATH)
