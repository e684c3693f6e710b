"""How questions about lists, stacks, queues, strings and arrays word the parameters and results of their solvers."""

from __future__ import annotations

import re

from assistant408.tutor.extract import Hint, Reader, assume, const, first, flag, integer, num, pick, text
from assistant408.tutor.hints.ds_shared import N, as_int
from assistant408.tutor.quantity import finditer, search
from assistant408.tutor.rows import code, expression

__all__ = ["ASKS", "HINTS", "SIGNS"]

RUN = r"((?:[A-Za-z\d]\d?\s?[,、和]\s?){2,}[A-Za-z\d]\d?(?![A-Za-z\d])|[A-Za-z]{3,}|\d{3,9})"


def _runs(*patterns: str) -> Hint:
    """A run of names (``a,b,c`` or ``abc``) in the first group, as a list."""

    def read(r: Reader) -> list[str] | None:
        if any("依次" in p for p in patterns) and (m := search(r"([A-Za-z\d])\s?~\s?([A-Za-z\d])\s?依次", r.text)):
            r.take(*m.span())
            return [chr(c) for c in range(ord(m[1]), ord(m[2]) + 1)]
        for pattern in patterns:
            for m in finditer(pattern, r.text):
                if r.is_used(*m.span(1)):
                    continue
                cells = re.findall(r"[A-Za-z\d]+", m[1])
                r.take(*m.span(1))
                return list(cells[0]) if len(cells) == 1 else cells
        return None

    return read


def _operations(r: Reader) -> list[int] | None:
    """Entries and exits of a queue in order, with their counts."""
    out = []
    verbs = "入队|进队|加入|插入|出队|删除"
    for m in finditer(rf"({verbs})了?\s?{N}?|{N}\s?(?:个|次)?(?:元素)?\s?({verbs})", r.text):
        verb, n = m[1] or m[4], m[2] or m[3]
        if n is None:
            continue
        r.take(*m.span())
        out.append(as_int(n) * (-1 if verb in ("出队", "删除") else 1))
    single = search(r"(?:再|连续|依次)?(?:删除|出队)一个元素,?(?:再|并|又)?(?:插入|入队)(一|两)个元素", r.text)
    return out or ([-1, 1 if single[1] == "一" else 2] if single else None)


def _dims(r: Reader) -> list[int] | None:
    if (spaced := _spaced(r)) is not None:
        return spaced
    sized = search(r"n\s?阶[^。]{0,60}(?<![A-Za-z])n\s?=\s?(\d+)", r.text)
    if sized:
        r.take(*sized.span(1))
        return [int(sized[1])]
    m = search(r"(\d+)\s?阶|(\d+)\s?[×x*]\s?\d+(?:\s?[×x*]\s?\d+)*", r.text)
    if m and m[1]:
        r.take(*m.span(1))
        return [int(m[1])]
    if m:
        r.take(*m.span())
        return [int(x) for x in re.findall(r"\d+", m[0])]
    bounds = search(r"[A-Za-z]\s?\[(\d+(?:\.\.|:|-)\d+(?:\s?,\s?|\]\s?\[)\d+(?:\.\.|:|-)\d+)", r.text)
    square = search(r"[A-Za-z]\s?\[(\d+)\]\s?\[(\d+)\]", r.text)
    if bounds:
        r.take(*bounds.span(1))
        ends = [int(x) for x in re.findall(r"\d+", bounds[1])]
        return [b - a + 1 for a, b in zip(ends[::2], ends[1::2], strict=False)]
    if square:
        r.take(*square.span())
        return [int(square[1]), int(square[2])]
    m = search(r"(\d+)\s?行\s?(\d+)\s?列", r.text)
    return [int(m[1]), int(m[2])] if m else None


def _start_of(r: Reader) -> int | None:
    at_least = search(r"([01])\s?(?:≤|<=)\s?i", r.text)
    if at_least:
        return int(at_least[1])
    m = search(r"[A-Za-z]\s?\[([01])(?:\.\.|:)\d+\s?(?:,|\]\s?\[)", r.text) or search(
        r"(?:行列?|元素|矩阵|[aAM])?(?:的)?(?:行、?列?)?下标(?:均|都)?从\s?([01])", r.text
    )
    if m:
        return int(m[1])
    return 0 if search(r"[Aa]\s?\[0\]\s?\[0\]|[aA]_?\(?0,?0\)?是?为?第一|a00", r.text) else None


def _index(r: Reader) -> list[int] | None:
    for m in finditer(
        r"(?:元素|[A-Za-z])\s?[\[(]\s?(\d+)\s?(?:,|\]\s?\[)\s?(\d+)(?:\s?(?:,|\]\s?\[)\s?(\d+))?\s?[\])]|a_?(\d)(\d)(?![\d,])|[a-z]_?\{?(\d+),\s?(\d+)",
        r.text,
    ):
        cells = [int(g) for g in m.groups() if g]
        around = r.text[m.end() : m.end() + 8]
        if (
            (cells and max(cells) <= 1)
            or re.match(r"\s?(?:的)?(?:首|起始|存储)?(?:地址|位置)(?:为|是|=)\s?\d", around)
            or r.is_used(*m.span(1))
        ):
            continue
        r.take(*m.span())
        return cells
    return None


def _only_if_counted(*starts: str) -> Hint:
    """A piece of program, if the question is how often or how long it runs."""
    read = code(*starts)

    def counted(r: Reader) -> str | None:
        if not search(r"复杂度|次|频度|量级|T\(n\)|时间", r.text):
            return None
        piece: str | None = read(r)
        if piece is None:
            return None
        body = re.fullmatch(r"(?s)(?:\w+\s+)?\w+\s?\(\s?(?:int|long)\s+n\s?\)\s?\{(.*)\}", piece)  # a function around
        return re.sub(r"return\b[^;]*;", "", body[1]) if body else piece

    return counted


def _unnamed(r: Reader) -> list[str] | None:
    """``4 个不同元素依次进栈``: they are called 1, 2, …."""
    m = search(rf"{N}\s?个(?:互不相同的|不同的?)?元素(?:依次|顺序)?(?:进|入)栈", r.text)
    if not m:
        return None
    r.take(*m.span(1))
    return [str(k) for k in range(1, as_int(m[1]) + 1)]


def _both(name: str) -> Hint:
    """``rear 和 front 的值分别为 0 和 3``, in either order."""

    def read(r: Reader) -> int | None:
        m = search(
            r"(front|rear)\s?(?:和|与|、)\s?(front|rear)\s?的?(?:当前)?(?:值)?分别(?:为|是|=|:)?\s?(\d+)\s?[和、,与]\s?(\d+)",
            r.text,
        )
        if not m:
            return None
        r.take(*m.span())
        return int(m[3] if m[1] == name else m[4])

    return read


def _spaced(r: Reader) -> list[int] | None:
    """The columns of an array stored by rows, from the addresses of two of its elements."""
    found = re.findall(
        r"[A-Za-z]\s?\[(\d+)\]\s?\[(\d+)\][^,。;\d\[]{0,10}?(?:地址|位置)(?:为|是)?\s?(\d+)", r.text, re.ASCII
    )
    if len(found) != 2 or search("列优先|按列|列序", r.text):
        return None
    (i, j, a), (k, m, b) = ([int(x) for x in row] for row in found)
    size = search(r"每个?(?:数组)?元素占(?:用)?\s?(\d+|[一二两三四])", r.text)
    units = (b - a) / (as_int(size[1]) if size else 1) - (m - j)
    if k == i or units % (k - i):
        return None
    for found_at in finditer(r"(?:地址|位置)(?:为|是)?\s?(\d+)", r.text):
        r.take(*found_at.span(1))
    return [1000, int(units // (k - i))]


HINTS: dict[str, dict[str, Hint]] = {
    "ds.circular_queue": {
        "front": first(
            _both("front"),
            integer(
                r"front\s?(?:=|为|是|的值为|的值分别为|值为)\s?(\d+)",
                r"(?:队头|头指针|队首)[^,。;\d]{0,8}?\s?(?:=|为|是|:)?\s?(\d+)",
                r"front\s?和\s?rear\s?的?(?:值)?分别(?:为|是|=|:)?\s?(\d+)",
            ),
        ),
        "rear": first(
            _both("rear"),
            integer(
                r"rear\s?(?:=|为|是|的值为|值为)\s?(\d+)",
                r"(?:队尾|尾指针)[^,。;\d]{0,8}?\s?(?:=|为|是|:)?\s?(\d+)",
                r"front\s?和\s?rear\s?的?(?:值)?分别(?:为|是|=|:)?\s?\d+\s?[和、,]\s?(\d+)",
            ),
        ),
        "size": first(
            lambda r: None if (n := integer(r"\[0\s?(?:\.\.|~|-|:|,|…)\s?(\d+)\]")(r)) is None else n + 1,
            integer(r"(?:Max[Ss]ize|MAXSIZE|m|M|n|N|QueueSize)\s?(?:=|为)\s?(\d+)", r"[A-Z]\s?\[(\d+)\]"),
            integer(r"(?:大小|长度|容量)为\s?(\d+)\s?的(?:一维)?数组"),
            num("数组(?:大小|长度|容量)?|长度|容量|大小", before=["个?(?:单元|存储单元|元素的数组)"]),
        ),
        "layout": pick(
            {
                "front_before": "front[^,。;]{0,12}(?:前一|前面)|头指针[^,。;]{0,10}前一",
                "both_on": "rear[^,。;]{0,8}指向(?:当前)?队尾(?:元素)?(?!.{0,4}(?:下|后|之))",
            }
        ),
        "full": pick(
            {
                "one_free": "牺牲|少用一个|空出一个|浪费一个",
                "counter": "计数|size|元素个数变量|count",
                "tag": "tag|标志",
            }
        ),
        "operations": _operations,
    },
    "ds.dag_expression": {"text": expression(5), "commutative": flag("交换律")},
    "ds.deque_permutations": {
        "kind": pick(
            {
                "one_exit": "输出受限|一端(?:可以)?(?:出|删除).{0,8}(?:另一端|两端).{0,4}(?:进|插入|入)|两端(?:都)?可?(?:以)?(?:入|进|插入).{0,14}一端(?:可以)?(?:出|删)",
                "one_entrance": "输入受限|两端(?:都)?可?(?:以)?(?:出|删除)",
            }
        ),
        "pops": _runs(
            rf"(?:输出|出队)(?:序列|顺序|次序)?(?:为|是|:|能否为|可能是|得到)\s?{RUN}",
            rf"(?:得到|输出)\s?(?:序列)?\s?{RUN}",
        ),
        "pushes": _runs(
            rf"{RUN}\s?(?:依次|顺序|按.{{0,6}}(?:次序|顺序))?\s?(?:进入|进|入|插入)",
            rf"(?:输入|入队|进队)(?:序列|顺序|次序)?(?:为|是|:)?\s?{RUN}",
        ),
    },
    "ds.expression": {
        "text": expression(),
        "notation": pick(
            {
                "infix": "中缀",
                "postfix": "后缀(?:表达)?式(?:为|是|:)?\\s?(?:[\\dA-Za-z]|\\((?!\\s?\\)))|(?:后缀|逆波兰)[^,。]{0,12}(?:求值|计算|的值)",
                "prefix": "前缀(?:表达)?式(?:为|是|:)?\\s?[-+*/]",
            }
        ),
        "stop": text(r"扫描(?:到|至|完)\s?(?:操作数|运算符|字符)?\s?['\"]?([A-Za-z+\-*/)])"),
        "integer_division": flag("整除|整数除|取整"),
    },
    "ds.loop_count": {
        "n": integer(r"(?:当|若|设|取|令)\s?n\s?(?:=|为|是)\s?(\d+)", r"n\s?(?:=|为)\s?(\d+)\s?时"),
        "statement": text(
            r"语句\s?[`'\"“]?\s?([\w+=\-*/. ]{2,24}?)\s?[`'\"”]?\s?(?:的|共|一共)?(?:执行|频度|次数)",
            r"`([^`;]{2,20})`\s?的?(?:执行|频度)",
        ),
        "code": _only_if_counted(r"(?:int|for|while|do|[a-z]\w{0,5}\s?=\s?[\w*/+-]+\s?[;,])"),
    },
    "ds.matrix_address": {
        "kind": first(
            pick(
                {
                    "symmetric_upper": "对称矩阵[^。]{0,30}上三角|上三角[^。]{0,20}对称",
                    "symmetric_lower": "对称",
                    "tridiagonal": "三对角|带状",
                    "lower": "下三角",
                    "upper": "上三角",
                    "general": "数组|矩阵",
                }
            ),
            const("general", r"[A-Za-z]\s?\[\d+\]\s?\[\d+\]"),
        ),
        "position": integer(
            r"(?:k|下标|位置)\s?(?:=|为|是)\s?(\d+)\s?(?:的|处|时|对应|所)",
            r"[BMF]\s?\[(\d{2,})\](?!\s?\[)",
            r"[A-Z]\s?\[(\d+)\]\s?(?:存放|中|对应|的元素)",
        ),
        "base": first(
            integer(
                r"(?:首地址|起始地址|基地址|基址|首元素[^,。]{0,12}地址|A\[[01]\]\[[01]\][^,。]{0,8}(?:地址|位置)|存储地址)\s?(?:为|是|=)?\s?(\d\w*)"
            ),
            integer(r"LOC\([^)]*\)\s?=\s?(\d+)", r"从\s?(?:地址)?\s?(\d{3,})\s?(?:开始|起)"),
        ),
        "size": integer(
            r"(?:每个?|每一?个?)(?:数组|矩阵)?元素占?(?:用)?\s?(\d+|[一二两三四五六八])\s?(?:个|字节|B|存|单)",
            r"L\s?=\s?(\d)",
        ),
        "position_start": first(
            integer(
                r"(?:[BNSFT]|一维数组|数组\s?[BNSFT])[^,。;]{0,12}下标(?:也|均|都)?从\s?([01])",
                r"下标从\s?([01])\s?(?:开始|起)的一维数组",
                r"[BNSFTM]\s?\[([01])(?:\.\.|\])",
                r"[BNSFT]\s?(?:的)?(?:下标)?(?:也|则)?从\s?([01])",
            ),
            const(0, r"[BNSFTM]\s?\[0\.\.|下标均从 ?0|下标都从 ?0"),
            const(1, r"[BNSFTM]\s?\[1\.\.|下标均从 ?1|下标都从 ?1"),
        ),
        "dims": first(_dims, assume([100], "上三角[^。]{0,40}按?列|下三角[^。]{0,40}按?行")),
        "index": first(
            lambda r: _index(r),
        ),
        "order": pick({"column": "列优先|按列|列序|以列", "row": "行优先|按行|行序|以行"}),
        "index_start": _start_of,
    },
    "ds.stack_operations": {
        "operations": text(r"(?<![A-Za-z])([SX]{4,}|[IO]{4,})(?![A-Za-z])"),
        "items": _runs(rf"{RUN}\s?(?:依次|顺序)?\s?(?:进|入|压)"),
        "empty_end": const(True, "合法|非法"),
    },
    "ds.stack_permutations": {
        "capacity": integer(
            rf"(?:容量|栈的?(?:最大)?(?:深度|大小)|最多(?:只能)?(?:容纳|存放))(?:为|是|至多|只有)?\s?{N}",
            rf"栈(?:中)?[^,。]{{0,6}}最多[^,。]{{0,6}}?{N}\s?个",
        ),
        "max_run": first(
            const(2, "不(?:允许|能|得)连续(?:三|3)次"),
            const(1, "不(?:允许|能|得)连续(?:两|二|2)次"),
            integer(rf"(?:连续|一次)(?:最多|至多)\s?{N}\s?次退"),
        ),
        "prefix": _runs(
            r"以\s?(?:元素)?\s?((?:[A-Za-z\d]\s?[,、]?\s?)*[A-Za-z\d])\s?(?:开头|打头|开始|为首)",
            r"(?:第一个|首先|最先)(?:出栈)?的?(?:元素|是|为|出栈)*\s?([A-Za-z\d])(?![A-Za-z\d])",
        ),
        "pops": _runs(
            rf"(?:出栈|退栈|输出|出队)(?:的)?(?:序列|顺序|次序)?(?:为|是|:|能否为|能不能是|可能是|得到)?\s?{RUN}",
            rf"(?:得到|能否)\s?(?:输出)?(?:序列)?\s?{RUN}",
        ),
        "pushes": first(
            _runs(
                rf"{RUN}\s?(?:依次|顺序|按.{{0,6}}(?:次序|顺序))?\s?(?:进|入|压|地进|通过|经过)",
                rf"(?:进栈|入栈|压栈|输入)(?:的)?(?:序列|顺序|次序)?(?:为|是|:)?\s?{RUN}",
            ),
            _unnamed,
        ),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "ds.circular_queue": {
        "length": "元素个数|长度|多少个元素|几个元素|元素(?:的)?(?:个数|数目)|队列中(?:有|的元素)",
        "front": "front\\s?(?:的值|为|是|变|=)",
        "rear": "rear\\s?(?:和|的值|为|是|变|=)",
        "full_condition": "队满(?:的)?条件|判(?:断)?队?满",
        "empty_condition": "队空(?:的)?条件|判(?:断)?队?空",
        "usable": "最多(?:能|可)",
    },
    "ds.deque_permutations": {"count": "(?:多少|几)种|个数|数目", "valid": "能否|是否|能不能|可能|合法"},
    "ds.expression": {
        "stack_at": "(?:此时|这时)?栈(?:中|内)(?:的)?(?:内容|元素|依次|运算符|是|$)|栈里",
        "max_operands": "操作数栈?[^,。]{0,14}最(?:多|大)|最多[^,。]{0,6}操作数",
        "max_operators": "运算符[^,。]{0,14}最(?:多|大)|操作符[^,。]{0,14}最(?:多|大)|(?:运算符|操作符)?栈(?:的)?(?:最大)?(?:深度|容量)|最多[^,。]{0,8}(?:运算符|操作符)",
        "value": "(?:的)?值|结果是多少|求值|计算结果",
        "postfix": "后缀|逆波兰",
        "prefix": "前缀|波兰",
    },
    "ds.loop_count": {
        "order": "复杂度|量级",
        "formula": "(?:执行|多少|几)[^,。]{0,6}次|次数|频度",
        "count": "(?:执行|多少|几)[^,。]{0,6}次|次数|频度",
    },
    "ds.matrix_address": {
        "address": "地址|存储位置",
        "position": "下标|位置|B\\[|k",
        "index": "元素(?:是|为)|哪个元素|行(?:、|和)?列|行号",
        "cells": "多少个?(?:存储)?单元|至少[^,。]{0,6}(?:单元|空间)",
        "before": "之前|前面",
    },
    "ds.stack_operations": {
        "valid": "合法|非法",
        "output": "出栈序列|输出",
        "top": "栈顶",
        "capacity": "容量|最多",
        "size": "(?:多少|几)个|个数",
    },
    "ds.stack_permutations": {
        "count": "(?:多少|几)种|个数|数目|(?:多少|几)个",
        "min_capacity": "容量(?:至少|最小|应|为)|至少(?:应|要)?(?:为|能|有|需)",
        "valid": "能否|是否|能不能|可能(?:吗|得到)|合法",
        "blocked_at": "第一个(?:无法|不能)",
        "operations": "操作序列",
    },
}
SIGNS: dict[str, str] = {
    "ds.circular_queue": "循环队列|环形队列",
    "ds.dag_expression": "有向无环图[^。]{0,20}(?:表达式|描述|表示)|DAG",
    "ds.deque_permutations": "双端队列",
    "ds.expression": "(?:中缀|后缀|前缀|逆波兰)(?:表达)?式",
    "ds.loop_count": "(?:for|while)\\s?\\([^)]*\\)|频度",
    "ds.matrix_address": "(?:行|列)优先|压缩存储|对称矩阵|三对角|三角矩阵|(?:行|列)序为主",
    "ds.stack_operations": "操作(?:序列|串)|[Pp]ush",
    "ds.stack_permutations": "(?:[出退入进]栈|栈)[^。]{0,40}(?:序列|次序|顺序|种)",
}
