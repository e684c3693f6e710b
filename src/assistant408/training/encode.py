"""Conversations as tokens (编码): the chat template's own text, with the loss on the assistant's words alone.

No template has to be known: the tokens that a turn adds to the chat so far are the turn's, and the assistant's count up
to the token that ends them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from assistant408.core.errors import InputError
from assistant408.training.conversation import Conversation

__all__ = ["IGNORED", "encode", "encode_all", "round_trip"]

IGNORED = -100


def encode(tokenizer: Any, conversation: Conversation) -> dict[str, list[int]]:
    """``input_ids`` and ``labels`` (`IGNORED` where nothing is learnt), of equal length.

    Raises:
        InputError: the template doesn't write a chat turn after turn, so that the turns' tokens can't be told apart.
    """
    turns = [{"role": m.role, "content": m.content} for m in conversation.messages]
    ids: list[int] = []
    labels: list[int] = []
    for i, turn in enumerate(turns):
        if turn["role"] != "assistant":
            continue
        asked = _ids(tokenizer, turns[:i], True)
        whole = _ids(tokenizer, turns[: i + 1], False)
        if whole[: len(asked)] != asked or asked[: len(ids)] != ids:
            raise InputError(
                f"对话 {conversation.id!r}：模型的对话模板会改写前文（第 {i + 1} 轮），不能按轮计算损失，请换用逐轮书写的模板。"
            )
        said = whole[len(asked) :]
        end = max((k for k, t in enumerate(said) if t == tokenizer.eos_token_id), default=len(said) - 1) + 1
        labels += [IGNORED] * (len(asked) - len(labels)) + said[:end] + [IGNORED] * (len(said) - end)
        ids = whole
    return {"input_ids": ids, "labels": labels}


def encode_all(
    tokenizer: Any,
    conversations: Sequence[Conversation],
    max_length: int,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[list[dict[str, list[int]]], int]:
    """The rows that are short enough, and how many were not."""
    rows, long = [], 0
    for i, c in enumerate(conversations):
        if not i % 100:
            report(i, len(conversations))
        row = encode(tokenizer, c)
        if len(row["input_ids"]) > max_length:
            long += 1
        else:
            rows.append(row)
    report(len(conversations), len(conversations))
    return rows, long


def round_trip(tokenizer: Any, conversations: Sequence[Conversation]) -> Iterator[str]:
    """One sentence for each conversation whose learnt tokens don't spell its assistant's words."""
    for c in conversations:
        row = encode(tokenizer, c)
        learnt = [t for t in row["labels"] if t != IGNORED and t != tokenizer.eos_token_id]
        got = tokenizer.decode(learnt, skip_special_tokens=True)
        want = "".join(m.content for m in c.messages if m.role == "assistant")
        if "".join(got.split()) != "".join(want.split()):
            yield f"对话 {c.id!r} 经模板往返后成了 {got[:40]!r}，应为 {want[:40]!r}，请检查模型的对话模板。"


def _ids(tokenizer: Any, turns: Sequence[dict[str, str]], prompt: bool) -> list[int]:
    got = tokenizer.apply_chat_template(turns, tokenize=True, add_generation_prompt=prompt, return_dict=True)
    return list(got["input_ids"])
