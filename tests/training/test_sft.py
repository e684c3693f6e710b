"""The recipe on a tiny model with the real tokenizer: its losses, its resuming, what it leaves on disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant408.core.errors import InputError
from assistant408.training.conversation import Conversation

pytest.importorskip("trl", reason="needs the train extra: pip install 'assistant408[train]'")
pytestmark = [
    pytest.mark.model,
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.filterwarnings("default"),  # of the libraries' own making
]

CONFIG = """
model = "tiny:{folder}"
[lora]
r = 4
alpha = 8
dropout = 0.1
[train]
learning_rate = 5e-3
max_steps = 8
max_length = 64
save_steps = 2
eval_steps = 2
valid_limit = 4
[prompts]
every = 4
ask = ["1 加 1 等于几？"]
max_tokens = 2
"""
# of the tiny model under a fixed seed; a change of the recipe, the packing or the masks moves them
LOSSES = [11.991, 11.985, 11.924, 11.848, 11.715, 11.706, 11.694, 11.624]


@pytest.fixture
def config(tiny_folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "tiny.toml"
    path.write_text(CONFIG.format(folder=tiny_folder), encoding="utf-8")
    return path


def _start(config: Path, data: Path, out: Path) -> subprocess.Popen[str]:
    args = ["train", "sft", "--config", str(config), "--data", str(data), "--out", str(out), "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "assistant408", *args],
        env={**os.environ, "OMP_NUM_THREADS": "1"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def _run(config: Path, data: Path, out: Path) -> dict[str, Any]:
    process = _start(config, data, out)
    text, error = process.communicate(timeout=900)
    assert process.returncode == 0, error
    return dict(json.loads(text))


def _rows(out: Path, name: str = "loss.jsonl") -> list[dict[str, Any]]:
    text = (out / name).read_text(encoding="utf-8") if (out / name).is_file() else ""
    return [json.loads(line) for line in text.splitlines()]


def _losses(out: Path) -> list[tuple[int, str, float]]:
    return [(r["step"], k, r[k]) for r in _rows(out) for k in ("loss", "eval_loss") if k in r]


@pytest.fixture(scope="module")
def straight(tiny_folder: Path, lessons: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nobody interrupted."""
    folder = tmp_path_factory.mktemp("straight")
    config = folder / "tiny.toml"
    config.write_text(CONFIG.format(folder=tiny_folder), encoding="utf-8")
    done = _run(config, lessons, folder / "run")
    assert done["steps"] == 8
    return folder / "run"


def test_losses_are_what_they_were(straight: Path) -> None:
    assert [r["loss"] for r in _rows(straight) if "loss" in r] == pytest.approx(LOSSES, abs=0.02)


def test_what_a_run_leaves(straight: Path) -> None:
    names = {p.name for p in straight.iterdir()}
    assert names == {
        "adapter",
        "checkpoints",
        "done.json",
        "loss.jsonl",
        "loss.png",
        "preflight.json",
        "prompts.jsonl",
        "run.json",
    }
    assert (straight / "loss.png").read_bytes().startswith(b"\x89PNG")
    stamped = json.loads((straight / "run.json").read_text(encoding="utf-8"))
    assert {"config", "model", "weights", "data"} == set(stamped["made_of"])
    assert {"torch", "trl", "peft"} <= set(stamped["environment"]["packages"])
    assert [r["step"] for r in _rows(straight, "prompts.jsonl")] == [0, 4, 8]


def test_a_killed_run_goes_on_exactly(config: Path, lessons: Path, straight: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    for steps in (3, 6):
        process = _start(config, lessons, out)
        while len([r for r in _rows_cut(out) if "loss" in r]) < steps:
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert not (out / "adapter").exists() and not (out / "done.json").exists()
    _run(config, lessons, out)
    assert _losses(out) == [(s, k, pytest.approx(v, abs=1e-6)) for s, k, v in _losses(straight)]
    from safetensors.torch import load_file

    mine, theirs = (load_file(f / "adapter" / "adapter_model.safetensors") for f in (out, straight))
    assert all((mine[k] - theirs[k]).abs().max() < 1e-6 for k in theirs)
    assert [p.name for p in out.rglob("*.part")] == []


def _rows_cut(out: Path) -> list[dict[str, Any]]:
    """The rows that are whole by now."""
    text = (out / "loss.jsonl").read_text(encoding="utf-8") if (out / "loss.jsonl").is_file() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("}\n")]


def test_ctrl_c_saves_and_says_how_to_go_on(config: Path, lessons: Path, straight: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    process = _start(config, lessons, out)
    while not _rows_cut(out):
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=900)
    assert process.returncode == 130 and "同样的命令" in error
    assert list((out / "checkpoints").glob("checkpoint-*/complete.json"))
    _run(config, lessons, out)
    assert [x for x in _losses(out) if x[1] == "loss"] == [
        (s, k, pytest.approx(v, abs=1e-6)) for s, k, v in _losses(straight) if k == "loss"
    ]


def test_a_done_run_is_not_done_again_and_another_is_refused(straight: Path, lessons: Path, tmp_path: Path) -> None:
    from assistant408.training.base import find_base
    from assistant408.training.config import load_config
    from assistant408.training.data import load_data, take
    from assistant408.training.sft import sft

    config = load_config(straight.parent / "tiny.toml")
    base = find_base(tmp_path, config.model)
    data = take(load_data(lessons), {}, 0)
    before = (straight / "adapter" / "adapter_model.safetensors").stat().st_mtime_ns
    assert sft(config, base, data, [], straight)["steps"] == 8
    assert (straight / "adapter" / "adapter_model.safetensors").stat().st_mtime_ns == before
    with pytest.raises(InputError, match="data"):
        sft(config, base, data[1:], [], straight)


def test_only_the_assistants_words_are_learnt(tiny_folder: Path, talk: Callable[..., Conversation]) -> None:
    from assistant408.training.base import Base, load_tokenizer
    from assistant408.training.encode import IGNORED, encode, round_trip

    tokenizer = load_tokenizer(Base("x", str(tiny_folder)))
    conversation = talk("a", "什么是死锁？", "互相等待。", "怎么预防？", "破坏四个条件之一。")
    row = encode(tokenizer, conversation)
    learnt = [t for t in row["labels"] if t != IGNORED]
    assert tokenizer.decode(learnt) == "互相等待。<|im_end|>破坏四个条件之一。<|im_end|>"
    assert len(row["labels"]) == len(row["input_ids"])
    assert list(round_trip(tokenizer, [conversation])) == []


def test_packed_conversations_do_not_see_each_other(tiny_folder: Path) -> None:
    import torch

    from assistant408.training.base import Base, load_model

    model = load_model(Base("x", str(tiny_folder), tiny=True), torch.float32).eval()
    a, b = [5, 6, 7, 8], [9, 10, 11]
    with torch.no_grad():
        alone = model(torch.tensor([b]), use_cache=False).logits[0]
        places = torch.tensor([[*range(len(a)), *range(len(b))]])
        packed = model(torch.tensor([a + b]), position_ids=places, use_cache=False).logits[0, len(a) :]
    assert float((alone - packed).abs().max()) < 1e-4


def test_the_preflight_refuses_what_does_not_fit(tiny_folder: Path, tmp_path: Path) -> None:
    from assistant408.training.base import find_base
    from assistant408.training.config import load_config
    from assistant408.training.preflight import check_room, estimate

    (tmp_path / "c.toml").write_text(CONFIG.format(folder=tiny_folder), encoding="utf-8")
    config = load_config(tmp_path / "c.toml")
    need = estimate(find_base(tmp_path, config.model), config, bf16=False)
    assert need["trained"] == 2 * 4 * (2 * (64 + 64) + 2 * (64 + 32) + 3 * (64 + 256))  # q o, k v, gate up down
    with pytest.raises(InputError, match="内存不足"):
        check_room(need, tmp_path, need["memory_bytes"] - 1)
    with pytest.raises(InputError, match="磁盘不足"):
        check_room(need, tmp_path, None, need["disk_bytes"] - 1)
    check_room(need, tmp_path, need["memory_bytes"], need["disk_bytes"])
