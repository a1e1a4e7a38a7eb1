"""Everything that people can set, call, ask for or meet stands in the documentation."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import click
import pytest
from fakes import Clock, make_settings
from flask import Flask
from pydantic import BaseModel

from feedsvc import config, errors, status
from feedsvc.cli.main import COMMANDS, cli
from feedsvc.feeds.registry import renderers
from feedsvc.formats.keys import episodes, media, reading
from feedsvc.formats.keys.entries import fold
from feedsvc.formats.registry import formats
from feedsvc.ingest import flood, missing
from feedsvc.model import SourceState
from feedsvc.receipts.kinds import Fate, Hold, Receipt
from feedsvc.store.opening import open_store
from feedsvc.web.app import create_app

ROOT = Path(__file__).parent.parent
PATHS = {
    ("docs/README.md" if path == ROOT / "docs" / "README.md" else path.name): path
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}
PAGES = {name: path.read_text("utf-8") for name, path in PATHS.items()}
TABLES: dict[str, type[BaseModel]] = {
    "site": config.Site,
    "content": config.Content,
    "store": config.Store,
    "feeds": config.Feeds,
    "server": config.Server,
    'sections."path"': config.Section,
    'sections."path".podcast': config.Podcast,
}
EXCEPTIONS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.FeedsvcError)]


def chapter(page: str, title: str) -> str:
    """The part of a page below the heading that begins with *title*, up to the next of its level."""
    found = re.search(rf"^(#+) {re.escape(title)}.*?$(.*?)(?=^#{{1,2}} |\Z)", PAGES[page], re.MULTILINE | re.DOTALL)
    assert found, f"docs/{page} has no chapter {title!r}"
    return found[2]


def _told(module: str, names: Sequence[str]) -> set[str]:
    """The beginnings of the messages that *module* gives as keyword arguments, or assigns, under one of *names*."""
    found: list[ast.expr] = []
    for node in ast.walk(ast.parse((ROOT / "feedsvc" / module).read_text("utf-8"))):
        if isinstance(node, ast.keyword) and node.arg in names:
            found.append(node.value)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = zip(target.elts, node.value.elts, strict=True)
                else:
                    pairs = zip([target], [node.value], strict=True)
                found += [value for one, value in pairs if ast.unparse(one).rpartition(".")[2] in names]
    return {said for value in found if len(said := _beginning(value)) > 3}


def _beginning(value: ast.expr) -> str:
    """The text of *value* up to the first thing that differs, cut at the end of its first sentence or clause."""
    if isinstance(value, ast.BinOp | ast.IfExp):
        return _beginning(value.left if isinstance(value, ast.BinOp) else value.body)
    if isinstance(value, ast.JoinedStr):
        value = value.values[0]
    if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
        return ""
    return re.split(r"(?<=\.) |: |$", value.value, maxsplit=1)[0].strip()


def told_by_receipts() -> set[str]:
    return _told("receipts/files.py", ["says"]) | _told("receipts/articles.py", ["says"])


def told_by_the_desk() -> set[str]:
    return _told("web/desk/alarms.py", ["what"]) | _told("web/desk/orders.py", ["why"])


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


@pytest.mark.parametrize("table", TABLES)
def test_every_key_of_the_configuration(table: str) -> None:
    text = chapter("configuration.md", f"`[{table}]`")
    first_cells = " ".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `"))
    missing = [key for key in TABLES[table].model_fields if f"`{key}`" not in first_cells]
    assert not missing, f"docs/configuration.md says nothing of [{table}] {missing}"


def test_every_table_of_the_configuration() -> None:
    assert {name.split(".")[0] for name in TABLES} == set(config.Settings.model_fields)


def test_no_key_that_there_is_not() -> None:
    for table, kind in TABLES.items():
        for line in chapter("configuration.md", f"`[{table}]`").splitlines():
            if line.startswith("| `"):
                unknown = set(re.findall(r"`(\w+)`", line.split("|")[1])) - set(kind.model_fields)
                assert not unknown, f"docs/configuration.md speaks of [{table}] {unknown}, which there is not"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_with_its_options_and_arguments(name: str) -> None:
    text = chapter("commands.md", name)
    assert f"    feedsvc {name}" in text, f"docs/commands.md shows no usage of {name}"
    for parameter in command(name).params:
        if isinstance(parameter, click.Option):
            if parameter.hidden:
                continue
            told = max(parameter.opts, key=len)
        else:
            told = (parameter.metavar or parameter.name or "").upper().strip("[].")
        assert told in text, f"docs/commands.md says nothing of {told} of {name}"
    assert f"feedsvc {name}" in PAGES["README.md"], f"README.md says nothing of {name}"


def test_no_command_or_option_that_there_is_not() -> None:
    known = {option for name in COMMANDS for parameter in command(name).params for option in parameter.opts}
    known |= {"--help", "--version", "-h"}
    for page, text in PAGES.items():
        for name in re.findall(r"(?<![\w/.-])feedsvc ([a-z]+)(?=[\s`\\]|$)", "\n".join(_code(text))):
            assert name in COMMANDS, f"{page} speaks of `feedsvc {name}`"
    for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", PAGES["commands.md"]):
        assert option in known, f"docs/commands.md speaks of {option}"


@pytest.mark.parametrize("code", sorted({kind.exit_code for kind in EXCEPTIONS} | {0, 130, 141}))
def test_every_exit_code(code: int) -> None:
    assert f"| `{code}` |" in chapter("commands.md", "What all have in common")


@pytest.mark.parametrize("kind", EXCEPTIONS)
def test_every_exception_with_its_exit_code(kind: type[errors.FeedsvcError]) -> None:
    assert f"| `{kind.__name__}` | {kind.exit_code} |" in chapter("errors.md", "The kinds")


@pytest.mark.parametrize("state", SourceState)
def test_every_state_of_a_file(state: SourceState) -> None:
    assert f"| `{state.value}` |" in chapter("operators.md", "What became of a file")


@pytest.mark.parametrize("fate", Fate)
def test_every_word_of_a_receipt(fate: Fate) -> None:
    assert f"| `{fate.value}` |" in chapter("desk.md", "What became of a file")


def test_every_key_of_a_receipt() -> None:
    missing = [name for name in fields(Receipt) if f"`{name.name}`" not in chapter("commands.md", "status")]
    assert not missing, f"docs/commands.md says nothing of {missing} in `feedsvc status FILE --json`"


def test_every_key_of_the_figures(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    overview = status.overview(store, now=Clock().now)
    store.close()
    missing = [key for key in overview if f"`{key}`" not in chapter("commands.md", "status")]
    assert not missing, f"docs/commands.md says nothing of {missing} in `feedsvc status --json`"


def test_every_route(tmp_path: Path) -> None:
    settings = make_settings()
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    spelt = {False: _spelt(PAGES["feeds.md"]), True: _spelt(PAGES["desk.md"])}
    routes = _routes(create_app(settings, store, Clock()))
    store.close()
    missing = [rule for rule in routes if rule not in spelt[rule.startswith("/desk")]]
    assert not missing, f"docs/feeds.md or docs/desk.md says nothing of {missing}"


@pytest.mark.parametrize("name", [one.name for one in formats().installed])
def test_every_input_format(name: str) -> None:
    text = PAGES["formats.md"].casefold()
    missing = [part for part in name.casefold().split(" or ") if part not in text]
    assert not missing, f"docs/formats.md says nothing of {missing}"


def test_every_key_of_front_matter() -> None:
    explained = {fold(key) for key in re.findall(r"`([^`\n]+)`", chapter("formats.md", "Keys"))}
    known = {key for keys, _ in reading._READERS for key in keys} - {*media.KEYS, *episodes.KEYS}
    assert known, "no keys are known"
    assert known <= explained, f"docs/formats.md does not explain {sorted(known - explained)}"


@pytest.mark.parametrize("suffix", renderers())
def test_every_output_format(suffix: str) -> None:
    assert f"### {renderers()[suffix].name}" in PAGES["feeds.md"]
    assert f".{suffix}" in chapter("feeds.md", "Addresses")


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", PAGES[page]):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = PATHS[page].parent / path if path else PATHS[page]
        assert file.exists(), f"{page} links to {target}"
        if anchor and file.suffix == ".md":
            headings = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.MULTILINE)
            assert anchor in map(_anchor, headings), f"{page} links to {target}"


@pytest.mark.parametrize("index", ["README.md", "docs/README.md"])
def test_every_page_is_led_to(index: str) -> None:
    led = {(PATHS[index].parent / target).resolve() for target in re.findall(r"\]\(([^)#\s]+)", PAGES[index])}
    missing = [name for name, path in PATHS.items() if path.resolve() not in led and name != index]
    assert not missing, f"{index} does not lead to {missing}"


@pytest.mark.parametrize("page", PAGES)
def test_a_list_of_chapters_names_each(page: str) -> None:
    opening, *chapters = re.split(r"^## ", PAGES[page], flags=re.MULTILINE)
    led = re.findall(r"\]\(#([^)\s]+)\)", "".join(re.findall(r"^\* .*$", opening, re.MULTILINE)))
    missing = [title for text in chapters if led and _anchor(title := text.partition("\n")[0]) not in led]
    assert not missing, f"the list at the top of {page} does not lead to {missing}"


def test_every_picture_is_shown_and_small() -> None:
    shown = {
        (PATHS[page].parent / target).resolve()
        for page, text in PAGES.items()
        for target in re.findall(r"!\[[^\]]+\]\(([^)\s]+)\)", text)
    }
    for picture in (ROOT / "docs" / "images").iterdir():
        assert picture.resolve() in shown, f"no page shows {picture.name}"
        assert picture.stat().st_size < 150_000


@pytest.mark.parametrize("said", sorted(told_by_receipts()))
def test_every_message_of_a_receipt(said: str) -> None:
    assert f"*{said}" in chapter("operators.md", "Every message"), f"docs/operators.md does not explain {said!r}"


@pytest.mark.parametrize("said", sorted(told_by_the_desk()))
def test_every_message_of_the_desk(said: str) -> None:
    assert f"*{said}" in chapter("operators.md", "Every message"), f"docs/operators.md does not explain {said!r}"


@pytest.mark.parametrize("name", sorted({*Hold, flood.HOLD, missing.HOLD}))
def test_everything_that_holds_something_back(name: str) -> None:
    assert f"`{name}`" in chapter("operators.md", "What holds something back")


def _code(text: str) -> list[str]:
    """Inline code and indented or fenced blocks."""
    return [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^ {4}(?:\$ )?(feedsvc (?!is up).*)$", text, re.MULTILINE)]


def _anchor(heading: str) -> str:
    """The anchor of a heading, as forges make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _routes(app: Flask) -> list[str]:
    """The routes, with one name for every placeholder."""
    return sorted({re.sub(r"<[^>]*>", "<>", str(rule)) for rule in app.url_map.iter_rules()})


def _spelt(page: str) -> set[str]:
    """The addresses in the code of *page*, with one name for every placeholder."""
    found = set()
    for code in re.findall(r"`(/[^`]*)`", page):
        address = re.sub(r"<[^>]*>", "<>", code)
        found |= {address, re.sub(r"^(/feeds/|/articles/|/media/|/archive/).*", r"\1<>", address), f"{address}/"}
    return found
