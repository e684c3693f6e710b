"""Choice questions on operating systems: wordings of papers, from the text to the letter."""

from __future__ import annotations

import pytest

from assistant408.tutor.extract import Reader
from assistant408.tutor.hints.os_sync import HINTS as SYNC
from assistant408.tutor.hints.os_tables import PROCESSES
from assistant408.tutor.quantity import prepare
from assistant408.tutor.solve import solve_question

CASES = [
    (  # tuples after the headings
        "进程 P1、P2、P3 的到达时刻、运行时间和优先数分别为（0,5,2）、（1,3,1）、（2,4,3），优先数小者优先，采用抢占式优先级调度，"
        "则 P1 的周转时间为（ ）。\nA. 5\nB. 7\nC. 8\nD. 12",
        "C",
    ),
    (  # waits up to now, and the cost of a switch
        "采用非抢占的优先权调度，优先权值大的进程优先，每次进程切换的开销为 1 ms。T 时刻就绪队列如下，从 T 时刻起开始调度，平均周转时间为（ ）。"
        "\n| 进程 | 等待时间 | 需要的 CPU 时间 | 优先权 |\n|---|---|---|---|\n| P1 | 5 ms | 10 ms | 1 |\n| P2 | 2 ms | 4 ms | 9 |"
        "\nA. 10 ms\nB. 12.5 ms\nC. 14 ms\nD. 16 ms",
        "C",
    ),
    (  # two policies, the first choice of each
        "三个作业的到达时刻与运行时间如下，系统在 t=3 时开始作业调度。分别采用先来先服务和短作业优先时，首先被选中的作业分别是（ ）。"
        "\n| 作业 | 到达时刻 | 运行时间 |\n|---|---|---|\n| J1 | 0 | 6 |\n| J2 | 1 | 5 |\n| J3 | 2 | 3 |"
        "\nA. J1、J2\nB. J2、J3\nC. J1、J3\nD. J3、J1",
        "C",
    ),
    (  # processes in prose, and what they may print
        "信号量 a、b 的初值均为 0。P1：print X；V(a)；V(b)；P2：P(a)；print Y；P3：P(b)；print Z。"
        "三个进程并发执行，可能的输出序列有（ ）种。\nA. 1\nB. 3\nC. 2\nD. 6",
        "C",
    ),
    (  # a value that can't come out
        "两个线程共享变量 x，初值为 3。线程 1 执行 x=x+1；线程 2 执行 x=x-2。每条语句都由取数、运算、存数三条指令实现，"
        "并发执行后 x 的值不可能是（ ）。\nA. 1\nB. 2\nC. 3\nD. 4",
        "C",
    ),
    (  # machine instructions
        "两个进程共享初值为 5 的变量 y，P1 加 1、P2 减 1，指令序列如下，两个操作完成后 y 的值（ ）。"
        "\nload R1, y\ninc R1\nstore y, R1\nload R2, y\ndec R2\nstore y, R2"
        "\nA. 只能为 5\nB. 可能为 4 或 6\nC. 可能为 4、5 或 6\nD. 可能为 3、4、5 或 6",
        "C",
    ),
    (  # a formula
        "n（n≥2）个进程各需要某类资源 4 个，系统不会发生死锁所需的资源总数至少是（ ）。\nA. n+1\nB. 4n\nC. 3n+1\nD. 3n",
        "C",
    ),
    (  # the verdict of a safety check
        "系统有 6 个同类资源，进程 P1、P2、P3 需要的资源数分别为 5、4、2，已分配的资源数分别为 3、1、1，安全性检测的结果是（ ）。"
        "\nA. 不存在安全序列，系统不安全\nB. 存在多个安全序列，系统安全\nC. 存在唯一安全序列 P3、P1、P2，系统安全"
        "\nD. 存在唯一安全序列 P3、P2、P1，系统安全",
        "C",
    ),
    (  # the page that comes next
        "进程分得 3 个页框，已访问的页号序列为 1,2,3,1,4,2，若要访问的下一页的页号为 5，依据 LRU 算法应淘汰的页是（ ）。"
        "\nA. 4\nB. 3\nC. 1\nD. 2",
        "C",
    ),
    (  # what the choices are tried on
        "段表如下，下列逻辑地址（段号，段内偏移）中会产生越界的是（ ）。"
        "\n| 段号 | 段长 | 基址 |\n|---|---|---|\n| 0 | 100 | 400 |\n| 1 | 50 | 800 |"
        "\nA. (0,99)\nB. (1,20)\nC. (1,60)\nD. (0,0)",
        "C",
    ),
    (  # a request named by its size
        "空闲分区的大小依次为 50 KB、90 KB、60 KB，依次申请 40 KB 和 55 KB，采用最佳适应算法，55 KB 的作业分到原来大小为（ ）的空闲区。"
        "\nA. 50 KB\nB. 90 KB\nC. 60 KB\nD. 无法分配",
        "C",
    ),
    (  # more or fewer
        "采用时间为 FIFO 的置换，访问序列为 1,2,3,4,1,2,5,1,2,3,4,5，页框数由 3 增加到 4 时，缺页次数增加了（ ）次。"
        "\nA. 0\nB. 2\nC. 1\nD. 3",
        "C",
    ),
    (  # where the bit is
        "位图存于磁盘的 8～31 号块中，每个盘块 512 B，盘块和块内字节都从 0 编号。释放盘块号为 8200 的盘块时，要修改的位所在的盘块号和块内字节序号分别是（ ）。"
        "\nA. 9、1\nB. 10、0\nC. 10、1\nD. 11、1",
        "C",
    ),
    (  # links
        "文件 A 的引用计数为 1，先建立 A 的硬链接 B，再建立 A 的符号链接 C，然后删除 A，则 B 和 C 的引用计数分别为（ ）。"
        "\nA. 0，1\nB. 2，1\nC. 1，1\nD. 1，2",
        "C",
    ),
]


@pytest.mark.parametrize(("question", "key"), CASES, ids=[str(i) for i in range(len(CASES))])
def test_letter(question: str, key: str) -> None:
    s = solve_question(question)
    assert s is not None and s["choice"] == key


def test_no_letter_when_half_of_the_data_is_unread() -> None:
    s = solve_question(
        "页表在内存，访存一次 200 ns，某种缓存使 60% 的访问少查一次页表，平均访问时间是（ ）。\nA. 200 ns\nB. 400 ns\nC. 280 ns\nD. 300 ns"
    )
    assert s is None or s["choice"] is None


def test_reads_processes_in_prose() -> None:
    r = Reader(prepare("进程 P1、P2 分别在 0、3 时刻到达，所需 CPU 时间分别为 7、4"))
    assert PROCESSES(r) == [{"name": "P1", "arrival": 0, "burst": 7}, {"name": "P2", "arrival": 3, "burst": 4}]
    r = Reader(prepare("信号量 s 初值为 1，x 初值为 0。P1：P(s)；x=x+1；V(s)；P2：P(s)；x=x+2；V(s)；"))
    program = SYNC["os.race_outcomes"]["program"](r)
    assert program is not None and program.splitlines()[:2] == ["semaphore s = 1;", "int x = 0;"]
