"""How questions about speed (CPU time, FLOPS, pipelines, hit rates) word the parameters and results of their solvers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from assistant408.tutor.extract import Hint, Reader, first, integer, num, pick, text
from assistant408.tutor.hints.co_shared import CLOCK, N
from assistant408.tutor.quantity import finditer, plain_number, quantities, search

__all__ = ["ASKS", "HINTS", "SIGNS"]

_NUMBER = r"(\d+(?:\.\d+)?(?:\s?[×*]\s?10\s?\^\s?-?\d+)?)"


def _pair(words: str, unit: str = "") -> Hint:
    """Two values ``分别为 a 和 b``, or one value that both share."""

    def read(r: Reader) -> list[Any] | None:
        m = search(
            rf"(?:{words})[^,。;\d]{{0,12}}?{_NUMBER}\s?(GHz|MHz|Hz)?\s?(?:和|、|与|,)\s?{_NUMBER}\s?(GHz|MHz|Hz)?",
            r.text,
        )
        if not m:
            return _each(r, words, unit)
        r.take(*m.span())
        scale = {"GHz": Fraction(1000), "MHz": Fraction(1), "Hz": Fraction(1, 10**6), None: Fraction(1)}
        last = m[4] or m[2]
        return [
            plain_number(quantities(m[1])[0].value * (scale[m[2] or last] if unit else 1)),
            plain_number(quantities(m[3])[0].value * (scale[last] if unit else 1)),
        ]

    return read


def _each(r: Reader, words: str, unit: str) -> list[Any] | None:
    """Two values that are told one after the other: ``主频为 1GHz 的机器 A …,主频为 1.5GHz 的机器 B``."""
    found = list(finditer(rf"(?:{words})(?:是|为|=)?\s?{_NUMBER}\s?(GHz|MHz|Hz)?", r.text))
    if len(found) != 2:
        return None
    for m in found:
        r.take(*m.span())
    scale = {"GHz": Fraction(1000), "MHz": Fraction(1), "Hz": Fraction(1, 10**6), None: Fraction(1)}
    return [plain_number(quantities(m[1])[0].value * (scale[m[2]] if unit else 1)) for m in found]


def _ratio_of(words: str) -> Hint:
    """New over old as ``时钟周期数是在 M1 上的 1.2 倍``, ``执行时间降为原来的 90%``."""

    def read(r: Reader) -> Any:
        m = search(rf"(?:{words})[^,。;\d]{{0,16}}?(?:M\d)?[^,。;\d]{{0,6}}的\s?(\d+(?:\.\d+)?)\s?(%|倍)", r.text)
        if not m:
            return None
        r.take(*m.span(1))
        return plain_number(Fraction(m[1]) / (100 if m[2] == "%" else 1))

    return read


def _time_ratio(r: Reader) -> Any:
    said = _ratio_of("(?:执行|运行)?时间")(r)
    if said is not None:
        return said
    found = list(
        finditer(
            r"(?:运行|执行)[^,。;\d]{0,12}?(?:需要?|为|用)?\s?(\d+(?:\.\d+)?)\s?(?:s|秒)|只需\s?(\d+(?:\.\d+)?)\s?(?:s|秒)",
            r.text,
        )
    )
    if len(found) != 2:
        return None
    for m in found:
        r.take(*m.span())
    old, new = (Fraction(m[1] or m[2]) for m in found)
    return plain_number(new / old)


def _flops(r: Reader) -> Any:
    m = search(rf"{_NUMBER}\s?[KMGTPEZ]?FLOPS", r.text)
    if not m:
        return None
    r.take(*m.span())
    return plain_number(quantities(m[1])[0].value)


def _percent(*words: str) -> Hint:
    return num(*words, unit="share")


def _missed(r: Reader) -> Any:
    """How often a prediction fails, stated or as the rest of the hits."""
    miss = num("预测(?:失败|错误|失误)(?:的)?(?:概)?率|(?:失败|错误|误预测)(?:的)?(?:概)?率", unit="share")(r)
    if miss is not None:
        return miss
    hit = num("预测(?:的)?(?:准确|正确|成功|命中)(?:的)?(?:概)?率|(?:准确|正确|成功)率", unit="share")(r)
    return None if hit is None else plain_number(1 - Fraction(str(hit)))


HINTS: dict[str, dict[str, Hint]] = {
    "co.cpu_equation": {
        "clock_mhz": CLOCK,
        "mips": integer(r"(\d+)\s?MIPS"),
        "instructions": first(
            num("(?:共|总共|程序)?(?:执行|有|含|包含)(?:了)?|指令(?:总)?(?:条)?数", before=["条(?:机器)?指令"]),
        ),
        "cycles": num("(?:共需|共用|需要?|占用)(?:了)?", before=["个(?:CPU)?(?:时钟)?周期"]),
        "cpi": num("(?:平均)?(?:的)?\\s?CPI|平均每条指令(?:的)?(?:执行)?(?:需要?|用)", "每条指令(?:平均)?(?:需要?|用)"),
        "time_s": num("(?:执行|运行|CPU)(?:的)?(?:时间)?|耗时|用时", unit="s"),
    },
    "co.machine_pair": {
        "clocks_mhz": _pair("主频|时钟频率", "mhz"),
        "cpis": _pair("CPI"),
        "instructions": _pair("指令(?:条)?数(?:之比)?"),
    },
    "co.cpu_change": {
        "time_ratio": _time_ratio,
        "cycle_ratio": _ratio_of("时钟周期数"),
        "instruction_ratio": _ratio_of("指令(?:条)?数(?:量)?"),
        "old_clock_mhz": CLOCK,
        "old_cpi": num("CPI"),
    },
    "co.needed_hit_rate": {
        "average_ns": num("平均(?:访问|存取|访存)(?:的)?时间[^,。\\d]{0,8}", unit="ns"),
        "cache_ns": num("Cache(?:的)?(?:存取|访问)?(?:周期|时间)?", unit="ns"),
        "memory_ns": num("(?:主存|内存)(?:的)?(?:存取|访问)?(?:周期|时间)?|缺失损失", unit="ns"),
        "access": pick({"先Cache后主存": "先访问\\s?Cache|再访问主存|缺失损失|缺失代价", "同时访问": "同时"}),
    },
    "co.flops": {
        "value": _flops,
        "prefix": text(r"\d\s?([KMGTPEZ])FLOPS"),
        "operations": num("(?:执行|完成|进行|共)(?:了)?", before=["次(?:双精度|单精度)?浮点"]),
        "time_s": num("(?:用时|耗时|时间|用了?)", unit="s"),
    },
    "co.pipeline_cpi": {
        "stages": integer(
            rf"{N}\s?(?:段|级)(?:的)?(?:指令)?流水", rf"流水(?:线)?(?:分为|有|由|含)\s?{N}\s?(?:个)?(?:段|级|功能段)"
        ),
        "instructions": first(
            integer(r"(\d+)\s?条(?:连续的?)?指令", r"N\s?=\s?(\d+)"),
        ),
        "clock_mhz": CLOCK,
        "branch_share": _percent("(?:分支|转移|跳转|load|取数)(?:指令)?(?:占|的比例为?|所占比例为?|频率为?)"),
        "mispredict_rate": _missed,
        "penalty_cycles": num(
            "(?:损失|代价|惩罚|浪费|阻塞|停顿|延迟)(?:为|是)?",
            before=["个?(?:时钟)?周期(?:的)?(?:损失|代价|惩罚|阻塞|停顿|延迟)"],
        ),
        "base_cpi": num("理想(?:情况下)?(?:的)?\\s?CPI"),
        "issue": integer(rf"每(?:个)?(?:时钟)?周期(?:可)?(?:同时)?(?:发射|流出|启动|执行)\s?{N}\s?条"),
    },
    "co.interrupt_load": {
        "service": num(
            "(?:响应(?:和|及|与))?(?:中断)?(?:处理|服务)(?:程序)?(?:的)?(?:执行)?(?:时间|耗时|需要?)?", unit="free"
        ),
        "interval": first(
            num("每(?:隔)?", unit="free"), num("(?:相邻|两次)[^,。\\d]{0,12}间隔|间隔|周期", unit="free")
        ),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "co.cpu_equation": {
        "mips": "MIPS",
        "cpi": "CPI|平均每条指令",
        "clock_hz": "主频|时钟频率",
        "cycle_ns": "时钟周期(?:是|为|$)",
        "instructions": "指令(?:条)?数|(?:多少|几)条指令",
        "cycles": "(?:时钟)?周期(?:总)?数",
        "time_s": "(?:执行|运行|CPU)(?:的)?时间|多(?:少时间|久|长时间)",
    },
    "co.machine_pair": {"time_ratio": "(?:时间|耗时)(?:之)?比", "speed_ratio": "速度之比", "faster": "倍"},
    "co.cpu_change": {"new_cpi": "CPI", "new_clock_mhz": "主频"},
    "co.needed_hit_rate": {"hit_rate": "命中率"},
    "co.flops": {"flops": "FLOPS(?:是|为|约|$)", "per_second": "次数|每秒", "time_s": "时间"},
    "co.pipeline_cpi": {
        "throughput": "吞吐率",
        "cpi": "CPI",
        "cycles": "周期(?:数)?",
        "time_ns": "时间",
    },
    "co.interrupt_load": {"share": "百分比|比例|占"},
}
SIGNS: dict[str, str] = {
    "co.cpu_equation": "(?:CPI|MIPS|主频|时钟)[^。]{0,100}(?:CPU 时间|执行时间|运行时间|MIPS|CPI|条指令)",
    "co.machine_pair": "(?:主频|时钟频率)[^。]{0,20}\\d\\s?(?:[GM]Hz)?\\s?(?:和|、|与)\\s?\\d[^。]{0,60}CPI[^。]{0,20}\\d\\s?(?:和|、|与)\\s?\\d",
    "co.cpu_change": "(?:减少|降|提高|增加)(?:到|为)?原来的[^。]{0,60}CPI|时钟周期数是[^。]{0,12}倍[^。]{0,30}主频",
    "co.needed_hit_rate": "平均(?:访问|存取)时间(?:不超过|为|达到|小于)[^。]{0,24}命中率|命中率(?:至少|应)",
    "co.flops": "FLOPS",
    "co.pipeline_cpi": "流水线[^。]{0,120}(?:周期数|条指令|预测|CPI|吞吐率)",
    "co.interrupt_load": "中断[^。]{0,60}时间[^。]{0,80}(?:每隔?\\s?\\d)[^。]{0,160}(?:百分比|比例)",
}
