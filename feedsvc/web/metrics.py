"""``/metrics``: the figures of all processes of the service, and those of the store, for Prometheus."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from feedsvc import __version__
from feedsvc.board import FAMILIES, Figures
from feedsvc.errors import StoreError
from feedsvc.numbers.readers import readers
from feedsvc.numbers.tally import DAY, day_of, milliseconds
from feedsvc.store.base import AUTHORS, TAGS
from feedsvc.web.access import Access
from feedsvc.web.context import Context
from feedsvc.web.counting import MOST_LABELS

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

FRESH_SECONDS = 60.0
"""How long what was asked of the store is told again: to count a million articles takes it most of a second."""
_STORE_FAMILIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "feedsvc_files": ("Files below the content folder, by state.", ("state",)),
    "feedsvc_articles": ("Articles, by where they are in their lives.", ("status",)),
    "feedsvc_holds": ("What waits for the operator's word.", ()),
    "feedsvc_section_newest_timestamp_seconds": ("When the newest public article of a section came out.", ("section",)),
    "feedsvc_feed_subscribers": ("Subscribers that services declare.", ("feed",)),
    "feedsvc_feed_pollers": ("Distinct clients of the day that declare no subscribers.", ("feed",)),
}


def blueprint(context: Context) -> Blueprint:
    """The route of the metrics."""
    routes = Blueprint("metrics", __name__)
    access, figures = Access(context), _StoreFigures(context)

    def metrics() -> Response:
        return access.refusal() or _answer(context, figures)

    routes.add_url_rule("/metrics", view_func=metrics)
    return routes


def _answer(context: Context, figures: _StoreFigures) -> Response:
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import choose_encoder

    if context.counting is not None:
        context.counting.work_out()
        context.counting.share()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(context.board.all(), figures))
    encode, content_type = choose_encoder(request.headers.get("Accept", "")[:1000])
    return Response(encode(registry), content_type=content_type, headers={"Cache-Control": "no-store"})


class _Collector:
    """Tells the figures in the words of prometheus-client."""

    def __init__(self, figures: Figures, store: _StoreFigures) -> None:
        self._figures = figures
        self._store = store

    def collect(self) -> Iterator[Metric]:
        from prometheus_client import core

        built = core.GaugeMetricFamily("feedsvc_build_info", "The version of feedsvc, as a label.", labels=["version"])
        built.add_metric([__version__], 1)
        yield built
        for name, family in FAMILIES.items():
            if family.kind == "histogram":
                told = core.HistogramMetricFamily(name, family.help, labels=family.labels)
                for labels, held in self._figures.histograms.get(name, {}).items():
                    told.add_metric(labels, _cumulated(family.bounds, held.buckets), held.sum)
                yield told
                continue
            kind = core.CounterMetricFamily if family.kind == "counter" else core.GaugeMetricFamily
            simple = kind(name, family.help, labels=family.labels)
            series = self._figures.numbers.get(name, {})
            if not series and family.kind == "counter" and not family.labels:
                series = {(): 0.0}
            for labels, value in series.items():
                simple.add_metric(labels, value)
            yield simple
        for name, (told_of, label_names) in _STORE_FAMILIES.items():
            gauge = core.GaugeMetricFamily(name, told_of, labels=label_names)
            for labels, value in self._store.current().get(name, {}).items():
                gauge.add_metric(labels, value)
            yield gauge


class _StoreFigures:
    """What the store says, kept for a few seconds. Thread-safe. Nothing while the store does not answer."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._at = float("-inf")
        self._known: Mapping[str, Mapping[tuple[str, ...], float]] = {}

    def current(self) -> Mapping[str, Mapping[tuple[str, ...], float]]:
        """The figures by family and label values."""
        with self._lock:
            if time.monotonic() - self._at >= FRESH_SECONDS:
                try:
                    self._known = self._asked()
                except StoreError:
                    self._known = {}
                self._at = time.monotonic()
            return self._known

    def _asked(self) -> dict[str, dict[tuple[str, ...], float]]:
        store, now = self._context.store, self._context.clock()
        since = now.fromtimestamp(day_of(milliseconds(now) - 3 * DAY) / 1000, now.tzinfo)
        counted = readers(store.polls(hours=False, since=since), store.declared(since=since), now=milliseconds(now))
        named = [one for one in counted if not one.feed.startswith((TAGS, AUTHORS))][:MOST_LABELS]
        sections = store.sections(now, counted=())
        return {
            "feedsvc_files": {(state,): count for state, count in store.counts().items()},
            "feedsvc_articles": {(state,): count for state, count in store.articles_by_status(now).items()},
            "feedsvc_holds": {(): len([one for one in store.holds().values() if one["accepted"] is None])},
            "feedsvc_section_newest_timestamp_seconds": {
                (section.path,): section.newest.timestamp() for section in sections[:MOST_LABELS] if section.newest
            },
            "feedsvc_feed_subscribers": {(one.feed,): one.subscribers for one in named},
            "feedsvc_feed_pollers": {(one.feed,): one.pollers for one in named},
        }


def _cumulated(bounds: tuple[float, ...], buckets: list[int]) -> list[tuple[str, float]]:
    total, told = 0, []
    for bound, count in zip((*map(str, bounds), "+Inf"), buckets, strict=True):
        total += count
        told.append((bound, float(total)))
    return told
