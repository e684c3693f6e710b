"""Oracle: a cycle-by-cycle pipeline that moves instructions between latches and checks operands in ID or EX."""

from hypothesis import given
from hypothesis import strategies as st

from assistant408.solvers.co.pipeline_hazards import solve

REG = st.sampled_from(["r1", "r2", "r3", "r4"])
LINE = st.one_of(
    st.tuples(st.just("add"), REG, REG, REG),
    st.tuples(st.just("lw"), REG, REG),
    st.tuples(st.just("sw"), REG, REG),
)


def text(line: tuple) -> str:
    op, first, *rest = line
    return f"add {first},{rest[0]},{rest[1]}" if op == "add" else f"{op} {first},0({rest[0]})"


def cycles(code: list[tuple], forwarding: bool, split: bool) -> int:
    """Tick a pipeline with the stages IF ID EX MEM WB; an instruction is its index."""
    reads = [set(c[1:]) if c[0] == "sw" else set(c[2:]) for c in code]
    writes = [None if c[0] == "sw" else c[1] for c in code]
    stage = dict.fromkeys(range(len(code)), "none")
    order = ["none", "IF", "ID", "EX", "MEM", "WB", "done"]
    time = 0
    while any(s != "done" for s in stage.values()):
        time += 1
        held = dict(stage)  # where everyone was in the cycle before
        for i in range(len(code)):
            now = held[i]
            if now == "done":
                continue
            ahead = order[order.index(now) + 1]
            if ahead not in ("done", "none") and any(stage[j] == ahead for j in range(i)):
                continue
            if now == "ID":
                writers = [max((j for j in range(i) if writes[j] == r), default=None) for r in reads[i]]
                if any(not ready(held[j], code[j][0], forwarding, split) for j in writers if j is not None):
                    continue
            stage[i] = ahead
            if ahead == "IF":
                break
    return time - 1


def ready(place: str, op: str, forwarding: bool, split: bool) -> bool:
    """May the consumer leave ID, given where its producer was in that cycle?"""
    if forwarding:
        return place in ("MEM", "WB", "done") or (op != "lw" and place == "EX")
    return place == "done" or (split and place == "WB")


@given(st.lists(LINE, min_size=1, max_size=9), st.booleans(), st.booleans())
def test_against_a_ticking_pipeline(code, forwarding, split):
    answer = solve("; ".join(map(text, code)), forwarding, split).answer
    assert answer["cycles"] == cycles(code, forwarding, split)
    assert answer["stalls"] == sum(answer["stalls_before"])
    assert bool(answer["hazards"]) == bool(answer["stalls"])


def test_golden_patterson_hennessy_4_7():
    # "sub $2,$1,$3; and $12,$2,$5; or $13,$6,$2; add $14,$2,$2; sw $15,100($2)": no stall with forwarding
    program = "sub $2,$1,$3; and $12,$2,$5; or $13,$6,$2; add $14,$2,$2; sw $15,100($2)"
    assert solve(program, True).answer["stalls"] == 0
    plain = solve(program, False).answer
    assert (plain["stalls"], plain["hazards"]) == (2, ["I1→I2($2)", "I1→I3($2)"])


def test_golden_408_2012():
    # 408, 2012: x=a+b on five stages, no forwarding, a register is readable the cycle after WB: 14 cycles
    program = "I1: LOAD R1,[a]; I2: LOAD R2,[b]; I3: ADD R1,R2; I4: STORE R2,[x]"
    program = program.replace("ADD R1,R2", "ADD R2,R1,R2")  # the exam's ADD writes R2
    answer = solve(program, split_register_file=False).answer
    assert answer["hazards"] == ["I1→I3(r1)", "I2→I3(r2)", "I3→I4(r2)"]
    assert answer["cycles"] == 14


def test_branches_and_constants():
    assert solve("beq r1,r2,L1; add r3,r4,r5", branch_stalls=3).answer["stalls"] == 3
    for zero in ("$zero", "$0"):
        assert solve(f"add {zero},$t1,$t2; add $t3,{zero},$t1").answer["stalls"] == 0
    assert solve("add $ra,$t1,$t2; jr $ra").answer["stalls"] == 2
