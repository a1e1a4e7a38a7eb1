"""What the service needs of its machine before it begins."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from feedsvc.errors import ServerError
from feedsvc.server import shared_folder


def test_no_room_for_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose root is read-only, and that was given no /tmp."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(ServerError, match="no folder for temporary files can be written"), shared_folder():
        pass
