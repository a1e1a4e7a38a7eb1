"""Names that hardly go into an index: each file is taken in or refused by itself, and holds nothing up."""

from __future__ import annotations

from collections.abc import Callable

import postgres
import pytest
from unit.ingest.newsdesk import Desk

from feedsvc.model import SourceState


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, make_desk: Callable[..., Desk]) -> Desk:
    """A desk on either store."""
    if request.param == "sqlite":
        return make_desk()
    if postgres.lacking():
        pytest.skip(postgres.lacking())
    return make_desk(url=postgres.shared().url(postgres.shared().database(postgres.template())))


def signs(count: int, begin: int = 0x4E00) -> str:
    """So many signs of three bytes, hardly to be compressed."""
    return "".join(chr(begin + number * 7919 % 20_000) for number in range(count))


def test_every_file_by_itself(desk: Desk) -> None:
    longest = "/".join(signs(80, 0x4E00 + place) for place in range(4))  # 963 bytes
    item = {"title": "A title", "body": "<p>A text.</p>"}
    desk.article("good.md")
    desk.article(f"{longest}/{signs(18)}.md", "By its path")
    desk.article(f"{longest}/{signs(60)}.md", "By no path")
    desk.items("own.items", {**item, "title": "By its own id", "id": signs(150)})
    desk.items("owner.items", {**item, "title": "By too long an id", "id": signs(900)})
    desk.items("wide.items", {**item, "title": "By its section", "sections": ["/".join([signs(60)] * 5)]})
    desk.items("wider.items", {**item, "title": "By no section", "sections": [signs(900)]})
    desk.items("tags.items", {**item, "title": "By its tags", "categories": [{"term": signs(200, 0x5000)}]})
    desk.items("named.items", {**item, "title": "By its picture", "body": f'<p>Text <img src="{signs(400)}.png"></p>'})
    for report in (desk.scan(), desk.scan()):
        assert report.held == ""
    states = {path: desk.state(path) for path in ("good.md", "own.items", "owner.items", "wide.items", "wider.items")}
    assert states.pop("wider.items") is SourceState.REFUSED
    assert set(states.values()) == {SourceState.ACCEPTED}
    assert set(desk.titles()) == {
        "What good.md says", "By its path", "By its own id", "By too long an id", "By its section", "By its tags",
        "By its picture",
    }  # fmt: skip


def test_the_longest_article_can_be_moved_and_withdrawn(desk: Desk) -> None:
    for number in range(20):
        desk.article(f"town/{number}.md")
    path = f"{'/'.join(signs(80, 0x4E00 + place) for place in range(4))}/{signs(18)}.md"
    desk.article(path, "By its path")
    desk.scan()
    desk.move(path, f"{path[:-4]}.md")
    desk.scan()
    assert "By its path" in desk.titles()
    desk.remove(f"{path[:-4]}.md")
    desk.scans(3)
    assert len(desk.titles()) == 20
