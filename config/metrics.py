"""Metrics for monitoring, in the Prometheus text format: queue, failed jobs, slow pages, refused requests. No personal data.

Counted by each process in a file of its own under var/, and added up when they are read.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from workplan.enums import JobState
from workplan.jobs import WORKER
from workplan.models import Heartbeat, Job

SLOW = (0.1, 0.3, 1, 3, 10)  # seconds
REFUSALS = {400, 401, 403, 404, 405, 409, 422, 429}
PAGES = Histogram("workplan_page_seconds", "How long pages take, by view.", ["view"], buckets=SLOW)
REFUSED = Counter("workplan_requests_refused", "Requests that were refused, by status.", ["status"])
FAILED = Counter("workplan_requests_failed", "Requests that ended in an error of the portal.")


class MetricsMiddleware:
    """Counts every request: how long its view took, and whether it was refused or failed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begin = time.perf_counter()
        response = self.get_response(request)
        match = getattr(request, "resolver_match", None)
        PAGES.labels(match.view_name if match else "none").observe(time.perf_counter() - begin)
        if response.status_code in REFUSALS:
            REFUSED.labels(response.status_code).inc()
        elif response.status_code >= 500:
            FAILED.inc()
        return response


class Queue:
    """What the job table says at the moment of reading."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = timezone.now()
        due = Q(state=JobState.WAITING, due_at__lte=now)
        rows = Job.objects.order_by()
        states = dict(rows.values_list("state").annotate(many=Count("pk")))
        jobs = GaugeMetricFamily("workplan_jobs", "Background jobs, by state.", labels=["state"])
        for state in JobState.values:
            jobs.add_metric([state], states.get(state, 0))
        yield jobs
        oldest = rows.aggregate(since=Min("due_at", filter=due))["since"]
        yield GaugeMetricFamily(
            "workplan_queue_age_seconds", "How long the oldest due job has waited.", _age(oldest, now)
        )
        beat = Heartbeat.objects.filter(name=WORKER).values_list("at", flat=True).first()
        yield GaugeMetricFamily(
            "workplan_worker_silence_seconds", "Since the worker's last sign of life.", _age(beat, now)
        )


def _age(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since else 0.0


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer all metrics to who brings the token; to everybody else there is no such page."""
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        raise Http404("没有这个页面。")
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(Queue())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
