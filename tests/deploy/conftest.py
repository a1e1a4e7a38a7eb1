"""A newsroom whose service stands behind what ``deploy/`` describes."""

from __future__ import annotations

import contextlib
import http.client
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from e2e.articles import markdown
from e2e.newsroom import Answer, Newsroom

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
SECTIONS = """
[sections.town]
title = "Town"
moved_from = ["village", "old/parish"]

[sections.sport]
max_age = "5m"

[sections."town/harbour"]
"""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f6"
    "45400000000049454e44ae426082"
)


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """A folder of one's own, and an end to everything that is started in it."""
    with Newsroom(tmp_path) as newsroom:
        yield newsroom


def fill(newsroom: Newsroom) -> None:
    """Articles of every shape that has an address of its own."""
    newsroom.configure(SECTIONS, workers=1)
    for number in range(23):
        newsroom.drop(f"town/{number}.md", markdown(f"Lamp {number}", date=f"2026-03-{number + 1:02}T08:00:00Z"))
    newsroom.drop("town/harbour/tug.md", markdown("Tug", tags="[ferries, Söder & Co]", author="Ada Quay"))
    newsroom.drop("sport/race.md", markdown("Race"))
    newsroom.drop("sport/quay.png", PIXEL)
    newsroom.drop("sport/picture.md", markdown("Picture", "One line of text.\n\n![Quay](quay.png)\n\nAnd another one."))
    newsroom.drop("новости/паром.md", markdown("Паром вернулся"))
    newsroom.drop("town/long.md", markdown("漁" * 90))
    newsroom.drop("town/gone.md", markdown("Gone"))
    newsroom.drop("town/taken.md", markdown("Taken"))
    newsroom.drop("town/later.md", markdown("Later", embargo="2099-01-01T00:00:00Z"))


def ask(
    port: int, path: str, headers: Mapping[str, str] | None = None, *, method: str = "GET", host: str = ""
) -> Answer:
    """One request on a connection of its own."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request(method, path, headers={**(headers or {}), **({"Host": host} if host else {})})
        response = connection.getresponse()
        body = response.read()
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(status=response.status, headers=told, body=body, seconds=0)
