"""``a408 train merge | quantize | measure | export``: what is done with an adapter once it is trained."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant408.cli.common import JsonFlag, console, print_json, progress
from assistant408.core.errors import InputError
from assistant408.core.paths import home

quantize = typer.Typer(help="量化：gguf 给内嵌引擎，awq 给 GPU 服务。", no_args_is_help=True)

DataOption = Annotated[Path, typer.Option(help="a408 train data 写的文件夹。")]


def merge(
    adapter: Annotated[Path, typer.Option(help="适配器：PEFT 文件夹，或 XTuner、DeepSpeed 的检查点。")],
    out: Annotated[Path, typer.Option(help="合并后的模型文件夹。")],
    base: Annotated[str, typer.Option(help="基座；空则用适配器里写的。")] = "",
    max_shard_size: Annotated[str, typer.Option(help="每个 safetensors 文件的大小。")] = "2GB",
    alpha: Annotated[int, typer.Option(help="LoRA 的 α，只用于不含它的检查点。")] = 16,
    bf16: Annotated[bool, typer.Option("--bf16", help="以 bf16 合并，省一半内存。")] = False,
    trust_remote_code: Annotated[bool, typer.Option("--trust-remote-code", help="运行模型自带的代码。")] = False,
    json: JsonFlag = False,
) -> None:
    """把适配器并入基座，并核对合并前后的 logits。"""
    from assistant408.training.adapters import convert_checkpoint, is_peft
    from assistant408.training.base import find_base, require
    from assistant408.training.merge import merge as merged
    from assistant408.training.run_folder import read_json

    if not adapter.exists():
        raise InputError(f"找不到适配器 {str(adapter)!r}，应为文件夹或检查点文件。")
    require()
    if not is_peft(adapter):
        if not base:
            raise InputError(f"检查点 {adapter.name!r} 不含基座的名字，请加 --base。")
        adapter = convert_checkpoint(adapter, out.with_name(out.name + ".adapter"), base, alpha)
    name = base or str(read_json(adapter / "adapter_config.json")["base_model_name_or_path"])
    with progress("合并", quiet=json) as report:
        done = merged(find_base(home(), name, trust_remote_code), adapter, out, max_shard_size, bf16, report=report)
    if json:
        print_json(done)
        return
    typer.echo(f"已合并到 {out}：{', '.join(f'{k} {v >> 20} MB' for k, v in done['files'].items())}")
    typer.echo(
        f"与“基座 + 适配器”相比：logits 最多差 {done['largest_difference']:.2g}，首选词元相同 {done['same_top_token']}"
    )


@quantize.command()
def gguf(
    model: Annotated[Path, typer.Argument(help="Hugging Face 模型文件夹。")],
    out: Annotated[Path, typer.Option(help="要写的 .gguf 文件。")],
    kind: Annotated[str, typer.Option("--type", help="F16、Q8_0、Q6_K、Q5_K_M、Q4_K_M 或 Q4_0。")] = "Q4_K_M",
    converter: Annotated[Path | None, typer.Option(help="含 convert_hf_to_gguf.py 的文件夹。")] = None,
    json: JsonFlag = False,
) -> None:
    """转成 GGUF 并量化，可直接由内嵌引擎运行。"""
    from assistant408.training.quantize_gguf import find_converter, from_folder

    if not (model / "config.json").is_file():
        raise InputError(f"{str(model)!r} 不是 Hugging Face 模型文件夹（缺 config.json）。")
    with progress("量化", quiet=json) as report:
        counts = from_folder(model, out, kind, find_converter(home(), converter), report)
    size = out.stat().st_size
    if json:
        print_json({"file": str(out), "type": kind, "bytes": size, "tensors": counts})
        return
    typer.echo(f"{out}：{kind}，{size / 1e6:.0f} MB（{'，'.join(f'{k} {n}' for k, n in counts.items())}）")


@quantize.command()
def awq(
    model: Annotated[Path, typer.Argument(help="Hugging Face 模型文件夹。")],
    data: DataOption,
    out: Annotated[Path, typer.Option(help="量化后的模型文件夹。")],
    quantizer: Annotated[str, typer.Option(help="autoround 或 lmdeploy。")] = "autoround",
    python: Annotated[str, typer.Option(help="装有量化器的环境里的 python。")] = sys.executable,
    samples: Annotated[int, typer.Option(min=1, help="校准几段。")] = 128,
    length: Annotated[int, typer.Option(min=16, help="每段多少个词元。")] = 2048,
    iters: Annotated[int, typer.Option(min=0, help="AutoRound 的迭代次数，0 为直接取整。")] = 0,
    json: JsonFlag = False,
) -> None:
    """AWQ W4A16（每组 128），用自己的训练对话校准；LMDeploy、vLLM、transformers 都能载入。"""
    from assistant408.training.awq import calibration
    from assistant408.training.awq import quantize as packed
    from assistant408.training.base import Base, load_tokenizer
    from assistant408.training.data import load_data, take
    from assistant408.training.encode import encode

    tokenizer = load_tokenizer(Base(str(model), str(model)))
    rows: list[dict[str, list[int]]] = []
    for conversation in take(load_data(data), {}, 0):
        rows.append(encode(tokenizer, conversation))
        if sum(len(r["input_ids"]) for r in rows) >= samples * length:
            break
    windows = calibration(rows, samples, length)
    options = {"iters": iters} if quantizer == "autoround" else {}
    show = (lambda line: None) if json else (lambda line: console().print(line, style="dim", markup=False))
    done = packed(model, out, windows, quantizer, python, options, show)
    if json:
        print_json(done)
        return
    typer.echo(f"{out}：{done['bytes'] / 1e6:.0f} MB，{samples} 段 × {length} 个词元校准")


def measure(
    reference: Annotated[str, typer.Argument(help="原来的模型：文件夹、GGUF 或模型 id。")],
    candidate: Annotated[str, typer.Argument(help="量化或微调后的模型：文件夹（含 AWQ）、GGUF 或适配器。")],
    data: DataOption,
    limit: Annotated[int, typer.Option(min=2, help="用验证集的多少段对话。")] = 60,
    speed: Annotated[bool, typer.Option(help="GGUF 另量速度与内存。")] = True,
    json: JsonFlag = False,
) -> None:
    """量两个模型的差别：困惑度、KL 散度及其标准误，大小、速度与内存。"""
    from assistant408.training.compare import compare
    from assistant408.training.data import load_data, take

    valid = take(load_data(data / "valid.jsonl"), {}, 0)[:limit]
    with progress("比较", quiet=json) as report:
        got: dict[str, Any] = compare(home(), reference, candidate, valid, speed, report)
    if json:
        print_json(got)
        return
    typer.echo(f"{got['conversations']} 段验证对话，{got['tokens']} 个回答词元，{got['bytes'] / 1e6:.0f} MB")
    labels = {"reference_perplexity": "原来的困惑度", "perplexity": "现在的困惑度", "perplexity_ratio": "困惑度之比",
              "kl": "KL（奈特/词元）", "same_top": "首选词元相同"}  # fmt: skip
    for key, label in labels.items():
        value, error = got[key]
        typer.echo(f"{label:<12} {value:.4f} ± {error:.4f}")
    if got.get("speed"):
        s = got["speed"]
        typer.echo(
            f"读 {s['prompt_tokens_per_second']} 词元/秒，写 {s['written_tokens_per_second']} 词元/秒，"
            f"载入 {s['load_seconds']} 秒，内存 {s['peak_memory_mb']} MB"
        )


def export(
    config: Annotated[Path, typer.Option(help="configs/ 里的一个 .toml 文件。")],
    data: DataOption,
    to: Annotated[str, typer.Option(help="xtuner 或 llamafactory。")],
    out: Annotated[Path, typer.Option(help="要写的文件夹。")],
    model: Annotated[str, typer.Option(help="Hugging Face 文件夹或名字；空则用配置里的。")] = "",
    json: JsonFlag = False,
) -> None:
    """导出 XTuner 或 LLaMA-Factory 的配置与数据。"""
    from assistant408.training.config import load_config
    from assistant408.training.data import load_data, take
    from assistant408.training.exports import export as exported

    settings = load_config(config)
    train = take(load_data(data), settings.mix, settings.train.seed)
    valid_file = data / "valid.jsonl"
    valid = load_data(valid_file) if valid_file.is_file() else []
    files = exported(to, settings, model or settings.model, train, valid, out)
    if json:
        print_json({"to": to, "out": str(out), "files": files, "conversations": len(train)})
        return
    typer.echo(f"已写入 {out}：{'、'.join(files)}（{len(train)} 段对话）")
