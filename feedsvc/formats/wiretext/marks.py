"""What desks write to each other around a text: versions, takes, notes to editors, kills. None of it is published."""

from __future__ import annotations

import re

_ORDINAL = r"(?P<n>\d{1,2})(?:st|nd|rd|th|\.)?"
_VERSION = re.compile(
    rf"(?<![^\W_])(?:{_ORDINAL}[ -]?)?(?:ld|lead|writethru|write-thru|writethrough|version|"
    r"zusammenfassung|zus|zf)(?![a-z])"
    r"|(?<![^\W_])(?:update|upd|wrapup|refile|corrected)[ -]?(?P<after>\d{1,2})(?!\d)"
    r"|(?<![^\W_])(?P<before>\d{1,2})(?:st|nd|rd|th)[ -]?update(?![a-z])",
    re.IGNORECASE,
)
_TAKE = re.compile(
    r"(?<![^\W_])(?:take[ -]?(?P<take>\d{1,2})|(?P<add>\d{1,2})(?:st|nd|rd|th)[ -](?:\w+-)?(?P<kind>add|take)|"
    r"add[ -](?P<second>\d{1,2}))(?![^\W_])",
    re.IGNORECASE,
)
_PIECE = re.compile(
    r"(?<![^\W_])(?:(?:\d{1,2}(?:st|nd|rd|th)[ -])?(?:sub|insert)(?:[ -]\d{1,2})?|pick ?up)(?![^\W_])", re.IGNORECASE
)
_ONLY_MARK = re.compile(
    r"\(.{1,120}\)|(?:refile|repeat|repeating|repetition|urgent|bulletin|flash|alert|newsalert|extra|lead|leadall|"
    r"roundup|wrapup|overview|corrected|correction|advancer|curtain-raiser|eil|eilmeldung|vorschau|"
    r"(?:\d{1,2}\.? )?zusammenfassung|"
    r"(?:\d{1,2}(?:st|nd|rd|th|\.)? )?(?:ld|lead|net|update|writethru|ld-writethru)(?:[ -]\d{1,2})?|"
    r"update \d{1,2}|more|"
    r"take[ -]?\d{1,2}|\d{1,2}(?:st|nd|rd|th) (?:add|take)|add \d{1,2}|"
    r"a l'attention.{0,40}|complete version|final version)[\s.:!,-]*",
    re.IGNORECASE,
)
_TITLE_MARK = re.compile(
    r"(?:(?:update|wrapup|refile|corrected|repeat|rpt|clarified|advisory|urgent|bulletin|alert|lead|eil)"
    r"(?: \d{1,2})?\s?[-–—:]\s?(?=\S))+|(?:(?:\d{1,2}(?:st|nd|rd|th) )?ld-writethru[:,-]\s?)",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"[(\[*^#-]{0,4}\s?(?:eds|ed|editor|editors|editors?[’']s? notes?|editors[’'] notes?|ed(?:itor)?\.? notes?|"
    r"notes? to (?:all )?(?:editors?|subscribers|desks)|attention(?: all)? (?:editors|subscribers|desks)|"
    r"attn\.? editors|for editors|memo to editors|"
    r"(?:hinweise?|achtung|mitteilung)(?: an die)?,? redaktion(?:en)?|redaktioneller? hinweise?|redaktionshinweis|"
    r"(?:à|a) l[’']attention des rédactions|note aux rédactions|nota a(?:l| los) editor(?:es)?|"
    r"nota(?: para)? (?:los )?editores)\.?(?:\s?[:–—]|\s-{1,2}\s)",
    re.IGNORECASE,
)
_BARE_NOTE = re.compile(
    r"[(\[*#]{0,3}\s?(?:editors|eds|editors?[’']s? notes?|notes? to editors?|attention editors|redaktionelle hinweise)"
    r"\s?[:.]?[)\]]?",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"[(\[]?(?:UPDATES?|ADDS?|CORRECTS?|RECASTS?|REPEATS?|REMOVES?|FIXES|CLARIFIES|EDITS|LEDES?|DELETES|REWRITES)\b"
    r"(?::| (?:with|by|byline|dateline|headline|to |details|quotes|background|spelling|name|age|in |that |day|figure|"
    r"photo|graf|paragraph|[a-z]+ (?:in|to) ))[^\n]{0,300}"
)
_NOTEPAD = re.compile(
    r"#{1,3}\s?(?:dpa-)?(?:notizblock|notebook).*|#{1,3}\s?redaktionelle hinweise.*|(?:dpa-)?notizblock\s?:?|"
    r"(?:\* ){2,}\*|"
    r"die folgenden informationen sind nicht zur veröffentlichung.*|not for publication:?|"
    r"the following information is not (?:intended )?for publication.*",
    re.IGNORECASE,
)
_KILL_WORD = r"(?:kill(?:ed|s)?|annull?ierung|annull?iert|annulation|anulación|anulada)"
# These are also what news is about: they need a word beside them that only desks use.
_TAKEN_BACK = r"(?:elimination|withhold|withdrawal|withdrawn)"
_DESK_WORD = r"(?:bulletin|mandatory|urgent|story|text|item|eds?|editors|correction|achtung|advisory|note|notice|order)"
_KILL = re.compile(
    rf"\W*(?:(?:{_DESK_WORD}\W+)*{_KILL_WORD}(?:\W+{_DESK_WORD})*"
    rf"|(?:{_DESK_WORD}\W+)+{_TAKEN_BACK}(?:\W+{_DESK_WORD})*|{_TAKEN_BACK}(?:\W+{_DESK_WORD})+)\W*",
    re.IGNORECASE,
)
_KILL_OPENING = re.compile(
    r"\W{0,4}(?:(?:eds|editors|attention|achtung)\W{1,4})?(?:(?:mandatory|bulletin|story|urgent)\s+(?:kill|withhold|elimination)"
    r"|(?:please\s+)?kill\s+(?:the\s+)?(?:story|item|report|text|article|following|BC-|AM-|PM-)"
    r"|(?:AFP|AP|Reuters|dpa)\s+withdraws\b|this\s+(?:story|item|report)\s+(?:is|has been)\s+(?:killed|withdrawn)"
    r"|(?-i:KILL|ANNULLIERUNG|ANNULATION|WITHDRAWAL)\s?:)",
    re.IGNORECASE,
)
_WORDS = re.compile(r",?\s*\d{1,5}\s*(?:words?)?\s*$")
_ADVANCE = re.compile(r"(?<![^\W_])\$?adv(?P<day>\d{2})(?!\d)", re.IGNORECASE)


def version(text: str) -> int:
    """Which lead or writethru a slug or a mark names, 1 for one without a number; 0 where it names none."""
    numbers = [int(found["n"] or found["after"] or found["before"] or 1) for found in _VERSION.finditer(text[:200])]
    return max(numbers, default=0)


def take(text: str) -> int:
    """Which part of a text in several takes *text* announces: 2 for "1st Add" and "Take 2"; 0 where it says nothing."""
    found = _TAKE.search(text[:200])
    if found is None:
        return 0
    if found["take"]:
        return int(found["take"])
    if found["second"]:
        return int(found["second"]) + 1
    return int(found["add"]) + (1 if found["kind"].lower() == "add" else 0)


def is_piece(text: str) -> bool:
    """Whether a version says that the message only mends a part of an earlier text ("Sub 3rd graf", "Insert")."""
    return _PIECE.search(text[:200]) is not None


def is_mark(text: str) -> bool:
    """Whether a line above a headline only says which kind of message it is: ``1ST LEAD``, ``REFILE``, ``(Eil)``."""
    return len(text) <= 130 and _ONLY_MARK.fullmatch(text) is not None


def without_mark(title: str) -> str:
    """*title* without "UPDATE 2-" and its like in front."""
    found = _TITLE_MARK.match(title)
    return title[found.end() :] if found is not None else title


def is_note(text: str) -> bool:
    """Whether *text* opens a note to editors: ``Eds:``, ``EDITORS' NOTE -``, ``(CORRECTS byline)``."""
    head = text[:400]
    return _NOTE.match(head) is not None or _BARE_NOTE.fullmatch(head) is not None or _CHANGES.match(head) is not None


def opens_notepad(text: str) -> bool:
    """Whether *text* opens the part of a message that is for editors alone, to its end."""
    return len(text) <= 200 and _NOTEPAD.fullmatch(text) is not None


def kills(text: str) -> bool:
    """Whether *text*, a slug's version or a line above the text, takes an earlier message back."""
    head = text[:200]
    return _KILL.fullmatch(head) is not None or _KILL_OPENING.match(head) is not None


def without_count(text: str) -> str:
    """A slug line without the count of words at its end."""
    return _WORDS.sub("", text)


def advance_day(text: str) -> int:
    """The day of a month before which an advance is held ("Adv08"); 0 where *text* says none."""
    found = _ADVANCE.search(text[:200])
    return int(found["day"]) if found is not None and 1 <= int(found["day"]) <= 31 else 0
