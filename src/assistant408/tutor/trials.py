"""Choices that are the data of a question (``下列序列中不可能是……的是``): a solver run on each of them.

A choice stands for one parameter of the solver; the letter is that of the one choice on which the verdict differs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assistant408.core.errors import InputError
from assistant408.core.registry import Solver
from assistant408.core.trace import Solution, Step, Value
from assistant408.tutor.arith import arithmetic
from assistant408.tutor.asked import asked_in_words
from assistant408.tutor.match import Letter, tail_of
from assistant408.tutor.quantity import prepare
from assistant408.tutor.understand import Understood, read_args, run

__all__ = ["WRONG", "explained", "put_in", "trial_of", "tried", "try_choices"]

WRONG = re.compile(r"不(?:可能|能|正确|是|会|合法|符合|属于|存在|在同一)|错误|非法|矛盾|记错|违反")
# solver → the parameter that a choice of “下列序列” stands for, and the result that says whether it is right
_TRIALS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "ds.stack_permutations": ("pops", {"valid": ""}),
    "ds.deque_permutations": ("pops", {"valid": ""}),
    "ds.topological_sort": ("candidate", {"valid": ""}),
    "ds.search_path": ("keys", {"valid": ""}),
    "ds.sort_identify": ("result", {"quick_possible": ""}),
    "ds.stack_operations": ("operations", {"valid": ""}),
    "ds.pointer_ops": ("code", {"valid": ""}),
    "ds.heap": ("keys", {"is_heap": "[大小](?:根|顶)|最[大小]堆", "either_heap": ""}),
    "ds.prefix_code": (
        "codes",
        {"optimal": "(?:频[率度次]|次数|权值?)(?s:.)*哈夫曼", "complete": "哈夫曼", "prefix_free": ""},
    ),
    "ds.huffman_paths": ("first+second", {"valid": ""}),
    "ds.graph_traversal": ("candidate", {"bfs_valid": "广度|BFS", "dfs_valid": ""}),
    "co.base_conversion": ("number", {"exact": "精确"}),
    "cn.route_lookup": ("destinations", {"next_hop": ""}),
    "co.ieee754": ("value", {"exact": "精确"}),
    "co.normalized_mantissa": ("number", {"normalized": "规格化"}),
    "co.parity_code": ("bits", {"valid": ""}),
    "cn.address_member": ("address", {"assignable": "分配|网关|主机(?:的)?(?:IP)?地址|可用", "member": ""}),
    "cn.address_kind": (
        "address",
        {
            "source_only": "只能[^,。]{0,16}源(?:IP)?地址",
            "destination_only": "只能[^,。]{0,16}目的(?:IP)?地址",
            "private": "私有|专用|内网",
            "public": "因特网|公网|Internet",
        },
    ),
    "cn.subnet_partition": ("other", {"possible": ""}),
    "cn.ipv6_address": ("text", {"equal": "压缩|缩写|简写|等价|相同|同一", "valid": ""}),
    "cn.arq_window_state": ("shown", {"possible": ""}),
    "co.crc": ("bits", {"has_error": "出错|差错|错误|正确"}),
    "os.pv_outputs": ("sequence", {"possible": ""}),
}
_WHOLE = ("number", "address", "text", "bits", "other")  # parameters that take a choice as one text
_TRIAL_SIGNS: Mapping[str, str] = {
    "ds.stack_permutations": "[出进入退压]栈|栈[^。]{0,20}(?:输入|输出)",
    "ds.deque_permutations": "双端队列|队[^。]{0,20}两端[^。]{0,10}(?:入|进|出|插|删)",
    "ds.topological_sort": "拓扑",
    "ds.sort_identify": "快速排序[^。]{0,30}趟",
    "ds.search_path": "(?:折半|二叉(?:排序|查找|搜索)树)[^。]{0,40}(?:比较|查找|路径)",
    "ds.stack_operations": "操作序列",
    "ds.pointer_ops": "链表[^。]{0,80}(?:插入|删除|删去|插到)|(?:插入|删除|删去)[^。]{0,60}链表",
    "ds.heap": "堆(?!栈)",
    "ds.prefix_code": "前缀(?:编)?码|哈夫曼编码[^。]{0,12}(?:可能|是)|可能是[^。]{0,12}哈夫曼编码",
    "ds.huffman_paths": "路径上的权值",
    "ds.graph_traversal": "(?:深度|广度)优先",
    "co.base_conversion": "(?:二进制|浮点|IEEE ?754)[^。]{0,12}精确|精确[^。]{0,12}二进制",
    "cn.route_lookup": "(?:路由|转发)表",
    "co.ieee754": "(?:IEEE ?754|单精度|双精度|float|浮点)(?s:.){0,30}精确",
    "co.normalized_mantissa": "尾数(?s:.){0,40}规格化",
    "co.parity_code": "[奇偶]校验(?s:.){0,60}(?:收到|接收|出错|正确)",
    "cn.address_member": "同一(?:个)?(?:子网|网络)|网关|分配给(?:主机|该)|主机(?:的)?(?:IP)?地址|前缀[^。]{0,30}匹配|匹配[^。]{0,20}前缀|属于(?:该|此|网络|子网)",
    "cn.subnet_partition": "(?:另外|其余|其他)[^。]{0,6}子网",
    "cn.address_kind": "只能[^,。]{0,16}(?:源|目的)(?:IP)?地址|(?:私有|专用|内网)(?:IP)?地址|(?:公网|因特网|Internet)[^。]{0,16}(?:IP)?地址",
    "cn.ipv6_address": "IPv6",
    "co.crc": "(?:CRC|生成多项式)[^。]{0,60}(?:检验|校验|收到)",
    "os.pv_outputs": "(?:输出|打印|执行)[^。]{0,8}(?:序列|次序|顺序|结果)",
    "cn.arq_window_state": "(?:期待|期望)[^。]{0,80}窗口",
}
_PUT_PLAINLY = re.compile(r"(?:下[列面]|以下|哪)[^,。]{0,12}(?:地址|网络|子网)")
_PUT_UP = re.compile(
    r"下[列面]|以下|如下|哪|可以得到|可能(?:得到|的|是)|不(?:是|属于)|不(?:可能|能|合法)|矛盾|记错|正确的|语句序列"
)


def tried(s: Solver, u: Understood) -> bool:
    """Whether a question that was read lacks the one datum that its choices give."""
    lacks = s.id in _TRIALS and _TRIALS[s.id][0] not in u.args and re.search(_TRIAL_SIGNS[s.id], u.stem)
    return bool(lacks) and _PUT_UP.search(u.stem) is not None


def trial_of(
    stem: str, choices: Mapping[str, str], solvers: Mapping[str, Solver], plain: bool = False
) -> tuple[Solver, dict[str, Any], Letter] | None:
    """A question whose choices are the data, such as ``下列序列中不可能是查找路径的是``: solver, arguments, letter.

    Args:
        plain: only if the clause that asks says so.
    """
    if len(choices) < 3 or not _PUT_UP.search(stem):
        return None
    if plain and not _PUT_PLAINLY.search(tail_of(stem)):
        return None
    for id, (param, _) in _TRIALS.items():
        if id not in solvers or not re.search(_TRIAL_SIGNS[id], stem):
            continue
        args, _, _ = read_args(solvers[id], stem)
        names = param.split("+")
        args = {k: v for k, v in args.items() if k not in names}
        if all(f.name in args for f in solvers[id].fields if f.required and f.name not in names):
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
        glue = "\n" if stem.endswith("|") else ":"  # behind a table
        args, _, _ = read_args(s, f"{stem.rstrip('。')}{glue}{text}。")
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
        tail = tail_of(stem)
        goal = WRONG.search(tail) is None
        if "越界" in tail:
            goal = re.search("不(?:会|产生|能|发生)?[^。]{0,4}越界|没有越界|未越界", tail) is not None
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
    goal: Value = verdict.endswith("_only") or WRONG.search(tail_of(stem)) is None
    if verdict == "next_hop":
        m = re.search(
            r"(?:转发|发送|发|交)(?:到|给|往|至)\s?([A-Za-z]\d*|接口\s?\d+)|下一跳(?:为|是)\s?([A-Za-z\d.]+)",
            tail_of(stem),
        )
        if not m:
            return None
        goal = m[1] or m[2]
    if verdict == "has_error":
        goal = re.search(r"没有|未|无差?错|正确", tail_of(stem)) is None
        args = {**args, "mode": "检错"}
    hits, ran = [], 0
    for letter, text in choices.items():
        try:
            found = run(s, {**args, **_as_data(param, text)}).answer.get(verdict)
            ran += 1
        except InputError:
            found = False
        if found == goal:
            hits.append(letter)
    return Letter(hits[0], True) if len(hits) == 1 and ran >= len(choices) - 1 else None


def _as_data(param: str, text: str) -> dict[str, str | list[str]]:
    """A choice as the value of a parameter: a list of its names and numbers, or one text; two lists for ``a+b``."""
    if param in ("code", "operations"):
        return {param: text.strip()}
    if param == "value":
        written = arithmetic(prepare(text))
        return {param: text.strip() if written is None else str(written)}
    names = param.split("+")
    parts = re.split(r"[;和与]|以及", prepare(text)) if len(names) > 1 else [prepare(text)]
    lists = [re.findall(r"\d+(?:\.\d+)+|[A-Za-z]\d*|\d+", p) for p in parts]
    if param not in _WHOLE:
        return dict(zip(names, lists, strict=False))
    return {param: text.strip() if re.search("[:/]", text) or not lists[0] else lists[0][0]}


def explained(s: Solver, args: Mapping[str, Any], choices: Mapping[str, str]) -> list[Step]:
    """What the solver says of each choice, a step a choice; none if the choices aren't the solver's data."""
    if s.id not in _TRIALS:
        return []
    out = []
    for letter, text in choices.items():
        try:
            steps = run(s, {**args, **_as_data(_TRIALS[s.id][0], text)}).steps
        except InputError as e:
            out.append(Step(f"选项 {letter}（{text}）：{e}"))
            continue
        said = "".join(step.why for step in steps[:2])
        out.append(Step(f"选项 {letter}（{text}）：{said}", steps[0].data, steps[0].credit))
    return out
