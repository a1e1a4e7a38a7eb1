"""What is shown of a shortcode or tag that says all that is needed: a picture, a link, a quotation."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from feedsvc.formats.keys.media import is_address

_PICTURE = re.compile(r"(?<![a-z])(?:figure|fig|img|image|picture|photo|asset)(?![a-z])")
_SOURCES = ("src", "url", "file", "image", "path", "image_path", "href")
_CAPTIONS = ("caption", "description", "title")
_ID = re.compile(r"[\w-]{1,64}")
_FILMS: Mapping[str, str] = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "instagram": "https://www.instagram.com/p/{}/",
    "dailymotion": "https://www.dailymotion.com/video/{}",
}
_EMBEDS = frozenset(
    {"embed", "oembed", "twitter", "tweet", "x", "audio", "video", "mp4", "mp3", "soundcloud", "iframe"}
)
_SILENT = re.compile(
    "more|toc|tableofcontents|br|clear|if|elsif|else|unless|case|when|for|break|continue|assign|capture|increment|"
    "decrement|cycle|tablerow|echo|render|end.*"
)
_ADDRESSES = frozenset({"ref", "relref", "post_url", "link", "asset_path", "absurl", "relurl"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A shortcode or tag: *name* in lower case, *named* arguments and the others, in order."""

    name: str
    named: Mapping[str, str]
    words: tuple[str, ...] = ()
    closing: bool = False

    def first(self, *names: str) -> str:
        """The first of the named arguments that is not empty."""
        return next((text for name in names if (text := self.named.get(name, "").strip())), "")


def address_of(tag: Tag) -> str | None:
    """The address that *tag* stands for (``{{< ref "a.md" >}}``, ``{% post_url 2020-01-02-b %}``); None if for none."""
    if tag.name not in _ADDRESSES:
        return None
    return (tag.first("path") or (tag.words[0] if tag.words else "")).replace(" ", "%20")


def view(tag: Tag, *, block: bool) -> str | None:
    """Markdown or HTML in the place of *tag*, "" for nothing; None where it cannot be shown.

    *block* says that the tag stands on a line of its own.
    """
    name = tag.name.rpartition("/")[2]
    if name == "include" and tag.words:
        # Jekyll: {% include figure.html src="a.jpg" %}
        name = tag.words[0].lower().rpartition("/")[2].rpartition(".")[0]
        tag = Tag(name=name, named=tag.named, words=tag.words[1:])
    if _SILENT.fullmatch(name):
        return ""
    return _film(tag, name) or _gist(tag, name) or _picture(tag, name, block=block) or _embed(tag, name) or _said(tag)


def _film(tag: Tag, name: str) -> str:
    service = next((service for service in _FILMS if service in name), "")
    identity = tag.first("id", "video_id", "video", "key") or (tag.words[0] if tag.words else "")
    if not service or not _ID.fullmatch(identity):
        return _link(identity) if service else ""
    return _link(_FILMS[service].format(identity))


def _gist(tag: Tag, name: str) -> str:
    if name != "gist" or not tag.words:
        return ""
    return _link("https://gist.github.com/" + "/".join(word.strip("/") for word in tag.words[:2]))


def _picture(tag: Tag, name: str, *, block: bool) -> str:
    if not _PICTURE.search(name):
        return ""
    source = tag.first(*_SOURCES) or next((word for word in tag.words if is_address(word)), "")
    source = source.replace("\\_", "_").replace(" ", "%20")
    caption = tag.first(*_CAPTIONS)
    if not is_address(source) or source.startswith("{"):
        # A picture named by an id is in a catalogue that only the site has.
        return f"*{_escaped(caption)}*" if caption else ""
    alt = tag.first("alt", "alt_text", "image_alt")
    picture = f'<img src="{html.escape(source)}" alt="{html.escape(alt)}">'
    if target := tag.first("link"):
        picture = f'<a href="{html.escape(target)}">{picture}</a>'
    credit = tag.first("attr", "credit", "attribution")
    words = html.escape(" ".join(part for part in (caption, credit) if part), quote=False)
    if not block:
        return f"{picture} {words}".strip()
    if words:
        return f"\n<figure>{picture}<figcaption>{words}</figcaption></figure>\n"
    return f"\n<figure>{picture}</figure>\n"


def _embed(tag: Tag, name: str) -> str:
    if name not in _EMBEDS:
        return ""
    if name in {"tweet", "twitter", "x"} and tag.first("user") and tag.first("id"):
        return _link(f"https://twitter.com/{tag.first('user')}/status/{tag.first('id')}")
    return _link(tag.first(*_SOURCES) or next((word for word in tag.words if is_address(word)), ""))


def _said(tag: Tag) -> str | None:
    """The words that a tag carries in its arguments, as of a quotation or a notice."""
    words = tag.first("text", "quote", "content", "body")
    if not words:
        return None
    by = tag.first("cite", "author", "source")
    inner = f"<p>{html.escape(words, quote=False)}</p>"
    if by:
        inner += f"<p>— {html.escape(by, quote=False)}</p>"
    if "quote" in tag.name:
        return f"\n<blockquote>{inner}</blockquote>\n"
    return f"\n<div>{inner}</div>\n"


def _link(address: str) -> str:
    address = address.replace(" ", "%20")
    if not address or any(sign.isspace() or sign in "<>" for sign in address) or not is_address(address):
        return ""
    if address.startswith(("http://", "https://")):
        return f"<{address}>"
    return f"[{_escaped(address.rpartition('/')[2])}](<{address}>)"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>{}&])", r"\\\1", " ".join(text.split()))
