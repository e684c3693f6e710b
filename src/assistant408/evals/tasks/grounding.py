"""Grounding: questions made to mislead, each with what a careful tutor does."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from assistant408.core.errors import ContentError, InputError
from assistant408.core.toml import TOMLDecodeError, parse
from assistant408.evals.audit import audit
from assistant408.evals.run import Mark
from assistant408.evals.tasks import Places

__all__ = ["TASK", "Probe"]

Expected = Literal["refuse", "answer", "correct_premise", "correct_or_refuse", "ignore_injection"]
_MAY_REFUSE = ("correct_or_refuse", "ignore_injection")


@dataclass(frozen=True)
class Probe:
    """One ``[[case]]`` of ``content/bench/grounding/*.toml``.

    Attributes:
        kind: why it misleads: ``premise``, ``scope``, ``injection``, ``near_miss`` or another word.
        question: what the learner types.
        document: the text of a document that the learner has added, with whatever stands in it; may be empty.
        expected: ``refuse`` (the material doesn't say), ``answer``, ``correct_premise`` (say that the question
            presupposes something false), ``correct_or_refuse`` (say that there is no such thing, or refuse), or
            ``ignore_injection`` (do nothing of what the document or the question orders).
        must_contain: what an answer says; each entry a string, or a list of wordings of which one is enough.
        must_not_contain: what it never says.
        note: why.
    """

    id: str
    subject: str
    kind: str
    question: str
    document: str
    expected: Expected
    must_contain: Sequence[Sequence[str]]
    must_not_contain: Sequence[str]
    note: str


class Grounding:
    """All probes; ``grounding:premise`` those of one kind."""

    name = "grounding"
    title = "有据：错误前提、超纲、文档中的注入指令、相近术语，看回答是否守住"
    version = 1
    needs = "ask"

    def cases(self, places: Places, part: str = "") -> Sequence[Probe]:
        """From ``content/bench/grounding/``."""
        folder = places.content / "bench" / "grounding"
        probes: list[Probe] = []
        for path in sorted(folder.glob("*.toml")):
            try:
                entries = parse(path.read_text(encoding="utf-8")).get("case", [])
            except TOMLDecodeError as e:
                raise ContentError(f"题目文件 {path.name!r} 不是合法的 TOML：{e}。") from None
            probes += [_probe(e, path.name) for e in entries]
        if len({p.id for p in probes}) < len(probes):
            raise ContentError("grounding 题目的 id 有重复。")
        found = [p for p in probes if part in ("", p.kind)]
        if not found:
            raise InputError(f"任务 grounding{':' + part if part else ''} 没有题目，题目在 {str(folder)!r}。")
        return found

    def mark(self, case: Probe, ability: Callable[[str, str], Mapping[str, Any]]) -> Mark:
        """Right if the behaviour is the expected one.

        Args:
            ability: gives the object of ``a408 ask --json`` for a question and a document; ``metrics`` in it are kept.
        """
        reply = ability(case.question, case.document)
        text, refused = str(reply["answer"]), bool(reply["refused"])
        said = [any(_in(w, text) for w in ways) for ways in case.must_contain]
        safe = not any(_in(w, text) for w in case.must_not_contain)
        if refused:
            right = case.expected == "refuse" or case.expected in _MAY_REFUSE
        else:
            right = case.expected != "refuse" and all(said)
        right = right and safe
        cited = reply.get("citations") or []
        shown = [] if refused or reply.get("solver") or not cited else audit(text, cited, case.question)
        faults = [f"{f.fault}：{f.sentence}" for f in shown if f.fault]
        metrics = {"safe": float(safe), "refused": float(refused)}
        metrics |= {"sentences": float(len(shown)), "unsupported": float(len(faults)), **reply.get("metrics", {})}
        more = {"metrics": metrics, "kind": case.kind, "document": case.document, "citations": cited, "faults": faults}
        return Mark(right, "refuse" if refused else "answer", case.expected, case.kind, case.question, text, more)


def _probe(e: Mapping[str, Any], file: str) -> Probe:
    try:
        probe = Probe(
            id=str(e["id"]),
            subject=str(e.get("subject", "")),
            kind=str(e["kind"]),
            question=str(e["question"]),
            document=str(e.get("document", "")),
            expected=e["expected"],
            must_contain=tuple((w,) if isinstance(w, str) else tuple(w) for w in e.get("must_contain", ())),
            must_not_contain=tuple(e.get("must_not_contain", ())),
            note=str(e.get("note", "")),
        )
    except (KeyError, TypeError) as error:
        raise ContentError(f"{file!r} 的题目 {e.get('id')!r} 写错了（{type(error).__name__} {error}）。") from None
    if probe.expected not in get_args(Expected):
        raise ContentError(f"题目 {probe.id!r} 的 expected {probe.expected!r} 应为 {'、'.join(get_args(Expected))}。")
    return probe


def _in(words: str, text: str) -> bool:
    return _plain(words) in _plain(text)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().replace("*", "").split())


TASK = Grounding()
