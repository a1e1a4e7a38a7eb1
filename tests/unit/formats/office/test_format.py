"""Word documents: what is taken of them, what never leaks, what is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

import pytest
from unit.formats.office.words import MAIN, docx, par, picture, run
from unit.ingest.test_media import png

from feedsvc.errors import ContentError, NotAnArticle, ParseError, TooLarge
from feedsvc.formats.base import Format, RawItem
from feedsvc.formats.office.format import Docx
from feedsvc.formats.registry import formats

FMT = Docx()
PATH = PurePosixPath("town/x.docx")
TEXT = "The harbour froze over on Sunday night."
VANISH = "<w:vanish/>"


def read(data: bytes) -> RawItem:
    (item,) = FMT.parse(data, PATH)
    return item


def test_it_is_a_format_and_is_chosen() -> None:
    assert isinstance(FMT, Format)
    assert formats().choose(docx(par(TEXT)), PATH).name == "Word document"


def test_paragraphs_with_styles_become_fields() -> None:
    names = {"T": "Title", "S": "Subtitle", "B": "Byline", "D": "Date", "L": "Dateline"}
    item = read(
        docx(
            par("Ice & snow", style="T"),
            par("For the first time", style="S"),
            par("By Nell Harker", style="B"),
            par("22 November 2026", style="D"),
            par("Wrenmouth", style="L"),
            par(TEXT),
            styles=names,
            core="<dc:creator>Somebody Else</dc:creator>",
        )
    )
    assert (item.title, item.standfirst, item.byline) == ("Ice &amp; snow", "For the first time", "By Nell Harker")
    assert (item.published, item.dateline, item.authors) == ("22 November 2026", "Wrenmouth", ())
    assert item.body == f"<p>{TEXT}</p>"


@pytest.mark.parametrize(
    ("body", "core", "title", "left"),
    [
        ((par("A heading", style="Heading1"), par(TEXT)), "<dc:title>Property</dc:title>", "A heading", f"<p>{TEXT}</p>"),
        ((par(TEXT), par("A heading", style="Heading1")), "<dc:title>Property</dc:title>", "Property",
         f"<p>{TEXT}</p><h1>A heading</h1>"),
        ((par("Harbour frozen"), par(TEXT)), "<dc:title>Document1</dc:title>", "Harbour frozen", f"<p>{TEXT}</p>"),
        ((par("Harbour frozen"), par(TEXT)), "<dc:title>Microsoft Word - x.docx</dc:title>", "Harbour frozen", f"<p>{TEXT}</p>"),
        ((par(TEXT), par("More.")), "", "", f"<p>{TEXT}</p><p>More.</p>"),
        ((par("Property"), par(TEXT)), "<dc:title>Property</dc:title>", "Property", f"<p>{TEXT}</p>"),
    ],
)  # fmt: skip
def test_the_title(body: tuple[str, ...], core: str, title: str, left: str) -> None:
    item = read(docx(*body, core=core))
    assert (item.title, item.body) == (title, left)


def test_properties_of_the_document() -> None:
    item = read(
        docx(
            par(TEXT),
            core="<dc:creator>Nell Harker;Joss Okafor</dc:creator><cp:lastModifiedBy>Boss</cp:lastModifiedBy>"
            "<cp:keywords>ice; ferry, tide</cp:keywords><cp:category>Town/Harbour</cp:category>"
            "<dc:language>en-GB</dc:language><dc:description>for the desk only</dc:description>"
            "<cp:contentStatus>Draft</cp:contentStatus>",
        )
    )
    assert [author.name for author in item.authors] == ["Nell Harker", "Joss Okafor"]
    assert [tag.term for tag in item.categories] == ["ice", "ferry", "tide"]
    assert (item.sections, item.language, item.status) == (("Town/Harbour",), "en-GB", "draft")
    assert (item.published, item.updated) == ("", ""), "when a document was made is no date of publication"
    assert "desk only" not in repr(item)
    assert "Boss" not in repr(item)


@pytest.mark.parametrize("name", ["Microsoft Office User", "Administrator", "python-docx", "user1", ""])
def test_names_of_programs_are_no_authors(name: str) -> None:
    assert read(docx(par(TEXT), core=f"<dc:creator>{name}</dc:creator>")).authors == ()


def test_links_tables_and_emphasis() -> None:
    link = f'<w:hyperlink r:id="link">{run("there")}</w:hyperlink>'
    table = f"<w:tbl><w:tr><w:tc>{par('Tide')}</w:tc><w:tc>{par('3 m')}</w:tc></w:tr></w:tbl>"
    body = read(docx(par("Ice"), par(TEXT, inner=run("bold", "<w:b/>") + link), table)).body
    assert "<strong>bold</strong>" in body
    assert '<a href="https://else.example/a?b=1">there</a>' in body
    assert "<td><p>Tide</p></td><td><p>3 m</p></td>" in body


@pytest.mark.parametrize(
    "inner",
    [
        run("SECRET", VANISH),
        run("SECRET", '<w:vanish w:val="1"/>'),
        run("SECRET", "<w:specVanish/>"),
        run("SECRET", '<w:rStyle w:val="Chidden"/>'),
        f"<w:del>{run('SECRET')}</w:del>",
        "<w:del><w:r><w:delText>SECRET</w:delText></w:r></w:del>",
        f"<w:moveFrom>{run('SECRET')}</w:moveFrom>",
        f"<w:ins>{run('SECRET', VANISH)}</w:ins>",
        f'<w:hyperlink r:id="link">{run("SECRET", VANISH)}</w:hyperlink>',
        "<w:r><w:instrText>SECRET</w:instrText></w:r>",
        '<w:commentRangeStart w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>',
    ],
)
def test_what_is_hidden_deleted_or_noted_never_leaks(inner: str) -> None:
    comments = f'<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:comment w:id="0">{par("SECRET")}</w:comment></w:comments>'
    data = docx(
        par(TEXT, inner=inner),
        par("SECRET", style="Phidden"),
        styles={"Chidden": "Hidden", "Phidden": "Note"},
        hidden=("Chidden", "Phidden"),
        parts={"word/comments.xml": comments.encode()},
    )
    item = read(data)
    assert "SECRET" not in repr(item)
    assert TEXT in item.body


def test_what_is_not_hidden_stays() -> None:
    body = read(docx(par(TEXT, inner=run("Seen", '<w:vanish w:val="0"/>') + f"<w:ins>{run('Added')}</w:ins>"))).body
    assert "Seen" in body
    assert "Added" in body


def test_pictures_are_attached_with_their_words() -> None:
    held = {"p1": ("a.png", png(30, 20)), "p2": ("b.emf", b"\x01\0\0\0"), "p3": ("c.png", png(5, 5))}
    item = read(docx(par("Harbour frozen"), par(TEXT), picture("p1", "The quay"), picture("p2"), pictures=held))
    assert [one.address for one in item.attached] == ["attached:1"]
    assert item.attached[0].data == png(30, 20)
    assert 'alt="The quay"' in item.body
    assert "left out" in item.notes[0]


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("x.docm", docx(par(TEXT), kind="application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
        ("x.dotx", docx(par(TEXT), kind=MAIN.replace("document.main", "template.main")), "template"),
        (
            "x.xlsx",
            docx(par(TEXT), kind="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
            "spreadsheet",
        ),
        ("x.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"\.doc\)"),
        ("x.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("x.zip", b"PK\x05\x06" + b"\0" * 18, "unpack"),
        ("x.docx", docx(par(TEXT))[:700], "ZIP archive"),
    ],
)
def test_other_documents_are_refused_with_what_to_do(name: str, data: bytes, word: str) -> None:
    with pytest.raises(NotAnArticle, match=word):
        formats().choose(data, PurePosixPath(name))


@pytest.mark.parametrize(
    ("member", "content", "word"),
    [
        ("mimetype", b"application/vnd.oasis.opendocument.text", r"\.odt"),
        ("Index/Document.iwa", b"x", "Pages"),
        ("ferry.md", b"x", "unpack"),
    ],
)
def test_other_archives_are_named(member: str, content: bytes, word: str) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(member, content)
    with pytest.raises(NotAnArticle, match=word):
        formats().choose(held.getvalue(), PurePosixPath("x.zip"))


def test_a_document_without_text_is_refused() -> None:
    with pytest.raises(NotAnArticle):
        read(docx(par(), par()))


DOCTYPE = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"word/document.xml": b"<w"}, ParseError),
        ({"word/document.xml": DOCTYPE + b"<w>&b;</w>"}, ParseError),
        ({"word/styles.xml": DOCTYPE + b"<w/>"}, ParseError),
        ({"word/media/x.bin": b"\0" * 125_000_000}, TooLarge),
        ({f"word/x{n}.bin": b"" for n in range(3_100)}, TooLarge),
        ({"word/footnotes.xml": b"<w>" + b" " * 31_000_000 + b"</w>"}, TooLarge),
        ({"word/document.xml": b"<w>" + b"<a>" * 400 + b"</a>" * 400 + b"</w>"}, ContentError),
        ({"word/document.xml": b"<w>" + b"<a/>" * 700_000 + b"</w>"}, TooLarge),
    ],
    ids=["broken", "entities", "entities in styles", "bomb", "many", "large part", "deep", "elements"],
)
def test_bombs_and_broken_documents_are_refused(parts: dict[str, bytes], kind: type[ContentError]) -> None:
    with pytest.raises(kind):
        read(docx(par(TEXT), parts=parts))


def test_nothing_outside_the_document_is_read() -> None:
    relation = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="p1" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" TargetMode="External" '
        b'Target="file:///etc/hostname"/></Relationships>'
    )
    shown = picture("p1").replace("r:embed", "r:link")
    data = docx(par(TEXT), shown, parts={"word/_rels/document.xml.rels": relation})
    try:
        item = read(data)
    except ParseError:
        return
    assert item.attached == ()


def test_an_embargo_above_or_below_the_title_counts() -> None:
    line = par("EMBARGOED UNTIL 00:01 4 December 2026")
    for body in ((line, par("Harbour frozen"), par(TEXT)), (par("Harbour frozen"), line, par(TEXT))):
        item = read(docx(*body))
        assert (item.embargo, item.title) == ("00:01 4 December 2026", "Harbour frozen")
        assert item.body == f"<p>{TEXT}</p>"


def test_a_day_alone_below_the_byline_is_that_of_publication() -> None:
    item = read(docx(par("Harbour frozen"), par("By Nell Harker"), par("22 November 2026"), par(TEXT)))
    assert item.published == "22 November 2026"
    assert item.body == f"<p>By Nell Harker</p><p>{TEXT}</p>"
    assert not read(docx(par("Harbour frozen"), par(f"On 22 November 2026 {TEXT}"))).published


def test_labels_at_the_top_are_fields() -> None:
    item = read(docx(par("Headline: Ice & snow"), par("By: Nell Harker"), par("Section: Town"), par(""), par(TEXT)))
    assert (item.title, item.sections, item.body) == ("Ice &amp; snow", ("Town",), f"<p>{TEXT}</p>")
    assert item.byline == "Nell Harker"
    item = read(docx(par("Harbour frozen"), par("Section: Town"), par(TEXT)))
    assert (item.title, item.sections, item.body) == ("Harbour frozen", ("Town",), f"<p>{TEXT}</p>")
    item = read(docx(par("Title: a word"), par(TEXT)))
    assert item.title == "Title: a word"


def test_a_link_that_is_a_field_is_a_link() -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = '<w:r><w:instrText xml:space="preserve"> HYPERLINK "https://else.example/a" </w:instrText></w:r>'
    inner = mark.format("begin") + code + mark.format("separate") + run("there") + mark.format("end")
    assert '<a href="https://else.example/a">there</a>' in read(docx(par("Harbour"), par(TEXT), par(inner=inner))).body


def test_a_quotation_is_one() -> None:
    item = read(docx(par("Harbour"), par(TEXT), par("It was cold.", style="Q"), styles={"Q": "Intense Quote"}))
    assert item.body == f"<p>{TEXT}</p><blockquote><p>It was cold.</p></blockquote>"


def test_a_large_initial_belongs_to_its_word() -> None:
    frame = '<w:pPr><w:framePr w:dropCap="drop" w:lines="3"/></w:pPr>'
    body = docx(par("Harbour", style="Title"), par(inner=frame + run(TEXT[:1])), par(TEXT[1:]))
    assert read(body).body == f"<p>{TEXT}</p>"
    last = docx(par("Harbour", style="Title"), par(TEXT), par(inner=frame + run("I")))
    assert read(last).body == f"<p>{TEXT}</p><p>I</p>"


@pytest.mark.parametrize("style", ["Title", "Heading1", ""])
def test_the_mark_of_a_note_is_no_part_of_a_title(style: str) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = f'<w:footnotes {space}><w:footnote w:id="2">{par("Since 1986.")}</w:footnote></w:footnotes>'
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    item = read(
        docx(par("Harbour frozen", style=style, inner=mark), par(TEXT), parts={"word/footnotes.xml": notes.encode()})
    )
    assert item.title == "Harbour frozen"
    assert "Since 1986" in item.body
