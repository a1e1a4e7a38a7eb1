from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ContentError, ParseError, TooLarge
from feedsvc.formats.markdown import frontmatter


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: x\n---\n",
        "\n\n---\ntitle: x\n---\n",
        "---\n# comment\n\n'quoted key': x\n---\n",
        "---\n  title: x\n---\n",
        "---\ntitle:x\n---\n",
        "---  \nTitle : x\n---\n",
        "---\r\ntitle: x\r\n---\r\n",
        "---\rtitle: x\r---\r",
        "---\nالعنوان: x\n---\n",
        "---\n---\n# Heading",
        '+++\ntitle = "x"\n+++\n',
        "+++\n[extra]\na = 1\n+++\n",
        "+++\n+++\ntext",
    ],
)
def test_a_fence_with_a_key_opens(text: str) -> None:
    assert frontmatter.opens(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "title: x\n",
        "---\n\nA rule, and then a text.\n\n---\n",
        "---\n- a list\n- of two\n---\n",
        "---\nhttps://example.org\n",
        "----\ntitle: x\n----\n",
        "text\n---\ntitle: x\n---\n",
        "+++ \nwords without a sign of equality\n+++",
        "<?xml version='1.0'?>",
        '{"title": "x"}',
    ],
)
def test_other_beginnings_do_not(text: str) -> None:
    assert not frontmatter.opens(text)


def test_yaml_is_parted_from_the_body() -> None:
    front = frontmatter.split("\n---\ntitle: A\ndate: 2026-01-01 # day\n---  \n\nText\n---\nmore\n")
    assert front.kind == "YAML"
    assert front.values == {"title": "A", "date": "2026-01-01"}
    assert front.lines == {"title": 3, "date": 4}
    assert (front.body, front.body_line) == ("\nText\n---\nmore\n", 6)


def test_a_document_end_closes_yaml_too() -> None:
    assert frontmatter.split("---\na: b\n...\nText").body == "Text"


def test_a_rule_is_no_front_matter() -> None:
    text = "---\n\nA rule, and then a text.\n\n---\nmore: words\n"
    assert frontmatter.split(text) == frontmatter.FrontMatter(body=text)


@pytest.mark.parametrize("text", ["---\ntitle: x\n\nText", '+++\ntitle = "x"\n\nText'])
def test_a_fence_that_is_never_closed_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(ParseError, match="never closed") as caught:
        frontmatter.split("\n" + text)
    assert caught.value.line == 2


def test_the_line_of_an_error_is_that_of_the_file() -> None:
    with pytest.raises(ParseError) as caught:
        frontmatter.split("---\ntitle: x\ndeck: &a y\n---\n")
    assert caught.value.line == 3


def test_toml_values_are_text() -> None:
    front = frontmatter.split(
        "+++\ntitle = '''It's \"so\"'''\nday = 2016-01-29\nat = 2016-01-29T10:00:00-05:00\nn = 1.50\nyes = true\n"
        '"quoted key" = [1, "b"]\n[extra]\nteam = "x"\n+++\nText'
    )
    assert front.kind == "TOML"
    assert front.values == {
        "title": 'It\'s "so"',
        "day": "2016-01-29",
        "at": "2016-01-29 10:00:00-05:00",
        "n": "1.50",
        "yes": "true",
        "quoted key": ["1", "b"],
        "extra": {"team": "x"},
    }
    assert front.lines["title"] == 2
    assert front.lines["extra"] == 8
    assert (front.body, front.body_line) == ("Text", 11)


@pytest.mark.parametrize("block", ['title = "x"\ndate = 2016-13-01', "title = 'x'\nbare words here"])
def test_broken_toml_names_the_line(block: str) -> None:
    with pytest.raises(ParseError, match="TOML") as caught:
        frontmatter.split(f"+++\n{block}\n+++\n")
    assert caught.value.line == 3


def test_json_values_are_text() -> None:
    front = frontmatter.split('{"title": "x",\n "n": 1.50, "on": true, "none": null,\n "tags": ["a", 2]}\n\nText')
    assert front.kind == "JSON"
    assert front.values == {"title": "x", "n": "1.50", "on": "true", "none": "", "tags": ["a", "2"]}
    assert (front.lines["title"], front.lines["tags"]) == (1, 3)
    assert front.body.strip() == "Text"


def test_broken_json_names_the_line() -> None:
    with pytest.raises(ParseError, match="JSON") as caught:
        frontmatter.split('\n{"title": "x",\n "n": }\n')
    assert caught.value.line == 3


@pytest.mark.parametrize("text", ["{{< figure >}}\n", "{: .lead}\n", "{% raw %}\n", "{a set, of things}\n"])
def test_other_braces_are_no_json(text: str) -> None:
    assert frontmatter.split(text).kind == ""


def test_plain_lines() -> None:
    front = frontmatter.split("Title: A: b\nTags: x, y\nSummary: One\n    two\nEmpty:\n\nText: here\n")
    assert front.kind == "lines"
    assert front.values == {"Title": "A: b", "Tags": "x, y", "Summary": "One two", "Empty": ""}
    assert front.lines["Summary"] == 3
    assert (front.body, front.body_line) == ("Text: here\n", 7)


@pytest.mark.parametrize(
    "text", ["Note: a text\n\nmore", "Title: x\nand then a text\n", "A word: b\n\nmore", "Date: x\n\ny"]
)
def test_a_text_with_colons_is_a_text(text: str) -> None:
    assert frontmatter.split(text).kind == ""


@pytest.mark.parametrize(
    "text",
    [
        "---\n" + "a: b\n" * 20_000 + "---\n",
        "+++\n" + "a = 1\n" * 20_000 + "+++\n",
        '{"a": "' + "x" * 70_000 + '"}\n',
        "+++\nb = 1\na" + ".a" * 2_500 + " = 1\n+++\n",
        "---\ntitle: " + "é" * 40_000 + "\n---\n",
    ],
)
def test_the_size_is_bounded(text: str) -> None:
    with pytest.raises(TooLarge) as caught:
        frontmatter.split(text)
    assert caught.value.line >= 1


@pytest.mark.parametrize(
    "line", ["a" + ".a" * 32_000 + " = 1", '"=\\"" ' + ". a" * 20_000 + " = 1", "[a" + ".'b'" * 16_000 + "]",
             "a = {a" + ".a" * 32_000 + " = 1}"]
)  # fmt: skip
def test_a_key_of_many_parts_is_refused_before_it_is_read(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tomllib, "loads", lambda *_, **__: pytest.fail("that takes the square of the parts"))
    with pytest.raises(TooLarge, match="deeper") as caught:
        frontmatter.split(f"+++\nb = 1\n{line}\n+++\n")
    assert caught.value.line == 3


def test_a_value_may_have_many_dots() -> None:
    assert frontmatter.split('+++\na = "' + "so ... " * 500 + '"\n+++\n').values["a"].startswith("so ...")


@pytest.mark.parametrize("text", ["+++\na = " + "[" * 30_000 + "\n+++\n", '{"a": ' + "[" * 30_000])
def test_depth_is_refused(text: str) -> None:
    with pytest.raises(ContentError, match="deep"):
        frontmatter.split(text)


@settings(max_examples=100)
@given(st.dictionaries(st.text(min_size=1, max_size=10), st.text(max_size=20), min_size=1, max_size=4))
def test_any_json_object_of_text_comes_back(mapping: dict[str, str]) -> None:
    front = frontmatter.split(json.dumps({"title": "x"} | mapping) + "\nText")
    assert front.values == {"title": "x"} | mapping
    assert front.body == "\nText"


@settings(max_examples=150)
@given(st.text(alphabet="-+{}\n:=\"'ab #[]Title\t ", max_size=60))
def test_any_text_is_parted_or_refused(text: str) -> None:
    try:
        front = frontmatter.split(text)
    except ContentError as error:
        line = error.line
    else:
        line = front.body_line
        assert text.endswith(front.body)
    assert line >= 1
