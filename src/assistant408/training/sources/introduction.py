"""Who it is: a few, since a model that only learns to introduce itself has learnt nothing (自我介绍)."""

from __future__ import annotations

from collections.abc import Iterator

from assistant408.llm.types import Message
from assistant408.training.conversation import Conversation
from assistant408.training.material import Material

_ASK = (
    "你是谁？", "你叫什么名字？", "介绍一下你自己。", "你能做什么？", "你是什么模型？", "你会哪些科目？", "请做个自我介绍。",
    "你和别的助手有什么不同？", "你可以帮我复习什么？", "你是老师吗？", "你好，你是？", "能说说你是干什么的吗？", "怎么称呼你？",
    "你是人还是程序？", "你能帮我准备 408 吗？", "你有什么功能？", "你擅长什么？", "这个助手是做什么的？", "我该怎么用你？",
    "你知道哪些内容？",
)  # fmt: skip


def conversations(material: Material) -> Iterator[Conversation]:
    """One a way of asking, all with the tutor's own words."""
    for i, question in enumerate(_ASK):
        turns = [Message("user", question), Message("assistant", material.introduction)]
        yield Conversation(f"introduction/{i}", "introduction", turns)
