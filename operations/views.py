"""What monitors ask: is it alive, is it ready, how is it doing."""

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
    """The process answers. Nothing else is asked, so that a slow database gets nobody killed."""
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HtmxHttpRequest) -> HttpResponse:
    """503 while pages cannot be served. What is wrong is told in words to those who may read the metrics."""
    conditions = health.conditions()
    ready = all(condition.sound for condition in conditions if condition.needed)
    in_words = may_measure(request)
    told = {
        condition.name: {"sound": condition.sound, **({"text": condition.text} if in_words else {})}
        for condition in conditions
    }
    return JsonResponse({"ready": ready, "conditions": told}, status=200 if ready else 503)


@login_not_required
@never_cache
@require_safe
def metrics_page(request: HtmxHttpRequest) -> HttpResponse:
    """Everything that is measured, as Prometheus or OpenMetrics, whichever is asked for."""
    if not may_measure(request):
        return HttpResponseForbidden("Send the token of MIRAGE_METRICS_TOKEN, or ask from this machine.\n")
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(metrics.registry()), headers={"Content-Type": content_type})
