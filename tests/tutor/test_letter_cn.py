"""Choice questions of computer networks, from their words to the letter; each key worked out by hand."""

import pytest

from assistant408.tutor.solve import solve_question

ITEMS = [
    ("在子网 198.51.100.32/27 中，下列地址可以分配给主机的是（ ）。", "198.51.100.32|198.51.100.63|198.51.100.40|198.51.100.64", "C"),
    ("下列 IPv6 地址的写法中，非法的是（ ）。", "::5|FE80::1::2|FE80::1:2|1:2:3:4:5:6:7:8", "B"),
    ("把一个网络划分为 3 个子网，其中一个子网是 10.1.1.64/26，则下列网络中，不可能是另外两个子网之一的是（ ）。", "10.1.1.0/26|10.1.1.128/25|10.1.1.192/26|10.1.1.32/27", "C"),
    ("甲的拥塞窗口为 6000 B，MSS 为 1000 B。甲发送 3 个最大段后，收到对第一个段的确认，其中接收窗口为 5000 B，则甲还可以发送的最大字节数是（ ）。", "2000|3000|4000|5000", "B"),
    ("甲向乙发送 3 个连续的 TCP 段，分别包含 100 B、200 B 和 300 B 的数据，第 2 个段的序号为 501。乙仅收到第 1 个和第 2 个段，则乙的确认号是（ ）。", "501|601|701|1001", "C"),
    ("将 172.20.16.0/21 划分为 4 个子网，则可能的最小子网的可分配 IP 地址数是（ ）。", "126|254|510|1022", "B"),
    ("IP 组播地址 239.130.1.2 映射到以太网的 MAC 地址为（ ）。", "01-00-5E-82-01-02|01-00-5E-02-01-02|01-00-5E-00-01-02|FF-FF-FF-02-01-02", "B"),
    ("CSMA/CD 网络的数据率为 100 Mb/s，信号传播速度为 200000 km/s。若最小帧长增加 200 b，则最远两站的距离最多可以（ ）。", "减少 200 m|增加 200 m|增加 400 m|减少 400 m", "B"),
    ("某信道每 0.25 ms 发送一个码元，每个码元有 4 种状态，则数据传输率为（ ）。", "4 kb/s|8 kb/s|16 kb/s|1 kb/s", "B"),
    ("采用曼彻斯特编码的 16 Mb/s 局域网，其信号的波特率为（ ）。", "8 MBaud|16 MBaud|32 MBaud|64 MBaud", "C"),
    ("令牌桶的容量为 12 Mb，令牌产生速率为 3 Mb/s，主机的最大发送速率为 9 Mb/s，则主机以最大速率突发的最长时间为（ ）。", "1 s|1.33 s|2 s|4 s", "C"),
    ("MSS=1 KB，当前拥塞窗口为 12 KB 时收到 3 个重复的确认，采用快恢复，则新的慢开始门限和拥塞窗口分别为（ ）。", "6 KB，1 KB|6 KB，6 KB|12 KB，6 KB|6 KB，12 KB", "B"),
    ("一个 960 B 的文件用 Base64 编码后的长度为（ ）。", "720 B|960 B|1280 B|1920 B", "C"),
    ("某 UDP 首部的十六进制为 0F A0 00 35 00 30 00 00，则目的端口和数据部分的长度分别是（ ）。", "53，40 B|53，48 B|4000，40 B|4000，48 B", "A"),
]  # fmt: skip


@pytest.mark.parametrize(("stem", "choices", "key"), ITEMS, ids=[f"{i}" for i in range(len(ITEMS))])
def test_the_letter(stem: str, choices: str, key: str) -> None:
    text = stem + "\n" + "\n".join(f"{c}. {t}" for c, t in zip("ABCD", choices.split("|"), strict=True))
    solution = solve_question(text)
    assert solution is not None
    assert solution["choice"] == key


def test_a_comparison_of_two_codes_is_left_open() -> None:
    stem = "数据率同为 10 Mb/s，采用 8B/10B 编码与采用曼彻斯特编码相比，码元速率（ ）。"
    solution = solve_question(stem + "\nA. 相同\nB. 前者较大\nC. 前者是后者的 4/5\nD. 前者是后者的 5/8")
    assert solution is None or solution["choice"] is None
