"""Letter scoring: questions a second with the shared prefix kept, against the naive loop that reads every prompt whole.

    python benchmarks/letters.py [--model qwen2.5-coder-0.5b] [--questions 8]

Three ways of asking, each over questions of its own from the practice bank: alone, after five solved examples, and
averaged over four orders of the choices. Both loops have an engine of their own with the same model and take turns
question by question, so that other load hits both alike; they must give the same letters.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Sequence

from assistant408.content.questions import load_bank
from assistant408.core.paths import content_dir, home
from assistant408.evals.choose import by_letter
from assistant408.evals.items import Item
from assistant408.llm.backends.llama_cpp import LlamaCppBackend
from assistant408.llm.models import default_model, find_model
from assistant408.llm.pull import model_path
from assistant408.llm.types import Request


class Naive:
    """The same engine, every prompt read from its first token."""

    def __init__(self, backend: LlamaCppBackend) -> None:
        self.name = backend.name
        self._backend = backend

    def logprobs(self, request: Request, candidates: Sequence[str]) -> dict[str, float]:
        grammar = "root ::= " + " | ".join(json.dumps(c) for c in candidates)
        body = {"prompt": "".join(self._backend._render(request)), "n_predict": 1, "temperature": 0, "logprobs": 100}
        result = self._backend._complete(body | {"grammar": grammar, "cache_prompt": False, "id_slot": 0})
        top = result["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
        found = {e["token"].strip(): float(e["logprob"]) for e in reversed(top)}
        return {c: found.get(c, -math.inf) for c in candidates}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="")
    parser.add_argument("--questions", type=int, default=8)
    args = parser.parse_args()
    bank = [q for q in load_bank(content_dir()) if q.kind == "single"]
    random.Random(408).shuffle(bank)
    items = [Item(q.id, q.subject, q.stem, q.choices, q.answer[0]) for q in bank]
    examples, items = items[:5], items[5:]
    model = find_model(home(), args.model) if args.model else default_model(home())
    path = model_path(home(), model)
    engines = [LlamaCppBackend(path), LlamaCppBackend(path)]
    ways = [engines[0], Naive(engines[1])]
    first = items.pop()
    for way in ways:
        by_letter(way)(first)  # warm
    print(f"模型 {model.id}，每种问法 {args.questions} 题\n")
    print(f"{'':<14}{'逐题全读 题/秒':>14}{'留住前缀 题/秒':>14}{'倍':>8}{'答案相同':>8}")
    for name, options in (
        ("直接问", {}),
        ("五道示例", {"shots": lambda item: examples}),
        ("四种次序平均", {"rotations": 4}),
    ):
        mine = [items.pop() for _ in range(args.questions)]
        answers = [by_letter(way, **options) for way in ways]
        seconds, same = [0.0, 0.0], 0
        for item in mine:
            letters = []
            for i, answer in enumerate(answers):
                start = time.perf_counter()
                letters.append(answer(item).letter)
                seconds[i] += time.perf_counter() - start
            same += letters[0] == letters[1]
        ours, naive = (len(mine) / s for s in seconds)
        print(f"{name:<14}{naive:>14.3f}{ours:>14.3f}{ours / naive:>8.1f}{same:>6}/{len(mine)}", flush=True)
    for engine in engines:
        engine.close()


if __name__ == "__main__":
    main()
