"""How questions about trees word the parameters and results of their solvers."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, const, first, integer, num, pick, seq, some, text, words
from assistant408.tutor.hints.ds_shared import DELETES, KEYS, LIST, TARGET, N, as_int
from assistant408.tutor.quantity import finditer, search
from assistant408.tutor.rows import bracketed

__all__ = ["ASKS", "HINTS", "SIGNS"]

SUBSTITUTE = pick({"predecessor": "前驱|左子树.{0,4}最大", "successor": "后继|右子树.{0,4}最小"})

TREE: dict[str, Hint] = {"deletes": DELETES, "inserts": KEYS, "substitute": SUBSTITUTE}

ORDER = integer(r"(\d+|[三四五六])\s?阶", r"m\s?=\s?(\d+)")


def _pairs(pattern: str, *keys: str) -> Hint:
    """All matches, one object each; groups are numbers by `keys`."""

    def read(r: Reader) -> list[dict[str, int]] | None:
        out = []
        for m in finditer(pattern, r.text):
            r.take(*m.span())
            out.append({k: as_int(m[k]) for k in keys})
        return out or None

    return read


def _matched(r: Reader) -> list[dict[str, int]] | None:
    """``度为 1、2、3 的结点数分别为 4、2、5``."""
    run = r"(\d+(?:\s?[,、和]\s?\d+)+)"
    m = search(
        rf"度(?:数)?(?:分别)?(?:为|是|=|:)?\s?{run}\s?的[结节]点(?:个?数)?(?:分别|依次)?(?:有|为|是|=|:)?\s?{run}",
        r.text,
    )
    if not m:
        return None
    degrees, numbers = (re.findall(r"\d+", g) for g in m.groups())
    if len(degrees) != len(numbers):
        return None
    r.take(*m.span())
    return [{"degree": int(d), "number": int(n)} for d, n in zip(degrees, numbers, strict=True)]


def _symbols(part: int) -> Hint:
    """``a:10、b:6``: part 0 gives the names, part 1 the numbers."""

    def read(r: Reader) -> list[Any] | None:
        found = list(finditer(r"(?<![A-Za-z])([A-Za-z]\d?)\s?(?:[:=(]|为|出现)\s?(\d+)(?:\s?次)?", r.text))
        if len(found) < 3:
            return None
        for m in found:
            r.take(*m.span())
        return [m[1] if part == 0 else int(m[2]) for m in found]

    return read


def _weights_as_names(r: Reader) -> list[str] | None:
    """Weights as names of their leaves, if the question names a leaf by its weight (``频率为 2 的字符``)."""
    if not search(r"(?:频[率度次]|权值?|次数)(?:为|是)\s?\d+\s?的(?:字符|叶|结点|符号)", r.text):
        return None
    items = max((re.findall(r"\d+", m[0]) for m in finditer(r"\d+(?:\s?[,、]\s?\d+){2,}", r.text)), key=len, default=[])
    return items if len(set(items)) == len(items) and items else None


def _converted(r: Reader) -> str | None:
    """A tree in brackets, if the question is about another form of it."""
    found: str | None = bracketed()(r) if search(r"森林|转换|转化|变换|还原|对应", r.text) else None
    return found


HINTS: dict[str, dict[str, Hint]] = {
    "ds.avl": TREE,
    "ds.avl_bounds": {
        "height": num("(?<!结点的)(?<!结点)(?<!根的)(?:高度|深度)|(?<!结点的)高为?", before=["层"]),
        "nodes": num("结点数|结点总数", before=["个结点", "个关键字", "个元素", "个节点"]),
    },
    "ds.b_plus_tree": {"order": ORDER, "start": bracketed(), "deletes": DELETES, "inserts": some(LIST, "插入")},
    "ds.b_tree": {
        "order": ORDER,
        "start": bracketed(),
        "deletes": DELETES,
        "inserts": some(LIST, "插入"),
        "substitute": SUBSTITUTE,
    },
    "ds.b_tree_node": {"order": ORDER, "plus": const(True, r"B\s?\+")},
    "ds.b_tree_bounds": {
        "order": ORDER,
        "height": num("高度?|深度", before=["层"]),
        "keys": num("关键[字码](?:个?数|总数)", before=["个?关键[字码]"]),
    },
    "ds.binary_tree_rebuild": {
        "preorder": words(r"(?:先序|前序|先根)(?:遍历)?(?:的)?(?:结点)?序列|先序|前序", least=3),
        "inorder": words(r"(?:中序|中根)(?:遍历)?(?:的)?(?:结点)?序列|中序", least=3),
        "postorder": words(r"(?:后序|后根)(?:遍历)?(?:的)?(?:结点)?序列|后序", least=3),
        "levelorder": words(r"(?:层序|层次)(?:遍历)?(?:的)?(?:结点)?序列|层序|层次", least=3),
    },
    "ds.bst": {"target": TARGET, **TREE},
    "ds.complete_tree": {
        "level": integer(rf"第\s?{N}\s?层(?:\([^)]*\))?[^,。]{{0,6}}(?:有|为)?\s?\d+\s?个?(?:叶|结点没有孩子)"),
        "level_leaves": integer(
            rf"第\s?{N}\s?层(?:\([^)]*\))?[^,。]{{0,6}}?(?P<x>\d+)\s?个?(?:叶|结点没有孩子)".replace(
                N, r"(?:\d+|[一二三四五六七八九十]+)"
            )
        ),
        "index": integer(
            r"编号(?:为|是|=|:)?\s?(\d+)\s?的?结点", r"第\s?(\d+)\s?(?:个|号)结点", r"结点\s?(\d+)", r"(\d+)\s?号结点"
        ),
        "leaves": num("(?<!非)叶(?:子)?结点(?:个?数)?", before=["个?叶"]),
        "nodes": first(
            integer(r"最后一个结点的?编号(?:是|为)\s?(\d+)"), num("结点(?:总?数|个数)|n", before=["个?结点", "个节点"])
        ),
    },
    "ds.forest": {
        "text": _converted,
        "direction": pick(
            {
                "to_forest": "二叉树.{0,80}(?:转换|还原|变|对应)[^,。]{0,4}(?:为|成|的)?(?:树|森林)",
                "to_binary": "(?:转换|对应|变).{0,8}二叉树",
            }
        ),
    },
    "ds.huffman": {
        "symbols": first(_symbols(0), _weights_as_names),
        "weights": first(_symbols(1), seq("权值?|频[率度次]|次数|" + LIST, longest=3)),
        "ways": first(integer(r"(\d+|[三四五六])\s?叉", r"k\s?=\s?(\d)"), const(3, "三进制|三元")),
    },
    "ds.red_black": {k: TREE[k] for k in ("deletes", "inserts")},
    "ds.threaded_tree": {
        "tree": bracketed(),
        "node": text(r"结点\s?([A-Za-z]\d?)", r"([A-Z])\s?的?(?:左|右|前驱|后继)"),
        "order": pick({"preorder": "先序|前序", "inorder": "中序", "postorder": "后序"}),
    },
    "ds.tree_degrees": {
        "degrees": first(
            _pairs(
                r"度(?:数)?为\s?(?P<degree>\d+)\s?的(?:分支)?[结节]点(?:个?数)?(?:共?有|分别?为|是|为)?\s?(?P<number>\d+)\s?个?",
                "degree",
                "number",
            ),
            _matched,
            _pairs(
                r"有\s?(?P<degree>\d+)\s?个(?:孩子|子女|子结点)的(?:结点)?(?:有|共)?\s?(?P<number>\d+)\s?个",
                "degree",
                "number",
            ),
            _pairs(r"(?P<number>\d+|[一二两三四五六七八九十])\s?个度(?:数)?为\s?(?P<degree>\d+)", "number", "degree"),
        ),
        "trees": integer(r"(\d+)\s?棵树"),
    },
    "ds.union_find": {
        "count": first(
            lambda r: None if (n := integer(r"0\s?(?:~|-|到|至|,…,|\.\.)\s?(\d+)")(r)) is None else n + 1,
            num("元素个数", before=["个(?:元素|结点|对象|顶点)"]),
            integer(r"\bn\s?=\s?(\d+)"),
        ),
        "method": pick(
            {
                "size": "结点(?:数)?(?:较)?少|(?:元素数|大小|规模)[^,。]{0,10}(?:少|小|合并)|按大小|按秩合并.{0,6}大小",
                "height": "高度|矮|按秩|秩",
            }
        ),
        "finds": some(r"(?:再|最后)?(?:查找|Find)\(?", gap=3),
        "compress": const(True, "路径压缩", "不(?:做|进行|用|采用)路径压缩"),
        "tie_root": pick(
            {"second": "第二个元素的根(?:作|为|做)|挂到第二个", "first": "第一个元素的根(?:作|为|做)|挂到第一个"}
        ),
        "unions": _pairs(r"[(<]\s?(?P<a>\d+)\s?,\s?(?P<b>\d+)\s?[)>]", "a", "b"),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "ds.avl": {
        "balanced_inner": "平衡因子为 ?0 的(?:分支|非叶)",
        "rotations": "旋转",
        "root_children": "左、?右(?:孩子|子女)|左孩子和右孩子",
        "root": "根(?:结点)?(?:的关键字|是|为|$)",
        "asl_success": "平均查找长度|ASL",
        "height": "高度|深度|几层",
    },
    "ds.avl_bounds": {
        "min_nodes": "平衡因子[^。]{0,8}(?:均|都|全)为 ?-?1[^。]{0,20}结点|(?:最少|至少)[^,。]{0,8}结点|结点[^,。]{0,8}(?:最少|至少)",
        "max_nodes": "(?:最多|至多)[^,。]{0,8}结点|结点[^,。]{0,8}(?:最多|至多)",
        "max_height": "(?:最大|最高)(?:高度|深度)|高度(?:最大|最多|至多)|最多.{0,6}比较|比较.{0,6}最多",
        "min_height": "最小(?:高度|深度)|高度(?:最小|至少)",
    },
    "ds.b_plus_tree": {
        "root": "根(?:结点)?(?:里|中|的|所含|包含|是|变)",
        "nodes": "(?<!叶)(?<!叶子)结点(?:的)?个?数",
        "leaf_count": "叶(?:子)?结点(?:的)?(?:个数|数)|几个叶",
        "splits": "分裂",
    },
    "ds.b_tree": {
        "nodes": "结点(?:的)?个?数",
        "root": "根(?:结点)?(?:里|中|的|所含|包含|是|变)",
        "splits": "分裂",
        "height": "高度|树高|几层",
    },
    "ds.b_tree_node": {
        "keys": "关键[字码](?:的)?(?:个数|数)?[^,。]{0,8}范围",
        "children": "(?:子树|孩子)(?:的)?(?:棵数|个数|数)?[^,。]{0,8}范围",
        "least_root_keys": "根结点[^,。]{0,8}(?:最少|至少)[^,。]{0,8}关键",
        "least_keys": "关键[字码][^,。]{0,8}(?:最少|至少)|(?:最少|至少)[^,。]{0,12}关键",
        "most_keys": "关键[字码][^,。]{0,8}(?:最多|至多)|(?:最多|至多)[^,。]{0,12}关键",
        "least_children": "(?:子树|孩子|分支)[^,。]{0,8}(?:最少|至少)|(?:最少|至少)[^,。]{0,12}(?:子树|孩子|分支)",
        "most_children": "(?:子树|孩子|分支)[^,。]{0,8}(?:最多|至多)|(?:最多|至多)[^,。]{0,12}(?:子树|孩子|分支)",
    },
    "ds.b_tree_bounds": {
        "failures": "@(?:失败|外部)结点",
        "min_keys": "(?:至少|最少)[^,。]{0,12}关键|关键[字码][^,。]{0,8}(?:至少|最少)",
        "max_keys": "(?:至多|最多)[^,。]{0,12}关键|关键[字码][^,。]{0,8}(?:至多|最多)",
        "max_height": "(?:最大|最高)[^,。]{0,4}(?:高度|层)|高度(?:最大|至多|最多)|最(?:大|多).{0,4}层",
        "min_height": "(?:最小|最低)[^,。]{0,4}(?:高度|层)|高度(?:最小|至少|最少)",
        "min_nodes": "结点[^,。]{0,6}(?:最少|至少)|(?:最少|至少)[^,。关键]{0,8}结点",
        "max_nodes": "结点[^,。]{0,6}(?:最多|至多)|(?:最多|至多)[^,。关键]{0,8}结点",
    },
    "ds.binary_tree_rebuild": {
        "count": "(?:多少|几)[棵种个](?:不同)?(?:的)?(?:二叉树)?",
        "postorder": "后序",
        "preorder": "先序|前序",
        "inorder": "中序",
        "levelorder": "层序|层次",
        "height": "高度|深度",
        "leaves": "叶",
    },
    "ds.bst": {
        "asl_failure": "失败",
        "asl_success": "成功|平均查找长度|ASL",
        "comparisons": "比较了?(?:的)?(?:次数|几次|多少次|关键字(?:的)?个数)|比较\\( ?\\)次",
        "height": "高度|深度",
    },
    "ds.complete_tree": {
        "max_nodes": "结点(?:个数|数|总数)?[^,。]{0,4}(?:最多|至多|最大)|(?:最多|至多)[^,。叶]{0,6}结点",
        "min_nodes": "结点(?:个数|数|总数)?[^,。]{0,4}(?:最少|至少|最小)|(?:最少|至少)[^,。叶]{0,6}结点",
        "leaves": "叶(?:子)?结点(?:的)?(?:个数|数|有|共)|(?:多少|几)个叶",
        "height": "高度|深度|几层",
        "degree_one": "度为 ?1",
        "degree_two": "度为 ?2",
        "parent": "双亲|父结点|父节点",
        "children": "孩子|左右子女",
    },
    "ds.forest": {
        "postorder": "中序|后根|后序",
        "preorder": "先序|先根",
        "no_right": "无右孩子|右(?:指针|孩子)(?:域)?为空|没有右",
        "no_left": "无左孩子|左(?:指针|孩子)(?:域)?为空|没有左",
        "leaves": "叶",
        "trees": "(?:几|多少)棵",
        "binary_height": "二叉树[^,。]{0,4}(?:高|深)",
        "forest_height": "(?:森林|树)的?(?:高|深)",
    },
    "ds.huffman": {
        "saved": "@(?:与|比|较)[^。]{0,30}(?:定长|等长|固定)[^。]{0,40}(?:减少|节省|少)",
        "wpl": "带权路径长度|WPL|wpl",
        "average_length": "平均(?:码|编码)?长|平均.{0,6}长度",
        "codes": "编码(?:为|是|分别)|(?:设计|写出|求出?)[^,。]{0,12}编码",
        "nodes": "结点(?:总)?(?:数|个数)|多少个结点|几个结点",
        "virtual": "虚",
        "code_lengths": "编码长度|码长",
        "root_weight": "根(?:结点)?的?权",
    },
    "ds.red_black": {
        "root": "根(?:结点)?的?关键字|根结点(?:是|为)",
        "red_count": "红(?:色)?结点(?:的)?个?数",
        "black_count": "黑(?:色)?结点(?:的)?个?数",
    },
    "ds.threaded_tree": {
        "right": "右(?:线索|指针)",
        "left": "左(?:线索|指针)",
        "predecessor": "前驱",
        "successor": "后继",
        "threads": "线索(?:总)?数|(?:几|多少)[条个]线索",
    },
    "ds.tree_degrees": {
        "leaves": "叶|度为 ?0",
        "edges": "边|分支",
        "no_right": "无右孩子|右(?:指针|孩子)(?:域)?为空|没有右",
        "nodes": "结点(?:总)?(?:数|个数)|多少个?结点|共有",
    },
    "ds.union_find": {
        "sets": "(?:几|多少)个(?:集合|连通)|集合(?:的)?(?:个数|数)",
        "parents": "数组|parent|双亲",
        "height": "层|高",
        "found": "查找[^,。]{0,8}(?:根|返回|结果)",
        "steps": "经过",
    },
}
SIGNS: dict[str, str] = {
    "ds.avl": "平衡(?:二叉|排序|查找|搜索)?(?:树|排序树|二叉树)[^。]{0,60}插入|插入[^。]{0,60}平衡(?:二叉)?树|AVL",
    "ds.avl_bounds": "平衡二叉树[^。]{0,30}(?:最少|最多|最大|最小|至少|至多)|(?:高度?|深度)为[^。]{0,6}的?(?:平衡二叉树|AVL)",
    "ds.b_plus_tree": r"B\s?\+\s?树[^。]{0,80}(?:插入|删除)|(?:插入|删除)[^。]{0,80}B\s?\+\s?树",
    "ds.b_tree": r"B[-_ ]?树[^。]{0,80}(?:插入|删除)|(?:插入|删除)[^。]{0,80}B[-_ ]?树",
    "ds.b_tree_node": r"^(?!.*高度)(?s:.*)阶[^,。]{0,4}B[-_+ ]{0,2}树[^。]{0,60}(?:范围|(?:每个|任一|非根|根|分支|内部|叶)[^,。]{0,6}结点[^。]{0,30}(?:至少|至多|最少|最多))",
    "ds.b_tree_bounds": r"阶[^,。]{0,4}B[-_ ]?树[^。]{0,60}(?:失败|外部)|(?:个关键字)[^。]{0,10}阶\s?B[-_ ]?树|阶[^,。]{0,4}B[-_ ]?树[^。]{0,40}(?:最少|最多|至少|至多|最大|最小)|(?:高度?为|关键字)[^。]{0,16}阶\s?B",
    "ds.binary_tree_rebuild": "(?:先|前|中|后|层)[序次根](?:遍历)?(?:序列)?[^。]{0,30}(?:先|前|中|后|层)[序次根]",
    "ds.bst": "^(?!.*(?:查找路径|查找序列|比较(?:的)?(?:关键字)?序列|一次查找))(?s:.*)(?:二叉(?:排序|查找|搜索)树|BST|bst)",
    "ds.complete_tree": "完全二叉树",
    "ds.forest": "(?:森林|树).{0,40}(?:转换|转化|变换|对应)[^。]{0,8}二叉树|二叉树[^。]{0,40}(?:转换|还原)[^。]{0,6}(?:森林|树)",
    "ds.huffman": "哈夫曼|赫夫曼|霍夫曼|[Hh]uffman|带权[^,。]{0,10}路径长度|WPL",
    "ds.red_black": "红黑树",
    "ds.threaded_tree": "线索|\\([^。]{0,60}(?:先|中|后|前)序[^。]{0,30}(?:后继|前驱)",
    "ds.tree_degrees": "度为 ?\\d 的",
    "ds.union_find": "并查集|Union|UFS",
}
