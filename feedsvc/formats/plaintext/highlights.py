"""Reports with ``@highlight`` lines below them and no title."""

from __future__ import annotations

from collections.abc import Sequence

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import RawItem
from feedsvc.formats.plaintext import days, whole
from feedsvc.formats.plaintext.draft import TextDraft, at
from feedsvc.formats.plaintext.lines import Line, joined
from feedsvc.formats.wording import sentences

_MARK = "@highlight"
_HEAD = 16


def read(lines: Sequence[Line]) -> list[RawItem] | None:
    """The report, the highlights as its standfirst; None where no line is ``@highlight``.

    Raises NotAnArticle where no text stands above the first.
    """
    marks = [index for index, line in enumerate(lines) if line.text == _MARK]
    if not marks:
        return None
    if not marks[0]:
        raise NotAnArticle(f"There is no text above the first {_MARK}.", line=lines[0].number)
    draft = TextDraft(lines[0].number)
    highlights = [
        joined(lines[start + 1 : end])
        for start, end in zip(marks, [*marks[1:], len(lines)], strict=True)
        if end > start + 1
    ]
    if highlights:
        stopped = (one if sentences.ends(one) else f"{one}." for one in highlights)
        draft.put("standfirst", " ".join(stopped), at(lines[marks[0]], "highlights"))
    whole.put_body(draft, _without_head(lines[: marks[0]], draft), titles=highlights[:1])
    return [draft.item()]


def _without_head(lines: Sequence[Line], draft: TextDraft) -> Sequence[Line]:
    """*lines* without a byline and days that stand above the text, each on a line of its own with stray stops."""
    if lines[0].text.strip(" .:").casefold() not in ("by", "published", "updated", "created"):
        return lines
    label = ""
    for index, line in enumerate(lines[:_HEAD]):
        if len(line.text) > 80:
            return lines[index:]
        value = line.text.strip(" .|")
        word = value.strip(":").casefold()
        if word in ("by", "published", "updated", "created", "follow", "and"):
            label = word
        elif value and label == "by":
            draft.put("byline", value, at(line))
            label = ""
        elif value and label in ("published", "updated") and days.readable(value):
            if label == "published":
                draft.put_day(value, at(line))
            else:
                draft.put("updated", value, at(line))
            label = ""
        elif value and sentences.ends(line.text):
            return lines[index:]
    return lines[min(len(lines), _HEAD) :]
