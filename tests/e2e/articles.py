"""Articles for the newsroom, in words of their own."""

from __future__ import annotations

WIRE = """ date {day} You are here: Home » International Europe & Americas

{title}

{standfirst}

{written}
Saltmarsh News Agency . Vardholm

The island council on Thursday said it would keep the north mole closed until divers have looked at every one of its piles, despite a plea from the herring fleet.
A survey agreed in spring between the council and the skippers had found cracks in four of them, and the repair was put off twice for want of stone.
“We will not have boats tied up to a wall that may not be there in the morning,” the harbour warden said.
The skippers’ guild wants the two oldest berths back before the autumn storms and has offered to pay for sandbags.
"""  # noqa: E501
"""A file as wire copy saved from a web page looks: crumbs, title, standfirst, day, agency and place, paragraphs."""


def wire(title: str = "Council keeps north mole closed", *, standfirst: str = "Fleet asks for its berths back") -> str:
    """An article in the shape of :data:`WIRE`, of 12 November 2026."""
    return WIRE.format(day="2026-11-12", written="November 12, 2026", title=title, standfirst=standfirst)


def markdown(title: str, body: str = "", **fields: str) -> str:
    """A Markdown article with front matter."""
    text = body or f"The crew of the {title} came back on the morning tide. They had nets full of mackerel."
    given = {"date": "2026-11-10T08:00:00Z"} | fields
    lines = "".join(f"{name}: {value}\n" for name, value in given.items() if value)
    return f"---\ntitle: {title}\n{lines}---\n\n{text}\n"
