"""What podcast feeds say of their episodes, in Apple's namespace and in that of the Podcast Index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.formats.base import RawEpisode
from feedsvc.formats.draft import Draft
from feedsvc.formats.keys.media import seconds
from feedsvc.formats.xmlbytes import local, namespace, text_of
from feedsvc.podcasts import Person, Transcript

if TYPE_CHECKING:
    from lxml import etree

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_INDEX = ("https://podcastindex.org/namespace/1.0",
          "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md")  # fmt: skip
_TEXTS = {"episode": "number", "season": "season", "episodetype": "kind", "title": "title", "explicit": "explicit"}
_MOST = 50


def read_episode(draft: Draft, entry: etree._Element) -> None:
    """Set ``episode`` where *entry* has elements of a podcast; ``itunes:duration`` goes to its first sound or film."""
    texts: dict[str, str] = {}
    image = duration = chapters = ""
    transcripts: list[Transcript] = []
    persons: list[Person] = []
    for each in entry:
        space, name = namespace(each).lower(), local(each).lower()
        if space == ITUNES:
            if name in _TEXTS:
                texts.setdefault(_TEXTS[name], text_of(each))
            elif name == "image":
                image = image or str(each.get("href", "")).strip()
            elif name == "duration":
                duration = duration or text_of(each)
        elif space in _INDEX:
            if name == "chapters":
                chapters = chapters or str(each.get("url", "")).strip()
            elif name == "transcript" and each.get("url") and len(transcripts) < _MOST:
                transcripts.append(
                    Transcript(
                        url=str(each.get("url")).strip(),
                        type=str(each.get("type", "")),
                        language=str(each.get("language", "")),
                    )
                )
            elif name == "person" and text_of(each) and len(persons) < _MOST:
                role, uri, picture = (str(each.get(key, "")) for key in ("role", "href", "img"))
                persons.append(Person(name=text_of(each), role=role or "host", uri=uri, image=picture))
    episode = RawEpisode(
        **texts,
        image=image,
        duration=seconds(duration),
        chapters=chapters,
        transcripts=tuple(transcripts),
        persons=tuple(persons),
    )
    if episode != RawEpisode():
        draft.put("episode", episode, "itunes and podcast elements")


def summary_of(entry: etree._Element) -> str:
    """What podcasts write where others have a description."""
    found = {local(each).lower(): text_of(each) for each in entry if namespace(each).lower() == ITUNES}
    return found.get("summary") or found.get("subtitle", "")
