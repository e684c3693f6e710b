"""Every shipped configuration loads and becomes the arguments it stands for; a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant408.core.errors import InputError
from assistant408.training.arguments import lora_arguments, quantization_arguments, training_arguments
from assistant408.training.config import load_config

CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.toml")), ids=lambda p: p.stem)
def test_every_shipped_configuration_loads(path: Path, tmp_path: Path) -> None:
    config = load_config(path)
    arguments = training_arguments(config, tmp_path, bf16=False, gpu=False)
    assert config.name == path.stem
    assert arguments["packing"] is True
    assert config.train.save_steps % (config.train.eval_steps or 1) == 0
    assert bool(quantization_arguments(config)) == ("qlora" in path.stem)


def test_the_upstreams_numbers(tmp_path: Path) -> None:
    """XTuner's internlm2_chat_7b_qlora as the upstream project set it."""
    config = load_config(CONFIGS / "internlm2-chat-7b-qlora.toml")
    lora = lora_arguments(config)
    assert (lora["r"], lora["lora_alpha"], lora["lora_dropout"]) == (64, 16, 0.1)
    t = training_arguments(config, tmp_path, bf16=True, gpu=True)
    assert (t["learning_rate"], t["num_train_epochs"], t["max_length"], t["packing"]) == (2e-4, 12, 2048, True)
    assert t["bf16"] and t["gradient_checkpointing"] and config.prompts.every == 90
    assert quantization_arguments(config) == {
        "load_in_4bit": True,
        "bnb_4bit_quant_type": "nf4",
        "bnb_4bit_use_double_quant": True,
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model = 3", "3"),
        ("", "None"),
        ("model = 'm'\nsped = 1", "'sped'"),
        ("model = 'm'\n[lora]\nr = 'x'", "'x'"),
        ("model = 'm'\n[lora]\nr = 0", "0"),
        ("model = 'm'\n[lora]\nbits = 8", "8"),
        ("model = 'm'\n[lora]\ntargets = 'q'", "'q'"),
        ("model = 'm'\n[train]\nschedule = 'wavy'", "'wavy'"),
        ("model = 'm'\n[train]\npacking = 1", "1"),
        ("model = 'm'\n[train]\nmax_length = 8", "8"),
        ("model = 'm'\n[train]\nepochs = 0", "0"),
        ("model = 'm'\n[train]\nsave_steps = 10\neval_steps = 4", "10"),
        ("model = 'm'\n[train]\npatience = 2", "2"),
        ("model = 'm'\n[mix]\nletter = -1", "-1"),
        ("model = ", "TOML"),
    ],
)
def test_a_wrong_configuration_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as e:
        load_config(path)
    assert said in str(e.value)


def test_no_configuration_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none"):
        load_config(tmp_path / "none.toml")
