"""A training configuration (训练配置): one TOML file, every key known, every value checked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from assistant408.core.errors import InputError
from assistant408.core.toml import TOMLDecodeError, parse

__all__ = ["Lora", "Prompts", "SftConfig", "Train", "load_config"]


@dataclass(frozen=True)
class Lora:
    """The adapter. `layers` are the indices that get one, all if empty; `bits` is 4 for QLoRA (NF4), 16 for LoRA."""

    r: int = 16
    alpha: int = 32
    dropout: float = 0.05
    targets: Sequence[str] = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
    layers: Sequence[int] = ()
    bits: Literal[4, 16] = 16


@dataclass(frozen=True)
class Train:
    """The run.

    Attributes:
        max_length: tokens of a sequence; longer conversations are left out, shorter ones packed together.
        batch: sequences a step and device; `accumulate` such batches make one update.
        max_steps: updates; 0 for `epochs` rounds.
        minutes: of wall clock after which the run ends as if it were done; 0 for no bound.
        save_steps: updates between checkpoints, from which a killed run goes on.
        eval_steps: updates between losses on the validation set, a divisor of `save_steps`; 0 for none.
        patience: so many validations without a lower loss end the run; 0 for never.
        valid_limit: conversations of the validation set to use.
        precision: ``auto`` is bf16 on a GPU that has it, else fp32 (bf16 is nine times slower on an AVX2 CPU).
    """

    learning_rate: float = 1e-4
    schedule: Literal["cosine", "linear", "constant"] = "cosine"
    warmup: float = 0.03
    weight_decay: float = 0.0
    max_grad_norm: float = 1.0
    optimizer: str = "adamw_torch"
    epochs: float = 1.0
    max_steps: int = 0
    minutes: float = 0.0
    batch: int = 1
    accumulate: int = 1
    max_length: int = 512
    packing: bool = True
    gradient_checkpointing: bool = False
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    save_steps: int = 50
    eval_steps: int = 0
    patience: int = 0
    valid_limit: int = 64
    seed: int = 0
    tensorboard: bool = False


@dataclass(frozen=True)
class Prompts:
    """Questions answered every so many updates, so that one can read how the model changes; 0 for never."""

    every: int = 0
    ask: Sequence[str] = ()
    system: str = ""
    max_tokens: int = 80


@dataclass(frozen=True)
class SftConfig:
    """All of it.

    Attributes:
        name: of the run, from the file's name.
        model: an id of ``models.toml``, a GGUF file, a Hugging Face folder or hub name, or ``tiny:`` and one of these:
            a random two-layer model with that one's tokenizer.
        trust_remote_code: for models whose code comes with their weights, such as InternLM2.
        mix: how many conversations of each source, 0 for all of it; all sources if empty.
    """

    name: str
    model: str
    trust_remote_code: bool = False
    lora: Lora = field(default_factory=Lora)
    train: Train = field(default_factory=Train)
    prompts: Prompts = field(default_factory=Prompts)
    mix: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""


def load_config(path: Path) -> SftConfig:
    """Reads a file.

    Raises:
        InputError: naming the key, its value and what was expected.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = parse(text)
    except OSError:
        raise InputError(f"找不到配置 {str(path)!r}，应为 configs/ 里的一个 .toml 文件。") from None
    except (TOMLDecodeError, UnicodeDecodeError) as e:
        raise InputError(f"配置 {path.name!r} 不是合法的 TOML：{e}。") from None
    tables = {"lora": Lora, "train": Train, "prompts": Prompts}
    made: dict[str, Any] = {k: _table(c, data.pop(k, {}), k) for k, c in tables.items()}
    mix = data.pop("mix", {})
    if not isinstance(mix, dict) or not all(isinstance(n, int) and n >= 0 for n in mix.values()):
        raise InputError(f"配置的 mix 是 {mix!r}，应为“来源 = 段数”，0 表示全部。")
    if not isinstance(data.get("model"), str):
        raise InputError(f"配置 {path.name!r} 的 model 是 {data.get('model')!r}，应为模型的 id、文件或文件夹。")
    rest = _table(SftConfig, data | {"name": path.stem}, path.name, skip=(*tables, "mix", "digest"))
    config: SftConfig = SftConfig(
        **{"name": rest.name, "model": rest.model, "trust_remote_code": rest.trust_remote_code},
        **made, mix=mix, digest=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip
    _check(config)
    return config


def _table(cls: type[Any], data: Any, where: str, skip: Sequence[str] = ()) -> Any:
    """An instance of a dataclass from a TOML table, types checked."""
    if not isinstance(data, dict):
        raise InputError(f"配置的 {where} 是 {data!r}，应为一个表。")
    hints = get_type_hints(cls)
    known = [f.name for f in fields(cls) if f.name not in skip]
    out = {}
    for key, value in data.items():
        if key not in known:
            raise InputError(f"配置的 {where} 里没有 {key!r} 这一项，应为 {'、'.join(known)} 之一。")
        if not _fits(value, hints[key]):
            raise InputError(f"配置的 {where}.{key} 是 {value!r}，应为{_expected(hints[key])}。")
        out[key] = tuple(value) if isinstance(value, list) else value
    return cls(**out)


def _fits(value: Any, hint: Any) -> bool:
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if get_args(hint):
        return isinstance(value, list) and all(type(v) is get_args(hint)[0] for v in value)
    return type(value) is hint or (hint is float and type(value) is int)


def _expected(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return "、".join(map(str, get_args(hint))) + " 之一"
    if get_args(hint):
        return f"一列{_expected(get_args(hint)[0])}"
    return {int: "整数", float: "数", str: "文字", bool: " true 或 false"}[hint]


def _check(c: SftConfig) -> None:
    t = c.train
    for name, value in (("lora.r", c.lora.r), ("lora.alpha", c.lora.alpha), ("train.batch", t.batch),
                        ("train.accumulate", t.accumulate), ("train.save_steps", t.save_steps),
                        ("train.learning_rate", t.learning_rate)):  # fmt: skip
        if value <= 0:
            raise InputError(f"配置的 {name} 是 {value!r}，应大于 0。")
    if t.max_length < 32:
        raise InputError(f"配置的 train.max_length 是 {t.max_length!r}，应不小于 32。")
    if t.max_steps <= 0 and t.epochs <= 0:
        raise InputError(f"配置的 train.epochs 是 {t.epochs!r}，max_steps 是 {t.max_steps!r}，应有一个大于 0。")
    if t.eval_steps and t.save_steps % t.eval_steps:
        raise InputError(f"配置的 train.save_steps 是 {t.save_steps}，应为 eval_steps（{t.eval_steps}）的整数倍。")
    if t.patience and not t.eval_steps:
        raise InputError(f"配置的 train.patience 是 {t.patience}，提前停止要先写 eval_steps。")
