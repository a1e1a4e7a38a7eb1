"""Lines that close an article and are no part of it."""

from __future__ import annotations

import pytest

from feedsvc.formats.wording import furniture


@pytest.mark.parametrize(
    "line",
    [
        "abc/de",
        "(abc/DE)",
        "ففف/ح س/كام",
        "ab cd/ef/gh/ij",
        "Reuter",
        "(dpa)",
        "(END)",
        "-0-",
        "ends",
        "###",
        "Share",
        "Share this article",
        "Read more: The ferry is back",
        "LOAD-DATE: March 3, 2015",
        "End of Document",
        "Copyright 2026 The Harbour Gazette. All rights reserved.",
        "© 2026 Harbour Gazette",
        "Tags: harbour, ferry",
        "আরও পড়ুন",
        "3 comments",
        "* * *",
    ],
)
def test_it_closes_an_article(line: str) -> None:
    assert furniture.closes(line)


@pytest.mark.parametrize(
    "line",
    [
        "The council voted on Monday.",
        "He lived in Bristol and/or Bath.",
        "Police/army",
        "He won 3/4 of it",
        "www.example.org/a",
        "Share prices rose in the afternoon.",
        "Ends of rope lay on the quay.",
        "Reporting by Jane Doe; Editing by John Roe",
        "End of document was the last thing he typed that day.",
        "Copyright law is older than the ferry.",
        "1/2",
        "Language: a history",
    ],
)
def test_it_is_text(line: str) -> None:
    assert not furniture.closes(line)


def test_a_wire_signs_with_its_name_of_today() -> None:
    assert furniture.signing_wire(" Reuter") == "Reuters"
    assert furniture.signing_wire("(dpa)") == "dpa"
    assert furniture.signing_wire("==Kyodo") == "Kyodo"
    assert furniture.signing_wire("/ritzau/") == "ritzau"
    assert furniture.signing_wire("Harbour") == ""


def test_the_terms_of_a_tag_line() -> None:
    assert [one.term for one in furniture.tags(furniture.tags_in("Tags: harbour، ferry, harbour"))] == [
        "harbour",
        "ferry",
    ]
    assert furniture.tags_in("The tags: none") == ""


@pytest.mark.parametrize(
    ("line", "wire"),
    [
        ("وكالة أنباء الشمال", "وكالة أنباء الشمال"),
        ("(خبرگزاری شمال)", "خبرگزاری شمال"),
        ("وكالة الطاقة تحذر.", ""),
        ("Агентство по туризму сообщило о рекорде.", ""),
        ("خبرگزاری شمال دفتر خود را بست.", ""),
    ],
)
def test_a_last_line_that_begins_as_a_wire_does_may_be_a_sentence(line: str, wire: str) -> None:
    assert furniture.signing_wire(line) == wire
