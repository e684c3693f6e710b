"""Supervised fine-tuning (有监督微调): LoRA or QLoRA through transformers, PEFT and TRL, resumed exactly where it stopped.

The run's folder holds ``run.json`` (what it is made of, versions), ``loss.jsonl`` and ``loss.png``, ``prompts.jsonl``
(the evaluation prompts' answers), ``checkpoints/`` and, once it is done, ``adapter/`` and ``done.json``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant408.core.errors import InputError
from assistant408.training.arguments import lora_arguments, quantization_arguments, training_arguments
from assistant408.training.base import Base, file_digest, load_model, load_tokenizer, require
from assistant408.training.config import SftConfig
from assistant408.training.conversation import Conversation, fingerprint
from assistant408.training.encode import encode_all
from assistant408.training.monitor import COMPLETE, monitoring
from assistant408.training.preflight import check_room, check_template, estimate, free_memory
from assistant408.training.run_folder import Journal, plot_losses, read_json, stamp, write_json

__all__ = ["Stopped", "preflight", "sft"]

Report = Callable[[int, int], None]


class Stopped(Exception):
    """Ctrl-C: the run was stopped after a checkpoint; the same call goes on."""


def preflight(
    config: SftConfig, base: Base, train: Sequence[Conversation], out: Path, bf16: bool
) -> tuple[Any, dict[str, Any]]:
    """The tokenizer, and what the run will take.

    Raises:
        InputError: memory or disk is short, or the chat template doesn't give back what is put in.
    """
    need: dict[str, Any] = dict(estimate(base, config, bf16))
    free = free_memory()
    check_room(need, out, free)
    tokenizer = load_tokenizer(base)
    check_template(tokenizer, train)
    return tokenizer, {**need, "free_memory_bytes": free, "bf16": bf16, "conversations": len(train)}


def wants_bf16(config: SftConfig) -> bool:
    """Whether to compute in bf16."""
    import torch

    if config.train.precision == "auto":
        return bool(torch.cuda.is_available() and torch.cuda.is_bf16_supported())
    return config.train.precision == "bf16"


def sft(
    config: SftConfig,
    base: Base,
    train: Sequence[Conversation],
    valid: Sequence[Conversation],
    out: Path,
    report: Report = lambda done, total: None,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Trains, or goes on training; does nothing if the run is done.

    Args:
        report: (updates done, updates in all).

    Returns:
        What ``done.json`` says: updates, tokens, seconds, losses.

    Raises:
        InputError: the folder holds another run, or the preflight found something.
        BackendError: the libraries aren't installed, or the model can't be loaded.
        Stopped: by Ctrl-C, after a checkpoint.
    """
    require()
    import torch
    import transformers

    if (done := read_json(out / "done.json")) is not None:
        _stamp(out, config, base, train)
        return dict(done)
    bf16 = wants_bf16(config)
    tokenizer, need = preflight(config, base, train, out, bf16)
    if _first():
        _stamp(out, config, base, train)
        write_json(out / "preflight.json", need)
    rows, long = encode_all(tokenizer, train, config.train.max_length)
    held, _ = encode_all(tokenizer, valid[: config.train.valid_limit], config.train.max_length)
    if not rows:
        raise InputError(f"{len(train)} 段对话都超过 train.max_length（{config.train.max_length} 个词元），请调大它。")
    transformers.set_seed(config.train.seed)
    started = clock()
    trainer, monitor = _trainer(config, base, tokenizer, rows, held, out, bf16, report, clock)
    checkpoint = last_checkpoint(out / "checkpoints")
    step = int(checkpoint.name.rpartition("-")[2]) if checkpoint else 0
    monitor.rewind(step)
    seconds = _seconds_before(out, step)
    monitor.begin(started, seconds)
    with _stop_on_interrupt(monitor):
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    if monitor.interrupted:
        raise Stopped(str(trainer.state.global_step))
    part = out / "adapter.part"
    trainer.save_model(str(part))  # with several processes each holds a share of the weights
    if _first():
        _finish(part, out / "adapter", tokenizer, base)
    losses = monitor.losses.rows()
    training = [r["loss"] for r in losses if "loss" in r]
    result = {
        "steps": trainer.state.global_step,
        "seconds": round(seconds + clock() - started, 1),
        "tokens": int(next((r["num_tokens"] for r in reversed(losses) if "num_tokens" in r), 0)),
        "conversations": len(rows),
        "too_long": long,
        "first_loss": _mean(training[:10]),
        "last_loss": _mean(training[-10:]),
        "eval_losses": [[r["step"], r["eval_loss"]] for r in losses if "eval_loss" in r],
        "best_checkpoint": Path(trainer.state.best_model_checkpoint or "").name,
        "device": "cuda" if torch.cuda.is_available() else "cpu",
    }
    if _first():
        plot_losses(out / "loss.png", losses)
        result["adapter_sha256"] = file_digest(out / "adapter" / "adapter_model.safetensors")
        write_json(out / "done.json", result)
    return result


def _first() -> bool:
    """Whether this process writes: the first of those that ``accelerate`` or ``torchrun`` started, or the only one."""
    return os.environ.get("RANK", "0") == "0"


def _finish(part: Path, out: Path, tokenizer: Any, base: Base) -> None:
    """An adapter that can be handed on: its base by the name that others know it by, and nothing of this machine."""
    tokenizer.save_pretrained(part)
    (part / "training_args.bin").unlink(missing_ok=True)
    (part / "README.md").unlink(missing_ok=True)  # an empty form
    settings = read_json(part / "adapter_config.json")
    write_json(part / "adapter_config.json", settings | {"base_model_name_or_path": base.spec})
    if out.exists():
        shutil.rmtree(out)
    os.replace(part, out)


def last_checkpoint(folder: Path) -> Path | None:
    """The latest checkpoint that is whole; those that a kill cut short are removed."""
    found: list[tuple[int, Path]] = []
    for path in folder.glob("checkpoint-*"):
        if (path / COMPLETE).is_file():
            found.append((int(path.name.rpartition("-")[2]), path))
        elif _first():
            shutil.rmtree(path)
    return max(found)[1] if found else None


def _trainer(
    config: SftConfig,
    base: Base,
    tokenizer: Any,
    rows: list[dict[str, list[int]]],
    held: list[dict[str, list[int]]],
    out: Path,
    bf16: bool,
    report: Report,
    clock: Callable[[], float],
) -> tuple[Any, Any]:
    import datasets
    import peft
    import torch
    import transformers
    import trl

    datasets.disable_progress_bars()
    quantization = quantization_arguments(config)
    if quantization:
        quantization = transformers.BitsAndBytesConfig(
            **quantization, bnb_4bit_compute_dtype=torch.bfloat16 if bf16 else torch.float32
        )
    model = load_model(base, torch.bfloat16 if bf16 else torch.float32, quantization, config.train.seed)
    model.config.use_cache = False
    arguments = training_arguments(config, out / "checkpoints", bf16, torch.cuda.is_available())
    if not held:
        arguments = {k: v for k, v in arguments.items() if not k.startswith("eval_")} | {
            "load_best_model_at_end": False
        }
    monitor = monitoring(config, tokenizer, out, report, clock, bool(held and config.train.eval_steps))
    callbacks = [monitor]
    if config.train.patience and held:
        callbacks.append(transformers.EarlyStoppingCallback(config.train.patience))
    trainer = trl.SFTTrainer(
        model=model,
        args=trl.SFTConfig(**arguments),
        train_dataset=datasets.Dataset.from_list(rows),
        eval_dataset=datasets.Dataset.from_list(held) if held and config.train.eval_steps else None,
        processing_class=tokenizer,
        peft_config=peft.LoraConfig(**lora_arguments(config)),
        callbacks=callbacks,
    )
    trainer.remove_callback(transformers.PrinterCallback)
    return trainer, monitor


def _stamp(out: Path, config: SftConfig, base: Base, train: Sequence[Conversation]) -> None:
    data = hashlib.sha256("".join(f"{c.id}:{fingerprint(c.messages)}\n" for c in train).encode()).hexdigest()
    weights = file_digest(base.file) if base.file else base.source
    stamp(out, {"config": config.digest, "model": base.spec, "weights": weights, "data": data})


def _seconds_before(out: Path, step: int) -> float:
    """What the run had taken when it reached a step."""
    rows = [r for r in Journal(out / "loss.jsonl").rows() if r["step"] <= step and "seconds" in r]
    return float(rows[-1]["seconds"]) if rows else 0.0


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


class _stop_on_interrupt:
    """The first Ctrl-C asks for a checkpoint and an end, the second one ends at once."""

    def __init__(self, monitor: Any) -> None:
        self.monitor = monitor

    def __enter__(self) -> None:
        def handle(signum: int, frame: Any) -> None:
            if self.monitor.interrupted:
                raise KeyboardInterrupt
            self.monitor.interrupted = True

        try:
            self.before = signal.signal(signal.SIGINT, handle)
        except ValueError:  # not the main thread
            self.before = None

    def __exit__(self, *_: object) -> None:
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)
