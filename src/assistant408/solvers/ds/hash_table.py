"""Hash tables (散列表): open addressing and chaining, average search lengths, deletion marks."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Literal

from assistant408.core.errors import InputError
from assistant408.core.params import Param
from assistant408.core.registry import Draft, Mistake, Out, solver
from assistant408.core.trace import Cell, Solution, Step, Table, Value
from assistant408.solvers.ds._answers import fraction
from assistant408.solvers.ds._text import join

__all__ = ["solve"]

Method = Literal["linear", "quadratic", "double", "chain"]
NAMES = {"linear": "线性探测法", "quadratic": "平方探测法", "double": "双散列法", "chain": "链地址法"}
DELETED = "已删"


@dataclass
class HashTable:
    """A table under the rules of one question."""

    size: int
    modulus: int
    method: str
    multiplier: int
    second_modulus: int
    cells: list[int | str | None] = field(default_factory=list)
    chains: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cells = [None] * self.size
        self.chains = [[] for _ in range(self.modulus)]

    def home(self, key: int) -> int:
        """Return H(key)."""
        return key * self.multiplier % self.modulus

    def probes(self, home: int, step: int) -> Iterator[int]:
        """Yield the addresses of the probe sequence from a home address."""
        if self.method == "quadratic":
            yield home % self.size
            for k in range(1, self.size // 2 + 1):
                yield (home + k * k) % self.size
                yield (home - k * k) % self.size
        else:
            for k in range(self.size):
                yield (home + k * step) % self.size

    def step(self, key: int) -> int:
        """Return the distance between probes."""
        return 1 + key % self.second_modulus if self.method == "double" else 1

    def insert(self, key: int) -> list[int]:
        """Insert and return the addresses probed.

        Raises:
            InputError: the key is there already, or no free cell is found.
        """
        if self.method == "chain":
            chain = self.chains[self.home(key)]
            if key in chain:
                raise InputError(f"关键字 {key!r} 已在散列表中，请勿重复插入。")
            chain.append(key)
            return [self.home(key)]
        path, free = [], None
        for address in self.probes(self.home(key), self.step(key)):
            path.append(address)
            cell = self.cells[address]
            if cell == key:
                raise InputError(f"关键字 {key!r} 已在散列表中，请勿重复插入。")
            if cell == DELETED and free is None:
                free = address
            if cell is None:
                self.cells[address if free is None else free] = key
                return path
        if free is None:
            raise InputError(f"插入 {key!r} 时探测不到空位，请加大表长或换一种方法。")
        self.cells[free] = key
        return path

    def search(self, key: int) -> tuple[list[int], bool, int]:
        """Return the addresses probed, whether the key is there, and the comparisons."""
        if self.method == "chain":
            chain = self.chains[self.home(key)]
            return [self.home(key)], key in chain, chain.index(key) + 1 if key in chain else len(chain)
        path = []
        for address in self.probes(self.home(key), self.step(key)):
            path.append(address)
            if self.cells[address] == key:
                return path, True, len(path)
            if self.cells[address] is None:
                break
        return path, False, len(path)

    def failure_counts(self, count_empty_link: bool) -> list[int] | None:
        """Return the comparisons of a failed search from every home address, if they don't depend on the key."""
        if self.method == "chain":
            return [len(chain) + count_empty_link for chain in self.chains]
        if self.method == "double":
            return None
        out = []
        for home in range(self.modulus):
            path = list(self.probes(home, 1))
            empty = next((k for k, a in enumerate(path) if self.cells[a] is None), len(path) - 1)
            out.append(empty + 1)
        return out


@solver(
    "ds.hash_table",
    title="散列表",
    summary="给出散列函数、表长、冲突处理方法和关键字序列，求散列表、各关键字的比较次数、查找成功与失败的平均查找长度，可含删除。",
    syllabus=(
        "ds.search.hash-asl",
        "ds.search.hash-collision",
        "ds.search.hash-properties",
        "ds.search.hash-function",
    ),
    keywords=("散列表", "哈希表", "散列函数", "冲突", "线性探测", "平方探测", "链地址法", "拉链法", "装填因子", "ASL"),
    answers={
        "asl_success": Out("查找成功的平均查找长度"),
        "asl_failure": Out("查找失败的平均查找长度"),
        "table": Out("散列表（各单元或各链）"),
        "addresses": Out("各关键字的存放地址"),
        "comparisons": Out("各关键字的查找比较次数", "次"),
        "load_factor": Out("装填因子"),
        "collisions": Out("插入时的冲突次数", "次"),
        "target_comparisons": Out("查找所给关键字的比较次数", "次"),
        "target_path": Out("查找时依次探测的地址"),
    },
    examples=(
        {"keys": [7, 8, 30, 11, 18, 9, 14], "size": 10, "modulus": 7, "multiplier": 3},
        {"keys": [22, 43, 15], "size": 7, "modulus": 7, "deletes": [22], "target": 43},
        {"keys": [19, 14, 23, 1, 68, 20, 84, 27, 55, 11, 10, 79], "size": 13, "modulus": 13, "method": "chain"},
    ),
)
def solve(
    keys: Annotated[list[int], Param("关键字序列", "依次插入，非负且互异", min=0, min_len=1, max_len=200)],
    size: Annotated[int, Param("表长 m", "散列表的单元数", min=1, max=1000)],
    modulus: Annotated[int, Param("除数 p", "散列函数 H(key)=key % p 中的 p", min=1, max=1000)],
    method: Annotated[
        Method, Param("处理冲突的方法", "linear 线性探测，quadratic 平方探测，double 双散列，chain 链地址")
    ] = "linear",
    multiplier: Annotated[int, Param("乘数 a", "散列函数为 H(key)=(key×a) % p 时的 a", min=1, max=1000)] = 1,
    second_modulus: Annotated[int, Param("第二散列函数的除数 q", "双散列的步长为 1+key % q", min=1, max=1000)] = 1,
    deletes: Annotated[list[int], Param("随后删除的关键字", "没有则留空", min=0, max_len=200)] = [],  # noqa: B006
    target: Annotated[int | None, Param("要查找的关键字", "不查找则留空", min=0)] = None,
    count_empty_link: Annotated[bool, Param("链地址法失败时空指针算一次比较")] = False,
) -> Solution:
    """Build a hash table and measure its searches (散列表).

    Args:
        keys: distinct keys, inserted in order.
        size: cells of the table (of no effect for `chain`).
        modulus: p of H(key) = key * multiplier mod p; failed searches start from the p addresses 0..p-1.
        method: collision resolution.
        multiplier: a of the hash function.
        second_modulus: q of the step 1 + key mod q of double hashing.
        deletes: keys deleted afterwards; open addressing marks their cells, chaining unlinks them.
        target: a key to search for at the end.
        count_empty_link: whether a failed search of a chain counts its empty link.

    Returns:
        `table` (keys, ``已删`` or `None` by cell, or lists for chains), `addresses`, `comparisons` by key,
        `asl_success`, `asl_failure` (not for double hashing), `load_factor`, `collisions`; with a target
        `target_comparisons` and `target_path`. No `asl_success` if every key was deleted.

    Raises:
        InputError: p above the table length, a repeated key, a full table, or a deletion of an absent key.

    Examples:
        >>> a = solve([7, 8, 30, 11, 18, 9, 14], 10, 7, multiplier=3).answer
        >>> a["asl_success"], a["asl_failure"]
        (Fraction(12, 7), Fraction(18, 7))
        >>> solve([5], 7, 7, "chain").answer["asl_failure"]
        Fraction(1, 7)
        >>> solve([7, 14], 7, 7, deletes=[7], target=14).answer["target_comparisons"]
        2

    Conventions:
        In open addressing the comparison with the empty cell that ends a failed search counts. Quadratic probing
        goes +1², -1², +2², -2², ... A deletion mark doesn't end a search, and its cell can be used again.

    Source:
        严蔚敏《数据结构（C 语言版）》§9.3; 408 真题 2010.
    """
    if method != "chain" and modulus > size:
        raise InputError(f"除数 {modulus!r} 应不大于表长 {size}，否则地址越界，请检查。")
    built = HashTable(size, modulus, method, multiplier, second_modulus)
    rows: list[list[Cell]] = []
    collisions = 0
    for key in keys:
        path = built.insert(key)
        count = len(path) if method != "chain" else built.search(key)[2]
        collisions += count - 1
        rows.append([key, built.home(key), join(path, "→"), count])
    formula = "key" if multiplier == 1 else f"(key\\times {multiplier})"
    steps = [
        Step(
            f"$H(key)={formula}\\bmod {modulus}$，用{NAMES[method]}处理冲突，依次插入，共冲突 {collisions} 次。",
            Table(
                ["关键字", "H(key)", "探测的地址", "比较次数"], rows, [(k, 3) for k, r in enumerate(rows) if r[3] != 1]
            ),
            "各关键字的地址",
            {"collisions": collisions},
        )
    ]
    for key in deletes:
        steps.append(_deleted(built, key))
    steps += _measured(built, [k for k in keys if k not in deletes], count_empty_link)
    if target is not None:
        path, found, count = built.search(target)
        why = f"查找 {target}：依次探测地址 {join(path, '→')}，比较 {count} 次，查找{'成功' if found else '失败'}。"
        steps.append(Step(why, credit="查找过程", gives={"target_comparisons": count, "target_path": path}))
    return Solution(steps, _conventions(method, count_empty_link, bool(deletes)))


def _conventions(method: str, count_empty_link: bool, deletes: bool) -> list[str]:
    if method == "chain":
        return ["新结点插在链尾", f"查找失败时空指针{'' if count_empty_link else '不'}计一次比较"]
    out = ["查找失败时与空单元的比较计一次"]
    if method == "quadratic":
        out.append("增量依次为 1²，-1²，2²，-2²，…")
    if deletes:
        out.append("删除只做标记，查找遇标记继续探测，插入可以利用它")
    return out


def _deleted(built: HashTable, key: int) -> Step:
    path, found, _ = built.search(key)
    if not found:
        raise InputError(f"要删除的关键字 {key!r} 不在散列表中，请检查。")
    if built.method == "chain":
        built.chains[built.home(key)].remove(key)
        return Step(f"删除 {key}：从第 {built.home(key)} 条链中摘下。")
    built.cells[path[-1]] = DELETED
    return Step(f"删除 {key}：在地址 {path[-1]} 处做删除标记，不能置空，否则探测序列中断。", credit="做删除标记")


def _measured(built: HashTable, keys: Sequence[int], count_empty_link: bool) -> list[Step]:
    chained = built.method == "chain"
    table: list[Value] = [list(c) for c in built.chains] if chained else list(built.cells)
    searches = {key: built.search(key) for key in keys}
    counts = {str(key): count for key, (_, _, count) in searches.items()}
    slots = built.modulus if chained else built.size
    picture = (
        Table(["地址", "链"], [[k, join(c, "→") or "∧"] for k, c in enumerate(built.chains)])
        if chained
        else Table(["地址", *map(str, range(built.size))], [["关键字", *("" if c is None else c for c in built.cells)]])
    )
    load = Fraction(len(keys), slots)
    steps = [
        Step(
            f"散列表如下，装填因子为 ${len(keys)}/{slots}$。",
            picture,
            "画出散列表",
            {
                "table": table,
                "addresses": {str(key): path[-1] for key, (path, _, _) in searches.items()},
                "load_factor": load,
                "comparisons": counts,
            },
        )
    ]
    if keys:
        total = sum(counts.values())
        why = f"查找成功：$ASL=({'+'.join(map(str, counts.values()))})/{len(keys)}={total}/{len(keys)}$。"
        steps.append(Step(why, credit="成功的平均查找长度", gives={"asl_success": Fraction(total, len(keys))}))
    failures = built.failure_counts(count_empty_link)
    if failures is not None:
        p = built.modulus
        why = (
            f"查找失败：从地址 0～{p - 1} 出发的比较次数为 {join(failures)}，"
            f"$ASL={sum(failures)}/{p}$（除以 p，不是表长）。"
        )
        steps.append(Step(why, credit="失败的平均查找长度", gives={"asl_failure": Fraction(sum(failures), p)}))
    return steps


def mistakes(
    keys: list[int],
    size: int,
    modulus: int,
    method: str,
    multiplier: int,
    second_modulus: int,
    deletes: list[int],
    target: int | None,
    count_empty_link: bool,
) -> Iterator[Mistake]:
    """Yield the classic slips: wrong divisor, uncounted empty cells, the other method, real deletion."""
    shared = {"multiplier": multiplier, "second_modulus": second_modulus, "deletes": deletes, "target": target}
    answer = solve(keys, size, modulus, method, count_empty_link=count_empty_link, **shared).answer
    left = len(keys) - len(deletes)
    if "asl_failure" in answer:
        failure = fraction(answer["asl_failure"])
        slots = size if method != "chain" else left or 1
        yield Mistake("失败时除以表长（或关键字数），而不是 p", {"asl_failure": failure * modulus / slots})
        yield Mistake(
            "没有计与空单元的比较" if method != "chain" else "空指针的比较计法弄反",
            {
                "asl_failure": failure + (1 if method == "chain" and not count_empty_link else -1),
            },
        )
        if "asl_success" in answer:
            success = fraction(answer["asl_success"])
            yield Mistake("成功与失败混淆", {"asl_success": failure, "asl_failure": success})
    if "asl_success" in answer:
        success = fraction(answer["asl_success"])
        yield Mistake("成功时除以表长，而不是关键字数", {"asl_success": success * left / size})
        yield Mistake("成功时除以 p", {"asl_success": success * left / modulus})
        yield Mistake("只数了冲突次数", {"asl_success": success - 1})
    for other in NAMES:
        if other != method and other != "double":
            try:
                wrong = solve(keys, size, modulus, other, **shared).answer
            except InputError:
                continue
            names = ("asl_success", "asl_failure", "collisions", "load_factor", "target_comparisons")
            yield Mistake(f"用了{NAMES[other]}", {k: wrong[k] for k in names if k in wrong})
    yield Mistake("装填因子除以 p", {"load_factor": Fraction(left, modulus)})
    yield Mistake("装填因子分子分母颠倒", {"load_factor": Fraction(size, left or 1)})
    if deletes and target is not None and target not in deletes:
        plain = solve([k for k in keys if k not in deletes], size, modulus, method, **{**shared, "deletes": []}).answer
        yield Mistake("删除后把后面的关键字前移", {k: plain[k] for k in ("target_comparisons", "asl_success")})


def generate(rng: random.Random, difficulty: int) -> Draft:
    """Draw keys with collisions."""
    size = rng.choice([11, 13]) if difficulty < 4 else rng.choice([13, 16])
    modulus = {11: 11, 13: 11 if difficulty > 2 else 13, 16: 13}[size]
    keys = rng.sample(range(1, 100), 5 + difficulty)
    method: Method = rng.choice(["linear", "chain"] if difficulty < 4 else ["linear", "linear", "quadratic"])
    if method == "quadratic":
        size = modulus = 11
        keys = keys[:7]
    ask = rng.choice(["asl_success", "asl_failure"])
    name = {"asl_success": "查找成功", "asl_failure": "查找失败"}[ask]
    note = "（与空指针的比较不计）" if method == "chain" and ask == "asl_failure" else ""
    table = f"表长为 {size}，" if method != "chain" else ""
    stem = (
        f"将关键字 {join(keys, '、')} 依次存入散列表，{table}散列函数为 $H(key)=key\\bmod {modulus}$，"
        f"用{NAMES[method]}处理冲突，等概率下{name}的平均查找长度{note}是（ ）。"
    )
    return Draft(stem, {"keys": keys, "size": size, "modulus": modulus, "method": method}, ask)
