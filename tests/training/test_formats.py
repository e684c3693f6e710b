"""The three file formats, both ways, and what is said of a wrong line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant408.core.errors import InputError
from assistant408.llm.types import Message
from assistant408.training.conversation import Conversation
from assistant408.training.formats import FORMATS, read_conversations, write_conversations

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip)


@given(
    st.lists(st.tuples(words, words), min_size=1, max_size=3),
    st.one_of(st.just(""), words),
    st.sampled_from(sorted(FORMATS)),
    st.sampled_from([".jsonl", ".json"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_format_gives_back_what_was_written(
    tmp_path: Path, turns: list[tuple[str, str]], system: str, form: str, ending: str
) -> None:
    messages = [Message("system", system)] if system else []
    for asked, answered in turns:
        messages += [Message("user", asked), Message("assistant", answered)]
    before = [Conversation(f"c{i}", "mine", messages, ("os-vm-0001",) * i) for i in range(2)]
    write_conversations(tmp_path / f"x{ending}", before, form)
    assert read_conversations(tmp_path / f"x{ending}") == before


def test_the_upstream_form_is_the_upstreams(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_conversations(path, [Conversation("1", "s", [Message("user", "问"), Message("assistant", "答")])], "upstream")
    assert json.loads(path.read_text(encoding="utf-8"))[0]["conversation"] == [{"input": "问", "output": "答"}]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "不是合法的 JSON"),
        ("[1]", "'list'"),
        ({"text": "x"}, "text"),
        ({"messages": "x"}, "'messages'"),
        ({"messages": [{"role": "bot", "content": "x"}]}, "'bot'"),
        ({"messages": [{"role": "user", "content": 3}]}, "3"),
        ({"messages": [{"role": "user", "content": "x"}]}, "'user'"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "'assistant'"),
        ({"conversations": [{"from": "me", "value": "x"}]}, "'me'"),
        ({"conversations": [{"from": "human", "value": " "}, {"from": "gpt", "value": "y"}]}, "' '"),
        ({"conversation": [{"input": "x"}]}, "'output'"),
        ({"messages": []}, "[]"),
    ],
)
def test_a_wrong_line_is_named_with_its_number(tmp_path: Path, row: Any, said: str) -> None:
    good = {"id": "a", "messages": [{"role": "user", "content": "问"}, {"role": "assistant", "content": "答"}]}
    lines = [json.dumps(good), "", row if isinstance(row, str) else json.dumps(row)]
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError) as e:
        read_conversations(path)
    assert "第 3 行" in str(e.value) and said.strip("'") in str(e.value)


def test_lines_of_a_json_list_are_counted_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text('[\n {"messages": [{"role": "user", "content": "问"}]},\n {"messages": }\n]', encoding="utf-8")
    with pytest.raises(InputError, match=r"第 2 行.*第 3 行"):
        read_conversations(path)


def test_the_same_id_twice_is_refused(tmp_path: Path, talk: Callable[..., Conversation]) -> None:
    path = tmp_path / "mine.jsonl"
    write_conversations(path, [talk("a", "问", "答"), talk("a", "又问", "又答")])
    with pytest.raises(InputError, match=r"第 2 行.*'a'"):
        read_conversations(path)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, talk: Callable[..., Conversation]) -> None:
    path = tmp_path / "x.jsonl"
    write_conversations(path, [talk("a", "问", "答")])
    before = path.read_bytes()
    with pytest.raises(InputError, match="'csv'"):
        write_conversations(path, [talk("b", "问", "答")], "csv")
    assert path.read_bytes() == before
