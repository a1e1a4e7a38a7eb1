"""The publishing status, from the many words for it."""

from __future__ import annotations

import pytest

from feedsvc.model import PubStatus
from feedsvc.normalise.status import status_of


def status(written: str, *, withdrawal: bool = False, embargo: bool = False) -> PubStatus:
    return status_of(written, withdrawal=withdrawal, embargo=embargo)[0]


@pytest.mark.parametrize("written", ["", " ", "usable", "Usable", "USABLE", "stat:usable", "published", "OPEN", "live"])
def test_usable(written: str) -> None:
    assert status_of(written, withdrawal=False, embargo=False) == (PubStatus.USABLE, ())


@pytest.mark.parametrize("written", ["canceled", "cancelled", "stat:canceled", "Killed", "WITHDRAWN", "retracted"])
def test_canceled(written: str) -> None:
    assert status_of(written, withdrawal=False, embargo=False) == (PubStatus.CANCELED, ())


@pytest.mark.parametrize("written", ["draft", "Hidden", "withheld", "stat:withheld", "private", "in review"])
def test_withheld(written: str) -> None:
    assert status_of(written, withdrawal=False, embargo=False) == (PubStatus.WITHHELD, ())


@pytest.mark.parametrize("written", ["", "usable", "draft", "embargoed", "what?"])
def test_a_withdrawal_cancels_whatever_the_word(written: str) -> None:
    assert status(written, withdrawal=True) is PubStatus.CANCELED


def test_embargoed_leaves_it_to_the_moment_or_withholds() -> None:
    assert status("stat:embargoed", embargo=True) is PubStatus.USABLE
    found, notes = status_of("Embargoed", withdrawal=False, embargo=False)
    assert found is PubStatus.WITHHELD
    assert "no moment of release" in notes[0]


def test_an_unknown_word_withholds_and_says_what_to_write() -> None:
    found, notes = status_of("Sub-edited", withdrawal=False, embargo=False)
    assert found is PubStatus.WITHHELD
    assert "'sub-edited' is not known" in notes[0]
    assert "write 'usable'" in notes[0]
