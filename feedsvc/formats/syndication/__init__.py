"""Feeds as files: RSS 0.9x, 1.0 and 2.0 (WordPress exports too), and Atom."""
