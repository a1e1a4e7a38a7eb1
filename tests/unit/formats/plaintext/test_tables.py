"""Tables in plain text: what is one, and how it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.formats.plaintext import tables
from feedsvc.formats.plaintext.body import paragraphs, to_html
from feedsvc.formats.plaintext.lines import split

BLANKS = """Port          High    Low
Wrenmouth     07:15   13:20
Port Ellis    07:40   13:45
Tarvik        08:05   14:10"""
SEMICOLONS = "Wrenmouth;23;13;.639\nPort Ellis;24;14;.632\nTarvik;19;21;.475"


def found(text: str) -> list[range]:
    return tables.found(split(text))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (BLANKS, [range(4)]),
        (SEMICOLONS, [range(3)]),
        (f"It is so.\n\n{BLANKS}\n\nIt will stay so.", [range(1, 5)]),
        ("1 - 742   Kelp 22.02\n2 - 412   Gull 22.35\n3 -       VACANT", [range(3)]),
        ("a\t1\t2\nb\t3\t4\nc\t5\t6", [range(3)]),
        ("A 1  2  3\nEMERGENCIES\nB 4  5  6\nC 7  8  9", [range(4)]),
    ],
)
def test_tables(text: str, rows: list[range]) -> None:
    assert found(text) == rows


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Two  spaces.  After each stop.  In 1999.\nAnd  again.  They do.  In 2000.\nAnd on.  It goes.  In 2001.",
        "The   harbour  froze over on  Sunday\nnight,  and  it will   stay so until\nThursday,  they  said  then.",
        "Wrenmouth     07:15   13:20\nPort Ellis    07:40   13:45",
        "one; two; three; four\nfive; six; seven; eight\nnine; ten; eleven; twelve",
        "1.   Flour\n2.   Eggs\n3.   Milk\n4.   Salt",
        "1)    Flour\n2)    Eggs\n3)    Milk",
        "1911   The quay was built of stones from the old mole.\n1925   It burned, and nobody knew why for many years."
        "\n1950   It was built anew, of iron this time, and painted.",
        "    In 1999 it froze\n    In 2000 it did not\n    In 2001 it did",
    ],
)
def test_what_is_no_table(text: str) -> None:
    assert found(text) == []


def test_blanks_are_kept_and_semicolons_make_cells() -> None:
    lines = split(f"High water <today>\n\n{BLANKS}\n\n{SEMICOLONS}")
    assert to_html(paragraphs(lines)) == (
        f"<p>High water &lt;today&gt;</p>\n<pre>{BLANKS}</pre>\n<table>\n"
        "<tr><td>Wrenmouth</td><td>23</td><td>13</td><td>.639</td></tr>\n"
        "<tr><td>Port Ellis</td><td>24</td><td>14</td><td>.632</td></tr>\n"
        "<tr><td>Tarvik</td><td>19</td><td>21</td><td>.475</td></tr>\n</table>"
    )


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["a  1  2", "b;1;2;3", "words", "", "    x   9"]), max_size=30))
def test_tables_lie_in_the_text_one_behind_the_other(text: list[str]) -> None:
    lines = split("\n".join(text))
    end = 0
    for table in tables.found(lines):
        assert end <= table.start < table.stop <= len(lines)
        end = table.stop
