"""Readers in numbers and metrics on a running service: two workers that count as one, and lose nothing at the end."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from e2e.newsroom import Newsroom, Service, until

from feedsvc.clock import utc_now
from feedsvc.numbers.readers import readers
from feedsvc.numbers.tally import milliseconds
from feedsvc.store.opening import open_store

ALERTS = Path(__file__).parents[2] / "deploy" / "alerts.yml"


def samples(service: Service) -> dict[str, float]:
    lines = service.get("/metrics").text.splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def poll(service: Service, agent: str, path: str = "/feeds/all.rss", **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return service.get(path, headers={"User-Agent": agent, **named}).status


def test_two_workers_count_as_one_and_lose_nothing_at_the_end(newsroom: Newsroom) -> None:
    newsroom.write("town/one.md", "---\ntitle: Harbour one\n---\n\nThe tide came in over the quay.\n")
    service = newsroom.start().wait_ready()
    service.wait_for("Harbour one")
    service.everywhere(lambda: poll(service, "Warm/1.0 (crawler; googlebot)") == 200)
    before: dict[str, float] = {}
    for number in range(20):
        assert poll(service, "Feedly/1.0 (16 subscribers; like FeedFetcher-Google)") == 200
        assert poll(service, "Feedbin feed-id:7 - 1,203 subscribers") == 200
        assert poll(service, "NetNewsWire (RSS Reader)", Accept_Encoding="gzip") == 200
        if number % 5 == 0:
            now = samples(service)
            assert not [name for name in before if "_total" in name and now.get(name, 0) < before[name]]
            before = now
    told = 'feedsvc_polls_total{coding="gzip",feed="all",format="rss",status="200"}'
    until(lambda: samples(service).get(told) == 20, what="all workers have told")
    assert samples(service)["feedsvc_workers"] == 2
    until(lambda: samples(service).get("feedsvc_last_pass_timestamp_seconds"), what="the scheduler has told")
    there = {re.sub(r"_(bucket|sum|count)?(\{.*)?$", "", name) for name in samples(service)}
    there |= {name.partition("{")[0] for name in samples(service)}
    for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]:
        for rule in group["rules"]:
            asked = set(re.findall(r"feedsvc_\w+", rule["expr"]))
            assert asked <= there, rule["alert"]
    assert service.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status == 401
    token = (newsroom.root / "var" / "desk-token").read_text().strip()
    allowed = service.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1", "Authorization": f"Bearer {token}"})
    assert allowed.status == 200
    service.stop()
    assert service.events("started")
    assert service.events("stopped")
    store = open_store(f"sqlite:///{newsroom.store}")
    now_at = utc_now()
    rows = store.polls(hours=False, since=now_at.fromtimestamp(0, now_at.tzinfo), feed="all")
    (found,) = readers(
        [row for row in rows if row.format == "rss"],
        store.declared(since=now_at.fromtimestamp(0, now_at.tzinfo), feed="all"),
        now=milliseconds(now_at),
    )
    store.close()
    assert (found.subscribers, found.pollers) == (16 + 1203, 1), "the same client counts once, whoever answered"
    assert found.polls >= 60
