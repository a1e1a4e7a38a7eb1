"""What the doctor says of a store in PostgreSQL, and of a node that has but one role."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import postgres
import pytest

from feedsvc.store.opening import open_store

if postgres.lacking():
    pytest.skip(postgres.lacking(), allow_module_level=True)

Here = Any


@pytest.fixture
def there(here: Here) -> Here:
    """The same installation with its store in PostgreSQL."""
    at(here, postgres.shared().url(postgres.shared().database(postgres.template())))
    here.take_in()
    return here


def at(here: Here, url: str, role: str = "all") -> None:
    """Let its store be at *url*, and it play *role*."""
    store = here.settings.store.model_copy(update={"url": url})
    server = here.settings.server.model_copy(update={"role": role})
    here.settings = here.settings.model_copy(update={"store": store, "server": server})


def told(here: Here) -> list[str]:
    """What is not well; that the clock of the tests is a minute ahead is left out."""
    return [one for one in here.troubles() if "its clock is" not in one]


def test_all_is_well(there: Here) -> None:
    assert told(there) == []
    assert any(one.what.startswith("PostgreSQL 1") and "schema" in one.what for one in there.findings())
    assert "warning store: its clock is " in there.troubles()[0]
    there.now = datetime.now(UTC)
    assert not [one for one in there.troubles() if "its clock is" in one]


def test_a_database_that_does_not_answer(there: Here) -> None:
    at(there, "postgresql://desk:s3cret@127.0.0.1:1/paper?connect_timeout=2")
    (first, *_) = told(there)
    assert first.startswith("error store: the database does not answer: ")
    assert "s3cret" not in str(there.findings())


def test_no_store_yet_and_the_database_of_something_else(there: Here) -> None:
    name = postgres.shared().database()
    at(there, postgres.shared().url(name))
    assert told(there) == ["warning store: there is no store in it yet"]
    assert postgres.shared().sql("SELECT 1 FROM pg_tables WHERE schemaname = 'public'", database=name) == []
    postgres.shared().sql("CREATE TABLE paper (id int)", database=name)
    assert told(there) == ["error store: it is the database of something else: it has paper"]


@pytest.mark.parametrize(("revision", "what"), [("9999", "a newer feedsvc"), ("0000", "it has schema 0000")])
def test_another_schema(there: Here, revision: str, what: str) -> None:
    database = there.settings.store.url.rpartition("/")[2]
    postgres.shared().sql("UPDATE alembic_version SET version_num = %s", revision, database=database)
    assert what in told(there)[0]


def test_who_may_not_write(there: Here) -> None:
    name = there.settings.store.url.rpartition("/")[2]
    postgres.shared().sql(f"CREATE ROLE {name} LOGIN")
    postgres.shared().sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}", database=name)
    at(there, there.settings.store.url.replace("postgres@", f"{name}@"))
    assert told(there) == ["error store: this user may not write into it"]
    at(there, there.settings.store.url, "web")
    assert told(there) == []


def test_a_web_node_needs_the_content_folder_for_media_alone(there: Here) -> None:
    there.content.rename(there.folder / "elsewhere")
    at(there, there.settings.store.url, "web")
    assert told(there) == []
    (there.folder / "elsewhere").rename(there.content)
    at(there, there.settings.store.url)
    (there.content / "harbour" / "boat.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    there.write("harbour/boat.md", "---\ntitle: A boat\nimage: boat.jpg\n---\nThere it lies, as large as life.\n")
    there.take_in()
    with_media = open_store(there.settings.store.url)
    assert with_media.media()
    with_media.close()
    there.content.rename(there.folder / "elsewhere")
    at(there, there.settings.store.url, "web")
    assert len(told(there)) == 1
    assert "this node cannot read them" in told(there)[0]


def test_a_node_that_answers_no_polls_needs_no_port(there: Here) -> None:
    there.taken = "it is taken"
    assert len(told(there)) == 1
    at(there, there.settings.store.url, "ingest")
    assert told(there) == []
