"""``a408 train``: data, supervised fine-tuning, merge, quantization, gate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from assistant408.cli import train_gate, train_models
from assistant408.cli.common import JsonFlag, console, print_json, progress
from assistant408.core.errors import InputError
from assistant408.core.paths import content_dir, home

app = typer.Typer(help="训练：数据、微调、合并、量化、把关。", no_args_is_help=True)

SeedOption = Annotated[int, typer.Option(help="种子。")]


@app.command()
def data(
    out: Annotated[Path, typer.Option(help="数据文件夹。")],
    held: Annotated[int, typer.Option(min=0, help="留出多少道题库单选题，只用于测量。")] = 200,
    own: Annotated[list[Path] | None, typer.Option(help="自己的对话文件，可写多次。")] = None,
    form: Annotated[str, typer.Option("--format", help="messages、sharegpt 或 upstream。")] = "messages",
    seed: SeedOption = 0,
    json: JsonFlag = False,
) -> None:
    """由笔记、题库、术语和解题器生成训练对话，并留出测量用的题。"""
    from assistant408.cli.train_wiring import load_material, measured_texts
    from assistant408.training.data import build, held_out, write_data
    from assistant408.training.formats import FORMATS, read_conversations

    if form not in FORMATS:
        raise InputError(f"格式 {form!r} 不存在，应为 {'、'.join(FORMATS)} 之一。")
    mine = [c for path in own or () for c in read_conversations(path)]
    material = load_material(content_dir(), seed)
    kept_out = held_out(material.bank, held, seed)
    with progress("生成对话", quiet=json) as report:
        made = build(material, measured_texts(content_dir()), kept_out, mine, report=report)
    card = write_data(out, made, form, seed)
    if json:
        print_json(card)
        return
    typer.echo(
        f"{card['conversations']} 段对话（训练 {card['train']}，验证 {card['valid']}），留出 {card['heldout']} 题"
    )
    typer.echo("，".join(f"{k} {v}" for k, v in card["sources"].items()))
    typer.echo(f"数据卡：{out / 'card.md'}")


@app.command()
def check(file: Annotated[Path, typer.Argument(help="对话文件。")], json: JsonFlag = False) -> None:
    """检查自己的对话文件，逐行指出错误。"""
    from assistant408.training.conversation import Conversation
    from assistant408.training.formats import problems

    found: list[Conversation] = []
    wrong = list(problems(file, found))
    if json:
        print_json({"conversations": len(found), "problems": wrong})
    else:
        for problem in wrong:
            typer.echo(problem)
        typer.echo(f"{len(found)} 段对话可用，{len(wrong)} 处错误")
    if wrong or not found:
        raise typer.Exit(2)


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(help="对话文件，格式自动识别。")],
    target: Annotated[Path, typer.Argument(help="要写的 .jsonl 或 .json 文件。")],
    form: Annotated[str, typer.Option("--format", help="messages、sharegpt 或 upstream。")] = "messages",
    json: JsonFlag = False,
) -> None:
    """把对话文件换成另一种格式。"""
    from assistant408.training.formats import read_conversations, write_conversations

    conversations = read_conversations(source)
    write_conversations(target, conversations, form)
    if json:
        print_json({"conversations": len(conversations), "format": form, "file": str(target)})
        return
    typer.echo(f"{len(conversations)} 段对话已写成 {form}：{target}")


@app.command()
def sft(
    config: Annotated[Path, typer.Option(help="configs/ 里的一个 .toml 文件。")],
    data: Annotated[Path, typer.Option(help="a408 train data 写的文件夹，或一个对话文件。")],
    out: Annotated[Path, typer.Option(help="训练文件夹；中断后用同样的命令接着训练。")],
    only_check: Annotated[bool, typer.Option("--preflight", help="只做预检：内存、磁盘、数据、对话模板。")] = False,
    json: JsonFlag = False,
) -> None:
    """微调：LoRA 或 QLoRA，只学助手的话，可以随时中断。"""
    from assistant408.training.base import find_base, require
    from assistant408.training.config import load_config
    from assistant408.training.data import load_data, take
    from assistant408.training.sft import Stopped, preflight, wants_bf16
    from assistant408.training.sft import sft as train

    settings = load_config(config)
    require()
    base = find_base(home(), settings.model, settings.trust_remote_code)
    conversations = take(load_data(data), settings.mix, settings.train.seed)
    valid_file = data / "valid.jsonl"
    valid = take(load_data(valid_file), {}, settings.train.seed) if valid_file.is_file() else []
    if only_check:
        _, need = preflight(settings, base, conversations, out, wants_bf16(settings))
        print_json(need) if json else _show_need(need)
        return
    with progress("训练", quiet=json) as report:
        try:
            done = train(settings, base, conversations, valid, out, report)
        except Stopped as e:
            console().print(f"已在第 {e} 步存好，用同样的命令接着训练。", style="dim")
            raise typer.Exit(130) from None
    if json:
        print_json(done)
        return
    typer.echo(
        f"{done['steps']} 步，{done['tokens']} 个词元，{done['seconds']:.0f} 秒；损失 {done['first_loss']} → {done['last_loss']}"
    )
    typer.echo(f"适配器：{out / 'adapter'}，损失曲线：{out / 'loss.png'}")


app.command("merge")(train_models.merge)
app.add_typer(train_models.quantize, name="quantize")
app.command("measure")(train_models.measure)
app.command("gate")(train_gate.gate)
app.command("export")(train_models.export)


def _show_need(need: dict[str, Any]) -> None:
    free = need["free_memory_bytes"]
    typer.echo(
        f"参数 {need['parameters'] / 1e6:.1f} M，其中训练 {need['trained'] / 1e6:.2f} M；"
        f"约需内存 {need['memory_bytes'] >> 20} MB{f'（可用 {free >> 20} MB）' if free else ''}，"
        f"磁盘 {need['disk_bytes'] >> 20} MB；精度 {'bf16' if need['bf16'] else 'fp32'}；{need['conversations']} 段对话。"
    )
