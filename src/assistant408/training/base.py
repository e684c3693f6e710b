"""The model that training starts from (基座): a GGUF on disk, a Hugging Face folder or hub name, or a random tiny one."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant408.core.errors import BackendError, InputError
from assistant408.llm.models import find_model
from assistant408.llm.pull import installed, model_path

__all__ = ["Base", "file_digest", "find_base", "load_config_only", "load_model", "load_tokenizer", "save_model"]

TINY = "tiny:"


@dataclass(frozen=True)
class Base:
    """Where the weights are.

    Attributes:
        source: what transformers loads: a folder, or a hub name.
        gguf: the file's name in that folder; empty where it is no GGUF.
        tiny: random weights of two small layers instead of those of the source.
    """

    spec: str
    source: str
    gguf: str = ""
    tiny: bool = False
    trust_remote_code: bool = False

    @property
    def where(self) -> dict[str, Any]:
        """Arguments of ``from_pretrained``."""
        out: dict[str, Any] = {"pretrained_model_name_or_path": self.source}
        if self.gguf:
            out["gguf_file"] = self.gguf
        if self.trust_remote_code:
            out["trust_remote_code"] = True
        return out

    @property
    def file(self) -> Path | None:
        """The GGUF file."""
        return Path(self.source) / self.gguf if self.gguf else None


def find_base(home: Path, spec: str, trust_remote_code: bool = False) -> Base:
    """The base that a configuration names.

    Raises:
        InputError: it isn't on disk and can't be a hub name.
    """
    name = spec.removeprefix(TINY)
    tiny = spec.startswith(TINY)
    path = Path(name).expanduser()
    if path.is_dir():
        return Base(spec, str(path), "", tiny, trust_remote_code)
    if name.endswith(".gguf"):
        if not path.is_file():
            raise InputError(f"找不到模型文件 {name!r}，应为一个 .gguf 文件。")
        return Base(spec, str(path.parent), path.name, tiny, trust_remote_code)
    if "/" in name:
        return Base(spec, name, "", tiny, trust_remote_code)
    entry = find_model(home, name)
    if not installed(home, entry):
        raise InputError(f"模型 {name!r} 还没有下载，请先运行 a408 model pull {name}。")
    path = model_path(home, entry)
    return Base(spec, str(path.parent), path.name, tiny, trust_remote_code)


def require() -> Any:
    """The transformers library.

    Raises:
        BackendError: the extra isn't installed.
    """
    try:
        import peft  # noqa: F401
        import torch  # noqa: F401
        import transformers
        import trl  # noqa: F401
    except ImportError as e:
        raise BackendError(
            f"没有安装 {e.name!r}：先装 PyTorch（没有显卡时用它的 CPU 源），再运行 pip install 'assistant408[train]'。"
        ) from None
    # transformers warns about names that its own code uses
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    return transformers


def load_tokenizer(base: Base) -> Any:
    """Its tokenizer, with its chat template."""
    tokenizer = require().AutoTokenizer.from_pretrained(**base.where)
    if not tokenizer.chat_template:
        raise InputError(f"模型 {base.spec!r} 没有对话模板，应换一个对话（instruct、chat）模型。")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def load_config_only(base: Base) -> Any:
    """The architecture without the weights."""
    transformers = require()
    config = transformers.AutoConfig.from_pretrained(**base.where)
    if not base.tiny:
        return config
    return transformers.Qwen2Config(
        vocab_size=config.vocab_size,
        hidden_size=64,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=2048,
        tie_word_embeddings=True,
        bos_token_id=config.bos_token_id,
        eos_token_id=config.eos_token_id,
    )


def load_model(base: Base, dtype: Any, quantization: Any = None, seed: int = 0) -> Any:
    """The weights; a GGUF's are dequantized, and its output head tied again where the original ties it."""
    transformers = require()
    import torch

    config = load_config_only(base)
    if base.tiny:
        torch.manual_seed(seed)
        return transformers.AutoModelForCausalLM.from_config(config, dtype=dtype)
    more: dict[str, Any] = {"quantization_config": quantization} if quantization else {}
    if torch.cuda.is_available() and not base.gguf:
        more["device_map"] = {"": torch.cuda.current_device()}
    try:
        model = transformers.AutoModelForCausalLM.from_pretrained(
            **base.where, dtype=dtype, attn_implementation="sdpa", **more
        )
    except (OSError, ValueError, RuntimeError) as e:
        raise BackendError(f"加载模型 {base.spec!r} 失败：{str(e).splitlines()[0][:200]}") from None
    if base.gguf:
        _as_plain(model)
    return model


def _as_plain(model: Any) -> None:
    """A model out of a GGUF as if it came from a folder: no quantization left, and a tied head tied again.

    A GGUF may hold one matrix twice, as embedding and, more finely quantized, as head; both take the finer one then.
    """
    import torch

    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.hf_quantizer = None
    model.is_quantized = False
    head, embedding = model.get_output_embeddings().weight, model.get_input_embeddings().weight
    if head is embedding or head.shape != embedding.shape:
        return
    with torch.no_grad():
        if torch.linalg.vector_norm(head - embedding) < 0.1 * torch.linalg.vector_norm(head):  # rounding alone
            embedding.copy_(head)
            model.config.tie_word_embeddings = True
            model.tie_weights()


def save_model(model: Any, tokenizer: Any, folder: Path, shard: str = "2GB") -> None:
    """A Hugging Face folder of safetensors, there whole or not at all."""
    from assistant408.training.run_folder import whole_folder

    with whole_folder(folder) as part:
        model.save_pretrained(part, max_shard_size=shard, safe_serialization=True)
        tokenizer.save_pretrained(part)


@lru_cache(8)
def file_digest(path: Path) -> str:
    """The sha256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as f:
        while block := f.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
