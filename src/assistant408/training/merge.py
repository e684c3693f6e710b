"""Adapter and base as one model (合并): safetensors in shards, and the proof that nothing was lost."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant408.core.errors import A408Error
from assistant408.training.base import Base, file_digest, load_model, load_tokenizer, require, save_model
from assistant408.training.run_folder import environment, read_json, write_json

__all__ = ["merge"]

PROBES = (
    "什么是死锁？",
    "TCP 为什么需要三次握手？",
    "求序列 3,1,2 冒泡排序的比较次数。",
    "Cache 命中率 95%，平均访问时间怎么算？",
)
TOLERANCE = {"fp32": 2e-3, "bf16": 0.25}  # of a logit, whose size is about 20; what rounding alone leaves


def merge(
    base: Base,
    adapter: Path,
    out: Path,
    shard: str = "2GB",
    bf16: bool = False,
    probes: Sequence[str] = PROBES,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Writes the merged model to `out`, reads it back and compares its logits with those of base and adapter.

    Returns:
        The largest difference of a logit, how often the likeliest token is the same, and the files.

    Raises:
        A408Error: the merged model answers otherwise; `out` isn't written then.
    """
    require()
    import peft
    import torch

    made_of = {"base": base.spec, "adapter": _digest(adapter), "shard": shard, "bf16": bf16}
    done = read_json(out / "merge.json")
    if done is not None and done["made_of"] == made_of:
        return dict(done)
    dtype = torch.bfloat16 if bf16 else torch.float32
    tokenizer = load_tokenizer(base)
    report(0, 4)
    adapted = peft.PeftModel.from_pretrained(load_model(base, dtype), str(adapter)).eval()
    before = _logits(adapted, tokenizer, probes)
    report(1, 4)
    merged = adapted.merge_and_unload(safe_merge=True)
    merged.config.use_cache = True
    whole = out.with_name(out.name + ".unchecked")
    save_model(merged, tokenizer, whole, shard)
    del merged, adapted
    report(2, 4)
    again = load_model(Base(str(whole), str(whole), trust_remote_code=base.trust_remote_code), dtype).eval()
    after = _logits(again, tokenizer, probes)
    report(3, 4)
    worst = max(float((a - b).abs().max()) for a, b in zip(before, after, strict=True))
    same = sum(int((a.argmax(-1) == b.argmax(-1)).sum()) for a, b in zip(before, after, strict=True))
    tokens = sum(len(a) for a in before)
    limit = TOLERANCE["bf16" if bf16 else "fp32"]
    if worst > limit:
        raise A408Error(
            f"合并后的模型与“基座 + 适配器”的 logits 最多差 {worst:.4g}，应不超过 {limit}；未检查的结果留在 {str(whole)!r}，请核对基座是否正确。"
        )
    result = {
        "made_of": made_of,
        "largest_difference": worst,
        "same_top_token": f"{same}/{tokens}",
        "files": {f.name: f.stat().st_size for f in sorted(whole.glob("*.safetensors"))},
        "environment": environment(),
    }
    write_json(whole / "merge.json", result)
    if out.exists():
        shutil.rmtree(out)
    os.replace(whole, out)
    report(4, 4)
    return result


def _logits(model: Any, tokenizer: Any, probes: Sequence[str]) -> list[Any]:
    """For each probe its logits, (T, V)."""
    import torch

    out = []
    with torch.inference_mode():
        for probe in probes:
            ids = tokenizer.apply_chat_template(
                [{"role": "user", "content": probe}], add_generation_prompt=True, return_tensors="pt", return_dict=True
            )["input_ids"]
            out.append(model(ids.to(model.device)).logits[0].float().cpu())
    return out


def _digest(adapter: Path) -> str:
    config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    weights = next(adapter / n for n in ("adapter_model.safetensors", "adapter_model.bin") if (adapter / n).is_file())
    return f"{file_digest(weights)}/{config['r']}/{config['lora_alpha']}"
