"""How questions that count moves, comparisons, calls and code lengths word what their solvers need."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, const, first, flag, integer, pick, seq, text, words
from assistant408.tutor.hints.ds_shared import unless
from assistant408.tutor.quantity import finditer, search

__all__ = ["ASKS", "HINTS", "SIGNS"]

_T = (
    r"T\s?\(\s?n\s?\)\s?=\s?(?P<a>\d*)\s?[*×]?\s?T\s?\(\s?(?:n\s?/\s?(?P<b>\d+)|⌊\s?n\s?/\s?(?P<b2>\d+)\s?⌋|n\s?-\s?(?P<c>\d+))\s?\)"
    r"\s?(?:\+\s?(?P<f>O\([^)]*\)|[\d.]*\s?n?(?:\^\d)?\s?(?:lo?g_?2?\s?n)?))?"
)
_FUNCTION = r"(?:(?:int|void|long|float|double)\s+)?\w+\s?\(\s?(?:(?:int|long|unsigned)\s+\w+\s?,?\s?)+\)\s?\{"


def _lengths(part: int) -> Hint:
    """``长度分别为 12 和 8``, ``长度为 m=12 和 n=8``."""

    def read(r: Reader) -> int | None:
        m = search(
            r"(?:长度?|含|有|元素个数)(?:分别|各)?(?:为|是|有)?\s?(?:m\s?=\s?)?(\d+)\s?(?:个(?:元素|记录|结点)?)?\s?(?:和|与|、|,)\s?(?:n\s?=\s?)?(\d+)",
            r.text,
        ) or search(r"各?(?:有|含|长度?(?:均|都)?为)\s?(\d+)\s?个?()", r.text)
        if not m:
            same = search(r"(?:各|都|均)(?:有|含)\s?n\s?个|长度?(?:均|都)为\s?n(?![A-Za-z])", r.text)
            if same:  # the formulas
                r.take(*same.span())
            return None
        r.take(*m.span())
        return int(m[part + 1] or m[1])

    return read


def _recurrence(part: str) -> Hint:
    def read(r: Reader) -> Any:
        m = search(_T, r.text)
        if not m:
            return None
        r.take(*m.span())
        if part == "a":
            return int(m["a"] or 1)
        if part == "b":
            return int(m["b"] or m["b2"]) if m["b"] or m["b2"] else None
        if part == "c":
            return int(m["c"]) if m["c"] else None
        return (m["f"] or "").strip() or None

    return read


def _function(r: Reader) -> str | None:
    """From the head of a function that calls itself to its closing bracket, and any more that follow."""
    m = search(_FUNCTION, r.text)
    if not m:
        return None
    at, end, depth = m.start(), 0, 0
    for i in range(m.start(), len(r.text)):
        depth += (r.text[i] == "{") - (r.text[i] == "}")
        if depth == 0 and r.text[i] == "}":
            end = i + 1
            if not re.match(rf"\s*{_FUNCTION}", r.text[end:]):
                break
    name = search(r"(\w+)\s?\(", r.text[at:])
    if not end or name is None or len(re.findall(rf"\b{name[1]}\s?\(", r.text[at:end], re.ASCII)) < 2:
        return None
    r.take(at, end)
    return re.sub(r"\bn\s?\(", "n (", r.text[at:end])


def _arguments(r: Reader) -> list[int] | None:
    m = search(_FUNCTION, r.text)
    name = search(r"(\w+)\s?\($", r.text[: r.text.index("(", m.start()) + 1]) if m else None
    if name is None:
        return None
    for c in finditer(rf"(?<!\w){name[1]}\s?\(\s?(-?\d+(?:\s?,\s?-?\d+)*)\s?\)", r.text):
        if not r.is_used(*c.span()):
            r.take(*c.span())
            return [int(x) for x in c[1].split(",")]
    return None


def _brackets(r: Reader) -> str | None:
    best = max(
        finditer(r"[\w+\-*/()\[\]{} ]{4,}", r.text), key=lambda m: len(re.findall(r"[()\[\]{}]", m[0])), default=None
    )
    if best is None or len(re.findall(r"[()\[\]{}]", best[0])) < 4:
        return None
    r.take(*best.span())
    return str(best[0].strip())


def _codes(part: int) -> Hint:
    """``a:01、b:000``: part 0 gives the symbols, part 1 the codes."""

    def read(r: Reader) -> list[str] | None:
        found = list(finditer(r"(?<![A-Za-z\d])([A-Za-z])\s?[:=(]\s?([01]+)(?!\d)", r.text))
        if len(found) < 3 or all(len(m[2]) == 1 for m in found):
            return None
        for m in found:
            r.take(*m.span())
        return [m[part + 1] for m in found]

    return read


def _code_run(r: Reader) -> list[str] | None:
    """``编码依次是 0100,10,0000``."""
    m = search(r"编码(?:依次|分别)?(?:为|是|:)\s?((?:[01]+\s?[,、]\s?){2,}[01]+)", r.text)
    if not m:
        return None
    r.take(*m.span(1))
    return re.findall(r"[01]+", m[1])


def _or_n(*patterns: str) -> Hint:
    """A number, or the letter n for a size that stays open: read, and left out."""
    read = integer(*patterns)

    def sized(r: Reader) -> int | None:
        if not search("移动|地址", r.text):
            return None
        value: int | None = read(r)
        if value is None and (m := search(r"长度?为\s?n(?![A-Za-z])|(?:有|含)\s?n\s?个", r.text)):
            r.take(*m.span())
        return value

    return sized


def _mismatch_start(r: Reader) -> int | None:
    """Whether strings count from 0 or 1, from where they first differ (``第一次失配时 i=j=5``)."""
    at = search(r"i\s?=\s?j\s?=\s?(\d+)", r.text)
    strings = re.findall(r"['\"“]([A-Za-z01]{3,})['\"”]", r.text)
    if at is None or len(strings) != 2:
        return None
    long, short = max(strings, key=len), min(strings, key=len)
    first = next((k for k, (a, b) in enumerate(zip(long, short, strict=False)) if a != b), None)
    r.take(*at.span())
    return int(at[1]) - first if first is not None and int(at[1]) - first in (0, 1) else None


HINTS: dict[str, dict[str, Hint]] = {
    "ds.kmp": {
        "pattern": text(
            r"(?:模式串?|子串)\s?[A-Za-z]?\s?(?:为|是|=|:)?\s?['\"“]?([a-zA-Z01]{2,})",
            r"[Tt]\s?=\s?['\"“]?([a-zA-Z01]{2,})",
            r"串\s?[A-Za-z]?\s?(?:为|是|=|:)?\s?['\"“]([a-zA-Z01]{2,})",
            r"串\s?['\"“]?([a-z]{3,})",
            r"['\"“]([a-zA-Z]{3,})['\"”]\s?的?\s?next",
        ),
        "text": text(
            r"(?:主串|文本串|目标串|正文|字符串)\s?[A-Za-z]?\s?(?:为|是|=|:)?\s?['\"“]?([a-zA-Z01]{2,})",
            r"[Ss]\s?=\s?['\"“]?([a-zA-Z01]{4,})",
        ),
        "start": first(
            integer(r"(?:下标|编号|序号|位序|数组)[^,。]{0,6}从\s?([01])"),
            _mismatch_start,
            const(0, r"next\[0\]\s?=\s?-1"),
            const(1, r"next\[1\]\s?=\s?0"),
        ),
        "table": pick({"nextval": "(?:用|利用|采用)\\s?nextval"}),
    },
    "ds.pointer_ops": {
        "code": text(r"((?:\w+->\w+(?:->\w+)*\s?=\s?[\w>-]+\s?;\s?){2,})"),
        "kind": pick({"double": "双(?:向)?(?:循环)?链表|prior|prev|llink", "single": "单(?:向)?(?:循环)?链表|单链"}),
        "goal": pick(
            {
                "delete_first": "删除[^,。]{0,10}第一个(?:元素|结点)",
                "delete_next": "(?:删除|删去)[^,。]{0,10}p[^,。]{0,8}(?:后继|直接后继|之后)",
                "delete": "(?:删除|删去)[^,。]{0,6}(?:指针)?\\*?p",
                "insert_before": "p[^,。]{0,10}(?:之前|前面|前)插入|插(?:入)?(?:到|在)[^,。]{0,6}p[^,。]{0,8}前",
                "insert_after": "p[^,。]{0,10}(?:之后|后面|后)插入|插(?:入)?(?:到|在)[^,。]{0,6}p[^,。]{0,8}后",
            }
        ),
    },
    "ds.sequential_list": {
        "operation": pick({"delete": "删除|删去", "insert": "插入"}),
        "size": integer(r"(?:每个|一个)(?:数据)?(?:元素|结点)?(?:占用?|的长度为?|长度为)\s?(\d+)"),
        "base": integer(r"(?:首地址|起始地址|第(?:1|一)个(?:元素|结点)的(?:存储)?地址|基地址)(?:为|是)?\s?(\d+)"),
        "position": integer(
            r"(?<![A-Za-z])i\s?=\s?(\d+)", r"第\s?(\d+)\s?个(?:元素|位置|结点)?(?:的|前|后|之|处|\(|上)"
        ),
        "length": _or_n(
            r"长度?为\s?(\d+)",
            r"(?:有|含有?|共有?)\s?(\d+)\s?个(?:数据)?(?:元素|结点)",
            r"n\s?=\s?(\d+)",
            r"表长为?\s?(\d+)",
        ),
    },
    "ds.merge_lists": {"first": _lengths(0), "second": _lengths(1)},
    "ds.recurrence": {
        "calls": _recurrence("a"),
        "divisor": _recurrence("b"),
        "less": _recurrence("c"),
        "work": _recurrence("f"),
        "base": integer(r"T\s?\(\s?1\s?\)\s?=\s?(\d+)"),
        "n": integer(
            r"T\s?\(\s?(\d\d+|[2-9])\s?\)",
            r"(?:当|若|设)\s?n\s?=\s?(\d+)",
            r"n\s?=\s?(\d+)\s?时",
            r"(\d+)\s?个(?:圆?盘|盘子)",
        ),
    },
    "ds.recursive_call": {"code": _function, "arguments": _arguments},
    "ds.bracket_match": {"text": _brackets},
    "ds.prefix_code": {
        "symbols": first(_codes(0), words(r"字符集?\s?\{?", least=3, gap=4)),
        "codes": first(_codes(1), _code_run),
        "weights": seq("次数|频率|频度|权值", least=3),
        "bits": text(r"(?:编码|序列|串|代码)(?:为|是|:)?\s?['\"“]?([01]{7,})"),
    },
    "ds.sort_bounds": {
        "method": pick(
            {
                "insertion": "直接插入",
                "bubble": "[冒起]泡",
                "selection": "选择排序",
                "quick": "快速排序|快排",
                "merge": "归并排序",
                "heap": "堆排序",
            }
        ),
        "n": integer(
            r"n\s?=\s?(\d+)",
            r"(\d+)\s?个(?:不同的?|互不相同的)?(?:元素|记录|关键字|整数|数据?)",
            r"(?:长度|元素个数|记录数)为\s?(\d+)",
        ),
    },
    "ds.red_black_bounds": {
        "black_height": integer(r"黑(?:色)?(?:结点)?高(?:度)?[^,。\d]{0,4}(\d+)"),
        "height": integer(r"(?<!黑)(?<!黑色结点)高(?:度)?(?:为|是)\s?(\d+)"),
    },
    "ds.search_length": {
        "probabilities": seq("概率", least=3),
        "ordered": flag("有序"),
        "n": unless(
            "折半|二分|分块|散列|哈希|树|块内|索引",
            integer(r"n\s?=\s?(\d+)", r"(\d+)\s?个(?:元素|记录|关键字|结点)", r"(?:长度?|表长)为\s?(\d+)"),
        ),
    },
    "ds.synonyms": {
        "count": integer(
            r"(\d+|[三四五六七八九十])\s?个(?:关键[字码]|元素|记录)?(?:互?为)?(?:的)?同义词",
            r"(\d+)\s?个[^,。]{0,6}同义词",
        )
    },
}
ASKS: dict[str, dict[str, str]] = {
    "ds.kmp": {
        "nextval": "nextval",
        "next": "next(?!val)",
        "comparisons": "比较",
        "first_mismatch": "失配(?:时)?",
        "resume": "(?:下次|再次|继续|下一次)[^,。]{0,8}(?:匹配|比较)",
        "position": "位置",
    },
    "ds.pointer_ops": {"changed": "(?:修改|改变)[^,。]{0,10}(?:个数|几个|多少)", "valid": "正确|语句"},
    "ds.sequential_list": {
        "address": "地址",
        "average": "平均[^。]{0,24}移动|移动[^。]{0,16}平均|期望",
        "moves": "移动",
    },
    "ds.merge_lists": {
        "min_comparisons": "最少|至少|最好",
        "max_comparisons": "最多|至多|最坏|最差",
        "comparisons": "比较",
    },
    "ds.recurrence": {
        "order": "复杂度|量级|T\\(n\\)\\s?=\\s?\\( ?\\)",
        "value": "T\\(\\d+\\)|(?:移动|执行)[^,。]{0,6}次|次数|的值",
    },
    "ds.recursive_call": {
        "calls": "(?:调用|执行)[^,。]{0,10}(?:次数|多少次|几次)|次数",
        "depth": "深度|(?:几|多少)层|工作记录|活动记录|栈(?:的)?(?:容量|空间)",
        "printed": "输出|打印|显示",
        "order": "复杂度",
        "value": "(?:返回)?值|结果",
    },
    "ds.bracket_match": {
        "max_depth": "最多|最大|容量|深度|至少",
        "left": "剩余|栈(?:中|内)(?:的)?(?:内容|元素)(?:为|是|依次)",
        "matched": "是否匹配|匹配吗",
    },
    "ds.prefix_code": {
        "decoded": "译码|解码|译为|(?:原|对应)(?:文|的?(?:字符|电文))",
        "optimal": "哈夫曼编码",
        "prefix_free": "前缀",
    },
    "ds.huffman_paths": {"valid": "同一棵"},
    "ds.sort_bounds": {
        "worst_swaps": "交换",
        "min_depth": "@(?:层|深度)[^,。]{0,6}最(?:少|小)|(?:最小|最少|至少)[^,。]{0,8}(?:深度|栈)|(?:均匀|之差不超过|平分|对半|等分)[^。]{0,40}(?:深度|层)",
        "max_depth": "(?:最大|最多|最坏)[^,。]{0,8}(?:深度|栈)|深度",
        "best_order": "最好[^,。]{0,10}复杂度",
        "worst_order": "最坏[^,。]{0,10}时间复杂度",
        "average_order": "平均[^,。]{0,6}复杂度",
        "space": "空间",
        "best_comparisons": "(?:最少|至少|最好|正序|有序)[^。]{0,16}比较|比较[^,。]{0,10}(?:最少|至少)",
        "worst_comparisons": "(?:最多|至多|最坏|逆序)[^。]{0,16}比较|比较",
        "passes": "趟",
    },
    "ds.red_black_bounds": {
        "min_nodes": "(?:最少|至少)",
        "max_nodes": "(?:最多|至多)[^,。]{0,10}(?:结点|关键字|个)|结点[^,。]{0,6}(?:最多|至多)",
        "max_height": "(?:最大|最长|至多)[^,。]{0,6}(?:高|路径)|高度[^,。]{0,4}最大",
    },
    "ds.search_length": {
        "failure": "失败|不成功",
        "best_success": "(?:最小|最优|最佳)",
        "success": "成功|平均查找长度|ASL|平均比较",
    },
    "ds.synonyms": {"average": "平均", "collisions": "冲突", "probes": "探测|探查|比较"},
}
SIGNS: dict[str, str] = {
    "ds.kmp": "KMP|kmp|\\bnext\\b|nextval|模式串",
    "ds.pointer_ops": "链表[^。]{0,80}(?:插入|删除|删去|插到)|->",
    "ds.sequential_list": "(?:顺序表|线性表|顺序存储)[^。]{0,60}(?:移动|首地址|存储地址|起始地址)",
    "ds.merge_lists": "有序(?:顺序|单链|线性)?(?:表|链表|序列|数组)[^。]{0,40}(?:归并|合并)|(?:升序|递增)[^。]{0,14}(?:归并|合并)|(?:归并|合并)[^。]{0,40}(?:有序|升序)",
    "ds.recurrence": "T ?\\( ?n ?\\) ?=[^。]{0,10}T ?\\(|递[推归](?:关系)?式|汉诺塔|Hanoi",
    "ds.recursive_call": "递归[^。]{0,10}(?:函数|算法|过程)|(?:函数|调用)[^。]{0,12}(?:返回值|次数|值|结果)|\\)\\s?\\{[^}]*return",
    "ds.bracket_match": "括号[^。]{0,20}匹配|匹配[^。]{0,20}括号|左括号",
    "ds.prefix_code": "前缀(?:编)?码|译码|解码[^。]{0,10}编码|哈夫曼编码[^。]{0,12}可能",
    "ds.huffman_paths": "路径上的权值",
    "ds.sort_bounds": "(?:最好|最坏|最多|最少|平均|至少)[^。]{0,40}排序|排序[^。]{0,60}(?:最好|最坏|最多|最少|平均|至少|均匀)[^。]{0,20}(?:比较|复杂度|交换|深度|层)|快速排序[^。]{0,60}(?:深度|递归(?:的)?层)|个(?:元素|记录|关键字)[^。]{0,16}选择排序[^。]{0,24}比较",
    "ds.red_black_bounds": "红黑树[^。]{0,60}(?:黑高|高度)",
    "ds.search_length": "顺序查找[^。]{0,60}(?:平均|查找长度|概率)|查找概率",
    "ds.synonyms": "同义词",
}
