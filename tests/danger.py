"""What is dangerous in a page or a feed, found by parsers that are not ours: for the tests of security and fuzzing."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from lxml import etree
from lxml import html as lxml_html


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


ACTIVE = _words(
    "applet base button canvas dialog embed fencedframe form frame frameset iframe input link marquee math meta "
    "noembed noframes noscript object plaintext portal script select slot style svg template textarea title xmp"
)
"""Elements that run, load, submit or re-frame something, or that change how what follows is parsed."""
OF_A_PAGE = frozenset({"link", "meta", "title", "script", "input", "button"})
"""Those of them that a page of ours has; each is looked at for itself."""
_OWN_SCRIPT = re.compile(r"/static/subscribe\.js\?v=[0-9a-f]{16}")
_TO_READERS = re.compile(r"feed:https?://[^/\s]")
"""The address of a feed as a page hands it to the reader app on a device."""
ADDRESSES = _words(
    "action archive background cite classid code codebase data formaction href icon longdesc lowsrc manifest ping "
    "poster profile src srcset usemap xlink:href"
)
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
SCRIPTED = re.compile(r"\s*(?:javascript|vbscript|livescript|data)\s*:", re.IGNORECASE)
_HANDLER = re.compile(r"on[a-z]+")
_ACTIVE_ATTRIBUTES = _words("style srcdoc formaction nonce xmlns")
"""They act by what they hold; ``autofocus`` acts by itself."""
_SKIPPED = re.compile(r"[\x00-\x20\x7f]")

ITEM_ELEMENTS = _words(
    "title link guid pubDate description encoded creator category enclosure content group updated modified valid "
    "rights language credit source id published author name uri summary thumbnail license"
)
"""The local names of what an item or entry of ours may hold."""
HEAD_ELEMENTS = ITEM_ELEMENTS | _words(
    "rss channel feed item entry subtitle copyright lastBuildDate generator docs ttl image url width height icon logo "
    "deleted-entry comment updatePeriod updateFrequency updateBase complete archive history accentColor"
)


class _Tags(HTMLParser):
    """A second opinion, by another tokenizer, which the first parser's repairs cannot hide anything from."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


def in_html(html: str, *, page: bool = False) -> list[str]:
    """What could act in *html*, a fragment or, with *page*, one of our pages, a line each; empty if nothing can."""
    found = list[str]()
    for name, attributes in (*_by_lxml(html, page=page), *_by_tokens(html)):
        if name in ACTIVE and not (page and name in OF_A_PAGE):
            found.append(f"<{name}>")
        if page and name in OF_A_PAGE and not _ours(name, attributes):
            found.append(f"<{name} {attributes}>")
        for key, value in attributes.items():
            if key == "autofocus" or (value and (key in _ACTIVE_ATTRIBUTES or _HANDLER.fullmatch(key))):
                found.append(f"<{name} {key}={value!r}>")
            if key in ADDRESSES and not (page and (name, key) == ("a", "href") and _TO_READERS.match(value)):
                found.extend(f"<{name} {key}={address!r}>" for address in bad_addresses(value, key=key))
    return found


def _ours(name: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element that could act, on a page of ours, is one that our templates write."""
    if name == "script":
        own = set(attributes) == {"src", "defer"} and _OWN_SCRIPT.fullmatch(attributes["src"]) is not None
        return own or attributes == {"type": "application/ld+json"}
    if name == "input":
        return attributes.get("type") == "text" and "readonly" in attributes and "name" not in attributes
    if name == "button":
        return attributes.get("type") == "button" and "name" not in attributes
    return not (name == "meta" and "http-equiv" in attributes)


def in_page(html: str) -> list[str]:
    """What could act in one of our pages, its linked data included."""
    found = in_html(html, page=True)
    root = lxml_html.document_fromstring(html.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
    scripts = root.findall(".//script")
    for script in scripts:
        if script.get("src") and not script.text:
            continue
        try:
            told = json.loads(script.text or "")
        except ValueError:
            found.append(f"a script that is no linked data: {script.text}")
        else:
            found.extend(f"linked data: {line}" for line in in_json(told))
    if html.lower().count("<script") != len(scripts) or html.lower().count("</script") != len(scripts):
        found.append("a script element within a script element")
    return found


def in_xml_feed(body: bytes, ids: Collection[str]) -> list[str]:
    """What could act in an RSS or Atom document, or does not belong there; its items are exactly those of *ids*."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(body, parser)
    found = list[str]()
    if root.getroottree().docinfo.doctype:
        found.append("a document type")
    items = list(root.iter("{*}item", "{*}entry"))
    given = [_text(item, "{*}guid", "{http://www.w3.org/2005/Atom}id") for item in items]
    if sorted(given) != sorted(ids):
        found.append(f"the items are {given}")
    for element in root.iter():
        if not isinstance(element.tag, str):
            found.append(f"{element!r}")
            continue
        name, text = etree.QName(element).localname, element.text or ""
        inside = any(parent in items for parent in element.iterancestors())
        if name not in (ITEM_ELEMENTS if inside else HEAD_ELEMENTS):
            found.append(f"<{name}>")
        for key, value in element.attrib.items():
            if key in ("domain", "scheme") and SCRIPTED.match(value):
                found.append(f"<{name} {key}={value!r}>")
            if key in ("href", "url", "src"):
                found.extend(f"<{name} {key}={bad!r}>" for bad in bad_addresses(value, key="feed"))
        if name in ("link", "uri", "url", "docs", "icon", "logo") and text:
            found.extend(f"<{name}>{bad}" for bad in bad_addresses(text, key="feed"))
        # Readers disagree on what is text and what is HTML: neither way may anything act.
        found.extend(f"<{name}>: {line}" for line in in_html(text))
        if SCRIPTED.match(text) and name in ("id", "guid"):
            found.append(f"<{name}>{text}")
    return found


def in_xml(body: bytes) -> list[str]:
    """What could act in any other XML document of ours (OPML, site maps), taken for HTML or for an address."""
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    found = ["a document type"] if root.getroottree().docinfo.doctype else []
    for element in root.iter():
        for text in (element.text or "", *map(str, element.attrib.values())):
            found.extend(f"{element.tag}: {line}" for line in in_html(text))
        addresses = [str(value) for key, value in element.attrib.items() if str(key).lower().endswith("url")]
        if etree.QName(element).localname == "loc":
            addresses.append(element.text or "")
        found.extend(f"{element.tag}: {bad}" for address in addresses for bad in bad_addresses(address, key="feed"))
    return found


def in_json_feed(body: bytes, ids: Collection[str]) -> list[str]:
    """The same for a JSON Feed."""
    document = json.loads(body)
    given = [item["id"] for item in document["items"]]
    found = in_json(document)
    if sorted(given) != sorted(ids):
        found.append(f"the items are {given}")
    return found


def in_json(value: Any, key: str = "") -> list[str]:
    """What could act in any text of a JSON value, taken for HTML; and addresses that are none of the web."""
    if isinstance(value, dict):
        return [line for name, part in value.items() for line in (*in_json(name), *in_json(part, name))]
    if isinstance(value, list):
        return [line for part in value for line in in_json(part, key)]
    if not isinstance(value, str):
        return []
    found = [f"{key}: {line}" for line in in_html(value)]
    if key in ("url", "external_url", "image", "home_page_url", "feed_url", "icon", "favicon", "mainEntityOfPage"):
        found.extend(f"{key}: {bad}" for bad in bad_addresses(value, key="feed"))
    if key in ("id", "scheme") and SCRIPTED.match(value):
        found.append(f"{key}: {value}")
    return found


def bad_addresses(value: str, *, key: str) -> Iterator[str]:
    """The addresses in the attribute *key* that are not of the web, as a browser would understand them.

    In a ``feed`` all must be absolute; elsewhere they may be ours, or lead within the page.
    """
    addresses: Iterable[str] = re.split(r"\s*,\s+|\s+", value) if key in ("srcset", "ping") else [value]
    for address in addresses:
        plain = _SKIPPED.sub("", address)
        scheme = SCHEME.match(plain)
        if scheme is None:
            inside = plain.startswith(("/", "#", "?")) and not plain.startswith(("//", "/\\"))
            if key == "feed" or (plain and not inside and key != "data"):
                yield address
        elif scheme[1].lower() not in ("http", "https", "mailto"):
            yield address


def _by_lxml(html: str, *, page: bool) -> Iterator[tuple[str, dict[str, str]]]:
    """The elements as libxml2 sees them, which reads HTML as browsers do."""
    if "<" not in html:
        return
    root = lxml_html.document_fromstring(
        f"<!doctype html><html><body><div>{html}</div></body></html>".encode(errors="replace")
        if not page
        else html.encode(),
        parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=True),
    )
    for element in root.iter():
        if isinstance(element.tag, str):
            yield element.tag.lower(), {str(key).lower(): str(value) for key, value in element.attrib.items()}


def _by_tokens(html: str) -> Sequence[tuple[str, dict[str, str]]]:
    if "<" not in html:
        return ()
    tags = _Tags()
    tags.feed(html)
    tags.close()
    return [(name, {key: value or "" for key, value in attributes}) for name, attributes in tags.found]


def _text(item: Any, *names: str) -> str:
    return next((found for name in names if (found := item.findtext(name))), "")
