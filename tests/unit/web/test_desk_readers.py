"""The desk's pages of readers: figures, plots that can be read without eyes, and words for those who waste."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes import Newsroom, make_article, make_settings

from feedsvc.board import Board
from feedsvc.numbers.agents import Agent
from feedsvc.numbers.tally import DAY, HOUR, Poll, Tally, milliseconds
from feedsvc.web.app import create_app
from feedsvc.web.desk.plots import plot

TOKEN = "k" * 40


@pytest.fixture
def desk(room: Newsroom, tmp_path: Path) -> Callable[[str], Any]:
    room.put(make_article("ferry"))
    (tmp_path / "token").write_text(TOKEN)
    settings = make_settings(server={"token_file": tmp_path / "token"})
    client = create_app(settings, room.store, room.clock, board=Board()).test_client()
    return lambda path: client.get(path, headers={"Authorization": f"Bearer {TOKEN}", "Accept": "text/html"})


def polled(room: Newsroom, *, days_ago: int = 0, feed: str = "all") -> None:
    at = milliseconds(room.clock.now) - days_ago * DAY
    tally = Tally()
    tally.add(Poll(feed, "rss", 200, False, "", 900, 0, 0, Agent("Greedy <b>"), 5), 900, at=at)
    tally.add(Poll(feed, "rss", 304, True, "gzip", 0, 300, 0, Agent("Feedly", "service", 1016), 6), 90, at=at - HOUR)
    room.store.add_tally(tally)


def test_before_anybody_polled(desk: Callable[[str], Any]) -> None:
    answer = desk("/desk/readers")
    assert answer.status_code == 200
    assert "Nobody has polled a feed yet" in answer.text
    assert desk("/desk/readers?feed=all").status_code == 404


def test_feeds_in_figures_and_clients_that_waste(desk: Callable[[str], Any], room: Newsroom) -> None:
    for days_ago in range(5):
        polled(room, days_ago=days_ago)
    polled(room, feed="harbour")
    text = desk("/desk/readers").text
    assert "1,017" in text
    assert "9 %" in text
    assert "never conditional" in text
    assert "Greedy &lt;b&gt;" in text
    assert "Greedy <b>" not in text
    assert text.count("<svg") == 2
    page = desk("/desk/readers?feed=all").text
    assert "Feedly" in page
    assert page.count("<svg") == 2
    assert len(re.findall(r"<tr>", page)) > 10, "what a plot shows stands in a table as well"


def test_a_plot_is_told_in_words_and_has_the_colour_of_the_text(desk: Callable[[str], Any], room: Newsroom) -> None:
    polled(room)
    text = desk("/desk/readers?feed=all").text
    for drawn in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        title, desc = re.search(r'aria-labelledby="(\S+) (\S+)"', drawn).groups()  # type: ignore[union-attr]
        assert re.search(rf'<title id="{title}">[^<]+</title>', drawn)
        assert re.search(rf'<desc id="{desc}">[^<]+</desc>', drawn)
        assert 'fill="currentColor"' in drawn
        assert "style=" not in drawn
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_while_the_store_is_lost(desk: Callable[[str], Any], room: Newsroom) -> None:
    room.store.lost = True
    answer = desk("/desk/readers")
    assert answer.status_code == 200
    assert "alarm" in answer.text


@pytest.mark.parametrize("values", [[], [0], [7], [0, 0], [1, 5, 3], list(range(400))])
def test_a_plot_stays_in_its_frame(values: list[int]) -> None:
    for drawn in (plot(values, words=""), plot(values, words="", spark=True)):
        bars = re.findall(r"M([\d.]+),(\d+)V([\d.]+)h([\d.]+)V(\d+)z", drawn.bars)
        assert len(bars) == sum(map(bool, values)), "nothing has no bar"
        for left, bottom, top, width, end in bars:
            assert 0 <= float(left) < float(left) + float(width) <= drawn.width + 0.1
            assert 0 <= float(top) < int(bottom) == int(end) == drawn.height
        if bars and values[-1]:
            assert float(bars[-1][0]) >= drawn.width - 25, "the last one stands at the edge"


def test_few_values_are_told_in_words_that_fit(desk: Callable[[str], Any], room: Newsroom) -> None:
    polled(room)
    text = desk("/desk/readers?feed=all").text
    assert "Readers on the one day that was counted so far: 1,017." in text
    polled(room, days_ago=2)
    text = desk("/desk/readers?feed=all").text
    assert "Readers on each of 3 days: 1,017 on the first, 1,017 on the last, 1,017 at most." in text
