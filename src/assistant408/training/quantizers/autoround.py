"""Packs a model as AWQ with AutoRound: ``python autoround.py JOB.json`` in an environment that has ``auto-round``.

Stands alone: nothing of this project is imported. JOB.json holds ``model out group windows`` and perhaps ``iters``.
"""

import json
import sys


def main(path: str) -> None:
    """Calibrates on the job's windows and writes ``auto_awq``."""
    import torch
    from auto_round import AutoRound
    from transformers import AutoModelForCausalLM, AutoTokenizer

    with open(path, encoding="utf-8") as f:
        job = json.load(f)
    gpu = torch.cuda.is_available()
    half = gpu or not job.get(
        "iters"
    )  # rounding alone needs no wider numbers, and what isn't packed is stored as it is
    model = AutoModelForCausalLM.from_pretrained(job["model"], dtype=torch.float16 if half else torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(job["model"])
    length = len(job["windows"][0])
    quantizer = AutoRound(
        model,
        tokenizer,
        bits=4,
        group_size=job["group"],
        sym=False,
        dataset=[{"input_ids": torch.tensor([w]), "attention_mask": torch.ones(1, length)} for w in job["windows"]],
        nsamples=len(job["windows"]),
        seqlen=length,
        iters=job.get("iters", 0),
        batch_size=1 if not gpu else 8,
        seed=0,
        device_map="auto" if gpu else "cpu",
    )
    quantizer.quantize_and_save(output_dir=job["out"], format="auto_awq")


if __name__ == "__main__":
    main(sys.argv[1])
