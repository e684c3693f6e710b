"""How questions about files, disks and input-output word the parameters and results of their solvers."""

from __future__ import annotations

import re

from assistant408.tutor.extract import Assumed, Hint, Reader, assume, const, first, flag, integer, num, pick, seq
from assistant408.tutor.hints.os_shared import N
from assistant408.tutor.quantity import finditer, quantities, search

__all__ = ["ASKS", "HINTS", "SIGNS"]


def _fat(r: Reader) -> list[dict[str, int]] | None:
    rows = []
    for m in finditer(r"FAT\s?[\[(]\s?(\d+)\s?[\])]\s?(?:=|为|是)\s?(\d+|EOF|-1|结束)", r.text):
        r.take(*m.span())
        rows.append({"cluster": int(m[1]), "next": int(m[2]) if m[2].isdigit() else -1})
    if rows:
        return rows
    for m in finditer(r"(?<!\d)(\d+)\s?(?:->|→|:)\s?(\d+|结束|EOF|-1|末|尾)", r.text):
        r.take(*m.span())
        rows.append({"cluster": int(m[1]), "next": int(m[2]) if m[2].isdigit() else -1})
    return rows or None


def _groups(r: Reader) -> list[list[int]] | None:
    rows = []
    for m in finditer(
        r"盘?块\s?(\d+)\s?(?:中)?(?:记录|存放|保存|登记)[^:,。;\d]{0,16}(?:\([^)]*\))?\s?(?:为|是|=|:)?\s?(\d+(?:\s?[,、]\s?\d+)*)",
        r.text,
    ):
        r.take(*m.span())
        rows.append([int(m[1]), *(int(x) for x in re.findall(r"\d+", m[2]))])
    return rows or None


def _free_operations(r: Reader) -> list[int] | None:
    out = []
    for m in finditer(
        r"(?:回收|释放|归还)(?:了)?(?:盘块|第)?\s?(?:号)?\s?(\d+)(?:\s?号)?|(?:再|又)?分配\s?(\d+|[一二两三四五])\s?(?:个?盘?块)",
        r.text,
    ):
        r.take(*m.span())
        if m[1]:
            out.append(int(m[1]))
        else:
            out += [0] * int(quantities(m[2] + "个")[0].value)
    return out or None


def _moved(r: Reader) -> str | None:
    """``刚服务完 120 号磁道,现在位于 100 号``: which way the head has moved."""
    m = search(r"刚[^,。;\d]{0,10}(\d+)[^。\d]{0,30}(?:现在|当前|正在|正)[^。\d]{0,20}(\d+)", r.text)
    if not m or m[1] == m[2]:
        return None
    r.take(*m.span(1))
    return "down" if int(m[2]) < int(m[1]) else "up"


def _disk_blocks(r: Reader) -> int | None:
    """Blocks of a disk of which the capacity and the block size are given."""
    used = len(r.used)
    disk = num("(?:磁盘|硬盘|软盘|分区|盘|卷)(?:的)?(?:总)?(?:容量|空间|大小)?", "容量", unit="bytes")(r)
    block = num("(?:磁盘块|盘块|物理块|块|簇)(?:的)?(?:大小|长度)", unit="bytes", fresh=False)(r)
    if isinstance(disk, int) and isinstance(block, int) and block:
        return disk // block
    del r.used[used:]
    return None


def _largest(r: Reader) -> Assumed | None:
    """The capacity that the entries can address, if that is what is asked for."""
    if not search("最大[^。]{0,16}(?:容量|空间|分区)|(?:管理|支持)[^。]{0,12}最大", r.text):
        return None
    m = search(r"FAT\s?(12|16|32)(?!\d)|表项[^,。;\d]{0,6}(\d+)\s?位", r.text)
    block = num("(?:盘块|簇|物理块|块|磁盘块)(?:的)?(?:大小|长度)?", unit="bytes")(Reader(r.text))
    return Assumed(block << int(m[1] or m[2])) if m and isinstance(block, int) else None


def _stack(r: Reader) -> list[int] | None:
    """``s_free[0]=200、s_free[1]=160``."""
    cells = list(finditer(r"s[_.]?\s?free\s?[\[(]\s?(\d+)\s?[\])]\s?=\s?(\d+)", r.text))
    for m in cells:
        r.take(*m.span())
    if cells:
        for m in finditer(r"(?:空闲(?:盘)?块(?:的)?(?:个)?数|s[_.]?nfree)[^\d。;,]{0,4}(\d+)", r.text):
            r.take(*m.span())
    by = {int(m[1]): int(m[2]) for m in cells}
    return [by[i] for i in sorted(by)] or None


HINTS: dict[str, dict[str, Hint]] = {
    "os.bitmap": {
        "first_block": first(
            integer(r"(?:盘)?块号?(?:也|都|均)?从\s?([01])"),
            const(1, "(?:编号|均|都)(?:都|均)?从 ?1"),
            const(0, "(?:编号|均|都)(?:都|均)?从 ?0"),
        ),
        "first_index": first(
            integer(r"(?:字号|位号)[^,。;]{0,8}从\s?([01])"),
            const(1, "(?:编号|均|都)(?:都|均)?从 ?1"),
            const(0, "(?:编号|均|都)(?:都|均)?从 ?0"),
        ),
        "word_bits": first(
            num("字长|每个?字(?:为|有)?|每行", before=["位(?:的)?字", "位字长", "位"], unit="bits"),
            assume(8, "(?:占用?|需要?|多少|几)[^。]{0,10}(?:块|字节|空间|KB|MB)|大小"),
        ),
        "word": integer(r"第\s?(\d+)\s?(?:个)?字", r"字号(?:为|是|=)?\s?(\d+)", r"第\s?(\d+)\s?行"),
        "bit": integer(r"第\s?(\d+)\s?(?:个)?位", r"位号(?:为|是|=)?\s?(\d+)", r"第\s?(\d+)\s?列"),
        "block": integer(
            r"(?:盘?块号|块)(?:为|是|=)?\s?(\d+)",
            r"(\d+)\s?号(?:盘?块|物理块)",
            r"第\s?(\d+)\s?(?:号|个)?(?:盘块|物理块|块)",
        ),
        "block_bytes": num("(?:磁盘块|盘块|物理块|块|簇)(?:的)?(?:大小|长度)", unit="bytes"),
        "total_blocks": first(_disk_blocks, num("共有?|盘块总?数|总数", before=["个?(?:盘|物理|磁盘)?块(?!大|的大)"])),
    },
    "os.buffering": {
        "buffers": pick({2: "双缓冲", 1: "单缓冲|一个缓冲"}, last=True),
        "read": num(
            "(?:设备|磁盘)[^,。;\\d]{0,16}缓冲区(?:用时|需|的时间)?|输入(?:一块)?(?:数据)?(?:的)?时间|(?:读入|输入|读)(?:一块|一个|1 块|单个)?(?:数据|块|磁盘块)*(?:到|至|入)?(?:系统)?(?:缓冲区)?(?:的)?(?:时间)?|T",
            unit="free",
        ),
        "move": first(
            num(
                "缓冲区[^,。;\\d]{0,6}用户区(?:用时|需)?|(?:传送|送|传|复制|移)(?:到|至|入)?(?:用户区|用户空间|工作区)?(?:的)?(?:时间)?|用户区|M",
                unit="free",
            ),
            const(0, "忽略|不计"),
        ),
        "process": num(
            "(?:处理|分析|加工|计算)(?:一块|一个|该块|这块|单个)?(?:数据|块)*(?:的)?(?:时间|用时)?|C", unit="free"
        ),
        "blocks": num("n", before=["个?(?:磁盘|数据|盘)?块"]),
    },
    "os.disk_access_time": {
        "rpm": num("转速|旋转速度", before=["转"], unit="rpm"),
        "seek_ms": num("(?:平均)?(?:寻道|寻找|定位)(?:时间)?", unit="ms"),
        "sectors_per_track": num(
            "每(?:条|个)?(?:磁)?道(?:上)?(?:的)?(?:平均)?(?:扇区数?)?|磁道扇区数", before=["个?扇区/道"]
        ),
        "sectors": num("文件(?:占(?:用)?|有)|读取?|传送|读写", before=["个?扇区"]),
        "placement": pick({"random": "随机(?:分布|存放)|分散", "sequential": "连续"}),
        "extra_ms": num("控制器(?:的)?(?:延迟|时延|开销|时间)", unit="ms"),
    },
    "os.disk_scheduling": {
        "policy": pick(
            {
                "C-SCAN": "C-?SCAN|循环扫描|单向扫描|CSCAN",
                "C-LOOK": "C-?LOOK",
                "SSTF": "SSTF|最短寻[道找]|最短寻道时间|最短查找",
                "LOOK": "(?<!C-)(?<!C)LOOK|电梯",
                "SCAN": "(?<!C-)(?<!C)SCAN|(?<!循环)(?<!单向)扫描",
                "FCFS": "FCFS|先来先服务",
            }
        ),
        "max_cylinder": first(
            integer(r"0\s?(?:~|-|到|至)\s?(\d+)"),
            lambda r: (
                None
                if (
                    n := integer(r"(?:共有?|有)\s?(\d+)\s?(?:个|条)?(?:磁道|柱面)", r"(\d+)\s?(?:个|条)(?:磁道|柱面)")(
                        r
                    )
                )
                is None
                else n - 1
            ),
        ),
        "head": first(
            integer(
                r"(?:磁头|磁臂|读写头)(?:当前|现在|正|目前|此时|初始|刚)?(?:正)?(?:位置|停留?|位于|处|从|在|于|为|是|的|当前|初始)*\s?(?:第)?\s?(\d+)",
                r"(?:磁头|磁臂)[^,。;\d]{0,14}?(\d+)\s?号?(?:磁道|柱面|处|号)?",
                r"(?:当前|现在|初始)[^,。;\d]{0,10}(\d+)\s?号?(?:磁道|柱面)?",
                r"(?:从|在)\s?(\d+)\s?号?(?:磁道|柱面)",
            )
        ),
        "seek_per_cylinder": num(
            "(?:每)?移动(?:过)?(?:一|1|每)?个?(?:磁道|柱面)(?:需|的时间)?|每(?:移动|跨)[^,。]{0,8}", unit="free"
        ),
        "direction": first(
            const("up", "最外侧[^。,;]{0,10}0(?![1-9])[^?]{0,80}向内"),
            const("down", "最外侧[^。,;]{0,10}0(?![1-9])[^?]{0,80}向外"),
            _moved,
            pick(
                {
                    "down": "(?:向|往|朝)[^,。;]{0,10}(?:减小|变小|减少|小|内|0 ?号?)(?:的)?(?:磁道|方向|移动)?|递减|减小方向|(?:磁道号)?减(?:小|少)的?方向",
                    "up": "(?:向|往|朝)[^,。;]{0,10}(?:增大|增加|变大|大|外)|递增|增大方向|增加的?方向",
                }
            ),
        ),
        "jump_counts": flag(
            "返回[^,。]{0,8}计入", "返回[^,。;]{0,14}不(?:计|算)|不(?:计|算)[^,。;]{0,6}返回|不计(?:入)?回"
        ),
        "requests": seq(
            "(?:请求|访问)(?:的)?(?:序列|磁道|柱面|次序|队列)?|磁道(?:号|序列)?|柱面号?|依次", longest=4, least=4
        ),
    },
    "os.fat": {
        "disk_bytes": first(
            _largest,
            num(
                "(?:磁盘|硬盘|软盘|文件系统|分区|盘|卷)(?:的)?(?:总)?(?:容量|空间)?",
                "容量",
                unit="bytes",
                before=["的?(?:磁盘|硬盘|软盘)"],
            ),
        ),
        "block_size": num(
            "(?:盘块|簇|物理块|块|磁盘块)(?:的)?(?:大小|长度)?|每(?:个)?(?:盘块|簇|块)(?:大小)?", unit="bytes"
        ),
        "entry_bits": first(
            integer(r"FAT\s?(12|16|32)(?!\d)"),
            num("(?:表项|FAT 项)(?:的)?(?:长度?|占|大小)?|每(?:个)?表项", unit="bits"),
        ),
        "round_bits": first(const(4, "半个?字节|4 ?位的整数倍"), const(8, "整字节|字节的整数倍|8 ?位的整数倍")),
    },
    "os.fat_chain": {
        "cluster_size": num(
            "簇(?:的)?(?:大小|长度)?|每(?:个)?簇|盘块大小|块大小|(?:磁)?盘块(?:的大小)?|物理块", unit="bytes"
        ),
        "fat": _fat,
        "start": integer(r"(?:起始|首)(?:簇|块|盘块)号?(?:为|是|=)?\s?(\d+)", r"从\s?(\d+)\s?号?(?:簇|块)?开始"),
        "offset": num("(?:字节)?偏移(?:量)?|第|偏移地址", before=["字节处"], unit="bytes"),
        "fat_in_memory": flag("FAT(?:表)?(?:已)?(?:在|调入|读入)(?:内存|主存)", "FAT(?:表)?(?:不在|在磁盘|未)"),
    },
    "os.file_allocation_access": {
        "method": pick({"indexed": "索引", "linked": "链接|链式|隐式", "contiguous": "连续|顺序"}),
        "operation": first(const("insert", "插入|增加|追加|添加"), const("delete", "删除|删去"), const("read", "读")),
        "position": first(
            lambda r: (
                None
                if (
                    n := integer(
                        r"第\s?(\d+)\s?(?:个)?(?:块|记录)之?后[^,。]{0,12}插入",
                        r"插[^,。]{0,8}第\s?(\d+)\s?(?:个)?(?:块|记录)之?后",
                    )(r)
                )
                is None
                else n + 1
            ),
            integer(r"(?:作为|成为|读出?|删除|删去|读取)(?:其)?(?:的)?第\s?(\d+)", r"第\s?(\d+)\s?(?:个|块|条)"),
        ),
        "blocks": num(
            "文件(?:共)?(?:有|占)?|长度(?:为)?", before=["个?(?:磁盘|盘|逻辑|物理)?块", "个?(?:逻辑)?记录", "条记录"]
        ),
        "room": pick(
            {
                "after": "(?:只有|仅|只能)[^,。]{0,6}(?:后|尾)|(?:文件)?(?:前面?|前端|首部|首)[^,。;]{0,6}(?:没有|无)(?:空|可用)",
                "before": "(?:只有|仅|只能)[^,。]{0,6}(?:前)|(?:后面?|尾部|末尾)[^,。;]{0,6}(?:没有|无)(?:空|可用)",
                "both": "(?:首尾|前后|两端|首部和尾部)",
            }
        ),
        "index_in_memory": flag("索引块?(?:表)?(?:已)?在内存", "索引块?(?:不在|未|在磁盘)"),
        "tail_pointer": flag("尾指针|末块|最后一块(?:的)?指针", "(?:没有|无|不(?:含|设))(?:尾|末)"),
    },
    "os.grouped_free_list": {
        "group_size": num("每组(?:最多)?", before=["个?盘?块为?一组"]),
        "groups": _groups,
        "stack": first(_stack, seq("空闲盘块号栈|栈(?:底)?|超级块", least=2, gap=40)),
        "operations": _free_operations,
    },
    "os.inode_file_size": {
        "direct": first(
            const(0, "(?<!间接)(?:采用|使用)?[一二两单]级索引(?:分配|结构|方式)"),
            num("直接地址(?:项)?(?:有)?", before=["个?(?:是)?直接"]),
            integer(rf"{N}\s?个(?:为|是)?直接"),
        ),
        "single": first(
            const(1, "(?:采用|使用)?[一单]级索引(?:分配|结构|方式)"),
            integer(rf"{N}\s?个(?:为|是)?一[级次]间"),
            integer(rf"一[级次][^。;]{{0,14}}间接?[^,。;\d]{{0,8}}各(?:有)?\s?{N}\s?个"),
            const(0, unless="一级间|一次间|单级?间接|一次、|一级、|一级和|间接地址"),
        ),
        "double": first(
            const(1, "(?:采用|使用)?[二两]级索引(?:分配|结构|方式)"),
            integer(rf"{N}\s?个(?:为|是)?[二两][级次]间接?"),
            integer(rf"[二两][级次][^。;]{{0,10}}间接?[^,。;\d]{{0,8}}各(?:有)?\s?{N}\s?个"),
            const(0, unless="[二两][级次]间接?|双重?间接|三次间接各|[二两][级次]、|[二两][级次]和"),
        ),
        "triple": first(integer(rf"{N}\s?个(?:为|是)?三[级次]间接?"), const(0, unless="三[级次]间接?|三重间接")),
        "block_size": num(
            "(?:磁盘|数据|物理|索引|盘|每)?(?:块|簇|盘块)(?:的)?(?:大小|长度|长)?|每(?:个)?(?:磁)?盘?块", unit="bytes"
        ),
        "pointer_size": first(
            integer(r"(?:地址|索引)项(?:占|长)?(?:为)?\s?(\d+)\s?(?:B|字节)"),
            num(
                "(?:盘?块号|盘块地址|地址|指针|每(?:个)?(?:地址项|项|盘块号|指针|地址))(?:的)?(?:长度|大小|占用?|长)?|每项",
                unit="bytes",
            ),
        ),
        "offset": num("(?:字节)?偏移(?:量)?(?:地址)?|第", before=["字节处"], unit="bytes"),
        "file_bytes": num(
            "文件(?:的)?(?:长度|大小|长)|(?:一个)?(?:长|大小)(?:度)?为?", before=["的?文件"], unit="bytes"
        ),
        "inode_in_memory": flag(
            "(?:索引结点|inode|i 结点|FCB)(?:已)?(?:在|调入|读入)", "(?:索引结点|inode|FCB)(?:不在|未)"
        ),
    },
    "os.interleaving": {
        "rotation_ms": num("(?:旋转|转)(?:一?周|一圈)?(?:的)?(?:时间)?|每转(?:一周)?|旋转速度", unit="ms"),
        "process_ms": num("处理(?:程序|时间|一个|每个|完)?(?:记录|扇区)?|(?:程序)?处理[^,。;\\d]{0,10}", unit="ms"),
        "sectors": num("每?(?:磁)?道(?:上)?(?:划?分为|有|分成)?", before=["个?(?:扇区|记录|逻辑记录|块)"]),
        "gap": num("间隔|相隔", before=["个扇区"]),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "os.bitmap": {
        "block": "盘?块号|哪(?:一)?(?:个)?(?:盘)?块",
        "bitmap_blocks": "(?:占用?|需要?)[^,。]{0,8}(?:多少|几)(?:个)?(?:盘|磁盘|物理)?块",
        "word": "字号|第几(?:个)?字|第几(?:个)?字",
        "bit": "位号|第几位",
        "words": "(?:多少|几)个字",
        "bitmap_bytes": "(?:多少|几)(?:个)?字节|大小",
    },
    "os.buffering": {"per_block": "每块|平均", "saved": "节省", "total": "最短|总|需要?(?:的)?(?:时间|多)"},
    "os.disk_access_time": {
        "latency_ms": "(?:平均)?旋转(?:延迟|时延|等待)",
        "rotation_ms": "转一[圈周]",
        "sector_ms": "(?:传输|读)一个扇区",
        "total_ms": "存取|读(?:取|出)?[^,。]{0,12}(?:时间|需)|总时间|平均(?:需要)?(?:的)?时间",
    },
    "os.disk_scheduling": {
        "order": "第\\s?\\d+\\s?个(?:被|得到)?(?:服务|访问|响应)|(?:服务|访问|调度|响应)(?:的)?(?:次序|顺序|序列)|下一个|接着(?:服务|访问)",
        "average": "平均(?:寻道|移动|磁道)",
        "total": "(?:移动|经过|总)[^,。]{0,10}(?:磁道|柱面|距离)|(?:多少|几)个?(?:磁道|柱面)|寻道(?:总)?(?:长度|距离)|移动(?:量|距离|总)",
        "seek_total": "寻道(?:总)?时间|(?:总)?时间",
        "last": "最后",
    },
    "os.fat": {
        "fat_bytes": "FAT(?:表)?(?:的)?(?:大小|长度|占|需|要)|占(?:用)?多(?:少|大)|多少(?:存储)?空间",
        "entries": "(?:几|多少)(?:个)?表项|表项(?:的)?(?:个数|数)",
        "entry_bits": "表项[^,。]{0,8}(?:位|长)",
        "max_disk_bytes": "最大(?:容量|磁盘|分区)|支持[^,。]{0,8}容量",
    },
    "os.fat_chain": {
        "cluster": "(?:盘块|块)(?:的)?(?:块)?号(?:是|为)|(?:所在|哪(?:一)?个?)(?:的)?簇|簇号(?:是|为)",
        "length": "(?:几|多少)个?簇",
        "chain": "依次|簇(?:链|序列)",
        "lookups": "查(?:找)?(?:FAT|表)",
        "disk_accesses": "(?:访问|读)(?:磁)?盘",
    },
    "os.file_allocation_access": {
        "accesses": "访问(?:磁)?盘|读写|(?:几|多少)次|次数",
        "reads": "读(?:磁)?盘(?:几|多少|次)",
        "writes": "写(?:磁)?盘(?:几|多少|次)",
    },
    "os.grouped_free_list": {
        "last_allocated": "(?:最后|再|第二次)[^,。]{0,8}分(?:到|配)[^,。]{0,6}(?:盘块|块)",
        "stack": "栈(?:的|中)(?:内容|为)",
        "allocated": "依次分",
    },
    "os.inode_file_size": {
        "max_blocks": "@最大(?:盘)?块数|最多[^,。]{0,6}(?:盘)?块(?:数)?\\(",
        "max_file_bytes": "最大(?:文件)?(?:长度|大小|是|为)?|最长|(?:文件)?最大",
        "disk_accesses": "访问(?:磁)?盘|(?:读|访)盘|(?:几|多少)次(?:磁盘|读)?",
        "total_blocks": "共(?:占用|占|需)?[^,。]{0,8}(?:几|多少)(?:个)?(?:磁盘|盘)?块[^。]{0,6}(?:含|包括)[^。]{0,6}索引|(?:含|包括)索引块",
        "index_blocks": "(?:几|多少)(?:个|块)?(?:间接)?索引块|索引块(?:数|的个数)",
        "kind": "通过|(?:哪|何)种(?:地址|方式|索引)",
        "level": "(?:几|哪一?)级间|属于",
        "data_blocks": "数据块",
    },
    "os.interleaving": {
        "best_total_ms": "@(?:优化|最优|最佳|最短|合理)",
        "best_gap": "间隔(?:几|多少)",
        "total_ms": "(?:顺序|时间|需)",
    },
}
SIGNS: dict[str, str] = {
    "os.bitmap": "位示图|位图",
    "os.buffering": "[单双]缓冲",
    "os.disk_access_time": "随机分布|随机读|磁盘[^。]{0,60}随机分布",
    "os.disk_scheduling": "磁头[^。]{0,60}(?:磁道|柱面)|SSTF|C?-?SCAN|C-?LOOK|电梯(?:调度)?算法|最短寻道|寻道(?:距离|长度)",
    "os.fat": "FAT\\d*(?:表)?[^。]{0,20}(?:占|大小|空间|容量)|表项",
    "os.fat_chain": "FAT[^。]{0,80}(?:→|->|簇号)|(?:起始|首)簇号",
    "os.file_allocation_access": "(?:访问磁盘|读写磁盘|访盘|磁盘 ?I/O)[^。]{0,10}次|(?:插入|删除|读)[^。]{0,20}(?:块|记录)[^。]{0,30}(?:磁盘|I/O)",
    "os.grouped_free_list": "成组链接|超级块|空闲盘块号栈",
    "os.inode_file_size": "(?:直接|间接)地址|间接(?:索引|地址|块)|索引结点|inode",
    "os.interleaving": "(?:逻辑记录|扇区)[^。]{0,80}处理[^。]{0,20}ms|交替编号|交叉编号|优化分布",
}
