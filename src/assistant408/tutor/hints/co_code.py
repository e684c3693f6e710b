"""How questions word small C programs, by declarations or in prose (``x 和 z 是 int 型,当 x=217``)."""

from __future__ import annotations

import re
import struct

from assistant408.tutor.extract import Hint, Reader
from assistant408.tutor.hints.co_shared import HEX
from assistant408.tutor.quantity import finditer, search

__all__ = ["ASKS", "HINTS", "SIGNS"]

_WORD = r"(?:unsigned|signed|char|short|int|long|float|double)"
_TYPE = rf"(?<![A-Za-z])(?:{_WORD}\s)*{_WORD}(?![A-Za-z])"
_NAME = r"(?<![A-Za-z\d_])[A-Za-z_][A-Za-z_]{0,5}\d{0,2}(?![A-Za-z\d_])"
_AND = r"\s?(?:、|和|与|,|以及)\s?"
_NAMES = rf"{_NAME}(?:{_AND}{_NAME})*"
_SIDE = r"[\w\s+\-*/%&|^~!<>().?]"  # of an expression; an equals sign stands between two sides
_EXPR = rf"(?:{_SIDE}|[=!<>]=|:)+"
_VALUE = rf"(?:{HEX}|[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
_KEYWORDS = {"unsigned", "signed", "char", "short", "int", "long", "float", "double", "if", "for", "while", "return"}


def _types(r: Reader) -> dict[str, str]:
    """Variables and their types, as prose or a bare declaration gives them."""
    out: dict[str, str] = {}

    def note(names: str, kinds: list[str]) -> None:
        found = [n for n in re.findall(_NAME, names, re.ASCII) if n not in _KEYWORDS]
        for i, n in enumerate(found):
            out.setdefault(n, kinds[i] if len(kinds) == len(found) else kinds[0])

    for m in finditer(rf"({_NAMES})(?:的)?(?:数据)?类型分别(?:为|是)\s?({_TYPE}(?:型)?(?:{_AND}{_TYPE})+)", r.text):
        note(m[1], re.findall(_TYPE, m[2], re.ASCII))
    for m in finditer(
        rf"({_NAMES})\s?(?:均|都|分别|被)?(?:为|是|定义为|声明为)\s?({_TYPE})\s?(?:型|类型|变量)", r.text
    ):
        note(m[1], [m[2]])
    for m in finditer(rf"({_TYPE})\s?(?:类?型)?(?:的)?(?:整型)?(?:变量|整数|数据)\s?({_NAMES})", r.text):
        note(m[2], [m[1]])
    for m in finditer(rf"({_TYPE})\s+({_NAME}(?:\s?,\s?{_NAME})*)\s?;", r.text):
        note(m[2], [m[1]])
    return out


def _literal(kind: str, value: str) -> str:
    """A value as C writes it; the machine code of a floating variable as the number that it stands for."""
    plain = value.replace(" ", "")
    if kind in ("float", "double") and plain.endswith("H"):
        packed = bytes.fromhex(plain[:-1].zfill(8 if kind == "float" else 16))
        return repr(struct.unpack(">f" if kind == "float" else ">d", packed)[0])
    return f"0x{plain[:-1]}" if plain.endswith("H") else plain


def _masked(r: Reader) -> str:
    """The text with remarks in brackets blanked out, as long as before."""
    return re.sub(r"\([^()]*[\u4e00-\u9fff][^()]*\)", lambda m: " " * len(m[0]), r.text)


def _code(r: Reader) -> str | None:
    types = _types(r)
    text = _masked(r)
    shared = search(rf"({_TYPE})\s?型?(?:的)?变量(?=\s?(?:均|都|各)?(?:占|为|是|用)\s?\d)", text)
    if shared and not types:  # one type for all: ``int 型变量占 32 位,x=-1,y=1``
        types = {m[1]: shared[1] for m in finditer(rf"({_NAME})\s?=(?!=)", text)}
    events: list[tuple[int, str]] = []
    known: set[str] = set()
    taken: list[tuple[int, int]] = []
    part = rf"{_NAME}\s?=(?!=)\s?(?:{_SIDE}|[=!<>]=)+"
    for m in finditer(rf"({_TYPE})\s+({part}(?:,\s?{part})*)(?=;|,|\n|。|$|[\u4e00-\u9fff])", text):
        events.append((m.start(), f"{m[1]} {m[2]}"))
        taken.append(m.span())
        known |= {n.strip() for n in re.findall(rf"({_NAME})\s?=(?!=)", m[2], re.ASCII)}
    for m in finditer(
        rf"({_NAME})\s?(?:=|的(?:值|真值|机器数|内容)(?:为|是))\s?({_VALUE})(?!\w|\s?[-+*/=]|\.\d)", text
    ):
        if m[1] in types and not _within(m.start(), taken):
            new = m[1] not in known
            events.append((m.start(), f"{types[m[1]] + ' ' if new else ''}{m[1]} = {_literal(types[m[1]], m[2])}"))
            taken.append(m.span())
            known.add(m[1])
    for m in finditer(
        rf"({_NAME})\s?(?:为|是)\s?({_TYPE})[^,。;]{{0,4}},\s?(?:其)?(?:机器数|值)(?:为|是)\s?({_VALUE})", text
    ):
        if not _within(m.start(), taken) and m[1] not in known:
            events.append((m.start(), f"{m[2]} {m[1]} = {_literal(m[2], m[3])}"))
            taken.append(m.span())
            known.add(m[1])
    stored = search(
        rf"({_NAMES})\s?(?:分别|依次)?(?:存放|存|放|保存|装)?(?:在|于)[^,。;]{{0,12}}寄存器\s?({_NAMES})(?:中)?", text
    )
    if stored:
        names, places = (re.findall(_NAME, g, re.ASCII) for g in stored.groups())
        for n, place in zip(names, places, strict=False):
            held_in = search(rf"\(\s?{place}\s?\)\s?=\s?({_VALUE})", text)
            if held_in and n in types and n not in known:
                events.append((held_in.start(), f"{types[n]} {n} = {_literal(types[n], held_in[1])}"))
                taken.append(held_in.span())
                known.add(n)
    for m in finditer(
        rf"({_NAME})\s?((?:<<|>>|[-+*/%&|^])?=)(?!=)\s?((?:{_SIDE}|[=!]=)+)(?=;|,|\n|。|$|后|[\u4e00-\u9fff])", text
    ):
        if _within(m.start(), taken) or not search(r"[A-Za-z]", m[3]) or (m[1] not in types and m[1] not in known):
            continue
        new = m[1] not in known
        events.append((m.start(), f"{types[m[1]] + ' ' if new else ''}{m[1]} {m[2]} {m[3].strip()}"))
        taken.append(m.span())
        known.add(m[1])
    shift = search(r"(算术|逻辑)?(左|右)移\s?(\d+)\s?位|(算术|逻辑)(左|右)移(?:操作)?\s?(\d+)\s?位", text)
    if shift and len(known) == 1 and len(events) == 1:
        name = next(iter(known))
        held = search(r"(\d+)\s?位(?:的)?(?:通用)?寄存器", text)
        kind = {"8": "char", "16": "short"}.get(held[1] if held else "")
        if kind:
            events[0] = (events[0][0], re.sub(rf"^{_TYPE}", kind, events[0][1]))
        events.append((shift.start(), f"{name} = {name} {'<<' if '左' in shift[0] else '>>'} {shift[3] or shift[6]}"))
        taken.append(shift.span())
        if shift[1] == "逻辑" or shift[4] == "逻辑":
            return None
    if not events or not known:
        return None
    taken += [
        m.span()
        for m in finditer(
            r"\d+\s?位(?:的)?(?:机|字长|计算机|系统|带符号|无符号|整数|寄存器|补码)|\d+\s?位[,。)]", r.text
        )
    ]
    for span in taken:
        r.take(*span)
    return "; ".join(re.sub(r"\s+", " ", text).strip() for _, text in sorted(events))


def _within(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(a <= at < b for a, b in spans)


def _expressions(r: Reader) -> list[str] | None:
    """Expressions that are asked about, listed after the word or numbered Ⅰ, Ⅱ, Ⅲ."""
    numbered = list(
        finditer(
            r"(?:^|\n|\s|;|:|。)(?:I{1,3}|IV|V)\s?[.、:]\s?([^;\n\u4e00-\u9fff]+?)(?=\s*(?:;|\n|$|\sI{1,3}[.、]|\sIV))",
            r.text,
        )
    )
    found = [m[1].strip() for m in numbered if search(r"[A-Za-z].*(?:[<>=!]=|[<>])", m[1])]
    if len(found) >= 2:
        for m in numbered:
            r.take(*m.span())
        return found
    cast = search(rf"(?:解释|转换|看作|看成)(?:为|成)?\s?({_TYPE})", r.text)
    named = cast and search(rf"({_NAME})\s?(?:的)?(?:值|真值)(?:为|是)?[,。(\s]*$|变量\s?({_NAME})", r.text)
    if cast and named and not search(rf"{_TYPE}\s+{_NAME}\s?=\s?\(?\s?(?:{_TYPE}|{_NAME})", r.text):
        return [f"({cast[1]}){named[1] or named[2]}"]
    at = search(r"(?<!语句)表达式(?=\s?[^。;\u4e00-\u9fff])", r.text)
    if not at:
        return None
    clause = re.split(r"[。;?]|依次|分别|各是", r.text[at.end() :])[0]
    parts = [
        re.sub(r"的(?:值|结果|机器数|真值).*|[\u4e00-\u9fff].*", "", p).strip()
        for p in re.split(r"[、和与及]|,", clause)
    ]
    found = [p for p in parts if search(r"[-+*/%&|^~!<>=?(]", p) and search("[A-Za-z]", p)]
    if not found:
        return None
    r.take(at.end(), at.end() + len(clause))
    return found


HINTS: dict[str, dict[str, Hint]] = {"co.c_program": {"code": _code, "expressions": _expressions}}
ASKS: dict[str, dict[str, str]] = {
    "co.c_program": {
        "true_items": "@为\\s?[“\"']?真[”\"']?的|(?<!不)成立的",
        "false_items": "@为\\s?[“\"']?假[”\"']?的|不成立的",
        "relation": "@之间的关系|(?:关系|大小)(?:是|为)",
        "result_codes": "@表达式[^。]{0,60}(?:机器数|十六进制)",
        "results": "@表达式[^。]{0,60}(?:值|结果|真)|关系表达式|(?:解释|转换|看作|看成)(?:为|成)[^。]{0,40}值",
        "codes": "机器数|十六进制|内容|寄存器",
        "values": "值|结果",
    }
}
SIGNS: dict[str, str] = {
    "co.c_program": rf"(?:{_WORD}\s+\w+\s?=[^。]*?[;,\n])|{_WORD}\s?(?:型|类型)[^。]{{0,80}}(?:=|语句|表达式|解释)|表达式[^。]{{0,80}}(?:值|真)"
}
