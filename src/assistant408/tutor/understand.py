"""A computable question in Chinese → a solver and its arguments.

Words pick the candidates, rules read each one's arguments, and the candidate that explains the question's data best
wins; what the rules can't find is asked of the model under that solver's schema, and each number that the model
gives must stand in the question. A concept question gives `None`; missing data is named, never guessed.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from assistant408.core.errors import InputError
from assistant408.core.params import Field, bind
from assistant408.core.registry import Solver, all_solvers
from assistant408.core.trace import Solution
from assistant408.llm.types import Backend
from assistant408.tutor.asked import asked_answers, asked_in_words
from assistant408.tutor.choose import Embed, Index, is_concept, split_choices, split_claim
from assistant408.tutor.extract import Assumed, Reader, resolve_free
from assistant408.tutor.fill import fill
from assistant408.tutor.hints import hints_of
from assistant408.tutor.quantity import prepare

__all__ = ["Understood", "best_solver", "read_args", "run", "understand"]

CANDIDATES = 8
MIN_RANK = 0.30  # below it the question isn't about any solver; calibrated on the tune half of solve-nl
MIN_SCORE = 0.95
SURE_RANK = 1.0  # words that leave no doubt, even if the question doesn't ask
MIN_ASK = 0.55  # the words alone that it takes to ask for missing data
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Understood:
    """What a question asks to compute.

    Args:
        solver: its id.
        args: JSON-ready arguments that were found.
        missing: (name, Chinese label) of required arguments that were not.
        problem: the solver's own sentence when the arguments found don't suffice; empty if they do.
        confidence: 0 to 1.
        shown: one Chinese sentence of what was understood.
        asked: names of the results that the question asks for, the most likely first.
        unit: the unit that the fields without one of their own share.
        choices: the choices of a multiple-choice item by letter.
        claim: the student's own answer, as stated.
        filled: names of arguments that the model read.
        assumed: names of arguments that the question doesn't state and its answer doesn't depend on.
        stem: the prepared question without choices and claim.
        coverage: the share of the stem's numbers that were read.
        unused: how many of them were not.
    """

    solver: str
    args: dict[str, Any]
    missing: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    confidence: float = 0.0
    shown: str = ""
    asked: tuple[str, ...] = ()
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    claim: str = ""
    filled: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    stem: str = ""
    coverage: float = 1.0
    unused: int = 0

    @property
    def complete(self) -> bool:
        """Whether the solver can run on the arguments."""
        return not self.missing and not self.problem


@dataclass(frozen=True)
class _Reading:
    """One candidate's reading of the question."""

    solver: Solver
    rank: float
    args: dict[str, Any]
    unit: str
    coverage: float
    touched: int
    missing: tuple[tuple[str, str], ...]
    problem: str
    assumed: tuple[str, ...] = ()
    unused: int = 0

    @property
    def complete(self) -> bool:
        return not self.missing and not self.problem

    @property
    def score(self) -> float:
        value = self.rank + 0.35 * self.coverage * (self.touched > 0)
        return value + 0.3 if self.complete else value - 0.08 * len(self.missing)


def understand(
    question: str,
    backend: Backend | None = None,
    solvers: Mapping[str, Solver] | None = None,
    embed: Embed | None = None,
) -> Understood | None:
    """Recognises the solver and its arguments; `None` if the question is not one to compute.

    Args:
        backend: fills what the rules can't find; without it that counts as missing.
        solvers: the solvers to choose from, all by default.
        embed: adds the similarity of meanings to that of words.

    Examples:
        >>> u = understand("页面访问序列 7,0,1,2,0,3,0,4，3 个页框，LRU 缺页几次")
        >>> u.solver, u.args["frames"], u.args["policy"], u.asked[0]
        ('os.page_replacement', 3, 'LRU', 'faults')
        >>> understand("LRU 为什么需要硬件支持？") is None
        True
    """
    text, claim = split_claim(prepare(question))
    text, choices = split_choices(text)
    solvers = solvers if solvers is not None else all_solvers()
    index = _index(tuple(solvers), embed) if solvers else Index({})
    ranked = [(solvers[id], score) for id, score in index.rank(text, CANDIDATES) if score >= MIN_RANK]
    readings = [_read(s, score, text) for s, score in ranked]
    if not readings:
        return None
    best = max(readings, key=lambda r: r.score)
    if not _accept(best, text):
        return None
    if not best.complete and choices:  # another solver may have all that it needs
        whole = [
            r
            for r in readings
            if r.complete and r.touched and r.coverage > 0.99 and r.score >= MIN_SCORE and r.rank > 0.45
        ]
        whole = [r for r in whole if asked_in_words(r.solver, text, near=True)]
        best = max(whole, key=lambda r: r.score, default=best)
    filled: tuple[str, ...] = ()
    if not best.complete and backend is not None:
        best, filled = _ask_model(best, text, backend)
    asked = asked_answers(best.solver, text)
    understood = Understood(
        solver=best.solver.id,
        args=best.args,
        missing=best.missing,
        problem=best.problem,
        confidence=round(min(1.0, max(0.0, (best.score - 0.4) / 1.2)), 2),
        asked=asked,
        unit=best.unit,
        choices=choices,
        claim=claim,
        filled=filled,
        assumed=best.assumed,
        stem=text,
        coverage=best.coverage,
        unused=best.unused,
    )
    return replace(understood, shown=describe(best.solver, understood))


def best_solver(text: str, solvers: Mapping[str, Solver]) -> str | None:
    """The solver that the words alone point at clearly, if any."""
    ranked = _index(tuple(solvers), None).rank(text, 1) if solvers else []
    return ranked[0][0] if ranked and ranked[0][1] >= MIN_ASK else None


@lru_cache(maxsize=4)
def _index_of(ids: tuple[str, ...]) -> Index:
    known = all_solvers()
    return Index({id: known[id] for id in ids})


def _index(ids: tuple[str, ...], embed: Embed | None) -> Index:
    if embed is None:
        return _index_of(ids)
    known = all_solvers()
    return Index({id: known[id] for id in ids}, embed)


def read_args(solver: Solver, question: str) -> tuple[dict[str, Any], str, Reader]:
    """What the rules find of a solver's arguments, the unit they share, and the reader that found them.

    Values that the solver's domain excludes are dropped.
    """
    reader = Reader(question)
    found: dict[str, Any] = {}
    for name, hint in hints_of(solver).items():
        before = len(reader.used)
        try:
            value = hint(reader)
        except IndexError:  # the words are there, but what stands beside them is too long to be a number
            value = None
        if value is None:
            continue
        if isinstance(value, Assumed):
            reader.assumed.append(name)
            value = value.value
        found[name] = value
        checked, _ = resolve_free({name: value})
        try:
            partial = {f.name: f for f in solver.fields}[name]
            _coerce(partial, checked[name])
        except InputError:
            del found[name], reader.used[before:]
    args, unit = resolve_free(found)
    order = [f.name for f in solver.fields]
    return {k: args[k] for k in sorted(args, key=order.index)}, unit, reader


def _coerce(f: Field, value: Any) -> Any:
    from assistant408.core.params import coerce

    return coerce(value, f.type, f.param)


def _read(solver: Solver, rank: float, text: str) -> _Reading:
    args, unit, reader = read_args(solver, text)
    touched = max(
        len(reader.used), sum(end - start for start, end in reader.used) // 5
    )  # a list or a program is much data
    r = _judge(solver, rank, args, unit, reader.coverage, touched)
    return replace(r, assumed=tuple(reader.assumed), unused=reader.unused)


def _judge(solver: Solver, rank: float, args: dict[str, Any], unit: str, coverage: float, touched: int) -> _Reading:
    missing = tuple((f.name, f.param.label) for f in solver.fields if f.required and f.name not in args)
    problem = ""
    if not missing:
        try:
            run(solver, args)
        except InputError as e:
            problem = str(e)
        except Exception:  # a bug of one candidate must not take the others down; its traceback is kept
            log.exception("solver %s failed on %r", solver.id, args)
            problem = f"解题器 {solver.id} 出错了，请换一种问法。"
    return _Reading(solver, rank, args, unit, coverage, touched, missing, problem)


def run(solver: Solver, args: Mapping[str, Any]) -> Solution:
    """Runs the solver on JSON-ready arguments.

    Raises:
        InputError: they are outside its domain or don't suffice.
    """
    bind(solver.run, args)
    return solver(**args)


def _accept(r: _Reading, text: str) -> bool:
    """The threshold and the rules that keep concept questions and statements to be judged out."""
    if not r.touched:  # nothing concrete was read: no numbers, lists, code
        return False
    concept = is_concept(text)
    asks = _ASKS.search(text) is not None
    if r.complete:
        if not asks and text.endswith("。"):  # a statement
            return False
        if concept and (r.coverage < 0.75 or r.touched < 2 or _STATEMENTS.search(text)):
            return False
        return r.score >= MIN_SCORE + (0.25 if concept else 0.0)
    if concept or (text.endswith("。") and not asks):
        return False
    if not (_QUANTITY.search(text) or (r.rank >= SURE_RANK and r.touched > 1)):
        return False
    return r.rank >= MIN_ASK and len(r.missing) <= max(1, sum(f.required for f in r.solver.fields) - 1)


_ASKS = re.compile(
    r"多少|几|多久|多长|多大|求|计算|给出|写出|[((]\s*[))]|[_]{2,}|[??]|各是|画出|判断|构造|转换|变换|编码|(?:是|为)[,。]?$|哪"
)
# what a question must ask for before missing data is asked back
_QUANTITY = re.compile(
    r"多少|几|多久|多长|多大|求|计算|算一|[??]|写出|给出|(?:次数|个数|数|率|时间|时延|地址|长度|序列|大小|容量|距离|次序|顺序)"
    r"(?:各|分别)?(?:是|为|有)?\s?[((_]"
)
_STATEMENTS = re.compile(r"(?:叙述|说法|描述|表述|论述|陈述|评价)(?:中)?,?.{0,8}?(?:正确|错误|不对|恰当)")


def _ask_model(r: _Reading, text: str, backend: Backend) -> tuple[_Reading, tuple[str, ...]]:
    """Lets the model read what is missing; it may only give what the question says."""
    wanted = [f for f in r.solver.fields if f.name not in r.args and (f.required or not r.missing)]
    got = fill(r.solver, wanted, text, backend)
    if not got:
        return r, ()
    after = _judge(r.solver, r.rank, {**r.args, **got}, r.unit, r.coverage, r.touched)
    if len(after.missing) < len(r.missing) or (r.problem and not after.problem):
        return after, tuple(got)
    return r, ()


# --- the sentence that is shown -------------------------------------------------------------------------------------


def describe(solver: Solver, u: Understood) -> str:
    """One sentence: the problem, the values read, what is asked."""
    fields = {f.name: f for f in solver.fields}
    read = [f"{fields[n].param.label} {_brief(fields[n], v)}" for n, v in u.args.items() if n not in u.assumed]
    wanted = "、".join(solver.answers[a].label for a in u.asked)
    unit = f"（单位 {u.unit}）" if u.unit else ""
    return f"按“{solver.title}”来算：{'，'.join(read)}{unit}；求{wanted}。"


def _brief(f: Field, value: Any) -> str:
    """A value short enough to read at a glance."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return ":".join(str(v) for v in value.values())
    if isinstance(value, list):
        if value and isinstance(value[0], list):
            text = "; ".join(" ".join(map(str, row)) for row in value)
        else:
            text = ", ".join(_brief(f, v) for v in value)
        return text if len(text) <= 90 else f"{text[:80]}…（共 {len(value)} 项）"
    if isinstance(value, str):
        named = (
            re.search(rf"(?<![\w.]){re.escape(value)} ([^，；。、,;]{{2,12}})", f.param.help)
            if value.isascii()
            else None
        )
        text = named[1] if named and value.islower() else value
        return text if len(text) <= 120 else f"{text[:110]}…"
    return str(value)
