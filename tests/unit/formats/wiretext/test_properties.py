"""Any bytes give items or a ContentError, soon; what is written for editors is never in an item."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ContentError
from feedsvc.formats.base import RawItem
from feedsvc.formats.wiretext.format import WireText

PIECES = [
    b"\x01nlp062 4 i 211 ccccb   nlp 061\r\n",
    b"nlp062 4 i 211\n",
    b"\x16\x16\x01a0583\x1fkbxx\x1fr a\x1f\x1fBC-Fares,1st Add\x1f03-05 100\r\n",
    b"\x02",
    b"\x03",
    b"\x04",
    b"\x1f",
    b"ZCZC NLA\n",
    b"ZCZC\n",
    b"NNNN\n",
    b"%A\n#Slug\n$Title\n",
    b"BSS-12\n",
    b"^BC-Fares, 1st Ld-Writethru,300<\n",
    b"^Fares fall<\n",
    b"^Eds: x",
    b"<\n",
    b"EDS: CORRECTS byline.\n",
    b"MANDATORY KILL\n",
    b"KILL nlp062 of March 5.\n",
    b"EMBARGOED UNTIL 0001 GMT THURSDAY\n",
    b"# Notizblock\n",
    b"=\n",
    b"Fares fall =\n",
    b"   Port Ellis (nlp) - It is so.\n",
    b"PORT ELLIS _ It is so.\n",
    b"\tIt is so, they said.\n",
    b"051234 MAR 26\n",
    b"AP-NY-03-05-26 2234EST<\n",
    b"(more)\n",
    b"\r\r\n",
    b"\n\n",
    b"\xe9",
]


def check(data: bytes) -> None:
    try:
        items = WireText().parse(data, PurePosixPath("a"))
    except ContentError as error:
        assert str(error)  # noqa: PT017
        return
    assert items
    for item in items:
        assert isinstance(item, RawItem)
        assert item.withdrawal or (item.body and (item.title or item.title_fallbacks))
        assert item.line >= 1
    assert [item.part for item in items] == ([0] if len(items) == 1 else list(range(1, len(items) + 1)))
    ids = [item.id for item in items if item.id]
    assert len(ids) == len(set(ids))


@settings(max_examples=100)
@given(st.sampled_from([b"\x01", b"ZCZC ", b"^a<\n^", b"nlp062 4 i 211\n"]), st.binary(max_size=300))
def test_any_bytes(beginning: bytes, data: bytes) -> None:
    check(beginning + data)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=10), max_size=16))
def test_any_mixture_of_signs(pieces: list[bytes]) -> None:
    check(b"".join(pieces))


NOTES = st.sampled_from(
    [
        "Eds: SECRET with the desk.",
        "EDITORS: SECRET",
        "EDITORS' NOTE: SECRET",
        "Editor's note - SECRET",
        "(EDS: SECRET)",
        "Eds: This note runs on\nover a second line, SECRET.",
        "UPDATES with SECRET",
        "CORRECTS byline SECRET",
        "ATTENTION EDITORS: SECRET",
        "Achtung Redaktionen: SECRET",
        "# Notizblock\n\n## Kontakte\n- SECRET",
    ]
)


@settings(max_examples=60)
@given(NOTES, st.sampled_from(["", "\n"]), st.sampled_from(["iptc", "telex", "anpa"]))
def test_no_note_to_editors_leaks(note: str, gap: str, kind: str) -> None:
    text = f"   PORT ELLIS (NLP) - The ferry sails again.\n{gap}{note}\n"
    if not note.startswith("#"):
        text += f"{gap}   It sails at ten.\n"
    data = {
        "iptc": f"\x01nlp062 4 i 211\r\nFerry/\r\n\x02The ferry sails =\n{text}\x03\r\n051234 MAR 26\r\n\x04",
        "telex": f"ZCZC NLP0012\n051234 GMT MAR 26\nThe ferry sails\n{text}NNNN\n",
        "anpa": f"^BC-Ferry,120<\n^The ferry sails<\n{text}AP-NY-03-05-26 1234EST<\n",
    }[kind]
    (item,) = WireText().parse(data.encode(), PurePosixPath("a"))
    assert "SECRET" not in repr((item.title, item.body, item.byline, item.standfirst, item.title_fallbacks))
    assert item.title == "The ferry sails"
    assert "The ferry sails again." in item.body
    assert note.startswith("#") or "It sails at ten." in item.body


SIZE = 150_000


@pytest.mark.parametrize(
    "data",
    [
        b"\x01" * SIZE,
        b"\x01a\n" * (SIZE // 3),
        b"ZCZC\n" * (SIZE // 5),
        b"ZCZC A\nIt is so.\nNNNN\n" * 4000,
        b"ZCZC A\n" + b"#" * SIZE,
        b"ZCZC A\n" + b"EDS: a\n" * (SIZE // 7),
        b"ZCZC A\n" + b"A " * (SIZE // 2),
        b"ZCZC A\n" + b"A-" * (SIZE // 2),
        b"^a<\n" * (SIZE // 4),
        b"^BC-a<\n^" + b"a " * (SIZE // 2),
        b"nlp062 4 i 211\n" * (SIZE // 15),
        b"\x01nlp062 4 i 211\n" + b"a/" * 1000 + b"\n\x02" + b"It is so =\n" * (SIZE // 11) + b"\x03",
        b"\x01nlp062 4 i 211\n\x02" + b"KILL nlp0061 " * (SIZE // 13),
        b"\x01nlp062 4 i 211\n\x02T =\nA (" + b"b" * SIZE,
        b"\x01nlp062 4 i 211\n\x02T =\nA (nlp) - It is so." + b"\r" * SIZE,
        b"\x01" + b"\x1f" * SIZE,
    ],
    ids=range(16),
)
def test_no_message_takes_long(data: bytes) -> None:
    with at_most(10):
        check(data)
