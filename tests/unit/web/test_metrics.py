"""``/metrics``: who may see it, in which words, and that no counter goes back whichever process answers."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from fakes import Newsroom, make_article, make_settings
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as classic
from tools import program

from feedsvc.board import DRAINING, FAMILIES, MOST_SERIES, Board, shared_board
from feedsvc.publish.cache import DocumentCache
from feedsvc.web import standing
from feedsvc.web.access import is_local
from feedsvc.web.app import create_app
from feedsvc.web.counting import Counting, timed

ALERTS = Path(__file__).parents[3] / "deploy" / "alerts.yml"
PAGE = Path(__file__).parents[3] / "docs" / "metrics.md"
TOKEN = "k" * 40
TROUBLE = {("harbour", "atom"): "an entry has no title"}
LOCAL = {"REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def site(room: Newsroom, tmp_path: Path) -> Callable[..., Any]:
    room.put(make_article("ferry"))
    room.clock.move(minutes=5)
    (tmp_path / "token").write_text(TOKEN)

    def made(board: Board | None = None, **server: Any) -> Any:
        settings = make_settings(server={"token_file": tmp_path / "token", **server})
        board = Board() if board is None else board
        cache = DocumentCache(room.store, settings, room.clock, timed=timed(board))
        counting = Counting(room.store, settings, room.clock, board=board, cache=cache)
        return create_app(settings, room.store, room.clock, cache, board=board, counting=counting).test_client()

    return made


def scrape(client: Any, **headers: str) -> Any:
    return client.get("/metrics", headers=headers, environ_overrides=LOCAL)


def samples(client: Any) -> dict[str, float]:
    return {
        sample.name + json.dumps(sample.labels, sort_keys=True): sample.value
        for family in classic(scrape(client).get_data(as_text=True))
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("environ", "proxies", "local"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, (), True),
        ({"REMOTE_ADDR": "::1"}, (), True),
        ({"REMOTE_ADDR": "192.0.2.1"}, (), False),
        ({"REMOTE_ADDR": ""}, (), False),
        ({}, (), False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, (), False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, ("127.0.0.0/8",), False),
        ({"REMOTE_ADDR": "127.0.0.1"}, ("127.0.0.1/32",), False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=198.51.100.1"}, (), False),
        ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, ("10.0.0.0/8",), False),
    ],
)
def test_who_is_on_this_machine(environ: dict[str, str], proxies: tuple[str, ...], local: bool) -> None:
    assert is_local(environ, proxies) is local


def test_others_need_the_token_and_may_not_guess_it(site: Callable[..., Any]) -> None:
    client = site()
    far = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.1"}}
    assert client.get("/metrics", **far).status_code == 401
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, **far).status_code == 200
    wrong = [client.get("/metrics", headers={"Authorization": "Bearer x"}, **far).status_code for _ in range(8)]
    assert wrong[0] == 401
    assert wrong[-1] == 429
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, **far).status_code == 429


def test_both_text_formats(site: Callable[..., Any]) -> None:
    client = site()
    plain, named = scrape(client), scrape(client, Accept="application/openmetrics-text; version=1.0.0")
    assert plain.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert named.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    assert plain.headers["Cache-Control"] == "no-store"
    told = {family.name for family in openmetrics(named.get_data(as_text=True))}
    assert {family.name for family in classic(plain.get_data(as_text=True))} >= told - {"feedsvc_build"}
    assert FAMILIES.keys() <= told


def test_what_is_told(site: Callable[..., Any]) -> None:
    client = site()
    client.get("/feeds/harbour.atom", headers={"Accept-Encoding": "gzip"})
    told = samples(client)
    assert told['feedsvc_polls_total{"coding": "gzip", "feed": "harbour", "format": "atom", "status": "200"}'] == 1
    assert told['feedsvc_documents_rendered_total{"format": "atom", "outcome": "made"}'] == 1
    assert told['feedsvc_render_seconds_count{"format": "atom"}'] == 1
    assert told['feedsvc_articles{"status": "public"}'] == 1
    assert told["feedsvc_store_up{}"] == 1
    assert told["feedsvc_cache_bytes{}"] > 0
    assert told['feedsvc_section_newest_timestamp_seconds{"section": "harbour"}'] > 1.7e9


def test_while_the_store_is_lost_the_rest_is_told(site: Callable[..., Any], room: Newsroom) -> None:
    client = site()
    room.store.lost = True
    told = samples(client)
    assert told["feedsvc_store_up{}"] == 0
    assert not [name for name in told if name.startswith("feedsvc_files")]


def test_no_counter_goes_back_whichever_worker_answers(site: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "board"
    folder.mkdir()
    workers = [site(Board(folder)) for _ in range(3)]
    before: dict[str, float] = {}
    for turn in range(12):
        workers[turn % 2].get("/feeds/all.rss")
        told = samples(workers[(turn * 7) % 3])
        back = [name for name in before if "_total" in name and told.get(name, 0) < before[name]]
        assert not back
        before = told
    for worker in workers:  # those that were not asked lately share what they have within two seconds
        before = samples(worker)
    assert before['feedsvc_polls_total{"coding": "identity", "feed": "all", "format": "rss", "status": "200"}'] == 12
    assert before["feedsvc_workers{}"] == 3


def test_the_figures_of_a_process_that_ended_stay_but_not_its_gauges(tmp_path: Path) -> None:
    ended = Board(tmp_path)
    ended.count("feedsvc_requests", "200", by=5)
    ended.observe("feedsvc_render_seconds", [0.2, 99], "rss")
    ended.set("feedsvc_workers", 1)
    ended.share()
    (file,) = tmp_path.glob("*.json")
    file.rename(tmp_path / f"{2**22 + 1}-dead.json")  # no process has so large a number
    (tmp_path / "5-broken.json").write_text("{")
    board = Board(tmp_path)
    board.set("feedsvc_workers", 1)
    told = board.all()
    assert told.numbers["feedsvc_requests"] == {("200",): 5}
    assert told.numbers["feedsvc_workers"] == {(): 1}
    assert told.histograms["feedsvc_render_seconds"]["rss",].count == 2


def test_what_one_process_notes_the_others_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = Board(tmp_path), Board(tmp_path)
    one.note("sizes", [["all", "rss", 5]])
    assert other.noted("sizes") == []
    one.share()
    assert other.noted("sizes") == [[["all", "rss", 5]]]
    assert one.noted("sizes") == []  # its own it knows better
    assert other.noted("nothing") == []
    one.note("sizes", [])
    one.share()
    assert other.noted("sizes") == [[]]
    monkeypatch.setattr("feedsvc.board._alive", lambda _name: False)
    assert other.noted("sizes") == []
    assert Board().noted("sizes") == []


def test_every_worker_knows_the_sizes_and_the_troubles_of_all(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.put(make_article("ferry"))
    caches = [DocumentCache(room.store, make_settings(), room.clock) for _ in range(2)]
    boards = [Board(tmp_path), Board(tmp_path)]
    document = caches[0].get("all", "rss")
    assert document is not None
    monkeypatch.setattr(type(caches[0]), "troubles", property(lambda cache: TROUBLE if cache is caches[0] else {}))
    Counting(room.store, make_settings(), room.clock, board=boards[0], cache=caches[0]).share()
    for board, cache in zip(boards, caches, strict=True):
        assert standing.sizes(board, cache) == {("all", "rss"): len(document.identity)}
        assert standing.troubles(board, cache) == TROUBLE


def test_a_board_that_cannot_be_written_harms_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "board"
    folder.mkdir()
    board = Board(folder)
    board.count("feedsvc_requests", "200")
    folder.rmdir()
    assert board.all().numbers["feedsvc_requests"] == {("200",): 1}


def test_label_values_are_bounded() -> None:
    board = Board()
    for number in range(2 * MOST_SERIES):
        board.count("feedsvc_polls", str(number), "rss", "200", "gzip")
    assert len(board.all().numbers["feedsvc_polls"]) == MOST_SERIES


def test_the_folder_is_the_one_that_the_environment_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDSVC_BOARD", str(tmp_path))
    shared_board().share()
    assert list(tmp_path.glob("*.json"))
    monkeypatch.setenv("FEEDSVC_BOARD", str(tmp_path / "nothing"))
    assert shared_board().all().numbers == {}


# ---------------------------------------------------------------------- health
def test_ready_while_there_is_something_good_to_serve(site: Callable[..., Any], room: Newsroom, tmp_path: Path) -> None:
    board = Board(tmp_path)
    client = site(board)
    room.store.lost = True
    assert client.get("/readyz").status_code == 503, "nothing is known yet"
    room.store.lost = False
    assert client.get("/feeds/all.rss").status_code == 200
    assert client.get("/readyz").data == b"ready\n"
    room.store.lost = True
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert b"last good documents" in answer.data
    (tmp_path / DRAINING).touch()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200, "it lives, and nobody is to end it now"


def test_details_are_for_who_has_the_token(site: Callable[..., Any]) -> None:
    client = site()
    client.get("/feeds/all.rss")
    assert client.get("/readyz", environ_overrides=LOCAL).data == b"ready\n"
    told = client.get("/readyz", headers={"Authorization": f"Bearer {TOKEN}"}).get_json()
    assert told.keys() == {"status", "says", "store", "documents", "draining", "cache_bytes", "troubles"}
    assert (told["status"], told["store"], told["draining"]) == (200, True, False)


# ---------------------------------------------------------------------- alerts
RULES = [rule for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for rule in group["rules"]]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_asks_for_metrics_that_there_are_and_says_what_to_do(
    rule: dict[str, Any], site: Callable[..., Any]
) -> None:
    told = {line.split()[2] for line in scrape(site()).get_data(as_text=True).splitlines() if line.startswith("# TYPE")}
    asked = {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"feedsvc_\w+", rule["expr"])}
    assert asked <= told
    assert rule["expr"].count("(") == rule["expr"].count(")")
    assert rule["annotations"].keys() == {"summary", "action", "runbook"}
    assert rule["annotations"]["runbook"] == f"docs/metrics.md#{rule['alert'].lower()}"
    assert f"\n### {rule['alert']}\n" in PAGE.read_text("utf-8")


def test_every_metric_is_documented(site: Callable[..., Any]) -> None:
    page = PAGE.read_text("utf-8")
    lines = scrape(site()).get_data(as_text=True).splitlines()
    missing = [line.split()[2] for line in lines if line.startswith("# TYPE") and f"`{line.split()[2]}`" not in page]
    assert not missing


def test_promtool_takes_the_alerts() -> None:
    done = subprocess.run([program("promtool"), "check", "rules", str(ALERTS)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
