"""Contamination: what a model was trained on, in any format, and what the embeddings say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant408.core.errors import InputError
from assistant408.evals.contamination import contamination, embed_all, item_text, read_passages, save_known
from assistant408.evals.items import Item
from assistant408.kb.embed import Vectors
from assistant408.kb.shipped import load_vectors

COPIED = Item("q1", "os", "某系统有三个并发进程，都需要同类资源四个，系统不发生死锁的最少资源数是（ ）。", {"A": "9", "B": "10", "C": "11", "D": "12"}, "B")  # fmt: skip
NEW = Item("q2", "cn", "某主机收到的数据报首部长度字段为 8，首部有多少字节（ ）。", {"A": "8", "B": "20", "C": "32", "D": "60"}, "C")  # fmt: skip


class Counting:
    """Letters counted, as unit vectors; remembers what it was asked for."""

    name = "counting"
    dim = 3

    def __init__(self) -> None:
        self.asked: list[str] = []

    def query(self, text: str) -> Vectors:
        return self.passages([text])[0]

    def passages(self, texts: list[str]) -> Vectors:
        self.asked += texts
        rows = np.array([[t.count(x) + 0.1 for x in "abc"] for t in texts], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize(
    "row",
    [
        {"messages": [{"role": "user", "content": COPIED.text}, {"role": "assistant", "content": "选 B。"}]},
        {"conversations": [{"from": "human", "value": "请解答：" + COPIED.text}, {"from": "gpt", "value": "B" * 30}]},
        {"conversation": [{"input": COPIED.text.replace("，", ", "), "output": "B"}]},
        {"instruction": COPIED.question, "choices": dict(COPIED.choices), "output": "B"},
    ],
)
def test_a_copy_in_training_data_of_any_format_is_found(tmp_path: Path, row: dict[str, object]) -> None:
    path = tmp_path / "train.jsonl"
    other = {"messages": [{"role": "user", "content": "堆排序的平均时间复杂度是多少，它稳定吗？"}]}
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in (other, row)), encoding="utf-8")
    result = contamination([COPIED, NEW], list(read_passages(path)))
    assert [r["id"] for r in result["above"]] == ["q1"]
    assert result["above"][0]["overlap"]["label"] == "train.jsonl 第 2 行"
    assert result["nearest"]["overlap"][0]["id"] == "q1" and result["distribution"]["overlap"]["max"] > 0.9


def test_vectors_are_a_third_measure(tmp_path: Path) -> None:
    embedder = Counting()
    items = [Item("x", "", "aab", {"A": "1", "B": "2"}, "A"), Item("y", "", "c", {"A": "1", "B": "2"}, "A")]
    texts = [item_text(i) for i in items]
    mine = embed_all(embedder, texts, {})
    result = contamination(items, [], (mine, embed_all(embedder, ["aaaabb"], {}), ["文"]))
    assert [r["id"] for r in result["above"]] == ["x"] and result["above"][0]["cosine"]["label"] == "文"
    save_known(tmp_path / "v.npz", embedder, texts, mine)
    embedder.asked.clear()
    again = embed_all(embedder, [*texts, "new"], load_vectors(tmp_path / "v.npz"))
    assert embedder.asked == ["new"] and again.shape == (3, 3)
    assert np.allclose(again[:2], mine, atol=1e-3)


@pytest.mark.parametrize(
    ("name", "text", "names"), [("a.jsonl", '{"x": 1}\n{', "第 2 行"), ("none.jsonl", None, "none")]
)
def test_a_bad_file_is_named(tmp_path: Path, name: str, text: str | None, names: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=names):
        list(read_passages(tmp_path / name))


def test_a_text_file_is_read_by_paragraph(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("一段\n\n二段\n\n\n", encoding="utf-8")
    assert [label for label, _ in read_passages(tmp_path / "a.md")] == ["a.md 第 1 段", "a.md 第 2 段"]
