"""Perplexity and KL against plain loops, and error bars that shrink as they should."""

from __future__ import annotations

import numpy as np
import pytest

from assistant408.training.encode import IGNORED
from assistant408.training.measure import compare_models, summary


def test_error_bars_follow_the_number_of_conversations() -> None:
    rng = np.random.default_rng(0)

    def error(n: int) -> float:
        tokens = np.full(n, 20.0)
        kl = rng.exponential(2.0, n)
        got = summary(np.stack([tokens, 20 + kl, 20 + 2 * kl, kl, np.full(n, 18.0)], 1))
        return float(got["kl"][1])

    assert error(40) / error(640) == pytest.approx(4, rel=0.4)


def test_both_models_over_the_same_answers() -> None:
    torch = pytest.importorskip("torch", reason="needs the train extra: pip install 'assistant408[train]'")
    transformers = pytest.importorskip(
        "transformers", reason="needs the train extra: pip install 'assistant408[train]'"
    )
    config = transformers.Qwen2Config(
        vocab_size=50, hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=1,
    )  # fmt: skip
    models = []
    for seed in (0, 1):
        torch.manual_seed(seed)
        models.append(transformers.AutoModelForCausalLM.from_config(config).eval())
    rows = [
        {"input_ids": [1, 5, 9, 7], "labels": [IGNORED, IGNORED, 9, 7]},
        {"input_ids": [3, 4], "labels": [IGNORED, 4]},
    ]
    got = compare_models(rows, *models)
    p, q = (
        [m(torch.tensor([r["input_ids"]])).logits[0].log_softmax(-1).detach().numpy() for r in rows] for m in models
    )
    at = [(0, 1, 9), (0, 2, 7), (1, 0, 4)]  # conversation, place, what comes next
    assert got["tokens"] == 3
    assert got["perplexity"][0] == pytest.approx(np.exp(-np.mean([q[c][i, t] for c, i, t in at])), rel=1e-4)
    kl = np.mean([float((np.exp(p[c][i]) * (p[c][i] - q[c][i])).sum()) for c, i, _ in at])
    assert got["kl"][0] == pytest.approx(kl, abs=1e-4)
    same = compare_models(rows, models[0], models[0])
    assert (same["kl"][0], same["same_top"][0], same["perplexity_ratio"][0]) == (pytest.approx(0, abs=1e-6), 1.0, 1.0)
