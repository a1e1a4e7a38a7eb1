"""The table of requests, row by row, in every way in which the newspaper can be asked."""

from __future__ import annotations

import functools
import gzip
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import brotli
import pytest
from conformance.newspaper import SERVERS, Answer, InProcess, Newspaper, Way, publish, served

from feedsvc.clock import utc_now
from feedsvc.store.opening import open_store
from feedsvc.web.app import create_app

TABLE = Path(__file__).with_name("requests.md")
FEED = "/feeds/harbour.rss"
DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: the request, and the statements about its answer."""

    method: str
    target: str
    headers: tuple[str, ...]
    status: int
    statements: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join([self.method, self.target, *self.headers])


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _lines(cell: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("`") for part in cell.split("<br>") if part.strip())


@functools.cache
def _read() -> tuple[dict[str, tuple[str, ...]], list[Row]]:
    """The words, and the rows in which they stand for statements."""
    words: dict[str, tuple[str, ...]] = {}
    rows = []
    for line in TABLE.read_text("utf-8").splitlines():
        if not line.startswith("|") or line.startswith("|---"):
            continue
        cells = _cells(line)
        if len(cells) == 2 and cells[0] != "word":
            words[cells[0]] = _lines(cells[1])
        elif len(cells) == 4 and cells[0] != "request":
            method, target = cells[0].split(" ", 1)
            rows.append(
                Row(
                    method=method,
                    target=target,
                    headers=_lines(cells[1]),
                    status=int(cells[2]),
                    statements=_lines(cells[3]),
                )
            )
    return words, rows


WORDS, ROWS = _read()


@pytest.fixture(scope="session")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Newspaper:
    return publish(tmp_path_factory.mktemp("newspaper"))


@pytest.fixture(scope="session", params=["the short way", "the route", *SERVERS])
def way(request: pytest.FixtureRequest, newspaper: Newspaper) -> Iterator[Way]:
    """Each way to ask; a server is started once for the whole table."""
    with ExitStack() as stack:
        if request.param in SERVERS:
            yield stack.enter_context(served(newspaper, request.param))
            return
        store = open_store(newspaper.settings.store.url)
        stack.callback(store.close)
        yield InProcess(create_app(newspaper.settings, store, utc_now, short=request.param == "the short way"))


@pytest.fixture(scope="session")
def values(newspaper: Newspaper, way: Way) -> Mapping[str, str]:
    """What stands in braces in the table."""
    whole = way.ask("GET", FEED)
    modified = parsedate_to_datetime(whole.header("Last-Modified") or "")
    dates = {"modified": modified, "modified+1": modified + timedelta(seconds=1)}
    dates |= {"modified-1": modified - timedelta(seconds=1), "ahead": datetime.now(UTC) + timedelta(days=365)}
    return {
        **newspaper.pages,
        **{name: format_datetime(date, usegmt=True) for name, date in dates.items()},
        "modified:rfc850": f"{modified:%A, %d-%b-%y %H:%M:%S} GMT",
        "modified:asctime": f"{modified:%a %b} {modified.day:2} {modified:%H:%M:%S %Y}",
        "tag": (whole.header("ETag") or "").strip('"'),
    }


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, way: Way, values: Mapping[str, str]) -> None:
    headers = [(name, value) for name, _, value in (_filled(one, values).partition(": ") for one in row.headers)]
    answer = way.ask(row.method, _filled(row.target, values), headers)
    assert answer.status == row.status, answer
    _check_always(answer, row.method)
    for statement in row.statements:
        _check(statement, answer, way, values)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{([^}]+)\}", lambda found: values[found[1]], text)


def _check_always(answer: Answer, method: str) -> None:
    """What holds for every answer there is."""
    names = [name.lower() for name, _ in answer.headers]
    assert len(names) == len(set(names)), f"a header stands there twice: {answer.headers}"
    for absent in ("set-cookie", "transfer-encoding", "x-powered-by", "via"):
        assert absent not in names
    assert all("evil" not in value for name, value in answer.headers)
    assert "x-content-type-options" in names or answer.status in (304, 308, 405, 404, 410) or method == "OPTIONS"
    length = answer.header("Content-Length")
    if answer.status == 304:
        assert answer.body == b""
        assert length in (None, "0")
    elif method == "HEAD":
        assert answer.body == b""
    else:
        assert length == str(len(answer.body))
    server = answer.header("Server")
    assert server is None or not re.search(r"\d", server), "a banner tells a version"


def _check(statement: str, answer: Answer, way: Way, values: Mapping[str, str]) -> None:
    if statement in WORDS:
        for one in WORDS[statement]:
            _check(one, answer, way, values)
    elif statement == "no body":
        assert answer.body == b""
    elif statement == "the body of the feed":
        decoded = DECODERS[answer.header("Content-Encoding")](answer.body)
        assert decoded == way.ask("GET", FEED).body
        assert b"<rss " in decoded
    elif statement.startswith("at most "):
        assert len(answer.body) <= int(statement.split(" ")[2])
    elif statement.startswith("no "):
        assert answer.header(statement.removeprefix("no ")) is None, answer.headers
    else:
        name, mark, pattern = statement.partition(": ")
        assert mark, f"{statement!r} is neither a header nor a word of the table"
        found = answer.header(name)
        assert found is not None, f"there is no {name}: {answer.headers}"
        wanted = ".*".join(map(re.escape, _filled(pattern, values).split("*")))
        assert re.fullmatch(wanted, found), f"{name} is {found!r}"


def test_the_table_was_read() -> None:
    assert len(ROWS) > 120
    assert {"whole", "unchanged", "a page"} <= WORDS.keys()
    assert {row.status for row in ROWS} == {200, 304, 308, 404, 405, 410}
