"""What desks write around a text, one by one: versions, takes, kills, times, what is refused."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from feedsvc.errors import NotAnArticle, ParseError, TooLarge, UnknownFormat
from feedsvc.formats.base import RawItem
from feedsvc.formats.wiretext import marks, times
from feedsvc.formats.wiretext.format import WireText


def parse(data: str | bytes) -> list[RawItem]:
    return list(WireText().parse(data.encode() if isinstance(data, str) else data, PurePosixPath("a")))


def anpa(slug: str, body: str = "\tPORT ELLIS (NLA) _ It is so.\n", tail: str = "AP-NY-03-05-26 1234EST<") -> str:
    head = "\x16\x16\x01a0583\x1fkbxx\x1fr a\x1f\x1f\x1f03-05 100\r\n"
    return f"{head}\x02^{slug},100<\r\n^A title<\r\n{body}\x03{tail}\r\n\x04"


def iptc(text: str, *, head: str = "nlp062 4 i 211   nlp 061", keywords: str = "Ferry/") -> str:
    return f"\x01{head}\r\n{keywords}\r\n\x02{text}\x03\r\n051234 MAR 26\r\n\x04"


BODY = "   Port Ellis (nlp) - It is so.\n"


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1st Ld-Writethru", 1),
        ("10th Ld-Writethru", 10),
        ("7thWritethru", 7),
        ("Ld-Writethru", 1),
        ("1ST LEAD", 1),
        ("2. Lead", 2),
        ("UPDATE 3", 3),
        ("Zusammenfassung", 1),
        ("leading men", 0),
        ("", 0),
    ],
)
def test_versions(text: str, version: int) -> None:
    assert marks.version(text) == version


@pytest.mark.parametrize(
    ("text", "part"), [("1st Add", 2), ("2nd Ld-1st Add", 2), ("Take 2", 2), ("add 1", 2), ("Ld", 0)]
)
def test_takes(text: str, part: int) -> None:
    assert marks.take(text) == part


@pytest.mark.parametrize(
    "text",
    [
        "MANDATORY KILL",
        "BULLETIN KILL",
        "Kill",
        "Kill Advisory",
        "(Annullierung)",
        "STORY WITHDRAWN",
        "EDITORS: MANDATORY KILL",
        "Please kill the story slugged BC-Ferry",
        "AFP withdraws its report",
        "MANDATORY WITHHOLD",
    ],
)
def test_kills(text: str) -> None:
    assert marks.kills(text)


@pytest.mark.parametrize(
    "text",
    [
        "Storms kill two",
        "Withdrawal",
        "Withdrawal: troops leave by May",
        "Kill Bill returns",
        "Elimination",
        "Skill",
        "",
    ],
)
def test_news_of_kills_is_news(text: str) -> None:
    assert not marks.kills(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("051234 MAR 26", "2026-03-05 12:34"),
        ("AFP 051234 GMT MAR 26", "2026-03-05 12:34 GMT"),
        ("051234Z MAR 2026", "2026-03-05 12:34 Z"),
        ("062130 Okt 24", "2024-10-06 21:30"),
        ("AP-NY-03-05-26 2234EST<", "2026-03-05 22:34 EST"),
        ("16:35ET 31-10-14<", "2014-10-31 16:35 ET"),
        ("1635 10-31-14", "2014-10-31 16:35"),
        ("03-25-98 0100EST", "1998-03-25 01:00 EST"),
    ],
)
def test_times_of_transmission(text: str, written: str) -> None:
    moment = times.sent(text)
    assert moment is not None
    assert moment.written == written


@pytest.mark.parametrize(
    "text", ["", "in 2026", "321234 MAR 26", "052534 MAR 26x", "The ship of 051234 MAR 26 sank, they say."]
)
def test_no_times(text: str) -> None:
    assert times.sent(text) is None or times.sent(text).written[:10] == "2026-03-05"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "near", "day"),
    [
        ("moved Wednesday, March 4.", "2026-03-05", "2026-03-04"),
        ("of 4 March 2025", "2026-03-05", "2025-03-04"),
        ("of December 31", "2026-01-01", "2025-12-31"),
        ("of March", "2026-03-05", ""),
        ("of March 4", "", ""),
    ],
)
def test_days_that_a_kill_names(text: str, near: str, day: str) -> None:
    assert times.named_day(text, near) == day


def test_a_lead_and_its_writethru_are_one_text() -> None:
    (first,), (second,) = parse(anpa("BC-Ferry")), parse(anpa("BC-Ferry, 2nd Ld-Writethru"))
    assert first.id == second.id == "wire/bc-ferry/2026-03-05"
    assert (first.version, second.version) == ("", "2")


def test_the_kill_of_a_slug_finds_its_text() -> None:
    (text,) = parse(anpa("BC-BKN--Herons-Gulls, 1st Ld-Writethru"))
    (kill,) = parse(anpa("BC-BKN--Herons-Gulls, BULLETIN KILL", "\tThe score is wrong.\n", "AP-NY-03-05-26 2334EST<"))
    assert kill.id == text.id
    assert kill.withdrawal
    assert not kill.body


def test_a_kill_in_a_note_withholds_the_text_below_it() -> None:
    (kill,) = parse(anpa("BC-Ferry", "^Eds: MANDATORY KILL<\n\tPORT ELLIS (NLA) _ It is so.\n"))
    assert kill.withdrawal
    assert not kill.body


@pytest.mark.parametrize(
    "data",
    [
        anpa("BC-Ferry, 1st Add"),
        anpa("BC-Ferry, Sub 3rd graf"),
        anpa("BC-Ferry, Insert"),
        anpa("BC-Ferry, Advisory"),
        anpa("BC-Ferry").replace("r a\x1f", "r v\x1f"),
        anpa("BC-Ferry", "", "AP-NY-03-05-26 1234EST<"),
        iptc("MANDATORY KILL =\n   The figures are wrong.\n"),
        iptc("Take 2 =\n" + BODY),
        iptc(""),
        "ZCZC NLA\nNNNN\n",
        "ZCZC\n\n",
        "\x01abc",
    ],
)
def test_what_is_no_article(data: str) -> None:
    with pytest.raises(NotAnArticle) as refused:
        parse(data)
    assert len(str(refused.value)) > 20


def test_a_refused_message_does_not_take_the_others_with_it() -> None:
    (item,) = parse(iptc("") + iptc("It is so =\n" + BODY))
    assert item.title == "It is so"
    assert "1 of 2 messages" in item.notes[-1]


def test_an_advance_waits_for_its_day() -> None:
    (item,) = parse(anpa("BC-Gardens, Adv03"))
    assert item.embargo == "2026-04-03"
    (item,) = parse(anpa("BC-Gardens, Adv03", tail=""))
    assert item.status == "withheld"


def test_a_number_of_zeros_is_no_id() -> None:
    (item,) = parse(iptc("It is so =\n" + BODY, head="nlp0000 4 i 211  nlp 0000"))
    assert item.id == ""


def test_a_headline_is_rid_of_what_the_desk_put_before_it() -> None:
    (item,) = parse(iptc("UPDATE 2-Ferry sails again (with photos) =\n" + BODY))
    assert (item.title, item.version) == ("Ferry sails again", "2")


@pytest.mark.parametrize("number", [2, 9, 10, 20])
def test_the_tenth_update_comes_after_the_ninth(number: int) -> None:
    (item,) = parse(f"ZCZC NLA\n#Ferry\n$UPDATE {number}- Ferry sails again\n{BODY}\nNNNN")
    assert (item.title, item.version) == ("Ferry sails again", str(number))


def test_telex_line_ends_are_line_ends() -> None:
    (item,) = parse(iptc("It is so =\r\r\n   Port Ellis (nlp) - It is so,\r\r\nthey said.\r\r\n"))
    assert item.body == "<p>It is so, they said.</p>"


def test_each_message_has_its_own_encoding() -> None:
    one = iptc("Café =\n   Port Ellis (nlp) - Das Café schließt.\n").encode("cp1252")
    other = iptc("Möwe =\n   Port Ellis (nlp) - Die Möwe fliegt.\n", head="nlp063 4 i 1").encode()
    assert [item.title for item in parse(one + other)] == ["Café", "Möwe"]


def test_bytes_that_no_encoding_fits_are_told_with_their_line() -> None:
    with pytest.raises(ParseError) as refused:
        parse(iptc("It is so =\n\n").encode() + b"\n\x01nlp063 4 i 1\nA/\n\x02It =\n It is \x81 so.\n")
    assert refused.value.line == 11


def test_too_many_messages() -> None:
    with pytest.raises(TooLarge, match="split it"):
        parse("ZCZC A\nIt is so.\nNNNN\n" * 5001)


def test_what_is_no_wire() -> None:
    with pytest.raises(UnknownFormat):
        parse("A title\n\nIt is so.\n")


def test_a_slug_above_a_headline_that_stands_alone_is_no_headline() -> None:
    (item,) = parse(
        iptc("Marl-port-storm\r\n\r\nTwo saved off Marl\r\n\r\nMARL, 12 nov 2026 (NLP) - It is so.\r\n", keywords="")
    )
    assert (item.title, item.slug) == ("Two saved off Marl", "Marl-port-storm")
    assert [tag.term for tag in item.categories] == ["Marl", "port", "storm"]
    (item,) = parse(iptc("Marl-port-storm\r\n\r\nMARL, 12 nov 2026 (NLP) - It is so.\r\n", keywords=""))
    assert item.title == "Marl-port-storm"


def test_a_number_with_its_routing_behind_it_is_no_headline() -> None:
    (item,) = parse(
        "ZCZC\nNLW0451 4 2 240 TOWN\n\nFERRY-COUNCIL\n\nCOUNCIL KEEPS FERRY\n\n"
        "    Wrenmouth, Nov 12, NLW - The council voted to keep it.\n1422\nENDITEM\n\nNNNN\n"
    )
    assert (item.title, item.slug, item.dateline, item.agency) == (
        "COUNCIL KEEPS FERRY",
        "FERRY-COUNCIL",
        "Wrenmouth",
        "NLW",
    )
    assert item.body == "<p>The council voted to keep it.</p>"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", [anpa("BC-NL--Ferry"), iptc("Ferry – is back =\n" + BODY), "ZCZC NLA\n$A\n$Ferry\n" + BODY]
)
def test_a_wire_in_utf_16_is_the_same_wire(codec: str, text: str) -> None:
    data = text.encode(codec)
    assert WireText().recognises(data, PurePosixPath("a"))
    assert parse(data) == parse(text)


@pytest.mark.parametrize("data", [b"\xff\xfe^\0B\0C\0-\0\0\xd8", b"^\0B\0C\0-\0F\0e\0r\0r\0\0\xd8<\0"])
def test_spoilt_utf_16_is_refused(data: bytes) -> None:
    with pytest.raises((ParseError, UnknownFormat)):
        parse(data)


@pytest.mark.parametrize(
    ("filed", "day"), [("11-22", "--11-22"), ("22-11", "--11-22"), ("11-22-26", "2026-11-22"), ("08-31", "--08-31")]
)
def test_a_message_without_a_time_has_the_day_of_its_head(filed: str, day: str) -> None:
    (item,) = parse(anpa("BC-NL--Ferry", tail="").replace("03-05 100", f"{filed} 0100"))
    assert item.published == day
    assert not item.id


def test_the_day_of_the_dateline_goes_before_that_of_the_head() -> None:
    text = anpa("BC-NL--Ferry", "\tPORT ELLIS, Nov. 22 (NLA) _ It is so.\n", tail="").replace("03-05 100", "03-05 0100")
    (item,) = parse(text)
    assert item.published == "Nov. 22"


def test_a_head_without_its_signs_opens_each_message_of_a_file() -> None:
    head = "z6715kbxxm\nr s BC-NL--{0}   03-05 0416\n^BC-NL--{0},416<\n^{0} is back<\n\tTARVIK (NLA) _ It is so.\n"
    items = parse(head.format("Ferry") + "\tNLA-WF-03-05-26 1612GMT<\n\n" + head.format("Herring"))
    assert [item.title for item in items] == ["Ferry is back", "Herring is back"]


@pytest.mark.parametrize(
    ("line", "byline", "title"),
    [
        ("By nlp correspondents =", "By nlp correspondents", "Ferry is back"),
        ("By Nell Harker, dpa  =", "By Nell Harker", "Ferry is back"),
        ("by popular demand =", "", "Ferry is back by popular demand"),
        ("By demand =", "", "Ferry is back By demand"),
    ],
)
def test_the_last_line_of_a_headline_may_name_who_wrote(line: str, byline: str, title: str) -> None:
    (item,) = parse(iptc(f"Ferry is back\n{line}\n\n{BODY}"))
    assert (item.byline, item.title) == (byline, title)


def test_what_stands_below_a_byline_and_names_nobody_is_text() -> None:
    body = "^By The Northline News Agency=\n^HARBOUR LEAGUE=\n\tTarvik 7, Karvala 5.\n"
    (item,) = parse(anpa("BC-NL--Glance", body))
    assert item.byline == "By The Northline News Agency"
    assert item.body == "<p>HARBOUR LEAGUE</p>\n<p>Tarvik 7, Karvala 5.</p>"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("``It's `ours,' '' he said.", "“It's ‘ours,’ ” he said."),
        ("the `90s. He didn't.", "the ‘90s. He didn't."),
        ("12{ games back.", "12½ games back."),
        ("a {b}.", "a {b}."),
    ],
)
def test_signs_of_typesetters(written: str, shown: str) -> None:
    (item,) = parse(anpa("BC-NL--Ferry", f"\tTARVIK (NLA) _ It is so.\n\t{written}\n"))
    assert item.body.endswith(f"<p>{shown}</p>")


def test_results_without_a_sentence_are_an_article_below_a_title() -> None:
    (item,) = parse("ZCZC NLA\n$Weights for Sunday\nGale 58.0\nKelp 57.0\nSprat 56.5\nNNNN")
    assert item.body.count("<p>") == 3
    with pytest.raises(NotAnArticle):
        parse("ZCZC NLA\n$Weights for Sunday\nGale 58.0\nNNNN")
