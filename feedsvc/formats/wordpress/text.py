"""The text of a WordPress entry as HTML: blocks, bare paragraphs and shortcodes as WordPress itself shows them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_BLOCK_COMMENT = re.compile(r"<!--\s*/?wp:([a-z0-9/-]{1,80})([^<>]{0,20000}?)/?-->")
_REUSABLE = re.compile(r"<!--\s*wp:block\s+\{\"ref\":(\d{1,12})[^<>]{0,500}\}\s*/-->")
_COMMENT = re.compile(r"<!--(?:more|nextpage|noteaser)[^<>]{0,200}-->")
_SHORTCODE = re.compile(r"(\[?)\[(/?)([a-zA-Z][\w-]{0,60})((?:\s[^\[\]]{0,3000})?)\](\]?)")
_ATTRIBUTE = re.compile(r"""([\w-]{1,40})\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")
_LINE_ADDRESS = re.compile(
    r"^[ \t]*(?:<p>)?\s{0,5}(https?://[^\s<>\"\[\]]{4,1000})\s{0,5}(?:</p>)?[ \t]*$", re.MULTILINE
)
_WRAPPED_ADDRESS = re.compile(
    r"(<div class=\"wp-block-embed__wrapper\">)\s{0,20}(https?://[^\s<>\"]{4,1000})\s{0,20}(</div>)"
)
_DOWNLOAD = re.compile(r"<a\s[^<>]{0,2000}?class=\"wp-block-file__button[^<>]{0,2000}>[^<>]{0,200}</a>")
_PICTURE_FIRST = re.compile(
    r"\s{0,20}((?:<a\s[^<>]{0,2000}>\s{0,20})?<img\s[^<>]{0,4000}>(?:\s{0,20}</a>)?)(.*)", re.DOTALL
)
_BLOCKS = (
    "address article aside audio blockquote center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3"
    " h4 h5 h6 header hr iframe li main nav object ol p pre script section style summary table tbody td tfoot th thead"
    " tr ul video"
)
_PIECE = re.compile(rf"(</?(?:{'|'.join(_BLOCKS.split())})\b[^<>]*>)", re.IGNORECASE)
_NAME = re.compile(r"</?([a-z0-9]+)", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t\u00a0]*\n\s*")
_PARAGRAPHS_IN = frozenset({"", "div", "blockquote", "article", "section", "aside", "details", "center"})
_ALONE = frozenset({"hr"})
_MOST_SHORTCODES = 5_000
_FILMS = ("mp4", "m4v", "webm", "ogv", "src")
_SOUNDS = ("mp3", "m4a", "ogg", "wav", "flac", "src")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of the media library: its address and its words."""

    url: str
    title: str = ""
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A text as HTML, and the shortcodes and blocks that only the former site could have filled."""

    html: str
    unknown: tuple[str, ...] = ()


def shown(
    content: str, *, attachments: Mapping[str, Attachment], reusable: Mapping[str, str], own: Sequence[str] = ()
) -> Shown:
    """The *content* of an entry. *attachments* and *reusable* blocks are by their ids in the export.

    *own* are the pictures that were uploaded with the entry, in their order: a gallery that names none shows them.
    """
    content = content.replace("\r\n", "\n").replace("\r", "\n").strip()
    unknown: dict[str, None] = {}
    if "wp:block" in content:
        content = _REUSABLE.sub(lambda found: reusable.get(found[1], ""), content)
    in_blocks = "<!-- wp:" in content
    content = _WRAPPED_ADDRESS.sub(lambda found: f"{found[1]}{_link(found[2])}{found[3]}", content)
    if in_blocks:
        for found in re.finditer(
            r"<!--\s*wp:([a-z0-9/-]{1,80})\s[^<>]{0,20000}/-->|<!--\s*wp:([a-z0-9/-]{1,80})\s*/-->", content
        ):
            name = found[1] or found[2]
            if name not in ("spacer", "separator", "more", "nextpage", "block"):
                unknown[f"block {name}"] = None
        content = _DOWNLOAD.sub("", _BLOCK_COMMENT.sub("", content))
    content = _COMMENT.sub("\n\n", content)
    content = _with_shortcodes(content, attachments, unknown, own)
    content = _LINE_ADDRESS.sub(lambda found: f"<p>{_link(found[1])}</p>", content)
    return Shown(html=(content if in_blocks else paragraphs(content)).strip(), unknown=tuple(unknown))


def paragraphs(text: str) -> str:
    """*text* with paragraphs where WordPress puts them: at blank lines outside other blocks; ``br`` at single ones."""
    parts: list[str] = []
    open_blocks: list[str] = []
    for number, piece in enumerate(_PIECE.split(text)):
        if number % 2:
            parts.append(piece)
            _follow(piece, open_blocks)
            continue
        inside = open_blocks[-1] if open_blocks else ""
        if not piece.strip() or inside not in _PARAGRAPHS_IN:
            parts.append(piece)
            continue
        chunks = [chunk.strip() for chunk in _BLANK_LINE.split(piece)]
        parts += [f"<p>{_lines(chunk)}</p>\n" for chunk in chunks if chunk]
    return "".join(parts).strip()


def _follow(tag: str, open_blocks: list[str]) -> None:
    """Bring *open_blocks*, the innermost last, up to what is open behind *tag*."""
    name = (_NAME.match(tag) or [tag, ""])[1].lower()
    if tag.startswith("</"):
        if name in open_blocks[-20:]:
            while open_blocks.pop() != name:
                pass
    elif name not in _ALONE and not tag.endswith("/>") and "</" not in tag[2:]:
        open_blocks.append(name)


def _lines(chunk: str) -> str:
    return re.sub(r"(?<!<br>)(?<!<br/>)(?<!<br />)\n", "<br>\n", chunk)


def _link(address: str) -> str:
    address = html.escape(html.unescape(address))
    return f'<a href="{address}">{address}</a>'


def _with_shortcodes(
    text: str, attachments: Mapping[str, Attachment], unknown: dict[str, None], own: Sequence[str]
) -> str:
    """*text* with the shortcodes of WordPress itself as HTML. Of others the tags go, what they enclose stays."""
    if "[" not in text:
        return text
    parts: list[str] = []
    done = seen = 0
    closers = {found[3].lower() for found in _SHORTCODE.finditer(text) if found[2]}
    after: dict[str, int] = {}
    for found in _SHORTCODE.finditer(text):
        seen += 1
        if found.start() < done:
            continue
        if seen > _MOST_SHORTCODES:
            break
        name, given = found[3].lower(), found[4]
        if found[1] and found[5]:
            parts += [text[done : found.start()], found[0][1:-1]]
            done = found.end()
            continue
        if found[2] or name not in _KNOWN:
            if found[2] or name in closers or "=" in given:
                unknown[f"[{name}]"] = None
                parts += [text[done : found.start()], found[1], found[5]]
                done = found.end()
            continue  # such as [sic]: it is text
        closer = f"[/{found[3]}]"
        if after.get(closer, 0) < found.end():
            at = text.find(closer, found.end())
            after[closer] = at if at >= 0 else len(text) + 1
        end = after[closer]
        enclosed = text[found.end() : end] if end <= len(text) and not given.rstrip().endswith("/") else ""
        attributes = {one[1].lower(): one[2] or one[3] or one[4] or "" for one in _ATTRIBUTE.finditer(given)}
        if name == "gallery" and not attributes.keys() & {"ids", "include", "id"}:
            attributes["ids"] = ",".join(one for one in own if one not in attributes.get("exclude", "").split(","))
        parts += [text[done : found.start()], found[1], _KNOWN[name](attributes, enclosed, attachments), found[5]]
        done = end + len(closer) if enclosed or (end == found.end()) else found.end()
    parts.append(text[done:])
    return "".join(parts)


Attributes = Mapping[str, str]
Attachments = Mapping[str, Attachment]


def _caption(attributes: Attributes, enclosed: str, _: Attachments) -> str:
    words = attributes.get("caption", "")
    found = _PICTURE_FIRST.fullmatch(enclosed)
    picture = found[1] if found else enclosed
    words = words or (found[2].strip() if found else "")
    return (
        f"\n<figure>{picture}<figcaption>{words}</figcaption></figure>\n"
        if words
        else f"\n<figure>{picture}</figure>\n"
    )


def _gallery(attributes: Attributes, _: str, attachments: Attachments) -> str:
    ids = re.split(r"[\s,]+", attributes.get("ids") or attributes.get("include") or "")
    return "".join(figure(attachments[one]) for one in ids[:200] if one in attachments)


def figure(picture: Attachment) -> str:
    """A picture of the library, with its words."""
    words = f"<figcaption>{picture.caption}</figcaption>" if picture.caption else ""
    alt = html.escape(picture.alt)
    return f'\n<figure><img src="{html.escape(picture.url)}" alt="{alt}">{words}</figure>\n'


def _embed(attributes: Attributes, enclosed: str, _: Attachments) -> str:
    address = (enclosed or attributes.get("src") or attributes.get("url") or attributes.get("id") or "").strip()
    return f"\n<p>{_link(address)}</p>\n" if address.startswith(("https://", "http://")) else ""


def _player(tag: str, names: tuple[str, ...]) -> Callable[[Attributes, str, Attachments], str]:
    def player(attributes: Attributes, enclosed: str, _: Attachments) -> str:
        address = next((attributes[name] for name in names if attributes.get(name)), "") or enclosed.strip()
        if not address.startswith(("https://", "http://", "/")):
            return ""
        return f'\n<figure><{tag} src="{html.escape(html.unescape(address))}"></{tag}></figure>\n'

    return player


_KNOWN: Mapping[str, Callable[[Attributes, str, Attachments], str]] = {
    "caption": _caption, "wp_caption": _caption, "gallery": _gallery, "embed": _embed,
    "youtube": _embed, "vimeo": _embed,
    "audio": _player("audio", _SOUNDS), "video": _player("video", _FILMS),
}  # fmt: skip
