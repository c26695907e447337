"""The work in progress, and the health of the installation."""

from dataclasses import asdict
from typing import Any

from ninja import Router

from api.auth import ApiRequest, allowed
from api.schemas.base import answers
from api.schemas.system import Health, Jobs
from mirage.web.languages import in_language
from operations.health import conditions
from photos.pipeline import progress

router = Router(tags=["Installation"])


@router.get("/jobs", response=answers(Jobs), auth=allowed("read"), summary="Work in progress")
def jobs(request: ApiRequest) -> dict[str, Any]:
    """The work on your photos, by stage."""
    stages = [
        {"name": row.stage.name, "label": str(row.stage.label), "per_minute": row.per_minute}
        | {name: getattr(row, name) for name in ("waiting", "running", "done", "failed")}
        for row in progress.stages(request.user)
    ]
    force = progress.workforce()
    return {"stages": stages, "workers": force.workers, "busy": force.busy}


@router.get("/health", response=answers(Health), auth=allowed("admin"), summary="Health")
def health(request: ApiRequest) -> dict[str, Any]:
    """For administrators. Monitoring uses /healthz and /readyz."""
    found = conditions()
    told = [asdict(condition) | {"text": in_language(condition.text)} for condition in found]
    return {"sound": all(one.sound for one in found if one.needed), "conditions": told}
