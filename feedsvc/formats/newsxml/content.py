"""The content that the NewsML formats wrap: NITF, XHTML, escaped HTML or plain text, told apart by what is there."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from feedsvc.errors import ParseError
from feedsvc.formats.newsxml.bodytree import has_text
from feedsvc.formats.newsxml.draft import NewsDraft, line_of, where
from feedsvc.formats.newsxml.nitf import read_nitf
from feedsvc.formats.newsxml.nitfbody import content_html, read_body
from feedsvc.formats.newsxml.xhtmlbody import element_html, escaped_html, string_html, text_html
from feedsvc.formats.xmlbytes import children, local, text_of
from feedsvc.text import UndecodableText, decode

if TYPE_CHECKING:
    from lxml import etree

_NITF_ONLY = frozenset({"block", "hl2", "bq", "media", "nitf-table", "chron", "object.title", "body.content"})


def read_content(draft: NewsDraft, holder: etree._Element, *, media_type: str, name: str) -> None:
    """Read the text inside *holder* (an ``inlineXML``, ``inlineData``, ``DataContent``) into *draft* as its body.

    *media_type* is the declared one, if any; *name* is that of the holder, for messages.
    """
    found = {local(each) for each in holder.iter() if each is not holder}
    if "nitf" in found:
        read_nitf(draft, next(each for each in holder.iter() if local(each) == "nitf"))
        return
    if "body.content" in found:
        first = next(each for each in holder.iter() if local(each) == "body.content")
        parent = first.getparent()
        read_body(draft, first if parent is None else parent)
        return
    escaped = escaped_html(holder)
    if escaped and "plain" not in media_type:
        html = string_html(draft, escaped)
    elif not children(holder):
        html = text_html(draft, text_of(holder), declared_plain="plain" in media_type)
    elif found & _NITF_ONLY:
        html = content_html(draft, holder)
    else:
        html = element_html(draft, holder)
    draft.put("body", html, where(name, holder))


def decoded_base64(holder: etree._Element, *, fallback_encoding: str) -> str:
    """The text that *holder* carries in base64. Raises ParseError where it is none."""
    try:
        raw = base64.b64decode("".join(text_of(holder).split()), validate=True)
        return decode(raw, fallback=fallback_encoding).text
    except (binascii.Error, ValueError, UndecodableText) as error:
        raise ParseError(
            f"The text is said to be in base64 and cannot be read as such ({error}). Ask the sender for it again.",
            line=line_of(holder),
        ) from error


def holds_content(holder: etree._Element) -> bool:
    """Whether there is anything to read in *holder*."""
    return has_text(holder)
