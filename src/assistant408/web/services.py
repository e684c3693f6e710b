"""The rooms wired together: what both the command line and the web app need, made on first use.

Imports no web framework and no model engine until it must.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    from assistant408.store.attempts import Attempts
    from assistant408.store.conversations import Conversations
    from assistant408.tutor.answer import Tutor

__all__ = ["Services"]


class Services:
    """One user's program.

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
        from assistant408.kb.text import Terms

        words = [w for n in self.notes.values() for w in (n.title, *n.aliases)]
        words += [n.name for n in self.syllabus.leaves.values()]
        words += [name for term in self.glossary.terms for name in term.names]
        return KnowledgeBase(self.home / "kb" / "kb.db", self._open_embedder, Terms(words), self.glossary.other_names)

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

        return Tutor(self.ensure_index(), self.syllabus, self.backend, self.solve, terms=self.glossary.found)

    def solve(self, question: str) -> dict[str, Any] | None:
        """The exact solution of a computable question; the model, if it is loaded, fills what rules can't read."""
        from assistant408.tutor.solve import solve_question

        return solve_question(question, self.loaded_backend)

    @cached_property
    def database(self) -> sa.Engine:
        """The study database."""
        from assistant408.store.db import open_database

        return open_database(self.home)

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The practice bank by id."""
        from assistant408.content.questions import load_bank

        return {q.id: q for q in load_bank(self.content)}

    @cached_property
    def attempts(self) -> Attempts:
        """Answers given to practice questions."""
        from assistant408.store.attempts import Attempts

        return Attempts(self.database)

    @cached_property
    def conversations(self) -> Conversations:
        """Stored conversations."""
        from assistant408.store.conversations import Conversations

        return Conversations(self.database)
