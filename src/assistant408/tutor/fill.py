"""What rules can't read is read by the model under the solver's schema; it may say only what the question says."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from assistant408.core.errors import InputError
from assistant408.core.params import Field, coerce
from assistant408.core.registry import Solver
from assistant408.llm.types import Backend, Message, Options, Request
from assistant408.tutor.prompts import load_prompt
from assistant408.tutor.quantity import prepare, quantities

__all__ = ["fill", "said"]

log = logging.getLogger(__name__)


def fill(solver: Solver, wanted: Sequence[Field], question: str, backend: Backend) -> dict[str, Any]:
    """Values of the `wanted` fields that the model reads out of the question and that the question bears out."""
    if not wanted:
        return {}
    whole = solver.schema["properties"]
    schema = {
        "type": "object",
        "properties": {f.name: {"anyOf": [_inlined(whole[f.name]), {"type": "null"}]} for f in wanted},
        "required": [f.name for f in wanted],
        "additionalProperties": False,
    }
    prompt = load_prompt("solve")
    lines = "\n".join(f"- {f.name}：{f.param.label}。{f.param.help}" for f in wanted)
    content = prompt["fill"].format(question=question, title=solver.title, fields=lines)
    request = Request((Message("system", prompt["system"]), Message("user", content)))
    answer = "".join(backend.stream(request, Options(max_tokens=400, schema=schema)))
    try:
        values = json.loads(answer)
    except json.JSONDecodeError:
        log.info("the model's arguments are cut short: %r", answer[:200])
        return {}
    out: dict[str, Any] = {}
    for f in wanted:
        value = values.get(f.name) if isinstance(values, Mapping) else None
        if value is None or value == [] or value == "":
            continue
        try:
            coerce(value, f.type, f.param)
        except InputError:
            continue
        if said(value, question):
            out[f.name] = value
        else:
            log.info("not in the question: %s=%r", f.name, value)
    return out


def said(value: Any, question: str) -> bool:
    """Whether every number and word of `value` stands in the question, in any unit.

    Examples:
        >>> said([7, 0, 1], "序列 7,0,1"), said(4096, "块 4 KB"), said(5, "3 个页框"), said(1200, "主频 1.2 GHz")
        (True, True, False, True)
    """
    text = prepare(question)
    numbers = _spoken(text)
    return all(_borne_out(leaf, numbers, text) for leaf in _leaves(value))


def _spoken(text: str) -> set[Fraction]:
    """Every number of the text, in every unit it may be asked for."""
    out: set[Fraction] = set()
    for q in quantities(text):
        out |= {q.value, q.base}
        if q.kind == "percent":
            out.add(q.value * 100)
        if q.kind == "size":
            out.add(q.base / 8)
        for power in (3, 6, 9):
            out |= {q.base / 10**power, q.base * 10**power, q.base / (8 * 10**power)}
    out |= {Fraction(d) for d in re.findall(r"\d+", text) if len(d) < 40}
    return out


def _borne_out(leaf: Any, numbers: set[Fraction], text: str) -> bool:
    if isinstance(leaf, bool):
        return True
    if isinstance(leaf, (int, float)):
        return Fraction(str(leaf)) in numbers
    words = re.findall(r"\d+(?:\.\d+)?", str(leaf))
    if words:
        return all(Fraction(w) in numbers for w in words)
    return str(leaf).replace(" ", "") in text.replace(" ", "") or str(leaf).islower()


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [leaf for v in value.values() for leaf in _leaves(v)]
    if isinstance(value, list):
        return [leaf for v in value for leaf in _leaves(v)]
    return [value]


def _inlined(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema without bounds and patterns that the grammar compiler may not know; they are checked afterwards."""
    dropped = {"pattern", "minimum", "maximum", "minItems", "default", "title", "description"}
    out: dict[str, Any] = {}
    for key, value in schema.items():
        if key in dropped:
            continue
        if key == "properties":
            out[key] = {k: _inlined(v) for k, v in value.items()}
        elif isinstance(value, Mapping):
            out[key] = _inlined(value)
        else:
            out[key] = value
    if out.get("type") == "array":
        out["maxItems"] = min(int(out.get("maxItems", 40)), 40)
    return out
