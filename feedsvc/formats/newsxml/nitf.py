"""NITF 3.x, the News Industry Text Format of the IPTC, read by local names in every generation and namespace."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from feedsvc.errors import NotAnArticle, UnknownFormat
from feedsvc.formats.base import RawCategory, RawItem
from feedsvc.formats.newsxml.draft import IPTC_SCHEMES, NewsDraft, language_of, line_of, where
from feedsvc.formats.newsxml.nitfbody import read_body
from feedsvc.formats.xmlbytes import child, children, first_name, local, parse_xml, text_of
from feedsvc.text import one_line

if TYPE_CHECKING:
    from lxml import etree

_WITHDRAWN = frozenset({"canceled", "cancelled", "killed", "withdrawn"})
_SUBJECT_CODE = re.compile(r"\d{8}")
_NUMBERED = re.compile(r"[_:.]\d{1,4}")
_PLACEHOLDER = re.compile(r"YYYY", re.IGNORECASE)


class Nitf:
    """The input format NITF: one ``nitf`` document a file."""

    name = "NITF"
    suffixes = frozenset({".xml", ".nitf"})
    begins = b"<"

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """Whether the first element is ``nitf``."""
        return first_name(data) == "nitf"

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """Read *data* into one item. Raises ContentError."""
        root = parse_xml(data, fallback_encoding=fallback_encoding)
        if local(root) != "nitf":
            raise UnknownFormat(
                f"The file is no NITF: its first element is <{local(root)}>, and not <nitf>. "
                "Ask the sender for NITF, or give the file the suffix of its own format."
            )
        draft = NewsDraft()
        read_nitf(draft, root)
        if "withdrawal" not in draft:
            if "media" in draft and "body" not in draft:
                raise NotAnArticle(
                    "The NITF file holds pictures and no text, so it is no article. "
                    "Put the pictures into the NITF of the text that they belong to."
                )
            if "title" not in draft and "body" not in draft:
                raise NotAnArticle("The NITF file has neither a headline nor a text. Ask the sender for a whole file.")
            if "body" not in draft:
                draft.note("The file has a headline and no text.")
        return [draft.finished(line=line_of(root))]


def read_nitf(draft: NewsDraft, nitf: etree._Element) -> None:
    """Read a ``nitf`` element into *draft*; what the draft has already stays."""
    head = child(nitf, "head")
    docdata = child(head, "docdata")
    if docdata is not None:
        _read_identity(draft, docdata)
        _read_dates(draft, docdata)
        _read_docdata(draft, docdata)
    if head is not None:
        _read_head(draft, head)
    for body in children(nitf, "body"):
        read_body(draft, body)
    if docdata is not None:
        _read_status(draft, docdata)
        registrar = child(docdata, "doc-id")
        draft.take("agency", _attribute(registrar, "regsrc"), "docdata/doc-id/@regsrc", at=registrar)
    title = child(head, "title")
    draft.take_title(text_of(title), "head/title", at=title)
    if "body" not in draft:
        draft.take_title(draft.text("slug"), "slug")
    draft.take("language", language_of(nitf) or _attribute(nitf, "lang"), "nitf/@xml:lang", at=nitf)
    draft.take("language", _attribute(nitf, "baselang"), "nitf/@baselang", at=nitf)


def _read_identity(draft: NewsDraft, docdata: etree._Element) -> None:
    identity, key = child(docdata, "doc-id"), child(docdata, "du-key")
    number = _attribute(identity, "id-string")
    if _NUMBERED.fullmatch(number.removeprefix(_attribute(key, "key") or number)):
        number = _attribute(key, "key")  # some agencies count the versions behind the key that all of them share
    draft.take("id", number, "docdata/doc-id/@id-string", at=identity)
    draft.take("version", _attribute(key, "version"), "docdata/du-key/@version", at=key)
    draft.take("version", _attribute(key, "generation"), "docdata/du-key/@generation", at=key)
    draft.take("slug", _attribute(key, "key"), "docdata/du-key/@key", at=key)


def _read_dates(draft: NewsDraft, docdata: etree._Element) -> None:
    issued, issue_at = _date(docdata, "date.issue")
    released, release_at = _date(docdata, "date.release")
    expired, expire_at = _date(docdata, "date.expire")
    draft.take("published", issued, "docdata/date.issue", at=issue_at)
    draft.take("expires", "" if _PLACEHOLDER.search(expired) else expired, "docdata/date.expire", at=expire_at)
    if _PLACEHOLDER.search(released):
        draft.note(f"“{released}” in docdata/date.release is a placeholder and no date; it is ignored.")
    elif released != issued and not draft.take("published", released, "docdata/date.release", at=release_at):
        draft.take("embargo", released, "docdata/date.release", at=release_at)


def _read_docdata(draft: NewsDraft, docdata: etree._Element) -> None:
    for element in children(docdata, "urgency"):
        draft.take("urgency", _attribute(element, "ed-urg"), "docdata/urgency/@ed-urg", at=element)
    for element in children(docdata, "correction"):
        info = _attribute(element, "info") or text_of(element)
        draft.note(f"The sender marks the item as a correction: {one_line(info)[:300] or 'no reason is given'}")
    for element in children(docdata, "ed-msg"):
        draft.put_editors_note(_attribute(element, "info") or text_of(element), "docdata/ed-msg")
    for element in children(docdata, "doc.copyright"):
        owner, year = _attribute(element, "holder"), _attribute(element, "year")
        if owner:
            draft.take("rights", f"Copyright {year} {owner}", "docdata/doc.copyright", at=element)
    keywords = [each for holder in children(docdata, "key-list") for each in children(holder, "keyword")]
    words = [one_line(_attribute(each, "key")) for each in keywords]
    for holder in children(docdata, "identified-content"):
        named = children(holder, "person", "org", "location", "event", "classifier", "object.title")
        words.extend(one_line(_attribute(element, "value") or text_of(element)) for element in named)
    found = [RawCategory(term=word) for word in words if word]
    draft.extend("categories", found, "docdata/key-list, identified-content", at=docdata)


def _read_head(draft: NewsDraft, head: etree._Element) -> None:
    codes: list[str] = []
    for element in children(head, "tobject"):
        codes.append(_attribute(element, "tobject.type"))
        for subject in children(element, "tobject.subject"):
            codes.append(_attribute(subject, "tobject.subject.refnum") or _attribute(subject, "tobject.subject.code"))
            category = _subject(subject)
            if category:
                draft.extend("categories", [category], "tobject/tobject.subject", at=subject)
    for element in children(head, "pubdata"):
        section = one_line(_attribute(element, "position.section"))
        if section:
            draft.extend("sections", [section], "pubdata/@position.section", at=element)
        draft.take("published", _attribute(element, "date.publication"), "pubdata/@date.publication", at=element)
    for element in children(head, "revision-history")[-1:]:
        draft.take("updated", _attribute(element, "norm"), "revision-history/@norm", at=element)
    for element in children(head, "meta"):
        name, content = _attribute(element, "name").lower(), _attribute(element, "content")
        if name.endswith("category"):
            codes.append(content)
        elif name in {"slug", "slugline", "slug-line"} or name.endswith(("-slug", ".slug")):
            draft.take("slug", content, f"meta {name}", at=element)
        elif name in {"language", "lang"}:
            draft.take("language", content, f"meta {name}", at=element)
        elif name == "keywords":
            words = map(one_line, re.split(r"[,;]", content))
            draft.extend("categories", (RawCategory(term=word) for word in words if word), "meta keywords", at=element)
    draft.extend("codes", (one_line(code) for code in codes if code.strip()), "head/tobject, head/meta", at=head)


def _subject(subject: etree._Element) -> RawCategory | None:
    parts = [_attribute(subject, f"tobject.subject.{part}") for part in ("detail", "matter", "type")]
    label = one_line(next(filter(None, parts), ""))
    term = _attribute(subject, "tobject.subject.refnum") or _attribute(subject, "tobject.subject.code") or label
    scheme = IPTC_SCHEMES["subj"] if _SUBJECT_CODE.fullmatch(term) else ""
    return RawCategory(term=one_line(term), label=label, scheme=scheme) if term else None


def _read_status(draft: NewsDraft, docdata: etree._Element) -> None:
    """Status last: it depends on whether there is a body."""
    status = _attribute(docdata, "management-status")
    other, other_status = _attribute(docdata, "management-doc-idref"), _attribute(docdata, "management-idref-status")
    if other and other_status.lower() in _WITHDRAWN:
        draft.replace("id", other, "docdata/@management-doc-idref", at=docdata)
        draft.replace("body", "", "docdata/@management-idref-status", at=docdata)
        draft.put_status(other_status, where("docdata/@management-idref-status", docdata))
        draft.note(f"The file is a message to editors that takes back {other}; its own text is not published.")
    elif status.lower() == "embargoed":
        until, _ = _date(docdata, "date.release")
        until = "" if _PLACEHOLDER.search(until) else until
        message = " ".join(_attribute(each, "info") or text_of(each) for each in children(docdata, "ed-msg"))
        if message:
            draft.note(f"The sender says of the embargo: {one_line(message)[:300]}")
        draft.take_embargo(status, until, "docdata/@management-status", at=docdata)
    elif status:
        draft.put_status(status, where("docdata/@management-status", docdata))


def _date(docdata: etree._Element, name: str) -> tuple[str, etree._Element | None]:
    element = child(docdata, name)
    return one_line(_attribute(element, "norm") or text_of(element)), element


def _attribute(element: etree._Element | None, name: str) -> str:
    return "" if element is None else str(element.get(name) or "").strip()
