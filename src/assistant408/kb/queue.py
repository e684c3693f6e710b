"""The background work on documents: one process at a time does it, any number add to it and watch."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant408.core.errors import A408Error, StoreError
from assistant408.kb.ingest import Ingest, Stopped
from assistant408.kb.records import Job

__all__ = ["Worker", "only_one"]

_log = logging.getLogger(__name__)
RETRY_S = 60  # after a full disk


@contextmanager
def only_one(path: Path) -> Iterator[bool]:
    """Whether this process got the lock of that file; the system gives it back, also after a kill."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _lock(file)
    finally:
        os.close(file)


def _lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class Worker:
    """Does the queued work, in a thread (`wake`) or here (`run`).

    Args:
        ingest: what does one job.
    """

    def __init__(self, ingest: Ingest) -> None:
        self.ingest = ingest
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._more = threading.Event()
        self._stop = threading.Event()

    def run(self, report: Callable[[Job], None] = lambda job: None) -> bool:
        """Does all queued work; whether it could: `False` if another process is at it, which then does ours too.

        Raises:
            StoreError: the disk is full or damaged; the work stays queued.
        """
        with only_one(self.ingest.folder / "work.lock") as mine:
            if not mine:
                return False
            self.ingest.recover()
            everyones = self.ingest.library.of(None)
            while not self._stop.is_set() and (job := everyones.next_job()) is not None:
                self._do(job, report)
            return True

    def _do(self, job: Job, report: Callable[[Job], None]) -> None:
        library = self.ingest.library.of(None)

        def step(now: Job) -> None:
            report(now)
            if self._stop.is_set():
                raise Stopped

        try:
            self.ingest.work(job, step)
        except Stopped:
            return
        except StoreError:
            raise
        except A408Error as e:
            library.set_state(job.doc, "failed", str(e))
        except Exception:
            _log.exception("indexing %s failed", job.doc)
            library.set_state(job.doc, "failed", "程序出错了，请把日志发给开发者。")

    def wake(self) -> None:
        """Starts the thread, or tells it that there is more to do."""
        with self._lock:
            self._stop.clear()
            self._more.set()
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._loop, name="documents", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Ends the thread after the page it is at; the rest is done next time."""
        self._stop.set()
        self._more.set()
        if self._thread is not None:
            self._thread.join(90)

    def _loop(self) -> None:
        while not self._stop.is_set():
            self._more.clear()
            try:
                done = self.run()
            except StoreError as e:  # tried again by the next document added, or after a while
                _log.error("%s", e)
                self._more.wait(RETRY_S)
                continue
            self._more.wait(None if done else 2)
