"""The gate (把关): each stage of a model against the first one on the same questions; worse by more than chance is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ALPHA", "Paired", "Scored", "Verdict", "judge", "model_card"]

ALPHA = 0.05
STUCK = 0.95  # one letter for so large a share of the questions is no answering


@dataclass(frozen=True)
class Scored:
    """How a stage did on a task, with its 95% Wilson interval.

    Attributes:
        answers, keys: how often each letter was given, and was right; empty where the answers are no letters.
    """

    stage: str
    task: str
    n: int
    correct: int
    interval: tuple[float, float]
    answers: Mapping[str, int] = field(default_factory=dict)
    keys: Mapping[str, int] = field(default_factory=dict)

    @property
    def accuracy(self) -> float:
        """The share that was right."""
        return self.correct / self.n if self.n else 0.0

    @property
    def stuck(self) -> str:
        """The letter that it gives whatever is asked, though the keys are spread; empty if it does no such thing."""
        if not self.answers or self.n < 20 or max(self.keys.values(), default=self.n) > STUCK / 2 * self.n:
            return ""
        letter = max(self.answers, key=lambda x: self.answers[x])
        return letter if self.answers[letter] >= STUCK * self.n else ""


@dataclass(frozen=True)
class Paired:
    """A stage against another on the same questions: how many only one of them got right, and McNemar's exact p."""

    task: str
    before: str
    after: str
    only_before: int
    only_after: int
    p: float

    @property
    def worse(self) -> bool:
        """Worse by more than chance."""
        return self.only_before > self.only_after and self.p < ALPHA

    @property
    def better(self) -> bool:
        """Better by more than chance."""
        return self.only_after > self.only_before and self.p < ALPHA


@dataclass(frozen=True)
class Verdict:
    """Whether all stages pass, and one Chinese sentence for each that doesn't."""

    passed: bool
    reasons: Sequence[str]


def judge(pairs: Sequence[Paired], scores: Sequence[Scored] = ()) -> Verdict:
    """Refuses as soon as one stage is significantly worse on one task, or gives one letter whatever is asked.

    No correction for several comparisons is made: it would let more losses through. A model that always says A is
    right as often as A is the key, which a weak first stage may not beat: its accuracy alone doesn't give it away.

    Examples:
        >>> judge([Paired("408-bench", "base", "merged", 20, 4, 0.0015)]).reasons
        ['merged 在 408-bench 上明显不如 base：只有 base 做对的 20 题，只有 merged 做对的 4 题，p=0.0015。']
        >>> judge([Paired("408-bench", "base", "merged", 9, 7, 0.8)]).passed
        True
    """
    reasons = [
        f"{p.after} 在 {p.task} 上明显不如 {p.before}：只有 {p.before} 做对的 {p.only_before} 题，"
        f"只有 {p.after} 做对的 {p.only_after} 题，p={p.p:.2g}。"
        for p in pairs
        if p.worse
    ]
    reasons += [
        f"{s.stage} 在 {s.task} 的 {s.n} 题中有 {s.answers[s.stuck]} 题都选 {s.stuck}，不是在答题，{s.accuracy:.1%} 不能算成绩。"
        for s in scores
        if s.stuck
    ]
    return Verdict(not reasons, reasons)


def model_card(
    verdict: Verdict,
    scores: Sequence[Scored],
    pairs: Sequence[Paired],
    stages: Mapping[str, str],
    facts: Mapping[str, Any],
    skipped: Sequence[str] = (),
) -> str:
    """The card as Markdown.

    Args:
        stages: what each stage is, by its name.
        facts: what ``done.json``, ``merge.json``, ``card.json`` and the measurements say, by title.
        skipped: tasks that weren't run, and why.
    """
    lines = [
        "# 模型卡",
        "",
        f"结论：{'通过' if verdict.passed else '不通过'}。",
        *(f"- {r}" for r in verdict.reasons),
        "",
    ]
    lines += ["| 阶段 | 模型 |", "|---|---|", *(f"| {k} | {v} |" for k, v in stages.items()), ""]
    lines += ["| 任务 | 阶段 | 题数 | 正确率（95% 区间） |", "|---|---|---|---|"]
    lines += [
        f"| {s.task} | {s.stage} | {s.n} | {s.accuracy:.1%}（{s.interval[0]:.1%}–{s.interval[1]:.1%}） |"
        for s in scores
    ]
    lines += ["", "| 任务 | 前 → 后 | 只有前者对 | 只有后者对 | p | |", "|---|---|---|---|---|---|"]
    for p in pairs:
        change = "变差" if p.worse else "变好" if p.better else "分不出"
        lines.append(f"| {p.task} | {p.before} → {p.after} | {p.only_before} | {p.only_after} | {p.p:.3g} | {change} |")
    lines += ["", f"配对检验为 McNemar 精确检验，p < {ALPHA} 才算变化；每一阶段都与第一阶段比，也与前一阶段比。", ""]
    lines += [f"没有做：{s}" for s in skipped]
    for title, fact in facts.items():
        rows = [(k, v) for k, v in fact.items() if isinstance(v, (str, int, float, list))]
        lines += ["", f"## {title}", "", *(f"- {k}：{v}" for k, v in rows)]
    return "\n".join(lines) + "\n"
