"""The answer loop: passages at once, then an exact solution or a checked, streamed answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant408.content.syllabus import Syllabus
from assistant408.core.errors import BackendError
from assistant408.kb.base import Hit, KnowledgeBase
from assistant408.kb.chunk import Chunk
from assistant408.kb.cite import key_units, readable, support
from assistant408.llm.types import Backend, Message, Options, Primable, Request
from assistant408.tutor import route
from assistant408.tutor.attached import closest, together
from assistant408.tutor.choice import Verdict, bare, explain
from assistant408.tutor.events import Answer, Citation, Commit, Event, Passage, Passages, Solved, Status, Token
from assistant408.tutor.ground import check_sentence, split_sentences
from assistant408.tutor.guard import asked, harmless
from assistant408.tutor.premise import refuting
from assistant408.tutor.prompts import load_prompt

__all__ = ["EVIDENCE_CHARACTERS", "Tutor", "section_request"]

EVIDENCE_CHARACTERS = 220  # what an unread section costs before the first token: about 140 tokens
SECTION_CHARACTERS = 1600  # the most of a section that is read into a stored state
log = logging.getLogger(__name__)
_PRIOR = {"考点": 0.25, "易错": -0.1, "例题": -0.5}


@dataclass
class Tutor:
    """Answers questions.

    Args:
        kb: the knowledge base.
        syllabus: the tree, for naming the nearest points.
        backend: gives the language model, loading it on the first call; raises `BackendError` if it can't.
        solve: recognises a computable question and solves it; `None` if it isn't one.
        clock: seconds, for the timings.
        terms: finds the field's terms in a text, each as the tuple of its names.
        choose: judges the choices of a question about concepts; `None` for any other.
    """

    kb: KnowledgeBase
    syllabus: Syllabus
    backend: Callable[[], Backend] | None = None
    solve: Callable[[str], dict[str, Any] | None] | None = None
    clock: Callable[[], float] = time.perf_counter
    terms: Callable[[str], Sequence[tuple[str, ...]]] = lambda _: ()
    choose: Callable[[str], Verdict | None] = lambda _: None

    def answer(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        subject: str | None = None,
        options: Options | None = None,
        llm: bool = True,
        collections: Sequence[str] | None = None,
        attached: Sequence[Chunk] = (),
    ) -> Iterator[Event]:
        """Yields events, an `Answer` last; closing the iterator stops the model.

        Args:
            history: earlier (question, answer) pairs, the oldest first.
            subject: only notes of this subject.
            llm: without it, the answer is made of key sentences.
            collections: where to look, ``notes`` for the shipped ones; everywhere if not given.
            attached: of files that came with the question; they come before what the knowledge base has.
        """
        options = options or Options(max_tokens=220)
        run = _Run(self, question.strip(), list(history), subject, options, llm, collections, attached)
        yield from run.events()


def section_request(system: str, shared: str, chunks: Sequence[Chunk]) -> Request:
    """The request whose shared part is a whole section; priming it makes later questions on it fast."""
    block = shared.format(passages=_section_text(chunks))
    return Request((Message("system", system), Message("user", block)), shared=len(block))


def _section_text(chunks: Sequence[Chunk]) -> str:
    text = harmless("\n".join(c.text for c in chunks if c.part != "例题"))[:SECTION_CHARACTERS]
    return f"《{chunks[0].section}》\n{text}"


@dataclass
class _Run:
    """One question on its way to an answer."""

    tutor: Tutor
    question: str
    history: list[tuple[str, str]]
    subject: str | None
    options: Options
    llm: bool
    collections: Sequence[str] | None
    attached: Sequence[Chunk]

    def events(self) -> Iterator[Event]:
        self.start = self.tutor.clock()
        self.first_token_ms: int | None = None
        self.retrieve_ms = 0
        self.model: str | None = None
        self.prompt = load_prompt("answer")
        self.solver: dict[str, Any] | None = None
        self.citations: dict[tuple[int, str], Citation] = {}
        kind = route.kind_of(self.question)
        if kind != "question":
            text = route.INTRODUCTION if kind == "introduction" else route.GREETING
            yield Commit(text)
            yield self._done(text, refused=False)
            return
        self.asked = asked(self.question)
        whole = together(self.question, self.attached)  # with a short attachment: an exercise
        self.mine = closest(self.asked, self.attached)
        hits = self._retrieve()
        strange = route.strangers(self.asked, lambda word: bool(self.tutor.kb.store.lexical([word], 1)))
        passages, chunks = self._select(hits)
        related = bool(self.asked and passages) and (bool(self.mine) or (not strange and route.relevant(hits)))
        verdict = self.tutor.choose(whole) if related and self._in_notes else None
        if verdict is not None:
            passages = self._settling(verdict) or passages
        if related:
            yield Passages(passages, self.retrieve_ms)
        self.solver = self.tutor.solve(whole) if self.tutor.solve is not None else None
        if self.solver is not None:
            if self.solver["steps"]:
                yield Solved(self.solver)
            yield Commit(self.solver["summary"])
            yield self._done(self.solver["summary"], refused=False)
        elif verdict is not None:
            marks = {bare(p.quote): self._cite(p, p.quote, p.score) for p in passages}
            text = explain(verdict, marks)
            yield Commit(text)
            yield self._done(text, refused=False)
        elif related:
            yield from self._explain(passages, chunks)
        else:
            yield from self._refuse(hits, strange)

    # --- retrieval -----------------------------------------------------------------------------------------------

    @property
    def _in_notes(self) -> bool:
        return self.collections is None or "notes" in self.collections

    def _retrieve(self) -> list[Hit]:
        query = route.standalone(self.asked, self.history)
        if self.attached:
            query = together(query, self.attached)[:300]
        hits = self.tutor.kb.search(query, limit=6, subject=self.subject, collections=self.collections)
        self.retrieve_ms = self._elapsed()
        return hits

    def _select(self, hits: Sequence[Hit]) -> tuple[list[Passage], list[Chunk]]:
        """The passages to show, and their chunks: the best sections open with the passage that states the point."""
        ranked: list[tuple[Chunk, float]] = [(c, 1.0) for c in self.mine]
        opened: set[tuple[str, str]] = set()
        for hit in hits:
            c = hit.chunk
            if c.anchor and len(opened) < 2 and (c.doc, c.anchor) not in opened:
                opened.add((c.doc, c.anchor))
                ranked.append((self.tutor.kb.store.section(c.doc, c.anchor)[0], hit.score))
            if all(c != other for other, _ in ranked):
                ranked.append((c, hit.score))
        ranked = [(c, score) for c, score in ranked if harmless(c.text).strip()]
        passages = []
        for n, (c, score) in enumerate(ranked[:6], 1):
            quote = key_units(self.asked, [harmless(c.text)], 120)[0][1]
            passages.append(
                Passage(n, c.doc, c.title, c.section, c.anchor, c.page, c.text, quote, round(score, 3), c.box)
            )
        return passages, [replace(c, text=harmless(c.text)) for c, _ in ranked[:6]]

    def _settling(self, verdict: Verdict) -> list[Passage]:
        """The passages that hold the words by which the statements of a choice question were judged."""
        out: list[Passage] = []
        for fact in (j.fact for j in verdict.judged):
            if fact is None or any(bare(p.quote) == bare(fact.quote) for p in out):
                continue
            section = self.tutor.kb.store.section(fact.doc, fact.leaf)
            c = next((c for c in section if fact.quote in c.text), None)
            if c is not None:
                n = len(out) + 1
                out.append(Passage(n, c.doc, c.title, c.section, c.anchor, c.page, c.text, fact.quote, 1.0))
        return out

    def _refuse(self, hits: Sequence[Hit], strange: Sequence[str] = ()) -> Iterator[Event]:
        nearest = self._nearest(hits)
        names = "、".join(f"“{n['name']}”" for n in nearest)
        missing = "、".join(f"“{word}”" for word in strange)
        why = f"没有出现{missing}" if missing else "没有能回答这个问题的内容"
        text = f"不知道：知识库里{why}。" + (f"最接近的考点是{names}。" if names else "")
        yield Commit(text)
        yield self._done(text, refused=True, nearest=nearest)

    def _nearest(self, hits: Sequence[Hit]) -> list[dict[str, str]]:
        leaves = self.tutor.syllabus.leaves
        ids = list(dict.fromkeys(h.chunk.anchor for h in hits if h.chunk.anchor in leaves))[:3]
        docs = {h.chunk.anchor: h.chunk.doc for h in hits}
        return [{"id": i, "name": leaves[i].name, "note": docs[i]} for i in ids]

    # --- answering -----------------------------------------------------------------------------------------------

    def _explain(self, passages: Sequence[Passage], chunks: Sequence[Chunk]) -> Iterator[Event]:
        texts = [f"{c.section}\n{c.text}" for c in chunks]
        shown: list[str] = []
        failed = False
        lead = self._correction(passages, chunks)
        if lead:
            yield Commit(lead)
        if self.llm and self.tutor.backend is not None:
            try:
                for event in self._stream(passages, chunks, texts):
                    if isinstance(event, Commit):
                        shown.append(event.text)
                    yield event
            except BackendError as e:
                log.warning("model failed: %s", e)
                failed = True
                yield Status(f"{e} 先给出资料原文。")
        if failed or not "".join(shown).strip():
            text = self._extract(passages, chunks)
            if "".join(shown).strip():  # it broke off after a sentence that may stand
                text = f"\n\n{text}"
            shown.append(text)
            yield Commit(text)
        yield self._done(lead + "".join(shown).strip(), refused=False)

    def _correction(self, passages: Sequence[Passage], chunks: Sequence[Chunk]) -> str:
        """The sentence of the notes that denies what the question takes for granted, or nothing."""
        found = refuting(self.asked, [(c.section, c.text) for c in chunks], self.tutor.terms)
        if found is None:
            return ""
        i, unit = found
        return f"与问题里的说法有关，资料指出：\n- {readable(unit, chunks[i].text)}{self._cite(passages[i], unit, 1.0)}\n\n"

    def _stream(self, passages: Sequence[Passage], chunks: Sequence[Chunk], texts: list[str]) -> Iterator[Event]:
        assert self.tutor.backend is not None
        backend = self.tutor.backend()
        self.model = backend.name
        request = self._request(backend, chunks)
        tail = ""
        said: set[str] = set()
        pieces = backend.stream(request, self.options)
        try:
            for piece in pieces:
                if not piece:  # still reading
                    continue
                if self.first_token_ms is None:
                    self.first_token_ms = self._elapsed()
                yield Token(piece)
                finished, tail = split_sentences(tail + piece)
                for sentence in finished:
                    yield Commit(self._checked(sentence, passages, texts, said))
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()
        if tail.strip():
            yield Commit(self._checked(tail, passages, texts, said))

    def _evidence(self, chunks: Sequence[Chunk], budget: int, ratio: float) -> list[tuple[int, str]]:
        """The sentences that speak most to the question."""
        similar = self.tutor.kb.similarity(self.asked)
        words = " ".join([self.asked, *self.tutor.kb.expand(self.asked)])
        prior = [_PRIOR.get(c.part, 0.0) for c in chunks]
        return key_units(words, [c.text for c in chunks], budget, similar, prior, ratio)

    def _request(self, backend: Backend, chunks: Sequence[Chunk]) -> Request:
        """Whole section if its state is stored, else only the sentences that matter."""
        history = ""
        if self.history and route.standalone(self.asked, self.history) != self.asked:
            before, answer = self.history[-1]
            history = self.prompt["history"].format(question=before, answer=answer[:160])
        ending = self.prompt["question"].format(history=history, question=self.asked)
        if isinstance(backend, Primable) and chunks[0].anchor:
            whole = self.tutor.kb.store.section(chunks[0].doc, chunks[0].anchor)
            request = section_request(self.prompt["system"], self.prompt["shared"], whole)
            if backend.primed(request):
                block = request.messages[-1].content
                return Request((request.messages[0], Message("user", block + ending)), shared=len(block))
        lines: dict[int, list[str]] = {}
        for i, unit in self._evidence(chunks[:3], EVIDENCE_CHARACTERS, 0.35):
            lines.setdefault(i, []).append(readable(unit, chunks[i].text))
        block = "\n".join(f"《{chunks[i].section.split(' › ')[-1]}》{' '.join(found)}" for i, found in lines.items())
        content = self.prompt["shared"].format(passages=block) + ending
        return Request((Message("system", self.prompt["system"]), Message("user", content)))

    def _checked(self, sentence: str, passages: Sequence[Passage], texts: list[str], said: set[str]) -> str:
        """The sentence with its citation, or nothing if no passage bears it out or it was said before."""
        plain = sentence.strip().strip("-*#> ")
        if not plain:
            return sentence if "\n" in sentence else ""
        if plain in said:
            return ""
        said.add(plain)
        verdict = check_sentence(plain, texts, self.asked, self.tutor.terms)
        if not verdict.ok:
            log.info("dropped (%s): %s", verdict.why, plain)
            return ""
        mark = self._cite(passages[verdict.index], verdict.quote, verdict.score)
        body = sentence.rstrip()
        return body + mark + sentence[len(body) :]

    def _cite(self, p: Passage, quote: str, score: float) -> str:
        if quote not in p.text:  # a heading bore it out; cite the passage by its own words
            quote = p.quote
        self.citations.setdefault(
            (p.n, quote),
            Citation(p.n, p.doc, p.title, p.section, p.anchor, p.page, quote, round(score, 3), p.box),
        )
        return f"[{p.n}]"

    def _extract(self, passages: Sequence[Passage], chunks: Sequence[Chunk]) -> str:
        """Key sentences as they stand, marked as such."""
        lines = []
        for i, unit in self._evidence(chunks[:3], 160, 0.6):
            if (passages[i].n, unit) in self.citations:  # it is shown already
                continue
            found = support(unit, [passages[i].text])
            lines.append(
                f"- {readable(unit, passages[i].text)}{self._cite(passages[i], unit, found.score if found else 0.0)}"
            )
        return "资料中的要点（原文）：\n" + "\n".join(lines) if lines else ""

    def _done(self, text: str, refused: bool, nearest: Sequence[dict[str, str]] = ()) -> Answer:
        return Answer(
            question=self.question,
            answer=text,
            refused=refused,
            citations=sorted(self.citations.values(), key=lambda c: c.n),
            solver=self.solver,
            model=self.model,
            prompt=self.prompt.version if self.model else None,
            timings={
                "retrieve_ms": self.retrieve_ms,
                "first_token_ms": self.first_token_ms,
                "total_ms": self._elapsed(),
            },
            nearest=nearest,
        )

    def _elapsed(self) -> int:
        return round((self.tutor.clock() - self.start) * 1000)
