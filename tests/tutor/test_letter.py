"""Choice questions: the letter that the solvers give, and when they give none."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from assistant408.core.registry import Out
from assistant408.tutor.match import Fact, facts_of, match, parts_of
from assistant408.tutor.solve import solve_question
from assistant408.tutor.values import readable, same

FRESH = Path(__file__).parents[2] / "benchmarks" / "choice-solve.jsonl"


def letter(question: str) -> tuple[str | None, str | None]:
    s = solve_question(question)
    return (s["choice"], s["confidence"]) if s else (None, None)


@pytest.mark.parametrize(
    ("question", "key"),
    [
        (  # several values, in the order asked for
            "把 8 Gb 的文件分发给 20 个对等方，服务器的上传速率为 40 Mb/s，每个对等方的下载速率为 8 Mb/s、上传速率为 2 Mb/s。"
            "采用 C/S 方式和 P2P 方式的最短分发时间分别是（ ）。\nA. 4000 s、1000 s\nB. 2000 s、4000 s\nC. 4000 s、2000 s\nD. 1000 s、2000 s",
            "C",
        ),
        (  # one value under several options
            "用 6 块 2 TB 的磁盘组成阵列。采用 RAID5 和 RAID6 时的可用容量分别为（ ）。"
            "\nA. 12 TB，10 TB\nB. 10 TB，10 TB\nC. 10 TB，8 TB\nD. 8 TB，10 TB",
            "C",
        ),
        (  # an entry of a table, pointed at
            "三个进程 P1、P2、P3 的到达时间分别为 0、1、2，运行时间分别为 5、3、1，采用先来先服务，进程 P2 的周转时间是（ ）。"
            "\nA. 5\nB. 6\nC. 7\nD. 8",
            "C",
        ),
        (  # a result that isn't the usual one
            "从空树开始依次插入 40, 20, 60, 10, 30, 25 建立二叉排序树，查找 25 需要比较（ ）次。\nA. 2\nB. 3\nC. 4\nD. 5",
            "C",
        ),
        (  # the choices are the data
            "在四棵二叉排序树中分别查找 33，依次比较的关键字如下，其中不可能的是（ ）。"
            "\nA. 80, 20, 50, 33\nB. 10, 60, 30, 33\nC. 50, 20, 55, 33\nD. 70, 65, 12, 33",
            "C",
        ),
        (
            "路由器的转发表有 10.1.0.0/16→A，10.1.8.0/21→B，默认路由→C。下列目的地址中，会转发到 B 的是（ ）。"
            "\nA. 10.1.7.9\nB. 10.1.16.1\nC. 10.1.9.200\nD. 10.2.8.1",
            "C",
        ),
        (
            "下列十进制小数中，能用有限位二进制小数精确表示的是（ ）。\nA. 0.3\nB. 0.7\nC. 0.8125\nD. 0.9",
            "C",
        ),
        (  # the unit stands behind the blank
            "某流水线有 4 段，各段时间分别为 10 ns、20 ns、15 ns、10 ns，连续执行 10 条指令所需的时间是（ ）ns。"
            "\nA. 220\nB. 240\nC. 260\nD. 550",
            "C",
        ),
    ],
)
def test_letters(question: str, key: str) -> None:
    assert letter(question)[0] == key


def test_a_letter_is_exact_only_if_what_is_asked_for_settles_it() -> None:
    stem = "3 个页框，访问序列 2,3,2,1,5,2,4,5,3,2,5,2，采用 LRU，"
    assert letter(f"{stem}缺页次数是（ ）。\nA. 6\nB. 7\nC. 8\nD. 9") == ("B", "exact")
    assert letter(f"{stem}缺页次数是（ ）。\nA. 60\nB. 70\nC. 80\nD. 90") == (None, None)


@pytest.mark.parametrize(
    "question",
    [
        # half of the data would go unused
        "某 TCP 连接 MSS 为 1 KB，处于慢开始阶段，cwnd 为 4 KB，已发出 4 KB 数据且全部未被确认。发送方收到对第一个报文段（1 KB）"
        "的确认，确认中的接收窗口为 6 KB。此时发送方还可以发送的数据量是（ ）。\nA. 1 KB\nB. 2 KB\nC. 3 KB\nD. 5 KB",
        # the data is changed in words
        "某程序 A 类指令占 60%、CPI 为 2，B 类占 40%、CPI 为 4，主频 1 GHz。优化后 A 类指令减少一半，其余不变，则平均 CPI 为（ ）。"
        "\nA. 2.2\nB. 2.8\nC. 3.0\nD. 3.14",
        # both demands at once, which the solver takes apart
        "要求一种编码能纠正 2 位错，同时能检出 4 位错，码距至少应为（ ）。\nA. 5\nB. 6\nC. 7\nD. 9",
    ],
)
def test_no_letter_for_what_the_solver_does_not_cover(question: str) -> None:
    assert letter(question)[0] is None


def test_fresh_items_of_the_benchmark() -> None:
    rows = [json.loads(line) for line in FRESH.read_text(encoding="utf-8").splitlines()]
    assert len({r["id"] for r in rows}) == len(rows) >= 60
    right = 0
    for r in rows:
        given, _ = letter(r["question"] + "\n" + "\n".join(f"{k}. {v}" for k, v in r["choices"].items()))
        assert given in (None, r["answer"]), r["id"]
        right += given == r["answer"]
    assert right >= 50


def test_parts_of_choices() -> None:
    cut = list(parts_of({"A": "（N1, 4）、2", "B": "（N2, 4）、3", "C": "（N1, 5）、2"}))
    assert cut[0]["A"] == ["（N1, 4）", "2"]
    assert list(parts_of({"A": "1、2", "B": "3", "C": "4"})) == []


def test_what_is_asked_for_goes_before_what_only_fits() -> None:
    outs = {"faults": Out("缺页次数", "次"), "replacements": Out("置换次数", "次")}
    facts = facts_of({"faults": 7, "replacements": 4}, outs, ["faults"], "faults", "缺页次数是( )。", [])
    found = match({"A": "4", "B": "7", "C": "9"}, facts, "", False)
    assert found is not None and (found.choice, found.sure) == ("B", True)
    assert match({"A": "1", "B": "2", "C": "3"}, facts, "", False) is None
    assert match({"A": "4", "B": "5"}, [Fact("x", 4, Out("别的"), 0.0)], "", False) is None


def test_values_as_choices_write_them() -> None:
    assert same("[-1, 0, -1]", [-1, 0, -1], Out("next 数组")) and not same("1, 0, 1", [-1, 0, -1], Out("next 数组"))
    assert same("ab/cde*+f*−", "ab/cde*+f*-", Out("后缀式")) and not same("ab/cde*+−f*", "ab/cde*+f*-", Out("后缀式"))
    assert same("4.63", Fraction(125, 27), Out("加速比")) and not same("4.62", Fraction(125, 27), Out("加速比"))
    assert same("不存在", None, Out("安全序列")) and not same("75%", 75, Out("时间", "ns"))
    assert readable("28 TB", 1, Out("可用容量", "GB")) and not readable("3 ms", 1, Out("距离", "m"))
