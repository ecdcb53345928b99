"""Health for probes: is the database there, the broker, a worker? Says the truth and nothing secret."""

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError

from workplan.jobs import WORKER
from workplan.models import Heartbeat

from .celery import app

OK, DOWN, UNKNOWN = "ok", "down", "unknown"
# Beat sends every 15 s: three missed in a row are no accident.
WORKER_SILENCE = 60  # seconds


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while pages can be served, that is while the database answers; 503 otherwise."""
    state = states()
    return JsonResponse(state, status=503 if state["database"] == DOWN else 200)


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 only when every part is up."""
    state = states()
    return JsonResponse(state, status=200 if state["status"] == OK else 503)


def states() -> dict[str, str | int | None]:
    """Return the state of each part and of the whole."""
    found = {"database": _database(), "broker": _broker()}
    seen = _seconds_since_heartbeat() if found["database"] == OK else None
    found["worker"] = UNKNOWN if seen is None else OK if seen < WORKER_SILENCE else DOWN
    whole = OK if set(found.values()) == {OK} else "degraded"
    return {"status": whole, **found, "worker_seen_seconds_ago": seen}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return DOWN
    return OK


def _broker() -> str:
    if not settings.REDIS_URL:
        return OK if settings.BROKER_DIR.is_dir() else DOWN
    try:
        with app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OSError, KombuError):
        return DOWN
    return OK


def _seconds_since_heartbeat() -> int | None:
    try:
        heartbeat = Heartbeat.objects.filter(name=WORKER).first()
    except Error:  # the tables are not there yet
        return None
    return int((timezone.now() - heartbeat.at).total_seconds()) if heartbeat else None
