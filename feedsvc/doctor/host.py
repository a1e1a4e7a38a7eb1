"""What the system says of places and processes. Everything here answers "unknown" where it cannot tell."""

from __future__ import annotations

import contextlib
from pathlib import Path

_REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "afs", "davfs", "virtiofs"})
_ESCAPES = {"\\040": " ", "\\011": "\t", "\\012": "\n", "\\134": "\\"}


def file_system(path: Path) -> str:
    """The kind of file system that *path* lies on ("ext4", "nfs4"); empty where that is unknown."""
    try:
        lines = Path("/proc/self/mounts").read_text(errors="surrogateescape").splitlines()
        real = path.resolve()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        mount = fields[1]
        for written, meant in _ESCAPES.items():
            mount = mount.replace(written, meant)
        if real.is_relative_to(mount) and len(mount) >= best:
            best, kind = len(mount), fields[2]
    return kind


def is_remote(kind: str) -> bool:
    """Whether files of that kind of file system can be changed by another machine."""
    return kind in _REMOTE or kind.startswith("fuse.")


def number(path: str) -> int | None:
    """The number in a file of /proc; None where it cannot be read."""
    try:
        return int(Path(path).read_text())
    except (OSError, ValueError):
        return None


def open_files(pid: int) -> list[str]:
    """What the files are called that a process has open, as far as we may look."""
    names = []
    with contextlib.suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):  # it was closed meanwhile
                names.append(str(entry.readlink()))
    return names
