"""dpa digitalwires: the JSON in which the German Press Agency delivers its wires.

Its fields answer to those of NewsML-G2: ``urn`` is the guid, ``version_created`` the version's time, ``dateline``
stands before the text, ``teaser`` over it. What is written for editors (``notepad``, ``ednotes``) stays unpublished.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import RawCategory, RawItem, RawMedium
from feedsvc.formats.draft import Draft, gather
from feedsvc.formats.jsonfiles import kinds
from feedsvc.formats.jsonfiles.fields import Fields, put_embargo
from feedsvc.formats.jsonfiles.kinds import Kind
from feedsvc.formats.jsonfiles.loading import load, peek
from feedsvc.text import one_line

_MARKERS = (b"digitalwires@", b'"article_html"')
_DATELINE = re.compile(r"([^()]{1,200})\(([^()]{1,100})\)[\s–—-]*")
_SUBJECTS = ("dnltype:dpasubject", "dnltype:keyword", "dnltype:geosubject")
_CODES = ("dnltype:desk", "dnltype:dpasubject", "dnltype:wire", "dnltype:genre")


class DigitalWires:
    """Reads the entries of dpa digitalwires, one or several in a file."""

    name = "dpa digitalwires"
    suffixes: frozenset[str] = frozenset()
    begins = b"{["

    def recognises(self, data: bytes, path: PurePosixPath) -> bool:  # noqa: ARG002
        """Whether the JSON holds an entry of digitalwires."""
        return kinds.main_kind(peek(data, *_MARKERS)) is Kind.DIGITALWIRES

    def parse(
        self,
        data: bytes,
        path: PurePosixPath,  # noqa: ARG002
        *,
        fallback_encoding: str = "cp1252",
    ) -> Sequence[RawItem]:
        """The texts of the file. Raises NotAnArticle for an entry that is a picture."""
        loaded = load(data, fallback_encoding=fallback_encoding)
        entries, notes = kinds.of_kind(loaded.value, Kind.DIGITALWIRES)
        return gather(entries, lambda entry: _read(entry, (*loaded.notes, *notes)), kind="dpa digitalwires")


def _read(entry: Fields, notes: Sequence[str]) -> RawItem:
    draft = Draft(notes=notes)
    draft.put("id", *entry.text("urn", "entry_id"))
    draft.put("version", *entry.text("version"))
    draft.put("title", *entry.text("headline"))
    _body(draft, entry)
    draft.put_status(*entry.text("pubstatus"))
    if "body" not in draft and "withdrawal" not in draft:
        kind = "a picture" if list(entry.objects("associations")) else "an entry without text"
        raise NotAnArticle(f"The digitalwires entry is {kind}, so it is no article.")
    draft.put_date("published", (entry.text("version_created"), entry.text("updated")))
    draft.put_date("updated", (entry.text("version_created"), entry.text("updated")))
    put_embargo(draft, entry, "embargoed")
    for name in ("teaser", "subhead"):
        found = entry.text(name)
        if found.text != draft.text("title"):
            draft.put("standfirst", *found)
    draft.put("byline", *entry.text("byline"))
    _origin(draft, entry)
    draft.put("language", *entry.text("language"))
    draft.put("urgency", *entry.text("urgency"))
    draft.put("rights", *entry.text("copyrightnotice", "usageterms"))
    _subjects(draft, entry)
    draft.put_all("media", _media(entry), entry.where("associations"))
    _editors_notes(draft, entry)
    return draft.item("digitalwires entry")


def _body(draft: Draft, entry: Fields) -> None:
    article, box = entry.text("article_html"), entry.text("infobox_html")
    if article:
        draft.put("body", f"{article.text}\n{box.text}".strip(), article.where)


def _origin(draft: Draft, entry: Fields) -> None:
    """Place and agency, from "Berlin (dpa) - " where it is written so."""
    dateline = entry.text("dateline")
    split = _DATELINE.fullmatch(dateline.text)
    if split:
        place, comma, rest = split[1].strip().partition(",")
        # "MADRID, 21 Nov. 2024" holds a day, "Frankfurt, Hesse" does not.
        dated = any(sign.isdigit() for sign in rest)
        draft.put("dateline", place if dated else f"{place}{comma}{rest}", dateline.where)
        draft.put("agency", split[2].strip(), dateline.where)
    draft.put("dateline", *dateline)
    draft.put("agency", *entry.text("creditline"))


def _subjects(draft: Draft, entry: Fields) -> None:
    listed = list(entry.objects("categories"))
    categories = [
        RawCategory(term=each.text("qcode", "name").text, label=each.text("name").text)
        for kind in _SUBJECTS
        for each in listed
        if each.text("type").text == kind and each.text("qcode", "name")
    ]
    draft.put_all("categories", categories, entry.where("categories"))
    codes = [each.text("qcode", "name").text for kind in _CODES for each in listed if each.text("type").text == kind]
    codes += [found.text for found in entry.texts("rubric_names")]
    draft.put_all("codes", filter(None, codes), entry.where("categories"))


def _media(entry: Fields) -> Iterator[RawMedium]:
    associations = sorted(entry.objects("associations"), key=lambda each: each.flag("is_featureimage") is not True)
    for association in associations[:200]:
        renditions = [each for each in association.objects("renditions") if each.text("url")]
        if not renditions:
            continue
        # "size" is the length of the longer edge in pixels.
        best = max(renditions, key=lambda each: (each.number("width"), each.number("size")))
        yield RawMedium(
            url=best.text("url").text,
            type=best.text("mimetype").text,
            width=best.number("width"),
            height=best.number("height"),
            alt=association.text("headline").text,
            caption=association.text("caption").text,
            credit=association.text("creditline").text,
        )


def _editors_notes(draft: Draft, entry: Fields) -> None:
    for note in entry.objects("ednotes"):
        role = note.text("role").text.rpartition(":")[2].lower()
        written = note.text("ednote")
        if "correct" in role and written:
            draft.note(f"The agency's correction note: {one_line(written.text)[:300]}")
        else:
            draft.put_editors_note(*written)
        if role == "embargo" and "embargo" not in draft and "withdrawal" not in draft:
            # Better late than before its time: somebody has to look at it.
            reason = "An editors' note speaks of an embargo and no time is given, so the item is withheld."
            draft.hold(reason, note.at)
    signal = entry.text("signal").text.rpartition(":")[2].lower()
    if signal.startswith("corr"):
        draft.note("The agency sent this version as a correction.")
