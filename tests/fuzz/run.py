"""Runs every fuzz target in turn: ``python tests/fuzz/run.py --seconds 60``. Ends with 1 if one found something.

What was learnt is kept in ``build/fuzz``, so that the next run goes on from there; what was found lies there as well.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden"
BUILD = HERE.parents[1] / "build" / "fuzz"
sys.path.insert(0, str(HERE.parent))

LONGEST_INPUT = 32_768
LONGEST_SECONDS = 25
"""After how many seconds by the clock one input counts as hanging; the processor's own time is the oracle's matter."""
MOST_MEGABYTES = 1_000
"""For the whole process with all that it has learnt; one file has 400."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz; answers the exit code."""
    from fuzz.oracle import FAMILIES

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for all families together")
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=f"of {', '.join(FAMILIES)}; all without any")
    given = parser.parse_args(arguments)
    chosen = given.families or list(FAMILIES)
    found = []
    for family in chosen:
        if family not in FAMILIES:
            parser.error(f"there is no family {family!r}")
        if fuzz(family, max(1, given.seconds // len(chosen))):
            found.append(family)
    if found:
        print(f"found something in: {', '.join(found)}; see {BUILD}/crashes", file=sys.stderr)  # noqa: T201
    return 1 if found else 0


def fuzz(family: str, seconds: int) -> int:
    """Fuzz one family for *seconds*; answers the exit code of libFuzzer."""
    from fuzz.oracle import FAMILIES

    learnt, crashes = BUILD / "corpus" / family, BUILD / "crashes"
    learnt.mkdir(parents=True, exist_ok=True)
    crashes.mkdir(parents=True, exist_ok=True)
    seeds = [GOLDEN / folder for folder in FAMILIES[family][1]]
    regressions = HERE / "regressions"
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST_INPUT}",
        f"-timeout={LONGEST_SECONDS}",
        f"-rss_limit_mb={MOST_MEGABYTES}",
        f"-dict={HERE / 'news.dict'}",
        f"-artifact_prefix={crashes}/{family}-",
        "-print_final_stats=1",
    ]
    command = [
        sys.executable,
        str(HERE / "target.py"),
        family,
        *options,
        str(learnt),
        *map(str, seeds),
        str(regressions),
    ]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
