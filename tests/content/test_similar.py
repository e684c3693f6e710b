"""Near-duplicates: the measures, the limits, and the distance of the shipped bench from everything else."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant408.content.check import check_content
from assistant408.content.notes import load_notes
from assistant408.content.questions import Question, load_bank, load_bench
from assistant408.content.similar import (
    LIKENESS_LIMIT,
    OVERLAP_LIMIT,
    VECTOR_LIMIT,
    Corpus,
    Near,
    check_distance,
    nearest_by_vector,
    question_text,
    shingles,
)
from assistant408.core.registry import get_solver

texts = st.text(alphabet="死锁的四个必要条件是什么0123，。\n ", max_size=40)


@given(texts, texts, st.integers(2, 6))
def test_the_measures_are_what_sets_say(a: str, b: str, n: int) -> None:
    x, y = shingles(a, n), shingles(b, n)
    corpus = Corpus({"b": b}, n)
    shared = len(x & y)
    assert corpus.overlap(a).score == (shared / len(x) if shared else 0)
    assert corpus.likeness(a).score == (shared / len(x | y) if shared else 0)


@given(st.lists(texts, min_size=1, max_size=6), texts)
def test_the_nearest_of_many_is_found(many: list[str], text: str) -> None:
    corpus = Corpus({str(i): t for i, t in enumerate(many)}, 3)
    assert corpus.likeness(text).score == max(Corpus({"": t}, 3).likeness(text).score for t in many)


def test_spaces_marks_and_width_do_not_count() -> None:
    assert shingles("ＴＣＰ 的\t“三次握手”", 4) == shingles("tcp的三次握手", 4)


def test_vectors() -> None:
    a = np.eye(3, dtype=np.float32)
    assert nearest_by_vector(a[:2], a[1:], ["b", "c"])[1] == Near("b", 1.0)
    assert nearest_by_vector(a, a[:0], []) == [Near()] * 3


@pytest.fixture(scope="module")
def bench(content: Path) -> list[Question]:
    return load_bench(content)


def test_a_copied_question_is_found_even_reordered_or_touched_up(content: Path, bench: list[Question]) -> None:
    rng = random.Random(408)
    notes, bank = load_notes(content), load_bank(content)
    assert list(check_distance(bench, notes, bank)) == []
    q = next(q for q in bench if q.id.endswith("os-002"))
    texts = list(q.choices.values())
    rng.shuffle(texts)
    copies = [
        q,
        replace(q, choices=dict(zip("ABCD", texts, strict=True))),
        replace(q, stem=q.stem.replace("下列", "以下").replace("，", ", ")),
    ]
    for i, copy in enumerate(copies):
        found = list(check_distance([q], [], [*bank[:20], replace(copy, id=f"os-copy-{i}")]))
        assert found and all("题目 os-copy" in f and q.id in f for f in found)


def test_content_check_refuses_a_bench_question_that_stands_in_the_bank(make_content: Callable[..., Path]) -> None:
    folder = make_content()
    entry = make_content.questions.split("[[question]]")[1]
    (folder / "bench" / "408" / "os.toml").write_text(
        "[[question]]" + entry.replace("os-memory-0001", "b408-os-001").replace("，", ", "), encoding="utf-8"
    )
    problems = check_content(folder, solvers=["os.page_replacement"], solve=lambda id, args: get_solver(id)(**args).answer).problems  # fmt: skip
    assert len(problems) == 2 and all("b408-os-001" in p and "os-memory-0001" in p for p in problems)


def test_limits_stand_above_what_different_questions_share(content: Path, bench: list[Question]) -> None:
    """The limits are no higher than a copy's scores: each question with its choices reordered is above them."""
    rng = random.Random(1)
    for q in rng.sample(bench, 40):
        lines = question_text(q).splitlines()
        rest = lines[1:]
        rng.shuffle(rest)
        copy = "\n".join([lines[0], *rest])
        assert Corpus({"copy": copy}, 5).likeness(question_text(q)).score > LIKENESS_LIMIT
        assert Corpus({"copy": copy}, 13).overlap(question_text(q)).score > OVERLAP_LIMIT


def test_no_bench_question_is_near_a_note_or_bank_question_by_vector(content: Path, bench: list[Question]) -> None:
    """With the shipped vectors; those of questions written since are computed here."""
    from assistant408.evals.contamination import embed_all
    from assistant408.kb.embed import E5
    from assistant408.kb.shipped import load_vectors, note_chunks

    known = {k: v for path in (content / "vectors").glob("[!f]*.npz") for k, v in load_vectors(path).items()}
    embedder = E5()
    bank = load_bank(content)
    chunks = note_chunks(load_notes(content), {})
    mine = embed_all(embedder, [question_text(q) for q in bench], known)
    theirs = embed_all(embedder, [*(c.embedded for c in chunks), *map(question_text, bank)], known)
    labels = [*(f"{c.anchor} {c.part}" for c in chunks), *(q.id for q in bank)]
    near = {q.id: n for q, n in zip(bench, nearest_by_vector(mine, theirs, labels), strict=True)}
    assert {id: n for id, n in near.items() if n.score >= VECTOR_LIMIT} == {}


def test_no_claim_of_the_bench_is_a_statement_by_vector(content: Path, bench: list[Question], tmp_path: Path) -> None:
    """Claim by claim, since a statement is one sentence and a question five."""
    from assistant408.kb.facts import load_packed
    from assistant408.tutor.item import dissect
    from assistant408.web.judging import all_facts, fact_vectors
    from assistant408.web.services import Services

    services = Services(tmp_path, content)
    embedder = services.kb.embedder
    assert embedder is not None
    facts = all_facts(services)
    packed = load_packed(fact_vectors(services), embedder, facts, most=0)
    assert packed is not None
    rows = [i for i, f in enumerate(facts) if "#" in f.group]  # statements; the bank is compared by question above
    vectors = packed[0][rows].astype(np.float32) * packed[1][rows].astype(np.float32)[:, None]
    claims = {
        f"{q.id} {label}": text
        for q in bench
        if q.check is None
        for label, text in dissect(q.stem, q.choices).statements.items()
    }
    mine = embedder.passages(list(claims.values()))
    near = dict(zip(claims, nearest_by_vector(mine, vectors, [facts[i].text for i in rows]), strict=True))
    assert {k: n for k, n in near.items() if n.score >= VECTOR_LIMIT} == {}
