"""A mail within the text of a mail: where it begins, who wrote it, and whether it is forwarded or answered.

Some programs put a line above it that says so. Outlook, which most offices use, only copies the head of that mail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedsvc.formats.mail.edges import FORWARDED, ORIGINAL, is_rule
from feedsvc.formats.mail.headers import is_answer, is_forward
from feedsvc.text import one_line

SHORT = 400
"""Letters that a note above a mail has at most; what is longer is a text of its own."""
MOST_WITHIN = 5
_LOOK = 60
_LONGEST_HEAD = 60
_LABEL = re.compile(
    r"[ \t>*]{0,6}([^\W\d_](?:[^\W\d_]|-){0,18}(?: [^\W\d_]{1,4})?)[*\s\u00a0]{0,3}[:：][*\s\u00a0]{0,5}(.{0,1000})"
)
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\ufeff]")
_PERSON = re.compile(r"[\"'\s]{0,5}([^<\[\"]{0,200})")
_ADDRESS = re.compile(r"[^\s<>\[\]:;,\"'()]{1,100}@[^\s<>\[\]:;,\"'()]{1,150}")
_NAMES = {
    "from": "from von de da van fra från lähettäjä od от 差出人 发件人 寄件者",
    "date": "date sent datum gesendet envoyé fecha data enviado inviato verzonden sendt skickat dato lähetetty wysłano"
            " wysłane дата отправлено odesláno 送信日時 日時 发送时间 日期",
    "subject": "subject betreff objet asunto assunto oggetto onderwerp emne ämne aihe temat тема předmět 件名 主题",
    "to": "to an à para a aan til till vastaanottaja do кому komu 宛先 收件人 cc kopie copie copia kopia kopi dw копия"
          " bcc reply-to",
}  # fmt: skip
_SURE = frozenset({"from", "date", "subject"})
_CLOCK = re.compile(r"(?<![\d.])\d{1,2}\s?[:.hH]\s?\d\d(?![\d.]\d)|\d\s?[時点时시]|\d\s?[ap]\.?m\b", re.IGNORECASE)
_KINDS = {label: kind for kind, labels in _NAMES.items() for label in labels.split()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A mail in the lines from *begin* on, whose text begins at *end*, and what its head says.

    *guessed*: nothing says whether it is *forwarded* or answered.
    """

    begin: int
    end: int
    fields: Mapping[str, str]
    forwarded: bool
    guessed: bool = False

    @property
    def name(self) -> str:
        """What its writer is called; empty where only the address is told."""
        found = _PERSON.match(self.fields["from"])
        name = found[1].strip(" \t\"'") if found else ""
        return "" if "@" in name else name

    @property
    def address(self) -> str:
        """The address of its writer; empty where it is not told."""
        found = _ADDRESS.search(self.fields["from"].replace("mailto:", " "))
        return found[0] if found else ""


def find(lines: Sequence[str], subject: str) -> Quoted | None:
    """The first mail within *lines*, the text of a mail with that *subject*; None where there is none.

    It is forwarded where a line or the mark before the subject says so, or where nothing stands above it. Else it is
    the one that is answered: it is better to lose a text than to publish what was said in confidence. Below a line like
    "PRESS RELEASE" a head with neither an address nor a time of day is the release's own.
    """
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    marked = is_answer(subject) or is_forward(subject)
    for number, line in enumerate(lines):
        if number < _LOOK and FORWARDED.fullmatch(line[:100].strip(" >*\t")):
            fields, end = _head(lines, number + 1)
            if fields.get("from"):
                return Quoted(begin=number, end=end, fields=fields, forwarded=True)
        elif _kind(line) in ("from", "date", "subject"):
            fields, end = _head(lines, number)
            if fields.get("from") and fields.keys() >= _SURE:
                begin = _opening(lines, number)
                if begin > first and not (marked or _is_sent(fields)):
                    continue
                above = sum(len(one.strip()) for one in lines[:begin])
                forwarded = not above or (above <= SHORT and is_forward(subject))
                guessed = 0 < above <= SHORT and not forwarded and not is_answer(subject)
                return Quoted(begin=begin, end=end, fields=fields, forwarded=forwarded, guessed=guessed)
    return None


def _opening(lines: Sequence[str], number: int) -> int:
    """Where the head in line *number* begins with the rule above it."""
    above = number
    while above and not lines[above - 1].strip(" >\t\u00a0"):
        above -= 1
    marks = above and (is_rule(lines[above - 1]) or ORIGINAL.fullmatch(lines[above - 1][:100].strip(" >*\t")))
    return above - 1 if marks else number


def _head(lines: Sequence[str], at: int) -> tuple[dict[str, str], int]:
    """The fields of a head that begins in line *at*, and the line below it."""
    fields: dict[str, str] = {}
    last, most = "", at + _LONGEST_HEAD
    while at < min(len(lines), most):
        line = _UNSEEN.sub("", lines[at][:1200])
        kind = _kind(line)
        if kind in fields and kind != "to":
            break
        if kind:
            found = _LABEL.match(line)
            fields.setdefault(kind, one_line(found[2]).strip("* ") if found else "")
            last = kind
        elif not line.strip(" >\t\u00a0"):
            if fields:
                break
        elif not last or not (line.startswith((" ", "\t")) or (last == "to" and "@" in line)):
            break
        at += 1
    return fields, at


def _is_sent(fields: Mapping[str, str]) -> bool:
    """Whether the head is one that a program writes."""
    return "@" in fields["from"] or _CLOCK.search(fields["date"][:200]) is not None


def _kind(line: str) -> str:
    found = _LABEL.match(_UNSEEN.sub("", line[:1200])) if ":" in line[:60] or "：" in line[:60] else None
    if found is None:
        return ""
    label = found[1].lower()
    return _KINDS.get(label) or _KINDS.get(label.partition(" ")[0], "")
