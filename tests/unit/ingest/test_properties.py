"""What holds after any sequence of edits, moves and removals."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from unit.ingest.newsdesk import Desk

from feedsvc.model import SourceState

PLACES = ["a.md", "town/a.md", "town/b.md", "port/a.md", "port/2040/03/c.md", "caf\u00e9/\u00fc.md"]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.sampled_from(PLACES)),
        st.tuples(st.just("retitle"), st.sampled_from(["One", "Two", "Three"])),
        st.tuples(st.just("rewrite"), st.text("abc \n", max_size=8)),
        st.tuples(st.just("replace"), st.just("")),
        st.tuples(st.just("touch"), st.just("")),
        st.tuples(st.just("spoil"), st.just("")),
        st.tuples(st.just("restart"), st.just("")),
    ),
    min_size=1,
    max_size=7,
)


def edited(desk: Desk, path: str, title: str, body: str) -> None:
    desk.article(path, title, body=f"A text of one sentence {body}.", date="2040-03-10")


@settings(max_examples=25)
@given(steps=STEPS, together=st.booleans())
def test_an_id_survives_any_sequence_of_edits_and_moves(steps: list[tuple[str, str]], together: bool) -> None:
    """With a pass after each step; or *together*: what is written is seen only when it was moved as well."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        desk.article("keep.md", "Keep", date="2040-03-01")
        path, title, body = "town/first.md", "One", ""
        edited(desk, path, title, body)
        desk.scan()
        first = desk.stored(path)
        changed = replaced = False
        for kind, value in steps:
            file = desk.root / path
            if kind == "move" and value != path:
                desk.move(path, value)
                path, changed, replaced = value, False, False
                desk.scan()
            elif kind == "retitle":
                title = value
                edited(desk, path, title, body)
                desk.scan()  # a new title and a new name at once leave nothing to be known by
                changed = replaced = False
            elif kind == "rewrite":
                if replaced:  # nor do another file, other bytes and another name
                    desk.scan()
                    replaced = False
                body, changed = value, True
                edited(desk, path, title, body)
            elif kind == "replace" and not changed:
                beside = file.with_name(".new")
                beside.write_bytes(file.read_bytes())
                beside.replace(file)
                replaced = True
            elif kind == "touch":
                file.touch()
            elif kind == "spoil":
                file.write_text("---\ntitle: [\n---\n")
                desk.scan()
                edited(desk, path, title, body)
                changed, replaced = True, False
            elif kind == "restart":
                desk.restart()
            if not together:
                desk.scan()
                changed = replaced = False
        desk.scans(3)
        stored = desk.stored(path)
        assert stored.article.id == first.article.id
        assert (stored.path, stored.article.published, stored.withdrawn) == (first.path, first.article.published, None)
        assert stored.article.title == title
        assert desk.titles() == sorted(["Keep", title])
        assert desk.tombstones() == []
        desk.close()


FILES = st.dictionaries(
    st.sampled_from([f"{folder}{name}.items" for folder in ("", "a/", "b/") for name in "xyz"]),
    st.tuples(
        st.sampled_from(["", "urn:x:1", "urn:x:2"]),
        st.integers(0, 2),
        st.sampled_from(["One", "Two"]),
        st.sampled_from(["usable", "canceled", "draft"]),
    ),
    min_size=1,
    max_size=6,
)


def laid_out(desk: Desk, files: dict[str, tuple[str, int, str, str]]) -> None:
    for path, (own, version, title, status) in files.items():
        fields = {"id": own, "version": str(version or ""), "title": title, "status": status}
        desk.items(path, {**fields, "published": "2040-03-10"})


@settings(max_examples=25)
@given(files=FILES, data=st.data())
def test_two_fresh_stores_over_one_folder_are_alike_in_whatever_order_it_was_filled(
    files: dict[str, tuple[str, int, str, str]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(sorted(files)))
    shown = []
    for paths in (sorted(files), order):
        with tempfile.TemporaryDirectory() as folder:
            desk = Desk(Path(folder))
            laid_out(desk, {path: files[path] for path in paths})
            desk.scan()
            shown.append((desk.shown(), {path: (desk.state(path), desk.ids(path)) for path in files}))
            desk.close()
    assert shown[0] == shown[1]


@settings(max_examples=40)
@given(before=FILES, after=FILES, stepwise=st.booleans())
def test_what_is_shown_is_what_the_files_say(
    before: dict[str, tuple[str, int, str, str]],
    after: dict[str, tuple[str, int, str, str]],
    stepwise: bool,
) -> None:
    """Whatever happened: nothing is shown that no file gives, or twice, and a pass without news changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), content={"max_missing_files": 100})
        desk.article("keep.md", "Keep", date="2040-03-01")
        laid_out(desk, before)
        desk.scan()
        desk.remove(*(path for path in before if path not in after))
        if stepwise:
            desk.scan()
        laid_out(desk, after)
        desk.scans(3)
        articles = [one.entry.article for one in desk.placed()]
        assert len({article.id for article in articles}) == len(articles)
        for article in articles:
            record = desk.source(article.source)
            assert article.id in record.articles
            assert record.state is not SourceState.GONE
            # A lower version in the same file is not used: the last one stays.
            if article.source != "keep.md" and record.state is SourceState.ACCEPTED:
                assert article.title == after[article.source][2]
                assert after[article.source][3] == "usable"
        gave = {path for path in after if after[path][3] == "usable" and desk.state(path) is SourceState.ACCEPTED}
        assert gave <= {article.source for article in articles}
        for path in before:
            if path not in after:
                assert desk.state(path) is SourceState.GONE
        sequence = desk.sequence()
        assert desk.scan().changed is False
        assert desk.sequence() == sequence
        desk.close()
