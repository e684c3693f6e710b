"""A configuration as the arguments of the libraries: plain data, so that it can be read and tested without a GPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant408.training.config import SftConfig

__all__ = ["lora_arguments", "quantization_arguments", "training_arguments"]


def lora_arguments(config: SftConfig) -> dict[str, Any]:
    """For ``peft.LoraConfig``."""
    lora = config.lora
    return {
        "r": lora.r,
        "lora_alpha": lora.alpha,
        "lora_dropout": lora.dropout,
        "target_modules": list(lora.targets),
        "task_type": "CAUSAL_LM",
    } | ({"layers_to_transform": list(lora.layers)} if lora.layers else {})


def quantization_arguments(config: SftConfig) -> dict[str, Any] | None:
    """For ``transformers.BitsAndBytesConfig``: NF4 with its scales quantized too, as QLoRA has it; `None` for LoRA.

    Source: Dettmers et al., QLoRA, NeurIPS 2023.
    """
    if config.lora.bits != 4:
        return None
    return {
        "load_in_4bit": True,
        "bnb_4bit_quant_type": "nf4",
        "bnb_4bit_use_double_quant": True,
    }


def training_arguments(config: SftConfig, folder: Path, bf16: bool, gpu: bool) -> dict[str, Any]:
    """For ``trl.SFTConfig``.

    Args:
        folder: of the checkpoints.
        bf16: whether to compute in bf16, as ``precision = "auto"`` was decided.
        gpu: whether there is one.
    """
    t = config.train
    out: dict[str, Any] = {
        "output_dir": str(folder),
        "learning_rate": t.learning_rate,
        "lr_scheduler_type": t.schedule,
        "warmup_steps": t.warmup,  # below 1: a share of all steps
        "weight_decay": t.weight_decay,
        "max_grad_norm": t.max_grad_norm,
        "optim": t.optimizer,
        "num_train_epochs": t.epochs,
        "max_steps": t.max_steps or -1,
        "per_device_train_batch_size": t.batch,
        "per_device_eval_batch_size": t.batch,
        "gradient_accumulation_steps": t.accumulate,
        "max_length": t.max_length,
        "packing": t.packing,
        "packing_strategy": "bfd",
        "gradient_checkpointing": t.gradient_checkpointing,
        "bf16": bf16,
        "fp16": False,
        "seed": t.seed,
        "data_seed": t.seed,
        "logging_steps": 1,
        "logging_first_step": True,
        "save_strategy": "steps",
        "save_steps": t.save_steps,
        "save_total_limit": 2,
        "report_to": ["tensorboard"] if t.tensorboard else [],
        "disable_tqdm": True,
        "dataloader_num_workers": 0,
        "dataloader_pin_memory": gpu,
    }
    if t.gradient_checkpointing:
        out["gradient_checkpointing_kwargs"] = {"use_reentrant": False}
    if t.eval_steps:
        out |= {"eval_strategy": "steps", "eval_steps": t.eval_steps, "eval_packing": False}
    if t.patience:
        out |= {"load_best_model_at_end": True, "metric_for_best_model": "eval_loss", "greater_is_better": False}
    return out
