"""What other trainers are given, read back as they read it."""

from __future__ import annotations

import ast
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant408.core.errors import InputError
from assistant408.training.config import load_config
from assistant408.training.conversation import Conversation
from assistant408.training.exports import export, llamafactory_config, xtuner_config

CONFIGS = Path(__file__).parents[2] / "configs"


def _assigned(code: str) -> dict[str, Any]:
    """The plain values that a Python file assigns."""
    out = {}
    for node in ast.parse(code).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                out[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    return out


def test_xtuners_file_has_the_upstreams_numbers() -> None:
    config = load_config(CONFIGS / "internlm2-chat-7b-qlora.toml")
    code = xtuner_config(config, config.model, "train.json")
    values = _assigned(code)
    assert values["pretrained_model_name_or_path"] == "internlm/internlm2-chat-7b"
    assert (values["max_length"], values["max_epochs"], values["evaluation_freq"]) == (2048, 12, 90)
    assert values["evaluation_inputs"] == list(config.prompts.ask)
    assert "r=64, lora_alpha=16, lora_dropout=0.1" in code and "load_in_4bit=True" in code


def test_llamafactorys_arguments() -> None:
    config = load_config(CONFIGS / "qwen2.5-7b-qlora.toml")
    got = llamafactory_config(config, config.model)
    assert (got["template"], got["quantization_bit"], got["lora_rank"], got["cutoff_len"]) == ("qwen", 4, 32, 2048)
    plain = llamafactory_config(
        load_config(CONFIGS / "qwen2.5-coder-1.5b-lora.toml"), "Qwen/Qwen2.5-Coder-1.5B-Instruct"
    )
    assert "quantization_bit" not in plain


def test_data_go_along(tmp_path: Path, talk: Callable[..., Conversation]) -> None:
    config = load_config(CONFIGS / "qwen2.5-7b-qlora.toml")
    train, valid = [talk("a", "问", "答")], [talk("b", "又问", "又答")]
    export("xtuner", config, config.model, train, valid, tmp_path / "x")
    export("llamafactory", config, config.model, train, valid, tmp_path / "l")
    assert json.loads((tmp_path / "x" / "train.json").read_text(encoding="utf-8"))[0]["conversation"] == [
        {"input": "问", "output": "答"}
    ]
    info = json.loads((tmp_path / "l" / "dataset_info.json").read_text(encoding="utf-8"))
    for entry, said in (("a408_train", "答"), ("a408_valid", "又答")):
        rows = json.loads((tmp_path / "l" / info[entry]["file_name"]).read_text(encoding="utf-8"))
        assert rows[0][info[entry]["columns"]["messages"]][-1] == {"from": "gpt", "value": said}


def test_the_yaml_reads_back_as_it_was(tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml", reason="needs PyYAML, which comes with the train extra")
    config = load_config(CONFIGS / "qwen2.5-7b-qlora.toml")
    export("llamafactory", config, config.model, [], [], tmp_path)
    text = (tmp_path / "qwen2.5-7b-qlora.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) == llamafactory_config(config, config.model)


def test_what_is_not_known_is_named() -> None:
    config = load_config(CONFIGS / "qwen2.5-7b-qlora.toml")
    with pytest.raises(InputError, match="'axolotl'"):
        export("axolotl", config, config.model, [], [], Path())
    with pytest.raises(InputError, match="'mystery-7b'"):
        llamafactory_config(config, "mystery-7b")


@pytest.mark.skipif(not importlib.util.find_spec("xtuner"), reason="needs xtuner, which pins its own transformers")
def test_xtuner_itself_reads_the_file(tmp_path: Path) -> None:
    from mmengine.config import Config

    config = load_config(CONFIGS / "internlm2-chat-7b-qlora.toml")
    (tmp_path / "c.py").write_text(xtuner_config(config, config.model, "train.json"), encoding="utf-8")
    assert Config.fromfile(tmp_path / "c.py").model.lora.r == 64


@pytest.mark.skipif(
    not importlib.util.find_spec("llamafactory"), reason="needs llamafactory, which pins its own transformers"
)
def test_llamafactory_itself_reads_the_arguments(tmp_path: Path) -> None:
    from llamafactory.hparams import get_train_args

    config = load_config(CONFIGS / "qwen2.5-coder-1.5b-lora.toml")
    arguments = llamafactory_config(config, "Qwen/Qwen2.5-Coder-1.5B-Instruct") | {
        "output_dir": str(tmp_path),
        "bf16": False,
    }
    _, data, training, finetuning, _ = get_train_args(arguments)
    assert (finetuning.lora_rank, training.seed) == (16, 0)
    assert data.packing and data.neat_packing and data.cutoff_len == 1023, "packing takes one token of the 1024"
