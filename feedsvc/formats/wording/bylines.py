"""Lines that say who and where: ``By Jane Doe``, ``Staff Correspondent``, ``Agency . Place``, a place alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedsvc.formats.wording import sentences, words

_LONGEST = 160
_PARTS = re.compile(r"\s+[.•·|–—/-]\s+|\s*[•·|]\s*")
_ROLE = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(role) for role in words.ROLES)})$", re.IGNORECASE)
_BY = re.compile(
    rf"(?:(?:{'|'.join(words.BY)})\s+(?=[^\W\d_])|(?:{'|'.join(words.BY_LABELS)})\s*)(?P<name>.+)", re.IGNORECASE
)
_SOURCE = re.compile(
    r"(?:source|sources|agency|via|quelle|fuente|fonte|источник|المصدر|مصدر|সূত্র|来源|來源)\s*[:：]\s*(?P<agency>\S.{0,60})",
    re.IGNORECASE,
)
# The first words of places that are written with several: the rest of the two-word names are people's.
_PLACE_STARTS = words.phrases(
    """
    new|san|santa|los|las|saint|st|st.|addis|rio|buenos|tel|hong|abu|cape|el|
    la|le|al|sri|north|south|east|west|ho|phnom|kuala|port|fort|mexico|united|
    ras|baton|des|palm|salt|são|são|tomé|nizhny|novy|dar|quezon|panama|guatemala|
    vatican|washington|cox's|cox’s|costa|puerto|villa|great|nay|saudi|sierra|burkina|
    czech|ivory|hanoi|ulan|luxembourg|kuwait|bandar|islamabad,|ottawa,|bad|den|the|
    santo|porto|ciudad|grand|lake|mount
    """
)
_PARTICLES = words.phrases(
    """
    de|da|do|dos|das|del|della|di|du|la|le|van|von|der|den|bin|al|el|ibn|
    y|e|and|und|et|of|the
    """
)


@dataclass(slots=True)
class Credit:
    """Who wrote, which wire sent it, where it was filed; *note* says what was guessed."""

    byline: str = ""
    agency: str = ""
    dateline: str = ""
    note: str = ""


def is_wire(name: str) -> bool:
    """Whether *name* is that of a news agency or a broadcaster: a known one, or one that says so."""
    name = name.partition("/")[0]  # with its desk or a second wire: "dpa/lno"
    folded = " ".join(name.strip(" ()[].,-–—").casefold().split())
    if folded not in words.WIRES:
        begun = folded.startswith(words.WIRE_BEGINNINGS) and len(folded.split()) <= words.WIRE_WORDS
        return (begun or folded.endswith(words.WIRE_ENDINGS)) and len(folded) <= 60
    # "map", "pa", "ap" are words or names too: a code counts as it is printed, in capitals.
    return len(folded) > 4 or not folded.isascii() or name.strip(" ()[].,-–—") == "dpa" or not name.strip().islower()


def wire_name(name: str) -> str:
    """The name of a wire as it is written today: Reuters signed as "Reuter" once."""
    return "Reuters" if name.casefold() == "reuter" else name


def read(text: str) -> Credit | None:
    """Read *text* as a line that names its writer or wire by a known sign; None where it shows none."""
    if len(text) > _LONGEST or _ends_as_sentence(text):
        return None
    sourced = _SOURCE.fullmatch(text)
    if sourced is not None:
        return Credit(agency=sourced["agency"])
    signed = _BY.fullmatch(text)
    if signed is not None and (signed["name"] != text) and _is_name(signed["name"]):
        return _signed(text)
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    if not 1 <= len(parts) <= 4 or any(len(part) > 80 for part in parts):
        return None
    return _by_parts(parts, text) or _by_comma(text)


def guess(text: str) -> Credit | None:
    """Read *text*, which stands where a credit would, as a place or a name alone; None where it can be neither."""
    if len(text) > 60 or _ends_as_sentence(text) or any(sign.isdigit() or sign in ':;?!"“”«»' for sign in text):
        return None
    names = text.replace(",", " ").split()
    cased = any(sign.isupper() or sign.islower() for sign in text)
    if not 1 <= len(names) <= (4 if cased else 3) or any(name[0].islower() for name in names if name not in _PARTICLES):
        return None
    if not cased and len(text) > 25:
        return None
    head, comma, tail = (part.strip() for part in text.partition(","))
    several = len(head.split()) > 1 and names[0].casefold() not in _PLACE_STARTS
    if comma and several and cased:
        return Credit(byline=head, dateline=tail, note=f"“{head}” was taken for the byline, “{tail}” for the place.")
    if len(names) == 1 or not several:
        return Credit(dateline=text, note=f"“{text}” was taken for the place of filing.")
    return Credit(byline=text, note=f"“{text}” was taken for the byline.")


def _ends_as_sentence(text: str) -> bool:
    last = (text.split() or [""])[-1]
    return sentences.ends(text) and not (text.endswith(".") and len(last.rstrip(".")) <= 3)


def _is_name(text: str) -> bool:
    """Whether what follows "By" can be names: few words, and the first of them not in lower case."""
    names = text.split()
    return len(names) <= 14 and not names[0].islower() and not names[0][0].isdigit()


def _signed(text: str) -> Credit:
    """``By Jane Doe``, perhaps with a wire or a place after a sign of its own."""
    name, *others = [part.strip() for part in _PARTS.split(text) if part.strip()]
    credit = Credit(byline=name)
    if not others:
        head, comma, tail = text.rpartition(",")
        if comma and is_wire(tail):
            return Credit(byline=head.strip(), agency=tail.strip())
    for other in others:
        if is_wire(other) and not credit.agency:
            credit.agency = other
        elif _ROLE.search(other):
            credit.byline += f", {other}"
        elif not credit.dateline:
            credit.dateline = other
    return credit


def _by_parts(parts: list[str], text: str) -> Credit | None:
    wires = [part for part in parts if is_wire(part)]
    roles = [part for part in parts if not is_wire(part) and is_role(part)]
    others = [part for part in parts if not is_wire(part) and not is_role(part)]
    if wires or roles:
        # A name beside a role or wire is a person's unless it stands alone: then it is the place.
        byline = ", ".join([*others[:-1], *roles])
        return Credit(
            byline=byline, agency=", ".join(map(wire_name, wires)).strip("()"), dateline=", ".join(others[-1:])
        )
    if len(parts) == 2 and re.search(r"\s[.•·|]\s", text):
        named, place = guess(parts[0]), guess(parts[1])
        if named is not None and place is not None:
            return Credit(
                byline=parts[0],
                dateline=parts[1],
                note=f"“{parts[0]}” is no agency that is known: it was taken for the byline, “{parts[1]}” for a place.",
            )
    return None


def _by_comma(text: str) -> Credit | None:
    """``Agency, Place`` and ``Staff Correspondent, Place``, either way round."""
    head, comma, tail = (part.strip() for part in text.partition(","))
    if not comma or not tail or len(text) > 100:
        return None
    if is_wire(head):
        return Credit(agency=head, dateline=tail)
    if is_wire(tail.rpartition(",")[2]):
        return Credit(agency=tail.rpartition(",")[2].strip(), dateline=text[: text.rindex(",")].strip())
    if is_role(head):
        return Credit(byline=head, dateline=tail)
    if is_role(tail) and guess(head) is not None:
        return Credit(byline=text)
    return None


def is_role(text: str) -> bool:
    """``Staff Correspondent``, ``Sports Desk``: a role at the end of a few words, none of them in lower case."""
    names = text.split()
    return (
        len(names) <= 6
        and _ROLE.search(text) is not None
        and not any(name[0].islower() for name in names if name not in _PARTICLES)
    )
