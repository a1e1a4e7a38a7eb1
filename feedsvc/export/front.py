"""What a web server has to be told besides the files: headers, types, redirects. Written as settings for nginx.

Nothing is made up here: each header is one that the application answered with, noted by the kind of its document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from urllib.parse import quote, unquote

from feedsvc import links
from feedsvc.config import Settings
from feedsvc.export.manifest import Manifest
from feedsvc.export.places import OWN, article_key
from feedsvc.export.tree import Tree
from feedsvc.links import Links
from feedsvc.publish.settings import is_section, page_of, plan
from feedsvc.store.base import ALL

FOLDER = "nginx"
_OF_THE_BYTES = re.compile(
    r"content-(?:type|length|encoding|range)|etag|last-modified|date|accept-ranges|link|location"
)
_FEED = re.compile(r"/feeds/(.+)\.([^./?]+)")
_NUMBERED = re.compile(r"-[a-z2-7]+(?=\.\w+$)", re.ASCII)
_NAME = "$feedsvc_name"
_SPELT = "[A-Za-z0-9_.~%/-]+"
"""What a feed's name is percent-encoded with; a request with anything else in it is not repeated in an answer."""
_OPENED = f"/{OWN}/opened"
_POLICY = "cache-control"
_LINK = "link "
_ERRORS = ("404.html", "404.txt", "410.html", "410.txt")
ARTICLES_EVERY = timedelta(hours=1)
"""How often the addresses of all articles are written down, by which mistyped ones are mended."""


def kind(address: str, settings: Settings) -> str:
    """What the document at *address* is, as far as its headers depend on that."""
    if address.startswith("/static/") and "?" in address:
        return address
    path = address.partition("?")[0]
    feed = _FEED.fullmatch(path)
    if feed is not None:
        age = plan(settings, unquote(feed[1])).max_age
        return "feeds" if age == int(settings.feeds.max_age.total_seconds()) else f"feeds-{age}"
    return path.strip("/").partition("/")[0] or "index"


def told(headers: Mapping[str, str]) -> dict[str, str]:
    """Those of *headers* that a web server has to repeat for every document of the kind."""
    return {name: value for name, value in headers.items() if not _OF_THE_BYTES.fullmatch(name)}


def link(headers: Mapping[str, str], address: str, site: Links) -> dict[str, str]:
    """The ``Link`` of a feed with a place for the feed's name, under the form of its address: ``link section.rss``."""
    feed = _FEED.fullmatch(address)
    if feed is None or "link" not in headers:
        return {}
    name, value = unquote(feed[1]), headers["link"]
    if name != ALL:
        for path in (links.feed(name, "").rstrip("."), page_of(name)):
            here = site.absolute(path)
            there = here.replace(quote(name), _NAME)
            value = value.replace(f"<{here}.", f"<{there}.").replace(f"<{here}>", f"<{there}>")
    return {f"{_LINK}{_form(name)}.{feed[2]}": value}


def write(tree: Tree, settings: Settings) -> bool:
    """Write the settings for nginx; whether they changed, so that it has to read them again."""
    manifest, site = tree.manifest, Links(settings.site.base_url)
    headers = manifest.headers()
    documents = {kind: known for kind, known in headers.items() if not kind.startswith(("errors/", "moved/"))}
    names = sorted({name for known in documents.values() for name in known if not name.startswith(_LINK)})
    moves = _moves(manifest)
    http = [
        *_map('"$uri?v=$arg_v"', "feedsvc_kind", _kinds(documents, settings)),
        *_map("$host", "feedsvc_base", [("~", site.base_url.rstrip("/"))]),
        *_archive_maps(manifest),
        *_feed_maps(manifest, site, headers.get("feeds", {})),
        *(line for name in names for line in _header_map(name, documents)),
        *(line for status, pairs in moves.items() for line in _map("$uri", f"feedsvc_moved_{status}", pairs)),
    ]
    types = [f"    {_quoted(value)} {suffix};" for suffix, value in manifest.types() if re.fullmatch(r"\w+", suffix)]
    server = [
        "types {", *types, "}",
        *(f"add_header {name.title()} ${_variable(name)};" for name in (*names, "link")),
        *([f"rewrite {_quoted(f'^{re.escape(site.prefix)}(/.*)?$')} $1;"] if site.prefix else []),
        *(line for status in moves for line in _moved_place(status, headers.get(f"moved/{status}", {}))),
        *_opened_place(),
        *(line for name in _ERRORS for line in _error_place(name, headers.get(f"errors/{name}", {}))),
    ]  # fmt: skip
    changed = tree.text(f"{FOLDER}/http.conf", "\n".join([*http, ""]).encode())
    return tree.text(f"{FOLDER}/server.conf", "\n".join([*server, ""]).encode()) or changed


def _moves(manifest: Manifest) -> dict[int, list[tuple[str, str]]]:
    """Where each address that moved leads, by the status with which it is answered; in order."""
    found: dict[int, list[tuple[str, str]]] = {}
    for address, status, target in manifest.moved():
        found.setdefault(status, []).append((unquote(address), target))
    return dict(sorted(found.items()))


def _archive_maps(manifest: Manifest) -> list[str]:
    """The page that is asked for, the key of an article, and the number under which a page of an archive once stood."""
    pages = {_NUMBERED.sub("", unquote(known.address)) for known in manifest.files("/archive/")}
    numbered = r"~^(?<feedsvc_f>/archive/.+/[0-9]+)-[a-z2-7]+(?<feedsvc_s>\.\w+)$"
    return [
        *_map("$arg_page", "feedsvc_page", [("~^0{0,4}(?<feedsvc_p>[2-9]|[1-9][0-9]{1,4})$", ".$feedsvc_p")]),
        *_map("$uri", "feedsvc_key", [("~/(?:[^/]*-)?(?<feedsvc_k>[a-z2-7]{8,16})/*$", "$feedsvc_k")]),
        *_map("$uri", "feedsvc_numbered", [(numbered, "$feedsvc_f$feedsvc_s")]),
        *_map("$feedsvc_numbered", "feedsvc_archived", [(page, "1") for page in sorted(pages)]),
    ]


def _feed_maps(manifest: Manifest, site: Links, told_of_feeds: Mapping[str, str]) -> list[str]:
    """A feed's name and form by its address, its ``Link`` by the form, and whether a person opened it in a browser."""
    links_by_form = {name.removeprefix(_LINK): value for name, value in told_of_feeds.items() if name.startswith(_LINK)}
    suffixes = sorted({form.rpartition(".")[2] for form in links_by_form})
    opened = sorted(suffix for suffix, value in manifest.types() if suffix in suffixes and _is_xml(value))
    seen = rf"~^(?:GET|HEAD) document /feeds/.+\.(?:{'|'.join(opened) or '-'})$"
    return [
        *_map("$request_uri", "feedsvc_name", _names(site, suffixes)),
        *_map("$request_uri", "feedsvc_beyond", _beyond(site, suffixes)),
        *_map("$request_uri", "feedsvc_form", _forms(site, suffixes)),
        *_map("$feedsvc_form", "feedsvc_header_link", sorted(links_by_form.items())),
        *_map('"$request_method $http_sec_fetch_dest $uri"', "feedsvc_opened", [(seen, "opened ")]),
    ]


def _header_map(name: str, documents: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The value of the header *name* by the kind of document; how long to keep a feed also by who opened it."""
    pairs = [(kind, known[name]) for kind, known in documents.items() if name in known]
    if name != _POLICY:
        return _map("$feedsvc_kind", _variable(name), pairs)
    pairs += [(f"opened {kind}", _private(value)) for kind, value in pairs if kind.startswith("feeds")]
    return _map('"$feedsvc_opened$feedsvc_kind"', _variable(name), pairs)


def _moved_place(status: int, headers: Mapping[str, str]) -> list[str]:
    return [
        f"if ($feedsvc_moved_{status}) {{ rewrite ^ /{OWN}/moved/{status} last; }}",
        f"location = /{OWN}/moved/{status} {{",
        "    internal;",
        *_added(headers),
        f"    return {status} $feedsvc_moved_{status};",
        "}",
    ]


def _opened_place() -> list[str]:
    return [
        f"if ($feedsvc_opened) {{ rewrite ^(/feeds/.*)$ {_OPENED}$1 last; }}",  # and not its errors again
        f"location ^~ {_OPENED}/ {{",
        "    internal;",
        f"    error_page 404 /{OWN}/errors/404.txt;",
        "    types { }",
        '    default_type "application/xml; charset=utf-8";',
        f"    rewrite ^{re.escape(_OPENED)}(/.*)$ $1 break;",
        "}",
    ]


def _error_place(name: str, headers: Mapping[str, str]) -> list[str]:
    return [f"location = /{OWN}/errors/{name} {{", "    internal;", *_added(headers, always=True), "}"]


def _is_xml(content_type: str) -> bool:
    """Whether a browser shows what has this type by its style sheet only where it is called plain XML."""
    return content_type.partition(";")[0].endswith("+xml")


def _private(policy: str) -> str:
    """The policy for a person who opened a feed in a browser: what he got is for no reader."""
    return ", ".join(["private", *(part for part in policy.split(", ") if not part.startswith(("public", "s-maxage")))])


def _added(headers: Mapping[str, str], *, always: bool = False) -> list[str]:
    end = " always;" if always else ";"
    return [f"    add_header {name.title()} {_quoted(value)}{end}" for name, value in sorted(headers.items())]


def write_articles(tree: Tree, site: Links) -> None:
    """Write the address of each article by its key: another day or slug before the key leads there."""
    found = [(article_key(known.address), site.absolute(known.address)) for known in tree.manifest.files("/articles/")]
    tree.text(f"{FOLDER}/articles.conf", "\n".join([*_map("$feedsvc_key", "feedsvc_article", found), ""]).encode())


def _kinds(known: Iterable[str], settings: Settings) -> list[tuple[str, str]]:
    """How *known* kinds are told by their addresses; the narrower ones first."""
    own: dict[str, list[str]] = {}
    for section in settings.sections:
        name = kind(links.feed(section, "x"), settings)
        if name != "feeds":
            own.setdefault(name, []).append(re.escape(section))
    found = [(rf"~^/feeds/(?:{'|'.join(sections)})\.[^/.]+\?", name) for name, sections in sorted(own.items())]
    for name in sorted(known):
        if name.startswith("/"):
            found.append((name, name))
        elif name == "index":
            found.append((r"~^/(?:index(?:\.[0-9]+)?\.html)?\?", name))
        elif name not in own:
            found.append((rf"~^/{re.escape(name)}[/?]", name))
    return [*found, (rf"~^/{re.escape(OWN)}/long/", "articles")]


def _names(site: Links, suffixes: Iterable[str]) -> list[tuple[str, str]]:
    return [(rf"~^{_prefix(site)}/feeds/(?<feedsvc_n>{_SPELT})\.(?:{'|'.join(suffixes) or '-'})(?:\?|$)", "$feedsvc_n")]


def _beyond(site: Links, suffixes: Iterable[str]) -> list[tuple[str, str]]:
    """Pages of an archive that it does not reach: the feed itself is what comes after the last one."""
    page = rf"(?<feedsvc_d>{_SPELT})/[1-9][0-9]{{0,8}}\.(?<feedsvc_e>{'|'.join(suffixes) or '-'})"
    return [(rf"~^{_prefix(site)}/archive/{page}(?:\?|$)", "/feeds/$feedsvc_d.$feedsvc_e")]


def _forms(site: Links, suffixes: Iterable[str]) -> list[tuple[str, str]]:
    ends = rf"\.(?<feedsvc_%s>{'|'.join(suffixes) or '-'})(?:\?|$)"
    forms = {"all": "all", "named": f"(?:tags|authors)/{_SPELT}", "section": _SPELT}
    return [(f"~^{_prefix(site)}/feeds/{name}{ends % form}", f"{form}.$feedsvc_{form}") for form, name in forms.items()]


def _form(name: str) -> str:
    if name == ALL:
        return "all"
    return "section" if is_section(name) else "named"


def _prefix(site: Links) -> str:
    return f"(?:{re.escape(site.prefix)})?" if site.prefix else ""


def _variable(header: str) -> str:
    return f"feedsvc_header_{re.sub(r'[^a-z0-9]', '_', header)}"


def _map(source: str, variable: str, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """A map of nginx: keys that begin with ``~`` are patterns, and all are told from its own words."""
    rows = [f"    {_quoted(key)} {_quoted(value)};" for key, value in pairs]
    return [f"map {source} ${variable} {{", '    default "";', *rows, "}"]


def _quoted(text: str) -> str:
    """*text* as nginx reads a string. A backslash before anything but a quote or itself stands for itself."""
    escaped = re.sub(r"[\x00-\x1f\x7f]", "", text).replace('"', '\\"')
    return f'"{escaped}"'
