"""How questions about searching and sorting word the parameters and results of their solvers."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, assume, const, first, integer, nth, num, pick, seq, some
from assistant408.tutor.hints.ds_shared import DELETES, KEYS, TARGET, N
from assistant408.tutor.quantity import finditer, search

__all__ = ["ASKS", "HINTS", "SIGNS"]

SORT: dict[str, Hint] = {"keys": KEYS, "after": nth("趟")}


def _block(r: Reader) -> int | None:
    """The length of a block, also from how many blocks there are."""
    direct = integer(r"(?:每块|块长|每个?块)(?:有|含|为|是|长|的长度为|内有|中有|均?有)*\s?(\d+)", r"s\s?=\s?(\d+)")(r)
    if direct is not None:
        return int(direct)
    blocks = integer(r"(?:分成|分为|划分为|共)\s?(\d+)\s?块")(r)
    count = search(r"(\d+)\s?个?(?:元素|记录|关键字|数据)", r.text)
    return -(-int(count[1]) // int(blocks)) if blocks and count else None


def _rest(r: Reader) -> list[list[int]] | None:
    """All number lists, one a run."""
    rows = []
    for m in finditer(r"\d+(?:\s?[,、]\s?\d+)+", r.text):
        r.take(*m.span())
        rows.append([int(x) for x in re.findall(r"\d+", m[0])])
    return rows if len(rows) >= 2 else None


def _placed(r: Reader) -> list[int] | None:
    """``H(15)=4,H(38)=5``, and the key that comes next."""
    found = list(finditer(r"(?:addr|H|h)\s?\((\d+)\)\s?=\s?\d+", r.text))
    new = search(
        r"(?:关键[字码]|key|结点)\s?(?:为|是|=)?\s?(\d+)\s?(?:的)?(?:结点|记录|元素)?(?:的)?(?:存[放储])?(?:的)?地址",
        r.text,
    )
    if len(found) < 2 or new is None:
        return None
    for m in [*found, new]:
        r.take(*m.span())
    return [int(m[1]) for m in [*found, new]]


def _sorted_row(part: int) -> Hint:
    """The sequence at the beginning, the first one after a pass, and those after the passes that follow it."""

    def read(r: Reader) -> Any:
        rows = list(finditer(r"\d+(?:\s?[,、]\s?\d+){3,}", r.text))
        lists = [[int(x) for x in re.findall(r"\d+", m[0])] for m in rows]
        alike = [k for k, row in enumerate(lists) if sorted(row) == sorted(lists[0])]
        alone = len(alike) == 1 and search("趟[^,。]{0,8}(?:后|结果)|得到的?结果|排序后的", r.text) is not None
        chosen = {0: [] if alone else alike[:1], 1: alike[:1] if alone else alike[1:2], 2: alike[2:]}[part]
        for k in chosen:
            r.take(*rows[k].span())
        found = [lists[k] for k in chosen]
        if part == 2:
            return found or None
        return found[0] if found else None

    return read


def _same_row(r: Reader) -> list[int] | None:
    """The one sequence of the question, if it is what a pass left and its gap is asked for."""
    rows = [m[0] for m in finditer(r"\d+(?:\s?[,、]\s?\d+){3,}", r.text)]
    if (
        len(rows) != 1
        or not search("趟(?:排序)?(?:后的?)?(?:结果|序列)", r.text)
        or not search("增量|间隔|步长", r.text)
    ):
        return None
    return [int(x) for x in re.findall(r"\d+", rows[0])]


HINTS: dict[str, dict[str, Hint]] = {
    "ds.binary_search": {
        "target": TARGET,
        "keys": seq("有序|序列|关键[字码]|元素|数组", longest=4, least=4),
        "count": num("表长|长度|n", before=["个(?:元素|关键[字码]|记录|数据|结点|有序)"]),
        "rounding": pick({"ceil": "向上取整|上取整|⌈", "floor": "向下取整|下取整"}),
    },
    "ds.block_search": {
        "block": first(
            _block, assume(1, "平均查找长度[^,。]{0,3}最小|最小[^,。]{0,3}平均查找长度|(?:最佳|最优|理想的?)块长")
        ),
        "count": num("长度|表长|n", before=["个?(?:元素|记录|关键字|数据)"]),
        "index": pick({"binary": "索引表?[^,;。]{0,8}(?:折半|二分)", "sequential": "索引表?[^,;。]{0,8}顺序"}),
        "position": integer(r"第\s?(\d+)\s?个(?:元素|记录)"),
    },
    "ds.bubble_sort": {**SORT, "direction": pick({"to_front": "从后往前|从后向前|小的.{0,6}前"})},
    "ds.hash_table": {
        "modulus": integer(
            r"(?:mod|MOD|%)\s?(\d+)", r"p\s?=\s?(\d+)", r"除数(?:为|是|取)?\s?(\d+)", r"(?:除以|模)\s?(\d+)"
        ),
        "multiplier": integer(
            r"(?:key|k|K|x)\s?[×*]\s?(\d+)", r"(\d+)\s?[×*]\s?(?:key|k|K|x)\b", r"[(=](\d+)\s?(?:key|k|K)\b"
        ),
        "method": pick(
            {
                "double": "双散列|双哈希|再散列|第二(?:个)?散列",
                "quadratic": "平方探测|二次探测|平方探查",
                "chain": "链地址|拉链|链接法|单链表",
                "linear": "线性探[测查]|线性",
            }
        ),
        "second_modulus": integer(r"1\s?\+\s?\(?\s?(?:key|k|K)\s?(?:mod|%)\s?(\d+)"),
        "size": first(
            integer(r"(?:表长|长度|表的长度|散列表长|哈希表长|m)\s?(?:为|是|=|:)?\s?(\d+)(?!\s?[-~.])"),
            lambda r: None if (n := integer(r"(?<!\d)0\s?(?:~|-|\.\.|到|至)\s?(\d+)")(r)) is None else n + 1,
            integer(r"[A-Z]\[(\d+)\]", r"(\d+)\s?个(?:存储)?单元", r"p\s?=\s?(\d+)", r"(?:mod|MOD|%)\s?(\d+)"),
        ),
        "deletes": DELETES,
        "target": TARGET,
        "keys": first(_placed, KEYS),
    },
    "ds.heap": {
        "kind": pick({"min": "小根堆|小顶堆|最小堆", "max": "大根堆|大顶堆|最大堆"}),
        "how": pick(
            {
                "given": r"(?:大|小)(?:根|顶)堆\s?(?:为|是|:|=)?\s?(?:[\d\[{]|\(\s?\d)|(?:已知|设|有)[^。]{0,8}?(?:大|小)(?:根|顶)堆(?:\s|为|是|:|\(|\{|序列|中?的?关键字)*\d|是一?个?(?:大|小)(?:根|顶)堆,?|判断|是否(?:为|是)|在(?:大|小)(?:根|顶)堆",
                "insert": "(?:逐个|逐一|依次|一个一个)(?:地)?插入",
            }
        ),
        "delete_count": first(
            integer(
                rf"(?:删除|输出|取出)\s?{N}\s?(?:次|个)堆顶", rf"(?:删除|输出)(?:堆顶|最大|最小)[^,。]{{0,8}}?{N}\s?次"
            ),
            const(1, "(?:删除|输出|取走|删去|移走)(?:一个)?(?:堆顶|根|最[大小]|关键字\\s?\\d)"),
        ),
        "inserts": some(r"(?:再|又|,|中|尾部?|末尾)\s?插入(?:新?关键字|元素|新元素)?"),
        "keys": KEYS,
    },
    "ds.heap_sort": {"after": first(const(0, "初始(?:大根)?堆|初始建堆"), nth("趟")), "keys": KEYS},
    "ds.insertion_sort": {
        **SORT,
        "method": pick({"binary": "折半插入|二分插入", "direct": "直接插入"}),
        "sentinel": const(True, "(?<!不)计(?:入|算)?哨兵|含(?:与)?哨兵|包括哨兵"),
    },
    "ds.loser_tree": {"outputs": integer(rf"输出\s?{N}\s?个", rf"输出了?\s?{N}\s?(?:次|个)"), "runs": _rest},
    "ds.merge_sort": SORT,
    "ds.merge_sort_external": {
        "target_passes": integer(
            rf"(?:只?需?要?|限)\s?{N}\s?趟(?:内)?(?:完成|归并)?[^。]{{0,20}}(?:最小|至少)", rf"(?:在|用)\s?{N}\s?趟内"
        ),
        "ways": integer(rf"{N}\s?路", r"k\s?=\s?(\d+)"),
        "run_count": integer(
            rf"{N}\s?个(?:长度[^,。]{{0,6}}的?)?(?:初始|有序|归并)",
            r"(?:初始归并段|归并段)(?:数|个数|有)?(?:为|是|共)?\s?(\d+)\s?个(?!记录)",
            r"归并段(?:个)?数(?:为|是)\s?(\d+)",
        ),
        "block": integer(
            r"(?:每块|每个物理块|每个磁盘块|一?块)(?:可)?(?:存|有|含|放|存放|容纳|为)*\s?(\d+)\s?个?记录",
            r"(\d+)\s?个记录(?:为|一|/)\s?(?:一)?块",
        ),
        "run_length": integer(
            r"(?:内存|一次|缓冲区|工作区)[^,。;]{0,16}?(\d+)\s?个?记录",
            r"段(?:的)?(?:长度?|有|含|包含)?(?:为)?\s?(\d+)\s?个?记录",
        ),
        "records": num("记录数|文件有|文件含|共有|有|含有?", before=["个?记录"]),
    },
    "ds.optimal_merge_tree": {
        "ways": integer(rf"{N}\s?路", r"k\s?=\s?(\d+)"),
        "lengths": seq("长度|记录数|块数|归并段", longest=3),
    },
    "ds.quick_sort": {
        **SORT,
        "pivot": pick(
            {
                "last": "(?:最后|末|末尾)(?:一)?个?(?:元素|记录|关键字)?(?:作?为|作)?(?:枢轴|基准|支点)|以(?:最后|末)",
                "middle": "中间(?:元素|记录|位置)?",
                "first": "第一个|首个|首元素",
            }
        ),
    },
    "ds.radix_sort": {"keys": KEYS, "after": nth("趟"), "base": integer(r"(?:基数|基|r)\s?(?:为|=|取)\s?(\d+)")},
    "ds.replacement_selection": {
        "memory": integer(
            r"(?:工作区|内存|缓冲区|容量)[^。;\d]{0,16}(\d+)",
            r"w\s?=\s?(\d+)",
            r"(\d+)\s?个记录的(?:工作区|内存)",
            rf"容纳\s?{N}\s?个",
        ),
        "keys": KEYS,
    },
    "ds.search_path": {"keys": KEYS},
    "ds.selection_sort": SORT,
    "ds.shell_sort": {
        "gaps": first(
            some(r"增量(?:序列)?(?:依次|分别)?(?:取|为|是)?|步长(?:依次)?(?:为)?|间隔(?:依次)?(?:为)?|d\s?=", gap=6),
            const([4], "增量为?四"),
        ),
        "after": nth("趟"),
        "keys": seq("关键[字码](?:序列)?|序列|记录|元素|数据|对", longest=4, least=4),
        "result": first(
            seq(
                "趟(?:之)?后(?:的)?(?:结果|序列)?(?:为|是|得)?|结果|变为|变成|得到|后为|后的?序列为|序列为|后,?为",
                least=4,
            ),
            _same_row,
        ),
    },
    "ds.sort_identify": {
        "after": first(const(1, r"第\s?(?:1|一)趟[^。]*第\s?(?:2|二)趟|各趟"), nth("趟")),
        "keys": _sorted_row(0),
        "result": _sorted_row(1),
        "later": _sorted_row(2),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "ds.binary_search": {
        "asl_failure": "(?:失败|不成功)[^,。]{0,8}平均|平均[^,。]{0,10}(?:失败|不成功)|ASL[^,。]{0,4}(?:失败|不成功)",
        "comparisons": "(?:查找|找)[^,。]{0,14}\\d+[^。]{0,20}(?:比较|几次)|比较的?关键[字码](?:的)?个数",
        "path": "依次(?:与|和|比较)|比较序列|比较过程",
        "max_comparisons": "最多[^,。]{0,8}(?:比较|几次)|比较[^,。]{0,6}最多|高度",
        "asl_success": "成功|平均查找长度|ASL",
    },
    "ds.block_search": {
        "best_block": "(?:最佳|最优|最好|最理想)[^,。]{0,10}(?:块|长)|块长[^,。]{0,10}(?:最小|最佳)|每块[^,。]{0,8}最",
        "best_asl": "平均查找长度[^,。]{0,3}最小|最小[^,。]{0,3}平均查找长度",
        "asl": "平均查找长度|ASL",
    },
    "ds.bubble_sort": {
        "state": "(?:第\\s?\\S{1,2}|一|两|[二三四])\\s?趟[^,。]{0,8}(?:后|结束|结果|得到)?",
        "comparisons": "比较",
        "swaps": "交换",
        "pass_count": "(?:几|多少)趟|趟数",
        "moves": "移动",
    },
    "ds.hash_table": {
        "asl_failure": "失败|不成功",
        "asl_success": "成功|平均查找长度|ASL",
        "load_factor": "装填因子|装载因子",
        "collisions": "冲突(?:的)?(?:次数|几次|多少)",
        "addresses": "地址(?:是|为)|存放(?:在|的)",
        "target_comparisons": "查找[^,。]{0,10}\\d+[^。]{0,16}(?:比较|探测|几次)",
        "table": "散列表(?:为|是|的内容)|画出|构造",
    },
    "ds.heap": {
        "is_heap": "是否(?:为|是)?(?:一个)?.{0,2}堆|是不是.{0,3}堆",
        "last_comparisons": "比较",
        "swaps": "交换",
        "heap": "(?:得到|调整后|后)的?.{0,6}(?:堆|序列)|堆(?:是|为)",
        "initial": "初始堆",
    },
    "ds.heap_sort": {"initial": "初始(?:大根)?堆", "comparisons": "比较", "state": "趟"},
    "ds.insertion_sort": {"comparisons": "比较", "moves": "移动", "state": "趟"},
    "ds.loser_tree": {"winner": "冠军|胜者|全局最小", "losers": "ls|败者树", "comparisons": "比较"},
    "ds.merge_sort": {
        "state": "(?:第\\s?\\S{1,2}|一|两|[二三四])\\s?趟[^,。]{0,8}(?:后|结束|结果|得到)?",
        "comparisons": "比较",
        "pass_count": "(?:几|多少)趟|趟数",
    },
    "ds.merge_sort_external": {
        "virtual": "虚段|补充|补",
        "loser_comparisons": "败者树[^。]{0,30}比较",
        "least_ways": "(?:路数|k|归并路)[^,。]{0,8}(?:至少|最小)|至少[^,。]{0,6}路",
        "passes": "(?:几|多少)趟|趟数",
        "block_io": "读写|访问(?:外存|磁盘)",
        "run_count": "(?:初始)?归并段(?:的)?(?:个数|数|有)|几个初始",
    },
    "ds.optimal_merge_tree": {
        "total_io": "读写",
        "virtual": "虚段|补充?",
        "wpl": "WPL|带权路径|读(?:的)?记录|总(?:比较|移动)",
    },
    "ds.quick_sort": {
        "partition": "(?:一次|一趟)划分|划分(?:后|的?结果)|第一次划分",
        "depth": "深度|递归树",
        "partitions": "划分(?:的)?次数|(?:几|多少)次划分",
        "comparisons": "比较",
        "state": "趟",
        "pivots": "枢轴依次",
    },
    "ds.radix_sort": {
        "state": "(?:趟|收集)[^。]{0,8}(?:后|得|结果|序列)",
        "queues": "队列",
        "pass_count": "(?:几|多少)趟|趟数",
    },
    "ds.replacement_selection": {
        "run_count": "(?:几|多少)个|段数|个数",
        "lengths": "长度",
        "runs": "(?:各|得到的|写出|分别)[^,。]{0,8}(?:归并)?段(?:是|为|分别|$)?",
    },
    "ds.search_path": {"violation": "矛盾|错误|哪个(?:关键字|元素)", "valid": "能否|是否|不可能|可能"},
    "ds.selection_sort": {
        "state": "(?:第\\s?\\S{1,2}|一|两|[二三四])\\s?趟[^,。]{0,8}(?:后|结束|结果|得到)?",
        "comparisons": "比较",
        "swaps": "交换",
        "moves": "移动",
    },
    "ds.shell_sort": {
        "gaps_found": "@增量(?:是|为)(?:多少|几|\\( ?\\))|增量(?:\\([^)]*\\))?(?:是|为|可能|应|取)(?!\\s?\\d)|间隔(?:是|为|可能)|求[^,。]{0,6}增量",
        "state": "(?:第\\s?\\S{1,2}|一|两|[二三四])\\s?趟[^,。]{0,8}(?:后|结束|结果|得到)?",
        "comparisons": "比较",
        "moves": "移动",
    },
    "ds.sort_identify": {"methods": "方法|算法|哪种|排序", "quick_possible": "(?:能否|是否|可能|不可能)[^。]{0,10}快"},
}
SIGNS: dict[str, str] = {
    "ds.binary_search": "(?:折半|二分)(?:查找|检索|搜索|法)",
    "ds.block_search": "分块(?:查找|检索)|索引顺序(?:查找|表)|均匀分块|索引表[^。]{0,6}块内",
    "ds.bubble_sort": "[冒起]泡",
    "ds.hash_table": "散列|哈希|[Hh]ash|H\\(k",
    "ds.heap": "(?:大|小)(?:根|顶)堆|建(?:初始)?堆",
    "ds.heap_sort": "堆排序",
    "ds.insertion_sort": "(?:直接|折半|二分)?插入排序",
    "ds.loser_tree": "败者树",
    "ds.merge_sort": "归并排序",
    "ds.merge_sort_external": "路(?:平衡)?归并[^。]{0,60}(?:趟|块|记录)|(?:外部?排序|外排)",
    "ds.optimal_merge_tree": "最佳归并|虚段|归并树",
    "ds.quick_sort": "快速排序|快排",
    "ds.radix_sort": "基数排序|LSD|最低位优先",
    "ds.replacement_selection": "置换[-—]?选择",
    "ds.search_path": "(?:查找|检索)(?:所|时)?(?:中)?[^。]{0,8}比较的[^。]{0,6}序列|(?:比较(?:的)?(?:关键字)?序列|查找(?:路径|序列)|关键字(?:比较)?序列)[^。]{0,30}(?:能|可能|不)|(?:能否|可能|不可能)[^。]{0,20}查找(?:路径|序列)",
    "ds.selection_sort": "(?:简单)?选择排序",
    "ds.shell_sort": "希尔|[Ss]hell|缩小增量",
    "ds.sort_identify": "(?:采用|是|哪种|什么)[^。]{0,10}排序(?:方法|算法)|(?:方法|算法)(?:可能|应)是",
}
