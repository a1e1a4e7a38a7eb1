"""Feeds as tables (CSV, RFC 4180), one article a row, for whoever reads news with a spreadsheet."""

from __future__ import annotations

import csv
import io

from feedsvc.dates import rfc3339
from feedsvc.feeds.shown import shown
from feedsvc.links import Links
from feedsvc.model import Feed


class Table:
    """Writes a feed as a table. The same feed gives the same bytes: nothing of the clock goes into it."""

    name = "Table"
    suffix = "csv"
    media_type = "text/csv; charset=utf-8; header=present"

    def render(self, feed: Feed, links: Links) -> bytes:
        """The rows, newest first. Raises RenderError naming the article that cannot be written."""
        with io.StringIO(newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "published", "title", "address", "summary"])
            for entry in shown(feed, links, suffix=self.suffix).entries:
                row = [entry.article.id, rfc3339(entry.published), entry.article.title, entry.url, entry.summary]
                rows.writerow([_no_formula(cell) for cell in row])
            return file.getvalue().encode()


def _no_formula(cell: str) -> str:
    """*cell* so that no spreadsheet takes a headline for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell
