"""The Activity page: the pipeline's stages, imports, uploads and workers."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from mirage.web.htmx import HtmxHttpRequest, render_page
from photos.pipeline import progress

UPLOADS_SHOWN = 20
WORKING_SECONDS, IDLE_SECONDS = 2, 10


@require_safe
def activity(request: HtmxHttpRequest) -> HttpResponse:
    """The page, and the fragment that it polls: more often while there is work."""
    everybody = request.user.is_superuser and request.GET.get("whose") != "mine"
    owner = None if everybody else request.user
    stages = progress.stages(owner)
    uploads = list(progress.uploads(owner)[: UPLOADS_SHOWN + 1])
    added = progress.recently_added(owner)
    busy = any(stage.left and not stage.blocked and not stage.paused for stage in stages)
    working = busy or bool(uploads) or bool(added)
    context = {
        "stages": stages,
        "working": busy,
        "uploads": uploads[:UPLOADS_SHOWN],
        "more_uploads": len(uploads) > UPLOADS_SHOWN,
        "added": added,
        "workforce": progress.workforce(),
        "everybody": everybody,
        "seconds": WORKING_SECONDS if working else IDLE_SECONDS,
    }
    return render_page(request, "photos/work/activity.html", "photos/work/_activity.html", context)
