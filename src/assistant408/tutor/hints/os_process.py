"""How questions about processes, scheduling, synchronisation and deadlock word the parameters and results of their solvers."""

from __future__ import annotations

import re
from typing import Any

from assistant408.tutor.extract import Hint, Reader, first, flag, integer, num, pick, seq, text
from assistant408.tutor.hints.os_shared import N
from assistant408.tutor.quantity import finditer, quantities, search
from assistant408.tutor.rows import code, records, vectors

__all__ = ["ASKS", "HINTS", "SIGNS"]

ARRIVAL = ("(?:到达|提交|进入|到来)(?:系统)?的?(?:时[间刻])?", "free")

BURST = (
    "(?:运行|服务|执行|处理|CPU|估计运行|所需|需要|区间)(?:的)?(?:CPU)?(?:运行|服务)?时间|需(?:要)?运行|运行",
    "free",
)

PRIORITY = ("优先(?:数|级|权)", "")

PROCESSES = records("name", {"arrival": ARRIVAL, "burst": BURST, "priority": PRIORITY}, optional=["priority"])


def _at_time_zero(r: Reader) -> list[dict[str, Any]] | None:
    """Processes that arrive together: only running times are given."""
    rows = PROCESSES(r)
    if rows:
        return list(rows)
    if not search(r"同时(?:到达|提交|就绪|进入)|0 ?时刻(?:均|都|同时)?|都在(?:时刻)?\s?0|几乎同时|依次到达", r.text):
        return None
    alone = records("name", {"burst": BURST, "priority": PRIORITY}, optional=["priority"])(r)
    return [{"name": row.pop("name"), "arrival": 0, **row} for row in alone] if alone else None


def _banker(part: str) -> Hint:
    """One matrix: as its own block, or as a column of a table by processes."""
    names = {
        "allocation": "已分配(?:资源)?(?:矩阵|数)?|Allocation|Alloc|已占有|当前分配|占有",
        "maximum": "最大(?:资源)?需求(?:矩阵|量)?|Max(?:imum)?|最大需要",
        "need": "尚需(?:资源)?(?:矩阵)?|仍需|还需(?:要)?(?:资源)?|Need|需求矩阵",
    }

    def read(r: Reader) -> list[list[int]] | None:
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
        block = _named_rows(r, names, part)
        if block is not None:
            return block
        table = _banker_table(r, names)
        if table is not None:
            return table.get(part)
        matrix: list[list[int]] | None = vectors(names[part], least=2)(r)
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
        return None

    return read


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


def _pv(r: Reader) -> str | None:
    m = search(r"(?:执行|进行|操作|依次|次序为|顺序为)[^。]{0,6}?\s?((?:[PV]\s?(?:\(S\))?\s?[,、 ]?\s?){3,})", r.text)
    if not m:
        return None
    r.take(*m.span(1))
    return "".join(re.findall("[PV]", m[1]))


def _initial(r: Reader) -> int | None:
    """The initial value, unless the current one is given: that alone says how many wait."""
    value: int | None = first(
        num("初(?:始)?值", "资源(?:共)?", before=["个?(?:同类)?资源", "台打印机", "个进程同时"]),
        integer(r"\bS\s?=\s?(\d+)"),
    )(r)
    return None if search(r"(?:当前|现在|此时)(?:的)?值(?:为|是)\s?-?\d", r.text) else value


def _program(r: Reader) -> str | None:
    """The program, without the bare ``main() { … }`` around it."""
    found: str | None = code("int main", "main", "for", "while", "if", "fork", "pid", "int ", "printf")(r)
    whole = found and search(r"^main\s?\([^)]*\)\s?\{(.*)\}\s*$", found, re.DOTALL)
    return whole[1].strip() if whole else found


HINTS: dict[str, dict[str, Hint]] = {
    "os.banker": {
        "request": _vector("请求(?:资源)?(?:向量)?|申请(?:资源)?|Request\\d?"),
        "available": _vector("可用(?:资源)?(?:向量)?|Available|剩余(?:资源)?|空闲资源"),
        "total": _vector("(?:资源)?总(?:数|量)|资源(?:数量|个数|总量)(?:分别)?|系统(?:中)?(?:共)?有[^。;]{0,12}资源"),
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
                "PRIORITY": "(?:非抢占|不可抢占|非剥夺|不可剥夺)[^,。]{0,4}优先(?:级|数|权)|(?<!抢占)(?<!抢占式)(?<!抢占的)(?<!剥夺)(?<!剥夺式)(?:静态)?优先(?:级|数|权)(?:高者?优先)?(?:的)?(?:调度|算法|法)",
                "HRRN": "高响应比|最高响应比|HRRN|HRN",
                "SRTF": "最短剩余|SRTF|SRTN|(?<!非)(?:可?抢占|可剥夺)[^,。;]{0,8}(?:短|SJF|SPF)|(?:短(?:作业|进程)优先|SJF|SPF)[^,。;]{0,6}(?<!非)(?:抢占|剥夺)",
                "SJF": "(?:最?短)(?:作业|进程|任务)(?:优先)?|SJF|SPF",
                "RR": "轮转|时间片|RR",
                "FCFS": "先来先服务|FCFS|先到先服务",
            }
        ),
        "quantum": num("时间片(?:大小|长度)?|q", unit="free"),
        "switch_time": num("切换(?:的)?(?:开销|时间)|上下文切换", unit="free"),
        "start": integer(r"(?:在|从)?(?:时刻)?\s?(\d+)\s?时?(?:刻)?才?开始(?:调度|运行)"),
        "processes": _at_time_zero,
        "priority_order": pick(
            {
                "large_first": "(?:优先)?数(?:值)?(?:越)?大(?:的|者)?[^,。;]{0,4}(?:优先|高)|大(?:者|的)优先",
                "small_first": "数(?:值)?(?:越)?小[^,。;]{0,6}(?:优先|高)|小(?:者|的)优先",
            }
        ),
        "rr_tie": pick({"preempted_first": "用完时间片的?(?:进程)?先|被剥夺(?:者|的)先"}),
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
            before=["(?:个|台|份|单位)?(?:同类|互斥|共享|该类|此类|同种)?(?:的)?(?:资源|打印机|磁带机|设备)"],
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
    "os.pv_checker": {"program": code("semaphore", "int ", "process")},
    "os.race_outcomes": {
        "program": code("int ", "process"),
        "variable": text(r"(?:变量|则|后,?)\s?([a-z])\s?(?:最后|的|可能)"),
        "granularity": pick({"statement": "(?:赋值)?语句(?:是|为|不可分|原子)", "register": "取数|寄存器|机器指令"}),
    },
    "os.resource_graph": {"resources": _resources, "edges": _graph_edges},
    "os.semaphore_count": {
        "initial": _initial,
        "current": num("(?:当前|现在|此时|目前)?(?:的)?值(?:为|是|变为)|当前值|值"),
        "operations": _pv,
        "p_count": integer(r"(\d+)\s?次\s?(?:P|wait)", r"(?:P|wait)\s?(?:操作)?\s?(?:\(S\))?\s?(\d+)\s?次"),
        "v_count": integer(r"(\d+)\s?次\s?(?:V|signal)", r"(?:V|signal)\s?(?:操作)?\s?(?:\(S\))?\s?(\d+)\s?次"),
        "processes": num("进程数", before=["个?(?:并发|相关|合作)?(?:进程|线程)"]),
    },
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
        "order": "(?:执行|调度|运行)?(?:的)?(?:次序|顺序)",
        "makespan": "全部(?:完成|结束)|总(?:的)?(?:执行)?时间",
        "finish": "完成时[间刻]",
    },
    "os.deadlock_bound": {
        "min_resources": "(?:至少|最少)[^,。]{0,10}资源|资源[^,。]{0,8}(?:至少|最少|最小)|m\\s?(?:的)?最小",
        "max_processes": "(?:最多|至多)[^,。]{0,12}进程|进程[^,。]{0,8}(?:最多|至多|最大)|n\\s?(?:的)?最大",
        "max_need": "每个?进程[^,。]{0,10}(?:最多|至多|最大)",
        "max_deadlock_resources": "可能(?:会)?(?:发生|产生)死锁",
        "deadlock_free": "(?:会不会|是否|能否)[^。]{0,8}死锁",
    },
    "os.fork_tree": {
        "prints": "输出(?:的)?(?:总)?(?:次数|几|多少|个数)|(?:几|多少)(?:次|个|行)[^,。]{0,6}(?:输出)?|打印",
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
        "serial_time": "(?:单道|顺序执行|串行)",
    },
    "os.pv_checker": {
        "stuck": "永远(?:被)?阻塞",
        "deadlock": "死锁",
        "starvation": "饥饿",
        "violations": "(?:破坏|违反)",
        "correct": "(?:正确|对)(?:吗|么)|是否正确",
    },
    "os.race_outcomes": {
        "values": "可能(?:的)?(?:取值|值|结果)|取值(?:是|有|为)",
        "value_count": "(?:几|多少)种",
        "minimum": "最小",
        "maximum": "最大",
    },
    "os.resource_graph": {
        "deadlocked": "哪(?:些|几个)?(?:个)?进程|死锁的?进程|死锁(?:进程)?集",
        "deadlock": "(?:是否|有没有|会不会|存在)[^。]{0,6}死锁|死锁(?:吗|么|状态)",
        "order": "(?:化简|简化)(?:的)?(?:次序|顺序|序列)",
    },
    "os.semaphore_count": {
        "lowest": "最小(?:值)?|取值(?:的)?范围|变化范围",
        "highest": "最大值|取值(?:的)?范围|变化范围",
        "waiting": "(?:等待|阻塞)(?:的)?(?:进程|队列)|(?:几|多少)个(?:进程)?(?:在)?(?:等待|阻塞)|等待",
        "available": "可用(?:的)?(?:资源)?",
        "initial_value": "初值",
        "value": "值(?:为|是|变|$)|信号量",
    },
}
SIGNS: dict[str, str] = {
    "os.banker": "银行家|安全(?:序列|状态)|已分配[^。]{0,40}(?:尚需|最大需求)",
    "os.cpu_scheduling": "周转时间|(?:等待|响应)时间[^。]{0,20}(?:调度|作业|进程)|(?:作业|进程)[^。]{0,20}(?:先来先服务|短作业|轮转|高响应比|优先级调度|FCFS|SJF|SRTF)",
    "os.deadlock_bound": "(?:不会?|可能|避免|不可能)(?:发生|产生|出现)?死锁[^。]{0,30}(?:最|至)|每个?进程[^。]{0,8}(?:最多|至多)?需要",
    "os.fork_tree": "fork",
    "os.mlfq": "反馈队列|MLFQ",
    "os.multiprogramming": "(?:计算|CPU)\\s?\\d+[^。]{0,60}(?:打印|输入|I/?O|设备|磁带)|CPU ?(?:的)?利用率",
    "os.pv_checker": "semaphore[^。]{0,300}process",
    "os.race_outcomes": "(?:int \\w|共享变量)[^。]{0,300}(?:process|并发)[^。]{0,300}(?:值|结果)|x\\s?=\\s?x",
    "os.resource_graph": "资源分配图|分配边|请求边",
    "os.semaphore_count": "信号量[^。]{0,80}(?:初值|当前值|P|V|wait|取值)",
}
