"""A small part of the content to build from, and a tiny model with the real tokenizer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant408.cli.train_wiring import load_material
from assistant408.content.glossary import Glossary
from assistant408.llm.types import Message
from assistant408.training.conversation import Conversation
from assistant408.training.material import Material


@pytest.fixture(scope="session")
def whole(content: Path) -> Material:
    """All of the content."""
    return load_material(content, 0)


@pytest.fixture(scope="session")
def some(whole: Material) -> Material:
    """A twentieth of it, seconds rather than half a minute."""
    notes = whole.notes[::12]
    leaves = {s.leaf for n in notes for s in n.sections}
    return replace(
        whole,
        notes=notes,
        bank=whole.bank[::6],
        asked={leaf: ways for leaf, ways in whole.asked.items() if leaf in leaves},
        glossary=Glossary([t for t in whole.glossary.terms if t.leaf in leaves]),
        solvers={id: whole.solvers[id] for id in sorted(whole.solvers)[::20]},
    )


@pytest.fixture
def talk() -> Callable[..., Conversation]:
    """``talk(id, question, answer, …)`` is a conversation."""

    def make(id: str, *turns: str, source: str = "own", questions: tuple[str, ...] = ()) -> Conversation:
        roles = ("user", "assistant")
        return Conversation(id, source, [Message(roles[i % 2], t) for i, t in enumerate(turns)], questions)

    return make


@pytest.fixture(scope="session")
def tiny_folder(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real tokenizer and architecture as a Hugging Face folder, so that ``tiny:FOLDER`` loads in a second."""
    pytest.importorskip("trl", reason="needs the train extra: pip install 'assistant408[train]'")
    from assistant408.training.base import Base, load_config_only, load_tokenizer

    folder = tmp_path_factory.mktemp("tokenizer")
    base = Base("0.5b", str(small_model.parent), small_model.name)
    load_tokenizer(base).save_pretrained(folder)
    config: Any = load_config_only(base)
    config.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty fixed conversations, which no change of the content touches."""
    folder = tmp_path_factory.mktemp("lessons")
    rows = [
        {"id": f"sum/{a}/{b}", "messages": [{"role": "user", "content": f"{a} 加 {b} 等于几？"},
                                            {"role": "assistant", "content": f"{a} 加 {b} 等于 {a + b}。"}]}
        for a in range(8) for b in range(5)
    ]  # fmt: skip
    for name, part in (("train.jsonl", rows[4:]), ("valid.jsonl", rows[:4])):
        (folder / name).write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in part), encoding="utf-8")
    return folder
