"""A student's own answer against the exact one: right or wrong, which misconception yields it, where it departs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal, get_args, get_origin

from assistant408.core.errors import InputError
from assistant408.core.params import Field, bind
from assistant408.core.registry import Out, Solver
from assistant408.core.trace import Solution, Step, Value, plain
from assistant408.tutor.values import same, say

__all__ = ["Diagnosis", "diagnose"]


@dataclass(frozen=True)
class Diagnosis:
    """A verdict.

    Args:
        right: whether the stated answer is the exact one.
        result: the name of the result it was compared with.
        mistake: the misconception that yields it, in Chinese; empty if none is known.
        step: the number (from 1) of the first step at which that solution departs, if it can be seen.
        text: a short Chinese explanation, in Markdown.
    """

    right: bool
    result: str
    mistake: str = ""
    step: int | None = None
    text: str = ""

    def to_json(self) -> dict[str, object]:
        """A JSON-ready object."""
        return {
            "right": self.right,
            "result": self.result,
            "mistake": self.mistake,
            "step": self.step,
            "text": self.text,
        }


def diagnose(
    solver: Solver,
    args: Mapping[str, Any],
    stated: str | Value,
    ask: str | None = None,
    solution: Solution | None = None,
    unit: str = "",
) -> Diagnosis:
    """Compares a stated answer with the exact one.

    Args:
        stated: what the student wrote, or a value.
        ask: the result that it answers; by default the solver's first.
        solution: the exact solution, if it is at hand.
        unit: the unit of results that have none of their own.

    Raises:
        InputError: the arguments are outside the solver's domain, or `ask` isn't one of its results.

    Examples:
        >>> from assistant408.core.registry import get_solver
        >>> s = get_solver("os.page_replacement")
        >>> d = diagnose(s, {"refs": "7,0,1,2,0,3,0,4", "frames": 3, "policy": "LRU"}, "6 次")
        >>> d.right, d.text
        (True, '你算的 6 次 是对的。')
    """
    solution = solution or solver(**args)
    answer = solution.answer
    ask = ask or next(n for n in solver.answers if n in answer)
    if ask not in solver.answers or ask not in answer:
        raise InputError(f"解题器 {solver.id!r} 没有结果 {ask!r}，可用的是：{'、'.join(answer)}。")
    out, right = solver.answers[ask], answer[ask]
    shown = stated if isinstance(stated, str) else say(stated, out, unit)
    if _equal(stated, right, out, unit):
        return Diagnosis(True, ask, text=f"你算的 {shown} 是对的。")
    lead = f"你算的 {shown} 不对，{out.label}应为 **{say(right, out, unit)}**。"
    for mistake in solver.mistakes(**args):
        if ask in mistake.gives and _equal(stated, mistake.gives[ask], out, unit):
            return _named(solver, args, solution, Diagnosis(False, ask, mistake.why), mistake.gives, lead, stated, unit)
    for what, other in _variants(solver, args):
        if ask in other.answer and _equal(stated, other.answer[ask], out, unit):
            at = _departs(solution, other)
            return _say(Diagnosis(False, ask, what, at), lead, solution, f"这正是{what}得到的结果")
    for name, value in answer.items():
        if (
            name != ask
            and name in solver.answers
            and _plain_number(value)
            and _equal(stated, value, solver.answers[name])
        ):
            what = f"把{solver.answers[name].label}当成了{out.label}"
            at = _first_with(solution, name)
            return _say(Diagnosis(False, ask, what, at), lead, solution, what)
    near = _off_by_one(stated, right)
    if near:
        return Diagnosis(False, ask, near, None, f"{lead}只差 1，多半是{near}；请对照各步检查。")
    return Diagnosis(False, ask, text=f"{lead}没有找到能得出这个数的常见错误，请对照各步找出第一处不同。")


def _named(
    solver: Solver,
    args: Mapping[str, Any],
    solution: Solution,
    d: Diagnosis,
    gives: Mapping[str, Value],
    lead: str,
    stated: str | Value,
    unit: str,
) -> Diagnosis:
    """A named misconception, and the step where its values leave the right ones."""
    at = None
    for _, other in _variants(solver, args):  # the same slip as another setting of the solver: compare the traces
        if d.result in other.answer and _equal(stated, other.answer[d.result], solver.answers[d.result], unit):
            at = _departs(solution, other)
            break
    if at is None:
        at = next(
            (
                i
                for i, step in enumerate(solution.steps, 1)
                if any(n in step.gives and step.gives[n] != v for n, v in gives.items())
            ),
            None,
        )
    return _say(replace(d, step=at), lead, solution, f"常见原因：{d.mistake.rstrip('。')}")


def _say(d: Diagnosis, lead: str, solution: Solution, reason: str) -> Diagnosis:
    where = ""
    if d.step is not None:
        step = solution.steps[d.step - 1]
        where = f"从第 {d.step} 步起就不同，这一步应是：{_brief(step)}"
    return replace(d, text=f"{lead}{reason}。{where}".strip())


def _brief(step: Step) -> str:
    text = step.why.strip().split("\n")[0]
    return text if len(text) <= 120 else text[:118] + "…"


def _variants(solver: Solver, args: Mapping[str, Any]) -> Iterator[tuple[str, Solution]]:
    """Solutions with one setting changed: another algorithm, another convention."""
    bound = bind(solver.run, args)
    for f in solver.fields:
        for value in _others(f, bound.get(f.name, f.default)):
            try:
                yield _called(f, value), solver(**{**bound, f.name: value})
            except (InputError, ArithmeticError):
                continue


def _others(f: Field, now: Any) -> list[Any]:
    if get_origin(f.type) is Literal:
        return [v for v in get_args(f.type) if v != now]
    return [not now] if f.type is bool else []


def _called(f: Field, value: Any) -> str:
    if isinstance(value, bool):
        return f"“{f.param.label}”取{'是' if value else '否'}时"
    import re

    m = re.search(rf"(?<![\w.]){re.escape(str(value))} ([^，；。、]{{2,14}})", f.param.help)
    return f"{f.param.label}取 {value}{f'（{m[1]}）' if m else ''} 时"


def _departs(right: Solution, other: Solution) -> int | None:
    """The number of the first step that differs in what it establishes or shows."""
    for i, (a, b) in enumerate(zip(right.steps, other.steps, strict=False), 1):
        if i > 1 and (_state(a) != _state(b)):
            return i
    for i, (a, b) in enumerate(zip(right.steps, other.steps, strict=False), 1):
        if _state(a) != _state(b):
            return i
    return min(len(right.steps), len(other.steps)) + 1 if len(right.steps) > len(other.steps) else None


def _state(step: Step) -> str:
    return json.dumps([plain(step.gives), plain(step.data)], ensure_ascii=False, sort_keys=True, default=str)


def _first_with(solution: Solution, name: str) -> int | None:
    return next((i for i, s in enumerate(solution.steps, 1) if name in s.gives), None)


def _equal(stated: str | Value, value: Value, out: Out, unit: str = "") -> bool:
    if isinstance(stated, str) and not isinstance(value, str):
        return same(stated, value, out, unit)
    if isinstance(stated, str) and isinstance(value, str):
        return stated == value or same(stated, value, out, unit)
    return plain(stated) == plain(value)


def _plain_number(value: Value) -> bool:
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool)


def _off_by_one(stated: str | Value, right: Value) -> str:
    if not isinstance(right, int) or isinstance(right, bool):
        return ""
    for delta, why in ((1, "多数了一次"), (-1, "漏数了一次")):
        if _equal(stated, right + delta, Out("")):
            return why
    return ""
