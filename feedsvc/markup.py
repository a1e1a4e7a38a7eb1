"""HTML of articles: sanitised by an allow-list, its links made absolute or neutral, its text taken out."""

from __future__ import annotations

import functools
import html as references
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from feedsvc import paragraphs
from feedsvc import text as plaintext
from feedsvc.addresses import Addresses, host_of

MOST_BYTES = 2_000_000
MOST_TAGS = 20_000
MOST_DEPTH = 200
MOST_ATTRIBUTES = 1_000
MOST_REFERENCES = 100_000
_MOST_ROUNDS = 4

_EMBED = "feedsvc-embed"
"""What an ``iframe`` is called while it is sanitised: its own name would make the parser read raw text."""


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


_RENAMED = {"acronym": "abbr", "strike": "s", "tt": "code"} | dict.fromkeys(
    _words("address article aside center footer header main nav section"), "div"
)
"""Elements that say nothing to a reader, by one that the HTML parser treats alike."""

_TAGS = _words(
    "a abbr audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption "
    "figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small source span strong sub "
    "summary sup table tbody td tfoot th thead time tr u ul var video wbr"
)
_DROPPED_WITH_CONTENT = _words(
    "applet button canvas datalist dialog frameset math menu noembed noframes noscript plaintext script select "
    "style svg template textarea title xmp"
)
_ATTRIBUTES = {
    "*": "dir id lang",
    "a": "href hreflang title",
    "abbr acronym": "title",
    "code pre": "class",
    "blockquote q": "cite",
    "col colgroup": "span",
    "del ins": "cite datetime",
    "img": "alt data-lazy-src data-original data-src height src srcset title width",
    "li": "value",
    "ol": "reversed start",
    "source": "src type",
    "td": "align colspan rowspan",
    "th": "abbr align colspan rowspan scope",
    "time": "datetime",
    "video": "height poster src width",
    f"audio {_EMBED}": "src",
}
_WIDE = frozenset({"pre", "table"})
_PLAYERS = frozenset({"audio", "video", _EMBED})
_LOOKED_AT = {"a", "img", "source", "span", *_PLAYERS, *_RENAMED}
_ONE_DOT = {("width", "1"), ("height", "1")}  # an image of that size counts readers
_LAZY = ("data-src", "data-lazy-src", "data-original")
_ADDRESSES = frozenset({"cite", "href", "poster", "src"})
_VALUES = {
    **dict.fromkeys(("colspan", "height", "rowspan", "span", "start", "value", "width"), re.compile("-?[0-9]{1,5}")),
    **dict.fromkeys(("hreflang", "lang"), re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")),
    "align": re.compile(r"left|center|right"),
    "class": re.compile(r"language-[A-Za-z0-9_+#.-]{1,40}"),
    "datetime": re.compile(r"[0-9A-Za-z:.+ -]{1,40}"),
    "dir": re.compile(r"ltr|rtl|auto"),
    "id": re.compile(r"a-[\w.:-]{1,200}"),
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
    "type": re.compile(r"[a-z]{1,20}/[A-Za-z0-9.+-]{1,60}"),
}
"""What the value of an attribute has to look like, where it is no address and no free text."""

_CLOSE_THEMSELVES = _words(
    "area base br col embed hr img input link meta param source track wbr "
    "a p li dt dd tr td th thead tbody tfoot colgroup option optgroup rp rt"
) | {""}  # a comment
_RAW_ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+))?+"""
_RAW_TAG = re.compile(rf"<!--(?:.*?-->|.*)|<(/?)([a-zA-Z][^\s/>]*+)((?:[\s/]++|{_RAW_ATTRIBUTE})*+)", re.DOTALL)
_IFRAME = re.compile(r"<(/?)iframe(?=[\s/>])", re.IGNORECASE)
# Sanitised HTML is what a parser writes: a "<" is always the begin of a tag, values stand in double quotes.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9-]*)((?: [^\s=">]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([^\s=">]+)="([^"]*)"')
_NEUTRAL = re.compile(r'( (?:href|src|cite|poster)=")([/#])')
_EMPTY_PARAGRAPH = re.compile(r'<p(?: (?:dir|lang)="[^"]*")*>(?:\s|&nbsp;|<br>)*</p>\n?')
_PRE_LINES = re.compile(r'(<pre(?: [a-z]+="[^"]*")*>)\n+')


class MarkupTooLarge(ValueError):
    """The HTML passes a limit on bytes, tags or depth; the text says which."""


def sanitise(html: str, *, base: str = "", own: Sequence[str] = ()) -> str:
    """*html* with nothing in it but what an article needs; well-formed, as an HTML parser writes it.

    Relative addresses are resolved against *base*; those that start with one of the origins in *own*
    ("https://news.example.org") become root-relative; any other scheme than http, https and mailto goes.
    Each ``id`` begins with ``a-``, and so do the fragments that lead to it within the page; a frame becomes a
    link to what it shows. ``sanitise(sanitise(x)) == sanitise(x)``. Raises MarkupTooLarge.
    """
    simple = paragraphs.sanitised(html)
    if simple is not None and _stands(simple, own):
        return simple
    _check_size(html)
    clean = _cleaned(_IFRAME.sub(rf"<\1{_EMBED}", html))
    if _is_finished(clean, own):
        return clean
    finished = _finished(clean, Addresses(base, own))
    # What is written now is neutral: it must not be resolved again.
    stored = Addresses("", ())
    for _ in range(_MOST_ROUNDS):
        _check_size(finished)
        clean = _cleaned(finished)
        if clean == finished and not _EMPTY_PARAGRAPH.search(clean):
            return clean
        # What a parser writes is not always what it reads back (a link in a link): go on until it is.
        finished = _finished(clean, stored)
    lines = (references.escape(line, quote=False) for line in plain(finished).splitlines())
    return "".join(f"<p>{line}</p>" for line in lines)


def _is_finished(clean: str, own: Sequence[str]) -> bool:
    """Whether cleaned HTML is so simple that all further steps would leave it as it is, as many articles are."""
    _check_size(clean)
    return paragraphs.are_written(clean) and _stands(clean, own)


def _stands(simple: str, own: Sequence[str]) -> bool:
    """Whether simple HTML has neither an empty paragraph nor a link to one of the origins in *own*."""
    if _EMPTY_PARAGRAPH.search(simple) is not None:
        return False
    return "<a " not in simple or not any(origin.rstrip("/").lower() in simple for origin in own if origin)


def _cleaned(html: str) -> str:
    return plaintext.xml_safe(_cleaner()(plaintext.xml_safe(html))).replace("\r", "\n")


@functools.cache
def _cleaner() -> Callable[[str], str]:
    import nh3

    return nh3.Cleaner(
        tags={*_TAGS, *_RENAMED, _EMBED},
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes={tag: set(_words(_ATTRIBUTES[tags])) for tags in _ATTRIBUTES for tag in tags.split()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
        id_prefix="a-",
        set_tag_attribute_values={"audio": {"controls": ""}, "video": {"controls": ""}},
    ).clean


def _check_size(html: str) -> None:
    """Refuse what would take the sanitiser long; one linear look, before anything is parsed."""
    size = len(html) if html.isascii() else len(html.encode("utf-8", "surrogatepass"))
    _check("bytes of HTML", size, MOST_BYTES)
    if size <= 20_000 and html.count("<") <= MOST_DEPTH:
        return
    _check("character references", html.count("&") + html.count("\xa0"), MOST_REFERENCES)
    tags = depth = deepest = 0
    still_open: dict[str, int] = {}
    for found in _RAW_TAG.finditer(html):
        name = (found[2] or "").lower()
        if found[1] and still_open.get(name):
            depth -= 1
            still_open[name] -= 1
        elif not found[1]:
            tags += 1
            if name not in _CLOSE_THEMSELVES:
                depth += 1
                deepest = max(deepest, depth)
                still_open[name] = still_open.get(name, 0) + 1
        if len(found[3] or "") > MOST_ATTRIBUTES:
            _check("attributes in one tag", len(re.findall(_RAW_ATTRIBUTE, found[3])), MOST_ATTRIBUTES)
    _check("HTML tags", tags, MOST_TAGS)
    _check("HTML tags inside each other", deepest, MOST_DEPTH)


def _check(what: str, count: int, most: int) -> None:
    if count > most:
        raise MarkupTooLarge(f"the text has {count:,} {what}, and {most:,} are the most that is read")


def _finished(html: str, addresses: Addresses) -> str:
    """Cleaned *html* with its addresses written, and without what no reader needs."""
    # A parser takes one line end after <pre> away each time it reads it.
    return _EMPTY_PARAGRAPH.sub("", _PRE_LINES.sub(r"\1", "".join(_pieces(html, addresses))))


def _pieces(html: str, addresses: Addresses) -> Iterator[str]:
    at = 0
    skipping: list[str] = []  # inside a film, a sound or a frame nothing but its sources counts
    kept: dict[str, list[bool]] = {"a": [], "span": []}
    for found in _TAG.finditer(html):
        closing, name, written = found.groups()
        if not (skipping or written or name in _LOOKED_AT):
            continue
        if not skipping:
            yield html[at : found.start()]
        at = found.end()
        name = _RENAMED.get(name, name)
        if name in _PLAYERS:
            if closing:
                skipping.remove(name)
                if not skipping and name != _EMBED:
                    yield f"</{name}>"
                continue
            skipping.append(name)
            if len(skipping) > 1:
                continue
        elif skipping and name != "source":
            continue
        if closing:
            if name not in kept or kept[name].pop():
                yield f"</{name}>"
            continue
        attributes = _attributes(name, written, addresses) if written else {}
        if name in kept:
            useful = bool(attributes.keys() - {"rel"})
            kept[name].append(useful)
            if not useful:
                continue
        if name == _EMBED:
            yield _link(attributes.get("src", ""))
        elif name not in {"img", "source"} or ("src" in attributes and not attributes.items() >= _ONE_DOT):
            pairs = "".join(f' {key}="{_escaped(value)}"' for key, value in attributes.items())
            yield f"<{name}{pairs}>"
    if not skipping:
        yield html[at:]


def _attributes(name: str, written: str, addresses: Addresses) -> dict[str, str]:
    given = {key: references.unescape(value) for key, value in _ATTRIBUTE.findall(written)}
    if name == "img":
        given = _with_source(given)
    elif name == "pre" and "lang" in given:
        # GitHub's Markdown names the language of a program so.
        given = {"class": f"language-{given.pop('lang')}"} | given
    attributes: dict[str, str] = {}
    for key, value in given.items():
        pattern = _VALUES.get(key)
        if key in _ADDRESSES:
            if address := addresses.written(value, mail=name == "a"):
                attributes[key] = address
        elif pattern is None:
            attributes[key] = value
        elif match := pattern.search(value) if key == "class" else pattern.fullmatch(value.removesuffix("px")):
            attributes[key] = match[0]
    return attributes


def _with_source(given: dict[str, str]) -> dict[str, str]:
    """The attributes of an image with the address that a script would have put in once it came into view."""
    lazy = next((given[key] for key in _LAZY if given.get(key, "").strip()), "")
    first = given.get("srcset", "").strip().split(None, 1)
    source = lazy or given.get("src") or (first[0].rstrip(",") if first else "")
    rest = {key: value for key, value in given.items() if key not in {*_LAZY, "src", "srcset"}}
    return {"src": source, **rest} if source else rest


def _link(address: str) -> str:
    """A link to what a frame shows: feeds cannot show frames, and a reader must not lose it."""
    if not address or address[0] == "#":
        return ""
    label = references.escape(host_of(address) or address, quote=False)
    return f'<a href="{_escaped(address)}" rel="noopener noreferrer">{label}</a>'


def _escaped(value: str) -> str:
    """An attribute's value as the HTML parser writes it (HTML Standard section 13.3)."""
    return references.escape(value, quote=False).replace('"', "&quot;").replace("\xa0", "&nbsp;")


def absolute(html: str, origin: str, *, page: str = "") -> str:
    """Sanitised *html* with each root-relative address made absolute under *origin*.

    Where *page* names the absolute address of the article's page, fragments lead there.
    """
    if '="/' not in html and '="#' not in html:
        return html
    under = {"/": _escaped(origin.rstrip("/")), "#": _escaped(page)}
    return _TAG.sub(lambda tag: _NEUTRAL.sub(lambda part: part[1] + under[part[2]] + part[2], tag[0]), html)


def reachable(html: str) -> str:
    """Sanitised *html* for a page: what may be wider than a screen can be reached, and so scrolled, by keyboard."""
    return _TAG.sub(lambda tag: f'{tag[0][:-1]} tabindex="0">' if not tag[1] and tag[2] in _WIDE else tag[0], html)


def sized(html: str, sizes: Mapping[str, tuple[int, int]]) -> str:
    """Sanitised *html* whose pictures have the width and height that *sizes* tells by address, if they say neither."""

    def told(tag: re.Match[str]) -> str:
        given = dict(_ATTRIBUTE.findall(tag[3])) if tag[2] == "img" else {}
        size = sizes.get(references.unescape(given.get("src", "")))
        if size is None or given.keys() & {"width", "height"}:
            return tag[0]
        return f'{tag[0][:-1]} width="{size[0]}" height="{size[1]}">'

    return _TAG.sub(told, html) if sizes else html


_BLOCKS = _words(
    "blockquote br caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre summary table "
    "tbody td tfoot th thead tr ul"
)
_NOT_IN_EXCERPTS = _words("figcaption h1 h2 h3 h4 h5 h6 pre table")
_FOOTNOTE = re.compile(r'<sup(?: [a-z]+="[^"]*")*><a href="#[^"]*"(?: [a-z]+="[^"]*")*>[^<]*</a></sup>')


def plain(html: str) -> str:
    """The text of *html*, blocks on lines of their own. Raises MarkupTooLarge, but never if it is sanitised."""
    return "\n".join(_lines(html, frozenset()))


def excerpt(html: str, limit: int = 400) -> str:
    """The first paragraphs of *html* as plain text on one line, cut between words to *limit* characters.

    Headings, tables, captions and preformatted text are passed over. Paragraphs are taken until there are
    300 characters, where the text has as many.
    """
    enough = min(limit, 300)
    taken = paragraphs.opening(html, enough)
    if taken:
        return plaintext.cut(taken, limit)
    for line in _lines(_FOOTNOTE.sub("", html), _NOT_IN_EXCERPTS):
        taken = f"{taken} {line}" if taken else line
        if len(taken) >= enough:
            break
    return plaintext.cut(taken, limit)


def _lines(html: str, passed_over: frozenset[str]) -> Iterator[str]:
    """The lines of text in *html* that are not empty, without those inside the elements *passed_over*."""
    tags = list(_TAG.finditer(html))
    if html.count("<") != len(tags) and "<" in _TAG.sub("", html):
        _check_size(html)
        html = _cleaned(html)  # it was not sanitised
        tags = list(_TAG.finditer(html))
    at = inside = preformatted = 0
    line: list[str] = []
    for found in tags:
        if not inside:
            line.append(html[at : found.start()])
        at = found.end()
        closing, name, _ = found.groups()
        name = _RENAMED.get(name, name)
        if name not in _BLOCKS:
            continue
        if not inside:
            yield from _decoded(line, preformatted)
            line.clear()
        if name == "pre":
            preformatted += -1 if closing else 1
        if name in passed_over:
            inside += -1 if closing else 1
    yield from _decoded([*line, html[at:]], 0)


def _decoded(written: Sequence[str], preformatted: int) -> list[str]:
    text = references.unescape("".join(written))
    lines = text.split("\n") if preformatted else [plaintext.one_line(text)]
    return [line.rstrip() for line in lines if line.strip()]


_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def plain_line(text: str) -> str:
    """A headline or name as one plain line: known HTML tags taken out, character references decoded once.

    What only looks like markup stays: ``a < b``, ``AT&T``, ``<Corp>``, and the ``<b>`` that ``&lt;b&gt;`` means.
    """
    if "<" not in text and "&" not in text:
        return plaintext.one_line(plaintext.xml_safe(text))
    without = _known_tag().sub(lambda found: " " if (found["name"] or "").lower() in _BLOCKS else "", text)
    decoded = _REFERENCE.sub(lambda found: references.unescape(found[0]), without)
    return plaintext.one_line(plaintext.xml_safe(decoded))


@functools.cache
def _known_tag() -> re.Pattern[str]:
    names = "|".join(sorted({*_TAGS, *_RENAMED, "big", "blink", "font", "nobr"}))
    return re.compile(
        r"<(?P<raw>script|style)(?:\s[^<>]*)?>[^<]*</(?P=raw)\s*>|<!--[^<>]*-->"
        rf"|</?(?P<name>{names})(?:\s*/?|\s[^<>=]*=[^<>]*)>",
        re.IGNORECASE,
    )
