"""Typed inputs of solvers: one declaration gives coercion, a JSON schema and a form.

The supported types are ``int``, ``bool``, ``str``, ``Fraction``, ``Literal[...]``, ``list[T]``, ``T | None``
and *rows*, frozen dataclasses of the simple types (a process, an edge). Text is accepted everywhere:

========================  =============================================================
type                      text on the command line
========================  =============================================================
``list[int]``             ``7,0,1,2``  (also spaces, ``，`` and ``、``)
``list[list[int]]``       ``0 1 0; 7 5 3``  (rows by ``;`` or new lines)
``list[Row]``             ``P1:0:5, P2:1:3``  (fields by ``:``)
``Fraction``              ``0.1``, ``3/4``, ``95%``
========================  =============================================================

JSON is accepted too, and always for the types that the table leaves out.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from assistant408.core.errors import InputError

__all__ = ["Field", "Param", "bind", "coerce", "fields_of", "schema_of"]

MAX_DEPTH = 50  # of brackets in JSON text


@dataclass(frozen=True)
class Param:
    """What a form shows and what a value must satisfy.

    Args:
        label: the Chinese name.
        help: one line more: unit, index base, meaning.
        min, max: bounds of a number, or of every number in a list.
        min_len, max_len: bounds of a list's or a string's length.
        pattern: a regular expression that a string (or every string in a list) matches as a whole.
    """

    label: str
    help: str = ""
    min: int | None = None
    max: int | None = None
    min_len: int | None = None
    max_len: int | None = None
    pattern: str = ""


@dataclass(frozen=True)
class Field:
    """One parameter of a solver: name, type, `Param`, default (`inspect.Parameter.empty` if required)."""

    name: str
    type: Any
    param: Param
    default: Any

    @property
    def required(self) -> bool:
        """Whether a value has to be given."""
        return self.default is inspect.Parameter.empty


def fields_of(target: Callable[..., object]) -> list[Field]:
    """The fields of a solver function or of a row dataclass, in order."""
    hints = get_type_hints(target, include_extras=True)
    out = []
    for name, p in inspect.signature(target).parameters.items():
        hint = hints[name]
        param = Param(name)
        if get_origin(hint) is Annotated:
            hint, *extra = get_args(hint)
            param = next((e for e in extra if isinstance(e, Param)), param)
        out.append(Field(name, hint, param, p.default))
    return out


def bind(target: Callable[..., object], values: Mapping[str, object]) -> dict[str, Any]:
    """Coerces `values` (text or JSON) to the keyword arguments of `target`.

    Raises:
        InputError: an unknown or missing name, or a value outside its domain.
    """
    known = fields_of(target)
    names = {f.name for f in known}
    for name in values:
        if name not in names:
            raise InputError(f"没有参数 {name!r}，可用的参数是：{'、'.join(sorted(names))}。")
    out: dict[str, Any] = {}
    for f in known:
        if f.name in values and values[f.name] is not None:
            out[f.name] = coerce(values[f.name], f.type, f.param)
        elif f.required:
            raise InputError(f"缺少参数 {f.name!r}（{f.param.label}），请补上。")
    return out


def coerce(value: object, hint: Any, param: Param | None = None) -> Any:
    """Turns text or JSON into a value of type `hint`, checked against `param`.

    Examples:
        >>> coerce("7, 0，1 2", list[int])
        [7, 0, 1, 2]
        >>> coerce("95%", Fraction)
        Fraction(19, 20)
        >>> coerce("0 1; 1 0", list[list[int]])
        [[0, 1], [1, 0]]
    """
    param = param or Param("值")
    origin = get_origin(hint)
    if origin is Annotated:
        inner, *extra = get_args(hint)
        return coerce(value, inner, next((e for e in extra if isinstance(e, Param)), param))
    if origin in (Union, types.UnionType):
        options = [a for a in get_args(hint) if a is not type(None)]
        if value is None or (isinstance(value, str) and value.strip() == ""):
            return None
        return coerce(value, options[0], param)
    if origin is Literal:
        return _choice(value, get_args(hint), param)
    if origin is list:
        return _list(value, get_args(hint)[0], param)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _row(value, hint, param)
    if hint is bool:
        return _bool(value, param)
    if hint is int:
        return _bounded(_int(value, param), param)
    if hint is Fraction:
        return _bounded(_fraction(value, param), param)
    if hint is str:
        return _text(value, param)
    raise TypeError(f"unsupported parameter type {hint!r}")


def _complain(value: object, param: Param, expected: str) -> InputError:
    return InputError(f"{param.label}的值 {_brief(value)} 不合要求：应为{expected}。")


def _brief(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."


def _choice(value: object, options: tuple[object, ...], param: Param) -> object:
    text = str(value).strip()
    for option in options:
        if text == str(option) or text.casefold() == str(option).casefold():
            return option
    raise _complain(value, param, "下列之一：" + "、".join(str(o) for o in options))


def _bool(value: object, param: Param) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word in {"1", "true", "yes", "y", "是", "真"}:
        return True
    if word in {"0", "false", "no", "n", "否", "假"}:
        return False
    raise _complain(value, param, "是或否（true/false）")


def _int(value: object, param: Param) -> int:
    if isinstance(value, bool):
        raise _complain(value, param, "整数")
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    text = str(value).strip().replace("_", "")
    if len(text) > 400:
        raise _complain(value, param, "整数（不超过 400 位）")
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text)
    if re.fullmatch(r"[+-]?0[xX][0-9a-fA-F]+|[0-9a-fA-F]+[hH]", text) and text[0] in "+-0123456789":
        return int(text.rstrip("hH"), 16)
    if re.fullmatch(r"[+-]?0[bB][01]+", text):
        return int(text, 2)
    raise _complain(value, param, "整数")


def _fraction(value: object, param: Param) -> Fraction:
    if isinstance(value, Fraction):
        return value
    text = str(value).strip().replace("％", "%").replace("_", "")
    percent = text.endswith("%")
    text = text.rstrip("%").strip()
    exponent = re.search(r"[eE]([+-]?\d+)$", text)
    if len(text) > 400 or (exponent and abs(int(exponent[1])) > 300):
        raise _complain(value, param, "不太长的数")
    try:
        number = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise _complain(value, param, "数（如 0.5、3/4、95%）") from None
    return number / 100 if percent else number


def _bounded(number: Any, param: Param) -> Any:
    if param.min is not None and number < param.min:
        raise _complain(str(number), param, f"不小于 {param.min} 的数")
    if param.max is not None and number > param.max:
        raise _complain(str(number), param, f"不大于 {param.max} 的数")
    return number


def _text(value: object, param: Param) -> str:
    if not isinstance(value, str):
        value = str(value)
    if param.min_len is not None and len(value) < param.min_len:
        raise _complain(value, param, f"至少 {param.min_len} 个字符")
    if len(value) > (param.max_len if param.max_len is not None else 20_000):
        raise _complain(value, param, f"至多 {param.max_len or 20_000} 个字符")
    if param.pattern and not re.fullmatch(param.pattern, value):
        raise _complain(value, param, param.help or f"形如 {param.pattern} 的文本")
    return value


def _list(value: object, item: Any, param: Param) -> list[Any]:
    inner = dataclasses.replace(param, min_len=None, max_len=None)
    if isinstance(value, str):
        value = _split(value, item)
    if not isinstance(value, Sequence):
        raise _complain(value, param, "一列值")
    low, high = param.min_len or 0, param.max_len if param.max_len is not None else 1000
    if not low <= len(value) <= high:
        raise _complain(f"{len(value)} 项", param, f"{low} 到 {high} 项")
    return [coerce(v, item, inner) for v in value]


def _split(text: str, item: Any) -> list[Any]:
    text = text.strip()
    if text.startswith(("[", "{")):
        try:
            loaded = json.loads(text) if _depth(text) <= MAX_DEPTH else None
        except ValueError:  # also a number of thousands of digits
            loaded = None
        if loaded is None:
            raise InputError(f"{text[:60]!r} 不是合法的 JSON，请检查括号和引号。")
        return loaded if isinstance(loaded, list) else [loaded]
    if get_origin(item) is list:
        return [row for row in re.split(r"[;；\n]+", text) if row.strip()]
    if dataclasses.is_dataclass(item):
        return [row for row in re.split(r"[,，;；、\s]+", text) if row]
    return [cell for cell in re.split(r"[,，、;；\s]+", text) if cell]


def _depth(text: str) -> int:
    """How deep brackets nest."""
    deepest = depth = 0
    for c in text:
        depth += (c in "[{") - (c in "]}")
        deepest = max(deepest, depth)
    return deepest


def _row(value: object, hint: type, param: Param) -> Any:
    if isinstance(value, hint):
        return value
    fields = fields_of(hint)
    shape = ":".join(f.name for f in fields)
    if isinstance(value, str):
        value = re.split(r"[:：]", value.strip())
    if isinstance(value, Mapping):
        return hint(**bind(hint, value))
    if not isinstance(value, Sequence) or len(value) > len(fields):
        raise _complain(value, param, f"{shape} 的形式")
    try:
        return hint(**bind(hint, dict(zip([f.name for f in fields], value, strict=False))))
    except InputError as e:
        raise InputError(f"{param.label}中的 {_brief(':'.join(map(str, value)))}（应为 {shape}）：{e}") from None


def schema_of(target: Callable[..., object]) -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of a solver's or a row's fields."""
    fields = fields_of(target)
    return {
        "type": "object",
        "properties": {f.name: _schema(f.type, f.param, f.default) for f in fields},
        "required": [f.name for f in fields if f.required],
        "additionalProperties": False,
    }


def _schema(hint: Any, param: Param, default: Any = inspect.Parameter.empty) -> dict[str, Any]:
    out: dict[str, Any] = {"title": param.label}
    if param.help:
        out["description"] = param.help
    if default is not inspect.Parameter.empty and default is not None:
        out["default"] = _plain_default(default)
    origin = get_origin(hint)
    if origin is Annotated:
        hint, *extra = get_args(hint)
        return _schema(hint, next((e for e in extra if isinstance(e, Param)), param), default)
    if origin in (Union, types.UnionType):
        hint = next(a for a in get_args(hint) if a is not type(None))
        return {**_schema(hint, param), **out}
    if origin is Literal:
        out["enum"] = list(get_args(hint))
    elif origin is list:
        item = get_args(hint)[0]
        inner = dataclasses.replace(param, min_len=None, max_len=None, label="", help="")
        out |= {"type": "array", "items": {k: v for k, v in _schema(item, inner).items() if v != ""}}
        if param.min_len is not None:
            out["minItems"] = param.min_len
        if param.max_len is not None:
            out["maxItems"] = param.max_len
    elif dataclasses.is_dataclass(hint) and isinstance(hint, type):
        out |= schema_of(hint)
    elif hint in (int, Fraction):
        out["type"] = "integer" if hint is int else "number"
        if param.min is not None:
            out["minimum"] = param.min
        if param.max is not None:
            out["maximum"] = param.max
    else:
        out["type"] = "boolean" if hint is bool else "string"
        if param.pattern:
            out["pattern"] = f"^(?:{param.pattern})$"
    return out


def _plain_default(value: Any) -> Any:
    if isinstance(value, Fraction):
        return float(value) if value.denominator != 1 else value.numerator
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain_default(v) for v in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return value
