"""Bad files, a lost content folder, a lost store: the last good state stays, and all is caught up with after."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from e2e.articles import markdown
from e2e.newsroom import FORMATS, Newsroom, Service, allowed, until

QUICK = 1.0
"""How soon, in seconds, a poll is answered whatever has happened to the store."""


# ---------------------------------------------------------------------- bad files
def hostile() -> Iterator[tuple[str, bytes]]:
    """Two hundred files that cannot become articles, each in a way of its own or with contents of its own."""
    chance = random.Random(7)
    endings = (".md", ".txt", ".json", ".xml", ".html")
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 9))
    kinds: list[tuple[str, bytes]] = [
        ("empty.md", b""),
        ("blank.txt", b" \n\t\n"),
        ("huge.txt", b"All at sea. " * 500_000),
        ("laughs.xml", b'<?xml version="1.0"?><!DOCTYPE n [<!ENTITY l0 "ha">' + laughs + b"]><nitf>&l8;</nitf>"),
        ("entity.xml", b'<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]><nitf><body>&x;</body></nitf>'),
        ("deep.json", b"[" * 100_000),
        ("deep.html", b"<div>" * 50_000),
        ("deep.xml", b"<a>" * 50_000),
        ("cut.json", b'{"type": "text", "headline": "Cut off'),
        ("number.json", b"9" * 5000),
        ("anchors.md", b"---\ntitle: &a [x]\nb: *a\nc: *a\n---\n"),
        ("object.md", b"---\ntitle: !!python/object/apply:os.system [id]\n---\n\nText there is. And more.\n"),
        ("picture.md", b"\x89PNG\r\n\x1a\n" + chance.randbytes(3000)),
        ("zip.txt", b"PK\x03\x04" + chance.randbytes(500)),
        ("title-only.md", b"---\ntitle: Nothing more\n---\n"),
        ("long-line.md", b"---\ntitle: [" + b"x" * 2_000_000),
        ("nul.txt", b"A title\n\n" + b"\0" * 400),
    ]
    yield from kinds
    for number in range(200 - len(kinds)):
        yield f"noise-{number}{endings[number % 5]}", bytes(256 - b for b in chance.randbytes(300) if b) + b"\xff\xfe\0"


def test_bad_files_stop_nothing_and_each_is_explained(newsroom: Newsroom) -> None:
    bad = dict(hostile())
    assert len(bad) == 200
    for number, (name, content) in enumerate(bad.items()):
        newsroom.write(f"town/{name}", content)
        if number % 4 == 0:
            newsroom.write(f"town/good-{number // 4}.md", markdown(f"Good {number // 4}"))
    os.mkfifo(newsroom.content / "town/pipe.md")
    (newsroom.content / "town/link.md").symlink_to("/etc/passwd")
    service = newsroom.start().wait_ingesting()
    pid = service.scheduler_pid()

    def look() -> None:
        for path in ("/", "/feeds/all.rss", "/feeds/town.json", "/sections/town"):
            assert service.get(path).status < 500, path

    with service.polled(look, every=0.05):
        service.wait_for(*(f"Good {number}" for number in range(50)), feed="town", seconds=60)
        until(lambda: newsroom.figures()["files"] == {"accepted": 50, "refused": 202}, 60)
    assert service.items("town").keys() == {f"Good {number}" for number in range(50)}
    told = newsroom.status()
    assert told["files"] == {"accepted": 50, "refused": 202}
    troubles = {item["source"]: item for item in told["troubles"]}
    # Two hundred are listed at most: of the others, each can be asked for.
    for name in {f"town/{name}" for name in (*bad, "pipe.md", "link.md")} - troubles.keys():
        troubles[name] = newsroom.status(name)
    for name in (*bad, "pipe.md", "link.md"):
        told = troubles[f"town/{name}"]
        assert told["state"] == "refused", told
        assert len(told["error"]) > 10, told
    assert "root:" not in service.get("/").text + service.told() + service.feed("all").text
    assert service.scheduler_pid() == pid
    refused = service.events("refused")
    assert len(refused) == 202
    newsroom.drop("town/after.md", markdown("After", date=""))
    service.wait_for("After")
    assert len(service.events("refused")) == 202, "told once"


# ---------------------------------------------------------------------- the content folder
def filled(newsroom: Newsroom, files: int = 8) -> tuple[Service, dict[str, bytes]]:
    """A service with some files in two sections, and the bytes of its feeds once they stand still."""
    for number in range(files):
        newsroom.write(f"{'town' if number % 2 else 'sport'}/{number}.md", markdown(f"Boat {number}"))
    service = newsroom.start().wait_ingesting()
    service.wait_for(*(f"Boat {number}" for number in range(files)))
    service.wait_for(*(f"Boat {number}" for number in range(1, files, 2)), feed="town")
    return service, {
        f"{name}.{suffix}": service.feed(name, suffix).body for name in ("all", "town") for suffix in FORMATS
    }


def unchanged(service: Service, before: dict[str, bytes]) -> bool:
    return all(service.get(f"/feeds/{name}").body == body for name, body in before.items())


def test_a_content_folder_that_is_gone_or_empty_withdraws_nothing(newsroom: Newsroom) -> None:
    service, before = filled(newsroom)
    away = newsroom.root / "away"

    def held() -> str:
        return str((newsroom.figures()["last_pass"] or {}).get("held", ""))

    newsroom.content.rename(away)
    until(lambda: str(newsroom.content) in held(), what="it says that the folder is gone")
    assert unchanged(service, before)
    newsroom.content.mkdir()
    until(lambda: "empty" in held(), what="it says that the folder is empty")
    until(lambda: "missing" in newsroom.figures()["holds"])
    assert unchanged(service, before)
    assert any("empty" in line.get("reason", "") for line in service.events("held"))
    service.stop()
    service = newsroom.start().wait_ingesting()  # in that state too
    until(lambda: "empty" in held())
    assert unchanged(service, before)
    newsroom.content.rmdir()
    away.rename(newsroom.content)
    until(lambda: not held() and not newsroom.figures()["holds"], what="all is well again")
    assert unchanged(service, before)
    assert newsroom.figures()["files"] == {"accepted": 8}
    (newsroom.content / "town/1.md").unlink()  # a small deletion is still one
    service.everywhere(lambda: not service.shows("Boat 1"))
    newsroom.drop("town/new.md", markdown("New"))  # and the folder is watched
    service.wait_for("New")


def test_half_of_the_files_gone_at_once_waits_for_a_word(newsroom: Newsroom) -> None:
    service, before = filled(newsroom, 12)
    shutil.rmtree(newsroom.content / "town")
    until(lambda: "missing" in newsroom.figures()["holds"])
    assert unchanged(service, before)
    assert newsroom.command("accept").returncode == 0
    service.everywhere(lambda: len(service.items()) == 6)


# ---------------------------------------------------------------------- the store
@contextmanager
def polls_answered(service: Service, before: dict[str, bytes]) -> Iterator[None]:
    """While the block runs, every poll gets the bytes of *before*, and soon."""

    def look() -> None:
        for name, body in before.items():
            answer = service.get(f"/feeds/{name}")
            assert (answer.status, answer.body) == (200, body), name
            assert answer.seconds < allowed(QUICK), name

    with service.polled(look) as looks:
        yield
    assert looks[0] > 20


def cpu_seconds(pid: int) -> float:
    """How much of a core a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_store_that_is_moved_away_while_it_runs(newsroom: Newsroom) -> None:
    service, before = filled(newsroom)
    away = newsroom.root / "away.db"
    page = service.page_of("Boat 1")
    service.everywhere(lambda: service.get(page).status == 200)
    with polls_answered(service, before):
        newsroom.store.rename(away)
        newsroom.write("town/late.md", markdown("Late", date=""))
        until(lambda: any("gone" in line.get("error", "") for line in service.lines()), what="it is told")
        before_seconds, began = cpu_seconds(service.scheduler_pid()), time.monotonic()
        for path in (page, "/", "/sections/town", "/articles/2026/11/10/unknown-abcdefgh", "/readyz"):
            answer = service.get(path)
            assert answer.seconds < allowed(QUICK), path
            assert answer.status in (200, 404, 503), path
        until(lambda: b"last good documents" in service.get("/readyz").body)
        until(lambda: time.monotonic() - began > 2)
        assert cpu_seconds(service.scheduler_pid()) - before_seconds < (time.monotonic() - began) / 4, "it waits idly"
        assert not newsroom.store.exists()
    assert len(service.lines()) < 10, "each worker and the scheduler tell of it once"
    away.rename(newsroom.store)
    service.wait_for("Late")
    service.everywhere(lambda: service.get("/readyz").body == b"ready\n")
    assert service.scheduler_pid() in service.members()
    with sqlite3.connect(newsroom.store) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store.close()


def test_a_store_that_is_locked_for_a_while(newsroom: Newsroom) -> None:
    service, before = filled(newsroom)
    other = sqlite3.connect(newsroom.store, isolation_level=None, timeout=20)
    other.execute("BEGIN EXCLUSIVE")
    newsroom.drop("town/late.md", markdown("Late", date=""))
    with polls_answered(service, before):
        ended = time.monotonic() + 6  # longer than a writer waits
        while time.monotonic() < ended:
            for path in ("/", "/sections/town", "/readyz"):
                answer = service.get(path)
                assert answer.status == 200, path
                assert answer.seconds < allowed(QUICK), path
    other.execute("ROLLBACK")
    other.close()
    service.wait_for("Late")


def test_only_the_store_is_written(newsroom: Newsroom) -> None:
    for number in range(3):
        newsroom.write(f"town/{number}.md", markdown(f"Boat {number}"))
    for path in (newsroom.content, *newsroom.content.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = {path: path.lstat() for path in newsroom.content.rglob("*")}
    service = newsroom.start()
    service.wait_for("Boat 0", "Boat 1", "Boat 2")
    after = {path: path.lstat() for path in newsroom.content.rglob("*")}
    assert {path: (found.st_mtime_ns, found.st_ctime_ns) for path, found in after.items()} == {
        path: (found.st_mtime_ns, found.st_ctime_ns) for path, found in before.items()
    }
    made = {path.name for path in newsroom.root.rglob("*") if path.is_file() and newsroom.content not in path.parents}
    assert made == {
        "feedsvc.toml",
        "feedsvc.db",
        "feedsvc.db-wal",
        "feedsvc.db-shm",
        "desk-token",
        "out-0.log",
        "err-0.log",
    }
    assert stat.S_IMODE(newsroom.content.stat().st_mode) == 0o555
    for path in (newsroom.content, *newsroom.content.rglob("*")):
        path.chmod(0o755)
