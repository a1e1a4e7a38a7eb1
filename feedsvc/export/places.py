"""Which file holds what stands at an address. A web server finds it there by the address alone."""

from __future__ import annotations

import re
from urllib.parse import unquote

OWN = ".feedsvc"
"""The folder for what is not served: the record of what was written, the web server's settings, error pages."""
FORMS = {"gzip": ".gz", "br": ".br"}
"""The coded forms of a document, with what is added to the name of its file."""
LONGEST = 255
"""How many bytes a name may have in the file systems of this world."""
_PAGE = re.compile(r"(?:^|&)page=([1-9][0-9]{0,4})(?:&|$)", re.ASCII)
_KEY = re.compile(r"[-/]([a-z2-7]{8,16})$", re.ASCII)


def place(address: str, *, html: bool) -> str:
    """The path below the exported folder of the file for *address*; empty where it can have none.

    A page gets ``.html`` behind its name, and before that its number in a list: no name in an address of ours has a
    dot, so nothing else can be meant. What is hidden or leads elsewhere has no place.
    """
    path, _, query = address.partition("?")
    segments = unquote(path).strip("/").split("/")
    if segments == [""]:
        segments = ["index"]
    if any(not one or one.startswith(".") or "\0" in one or "\ufffd" in one for one in segments):
        return ""
    if html:
        number = _PAGE.search(query)
        segments[-1] += f".{number[1]}.html" if number and number[1] != "1" else ".html"
    if max(len(one.encode()) for one in segments) + max(map(len, FORMS.values())) <= LONGEST:
        return "/".join(segments)
    key = article_key(address)
    return f"{OWN}/long/{key}.html" if html and key else ""


def article_key(address: str) -> str:
    """The key of the article whose page *address* is; empty where it is none."""
    found = _KEY.search(address.partition("?")[0]) if address.startswith("/articles/") else None
    return found[1] if found else ""


def gone(key: str) -> str:
    """The place of the empty file that says that the article with *key* is withdrawn."""
    return f"{OWN}/gone/{key}"
