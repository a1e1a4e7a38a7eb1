"""How a feed goes out: renderers from ``Feed`` to the bytes of one format."""
