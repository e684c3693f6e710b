"""What the wordings of computer networks share."""

from __future__ import annotations

from assistant408.tutor.extract import first, lone, raw

IP = r"\d{1,3}(?:\.\d{1,3}){3}"
CIDR = rf"{IP}\s?/\s?\d{{1,2}}"
NODE = r"(?:R\d|[A-Z]\d?|H\d)"
N = r"(\d+|[一二两三四五六七八九十]+)"

RATE = first(
    raw(
        "rate",
        "(?:数据)?(?:传输|传送|发送|链路|信道|网络)?(?:速率|带宽|数据率|传输率)(?:均)?",
        before=["的(?:链路|信道|以太网|局域网|卫星|线路|速率|网络|带宽)"],
    ),
    lone("rate"),
)

RTT = raw("time", "RTT(?:均)?", "往返(?:传播)?(?:时延|时间|延迟)(?:\\([^()]{0,12}\\))?(?:RTT)?", "环路时延")


DELAY = raw(
    "time",
    "(?:单向|端到端)?(?:的)?(?:单向)?传播(?:时延|时间|延[迟时])",
    "单程(?:传播)?(?:时延|延迟)?",
    "单向(?:时延|延迟)",
)


DISTANCE = raw(
    "length",
    "(?:距离|长度?|相距|链路长|电缆长|线路长)(?:为|是)?",
    before=["(?:长)?的?(?:链路|电缆|光纤|双绞线|信道|网段)"],
)


SPEED = raw("speed", "传播(?:速[度率])", "速[度率]", before=["的?(?:传播)?速"])
