"""``python -m feedsvc`` is the same as ``feedsvc``."""

from __future__ import annotations

from feedsvc.cli.main import main

if __name__ == "__main__":
    main()
