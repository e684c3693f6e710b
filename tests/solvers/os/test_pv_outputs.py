"""Oracle: run every merge of the processes that the semaphores allow."""

from itertools import permutations

import pytest

from assistant408.core.errors import InputError
from assistant408.solvers.os.pv_outputs import solve

PROGRAMS = [
    ({"a": 0, "b": 0}, [["1", "V a"], ["P a", "2", "V b"], ["P b", "3"]]),
    ({"a": 0, "b": 0}, [["A", "V a", "V b"], ["P a", "B"], ["P b", "C"]]),
    ({"s": 1}, [["P s", "x", "y", "V s"], ["P s", "z", "V s"]]),
    ({"s": 1, "t": 0}, [["P s", "a", "V t"], ["P t", "b"], ["P t", "c"]]),
]


def runs(values, processes):
    """All outputs of maximal runs, every step order tried."""
    found = set()

    def go(values, at, out):
        moved = False
        for i, steps in enumerate(processes):
            if at[i] == len(steps):
                continue
            op, _, name = steps[at[i]].partition(" ")
            if op == "P" and not values[name]:
                continue
            moved = True
            change = {"P": -1, "V": 1}.get(op, 0) if name else 0
            after = {**values, name: values[name] + change} if name else values
            go(after, [*at[:i], at[i] + 1, *at[i + 1 :]], out + (op if not name else ""))
        if not moved:
            found.add((out, all(a == len(s) for a, s in zip(at, processes, strict=True))))

    go(values, [0] * len(processes), "")
    return found


@pytest.mark.parametrize(("values", "processes"), PROGRAMS)
def test_against_all_runs(values, processes):
    spell = {"P": "P({});", "V": "V({});"}
    bodies = [" ".join(spell[x[0]].format(x[2:]) if x[1:2] == " " else f'"{x}";' for x in steps) for steps in processes]
    program = f"semaphore {', '.join(f'{k} = {v}' for k, v in values.items())};\n"
    program += "\n".join(f"process Q{i} {{ {body} }}" for i, body in enumerate(bodies))
    expected = runs(values, processes)
    answer = solve(program).answer
    assert answer["sequences"] == sorted({out for out, _ in expected})
    assert answer["deadlock"] == any(not ended for _, ended in expected)
    shown = sorted({x for s in processes for x in s if " " not in x})
    for order in permutations(shown):
        possible = any(out.startswith("".join(order)) for out, _ in expected)
        assert solve(program, list(order)).answer["possible"] == possible


def test_bad_input():
    with pytest.raises(InputError):
        solve("semaphore s = 1; P(s);")
