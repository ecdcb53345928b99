"""The Celery application. Jobs live in each app's `jobs.py`."""

import os

from celery import Celery
from celery.signals import worker_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("workplan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")


@worker_init.connect
def refuse_unsafe_start(**kwargs) -> None:
    """End the worker where production would be unsafe or keys do not fit the data, however it was started."""
    from . import guard

    guard.refuse_unsafe_start()


@worker_ready.connect
def show_life(**kwargs) -> None:
    """Send the first heartbeat at once: beat's own comes only after its first interval."""
    app.send_task("workplan.jobs.beat", expires=15)
