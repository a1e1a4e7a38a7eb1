"""The exceptions of feedsvc.

::

    FeedsvcError
    ├── ConfigError           a setting is missing, unknown or wrong          exit 2
    ├── ContentError          a file cannot become an article                 exit 1, shown to operators
    │   ├── UnknownFormat     no input format knows these bytes
    │   ├── NotAnArticle      a format knows them, and they are no article
    │   ├── ParseError        the bytes break the rules of their format
    │   ├── FieldError        one field has a value that cannot be used
    │   └── TooLarge          a limit on bytes, depth or count is passed
    ├── StoreError            the store cannot do what was asked              exit 3
    │   ├── StoreUnavailable  locked, gone, hung or not reachable
    │   ├── LeaseLost         somebody else took over the ingest
    │   ├── MigrationError    the schema is not one that this version reads
    │   └── ConflictError     two writers want what only one can have
    ├── RenderError           one article cannot be written into a feed
    ├── PassRefused           a pass would withdraw too much; nothing was done
    ├── ExportError           a folder cannot be exported to
    └── ServerError           the service cannot start or go on               exit 4

"Not found" and "gone" are ordinary answers and therefore return values, not exceptions.
Every message says what is wrong, where, and what to do.
"""

from __future__ import annotations

import copyreg
from typing import ClassVar


class FeedsvcError(Exception):
    """Any error that feedsvc raises on purpose; its text is one that an operator can act upon."""

    exit_code: ClassVar[int] = 1

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled as text and fields, past ``__init__``, so that it can come from another process."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class ConfigError(FeedsvcError):
    """A setting is missing, unknown or wrong.

    *key* is the dotted name of the setting (``site.base_url``), empty where the file as a whole is at fault.
    """

    exit_code = 2

    def __init__(self, message: str, *, key: str = "") -> None:
        super().__init__(message)
        self.key = key


class ContentError(FeedsvcError):
    """A file cannot become an article.

    *source* is the path below ``content/`` (empty until the reader fills it in); *line* counts from 1,
    0 where no line can be named.
    """

    def __init__(self, message: str, *, source: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.source = source
        self.line = line


class UnknownFormat(ContentError):
    """No input format knows these bytes."""


class NotAnArticle(ContentError):
    """A format knows the bytes, and what they hold is no article (a picture, a section page, a note)."""


class ParseError(ContentError):
    """The bytes break the rules of the format that they are in."""


class FieldError(ContentError):
    """The field *field* has the value *value*, which cannot be used."""

    def __init__(self, message: str, *, field: str, value: str, source: str = "", line: int = 0) -> None:
        super().__init__(message, source=source, line=line)
        self.field = field
        self.value = value


class TooLarge(ContentError):
    """A limit on bytes, depth or count is passed; the message names the limit and the setting behind it."""


class StoreError(FeedsvcError):
    """The store cannot do what was asked of it."""

    exit_code = 3


class StoreUnavailable(StoreError):
    """The store is locked, gone, hung or cannot be reached. Nothing was written."""


class LeaseLost(StoreError):
    """The lease was taken over by another process; what was being written is rolled back."""


class MigrationError(StoreError):
    """The schema of the store is not one that this version of feedsvc can bring up to date."""


class ConflictError(StoreError):
    """Two writers want what only one of them can have."""


class RenderError(FeedsvcError):
    """The article *article_id* cannot be written into a feed."""

    def __init__(self, message: str, *, article_id: str) -> None:
        super().__init__(message)
        self.article_id = article_id


class PassRefused(FeedsvcError):
    """A pass over ``content/`` would withdraw more than the configured limits; it did nothing."""


class ExportError(FeedsvcError):
    """A folder cannot be exported to: it is somebody else's, in use, or not writable."""


class ServerError(FeedsvcError):
    """The service cannot start or cannot go on: a taken port, a scheduler that keeps dying."""

    exit_code = 4
