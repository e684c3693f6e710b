"""How questions that count nodes and edges word what their solvers need."""

from __future__ import annotations

from assistant408.tutor.extract import Hint, Reader, const, first, flag, integer, num, seq
from assistant408.tutor.hints.ds_shared import as_int, unless
from assistant408.tutor.quantity import finditer, search

__all__ = ["ASKS", "HINTS", "SIGNS"]

IS = r"(?:个?数|总数)?(?:共?有|各?为|是|=|:)?\s?"
LEAVES = integer(r"(\d+)\s?个叶", rf"叶(?:子)?结点{IS}(\d+)", rf"度(?:数)?为\s?0\s?的结点{IS}(\d+)")
DEEP = first(
    integer(r"(?<![A-Za-z])h\s?=\s?(\d+)"),
    num("(?<!根的)(?<!结点的)(?:高度|深度)", "(?<!根的)(?<!结点的)高为?", before=["层"]),
)
NODES = first(
    integer(
        r"结点总数(?:为|是|有)?\s?(\d+)",
        r"(?:有|含有?|由|共有?)\s?(\d+)\s?个(?:分支以?外的)?(?:结点(?!仅|只)|关键字|元素|权值)",
    ),
    integer(r"(?<![A-Za-z])n\s?=\s?(\d+)", r"(\d+)\s?个(?:不同的)?(?:互不相同的)?(?:结点|关键字)"),
)


def _of_degree(degree: int) -> Hint:
    return integer(rf"(\d+)\s?个度(?:数)?为\s?{degree}\s?的", rf"度(?:数)?为\s?{degree}\s?的(?:结点)?{IS}(\d+)")


def _vertex_degrees(r: Reader) -> list[dict[str, int]] | None:
    """``度为 4 的顶点有 3 个``, ``3 个度为 4 的顶点``."""
    out = []
    pattern = (
        r"度(?:数)?(?:均|都)?为\s?(?P<d>\d+)\s?的(?:顶点|结点)(?:个数)?(?:共?有|为|是)?\s?(?P<k>\d+|[一二两三四五六七八九十])\s?个?"
        r"|(?P<k2>\d+|[一二两三四五六七八九十])\s?个(?:顶点|结点)?(?:的)?度(?:数)?(?:均|都)?为\s?(?P<d2>\d+)"
    )
    for m in finditer(pattern, r.text):
        r.take(*m.span())
        out.append({"degree": int(m["d"] or m["d2"]), "number": as_int(m["k"] or m["k2"])})
    return out or None


def _rest(r: Reader) -> int | None:
    m = search(
        r"(?:其余|其他|剩余)(?:的)?(?:顶点|结点)?(?:的)?度(?:数)?(?:均|都)?"
        r"(?:(?P<below>小于)|(?:不超过|不大于|至多为?|最多为?|不多于|为|是|等于))\s?(?P<n>\d+)"
        r"|(?:每个|各个?|所有)(?:顶点|结点)的?度(?:数)?(?:均|都)?(?:为|是|等于)\s?(?P<all>\d+)",
        r.text,
    )
    if not m:
        return None
    r.take(*m.span())
    return int(m["all"] or m["n"]) - (m["below"] is not None)


def _order_of_matrix(r: Reader) -> int | None:
    """``10 行 10 列``, ``10×10 的邻接矩阵``."""
    m = search(r"(\d+)\s?行\s?\1\s?列|(\d+)\s?[×*]\s?\2\s?的?邻接矩阵", r.text)
    if not m:
        return None
    r.take(*m.span())
    return int(m[1] or m[2])


def _named_sizes(r: Reader) -> list[int] | None:
    """``第一、第二、第三棵树的结点个数为 9、8、7``, ``M1、M2、M3``."""
    m = search(
        r"(?:个数|结点数|结点)[^,。\d]{0,6}(\d+)\s?(?:,|、|和)\s?(\d+)(?:\s?(?:,|、|和)\s?(\d+))?(?:\s?(?:,|、|和)\s?(\d+))?",
        r.text,
    )
    if not m:
        return None
    r.take(*m.span())
    return [int(g) for g in m.groups() if g]


HINTS: dict[str, dict[str, Hint]] = {
    "ds.binary_tree_counts": {
        "degree_one": first(_of_degree(1), integer(r"(\d+)\s?个(?:结点)?(?:仅|只)有(?:一|1)个孩子")),
        "degree_two": _of_degree(2),
        "leaves": LEAVES,
        "height": DEEP,
        "nodes": NODES,
        "strict": flag(
            r"(?:只|仅)有?(?:度(?:数)?为)?\s?0\s?和\s?(?:度(?:数)?为\s?)?2|(?:没有|不存在|无)度(?:数)?为\s?1|度(?:数)?(?:只|仅)?(?:为|是)\s?0\s?或\s?2"
        ),
    },
    "ds.k_ary_tree": {
        "ways": first(
            integer(
                r"(?<![A-Za-z])m\s?=\s?(\d+)",
                r"(\d+|[三四五])\s?叉",
                r"度(?:数)?为\s?(\d+)\s?(?:、|,|且|,且)?(?:高度?|深度)为[^。]{0,6}的树",
                r"度(?:数)?为\s?(\d+)\s?的(?:树|哈夫曼)",
                r"度(?:数)?为\s?0\s?和\s?(?:度为\s?)?(\d+)",
            ),
            integer(r"度为\s?0\s?或\s?(\d+)"),
            const(2, "[哈赫霍]夫曼"),
        ),
        "kind": first(
            const(
                "strict",
                r"[哈赫霍]夫曼|每个(?:非叶|分支)结点[^,。]{0,6}有|(?:只|仅)有?度(?:数)?为\s?0\s?(?:和|或)|正则",
            ),
            const("complete", r"完全"),
            const("degree", r"度(?:数)?为\s?(?:\d+|m)\s?(?:的树|[、,且])|\d\s?度树"),
        ),
        "leaves": first(
            LEAVES,
            unless(r"结点(?:总数)?为?\s?\d|\d\s?个结点", integer(r"(?<![A-Za-z])n\s?=\s?(\d+)")),
            integer(r"(\d+)\s?个(?:互?不相?同的?)?(?:符号|字符|权值|叶)", r"对\s?(\d+)\s?个[^,。]{0,8}(?:符号|字符)"),
        ),
        "inner": integer(
            r"(\d+)\s?个(?:分支|非叶|非终端|内部)结点", r"(?:分支|非叶|非终端|内部)结点(?:个?数)?(?:有|为|是)\s?(\d+)"
        ),
        "height": DEEP,
        "nodes": integer(
            r"结点总数(?:为|是|有)?\s?(\d+)",
            r"(\d+)\s?个结点(?!仅|只|的度)",
            r"结点[^。]{0,30}(?<![A-Za-z])n\s?=\s?(\d+)(?!\d)(?=[^。]{0,8}(?:叶|分支|高))",
        ),
    },
    "ds.graph_degrees": {
        "degrees": _vertex_degrees,
        "rest": _rest,
        "edges": integer(
            r"(\d+)\s?条(?:边|弧)",
            r"(?:边|弧)(?:数|的条数)?(?:为|是|有)?\s?(\d+)",
            r"\|E\|\s?=\s?(\d+)",
            r"e\s?=\s?(\d+)",
        ),
        "vertices": first(
            _order_of_matrix,
            integer(
                r"(\d+)\s?个(?:顶点|结点)(?!的?度)",
                r"(?<!的)顶点(?:数|个数)(?:为|是|有)?\s?(\d+)",
                r"\|V\|\s?=\s?(\d+)",
                r"n\s?=\s?(\d+)",
            ),
        ),
        "nonzero": integer(r"非零元素?(?:个数)?(?:为|有|是)?\s?(\d+)", r"(\d+)\s?个非零"),
        "directed": flag("有向", "无向"),
    },
    "ds.forest_sizes": {
        "sizes": unless(
            "^(?!.*(?:森林|棵树))",
            first(
                seq(r"结点(?:的)?(?:总|个)?数(?:分别|依次)?(?:为|是)", r"依次(?:为|是)", r"分别(?:为|是|有)", least=2),
                _named_sizes,
            ),
        ),
        "left": integer(r"左子树[^,。]{0,8}?(\d+)\s?个?结点"),
        "leaves": LEAVES,
        "inner": integer(
            r"(\d+)\s?个(?:非终端|分支|非叶)结点", r"(?:非终端|分支|非叶)结点(?:个?数)?(?:为|是|有)\s?(\d+)"
        ),
        "edges": integer(r"(\d+)\s?条边", r"e\s?=\s?(\d+)"),
        "trees": integer(r"(\d+|[两三四五六])\s?棵树(?!的)(?![^,。]{0,6}依次)"),
        "nodes": integer(r"(?:有|含有?|共有?|、|,)\s?(\d+)\s?个(?:结点|顶点)", r"n\s?=\s?(\d+)"),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "ds.binary_tree_counts": {
        "array_cells": "@顺序存储",
        "max_leaves": "满二叉树[^。]{0,12}叶|(?:最多|至多)[^,。]{0,6}叶|叶[^,。]{0,8}(?:最多|至多)",
        "null_links": "@(?<!非)空(?:的)?(?:指针|链)|指针域?为空|线索[^。]{0,12}(?:指针域|有|数|个)|值为NULL",
        "used_links": "@非空(?:的)?(?:指针|链)",
        "shapes": "(?:多少|几)[种棵]|种(?:数|类)|形态|不同的?[^,。]{0,12}(?:个数|棵数|数目|共有)",
        "min_nodes": "(?:最少|至少)[^,。叶]{0,8}结点|结点[^,。叶]{0,8}(?:最少|至少)",
        "max_nodes": "满二叉树[^。叶]{0,12}结点|(?:最多|至多)[^,。叶]{0,8}结点|(?<!叶)(?<!叶子)结点[^,。叶]{0,8}(?:最多|至多)",
        "min_leaves": "(?:最少|至少)[^,。]{0,6}叶|叶[^,。]{0,8}(?:最少|至少)",
        "min_height": "(?:最小|至少|最低)[^,。]{0,4}(?:高度|深度|层)|(?:高度|深度)[^,。]{0,4}(?:最小|至少)",
        "max_height": "(?:最大|至多|最高)[^,。]{0,4}(?:高度|深度|层)|(?:高度|深度)[^,。]{0,4}(?:最大|至多)",
        "degree_one": "度(?:数)?为 ?1",
        "degree_two": "度(?:数)?为 ?2",
        "leaves": "叶",
        "nodes": "结点(?:总数|的?个数|数)|(?:多少|几)个结点|共有[^,。]{0,4}结点",
    },
    "ds.k_ary_tree": {
        "null_links": "空(?:的)?(?:指针|链)|指针域?为空",
        "min_nodes": "(?:最少|至少)[^,。叶]{0,8}结点|结点[^,。叶]{0,8}(?:最少|至少)",
        "max_nodes": "(?:最多|至多)[^,。叶]{0,8}结点|结点[^,。叶]{0,8}(?:最多|至多)",
        "max_height": "(?:最大|最高)[^,。]{0,4}(?:高度|深度)|(?:高度|深度)[^,。]{0,4}(?:最大|至多)",
        "min_height": "高度|深度|层数|几层",
        "inner": "(?:分支|非叶|非终端|内部)结点|度(?:数)?为\\s?[^0\\D]\\s?的",
        "leaves": "叶|(?:符号|字符)(?:的)?(?:个数|数)|n的值|(?<![A-Za-z])n(?:为|是|等于|=)",
        "nodes": "结点(?:总数|的?个数|数)|(?:多少|几)个结点|共有[^,。]{0,4}结点",
    },
    "ds.graph_degrees": {
        "least_vertices": "顶点(?:的)?(?:个数|数)?[^,。]{0,6}(?:至少|最少)|(?:至少|最少)[^,。]{0,6}顶点",
        "trees": "(?:几|多少)?棵(?:树|数)|树的(?:棵|个)数",
        "spanning_edges": "生成树[^,。]{0,8}边",
        "cycle_edges": "(?:去掉|删去|删除|减少)[^,。]{0,6}边",
        "zero": "(?<!非)零元素|0元素|值为0",
        "nonzero": "非零",
        "list_nodes": "邻接表|边(?:表)?(?:中)?(?:的)?结点|表结点",
        "matrix_cells": "矩阵(?:的)?(?:元素|大小)",
        "degree_sum": "度(?:数)?之?(?:总)?和",
        "edges": "边(?:的)?(?:条)?数|(?:多少|几)条边",
    },
    "ds.forest_sizes": {
        "right_subtree": "右子树",
        "left_subtree": "左子树",
        "first_tree": "第一棵树",
        "no_right": "无右孩子|右(?:指针|孩子)(?:域)?为空|没有右",
        "no_left": "无左孩子|左(?:指针|孩子)(?:域)?为空|没有左",
        "trees": "(?:几|多少)棵|树的?(?:棵|个)数|包含(?:的)?树|棵树",
        "nodes": "结点(?:总)?(?:的)?(?:个数|数)",
        "edges": "边",
    },
}
SIGNS: dict[str, str] = {
    "ds.binary_tree_counts": (
        "^(?!.*(?:完全|平衡|[哈赫霍]夫曼|先序|前序|中序|后序|B ?\\+? ?树|三叉|森林))(?s:.*)"
        "(?:线索二叉树[^。]{0,60}(?:指针域|线索)[^。]{0,12}(?:有|数)|满二叉树|二叉树[^。]{0,30}(?:最多|至多|最少|至少)|二叉(?:排序|查找|搜索)?树[^。]{0,60}(?:度(?:数)?为 ?[012]|叶|形态|(?:多少|几)[种棵]|种|空指针|空链)|"
        "(?:度(?:数)?为 ?[012]|叶|不同的?|互不相同)[^。]{0,40}二叉)"
    ),
    "ds.k_ary_tree": (
        "(?:[三四五] ?叉|\\d ?叉|m ?叉)[^。]{0,30}树(?!.*(?:WPL|带权|归并))|度(?:数)?为 ?\\d+ ?(?:的树[^。]{0,40}高|[、,且]{1,2}高)|"
        "[哈赫霍]夫曼(?![^?]*(?:权值?(?:分别|依次)|WPL|带权|频率|编码(?:为|依次)))|度(?:数)?为 ?0 ?[和或](?:度(?:数)?为)? ?[3-9]"
    ),
    "ds.graph_degrees": "(?:无向|有向)?图[^。]{0,60}度(?:数)?(?:均|都)?(?:为|小于|大于)|(?:边|顶点)[^。]{0,40}(?:邻接表|邻接矩阵|森林|生成树)|森林[^。]{0,30}(?:条边|棵树)|非零元素[^。]{0,24}邻接表",
    "ds.forest_sizes": "森林[^。]{0,80}(?:子树|棵树|条边|为空|右孩子|左孩子)|(?:棵树|叶结点)[^。]{0,60}二叉树[^。]{0,20}(?:右孩子|左孩子|为空|子树)",
}
