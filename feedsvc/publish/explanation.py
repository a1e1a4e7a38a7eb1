"""Why an article is as it is: each field with its origin, and each feed with the reason why it shows it or does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feedsvc.config import Settings
from feedsvc.dates import rfc3339
from feedsvc.feeds.base import Renderer
from feedsvc.links import Links
from feedsvc.model import Article, SourceRecord, Stored
from feedsvc.normalise.origins import origins, told
from feedsvc.publish.archive import has_archive
from feedsvc.publish.press import most_bytes
from feedsvc.publish.rendering import rendered
from feedsvc.publish.settings import Plan, is_section, plan
from feedsvc.publish.window import Shown, show
from feedsvc.store.base import ALL, TAGS, Store
from feedsvc.store.lifecycle import feeds_of, state_of

_SECTION_RULES = {
    "its own words": "the file names it",
    "crumbs": "the path of links above the article names it",
    "codes": "a subject code of the file stands for it ([content.codes])",
    "folder": "the file lies in a folder of that name",
}
"""What the rules by which ``normalise`` chooses sections mean, by the names that it gives them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of an article that holds something, and where that came from."""

    name: str
    value: Any
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an article stands in the feed *name*: at *place*, counted from 1 at the top, or 0 where it is not shown.

    *left_out* tells, by the suffix of a format, why this format alone lacks it.
    """

    name: str
    place: int
    why: str
    left_out: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that can be said of an article. *state* is a sentence; *section_rule* is empty where no file is known."""

    id: str
    path: str
    state: str
    source: str
    released: datetime | None
    section_rule: str
    fields: Sequence[Field]
    notes: Sequence[str]
    feeds: Sequence[Standing]

    def as_json(self) -> dict[str, Any]:
        """The same as JSON types but for times, and values of fields as text."""
        values = dataclasses.asdict(self)
        return values | {
            "fields": [{"name": one.name, "value": told(one.value), "origin": one.origin} for one in self.fields]
        }


def explain(
    store: Store,
    settings: Settings,
    renderers: Mapping[str, Renderer],
    stored: Stored,
    *,
    now: datetime,
    also: Sequence[str] = (),
) -> Explanation:
    """Why *stored* is as it is at *now*, and how it stands in the feeds that it belongs to and in those of *also*.

    Raises StoreUnavailable.
    """
    article = stored.article
    record = store.source(article.source)
    said = record.origin.get(article.id, {}) if record is not None else {}
    found = origins(article, said)
    mine = feeds_of(article)
    return Explanation(
        id=article.id,
        path=stored.path if stored.was_public(now) else "",
        state=_state(stored, said, now),
        source=article.source,
        released=stored.released,
        section_rule=_section_rule(said),
        fields=[Field(name=name, value=getattr(article, name), origin=where) for name, where in found.items()],
        notes=() if record is None else record.notes.get(article.id, ()),
        feeds=[
            _standing(store, settings, renderers, stored, name, now=now)
            if name in mine
            else Standing(name=name, place=0, why=_not_its(article, name, record))
            for name in dict.fromkeys((*mine, *also))
        ],
    )


def _state(stored: Stored, said: Mapping[str, str], now: datetime) -> str:
    article, state = stored.article, state_of(stored, now=now)
    if state == "taken down":
        return f"taken down by an operator: {stored.takedown or 'no reason is noted'}"
    if stored.withdrawn is not None and state == "withdrawn":
        return f"withdrawn since {rfc3339(stored.withdrawn)}: its file went, or no longer gives it"
    if article.expires is not None and state == "expired":
        return f"not shown: it expired at {rfc3339(article.expires)} ({said.get('expires', 'the file')})"
    if state == "scheduled":
        why = "its embargo" if article.embargo == article.visible_from else "its date of publication"
        return f"not shown yet: {why} is {rfc3339(article.visible_from)}"
    if state != "public":
        return f"not shown: its status is {state} ({said.get('pubstatus', 'the file')})"
    return state


def _section_rule(said: Mapping[str, str]) -> str:
    rule = said.get("sections", "")
    return _SECTION_RULES.get(rule, rule)


def _standing(
    store: Store,
    settings: Settings,
    renderers: Mapping[str, Renderer],
    stored: Stored,
    name: str,
    *,
    now: datetime,
) -> Standing:
    """How *stored* stands in the feed *name*, to which it belongs."""
    if not stored.public(now):
        return Standing(name=name, place=0, why="the article is not public now")
    chosen = plan(settings, name)
    window = store.window(name, now, limit=chosen.limit)
    if window is None:
        return Standing(name=name, place=0, why="the store knows no such feed; run `feedsvc doctor`")
    shown = show(window, settings, chosen, now)
    ids = [entry.article.id for entry in shown.feed.entries]
    if stored.article.id not in ids:
        return Standing(name=name, place=0, why=_too_old(stored, chosen, shown))
    return Standing(
        name=name,
        place=ids.index(stored.article.id) + 1,
        why=f"{_reason(stored.article, name)}; it shows {len(ids)}",
        left_out=_left_out(shown, settings, renderers, stored.article.id),
    )


def _too_old(stored: Stored, chosen: Plan, shown: Shown) -> str:
    """Why a public article of a feed is not in its window."""
    count = len(shown.feed.entries)
    if count < chosen.limit and stored.article.id in shown.public:
        reason = f"the {count} newer entries fill the {chosen.max_bytes:,} bytes of [feeds] max_bytes"
    else:
        reason = f"there are {chosen.limit} newer releases, and the feed's limit is {chosen.limit}"
    return f"{reason}; " + ("its archive shows it" if has_archive(chosen.name) else "its page lists it")


def _left_out(
    shown: Shown, settings: Settings, renderers: Mapping[str, Renderer], article_id: str
) -> Mapping[str, str]:
    """The formats that lack the article because they cannot carry it, with the reason."""
    links, found = Links(settings.site.base_url), {}
    for suffix, renderer in renderers.items():
        made = rendered(shown, renderer, links, most_bytes=most_bytes(settings))
        for fault in made.left_out:
            if fault.article_id == article_id:
                found[suffix] = fault.message
    return found


def _reason(article: Article, name: str) -> str:
    """Why *article* belongs to the feed *name*."""
    if name in article.sections:
        return "it is its home section" if name == article.sections[0] else "it is one of its sections"
    below = next((section for section in article.sections if section.startswith(f"{name}/")), "")
    if below:
        return f"its section {below} lies below"
    if name == ALL:
        return "every article is in it"
    return "it has this tag" if name.startswith(TAGS) else "it has this author"


def _not_its(article: Article, name: str, record: SourceRecord | None) -> str:
    """Why *article* does not belong to the feed *name*."""
    if not is_section(name):
        return "the article has no such tag or author"
    rule = _section_rule(record.origin.get(article.id, {})) if record is not None else ""
    chosen = ", ".join(article.sections)
    return f"none of its sections is it or lies below it: it is in {chosen}" + (f", because {rule}" if rule else "")
