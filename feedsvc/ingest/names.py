"""Which names below ``content/`` are never read, and which are no articles."""

from __future__ import annotations

import fnmatch
import functools
import re
from collections.abc import Sequence

_TEMPORARY = re.compile(
    r"\..*"  # hidden; also .name.swp, .#lock, .git, rsync's .name.Xy12Ab, .nfs…
    r"|.*~|~\$.*|#.*#"  # editors' backups and locks
    r"|.*\.(?:tmp|temp|part|partial|filepart|crdownload|download|swp|swo|swx|bak|orig|rej|lock|lck|old|upload|writing)"
    r"|.*\.(?:tmp|part)\.[A-Za-z0-9_-]{1,16}"
    r"|__pycache__|__MACOSX|CVS|Thumbs\.db|desktop\.ini|lost\+found|\$RECYCLE\.BIN",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MAX_LENGTH = 1024
"""How many bytes a path may have. PostgreSQL takes 2,700 into an entry of an index: a path, and an id or a feed."""


def never_read(name: str) -> bool:
    """Whether *name*, of a file or folder, is hidden, temporary, a backup or of a version control system."""
    return _TEMPORARY.fullmatch(name) is not None


_MEDIA = re.compile(
    r".*\.(?:jpe?g|png|gif|webp|avif|heic|tiff?|bmp|svg|ico|mp3|m4[abv]|aac|og[gav]|opus|flac|wav|mp4|mov|webm|weba|mkv|avi|vtt|srt)",
    re.IGNORECASE | re.DOTALL,
)


def is_medium(name: str) -> bool:
    """Whether *name* is that of a picture, sound or film, which is served where an article names it."""
    return _MEDIA.fullmatch(name) is not None


def ignored_by(name: str, patterns: Sequence[str]) -> str:
    """The pattern of ``[content] ignore`` that *name* matches; empty if none does."""
    if not _any_of(tuple(patterns)).match(name):
        return ""
    return next((pattern for pattern in patterns if fnmatch.fnmatchcase(name, pattern)), "")


@functools.lru_cache(maxsize=8)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for all of them: each file of a scan is asked, and nearly all match none."""
    return re.compile("|".join(map(fnmatch.translate, patterns)) or r"(?!)")


def unusable(path: str) -> str:
    """Why a file at *path* cannot be taken in under that name; empty if it can."""
    try:
        length = len(path.encode())
    except UnicodeEncodeError:
        return "its name is not UTF-8; rename it"
    if _CONTROL.search(path):
        return "its name has a control character in it; rename it"
    if length > MAX_LENGTH:
        return f"its path is longer than {MAX_LENGTH:,} bytes; rename it or a folder"
    return ""


def printable(path: str) -> str:
    """*path* as it can be stored and shown whatever bytes it holds."""
    shown = path.encode(errors="surrogateescape").decode(errors="backslashreplace")
    shown = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", shown)
    return shown.encode()[:MAX_LENGTH].decode(errors="ignore")
