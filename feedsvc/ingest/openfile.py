"""One file, opened so that nothing but a complete regular file below the folder can be read."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

from feedsvc.errors import ContentError, TooLarge
from feedsvc.ingest.scan import signature
from feedsvc.model import Signature

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_F_SETSIG = 10
_HEAD = 16_384


class StillWritten(Exception):
    """The file changed while it was read, or somebody has it open for writing: look again later."""


@contextlib.contextmanager
def opened(root: Path, name: str) -> Iterator[tuple[int, os.stat_result]]:
    """A descriptor of the regular file *name* below *root*, and what stat says of it; no link is followed.

    Raises ContentError where it cannot be opened or read, FileNotFoundError.
    """
    handle = _open(root, name)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise ContentError("it is no regular file", source=name)
        yield handle, status
    except OSError as error:
        raise ContentError(f"it cannot be read: {error.strerror}", source=name) from None
    finally:
        os.close(handle)


def read(root: Path, name: str, *, limit: int, complete: bool = False) -> tuple[bytes, Signature]:
    """The bytes of the file *name* below *root*, and its signature, the same before and after reading.

    No link is followed in any part of *name*. On Linux a read lease tells whether somebody still has the file open
    for writing; with *complete* True, where the file has not been looked at twice, that answer is required.
    Raises StillWritten, TooLarge over *limit* bytes, ContentError where it cannot be read, FileNotFoundError.
    """
    with opened(root, name) as (handle, before):
        if before.st_size > limit:
            raise TooLarge(
                f"it has {before.st_size:,} bytes, more than the {limit:,} of [content] max_file{_instead(handle)}",
                source=name,
            )
        if not _unwritten(handle) and complete:
            raise StillWritten(name)
        parts: list[bytes] = []
        size, most = 0, before.st_size + 1  # the whole file at once, as long as it has not grown
        while part := os.read(handle, most):
            parts.append(part)
            size += len(part)
            if size > limit:
                raise StillWritten(name)
            if size == before.st_size:
                break
            most = 1 << 20
        after = signature(os.fstat(handle))
        if after != signature(before) or size != after.size:
            raise StillWritten(name)
        return parts[0] if len(parts) == 1 else b"".join(parts), after


def _instead(handle: int) -> str:
    """What to do with a file that is too large, where its beginning says what it is."""
    if b"http://wordpress.org/export/" not in os.read(handle, _HEAD):
        return ""
    return ". It is a WordPress export: move it out of the content folder, and take it apart with feedsvc import FILE"


def unchanged(handle: int, before: os.stat_result) -> None:
    """Raise StillWritten where the open file is not as it was, or somebody has it open for writing."""
    _unwritten(handle)
    if signature(os.fstat(handle)) != signature(before):
        raise StillWritten


def _open(root: Path, name: str) -> int:
    *folders, last = name.split("/")
    try:
        at = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for folder in folders:
                below = os.open(folder, _FOLDER, dir_fd=at)
                os.close(at)
                at = below
            return os.open(last, _FILE, dir_fd=at)
        finally:
            os.close(at)
    except FileNotFoundError:
        raise
    except OSError as error:
        reason = "a link is in its path" if error.errno in (errno.ELOOP, errno.ENOTDIR) else error.strerror
        raise ContentError(f"it cannot be read: {reason}", source=name) from None


def _unwritten(handle: int) -> bool:
    """Whether the system vouches that nobody has the file open for writing; False where it cannot tell.

    Raises StillWritten where somebody has. fcntl(2): a read lease is refused with EAGAIN while the file is open for
    writing. It is given back at once; should a writer come in between, the signal is one that is ignored.
    """
    try:
        fcntl.fcntl(handle, _F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        if error.errno == errno.EAGAIN:
            raise StillWritten from None
        return False
    except AttributeError:  # not Linux
        return False
    return True
