"""A configuration and its data for those who train with XTuner or LLaMA-Factory (导出)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from pprint import pformat
from typing import Any

from assistant408.core.errors import InputError
from assistant408.training.config import SftConfig
from assistant408.training.conversation import Conversation
from assistant408.training.formats import write_conversations, write_text

__all__ = ["EXPORTS", "export"]

# chat templates by the beginning of a model's name: XTuner's, LLaMA-Factory's
_TEMPLATES: Mapping[str, tuple[str, str]] = {
    "internlm2": ("internlm2_chat", "intern2"),
    "qwen": ("qwen_chat", "qwen"),
    "llama": ("llama3_chat", "llama3"),
}


def export(
    kind: str, config: SftConfig, model: str, train: Sequence[Conversation], valid: Sequence[Conversation], out: Path
) -> list[str]:
    """Writes the files; gives their names.

    Args:
        model: a Hugging Face folder or hub name, which the other trainers need.

    Raises:
        InputError: there is no such trainer.
    """
    if kind not in EXPORTS:
        raise InputError(f"训练框架 {kind!r} 不支持，应为 {'、'.join(EXPORTS)} 之一。")
    return EXPORTS[kind](config, model, train, valid, out)


def _xtuner(
    config: SftConfig, model: str, train: Sequence[Conversation], valid: Sequence[Conversation], out: Path
) -> list[str]:
    write_conversations(out / "train.json", train, "upstream")
    write_text(out / f"{config.name}.py", xtuner_config(config, model, "train.json"))
    return [f"{config.name}.py", "train.json"]


def _llamafactory(
    config: SftConfig, model: str, train: Sequence[Conversation], valid: Sequence[Conversation], out: Path
) -> list[str]:
    files = {"a408_train": ("train.json", train), "a408_valid": ("valid.json", valid)}
    info = {}
    for name, (file, rows) in files.items():
        write_conversations(out / file, rows, "sharegpt")
        info[name] = {"file_name": file, "formatting": "sharegpt", "columns": {"messages": "conversations"}}
    write_text(out / "dataset_info.json", json.dumps(info, indent=1) + "\n")
    write_text(out / f"{config.name}.yaml", _yaml(llamafactory_config(config, model)))
    return [f"{config.name}.yaml", "dataset_info.json", "train.json", "valid.json"]


EXPORTS: Mapping[str, Callable[..., list[str]]] = {"xtuner": _xtuner, "llamafactory": _llamafactory}


def llamafactory_config(config: SftConfig, model: str) -> dict[str, Any]:
    """Arguments of ``llamafactory-cli train``."""
    t, lora = config.train, config.lora
    out: dict[str, Any] = {
        "model_name_or_path": model,
        "trust_remote_code": config.trust_remote_code,
        "stage": "sft",
        "do_train": True,
        "finetuning_type": "lora",
        "lora_rank": lora.r,
        "lora_alpha": lora.alpha,
        "lora_dropout": lora.dropout,
        "lora_target": ",".join(lora.targets),
        "dataset_dir": ".",
        "dataset": "a408_train",
        "eval_dataset": "a408_valid",
        "template": _template(model)[1],
        "cutoff_len": t.max_length,
        "packing": t.packing,
        "neat_packing": t.packing,
        "output_dir": f"saves/{config.name}",
        "per_device_train_batch_size": t.batch,
        "gradient_accumulation_steps": t.accumulate,
        "learning_rate": t.learning_rate,
        "num_train_epochs": t.epochs,
        "lr_scheduler_type": t.schedule,
        "warmup_ratio": t.warmup,
        "weight_decay": t.weight_decay,
        "max_grad_norm": t.max_grad_norm,
        "bf16": t.precision != "fp32",
        "logging_steps": 1,
        "save_steps": t.save_steps,
        "plot_loss": True,
        "seed": t.seed,
    }
    if t.max_steps:
        out["max_steps"] = t.max_steps
    if lora.bits == 4:
        out |= {"quantization_bit": 4, "quantization_method": "bnb", "double_quantization": True}
    if t.eval_steps:
        out |= {"eval_strategy": "steps", "eval_steps": t.eval_steps, "per_device_eval_batch_size": t.batch}
    return out


def xtuner_config(config: SftConfig, model: str, data: str) -> str:
    """A configuration file of XTuner 0.1 and 0.2, as the upstream project used them."""
    t, lora = config.train, config.lora
    quantization = ""
    if lora.bits == 4:
        quantization = """
        quantization_config=dict(
            type=BitsAndBytesConfig, load_in_4bit=True, load_in_8bit=False, llm_int8_threshold=6.0,
            llm_int8_has_fp16_weight=False, bnb_4bit_compute_dtype=torch.float16, bnb_4bit_use_double_quant=True,
            bnb_4bit_quant_type='nf4'),"""
    ends = f"by_epoch=False, max_iters={t.max_steps}" if t.max_steps else f"max_epochs={t.epochs:g}"
    return f"""\
# Written by a408 train export from {config.name}.toml. Run: xtuner train {config.name}.py
import torch
from datasets import load_dataset
from mmengine.dataset import DefaultSampler
from mmengine.hooks import CheckpointHook, DistSamplerSeedHook, IterTimerHook, LoggerHook, ParamSchedulerHook
from mmengine.optim import AmpOptimWrapper, CosineAnnealingLR, LinearLR
from peft import LoraConfig
from torch.optim import AdamW
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig
from xtuner.dataset import process_hf_dataset
from xtuner.dataset.collate_fns import default_collate_fn
from xtuner.dataset.map_fns import template_map_fn_factory
from xtuner.engine.hooks import DatasetInfoHook, EvaluateChatHook
from xtuner.engine.runner import TrainLoop
from xtuner.model import SupervisedFinetune
from xtuner.utils import PROMPT_TEMPLATE

pretrained_model_name_or_path = {model!r}
data_path = {data!r}
prompt_template = PROMPT_TEMPLATE.{_template(model)[0]}
max_length = {t.max_length}
batch_size = {t.batch}
accumulative_counts = {t.accumulate}
max_epochs = {t.epochs:g}
evaluation_freq = {config.prompts.every or 500}
SYSTEM = {config.prompts.system!r}
evaluation_inputs = {pformat(list(config.prompts.ask), width=100)}

tokenizer = dict(
    type=AutoTokenizer.from_pretrained, pretrained_model_name_or_path=pretrained_model_name_or_path,
    trust_remote_code={config.trust_remote_code}, padding_side='right')
model = dict(
    type=SupervisedFinetune,
    llm=dict(
        type=AutoModelForCausalLM.from_pretrained,
        pretrained_model_name_or_path=pretrained_model_name_or_path,
        trust_remote_code={config.trust_remote_code},
        torch_dtype=torch.float16,{quantization}
    ),
    lora=dict(
        type=LoraConfig, r={lora.r}, lora_alpha={lora.alpha}, lora_dropout={lora.dropout}, bias='none',
        task_type='CAUSAL_LM'))

train_dataset = dict(
    type=process_hf_dataset,
    dataset=dict(type=load_dataset, path='json', data_files=dict(train=data_path)),
    tokenizer=tokenizer,
    max_length=max_length,
    dataset_map_fn=None,  # the data are in XTuner's own form
    template_map_fn=dict(type=template_map_fn_factory, template=prompt_template),
    remove_unused_columns=True,
    shuffle_before_pack=True,
    pack_to_max_length={t.packing})
train_dataloader = dict(
    batch_size=batch_size, num_workers=0, dataset=train_dataset, sampler=dict(type=DefaultSampler, shuffle=True),
    collate_fn=dict(type=default_collate_fn))

optim_wrapper = dict(
    type=AmpOptimWrapper,
    optimizer=dict(type=AdamW, lr={t.learning_rate!r}, betas=(0.9, 0.999), weight_decay={t.weight_decay!r}),
    clip_grad=dict(max_norm={t.max_grad_norm!r}, error_if_nonfinite=False),
    accumulative_counts=accumulative_counts,
    loss_scale='dynamic',
    dtype='float16')
param_scheduler = [
    dict(type=LinearLR, start_factor=1e-5, by_epoch=True, begin=0, end={t.warmup!r} * max_epochs, convert_to_iter_based=True),
    dict(type=CosineAnnealingLR, eta_min=0.0, by_epoch=True, begin={t.warmup!r} * max_epochs, end=max_epochs,
         convert_to_iter_based=True)]
train_cfg = dict(type=TrainLoop, {ends})

custom_hooks = [
    dict(type=DatasetInfoHook, tokenizer=tokenizer),
    dict(type=EvaluateChatHook, tokenizer=tokenizer, every_n_iters=evaluation_freq, evaluation_inputs=evaluation_inputs,
         system=SYSTEM, prompt_template=prompt_template)]
default_hooks = dict(
    timer=dict(type=IterTimerHook),
    logger=dict(type=LoggerHook, log_metric_by_epoch=False, interval=10),
    param_scheduler=dict(type=ParamSchedulerHook),
    checkpoint=dict(type=CheckpointHook, by_epoch=False, interval={t.save_steps}, max_keep_ckpts=2),
    sampler_seed=dict(type=DistSamplerSeedHook))
env_cfg = dict(cudnn_benchmark=False, mp_cfg=dict(mp_start_method='fork', opencv_num_threads=0), dist_cfg=dict(backend='nccl'))
visualizer = None
log_level = 'INFO'
load_from = None
resume = False
randomness = dict(seed={t.seed}, deterministic=False)
log_processor = dict(by_epoch=False)
"""


def _template(model: str) -> tuple[str, str]:
    name = Path(model).name.lower()
    for start, templates in _TEMPLATES.items():
        if name.startswith(start):
            return templates
    raise InputError(f"模型 {model!r} 没有对应的对话模板，名称应以 {'、'.join(_TEMPLATES)} 之一开头。")


def _yaml(values: Mapping[str, Any]) -> str:
    """A flat mapping; JSON scalars are YAML scalars, but a float needs a point to be read as one."""
    lines = []
    for key, value in values.items():
        text = json.dumps(value, ensure_ascii=False)
        if isinstance(value, float) and "e" in text and "." not in text:
            text = text.replace("e", ".0e")
        lines.append(f"{key}: {text}")
    return "\n".join(lines) + "\n"
