"""New files are taken in many at a time, or one by one, or by other processes: the store is the same after it."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

import postgres
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.pool import NullPool
from unit.ingest.newsdesk import Desk, Items

from feedsvc.formats.base import RawItem
from feedsvc.formats.registry import Formats
from feedsvc.ingest import crew, onepass
from feedsvc.ingest.crew import Answer, Crew
from feedsvc.ingest.results import Conditions
from feedsvc.ingest.scan import scan
from feedsvc.model import SourceState
from feedsvc.normalise.sections import SectionNames
from feedsvc.store import newcomers
from feedsvc.store.tables import articles, metadata

Rows = dict[str, list[tuple[object, ...]]]
_PLACES = [f"{folder}{name}" for folder in ("", "town/", "port/2040/") for name in "abcdef"]
_DATES = [
    "",
    "2040-03-10",
    "2040-03-10T09:00:00Z",
    "2040-03-10T09:00:00.001Z",
    "2041-01-01",
    "9999-12-31T23:59:59.999Z",
]
_ITEM = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["", "", "", "urn:x:1", "urn:x:2"]),
        "title": st.sampled_from(["One", "Two", "Three", "Four"]),
        "version": st.sampled_from(["", "1", "2"]),
        "published": st.sampled_from(_DATES),
        "embargo": st.sampled_from(["", "", "", "2040-12-01", "nonsense"]),
        "expires": st.sampled_from(["", "", "2040-03-11", "2042-01-01"]),
        "status": st.sampled_from(["", "", "", "draft", "canceled"]),
        "categories": st.sampled_from([[], [{"term": "Ferries"}], [{"term": "ferries"}, {"term": "Tides"}]]),
        "byline": st.sampled_from(["", "By Ada Moor", "By Ada Moor and Bo Lind"]),
    }
)
_FILE = st.one_of(
    _ITEM.map(lambda item: (item,)),
    st.tuples(_ITEM, _ITEM),
    st.sampled_from(["broken", "boom", "same", "blank"]),
)
_DROP = st.dictionaries(st.sampled_from(_PLACES), _FILE, min_size=1, max_size=10)


def dropped(desk: Desk, files: dict[str, object]) -> None:
    for path, made in files.items():
        if made == "broken":
            desk.write(f"{path}.md", "---\ntitle: [x\n---\n")
        elif made == "boom":
            desk.items(f"{path}.items", "boom")
        elif made == "same":
            desk.article(f"{path}.md", "Copied", body="The same bytes, wherever they are.")
        elif made == "blank":
            desk.write(f"{path}.txt", "")
        else:
            assert isinstance(made, tuple)
            desk.items(f"{path}.items", *({**item, "part": number} for number, item in enumerate(made)))


def rows(desk: Desk) -> Rows:
    """All that the store holds, but who may write and when passes ran. Changes are numbered without gaps."""
    engine = create_engine(desk.url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with engine.connect() as connection:
        names = [name for name in metadata.tables if name not in ("leases", "runs")]
        found = {
            name: sorted(map(tuple, connection.execute(select(metadata.tables[name]))), key=repr) for name in names
        }
    told = sorted(found["changes"])
    return {**found, "changes": [(number, *change[1:]) for number, change in enumerate(told)]}


@contextlib.contextmanager
def one_by_one() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(onepass, "newcomer_of", lambda *_, **__: None)
        yield


@contextlib.contextmanager
def by_a_crew() -> Iterator[None]:
    """As with other processes, but without any: all is read as they read, and given back as they give it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crew, "FEWEST", 1)
        patch.setattr(crew, "_TOGETHER", 2)
        patch.setattr(crew, "processes", lambda: 1)
        patch.setattr(crew, "Crew", lambda formats, under, **_: Crew(formats, under, count=0))
        yield


_TWO_DROPS = given(
    first=_DROP, removed=st.sets(st.sampled_from(_PLACES)), second=_DROP, batch=st.sampled_from([3, 500])
)


@settings(max_examples=15)
@_TWO_DROPS
def test_all_ways_leave_the_same_store(
    first: dict[str, object], removed: set[str], second: dict[str, object], batch: int
) -> None:
    _taken_in_by_all_ways(first, removed, second, batch, ["", "", ""])


@pytest.mark.skipif(bool(postgres.lacking()), reason=postgres.lacking() or "-")
@settings(max_examples=5, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@_TWO_DROPS
def test_all_ways_leave_the_same_rows_in_postgresql_as_in_sqlite(
    first: dict[str, object], removed: set[str], second: dict[str, object], batch: int
) -> None:
    server = postgres.shared()
    databases = [server.database(postgres.template()) for _ in range(3)]
    try:
        _taken_in_by_all_ways(first, removed, second, batch, [*map(server.url, databases), ""])
    finally:
        for name in databases:
            server.sql(f"DROP DATABASE {name} WITH (FORCE)")


def _taken_in_by_all_ways(
    first: dict[str, object],
    removed: set[str],
    second: dict[str, object],
    batch: int,
    urls: Sequence[str],
) -> None:
    """Take in two drops by a way for each of *urls*, into the store there: all leave the same rows and words."""
    ways: Sequence[Callable[[], contextlib.AbstractContextManager[None]]]
    ways = (one_by_one, contextlib.nullcontext, by_a_crew, contextlib.nullcontext)[: len(urls)]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(onepass, "BATCH_FILES", batch)
        content = {"path": Path(folder) / "content", "max_missing_files": 100, "max_new_ids": 2}
        desks = [Desk(Path(folder) / str(number), url=url, content=content) for number, url in enumerate(urls)]
        writer = Desk(Path(folder))
        dropped(writer, first)
        said = []
        for desk, way in zip(desks, ways, strict=True):
            with way():
                said.append([desk.scan()])
        for path in removed:
            writer.remove(
                *(f"{path}{end}" for end in (".md", ".items", ".txt") if (writer.root / f"{path}{end}").exists())
            )
        dropped(writer, second)
        for number, (desk, way) in enumerate(zip(desks, ways, strict=True)):
            with way():
                said[number] += [desk.scan(), desk.scan()]
        kept = [rows(desk) for desk in desks]
        for desk in (*desks, writer):
            desk.close()
        assert [_otherwise(kept[0], one) for one in kept] == [{}] * len(ways)
        told = [
            [(one.files, one.read, one.outcomes, sorted(map(str, one.refused)), one.held) for one in reports]
            for reports in said
        ]
        assert all(one == told[0] for one in told)


def _otherwise(one: Rows, other: Rows) -> dict[str, object]:
    """The rows of each table that only one of the two has."""
    return {name: found for name in one if (found := set(one[name]) ^ set(other[name]))}


def test_a_new_article_is_a_row_of_its_table() -> None:
    columns = [column.name for column in articles.columns]
    assert list(newcomers.NewArticle._fields[: len(columns)]) == columns


def test_nearly_all_new_files_go_the_short_way(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from feedsvc.store.writer import SqlWriter

    put: list[str] = []
    real = SqlWriter.put

    def counted(self: SqlWriter, article: object, **named: object) -> str:
        put.append(article.source)  # type: ignore[attr-defined]
        return real(self, article, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(SqlWriter, "put", counted)
    for number in range(30):
        desk.article(f"town/{number:02d}.md")
    desk.write("town/15a.md", (desk.root / "town/15.md").read_bytes())
    desk.scan()
    assert len(desk.titles()) == 30
    assert put == ["town/15.md"]  # its copy places it again


# ---------------------------------------------------------------------- other processes
class Deadly(Items):
    """As ``Items``; some files end the process that reads them, or are never read to their end."""

    def parse(self, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252") -> Sequence[RawItem]:
        if "kills" in path.name:
            os.kill(os.getpid(), signal.SIGKILL)
        if "hangs" in path.name:
            signal.pause()
        return super().parse(data, path, fallback_encoding=fallback_encoding)


def answers(desk: Desk) -> dict[str, Answer]:
    """What another process answers for the files of *desk*."""
    sections = SectionNames(desk.settings)
    under = Conditions(settings=desk.settings, sections=sections, now=desk.clock(), cold=True, rules="r")
    files = sorted(scan(desk.root, ignore=()).files.values(), key=lambda file: file.source)
    with contextlib.closing(Crew(Formats([Deadly()]), under, count=1)) as hands:
        found = hands.read([(file, False) for file in files])
        return {file.source: answer for file, answer in zip(files, found, strict=True)}


def test_a_file_that_ends_its_reader_costs_no_other(desk: Desk) -> None:
    for name in ("a", "b-kills", "c", "d-kills", "e"):
        desk.items(f"{name}.items", {"title": name})
    found = answers(desk)
    assert [name for name, answer in found.items() if answer.newcomer] == ["a.items", "c.items", "e.items"]
    assert found["b-kills.items"].failed == found["d-kills.items"].failed == "was ended by signal 9"


def test_a_file_that_is_never_read_to_its_end_costs_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew.threading, "active_count", lambda: 1)  # a fork is there at once
    monkeypatch.setattr(crew, "PATIENCE", 1.0)
    for name in ("a", "b-hangs", "c"):
        desk.items(f"{name}.items", {"title": name})
    found = answers(desk)
    assert found["b-hangs.items"].failed == "took longer than 1 s"
    assert found["c.items"].newcomer


def test_a_pass_with_other_processes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "FEWEST", 1)
    monkeypatch.setattr(crew, "processes", lambda: 2)
    for number in range(70):
        desk.article(f"town/{number:02d}.md", f"Number {number:02d}")
    desk.write("town/bad.md", "---\ntitle: [x\n---\n")
    desk.write(
        "town/page.html", "<html><body><h1>A page</h1><p>It holds one sentence, and that is all.</p></body></html>"
    )
    report = desk.scan()
    assert report.outcomes == {"published": 71}
    assert [refusal.source for refusal in report.refused] == ["town/bad.md"]
    assert report.read == 72
    assert desk.state("town/00.md") is SourceState.ACCEPTED


def test_a_pass_refuses_what_ends_its_reader(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = functools.partial(Answer, failed="was ended by signal 11")
    monkeypatch.setattr(crew, "FEWEST", 1)
    monkeypatch.setattr(crew, "processes", lambda: 1)
    monkeypatch.setattr(Crew, "read", lambda _, files: iter([failing() for _ in files]))
    desk.article("a.md")
    report = desk.scan()
    assert [str(one) for one in report.refused] == [
        "a.md: reading it was ended by signal 11; simplify the file, or save its text alone"
    ]
    assert desk.scan().read == 0
