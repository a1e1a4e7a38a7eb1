from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from feedsvc.normalise.bundles import place_of, title_of


@pytest.mark.parametrize(
    ("path", "counts_as", "name"),
    [
        ("town/the-ferry/index.md", "town/the-ferry.md", "the-ferry"),
        ("town/the-ferry/INDEX.HTML", "town/the-ferry.HTML", "the-ferry"),
        ("the-ferry/index.json", "the-ferry.json", "the-ferry"),
        ("town/2026-11-22-the-ferry/index.md", "town/2026-11-22-the-ferry.md", "the-ferry"),
        ("town/2026/11/the-ferry/index.md", "town/2026/11/the-ferry.md", "the-ferry"),
        ("港/船/index.md", "港/船.md", "船"),
        # These are no bundles.
        ("index.md", "index.md", ""),
        ("sport/index.md", "sport/index.md", ""),
        ("Sport/index.md", "Sport/index.md", ""),
        ("town/2026/11/22/index.md", "town/2026/11/22/index.md", ""),
        ("town/the-ferry/other.md", "town/the-ferry/other.md", ""),
        ("town/the-ferry/indexes.md", "town/the-ferry/indexes.md", ""),
        ("town/the-ferry/index", "town/the-ferry/index", ""),
    ],
)
def test_where_a_file_counts_as_lying(path: str, counts_as: str, name: str) -> None:
    assert place_of(PurePosixPath(path), sections={"sport"}) == (PurePosixPath(counts_as), name)


def test_a_folders_name_as_a_title() -> None:
    assert title_of("the-old_pier") == "The old pier"
