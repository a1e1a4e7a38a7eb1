"""What a page wraps around a text is taken out of it: tags, rights and the wire's sign-off are kept as fields."""

from __future__ import annotations

from collections.abc import Sequence

from feedsvc.formats.plaintext.draft import TextDraft, at
from feedsvc.formats.plaintext.lines import Line
from feedsvc.formats.wording import furniture, sentences

_TAIL = 80


def without_furniture(lines: Sequence[Line], draft: TextDraft) -> list[Line]:
    """*lines* of a body without furniture. Tags, rights and the wire's sign-off go into *draft*; the rest is noted."""
    end = _end_of_text(lines)
    dropped = [line for line in lines[end:] if not _tell(line, draft)]
    kept: list[Line] = []
    gap = False
    note: Line | None = None
    for line in lines[:end]:
        if furniture.is_for_desks(line.text) or (note is not None and _runs_on(note, line)):
            note = line
            draft.put_editors_note(line.text, at(line))
            dropped.append(line)
            gap = True
            continue
        note = None
        if len(line.text) <= 200 and furniture.is_furniture(line.text, edge=False):
            dropped.append(line)
            gap = True
        elif gap:
            kept.append(line._replace(gap=True))
            gap = False
        else:
            kept.append(line)
    _note(dropped, draft)
    return kept


def _runs_on(before: Line, line: Line) -> bool:
    """Whether a note that is broken to a width goes on with *line*."""
    return not line.gap and line.indent <= before.indent and not sentences.ends(before.text)


def _end_of_text(lines: Sequence[Line]) -> int:
    """The index after the last line that belongs to the text."""
    start = max(0, len(lines) - _TAIL)
    for index in range(start, len(lines)):
        if furniture.heads_list(lines[index].text) and all(_is_link_line(line.text) for line in lines[index + 1 :]):
            lines = lines[:index]
            break
    end = len(lines)
    while end > start and furniture.closes(lines[end - 1].text):
        end -= 1
    return end


def _is_link_line(text: str) -> bool:
    """A line below "Related": the title of another article, a tag line, a button."""
    return len(text) <= 200 and (not sentences.ends(text) or text.endswith("?") or furniture.is_rights(text))


def _tell(line: Line, draft: TextDraft) -> bool:
    """Keep what a closing line says; False where it says nothing of the article."""
    if terms := furniture.tags_in(line.text):
        draft.put("categories", furniture.tags(terms), at(line, "tags"))
    elif furniture.is_rights(line.text):
        draft.put("rights", line.text, at(line))
    elif wire := furniture.signing_wire(line.text):
        draft.put("agency", wire, at(line, "sign-off"))
    else:
        return False
    return True


def _note(dropped: Sequence[Line], draft: TextDraft) -> None:
    if dropped:
        shown = ", ".join(f"line {line.number} “{line.text[:40]}”" for line in sorted(dropped)[:5])
        more = f" and {len(dropped) - 5} more" if len(dropped) > 5 else ""
        draft.note(f"Left out as no part of the text: {shown}{more}.")
