"""Files of conversations, read and written: OpenAI ``messages``, ShareGPT, and the upstream project's XTuner form.

========== =====================================================================================
messages   ``{"messages": [{"role": "system|user|assistant", "content": "…"}]}``
sharegpt   ``{"conversations": [{"from": "system|human|gpt", "value": "…"}]}``
upstream   ``{"conversation": [{"system": "…", "input": "…", "output": "…"}]}``
========== =====================================================================================

A ``.jsonl`` file has one object a line, a ``.json`` file one list of objects.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from assistant408.core.errors import InputError
from assistant408.llm.types import Message, Role
from assistant408.training.conversation import Conversation, checked

__all__ = ["FORMATS", "problems", "read_conversations", "write_conversations", "write_text"]

_SHAREGPT: Mapping[str, Role] = {
    "system": "system",
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
}
_SPEAKER: Mapping[Role, str] = {"system": "system", "user": "human", "assistant": "gpt"}
_SHOWN = 20


def read_conversations(path: Path) -> list[Conversation]:
    """The conversations of a file in any of the three forms, mixed if need be.

    Raises:
        InputError: naming the file, each of the first wrong lines, and what is wrong with it.
    """
    found: list[Conversation] = []
    wrong = list(problems(path, found))
    if wrong:
        more = f"（另有 {len(wrong) - _SHOWN} 行）" if len(wrong) > _SHOWN else ""
        raise InputError(f"{path.name!r} 有 {len(wrong)} 处错误，请改正后再用：{' '.join(wrong[:_SHOWN])}{more}")
    if not found:
        raise InputError(
            f"{path.name!r} 里没有对话，应为每行一个 JSON 对象（messages、conversations 或 conversation）。"
        )
    return found


def problems(path: Path, found: list[Conversation]) -> Iterator[str]:
    """One sentence for each wrong line; the right ones are put into `found`.

    Raises:
        InputError: the file can't be read at all.
    """
    seen: dict[str, int] = {}
    for number, row in _rows(path):
        try:
            if isinstance(row, InputError):
                raise row
            conversation = _parse(row, path.stem, number)
        except InputError as e:
            yield f"第 {number} 行：{e}"
            continue
        if (first := seen.setdefault(conversation.id, number)) != number:
            yield f"第 {number} 行：id {conversation.id!r} 与第 {first} 行重复，应各不相同。"
            continue
        found.append(conversation)


def write_conversations(path: Path, conversations: Iterable[Conversation], form: str = "messages") -> None:
    """Writes ``.jsonl`` or ``.json`` by the name's ending; whole or not at all.

    Raises:
        InputError: there is no such form.
    """
    if form not in FORMATS:
        raise InputError(f"格式 {form!r} 不存在，应为 {'、'.join(FORMATS)} 之一。")
    rows = (
        {"id": c.id, "source": c.source}
        | FORMATS[form](c.messages)
        | ({"questions": list(c.questions)} if c.questions else {})
        for c in conversations
    )
    lines = [json.dumps(r, ensure_ascii=False) for r in rows]
    write_text(
        path, "[\n" + ",\n".join(lines) + "\n]\n" if path.suffix == ".json" else "".join(f"{x}\n" for x in lines)
    )


def write_text(path: Path, text: str) -> None:
    """A text file that is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def _messages(messages: Sequence[Message]) -> dict[str, Any]:
    return {"messages": [{"role": m.role, "content": m.content} for m in messages]}


def _sharegpt(messages: Sequence[Message]) -> dict[str, Any]:
    return {"conversations": [{"from": _SPEAKER[m.role], "value": m.content} for m in messages]}


def _upstream(messages: Sequence[Message]) -> dict[str, Any]:
    system = messages[0].content if messages[0].role == "system" else ""
    turns = [m for m in messages if m.role != "system"]
    pairs = [{"input": q.content, "output": a.content} for q, a in zip(turns[::2], turns[1::2], strict=True)]
    if system:
        pairs[0] = {"system": system, **pairs[0]}
    return {"conversation": pairs}


FORMATS: Mapping[str, Callable[[Sequence[Message]], dict[str, Any]]] = {
    "messages": _messages,
    "sharegpt": _sharegpt,
    "upstream": _upstream,
}


def _rows(path: Path) -> Iterator[tuple[int, Any]]:
    """(line number from 1, object); for a ``.json`` list the line is that of the object's first character."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise InputError(f"对话文件 {str(path)!r} 读不出来（{e}），应为 UTF-8 的 .jsonl 或 .json。") from None
    if path.suffix != ".json":
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except json.JSONDecodeError as e:
                    yield number, InputError(f"不是合法的 JSON（{e.msg}，第 {e.colno} 个字符）。")
        return
    decoder, at = json.JSONDecoder(), text.find("[") + 1
    if not at:
        raise InputError(f"对话文件 {path.name!r} 不是 JSON 列表，应以 [ 开头。")
    while (at := _skip(text, at)) < len(text) and text[at] != "]":
        number = text.count("\n", 0, at) + 1
        try:
            row, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as e:
            yield e.lineno, InputError(f"不是合法的 JSON（{e.msg}，第 {e.colno} 个字符）。")
            return
        yield number, row


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _parse(row: Any, stem: str, number: int) -> Conversation:
    if not isinstance(row, Mapping):
        raise InputError(f"是 {type(row).__name__}，应为 JSON 对象。")
    for key, parse in (
        ("messages", _from_messages),
        ("conversations", _from_sharegpt),
        ("conversation", _from_upstream),
    ):
        if key in row:
            if not isinstance(row[key], list) or not all(isinstance(turn, Mapping) for turn in row[key]):
                raise InputError(f"{key!r} 是 {row[key]!r:.40}，应为一列轮次。")
            messages = checked(list(parse(row[key])))
            if not isinstance(row.get("questions", []), list):
                raise InputError(f"questions 是 {row['questions']!r:.40}，应为一列题号。")
            id = str(row.get("id", f"{stem}-{number}"))
            return Conversation(id, str(row.get("source", stem)), messages, tuple(row.get("questions", ())))
    raise InputError(f"字段是 {sorted(map(str, row))}，应有 messages、conversations 或 conversation 之一。")


def _from_messages(turns: Sequence[Mapping[str, Any]]) -> Iterator[Message]:
    for t in turns:
        if t.get("role") not in get_args(Role):
            raise InputError(f"role 是 {t.get('role')!r}，应为 system、user 或 assistant。")
        yield Message(t["role"], _text(t, "content"))


def _from_sharegpt(turns: Sequence[Mapping[str, Any]]) -> Iterator[Message]:
    for t in turns:
        if not isinstance(t.get("from"), str) or t["from"] not in _SHAREGPT:
            raise InputError(f"from 是 {t.get('from')!r}，应为 system、human 或 gpt。")
        yield Message(_SHAREGPT[t["from"]], _text(t, "value"))


def _from_upstream(turns: Sequence[Mapping[str, Any]]) -> Iterator[Message]:
    for i, t in enumerate(turns):
        if t.get("system") and not i:
            yield Message("system", _text(t, "system"))
        yield Message("user", _text(t, "input"))
        yield Message("assistant", _text(t, "output"))


def _text(turn: Mapping[str, Any], key: str) -> str:
    value = turn.get(key)
    if not isinstance(value, str):
        raise InputError(f"{key!r} 是 {value!r}，应为文字。")
    return value
