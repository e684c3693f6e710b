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
from assistant408.tutor.safety import safety
from assistant408.tutor.trials import WRONG, tried, try_choices
from assistant408.tutor.understand import Understood, run
from assistant408.tutor.values import same

__all__ = ["letter_of"]

SAFE_CONFIDENCE = 0.6  # below it, the question may be about something else
SAFE_COVERAGE = 0.65  # the share of the question's numbers that is to be used
MOST_UNUSED = 9  # numbers that may be left aside all the same
_VALUE = re.compile(
    r"-?[\d./^×]+\s?[^\d\s,、;(]{0,6}|[\dkmn+\-()]{1,8}"
)  # one number: 不会死锁的最少资源数 is no question of what is wrong
_NAMES = {"ds.sort_identify": "methods", "ds.shell_sort": "gaps_found"}  # results of which a choice is one member
_CHANGE = re.compile(  # words that change the data in a way that few solvers read
    r"减少(?:了)?(?:一半|\d)|增加(?:了)?(?:一倍|\d+%)|提高(?:了)?(?:一倍|\d)|改为|改成|改用|优化后|扩大|缩短为|变为原来|若再|加倍|翻倍"
)
_CHANGING = ("os.directory_search", "os.semaphore_count", "os.belady", "os.dynamic_partition", "os.grouped_free_list")
_PAIR = re.compile(
    r"(?<![A-Za-z\d.])([A-Z]\d?|\d{1,3})\s?(?:与|和|、)\s?(?:结点|顶点|进程|第)?\s?([A-Z]\d?|\d{1,3})(?![A-Za-z\d.])"
)
_DIFFERENCE = re.compile(r"相差|(?:比|较).{1,20}?(?:多|少|节省|减少|快|慢|长|短)|节省|缩短|减少(?:了)?多少|之差")
_MORE = r"\(\s?\w\s?[-+]\s?\w\s?\)\s?[-+]|(?<![\w.])\d\s?[xyXY](?!\w)|[xyXY]\s?/\s?\d|(?<!\w)[a-zA-Z]\s?[-+]\s?[a-zA-Z]\s?[-+]\s?[a-zA-Z]"
_BEYOND: Mapping[str, str] = {  # words of what a solver that fits otherwise doesn't do
    "co.fixed_add": rf"[乘除×]|移位|<<|>>|取反|按位|{_MORE}",
    "co.ieee754_add": rf"[乘除]|{_MORE}",
    "co.shift": r"-\s?[xX]|[xXyY]\s?/\s?\d",
    "co.memory_expansion": "ROM[^。]{0,60}RAM|RAM[^。]{0,60}ROM|MAR|地址寄存器",
    "co.struct_alignment": "(?:大端|小端)(?s:.)*(?:机器数|内容|[0-9A-F]{2}H所在)",
    "co.bus_bandwidth": "不支持突发|非突发",
    "ds.binary_tree_rebuild": "森林|删除|插入",
    "ds.hash_table": "链(?:表)?中的?(?:记录|结点|元素|关键字)|链长",
    "ds.stack_permutations": "(?:以|最后)[^,。]{0,6}(?:结尾|收尾)",
    "cn.hamming_distance": "同时|并且?(?:能|可)",
    "cn.symbol_rate": "相比|比较",
    "cn.sliding_window": "新旧|无法区分|混淆",
    "cn.switch_latency": "开始发送到|收完|两段",
}
_WHOLLY = (
    *(
        "os.semaphore_count",
        "os.effective_access_time",
        "os.eat_target",
        "os.multiprogramming_degree",
        "os.path_lookup",
        "os.page_fragment",
    ),  # they read stories of many wordings: a letter only if all was read and what is asked for was named
    *("cn.aloha", "cn.bottleneck", "cn.lan_domains", "cn.layer_overhead", "cn.modulation", "cn.multiplexing", "cn.pcm"),
    *(
        "ds.binary_tree_counts",
        "ds.forest_sizes",
        "ds.graph_degrees",
        "ds.k_ary_tree",
        "ds.search_length",
        "ds.sort_bounds",
    ),
    *("cn.send_quota", "cn.slow_start_time", "cn.switch_latency", "cn.symbol_rate", "cn.tcp_ack", "cn.token_bucket"),
)


def letter_of(s: Solver, u: Understood, solution: Solution, asked: Sequence[str], question: str) -> Letter | None:
    """The letter of the one choice that the solution bears out, or `None`."""
    text = prepare(question)
    choices = _with_units(u.choices, u.stem)
    wrong = WRONG.search(tail_of(u.stem)) is not None and not all(_VALUE.fullmatch(t.strip()) for t in choices.values())
    if tried(s, u) and not all(re.fullmatch(r"\d+\s?[种个次]?", x.strip()) for x in choices.values()):
        return try_choices(s, u.args, u.stem, choices)
    said = [a for a in asked_in_words(s, u.stem, near=True) if a in solution.answer]
    given = [str(v) for v in u.args.values()]
    facts = facts_of(solution.answer, s.answers, said, asked[0], u.stem, given)
    facts += _in_bytes(facts, u.stem)
    facts += _by_size(facts, u)
    if (letter := safety(choices, solution.answer)) is not None:
        return Letter(letter, u.coverage > 0.99)
    if s.id in _NAMES and (member := _member(choices, solution.answer.get(_NAMES[s.id]), wrong)):
        return member
    one, several = _one_of_many(choices, facts, wrong, WRONG.search(tail_of(u.stem)) is not None)
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
    if u.confidence < (SAFE_CONFIDENCE if not found.sure or u.unused else 0.5):
        return None
    if u.coverage < SAFE_COVERAGE and u.unused > (MOST_UNUSED if found.sure else 0):
        return None
    if s.id in _WHOLLY and not (found.sure and u.coverage > 0.99):
        return None
    if s.id in _BEYOND and re.search(_BEYOND[s.id], u.stem):
        return None
    return Letter(found.choice, found.sure and u.coverage > 0.99 and not variants)


def _member(choices: Mapping[str, str], value: Value | None, wrong: bool) -> Letter | None:
    """The one choice that is (or, if that is asked, is not) among the results, which may be named more or less fully."""
    if not isinstance(value, (list, tuple)):
        return None
    names = {_short(str(v)) for v in value}
    hits = [letter for letter, text in choices.items() if (_short(text) in names) != wrong]
    return Letter(hits[0], True) if len(hits) == 1 else None


def _short(name: str) -> str:
    return re.sub(r"[（(].*|直接|简单|二路|[2两]路|排序|法|\s", "", name)


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


def _by_size(facts: Sequence[Fact], u: Understood) -> list[Fact]:
    """Entries of tables by request, if the question names a request by its size alone (``64 KB 的请求``)."""
    events = u.args.get("events")
    tail = tail_of(u.stem)
    if not isinstance(events, list):
        return []
    sizes = [e.get("size") for e in events if isinstance(e, dict)]
    return [
        replace(f, value=f.value[e["name"]], fit=f.fit + 0.3)
        for f in facts
        if isinstance(f.value, Mapping)
        for e in events
        if e["name"] in f.value
        and sizes.count(e["size"]) == 1
        and re.search(rf"(?<!\d){e['size']}\s?[KM]?B?\s?的", tail)
    ]


def _reads_changes(s: Solver) -> bool:
    return s.id in _CHANGING or s.id in ("co.amdahl", "co.cpu_change", "co.cpu_comparison") or s.subject in ("ds", "cn")


def _with_units(choices: Mapping[str, str], stem: str) -> dict[str, str]:
    """Bare numbers with the unit that stands behind the blank (``( ) ns``) or before it (``(单位:ns)``)."""
    m = re.search(r"[(]\s*[)]\s?([a-zA-Z/]{1,6}|字节|位)(?![a-zA-Z])|单位(?:为|是|:)\s?([a-zA-Z/]{1,6})", stem)
    unit = m and (m[1] or m[2])
    bare = re.compile(r"\s*-?[\d.]+\s*")
    return {c: f"{t} {unit}" if unit and bare.fullmatch(t) else t for c, t in choices.items()}


def _one_of_many(
    choices: Mapping[str, str], facts: Sequence[Fact], wrong: bool, unlike: bool
) -> tuple[Letter | None, bool]:
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
        elif fact.name in ("values", "sequences") and isinstance(value, (list, tuple)):
            if any(same(t, value, Out("")) for t in choices.values()):
                continue  # a choice lists them all
            entries = list(value)  # each of them is a possible one
            wrong = unlike
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
