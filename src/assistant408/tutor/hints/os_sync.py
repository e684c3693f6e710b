"""How questions word concurrent programs: processes in prose (``P1:P(s);输出 a;V(t)。``) become programs to explore."""

from __future__ import annotations

import re

from assistant408.tutor.extract import Assumed, Hint, Reader, first, integer, num, pick, text
from assistant408.tutor.quantity import finditer, search
from assistant408.tutor.rows import code

__all__ = ["ASKS", "HINTS", "SIGNS"]

_HEAD = (
    r"(?<![A-Za-z\d])(?:并发)?(?:进程|线程)?\s?(?P<name>[PTQpt]_?\d?|[A-DR]|(?<=线程)\d|(?<=线程 )\d|(?<=进程)\d|(?<=进程 )\d)\s?(?:\(\s?\))?\s?"
    r"(?:的?(?:代码|程序|操作|语句)?(?:为|是)?\s?:|(?:依次)?执行(?:的(?:代码|语句|操作)(?:为|是))?\s?:?|(?=\{))\s?\{?"
)
_DOWN = r"(?:P|wait|down)\s?\(\s?(\w+)\s?\)"
_UP = r"(?:V|signal|up)\s?\(\s?(\w+)\s?\)"
_SHOW = r"(?:print|printf|cout|putchar|输出|打印|显示)\s?(?:<<|\()?\s?[\"“'‘]?([A-Za-z\d]{1,8})[\"”'’]?\s?\)?"
_SET = r"[a-z]\w{0,6}\s?(?:=(?!=)\s?[\w+\-*/() ]+|\+\+|--|[+\-*]=\s?\w+)"
_TIMES = {"一": 1, "两": 2, "二": 2, "三": 3}


def _statements(body: str) -> tuple[list[str], bool]:
    """The statements of a process's text, and whether all of it was read.

    Examples:
        >>> _statements('P(s); 输出 a; V(t)')
        (['P(s);', '"a";', 'V(t);'], True)
    """
    out: list[str] = []
    clean = True
    for piece in re.split(r"[;\n]|(?<=\))\s?(?=[PV]\()|->|→", body):
        piece = piece.strip(" {},。.、")
        if not piece:
            continue
        if m := re.fullmatch(_DOWN, piece, re.ASCII):
            out.append(f"P({m[1]});")
        elif m := re.fullmatch(_UP, piece, re.ASCII):
            out.append(f"V({m[1]});")
        elif m := re.fullmatch(_SHOW, piece, re.ASCII):
            out.append(f'"{m[1]}";')
        elif m := re.match(rf"({_SET})(?:\s?([一两二三\d])次)?$", piece, re.ASCII):
            out += [f"{m[1].strip()};"] * (_TIMES.get(m[2], 0) or int(m[2]) if m[2] else 1)
        elif m := re.fullmatch(r"(?:执行)?\s?([A-Za-z]\d?)", piece):
            out.append(f'"{m[1]}";')
        elif re.fullmatch(r"\.*|…*|临界区|访问临界区|其他(?:操作|代码)", piece):
            continue
        else:
            clean = False
    return out, clean


def _prose(r: Reader) -> str | None:
    """A program from processes told one after the other, with the initial values that the text gives."""
    marks = list(finditer(_HEAD, r.text))
    bodies: dict[str, list[str]] = {}
    spans = []
    for i, m in enumerate(marks):
        end = marks[i + 1].start() if i + 1 < len(marks) else len(r.text)
        part = r.text[m.end() : end]
        stop = search(r"。|\}|\n(?!\s*(?:[PV]\(|print|[a-z]\w{0,5}\s?[=+-]))|,(?:两|三|并发|则|若)|\((?=赋值)", part)
        part = part[: stop.start()] if stop else part
        found, clean = _statements(part.rstrip(",;、和与"))
        if found and clean and m["name"] not in bodies:
            bodies[m["name"]] = found
            spans.append((m.start(), m.end() + len(part)))
    if len(bodies) < 2:
        return None
    outside = "".join(
        r.text[a:b] for a, b in zip([0, *(e for _, e in spans)], [*(s for s, _ in spans), len(r.text)], strict=True)
    )
    lines = [x for body in bodies.values() for x in body]
    semaphores = sorted({x[2:].split(")")[0] for x in lines if x.startswith(("P(", "V("))})
    shared = sorted({x for line in lines if not line.startswith(("P(", "V(", '"')) for x in _variables(line)})
    values = {name: _start_of(name, outside) for name in (*semaphores, *shared)}
    common = search(r"初值(?:均|都)(?:为|是)\s?(\d+)", outside)
    for name, value in values.items():
        values[name] = value if value is not None else int(common[1]) if common else None
    if any(v is None for v in values.values()):
        return None
    for span in spans:
        r.take(*span)
    for m in finditer(r"=\s?\d+|初值[^。;]{0,24}", r.text):
        r.take(*m.span())
    loop = search(r"(?:循环|反复|不断|重复)(?:地)?(?:执行|进行)", outside)
    declared = [f"semaphore {n} = {values[n]};" for n in semaphores] + [f"int {n} = {values[n]};" for n in shared]
    processes = [
        f"process {'P' if n.isdigit() else ''}{n.replace('_', '')} {{ {'while (1) { ' if loop else ''}{' '.join(b)}{' }' if loop else ''} }}"
        for n, b in bodies.items()
    ]
    return "\n".join([*declared, *processes])


def _variables(line: str) -> list[str]:
    return re.findall(r"(?<![\w])[a-z]\w{0,6}(?![\w(])", line)


def _start_of(name: str, outside: str) -> int | None:
    """``s = 1``, ``s1、s2 初值分别为 0 和 1``, ``共享变量 x,初值为 1``."""
    m = search(rf"(?<![\w]){re.escape(name)}\s?(?:=|的?初(?:始)?值(?:为|是)|\(初值(?:为|是)?)\s?(-?\d+)", outside)
    if m:
        return int(m[1])
    run = search(
        r"((?:\w+\s?[、,和]\s?)+\w+)\s?的?(?:初(?:始)?值)(?:分别|依次)(?:为|是)\s?((?:\d+\s?[、,和]\s?)+\d+)", outside
    )
    if run:
        names, numbers = re.findall(r"[A-Za-z]\w*", run[1]), re.findall(r"\d+", run[2])
        if name in names and len(names) == len(numbers):
            return int(numbers[names.index(name)])
    m = search(rf"初值(?:为|是)\s?(-?\d+)\s?的(?:共享|公共|整型)?变量\s?{re.escape(name)}(?![\w])", outside)
    if m:
        return int(m[1])
    m = search(rf"(?<![\w]){re.escape(name)}(?![\w])[^。;A-Za-z]{{0,8}}初(?:始)?值(?:为|是)?\s?(-?\d+)", outside)
    return int(m[1]) if m else None


def _instructions(r: Reader) -> str | None:
    """``load R1,x; inc R1; store x,R1``: machine instructions of each process, in their order."""
    runs = list(
        finditer(
            r"(?:load|mov|lw|取)\s*(?P<r>R\d)\s?,\s?(?P<x>[a-z])\b[\s;]*(?:\n)?\s*"
            r"(?P<op>inc|dec|add|sub)\s*(?P=r)(?:\s?,\s?(?:(?P=r)\s?,\s?)?#?(?P<k>\d+))?[\s;]*(?:\n)?\s*"
            r"(?:store|mov|sw|存)\s*(?P=x)\s?,\s?(?P=r)",
            r.text,
            re.IGNORECASE,
        )
    )
    if len(runs) < 2 or len({m["x"] for m in runs}) > 1:
        return None
    name = runs[0]["x"]
    start = search(
        rf"初值(?:为|是)?\s?(-?\d+)\s?的(?:共享|公共)?变量\s?{name}|{name}\s?(?:的)?初值(?:为|是)\s?(-?\d+)", r.text
    )
    if not start:
        return None
    r.take(*start.span())
    for m in runs:
        r.take(*m.span())
    for m in finditer(r"[加减]\s?\d+", r.text):
        r.take(*m.span())
    lines = [f"int {name} = {start[1] or start[2]};"]
    for i, m in enumerate(runs, 1):
        sign = "+" if m["op"].lower() in ("inc", "add") else "-"
        lines.append(f"process P{i} {{ {name} = {name} {sign} {m['k'] or 1}; }}")
    return "\n".join(lines)


def _assigning(r: Reader) -> str | None:
    program = _prose(r)
    return program if program and "int " in program else None


def _showing(r: Reader) -> str | None:
    program = _prose(r)
    return program if program and '"' in program else None


def _capacity(r: Reader) -> int | None:
    found: int | None = num(
        "缓冲(?:区|池)(?:的)?(?:大小|容量|长度)",
        before=["个(?:大小相等的|单元的?|空)?(?:缓冲|产品的缓冲|存放)", "个单元"],
    )(r)
    return found


_AMOUNT = r"(?:已|共)?(?:成功|经|连续)*(?:{verb})(?:了|过)?\s?(\d+)\s?(?:件|个|次)"

_NOW = r"(?:当前|现在|此时|目前)[^,。;\d]{0,8}(?:值)?(?:为|是)\s?-?\d"


def _more_p(r: Reader) -> Assumed | None:
    """By how much P outnumbers V, if the initial and the current value are both given."""
    start = search(r"初(?:始)?值(?:为|是)?\s?(\d+)", r.text)
    now = search(r"(?:当前|现在|此时|目前)[^,。;\d]{0,8}(?:值)?(?:为|是)\s?(-?\d+)", r.text)
    if not start or not now or search(r"\d\s?次\s?(?:P|V|wait|signal)", r.text):
        return None
    r.take(*start.span(1))
    more = int(start[1]) - int(now[1])
    return Assumed(more) if more >= 0 else None


def _initial(r: Reader) -> int | None:
    """The initial value, unless the current one is given: that alone says how many wait."""
    later = search(
        r"(?:当前值?|现在|此时)(?:的)?值?(?:为|是)\s?(\d+)[^。]{0,30}(?:再|又)[^。]{0,30}(?:P|wait|V|signal)", r.text
    )
    if later:
        r.take(*later.span(1))
        return int(later[1])
    value: int | None = first(
        num("初(?:始)?值", "资源(?:共)?", before=["个?(?:同类)?资源", "台打印机", "个进程同时"]),
        integer(r"\bS\s?=\s?(\d+)"),
    )(r)
    return None if search(_NOW, r.text) else value


def _pv(r: Reader) -> str | None:
    m = search(r"(?:执行|进行|操作|依次|次序为|顺序为)[^。]{0,6}?\s?((?:[PV]\s?(?:\(S\))?\s?[,、 ]?\s?){3,})", r.text)
    if not m:
        return None
    r.take(*m.span(1))
    return "".join(re.findall("[PV]", m[1]))


HINTS: dict[str, dict[str, Hint]] = {
    "os.semaphore_count": {
        "initial": _initial,
        "current": num("(?:当前|现在|此时|目前)?(?:的)?值(?:为|是|变为)|当前值|值"),
        "operations": _pv,
        "p_count": first(
            integer(
                r"(?:再|又)?(?:有)?\s?(\d+)\s?个进程(?:相继|先后|依次|分别|又|再|都|各)*(?:对\s?\w+\s?)?(?:执行|进行)(?:了)?(?:一次)?\s?(?:P|wait)",
                r"(\d+)\s?次\s?(?:P|wait)",
                r"(?:P|wait)\s?(?:操作)?\s?(?:\(S\))?\s?(\d+)\s?次",
            ),
            _more_p,
        ),
        "v_count": integer(r"(\d+)\s?次\s?(?:V|signal)", r"(?:V|signal)\s?(?:操作)?\s?(?:\(S\))?\s?(\d+)\s?次"),
        "processes": num("进程数", before=["个?(?:并发|相关|合作)?(?:进程|线程)"]),
    },
    "os.pv_checker": {"program": first(code("semaphore", "int ", "process"), _prose)},
    "os.pv_outputs": {"program": first(code("semaphore"), _showing)},
    "os.race_outcomes": {
        "program": first(code("int ", "process"), _instructions, _assigning),
        "variable": text(r"(?:变量|则|后,?)\s?([a-z])\s?(?:最后|的|可能)"),
        "granularity": pick(
            {
                "statement": "(?:赋值)?语句(?:是|为|不可分|原子|[^。]{0,8}(?:原子|不可分割|不可中断))",
                "register": "取数|寄存器|机器指令|(?:三|3) ?(?:条|步)",
            }
        ),
    },
    "os.bounded_buffer": {
        "capacity": _capacity,
        "produced": integer(_AMOUNT.format(verb="放入|生产|存入|写入|投入")),
        "consumed": integer(_AMOUNT.format(verb="取走|消费|取出|拿走|读出")),
    },
}
ASKS: dict[str, dict[str, str]] = {
    "os.semaphore_count": {
        "range": "(?:取值|变化)(?:的)?范围",
        "lowest": "最小(?:值)?",
        "highest": "最大值",
        "waiting": "表示\\s?(?:\\(|$)|(?:等待|阻塞)(?:的)?(?:进程|队列)|(?:几|多少)个(?:进程)?(?:在)?(?:等待|阻塞)|等待",
        "available": "可用(?:的)?(?:资源)?",
        "initial_value": "初值(?!(?:为|是)?\\s?-?\\d)",
        "value": "值(?:为|是|变|和|与|、|$)|信号量",
    },
    "os.pv_checker": {
        "stuck": "永远(?:被)?阻塞",
        "deadlock": "死锁",
        "starvation": "饥饿",
        "violations": "(?:破坏|违反)",
        "correct": "(?:正确|对)(?:吗|么)|是否正确",
    },
    "os.pv_outputs": {
        "count": "(?:几|多少)(?:种|个)|有\\s?\\(\\s?\\)\\s?[种个]",
        "sequences": "(?:输出|打印|执行|显示)(?:的)?(?:序列|次序|顺序|结果)|结果(?:是|为)|可能",
        "blocked": "哪(?:个|些)进程[^。]{0,6}阻塞",
        "deadlock": "死锁",
    },
    "os.race_outcomes": {
        "values": "可能(?:的)?(?:取值|值|结果)|取值(?:是|有|为)|值(?:为|是|有)?(?:不)?可能|(?:不)?可能(?:是|为)",
        "value_count": "(?:几|多少)种|可能(?:的)?(?:取)?值(?:共)?有\\s?\\(|\\(\\s?\\)\\s?种|取值(?:共)?有(?:几|多少)",
        "minimum": "最小",
        "maximum": "最大",
        "finals": r"\([a-z]\s?,\s?[a-z]\)|[a-z]\s?[、,和与]\s?[a-z]\s?(?:的)?(?:值|取值)",
    },
    "os.bounded_buffer": {
        "initial": "初值",
        "empty": "empty(?:的)?(?:当前)?值|empty",
        "full": "full(?:的)?(?:当前)?值|full",
        "most": "还(?:可|能)[^。]{0,8}放",
    },
}
SIGNS: dict[str, str] = {
    "os.semaphore_count": "信号量[^。]{0,80}(?:初值|当前值|P|V|wait|取值)",
    "os.pv_checker": "semaphore[^。]{0,300}process",
    "os.pv_outputs": r"(?s:[PV]\(.{0,300}(?:print|输出|打印).{0,300}|(?:print|输出|打印).{0,300}[PV]\(.{0,300})(?:序列|结果|次序|顺序|可能)",
    "os.race_outcomes": "(?:int \\w|共享变量)[^。]{0,300}(?:process|并发)[^。]{0,300}(?:值|结果)|x\\s?=\\s?x|load\\s?R\\d|共享[^。]{0,14}变量|x\\+\\+",
    "os.bounded_buffer": "(?:生产者|缓冲(?:区|池))[^?]{0,80}(?:empty|full|空缓冲)",
}
