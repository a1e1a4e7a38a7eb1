"""Which sections an article belongs to: by its own words, its crumbs, its codes, or its folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from feedsvc import text
from feedsvc.config import MAX_SEGMENTS, RESERVED, Settings
from feedsvc.errors import FieldError

_YEAR = re.compile(r"(19|20)\d{2}", re.ASCII)
_MONTH_OR_DAY = re.compile(r"\d{1,2}", re.ASCII)
_DATE = re.compile(r"(19|20)\d{2}[-_.]?\d{1,2}([-_.]?\d{1,2})?", re.ASCII)
_CRUMB_SEPARATORS = re.compile(r"\s*(?:[»›>|→·]|/| :: )\s*")
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
        self._chains: dict[str, str] = {}
        for path, section in settings.sections.items():
            last = path.rpartition("/")[2]
            for name in (*section.aliases, section.title, last.replace("-", " ")):
                # Two sections of one name: the name alone decides nothing, so the first in the file has it.
                if text.slug(name):
                    self._names.setdefault(text.slug(name), path)
            for former in section.moved_from:
                self._names.setdefault(former, path)
        for path in settings.sections:
            steps = ["/".join(path.split("/")[: count + 1]) for count in range(path.count("/") + 1)]
            titles = [settings.sections[step].title if step in settings.sections else step for step in steps]
            self._chains[text.slug(" ".join(titles))] = path
            self._chains[text.slug(path)] = path
        for alias, path in self._names.items():
            self._chains.setdefault(alias, path)

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
                spellings = dict(_spellings(chosen))
                return Sectioned(tuple(chosen), spellings, origin, tuple(notes), language)
        notes.append(f"no section is named and the file lies in no folder: it goes to {self._default!r}")
        return Sectioned((self._default,), {}, "[content] default_section", tuple(notes), language)

    def _named(self, name: str) -> tuple[str, tuple[str, ...]]:
        """A section by a name or path from metadata: configured ones by any of their names, else a new one."""
        segments = tuple(part for part in _PATH_SEPARATORS.split(text.one_line(name)) if text.slug(part))
        return self._spelt(segments)

    def _spelt(self, segments: Sequence[str]) -> tuple[str, tuple[str, ...]]:
        slugs = [text.slug(segment) for segment in segments]
        path = "/".join(slugs)
        if not path or path in self._paths:
            return path, tuple(segments)
        if path in self._names:
            return self._names[path], ()
        if len(slugs) == 1 and slugs[0] in self._names:
            return self._names[slugs[0]], ()
        if slugs[0] in self._names and "/".join([self._names[slugs[0]], *slugs[1:]]) != path:
            path, segments = "/".join([self._names[slugs[0]], *slugs[1:]]), ()
        return _checked(path), tuple(segments)

    def _crumbs(self, crumbs: str, title: str) -> tuple[str, tuple[str, ...]]:
        """A section by crumbs, whose separators may be lost: the longest configured path, the rest below it."""
        segments = [part for part in _CRUMB_SEPARATORS.split(text.one_line(crumbs)) if text.slug(part)]
        if segments and text.slug(segments[0]) in ("home", "homepage", "front-page"):
            segments = segments[1:]
        if segments and title and text.slug(segments[-1]) == text.slug(title):
            segments = segments[:-1]
        if not segments:
            return "", ()
        words = text.slug(" ".join(segments))
        best = max((chain for chain in self._chains if _begins(words, chain)), key=len, default="")
        if best:
            rest = words[len(best) :].strip("-")
            home = self._chains[best]
            return (_checked(f"{home}/{rest}"), ()) if rest and self._auto else (home, ())
        return self._spelt(segments)

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


def _begins(words: str, chain: str) -> bool:
    return words == chain or words.startswith(f"{chain}-")


def _checked(path: str) -> str:
    segments = path.split("/")[:MAX_SEGMENTS]
    if segments[0] in RESERVED:
        raise FieldError(
            f"a section cannot be called {segments[0]!r}: that address belongs to the service; rename it",
            field="sections",
            value=path,
        )
    return "/".join(segments)


def _spellings(chosen: Mapping[str, Sequence[str]]) -> Iterable[tuple[str, str]]:
    """The title of each section and ancestor as it was written, where it was."""
    for path, segments in chosen.items():
        slugs = path.split("/")
        if len(slugs) == len(segments):
            for count, segment in enumerate(segments, start=1):
                yield "/".join(slugs[:count]), text.one_line(segment)
