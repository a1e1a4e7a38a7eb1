"""A cold ingest: a folder of Markdown files to one feed per section, by feedsvc and by Hugo, from nothing each time.

Both have the whole machine. Ours is ``feedsvc ingest`` and then a process that makes every section's RSS ready as a
web worker does: rendered and compressed. Hugo writes one RSS file per section and nothing else.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import newsroom
import servers
from measure import Finished, Running, free_port, machine, median, options, peer, say, table, workshop

SECTIONS = 20
OURS, HUGO = "feedsvc", "Hugo, feeds only"
_FEED = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>{{ .Title }}</title><link>{{ .Permalink }}</link><description>{{ .Title }}</description>
{{ range first 50 .Pages.ByDate.Reverse }}<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link>
<guid isPermaLink="false">{{ .Permalink }}</guid><pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate>
<description>{{ .Summary | plainify | html }}</description>
<content:encoded>{{ .Content | html }}</content:encoded></item>
{{ end }}</channel></rss>
"""
_HUGO = """baseURL = "http://127.0.0.1:8000/"
title = "The Measured Courier"
disableKinds = ["taxonomy", "term", "sitemap", "robotsTXT", "404", "home"]
[outputs]
section = ["RSS"]
page = []
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One cold ingest: *steps* are its commands one after the other."""

    steps: Sequence[Finished]

    @property
    def wall(self) -> float:
        """Seconds in all."""
        return sum(step.wall for step in self.steps)

    @property
    def cpu(self) -> float:
        """Seconds of processor time in all, of all processes."""
        return sum(step.cpu for step in self.steps)

    @property
    def memory(self) -> int:
        """The most bytes at any moment."""
        return max(step.memory for step in self.steps)


def main() -> None:
    """Measure, and print a table."""
    parser = options(__doc__ or "")
    parser.add_argument("--files", type=int, nargs="+", default=[], help="how many files; 10000 50000 if not said")
    chosen = parser.parse_args()
    rounds = chosen.rounds or (1 if chosen.quick else 3)
    counts = chosen.files or ([1_000] if chosen.quick else [10_000, 50_000])
    hugo = peer("hugo")
    say(f"ingest: {machine()}")
    rows: list[Sequence[object]] = []
    for count in counts:
        with workshop() as folder:
            newsroom.fill(folder / "content", count, SECTIONS)
            newsroom.rest()
            runs: dict[str, list[Run]] = {}
            for number in range(rounds):
                runs.setdefault(OURS, []).append(_ours(folder, number))
                if hugo:
                    runs.setdefault(HUGO, []).append(_hugo(hugo, folder, number))
            rows += _rows(count, runs)
    head = (
        "files",
        "what",
        "seconds",
        "of Hugo's",
        "CPU s",
        "of Hugo's",
        "files/s",
        "peak MB",
        "of Hugo's",
        "ingest s",
        "feeds s",
    )
    say(table(head, rows))


def _ours(folder: Path, number: int) -> Run:
    place = folder / f"ours-{number}"
    place.mkdir()
    config = newsroom.config(place, folder / "content", free_port())
    taken = servers.ingest(config)
    log = place / "feeds.log"
    ready = Running([sys.executable, Path(__file__).with_name("feeds_ready.py"), config], log=log).finish()
    made = int(log.read_text().split()[0])
    shutil.rmtree(place)
    if made != SECTIONS:
        sys.exit(f"there should be {SECTIONS} feeds, but there are {made}")
    return Run(steps=(taken, ready))


def _hugo(program: str, folder: Path, number: int) -> Run:
    place = folder / f"hugo-{number}"
    layouts = place / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (layouts / "section.rss.xml").write_text(_FEED)
    (place / "hugo.toml").write_text(_HUGO)
    command: list[str | Path] = [program, "--source", place, "--config", place / "hugo.toml"]
    command += ["--contentDir", folder / "content", "--destination", place / "public", "--cacheDir", place / "cache"]
    taken = Running([*command, "--quiet"], log=place / "hugo.log").finish()
    made = len(list((place / "public").glob("*/index.xml")))
    shutil.rmtree(place)
    if made != SECTIONS:
        sys.exit(f"Hugo should have made {SECTIONS} feeds, but made {made}")
    return Run(steps=(taken,))


def _rows(count: int, runs: Mapping[str, Sequence[Run]]) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = []
    peers = runs.get(HUGO, ())
    for name, found in runs.items():
        wall, memory = median([run.wall for run in found]), median([run.memory for run in found])
        walls = [one.wall / other.wall for one, other in zip(found, peers, strict=False)]
        cpus = [one.cpu / other.cpu for one, other in zip(found, peers, strict=False)]
        memories = [one.memory / other.memory for one, other in zip(found, peers, strict=False)]
        steps = [median([run.steps[index].wall for run in found]) for index in range(len(found[0].steps))]
        rows.append(
            (
                f"{count:,}",
                name,
                f"{wall:.2f}",
                f"{median(walls):.2f}" if walls else "",
                f"{median([run.cpu for run in found]):.2f}",
                f"{median(cpus):.2f}" if cpus else "",
                f"{count / wall:,.0f}",
                f"{memory / 1e6:.0f}",
                f"{median(memories):.2f}" if memories else "",
                *(f"{step:.2f}" for step in (steps if len(steps) > 1 else [])),
                *([""] * (2 if len(steps) == 1 else 0)),
            )
        )
    return rows


if __name__ == "__main__":
    main()
