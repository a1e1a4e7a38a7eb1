"""Whatever fuzzing found once, and every golden file: held against all that must be true of any bytes."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from fuzz.oracle import FAMILIES, Oracle

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden"
FOUND = sorted((HERE / "regressions").iterdir())
SEEDS = sorted(path for folder in FAMILIES["any"][1] for path in (GOLDEN / folder).iterdir() if path.is_file())
BROKEN = (0, 1, 3)
"""Into how many pieces a golden file is cut, of which one is left out."""


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    return Oracle()


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found_once(oracle: Oracle, path: Path) -> None:
    articles = oracle.check(path.read_bytes(), PurePosixPath(f"sport/2026-03-14 tide{path.suffix}"))
    assert articles, "it was an article when it was found"


@pytest.mark.parametrize("folder", FAMILIES["any"][1])
def test_golden_files_whole_and_broken(oracle: Oracle, folder: str) -> None:
    read = 0
    for path in [path for path in SEEDS if path.parent.name == folder]:
        data = path.read_bytes()
        for pieces in BROKEN:
            for broken in _broken(data, pieces):
                read += len(oracle.check(broken, PurePosixPath(f"sport/2026-03-14 tide{path.suffix}")))
    assert read > len(SEEDS) / 40


def test_every_family_has_seeds() -> None:
    for family, (_, folders) in FAMILIES.items():
        assert any(path.parent.name in folders for path in SEEDS), family


def test_the_oracle_bites(oracle: Oracle, monkeypatch: pytest.MonkeyPatch) -> None:
    data, path = b"Ferry is back\n\nThe ferry is back on the water.\n", PurePosixPath("sport/a.txt")
    (article,) = oracle.check(data, path)
    assert article.title == "Ferry is back"
    with monkeypatch.context() as patch:
        patch.setattr("feedsvc.markup.sanitise", lambda *_, **__: "<p onclick=x>y</p>")
        with pytest.raises(AssertionError, match="onclick"):
            oracle.check(data, path)
    with monkeypatch.context() as patch:
        patch.setattr("fuzz.oracle.SECONDS", 0.0)
        with pytest.raises(AssertionError, match=r"took \d"):
            oracle.check(data, path)
    with monkeypatch.context() as patch:
        patch.setattr("feedsvc.formats.plaintext.format.PlainText.parse", lambda *_, **__: [][0])
        with pytest.raises(IndexError):
            oracle.check(data, path)


def _broken(data: bytes, pieces: int) -> list[bytes]:
    if pieces < 2:
        return [data if pieces == 0 else data[: len(data) // 2]]
    size = len(data) // pieces + 1
    return [data[: start * size] + data[(start + 1) * size :] for start in range(pieces)]
