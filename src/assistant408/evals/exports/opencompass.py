"""A dataset config for OpenCompass: ``opencompass CONFIG.py`` with models of one's own added to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from assistant408.evals.exports.lm_eval import letters_of
from assistant408.evals.items import Item

__all__ = ["export_opencompass"]

TEMPLATE = '''\
"""{title}

Import `datasets` from here into a config that names models, or run ``opencompass --models NAME --datasets`` with it.
"""
from opencompass.datasets import CustomDataset
from opencompass.datasets.custom import OptionSimAccEvaluator
from opencompass.openicl.icl_inferencer import GenInferencer
from opencompass.openicl.icl_prompt_template import PromptTemplate
from opencompass.openicl.icl_retriever import ZeroRetriever

LETTERS = {letters!r}
FILES = {files}

datasets = [
    dict(
        abbr=abbr,
        type=CustomDataset,
        path=path,
        reader_cfg=dict(input_columns=['question', *LETTERS], output_column='answer'),
        infer_cfg=dict(
            prompt_template=dict(
                type=PromptTemplate,
                template=dict(round=[dict(role='HUMAN', prompt={prompt!r})]),
            ),
            retriever=dict(type=ZeroRetriever),
            inferencer=dict(type=GenInferencer),
        ),
        eval_cfg=dict(evaluator=dict(type=OptionSimAccEvaluator, options=LETTERS), pred_role='BOT'),
    )
    for abbr, path in FILES.items()
]
'''


def export_opencompass(folder: Path, name: str, title: str, items: Sequence[Item]) -> list[Path]:
    """Writes ``NAME.py`` and a JSONL file for each subject, whose absolute path stands in it; returns the paths.

    Raises:
        InputError: items differ in their number of choices.
    """
    folder.mkdir(parents=True, exist_ok=True)
    letters = letters_of(items)
    base = name.replace(":", "_").removesuffix(".jsonl")
    files: dict[str, str] = {}
    for subject in dict.fromkeys(i.subject for i in items):
        abbr = f"{base}-{subject}" if subject else base
        path = (folder / f"{abbr}.jsonl").resolve()
        rows = ({"question": i.question, **i.choices, "answer": i.answer} for i in items if i.subject == subject)
        path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
        files[abbr] = str(path)
    shown = "\n".join(f"{x}. {{{x}}}" for x in letters)
    config = folder / f"{base.replace('-', '_')}.py"
    text = TEMPLATE.format(
        title=title,
        letters=letters,
        files=json.dumps(files, ensure_ascii=False, indent=4),
        prompt=f"{{question}}\n{shown}\n只回答正确选项的字母。",
    )
    config.write_text(text, encoding="utf-8")
    return [config, *map(Path, files.values())]
