"""How questions word the parameters of each solver; a parameter without a hint is read by its type and label.

Each topic's file has three tables: `HINTS` (solver → parameter → how to read it), `ASKS` (solver → result → words
that ask for it) and `SIGNS` (solver → a pattern of phrases that point at it, beyond its keywords).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from importlib import import_module
from typing import Any, Literal, Union, get_args, get_origin

from assistant408.core.params import Field, fields_of
from assistant408.core.registry import Solver
from assistant408.tutor.extract import Hint, const, num, pick, raw, seq
from assistant408.tutor.rows import edges, records

__all__ = ["asks_of", "hints_of", "sign_of"]

_UNIT = re.compile(r"_(ns|us|ms|s|bytes|bits|mhz|hz|bps|kb_per_s|mb_per_s|gb|km|m)$")
_TOPICS = (
    *("ds_linear", "ds_tree", "ds_graph", "ds_search", "ds_counts", "ds_basics"),
    *(
        "co_data",
        "co_float",
        "co_code",
        "co_design",
        "co_speed",
        "co_cache",
        "co_memory",
        "co_cpu",
        "co_fixed",
        "co_io",
    ),
    *("os_process", "os_sync", "os_load", "os_memory", "os_segment", "os_paging", "os_file", "os_directory"),
    *("cn_physical", "cn_link", "cn_network", "cn_routing", "cn_transport", "cn_signal", "cn_address"),
)
_NOTHING: Hint = const(None, when="$^")


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, dict[str, Hint]], dict[str, dict[str, str]], dict[str, str]]:
    hints: dict[str, dict[str, Hint]] = {}
    asks: dict[str, dict[str, str]] = {}
    signs: dict[str, str] = {}
    for name in _TOPICS:
        module = import_module(f"{__name__}.{name}")
        hints |= module.HINTS
        asks |= module.ASKS
        signs |= module.SIGNS
    return hints, asks, signs


def hints_of(solver: Solver) -> dict[str, Hint]:
    """A hint for each parameter, the hand-written ones first and in their order: earlier ones take their numbers first."""
    own = _tables()[0].get(solver.id, {})
    names = {f.name: f for f in solver.fields}
    ordered = [n for n in own if n in names] + [n for n in names if n not in own]
    return {n: own[n] if n in own else generic(names[n]) for n in ordered}


def asks_of(solver: Solver) -> Mapping[str, str]:
    """Patterns of words that ask for a result; one that begins with ``@`` settles it wherever it stands."""
    return _tables()[1].get(solver.id, {})


def sign_of(solver: Solver) -> str:
    """A pattern of phrases that point at the solver, or the empty string."""
    return _tables()[2].get(solver.id, "")


def generic(f: Field) -> Hint:
    """How a field is read when nobody has said how: by its type, label and help."""
    kind = f.type
    if get_origin(kind) in (Union,) or type(kind).__name__ == "UnionType":
        kind = next(a for a in get_args(kind) if a is not type(None))
    label = re.split(r"[((/]", f.param.label)[0].strip()
    names = [re.escape(n) for n in dict.fromkeys([label, _core(label)]) if len(n) > 1]
    if get_origin(kind) is Literal:
        return pick(_options(get_args(kind), f.param.help))
    if get_origin(kind) is list:
        return _generic_list(kind, names, f)
    if kind in (int, Fraction):
        unit = _unit(f)
        before = [rf"(?:个|条|块|位|道|片|级|路|台|种|号)?{n}" for n in names]
        return num(*names, before=before if not f.param.label.endswith("时间") else [], unit=unit, kind=kind)
    if (kind is str and "带单位" in f.param.help) or "如 64B" in f.param.help:
        return raw(_measures(f.param.help), *names)
    return _NOTHING


def _generic_list(kind: Any, names: list[str], f: Field) -> Hint:
    item = get_args(kind)[0]
    if item in (int, Fraction):
        return seq(*names, longest=3 if f.required else 0)
    if dataclasses.is_dataclass(item) and isinstance(item, type):
        inner = fields_of(item)
        if [x.name for x in inner[:2]] == ["u", "v"]:
            return edges(len(inner) > 2)
        if len(inner) > 1 and inner[0].type is str and all(x.type in (int, Fraction) for x in inner[1:]):
            columns = {x.name: (re.escape(x.param.label), "free" if x.type is Fraction else "") for x in inner[1:]}
            return records(inner[0].name, columns, optional=[x.name for x in inner[1:] if not x.required])
    return _NOTHING


def _core(label: str) -> str:
    """The label without what a number adds to it."""
    return re.sub(r"(?:的)?(?:个数|总数|数目|数|大小|长度)$", "", label)


def _unit(f: Field) -> str:
    """The unit a field is in, from its name or its help."""
    m = _UNIT.search(f.name)
    if m:
        return m[1]
    if "MHz" in f.param.help:
        return "mhz"
    if f.param.help.startswith("字节") or "字节,2 的幂" in f.param.help.replace("，", ","):
        return "bytes"
    if re.search(r"率|比例|占", f.param.label) and f.type is not int:
        return "share"
    if re.search(r"时间|时刻|时延|周期|容量|大小", f.param.label):
        return "free"
    return ""


def _measures(help: str) -> str:
    for word, kind in (
        ("Hz", "freq"),
        ("b/s", "rate"),
        ("m/s", "speed"),
        ("ms", "time"),
        ("km", "length"),
        ("B", "size"),
    ):
        if word in help:
            return kind
    return "size"


def _options(values: tuple[Any, ...], help: str) -> dict[Any, str]:
    """Patterns for enumerated values: the value itself and what the help calls it (``FF 首次适应,NF 邻近适应``)."""
    out = {}
    for value in values:
        spelt = re.escape(str(value))
        m = re.search(rf"(?<![\w.]){spelt}(?![\w])[ :：]?([^,，;；。、]{{2,12}})", help)
        said = f"|{re.escape(m[1].strip())}" if m and not isinstance(value, int) else ""
        out[value] = spelt + said if not isinstance(value, int) else rf"$^{said}"
    return out
