"""Other processes that read files for a pass which has many of them; the pass itself reads along while it waits.

They are given names and give back rows: what each file becomes if nothing is known of it (see ``results``). None of
them touches the store. One that dies or hangs costs the file that it was reading, and no other.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple

from feedsvc.formats.registry import Formats
from feedsvc.ingest.openfile import StillWritten
from feedsvc.ingest.read import PARSE_SECONDS, HeavyFormat, Reader
from feedsvc.ingest.results import Conditions, newcomer_of
from feedsvc.ingest.scan import Found
from feedsvc.logs import get_logger
from feedsvc.model import Signature
from feedsvc.store.newcomers import NewFile

FEWEST = 300
"""So many files are worth a second process."""
MOST_PROCESSES = 4
PATIENCE = 2.0 * PARSE_SECONDS
"""How many seconds an answer may take."""
_TOGETHER = 32
_AHEAD = 8
"""How many files are asked for at a time, and how often that before the first answer is fetched."""
_PIPE_BYTES = 2**20
"""A process should not have to wait with its answers while the pass writes into the store."""
_STOP_SECONDS = 0.5
_BOOT = (
    "import sys; inbox, outbox = map(int, sys.argv[1:3]); sys.path[:] = sys.argv[3:]; "
    "from feedsvc.ingest.crew import serve; serve(inbox, outbox)"
)

Task = Sequence[tuple[Found, bool]]
"""Files, and of each whether it is complete by definition (see ``Reader.read``)."""


class Answer(NamedTuple):
    """What became of one file of *size* bytes; without *newcomer* the pass has to read it itself.

    *failed* says how the process ended that was reading it.
    """

    newcomer: NewFile | None = None
    signature: Signature | None = None
    size: int = 0
    failed: str = ""


def processes() -> int:
    """How many processes there may be beside the one that asks: it works as well."""
    return min(len(os.sched_getaffinity(0)) - 1, MOST_PROCESSES)


def gathered(formats: Formats, under: Conditions) -> Crew | None:
    """A crew for this machine; None where it has one core, or no process can be had.

    A plug-in may hold what cannot be sent to another process.
    """
    count = processes()
    try:
        return Crew(formats, under, count=count) if count > 0 else None
    except Exception:
        get_logger(__name__).warning("files are read by one process", exc_info=True)
        return None


class Crew:
    """*count* processes that read files in the way of *formats* and *under* these conditions, until :meth:`close`."""

    def __init__(self, formats: Formats, under: Conditions, *, count: int) -> None:
        self._work = _Work(formats, under)
        self._hands: list[_Hand] = []
        try:
            for _ in range(count):
                self._hands.append(self._hand())
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End all processes."""
        for hand in self._hands:
            hand.stop()
        self._hands = []

    def read(self, files: Task) -> Iterator[Answer]:
        """The answers for *files*, in their order."""
        tasks = [files[at : at + _TOGETHER] for at in range(0, len(files), _TOGETHER)]
        waiting = deque(enumerate(tasks))
        answers: dict[int, Sequence[Answer]] = {}
        for number in range(len(tasks)):
            while number not in answers:
                for hand in self._hands:
                    while waiting and len(hand.asked) < _AHEAD:
                        hand.ask(*waiting.popleft())
                collected = self._collect(answers, patience=0.0 if waiting else PATIENCE)
                if waiting and not collected:
                    own, task = waiting.popleft()
                    answers[own] = self._work(task)
            yield from answers.pop(number)

    def _collect(self, answers: dict[int, Sequence[Answer]], *, patience: float) -> bool:
        """Take the answers that are there, after *patience* seconds at most; whether there were any."""
        busy = {hand.outbox: hand for hand in self._hands if hand.asked}
        ready = wait(list(busy), patience)
        for outbox in ready if ready or not patience else busy:
            hand = busy[outbox]  # type: ignore[index]
            try:
                if not ready:
                    raise TimeoutError
                number, found = hand.answer()
                answers[number] = found
            except (EOFError, OSError):
                self._replace(hand, answers)
        return bool(ready)

    def _replace(self, lost: _Hand, answers: dict[int, Sequence[Answer]]) -> None:
        """Another process does what *lost* had to do, file by file where it ended: that tells which one it was."""
        lost.stop()
        self._hands.remove(lost)
        (number, task), *rest = lost.asked
        hand = self._hand()
        found: list[Answer] = []
        for one in task:
            hand.ask(0, [one])
            try:
                if not hand.outbox.poll(PATIENCE):
                    raise TimeoutError
                found += hand.answer()[1]
            except (EOFError, OSError) as error:
                status = hand.stop()
                slow = isinstance(error, TimeoutError)
                found.append(Answer(failed=f"took longer than {PATIENCE:g} s" if slow else _ending(status)))
                hand = self._hand()
        answers[number] = found
        for waiting in rest:
            hand.ask(*waiting)
        self._hands.append(hand)

    def _hand(self) -> _Hand:
        return _Hand(self._work, beside=self._hands)


class _Work:
    """The work itself, the same in every process."""

    def __init__(self, formats: Formats, under: Conditions) -> None:
        self._formats = formats
        self._under = under
        self._reader = Reader(under.settings, formats, heavy=False)

    def __call__(self, task: Task) -> list[Answer]:
        return [self._answer(file, complete) for file, complete in task]

    def __reduce__(self) -> tuple[Any, ...]:
        return _Work, (self._formats, self._under)

    def _answer(self, file: Found, complete: bool) -> Answer:
        try:
            reading = self._reader.read(file, complete=complete)
            newcomer = newcomer_of(reading, under=self._under)
        except (StillWritten, FileNotFoundError, HeavyFormat):
            return Answer()
        if newcomer is None:
            return Answer()
        return Answer(newcomer, reading.signature, reading.size)


class _Hand:
    """One process, and what it was *asked* for and has not answered yet, in order."""

    def __init__(self, work: _Work, *, beside: Sequence[_Hand]) -> None:
        self.asked: deque[tuple[int, Task]] = deque()
        theirs_in, ours_in = _pipe()
        ours_out, theirs_out = _pipe()
        self._inbox, self.outbox = Connection(ours_in, readable=False), Connection(ours_out, writable=False)
        # A fork takes a thousandth of the time, but is safe only where nobody else holds a lock.
        alone = threading.active_count() == 1
        try:
            self._pid = os.fork() if alone else _started(theirs_in, theirs_out)
            if self._pid == 0:
                for hand in (self, *beside):  # else none of us would ever see the end of its pipe
                    hand._let_go()
                _forked(theirs_in, theirs_out, work)
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        if not alone:
            try:
                self._inbox.send(work)
            except BaseException:
                self.stop()
                raise

    def ask(self, number: int, task: Task) -> None:
        """Ask for *task*; the answer will bear its *number*."""
        self.asked.append((number, task))
        with contextlib.suppress(OSError):  # it has ended: that is seen where the answer should come
            self._inbox.send(task)

    def answer(self) -> tuple[int, Sequence[Answer]]:
        """The next answer. Raises EOFError and OSError where the process has ended."""
        found: Sequence[Answer] = self.outbox.recv()
        return self.asked.popleft()[0], found

    def stop(self) -> int:
        """End the process; gives its exit status, negative for a signal."""
        self._let_go()
        deadline = time.monotonic() + _STOP_SECONDS
        while time.monotonic() < deadline:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.005)
        os.kill(self._pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def _let_go(self) -> None:
        self._inbox.close()
        self.outbox.close()


def serve(inbox: int, outbox: int) -> None:
    """A process of its own: the work comes first, then tasks, until the pipe *inbox* is closed."""
    questions = Connection(inbox, writable=False)
    _serve(questions, Connection(outbox, readable=False), questions.recv())


def _forked(inbox: int, outbox: int, work: _Work) -> None:
    """The child of a fork: nothing of the parent is to be ended, flushed or closed by it."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
        gc.freeze()
        _serve(Connection(inbox, writable=False), Connection(outbox, readable=False), work)
    finally:
        os._exit(1)


def _serve(inbox: Connection, outbox: Connection, work: _Work) -> None:
    logging.disable(logging.CRITICAL)
    tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(inbox, tasks), daemon=True).start()
    while True:
        outbox.send(work(tasks.get()))


def _listen(inbox: Connection, tasks: queue.SimpleQueue[Task]) -> None:
    """Pass on what is asked; when the parent has closed the pipe or is gone, end at once, whatever is being read."""
    while True:
        try:
            tasks.put(inbox.recv())
        except (EOFError, OSError):
            os._exit(0)


def _started(inbox: int, outbox: int) -> int:
    """An interpreter of its own, not a fork: the parent has threads."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own code
        [sys.executable, "-c", _BOOT, str(inbox), str(outbox), *sys.path],
        pass_fds=[inbox, outbox],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    process.returncode = 0  # it is waited for by its pid
    return process.pid


def _pipe() -> tuple[int, int]:
    """A pipe that holds much, where the system lets it: its end to read, and its end to write."""
    ends = os.pipe()
    with contextlib.suppress(AttributeError, OSError):
        fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return ends


def _ending(status: int) -> str:
    return f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
