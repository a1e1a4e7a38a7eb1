"""A WordPress export taken apart: the same articles as from the whole, run again, edited, and over its limits."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from unit.formats.wordpress.export import SITE, attachment, category, export, item, meta, paper
from unit.ingest.newsdesk import Desk
from unit.ingest.test_media import png

from feedsvc.cli.main import cli
from feedsvc.errors import FeedsvcError, ParseError
from feedsvc.model import Article
from feedsvc.movein import MoveIn, Report, redirect_lines


def move_in(desk: Desk, data: bytes, **options: object) -> Report:
    path = desk.folder / "export.xml"
    path.write_bytes(data)
    return MoveIn([path], desk.settings, **options).run()  # type: ignore[arg-type]


def files(desk: Desk) -> list[str]:
    return sorted(path.relative_to(desk.root).as_posix() for path in desk.root.rglob("*") if path.is_file())


def articles(desk: Desk) -> dict[str, Article]:
    """What the desk shows, without what tells how it came in."""
    found = {}
    for path in files(desk):
        record = desk.store.source(path)
        for article_id in record.articles if record else ():
            stored = desk.by_id(article_id)
            if stored.public(desk.clock()):
                found[article_id] = dataclasses.replace(stored.article, source="")
    return found


def test_the_whole_and_its_pieces_give_the_same_articles(make_desk: Callable[..., Desk]) -> None:
    data = paper(120)
    whole, pieces = make_desk(), make_desk()
    whole.write("export.xml", data)
    report = move_in(pieces, data)
    assert report.outcomes["new"] == 120
    whole.scan()
    pieces.scan()
    expected, found = articles(whole), articles(pieces)
    assert len(found) == 120
    assert found.keys() == expected.keys()
    assert found[f"{SITE}/?p=1001"] == expected[f"{SITE}/?p=1001"]
    assert found == expected
    assert not any("SECRET" in path.read_text() for path in pieces.root.rglob("*.json"))
    for desk in (whole, pieces):
        desk.close()


def test_run_again_it_writes_what_changed_and_leaves_what_was_edited(desk: Desk) -> None:
    move_in(desk, export([item(1), item(2), item(3)]))
    assert files(desk) == [f"2019/03/entry-{number}-{number}.json" for number in (1, 2, 3)]
    stamps = {path: (desk.root / path).stat().st_mtime_ns for path in files(desk)}
    edited = desk.root / "2019/03/entry-3-3.json"
    edited.write_text(json.dumps({**json.loads(edited.read_text()), "title": "By hand"}))

    report = move_in(desk, export([item(1), item(2, "Changed", name="renamed"), item(3, "Changed too"), item(4)]))
    assert dict(report.outcomes) == {"unchanged": 1, "changed": 1, "edited here": 1, "new": 1}
    assert (desk.root / "2019/03/entry-1-1.json").stat().st_mtime_ns == stamps["2019/03/entry-1-1.json"]
    assert json.loads((desk.root / "2019/03/entry-2-2.json").read_text())["title"] == "Changed"
    assert json.loads(edited.read_text())["title"] == "By hand"
    assert [one.why for one in report.left_out] == ["edited here"]
    assert len(files(desk)) == 4


def test_a_file_that_was_moved_is_found_again(desk: Desk) -> None:
    move_in(desk, export([item(1)]))
    desk.move("2019/03/entry-1-1.json", "archive-of-old/entry-1-1.json")
    assert move_in(desk, export([item(1)])).outcomes["unchanged"] == 1
    assert move_in(desk, export([item(1, guid="https://another.example/?p=1")])).outcomes["new"] == 1


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    report = move_in(desk, paper(20), dry=True)
    assert report.written == 20
    assert files(desk) == []


def test_what_is_left_out_is_told(desk: Desk) -> None:
    report = move_in(
        desk,
        export([
            item(1), item(2, status="draft"), item(3, password="x"), item(4, kind="page"), item(5, content=""),
            item(6, guid=f"{SITE}/?p=1"), item(7, kind="nav_menu_item"), item(8, kind="revision", status="inherit"),
        ]),
    )  # fmt: skip
    assert sorted(one.why for one in report.left_out) == ["draft", "no text", "page", "password", "the same guid twice"]
    assert report.left_out[0].link == f"{SITE}/2019/03/entry-2/"
    assert move_in(desk, export([item(4, kind="page")]), pages=True).outcomes["new"] == 1


def test_pictures_of_the_former_site_become_our_own(desk: Desk) -> None:
    desk.write("uploads/2019/03/quay.png", png(30, 20))
    text = (
        f'<a href="{SITE}/wp-content/uploads/2019/03/quay.png"><img src="{SITE}/wp-content/uploads/2019/03/quay-300x200.png"'
        f' alt="The quay" /></a>\n\nIt stands.\n\n<img src="{SITE}/wp-content/uploads/../../../etc/x.png">'
    )
    report = move_in(desk, export([item(1, content=text)]), uploads="uploads")
    assert (report.pictures, len(report.missing_pictures)) == (1, 1)
    desk.scan()
    content = desk.read("2019/03/entry-1-1.json").content
    assert 'src="/media/' in content
    assert "wp-content/uploads/2019" not in content
    with pytest.raises(FeedsvcError, match="copy wp-content"):
        move_in(desk, export([item(1)]), uploads="elsewhere")


def test_a_post_without_a_title_is_the_same_either_way(make_desk: Callable[..., Desk]) -> None:
    data = export([item(1, title=""), item(2)])
    whole, pieces = make_desk(), make_desk()
    whole.write("export.xml", data)
    move_in(pieces, data)
    for desk in (whole, pieces):
        desk.scan()
    assert articles(pieces)[f"{SITE}/?p=1"].title == "The harbour froze over"
    assert articles(pieces) == articles(whole)
    for desk in (whole, pieces):
        desk.close()


def test_an_export_in_several_files_is_one(desk: Desk) -> None:
    desk.write("uploads/2019/03/quay.png", png(30, 20))
    picture = attachment(900, "2019/03/quay.png", alt="The quay", parent=1)
    parts = [export([item(1, content="Look.\n\n[gallery]")]), export([item(2), picture]), export([item(1), item(3)])]
    paths = []
    for number, data in enumerate(parts):
        paths.append(desk.folder / f"export-{number}.xml")
        paths[-1].write_bytes(data)
    told: list[tuple[int, int]] = []
    report = MoveIn(paths, desk.settings, uploads="uploads").run(progress=lambda at, of: told.append((at, of)))
    assert (report.outcomes["new"], len(report.redirects), report.pictures, told[-1]) == (3, 3, 1, (5, 5))
    assert report.left_out[0].why == "the same guid twice"
    desk.scan()
    assert 'alt="The quay"' in desk.read("2019/03/entry-1-1.json").content


def test_pictures_that_are_not_there_are_named(desk: Desk) -> None:
    desk.write("uploads/2019/03/quay.png", png(30, 20))
    text = "".join(f'<img src="{SITE}/wp-content/uploads/{name}.png">' for name in ("2019/03/quay", "pier", "pier"))
    path = desk.folder / "export.xml"
    path.write_bytes(export([item(1, content=f"Look.\n\n{text}")]))
    config = desk.folder / "config.toml"
    if not config.exists():
        config.write_text(
            f'[site]\ntitle="x"\nbase_url="https://n.example"\nauthority="n.example,2026"\n[content]\npath="{desk.root}"\n'
        )
    told = CliRunner().invoke(cli, ["import", str(path), "--uploads", "uploads", "--dry-run", "--config", str(config)])
    assert told.exit_code == 0, told.output
    assert "1 found below uploads, 2 not found\n  not found  pier.png\n" in told.output
    assert told.output.count("pier.png") == 1


def test_what_is_no_longer_public_there_and_still_here_is_told(desk: Desk) -> None:
    move_in(desk, export([item(1), item(2), item(3)]))
    (desk.root / "town").mkdir()
    (desk.root / "2019/03/entry-2-2.json").rename(desk.root / "town/ferry-2.json")
    report = move_in(desk, export([item(1, status="trash"), item(2, status="draft"), item(3), item(4, status="draft")]))
    assert [one.why for one in report.left_out] == [
        "trash, but 2019/03/entry-1-1.json is still here",
        "draft, but town/ferry-2.json is still here",
        "draft",
    ]
    assert report.outcomes["draft"] == 2


def test_a_scheduled_post_waits(desk: Desk) -> None:
    move_in(desk, export([item(1, status="future", gmt="2050-01-01 09:00:00", local="2050-01-01 10:00:00")]))
    desk.scan()
    assert desk.titles() == []
    stored = desk.stored("2050/01/entry-1-1.json")
    assert stored.article.visible_from.isoformat() == "2050-01-01T09:00:00+00:00"


def test_former_addresses_lead_to_the_new_ones(desk: Desk) -> None:
    report = move_in(desk, export([item(1), item(2, link=f"{SITE}/?p=2"), item(3, link=f'{SITE}/a"; $x/')]))
    desk.scan()
    lines = list(redirect_lines(report.redirects))
    path = desk.stored("2019/03/entry-1-1.json").path
    assert lines[0] == f'"/2019/03/entry-1/" "https://news.example.org{path}";'
    assert lines[1].startswith('"/?p=2" ')
    assert lines[2].startswith('"/a%22%3B%20%24x/" ')


def test_links_can_be_left_out(desk: Desk) -> None:
    move_in(desk, export([item(1)]), keep_links=False)
    desk.scan()
    assert desk.read("2019/03/entry-1-1.json").link == ""


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "%2e%2e", "", "\u0000", "港", "x" * 300])
def test_a_name_is_no_path(desk: Desk, name: str) -> None:
    move_in(desk, export([item(1, name=name.replace("\0", ""))]))
    assert len(files(desk)) == 1
    assert files(desk)[0].startswith("2019/03/")
    assert len(files(desk)[0]) < 120


def test_into_stays_below_the_content_folder(desk: Desk) -> None:
    move_in(desk, export([item(1)]), into="archive-of-old")
    assert files(desk) == ["archive-of-old/2019/03/entry-1-1.json"]
    with pytest.raises(FeedsvcError, match="does not lie below"):
        move_in(desk, export([item(1)]), into="../elsewhere")
    with pytest.raises(ParseError):
        move_in(desk, b"<rss/>")


def test_the_command(desk: Desk) -> None:
    path = desk.folder / "export.xml"
    path.write_bytes(export([item(1, terms=category("Town", "town"), extra=meta(a="b")), item(2, status="draft")]))
    config = desk.folder / "feedsvc.toml"
    config.write_text(
        '[site]\nbase_url = "https://news.example.org"\ntitle = "T"\nauthority = "news.example.org,2026"\n'
    )
    run = CliRunner()
    dry = run.invoke(cli, ["import", str(path), "--config", str(config), "--dry-run"])
    assert dry.exit_code == 0
    assert "would be written: 1 files" in dry.output
    redirects = desk.folder / "map"
    real = run.invoke(cli, ["import", str(path), "--config", str(config), "--redirects", str(redirects), "--json"])
    told = json.loads(real.stdout)
    assert told["outcomes"] == {"draft": 1, "new": 1}
    assert told["left_out"][0]["why"] == "draft"
    assert redirects.read_text().count("\n") == 1
    assert (desk.root / "2019/03/entry-1-1.json").exists()
