"""How questions word directories, links, paths and places on a disk."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Assumed, Hint, Reader, const, first, flag, integer, num
from assistant408.tutor.quantity import finditer, search

__all__ = ["ASKS", "HINTS", "SIGNS"]

_FILE = r"[A-Za-z]\w{0,5}"
_OPERATION = re.compile(
    rf"(?:为|给|对|建立|创建|生成)(?:文件)?\s?(?P<of>{_FILE})\s?(?:的|建立|创建)(?:一个)?(?:了)?(?:一个)?(?P<way>硬|软|符号)链接(?:文件)?\s?(?:为|是)?\s?(?P<new>{_FILE})"
    rf"|(?P<way2>硬|软|符号)链接(?:文件)?\s?(?P<new2>{_FILE})\s?(?:指向|链接到)(?:文件)?\s?(?P<of2>{_FILE})"
    rf"|ln\s(?P<soft>-s\s)?(?P<of3>{_FILE})\s(?P<new3>{_FILE})"
    rf"|(?:删除|rm)(?:了)?(?:文件)?\s?(?P<gone>{_FILE})",
    re.ASCII,
)


def _story(r: Reader) -> list[dict[str, str]] | None:
    """``建立 F1 的符号链接 F2,再建立 F1 的硬链接 F3,然后删除 F1``, with the files that stand at the beginning."""
    out: list[dict[str, str]] = []
    known: list[str] = []
    for m in _OPERATION.finditer(r.text):
        r.take(*m.span())
        if m["gone"]:
            out.append({"kind": "delete", "name": m["gone"]})
            continue
        of, new = m["of"] or m["of2"] or m["of3"], m["new"] or m["new2"] or m["new3"]
        hard = (m["way"] or m["way2"]) == "硬" or (m["of3"] is not None and not m["soft"])
        if of not in known:
            known.append(of)
            out.insert(0, {"kind": "create", "name": of})
        known.append(new)
        out.append({"kind": "hard" if hard else "soft", "name": new, "target": of})
    return out if len(out) > 1 and known else None


def _path(r: Reader) -> str | None:
    found = [m for m in finditer(r"(?<![\w/)])(?:/[A-Za-z]\w*(?:\.\w+)?)+", r.text) if m[0].count("/") > 0]
    best = max(found, key=lambda m: m[0].count("/"), default=None)
    if best is None or not search("根目录[^。;]{0,24}内存", r.text):
        return None
    if search(
        "间接|索引块|链接|FAT|平均|最[少多]|第 ?(?:[2-9]|\\d\\d+) ?(?:个|块|字节)|缓存", r.text
    ):  # more than the way
        return None
    for m in found:
        r.take(*m.span())
    return best[0]


def _triple(which: int) -> Hint:
    """``(柱面 2,磁头 5,扇区 10)`` or ``柱面号 2、磁头号 5、扇区号 10``."""
    words = ("柱面号?", "(?:磁头|盘面|磁道)号?", "扇区号?")

    def read(r: Reader) -> int | None:
        m = search(rf"{words[0]}\s?(\d+)\s?[,、]\s?{words[1]}\s?(\d+)\s?[,、]\s?{words[2]}\s?(\d+)", r.text)
        if not m:
            return None
        r.take(*m.span(which + 1))
        return int(m[which + 1])

    return read


def _entry(r: Reader) -> int | None:
    """The entry's bytes; of a directory that was split into name and index node, the sum of the two."""
    parts = search(
        r"(?:文件名|名字)\s?(?:\(|占|为)?\s?(\d+)\s?(?:B|字节)\)?[^。;]{0,10}?(?:inode|索引结点|i结点)(?:号|编号)?\s?(?:\(|占|为)?\s?(\d+)\s?(?:B|字节)",
        r.text,
    )
    if parts:
        r.take(*parts.span())
        return int(parts[1]) + int(parts[2])
    found: Any = num("(?:目录项|FCB|文件控制块|每项)(?:的)?(?:大小|长度|占用?|长)?", unit="bytes")(r)
    return found if isinstance(found, int) else None


def _other_block(r: Reader) -> None:
    """Notes the size of the control block that the question sets beside the split directory."""
    if search("文件名[^。]{0,8}\\d+ ?(?:B|字节)", r.text):
        for m in finditer(r"FCB[^,。;\d]{0,6}(\d+\s?(?:B|字节))|由\s?(\d+(?:\.\d+)?)\s?次", r.text):
            r.take(*m.span())


def _entries(r: Reader) -> int | Assumed | None:
    if search("(?:一|每)个?(?:盘|磁盘)?块(?:可|能)(?:以)?(?:存放|容纳|放)[^。]{0,6}目录项", r.text):
        return Assumed(1)
    _other_block(r)
    found: Any = first(num("(?:共有?|有|含)", before=["个?(?:目录项|文件(?!控制))"]), num("目录项数|文件数"))(r)
    return found if isinstance(found, int) else None


HINTS: dict[str, dict[str, Hint]] = {
    "os.bitmap_place": {
        "first": integer(
            r"位(?:示)?图[^。;\d]{0,12}(?:存于|存放|放在|位于|占用|占据)[^。;\d]{0,8}?(\d+)\s?(?:~|-|到|至|号)",
            r"从\s?(\d+)\s?号?(?:盘)?块(?:开始)?(?:存放|存)",
        ),
        "block_bytes": num("(?:每个?)?(?:盘块|磁盘块|块)(?:的)?(?:大小|长度|占)?", unit="bytes"),
        "block": integer(
            r"(?:释放|回收|分配)(?:的)?[^。;\d]{0,10}块号(?:为|是)?\s?(\d+)",
            r"(?:释放|回收|归还|分配)(?:了)?(?:盘块|第|块)?\s?(\d+)",
        ),
    },
    "os.permission_bits": {
        "classes": first(
            integer(r"用户(?:分(?:为|成)|有)\s?(\d+)\s?(?:类|组|种)", r"(\d+)\s?(?:类|组|种)(?:不同)?(?:类别的?)?用户")
        ),
        "rights": integer(r"权限(?:有|分为|共)?\s?(\d+)\s?种", r"(\d+)\s?种(?:不同的?)?(?:访问|操作)?(?:权限|方式)"),
    },
    "os.link_count": {
        "operations": _story,
        "initial": integer(r"(?:引用|链接)(?:计)?数(?:值)?(?:为|是)\s?(\d+)"),
    },
    "os.path_lookup": {
        "path": _path,
        "inodes": first(
            flag("inode|索引结点|i结点", "FCB(?:存|在|保存)|目录项(?:中)?(?:即|就是|存放)(?:完整的)?FCB"),
            const(False, unless="inode|索引结点"),
        ),
        "root_inode_in_memory": flag(
            "根目录(?:的)?(?:inode|索引结点|i结点)(?:已)?(?:经)?(?:在|调入|读入|常驻)",
            "根目录(?:的)?(?:inode|索引结点)(?:不在|在磁盘)",
        ),
        "root_in_memory": flag("根目录(?:的内容|文件|已|常驻|内容)*(?:已)?(?:在|调入|读入|常驻|驻留)(?:于)?内存"),
        "blocks_each": integer(
            r"每个?(?:目录|目录文件)(?:文件)?(?:均|都|只)?占(?:用)?\s?(\d+)\s?(?:个)?(?:盘|磁盘)?块"
        ),
        "read_inode": const(True, "inode|索引结点"),
        "data_blocks": first(
            const(1, "第一个?(?:个)?(?:数据|盘|磁盘)?块|首块|第 ?1 ?(?:个)?(?:数据|盘)?块|1 ?个?(?:数据|盘)块"),
            integer(r"(?:读|数据)[^,。;\d]{0,8}(\d+)\s?个?(?:数据|盘)?块"),
        ),
    },
    "os.directory_search": {
        "entry_bytes": _entry,
        "entries": _entries,
        "block_bytes": num("(?:盘块|磁盘块|物理块|块)(?:的)?(?:大小|长度)?", unit="bytes"),
        "inode": flag("(?:含|再|并|包括|加上)(?:上)?读(?:出|取|入)?(?:其)?(?:的)?(?:inode|索引结点)|读(?:出)?inode"),
    },
    "os.disk_address": {
        "cylinder": _triple(0),
        "head": _triple(1),
        "sector": _triple(2),
        "heads": num("(?:每(?:个)?柱面|磁盘组?)(?:有)?", before=["个?(?:磁头|盘面|记录面)"]),
        "sectors": num("每(?:个|条)?(?:磁)?道(?:有|分为|划分为)?", before=["个?扇区(?!号)"]),
        "block": integer(
            r"(?:第|块号(?:为|是)?|逻辑块|盘块)\s?(\d+)\s?(?:号|个)?(?:逻辑|盘|磁盘)?块?(?=[^\d]{0,6}(?:所在|对应|位于|的位置|,|在))",
            r"(?:块号)(?:为|是)?\s?(\d+)",
        ),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "os.bitmap_place": {"map_block": "盘块号", "byte": "字节(?:序)?号|第几字节", "bit": "位号"},
    "os.permission_bits": {"bits": "(?:几|多少)?(?:个)?(?:二进制)?位数?", "sets": "组合"},
    "os.link_count": {
        "counts": "(?:引用|链接)(?:计)?数",
        "accessible": "(?:可以|能够|仍能)访问",
        "dangling": "失效|不能访问|找不到",
    },
    "os.path_lookup": {"accesses": "访问(?:磁)?盘|(?:启动|读)(?:磁)?盘|(?:几|多少)次"},
    "os.directory_search": {
        "per_block": "(?:一|每)个?(?:盘|磁盘)?块(?:可|能)(?:以)?(?:存放|容纳|放)",
        "average": "平均",
        "blocks": "(?:占|需)[^,。]{0,8}(?:几|多少)(?:个)?(?:盘|磁盘)?块",
        "most": "最多",
    },
    "os.disk_address": {
        "place": r"\(?柱面(?:号)?[^。]{0,6}磁头(?:号)?[^。]{0,6}扇区(?:号)?\)?(?:分别)?(?:是|为|$)|位置|物理地址",
        "block": "块号(?:是|为|$)",
    },
}
SIGNS: dict[str, str] = {
    "os.bitmap_place": "位(?:示)?图[^?]{0,20}(?:存于|存放|放在|位于|占用)[^?]{0,160}(?:要?修改|对应)[^。]{0,10}位",
    "os.permission_bits": "用户[^?]{0,60}权限[^?]{0,80}位数?|权限[^?]{0,60}位串",
    "os.link_count": "(?:硬|软|符号)链接[^?]{0,120}(?:引用|链接)(?:计)?数|(?:引用|链接)(?:计)?数[^?]{0,120}(?:硬|软|符号)链接",
    "os.path_lookup": r"(?:查找|打开|读|访问)[^。]{0,12}/\w+/\w+|根目录[^?]{0,120}/\w+",
    "os.directory_search": "(?:目录项|FCB|目录)[^?]{0,120}(?:检索|查找)[^?]{0,30}平均|平均[^。]{0,12}启动磁盘",
    "os.disk_address": "柱面[^?]{0,60}磁头[^?]{0,60}扇区",
}
