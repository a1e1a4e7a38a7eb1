"""Golden pairs of mails: a file and the items that are read from it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from goldens import Judge, Pairs, read

from feedsvc.formats.mail.format import Mail
from feedsvc.formats.registry import formats

PAIRS = Pairs("mail")


@pytest.mark.parametrize("path", PAIRS.inputs, ids=lambda path: path.name)
def test_a_mail_gives_the_items_beside_it(path: Path, judge: Judge) -> None:
    assert formats().choose(path.read_bytes(), PurePosixPath(path.name)).name == "e-mail"
    judge.said(read(Mail(), path), PAIRS.expected(path))


def test_there_are_cases_and_all_are_pairs() -> None:
    assert PAIRS.inputs
    assert not PAIRS.strays()
