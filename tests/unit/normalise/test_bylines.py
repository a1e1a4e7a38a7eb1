"""Who wrote it: the line as printed, and the people in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.formats.base import RawAuthor
from feedsvc.model import Author
from feedsvc.normalise.bylines import byline_of


def names(byline: str) -> list[str]:
    return [author.name for author in byline_of(byline, ())[1]]


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("BY JANE DOE", ["JANE DOE"]),
        ("by: Jane Doe", ["Jane Doe"]),
        ("Jane Doe", ["Jane Doe"]),
        ("By X and Y", ["X", "Y"]),
        ("By Jane Doe, John Roe and Ann Poe", ["Jane Doe", "John Roe", "Ann Poe"]),
        ("BY JANE DOE AND JOHN ROE", ["JANE DOE", "JOHN ROE"]),
        ("By Jane Doe & John Roe", ["Jane Doe", "John Roe"]),
        ("Jane Doe; John Roe", ["Jane Doe", "John Roe"]),
        ("By Jane Doe with John Roe", ["Jane Doe", "John Roe"]),
        ("Von Anne Baum, dpa", ["Anne Baum"]),
        ("By Jane Doe, Press Association", ["Jane Doe"]),
        ("By Jane Doe, Ani and Sana", ["Jane Doe", "Ani", "Sana"]),
        ("By The Associated Press", ["The Associated Press"]),
        ("Von Anne Baum und Jörg Ast", ["Anne Baum", "Jörg Ast"]),
        ("Par Jeanne Arbre et Paul Pré", ["Jeanne Arbre", "Paul Pré"]),
        ("Por Ana Mar y José Sol", ["Ana Mar", "José Sol"]),
        ("Door Jan Zee en Piet Meer", ["Jan Zee", "Piet Meer"]),
        ("Przez Jana Morze", ["Jana Morze"]),
        ("От Анны Море", ["Анны Море"]),
        ("بقلم ليلى بحر", ["ليلى بحر"]),
        ("ليلى بحر، سمير نهر", ["ليلى بحر", "سمير نهر"]),
    ],
)
def test_names_are_found_in_many_languages(byline: str, people: list[str]) -> None:
    assert names(byline) == people


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("By CHARLES ODUM, AP Sports Writer", ["CHARLES ODUM"]),
        ("Jane Doe, Senior Correspondent, and John Roe, Chief Reporter", ["Jane Doe", "John Roe"]),
        ("Jane Doe, Reuters", ["Jane Doe"]),
        ("Jane Doe, AFP", ["Jane Doe"]),
        ("Staff Correspondent", ["Staff Correspondent"]),
        ("By our staff reporter", ["our staff reporter"]),
        ("Redakteurin Anne Baum", ["Redakteurin Anne Baum"]),
    ],
)
def test_roles_behind_a_name_are_left_out_and_a_role_alone_is_a_byline(byline: str, people: list[str]) -> None:
    assert names(byline) == people


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("John E Smith", ["John E Smith"]),
        ("Harry Y Stone and Eva E Reed", ["Harry Y Stone", "Eva E Reed"]),
        ("Jane Doe, Pa Waves", ["Jane Doe", "Pa Waves"]),
        ("Byron Sands", ["Byron Sands"]),
        ("Parker Andrews", ["Parker Andrews"]),
        ("Andy Sandoval", ["Andy Sandoval"]),
    ],
)
def test_letters_of_a_name_are_no_conjunction_and_no_role(byline: str, people: list[str]) -> None:
    assert names(byline) == people


@pytest.mark.parametrize(
    ("byline", "line", "people"),
    [
        ("By Jane Doe (in Kyiv, for AFP)", "By Jane Doe (in Kyiv, for AFP)", ["Jane Doe (in Kyiv, for AFP)"]),
        ("Jane Doe (AP), John Roe", "Jane Doe (AP), John Roe", ["Jane Doe (AP)", "John Roe"]),
        ("Jane Doe (jane@news.example.org)", "Jane Doe", ["Jane Doe"]),
        ("Jane Doe <jane.doe+x@news.example.org>", "Jane Doe", ["Jane Doe"]),
        ("By Jane Doe, jane@news.example.org", "By Jane Doe", ["Jane Doe"]),
        ("jane@news.example.org", "", []),
    ],
)
def test_addresses_are_left_out_and_parentheses_stay_balanced(byline: str, line: str, people: list[str]) -> None:
    printed, authors = byline_of(byline, ())
    assert printed == line
    assert [author.name for author in authors] == people
    assert all(author.name.count("(") == author.name.count(")") for author in authors)


def test_markup_is_taken_out_and_literal_text_stays() -> None:
    assert byline_of("By <b>Jane</b> O&#39;Doe", ())[0] == "By Jane O'Doe"
    assert byline_of("By Jane <i>", (), literal=True)[0] == "By Jane <i>"


def test_authors_that_are_named_apart_go_before_the_line() -> None:
    line, people = byline_of("Our desk", [RawAuthor(name="Jane Doe"), RawAuthor(name="John Roe")])
    assert line == "Our desk"
    assert [author.name for author in people] == ["Jane Doe", "John Roe"]


def test_a_line_is_made_of_authors_in_their_order() -> None:
    line, people = byline_of("", [RawAuthor(name="Zoe"), RawAuthor(name="Ann"), RawAuthor(name="Zoe")])
    assert line == "Zoe, Ann"
    assert [author.name for author in people] == ["Zoe", "Ann"]


def test_an_author_may_be_several_an_id_or_nothing() -> None:
    authors = [
        RawAuthor(name="Jane Doe and John Roe"),
        RawAuthor(name="mbland"),
        RawAuthor(name=" - "),
        RawAuthor(name=""),
    ]
    assert [author.name for author in byline_of("", authors)[1]] == ["Jane Doe", "John Roe", "mbland"]


def test_the_page_of_an_author_stays_with_one_name() -> None:
    page = "https://news.example.org/jane"
    one = RawAuthor(name="Jane Doe", uri=page)
    both = RawAuthor(name="John Roe and Ann Poe", uri=page)
    script = RawAuthor(name="Eve", uri="javascript:alert(1)")
    assert byline_of("", [one, both, script])[1] == (
        Author(name="Jane Doe", uri=page),
        Author(name="John Roe"),
        Author(name="Ann Poe"),
        Author(name="Eve"),
    )


@given(st.text(st.sampled_from("Jane Doe,;&()<>@.and By\n"), max_size=80))
def test_any_line_gives_clean_names_once_each(byline: str) -> None:
    people = byline_of(byline, ())[1]
    found = [author.name.casefold() for author in people]
    assert len(found) == len(set(found))
    assert all(name == name.strip() and name for name in found)


@pytest.mark.parametrize("written", ["a" * 10**6, "a@" * 10**5, "(" * 10**6, "Jane, " * 10**5, "a.b-" * 10**5])
def test_long_lines_are_cut(written: str) -> None:
    line, people = byline_of(written, [RawAuthor(name=written)])
    assert len(line) <= 300
    assert len(people) <= 20
    assert all(len(author.name) <= 100 for author in people)
