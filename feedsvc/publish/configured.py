"""Lets feeds count as changed when the settings that their documents depend on are new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from feedsvc.config import Settings
from feedsvc.publish.settings import feed_digest
from feedsvc.store.base import ALL, Lease, Store


def configure(store: Store, settings: Settings, *, now: datetime, lease: Lease) -> Sequence[str]:
    """Compare what the feeds' documents depend on with what they did; answers the feeds that changed by it."""
    names = {"*", ALL, *settings.sections, *store.versions()}
    digests = {name: feed_digest(settings, name) for name in names}
    return store.configure(digests, now=now, lease=lease)
