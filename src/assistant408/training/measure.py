"""How far a model is from another (困惑度与 KL 散度): on held-out conversations, with error bars by conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant408.training.encode import IGNORED

__all__ = ["compare_models", "summary"]

Sums = npt.NDArray[np.float64]
RESAMPLES = 2000


def compare_models(
    rows: Sequence[dict[str, list[int]]],
    reference: Any,
    candidate: Any,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Both models over the same answers.

    Args:
        rows: ``input_ids`` and ``labels`` of conversations, as `encode.encode` makes them.
        reference, candidate: causal language models of transformers over one vocabulary.

    Returns:
        See `summary`.
    """
    import torch

    sums = np.zeros((len(rows), 5))  # tokens, -log p of the reference, of the candidate, KL, same likeliest token
    with torch.inference_mode():
        for i, row in enumerate(rows):
            report(i, len(rows))
            ids = torch.tensor([row["input_ids"]])  # (1, T)
            labels = torch.tensor(row["labels"])[1:]  # (T-1,)
            at = labels != IGNORED
            p = _log_probabilities(reference, ids, at)  # (n, V)
            q = _log_probabilities(candidate, ids, at)
            gold = labels[at][:, None]
            sums[i] = (
                int(at.sum()),
                -float(p.gather(1, gold).sum()),
                -float(q.gather(1, gold).sum()),
                float((p.exp() * (p - q)).sum()),
                int((p.argmax(-1) == q.argmax(-1)).sum()),
            )
    report(len(rows), len(rows))
    return summary(sums)


def summary(sums: Sums, seed: int = 0) -> dict[str, Any]:
    """Perplexities, mean KL and agreement, each with its standard error.

    Args:
        sums: a row a conversation: tokens, -log p of the reference, of the candidate, KL, same likeliest token.
        seed: of the bootstrap over conversations, since the tokens of one aren't independent.

    Returns:
        ``tokens conversations`` and (value, standard error) pairs under ``reference_perplexity perplexity
        perplexity_ratio kl same_top``; KL in nats a token.

    Examples:
        >>> s = summary(np.array([[10, 20.0, 21.0, 0.5, 9], [30, 60.0, 63.0, 1.5, 27]]))
        >>> s["tokens"], s["kl"], s["same_top"], [round(x, 4) for x in s["perplexity_ratio"]]
        (40, [0.05, 0.0], [0.9, 0.0], [1.1052, 0.0])
    """
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(sums), (RESAMPLES, len(sums)))
    totals = sums[draws].sum(axis=1)  # (RESAMPLES, 5)

    def both(value: Callable[[Sums], Any]) -> list[float]:
        return [round(float(value(sums.sum(axis=0))), 5), round(float(np.std(value(totals.T))), 5)]

    return {
        "conversations": len(sums),
        "tokens": int(sums[:, 0].sum()),
        "reference_perplexity": both(lambda t: np.exp(t[1] / t[0])),
        "perplexity": both(lambda t: np.exp(t[2] / t[0])),
        "perplexity_ratio": both(lambda t: np.exp((t[2] - t[1]) / t[0])),
        "kl": both(lambda t: t[3] / t[0]),
        "same_top": both(lambda t: t[4] / t[0]),
    }


def _log_probabilities(model: Any, ids: Any, at: Any) -> Any:
    """Of the next token at the places where one is learnt, (n, V)."""
    hidden = model.get_decoder()(input_ids=ids.to(model.device)).last_hidden_state[0, :-1]  # (T-1, D)
    return model.get_output_embeddings()(hidden[at.to(hidden.device)]).float().log_softmax(-1).cpu()
