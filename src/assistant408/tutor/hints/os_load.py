"""How questions word response ratios, time slices and the degree of multiprogramming."""

from __future__ import annotations

from typing import Any

from assistant408.tutor.extract import Hint, Reader, first, num
from assistant408.tutor.quantity import finditer, search

__all__ = ["ASKS", "HINTS", "SIGNS"]


def _waited(r: Reader) -> Any:
    """Time waited, stated or from two times of the day (in minutes)."""
    said = num("(?:已经?)?等待(?:时间)?(?:了|为)?|等了", before=["[^,。;\\d]{0,3}(?:的)?等待"], unit="free")(r)
    if said is not None:
        return said
    clock = list(finditer(r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)", r.text))
    if len(clock) != 2:
        return None
    for m in clock:
        r.take(*m.span())
    minutes = [60 * int(m[1]) + int(m[2]) for m in clock]
    return minutes[1] - minutes[0] if minutes[1] > minutes[0] else None


def _service(r: Reader) -> Any:
    """Running time, in minutes if the wait is told by the clock."""
    found = num("(?:预计|估计|要求|需要?|所需)?(?:的)?(?:运行|服务|执行)(?:的)?(?:时间)?", unit="free")(r)
    if found is not None and search(r"\d{1,2}:\d{2}", r.text):
        m = search(r"(?:运行|服务|执行)(?:的)?(?:时间)?(?:为|是)?\s?(\d+)\s?(分钟|min|小时|h)", r.text)
        return None if m is None else int(m[1]) * (60 if m[2][0] in "小h" else 1)
    return found


_USERS = num(
    "(?:共有|有)",
    "(?:用户|进程|终端)数",
    before=["个?(?:就绪)?(?:终端|用户|分时用户|进程|交互式?(?:用户|进程))"],
)


def _users(r: Reader) -> Any:
    return _USERS(r) if search("响应|切换", r.text) else None


def _quantum(r: Reader) -> Any:
    """The slice; without words of response, switching or use the question is about a schedule."""
    if not search("响应|切换|利用率|开销", r.text) or (search("忽略[^。,]{0,6}切换", r.text) and "响应" not in r.text):
        return None
    return num("时间片(?:的)?(?:大小|长度)?", unit="free")(r)


_PART = "(?:的)?(?:时间|概率|比例)?(?:在|用于|花在)?[^,。;\\d]{0,4}等待"

HINTS: dict[str, dict[str, Hint]] = {
    "os.response_ratio": {
        "waited": _waited,
        "service": _service,
        "ratio": num("响应比(?:为|是|达到)"),
    },
    "os.time_slice": {
        "users": _users,
        "response": num(
            "响应时间(?:不(?:能)?(?:超过|大于)|小于|至多|最多|为|是)?|(?:不超过|以内)",
            before=["(?:内|之内)(?:得到)?响应"],
            unit="free",
        ),
        "switch": num("切换(?:一次)?(?:的)?(?:开销|时间|需|用)?|上下文切换", unit="free"),
        "quantum": _quantum,
        "burst": num("(?:连续)?运行(?:时间)?", unit="free"),
    },
    "os.multiprogramming_degree": {
        "wait": first(
            num(
                "等待\\s?I/?O(?:操作)?(?:的)?(?:时间|概率)?(?:占[^,。;\\d]{0,8})?|I/?O(?:操作|等待)?(?:的)?时间(?:占[^,。;\\d]{0,8})?",
                unit="share",
            ),
            num("", before=[_PART], unit="share"),
        ),
        "target": num("利用率(?:不低于|至少|达到|大于|超过|不小于)?(?:为|到)?", unit="share"),
        "processes": num(
            "(?:驻留|同时|有|存放|装入)(?:了)?", before=["(?:道|个)(?:这样的?|独立的?|同样的?|此类)?(?:进程|程序|作业)"]
        ),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "os.response_ratio": {"ratio": "响应比", "waited": "等待(?:了)?(?:多久|多长|时间)"},
    "os.time_slice": {
        "quantum": "时间片[^,。;]{0,10}(?:最大|最长|至多|不超过|应|为|是|大小)",
        "users": "(?:用户|进程|终端)(?:数)?(?:最多|至多)|(?:最多|至多)[^,。;]{0,8}(?:用户|进程|终端)|(?:几|多少)个(?:用户|终端|进程)",
        "utilization": "利用率",
        "overhead": "开销[^,。;]{0,6}(?:比例|占|百分)",
        "response": "响应时间[^,。;]{0,6}(?:最长|为|是|多)",
    },
    "os.multiprogramming_degree": {
        "least": "(?:至少|最少)[^。]{0,16}(?:道|进程|几|多少)",
        "utilization": "利用率",
        "idle": "空闲",
    },
}
SIGNS: dict[str, str] = {
    "os.response_ratio": "响应比(?:为|是|等于|$|\\()|(?:等待|提交)[^。]{0,60}响应比",
    "os.time_slice": "时间片[^?]{0,80}(?:响应时间|切换)|响应时间[^?]{0,60}时间片|切换[^?]{0,60}时间片",
    "os.multiprogramming_degree": "等待 ?I/?O[^?]{0,120}利用率|利用率[^?]{0,60}(?:几|多少)道",
}
