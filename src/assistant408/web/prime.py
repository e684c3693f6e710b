"""Reading sections ahead: while nobody asks, the model's state after a section is stored for later."""

from __future__ import annotations

import logging
import threading
import time

from assistant408.core.errors import A408Error
from assistant408.llm.types import Message, Primable, Request
from assistant408.tutor.answer import section_request
from assistant408.tutor.prompts import load_prompt
from assistant408.web.services import Services

__all__ = ["IdlePrimer"]

IDLE_SECONDS = 8.0
log = logging.getLogger(__name__)


class IdlePrimer:
    """A background thread; `touch` says that somebody is busy, `want` puts a section first in line."""

    def __init__(self, services: Services, ahead: int = 24) -> None:
        self._services = services
        self._ahead = ahead
        self._busy_until = time.monotonic() + IDLE_SECONDS
        self._wanted: list[tuple[str, str]] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins to watch for idle time."""
        self._thread = threading.Thread(target=self._run, name="primer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; a section that is being read is finished first."""
        self._stop.set()

    def touch(self) -> None:
        """Somebody is at work: wait."""
        self._busy_until = time.monotonic() + IDLE_SECONDS

    def want(self, doc: str, anchor: str) -> None:
        """This section was just asked about; the next question is likely on it too."""
        if anchor and (doc, anchor) not in self._wanted:
            self._wanted.insert(0, (doc, anchor))

    def _run(self) -> None:
        queue: list[tuple[str, str]] | None = None
        while not self._stop.wait(1.0):
            backend = self._services.loaded_backend
            busy = time.monotonic() < self._busy_until or self._services.queue.inside > 0
            if busy or not isinstance(backend, Primable):
                continue
            if queue is None:
                queue = self._most_examined()
            if not self._wanted and not queue:
                continue
            doc, anchor = self._wanted.pop(0) if self._wanted else queue.pop(0)
            try:
                self.prime(doc, anchor)
            except A408Error as e:
                log.warning("priming %s#%s: %s", doc, anchor, e)

    def prime(self, doc: str, anchor: str) -> None:
        """Stores the state after one section, and after the bare system prompt."""
        backend = self._services.backend()
        chunks = self._services.kb.store.section(doc, anchor)
        if not chunks or not isinstance(backend, Primable):
            return
        prompt = load_prompt("answer")
        backend.prime(Request((Message("system", prompt["system"]), Message("user", ""))))
        backend.prime(section_request(prompt["system"], prompt["shared"], chunks))

    def _most_examined(self) -> list[tuple[str, str]]:
        tree = self._services.syllabus
        leaves = sorted(tree.leaves, key=lambda leaf: -tree.marks(leaf))[: self._ahead]
        home = {leaf: note.id for note in self._services.notes.values() for leaf in note.syllabus}
        return [(home[leaf], leaf) for leaf in leaves if leaf in home]
