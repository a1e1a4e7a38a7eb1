"""What the W3C feed validator checks and can be checked here: each message that it would draw stands beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime

import pytest
from lxml import etree

from feedsvc.feeds.atom import Atom
from feedsvc.feeds.extensions import NAMESPACES
from feedsvc.feeds.rss import DOCS, Rss
from feedsvc.links import Links
from feedsvc.model import Article, Feed

CHANNEL = (
    "title", "link", "description", "atom:link", "language", "copyright",
    "pubDate", "lastBuildDate", "generator", "docs", "ttl", "image",
    "sy:updatePeriod", "sy:updateFrequency", "webfeeds:icon", "webfeeds:logo", "webfeeds:accentColor", "item",
)  # fmt: skip
ITEM = (
    "title", "link", "guid", "pubDate", "description", "content:encoded",
    "dc:creator", "category", "enclosure", "media:content", "media:thumbnail", "atom:updated", "dcterms:valid",
    "dc:rights", "dc:language", "source",
)  # fmt: skip
FEED = (
    "id", "title", "subtitle", "updated", "link", "author",
    "rights", "generator", "icon", "logo", "webfeeds:accentColor", "at:deleted-entry", "entry",
)  # fmt: skip
ENTRY = (
    "id", "title", "link", "published", "updated", "author",
    "summary", "content", "category", "link", "media:content", "media:thumbnail", "rights",
    "dcterms:valid",
)  # fmt: skip
REPEATED = {
    "atom:link",
    "item",
    "dc:creator",
    "category",
    "media:content",
    "link",
    "author",
    "entry",
    "at:deleted-entry",
}

PREFIXES = {uri: f"{prefix}:" for prefix, uri in NAMESPACES.items()}
RFC_822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT"
)
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
FULL_URI = re.compile(r"https?://[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+")
MEDIA_TYPE = re.compile(r"[^\s()<>,;:\\\"/\[\]?=]+/[^\s()<>,;:\\\"/\[\]?=]+")


def names(parent: etree._Element, *, own: str = "") -> list[str]:
    """The children as everyone writes them; *own* is the namespace that needs no prefix."""
    found = []
    for child in parent:
        name = etree.QName(child)
        prefix = "" if (name.namespace or "") == own else PREFIXES[str(name.namespace)]
        found.append(prefix + name.localname)
    return found


def in_order(found: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether *found* is *wanted* with some left out and only the repeatable ones repeated."""
    rest = iter(wanted)
    current = ""
    for name in found:
        if name == current and name in REPEATED:
            continue
        current = name
        if name not in rest:  # takes from the iterator up to the name
            return False
    return True


@pytest.fixture
def rss(rich_feed: Feed, links: Links) -> etree._Element:
    return etree.fromstring(Rss().render(rich_feed, links))


@pytest.fixture
def atom(rich_feed: Feed, links: Links) -> etree._Element:
    return etree.fromstring(Atom().render(rich_feed, links))


ATOM = NAMESPACES["atom"]
A = f"{{{ATOM}}}"


def test_the_order_check_can_fail() -> None:
    assert in_order(["title", "link"], CHANNEL)
    assert not in_order(["link", "title"], CHANNEL)
    assert not in_order(["title", "title"], CHANNEL)
    assert not in_order(["title", "cloud"], CHANNEL)


def test_rss_children_stand_in_order(rss: etree._Element) -> None:
    """UndefinedElement, DuplicateElement, MisplacedItem, NeedDescriptionBeforeContent."""
    assert names(rss) == ["channel"]
    channel = rss[0]
    assert in_order(names(channel), CHANNEL)
    assert set(names(channel)) == set(CHANNEL)
    items = channel.findall("item")
    assert len(items) == 3
    assert all(in_order(names(item), ITEM) for item in items)
    assert set(names(items[0])) == set(ITEM)


def test_atom_children_stand_in_order(atom: etree._Element) -> None:
    """UndefinedElement, DuplicateElement, MisplacedMetadata."""
    assert in_order(names(atom, own=ATOM), FEED)
    assert set(names(atom, own=ATOM)) == set(FEED)
    entries = atom.findall(f"{A}entry")
    assert len(entries) == 3
    assert all(in_order(names(entry, own=ATOM), ENTRY) for entry in entries)
    assert set(names(entries[0], own=ATOM)) == set(ENTRY)


@pytest.mark.parametrize("renderer", [Rss(), Atom()], ids=["rss", "atom"])
def test_every_address_is_absolute_and_ascii(renderer: Rss | Atom, rich_feed: Feed, links: Links) -> None:
    """ContainsRelRef, RelativeSelf, InvalidFullLink, UriNotIri."""
    root = etree.fromstring(renderer.render(rich_feed, links))
    found = [value for element in root.iter("*") for key in ("href", "url") if (value := element.get(key))]
    for name in ("link", "url", "uri", "icon", "logo", "docs"):
        found += [one.text for one in root.iter(name, f"{A}{name}", f"{{*}}{name}") if one.text]
    assert len(found) > 10
    assert all(FULL_URI.fullmatch(address) for address in found)
    for body in root.iter(f"{{{NAMESPACES['content']}}}encoded", f"{A}content"):
        assert re.findall(r'(?:href|src)="(?!https?://)', body.text or "") == []


def test_rss_ids_are_unique_and_no_permalinks(rss: etree._Element) -> None:
    """MissingGuid, DuplicateValue, InvalidPermalink."""
    guids = list(rss.iter("guid"))
    assert len({guid.text for guid in guids}) == len(guids) == 3
    assert {guid.get("isPermaLink") for guid in guids} == {"false"}
    assert all(len(item.findall("guid")) == 1 for item in rss.iter("item"))


def test_atom_ids_and_updates_are_unique(atom: etree._Element) -> None:
    """DuplicateEntries, DuplicateUpdated, MissingElement."""
    for name in ("id", "updated"):
        found = [one.text for one in atom.findall(f"{A}entry/{A}{name}")]
        assert len(set(found)) == len(found) == 3


def test_rss_dates_are_of_rfc_822(rss: etree._Element) -> None:
    """InvalidRFC2822Date, ProblematicalRFC822Date, IncorrectDOW."""
    dates = [one.text or "" for one in rss.iter("pubDate", "lastBuildDate")]
    assert len(dates) == 5
    for date in dates:
        assert RFC_822.fullmatch(date)
        assert parsedate_to_datetime(date).strftime("%w") == str("SunMonTueWedThuFriSat".index(date[:3]) // 3)


@pytest.mark.parametrize("renderer", [Rss(), Atom()], ids=["rss", "atom"])
def test_other_dates_are_of_rfc_3339(renderer: Rss | Atom, rich_feed: Feed, links: Links) -> None:
    """InvalidRFC3339Date."""
    root = etree.fromstring(renderer.render(rich_feed, links))
    dates = [one.text or "" for one in root.iter(f"{A}updated", f"{A}published")]
    dates += [one.get("when", "") for one in root.iter(f"{{{NAMESPACES['at']}}}deleted-entry")]
    assert len(dates) >= 3
    for date in dates:
        assert RFC_3339.fullmatch(date)
        assert datetime.fromisoformat(date)


@pytest.mark.parametrize("renderer", [Rss(), Atom()], ids=["rss", "atom"])
def test_one_self_link_names_this_document(renderer: Rss | Atom, rich_feed: Feed, links: Links) -> None:
    """MissingSelf, MissingAtomSelfLink, SelfDoesntMatchLocation, SelfNotAtom."""
    root = etree.fromstring(renderer.render(rich_feed, links))
    found = [link for link in root.iter(f"{A}link") if link.get("rel") == "self"]
    assert [(link.get("href"), link.get("type")) for link in found] == [
        (f"https://news.example.org/feeds/world.{renderer.suffix}", f"application/{renderer.suffix}+xml")
    ]


def test_one_alternate_link_each(atom: etree._Element) -> None:
    """DuplicateAtomLink, MissingContentOrAlternate, UnregisteredAtomLinkRel."""
    for element in (atom, *atom.findall(f"{A}entry")):
        rels = [link.get("rel") for link in element.findall(f"{A}link")]
        assert rels.count("alternate") == 1
        assert set(rels) <= {"self", "alternate", "hub", "enclosure", "via"}


@pytest.mark.parametrize("full_text", [True, False])
@pytest.mark.parametrize("renderer", [Rss(), Atom()], ids=["rss", "atom"])
def test_exactly_the_used_prefixes_are_declared(
    renderer: Rss | Atom,
    full_text: bool,
    make_feed: Callable[..., Feed],
    make_article: Callable[..., Article],
    links: Links,
) -> None:
    """ReservedPrefix, NonstdPrefix, UnknownNamespace."""
    document = renderer.render(make_feed(make_article(), full_text=full_text), links)
    root = etree.fromstring(document)
    declared = {prefix: uri for prefix, uri in root.nsmap.items() if prefix is not None}
    assert list(declared) == [prefix for prefix in NAMESPACES if prefix in declared]
    assert all(NAMESPACES[prefix] == uri for prefix, uri in declared.items())
    used = {etree.QName(element).namespace for element in root.iter("*")} - {None, root.nsmap.get(None)}
    assert set(declared.values()) == used
    assert document.count(b"xmlns:") == len(declared)


def test_all_prefixes_stand_in_their_order(rss: etree._Element, atom: etree._Element) -> None:
    assert list(rss.nsmap) == ["atom", "content", "dc", "dcterms", "media", "sy", "webfeeds"]
    assert [prefix for prefix in atom.nsmap if prefix] == ["dcterms", "media", "webfeeds", "at"]
    assert atom.nsmap[None] == ATOM


def test_the_image_is_that_of_the_channel(rss: etree._Element) -> None:
    """ImageLinkDoesntMatch, ImageTitleDoesntMatch, ImageUrlFormat."""
    image = rss.find("channel/image")
    assert image is not None
    assert names(image) == ["url", "title", "link"]
    assert image.findtext("title") == rss.findtext("channel/title")
    assert image.findtext("link") == rss.findtext("channel/link")


def test_a_picture_that_rss_does_not_know_is_no_image(make_feed: Callable[..., Feed], links: Links) -> None:
    """ImageUrlFormat."""
    root = etree.fromstring(Rss().render(make_feed(logo="/static/logo.svg"), links))
    assert root.find("channel/image") is None


def test_docs_is_the_address_that_the_validator_knows(rss: etree._Element) -> None:
    """UseOfExtensionAttr."""
    assert rss.findtext("channel/docs") == DOCS == "http://www.rssboard.org/rss-specification"


def test_plain_texts_hold_no_html(rich_feed: Feed, links: Links, rss: etree._Element) -> None:
    """ContainsHTML: the channel's texts are no HTML in the validator's eyes, unlike an item's description."""
    assert rss.findtext("channel/item/title") == rich_feed.entries[0].article.title
    assert rss.findtext("channel/item/category") == "Trade & tolls"
    feed = etree.fromstring(Rss().render(type(rich_feed)(
        name="x", title="Q&A", page="/", updated=rich_feed.updated, description="Fish & ships"
    ), links))  # fmt: skip
    assert feed.findtext("channel/description") == "Fish & ships"


def test_an_entry_always_has_text(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    """MissingTextualContent, NotBlank, NeedDescriptionBeforeContent."""
    feed = make_feed(make_article(content="", summary="", standfirst=""))
    entry = etree.fromstring(Atom().render(feed, links)).find(f"{A}entry")
    assert entry is not None
    assert entry.findtext(f"{A}summary") == "Harbour opens, part 0"
    assert entry.find(f"{A}content") is None
    item = etree.fromstring(Rss().render(feed, links)).find("channel/item")
    assert item is not None
    assert names(item)[4] == "description"
    assert "content:encoded" not in names(item)


def test_an_entry_without_author_falls_to_the_feed(
    make_feed: Callable[..., Feed], make_article: Callable[..., Article], links: Links
) -> None:
    """MissingElement author."""
    root = etree.fromstring(Atom().render(make_feed(make_article()), links))
    assert root.findtext(f"{A}author/{A}name") == "Harbour Times"
    assert root.find(f"{A}entry/{A}author") is None
    root = etree.fromstring(Atom().render(make_feed(make_article(), site_title=""), links))
    assert root.findtext(f"{A}author/{A}name") == "Harbour Times: World"


def test_media_types_are_media_types(rss: etree._Element, atom: etree._Element) -> None:
    """InvalidMIMEAttribute, InvalidMIMEType, InvalidMediaMedium."""
    types = [one.get("type", "") for root in (rss, atom) for one in root.iter("*") if one.get("type")]
    assert len(types) > 8
    assert all(MEDIA_TYPE.fullmatch(one) for one in types if one not in ("text", "html"))
    media = [one.get("medium") for one in rss.iter(f"{{{NAMESPACES['media']}}}content")]
    assert media == ["image", "audio"]


def test_a_scheme_that_is_no_uri_stays_out_of_atom(atom: etree._Element) -> None:
    """InvalidFullLink."""
    assert [dict(one.attrib.items()) for one in atom.iter(f"{A}category")] == [
        {"term": "trade", "scheme": "https://port.example/subjects", "label": "Trade & tolls"},
        {"term": "salt"},
    ]


def test_what_rss_must_not_hold(rss: etree._Element) -> None:
    """DuplicateSemantics, DuplicateItemSemantics, DuplicateEnclosure, AvoidTextInput, EmailFormat."""
    everything = {etree.QName(element).localname for element in rss.iter("*")}
    assert everything.isdisjoint({"textInput", "author", "managingEditor", "webMaster", "date", "subject", "cloud"})
    assert all(len(item.findall("enclosure")) <= 1 for item in rss.iter("item"))
    assert rss.find("channel/category") is None


@pytest.mark.parametrize(("seconds", "minutes"), [(0, "1"), (59, "1"), (60, "1"), (300, "5"), (330, "5")])
def test_ttl_is_in_whole_minutes(seconds: int, minutes: str, make_feed: Callable[..., Feed], links: Links) -> None:
    """InvalidPositiveInteger."""
    root = etree.fromstring(Rss().render(make_feed(ttl=seconds), links))
    assert root.findtext("channel/ttl") == minutes
