"""A question solved exactly: what `Tutor.solve` calls. The sentence shown is made of the solution alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, get_origin

from assistant408.core.errors import InputError
from assistant408.core.registry import Out, Solver, all_solvers
from assistant408.core.trace import Solution, Value
from assistant408.llm.types import Backend
from assistant408.tutor.choose import Embed
from assistant408.tutor.diagnose import diagnose
from assistant408.tutor.quantity import prepare, quantities
from assistant408.tutor.understand import Understood, run, understand
from assistant408.tutor.values import same, say

__all__ = ["choose", "solve_question", "summarize"]

_TRIED = ("pops", "candidate", "keys")  # parameters that a choice of “下列序列” stands for
_VERDICTS = ("valid", "dfs_valid", "bfs_valid", "is_heap")


def solve_question(
    question: str,
    backend: Backend | None = None,
    solvers: Mapping[str, Solver] | None = None,
    embed: Embed | None = None,
) -> dict[str, Any] | None:
    """The solution of a computable question as a JSON-ready object, or `None` for any other question.

    The signature is stable, ``solve_question(question, backend=None, solvers=None, embed=None) -> dict | None``: the
    web services and the tutor call it.

    Args:
        question: as the student wrote it; LaTeX, Markdown tables and choices (``A. … B. …``) are understood.
        backend: reads the data that the rules can't find, under the solver's schema; a few hundred milliseconds more.
        solvers: the solvers to choose from, all by default.
        embed: vectors of texts, to add the similarity of meanings to that of words.

    Its keys are ``id title args answer exact steps conventions labels asked understood missing choice diagnosis
    summary``. When data is missing, `answer` and `steps` are empty and `summary` asks for it in one sentence.

    Examples:
        >>> s = solve_question("页面访问序列 7,0,1,2,0,3,0,4，3 个页框，LRU 缺页几次？")
        >>> s["id"], s["answer"]["faults"], s["summary"]
        ('os.page_replacement', 6, '按 **LRU**，缺页次数为 **6 次**。')
        >>> solve_question("3 个页框，用 LRU 置换，缺页几次？")["missing"]
        [{'name': 'refs', 'label': '页面访问序列'}]
    """
    solvers = solvers if solvers is not None else all_solvers()
    u = understand(question, backend, solvers, embed)
    if u is None:
        return None
    s = solvers[u.solver]
    out: dict[str, Any] = {
        "id": s.id,
        "title": s.title,
        "args": u.args,
        "answer": {},
        "exact": {},
        "steps": [],
        "conventions": [],
        "labels": {k: {"label": o.label, "unit": o.unit} for k, o in s.answers.items()},
        "asked": list(u.asked),
        "understood": u.shown,
        "missing": [{"name": n, "label": label} for n, label in u.missing],
        "choice": None,
        "diagnosis": None,
    }
    if not u.complete:
        return {**out, "summary": _ask_back(s, u)}
    solution = run(s, u.args)
    out |= solution.to_json()
    asked = [a for a in u.asked if a in solution.answer] or _fallback(s, solution)
    out["asked"] = asked
    out["choice"] = choose(s, u, solution, asked, question)
    lines = [summarize(s, u, solution, asked)]
    if u.choices:
        lines.append(f"选 **{out['choice']}**。" if out["choice"] else "选项中没有与之相等的，请核对题目的数据。")
    if u.claim and asked:
        verdict = _diagnose(s, u, solution, asked)
        if verdict is not None:
            out["diagnosis"] = verdict
            lines.append(str(verdict["text"]))
    return {**out, "summary": "".join(lines) if not u.claim else "\n\n".join(lines)}


def _fallback(s: Solver, solution: Solution) -> list[str]:
    return [next(n for n in s.answers if n in solution.answer)] if solution.answer else []


def _ask_back(s: Solver, u: Understood) -> str:
    """One sentence that asks for what is missing."""
    if not u.missing:
        return f"这道题可以用“{s.title}”来算，但{u.problem}"
    helps = {f.name: f.param.help for f in s.fields}
    named = "、".join(f"**{label}**" for _, label in u.missing)
    first = helps[u.missing[0][0]] if len(u.missing) == 1 else ""
    hint = f"（{first.rstrip('。')}）" if first else ""
    return f"这道题可以用“{s.title}”来算，还缺{named}{hint}，请补充后再问。"


def summarize(s: Solver, u: Understood, solution: Solution, asked: list[str]) -> str:
    """The answer in a sentence, from the solution alone."""
    named = [_choice_name(s, n, v) for n, v in u.args.items() if _is_choice(s, n) and n not in u.assumed]
    lead = f"按 **{'、'.join(dict.fromkeys(named))}**，" if named else ""
    said = [f"{_label(s.answers[a])}为 **{say(solution.answer[a], s.answers[a], u.unit)}**" for a in asked[:4]]
    return f"{lead}{'，'.join(said)}。"


def _label(out: Out) -> str:
    return re.sub(r"^是否", "是否", out.label)


def _is_choice(s: Solver, name: str) -> bool:
    return any(f.name == name and get_origin(f.type) is Literal for f in s.fields)


def _choice_name(s: Solver, name: str, value: Any) -> str:
    help = next(f.param.help for f in s.fields if f.name == name)
    m = re.search(rf"(?<![\w.]){re.escape(str(value))}[ 是]([^，；。、（）]{{2,12}})", help)
    return m[1].strip() if m and str(value).islower() else str(value)


def choose(s: Solver, u: Understood, solution: Solution, asked: list[str], question: str) -> str | None:
    """The letter of the one choice that the solution bears out."""
    if not u.choices:
        return None
    wrong = re.search(r"不(?:可能|能|正确|是|会|合法)|错误", prepare(question)) is not None
    rough = "约" in question or "近似" in question
    for name in asked:
        for loose in (False, True) if rough else (False,):
            hits = [
                c for c, t in u.choices.items() if _fits(t, solution.answer[name], s.answers[name], u, question, loose)
            ]
            if len(hits) == 1:
                return hits[0]
    several = [
        v for v in solution.answer.values() if isinstance(v, (list, tuple)) and v and isinstance(v[0], (list, tuple))
    ]
    for value in several:  # one of many right ones, such as safe sequences
        hits = [c for c, t in u.choices.items() if any(same(t, x, Out("")) for x in value)]
        if len(hits) == 1:
            return hits[0]
        if wrong and len(hits) == len(u.choices) - 1:
            return next(c for c in u.choices if c not in hits)
    return _try_choices(s, u, wrong)


def _fits(text: str, value: Value, out: Out, u: Understood, question: str, rough: bool) -> bool:
    if same(text, value, out, u.unit, rough):
        return True
    m = re.search(r"[（(]\s*(?:单位(?:为|是|：|:)?\s*)?([a-zA-Zμ/]{1,6})\s*[)）]\s*(?:是|为|$)", question)
    if m and isinstance(value, int) and (q := quantities(prepare(f"{text} {m[1]}"))):
        return same(q[0].raw, value, out, u.unit, rough)
    return False


def _try_choices(s: Solver, u: Understood, wrong: bool) -> str | None:
    """Runs the solver on each choice as a candidate sequence; the odd one out is the answer."""
    param = next((f.name for f in s.fields if f.name in _TRIED and f.name not in u.args), None)
    verdict = next((v for v in _VERDICTS if v in s.answers), None)
    if param is None or verdict is None:
        return None
    found: dict[str, bool] = {}
    for letter, text in u.choices.items():
        cells = re.findall(r"[A-Za-z]\d*|\d+", prepare(text))
        try:
            found[letter] = bool(run(s, {**u.args, param: cells}).answer.get(verdict))
        except InputError:
            return None
    hits = [letter for letter, ok in found.items() if ok != wrong]
    return hits[0] if len(hits) == 1 else None


def _diagnose(s: Solver, u: Understood, solution: Solution, asked: list[str]) -> dict[str, object] | None:
    """The verdict on the student's answer; a letter stands for its choice."""
    stated = u.claim
    letter = re.fullmatch(r"\s*(?:选(?:项)?)?\s*([A-D])\s*(?:选?项)?", stated)
    if letter and letter[1] in u.choices:
        stated = u.choices[letter[1]]
    return diagnose(s, u.args, stated, asked[0], solution, u.unit).to_json()
