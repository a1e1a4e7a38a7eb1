"""What a copy of the site has to ask for again: told by what was written, and by the moments that passed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from fakes import Newsroom, make_article


def test_changes_releases_and_expiries_are_told_of(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as room:
        store, start = room.store.store, room.clock()
        hour = timedelta(hours=1)
        nothing = store.touched("0-0", since=None, now=start)
        assert nothing is not None
        assert (nothing.mark, nothing.feeds, nothing.paths) == ("0-0", frozenset(), ())
        (ferry,) = room.put(make_article("ferry"))
        (later,) = room.put(make_article("later", sections=("town",), embargo=start + hour, expires=start + 2 * hour))
        found = store.touched("0-0", since=start, now=start)
        assert found is not None
        assert found.feeds >= {"all", "harbour"}
        assert found.paths == (ferry.path,)  # of what is still to come nothing is told
        now = room.clock.move(minutes=5)
        quiet = store.touched(found.mark, since=now, now=now)
        assert quiet is not None
        assert (quiet.mark, quiet.feeds, quiet.paths) == (found.mark, frozenset(), ())
        for _ in range(2):
            released = store.touched(found.mark, since=now, now=room.clock.move(hours=1))
            assert released is not None
            assert released.feeds == {"all", "town"}
            assert released.paths == (later.path,)
            now = room.clock()
        room.withdraw(ferry.article)
        gone = store.touched(found.mark, since=now, now=now)
        assert gone is not None
        assert gone.feeds == {"all", "harbour"}
        assert gone.paths == (ferry.path,)
        assert set(store.departed(now)) == {ferry.path, later.path}
        assert set(store.names()) == {"all", "harbour", "town"}


def test_the_mark_of_another_store_is_none(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as room:
        room.put(make_article("ferry"))
        now = room.clock()
        for mark in ("999-0", "1-1"):
            assert room.store.store.touched(mark, since=now, now=now) is None
