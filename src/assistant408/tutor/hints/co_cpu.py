"""How questions about instructions, processors and their speed word the parameters and results of their solvers."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from assistant408.tutor.extract import Hint, Reader, first, flag, integer, num, pick, seq
from assistant408.tutor.hints.co_shared import CLOCK, HEX, N
from assistant408.tutor.quantity import finditer, plain_number, quantities, search

__all__ = ["ASKS", "HINTS", "SIGNS"]


def _cells(r: Reader) -> list[dict[str, int]] | None:
    rows = []
    for m in finditer(
        rf"\(\s?({HEX}|\d+)\s?\)\s?=\s?({HEX}|\d+)|(?:单元|地址)\s?({HEX}|\d+)\s?(?:的)?(?:单元)?(?:的|中的|中)?(?:内容|中?存放的?(?:是|数据)?)?(?:为|是|=|存放)\s?({HEX}|\d+)|({HEX}|\d+)\s?(?:号)?单元(?:的)?(?:内容|中)?(?:为|是|存放)\s?({HEX}|\d+)|({HEX})\s?中的内容(?:为|是)\s?({HEX})",
        r.text,
    ):
        a, b = [g for g in m.groups() if g]
        r.take(*m.span())
        rows.append({"address": int(quantities(a)[0].value), "content": int(quantities(b)[0].value)})
    return rows or None


def _classes(r: Reader) -> list[dict[str, Any]] | None:
    """Instruction classes with their share (or count) and CPI."""
    rows = []
    pattern = (
        r"(?P<name>[A-Z](?=\s?[类::型占,])|[\u4e00-\u9fff/A-Z]{1,8}?(?:指令|类|运算|型))\s?(?:指令|类)?\s?(?:的)?(?:比例|执行次数|条数|频率)?[:,]?\s?(?:占|为|比例为|有|共|各占|出现的?频率为)?\s?"
        r"(?P<share>\d+(?:\.\d+)?\s?%?)\s?(?:条)?(?:的?(?:比例|指令))?[,、(]?\s?(?:其|每条)?(?:的)?(?:平均)?(?:CPI|时钟周期数?)\s?(?:为|是|=|:)?\s?(?P<cpi>\d+(?:\.\d+)?)"
    )
    for m in finditer(pattern, r.text):
        r.take(*m.span())
        rows.append(
            {
                "name": re.sub(r"(?<=[A-Z])类$", "", re.sub(r"^.*(?:中|的)(?=.)", "", m["name"])),
                "share": m["share"].replace(" ", ""),
                "cpi": plain_number(quantities(m["cpi"])[0].value),
            }
        )
    if len(rows) >= 2:
        return rows
    table = list(
        finditer(r"\|\s*([^|\n\-]{1,12}?)\s*\|\s*(\d+(?:\.\d+)?\s?%?)\s*\|\s*(\d+(?:\.\d+)?)\s*(?=\|)", r.text)
    )
    if len(table) >= 2 and search(r"\|\s*CPI\s*\|", r.text):
        for m in table:
            r.take(*m.span())
        return [{"name": m[1], "share": m[2].replace(" ", ""), "cpi": plain_number(Fraction(m[3]))} for m in table]
    shares = r.list_after(["(?:比例|百分比|占比|频率|所占)(?:分别)?|条数(?:分别)?"], 2, 16)
    cpis = r.list_after(["CPI(?:分别)?", "周期数?(?:分别)?"], 2, 16)
    if shares is None and (said := search(r"(?:比例|占)[^\d。]{0,10}(\d+%(?:\s?[,、和]\s?\d+%)+)", r.text)):
        r.take(*said.span(1))
        shares = quantities(said[1])
    if shares and cpis and len(shares) == len(cpis):
        return [
            {"name": "ABCDEFGH"[i], "share": plain_number(s.value), "cpi": plain_number(c.value)}
            for i, (s, c) in enumerate(zip(shares, cpis, strict=True))
        ]
    return None


def _ratio(name: str) -> Hint:
    """New over old, from wordings such as 减少 20%, 减少到 70%, 提高 50%, 增加到 1.25 倍."""

    def read(r: Reader) -> Any:
        m = search(
            rf"(?:{name})[^,。;\d]{{0,14}}?(?P<verb>减少|降低|下降|减小|缩短|提高|增加|上升|增大|变为|变成|是|为)[^,。;\d]{{0,8}}?(?P<n>\d+(?:\.\d+)?)\s?(?P<unit>%|倍)?",
            r.text,
        )
        if not m:
            return None
        value = quantities(m["n"] + (m["unit"] if m["unit"] == "%" else ""))[0].value
        between = r.text[m.end("verb") : m.start("n")]
        if not m["unit"] and value >= 10:
            return None
        r.take(*m.span("n"))
        to = search(r"到|至|为|成|原来的", between) or m["verb"] in ("变为", "变成", "是", "为")
        if to:
            return plain_number(value)
        down = m["verb"] in ("减少", "降低", "下降", "减小", "缩短")
        return plain_number(1 - value if down else 1 + value)

    return read


def _part_of_time(r: Reader) -> Any:
    """``运行时间为 100 s,其中 90 s 为 CPU 时间``: the part that is improved."""
    m = search(
        r"(\d+(?:\.\d+)?)\s?(?:s|秒|ms)\s?,\s?其中(?:有)?\s?(\d+(?:\.\d+)?)\s?(?:s|秒|ms)(?:时间)?(?:为|是|用于|花费?在)",
        r.text,
    )
    if not m:
        return None
    r.take(*m.span(2))
    return plain_number(Fraction(m[2]) / Fraction(m[1]))


def _faster(r: Reader) -> Any:
    """``速度提高 50%`` of the improved part: 1.5 times."""
    m = search(r"(?:速度|性能)(?:提高|加快|提升)(?:了)?\s?(\d+(?:\.\d+)?)\s?%", r.text)
    if not m:
        return None
    r.take(*m.span(1))
    return plain_number(1 + Fraction(m[1]) / 100)


def _groups(r: Reader) -> list[int] | None:
    items = r.list_after(["(?:分别)?(?:包含|含有|有|含|为)|互斥类|微命令"], 3, 20)
    if items:
        return [int(q.value) for q in items]
    return [] if search(r"下地址字段|下一?条?微指令地址", r.text) else None


def _counts(r: Reader) -> list[int] | None:
    """Instructions by number of addresses, from the most down; the one asked for left out."""
    found: dict[int, int] = {}
    for m in finditer(
        rf"([三二两一零单双无])地址(?:指令)?(?:的)?(?:有|共有|共|为|条数为|个数为|已有|定义了)?\s?{N}\s?条|{N}\s?条([三二两一零单双无])地址",
        r.text,
    ):
        which = "零一二三".find(
            (m[1] or m[4]).replace("两", "二").replace("双", "二").replace("单", "一").replace("无", "零")
        )
        r.take(*m.span())
        found[which] = int(quantities((m[2] or m[3]) + "条")[0].value)
    return [found[k] for k in sorted(found, reverse=True)] or None


def _addresses(r: Reader) -> int | None:
    found = [
        "零一二三".find(c.replace("两", "二").replace("双", "二").replace("单", "一"))
        for c in re.findall(r"([三二两一单双])地址", r.text)
    ]
    return max(found) if found else None


def _program(r: Reader) -> str | None:
    ops = r"(?:lw|sw|add|sub|and|or|addi|load|store|mul|beq|lb|sb|slt|xor)\s+[^;。,\n\u4e00-\u9fff]+(?:,\s?[^;。,\n\u4e00-\u9fff]+)*"
    plain = r.text.replace("`、`", ";  ").replace("`", " ")  # as long as the text
    found = list(finditer(ops, plain, re.IGNORECASE))
    if len(found) < 2:
        return None
    for m in found:
        r.take(*m.span())
    return "; ".join(re.sub(r"[\s,]*(?:I\d:?)?\s*$", "", re.sub(r"\s*//.*", "", m[0])).strip() for m in found)


def _by_instruction(r: Reader) -> int | None:
    """The unit of an offset that counts instructions: their length."""
    if not search(r"以指令(?:条数|字数)?为单位|(?:相对)?(?:的)?指令条数", r.text):
        return None
    n = integer(r"指令(?:定长|字长|长度?)(?:为)?\s?(\d+)\s?(?:B|字节)", r"(\d+)\s?(?:B|字节)(?:的)?(?:定长)?指令")(
        Reader(r.text)
    )
    if n:
        return int(n)
    bits = integer(r"指令(?:定长|字长|长度?)(?:为)?\s?(\d+)\s?位", r"(\d+)\s?位(?:的)?(?:定长)?指令")(Reader(r.text))
    return int(bits) // 8 if bits else None


def _named_stages(r: Reader) -> list[Any] | None:
    """``取指 200ps、译码 50ps、执行 150ps``: each stage with its time."""
    found = list(
        finditer(
            r"(?:取指(?:令)?|译码|读寄存器|执行|访存|存储器访问|写回|取数|运算|计算)(?:段|级)?[^\d,。;、]{0,10}(\d+(?:\.\d+)?)\s?(ps|ns|us)",
            r.text,
        )
    )
    if len(found) < 3:
        return None
    for m in found:
        r.take(*m.span())
    return [plain_number(quantities(m[1] + m[2])[0].base * 10**9) for m in found]


def _equal_stages(r: Reader) -> list[Any] | None:
    """``5 段流水线,每段 2 ns``."""
    count = integer(
        rf"{N}\s?(?:段|级)(?:指令)?(?:流水|操作)", rf"(?:共|分为|分成|有|含)\s?{N}\s?个?(?:功能|流水)?(?:段|级)"
    )(r)
    each = num(
        "每(?:段|级|个?功能段|个?流水段)(?:的)?(?:执行|处理)?(?:时间|延迟|时延|耗时|用时)?|各段(?:时间)?(?:均|都)",
        unit="ns",
    )(r)
    return [each] * count if count and each and count <= 20 else None


HINTS: dict[str, dict[str, Hint]] = {
    "co.addressing": {
        "mode": pick(
            {
                "先变址后间接": "先变址(?:再|后)间[接址]",
                "先间接后变址": "先间[接址](?:再|后)变址",
                "寄存器间接": "寄存器间接",
                "间接": "(?<!寄存器)间接寻址|间址|一次间接",
                "寄存器": "寄存器(?:直接)?寻址",
                "相对": "相对寻址",
                "基址": "基址寻址",
                "变址": "变址寻址",
                "立即": "立即(?:数)?寻址",
                "直接": "直接寻址",
            }
        ),
        "memory": _cells,
        "offset": num("形式地址\\s?A?|位移量?|偏移量?|地址码|A\\s?=|立即数|地址字段"),
        "register": num(
            "R\\d?(?:的|中的|中)?内容(?:为|是)|(?:变址|基址)?寄存器\\s?\\w{0,2}(?:的)?(?:内容)?|\\(?R\\w?\\)?\\s?="
        ),
        "pc": num("PC(?:的)?(?:当前)?(?:值|内容)?|指令(?:所在)?(?:的)?地址|存放在|指令在"),
        "address_bits": lambda r: 4 * (len(m[1]) - 1) if (m := search(r"\b([0-9A-F]{3,8}H)", r.text)) else None,
        "instruction_bytes": num(
            "指令(?:占|长度?|字长)(?:为)?|每条指令", before=["字节(?:的)?(?:长)?(?:的)?(?:转移|指令)"], unit="bytes"
        ),
    },
    "co.amdahl": {
        "fraction": first(
            _part_of_time,
            num(
                "占[^,。;\\d]{0,14}时间的",
                "占(?:了)?(?:总|整个|全部|原)?(?:的)?(?:执行|运行|程序)?(?:时间)?(?:的)?(?:比例)?|比例|所占",
                before=["的(?:时间|执行时间|运行时间)"],
                unit="share",
            ),
        ),
        "target_speedup": num(
            "(?:总|整体|系统)(?:的)?(?:性能)?(?:加速比)?(?:要)?(?:达到|提高|为)(?:到|原来的)?",
            "要使(?:整机|整个|系统|总)?[^,。;]{0,10}(?:提高|加速|达到)(?:到)?(?:原来的)?",
        ),
        "part_speedup": first(
            lambda r: _faster(r),
            num(
                "(?:速度|性能)?(?:提高|加快|提升|改进|加速|变)(?:到|为|成|了)?(?:原来的|原先的)?|加速比为|快",
                before=["倍"],
            ),
        ),
        "time": num("(?:执行|运行|总)(?:时间)?(?:需|为|共)?(?:要)?|原(?:来)?(?:的)?(?:执行|运行)?(?:时间)?", unit="s"),
    },
    "co.cpu_comparison": {
        "time_s": num("(?:运行|执行)(?:时间)?(?:需要?|为|是|花费)?|原来(?:需)?", unit="s"),
        "instruction_ratio": _ratio("指令(?:条)?数(?:量)?|指令数量|指令条数"),
        "cpi_ratio": _ratio("CPI"),
        "clock_ratio": _ratio("主频|时钟频率"),
    },
    "co.cpu_performance": {
        "clock_mhz": CLOCK,
        "classes": _classes,
        "instructions": num("(?:共|总共|程序)?(?:执行|有|含|包含)(?:了)?|指令(?:总)?(?:条)?数", before=["条指令"]),
    },
    "co.microinstruction": {
        "instructions": num("机器指令(?:共?有)?", before=["条(?:机器)?指令"]),
        "average": first(integer(rf"平均[^\d,。;]{{0,16}}?{N}\s?条微指令", rf"{N}\s?条微指令(?:组成|构成)")),
        "common": first(integer(rf"(?:公共|取指|公用)[^,。;\d]{{0,18}}?{N}\s?条(?:微指令)?")),
        "conditions": integer(
            rf"{N}\s?个(?:外部|状态|判断|判定)?(?:的)?(?:判断|判定|测试|状态|转移)?条件",
            rf"(?:条件|测试)[^\d,。]{{0,4}}{N}\s?个",
        ),
        "total": first(
            integer(r"(?<!公共)(?<!公用)(?<!取指)微指令(?:总数|共有?|有)?\s?(\d+)\s?条"),
            num("微指令(?:总数|共)|控制存储器|控存|微程序(?:共)?", before=["个(?:单元|字)"]),
        ),
        "encoding": pick({"直接编码": "(?<!字段)直接(?:编码|控制)法", "字段直接编码": "字段"}),
        "groups": _groups,
    },
    "co.opcode_expansion": {
        "instruction_bits": num(
            "指令(?:字)?长(?:度)?(?:为|固定为)?|指令字", before=["位(?:的)?(?:定长)?指令"], unit="bits"
        ),
        "address_bits": num(
            "(?<![三二两一零单双])(?:每个?)?(?<![三二两一零单双])(?:地址码?|操作数地址|形式地址)(?:字段)?(?:长度|占|为|均为|用)?",
            before=["位地址码?"],
            unit="bits",
        ),
        "addresses": _addresses,
        "counts": _counts,
    },
    "co.pipeline": {
        "stages_ns": first(
            seq(
                "(?:各|每)?(?:段|级|功能段|流水段|阶段)(?:的)?(?:执行|处理)?(?:时间|延迟|时延)?(?:分别|依次)?",
                unit="ns",
                least=3,
            ),
            _named_stages,
            seq(longest=3, unit="ns"),
            _equal_stages,
        ),
        "latch_ns": num("(?:流水段)?寄存器(?:的)?(?:延时|延迟|时延)|锁存器?(?:延时|延迟)?", unit="ns"),
        "tasks": num("(?:执行|完成|连续|流入|输入)(?:了)?", before=["(?:条|个)(?:连续的?)?(?:指令|任务|数据|浮点)"]),
        "clocking": pick({"统一时钟": "统一时钟|同步"}),
    },
    "co.pipeline_hazards": {
        "program": _program,
        "forwarding": flag(
            "(?:有|采用|使用|具有|带|增加)(?:数据)?(?:转发|旁路)",
            "(?:没有|无|不(?:采用|使用|用|设|带))(?:数据)?(?:转发|旁路)",
        ),
    },
    "co.relative_jump": {
        "offset_unit": first(_by_instruction, integer(r"(?:位移|偏移)量?[^。]{0,8}以\s?(\d)\s?(?:个)?字节为单位")),
        "target": num("(?:循环体)?入口(?:地址)?|(?:转移)?目标(?:地址)?|(?:转移|跳转)到(?:地址)?"),
        "address": num(
            "(?:条件)?(?:转移)?指令(?:的)?(?:所在)?(?:地址|存放在|在|位于)|位于(?:地址)?|存放在(?:地址)?|指令的?首地址|PC(?:的)?(?:当前)?(?:值|内容)?|地址"
        ),
        "instruction_bytes": num(
            "指令(?:占|长度?|字长)?(?:为|用)?|占(?:用)?|长", before=["字节(?:的)?(?:长)?(?:转移|指令)"], unit="bytes"
        ),
        "offset": first(
            integer(
                rf"(?:位移量?|偏移量?)(?:字段)?(?:的)?(?:内容|值)?(?:为|是|=|:)?\s?({HEX}|[-+]?\d+)(?!\d|\s?(?:位|个字节))",
                rf"(?:位移量?|偏移量?)(?:字段)?(?:为|是|占|用)?\s?\d+\s?位(?:的)?补码\s?(?:为|是|=)?\s?({HEX})",
                rf"第(?:二|2)个?字节[^\d。]{{0,10}}({HEX}|-?\d+)",
            )
        ),
        "offset_bits": num("(?:位移|偏移)量(?:字段)?(?:为|占|用)?", before=["位(?:的)?(?:补码|位移)"], unit="bits"),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "co.addressing": {
        "effective_address": "有效地址|EA",
        "operand": "操作数(?!的|字段|寻址)",
        "memory_reads": "访(?:问|存)",
    },
    "co.amdahl": {
        "limit": "上限|极限|最(?:大|多)",
        "needed_part_speedup": "(?:部件|部分|浮点)[^,。]{0,12}(?:至少|应|需|要)[^,。]{0,8}(?:倍|提高|加速|加快|提速)",
        "speedup": "加速比|(?:快|提高)(?:了)?(?:几|多少)倍|性能提高",
        "new_time": "时间",
    },
    "co.cpu_comparison": {"speedup": "加速比|倍", "time_s": "时间"},
    "co.cpu_performance": {"mips": "MIPS", "cpi": "CPI", "time_s": "(?:执行|运行|CPU)时间|多(?:少时间|久|长时间)"},
    "co.microinstruction": {
        "next_address_bits": "下(?:一)?(?:条)?(?:微指令)?地址",
        "capacity_bits": "容量",
        "word_bits": "(?:微指令)?字长",
        "control_bits": "操作控制|控制字段|几位|多少位",
        "condition_bits": "判别|测试",
    },
    "co.opcode_expansion": {
        "min_instruction_bits": "指令(?:字)?长[^,。]{0,6}(?:至少|最短|最少)|最短",
        "max_count": "最多|(?:几|多少)条",
    },
    "co.pipeline": {
        "throughput": "(?:实际)?吞吐率",
        "speedup": "加速比",
        "efficiency": "效率",
        "cycle_ns": "(?:时钟|CPU|流水)(?:线)?周期",
        "total_ns": "(?:完成|执行|总|需|共|用)[^,。]{0,12}(?:时间|ns)",
    },
    "co.pipeline_hazards": {
        "cycles": "(?:时钟)?周期(?:数)?(?:是|为|$)|(?:几|多少)个(?:时钟)?周期",
        "stalls": "阻塞|停顿|气泡",
        "hazards": "冒险|相关",
    },
    "co.relative_jump": {
        "offset_code": "(?:位移|偏移)量(?:字段)?(?:的)?(?:内容|是|为|应)|第(?:二|2)个?字节(?:的)?内容",
        "target": "目标地址|转移(?:到|后)",
        "span": "范围",
        "lowest": "最小地址",
        "highest": "最大地址",
    },
}
SIGNS: dict[str, str] = {
    "co.addressing": "(?:变址|基址|间接|相对|直接|立即|寄存器)寻址[^。]{0,60}(?:有效地址|操作数|EA)|形式地址",
    "co.amdahl": "Amdahl|阿姆达尔|其中[^。]{0,24}时间(?s:.){0,40}?(?:速度|性能)(?:提高|提升|加快)|占[^。]{0,20}(?:执行|运行)?时间的\\s?\\d+%[^。]{0,60}(?:提高|加快|倍)",
    "co.cpu_comparison": "(?:优化|改进|换)[^。]{0,60}(?:指令(?:条)?数|CPI|主频)[^。]{0,30}(?:减少|增加|提高|降低|原来)",
    "co.cpu_performance": "CPI|MIPS",
    "co.microinstruction": "微(?:指令|命令|程序)",
    "co.opcode_expansion": "(?:扩展操作码|[三二一零]地址(?:指令)?)[^。]{0,60}条",
    "co.pipeline": "流水线[^。]{0,100}(?:吞吐率|加速比|效率|周期|时间)|流水段",
    "co.pipeline_hazards": "流水线[^。]{0,160}(?:lw|add|sw|sub|load)|(?:lw|sw|add|sub) \\w+,",
    "co.relative_jump": "(?:相对)?转移(?:指令)?[^。]{0,80}(?:位移|偏移|目标地址)|相对寻址[^。]{0,60}转移",
}
