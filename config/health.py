"""Health for probes: is the database there, the broker, a worker? Says the truth and nothing secret."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
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
WORKER_SILENCE = timedelta(seconds=60)


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


def states() -> dict[str, str]:
    """Return the state of each part and of the whole."""
    found = {"database": _database(), "broker": _broker()}
    found["worker"] = _worker() if found["database"] == OK else UNKNOWN
    return {"status": OK if set(found.values()) == {OK} else "degraded", **found}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
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


def _worker() -> str:
    heartbeat = Heartbeat.objects.filter(name=WORKER).first()
    if heartbeat is None:
        return UNKNOWN
    return OK if timezone.now() - heartbeat.at < WORKER_SILENCE else DOWN
