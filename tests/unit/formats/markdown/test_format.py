from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ContentError, NotAnArticle, ParseError, TooLarge
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.markdown.format import Markdown

SAMPLES = Path(__file__).parents[5] / "shared" / "samples"


def parse(text: str | bytes, path: str = "local/2026-01-05-x.md") -> RawItem:
    content = text.encode() if isinstance(text, str) else text
    (item,) = Markdown().parse(content, PurePosixPath(path))
    return item


def test_the_contract() -> None:
    assert isinstance(Markdown(), Format)
    assert Markdown().name == "Markdown"
    assert Markdown().suffixes == {".md", ".markdown", ".mdown", ".mkd"}


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (b"---\ntitle: x\n---\ntext", "a.txt"),
        (b"\xef\xbb\xbf---\r\ntitle: x\r\n---\r\n", "a"),
        (b'+++\ntitle = "x"\n+++\n', "a.html"),
        ("---\ntitle: ü\n---\n".encode("utf-16"), "a.txt"),
        (b"---\ntitle: caf\xe9\n---\n", "a.txt"),
        (b"Plain words", "a.MD"),
        (b"", "a.markdown"),
    ],
)
def test_recognised(content: bytes, path: str) -> None:
    assert Markdown().recognises(content, PurePosixPath(path))


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (b"Plain words", "a.txt"),
        (b"# Heading", "a.txt"),
        (b"---\n\nA rule", "a.txt"),
        (b'{"title": "x"}', "a.json"),
        (b"<!DOCTYPE html><html>", "a.md"),
        (b" <html lang='en'>", "a.md"),
        (b"\x00\xff" * 5_000, "a.bin"),
    ],
)
def test_not_recognised(content: bytes, path: str) -> None:
    assert not Markdown().recognises(content, PurePosixPath(path))


@pytest.mark.parametrize("path", ["news/_index.md", "_index.pt.md"])
def test_section_pages_are_refused(path: str) -> None:
    with pytest.raises(NotAnArticle, match="section page"):
        parse("---\ntitle: News\n---\nAll our news.", path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n\n",
        "---\ntitle: 2025\nweight: 3\n---\n",
        "# Only a heading\n",
        "---\ntitle: x\n---\n<!-- nothing -->\n",
        "---\n---\n",
    ],
)
def test_without_text_it_is_no_article(text: str) -> None:
    with pytest.raises(NotAnArticle, match="no article"):
        parse(text)


def test_a_withdrawal_needs_no_text() -> None:
    item = parse("---\nid: urn:x:1\nversion: 2\nstatus: cancelled\n---\n")
    assert (item.withdrawal, item.body, item.version) == (True, "", "2")


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    with pytest.raises(ParseError) as caught:
        parse(b"---\ntitle: x\n---\nline\n\x81\x8d\n")
    assert caught.value.line == 5


def test_a_guessed_encoding_is_noted() -> None:
    item = parse("---\ntitle: Café\n---\nDéjà vu".encode("cp1252"))
    assert (item.title, item.body) == ("Café", "<p>Déjà vu</p>\n")
    assert "cp1252" in item.notes[-1]


def test_a_title_of_a_heading_is_literal_and_one_of_front_matter_is_not() -> None:
    assert parse("# A < B &amp; `<c>`\n\ntext").title == "A < B & <c>"
    assert parse("# A < B\n\ntext").literal == {"title"}
    assert parse("---\ntitle: A &amp; B\n---\ntext").literal == frozenset()


def test_markdown_in_a_standfirst_is_taken_out() -> None:
    item = parse(
        "---\ntitle: x\ndeck: The **second** [bridge](/b) & `more`\nsummary: 2 * 3 = 6, snake_case_word\n---\ntext"
    )
    assert item.standfirst == "The second bridge & more"
    assert item.summary == "2 * 3 = 6, snake_case_word"
    assert item.literal == {"standfirst"}


def test_a_scraped_page() -> None:
    item = parse(
        '---\ntitle: "Bridge opens | Gazette"\nscraped_at: 2024-08-30\n---\n'
        "\nDecember 11, 2015\n\n# Bridge opens\n\nIt opened."
    )
    assert item.title == "Bridge opens"
    assert item.published == ""
    assert item.published_fallbacks == ("December 11, 2015",)
    assert item.body == "<p>It opened.</p>\n"


def test_lines_of_origins_count_the_whole_file() -> None:
    item = parse("---\ndate: 2026-01-01\n---\n\n{{< odd >}}\n\nA title\n===\n\ntext")
    assert item.origin["title"] == "first heading, line 7"
    assert item.origin["published"] == "front matter date, line 2"
    assert item.origin["body"] == "text from line 4"
    assert item.notes == ("These shortcodes cannot be shown and were taken out: odd (line 5).",)


def test_raw_html_passes_for_the_sanitiser() -> None:
    assert "<script>alert(1)</script>" in parse("# T\n\ntext <script>alert(1)</script>").body


def test_relative_addresses_stay_as_written() -> None:
    body = parse("# T\n\n[a](../b.md) ![c](img/d.png)").body
    assert 'href="../b.md"' in body
    assert 'src="img/d.png"' in body


@pytest.mark.parametrize(
    "hostile",
    [
        ">" * 5_000_000,
        "[" * 5_000_000,
        "*a" * 2_500_000,
        "a\n" * 2_500_000,
        "---\n" + "\n" * 4_000_000 + "a: b",
        "---\n" + "a: &a b\n" * 9_000 + "---\n",
        "---\ntitle: " + "[" * 60_000 + "\n---\ntext",
        "---\ntitle: x\n---\n" + "{{<" * 1_600_000,
        "Title: x\n" + " y\n" * 1_600_000,
        "+++\n" + "a = [" * 12_000 + "\n+++\ntext",
        "---\ntitle: '" + "a | " * 15_000 + "'\n---\n# " + "a | " * 1_000_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_files_are_read_or_refused_within_seconds(hostile: str) -> None:
    with at_most(8):
        try:
            parse(hostile)
        except (TooLarge, ParseError) as error:
            assert "." in str(error)  # noqa: PT017


@settings(max_examples=200)
@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                b"---\n",
                b"+++\n",
                b"title: ",
                b"x",
                b": ",
                b'"',
                b"\n",
                b"# ",
                b"{{< a >}}",
                b"{",
                b"}",
                b"\xff",
                b"\xc3\xa9",
                b"*",
                b"- ",
                b"status: killed\n",
                b"a = 1\n",
            ]
        ),
        max_size=20,
    ).map(b"".join)
)
def test_any_bytes_give_an_item_or_a_content_error(content: bytes) -> None:
    Markdown().recognises(content, PurePosixPath("a.txt"))
    try:
        items = Markdown().parse(content, PurePosixPath("a.md"))
    except ContentError as error:
        assert str(error)  # noqa: PT017
    else:
        assert len(items) == 1
        assert items[0].body or items[0].withdrawal


@settings(max_examples=100)
@given(st.text(alphabet="Tid: -ö'\"#[]{}&*!|>%@`,?", min_size=1, max_size=40).filter(lambda text: text.strip()))
def test_any_quoted_title_comes_back(title: str) -> None:
    quoted = title.replace("'", "''")
    assert parse(f"---\ntitle: '{quoted}'\ndate: 2026-01-01\n---\nThe text.").title == title.strip()


needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real samples lie beside the repository only")


def sample(name: str) -> RawItem:
    (path,) = SAMPLES.glob(f"md-*/**/{name}.md")
    (item,) = Markdown().parse(path.read_bytes(), PurePosixPath(path.relative_to(SAMPLES)))
    return item


@needs_samples
def test_every_real_file_is_read_or_is_a_section_page() -> None:
    paths = sorted(SAMPLES.glob("md-*/**/*.md"))
    assert len(paths) > 20
    for path in paths:
        content, source = path.read_bytes(), PurePosixPath(path.relative_to(SAMPLES))
        assert Markdown().recognises(content, PurePosixPath("a.txt")), source
        if path.name == "_index.md":
            with pytest.raises(NotAnArticle):
                Markdown().parse(content, source)
            continue
        (item,) = Markdown().parse(content, source)
        assert item.title or item.title_fallbacks, source
        assert item.published or item.published_fallbacks, source
        assert "{{<" not in item.body, source
        assert "{%" not in item.body, source
        assert set(item.origin) >= {"body"}, source


@needs_samples
def test_a_real_quotation_that_runs_on() -> None:
    item = sample("2015-07-15-openfec-api-update")
    assert item.title.endswith("records at your fingertips")
    assert item.media[0].alt.startswith("OpenFEC")


@needs_samples
def test_a_real_file_that_expires() -> None:
    item = sample("2013-02-21-cdcs-solve-the-outbreak-app")
    assert (item.expires, item.published) == ("2025-01-01", "2013-02-21 12:38:31 -0400")
    assert item.body.startswith("<p><img src=")


@needs_samples
def test_a_real_link_without_text() -> None:
    item = sample("2018-09-24-example")
    assert item.link.startswith("https://userresearch.blog.gov.uk/")
    assert item.standfirst.startswith("Is it a")
    assert item.body.startswith("<p><strong>Is it a")


@needs_samples
def test_a_real_draft() -> None:
    assert sample("2019-12-04-typography").status == "draft"


@needs_samples
def test_a_real_title_that_is_said_twice() -> None:
    for name in ("2025-pride", "program-management-update-2025-08"):
        assert "<h1" not in sample(name).body


@needs_samples
def test_real_linked_authors() -> None:
    item = sample("cloud-foundry")
    assert [author.uri for author in item.authors] == ["https://github.com/mkocher", "https://github.com/ctlong"]
    assert item.byline == "Matthew Kocher (VMware) and Carson Long (VMware)"


@needs_samples
def test_a_real_day_in_the_path() -> None:
    item = sample("Rust-1.93.1")
    assert (item.published, item.published_fallbacks, item.slug) == ("", ("2026-02-12",), "Rust-1.93.1")
