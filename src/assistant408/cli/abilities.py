"""The abilities that tasks measure, each wired from the rooms: searching, reading a question, answering one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant408.llm.types import Backend
    from assistant408.web.services import Services

__all__ = ["answering", "searching", "understanding"]


def searching(services: Services) -> Callable[[str], Sequence[str]]:
    """The leaves of the sections found, the best first, each once."""
    kb = services.ensure_index()

    def search(question: str) -> list[str]:
        hits = kb.search(question, limit=20, per_section=1)
        return list(dict.fromkeys(h.chunk.anchor for h in hits))[:10]

    return search


def understanding(backend: Backend | None) -> Callable[[str], Any]:
    """What a question asks to compute; the model, if there is one, fills what the rules can't read."""
    from assistant408.tutor.understand import understand

    return lambda question: understand(question, backend)


@contextmanager
def answering(services: Services, backend: Backend | None) -> Iterator[Callable[[str, str], Mapping[str, Any]]]:
    """The tutor's answer to a question, the learner having added one document: the object of ``ask --json``.

    The documents are put into a copy of the knowledge base, which is thrown away afterwards. Without a backend the
    answer is made of key sentences.
    """
    from assistant408.kb.chunk import chunk_markdown
    from assistant408.kb.store.sqlite import Document
    from assistant408.tutor.answer import Tutor
    from assistant408.tutor.events import Answer
    from assistant408.web.services import Services as Rooms

    services.ensure_index()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(services.home / "kb", copy / "kb")
        kb = Rooms(copy, services.content, replace(services.settings, store="sqlite")).ensure_index()
        supply = None if backend is None else lambda: backend
        tutor = Tutor(kb, services.syllabus, supply, services.solve, terms=services.glossary.found)

        def answer(question: str, document: str) -> Mapping[str, Any]:
            documents, chunks = [], []
            if document:
                documents = [Document("eval/document", "学生的文档", "eval", "eval", "", None, "")]
                chunks = chunk_markdown("eval/document", "学生的文档", document)
            kb.put(documents, chunks, collection="eval")
            *_, last = tutor.answer(question)
            assert isinstance(last, Answer)
            return last.to_json()

        yield answer
