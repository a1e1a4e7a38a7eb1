"""Formats with heavy readers, run within limits: in a child process that can be ended at any moment.

A format that says ``heavy = True`` is read through a :class:`BoundedParser`. The child is kept warm for the next
file, is replaced after a number of files and after every failure, and ends when its parent does, however that
ends: it lives no longer than the other end of its pipe.
"""

from __future__ import annotations

import logging
import math
import os
import queue
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import PurePosixPath
from types import TracebackType
from typing import Any, Self

from feedsvc.errors import ContentError, ParseError, TooLarge
from feedsvc.formats.base import Format, RawItem

_BOOT = (
    "import sys; fd, memory = map(int, sys.argv[1:3]); sys.path[:] = sys.argv[3:]; "
    "from feedsvc.formats.bounded import serve; serve(fd, memory)"
)
_START_SECONDS = 30.0
_STOP_SECONDS = 0.5
_MEBIBYTE = 2**20


class BoundedParser:
    """Reads files in a child process, each within *seconds* of time and *memory* bytes of address space.

    The child is started with the first file and replaced after *files* of them. Calls from several threads take
    turns. ``close`` ends the child; used as a context manager, it is closed at the end.
    """

    def __init__(self, *, seconds: float = 20.0, memory: int = 512 * _MEBIBYTE, files: int = 200) -> None:
        self._seconds = seconds
        self._memory = memory
        self._files = files
        self._turn = threading.Lock()
        self._child: _Child | None = None

    def parse(
        self, fmt: Format, data: bytes, path: PurePosixPath, *, fallback_encoding: str = "cp1252"
    ) -> Sequence[RawItem]:
        """What ``fmt.parse`` gives, or raises the ContentError that it raises.

        Raises ParseError where it takes too long, fails or takes its process down, TooLarge where it needs too
        much memory. *fmt* must be of a class that can be imported by its name.
        """
        with self._turn:
            if self._child is not None and not self._child.fit(self._files):
                self._drop()
            if self._child is None:
                self._child = _Child(self._memory)
            try:
                answer = self._child.ask((fmt, data, path, fallback_encoding, self._seconds), self._seconds)
            except TimeoutError:
                self._drop()
                raise ParseError(
                    f"reading it as {fmt.name} took longer than {self._seconds:g} s and was stopped; "
                    "simplify the file, or save its text alone"
                ) from None
            except (EOFError, OSError):
                status = self._drop()
                raise ParseError(
                    f"reading it as {fmt.name} ended the reader ({_ending(status)}); "
                    "simplify the file, or save its text alone"
                ) from None
            except BaseException:
                # An answer that was not fetched must not be taken for that of the next file.
                self._drop()
                raise
            if isinstance(answer, MemoryError):
                self._drop()
                raise TooLarge(
                    f"reading it as {fmt.name} needs more than {self._memory // _MEBIBYTE} MB of memory; "
                    "simplify the file, or save its text alone"
                )
        if isinstance(answer, ContentError):
            raise answer
        items: Sequence[RawItem] = answer
        return items

    def close(self) -> None:
        """End the child, if there is one. A later ``parse`` starts another."""
        with self._turn:
            self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _drop(self) -> int:
        child, self._child = self._child, None
        return 0 if child is None else child.stop()


class _Child:
    """The child process and this end of its pipe."""

    def __init__(self, memory: int) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._pipe = Connection(ours.detach())
            try:
                # An interpreter of its own, not a fork: the parent may have threads and open transactions.
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own code
                    [sys.executable, "-c", _BOOT, str(theirs.fileno()), str(memory), *sys.path],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                )
            except BaseException:
                self._pipe.close()
                raise
        self._asked = 0
        try:
            if not self._pipe.poll(_START_SECONDS):
                raise TimeoutError
            self._pipe.recv()
        except (EOFError, OSError):  # TimeoutError is an OSError
            status = self.stop()
            raise ParseError(
                f"the process that reads such files could not be started ({_ending(status)}); "
                "see the service's error output"
            ) from None

    def fit(self, files: int) -> bool:
        """Whether the child lives and has read fewer than *files* files."""
        return self._asked < files and self._process.poll() is None

    def ask(self, question: object, seconds: float) -> Any:
        """The child's answer to *question*. Raises TimeoutError after *seconds*, EOFError if the child died."""
        self._asked += 1
        self._pipe.send(question)
        if not self._pipe.poll(seconds):
            raise TimeoutError
        return self._pipe.recv()

    def stop(self) -> int:
        """End the child; gives its exit status, negative for a signal."""
        self._pipe.close()
        try:
            return self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def _ending(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"


def serve(fd: int, memory: int) -> None:
    """The child's side: answer each question that comes by the pipe *fd*, until it closes."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    pipe = Connection(fd)
    questions: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, questions), daemon=True).start()
    pipe.send("ready")
    while True:
        try:
            pipe.send(_answer(questions.get()))
        except MemoryError:
            pipe.send(MemoryError())


def _answer(question: Any) -> object:
    try:
        if isinstance(question, Exception):
            raise question
        fmt, data, path, fallback_encoding, seconds = question
        _limit_cpu(seconds)
        return tuple(fmt.parse(data, path, fallback_encoding=fallback_encoding))
    except ContentError as error:
        return error
    except MemoryError:
        return MemoryError()
    except Exception as error:
        return ParseError(
            f"its reader failed ({type(error).__name__}: {error}); simplify the file, or save its text alone"
        )


def _listen(pipe: Connection, questions: queue.SimpleQueue[Any]) -> None:
    """Pass on each question; when the parent is gone, end the process at once, whatever it is doing."""
    while True:
        try:
            question = pipe.recv()
        except (EOFError, OSError):
            os._exit(0)
        except Exception as error:  # such as a format that cannot be imported here
            question = error
        questions.put(question)


def _limit_cpu(seconds: float) -> None:
    """A reader that never lets go of the interpreter ends all the same, even where the parent was killed."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit = math.ceil(usage.ru_utime + usage.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))
