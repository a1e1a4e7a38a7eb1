"""Which suffixes say what a medium is."""

from __future__ import annotations

from collections.abc import Mapping

_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/avif": (".avif",),
    "audio/mpeg": (".mp3", ".mpga"),
    "audio/mp4": (".m4a", ".m4b", ".mp4"),
    "audio/aac": (".aac",),
    "audio/ogg": (".ogg", ".oga", ".opus", ".spx"),
    "audio/flac": (".flac",),
    "audio/wav": (".wav",),
    "audio/webm": (".weba", ".webm"),
    "video/mp4": (".mp4", ".m4v"),
    "video/quicktime": (".mov", ".qt"),
    "video/ogg": (".ogv", ".ogg"),
    "video/webm": (".webm",),
    "text/vtt": (".vtt",),
    "application/x-subrip": (".srt",),
    "application/json": (".json",),
}


def fitting_name(name: str, media_type: str) -> str:
    """*name* with a suffix of *media_type*: who saves a picture must not get what his system takes for a page."""
    fitting = _SUFFIXES.get(media_type, ())
    return name if not fitting or name.lower().endswith(fitting) else f"{name}{fitting[0]}"


def is_medium(name: str) -> bool:
    """Whether the suffix of *name* is that of a picture, a sound or a film."""
    endings = (ends for kind, ends in _SUFFIXES.items() if kind.startswith(("image/", "audio/", "video/")))
    return any(name.lower().endswith(ending) for ending in endings)


def is_picture(name: str) -> bool:
    """Whether the suffix of *name* is that of a picture."""
    return name.lower().endswith(
        tuple(end for kind, ends in _SUFFIXES.items() if kind.startswith("image/") for end in ends)
    )
