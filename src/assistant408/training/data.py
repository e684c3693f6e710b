"""The training set (训练集): built from our own content, apart from all that measures, with a card that says what is in it."""

from __future__ import annotations

import hashlib
import json
import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant408.content.questions import Question
from assistant408.content.similar import question_text
from assistant408.content.syllabus import SUBJECTS
from assistant408.core.errors import InputError
from assistant408.training.conversation import Conversation, checked, fingerprint
from assistant408.training.distance import Guard
from assistant408.training.formats import read_conversations, write_conversations, write_text
from assistant408.training.material import Material
from assistant408.training.sources import Build, all_sources

__all__ = ["DataSet", "build", "held_out", "load_data", "take", "write_data"]

DATA_VERSION = 1
VALID_SHARE = 0.02
LICENCE = "CC BY-SA 4.0"
Report = Callable[[int, int], None]


@dataclass(frozen=True)
class DataSet:
    """Conversations to learn from and to validate with, bank questions to measure with, and what was left out."""

    train: Sequence[Conversation]
    valid: Sequence[Conversation]
    held: Sequence[Question]
    dropped: Mapping[str, int]


def held_out(bank: Sequence[Question], count: int, seed: int) -> list[Question]:
    """`count` single-choice questions, in equal parts by subject, chosen by the hash of their ids.

    A question's turn depends on its id alone, so that a bank that grows moves few questions between the two sides.

    Raises:
        InputError: a subject hasn't enough of them.
    """
    out: list[Question] = []
    for i, subject in enumerate(SUBJECTS):
        share = count // len(SUBJECTS) + (i < count % len(SUBJECTS))
        singles = [q for q in bank if q.kind == "single" and q.subject == subject and len(q.choices) == 4]
        if share >= len(singles):
            raise InputError(
                f"--held {count} 太多：{SUBJECTS[subject]}只有 {len(singles)} 道单选题，至少要留一道来训练。"
            )
        out += sorted(singles, key=lambda q: hashlib.sha256(f"{seed}/{q.id}".encode()).hexdigest())[:share]
    return sorted(out, key=lambda q: q.id)


def build(
    material: Material,
    measured: Mapping[str, str],
    held: Sequence[Question],
    own: Sequence[Conversation] = (),
    sources: Mapping[str, Build] | None = None,
    report: Report = lambda done, total: None,
) -> DataSet:
    """Every builder's conversations and the user's own, without doubles and without anything that measures.

    Args:
        measured: texts of the benches by label; conversations that hold most of one are left out.
        held: questions kept out by id, and by likeness too.
    """
    sources = all_sources() if sources is None else sources
    names = {q.id for q in held}
    guard = Guard({**measured, **{q.id: question_text(q) for q in held}})
    dropped = dict.fromkeys(("held_out", "near_bench", "duplicate"), 0)
    kept: list[Conversation] = []
    seen: set[str] = set()

    def add(c: Conversation) -> None:
        mark = fingerprint(checked(c.messages))
        if not names.isdisjoint(c.questions):
            dropped["held_out"] += 1
        elif mark in seen:
            dropped["duplicate"] += 1
        elif guard.near(c.text) is not None:
            dropped["near_bench"] += 1
        else:
            seen.add(mark)
            kept.append(c)

    for done, make in enumerate(sources.values()):
        report(done, len(sources))
        for c in make(material):
            add(c)
    for c in own:
        add(c)
    report(len(sources), len(sources))
    # a question's conversations stay on one side, or its key would stand in both
    valid = [c for c in kept if _share(c) < VALID_SHARE]
    return DataSet([c for c in kept if _share(c) >= VALID_SHARE], valid, held, dropped)


def _share(c: Conversation) -> float:
    group = c.questions[0] if c.questions else c.id.rpartition("/")[0] or c.id
    return int(hashlib.sha256(group.encode()).hexdigest()[:8], 16) / 16**8


def take(conversations: Sequence[Conversation], mix: Mapping[str, int], seed: int) -> list[Conversation]:
    """So many of each source (0: all of it; a source not named: none), in an order drawn by `seed`; all, if no mix.

    Raises:
        InputError: a source of the mix has no conversations.

    Examples:
        >>> from assistant408.llm.types import Message
        >>> some = [Conversation(f"{i}", "choice", [Message("user", "?"), Message("assistant", "A")]) for i in range(9)]
        >>> len(take(some, {"choice": 4}, 0)), take(some, {"choice": 4}, 0) == take(some, {"choice": 4}, 0)
        (4, True)
    """
    by_hash = sorted(conversations, key=lambda c: hashlib.sha256(f"{seed}/{c.id}".encode()).hexdigest())
    if not mix:
        return by_hash
    counts = Counter(c.source for c in conversations)
    if missing := [s for s in mix if not counts[s]]:
        raise InputError(f"配置的 mix 写了 {missing[0]!r}，数据里没有；有 {'、'.join(sorted(counts))}。")
    left = {s: n or counts[s] for s, n in mix.items()}
    out = []
    for c in by_hash:
        if left.get(c.source, 0) > 0:
            left[c.source] -= 1
            out.append(c)
    return out


def write_data(out: Path, data: DataSet, form: str, seed: int) -> dict[str, Any]:
    """``train.jsonl``, ``valid.jsonl``, ``heldout.jsonl`` (for ``a408 eval run``), ``card.json`` and ``card.md``.

    Returns:
        The card.
    """
    write_conversations(out / "train.jsonl", data.train, form)
    write_conversations(out / "valid.jsonl", data.valid, form)
    rows = ({"id": q.id, "subject": q.subject, "question": q.stem, "choices": dict(q.choices), "answer": q.answer[0],
             "explanation": q.explanation} for q in data.held)  # fmt: skip
    write_text(out / "heldout.jsonl", "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows))
    card = describe(data, form, seed)
    card["files"] = {
        name: hashlib.sha256((out / name).read_bytes()).hexdigest()
        for name in ("train.jsonl", "valid.jsonl", "heldout.jsonl")
    }
    write_text(out / "card.json", json.dumps(card, ensure_ascii=False, indent=1) + "\n")
    write_text(out / "card.md", _markdown(card))
    return card


def describe(data: DataSet, form: str, seed: int) -> dict[str, Any]:
    """Counts and lengths of a set."""
    every = [*data.train, *data.valid]
    said = [sum(len(m.content) for m in c.messages if m.role == "assistant") for c in every]
    asked = [sum(len(m.content) for m in c.messages if m.role != "assistant") for c in every]
    sources = Counter(c.source for c in every)
    return {
        "version": DATA_VERSION,
        "seed": seed,
        "format": form,
        "licence": LICENCE,
        "conversations": len(every),
        "train": len(data.train),
        "valid": len(data.valid),
        "heldout": len(data.held),
        "turns": sum(sum(m.role == "assistant" for m in c.messages) for c in every),
        "sources": dict(sources.most_common()),
        "introduction_share": round(sources["introduction"] / len(every), 5) if every else 0.0,
        "characters_asked": _lengths(asked),
        "characters_answered": _lengths(said),
        "dropped": dict(data.dropped),
    }


def _lengths(values: Sequence[int]) -> dict[str, int]:
    ordered = sorted(values) or [0]
    return {
        "total": sum(ordered),
        "median": int(statistics.median(ordered)),
        "p95": ordered[int(0.95 * (len(ordered) - 1))],
        "max": ordered[-1],
    }


def _markdown(card: Mapping[str, Any]) -> str:
    rows = "\n".join(f"| {name} | {n} | {n / card['conversations']:.1%} |" for name, n in card["sources"].items())
    dropped, asked, said = card["dropped"], card["characters_asked"], card["characters_answered"]
    files = "\n".join(f"- `{name}`：sha256 `{digest}`" for name, digest in card["files"].items())
    return f"""\
# 408 训练数据卡

{card["conversations"]} 段对话（训练 {card["train"]}，验证 {card["valid"]}），{card["turns"]} 个回答；另留 {card["heldout"]} 道题库单选题只用于测量。
许可 {card["licence"]}。数据版本 {card["version"]}，种子 {card["seed"]}，格式 {card["format"]}。

全部由本项目自己的笔记、题库、术语表和解题器生成：概念问答取笔记原句，选择题取题库的解析，计算题取解题器的步骤。
不含任何教材、真题、辅导书或别的模型写的文字。

| 来源 | 段数 | 占比 |
|---|---|---|
{rows}

| 字数 | 中位数 | 95 分位 | 最长 | 合计 |
|---|---|---|---|---|
| 提问（含资料与系统提示） | {asked["median"]} | {asked["p95"]} | {asked["max"]} | {asked["total"]} |
| 回答 | {said["median"]} | {said["p95"]} | {said["max"]} | {said["total"]} |

没有收进来的：与留出题同 id {dropped["held_out"]} 段，含有评测题或留出题大半字串 {dropped["near_bench"]} 段，重复 {dropped["duplicate"]} 段。
评测题指 408-bench 与 grounding；“大半”指 13 字串的 60% 或 5 字串的 70%。

{files}
"""


def load_data(path: Path) -> list[Conversation]:
    """The conversations of ``path``, a file or a folder that `write_data` wrote.

    Raises:
        InputError: it isn't there, or has errors.
    """
    file = path / "train.jsonl" if path.is_dir() else path
    if not file.is_file():
        raise InputError(f"找不到训练数据 {str(file)!r}，请先运行 a408 train data --out {path}。")
    return read_conversations(file)
