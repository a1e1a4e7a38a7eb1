"""A Word document as readers may see it: bounded, and without what its writer hid, deleted or noted in the margin."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from feedsvc.errors import ParseError, TooLarge

if TYPE_CHECKING:
    from lxml import etree

MOST_BYTES = 120_000_000
MOST_PART = 30_000_000
MOST_FILES = 3_000
MOST_ELEMENTS = 300_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_DROPPED = frozenset({
    # Deleted or moved away under tracked changes; comments; what is no text: fields, scripts, objects.
    "del", "moveFrom", "delText", "delInstrText", "commentReference", "commentRangeStart", "commentRangeEnd",
    "annotationRef", "object", "control",
})  # fmt: skip
_INITIALS = frozenset({"drop", "margin"})
_OFF = frozenset({"0", "false", "off"})


class Document:
    """The parts of a Word document. Raises TooLarge where it is a bomb, ParseError where it is damaged."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            listed = self._archive.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise ParseError(f"the Word document is damaged: {error}; save it anew") from None
        if len(listed) > MOST_FILES or sum(one.file_size for one in listed) > MOST_BYTES:
            raise TooLarge(
                f"the Word document unpacks to more than {MOST_BYTES // 10**6} MB or {MOST_FILES:,} parts;"
                " make its pictures smaller, or save its text alone"
            )
        if any(one.flag_bits & 0x1 for one in listed):
            raise ParseError("the Word document is behind a password; take that off, and save it anew")
        self._listed = {one.filename: one for one in listed}

    def names(self) -> list[str]:
        """The names of its parts, each once."""
        return list(self._listed)

    def read(self, name: str) -> bytes:
        """One part; empty where there is none. Raises ParseError where it is damaged."""
        if name not in self._listed:
            return b""
        try:
            return self._archive.read(name)
        except Exception as error:  # of many kinds, by what is damaged
            raise ParseError(f"the Word document is damaged ({name}): {error}; save it anew") from None

    def tree(self, name: str) -> etree._Element | None:
        """One part as XML, or None where there is none. Raises ParseError, or TooLarge past the limits above."""
        data = self.read(name)
        return _parsed(data, name) if data else None

    def cleaned(self) -> io.BytesIO:
        """The document anew, without what nobody is to read, without comments, and with no link to other files."""
        from lxml import etree

        hidden = self._hidden_styles()
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for name in self._listed:
                base = name.rpartition("/")[2]
                if base.startswith("comments") or "/embeddings/" in name or "vbaProject" in name:
                    continue
                data = self.read(name)
                if name.endswith((".xml", ".rels")):
                    root = _parsed(data, name)
                    if base.startswith(("document", "footnotes", "endnotes")) and name.endswith(".xml"):
                        _clean(root, hidden)
                        _join_initials(root)
                        data = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
                archive.writestr(name, data)
        target.seek(0)
        return target

    def _hidden_styles(self) -> frozenset[str]:
        root = self.tree("word/styles.xml")
        if root is None:
            return frozenset()
        return frozenset(
            str(_attribute(style, "styleId"))
            for style in root
            if _local(style) == "style"
            and any(_hides(properties) for properties in style if _local(properties) == "rPr")
        )


def _parsed(data: bytes, name: str) -> etree._Element:
    from lxml import etree

    if len(data) > MOST_PART:
        raise TooLarge(f"the part {name} of the Word document has {len(data):,} bytes; save the article's text alone")
    if data.count(b"<") > 2 * MOST_ELEMENTS:
        raise TooLarge(f"the part {name} of the Word document is too large for an article; save the text alone")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ParseError(f"the Word document is damaged ({name}): {error.msg}; save it anew") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ParseError(
            f"the Word document brings a document type of its own ({name}), which is refused; save it anew"
        )
    return root


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) and tag.startswith((_W, _STRICT)) else ""


def _attribute(element: etree._Element, name: str) -> str:
    return str(element.get(_W + name) or element.get(_STRICT + name) or "")


def _hides(properties: etree._Element) -> bool:
    """Whether run properties say that the text is not to be seen."""
    for one in properties:
        if _local(one) in ("vanish", "specVanish", "webHidden"):
            return _attribute(one, "val").lower() not in _OFF
    return False


def _clean(root: etree._Element, hidden: frozenset[str]) -> None:
    gone: list[etree._Element] = []
    for element in root.iter():
        name = _local(element)
        if name in _DROPPED or (name == "instrText" and "HYPERLINK" not in (element.text or "")):
            # Within rPr and trPr the same names mark the paragraph or the row.
            if element.getparent() is not None and _local(element.getparent()) not in ("rPr", "trPr"):  # type: ignore[arg-type]
                gone.append(element)
        elif name in ("r", "p") and _is_hidden(element, name, hidden):
            gone.append(element)
    for element in gone:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


def _join_initials(root: etree._Element) -> None:
    """Put a large initial, which Word keeps in a paragraph of its own, back before its word."""
    for frame in [one for one in root.iter() if _local(one) == "framePr" and _attribute(one, "dropCap") in _INITIALS]:
        initial = next((up for up in frame.iterancestors() if _local(up) == "p"), None)
        text = initial.getnext() if initial is not None else None
        if initial is None or text is None or _local(text) != "p":
            continue
        at = next((number for number, one in enumerate(text) if _local(one) != "pPr"), len(text))
        text[at:at] = [one for one in initial if _local(one) != "pPr"]
        parent = initial.getparent()
        if parent is not None:
            parent.remove(initial)


def _is_hidden(element: etree._Element, name: str, hidden: frozenset[str]) -> bool:
    properties = next((one for one in element if _local(one) == f"{name}Pr"), None)
    if properties is None:
        return False
    if name == "r" and _hides(properties):
        return True
    style = next((one for one in properties if _local(one) == f"{name}Style"), None)
    if style is None or _attribute(style, "val") not in hidden:
        return False
    # What stands at the text itself goes before its style.
    return name == "p" or not any(_local(one) == "vanish" for one in properties)
