"""``python -m assistant408.web.schema``: the OpenAPI description of ``/api``, from which the pages' types are made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assistant408.core.paths import content_dir
from assistant408.core.settings import Settings
from assistant408.web.app import create_app
from assistant408.web.services import Services

__all__ = ["schema"]


def schema() -> dict[str, Any]:
    """The description; nobody's home is looked at."""
    return create_app(Services(Path("nobody"), content_dir(), Settings()), prime=False).openapi()


if __name__ == "__main__":
    print(json.dumps(schema(), ensure_ascii=False, indent=1))
