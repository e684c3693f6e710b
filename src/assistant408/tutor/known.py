"""What is known to be true or false: the notes' sentences, the statements about them, and the practice bank's choices."""

from __future__ import annotations

from collections.abc import Sequence

from assistant408.content.notes import Note
from assistant408.content.questions import Question
from assistant408.content.statements import Statement
from assistant408.kb.facts import Fact, sentences_of
from assistant408.tutor.item import dissect

__all__ = ["known_facts", "truth_of"]


def known_facts(notes: Sequence[Note], statements: Sequence[Statement], bank: Sequence[Question]) -> list[Fact]:
    """All facts; those of a question are grouped by its id, statements by their leaf and quote."""
    home = {s.leaf: (n.id, s.title) for n in notes for s in n.sections}
    out = sentences_of(notes)
    for s in statements:
        doc, title = home[s.leaf]
        out.append(Fact(doc, title, s.leaf, s.text, s.quote, s.true, f"{s.leaf}#{s.quote}"))
    for q in bank:
        doc, title = home[q.syllabus[0]]
        quote = q.evidence[0].quote if q.evidence else ""
        out += [Fact(doc, title, q.syllabus[0], text, quote, true, q.id) for text, true in truth_of(q).values()]
    return out


def truth_of(q: Question) -> dict[str, tuple[str, bool]]:
    """The statements that a question of concepts settles, by label, with their truth; empty for any other."""
    if q.check is not None:
        return {}
    if q.kind == "judge":
        return {"": (q.stem.strip().rstrip("。"), q.answer[0] == "对")}
    if q.kind != "single":
        return {}
    item = dissect(q.stem, q.choices)
    if item.counts:
        return {}
    held = item.holds[q.answer[0]]
    return {label: (text, (label in held) != item.wrong) for label, text in item.statements.items()}
