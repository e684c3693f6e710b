"""Computed choice questions of computer organisation: from the wording to the letter, or to none."""

import pytest

from assistant408.tutor.extract import Reader
from assistant408.tutor.hints.co_cache import HINTS as CACHE
from assistant408.tutor.hints.co_code import HINTS as CODE
from assistant408.tutor.hints.co_fixed import HINTS as FIXED
from assistant408.tutor.quantity import prepare
from assistant408.tutor.solve import solve_question

ITEMS = [
    ("co.c_program", "short 型变量 s 的值为 -6，执行 unsigned int u = s; 后 u 的机器数是", "0000 FFFAH|FFFF FFFAH|0000 0006H|8000 0006H", "B"),
    ("co.c_program", "已知 int i=100，float f=2.75。下列关系表达式中，结果为真的是\nⅠ. i==(int)(float)i\nⅡ. f==(float)(int)f", "仅Ⅰ|仅Ⅱ|Ⅰ和Ⅱ|都不为真", None),
    ("co.fixed_expression", "若 x=90，y=-50，则采用 8 位补码实现下列运算时，会发生溢出的是", "x+y|-x+y|-x-y|x-y", "BD"),
    ("co.bit_pattern", "由 2 个 1 和 6 个 0 组成的 8 位补码，能表示的最小整数是", "-64|-126|-127|-128", "C"),
    ("co.hit_rate", "某程序访存 500 次，其中 Cache 缺失 20 次，则 Cache 的命中率是", "4%|20%|80%|96%", "D"),
    ("co.cpu_equation", "某程序执行 3×10^8 条指令，平均 CPI 为 2，主频为 1.5 GHz，则它占用的 CPU 时间是", "0.4s|0.2s|0.1s|0.8s", "A"),
    ("co.machine_pair", "M1 和 M2 指令集相同，主频分别为 2GHz 和 1.6GHz，运行程序 P 的平均 CPI 分别为 3 和 2，则 P 在 M1 和 M2 上运行时间的比值是", "0.83|1.2|1.5|0.67", "B"),
    ("co.instruction_length", "定长指令系统有 20 条双操作数指令和 100 条单操作数指令，每个地址字段 5 位，操作码长度可变，则指令字长至少为", "14 位|15 位|16 位|17 位", "B"),
    ("co.bus_bandwidth", "某存储器总线有 4 个通道，每个通道宽 64 位，工作频率 1600MHz，总线的总带宽为", "12.8GB/s|25.6GB/s|51.2GB/s|102.4GB/s", "C"),
]  # fmt: skip


def ask(stem: str, choices: str) -> dict | None:
    return solve_question(stem + "\n" + "\n".join(f"{c}. {t}" for c, t in zip("ABCD", choices.split("|"), strict=True)))


@pytest.mark.parametrize(("solver", "stem", "choices", "letter"), [i for i in ITEMS if i[3] and len(i[3]) == 1])
def test_the_letter_follows_from_the_solver(solver, stem, choices, letter):
    found = ask(stem, choices)
    assert found is not None
    assert (found["id"], found["choice"]) == (solver, letter)
    assert found["steps"]


def test_two_choices_that_both_overflow_leave_it_open():
    _, stem, choices, _ = next(i for i in ITEMS if i[3] == "BD")
    found = ask(stem, choices)
    assert found is None or found["choice"] is None


def test_a_burst_that_the_solver_does_not_know_gets_no_letter():
    stem = "总线宽 32 位，时钟 100MHz，不支持突发传送方式，读一个 16B 的主存块所需时间为"
    found = ask(stem, "50ns|80ns|40ns|20ns")
    assert found is None or found["choice"] is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("设 x 和 z 为 int 型，y 为 short 型。x=5，y=-3 时执行 z=x+y 后", "int x = 5; short y = -3; int z = x+y"),
        ("char c = 0x9C（8 位带符号），执行 int k = c >> 2;", "char c = 0x9C; int k = c >> 2"),
        ("float 型变量 f 的机器数为 C120 0000H，则", "float f = -10.0"),
    ],
)
def test_programs_are_read_from_prose(text, code):
    assert CODE["co.c_program"]["code"](Reader(prepare(text))) == code


def test_fields_are_read():
    r = Reader(prepare("字长 8 位，[x]补=1 1110100，[y]补=1 0110000，z=2×x+y/2，则 z 的机器数为"))
    hints = FIXED["co.fixed_expression"]
    assert hints["values"](r) == [0b11110100, 0b10110000]
    assert hints["expression"](r) == "2×x+y/2"
    table = "TLB 全相联\n| 有效位 | 标记 | 页框号 |\n|---|---|---|\n| 1 | 03FFFH | 0153H |\n| 0 | 1H | 2H |"
    rows = CACHE["co.address_translation"]["tlb"](Reader(prepare(table)))
    assert rows == [
        {"set": 0, "tag": 0x3FFF, "frame": 0x153, "valid": 1},
        {"set": 0, "tag": 1, "frame": 2, "valid": 0},
    ]
