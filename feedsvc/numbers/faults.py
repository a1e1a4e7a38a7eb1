"""What the clients of one name do wrong, in words that an operator can send to those who make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedsvc.numbers.tally import OTHER, milliseconds

ENOUGH_POLLS = 20
"""With fewer polls nothing is said of anybody."""
MOST_OFTEN = 1.5
"""How many times as often as a feed's age allows a client may ask: clocks differ, and people press a button."""
OFTEN_PLAIN = 0.9
REPEATS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDay:
    """The requests of all clients of one *name* in one day, or in a part of it that took *seconds*.

    *clients* is how many different pairs of client and document there were; the others are as in ``ClientCounts``.
    """

    day: int
    name: str
    polls: int
    full: int
    unchanged: int
    conditional: int
    plain: int
    moved: int
    gone: int
    refused: int
    clients: int
    seconds: float = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that a program does wrong: a short stable *kind*, and the *words* for whoever makes it."""

    kind: str
    words: str


def faults(day: ClientDay, *, max_age: float) -> Sequence[Fault]:
    """What *day* shows to be wrong, where a feed may be kept for *max_age* seconds; the costliest first."""
    clients, found = max(1, day.clients), []
    if day.polls >= ENOUGH_POLLS and day.polls >= REPEATS * clients and not day.conditional:
        found.append(
            Fault(
                kind="never conditional",
                words=(
                    f"{day.polls:,} polls, and none had If-None-Match or If-Modified-Since: please keep the ETag of"
                    " each answer and send it back in If-None-Match; most polls then cost 200 bytes"
                    " (RFC 9110, section 13)."
                ),
            )
        )
    allowed = day.seconds / max(1.0, max_age)
    if day.polls >= ENOUGH_POLLS and day.polls / clients > MOST_OFTEN * allowed:
        every = day.seconds * clients / day.polls
        found.append(
            Fault(
                kind="too often",
                words=(
                    f"a feed was asked for every {_spoken(every)}, though its Cache-Control says that it may be kept"
                    f" for {_spoken(max_age)}: please wait at least as long (RFC 9111, section 4.2)."
                ),
            )
        )
    if day.polls >= ENOUGH_POLLS and day.plain >= OFTEN_PLAIN * day.polls:
        found.append(
            Fault(
                kind="no compression",
                words=(
                    f"{day.plain:,} of {day.polls:,} polls accepted no compression: please send Accept-Encoding: gzip;"
                    " feeds are then a fifth of the size (RFC 9110, section 12.5.3)."
                ),
            )
        )
    if day.moved >= ENOUGH_POLLS and day.moved > REPEATS * clients:
        found.append(
            Fault(
                kind="ignores redirects",
                words=(
                    f"{day.moved:,} requests went to addresses that answer 308, which is for good: please keep the new"
                    " address and ask there from then on (RFC 9110, section 15.4.9)."
                ),
            )
        )
    if day.gone >= ENOUGH_POLLS and day.gone > REPEATS * clients:
        found.append(
            Fault(
                kind="ignores gone",
                words=(
                    f"{day.gone:,} requests went to addresses that answer 404 or 410 each time: please stop after a few"
                    " tries, and at once after a 410 (RFC 9110, section 15.5.11)."
                ),
            )
        )
    if day.refused >= ENOUGH_POLLS and day.refused > 2 * day.full + clients:
        found.append(
            Fault(
                kind="ignores Retry-After",
                words=(
                    f"{day.refused:,} requests were answered 429 because the client came back before the time that"
                    " Retry-After names: please wait until then (RFC 9110, section 10.2.3)."
                ),
            )
        )
    return found


def wasteful(
    days: Sequence[ClientDay], max_age: timedelta, *, now: datetime
) -> list[tuple[ClientDay, Sequence[Fault]]]:
    """The clients of the newest of their *days* that do anything wrong, those with most polls first.

    A day that is not over at *now* counts for as long as it has lasted.
    """
    newest: dict[str, ClientDay] = {}
    for day in days:
        if day.name not in newest or day.day >= newest[day.name].day:
            newest[day.name] = day
    at, found = milliseconds(now), []
    for day in newest.values():
        lasted = replace(day, seconds=min(86400.0, max(3600.0, (at - day.day) / 1000)))
        wrong = faults(lasted, max_age=max_age.total_seconds())
        if wrong and day.name != OTHER:
            found.append((lasted, wrong))
    return sorted(found, key=lambda one: (-one[0].polls, one[0].name))


def _spoken(seconds: float) -> str:
    if seconds >= 7200:
        return f"{seconds / 3600:.0f} hours"
    if seconds >= 120:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds:.0f} seconds" if seconds >= 10 else f"{seconds:.1f} seconds"
