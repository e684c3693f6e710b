"""TOML on every supported Python: ``tomllib``, or ``tomli`` on 3.10."""

from __future__ import annotations

import sys
from typing import Any

if sys.version_info >= (3, 11):
    from tomllib import TOMLDecodeError, loads
else:
    from tomli import TOMLDecodeError, loads

__all__ = ["TOMLDecodeError", "parse"]


def parse(text: str) -> dict[str, Any]:
    r"""Parses TOML.

    Raises:
        TOMLDecodeError: with line and column.

    Examples:
        >>> parse('id = "ds"\nweight = 3')
        {'id': 'ds', 'weight': 3}
    """
    try:
        data: dict[str, Any] = loads(text)
    except TOMLDecodeError:
        raise
    except (ValueError, RecursionError) as e:  # a number of thousands of digits, brackets thousands deep
        raise TOMLDecodeError(str(e)) from None
    return data
