"""What the doctor says of the content folder."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feedsvc.doctor import contents, host

Here = Any


def test_no_content_folder(here: Here) -> None:
    here.content.rename(here.folder / "elsewhere")
    assert "error content: the content folder cannot be listed: No such file or directory" in here.troubles()


def test_a_content_folder_that_was_emptied(here: Here) -> None:
    (here.content / "harbour/ferry.txt").unlink()
    assert here.troubles() == ["error content: it is empty, and held 1 files: nothing is withdrawn"]


def test_an_empty_content_folder_at_the_start(tmp_path: Path, here: Here) -> None:
    (here.content / "harbour/ferry.txt").unlink()
    for path in here.store_file.parent.iterdir():
        path.unlink()
    assert here.troubles() == ["warning var/feedsvc.db: there is no store yet"]


def test_files_that_cannot_be_read(here: Here, refused_access: Callable[[Path, int], None]) -> None:
    refused_access(here.content / "harbour/ferry.txt", os.R_OK)
    assert here.troubles() == ["warning content/harbour/ferry.txt: the file cannot be read by this user"]


def test_a_content_folder_that_cannot_be_written_is_fine(
    here: Here, refused_access: Callable[[Path, int], None]
) -> None:
    refused_access(here.content, os.W_OK)
    assert here.troubles() == []


def test_what_is_no_file(here: Here) -> None:
    os.mkfifo(here.content / "pipe.txt")
    (here.content / "link.txt").symlink_to("/etc/hostname")
    with socket.socket(socket.AF_UNIX) as unix:
        here_before = Path.cwd()
        os.chdir(here.content)
        unix.bind("socket.txt")
        os.chdir(here_before)
        told = here.troubles()
    assert [line.partition(": ")[0] for line in told] == [
        "warning content/link.txt",
        "warning content/pipe.txt",
        "warning content/socket.txt",
    ]
    assert "it is a link" in told[0]


def test_a_name_that_cannot_be_used(here: Here) -> None:
    (here.content / "bell\x07.txt").write_text("x")
    (told,) = here.troubles()
    assert told.startswith("warning content/bell\\x07.txt: it is not read: its name has a control character in it")


def test_many_of_a_kind_are_counted(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "SHOWN", 2)
    for number in range(5):
        (here.content / f"link{number}.txt").symlink_to("nowhere")
    assert len(here.troubles()) == 3
    assert here.troubles()[-1] == "warning content: the same holds of 3 more"


@pytest.mark.parametrize("pair", [("Ferry.txt", "ferry.txt"), ("caf\u00e9.txt", "cafe\u0301.txt")])
def test_names_that_look_alike(here: Here, pair: tuple[str, str]) -> None:
    for number, name in enumerate(pair):
        here.write(f"town/{name}", f"Article {number}\n\nIt has a sentence of its own, number {number}.\n")
    here.now += timedelta(seconds=1)
    here.take_in()
    (told,) = here.troubles()
    assert "2 files have names that look alike: " in told
    assert told.partition(".txt: ")[2].isascii()  # else nobody could see the difference


def test_files_from_the_future(here: Here) -> None:
    here.now -= timedelta(hours=1)
    told = [line for line in here.troubles() if "clock" in line]
    assert told[0] == "warning content/harbour/ferry.txt: 1 files were changed in the future by our clock"


def test_files_that_nobody_takes_in(here: Here) -> None:
    here.write("harbour/new.txt", "A new boat\n\nIt is green, and it floats.\n")
    assert here.troubles() == []  # it may still be on its way
    here.now += timedelta(minutes=10)
    (told,) = here.troubles()
    assert told == (
        "warning content/harbour/new.txt: 1 files were not taken in, though they have been complete for long"
    )


def test_a_content_folder_of_another_machine(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "file_system", lambda path: "cifs" if path == here.content else "ext4")
    (told,) = here.troubles()
    assert told.startswith("warning content: it lies on a cifs file system")


def test_too_few_watches(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "number", lambda path: 3 if "max_user_watches" in path else None)
    (told,) = here.troubles()
    assert "2 folders are to be watched, and 3 is the most" in told
