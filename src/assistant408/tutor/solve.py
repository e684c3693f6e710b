"""A question solved exactly: what `Tutor.solve` calls. The sentence shown is made of the solution alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, get_origin

from assistant408.core.registry import Out, Solver, all_solvers
from assistant408.core.trace import Solution, Step
from assistant408.llm.types import Backend
from assistant408.tutor.choose import Embed, split_choices
from assistant408.tutor.diagnose import diagnose
from assistant408.tutor.letter import letter_of
from assistant408.tutor.quantity import prepare
from assistant408.tutor.symbols import numbered
from assistant408.tutor.trials import explained, put_in, trial_of
from assistant408.tutor.understand import Understood, best_solver, run, understand
from assistant408.tutor.values import say

__all__ = ["solve_question", "summarize"]


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

    Its keys are ``id title args answer exact steps conventions labels asked understood missing choice confidence
    diagnosis summary``. `confidence` says how far to trust the letter in `choice`: "exact" if what is asked for settles
    it and all of the question's numbers were used, "likely" otherwise, `None` without a letter. When data is missing,
    `answer` and `steps` are empty and `summary` asks for it in one sentence.

    Examples:
        >>> s = solve_question("页面访问序列 7,0,1,2,0,3,0,4，3 个页框，LRU 缺页几次？")
        >>> s["id"], s["answer"]["faults"], s["summary"]
        ('os.page_replacement', 6, '按 **LRU**，缺页次数为 **6 次**。')
        >>> solve_question("3 个页框，用 LRU 置换，缺页几次？")["missing"]
        [{'name': 'refs', 'label': '页面访问序列'}]
    """
    solvers = solvers if solvers is not None else all_solvers()
    out = _solved(question, backend, solvers, embed)
    return out if out is not None and out["choice"] else _by_numbers(question, solvers) or out


def _by_numbers(question: str, solvers: Mapping[str, Solver]) -> dict[str, Any] | None:
    """The same object for a question whose choices are formulas: solved for several sizes, with one letter for all."""
    found: dict[str, Any] | None = None
    for case in numbered(*split_choices(prepare(question))):
        solved = _solved(case.question, None, solvers, None)
        if solved is None or solved["choice"] is None or (found and solved["choice"] != found["choice"]):
            return None
        if found is None:
            sizes = "、".join(f"{c}={v}" for c, v in case.values.items())
            worth = "、".join(f"{c} 为 {t}" for c, t in case.choices.items())
            lead = Step(f"取 {sizes} 代入计算，各选项依次为：{worth}（换几组值结果相同）。")
            steps: list[Any] = Solution([lead]).to_json()["steps"] + solved["steps"]
            found = solved | {"steps": steps, "confidence": "likely"}
            found["summary"] = f"取 {sizes} 代入：{solved['summary']}"
    return found


def _solved(
    question: str, backend: Backend | None, solvers: Mapping[str, Solver], embed: Embed | None
) -> dict[str, Any] | None:
    first = _by_trial(question, solvers, plain=True)
    if first is not None:
        return first
    u = understand(question, backend, solvers, embed)
    if u is None or not u.complete:
        tried = _by_trial(question, solvers)
        if tried is not None or u is None:
            return tried
    s = solvers[u.solver]
    out = _empty(s) | {
        "args": u.args,
        "asked": list(u.asked),
        "understood": u.shown,
        "missing": [{"name": n, "label": label} for n, label in u.missing],
    }
    if not u.complete:
        return {**out, "summary": _ask_back(s, u)}
    solution = run(s, u.args)
    out |= solution.to_json()
    asked = [a for a in u.asked if a in solution.answer] or _fallback(s, solution)
    out["asked"] = asked
    letter = letter_of(s, u, solution, asked, question) if u.choices else None
    if letter is None and u.choices and (found := put_in(s, u.stem, u.choices)):
        letter = found[1]
    if letter is not None:
        out |= {"choice": letter.choice, "confidence": "exact" if letter.sure else "likely"}
    lines = [summarize(s, u, solution, asked)]
    if u.choices:
        lines.append(f"选 **{out['choice']}**。" if out["choice"] else "选项中没有与之相等的，请核对题目的数据。")
    if u.claim and asked:
        verdict = _diagnose(s, u, solution, asked)
        if verdict is not None:
            out["diagnosis"] = verdict
            lines.append(str(verdict["text"]))
    return {**out, "summary": "".join(lines) if not u.claim else "\n\n".join(lines)}


def _by_trial(question: str, solvers: Mapping[str, Solver], plain: bool = False) -> dict[str, Any] | None:
    """The same object for a question whose choices were tried one by one; it has a letter, but no single answer.

    Args:
        plain: only if the clause that asks says that the choices are the data (``下列地址中``).
    """
    stem, choices = split_choices(prepare(question))
    tried = trial_of(stem, choices, solvers, plain)
    if tried is None and choices and not plain:
        id = best_solver(stem, solvers)
        found = put_in(solvers[id], stem, choices) if id else None
        tried = (solvers[id], *found) if id and found else None
    if tried is None:
        return None
    s, args, letter = tried
    steps = Solution(explained(s, args, choices)).to_json()["steps"] or run(s, args).to_json()["steps"]
    return {
        **_empty(s),
        "steps": steps,
        "args": args,
        "choice": letter.choice,
        "confidence": "exact" if letter.sure else "likely",
        "understood": f"按“{s.title}”逐个检验各选项。",
        "summary": f"用“{s.title}”逐个检验各选项，选 **{letter.choice}**。",
    }


def _empty(s: Solver) -> dict[str, Any]:
    return {
        "id": s.id,
        "title": s.title,
        "args": {},
        "answer": {},
        "exact": {},
        "steps": [],
        "conventions": [],
        "labels": {k: {"label": o.label, "unit": o.unit} for k, o in s.answers.items()},
        "asked": [],
        "understood": "",
        "missing": [],
        "choice": None,
        "confidence": None,
        "diagnosis": None,
        "summary": "",
    }


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


def _diagnose(s: Solver, u: Understood, solution: Solution, asked: list[str]) -> dict[str, object] | None:
    """The verdict on the student's answer; a letter stands for its choice."""
    stated = u.claim
    letter = re.fullmatch(r"\s*(?:选(?:项)?)?\s*([A-D])\s*(?:选?项)?", stated)
    if letter and letter[1] in u.choices:
        stated = u.choices[letter[1]]
    return diagnose(s, u.args, stated, asked[0], solution, u.unit).to_json()
