"""Keys of front matter that speak of an article as an episode: as sites made by Hugo, Jekyll and Octopod have them."""

from __future__ import annotations

from collections.abc import Iterator

from feedsvc.formats.base import RawEpisode
from feedsvc.formats.draft import Draft
from feedsvc.formats.keys.entries import Entries, Value, as_text, fold
from feedsvc.formats.keys.media import is_address, seconds
from feedsvc.podcasts import Person, Transcript

_TEXTS = {
    "number": ("episode", "episodenumber", "podcastepisode", "itunesepisode"),
    "season": ("season", "seasonnumber", "podcastseason", "itunesseason"),
    "kind": ("episodetype", "podcasttype", "itunesepisodetype"),
    "title": ("episodetitle", "itunestitle"),
    "explicit": ("explicit", "podcastexplicit", "itunesexplicit"),
    "image": ("episodeimage", "podcastimage", "itunesimage"),
    "chapters": ("chapters", "podcastchapters", "chaptersurl"),
}
_DURATIONS = ("duration", "podcastduration", "audioduration", "itunesduration")
_TRANSCRIPTS = ("transcript", "transcripts", "podcasttranscript")
_PERSONS = (("hosts", "host"), ("host", "host"), ("guests", "guest"), ("guest", "guest"), ("speakers", ""))
KEYS = frozenset({"podcast", *_DURATIONS, *_TRANSCRIPTS, *(name for name, _ in _PERSONS)}.union(*_TEXTS.values()))
"""Without one of these nothing is said of an episode."""
_IN_MAPPING = {"number": "episode", "season": "season", "kind": "episodetype", "title": "title",
               "explicit": "explicit", "image": "image", "chapters": "chapters"}  # fmt: skip
_MOST = 50


def read_episode(draft: Draft, entries: Entries) -> None:
    """Set ``episode`` where a key speaks of one; ``podcast: {...}`` may hold the keys as well."""
    inner = _mapping(entries)
    found: dict[str, str] = {}
    first = ""
    for field, names in _TEXTS.items():
        for text, where in entries.texts(*names):
            if field in ("image", "chapters") and not is_address(text):
                draft.note(f"“{text[:80]}” ({where}) is no address of a file, so it is left out.")
            elif field not in found:
                found[field], first = text, first or where
        text = as_text(inner.get(_IN_MAPPING[field], ""))
        if text and field not in found and (field not in ("image", "chapters") or is_address(text)):
            found[field] = text
    duration = next((length for text, _ in entries.texts(*_DURATIONS) if (length := seconds(text))), 0)
    duration = duration or seconds(as_text(inner.get("duration", "")))
    episode = RawEpisode(
        **found,
        duration=duration,
        transcripts=tuple(_transcripts(entries, inner))[:_MOST],
        persons=tuple(_persons(entries))[:_MOST],
    )
    if episode != RawEpisode():
        draft.put("episode", episode, first or "keys of an episode")


def _mapping(entries: Entries) -> dict[str, Value]:
    for entry in entries.all("podcast", "episode"):
        if isinstance(entry.value, dict):
            return {fold(name): part for name, part in entry.value.items()}
    return {}


def _transcripts(entries: Entries, inner: dict[str, Value]) -> Iterator[Transcript]:
    values = [entry.value for entry in entries.all(*_TRANSCRIPTS)] + [inner.get("transcript", "")]
    for value in values:
        for part in value if isinstance(value, list) else [value]:
            fields = _fields(part)
            url = fields.get("url") or fields.get("src") or fields.get("file") or ("" if fields else as_text(part))
            if url and is_address(url):
                language = fields.get("language") or fields.get("lang", "")
                yield Transcript(url=url, type=fields.get("type", ""), language=language)


def _persons(entries: Entries) -> Iterator[Person]:
    for name, role in _PERSONS:
        for entry in entries.all(name):
            for part in entry.value if isinstance(entry.value, list) else [entry.value]:
                yield from _persons_in(part, role)


def _persons_in(part: Value, role: str) -> Iterator[Person]:
    """The one person of a mapping, or all whom a text names with commas between them."""
    fields = _fields(part)
    uri, image = fields.get("url") or fields.get("href", ""), fields.get("image") or fields.get("img", "")
    for name in [as_text(part)] if isinstance(part, dict) else as_text(part).split(","):
        if name.strip():
            yield Person(name=name.strip(), role=fields.get("role") or role, uri=uri, image=image)


def _fields(part: Value) -> dict[str, str]:
    return {fold(name): as_text(each) for name, each in part.items()} if isinstance(part, dict) else {}
