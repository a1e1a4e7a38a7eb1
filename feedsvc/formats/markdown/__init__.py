"""Markdown with front matter, as static site generators, exports and scrapers write it."""
