"""Which requests want changes only, and since when."""

from __future__ import annotations

import pytest

from feedsvc.publish.delta import base, wanted

HASH = "44505a451c5e90ed"


@pytest.mark.parametrize(
    "header",
    ["feed", "FEED", "feed, gzip", "vcdiff, feed;q=0.5", "gzip;q=1,feed", " feed ", "feed;q=0.001", "feed;x=1"],
)
def test_who_takes_feed(header: str) -> None:
    assert wanted(header)


@pytest.mark.parametrize(
    "header", [None, "", "gzip", "feed;q=0", "feed;q=0.0, gzip", "feeds", "xfeed", "*", "feed " * 200, ",;,=", "\x00"]
)
def test_who_does_not(header: str | None) -> None:
    assert not wanted(header)


@pytest.mark.parametrize(
    ("header", "known"),
    [
        (f'"3i-{HASH}"', (126, f"3i-{HASH}")),
        (f'"3i-{HASH}-gzip"', (126, f"3i-{HASH}-gzip")),
        (f'W/"3i-{HASH}-br"', (126, f"3i-{HASH}-br")),
        (f'"3i-{HASH}--gzip"', (126, f"3i-{HASH}--gzip")),
        (f'"3i-{HASH}", "3j-{HASH}", "other"', (127, f"3j-{HASH}")),
        (f'"0-{HASH}"', (0, f"0-{HASH}")),
    ],
)
def test_the_newest_version_that_a_client_has(header: str, known: tuple[int, str]) -> None:
    assert base(header) == known


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "*",
        '""',
        '"other"',
        f'"{HASH}"',
        f'"3i-{HASH}x"',
        f'"3I-{HASH}"',
        '"3i-"',
        f'"{"z" * 99}-{HASH}"',
        "\x00",
    ],
)
def test_what_is_none_of_ours(header: str | None) -> None:
    assert base(header) == (0, "")
