"""How well claims are judged, and the training of what judges them.

    python benchmarks/judge.py             # two-fold over the conceptual choice questions of the practice bank
    python benchmarks/judge.py --write     # and trains on all of them, for the program

The network is trained on the statements, each judged without those written with it; the linear model on the bank's
questions, each judged without its own statements. Nothing of the 408-bench is read.
"""

from __future__ import annotations

import argparse
import zlib
from dataclasses import dataclass

import numpy as np

from assistant408.core.paths import content_dir, home
from assistant408.evals.stats import wilson
from assistant408.tutor.item import Item, dissect
from assistant408.tutor.judge import FEATURES, STATEMENTS, Claim, Judge, Weights, claims_of
from assistant408.web.judging import WEIGHTS, bare_judge
from assistant408.web.services import Services

HIDDEN = 32
NETWORKS = 3  # trained from different beginnings and averaged: one alone is a point worse, and wavers


@dataclass
class Case:
    """A question of the bank, and what its claims were compared with."""

    id: str
    item: Item
    key: str
    pairs: np.ndarray
    signs: np.ndarray
    rest: np.ndarray

    @property
    def signed(self) -> np.ndarray:
        """How the claims' log-odds make those of the choices, of shape (choices, claims)."""
        labels = list(self.item.statements)
        if not self.item.combined:
            return np.eye(len(labels)) * (-1 if self.item.wrong else 1)
        return np.array(
            [[0.5 if (x in held) != self.item.wrong else -0.5 for x in labels] for held in self.item.holds.values()]
        )


def main() -> None:
    """Prints the two-fold accuracy and, with ``--write``, stores the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--strength", type=float, default=20.0, help="of the penalty on the linear weights")
    args = parser.parse_args()
    services = Services(home(), content_dir())
    judge = bare_judge(services)
    stated = [i for i, f in enumerate(judge.facts.facts) if f.stated and "#" in f.group]
    pairs, signs, _, _ = judge.compare(
        [Claim(f.text, group=f.group) for f in (judge.facts.facts[i] for i in stated)], judge.facts.vectors[stated]
    )
    true = judge.facts.true[stated].astype(float)
    network = joined([train_network(pairs, signs, true, np.random.default_rng(n)) for n in range(NETWORKS)])
    cases = list(load_cases(services, judge))
    for case in cases:
        made = network.compared(case.pairs, case.signs)
        case.rest = np.concatenate([made[:, None], 1 / (1 + np.exp(-made))[:, None], case.rest], axis=1)
    right: dict[str, list[bool]] = {}
    for fold in (0, 1):
        weights = train_linear([c for c in cases if half(c.id) != fold], network, args.strength)
        for c in cases:
            if half(c.id) == fold:
                odds = dict(zip(c.item.statements, weights.log_odds(c.rest).tolist(), strict=True))
                scores = c.item.scores(odds)
                right.setdefault(c.id[:2], []).append(max(scores, key=lambda k: scores[k]) == c.key)
    for name, marks in [*right.items(), ("all", [m for ms in right.values() for m in ms])]:
        low, high = wilson(sum(marks), len(marks))
        print(f"{name:>4}  {sum(marks) / len(marks):.3f}  [{low:.3f}, {high:.3f}]  n={len(marks)}")
    if args.write:
        weights = train_linear(cases, network, args.strength)
        np.savez_compressed(WEIGHTS, **{k: np.asarray(v, np.float32) for k, v in weights.arrays.items()})
        print("written", WEIGHTS.name, dict(zip(FEATURES, weights.arrays["alone"].round(2).tolist(), strict=True)))


def half(id: str) -> int:
    """The fold of a question."""
    return zlib.crc32(id.encode()) % 2


def load_cases(services: Services, judge: Judge):
    """The conceptual choice questions, their choices in a fixed random order."""
    for q in services.questions.values():
        if q.kind == "single" and q.check is None:
            item = dissect(q.stem, q.choices)
            if not item.counts:
                claims = claims_of(item.statements, q.id)
                pairs, signs, rest, _ = judge.compare(claims, judge.embed([c.text for c in claims]))
                yield Case(q.id, item, q.answer[0], pairs, signs, rest)


def train_network(pairs: np.ndarray, signs: np.ndarray, true: np.ndarray, rng: np.random.Generator) -> Weights:
    """Fits the comparisons to whether statements are true, by logistic loss and Adam."""
    mean, spread = pairs.mean((0, 1)), pairs.std((0, 1)) + 1e-6
    x = np.clip((pairs - mean) / spread, -5, 5)
    shape = {"1": (x.shape[-1], HIDDEN), "2": (HIDDEN,), "3": (HIDDEN,), "4": (1,)}
    p = {
        f"{name}.{k}": rng.normal(0, size[0] ** -0.5, size) if k in "13" else np.zeros(size)
        for name in ("stated", "said")
        for k, size in shape.items()
    }
    p["bias"] = np.zeros(1)
    first, second = ({k: np.zeros_like(v) for k, v in p.items()} for _ in range(2))
    batch, epochs, step = 512, 60, 0
    total = epochs * (len(x) // batch)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x) - batch + 1, batch):
            rows = order[start : start + batch]
            grads = {k: np.zeros_like(v) for k, v in p.items()}
            out, kept = np.zeros(batch) + p["bias"][0], {}
            for name, part in (("stated", slice(0, STATEMENTS)), ("said", slice(STATEMENTS, None))):
                seen = x[rows][:, part] * (rng.random((batch, 1, x.shape[-1])) > 0.1) / 0.9
                inner = np.tanh(seen @ p[f"{name}.1"] + p[f"{name}.2"])
                kept[name] = seen, inner, 0.3 * signs[rows][:, part]
                out += (kept[name][2] * (inner @ p[f"{name}.3"] + p[f"{name}.4"][0])).sum(1)
            error = (1 / (1 + np.exp(-out)) - true[rows]) / batch
            grads["bias"][0] = error.sum()
            for name, (seen, inner, sign) in kept.items():
                e = error[:, None] * sign
                grads[f"{name}.3"], grads[f"{name}.4"][0] = np.einsum("bf,bfh->h", e, inner), e.sum()
                back = e[..., None] * p[f"{name}.3"] * (1 - inner**2)
                grads[f"{name}.1"], grads[f"{name}.2"] = np.einsum("bfi,bfh->ih", seen, back), back.sum((0, 1))
            step += 1
            rate = 1e-2 * (1 - step / total) + 1e-5
            for k in p:
                first[k] = 0.9 * first[k] + 0.1 * grads[k]
                second[k] = 0.999 * second[k] + 0.001 * grads[k] ** 2
                move = first[k] / (1 - 0.9**step) / (np.sqrt(second[k] / (1 - 0.999**step)) + 1e-8)
                p[k] = p[k] - rate * (move + 1e-2 * p[k])
    return Weights({k: v.astype(np.float32) for k, v in {**p, "mean": mean, "spread": spread}.items()})


def joined(networks: list[Weights]) -> Weights:
    """Networks side by side as a wider one, whose output is the mean of theirs."""
    each = [n.arrays for n in networks]
    out = dict(each[0])
    for name in ("stated", "said"):
        out[f"{name}.1"] = np.concatenate([a[f"{name}.1"] for a in each], axis=1)
        out[f"{name}.2"] = np.concatenate([a[f"{name}.2"] for a in each])
        out[f"{name}.3"] = np.concatenate([a[f"{name}.3"] for a in each]) / len(each)
        out[f"{name}.4"] = np.mean([a[f"{name}.4"] for a in each], axis=0)
    out["bias"] = np.mean([a["bias"] for a in each], axis=0)
    return Weights(out)


def train_linear(cases: list[Case], network: Weights, strength: float) -> Weights:
    """Fits the features to the keys, by softmax over the choices with a quadratic penalty."""
    rows = np.concatenate([c.rest for c in cases])
    mean, spread, n = rows.mean(0), rows.std(0) + 1e-6, rows.shape[1]
    made = []
    for c in cases:
        x = (c.rest - mean) / spread
        full = np.concatenate([x, x - x.mean(0), np.ones((len(x), 1))], axis=1)
        made.append((c.signed @ full, list(c.item.holds).index(c.key)))
    w, first, second = np.zeros(2 * n + 1), np.zeros(2 * n + 1), np.zeros(2 * n + 1)
    for step in range(1, 301):
        g = strength * w
        for x, key in made:
            z = x @ w
            chance = np.exp(z - z.max())
            chance /= chance.sum()
            chance[key] -= 1
            g = g + x.T @ chance
        first, second = 0.9 * first + 0.1 * g, 0.99 * second + 0.01 * g * g
        w = w - 0.03 * first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    linear = {"feature_mean": mean, "feature_spread": spread, "alone": w[:n], "beside": w[n:-1], "offset": w[-1:]}
    return Weights({**network.arrays, **{k: v.astype(np.float32) for k, v in linear.items()}})


if __name__ == "__main__":
    main()
