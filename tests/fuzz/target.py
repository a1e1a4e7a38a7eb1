"""One fuzz target: ``python tests/fuzz/target.py FAMILY [options of libFuzzer] [folders of seeds]``.

Atheris (libFuzzer for Python) makes up bytes from the seeds and watches which lines of feedsvc they reach. A failure is
written to a file by libFuzzer: shorten it, reword what others wrote, and put it into ``tests/fuzz/regressions``.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path, PurePosixPath

sys.path.insert(0, str(Path(__file__).parents[1]))

import atheris

with atheris.instrument_imports(include=["feedsvc"]):
    from fuzz.oracle import FAMILIES, SUFFIXES, Oracle


def main() -> None:
    """Fuzz the family that is named first."""
    family = sys.argv.pop(1)
    suffix, _ = FAMILIES[family]
    oracle = Oracle()
    logging.disable(logging.CRITICAL)

    def one(data: bytes) -> None:
        if family == "any" and data:
            suffix_now, rest = SUFFIXES[data[-1] % len(SUFFIXES)], data[:-1]
        else:
            suffix_now, rest = suffix, data
        oracle.check(rest, PurePosixPath(f"sport/2026-03-14 tide{suffix_now}"))

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
