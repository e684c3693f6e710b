"""The letter of a choice question, by its solver: compared with what was computed, or tried one by one.

A letter must be earned: the data of the question has to be used, the value has to be the one that is asked for, and no
other choice may fit as well. Otherwise there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from assistant408.core.errors import InputError
from assistant408.core.registry import Out, Solver
from assistant408.core.trace import Solution, Value
from assistant408.tutor.asked import asked_in_words
from assistant408.tutor.extract import Pick
from assistant408.tutor.hints import hints_of
from assistant408.tutor.match import Fact, Letter, facts_of, match, tail_of
from assistant408.tutor.quantity import prepare, quantities
from assistant408.tutor.understand import Understood, read_args, run
from assistant408.tutor.values import same

__all__ = ["letter_of", "put_in", "trial_of"]

SAFE_CONFIDENCE = 0.6  # below it, the question may be about something else
SAFE_COVERAGE = 0.65  # the share of the question's numbers that is to be used
MOST_UNUSED = 9  # numbers that may be left aside all the same
_WRONG = re.compile(r"不(?:可能|能|正确|是|会|合法|符合|属于|存在)|错误|矛盾|记错|违反")
_VALUE = re.compile(
    r"-?[\d./^×]+\s?[^\d\s,、;(]{0,6}"
)  # one number: 不会死锁的最少资源数 is no question of what is wrong
_CHANGE = re.compile(  # words that change the data in a way that few solvers read
    r"减少(?:了)?(?:一半|\d)|增加(?:了)?(?:一倍|\d+%)|提高(?:了)?(?:一倍|\d)|改为|改成|改用|优化后|扩大|缩短为|变为原来|若再|加倍|翻倍"
)
_PAIR = re.compile(
    r"(?<![A-Za-z\d.])([A-Z]\d?|\d{1,3})\s?(?:与|和|、)\s?(?:结点|顶点|进程|第)?\s?([A-Z]\d?|\d{1,3})(?![A-Za-z\d.])"
)
_DIFFERENCE = re.compile(r"相差|(?:比|较).{1,20}?(?:多|少|节省|减少|快|慢|长|短)|节省|减少(?:了)?多少|之差")
_MORE = r"\(\s?\w\s?[-+]\s?\w\s?\)\s?[-+]|(?<![\w.])\d\s?[xyXY](?!\w)|[xyXY]\s?/\s?\d|(?<!\w)[a-zA-Z]\s?[-+]\s?[a-zA-Z]\s?[-+]\s?[a-zA-Z]"
_BEYOND: Mapping[str, str] = {  # words of what a solver that fits otherwise doesn't do
    "co.fixed_add": rf"[乘除]|移位|<<|>>|取反|按位|{_MORE}",
    "co.ieee754_add": rf"[乘除]|{_MORE}",
    "ds.binary_tree_rebuild": "森林|删除|插入",
    "cn.hamming_distance": "同时|并且?(?:能|可)",
}
# solver → the parameter that a choice of “下列序列” stands for, and the result that says whether it is right
_TRIALS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "ds.stack_permutations": ("pops", {"valid": ""}),
    "ds.deque_permutations": ("pops", {"valid": ""}),
    "ds.topological_sort": ("candidate", {"valid": ""}),
    "ds.search_path": ("keys", {"valid": ""}),
    "ds.heap": ("keys", {"is_heap": ""}),
    "ds.graph_traversal": ("candidate", {"bfs_valid": "广度|BFS", "dfs_valid": ""}),
    "co.base_conversion": ("number", {"exact": "精确"}),
    "cn.route_lookup": ("destinations", {"next_hop": ""}),
}
_TRIAL_SIGNS: Mapping[str, str] = {
    "ds.stack_permutations": "[出进入退压]栈",
    "ds.deque_permutations": "双端队列",
    "ds.topological_sort": "拓扑",
    "ds.search_path": "(?:折半|二叉(?:排序|查找|搜索)树)[^。]{0,40}(?:比较|查找|路径)",
    "ds.heap": "堆(?!栈)",
    "ds.graph_traversal": "(?:深度|广度)优先",
    "co.base_conversion": "(?:二进制)[^。]{0,12}精确|精确[^。]{0,12}二进制",
    "cn.route_lookup": "(?:路由|转发)表",
}
_PUT_UP = re.compile(r"下[列面]|以下|哪|不(?:可能|能|合法)|矛盾|记错")


def letter_of(s: Solver, u: Understood, solution: Solution, asked: Sequence[str], question: str) -> Letter | None:
    """The letter of the one choice that the solution bears out, or `None`."""
    text = prepare(question)
    choices = _with_units(u.choices, u.stem)
    wrong = _WRONG.search(tail_of(u.stem)) is not None and not all(
        _VALUE.fullmatch(t.strip()) for t in choices.values()
    )
    if _tried(s, u):
        return try_choices(s, u.args, u.stem, choices)
    said = [a for a in asked_in_words(s, u.stem, near=True) if a in solution.answer]
    given = [str(v) for v in u.args.values()]
    facts = facts_of(solution.answer, s.answers, said, asked[0], u.stem, given)
    facts += _in_bytes(facts, u.stem)
    one, several = _one_of_many(choices, facts, wrong)
    if several or wrong:
        return one
    rough = "约" in text or "近似" in text
    variants = _variants(s, u, asked)
    found = match(choices, variants, u.unit, rough) if variants else None
    if found is None and not (variants and variants[0].name == "difference"):
        found = match(choices, facts, u.unit, rough)
    if found is None or (one is not None and not found.sure):
        return one
    changed = _CHANGE.search(u.stem) is not None and not _reads_changes(s)
    if changed and not variants:
        return None
    if u.confidence < SAFE_CONFIDENCE:
        return None
    if u.coverage < SAFE_COVERAGE and u.unused > (MOST_UNUSED if found.sure else 0):
        return None
    if s.id in _BEYOND and re.search(_BEYOND[s.id], u.stem):
        return None
    return Letter(found.choice, found.sure and u.coverage > 0.99 and not variants)


def _in_bytes(facts: Sequence[Fact], stem: str) -> list[Fact]:
    """Windows counted in segments, in bytes too if the segment's size is stated."""
    m = re.search(r"(?:MSS|最大(?:报文)?段(?:长度?)?)[^,。;\d]{0,10}(\d+\s?(?:KB|B|字节))", stem)
    if not m:
        return []
    size = quantities(m[1])[0].base / 8
    return [
        replace(f, value=f.value * size, out=Out(f.out.label, "B"))
        for f in facts
        if f.out.unit == "MSS" and isinstance(f.value, (int, Fraction))
    ]


def _reads_changes(s: Solver) -> bool:
    return s.id in ("co.amdahl", "co.cpu_comparison") or s.subject in ("ds", "cn")


def _with_units(choices: Mapping[str, str], stem: str) -> dict[str, str]:
    """Bare numbers with the unit that stands behind the blank (``( ) ns``) or before it (``(单位:ns)``)."""
    m = re.search(r"[(]\s*[)]\s?([a-zA-Z/]{1,6}|字节|位)(?![a-zA-Z])|单位(?:为|是|:)\s?([a-zA-Z/]{1,6})", stem)
    unit = m and (m[1] or m[2])
    bare = re.compile(r"\s*-?[\d.]+\s*")
    return {c: f"{t} {unit}" if unit and bare.fullmatch(t) else t for c, t in choices.items()}


def _one_of_many(choices: Mapping[str, str], facts: Sequence[Fact], wrong: bool) -> tuple[Letter | None, bool]:
    """A choice that is one of many right ones, such as a safe sequence or a line of a table; or the one that isn't.

    The second value says that several choices are right ones, which leaves it open.
    """
    several = False
    for fact in facts:
        value = fact.value
        entries: list[Value] = []
        if isinstance(value, Mapping):
            entries = [[k, v] for k, v in value.items()]
        elif isinstance(value, (list, tuple)) and value and isinstance(value[0], (list, tuple)):
            entries = list(value)
        if not entries or fact.fit < 0.5:
            continue
        hits = [c for c, t in choices.items() if any(same(t, x, Out("")) for x in entries)]
        if len(hits) == 1 and not wrong:
            return Letter(hits[0], fact.fit >= 2), False
        if wrong and len(hits) == len(choices) - 1:
            return Letter(next(c for c in choices if c not in hits), fact.fit >= 2), False
        several |= len(hits) > 1 and fact.name in ("orders", "sequences")
    return None, several


def _variants(s: Solver, u: Understood, asked: Sequence[str]) -> list[Fact]:
    """What is asked for under each option that the question names (``FIFO 和 LRU 的缺页次数分别是``), or its difference."""
    for name, options in _options(s, u):
        out: list[Fact] = []
        for i, option in enumerate(options[:4]):
            try:
                answer = run(s, {**u.args, name: option}).answer
            except InputError:
                return []
            out += [Fact(a, answer[a], s.answers[a], 3.4 - 0.2 * j, i) for j, a in enumerate(asked) if a in answer]
        values = [f.value for f in out if f.name == asked[0]]
        if len(values) == 2 and _DIFFERENCE.search(tail_of(u.stem)):
            a, b = values
            if isinstance(a, (int, Fraction)) and isinstance(b, (int, Fraction)):
                return [Fact("difference", abs(Fraction(a) - b), s.answers[asked[0]], 3.4)]
        return out
    return []


def _options(s: Solver, u: Understood) -> Iterator[tuple[str, list[Any]]]:
    """Parameters for which the question names several values: enumerated ones, or ``结点 E 与结点 D 的后继分别是``."""
    for name, hint in hints_of(s).items():
        said = hint.said(u.stem) if isinstance(hint, Pick) else []
        if len(said) > 1:
            yield name, said
    pairs = list(_PAIR.finditer(tail_of(u.stem))) if "分别" in u.stem else []
    for name, value in u.args.items():
        for m in pairs:
            if str(value) in m.groups() and isinstance(value, (str, int)) and name not in u.assumed:
                yield name, [type(value)(x) for x in m.groups()]


# --- choices as arguments -------------------------------------------------------------------------------------------


def _tried(s: Solver, u: Understood) -> bool:
    return s.id in _TRIALS and _TRIALS[s.id][0] not in u.args and _PUT_UP.search(u.stem) is not None


def trial_of(
    stem: str, choices: Mapping[str, str], solvers: Mapping[str, Solver]
) -> tuple[Solver, dict[str, Any], Letter] | None:
    """A question whose choices are the data, such as ``下列序列中不可能是查找路径的是``: solver, arguments, letter."""
    if len(choices) < 3 or not _PUT_UP.search(stem):
        return None
    for id, (param, _) in _TRIALS.items():
        if id not in solvers or not re.search(_TRIAL_SIGNS[id], stem):
            continue
        args, _, _ = read_args(solvers[id], stem)
        args.pop(param, None)
        if all(f.name in args for f in solvers[id].fields if f.required and f.name != param):
            letter = try_choices(solvers[id], args, stem, choices)
            if letter is not None:
                return solvers[id], args, letter
    return None


def put_in(s: Solver, stem: str, choices: Mapping[str, str]) -> tuple[dict[str, Any], Letter] | None:
    """The letter of a question that lacks one datum, each choice giving it: the one of which the verdict is true, or
    whose value is the greatest or the least if that is asked; with the arguments under that choice.
    """
    if not _PUT_UP.search(stem):
        return None
    found: dict[str, tuple[dict[str, Any], Solution]] = {}
    for letter, text in choices.items():
        args, _, _ = read_args(s, f"{stem.rstrip('。')}:{text}。")
        try:
            found[letter] = args, run(s, args)
        except InputError:
            return None
    asked = next((a for a in asked_in_words(s, stem, near=True) if all(a in x.answer for _, x in found.values())), None)
    if asked is None:
        asked = next((a for a in s.answers if all(isinstance(x.answer.get(a), bool) for _, x in found.values())), None)
    if asked is None or len(found) < 3:
        return None
    values = {letter: x.answer[asked] for letter, (_, x) in found.items()}
    if all(isinstance(v, bool) for v in values.values()):
        goal = _WRONG.search(tail_of(stem)) is None
        hits = [letter for letter, v in values.items() if v == goal]
    elif all(isinstance(v, (int, Fraction)) for v in values.values()) and (
        m := re.search(r"最(大|小|多|少|长|短)", tail_of(stem))
    ):
        numbers = {letter: Fraction(str(v)) for letter, v in values.items()}
        best = (max if m[1] in "大多长" else min)(numbers.values())
        hits = [letter for letter, v in numbers.items() if v == best]
    else:
        return None
    return (found[hits[0]][0], Letter(hits[0], False)) if len(hits) == 1 else None


def try_choices(s: Solver, args: Mapping[str, Any], stem: str, choices: Mapping[str, str]) -> Letter | None:
    """Runs the solver on each choice; the one that differs from the others is the answer."""
    param, verdicts = _TRIALS[s.id]
    verdict = next((v for v, words in verdicts.items() if re.search(words, stem)), None)
    if verdict is None:
        return None
    goal: Value = _WRONG.search(tail_of(stem)) is None
    if verdict == "next_hop":
        m = re.search(
            r"(?:转发|发送|发|交)(?:到|给|往|至)\s?([A-Za-z]\d*|接口\s?\d+)|下一跳(?:为|是)\s?([A-Za-z\d.]+)",
            tail_of(stem),
        )
        if not m:
            return None
        goal = m[1] or m[2]
    hits, ran = [], 0
    for letter, text in choices.items():
        cells = re.findall(r"\d+(?:\.\d+)+|[A-Za-z]\d*|\d+", prepare(text))
        try:
            found = run(s, {**args, param: cells[0] if param == "number" and cells else cells}).answer.get(verdict)
            ran += 1
        except InputError:
            found = False
        if found == goal:
            hits.append(letter)
    return Letter(hits[0], True) if len(hits) == 1 and ran >= len(choices) - 1 else None
