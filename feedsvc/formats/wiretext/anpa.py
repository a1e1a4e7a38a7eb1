"""ANPA 1312: ``SYN SYN SOH z6715 US … STX``, then lines between ``^`` and ``<``, then the text.

::

    ^BC-BKN--Heat-Hawks, 1st Ld-Writethru,416<
    ^Heat stun Hawks at the last second<
    ^Eds: ADDS quotes. With AP Photos.<
    ^By ADA MARSH=
    ^AP Sports Writer=
        ATLANTA (AP) _ …
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedsvc.errors import NotAnArticle
from feedsvc.formats.base import RawItem
from feedsvc.formats.draft import Draft
from feedsvc.formats.plaintext import embargoes
from feedsvc.formats.plaintext.draft import TextDraft, at
from feedsvc.formats.plaintext.lines import Line
from feedsvc.formats.wiretext import copytext, marks, times, withdrawals
from feedsvc.formats.wiretext.messages import Message
from feedsvc.formats.wording import bylines, furniture, sentences

_NUMBER = re.compile(r"(?P<number>[A-Za-z]?\d{3,4})(?:\D.{0,15})?")
_PRIORITY = re.compile(r"(?P<priority>[a-z])\s?(?P<category>[a-z])(?:\s+(?P<rest>\S.*))?", re.IGNORECASE)
_FILED = re.compile(r"\s*(?P<date>\d\d-\d\d(?:-\d\d)?)(?:\s+(?P<words>\d{1,5}))?\s*$")
_SLUG_LINE = re.compile(
    r"(?:BC|AM|PM|AP)-\S.*|.*\S-{1,2}\S.*,\s?\d{2,5}(?: words?)?|.*,.*(?:ld|writethru|add|take|adv|kill).*",
    re.IGNORECASE,
)
_SLUG = re.compile(r"\S+(?: (?![a-z0-9(])\S+){0,3}")
_LABEL = re.compile(
    r"(?P<label>hl|hed|head|headline|index|indexes|symbol|code|update|slug|byline|photos?|category|subject|note)\s?:\s*(?P<value>.*)",
    re.IGNORECASE,
)
_CODE_LINE = re.compile(r"[a-z]{2,12}:[^<]{0,60}<", re.IGNORECASE)
_URGENCIES = {"f": "1", "b": "2", "u": "3", "r": "4", "d": "5", "a": "6", "s": "6"}
_MOST_LINES = 8
_QUOTES = (("``", "“"), ("''", "”"), (" _ ", " – "))
_QUOTED = re.compile(r"`((?:[^`']|'(?=\w))*)'(?!\w)")  # "`This is ours,' he said": an apostrophe stands before a letter
_HALF = re.compile(r"(?<=\d)\{")  # as agencies write fractions in tables: "2{" for "2½"
_COLUMNS = re.compile(r"(?:[^;]*;){3}|(?:.*\S {2,}(?=\S)){2}")
_LONG_SENTENCE = 80
_TITLE_LINES = 3
_END_SIGNS = "<@=% "
_SELECTOR = re.compile(r"\^?\*\d{3,5}<\s*(?=\^)")  # "^*9006< ^NLA-Top-Headlines,120<"
_RELEASE_WORDS = re.compile(
    r"^(?:for release|adv(?:ance)? for|for use|hold for)(?:\s+(?:[ap]ms?|release|on|until))*\s*", re.IGNORECASE
)
_RELEASE = re.compile(r"(?:for release|adv(?:ance)? for|for use|hold for)\b.*", re.IGNORECASE)


def is_anpa(message: Message) -> bool:
    """Whether *message* has such a head, or lines between ``^`` and ``<`` above its text."""
    if any(_FILED.search(field) for field in message.fields[-3:]) and len(message.fields) > 1:
        return True
    first = message.lines[0].text if message.lines else ""
    return first.startswith("^")


def slug_of(message: Message) -> str:
    """The slug line of *message*: its first line between ``^`` and ``<``, else the keywords of its head."""
    for line in message.lines[:2]:
        text = _SELECTOR.sub("", line.text).strip("^" + _END_SIGNS)
        if line.text.startswith("^") and _SLUG_LINE.fullmatch(text):
            return marks.without_count(text)
    for index, field in enumerate(message.fields):
        filed = _FILED.search(field)
        if filed is None:
            continue
        for candidate in (field[: filed.start()], *reversed(message.fields[1:index])):
            found = _PRIORITY.fullmatch(candidate.strip())
            said = (found["rest"] or "") if found is not None else candidate
            if len(said.strip()) > 2:
                return said.strip()
    return ""


def keyword_of(slug: str) -> str:
    """The keywords of a slug line, without its version: all takes and leads of one text share them."""
    head = slug.partition(",")[0].strip()
    found = _SLUG.match(head)
    return found.group() if found is not None else head


def read(message: Message) -> list[RawItem]:
    """The article of *message*, or what it takes back. Raises NotAnArticle where it is neither."""
    draft = TextDraft(message.line)
    slug = slug_of(message)
    keyword = keyword_of(slug)
    version = slug[len(keyword) :]
    moment = times.sent(message.tail.rstrip("<")) or next(
        (one for line in message.lines[-3:] if (one := times.sent(line.text.rstrip("<")))), None
    )
    day = moment.day if moment else ""
    category = _put_head(draft, message)
    draft.put("slug", re.sub(r"^(?:BC|AM|PM)-+", "", keyword), "slug line")
    copytext.put_sent(draft, moment, "time of transmission")
    if day and keyword:
        draft.put("id", withdrawals.known_as(keyword, day), "slug line and day")
    draft.put("version", str(marks.version(version) or ""), "slug line")
    title, body = _above(message.lines, slug, draft)
    said = [version.strip(" ,-"), *(line.text for line in title), *(line.text for line in body[:3])]
    if "withdrawal" in draft or any(marks.kills(one) for one in said if one):
        text = " ".join(line.text for line in message.lines[1:])
        return withdrawals.items(message, named=withdrawals.slugs_in(text) or [keyword] * bool(keyword), day=day)
    if category == "v" or re.search(r"(?<![^\W_])advisory(?![^\W_])", slug, re.IGNORECASE):
        raise NotAnArticle("This message is an advisory to editors, and no article.", line=message.line)
    _refuse_pieces(version, keyword, message)
    copytext.put_advance(draft, marks.advance_day(slug), day, "slug line")
    copytext.put_title(draft, title)
    copytext.fill(draft, [_typeset(line) for line in body])
    if "withdrawal" in draft:
        return withdrawals.items(message, named=[keyword] * bool(keyword), day=day)
    draft.put("published", _filed(message), "head of the message")
    return [draft.item("wire message")]


def _refuse_pieces(version: str, keyword: str, message: Message) -> None:
    copytext.refuse_take(marks.take(version), of=keyword, line=message.line)
    if marks.is_piece(version):
        raise NotAnArticle(
            f"This message only mends a part of “{keyword}” ({version.strip(' ,-')}): mend the article by hand, or "
            "wait for its next writethru.",
            line=message.line,
        )


def _put_head(draft: Draft, message: Message) -> str:
    """Put urgency and codes of the head into *draft*; the letter of the category, empty where there is none."""
    for field in message.fields:
        found = _PRIORITY.fullmatch(field)
        if found is not None and found["priority"].lower() in _URGENCIES and _NUMBER.fullmatch(field) is None:
            category = found["category"].lower()
            draft.put("urgency", _URGENCIES[found["priority"].lower()], "head of the message")
            draft.put("codes", (category,), "head of the message")
            return category
    return ""


def _above(lines: Sequence[Line], slug: str, draft: TextDraft) -> tuple[list[Line], list[Line]]:
    """The title among the lines between ``^`` and ``<``, and the text below; the rest goes into *draft*."""
    if lines and not lines[0].text.startswith("^"):
        return _plain_above(lines, slug)
    head = _Head(slug, draft)
    index = 0
    while index < len(lines) and (lines[index].text.startswith("^") or _CODE_LINE.fullmatch(lines[index].text)):
        if head.is_titled and _begins_text(lines, index):
            break
        line, after = _caret_line(lines, index)
        if not head.take(line):
            break
        index = after
    return head.finish(), list(lines[index:])


class _Head:
    """The lines between ``^`` and ``<`` above a text: takes them one by one, and what is no title into *draft*."""

    def __init__(self, slug: str, draft: TextDraft) -> None:
        self._slug = slug
        self._draft = draft
        self._title: list[Line] = []
        self._names: list[str] = []
        self._notes: list[Line] = []

    @property
    def is_titled(self) -> bool:
        """Whether a title or a byline was taken."""
        return bool(self._title or self._names)

    def take(self, line: Line) -> bool:
        """Take *line* for what it is; False, and nothing taken, where the text begins with it."""
        if self._slug and _same(marks.without_count(line.text), self._slug):
            return True
        labelled = _LABEL.fullmatch(line.text)
        if labelled is not None:
            self._take_labelled(line, labelled["label"].lower(), labelled["value"])
            return True
        if marks.is_note(line.text):
            self._take_note(line)
            return True
        if self._holds(line) or embargoes.put(self._draft, line) or self._credits(line):
            return True
        return self._take_unmarked(line)

    def finish(self) -> list[Line]:
        """The title; names and what the notes order are in the draft now."""
        self._draft.put("byline", ", ".join(dict.fromkeys(self._names)), "byline above the text")
        for note in self._notes:
            said = note if marks.is_note(note.text) else note._replace(text=f"Eds: {note.text}")
            copytext.read_note(said, self._draft)
        return self._title

    def _take_labelled(self, line: Line, label: str, value: str) -> None:
        if label in ("hl", "hed", "head", "headline"):
            self._title = [line._replace(text=value)]
        elif label in ("index", "indexes", "subject"):
            self._draft.put("categories", furniture.tags(value), at(line, label))
        elif label == "byline":
            self._names.append(value)
        else:
            self._take_note(line)

    def _take_note(self, line: Line) -> None:
        self._notes.append(line)
        self._draft.put_editors_note(line.text, at(line))

    def _holds(self, line: Line) -> bool:
        """Whether *line* names a day of release; one that cannot be read withholds the article."""
        if _RELEASE.fullmatch(line.text) is None:
            return False
        if not embargoes.put(self._draft, line._replace(text=f"Embargo: {_RELEASE_WORDS.sub('', line.text)}")):
            self._draft.hold(f"Line {line.number} (“{line.text[:60]}”) holds the text for a day that cannot be read.")
        return True

    def _credits(self, line: Line) -> bool:
        credit = bylines.read(line.text)
        if credit is None or not (credit.byline or credit.agency):
            return False
        self._names += [credit.byline] * bool(credit.byline)
        self._draft.put("agency", credit.agency, at(line))
        return True

    def _take_unmarked(self, line: Line) -> bool:
        """Take a line that says nothing of itself, by what stands above it; False where the text begins with it."""
        text = line.text
        if not self.is_titled:
            self._title = [line]
        elif len(self._names) == 1 and not sentences.capitals(text) and bylines.guess(text) is not None:
            self._names.append(text)
        elif self._names:
            return False
        elif len(text) > (_LONG_SENTENCE if sentences.holds(text) else 2 * _LONG_SENTENCE):
            self._draft.put("summary", text, at(line))
        else:
            self._draft.note(f"Line {line.number} “{text[:60]}” above the text is left out.")
        return True


def _filed(message: Message) -> str:
    """The day in the head of *message* as ``--03-05``, month and day: the year stands there hardly ever."""
    for field in message.fields:
        found = _FILED.search(field)
        if found is not None:
            month, day, *year = found["date"].split("-")
            if month > "12":
                month, day = day, month
            return f"20{year[0]}-{month}-{day}" if year else f"--{month}-{day}"
    return ""


def _begins_text(lines: Sequence[Line], index: int) -> bool:
    """Whether the line at *index*, below a title, opens the text: a table, or a line that nothing ends."""
    text = lines[index].text
    following = lines[index + 1].text if index + 1 < len(lines) else "^"
    return _COLUMNS.match(text[:400]) is not None or (text[-1] not in "<=@>" and following.startswith("^"))


def _plain_above(lines: Sequence[Line], slug: str) -> tuple[list[Line], list[Line]]:
    """The title above an indented text, where no line stands between ``^`` and ``<``, and the text."""
    begins = next((index for index, line in enumerate(lines) if line.indent >= lines[0].indent + 2), 0)
    title = [line._replace(text=line.text.rstrip("+ ")) for line in lines[:begins] if not _same(line.text, slug)]
    if not title or len(title) > _TITLE_LINES:
        return [], list(lines)
    return title, list(lines[begins:])


def _caret_line(lines: Sequence[Line], index: int) -> tuple[Line, int]:
    """The line between ``^`` and ``<`` at *index*, which may run over several, and the index after it."""
    parts = [lines[index].text]
    end = index + 1
    closed = parts[0].endswith(("<", "=", "@", ">"))
    while not closed and end < len(lines) and len(parts) < _MOST_LINES:
        text = lines[end].text
        if text.startswith("^") or lines[end].indent > lines[index].indent or lines[end].gap:
            break
        parts.append(text)
        end += 1
        closed = text.endswith("<")
    text = _plain(_SELECTOR.sub("", " ".join(parts)).lstrip("^").rstrip(_END_SIGNS))
    return lines[index]._replace(text=text or "-"), end


def _typeset(line: Line) -> Line:
    """*line* of the text in signs of today; a sub-head between ``^`` and ``<`` is a paragraph of its own."""
    text = line.text
    if text.startswith("^"):
        return line._replace(text=_plain(text.strip("^" + _END_SIGNS)) or "-", gap=True)
    if text.endswith("<"):
        text = text.rstrip("< ") or "-"
    return line._replace(text=_plain(text))


def _plain(text: str) -> str:
    for sign, plain in _QUOTES:
        text = text.replace(sign, plain)
    return _HALF.sub("½", _QUOTED.sub(r"‘\1’", text).replace("`", "‘"))


def _same(one: str, other: str) -> bool:
    return "".join(filter(str.isalnum, one.casefold())) == "".join(filter(str.isalnum, other.casefold()))
