"""The former addresses of a paper lead to its new ones, as ``docs/moving-in.md`` has nginx do it."""

from __future__ import annotations

import re
from pathlib import Path

from deploy.conftest import ask
from e2e.newsroom import free_port
from tools import program, serving

from feedsvc.movein import redirect_lines

GUIDE = Path(__file__).parent.parent.parent / "docs" / "moving-in.md"
NEW = "https://news.example.org/articles/2019/03/04/{}-abcdefgh"


def test_former_addresses_lead_where_they_should(tmp_path: Path) -> None:
    program("nginx")
    long = f"/2019/03/04/{'the-harbour-' * 12}/"
    old = {
        long: "long",
        "/?p=12": "twelve",
        "/2019/03/04/%e5%8c%97/": "north",
        **{f"/many/{n}/": f"n{n}" for n in range(3000)},
    }
    redirects = tmp_path / "redirects.map"
    redirects.write_text("\n".join(redirect_lines({path: NEW.format(name) for path, name in old.items()})))
    (block,) = re.findall(r"```nginx\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    port = free_port()
    block = block.replace("/srv/news/redirects.map", str(redirects)).replace("listen 80;", f"listen 127.0.0.1:{port};")
    with serving(tmp_path / "nginx", block, port):
        for path, name in {
            long: "long",
            f"{long}?utm_source=letter": "long",
            "/?p=12": "twelve",
            "/2019/03/04/%E5%8C%97/": "north",
            "/many/2999/": "n2999",
        }.items():
            answer = ask(port, path, host="old.example")
            assert (answer.status, answer.headers.get("location")) == (308, NEW.format(name)), path
        assert ask(port, "/feed/", host="old.example").headers["location"] == "https://news.example.org/feeds/all.rss"
        assert ask(port, "/?p=13", host="old.example").status != 308
