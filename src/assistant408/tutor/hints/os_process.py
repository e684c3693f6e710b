"""How questions about processes, scheduling, synchronisation and deadlock word the parameters and results of their solvers."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, first, flag, integer, num, pick, seq
from assistant408.tutor.hints.os_shared import N
from assistant408.tutor.hints.os_tables import PROCESSES, at_time_zero, waited_start
from assistant408.tutor.quantity import finditer, quantities, search
from assistant408.tutor.rows import code, vectors

__all__ = ["ASKS", "HINTS", "SIGNS"]


def _banker(part: str) -> Hint:
    """One matrix: as its own block, or as a column of a table by processes."""
    names = {
        "allocation": "已(?:分配|申请|获得|占有)(?:到)?(?:的)?资源(?:数|个数|数量)?|已分配(?:资源)?(?:矩阵|数)?|Allocation|Alloc|已占有|当前分配|占有",
        "maximum": "(?:最多|最大|总共)?(?:需要|需求)的?资源(?:总)?(?:数|个数|数量)|最大(?:资源)?需求(?:矩阵|量)?|Max(?:imum)?|最大需要",
        "need": "尚需(?:资源)?(?:矩阵)?|仍需|还需(?:要)?(?:资源)?|Need|需求矩阵",
    }

    def read(r: Reader) -> list[list[int]] | None:
        used = len(r.used)
        vector = r"[\[(]?\s?(\d+(?:\s?[,、\s]\s?\d+)*)\s?[\])]?"
        rows: list[list[int]] = []
        marks = list(finditer(r"(?<![A-Za-z\d])(?:P|进程\s?)_?(\d)(?!\d)", r.text))
        for i, m in enumerate(marks):
            part_text = r.text[m.end() : marks[i + 1].start() if i + 1 < len(marks) else m.end() + 80]
            found = search(rf"(?:{names[part]})[^\d(\[]{{0,6}}{vector}", part_text)
            if found:
                r.take(m.start(), m.end() + found.end())
                rows.append([int(x) for x in re.findall(r"\d+", found[1])])
        if len(rows) >= 2 and len({len(x) for x in rows}) == 1:
            return rows
        del r.used[used:]
        block = _named_rows(r, names, part)
        if block is not None:
            return block
        table = _banker_table(r, names)
        if table is not None:
            return table.get(part)
        matrix: list[list[int]] | None = vectors(names[part], least=2)(r)
        if matrix is None and (column := r.list_after([names[part]], 2, 12)):
            return [[int(q.value)] for q in column]  # one kind of resource
        return matrix

    return read


def _named_rows(r: Reader, names: dict[str, str], part: str) -> list[list[int]] | None:
    """``已分配为 P1:(1,0)、P2:(5,1),最大需求为 P1:(3,2)…``: the rows between one heading and the next."""
    heads = sorted((m.start(), k) for k, p in names.items() for m in finditer(p, r.text))
    for i, (at, key) in enumerate(heads):
        if key != part:
            continue
        end = heads[i + 1][0] if i + 1 < len(heads) else len(r.text)
        rows = list(finditer(r"P_?\d\s?[:=]?\s?[(\[]\s?(\d+(?:\s?[,、 ]\s?\d+)*)\s?[)\]]", r.text[at:end]))
        if len(rows) >= 2:
            r.take(at + rows[0].start(), at + rows[-1].end())
            return [[int(x) for x in re.findall(r"\d+", m[1])] for m in rows]
    return None


def _banker_table(r: Reader, names: dict[str, str]) -> dict[str, list[list[int]]] | None:
    """Lines ``P0 0 1 0 7 5 3`` under headings in their order."""
    heads = sorted((m.start(), k) for k, p in names.items() if (m := search(p, r.text)))
    lines = list(finditer(r"(?<![A-Za-z])P_?(\d)\s?[:|]?\s?[(\[|]?((?:\s?\d+[\s,|()\[\]]{1,4}){3,}\d*)", r.text))
    if len(lines) < 2 or not heads:
        return None
    cells = [[int(x) for x in re.findall(r"\d+", m[2])] for m in lines]
    width, n = min(map(len, cells)), len(heads)
    if len(set(map(len, cells))) > 1 and len(cells[0]) < len(cells[-1]):
        return None
    each = width // n
    if each == 0:
        return None
    for m in lines:
        r.take(*m.span())
    return {k: [row[i * each : (i + 1) * each] for row in cells] for i, (_, k) in enumerate(heads)}


def _vector(*after: str) -> Hint:
    """A short vector after a word."""

    def read(r: Reader) -> list[int] | None:
        for word in after:
            m = search(rf"(?:{word})[^\d;。]{{0,18}}?[(\[{{<]?\s?(\d+(?:\s?[,、 ]\s?\d+)+)", r.text, re.IGNORECASE)
            if m and not r.is_used(*m.span(1)):
                r.take(*m.span(1))
                return [int(x) for x in re.findall(r"\d+", m[1])]
        one: int | None = num(*after)(r)
        return [one] if one is not None and search("(?:同类|该类|一类|单一|类)[^。;,]{0,4}资源", r.text) else None

    return read


def _same_kind(r: Reader) -> list[int] | None:
    """``系统中有 4 个同类资源``."""
    found: int | None = integer(
        r"(\d+)\s?个(?:同类|该类|同种|相同|此类)(?:的)?资源", r"资源(?:共|总共)有?\s?(\d+)\s?个"
    )(r)
    return None if found is None else [found]


def _formula_need(r: Reader) -> int | None:
    """What each of the n processes needs; ``n≥2`` is no datum."""
    if not search(r"(?<![A-Za-z])n\s?(?:\([^)]*\)\s?)?个", r.text):
        return None
    for m in finditer(r"n\s?(?:≥|>=|>)\s?\d+", r.text):
        r.take(*m.span())
    found: int | None = integer(
        rf"每个?进程[^。;,\d]{{0,20}}?\s?{N}\s?(?:个|台)",
        rf"(?:各|都|均)(?:最多)?需要?[^。;,\d]{{0,14}}?\s?{N}\s?(?:个|台)",
    )(r)
    return found


def _resources(r: Reader) -> list[dict[str, Any]] | None:
    rows: dict[str, int] = {}
    run = search(
        r"((?:R_?\d[、,和]\s?)+R_?\d)\s?(?:的)?(?:实例|资源)?(?:个|总)?数?(?:目|量)?(?:分别|依次)(?:为|是|有)\s?(\d+(?:[、,和]\s?\d+)+)",
        r.text,
    )
    if run:
        r.take(*run.span())
        names, counts = re.findall(r"R_?\d", run[1]), re.findall(r"\d+", run[2])
        return [{"name": a, "count": int(b)} for a, b in zip(names, counts, strict=False)]
    for m in finditer(rf"(R_?\d|[A-Z])\s?(?:类资源|资源)?\s?(?:[(:=]|有|共有?|为)\s?{N}\s?个?", r.text):
        r.take(*m.span())
        rows.setdefault(m[1], int(quantities(m[2] + "个")[0].value))
    return [{"name": k, "count": v} for k, v in rows.items()] or None


def _graph_edges(r: Reader) -> list[str] | None:
    out = []
    for m in finditer(
        r"(?<![A-Za-z\d])([PR]_?\d)\s?(?:->|→)\s?([PR]_?\d)|<\s?([PR]\d)\s?,\s?([PR]\d)\s?>|\(\s?([PR]\d)\s?,\s?([PR]\d)\s?\)",
        r.text,
    ):
        r.take(*m.span())
        a, b = m[1] or m[3] or m[5], m[2] or m[4] or m[6]
        out.append(f"{a}->{b}")
    return out or None


def _programs(r: Reader) -> list[dict[str, Any]] | None:
    marks = list(
        finditer(
            r"(?<![A-Za-z\d])(?:(?:作业|程序|进程)\s?)?([PJ]\d|[A-F](?=\s?[::为,先的])|(?<=程序)\s?[A-F甲乙丙]|[甲乙丙丁](?=\s?(?:为|:|先|,|的)))(?![\d])",
            r.text,
        )
    )
    rows: list[dict[str, Any]] = []
    alike = search(
        rf"{N}\s?个[^,。;\d]{{0,12}}(?:作业|进程|程序),?每个(?:作业|进程|程序)的?(输入|计算|输出)、(输入|计算|输出)(?:、|和)(输入|计算|输出)"
        r"(?:操作)?(?:的)?时间(?:均|都)?(?:分别)?(?:均|都)?(?:为|是)\s?(\d+)\s?m?s?、(\d+)\s?m?s?(?:、|和)(\d+)",
        r.text,
    )
    if alike:
        r.take(*alike.span())
        for m in finditer(rf"{N}\s?个(?=作业|进程|程序)|各\s?(\d)\s?台", r.text):
            r.take(*m.span())
        bits = [f"{'C' if alike[k] == '计算' else alike[k]}{alike[k + 3]}" for k in (2, 3, 4)]
        return [
            {"name": f"J{k + 1}", "bursts": "-".join(bits)} for k in range(int(quantities(alike[1] + "个")[0].value))
        ]
    for i, m in enumerate(marks):
        part = r.text[m.end() : marks[i + 1].start() if i + 1 < len(marks) else len(r.text)]
        part = re.split(r"[。;]", part)[0]
        bits = []
        for n in finditer(
            r"(计算|CPU|处理|运算|[Cc]|打印机?|输入机?|输出机?|I/?O\d?|磁带机?|磁盘|设备\s?\w|扫描仪|键盘|读卡机)(?:操作|输出|输入|时间)?(?:为|用|需|,)?\s?(\d+)\s?(?:ms|s|分钟|min|us)?",
            part,
        ):
            device = n[1]
            bits.append(
                f"{'C' if re.match('计算|CPU|处理|运算|[Cc]$', device) else device.replace('I/O', 'IO').replace(' ', '')}{n[2]}"
            )
        if len(bits) >= 2 and m[1].strip() not in [x["name"] for x in rows]:
            late = search(r"(?:晚|迟|在|于)\s?(\d+)\s?(?:ms)?\s?(?:到达|后到)", part)
            r.take(m.start(), m.end() + len(part))
            rows.append({"name": m[1].strip(), "bursts": "-".join(bits), **({"arrival": int(late[1])} if late else {})})
    return rows if len(rows) >= 2 else None


def _program(r: Reader) -> str | None:
    """The program, without the bare ``main() { … }`` around it."""
    found: str | None = code("int main", "main", "for", "while", "if", "fork", "pid", "int ", "printf")(r)
    whole = found and search(r"^main\s?\([^)]*\)\s?\{(.*)\}\s*$", found, re.DOTALL)
    return whole[1].strip() if whole else found


HINTS: dict[str, dict[str, Hint]] = {
    "os.banker": {
        "request": _vector("请求(?:资源)?(?:向量)?|申请(?:资源)?|Request\\d?"),
        "available": _vector("可用(?:资源)?(?:向量)?|Available|剩余(?:资源)?|空闲资源"),
        "total": first(
            _same_kind,
            _vector("(?:资源)?总(?:数|量)|资源(?:数量|个数|总量)(?:分别)?|系统(?:中)?(?:共)?有[^。;]{0,12}资源"),
        ),
        "allocation": _banker("allocation"),
        "maximum": _banker("maximum"),
        "need": _banker("need"),
        "process": integer(r"(?:P|进程\s?)_?(\d)\s?(?:又|再|此时|现在|若|如果)?(?:提出|发出|请求|申请)"),
        "first_index": lambda r: 1 if search(r"P_?1", r.text) and not search(r"P_?0", r.text) else None,
    },
    "os.cpu_scheduling": {
        "policy": pick(
            {
                "PRIORITY_PREEMPTIVE": "(?<!非)(?:可?抢占|可?剥夺)[^,。]{0,10}优先(?:级|数|权)|优先(?:级|数|权)[^,。;]{0,8}(?<!非)(?<!不可)(?:抢占|剥夺)",
                "PRIORITY": "优先(?:级|数|权)的(?:非抢占|不可抢占|非剥夺|不可剥夺)|(?:非抢占|不可抢占|非剥夺|不可剥夺)[^,。]{0,4}优先(?:级|数|权)|(?<!抢占)(?<!抢占式)(?<!抢占的)(?<!剥夺)(?<!剥夺式)(?:静态)?优先(?:级|数|权)(?:高者?优先)?(?:的)?(?:调度|算法|法)",
                "HRRN": "高响应比|最高响应比|HRRN|HRN",
                "SRTF": "最短剩余|SRTF|SRTN|(?<!非)(?:可?抢占|可剥夺)[^,。;]{0,8}(?:短|SJF|SPF)|(?:短(?:作业|进程)优先|SJF|SPF)[^,。;]{0,6}(?<!非)(?:抢占|剥夺)",
                "SJF": "(?:最?短)(?:作业|进程|任务)(?:优先)?|SJF|SPF",
                "RR": "轮转|时间片|RR",
                "FCFS": "先来先服务|FCFS|先到先服务",
            }
        ),
        "quantum": num("时间片(?:大小|长度)?|q", unit="free"),
        "switch_time": num("切换(?:的)?(?:系统)?(?:时间)?(?:开销|时间)|上下文切换", unit="free"),
        "start": first(
            waited_start,
            integer(r"t\s?=\s?(\d+)\s?时?刻?(?:才)?开始"),
            integer(r"(?:在|从)?(?:时刻)?\s?(\d+)\s?时?(?:刻)?才?开始(?:调度|运行|作业)"),
        ),
        "processes": at_time_zero,
        "priority_order": pick(
            {
                "large_first": "优先(?:数|级|权)(?:值)?(?:越)?(?:大|高)(?:的|者)[^,。;]{0,4}(?:先|优先)|\\(\\s?[2-9]\\d*\\s?为最高|最高[^,。;]{0,6}(?:为|是)\\s?[2-9]|(?:优先)?数(?:值)?(?:越)?大(?:的|者)?[^,。;]{0,4}(?:优先|高)|大(?:者|的)优先",
                "small_first": "\\(\\s?[01]\\s?为最高|数(?:值)?(?:越)?小[^,。;]{0,6}(?:优先|高)|小(?:者|的)优先",
            }
        ),
        "rr_tie": pick({"preempted_first": "用完时间片的?(?:进程)?先|被剥夺(?:者|的)先"}),
    },
    "os.deadlock_formula": {
        "need": _formula_need,
    },
    "os.deadlock_bound": {
        "needs": seq("(?:最大)?需求(?:量|数)?(?:分别)?|分别(?:最多)?需要|最多需要", least=2),
        "need": first(
            integer(
                rf"(?:每个?(?:进程)?|都|各)(?:进程)?(?:最多|至多|均|都|各|最大)*(?:需要|需求|需|申请|要|用|占用)[^\d,。]{{0,4}}?\s?{N}\s?(?:个|台)",
                rf"(?:最多|至多)(?:需要|需|申请|要|用)\s?{N}",
            )
        ),
        "processes": num("进程数|用户数", before=["个?(?:并发)?(?:进程|用户|线程)"]),
        "resources": num(
            "资源(?:总?数)?(?:共)?",
            before=[
                "(?:个|台|份|单位)?(?:同类|互斥|共享|该类|此类|同种)?(?:的)?(?:资源|打印机|磁带机|绘图仪|扫描仪|设备)"
            ],
        ),
    },
    "os.fork_tree": {"code": _program},
    "os.mlfq": {
        "quanta": seq("时间片(?:大小|长度)?", unit="free", least=2, gap=20),
        "processes": PROCESSES,
        "preemptive": flag("(?<!非)(?<!不)抢占", "非抢占|不(?:可|允许)?抢占"),
        "preempted_to": pick({"head": "队首|队头", "tail": "队尾|末尾"}),
        "last_fcfs": flag("(?:最后|末|最低|第三|第 ?3)[^,。;]{0,10}(?:FCFS|先来先服务)"),
    },
    "os.multiprogramming": {
        "programs": _programs,
        "policy": pick(
            {
                "PRIORITY_PREEMPTIVE": "(?<!非)(?<!不)(?<!不可)(?:抢占|剥夺)(?s:.*)优先|优先(?s:.*)(?<!非)(?<!不)(?<!不可)(?:抢占|剥夺)",
                "PRIORITY": "非抢占[^,。]{0,6}优先|优先级",
                "FCFS": "先来先服务",
            }
        ),
    },
    "os.resource_graph": {"resources": _resources, "edges": _graph_edges},
}
ASKS: dict[str, dict[str, str]] = {
    "os.banker": {
        "granted": "(?:能否|可否|是否)[^。]{0,12}(?:满足|分配|实施|同意)|(?:满足|分配)(?:吗|么)",
        "count": "(?:几|多少)(?:个|种)安全序列|安全序列(?:的)?(?:个数|数)",
        "sequences": "(?:全部|所有)[^,。]{0,4}安全序列",
        "sequence": "安全序列",
        "safe": "是否安全|安全(?:状态)?(?:吗|么)|是否处于安全|安全状态",
        "need": "需求矩阵|尚需|Need",
    },
    "os.cpu_scheduling": {
        "average_weighted": "平均带权",
        "average_turnaround": "平均周转",
        "average_waiting": "平均等待",
        "average_response": "平均响应",
        "first": "选中|(?:首先|最先|最早)(?:被)?(?:调度|运行|执行|选)",
        "order": "(?:执行|调度|运行)?(?:的)?(?:次序|顺序)",
        "makespan": "全部(?:完成|结束)|总(?:的)?(?:执行)?时间",
        "finish": "完成(?:的)?时[间刻]",
        "finish_order": "(?:最先|最后|最早)[^。]{0,6}(?:完成|结束)|(?:完成|结束)(?:的)?(?:先后)?(?:次序|顺序)",
    },
    "os.deadlock_formula": {"formula": "(?:至少|最少|最小)"},
    "os.deadlock_bound": {
        "min_resources": "(?:至少|最少)[^,。]{0,10}资源|资源[^,。]{0,8}(?:至少|最少|最小)|m\\s?(?:的)?最小",
        "min_deadlock_processes": "(?:会|可能|能)[^。,]{0,6}死锁[^。,]{0,6}\\w?[^。,]{0,3}最小|(?:至少|最少)[^,。]{0,10}进程[^。]{0,10}(?:可能|会)[^。]{0,6}死锁",
        "max_processes": "(?:最多|至多)[^,。]{0,12}进程|进程[^,。]{0,8}(?:最多|至多|最大)|n\\s?(?:的)?最大",
        "max_need": "每个?进程[^,。]{0,10}(?:最多|至多|最大)",
        "max_deadlock_resources": "可能(?:会)?(?:发生|产生)死锁",
        "deadlock_free": "(?:会不会|是否|能否)[^。]{0,8}死锁",
    },
    "os.fork_tree": {
        "prints": "输出(?:的)?(?:总)?(?:次数|几|多少|个数)|(?:几|多少)(?:次|行)|(?:几|多少)个[^,。进]{0,6}|打印|被?输出",
        "created": "(?:几|多少)个(?:子进程|新(?:的)?(?:子)?进程)|新?子?进程[^。]{0,10}\\(?(?:不含|不包括)",
        "processes": "进程(?:的)?(?:总)?(?:个数|数)|(?:几|多少)个(?:子)?进程",
    },
    "os.mlfq": {
        "average_weighted": "平均带权",
        "average_turnaround": "平均周转",
        "average_waiting": "平均等待",
        "order": "(?:执行|调度)(?:的)?(?:次序|顺序)",
        "finish": "完成时[间刻]",
    },
    "os.multiprogramming": {
        "cpu_utilization": "(?:CPU|处理机|处理器)(?:的)?利用率",
        "device_utilization": "(?:设备|打印机|输入机|磁带机)(?:的)?利用率",
        "cpu_idle": "(?:CPU|处理机|处理器)[^,。]{0,6}空闲",
        "saved": "节省",
        "total_time": "(?:最少|最短|总|全部|多少|都)[^,。]{0,10}(?:时间|ms|完成)",
        "serial_time": "(?:单道|(?<!的)顺序执行|串行)",
    },
    "os.resource_graph": {
        "deadlocked": "哪(?:些|几个)?(?:个)?进程|死锁的?进程|死锁(?:进程)?集",
        "deadlock": "(?:是否|有没有|会不会|存在)[^。]{0,6}死锁|死锁(?:吗|么|状态)",
        "order": "(?:化简|简化)(?:的)?(?:次序|顺序|序列)",
    },
}
SIGNS: dict[str, str] = {
    "os.banker": "银行家|安全(?:序列|状态)|已分配[^。]{0,40}(?:尚需|最大需求)",
    "os.cpu_scheduling": "(?s:(?:运行|CPU ?|服务|执行)时间.{0,160}(?:轮转|先来先服务|短(?:作业|进程|任务)|优先级|高响应比|FCFS|SJF|SRTF).{0,80}(?:次序|顺序|先|后|完成|时刻|等待))|周转时间|(?:等待|响应)时间[^。]{0,20}(?:调度|作业|进程)|(?:作业|进程)[^。]{0,20}(?:先来先服务|短作业|轮转|高响应比|优先级调度|FCFS|SJF|SRTF)",
    "os.deadlock_formula": "(?<![A-Za-z])n\\s?(?:\\([^)]*\\)\\s?)?个(?:并发)?进程[^?]{0,80}死锁[^?]{0,30}(?:至少|最少|最小)|死锁[^?]{0,60}(?<![A-Za-z])n 个进程",
    "os.deadlock_bound": "(?:不会?|可能|避免|不可能)(?:发生|产生|出现)?死锁[^。]{0,30}(?:最|至)|每个?进程[^。]{0,8}(?:最多|至多)?需要",
    "os.fork_tree": "fork",
    "os.mlfq": "反馈队列|MLFQ",
    "os.multiprogramming": "(?:计算|CPU)\\s?\\d+[^。]{0,60}(?:打印|输入|I/?O|设备|磁带)|CPU ?(?:的)?利用率",
    "os.resource_graph": "资源分配图|分配边|请求边",
}
