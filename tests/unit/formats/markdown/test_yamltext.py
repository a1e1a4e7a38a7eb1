from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ContentError, ParseError, TooLarge
from feedsvc.formats.keys.entries import Value
from feedsvc.formats.markdown import yamltext

# XML-safe text without what YAML itself cannot carry: the decoder gives nothing else.
TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff\ufffe\uffff"), max_size=40)
VALUES = st.recursive(
    TEXT, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8
)


def values(block: str) -> dict[str, Value]:
    return yamltext.load(block)[0]


@pytest.mark.parametrize(
    "scalar", ["no", "2016-01-29", "1e3", "012", "yes", "1_000", "0x1F", "12:30:45", ".5", "=", "<<"]
)
def test_scalars_stay_as_written(scalar: str) -> None:
    assert values(f"key: {scalar}\nlist: [{scalar}]") == {"key": scalar, "list": [scalar]}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r'"\ud83d\ude00 Boats"', "😀 Boats"),
        (r'"Boats \uD83D\uDEA2\ud83d\udea2 \u00e9"', "Boats 🚢🚢 é"),
        (r'"a half \ud83d and \ude00 another"', "a half  and  another"),
        (r'"a path: C:\\ud83d\\ude00"', r"a path: C:\ud83d\ude00"),
        ("'as it stands \\ud83d\\ude00'", r"as it stands \ud83d\ude00"),
        ('"It\x92s \x93here\x94\x85\x81\x7f"', "It’s “here”…"),
    ],
)
def test_characters_as_other_programs_write_them(written: str, meant: str) -> None:
    found, _, notes = yamltext.load(f"title: {written}\ntags: [{written}]")
    assert found == {"title": meant, "tags": [meant]}
    assert notes == []


@pytest.mark.parametrize("nothing", ["", "~", "null", "# comment"])
def test_nothing_is_empty(nothing: str) -> None:
    assert values(f"image: {nothing}\ntitle: x") == {"image": "", "title": "x"}


def test_a_quoted_null_is_a_word() -> None:
    assert values("title: 'null'") == {"title": "null"}


def test_quotes_that_run_on_in_the_first_column() -> None:
    block = "title: \"One line\nand another: with a colon\"\ntext: 'so\nit goes'\ndate: 2026-01-01"
    assert values(block) == {"title": "One line and another: with a colon", "text": "so it goes", "date": "2026-01-01"}


def test_lines_of_keys_and_duplicates() -> None:
    found, lines, notes = yamltext.load("# c\ntitle: a\n\ntags:\n- x\ntitle: b\n", first_line=2)
    assert found == {"title": "b", "tags": ["x"]}
    assert lines == {"title": 7, "tags": 5}
    assert notes == ["Line 7: the key title stands twice; the last one counts."]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("title: Council: the vote", "Council: the vote"),
        ("title: [Video] Bridge", "[Video] Bridge"),
        ('title: "Quoted" at first', '"Quoted" at first'),
        ("title: @home today", "@home today"),
        ("title: *Stars* shine", "*Stars* shine"),
        ("title: 50% of: all", "50% of: all"),
        ("title: %percent", "%percent"),
        ("title: it's: so", "it's: so"),
        ("title: {{ page.title }}", "{{ page.title }}"),
        ('title: "Never closed', "Never closed"),
        ("title:No blank", "No blank"),
        ("title:\u00a0A hard blank", "A hard blank"),
        ("title:\tA tab: here", "A tab: here"),
    ],
)
def test_one_line_values_are_read_as_they_were_meant(written: str, meant: str) -> None:
    found = values(f"{written}\nslug: after")
    assert found == {"title": meant, "slug": "after"}


def test_tabs_may_indent() -> None:
    assert values("tags:\n\t- a\n\t- b\ntitle: x") == {"tags": ["a", "b"], "title": "x"}


def test_a_repair_is_noted_with_its_line() -> None:
    _, _, notes = yamltext.load("date: x\ntitle: Council: the vote", first_line=2)
    assert notes == ["Line 3: the value of title needs quotation marks; it was read as it stands."]


def test_a_repair_leaves_quotes_that_run_on() -> None:
    found = values('title: "Runs\non"\ndeck: a: b')
    assert found == {"title": "Runs on", "deck": "a: b"}


@pytest.mark.parametrize(
    ("block", "line", "word"),
    [
        ("title: &a x", 5, "anchor"),
        ("title: x\ndeck: *a", 6, "alias"),
        ("a: &x [1]\nb: {<<: *x}", 5, "anchor"),
        ("title: !!python/object:os.system x", 5, "tag"),
        ("title: x\ndeck: !local y", 6, "tag"),
        ("title: !!binary eA==", 5, "tag"),
    ],
)
def test_what_is_not_plain_data_is_refused(block: str, line: int, word: str) -> None:
    with pytest.raises(ParseError, match=word) as caught:
        yamltext.load(block, first_line=5)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("block", "line"),
    [("title: x\n  deck: y\n  - z", 3), ("- a\n- b", 2), ("just words", 2), ("a: [1, 2\nb: 3", 3), ("? [a]\n: b", 2)],
)
def test_broken_yaml_names_the_line(block: str, line: int) -> None:
    with pytest.raises(ParseError) as caught:
        yamltext.load(block, first_line=2)
    assert caught.value.line == line
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "block", ["a: " + "[" * 20_000, "a: " + "{a: " * 10_000, "a:\n" + "- " * 20_000, "\n".join("- x" for _ in range(9))]
)
def test_depth_is_bounded(block: str) -> None:
    with pytest.raises((TooLarge, ParseError)):
        yamltext.load(block)


def test_the_number_of_values_is_bounded() -> None:
    with pytest.raises(TooLarge) as caught:
        yamltext.load("a:\n" + "- x\n" * (yamltext.MAX_VALUES + 1), first_line=2)
    assert caught.value.line > yamltext.MAX_VALUES


def test_signs_that_the_parser_cannot_read_are_left_out() -> None:
    assert values("title: a\x81b\x7fc\x01") == {"title": "abc"}


@settings(max_examples=150)
@given(st.dictionaries(TEXT, VALUES, max_size=5), st.booleans())
def test_any_mapping_of_text_comes_back(mapping: dict[str, Value], flow: bool) -> None:
    block = yaml.dump(mapping, allow_unicode=True, default_flow_style=flow, Dumper=_NoAliases)
    assert values(block) == mapping


@settings(max_examples=150)
@given(st.text(alphabet="ab: \n\t-[]{}\"'#&*!|>%@,?~", max_size=80))
def test_any_block_is_read_or_refused(block: str) -> None:
    try:
        found, lines, _ = yamltext.load(block)
    except ContentError as error:
        line = error.line
    else:
        line = 1
        assert set(lines) == set(found)
    assert 0 < line <= block.count("\n") + 2


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True
