"""Plug-ins as their makers have them: built, installed, and run with the real service."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.newsroom import Newsroom

HERE = Path(__file__).parent.parent
PAGE = HERE.parent / "docs" / "plug-ins.md"


def install(package: Path, target: Path) -> None:
    """Build *package* and install it into *target*, without the network."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps", "--no-index",
         "--no-build-isolation", "--target", str(target), str(package)],
        capture_output=True, text=True, timeout=120, check=False, env=os.environ | {"PIP_NO_CACHE_DIR": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def copied(source: Path, target: Path) -> Path:
    """The files of *source* below *target*: a build writes nothing into the source tree."""
    for file in source.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            place = target / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.read_bytes())
    return target


def package(folder: Path, name: str, code: str, **entry_points: str) -> Path:
    """A package of one module *name* with *code*; each of *entry_points* is a group of one."""
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text(code)
    groups = "\n".join(f'[project.entry-points."feedsvc.{group}"]\n{line}' for group, line in entry_points.items())
    (folder / "pyproject.toml").write_text(
        f'[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        f'[project]\nname = "feedsvc-{name}"\nversion = "0.1"\n{groups}\n'
        f'[tool.hatch.build.targets.wheel]\npackages = ["{name}"]\n'
    )
    return folder


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path / "newsroom") as newsroom:
        yield newsroom


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages that every process of this test sees."""
    target = tmp_path / "site"
    target.mkdir()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(target), os.environ.get("PYTHONPATH", str(HERE.parent))]))
    return target


SHEET = """[sheet]
headline = Harbour frozen over
filed = 2026-01-22 07:15
by = Nell Harker
desk = Town
[text]
It froze.
"""


def test_the_example(newsroom: Newsroom, site: Path, tmp_path: Path) -> None:
    install(copied(HERE / "plugin", tmp_path / "source"), site)
    service = newsroom.start()
    newsroom.drop("town/harbour.ini", SHEET)
    newsroom.drop("town/words.md", "---\ntitle: '@harbour opens again'\ndate: 2026-01-21\n---\n\nThe sea rose.\n")
    items = service.wait_for("Harbour frozen over", "@harbour opens again")
    assert items["Harbour frozen over"]["authors"] == [{"name": "Nell Harker"}]
    answer = service.get("/feeds/town.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["title"] for row in rows] == ["Harbour frozen over", "'@harbour opens again"]
    again = service.get("/feeds/town.csv", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert f'href="{newsroom.base_url}/feeds/all.csv"' in service.get("/").text.replace("&#x2f;", "/")
    assert "/feeds/town.csv>; rel=" in service.feed("town", "atom").headers["link"]
    newsroom.drop("town/bad.ini", "[sheet]\nheadline = x\n")
    service.everywhere(lambda: newsroom.state_of("town/bad.ini") == "refused", what="the bad sheet is refused")
    told = newsroom.command("config", "--json")
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    plugs = {line["key"]: line for line in lines if line["key"].startswith("plug-in")}
    assert plugs["plug-in feedsvc.formats.desk-sheet"]["origin"] == "feedsvc-coastwire 1.2"
    assert plugs["plug-in feedsvc.renderers.table"]["value"] == "Table (coastwire.table:Table)"
    doctor = newsroom.command("doctor", "--json").stdout.decode()
    assert "'desk-sheet' (coastwire.sheet:DeskSheet, of feedsvc-coastwire 1.2) gives desk sheet" in doctor


BROKEN = """
class TakesRss:
    name, suffix, media_type = "Mine", "rss", "text/plain"
    def render(self, feed, links):
        return b""
"""


def test_broken_ones_disturb_nothing(newsroom: Newsroom, site: Path, tmp_path: Path) -> None:
    install(package(tmp_path / "a", "brokenone", "import no_such_module", formats='one = "brokenone:Reader"'), site)
    install(package(tmp_path / "b", "brokentwo", BROKEN, renderers='two = "brokentwo:TakesRss"'), site)
    install(package(tmp_path / "c", "brokenthree", "Reader = dict", formats='three = "brokenthree:Reader"'), site)
    service = newsroom.start()
    newsroom.drop("town/words.md", "---\ntitle: The sea rose\ndate: 2026-01-21\n---\n\nIt did.\n")
    service.wait_for("The sea rose")
    assert service.feed("all", "rss").headers["content-type"].startswith("application/rss+xml")
    told = [line["error"] for line in service.events("a plug-in is left out")]
    assert len(told) == 3
    assert any(
        "'one' (brokenone:Reader, of feedsvc-brokenone 0.1)" in line and "no_such_module" in line for line in told
    )
    assert any("its suffix 'rss' belongs to RSS" in line for line in told)
    assert any("it is no Format" in line for line in told)
    assert newsroom.command("doctor").returncode == 1
    done = newsroom.command("config")
    assert done.returncode == 0
    assert b"no_such_module" in done.stdout


def test_the_page_can_be_followed(newsroom: Newsroom, site: Path, tmp_path: Path) -> None:
    """What docs/plug-ins.md shows is put into files as it says, installed, and used."""
    text = PAGE.read_text("utf-8")
    shown = {kind: re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL) for kind in ("toml", "python", "ini")}
    (toml,), (sheet, lines), (dropped,) = shown["toml"], shown["python"], shown["ini"]
    folder = tmp_path / "feedsvc-deskwire"
    (folder / "deskwire").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(toml)
    (folder / "deskwire" / "__init__.py").write_text("")
    (folder / "deskwire" / "sheet.py").write_text(sheet)
    (folder / "deskwire" / "lines.py").write_text(lines)
    install(folder, site)
    newsroom.drop("harbour.ini", dropped)
    checked = newsroom.command("check", str(newsroom.content / "harbour.ini"))
    assert checked.returncode == 0, checked.stderr
    assert newsroom.command("ingest").returncode == 0
    printed = newsroom.command("feed", "town", "--format", "txt").stdout.decode()
    assert "Harbour frozen over" in printed
    assert printed.startswith("Town – The Gannet\n")
    for name, fields in (("[no head", "no line [text]"), ("[sheet]\n==\n[text]\nx", "cannot be read")):
        newsroom.drop("bad.ini", f"[sheet]\n{name}")
        checked = newsroom.command("check", str(newsroom.content / "bad.ini"))
        assert fields in checked.stdout.decode() + checked.stderr.decode()
