"""Which part of a file a request wants (RFC 9110 section 14)."""

from __future__ import annotations

import re

_RANGE = re.compile(r"(\d{1,19})-(\d{1,19})?|-(\d{1,19})", re.ASCII)


class Unsatisfiable(Exception):
    """Nothing of what was asked for is there: 416."""


def chosen(asked: str | None, length: int) -> range | None:
    """The bytes that *asked*, a Range header, wants of *length* bytes; None for all of them.

    One range is given. Of several all is given, which a server may do (section 14.2), as it may with what it does not
    understand: another unit, a range that ends before it begins. Raises Unsatisfiable.
    """
    unit, mark, ranges = (asked or "").partition("=")
    if not mark or unit.strip().lower() != "bytes":
        return None
    wanted = [part.strip(" \t") for part in ranges.split(",") if part.strip(" \t")]
    found = [_RANGE.fullmatch(part) for part in wanted[:2]]
    if len(found) != 1 or (match := found[0]) is None:
        return None
    if match[3] is not None:
        if not int(match[3]) or not length:
            raise Unsatisfiable
        return range(max(length - int(match[3]), 0), length)
    first = int(match[1])
    last = length - 1 if match[2] is None else int(match[2])
    if match[2] is not None and last < first:
        return None
    if first >= length:
        raise Unsatisfiable
    return range(first, min(last, length - 1) + 1)


def still_valid(if_range: str | None, *, etag: str, last_modified: str) -> bool:
    """Whether a Range header counts beside *if_range*: it is the very tag or date, by strong comparison (13.1.5)."""
    return if_range is None or if_range.strip() in (f'"{etag}"', last_modified)
