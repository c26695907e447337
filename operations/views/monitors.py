"""The pages for monitoring: is it alive, is it ready, and the metrics."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import choose_encoder

from mirage.web.htmx import HtmxHttpRequest
from operations import health, metrics
from operations.access import may_measure


@login_not_required
@never_cache
@require_safe
def healthz(request: HtmxHttpRequest) -> HttpResponse:
    """Show that the process answers. Nothing else is checked, so that a slow database does not get it killed."""
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HtmxHttpRequest) -> HttpResponse:
    """503 while pages cannot be served. Only programs that may read the metrics get the reasons."""
    conditions = health.conditions()
    ready = all(condition.sound for condition in conditions if condition.needed)
    with_text = may_measure(request)
    states = {
        condition.name: {"sound": condition.sound, **({"text": condition.text} if with_text else {})}
        for condition in conditions
    }
    return JsonResponse({"ready": ready, "conditions": states}, status=200 if ready else 503)


@login_not_required
@never_cache
@require_safe
def metrics_page(request: HtmxHttpRequest) -> HttpResponse:
    """All metrics, in the requested format, Prometheus or OpenMetrics."""
    if not may_measure(request):
        return HttpResponseForbidden("Send the token of MIRAGE_METRICS_TOKEN, or connect from this machine.\n")
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(metrics.registry()), headers={"Content-Type": content_type})
