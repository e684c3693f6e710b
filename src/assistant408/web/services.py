"""The rooms wired together: what both the command line and the web app need, made on first use.

Imports no web framework and no model engine until it must.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant408 import __version__
from assistant408.content.notes import Note, load_notes
from assistant408.content.syllabus import Syllabus, load_syllabus
from assistant408.core.errors import A408Error, BackendError
from assistant408.core.settings import Settings, load_settings, save_settings
from assistant408.llm.types import Backend

if TYPE_CHECKING:
    import sqlalchemy as sa

    from assistant408.content.glossary import Glossary
    from assistant408.content.questions import Question
    from assistant408.kb.base import KnowledgeBase
    from assistant408.kb.embed import Embedder
    from assistant408.kb.ingest import Ingest
    from assistant408.kb.parse import Recognize
    from assistant408.kb.queue import Worker
    from assistant408.tutor.answer import Tutor
    from assistant408.tutor.choice import Verdict
    from assistant408.tutor.judge import Judge
    from assistant408.web.learner import Learner
    from assistant408.web.queue import FairQueue, Ticket

__all__ = ["Services"]


class Services:
    """The program's rooms, shared by all who use it; what is one person's own is his `Learner`.

    Args:
        home: the user's data folder.
        content: the shipped content.
        settings: read from `home` if not given.
        model: overrides the setting.
    """

    def __init__(self, home: Path, content: Path, settings: Settings | None = None, model: str = "") -> None:
        self.home = home
        self.content = content
        self.settings = settings or load_settings(home)
        self.model_override = model
        self._backend: Backend | None = None
        self._backend_lock = threading.Lock()
        self._index_lock = threading.Lock()
        self._judge_lock = threading.Lock()
        self.warming = threading.Lock()
        self.model_error = ""
        self.model_loading = False

    # --- content and search --------------------------------------------------------------------------------------

    @cached_property
    def syllabus(self) -> Syllabus:
        """The tree of examined points."""
        return load_syllabus(self.content)

    @cached_property
    def notes(self) -> dict[str, Note]:
        """The shipped notes by id, in book order."""
        return {n.id: n for n in load_notes(self.content, list(self.syllabus.leaves))}

    @cached_property
    def glossary(self) -> Glossary:
        """The field's terms."""
        from assistant408.content.glossary import load_glossary

        return load_glossary(self.content)

    @cached_property
    def asked(self) -> dict[str, tuple[str, ...]]:
        """How students ask for each leaf."""
        from assistant408.content.asked import load_asked

        return load_asked(self.content)

    @property
    def vectors(self) -> Path:
        """The file of the shipped notes' vectors."""
        return self.content / "vectors" / "multilingual-e5-small-q4.npz"

    @cached_property
    def kb(self) -> KnowledgeBase:
        """The knowledge base, not yet indexed; see `ensure_index`."""
        from assistant408.kb.base import KnowledgeBase
        from assistant408.kb.store.open import open_store
        from assistant408.kb.text import Terms

        words = [w for n in self.notes.values() for w in (n.title, *n.aliases)]
        words += [n.name for n in self.syllabus.leaves.values()]
        words += [name for term in self.glossary.terms for name in term.names]
        store = open_store(self.settings.store, self.home / "kb" / "kb.db", self.settings.store_key)
        return KnowledgeBase(store, self._open_embedder, Terms(words), self.glossary.other_names)

    @property
    def judge(self) -> Judge | None:
        """What judges choice questions, opened on first use; `None` with another embedding model than the shipped."""
        from assistant408.web.judging import open_judge

        with self._judge_lock:
            if "_judge" not in self.__dict__:
                self._judge = open_judge(self)
            return self._judge

    def _open_embedder(self) -> Embedder | None:
        from assistant408.kb.embed import open_embedder

        try:
            return open_embedder(self.settings.embedding, self.settings.api_key)
        except BackendError:
            if self.settings.embedding == "e5":  # no wheel for this platform: keywords still work
                return None
            raise

    def ensure_index(
        self, report: Callable[[int, int], None] = lambda done, total: None, force: bool = False
    ) -> KnowledgeBase:
        """The knowledge base with the shipped notes indexed as they are now."""
        from assistant408.kb.shipped import index_notes

        with self._index_lock:
            index_notes(self.kb, list(self.notes.values()), self.vectors, self.asked, report, force)
        return self.kb

    # --- the user's documents ------------------------------------------------------------------------------------

    @cached_property
    def ingest(self) -> Ingest:
        """What takes the user's documents in."""
        from assistant408.kb.ingest import Ingest

        return Ingest(self.home / "kb", lambda: self.kb, lambda: self.ocr, self.settings.embedding)

    @cached_property
    def worker(self) -> Worker:
        """What reads and indexes them in the background."""
        from assistant408.kb.queue import Worker

        return Worker(self.ingest)

    def drop_damaged_index(self) -> None:
        """Deletes the index if it is damaged: it can be made again from the notes and the documents that are kept."""
        from assistant408.kb.store.sqlite import whole

        path = self.home / "kb" / "kb.db"
        if path.is_file() and not whole(path):
            self.__dict__.pop("kb", None)
            for file in (path, path.with_name("kb.db-wal"), path.with_name("kb.db-shm")):
                file.unlink(missing_ok=True)

    @cached_property
    def ocr(self) -> Recognize | None:
        """The recognition of scans, if it is installed; loaded on the first picture."""
        from assistant408.kb.ocr import available, load_ocr

        return load_ocr() if available() else None

    # --- the model -----------------------------------------------------------------------------------------------

    def backend(self) -> Backend:
        """The language model, loaded on the first call.

        Raises:
            BackendError: it can't be loaded; the next call tries again.
        """
        with self._backend_lock:
            if self._backend is None:
                from assistant408.llm.open import open_backend

                self.model_loading = True
                try:
                    self._backend = open_backend(self.home, self.settings, self.model_override)
                    self.model_error = ""
                except A408Error as e:
                    self.model_error = str(e)
                    raise
                finally:
                    self.model_loading = False
            return self._backend

    @property
    def loaded_backend(self) -> Backend | None:
        """The language model if it is loaded."""
        return self._backend

    def select_model(self, id: str) -> None:
        """Makes `id` the model from now on, and remembers it."""
        self.update_settings(model=id)
        self.model_override = ""
        self.unload()

    def connect(self, base_url: str, model: str, api_key: str) -> None:
        """Makes a model of a ``/v1`` server the one from now on; the key is held in memory and never written."""
        self.update_settings(base_url=base_url, model=f"openai:{model}", api_key=api_key)
        self.model_override = ""
        self.unload()

    def disconnect(self) -> None:
        """Forgets the ``/v1`` server and its key."""
        kept = self.settings.model
        self.update_settings(base_url="", model="" if kept.startswith("openai:") else kept, api_key="")
        self.unload()

    def unload(self) -> None:
        """Frees the model."""
        with self._backend_lock:
            if self._backend is not None:
                self._backend.close()
            self._backend = None
            self.model_error = ""

    def update_settings(self, **changes: Any) -> None:
        """Changes settings and writes them."""
        self.settings = replace(self.settings, **changes)
        save_settings(self.home, self.settings)

    # --- the tutor and what it remembers -------------------------------------------------------------------------

    @cached_property
    def tutor(self) -> Tutor:
        """The tutor over this knowledge base and model."""
        from assistant408.tutor.answer import Tutor

        return Tutor(
            self.ensure_index(), self.syllabus, self.backend, self.solve, terms=self.glossary.found, choose=self.choose
        )

    def choose(self, question: str) -> Verdict | None:
        """The verdict on a choice question about concepts; `None` for any other."""
        from assistant408.web.judging import choose

        return choose(self, question)

    def solve(self, question: str, backend: Backend | None = None) -> dict[str, Any] | None:
        """The exact solution of a computable question; the model, if it is loaded, fills what rules can't read."""
        from assistant408.tutor.solve import solve_question

        return solve_question(question, backend or self.loaded_backend)

    # --- many at once --------------------------------------------------------------------------------------------

    @cached_property
    def queue(self) -> FairQueue:
        """The line in front of the model."""
        from assistant408.web.queue import FairQueue

        return FairQueue()

    def admit(self, client: str, most: int | None = None) -> Ticket:
        """Lets a request of `client` in, if there is room; see `FairQueue.admit`."""
        from assistant408.web.queue import slots_of

        return self.queue.admit(client, slots_of(self._backend), most)

    def queued_tutor(self, ticket: Ticket, report: Callable[[int], None]) -> Tutor:
        """The tutor for one request, which takes turns at the model and hears its position in line."""
        from assistant408.web.queue import Queued

        def backend() -> Backend:
            return Queued(self.backend(), ticket, report)

        def solve(question: str) -> dict[str, Any] | None:
            return self.solve(question, backend() if self.loaded_backend is not None else None)

        return replace(self.tutor, backend=backend, solve=solve)

    @cached_property
    def writing(self) -> threading.Semaphore:
        """To be held while an answer is written down: many at once would wear out SQLite's patience and the pool's."""
        return threading.Semaphore(1 if self.database.dialect.name == "sqlite" else 10)

    @cached_property
    def database(self) -> sa.Engine:
        """The study database."""
        from assistant408.store.db import open_database

        return open_database(self.home, self.settings.database)

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The practice bank by id."""
        from assistant408.content.questions import load_bank

        return {q.id: q for q in load_bank(self.content)}

    @cached_property
    def learner(self) -> Learner:
        """The one person for whom the program runs where there are no accounts."""
        from assistant408.web.learner import Learner

        return Learner(self)

    def ask_json(self, prompt: str, schema: Mapping[str, Any], ticket: Ticket | None = None) -> str:
        """What the model answers, held to a JSON schema; with a `ticket`, when its turn has come."""
        from assistant408.llm.types import Message, Options, Request
        from assistant408.web.queue import Queued

        options = Options(max_tokens=1024, schema=schema)
        backend = self.backend() if ticket is None else Queued(self.backend(), ticket, lambda position: None)
        return "".join(backend.stream(Request([Message("user", prompt)]), options))

    def backup(self, file: Path, report: Callable[[int, int], None] = lambda done, total: None) -> dict[str, Any]:
        """Writes all of the user's data into one zip file; its manifest."""
        from assistant408.store.archive import make_backup

        return make_backup(self.home, self.database, file, datetime.now(timezone.utc), __version__, report)

    def restore(self, file: Path, report: Callable[[int, int], None] = lambda done, total: None) -> dict[str, Any]:
        """Replaces the user's data by a backup's; see `assistant408.store.archive.restore_backup`."""
        from assistant408.kb.store.open import rename
        from assistant408.store.archive import restore_backup

        working = "worker" in self.__dict__
        if working:
            self.worker.stop()
        with self._index_lock:
            done = restore_backup(self.home, self.settings.database, file, datetime.now(timezone.utc), report)
            for cached in ("kb", "tutor", "ingest", "worker"):  # opened again, on the files that are there now
                self.__dict__.pop(cached, None)
            if "database" in self.__dict__:
                self.database.dispose()  # its next connections are to the file that is there now
            self.settings = load_settings(self.home)
            rename(self.home / "kb" / "kb.db")
        self.unload()
        if working:
            self.worker.wake()  # what the backup left to do is done, as after a start
        return done
