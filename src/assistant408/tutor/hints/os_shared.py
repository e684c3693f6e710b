"""What the wordings of operating systems share."""

from __future__ import annotations

N = r"(\d+|[一二两三四五六七八九十]+)"
