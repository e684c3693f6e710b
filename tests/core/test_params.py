"""Coercion of text and JSON to typed arguments."""

import dataclasses
import inspect
import json
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from assistant408.core.errors import InputError
from assistant408.core.params import Param, bind, coerce, fields_of, schema_of
from assistant408.core.registry import all_solvers


@dataclass(frozen=True)
class Process:
    name: Annotated[str, Param("名称", max_len=10)]
    arrival: Annotated[int, Param("到达时刻", min=0)]
    burst: Annotated[Fraction, Param("运行时间", min=0)] = Fraction(1)


TYPES = [
    int,
    bool,
    str,
    Fraction,
    Literal["LRU", "FIFO"],
    Literal[1, 2],
    int | None,
    list[int],
    list[str],
    list[bool],
    list[Fraction],
    list[list[int]],
    list[Process],
    list[Literal["a", "b"]],
    list[int | None],
    Process,
]

# arbitrary text, and text made of the characters that the parsers look for
WILD = st.one_of(
    st.text(max_size=60),
    st.text("0123456789+-_.eE/%％hHxXbBabLRU[]{},;:，、；： \n\"'", max_size=60),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=12,
    ).map(json.dumps),
)

BOMBS = [
    "[" + "1" * 5000 + "]",
    "[" * 100_000,
    "[" * 990 + "]" * 990,
    '{"a":' * 2000,
    "1" * 5000,
    "0x" + "f" * 5000,
    "1e999999999",
    "1e1_000_000_000",
    "1e-999999999%",
    "1/0",
    "[1e999]",
    "[NaN, Infinity]",
    "[null, {}, [[]]]",
    "\ud800",
    "²",
    "\x00",
]


def _try(text: object, hint: object, param: Param | None = None) -> tuple[object, str]:
    """The value, or the complaint about it; any other exception gets out."""
    try:
        return coerce(text, hint, param), ""
    except InputError as e:
        return None, str(e)


def _fits(value: object, hint: object) -> bool:
    """Whether a coerced value really has the type."""
    if hint in (int, bool, str, Fraction):
        return type(value) is hint
    if hint == int | None:
        return value is None or type(value) is int
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return type(value) is hint
    arguments = hint.__args__
    if hint.__origin__ is list:
        return type(value) is list and all(_fits(v, arguments[0]) for v in value)
    return value in arguments


@given(st.sampled_from(TYPES), WILD)
@settings(max_examples=600, deadline=None)
def test_any_text_becomes_a_value_of_the_type_or_an_input_error(hint: object, text: str) -> None:
    value, complaint = _try(text, hint)
    if complaint:
        assert complaint.endswith("。") and "\n" not in complaint
    else:
        assert _fits(value, hint)


@pytest.mark.parametrize("hint", TYPES, ids=str)
@pytest.mark.parametrize("bomb", BOMBS, ids=lambda b: ascii(b[:12]))
def test_bombs_are_refused_in_one_sentence(hint: object, bomb: str) -> None:
    value, complaint = _try(bomb, hint)
    assert 0 < len(complaint) < 400 or _fits(value, hint)


FIELDS = [(s.id, f) for s in all_solvers().values() for f in s.fields]


@given(st.sampled_from(FIELDS), WILD)
@settings(max_examples=400, deadline=None)
def test_no_field_of_any_solver_raises_anything_but_an_input_error(named: tuple, text: str) -> None:
    _, complaint = _try(text, named[1].type, named[1].param)
    assert complaint == "" or complaint.endswith("。")


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda b: ascii(b[:12]))
def test_every_field_of_every_solver_survives_the_bombs(bomb: str) -> None:
    for solver, field in FIELDS:
        _, complaint = _try(bomb, field.type, field.param)
        assert len(complaint) < 500, f"{solver} {field.name}"


@given(st.lists(st.integers(-(10**30), 10**30), max_size=30), st.sampled_from([",", " ", "，", "、", "; ", "\n"]))
def test_a_written_list_of_integers_reads_back(numbers: list[int], separator: str) -> None:
    assert coerce(separator.join(map(str, numbers)), list[int]) == numbers
    assert coerce(json.dumps(numbers), list[int]) == numbers


@given(st.lists(st.lists(st.integers(-99, 99), min_size=1, max_size=6), min_size=1, max_size=6))
def test_a_written_matrix_reads_back(rows: list[list[int]]) -> None:
    assert coerce("; ".join(" ".join(map(str, r)) for r in rows), list[list[int]]) == rows
    assert coerce("\n".join(",".join(map(str, r)) for r in rows), list[list[int]]) == rows


@given(st.fractions())
def test_a_written_fraction_reads_back(number: Fraction) -> None:
    assert coerce(str(number), Fraction) == number
    assert coerce(f"{number}%", Fraction) == number / 100


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("-3", -3), ("0x1F", 31), ("1Fh", 31), ("0b101", 5), ("1_000", 1000), ("１２", 12)],
)
def test_integers_in_the_notations_of_the_field(text: str, value: int) -> None:
    assert coerce(text, int) == value


def test_ff_needs_a_leading_digit_so_that_words_are_not_numbers() -> None:
    with pytest.raises(InputError, match="整数"):
        coerce("ffh", int)
    with pytest.raises(InputError, match="整数"):
        coerce(True, int)
    with pytest.raises(InputError, match="整数"):
        coerce(2.5, int)
    assert coerce(2.0, int) == 2


def test_rows_from_text_objects_and_arrays() -> None:
    rows = [Process("P1", 0, Fraction(5)), Process("P2", 1, Fraction(1, 2))]
    assert coerce("P1:0:5, P2：1：0.5", list[Process]) == rows
    assert coerce('[["P1", 0, 5], ["P2", 1, 0.5]]', list[Process]) == rows
    assert coerce([{"name": "P1", "arrival": 0, "burst": 5}, rows[1]], list[Process]) == rows
    assert coerce("P3:7", list[Process]) == [Process("P3", 7, Fraction(1))]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("P1:0:5:9", "name:arrival:burst"),
        ("P1:x", "整数"),
        ("P1:-1", "不小于 0"),
        ("P1", "arrival"),
        ("P" * 11 + ":0", "10"),
    ],
)
def test_a_bad_row_is_named(text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        coerce(text, list[Process])


def test_bounds_hold_for_numbers_lengths_and_every_item() -> None:
    for value, hint, param, expected in [
        (5, int, Param("页框", max=4), "不大于 4"),
        ("3,9", list[int], Param("页框", max=4), "不大于 4"),
        ("-1", Fraction, Param("率", min=0), "不小于 0"),
        ("1,2,3", list[int], Param("串", max_len=2), "0 到 2 项"),
        ("", list[int], Param("串", min_len=1), "1 到 1000 项"),
        ("ab", str, Param("串", min_len=3), "至少 3"),
        ("abcd", str, Param("串", max_len=3), "至多 3"),
        ("abc", str, Param("串", pattern="[01]+"), r"\[01\]\+"),
        ("01,2", list[str], Param("串", pattern="[01]+"), r"\[01\]\+"),
        ("x", Literal["LRU"], Param("算法"), "LRU"),
        ("maybe", bool, Param("抢占"), "是或否"),
        ([1] * 1001, list[int], Param("串"), "1000 项"),
        ("x" * 20_001, str, Param("串"), "20000"),
        (7, list[int], Param("串"), "一列值"),
    ]:
        with pytest.raises(InputError, match=expected) as caught:
            coerce(value, hint, param)
        assert str(caught.value).startswith(param.label)


def test_choices_and_truth_values_forgive_case() -> None:
    assert coerce(" lru ", Literal["FIFO", "LRU"]) == "LRU"
    assert coerce("2", Literal[1, 2]) == 2
    assert coerce("是", bool) is True and coerce("No", bool) is False and coerce(False, bool) is False


def test_an_optional_value_may_be_left_blank() -> None:
    assert coerce("  ", int | None) is None
    assert coerce(None, int | None) is None
    assert coerce("3", int | None) == 3


def test_an_unsupported_type_is_a_bug_and_not_the_users_fault() -> None:
    with pytest.raises(TypeError, match="unsupported"):
        coerce("1", dict)


def _solve(
    refs: Annotated[list[int], Param("访问序列", min=0, min_len=1, max_len=3)],
    frames: Annotated[int, Param("页框数", help="个", min=1)] = 3,
    policy: Annotated[Literal["LRU", "FIFO"], Param("算法")] = "LRU",
    rate: Annotated[Fraction | None, Param("命中率")] = None,
    rows: Annotated[list[Process] | None, Param("进程")] = None,
) -> None: ...


def test_bind_names_what_is_unknown_or_missing() -> None:
    assert bind(_solve, {"refs": "7 0", "policy": "fifo", "frames": None}) == {"refs": [7, 0], "policy": "FIFO"}
    with pytest.raises(InputError, match=r"'page'.*refs"):
        bind(_solve, {"refs": "1", "page": 3})
    with pytest.raises(InputError, match="缺少参数 'refs'（访问序列）"):
        bind(_solve, {"frames": 3})
    with pytest.raises(InputError, match="缺少参数 'refs'"):
        bind(_solve, {"refs": None})


def test_the_schema_says_what_coercion_accepts() -> None:
    schema = schema_of(_solve)
    Draft202012Validator.check_schema(schema)
    accepts = Draft202012Validator(schema).is_valid
    good = {"refs": [1, 2], "frames": 2, "policy": "FIFO", "rate": 0.5, "rows": [{"name": "P1", "arrival": 0}]}
    assert accepts(good)
    bind(_solve, good)
    for change in (
        {"refs": []},
        {"refs": [1, 2, 3, 4]},
        {"refs": [-1]},
        {"frames": 0},
        {"policy": "CLOCK"},
        {"rows": [{"name": "P1"}]},
        {"rows": [{"name": "P1", "arrival": -1}]},
        {"other": 1},
    ):
        assert not accepts(good | change), change
        with pytest.raises(InputError):
            bind(_solve, good | change)
    assert schema["properties"]["frames"]["default"] == 3 and schema["required"] == ["refs"]


def test_fields_come_in_order_with_their_defaults() -> None:
    fields = fields_of(_solve)
    assert [f.name for f in fields] == ["refs", "frames", "policy", "rate", "rows"]
    assert fields[0].required and fields[0].default is inspect.Parameter.empty
    assert not fields[1].required and fields[1].param.help == "个"


def test_a_long_value_is_shown_shortened() -> None:
    with pytest.raises(InputError) as caught:
        coerce("x" * 5000, int)
    assert re.search(r"x{70,80}\.\.\. 不合要求", str(caught.value))
