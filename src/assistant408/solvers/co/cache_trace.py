"""Cache trace (Cache 访问序列): hits and misses of a sequence of accesses, with replacement and write policy."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Solution, Step, Table
from assistant408.solvers.co._cache import Cache, Lookup, Policy, shape
from assistant408.solvers.co._text import listed

__all__ = ["solve"]

Write = Literal["写回+写分配", "全写+非写分配"]
SetRule = Literal["块号 mod 组数", "⌊块号/路数⌋ mod 组数"]


@solver(
    "co.cache_trace",
    title="Cache 访问序列的命中情况",
    summary="依次访问一串主存地址或块号，Cache 直接、组相联或全相联，LRU 或 FIFO 替换，逐次判断命中与替换，求命中次数和命中率。",
    syllabus=("co.memory.cache-replacement", "co.memory.cache-write", "co.memory.cache-set", "co.memory.cache-direct"),
    keywords=("Cache", "访问序列", "命中", "缺失", "命中率", "替换", "LRU", "FIFO", "写回", "全写", "组相联"),
    answers={
        "hit_rate": Out("命中率"),
        "hits": Out("命中次数", "次"),
        "misses": Out("缺失次数", "次"),
        "replacements": Out("替换次数", "次"),
        "evicted": Out("依次被替换的块"),
        "final": Out("最后各行中的主存块"),
        "memory_writes": Out("写主存的次数", "次"),
    },
    examples=(
        {"addresses": [0, 4, 8, 12, 16, 12, 16, 12, 16], "lines": 4, "ways": 2, "policy": "LRU"},
        {
            "addresses": [0, 16, 32, 4, 64, 0, 20, 64],
            "lines": 4,
            "ways": 2,
            "block_bytes": 16,
            "writes": [2, 5],
            "write_policy": "写回+写分配",
        },
    ),
)
def solve(
    addresses: Annotated[
        list[int], Param("访问序列", "依次访问的主存地址（块大小为 1 时即主存块号）", min=0, min_len=1, max_len=300)
    ],
    lines: Annotated[int, Param("Cache 行数", "总行数", min=1, max=1024)],
    ways: Annotated[int, Param("路数", "每组行数；1 为直接映射，0 为全相联", min=0, max=1024)] = 1,
    policy: Annotated[Policy, Param("替换算法")] = "LRU",
    block_bytes: Annotated[int, Param("块大小", "字节；访问序列是块号时为 1", min=1, max=65536)] = 1,
    writes: Annotated[
        list[int] | None, Param("写操作的序号", "第几次访问是写，从 1 数起；其余为读", min=1, max_len=300)
    ] = None,
    write_policy: Annotated[Write, Param("写策略")] = "写回+写分配",
    set_rule: Annotated[SetRule, Param("组号的求法", "后一种只见于 408 真题 2012")] = "块号 mod 组数",
) -> Solution:
    """Follow a sequence of accesses through a cache (Cache 访问序列).

    Args:
        addresses: byte addresses, or block numbers with `block_bytes` 1.
        lines: lines of the cache, all empty at first.
        ways: lines in a set; 1 is direct mapping, 0 fully associative.
        policy: LRU or FIFO in a set.
        block_bytes: size of a block in bytes.
        writes: 1-based positions of the accesses that write.
        write_policy: write-back with write-allocate, or write-through without.
        set_rule: which set a block belongs to.

    Returns:
        `hits`, `misses`, `hit_rate`, `replacements`, `evicted` (blocks in order), `final` (line to block) and
        `memory_writes` (blocks written back on replacement, or writes passed through).

    Raises:
        InputError: ways that do not divide the lines, or a write beyond the sequence.

    Examples:
        >>> solve([0, 4, 8, 12, 16, 12, 16, 12, 16], 4, 2).answer["hits"]
        4
        >>> solve([1, 2, 1, 2], 1).answer["hit_rate"]
        Fraction(0, 1)
        >>> solve([1, 2, 3, 1, 4, 1], 3, 0, "FIFO").answer["hits"]  # a hit does not renew block 1
        1

    Conventions:
        Block b belongs to set b mod sets, whose lines are consecutive. (The answer published for question 17
        of 2012 puts runs of as many blocks as there are ways into one set; `set_rule` offers that
        reading.) An empty line is filled before any block is replaced, lowest line first. Dirty blocks
        still in the cache at the end are not counted as written back.

    Source:
        唐朔飞《计算机组成原理》第4章（高速缓冲存储器）; 408 真题 2012.
    """
    sets, per_set = shape(lines, ways)
    marked = set(writes or [])
    if marked and max(marked) > len(addresses):
        raise InputError(f"写操作的序号 {max(marked)!r} 超过访问次数 {len(addresses)}，请改正。")
    through = write_policy == "全写+非写分配"
    cache = Cache(sets, per_set, policy, _run(set_rule, per_set))
    steps: list[Step] = []
    looked: list[Lookup] = []
    memory_writes = 0
    for turn, address in enumerate(addresses, start=1):
        block, write = address // block_bytes, turn in marked
        found = cache.access(block, write and not through, allocate=not (write and through))
        looked.append(found)
        memory_writes += write if through else found.wrote_back
        why = _words(turn, address, block, block_bytes, cache, write, found, through)
        steps.append(Step(why, _picture(cache, found)))
    hits = sum(f.hit for f in looked)
    evicted = [f.evicted for f in looked if f.evicted is not None]
    n = len(addresses)
    steps.append(
        Step(
            f"共访问 {n} 次，命中 {hits} 次，命中率 ${hits}/{n}$；替换 {len(evicted)} 次"
            f"{f'（依次换出块 {listed(evicted)}）' if evicted else ''}"
            f"{f'；写主存 {memory_writes} 次' if marked else ''}。",
            credit="统计命中次数与命中率",
            gives={
                "hit_rate": Fraction(hits, n),
                "hits": hits,
                "misses": n - hits,
                "replacements": len(evicted),
                "evicted": evicted,
                "final": {str(i): b for i, b in enumerate(cache.blocks) if b is not None},
                "memory_writes": memory_writes,
            },
        )
    )
    return Solution(steps, ("Cache 最初全空", f"组号 = {set_rule}", write_policy))


def _words(
    turn: int, address: int, block: int, size: int, cache: Cache, write: bool, found: Lookup, through: bool
) -> str:
    """Say what one access did."""
    name = "行" if cache.ways == 1 else "组"
    number = f"\\lfloor {block}/{cache.run}\\rfloor" if cache.run > 1 else str(block)
    where = f"第 ${number}\\bmod {cache.sets}={cache.set_of(block)}$ {name}" if cache.sets > 1 else "任意行"
    head = f"第 {turn} 次{'写' if write else '读'}："
    head += f"地址 {address} 属于块 {block}，" if size > 1 else f"块 {block}，"
    if found.hit:
        return f"{head}映射到{where}，命中{'，同时写主存' if write and through else ''}。"
    if found.line < 0:
        return f"{head}映射到{where}，缺失，非写分配，只写主存，不调入。"
    if found.evicted is None:
        return f"{head}映射到{where}，缺失，装入空行 {found.line}。"
    back = "（脏块，先写回主存）" if found.wrote_back else ""
    return f"{head}映射到{where}，缺失，替换行 {found.line} 中的块 {found.evicted}{back}。"


def _picture(cache: Cache, found: Lookup) -> Table:
    """Show the lines, at most 32 around the one touched."""
    low = max(0, min(found.line - 16, len(cache.blocks) - 32))
    shown = range(low, min(low + 32, len(cache.blocks)))
    rows = [
        [i // cache.ways, i, "" if cache.blocks[i] is None else str(cache.blocks[i]), "是" if cache.dirty[i] else ""]
        for i in shown
    ]
    marks = [(found.line - low, 2)] if found.line >= 0 else []
    return Table(["组", "行", "主存块", "脏"], rows, marks)


def _run(rule: SetRule, ways: int) -> int:
    """Return how many consecutive blocks share a set."""
    return 1 if rule == "块号 mod 组数" else ways


def _hits(blocks: list[int], sets: int, ways: int, policy: Policy, run: int = 1) -> int:
    """Count the hits of a sequence of reads."""
    cache = Cache(sets, ways, policy, run)
    return sum(cache.access(b).hit for b in blocks)


def mistakes(
    addresses: list[int],
    lines: int,
    ways: int,
    policy: Policy,
    block_bytes: int,
    writes: list[int] | None,
    write_policy: Write,
    set_rule: SetRule,
) -> Iterator[Mistake]:
    """Name the slips: another mapping or policy, addresses taken for blocks, misses for hits."""
    sets, per_set = shape(lines, ways)
    blocks = [a // block_bytes for a in addresses]
    n = len(addresses)

    def gives(hits: int) -> dict[str, int | Fraction]:
        return {"hits": hits, "misses": n - hits, "hit_rate": Fraction(hits, n)}

    run = _run(set_rule, per_set)
    right = _hits(blocks, sets, per_set, policy, run)
    other: Policy = "FIFO" if policy == "LRU" else "LRU"
    yield Mistake(f"按 {other} 替换", gives(_hits(blocks, sets, per_set, other, run)))
    yield Mistake("把缺失次数当成命中次数", gives(n - right))
    if per_set > 1:
        yield Mistake("按直接映射处理", gives(_hits(blocks, lines, 1, policy)))
    if sets > 1:
        yield Mistake("按全相联处理", gives(_hits(blocks, 1, lines, policy)))
        yield Mistake("把组数与路数弄反", gives(_hits(blocks, per_set, sets, policy)))
        flipped = _hits(blocks, sets, per_set, policy, per_set if run == 1 else 1)
        yield Mistake("组号求错：主存块的分组方法弄反", gives(flipped))
    if block_bytes > 1:
        yield Mistake("没有把地址换算成块号", gives(_hits(addresses, sets, per_set, policy)))
    distinct = len(set(blocks))
    yield Mistake("以为只有首次访问才缺失，没有考虑替换", gives(n - distinct))
    cold = min(distinct, n)
    yield Mistake("把装入空行也算命中，只把替换算缺失", gives(n - max(0, n - right - min(cold, lines))))
    yield Mistake("把替换次数当成命中次数", gives(max(0, n - right - min(cold, lines))))
    yield Mistake("首次访问也算命中", gives(min(n, right + 1)))
    if right:
        yield Mistake("没有按访问次序更新 Cache，漏数一次命中", gives(right - 1))
    if per_set > 1:
        yield Mistake("少算一路", gives(_hits(blocks, sets, per_set - 1, policy)))
    evicted = list(dict.fromkeys(blocks))
    yield Mistake("把装入空行也算作替换", {"replacements": n - right, "evicted": evicted})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw a sequence with reuse over a small cache."""
    lines = 4 if difficulty < 4 else 8
    ways = rng.choice([1, 2] if difficulty < 3 else [2, 4, 0])
    pool = [rng.randrange(0, 4 * lines) for _ in range(lines // 2 + 4)]
    refs = [rng.choice(pool) for _ in range(7 + difficulty)]
    policy: Policy = "LRU" if difficulty < 3 else rng.choice(["LRU", "FIFO"])
    name = {0: "全相联映射", 1: "直接映射"}.get(ways, f" {ways} 路组相联映射")
    how = "" if ways == 1 else f"，{policy} 替换"
    stem = f"某 Cache 共 {lines} 行，采用{name}{how}，初始为空。依次访问主存块 {'，'.join(map(str, refs))}，命中次数是（ ）。"
    return Draft(stem, {"addresses": refs, "lines": lines, "ways": ways, "policy": policy}, "hits")
