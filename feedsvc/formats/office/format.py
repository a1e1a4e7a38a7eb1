"""Word documents (``.docx``), as reporters and press offices write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar

from feedsvc import dates
from feedsvc.errors import NotAnArticle, ParseError, TooLarge
from feedsvc.formats.base import RawAttachment, RawAuthor, RawCategory, RawItem
from feedsvc.formats.draft import Draft
from feedsvc.formats.html import tree
from feedsvc.formats.keys.reading import read_keys
from feedsvc.formats.office.cleaning import Document
from feedsvc.formats.office.container import is_docx
from feedsvc.formats.plaintext import days, embargoes
from feedsvc.text import one_line, xml_safe

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_MEDIA = 50
_LONGEST_TITLE = 250
_STYLES = {
    # The names of Word and LibreOffice, whatever language they are shown in, and those of newsrooms' own templates.
    "title": ("Title", "Titel", "Titre", "Título", "Headline"),
    "standfirst": ("Subtitle", "Untertitel", "Sous-titre", "Subtítulo", "Standfirst", "Deck", "Lead-in", "Vorspann"),
    "byline": ("Byline", "Author", "Autor", "Auteur", "Autorenzeile"),
    "dateline": ("Dateline", "Ortsmarke"),
    "published": ("Date", "Datum"),
}
_LABELLED = re.compile(
    r"(?P<label>title|headline|date|published|byline|by|authors?|section|category|tags|keywords|standfirst|deck|summary|"
    r"embargo(?:ed)?|expires|slug|language|dateline|status|draft)\s?:\s*(?P<value>\S.{0,400})",
    re.IGNORECASE,
)
_HEAD = 4
_QUOTATIONS = ("Quote", "Intense Quote", "Block Text", "Quotations", "Block Quotation")
_STYLE_MAP = "\n".join(
    [
        *(
            f"p[style-name='{style}'] => p.feedsvc-{field}:fresh"
            for field, styles in _STYLES.items()
            for style in styles
        ),
        *(f"p[style-name='{style}'] => blockquote > p:fresh" for style in _QUOTATIONS),
    ]
)
_NO_AUTHOR = re.compile(
    r"(?:microsoft )?(?:office[ -])?(?:user|benutzer|utilisateur|admin|administrator|author|unknown|owner|default|"
    r"python-docx|libreoffice|google docs|apache poi|word|windows[ -]user|pc|laptop|\W*)\d*",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"(?:microsoft word\b.*|(?:document|dokument|doc|documento|untitled|unbenannt|title|titel|word document)"
    r"\W*\d*|.*\.docx?)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"#(?:foot|end)note-")
_DC = "{http://purl.org/dc/elements/1.1/}"
_CORE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"


class Docx:
    """A Word document. *binary*: it is asked before files that are no text are refused."""

    name = "Word document"
    suffixes = frozenset({".docx"})
    heavy: ClassVar[bool] = True
    binary: ClassVar[bool] = True

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """Whether *data* is a Word document without macros."""
        return is_docx(data)

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",  # noqa: ARG002
    ) -> Sequence[RawItem]:
        """The one article of the document. Raises NotAnArticle for one without text, TooLarge, ParseError."""
        if not is_docx(data):
            raise ParseError("this is no Word document; save the article as .docx, HTML, Markdown or text")
        try:
            document = Document(data)
            html, attached, left = _converted(document)
            return [_item(document, html, attached, left)]
        except RecursionError:
            raise TooLarge("the Word document nests its parts too deep; save the article's text alone") from None


def _converted(document: Document) -> tuple[str, list[RawAttachment], int]:
    """The document as HTML, the pictures that it shows, and how many were left out."""
    import mammoth

    attached: list[RawAttachment] = []
    left = 0

    def picture(image: Any) -> dict[str, str]:
        nonlocal left
        kind = str(image.content_type or "").lower()
        if len(attached) >= _MOST_MEDIA or not kind.startswith("image/") or "emf" in kind or "wmf" in kind:
            left += 1
            return {"src": ""}
        with image.open() as file:
            address = f"attached:{len(attached) + 1}"
            attached.append(RawAttachment(address=address, data=file.read(), name=str(image.alt_text or "")[:80]))
        return {"src": address}

    try:
        result = mammoth.convert_to_html(
            document.cleaned(),
            style_map=_STYLE_MAP,
            include_embedded_style_map=False,  # a document is not to say how it is read
            external_file_access=False,
            convert_image=mammoth.images.img_element(picture),
        )
    except (ParseError, TooLarge, RecursionError, MemoryError):
        raise
    except Exception as error:  # whatever a document that breaks its format makes the reader stumble over
        raise ParseError(f"the Word document is damaged ({type(error).__name__}: {error}); save it anew") from None
    return xml_safe(str(result.value)), attached, left


def _item(document: Document, html: str, attached: Sequence[RawAttachment], left: int) -> RawItem:
    if not html.strip():
        raise NotAnArticle("the document has no text; write a title and at least one sentence")
    draft = Draft()
    root = tree.parse(f"<html><body>{html}</body></html>").find("body")
    if root is None:
        raise NotAnArticle("the document has no text; write a title and at least one sentence")
    core = _core(document)
    embargoes.take(draft, list(root))
    _take_styled(draft, root)
    _take_labelled(draft, root, least=2)
    _take_title(draft, root, core.get("title", ""))
    _take_labelled(draft, root, least=1)
    _take_day(draft, root)
    embargoes.take(draft, list(root))
    _take_people(draft, core)
    tags = [term.strip() for term in re.split(r"[,;]", core.get("keywords", ""))]
    draft.put_all("categories", (RawCategory(term=term) for term in tags if term), "document properties")
    draft.put("sections", tuple(filter(None, [core.get("category", "")])), "document properties")
    draft.put("language", core.get("language", ""), "document properties")
    if core.get("contentStatus", "").lower() in ("draft", "entwurf", "brouillon", "borrador"):
        draft.put("status", "draft", "document properties")
    for image in [one for one in root.iter("img") if not one.get("src")]:
        tree.remove(image)
    if left:
        draft.note(f"{left} pictures of kinds that browsers do not show are left out")
    body = tree.serialise(root)
    draft.put("body", body if tree.text_of(root) or root.find(".//img") is not None else "", "document")
    shown = tuple(one for one in attached if f'"{one.address}"' in body)
    draft.put("attached", shown, "document")
    return draft.item("document")


def _take_styled(draft: Draft, root: HtmlElement) -> None:
    """Take the paragraphs whose style says what they are out of the text."""
    for element in [one for one in root.iter("p") if one.get("class", "").startswith("feedsvc-")]:
        field, said = element.get("class", "").removeprefix("feedsvc-"), _unnoted(element)
        if field == "published" and dates.parse(said) is None:
            del element.attrib["class"]
            continue
        if draft.put(field, _escaped(said), f"style {field}") or not said:
            tree.remove(element)
        else:
            del element.attrib["class"]


def _take_title(draft: Draft, root: HtmlElement, core: str) -> None:
    """The title: by its style, else the first heading above the text, else the property, else the first paragraph."""
    first = next((one for one in root if tree.text_of(one)), None)
    if first is None or "title" in draft:
        return
    said = _unnoted(first)
    if first.tag in tree.HEADINGS and len(said) <= _LONGEST_TITLE:
        draft.put("title", _escaped(said), "first heading")
        tree.remove(first)
        return
    if core and not _NO_TITLE.fullmatch(core):
        draft.put("title", _escaped(core), "document properties")
        if tree.same(said, core):
            tree.remove(first)
        return
    alone = first.tag == "p" and len(said) <= 150 and not said.rstrip("\"'”’»)").endswith((".", ":", ";", ",", "。"))
    if alone and tree.text_of(root) != tree.text_of(first) and first.find(".//img") is None:
        draft.put("title", _escaped(said), "first paragraph")
        tree.remove(first)


def _unnoted(element: HtmlElement) -> str:
    """The text of *element* without the marks of notes, which lead nowhere from a field."""
    copy = deepcopy(element)
    for mark in [one for one in copy.iter("sup") if _NOTE.match(next((a.get("href", "") for a in one.iter("a")), ""))]:
        tree.remove(mark)
    return tree.text_of(copy)


def _take_labelled(draft: Draft, root: HtmlElement, *, least: int) -> None:
    """Take ``Section: Town`` and its like off the top, where there are *least* such paragraphs."""
    found: dict[str, str] = {}
    taken: list[HtmlElement] = []
    for element in root:
        said = tree.text_of(element)
        label = _LABELLED.fullmatch(said) if element.tag == "p" else None
        if label is not None:
            found.setdefault(label["label"].lower(), label["value"])
            taken.append(element)
        elif said or element.find(".//img") is not None:
            break
    if len(found) < least:
        return
    own = read_keys(found, where="label")
    for field, where in own.origin.items():
        value = getattr(own, field)
        draft.put(field, _escaped(value) if isinstance(value, str) else value, where)
    for element in taken:
        tree.remove(element)


def _take_day(draft: Draft, root: HtmlElement) -> None:
    """The day of publication: a paragraph that says nothing else, at the top or below the byline."""
    for number, element in enumerate([one for one in root if tree.text_of(one)][:_HEAD], start=1):
        found = days.read(tree.text_of(element)) if element.tag == "p" else None
        if found is not None and found.published and not found.rest:
            draft.put("published", found.published, f"paragraph {number}")
            draft.put("updated", found.updated, f"paragraph {number}")
            tree.remove(element)
            return


def _take_people(draft: Draft, core: dict[str, str]) -> None:
    if "byline" in draft:
        return
    names = [one_line(name) for name in core.get("creator", "").split(";")]
    authors = tuple(RawAuthor(name=name) for name in names if name and not _NO_AUTHOR.fullmatch(name))
    draft.put("authors", authors, "document properties")


def _core(document: Document) -> dict[str, str]:
    """The properties that say something of the article. When it was made and saved is no date of publication."""
    root = document.tree("docProps/core.xml")
    found: dict[str, str] = {}
    for one in root if root is not None else ():
        name = str(one.tag).removeprefix(_DC).removeprefix(_CORE)
        if name in ("title", "creator", "keywords", "category", "language", "contentStatus"):
            found[name] = xml_safe(one_line(one.text or ""))[:500]
    return found


def _escaped(text: str) -> str:
    from html import escape

    return escape(text, quote=False)
