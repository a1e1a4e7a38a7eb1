"""WordPress exports: which entries are articles, and what is taken of them."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest
from effort import at_most
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.formats.wordpress.export import SITE, attachment, category, export, item, meta, paper

from feedsvc.errors import NotAnArticle, ParseError
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.registry import formats
from feedsvc.formats.wordpress.format import WordPress, entries, read_site
from feedsvc.formats.wordpress.site import fate
from feedsvc.formats.wordpress.text import Attachment, paragraphs, shown

FMT = WordPress()
PATH = PurePosixPath("x.xml")


def read(*items: str) -> list[RawItem]:
    return list(FMT.parse(export(items), PATH))


def one(*others: str, **fields: str) -> RawItem:
    (found,) = read(item(1, **fields), *others)
    return found


def body(content: str, **library: Attachment) -> str:
    return shown(content, attachments={name.strip("n"): one for name, one in library.items()}, reusable={}).html


def test_it_is_a_format_and_is_chosen() -> None:
    assert isinstance(FMT, Format)
    assert formats().choose(export([item(1)]), PATH).name == "WordPress export"
    assert not FMT.recognises(b'<rss version="2.0"><channel/></rss>', PATH)


def test_an_entry_in_the_light_of_its_site() -> None:
    found = one(
        attachment(900, "2019/03/quay.png", alt="The quay", caption="At dusk"),
        title="Ice &amp; <em>snow</em>",
        excerpt="In short.",
        terms=category("Town", "town") + category("Harbour", "harbour") + category("Ice", "ice", "post_tag")
        + category("Aside", "post-format-aside", "post_format"),
        extra=meta(_thumbnail_id="900", enclosure="https://cdn.example/a.mp3\n1234\naudio/mpeg"),
        modified="2020-01-01 00:00:00",
    )  # fmt: skip
    assert found.id == f"{SITE}/?p=1"
    assert found.link == f"{SITE}/2019/03/entry-1/"
    assert found.title == "Ice &amp; <em>snow</em>"
    assert found.sections == ("Town/Harbour",)
    assert [tag.term for tag in found.categories] == ["Ice"]
    assert [author.name for author in found.authors] == ["Nell Harker"]
    assert (found.published, found.updated) == ("2019-03-04T11:40:31Z", "2020-01-01T00:00:00Z")
    assert (found.summary, found.language, found.slug) == ("In short.", "en-GB", "entry-1")
    assert found.media[0].url == f"{SITE}/wp-content/uploads/2019/03/quay.png"
    assert (found.media[0].alt, found.media[0].caption) == ("The quay", "At dusk")
    assert (found.media[1].url, found.media[1].length, found.media[1].type) == (
        "https://cdn.example/a.mp3",
        1234,
        "audio/mpeg",
    )
    assert "COMMENT" not in repr(found)
    assert "nell@" not in repr(found)


@pytest.mark.parametrize(
    ("terms", "extra", "sections"),
    [
        ("", "", ()),
        (category("Uncategorized", "uncategorized"), "", ()),
        (category("Arts / Books", "arts"), "", ("Arts-Books",)),
        (category("Loop", "loop"), "", ("Loop",)),
        (category("Unknown", "unknown"), "", ("Unknown",)),
        (category("Arts", "arts") + category("Harbour", "harbour"), meta(_yoast_wpseo_primary_category="11"),
         ("Town/Harbour", "Arts")),
    ],
)  # fmt: skip
def test_categories_become_sections(terms: str, extra: str, sections: tuple[str, ...]) -> None:
    assert one(terms=terms, extra=extra).sections == sections


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ({"gmt": "0000-00-00 00:00:00"}, "2019-03-04T12:40:31"),
        ({"gmt": "0000-00-00 00:00:00", "local": "0000-00-00 00:00:00"}, "Mon, 04 Mar 2019 11:40:31 +0000"),
        ({"gmt": "", "local": "", "pub": "Wed, 30 Nov -0001 00:00:00 +0000"}, ""),
    ],
)
def test_zeros_are_no_date(fields: dict[str, str], published: str) -> None:
    found = one(modified="0000-00-00 00:00:00", **fields)
    assert (found.published, found.updated) == (published, "")


def test_a_scheduled_entry_is_embargoed() -> None:
    found = one(status="future", gmt="2040-01-01 09:00:00")
    assert (found.status, found.embargo, found.published) == ("", "2040-01-01T09:00:00Z", "2040-01-01T09:00:00Z")


def test_several_authors() -> None:
    found = one(terms=category("joss", "cap-joss", "author") + category("A Guest", "cap-guest", "author"))
    assert [author.name for author in found.authors] == ["Joss Okafor", "A Guest"]


@pytest.mark.parametrize("status", ["draft", "pending", "private"])
def test_what_is_not_public_is_withheld(status: str) -> None:
    assert one(status=status).status in ("draft", "withheld")
    assert one(password="ice").status == "withheld"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"kind": "page"}, "page"), ({"kind": "revision", "status": "inherit"}, "revision"), ({"status": "trash"}, "trash"),
        ({"kind": "nav_menu_item"}, "nav_menu_item"), ({"status": "auto-draft"}, "auto-draft"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_passed_over(fields: dict[str, str], why: str, tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_bytes(export([item(2, **fields)]))
    assert [fate(entry) for entry in entries([tmp_path / "x.xml"])] == [why]
    with pytest.raises(NotAnArticle):
        read(item(2, **fields))
    assert len(read(item(1), item(2, **fields))) == 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("One.\n\nTwo\nlines.", "<p>One.</p>\n<p>Two<br>\nlines.</p>"),
        ("One.\r\n\r\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("<p>Given.</p>\n\n<p>Again.</p>", "<p>Given.</p>\n\n<p>Again.</p>"),
        ("A\n<ul>\n<li>one</li>\n</ul>\nB", "<p>A</p>\n<ul>\n<li>one</li>\n</ul><p>B</p>"),
        ("<blockquote>One.\n\nTwo.</blockquote>", "<blockquote><p>One.</p>\n<p>Two.</p>\n</blockquote>"),
        ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
        ("Before<!--more-->\n\nafter", "<p>Before</p>\n<p>after</p>"),
        ("<!-- wp:paragraph -->\n<p>One.</p>\n<!-- /wp:paragraph -->", "<p>One.</p>"),
        ("Look [sic] and [1] and [[gallery]].", "<p>Look [sic] and [1] and [gallery].</p>"),
        ('[vc_row a="1"]In.[/vc_row]', "<p>In.</p>"),
        ("https://film.example/1", '<p><a href="https://film.example/1">https://film.example/1</a></p>'),
        ("[embed]https://film.example/1[/embed]", '<p><a href="https://film.example/1">https://film.example/1</a></p>'),
        ('[audio mp3="https://a.example/a.mp3"][/audio]', '<figure><audio src="https://a.example/a.mp3"></audio></figure>'),
        ('[caption width="3"]<img src="a.png"> Words[/caption]',
         '<figure><img src="a.png"><figcaption>Words</figcaption></figure>'),
        ('[gallery ids="1,9"]', '<figure><img src="https://x.example/1.png" alt="One"></figure>'),
        ("", ""),
    ],
)  # fmt: skip
def test_text(content: str, expected: str) -> None:
    assert body(content, n1=Attachment(url="https://x.example/1.png", alt="One")).strip() == expected


def test_shared_blocks_are_filled_in_and_others_named() -> None:
    found = shown(
        '<!-- wp:block {"ref":5} /-->\n<!-- wp:latest-posts /-->', attachments={}, reusable={"5": "<p>Shared.</p>"}
    )
    assert "<p>Shared.</p>" in found.html
    assert found.unknown == ("block latest-posts",)


@pytest.mark.parametrize(
    ("shortcode", "names"),
    [
        ("[gallery]", ["b", "a", "c"]),
        ('[gallery columns="2" exclude="12"]', ["b", "c"]),
        ('[gallery ids="12"]', ["a"]),
        ('[gallery id="77"]', []),
    ],
)
def test_a_gallery_that_names_no_picture_shows_those_of_its_entry(shortcode: str, names: list[str]) -> None:
    data = export([
        item(1, content=f"Look.\n\n{shortcode}"),
        attachment(11, "b.png", parent=1), attachment(12, "a.png", parent=1, order=1),
        attachment(13, "c.png", parent=1, order=1), attachment(14, "talk.mp3", parent=1), attachment(15, "d.png", parent=2),
    ])  # fmt: skip
    (found,) = FMT.parse(data, PATH)
    assert re.findall(r"uploads/(\w+)\.png", found.body) == names


def test_a_large_export_is_read_entry_by_entry(tmp_path: Path) -> None:
    path = tmp_path / "paper.xml"
    path.write_bytes(paper(300).replace(b"The harbour froze", b"The \x0b\x1fharbour froze"))
    site, count = read_site([path])
    public = [entry for entry in (fate(entry) for entry in entries([path])) if not entry]
    assert len(public) == 300
    assert count > 300
    assert site.authors == {"nharker": "Nell Harker", "joss": "Joss Okafor"}
    dropped = {raw.id: raw for raw in FMT.parse(path.read_bytes(), PATH) if not raw.status}
    assert {site.article(entry).id for entry in entries([path]) if not fate(entry)} == set(dropped)


@pytest.mark.parametrize(
    "data",
    [
        b"<rss><channel/></rss>",
        b"x",
        b"",
        export([item(1)])[:-40],
        export([item(1)]).replace(b"<rss", b'<!DOCTYPE rss [<!ENTITY a "b">]><rss'),
        export([item(1)]).replace(b"froze", b"\xff\xfe"),
    ],
)
def test_what_is_no_export_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_bytes(data)
    with pytest.raises(ParseError):
        list(entries([path]))


@pytest.mark.parametrize(
    "text",
    ["[a" * 50_000, "[caption]" * 5_000, "[a b=" * 20_000, "<div>" * 20_000, "<!-- wp:x " * 20_000, "</p>" * 50_000,
     "<pre>" * 10_000, "[" * 100_000, "<ul><p>" * 10_000 + "</ul>" * 10_000, "\n \n" * 50_000, "https://a" * 20_000,
     "[gallery ids=\"" + "1," * 50_000 + '"]', "[caption]<img " * 5_000],
    ids=range(13),
)  # fmt: skip
def test_hostile_text_takes_no_time(text: str) -> None:
    with at_most(5):
        body(text)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(["a", "\n\n", "\n", "<ul>", "</ul>", "<li>", "<p>", "</p>", "<blockquote>", "</blockquote>",
                                 "[caption]", "[/caption]", "<pre>", "</pre>", "<!-- wp:x -->", "[x y=1]", "[/x]"])))  # fmt: skip
def test_no_word_is_lost(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert paragraphs(text).count("a") == text.count("a")
    body(text)


def test_what_a_podcast_plug_in_keeps_of_an_enclosure() -> None:
    kept = 'https://cdn.example/a.mp3\n1234\naudio/mpeg\na:1:{s:8:"duration";s:7:"0:30:01";}'
    (medium,) = one(extra=meta(enclosure=kept)).media
    assert (medium.url, medium.length, medium.type, medium.duration) == (
        "https://cdn.example/a.mp3",
        1234,
        "audio/mpeg",
        1801,
    )


def test_a_file_is_linked_once() -> None:
    link = '<a href="https://old.example/a.pdf">Report</a>'
    button = '<a href="https://old.example/a.pdf" class="wp-block-file__button wp-element-button" download>Download</a>'
    found = one(content=f'<!-- wp:file {{"id":5}} --><div class="wp-block-file">{link}{button}</div><!-- /wp:file -->')
    assert found.body == f'<div class="wp-block-file">{link}</div>'
