"""A training conversation (训练对话), and what is checked of one."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant408.core.errors import InputError
from assistant408.llm.types import Message

__all__ = ["Conversation", "checked", "fingerprint"]

_SPACE = re.compile(r"[\s\W_]+")


@dataclass(frozen=True)
class Conversation:
    """Turns of a chat, the last one the assistant's; only the assistant's words are learnt.

    Attributes:
        id: unique in its set.
        source: which builder made it, or the user's file.
        questions: ids of the bank questions that it shows, so that held-out ones stay out.
    """

    id: str
    source: str
    messages: Sequence[Message]
    questions: Sequence[str] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What is said in it, the system prompt left out, a turn a line."""
        return "\n".join(m.content for m in self.messages if m.role != "system")


def checked(messages: Sequence[Message]) -> Sequence[Message]:
    """The same turns, if they can be trained on.

    Raises:
        InputError: a turn is empty, the roles don't alternate, or the last turn isn't the assistant's.

    Examples:
        >>> len(checked([Message("user", "什么是死锁？"), Message("assistant", "互相等待。")]))
        2
        >>> checked([Message("user", "在吗")])
        Traceback (most recent call last):
        ...
        assistant408.core.errors.InputError: 最后一轮是 'user'，应为 assistant 的回答。
    """
    turns = messages[1:] if messages and messages[0].role == "system" else messages
    if not turns:
        raise InputError("对话 [] 没有内容，应至少有一问一答。")
    for i, m in enumerate(turns):
        expected = ("user", "assistant")[i % 2]
        if m.role != expected:
            raise InputError(f"第 {i + 1} 轮是 {m.role!r}，应为 {expected!r}：问答应交替，system 只在最前。")
        if not m.content.strip():
            raise InputError(f"第 {i + 1} 轮（{m.role}）的内容是 {m.content!r}，应有文字。")
    if turns[-1].role != "assistant":
        raise InputError(f"最后一轮是 {turns[-1].role!r}，应为 assistant 的回答。")
    return messages


def fingerprint(messages: Sequence[Message]) -> str:
    """Equal for conversations that differ in white space, marks, width or case alone; the system prompt is left out.

    Examples:
        >>> a = fingerprint([Message("user", "TCP 是什么？"), Message("assistant", "协议。")])
        >>> a == fingerprint([Message("user", "ｔｃｐ是什么"), Message("assistant", "协议")])
        True
    """
    said = "\x1f".join(_SPACE.sub("", unicodedata.normalize("NFKC", m.content)).lower() or m.content
                       for m in messages if m.role != "system")  # fmt: skip
    return hashlib.sha256(said.encode()).hexdigest()[:16]
