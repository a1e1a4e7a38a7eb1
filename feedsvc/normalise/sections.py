"""Which sections an article belongs to: by its own words, its crumbs, its codes, or its folder."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from feedsvc import markup, text
from feedsvc.config import MAX_SEGMENTS, RESERVED, Settings
from feedsvc.errors import FieldError

_YEAR = re.compile(r"(19|20)\d{2}", re.ASCII)
_MONTH_OR_DAY = re.compile(r"\d{1,2}", re.ASCII)
_DATE = re.compile(r"(19|20)\d{2}[-_.]?\d{1,2}([-_.]?\d{1,2})?", re.ASCII)
_CRUMB_SEPARATORS = re.compile(r"\s*(?:[»›>|→·]|/| :: )\s*")
_LONGEST_CRUMBS = 500
_LONGEST_PATH = 1024
_LONGEST_REMEMBERED = 200
_MOST_REMEMBERED = 1024
_PATH_SEPARATORS = re.compile(r"\s*(?:[»›>→]|/)\s*")


@dataclass(frozen=True, slots=True)
class Sectioned:
    """*paths*, home first; *spellings* of their titles as met, by path; the rule that chose, and what is odd."""

    paths: tuple[str, ...]
    spellings: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
    notes: tuple[str, ...] = ()
    language: str = ""


class SectionNames:
    """The names under which the configured sections are known. Built once for each ``Settings``."""

    def __init__(self, settings: Settings) -> None:
        self._auto = settings.content.auto_sections
        self._default = settings.content.default_section
        self._languages = {name.lower() for name in settings.site.languages}
        self._codes = {code.casefold(): path for code, path in settings.content.codes.items()}
        self._paths = frozenset(settings.sections)
        self._names: dict[str, str] = {}
        self._below: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for path, section in settings.sections.items():
            last = path.rpartition("/")[2]
            for name in (*section.aliases, section.title, last.replace("-", " ")):
                # Two sections of one name: the name alone decides nothing, so the first in the file has it.
                if slug := text.slug(name):
                    self._names.setdefault(slug, path)
                    self._below[path.rpartition("/")[0]].setdefault(slug, path)
            for former in section.moved_from:
                self._names.setdefault(former, path)
        for path in settings.sections:
            while path:
                above, _, last = path.rpartition("/")
                self._below[above].setdefault(last, path)
                path = above
        everywhere = [self._names, *self._below.values()]
        # A folder's articles stand in the same sections: what was chosen without crumbs and codes is remembered.
        self._known: dict[tuple[str, ...], Sectioned] = {}
        self._longest = max((name.count("-") + 1 for names in everywhere for name in names), default=0)

    def choose(
        self,
        path: PurePosixPath,
        *,
        names: Sequence[str] = (),
        crumbs: str = "",
        codes: Sequence[str] = (),
        title: str = "",
    ) -> Sectioned:
        """The sections of an article at *path*: its own *names*, else *crumbs*, else *codes*, else its folder.

        Raises FieldError where a section would have a reserved address.
        """
        if crumbs or codes or sum(map(len, names)) > _LONGEST_REMEMBERED:
            return self._choose(path, names, crumbs, codes, title)
        known = (str(path).rpartition("/")[0], *names)
        found = self._known.get(known)
        if found is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            found = self._known[known] = self._choose(path, names, "", (), title)
        return found

    def _choose(
        self, path: PurePosixPath, names: Sequence[str], crumbs: str, codes: Sequence[str], title: str
    ) -> Sectioned:
        folder, language = self._folder(path)
        rules = (
            ("its own words", lambda: [self._named(name) for name in names]),
            ("crumbs", lambda: [self._crumbs(crumbs, title)]),
            ("codes", lambda: [(self._codes[code.casefold()], ()) for code in codes if code.casefold() in self._codes]),
            ("folder", lambda: [self._spelt(folder)]),
        )
        notes: list[str] = []
        for origin, rule in rules:
            chosen: dict[str, tuple[str, ...]] = {}
            for found, spelling in rule():
                if found and not self._auto and found not in self._paths:
                    notes.append(f"{found!r} is not a configured section, and [content] auto_sections is off")
                elif found:
                    chosen.setdefault(found, spelling)
            if chosen:
                spellings: dict[str, str] = {}
                for section, written in _spellings(chosen):
                    spellings.setdefault(section, written)
                return Sectioned(tuple(chosen), spellings, origin, tuple(notes), language)
        notes.append(f"no section is named and the file lies in no folder: it goes to {self._default!r}")
        return Sectioned((self._default,), {}, "[content] default_section", tuple(notes), language)

    def _named(self, name: str) -> tuple[str, tuple[str, ...]]:
        """A section by a name or path from metadata: configured ones by any of their names, else a new one."""
        return self._spelt(_split(_PATH_SEPARATORS, name))

    def _spelt(self, segments: Sequence[str]) -> tuple[str, tuple[str, ...]]:
        """The path of a section by its names from the top, and the titles that its last segments have by them."""
        slugs = [text.slug(segment) for segment in segments]
        path = "/".join(slugs)
        if not path or path in self._paths:
            return path, tuple(segments)
        if path in self._names:
            return self._names[path], ()
        home = self._names.get(slugs[0], slugs[0])
        if home == slugs[0]:
            return _checked(path), tuple(segments[:MAX_SEGMENTS])
        path = _checked("/".join([home, *slugs[1:]]))
        return path, tuple(segments[1 : 1 + path.count("/") - home.count("/")])

    def _crumbs(self, crumbs: str, title: str) -> tuple[str, tuple[str, ...]]:
        """A section by crumbs, whose separators may be lost: the longest configured path, the rest below it."""
        segments = _split(_CRUMB_SEPARATORS, crumbs[:_LONGEST_CRUMBS])
        if segments and text.slug(segments[0]) in ("home", "homepage", "front-page"):
            segments = segments[1:]
        if segments and title and text.slug(segments[-1]) == text.slug(title):
            segments = segments[:-1]
        home, rest = self._led(segments)
        if not home:
            return self._spelt(segments)
        if not rest or not self._auto:
            return home, ()
        path = _checked("/".join([home, *(text.slug(segment) for segment in rest)]))
        return path, tuple(rest[: path.count("/") - home.count("/")])

    def _led(self, segments: Sequence[str]) -> tuple[str, Sequence[str]]:
        """The configured section to which the first words of *segments* lead, and what is left of them."""
        home, left = "", list(segments)
        while left:
            found = self._first(left, self._below.get(home, {}))
            if found is None and not home:
                found = self._first(left, self._names)
            if found is None:
                break
            home, left = found
        return home, left

    def _first(self, segments: Sequence[str], names: Mapping[str, str]) -> tuple[str, list[str]] | None:
        """The section whose name is the longest that *segments* begin with, and the rest behind it."""
        for count in range(min(len(segments), self._longest), 0, -1):
            path = names.get(text.slug(" ".join(segments[:count])))
            if path is not None:
                return path, list(segments[count:])
        words = segments[0].split()
        for count in range(min(len(words), 2 * self._longest), 0, -1):
            # Signs between the words, such as "&", are words of their own here: at most one for each real word.
            path = names.get(text.slug(" ".join(words[:count])))
            if path is not None:
                rest = " ".join(words[count:])
                return path, [*([rest] if text.slug(rest) else []), *segments[1:]]
        return None

    def _folder(self, path: PurePosixPath) -> tuple[tuple[str, ...], str]:
        """The folders that name a section, and the language that a folder names."""
        language, kept, after_year = "", [], False
        for name in path.parts[:-1]:
            if name.lower() in self._languages:
                language = name
            elif _YEAR.fullmatch(name) or (after_year and _MONTH_OR_DAY.fullmatch(name)) or _DATE.fullmatch(name):
                after_year = True
            elif text.slug(name):
                kept.append(name)
                after_year = False
        return tuple(kept), language


def _split(separators: re.Pattern[str], written: str) -> list[str]:
    """The names in *written* as plain text."""
    return [part for part in separators.split(markup.plain_line(written)) if text.slug(part)]


def _checked(path: str) -> str:
    segments = path.split("/")[:MAX_SEGMENTS]
    if len("/".join(segments).encode()) > _LONGEST_PATH:
        raise FieldError(
            f"the section that begins with {path[:40]!r} has a name of more than {_LONGEST_PATH:,} bytes; shorten it",
            field="sections",
            value=path[:80],
        )
    if segments[0] in RESERVED:
        raise FieldError(
            f"a section cannot be called {segments[0]!r}: that address belongs to the service; rename it, or make it"
            " an alias of a section in the config file",
            field="sections",
            value=path,
        )
    return "/".join(segments)


def _spellings(chosen: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The title of each section and ancestor as it was written, where it was."""
    for path, titles in chosen.items():
        slugs = path.split("/")
        for count, title in enumerate(titles, start=len(slugs) - len(titles) + 1):
            yield "/".join(slugs[:count]), text.one_line(title)
