"""News Bites: two letters and ``#`` open each field; ``AN#`` opens an article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import RawItem
from feedsvc.formats.draft import gather
from feedsvc.formats.plaintext import whole
from feedsvc.formats.plaintext.draft import TextDraft, at
from feedsvc.formats.plaintext.lines import Line, joined
from feedsvc.formats.wording import furniture

_FIELD = re.compile(r"([A-Z]{2})#(.*)")
_FRAME = frozenset({"zczc", "nnnn"})  # how agencies begin and end a file of it
_SIMPLE = {
    "AN": "id",
    "TI": "title",
    "AB": "summary",
    "BY": "byline",
    "AU": "byline",
    "SO": "agency",
    "LA": "language",
    "CR": "rights",
}
_KNOWN = {*_SIMPLE, "PD", "TX", "SE", "KW"}


def read(lines: Sequence[Line]) -> list[RawItem] | None:
    """The articles of the file; None where it does not begin with such a field, or has no ``TI#`` and no ``TX#``."""
    lines = [line for line in lines if line.text not in _FRAME] or lines
    if _FIELD.match(lines[0].text) is None or lines[0].text[:2] not in _KNOWN:
        return None
    articles: list[dict[str, list[Line]]] = [{}]
    name = ""
    for line in lines:
        found = _FIELD.match(line.text)
        if found is None:
            articles[-1][name].append(line)
            continue
        name = found[1]
        if name == "AN" and name in articles[-1]:
            articles.append({})
        value = articles[-1].setdefault(name, [])
        if found[2].strip():
            value.append(line._replace(text=found[2].strip(), indent=0))
    if not any("TX" in article or "TI" in article for article in articles):
        return None
    return gather(articles, _item, kind="News Bites")


def _item(article: dict[str, list[Line]]) -> RawItem:
    start = min((value[0].number for value in article.values() if value), default=0)
    draft = TextDraft(start)
    for name, lines in article.items():
        if lines and name in _SIMPLE:
            draft.put(_SIMPLE[name], joined(lines), at(lines[0], f"{name}#"))
        elif lines and name not in _KNOWN:
            draft.note(f"The field {name}# (line {lines[0].number}) is not used.")
    if article.get("PD"):
        draft.put_day(joined(article["PD"]), at(article["PD"][0], "PD#"))
    if article.get("SE"):
        draft.put("sections", (joined(article["SE"]),), at(article["SE"][0], "SE#"))
    if article.get("KW"):
        draft.put("categories", furniture.tags(joined(article["KW"])), at(article["KW"][0], "KW#"))
    if not article.get("TX"):
        raise NotAnArticle(f"The article that begins on line {start} has no text (TX#).", line=start)
    whole.put_body(draft, article["TX"])
    return draft.item()
