"""Shortcodes of Hugo, tags of Liquid and Jekyll, attributes of Kramdown: what a reader should see of them.

None is run. Pictures, films and quotations are shown where the tag says all that is needed; code becomes a code block;
an address becomes that address; comments go with what is in them. Of everything else the tag goes and what it encloses
stays. Code in the text is left as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from feedsvc.errors import TooLarge
from feedsvc.formats.markdown.commonmark import code_ranges
from feedsvc.formats.markdown.tagviews import Tag, address_of, view

MAX_TAGS = 20_000
"""How many tags one text may have."""
_LONGEST = 4_000
"""Signs that one tag may have; a longer one is text."""
_INDENT = 40
_NAMED = 8
"""How many unknown tags are named in a note."""
_OPENER = re.compile(
    r"\{\{<|\{\{%|\{\{/\*|\{\{|\{%|\{:|<!--[ \t]*(?:more|excerpt|truncate|read-?more|end-?excerpt)\b", re.IGNORECASE
)
_CLOSER = {"{{<": ">}}", "{{%": "%}}", "{{/*": "*/}}", "{{": "}}", "{%": "%}", "{:": "}", "<!--": "-->"}
_WORD = re.compile(
    r"""(?P<key>[\w:-]+)[ \t\n]*=[ \t\n]*(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)'|`(?P<raw>[^`]*)`"""
    r"""|(?P<bare>[^\s"'`]+))|"(?P<quoted>(?:[^"\\]|\\.)*)"|'(?P<apart>[^']*)'|`(?P<tick>[^`]*)`|(?P<word>[^\s"'`]+)""",
    re.DOTALL,
)
_ATTRIBUTES = re.compile(r":?[ \t]*(?:[.#][\w-]|toc\b|[\w-]{1,40}=|options\b|nomarkdown\b|comment\b|/)")
_REST_OF_LINE = re.compile(r"[ \t]*(?:\n|\Z)")
_BEFORE_TOC = re.compile(r"(?:^|\n)(?:[*+-]|1\.)[ \t]+[^\n]{0,80}\n\Z")
_LITERAL = re.compile(r"[\"']([^\"'{}]*)[\"']\s*(?:\||\Z)")
_VARIABLE = re.compile(r"-?\s*(?:site|page|post|layout|include|content|theme|jekyll|collections|assign)\b|[^|]*\|")
_ENDS = {"highlight": "endhighlight", "comment": "endcomment", "raw": "endraw"}


def render(text: str, *, first_line: int = 1) -> tuple[str, list[str]]:
    """*text* with each shortcode, tag and attribute list shown or taken out, and notes on what was taken out.

    *first_line* is the file's line on which *text* begins. Raises TooLarge.
    """
    if ("{" not in text and "<!--" not in text) or not _OPENER.search(text):
        return text, []
    return _Rewriter(text, first_line).rewritten()


@dataclass(frozen=True, slots=True)
class _Found:
    """A tag as it stands in the text: from *start* to *end*, *inner* between its signs."""

    opener: str
    start: int
    end: int
    inner: str


class _Rewriter:
    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._first_line = first_line
        code = code_ranges(text)
        self._starts = [start for start, _ in code]
        self._ends = [end for _, end in code]
        self._parts: list[str] = []
        self._done = 0
        self._unknown: dict[str, int] = {}
        # Where the next closer of each kind stands: no part of the text is searched twice.
        self._next: dict[str, int] = {}

    def rewritten(self) -> tuple[str, list[str]]:
        position = seen = 0
        while (match := _OPENER.search(self._text, position)) is not None:
            position = self._after_code(match.start())
            if position > match.start():
                continue
            seen += 1
            if seen > MAX_TAGS:
                raise TooLarge(
                    f"The text has more than {MAX_TAGS:,} shortcodes or tags. Split it, or take some of them out.",
                    line=self._first_line + self._text.count("\n", 0, position),
                )
            found = self._tag(match)
            if found is None:
                position = match.end()
                continue
            position = self._replace(found)
        self._parts.append(self._text[self._done :])
        return "".join(self._parts), self._notes()

    def _after_code(self, position: int) -> int:
        """*position*, or the end of the code in which it lies."""
        index = bisect_right(self._starts, position) - 1
        return max(position, self._ends[index]) if index >= 0 else position

    def _tag(self, match: re.Match[str]) -> _Found | None:
        opener = "<!--" if match[0].startswith("<!--") else match[0]
        begin = match.start() + len(opener)
        closer = _CLOSER[opener]
        end = self._find(closer, begin)
        if end - begin > _LONGEST or (opener == "{:" and "\n" in self._text[begin:end]):
            return None
        return _Found(opener, match.start(), end + len(closer), self._text[begin:end])

    def _find(self, closer: str, begin: int) -> int:
        """Where *closer* stands next after *begin*; beyond all limits where it does not."""
        if self._next.get(closer, -1) < begin:
            found = self._text.find(closer, begin)
            self._next[closer] = len(self._text) + _LONGEST + 1 if found < 0 else found
        return self._next[closer]

    def _replace(self, found: _Found) -> int:
        """Put what is shown of *found* in its place; the position after it."""
        shown: str | None
        end = found.end
        if found.opener in {"{{/*", "<!--"}:
            shown = ""
        elif found.opener == "{:":
            shown, end = self._attributes(found)
        elif found.opener == "{{":
            shown = _expression(found.inner)
        elif found.inner.startswith("/*"):
            # {{</* name */>}} is how Hugo's authors show a shortcode.
            shown = f"{found.opener}{found.inner[2:].removesuffix('*/')}{_CLOSER[found.opener]}"
        else:
            shown, end = self._named(found)
        if shown is None:
            return found.end
        self._parts += [self._text[self._done : found.start], shown]
        self._done = end
        return end

    def _attributes(self, found: _Found) -> tuple[str | None, int]:
        """What is shown of ``{: … }`` (nothing, or None where it is plain text), and where the text goes on."""
        if not _ATTRIBUTES.match(found.inner):
            return None, found.end
        if found.inner.strip() == ":comment":
            end = self._find("{:/", found.end)
            return "", end if end < len(self._text) else found.end
        if found.inner.strip().lower() == "toc" and (marker := _BEFORE_TOC.search(self._before(found))):
            # A list of one item stands before {:toc}, in whose place Kramdown puts the table of contents.
            self._parts.append(self._text[self._done : found.start - len(marker[0].lstrip("\n"))])
            self._done = found.start
        return "", found.end

    def _before(self, found: _Found) -> str:
        return self._text[max(self._done, found.start - 100) : found.start]

    def _named(self, found: _Found) -> tuple[str, int]:
        """What is shown of a tag with a name, and where the text goes on."""
        tag = parse_tag(found.inner)
        if not tag.name or tag.closing:
            return "", found.end
        name = tag.name
        if name in _ENDS:
            body, end = self._enclosed(found, name)
            if name == "highlight":
                return _code(body, tag.words[0] if tag.words else "", alone=self._alone(found.start)), end
            return ("" if name == "comment" else body), end
        if (address := address_of(tag)) is not None:
            return address, found.end
        alone = self._alone(found.start) and _REST_OF_LINE.match(self._text, found.end) is not None
        shown = view(tag, block=alone)
        if shown is None:
            if name not in self._unknown and len(self._unknown) < _NAMED:
                self._unknown[name] = self._first_line + self._text.count("\n", 0, found.start)
            return "", found.end
        return shown, found.end

    def _alone(self, start: int) -> bool:
        """Whether nothing but a few blanks stands before *start* on its line."""
        begin = max(0, start - _INDENT)
        line = self._text.rfind("\n", begin, start)
        return (line >= 0 or begin == 0) and not self._text[max(line + 1, begin) : start].strip()

    def _enclosed(self, found: _Found, name: str) -> tuple[str, int]:
        """What stands between a tag and the one that ends it, and the position after that."""
        if found.opener == "{%":
            ending = re.compile(rf"\{{%-?\s{{0,20}}{_ENDS[name]}\s{{0,20}}-?%\}}")
        else:
            ending = re.compile(rf"\{{\{{[<%]\s{{0,20}}/\s{{0,20}}{name}\s{{0,20}}[>%]\}}\}}")
        if self._next.get(ending.pattern, -1) < found.end:
            match = ending.search(self._text, found.end)
            self._next[ending.pattern] = len(self._text) if match is None else match.start()
        match = ending.match(self._text, self._next[ending.pattern])
        return ("", found.end) if match is None else (self._text[found.end : match.start()], match.end())

    def _notes(self) -> list[str]:
        if not self._unknown:
            return []
        names = [f"{name} (line {line})" for name, line in self._unknown.items()]
        return [f"These shortcodes cannot be shown and were taken out: {', '.join(names)}."]


def parse_tag(inner: str) -> Tag:
    """The name and the arguments of a tag, from what stands between its signs."""
    inner = inner.strip().strip("-").strip()
    closing = inner.startswith("/")
    inner = inner.removesuffix("/")
    named: dict[str, str] = {}
    words: list[str] = []
    for match in _WORD.finditer(inner.lstrip("/")):
        value = next((part for part in match.group("double", "single", "raw", "bare") if part is not None), None)
        if match["key"] is not None and value is not None:
            named[match["key"].lower()] = value.replace('\\"', '"')
        else:
            words.append(next(part for part in match.group("quoted", "apart", "tick", "word") if part is not None))
    name = words.pop(0) if words else ""
    return Tag(name=name.lower(), named=named, words=tuple(words), closing=closing)


def _expression(inner: str) -> str | None:
    """What is shown of ``{{ … }}``: a literal as it is, nothing of a variable; None where it is plain text."""
    inner = inner.strip()
    if match := _LITERAL.match(inner):
        return match[1]
    return "" if _VARIABLE.match(inner) else None


def _code(body: str, language: str, *, alone: bool) -> str:
    """*body* as a fenced code block."""
    longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    language = re.sub(r"[^\w+#.-]", "", language)
    first = "" if alone else "\n\n"
    return f"{first}{fence}{language}\n{body.strip(chr(10))}\n{fence}\n"
