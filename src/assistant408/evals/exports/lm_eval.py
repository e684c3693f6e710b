"""A task folder for EleutherAI's lm-evaluation-harness: ``lm_eval --include_path DIR --tasks NAME``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from assistant408.core.errors import InputError
from assistant408.evals.items import Item

__all__ = ["export_lm_eval"]

TEMPLATE = """\
# {title}
task: {name}
dataset_path: json
dataset_kwargs:
  data_files:
    test: {data}
test_split: test
output_type: multiple_choice
doc_to_text: "{{{{question.strip()}}}}\\n{shown}\\n答案："
doc_to_choice: [{letters}]
doc_to_target: "{{{{[{quoted}].index(answer)}}}}"
metric_list:
  - metric: acc
    aggregation: mean
    higher_is_better: true
metadata:
  version: {version}
"""


def export_lm_eval(folder: Path, name: str, title: str, version: int, items: Sequence[Item]) -> list[Path]:
    """Writes a YAML file and a JSONL file for each subject, and a group of them; returns the paths.

    Raises:
        InputError: items differ in their number of choices.
    """
    folder.mkdir(parents=True, exist_ok=True)
    letters = letters_of(items)
    base = name.replace("-", "_").replace(":", "_").removesuffix(".jsonl")
    written, tasks = [], []
    for subject in dict.fromkeys(i.subject for i in items):
        task = f"{base}_{subject}" if subject else f"{base}_all"
        data, config = folder / f"{task}.jsonl", folder / f"{task}.yaml"
        rows = [
            {"id": i.id, "question": i.question, **dict(i.choices), "answer": i.answer}
            for i in items
            if i.subject == subject
        ]
        data.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
        quoted = ", ".join(f"'{x}'" for x in letters)
        text = TEMPLATE.format(
            title=title,
            name=task,
            data=json.dumps(str(data.resolve()), ensure_ascii=False),
            shown="\\n".join(f"{x}. {{{{{x}}}}}" for x in letters),
            letters=", ".join(f'"{x}"' for x in letters),
            quoted=quoted,
            version=version,
        )
        config.write_text(text, encoding="utf-8")
        written += [config, data]
        tasks.append(task)
    group = folder / f"{base}.yaml"
    lines = "".join(f"  - {t}\n" for t in tasks)
    group.write_text(
        f"# {title}\ngroup: {base}\ntask:\n{lines}aggregate_metric_list:\n  - metric: acc\n    aggregation: mean\n"
        f"    weight_by_size: true\nmetadata:\n  version: {version}\n",
        encoding="utf-8",
    )
    return [group, *written]


def letters_of(items: Sequence[Item]) -> list[str]:
    """The letters that all items have.

    Raises:
        InputError: they don't all have the same.
    """
    letters = list(items[0].choices)
    for item in items:
        if list(item.choices) != letters:
            raise InputError(
                f"题目 {item.id!r} 的选项是 {'、'.join(item.choices)}，与其他题的 {'、'.join(letters)} 不同，不能导出。"
            )
    return letters
