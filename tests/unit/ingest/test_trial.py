"""What files would become: read one by one, without a store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from fakes import NOON, make_settings

from feedsvc.dates import Precision
from feedsvc.errors import FieldError
from feedsvc.formats.base import RawItem
from feedsvc.formats.registry import formats
from feedsvc.ingest import scan
from feedsvc.ingest.trial import Accepted, LeftOut, Refused, Trial
from feedsvc.normalise.article import Normalised, normalise

FERRY = "---\ntitle: The ferry\ndate: 2026-01-05\n---\nIt is back on the water after its repairs.\n"
ITEM = '{{"id": "{id}", "title": "{title}", "content_text": "The quay is closed for a week."}}'
FEED = '{{"version": "https://jsonfeed.org/version/1.1", "title": "Wire", "items": [{items}]}}'


def wire(*items: tuple[str, str]) -> str:
    return FEED.format(items=", ".join(ITEM.format(id=article_id, title=title) for article_id, title in items))


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


@pytest.fixture
def trial(content: Path) -> Iterator[Trial]:
    settings = make_settings(content={"path": content, "max_file": "10 KB"})
    with Trial(settings, formats(), now=NOON) as trial:
        yield trial


def write(path: Path, text: str = FERRY) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_what_an_article_would_be(trial: Trial, content: Path) -> None:
    write(content / "harbour/ferry.md")
    (found,) = trial.path(content)
    assert isinstance(found, Accepted)
    article = found.normalised.article
    assert found.source == article.source == "harbour/ferry.md"
    assert article.id == "tag:news.example.org,2026:harbour/ferry.md"
    assert article.precision is Precision.DAY
    assert found.as_json()["published"] == "2026-01-05T11:00:00Z"  # noon in Berlin


def test_files_are_read_one_by_one(trial: Trial, content: Path) -> None:
    write(content / "a.md")
    second = write(content / "b.md")
    found = trial.path(content)
    assert isinstance(next(found), Accepted)
    second.unlink()
    (gone,) = found
    assert gone == Refused(source="b.md", reason="it went away while it was looked at")


def test_they_come_in_the_order_of_their_names(trial: Trial, content: Path) -> None:
    for name in ("c.md", "a/x.md", "README.md", "b.md", "a.md"):
        write(content / name)
    (content / "b.pdf").write_bytes(b"%PDF-1.7")
    (content / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    found = [(type(one), one.source) for one in trial.path(content)]
    assert found == [
        (LeftOut, "README.md"),
        (Accepted, "a.md"),
        (Accepted, "a/x.md"),
        (Accepted, "b.md"),
        (Refused, "b.pdf"),
        (LeftOut, "b.png"),
        (Accepted, "c.md"),
    ]


def test_one_bad_article_refuses_its_file(trial: Trial, content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def picky(raw: RawItem, path: PurePosixPath, **named: Any) -> Normalised:
        if raw.title == "Bad":
            raise FieldError("the embargo is no date", field="embargo", value="soon", line=7)
        return normalise(raw, path, **named)

    monkeypatch.setattr("feedsvc.ingest.trial.normalise", picky)
    write(content / "harbour/wire.json", wire(("urn:a", "Good"), ("urn:b", "Bad"), ("urn:c", "Good too")))
    assert list(trial.path(content)) == [Refused(source="harbour/wire.json", reason="the embargo is no date", line=7)]


def test_a_bug_of_ours_is_told_and_hides_no_other_file(
    trial: Trial, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(raw: RawItem, path: PurePosixPath, **named: Any) -> Normalised:
        if raw.title == "Bad":
            raise ZeroDivisionError("a bug")
        return normalise(raw, path, **named)

    monkeypatch.setattr("feedsvc.ingest.trial.normalise", broken)
    write(content / "a.md", FERRY.replace("The ferry", "Bad"))
    write(content / "b.md")
    bad, good = trial.path(content)
    assert isinstance(bad, Refused)
    assert bad.reason == "it could not be made an article (ZeroDivisionError: a bug); please report it"
    assert isinstance(good, Accepted)


def test_a_file_that_is_too_large(trial: Trial, content: Path) -> None:
    write(content / "large.md", FERRY * 200)
    (found,) = trial.path(content)
    assert isinstance(found, Refused)
    assert "[content] max_file" in found.reason


def test_the_line_is_told_once(trial: Trial, content: Path) -> None:
    (content / "bad.md").write_bytes(b"---\ntitle: x\n---\n\x81\x8d\n")
    (found,) = trial.path(content)
    assert isinstance(found, Refused)
    assert found.line == 4
    assert not found.reason.startswith("line")


def test_a_folder_that_cannot_be_listed(trial: Trial, content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = scan.Scan(unlisted={"": "Permission denied", "shut/": "Input/output error"})
    monkeypatch.setattr(scan, "scan", lambda *_, **__: broken)
    assert {(one.source, one.reason) for one in trial.path(content) if isinstance(one, Refused)} == {
        (str(content), "this folder cannot be listed: Permission denied"),
        ("shut/", "this folder cannot be listed: Input/output error"),
    }


@pytest.mark.parametrize("name", [".drafts/ferry.md", "harbour/.git/ferry.md", "__MACOSX/ferry.md"])
def test_what_lies_in_a_hidden_folder_is_never_read(trial: Trial, content: Path, name: str) -> None:
    path = write(content / name)
    for asked in (path, path.parent):
        (found,) = trial.path(asked)
        assert isinstance(found, Refused)
        assert "never read" in found.reason
    assert list(trial.path(content)) == []


# ---------------------------------------------------------------------- files that speak of the same
def notes(trial: Trial, content: Path) -> dict[str, tuple[str, ...]]:
    found = (one for one in trial.path(content) if isinstance(one, Accepted))
    return {f"{one.source} {one.normalised.article.title}": one.normalised.notes for one in found}


def test_a_copy_is_noted(trial: Trial, content: Path) -> None:
    write(content / "harbour/ferry.md")
    write(content / "town/ferry.md")
    write(content / "town/other.md", FERRY.replace("ferry", "boat"))
    found = notes(trial, content)
    assert found["harbour/ferry.md The ferry"] == found["town/other.md The boat"] == ()
    assert found["town/ferry.md The ferry"] == (
        "the file is a copy of harbour/ferry.md: that article would stand in the section of this file too",
    )


def test_one_id_in_two_files_is_noted(trial: Trial, content: Path) -> None:
    write(content / "harbour/a.json", wire(("urn:wire:1", "One")))
    write(content / "harbour/b.json", wire(("urn:wire:1", "One again"), ("urn:wire:2", "Two")))
    found = notes(trial, content)
    assert any(note.startswith("harbour/a.json has the same id") for note in found["harbour/b.json One again"])
    assert not any("the same id" in note for note in found["harbour/b.json Two"])


def test_one_id_twice_in_a_file_is_noted(trial: Trial, content: Path) -> None:
    write(content / "harbour/a.json", wire(("urn:wire:1", "One"), ("urn:wire:1", "Other")))
    found = notes(trial, content)
    assert not any("the same id" in note for note in found["harbour/a.json One"])
    assert any("another article in this file has the same id" in note for note in found["harbour/a.json Other"])


def test_a_file_that_is_asked_for_twice_is_no_copy(trial: Trial, content: Path) -> None:
    write(content / "harbour/ferry.md")
    assert notes(trial, content) == notes(trial, content) == {"harbour/ferry.md The ferry": ()}


# ---------------------------------------------------------------------- where fields come from
@pytest.mark.parametrize(
    ("line", "name", "origin"),
    [
        ("id: urn:x:1", "id", "front matter"),
        ("slug: the-boat", "slug", "front matter"),
        ("author: Ada Quill", "byline", "front matter"),
        ("lastmod: 2026-02-01", "updated", "front matter"),
        ("tags: [sea]", "tags", ""),
        ("layout: x", "id", "the path of the file"),
        ("layout: x", "slug", "the title"),
        ("layout: x", "summary", "the beginning of the text"),
        ("layout: x", "updated", "the date of publication"),
        ("layout: x", "language", "the folder, the section or [site] language"),
        ("layout: x", "pubstatus", "the default"),
    ],
)
def test_where_a_field_comes_from(trial: Trial, content: Path, line: str, name: str, origin: str) -> None:
    write(content / "ferry.md", FERRY.replace("---\nIt", f"{line}\n---\nIt"))
    (found,) = trial.path(content)
    assert isinstance(found, Accepted)
    assert found.normalised.origin.get(name, "").startswith(origin)
    assert (name in found.normalised.origin) is bool(origin)
    assert found.normalised.origin["precision"] == found.normalised.origin["published"]
