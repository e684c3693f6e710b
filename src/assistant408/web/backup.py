"""Backup and restore over HTTP."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from assistant408.web.services import Services

router = APIRouter()


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


@router.get("/backup", response_class=FileResponse)
def backup(request: Request) -> FileResponse:
    """All of the user's data as one zip file."""
    folder = Path(tempfile.mkdtemp(prefix="a408-backup-"))
    clean = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    try:
        _services(request).backup(folder / "backup.zip")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    name = f"a408-{datetime.now():%Y%m%d-%H%M}.zip"
    return FileResponse(folder / "backup.zip", media_type="application/zip", filename=name, background=clean)


@router.post("/restore")
def restore(request: Request, file: UploadFile) -> dict[str, Any]:
    """Replaces the user's data by that of a backup; what was there is kept in the folder `replaced`."""
    with tempfile.TemporaryDirectory(prefix="a408-restore-") as folder:
        packed = Path(folder) / "backup.zip"
        with packed.open("wb") as out:
            shutil.copyfileobj(file.file, out)
        done = _services(request).restore(packed)
    return {"created_at": done["manifest"]["created_at"], "rows": done["rows"], "replaced": done["replaced"]}
