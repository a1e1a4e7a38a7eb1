"""``feedsvc doctor``."""

from __future__ import annotations

import json
import socket
from typing import Any

from tools import free_port


def test_what_it_says_and_how_it_ends(room: Any) -> None:
    port = free_port()
    room.config.write_text(room.config.read_text() + f"\n[server]\nport = {port}\n")
    room.write("harbour/ferry.md")
    room.take_in()
    result = room.run("doctor")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("ok ")
    assert "the store is whole" in result.stdout
    assert "news.example.org is an example's domain" in result.stdout
    assert result.stderr == "0 errors, 2 warnings\n"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        result = room.run("doctor", "--json")
        assert result.exit_code == 1
    found = [json.loads(line) for line in result.stdout.splitlines()]
    (error,) = [one for one in found if one["level"] == "error"]
    assert error["where"] == f"127.0.0.1:{port}"
    assert "cannot be used" in error["what"]
    assert set(error) == {"level", "where", "what", "advice"}
    assert result.stderr == ""


def test_a_config_file_that_is_wrong_is_a_finding(room: Any) -> None:
    room.config.write_text(room.config.read_text().replace("[content]", 'titel = "x"\n\n[content]'))
    result = room.run("doctor")
    assert result.exit_code == 1
    assert "did you mean 'title'?" in result.stdout
