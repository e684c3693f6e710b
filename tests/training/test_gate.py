"""What the gate refuses."""

from __future__ import annotations

from assistant408.training.gate import Paired, Scored, judge, model_card


def test_chance_alone_does_not_refuse() -> None:
    assert judge([Paired("t", "a", "b", 8, 2, 0.109)]).passed
    assert judge([Paired("t", "a", "b", 1, 9, 0.021)]).passed
    assert not judge([Paired("t", "a", "b", 1, 9, 0.021), Paired("t", "a", "c", 9, 1, 0.021)]).passed


def test_the_card_says_what_was_not_done() -> None:
    pairs = [Paired("t", "a", "b", 9, 1, 0.021)]
    card = model_card(
        judge(pairs), [Scored("b", "t", 20, 5, (0.1, 0.5))], pairs, {"a": "m", "b": "n"}, {}, ["ceval：没有"]
    )
    assert "不通过" in card and "没有做：ceval：没有" in card and "25.0%（10.0%–50.0%）" in card and "变差" in card


def test_one_letter_whatever_is_asked_is_refused() -> None:
    spread = {"A": 25, "B": 29, "C": 24, "D": 22}
    stuck = Scored("small", "t", 100, 25, (0.17, 0.34), {"A": 100}, spread)
    assert "都选 A" in judge([], [stuck]).reasons[0]
    assert judge([], [Scored("b", "t", 100, 40, (0.3, 0.5), {"A": 60, "B": 40}, spread)]).passed
    assert judge([], [Scored("b", "t", 100, 100, (0.9, 1.0), {"A": 100}, {"A": 100})]).passed
