"""Footnotes in the HTML of a Markdown text: each reference leads to its note, and each note leads back."""

from __future__ import annotations

import re

_REFERENCE = re.compile(r'<sup class="footnote-reference"><a href="#[^"]*">([0-9]+)</a></sup>')
_NOTE = re.compile(
    r'<div class="footnote-definition" id="[^"]*"><sup class="footnote-definition-label">([0-9]+)</sup>\n?(<p>)?'
)


def linked(html: str) -> str:
    """*html*, as the parser writes it, with ids by number (``fn-1``, ``fnref-1``) and links both ways.

    The number of a note stands within its first paragraph and leads to the first reference.
    """
    if 'class="footnote-' not in html:
        return html
    referred: set[str] = set()

    def reference(found: re.Match[str]) -> str:
        number = found[1]
        own = "" if number in referred else f' id="fnref-{number}"'
        referred.add(number)
        return f'<sup{own}><a href="#fn-{number}">{number}</a></sup>'

    def note(found: re.Match[str]) -> str:
        number = found[1]
        label = f'<a href="#fnref-{number}">{number}</a>' if number in referred else number
        return f'<div id="fn-{number}">{found[2] or ""}<sup>{label}</sup>{" " if found[2] else ""}'

    return _NOTE.sub(note, _REFERENCE.sub(reference, html))
